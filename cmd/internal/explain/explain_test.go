package explain_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/words"
	"gongdan/cmd/internal/config/teamfile"
	"gongdan/cmd/internal/explain"
	"gongdan/tickets"
)

var update = flag.Bool("update", false, "rewrite testdata")

const file = `
calendar: desk
calendars:
  desk: {hours: {daily: 09:00-21:00}}
policies:
  - name: vip
    match: {origin: internal, tag: [VIP, 大客户]}
    clocks:
      first_response: {duration: 100s}
      next_response: {duration: 15m}
      resolution: {clock: working, duration: 2h, pause_on: [customer, courier]}
  - name: urgent
    match: {origin: platform, platform: douyin, type: [unsafe_product, high_risk]}
    counts: true
    consequence: {zh: 平台按消极处理记录。, en: The platform records passive handling.}
    clocks:
      platform:
        clock: deferred
        duration: 2h
        marks: {before: [50%, 30m], after: {every: 30m, times: 2}, escalate: [{level: 1, before: 10m}, {level: 2, after: 40m}]}
      first_response: {duration: 30m, marks: {before: [10m], escalate: [{unclaimed: 15m}]}}
shops: [{name: 星诺数码, aliases: [星诺], platform: douyin}]
people: [{id: U0WANG, names: [王主管], role: supervisor}]
levels: [{call: 王主管, wait: 20m}, {call: U0ZHAO, wait: 30m}, {call: C0LEADS}]
`

func policy(t *testing.T) tickets.Policy {
	t.Helper()
	f, err := teamfile.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return f.Policy(evening)
}

var (
	zone    = time.FixedZone("CST", 8*60*60)
	evening = time.Date(2026, 11, 23, 20, 0, 0, 0, zone)
)

// urgent is DOMAIN's own example: 20:00 by a deferred clock of two hours is due at 10:00 the next day.
var urgent = explain.Question{Origin: "platform", Platform: "douyin", Type: "unsafe_product", Severity: "urgent", Shop: "星诺数码", At: evening}

func TestAsk(t *testing.T) {
	t.Parallel()
	a, err := explain.Ask(policy(t), urgent)
	if err != nil {
		t.Fatal(err)
	}
	if a.Policy != "urgent" || !a.Counts || a.Zone != "Asia/Shanghai" {
		t.Errorf("policy %q, counts %v, zone %s", a.Policy, a.Counts, a.Zone)
	}
	want := []explain.Passed{{Policy: "vip", Field: "origin", Want: []string{"internal"}, Got: []string{"platform"}}}
	if diff := cmp.Diff(want, a.Passed); diff != "" {
		t.Errorf("passed (-want +got):\n%s", diff)
	}
	if len(a.Deadlines) != 2 {
		t.Fatalf("deadlines = %+v, want the platform's and the first response", a.Deadlines)
	}
	d := a.Deadlines[0]
	if !d.Due.Equal(time.Date(2026, 11, 24, 10, 0, 0, 0, zone)) || d.Why != explain.WhyDeferred || d.Calendar != "desk" {
		t.Errorf("due %v by %s of %q, want 10:00 deferred by desk", d.Due, d.Why, d.Calendar)
	}
	var marks []string
	for _, m := range d.Marks {
		marks = append(marks, m.At.Format("02 15:04 ")+m.Step+" "+m.Why+" "+m.To)
	}
	wantMarks := []string{"23 20:30 remind_50% before_close assignee", "24 09:30 remind_30m offset assignee", "24 09:50 escalate_1_before_10m offset U0WANG",
		"24 10:00 breach due assignee", "24 10:10 climb_2_1 unanswered U0ZHAO", "24 10:30 again_1 offset assignee",
		"24 10:40 climb_3_1 unanswered C0LEADS", "24 11:00 again_2 offset assignee"}
	if diff := cmp.Diff(wantMarks, marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
}

// TestPrint keeps the page in both languages, and the JSON form beside it.
func TestPrint(t *testing.T) {
	t.Parallel()
	catalogue, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	questions := map[string]explain.Question{
		"urgent": urgent,
		"vip":    {Origin: "internal", Type: "refund", Severity: "high", Tags: []string{"VIP"}, At: evening.Add(time.Minute)},
		"preset": {Origin: "internal", Type: "other", Severity: "normal", At: evening},
	}
	for name, q := range questions {
		a, err := explain.Ask(policy(t), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range words.Languages() {
			var b strings.Builder
			if err := explain.Print(&b, a, catalogue.In(lang)); err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+lang+".txt", b.String())
		}
		text, err := json.MarshalIndent(a, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", string(text)+"\n")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; run go test ./cmd/internal/explain -update and look at it (-want +got):\n%s", path, diff)
	}
}
