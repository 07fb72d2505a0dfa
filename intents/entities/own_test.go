package entities_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gongdan/intents/entities"
)

// marked is a line of an own set: a text and the things marked in it.
type marked struct {
	text  string
	spans []markedSpan
}

// markedSpan is a marked thing: where it stands, in code points, and its value if one is given.
type markedSpan struct {
	start, end  int
	text, value string
}

// readMarked reads testdata/name: one text a line, {{…}} or {{…=value}} around what must be found.
func readMarked(t *testing.T, name string) []marked {
	t.Helper()
	var rows []marked
	for _, line := range readLines(t, name) {
		rows = append(rows, unmark(line))
	}
	return rows
}

func readLines(t *testing.T, name string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(b)) {
		line = strings.ReplaceAll(strings.TrimSuffix(line, "\n"), `\n`, "\n")
		if line != "" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func unmark(line string) marked {
	var m marked
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "{{")
		b.WriteString(before)
		if !ok {
			m.text = b.String()
			return m
		}
		inside, after, _ := strings.Cut(rest, "}}")
		text, value := inside, ""
		if i := strings.LastIndexByte(inside, '='); i >= 0 {
			text, value = inside[:i], inside[i+1:]
		}
		start := len([]rune(b.String()))
		b.WriteString(text)
		m.spans = append(m.spans, markedSpan{start, start + len([]rune(text)), text, value})
		line = after
	}
}

// tally counts what was found of what was marked.
type tally struct{ hit, found, want int }

func (y tally) recall() float64    { return float64(y.hit) / float64(max(1, y.want)) }
func (y tally) precision() float64 { return float64(y.hit) / float64(max(1, y.found)) }

func (y tally) String() string {
	return fmt.Sprintf("recall %.1f %% (%d of %d), precision %.1f %% (%d found)", 100*y.recall(), y.hit, y.want, 100*y.precision(), y.found)
}

// alike compares a thing found with a mark: the same span, or for slack > 0 one whose ends lie so near.
func alike(e entities.Entity, s markedSpan, slack int) bool {
	near := func(a, b int) bool { return a-b <= slack && b-a <= slack }
	return near(e.Start, s.start) && near(e.End, s.end) && (s.value == "" || e.Value == s.value)
}

func scoreMarked(t *testing.T, name string, typ entities.Type, slack int) (y tally) {
	for _, row := range readMarked(t, name) {
		y.want += len(row.spans)
		left := row.spans
		var got []string
		for _, e := range entities.Find(row.text, options) {
			if e.Type != typ {
				got = append(got, fmt.Sprintf("(%s %s)", e.Type, e.Text))
				continue
			}
			y.found++
			got = append(got, e.Text+"="+e.Value)
			if len(left) > 0 {
				for i, s := range left {
					if alike(e, s, slack) {
						y.hit++
						left = append(append([]markedSpan{}, left[:i]...), left[i+1:]...)
						break
					}
				}
			}
		}
		if n := len(left); n > 0 {
			t.Logf("miss in %q: want %v, got %v", row.text, left, got)
		} else if len(row.spans) == 0 && len(got) > 0 {
			for _, g := range got {
				if !strings.HasPrefix(g, "(") {
					t.Logf("false %s in %q", g, row.text)
				}
			}
		}
	}
	return y
}

// The sets were written before the rules were tuned on them; a tenth may be wrong either way, and far less is.
func TestOwnSets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file  string
		typ   entities.Type
		slack int // code points by which the ends may differ: where an address ends is a matter of taste
	}{
		{"waybill.txt", entities.Waybill, 0},
		{"phone.txt", entities.Phone, 0},
		{"id.txt", entities.ID, 0},
		{"amount.txt", entities.Amount, 0},
		{"address.txt", entities.Address, 1},
	} {
		t.Run(string(tt.typ), func(t *testing.T) {
			t.Parallel()
			y := scoreMarked(t, tt.file, tt.typ, tt.slack)
			t.Logf("%s: %s", tt.typ, y)
			if y.want < 100 || y.recall() < 0.95 || y.precision() < 0.95 {
				t.Errorf("%s: %s, want 95 %% each of at least 100", tt.typ, y)
			}
		})
	}
}

var senses = map[string]entities.Sense{"p": entities.Point, "d": entities.Deadline, "a": entities.Past, "l": entities.Duration}

// wantTimes reads "d 11-19 15:00; p 2027-01-01 08:00" or "-".
func wantTimes(t *testing.T, s string) []string {
	t.Helper()
	var want []string
	for part := range strings.SplitSeq(s, ";") {
		f := strings.Fields(part)
		if len(f) != 3 {
			if s != "-" {
				t.Fatalf("bad expectation %q", s)
			}
			return nil
		}
		if len(f[1]) == 5 {
			f[1] = "2026-" + f[1]
		}
		want = append(want, string(senses[f[0]])+" "+f[1]+" "+f[2])
	}
	return want
}

func TestOwnTimes(t *testing.T) {
	t.Parallel()
	all, hit := 0, 0
	for _, line := range readLines(t, "times.txt") {
		text, expect, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("no expectation in %q", line)
		}
		want := wantTimes(t, expect)
		var got []string
		for _, e := range entities.Find(text, options) {
			if e.Type == entities.Time {
				at, _ := time.Parse(time.RFC3339, e.Value)
				got = append(got, string(e.Sense)+" "+at.In(shanghai).Format("2006-01-02 15:04"))
			}
		}
		all++
		if fmt.Sprint(got) == fmt.Sprint(want) {
			hit++
		} else {
			t.Logf("miss %q: got %v, want %v", text, got, want)
		}
	}
	t.Logf("%d of %d phrases (%.1f %%)", hit, all, 100*float64(hit)/float64(all))
	if all < 200 || float64(hit)/float64(all) < 0.95 {
		t.Errorf("%d of %d phrases, want 95 %% of at least 200", hit, all)
	}
}
