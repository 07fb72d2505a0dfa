package bot_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// reasonMade finds the classifier's reasons for a ticket, or for a question whether to make one, in its sources.
var reasonMade = regexp.MustCompile(`(?:NewTicket|Update|d\.Type|d\.Action)\b[^\n]*"(?:rule|local|model):(\w+)"`)

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../intents/*.go")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]bool{"platform": true, "provider": true} // by origin
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reasonMade.FindAllStringSubmatch(string(text), -1) {
			if !strings.HasSuffix(f, "_test.go") && m[1] != "thread" { // a reply makes no ticket
				reasons[m[1]] = true
			}
		}
	}
	if len(reasons) < 14 {
		t.Fatalf("only %d reasons found: the search is blind", len(reasons))
	}
	for _, lang := range words.Languages() {
		for r := range reasons {
			if !catalogue(t).In(lang).Has(words.Because, r) {
				t.Errorf("%s: reason %q has no words", lang, r)
			}
		}
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	for decision, want := range map[string]string{
		string(intents.ByLocal) + ":local:above_act": "本地模型",
		string(intents.ByRules) + ":rule:greeting":   "直接新建", // somebody made it all the same
		"":                                      "直接新建",
		"a stranger's word: number_and_problem": "直接新建",
	} {
		v := bot.WhyView(catalogue(t), bot.Scene{Lang: words.Chinese, Ticket: tickets.Ticket{Number: 7, Decision: decision}}, nil)
		if !strings.Contains(v.Summary, want) || strings.Contains(v.Summary, "_") {
			t.Errorf("WhyView of %q = %q, want %q in it", decision, v.Summary, want)
		}
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		tickets.OutcomeNotTicket:      "不是工单",
		bot.OutcomeAgreed + " 退 20 元": "与买家协商一致 · 退 20 元",
		bot.OutcomeUnreachable:        "联系不上买家",
		"已补发":                         "已补发",
	} {
		v := bot.DetailView(catalogue(t), bot.Scene{Lang: words.Chinese, Ticket: tickets.Ticket{Number: 7, Outcome: outcome}}, nil)
		if got := v.Fields[len(v.Fields)-1].Value; got != want {
			t.Errorf("outcome %q reads %q, want %q", outcome, got, want)
		}
	}
}
