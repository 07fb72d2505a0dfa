package intents_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/intents"
)

func parse(t testing.TB, c *intents.Classifier, in string) (rows []map[string]any, bad int) {
	t.Helper()
	var out bytes.Buffer
	bad, err := intents.ParseLines(t.Context(), strings.NewReader(in), &out, c, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		rows = append(rows, m)
	}
	return rows, bad
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	in := `{"id":"a","text":"天猫 2024112233445566778 下协同工单了，明早十点前要回","now":"2026-11-18T10:30:00+08:00"}
{"id":7,"text":"中午吃什么"}

{"id":"b"}
not json
{"id":"c","text":"x","tz":"Mars/Olympus"}
{"id":"d","text":"x","now":"yesterday"}
{"id":"e","text":5}
{"id":"f","text":"by 5pm","now":"2026-11-18T10:30:00Z","tz":"America/New_York"}`
	rows, bad := parse(t, classifier(t, nil), in)
	if bad != 5 || len(rows) != 8 {
		t.Fatalf("bad = %d, rows = %d, want 5 and 8", bad, len(rows))
	}
	due := rows[0]["fields"].(map[string]any)["due"]
	if rows[0]["id"] != "a" || rows[0]["intent"] != "new_ticket" || due != "2026-11-19T10:00:00+08:00" {
		t.Errorf("first row = %v", rows[0])
	}
	if diff := cmp.Diff(map[string]any{"id": 7.0, "intent": "none", "confidence": 0.99, "by": "rules", "action": "ignore", "reason": "rule:meal", "fields": map[string]any{}, "entities": rows[1]["entities"], "redacted": "中午吃什么"}, rows[1]); diff != "" {
		t.Errorf("second row (-want +got):\n%s", diff)
	}
	for i, id := range map[int]any{2: "b", 3: nil, 4: "c", 5: "d", 6: "e"} {
		line := fmt.Sprintf("line %d: ", i+2) // the third is empty and answered by nothing
		if why, _ := rows[i]["error"].(string); rows[i]["id"] != id || !strings.HasPrefix(why, line) || why == line {
			t.Errorf("row %d = %v, want an error for %v that begins with %q and says why", i, rows[i], id, line)
		}
	}
	e := rows[7]["entities"].([]any)[0].(map[string]any)
	if e["value"] != "2026-11-18T17:00:00-05:00" || e["sense"] != "deadline" {
		t.Errorf("zone: %v", e)
	}
}

func TestParseLongLine(t *testing.T) {
	t.Parallel()
	in := `{"id":"a","text":"` + strings.Repeat("x", 2<<20) + "\"}\n" + `{"id":"b","text":"谢谢"}`
	rows, bad := parse(t, classifier(t, nil), in)
	if bad != 1 || len(rows) != 2 || rows[1]["id"] != "b" {
		t.Errorf("bad = %d, rows = %d", bad, len(rows))
	}
}

func TestLocalIsDeterministic(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, text := range []string{"订单123456789012、987654321098都没收到", "买家投诉说破了，要换货也要补偿，明天中午前", "customer unhappy, refund order 104233 by friday"} {
		want := c.Local(message(text))
		for range 20 {
			if diff := cmp.Diff(want, c.Local(message(text))); diff != "" {
				t.Fatalf("Local(%q) differs (-first +later):\n%s", text, diff)
			}
		}
	}
}

func FuzzParseLines(f *testing.F) {
	for _, s := range []string{`{"id":"a","text":"订单 2024112233445566778 碎了"}`, `{"text":null}`, "{}\n{", `{"id":[1],"text":"\u0000明早十点前"}`, "\xff"} {
		f.Add(s)
	}
	c := intents.New(intents.Options{Shops: shops})
	f.Fuzz(func(t *testing.T, in string) {
		want := 0
		for line := range strings.Lines(in) {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		if strings.ContainsAny(in, "\u0085\u00a0\u2000\u2028\u2029\u3000\u1680\u202f\u205f\v\f\r") {
			return // what counts as an empty line is another question
		}
		if rows, _ := parse(t, c, in); len(rows) != want {
			t.Errorf("%d rows for %d lines of %q", len(rows), want, in)
		}
	})
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// labelledTexts are the texts of the labelled messages and the marketplaces' notices.
func labelledTexts(b *testing.B) []string {
	files, err := filepath.Glob("evals/testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		b.Fatal("no labelled messages", err)
	}
	var texts []string
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(raw) {
			var row struct{ Text string }
			if err := json.Unmarshal(line, &row); err != nil {
				b.Fatal(name, err)
			}
			texts = append(texts, row.Text)
		}
	}
	for _, c := range readCards(b) {
		texts = append(texts, c.text)
	}
	return texts
}

// manyLines are n lines of the parse format: the labelled messages of the repository in turns, each with other numbers.
func manyLines(b *testing.B, n int) *bytes.Buffer {
	texts := labelledTexts(b)
	r := rand.New(rand.NewPCG(1, 2))
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for i := range n {
		text := strings.Map(func(c rune) rune {
			if c >= '1' && c <= '9' && r.IntN(2) == 0 {
				return rune('1' + r.IntN(9))
			}
			return c
		}, texts[r.IntN(len(texts))])
		if err := enc.Encode(map[string]any{"id": i, "text": text, "now": "2026-11-18T10:30:00+08:00"}); err != nil {
			b.Fatal(err)
		}
	}
	return &in
}

// BenchmarkParse reads 50,000 varied lines on one core without a language model: with the local model, and with rules
// alone, the difference being what the local model costs. lines/cpu-s leaves out the time in which other programs had the
// processor; rules% is the share of lines that rules decide.
func BenchmarkParse(b *testing.B) {
	const lines = 50_000
	in := manyLines(b, lines).Bytes()
	for _, bb := range []struct {
		name string
		c    *intents.Classifier
	}{{"local", classifier(b, nil)}, {"rules", intents.New(intents.Options{Shops: shops})}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			var out countingRules
			before := cpu(b)
			for b.Loop() {
				if bad, err := intents.ParseLines(b.Context(), bytes.NewReader(in), &out, bb.c, time.Now); bad > 0 || err != nil {
					b.Fatal(bad, err)
				}
			}
			b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
			b.ReportMetric(lines*float64(b.N)/(cpu(b)-before).Seconds(), "lines/cpu-s")
			b.ReportMetric(100*float64(out)/float64(lines*b.N), "rules%")
		})
	}
}

// countingRules counts the lines written to it that rules decided.
type countingRules int

func (n *countingRules) Write(p []byte) (int, error) {
	*n += countingRules(bytes.Count(p, []byte(`"by":"rules"`)))
	return len(p), nil
}

// A letter or two, or a bare count, is nothing that anybody need be asked about.
func TestLettersAloneAreNoTicket(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, text := range []string{"a", "A", "x", "5", "12", "gg", "a.", "<@U0LI> a"} {
		if d := c.Local(message(text)); d.Action != intents.Ignore {
			t.Errorf("%q: %s as %s, want it let pass", text, d.Action, d.Type)
		}
	}
}
