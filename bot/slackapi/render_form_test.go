package slackapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"gongdan/bot"
)

func englishForm() bot.Form {
	return bot.Form{Lang: "en", Kind: bot.FormNew, Subject: "C1", Title: "A ticket with far too long a title", Submit: "Create", Cancel: "Cancel",
		Lines: []bot.Line{{Text: "<!here> the cup is broken", Quote: true}},
		Fields: []bot.FormField{
			{ID: "what", Kind: bot.AreaField, Label: "What happened?", Hint: "As the buyer said it", Value: "line one\n<@U1> & co"},
			{ID: "order", Kind: bot.TextField, Label: "Order", Optional: true, Max: 40, Value: "two\nlines"},
			{ID: "type", Kind: bot.ChoiceField, Label: "Type", Value: "return", Options: []bot.Option{{Label: "Refund", Value: "refund"}, {Label: "Return", Value: "return"}}},
			{ID: "who", Kind: bot.PersonField, Label: "Who?", Value: "U2"},
			{ID: "answered", Kind: bot.MomentField, Label: "Answered at", Value: "2026-11-22T01:30:00Z"}}}
}

func TestFormGolden(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]bot.Form{"form.zh-CN": theForm(), "form.en": englishForm(), "loading.zh-CN": loading()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := modal("window-1", f)
			must(t, err)
			golden(t, name, m)
		})
	}
	t.Run("home.zh-CN", func(t *testing.T) {
		t.Parallel()
		golden(t, "home.zh-CN", home(theHome()))
	})
}

// hostileForm puts a string into every place of a form that shows something.
func hostileForm(s string) bot.Form {
	field := func(id string, k bot.FieldKind) bot.FormField {
		return bot.FormField{ID: id, Kind: k, Label: s, Hint: s, Value: s, Options: []bot.Option{{Label: s, Value: "x"}, {Label: s, Value: s}}, Max: len(s)}
	}
	return bot.Form{Lang: s, Kind: "k", Subject: "tk1", Title: s, Submit: s, Cancel: s, Lines: []bot.Line{{Text: s}, {Text: s, Quote: true}},
		Fields: []bot.FormField{field("a", bot.TextField), field("b", bot.AreaField), field("c", bot.ChoiceField), field("d", bot.PersonField), field("e", bot.MomentField)}}
}

// checkView fails where a view exceeds a limit or holds live text.
func checkView(t interface {
	Helper()
	Errorf(string, ...any)
}, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil || len(raw) > 250_000 {
		t.Errorf("view of %d bytes: %v", len(raw), err)
	}
	var tree map[string]any
	_ = json.Unmarshal(raw, &tree)
	if n := len(tree["blocks"].([]any)); n > 100 || n == 0 && tree["type"] == "modal" {
		t.Errorf("%d blocks", n)
	}
	if o, ok := tree["title"].(map[string]any); ok && units(o["text"].(string)) > 24 {
		t.Errorf("title %q", o["text"])
	}
	for _, fault := range viewFaults(tree, "") {
		t.Errorf("%s in %.2000s", fault, raw)
	}
}

// most are the limits of texts by the key under which they stand.
var most = map[string]int{"title": 100, "submit": 24, "close": 24, "label": 2000, "hint": 2000, "text": 3000, "elements": 3000, "fields": 2000, "placeholder": 150, "confirm": 30, "deny": 30}

func viewFaults(node any, key string) (faults []string) {
	switch n := node.(type) {
	case []any:
		for _, e := range n {
			faults = append(faults, viewFaults(e, key)...)
		}
	case map[string]any:
		switch n["type"] {
		case "plain_text":
			if s := n["text"].(string); blank(s) || units(s) > most[key] || n["emoji"] == true {
				faults = append(faults, fmt.Sprintf("%s of %d: %q", key, units(s), s))
			}
		case "mrkdwn":
			if s := n["text"].(string); strings.ContainsAny(s, "<>&@") {
				faults = append(faults, "live text "+s)
			}
		case "plain_text_input":
			value, _ := n["initial_value"].(string)
			if limit := int(n["max_length"].(float64)); limit < 1 || limit > 3000 || units(value) > limit {
				faults = append(faults, fmt.Sprintf("input of %d within %d", units(value), limit))
			}
		case "static_select":
			if list := n["options"].([]any); len(list) == 0 || len(list) > 100 {
				faults = append(faults, fmt.Sprintf("%d options", len(list)))
			}
		}
		for k, e := range n {
			faults = append(faults, viewFaults(e, k)...)
		}
	}
	return faults
}

func TestFormOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`(<!channel>|<@U1>|&|\*|_|"|\n|[一-龥]|😀){0,40}`)).Draw(t, "text")
		s = strings.Repeat(s, rapid.SampledFrom([]int{1, 10, 400}).Draw(t, "long"))
		m, err := modal("w", hostileForm(s))
		if err != nil {
			t.Fatalf("modal = %v", err)
		}
		checkView(t, m)
		h := bot.Home{}
		for range rapid.IntRange(0, 60).Draw(t, "groups") {
			h.Groups = append(h.Groups, everywhere(s))
		}
		checkView(t, home(h))
	})
}

func TestFormThatCannotComeBack(t *testing.T) {
	t.Parallel()
	text := func(id string) bot.FormField { return bot.FormField{ID: id, Kind: bot.TextField, Label: "x"} }
	for name, change := range map[string]func(*bot.Form){
		"no kind":         func(f *bot.Form) { f.Kind = "" },
		"long subject":    func(f *bot.Form) { f.Subject = strings.Repeat("x", 3000) },
		"field twice":     func(f *bot.Form) { f.Fields = []bot.FormField{text("a"), text("a")} },
		"field unnamed":   func(f *bot.Form) { f.Fields = []bot.FormField{text("")} },
		"long name":       func(f *bot.Form) { f.Fields = []bot.FormField{text(strings.Repeat("a", 256))} },
		"unknown kind":    func(f *bot.Form) { f.Fields = []bot.FormField{{ID: "a", Kind: "new"}} },
		"choice of none":  func(f *bot.Form) { f.Fields = []bot.FormField{{ID: "a", Kind: bot.ChoiceField}} },
		"too many fields": func(f *bot.Form) { f.Fields = make([]bot.FormField, 100) },
	} {
		f := theForm()
		change(&f)
		if _, err := modal("w", f); !errors.Is(err, errForm) {
			t.Errorf("%s: modal = %v, want errForm", name, err)
		}
	}
	if _, err := modal("", theForm()); !errors.Is(err, errForm) {
		t.Errorf("modal without an id = %v, want errForm", err)
	}
}

func TestFormDefaults(t *testing.T) {
	t.Parallel()
	f := bot.Form{Kind: "k", Fields: []bot.FormField{{ID: "a", Kind: bot.TextField}, {ID: "b", Kind: bot.PersonField, Value: "<!channel>"}, {ID: "c", Kind: bot.MomentField, Value: "tomorrow"}}}
	m, err := modal("w", f)
	must(t, err)
	checkView(t, m)
	if m.Submit == nil || m.Close != nil || len(m.Blocks.BlockSet) != 3 {
		t.Errorf("modal = %+v, want a submit button, no close text and three fields", m)
	}
	if e := m.Blocks.BlockSet[0].(*slack.InputBlock).Element.(*slack.PlainTextInputBlockElement); e.MaxLength != defaultInput {
		t.Errorf("longest text = %d, want %d", e.MaxLength, defaultInput)
	}
	if e := m.Blocks.BlockSet[1].(*slack.InputBlock).Element.(*slack.SelectBlockElement); e.InitialUser != "" {
		t.Errorf("person = %q, want none", e.InitialUser)
	}
	empty, err := modal("w", bot.Form{Kind: "k"})
	must(t, err)
	checkView(t, empty)
	if empty.Submit != nil {
		t.Error("a form without fields can be submitted")
	}
}
