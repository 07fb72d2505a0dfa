package teamfile_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// TestLevels reads who is called, and what nothing would ever call.
func TestLevels(t *testing.T) {
	t.Parallel()
	f := parse(t, "levels:\n- {call: 王, wait: 10m, times: 2}\n- {call: U0B}\n- {call: C0LEADS}\npeople: [{id: U0A, names: [王]}]\n")
	r := f.Policy(time.Now()).Roster
	want := []tickets.Level{{User: "U0A", Rung: sla.Rung{Wait: 10 * time.Minute, Times: 2}}, {User: "U0B"}, {Channel: "C0LEADS"}}
	if diff := cmp.Diff(want, r.Levels); diff != "" || r.Escalation != "U0A" {
		t.Errorf("who leads %q, levels (-want +got):\n%s", r.Escalation, diff)
	}
	var got []string
	for _, w := range f.Warnings(time.Now()) {
		got = append(got, w.String())
	}
	if diff := cmp.Diff([]string{"4:3: levels[2]: C0LEADS is never called: no mark calls level 3, and level 2 does not hand on; expected wait under level 2, or a mark with level: 3"}, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	later := parse(t, "levels: [{call: U0A}, {call: U0B}]\ncalendars:\n  desk:\n    hours: {daily: 09:00-21:00}\n    overlays:\n"+
		"    - {name: x, from: 2026-11-10, to: 2026-11-11, marks: {platform: {escalate: [{level: 2}]}}}\n")
	if got := later.Warnings(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)); len(got) != 0 {
		t.Errorf("a level that an overlay to come calls: %v", got)
	}
	unclaimed := parse(t, "policies: [{name: a, preset: internal, clocks: {first_response: {marks: {escalate: [{unclaimed: 15m}]}}}}]\n")
	ladder := unclaimed.Policy(time.Now()).Rules[0].Clocks[0].Ladder
	if last := ladder[len(ladder)-1]; last != (sla.Step{Name: "escalate_1_unclaimed_15m", Kind: sla.Escalate, Level: 1, Offset: 15 * time.Minute, Unbegun: true}) {
		t.Errorf("unclaimed after a quarter of an hour is %+v", last)
	}
}

// TestTypes: built-in types can be called and weighed otherwise or hidden, own ones come after them.
func TestTypes(t *testing.T) {
	t.Parallel()
	if got := parse(t, "").Policy(time.Now()).Types; got != nil {
		t.Errorf("a file without types names %v", got)
	}
	p := parse(t, "types:\n- {name: repair, hide: true}\n- {name: exchange, zh: 换新, severity: high, words: [换新]}\n- {name: size, zh: 尺码, category: consult, words: [尺码, size]}\n").Policy(time.Now())
	want := map[tickets.Type]tickets.TypeInfo{
		"exchange": {Name: "exchange", Category: "after_sale", Severity: "high", Labels: map[string]string{"zh-CN": "换新", "en": ""}, Words: []string{"换新"}},
		"size":     {Name: "size", Category: "consult", Severity: "normal", Labels: map[string]string{"zh-CN": "尺码", "en": "尺码"}, Words: []string{"尺码", "size"}},
		"refund":   {Name: "refund", Category: "after_sale", Severity: "normal"},
	}
	got := map[tickets.Type]tickets.TypeInfo{}
	for _, k := range p.Types {
		if _, ok := want[k.Name]; ok {
			got[k.Name] = k
		}
		if k.Name == "repair" {
			t.Error("repair is offered though it is hidden")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || p.Types[len(p.Types)-1].Name != "size" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

// TestLookAt: what is right and yet should be looked at, as far as the file alone tells.
func TestLookAt(t *testing.T) {
	t.Parallel()
	f := parse(t, "shops:\n- {name: A}\ntypes: [{name: listing, hide: true}]\npolicies:\n- name: a\n  match: {origin: internal, type: [refund, listing]}\n  clocks:\n"+
		"    resolution: {duration: 2h, marks: {before: [30m, 10m, 30m], escalate: [{after: 5m}, {level: 1, after: 5m}, {unclaimed: 5m}]}}\n")
	var got []string
	for _, w := range f.Warnings(time.Now()) {
		got = append(got, w.String())
	}
	want := []string{"2:3: shops[0]: A has no channel, so that a message must name it to be about it; expected channels",
		"6:44: policies[0].match.type[1]: no new ticket has the type listing, which is hidden; expected another type, or the type not hidden",
		"8:59: policies[0].clocks.resolution.marks.before[2]: is said by an earlier one at the same time; expected each once",
		"8:89: policies[0].clocks.resolution.marks.escalate[1]: is made by an earlier one at the same time; expected each once"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	_, err := teamfile.Parse([]byte("shops: [{name: A, channels: [C0A]}]\npeople: [{id: U0A, role: merchant, shops: A}]\nlevels: [{call: U0A}]\nescalation: U0A\n"))
	problems, _ := errors.AsType[strictyaml.Problems](err)
	if len(problems) != 2 || !strings.Contains(problems[0].What, "is a merchant") || problems[1].Path != "escalation" {
		t.Errorf("calls to a merchant: %v", err)
	}
	soon := parse(t, "calendars: {a: {hours: {daily: 09:00-21:00}, overlays: [{name: 618, from: 2026-06-16, to: 2026-06-18, hours: {daily: 08:00-24:00}}]}}\n")
	for _, tt := range []struct {
		at   string
		want int
	}{{"2026-06-08", 0}, {"2026-06-09", 1}, {"2026-06-15", 1}, {"2026-06-16", 0}} {
		at, err := time.ParseInLocation(time.DateOnly, tt.at, time.FixedZone("", 8*60*60))
		if err != nil {
			t.Fatal(err)
		}
		if got := soon.Coming(at); len(got) != tt.want {
			t.Errorf("on %s %d overlays are coming, want %d", tt.at, len(got), tt.want)
		}
	}
}
