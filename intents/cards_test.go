package intents_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"gongdan/intents"
)

// card is a line of testdata/cards.txt: a notice and the fields that it must give.
type card struct {
	text string
	want map[string]string
}

func readCards(t testing.TB) []card {
	t.Helper()
	b, err := os.ReadFile("testdata/cards.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cards []card
	for line := range strings.Lines(string(b)) {
		text, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || strings.HasPrefix(line, "# ") {
			continue
		}
		c := card{strings.ReplaceAll(text, `\n`, "\n"), map[string]string{}}
		last := ""
		for f := range strings.FieldsSeq(want) {
			if k, v, ok := strings.Cut(f, "="); ok {
				c.want[k], last = v, k
			} else {
				c.want[last] += " " + f
			}
		}
		cards = append(cards, c)
	}
	return cards
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(shanghai).Format("01-02 15:04:05")
}

// A notice of a marketplace gives a ticket of its origin with its number, creation and deadline; what only looks
// like one does not.
func TestCards(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	rows, right, fields, hits := 0, 0, 0, 0
	for _, row := range readCards(t) {
		d := c.Local(message(row.text))
		f := d.Fields
		got := map[string]string{"origin": f.Origin, "platform": f.Platform, "no": f.PlatformNo, "order": f.Order, "aftersale": f.AfterSale, "created": stamp(f.PlatformCreated), "due": stamp(f.Due), "type": d.Type}
		rows++
		wrong := false
		for k, want := range row.want {
			fields++
			if got[k] == strings.Trim(want, "-") || k != "origin" && got[k] == want {
				hits++
				continue
			}
			wrong = true
			t.Logf("%q: %s = %q, want %q", row.text, k, got[k], want)
		}
		if row.want["origin"] != "-" && (d.Intent != intents.NewTicket || d.Action != intents.Act) {
			wrong = true
			t.Logf("%q: %s %s (%s), want a ticket", row.text, d.Intent, d.Action, d.Reason)
		}
		if !wrong {
			right++
		}
	}
	t.Logf("%d of %d notices without a mistake (%.1f %%), %d of %d fields (%.1f %%)", right, rows, 100*float64(right)/float64(rows), hits, fields, 100*float64(hits)/float64(fields))
	if rows < 50 || float64(right) < 0.95*float64(rows) {
		t.Errorf("%d of %d notices without a mistake, want 95 %% of at least 50", right, rows)
	}
}
