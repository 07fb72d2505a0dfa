package bot_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// FuzzViews puts one text wherever a person's text can be and makes every view of that ticket.
func FuzzViews(f *testing.F) {
	for _, s := range []string{"", "\x00", "\u202egnp.exe", "<!channel>", "{{.Ticket}}", "%s%n", strings.Repeat("长", 40000), "a\xff\xfeb", "👩\u200d🔧", "\u2067\u2068x\u2069", "|", "a\u2063b", "\x02\x03"} {
		f.Add(s)
	}
	c := catalogue(f)
	f.Fuzz(func(t *testing.T, s string) { checkHostile(t, c, s) })
}

// TestNaughtyStrings does the same with a public collection of such strings, where it is at hand.
func TestNaughtyStrings(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, s := range naughty(t) {
		checkHostile(t, c, s)
	}
}

func naughty(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("GONGDAN_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "nasty", "blns.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared/data is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no strings")
	}
	return out
}

func checkHostile(t *testing.T, c *words.Catalogue, s string) {
	t.Helper()
	tk := changed(platformTicket(), func(t *tickets.Ticket) {
		t.Type, t.Severity, t.Tags, t.Outcome, t.Decision = tickets.Type(s), tickets.Severity(s), []string{s}, s, "rules:"+s
		t.Facts = tickets.Facts{Shop: s, Platform: tickets.Platform(s), Orders: []string{s, s}, AfterSale: s, PlatformNo: s, Waybill: s}
		t.Source.Text = s
	})
	sc := scene(tk)
	sc.Name = func(tickets.UserID) string { return s }
	said := bot.Said{To: "ULI", By: "UWANG", User: "UCHEN", Clock: tickets.ClockKind(s), Due: evening.Add(time.Hour), Reason: s, Detail: s}
	views := []bot.View{
		bot.TicketCard(c, sc), bot.TicketCard(c, merchant(sc)), bot.MoreMenu(c, sc), bot.WhyView(c, sc, nil), bot.HelpView(c, sc, s),
		bot.ListView(c, sc, bot.Listing{Tickets: []tickets.Ticket{tk}}),
		bot.DetailView(c, sc, []tickets.Event{{Kind: tickets.EvNoted, At: evening, By: "ULI", To: s, Message: tickets.Message{TS: s, Text: s}}}),
	}
	for _, what := range []bot.What{bot.SayReminder, bot.SayBreach, bot.SayEscalation, bot.SayAcked, bot.SayAssigned, bot.SayUnassigned,
		bot.SayUrged, bot.SayResumed, bot.SayDuplicate, bot.SayDone, bot.SayRefused} {
		said.What = what
		views = append(views, said.View(c, sc))
	}
	for _, v := range views {
		for _, text := range texts(v) {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 600 || strings.ContainsFunc(text, hidden) {
				t.Fatalf("text %q from %.60q", text, s)
			}
		}
		if v.Summary == "" || strings.Contains(v.Summary, "⟦") {
			t.Fatalf("summary %q from %.60q", v.Summary, s)
		}
	}
}

// hidden are characters that nobody sees and that change how the others read.
func hidden(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// texts are all strings of a view that people see.
func texts(v bot.View) []string {
	out := append([]string{v.Summary, v.Header, v.Footer}, v.Tags...)
	for _, l := range v.Lines {
		out = append(out, l.Text)
	}
	for _, f := range v.Fields {
		out = append(out, f.Label, f.Value)
	}
	for _, a := range v.Actions {
		out = append(out, a.Label, a.Confirm)
		for _, o := range a.Options {
			out = append(out, o.Label)
		}
	}
	return out
}
