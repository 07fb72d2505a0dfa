package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// TestTheTradesSentences holds the sentences that colleagues know by heart.
func TestTheTradesSentences(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	all := shots()
	tomorrow := changed(platformTicket(), func(t *tickets.Ticket) { t.Deadlines[0].Due = evening.Add(14*time.Hour + 30*time.Minute) })
	three := time.Date(2026, 11, 24, 15, 20, 0, 0, shanghai)
	halfThree := clocked(internalTicket(), tickets.ClockFirstResponse, three.Add(10*time.Minute))
	all["created"] = says(tomorrow, bot.Said{What: bot.SayDone, Detail: "new"})
	all["before_team"] = at(says(halfThree, bot.Said{What: bot.SayReminder, Clock: tickets.ClockFirstResponse, Due: three.Add(10 * time.Minute)}), three)
	for name, want := range map[string]string{
		"created":                "已建工单 T-1042，处理人小李，平台截止 明天 10:00。",
		"ask":                    "这条要建工单吗？",
		"duplicate":              "这个订单已有工单 T-1042（处理中），这条已补充进去。",
		"reminder_platform":      "【平台】T-1042 还有 30 分钟超时（今天 20:00 截止）。超时未回复，平台可能视为放弃举证。",
		"before_team":            "【内部】T-1038 请在 15:30 前给出答复，还剩 10 分钟。",
		"breach_platform":        "【平台超时】T-1042 已到截止时间，未登记回复。已回复请补登记，没回复请马上处理。",
		"breach_platform_after":  "【平台超时 40 分钟】T-1042 仍未处理，已通知王主管。",
		"escalation_platform":    "请跟进 T-1042：距平台截止 30 分钟，小李 2 小时没更新（等仓库）。",
		"acked":                  "王主管已跟进。",
		"done_urge_due_merchant": "已催，小李会在 15 分钟内回复您。",
		"refused_too_soon":       "14:05 刚催过，14:20 后可再催。",
		"refused_not_saved":      "没有保存成功，请再点一次。",
		"refused_not_found":      "没有找到这张工单。",
	} {
		s := all[name]
		v := s.view(c, s.sc)
		if len(v.Lines) == 0 || v.Lines[0].Text != want || v.Summary != want {
			t.Errorf("%s = %+v, want %s", name, v, want)
		}
	}
}

// constantsOf lists the values of a string type's constants in the domain's source.
func constantsOf(t *testing.T, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob("../tickets/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if id, ok := v.Type.(*ast.Ident); ok && id.Name == typeName {
					if lit, ok := v.Values[0].(*ast.BasicLit); ok {
						s, _ := strconv.Unquote(lit.Value)
						out = append(out, s)
					}
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatalf("no constants of %s found", typeName)
	}
	return out
}

func TestEverythingHasAName(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, lang := range words.Languages() {
		v := c.In(lang)
		for typeName, kinds := range map[string][]words.Kind{
			"Status": {words.Status, words.MerchantStatus}, "Party": {words.Party, words.Waiting}, "Severity": {words.Severity},
			"Origin": {words.Origin}, "ClockKind": {words.Clock}, "Role": {words.Role},
		} {
			for _, value := range constantsOf(t, typeName) {
				for _, k := range kinds {
					if value != "" && !v.Has(k, value) {
						t.Errorf("%s: %s %q has no name as %s", lang, typeName, value, k)
					}
				}
			}
		}
		for verb := range typed.Words() {
			for _, k := range []words.Kind{words.Verb, words.What, words.Example} {
				if verb != typed.Ack && !v.Has(k, string(verb)) {
					t.Errorf("%s: %q has no %s", lang, verb, k)
				}
			}
		}
	}
}

// TestExamplesWork types every example.
func TestExamplesWork(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, lang := range words.Languages() {
		v := c.In(lang)
		for verb := range typed.Words() {
			if verb == typed.Ack {
				continue
			}
			if got, err := typed.Parse(v.Name(words.Verb, string(verb))); err != nil || got.Verb != verb {
				t.Errorf("%s: word %q is %v, %v", lang, v.Name(words.Verb, string(verb)), got.Verb, err)
			}
			text := v.NameWith(words.Example, string(verb), words.Args{"Number": "1042"})
			got, err := typed.Parse(strings.TrimPrefix(text, "/ticket"))
			if err != nil || got.Verb != verb || got.HasNumber != strings.Contains(text, " 1042") {
				t.Errorf("%s: example %q is %+v, %v", lang, text, got, err)
			}
		}
		text := v.NameWith(words.Example, "new_platform", nil)
		if got, err := typed.Parse(text); err != nil || got.Options["origin"] != "platform" {
			t.Errorf("%s: example %q is %+v, %v", lang, text, got, err)
		}
	}
}

// TestEveryReasonHasASentence finds refusals that would only say that something did not work.
func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	fallback := bot.Said{What: bot.SayRefused, Reason: "no such reason"}.View(c, scene(platformTicket())).Summary
	for _, r := range constantsOf(t, "Reason") {
		v := bot.Said{What: bot.SayRefused, Reason: r}.View(c, scene(platformTicket()))
		if v.Summary == fallback {
			t.Errorf("reason %q has no sentence of its own", r)
		}
	}
}

func TestStateEmoji(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range constantsOf(t, "Status") {
		e := bot.StateEmoji(tickets.Ticket{Status: tickets.Status(s)})
		if e == "" || strings.ContainsAny(e, ": ") {
			t.Errorf("StateEmoji(%s) = %q", s, e)
		}
		seen[e] = true
	}
	if len(seen) < 7 {
		t.Errorf("only %d emoji for all states", len(seen))
	}
}

func TestCardHash(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	sc := scene(platformTicket())
	hash := func(sc bot.Scene) string { return bot.CardHash(bot.TicketCard(c, sc)) }
	first := hash(sc)
	sc.Now = sc.Now.Add(29 * time.Minute)
	if got := hash(sc); got != first {
		t.Error("the card changes within a band")
	}
	sc.Now = sc.Now.Add(2 * time.Minute)
	if got := hash(sc); got == first {
		t.Error("the card does not show that the deadline passed")
	}
	other := scene(waiting(platformTicket(), tickets.PartyCourier))
	if hash(other) == first {
		t.Error("the card does not show the status")
	}
}

// TestCardStale walks a card through its whole life: it reads the same until it is stale, then differently.
func TestCardStale(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	tk := platformTicket()
	tk.Deadlines = []tickets.Deadline{{Kind: tickets.ClockPlatform, Start: evening, Due: evening.Add(50 * time.Hour)}}
	sc := scene(tk)
	var steps []string
	for next := bot.CardStale(c, sc); !next.IsZero(); next = bot.CardStale(c, sc) {
		before := sc
		before.Now = next.Add(-time.Millisecond)
		if bot.CardHash(bot.TicketCard(c, sc)) != bot.CardHash(bot.TicketCard(c, before)) {
			t.Errorf("the card changes before %s", next)
		}
		sc.Now = next
		if bot.CardHash(bot.TicketCard(c, sc)) == bot.CardHash(bot.TicketCard(c, before)) {
			t.Errorf("the card does not change at %s", next)
		}
		if steps = append(steps, next.In(shanghai).Format("01-02 15:04")); len(steps) > 9 {
			break
		}
	}
	want := []string{"11-25 21:30", "11-26 00:00", "11-26 20:30", "11-26 21:30"}
	if d := cmp.Diff(want, steps); d != "" {
		t.Errorf("changes of the card (-want +got):\n%s", d)
	}
}

// TestTimes says instants and spans as a colleague would.
func TestTimes(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, tt := range []struct {
		lang string
		now  time.Time
		left time.Duration
		want string
	}{
		{"zh-CN", evening, 30 * time.Minute, "还有 30 分钟超时（今天 20:00 截止）"},
		{"zh-CN", evening.Add(1500 * time.Millisecond), 30*time.Minute - 1500*time.Millisecond, "还有 30 分钟超时（今天 20:00 截止）"},
		{"zh-CN", evening, 40 * time.Second, "还有 40 秒超时（今天 19:30 截止）"},
		{"zh-CN", evening, time.Nanosecond, "还有 1 秒超时（今天 19:30 截止）"},
		{"zh-CN", evening, 14*time.Hour + 30*time.Minute, "还有 14 小时 30 分钟超时（明天 10:00 截止）"},
		{"zh-CN", evening, 4*time.Hour + 30*time.Minute, "还有 4 小时 30 分钟超时（明天 00:00 截止）"},
		{"zh-CN", evening, 72 * time.Hour, "还有 3 天超时（11月27日 19:30 截止）"},
		{"zh-CN", evening, 60 * 24 * time.Hour, "还有 60 天超时（2027年1月23日 19:30 截止）"},
		{"en", evening, time.Hour, "due in 1 h (today 20:30)"},
		{"en", evening, 24 * time.Hour, "due in 1 day (tomorrow 19:30)"},
		{"en", evening, 50 * time.Hour, "due in 2 days 2 h (Nov 26 21:30)"},
		{"en", evening, 60 * 24 * time.Hour, "due in 60 days (Jan 23, 2027 19:30)"},
	} {
		sc := scene(platformTicket())
		sc.Now, sc.Lang = tt.now, tt.lang
		v := bot.Said{What: bot.SayReminder, Clock: tickets.ClockPlatform, Due: tt.now.Add(tt.left)}.View(c, sc)
		if !strings.Contains(v.Summary, tt.want) {
			t.Errorf("%s, %s left: %q, want %q", tt.lang, tt.left, v.Summary, tt.want)
		}
	}
}

// wordless have no words of their own, or of their tickets only.
var wordless = map[bot.What]bool{bot.SayReact: true, bot.SayTaken: true, bot.SayOnIt: true, bot.SayAgain: true, bot.SayMerged: true, bot.SayAnswer: true}

// TestScenesWithNothing makes every kind of view from as little as possible.
func TestScenesWithNothing(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, what := range constantsOfBot(t) {
		for _, m := range []bool{false, true} {
			v := bot.Said{What: bot.What(what)}.View(c, bot.Scene{Merchant: m})
			if !wordless[bot.What(what)] && v.Summary == "" {
				t.Errorf("%s, merchant %v: no words", what, m)
			}
			if strings.Contains(v.Summary, "⟦") {
				t.Errorf("%s: %s", what, v.Summary)
			}
		}
	}
	for what := range wordless {
		if d := cmp.Diff(bot.View{}, bot.Said{What: what}.View(c, bot.Scene{})); d != "" {
			t.Errorf("%s has words (-want +got):\n%s", what, d)
		}
	}
}

func constantsOfBot(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "said.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if lit, ok := v.Values[0].(*ast.BasicLit); ok {
				s, _ := strconv.Unquote(lit.Value)
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// A clock that no rule asks for any more was neither met nor missed.
func TestDroppedClockIsNotCounted(t *testing.T) {
	t.Parallel()
	ended := func(dropped bool) string {
		tk := changed(internalTicket(), func(k *tickets.Ticket) {
			for i := range k.Deadlines {
				k.Deadlines[i].Stopped, k.Deadlines[i].Dropped = evening, dropped
			}
		})
		return spoken{Post: bot.Post{View: bot.TicketCard(catalogue(t), scene(tk))}}.text()
	}
	if got := ended(false); !strings.Contains(got, "已达成") {
		t.Errorf("stopped in time: %q, want 已达成", got)
	}
	if got := ended(true); strings.Contains(got, "已达成") {
		t.Errorf("dropped: %q, want nothing of it", got)
	}
}
