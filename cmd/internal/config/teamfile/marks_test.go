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

// beginnings cuts what was said down to what was wanted, where it begins like that.
func beginnings(problems strictyaml.Problems, want []string) (got []string) {
	for i, p := range problems {
		s := p.String()
		if i < len(want) && strings.HasPrefix(s, want[i]) {
			s = want[i]
		}
		got = append(got, s)
	}
	return got
}

// desk is a calendar whose overlay has the given marks, and what follows it.
func desk(marks, rest string) string {
	return "calendar: desk\ncalendars:\n  desk:\n    hours: {daily: 09:00-21:00}\n    overlays:\n" +
		"    - {name: 双11, from: 2026-11-10, to: 2026-11-11, marks: " + marks + "}\n" + rest
}

// TestMarksBeforeTheBeginning refuses marks and calls that would come before their clock begins.
func TestMarksBeforeTheBeginning(t *testing.T) {
	t.Parallel()
	two := "policies:\n- name: a\n  clocks:\n    platform: {duration: 2h}\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a call", "policies:\n- name: a\n  clocks:\n    platform: {duration: 2h, marks: {escalate: [{before: 1h59m}, {before: 2h}, {after: 3h}, {unclaimed: 3h}]}}\n", []string{
			"4:75: policies[0].clocks.platform.marks.escalate[1].before: 2h before the deadline is before the beginning; expected less than 2h"}},
		{"a call, counted in handling hours", "policies:\n- name: a\n  clocks:\n    platform: {clock: working, duration: 2h, marks: {escalate: [{before: 3h}]}}\n", nil},
		{"in an overlay", desk("{platform: {before: [50%, 23h, 24h], escalate: [{before: 25h}]}}", ""), []string{
			"6:91: calendars.desk.overlays[0].marks.platform.before[2]: 24h before the deadline is before the beginning of every clock that it is for; expected less than 24h",
			"6:117: calendars.desk.overlays[0].marks.platform.escalate[0].before: 25h"}},
		{"in an overlay, of one clock of several", desk("{platform: {before: [3h]}}", two), nil},
		{"in an overlay, of the only clock that follows it", "calendars:\n  desk:\n    hours: {daily: 09:00-21:00}\n    overlays:\n" +
			"    - {name: x, from: 2026-11-10, to: 2026-11-11, marks: {platform: {before: [3h]}}}\npolicies:\n- name: a\n  clocks:\n    platform: {calendar: desk, duration: 2h}\n", []string{
			"5:79: calendars.desk.overlays[0].marks.platform.before[0]: 3h before the deadline is before the beginning of every clock that it is for; expected less than 2h"}},
		{"in an overlay, counted in handling hours", desk("{first_response: {before: [3h]}}", ""), nil},
		{"in an overlay, under a policy that is wrong", desk("{platform: {before: [25h]}}", "policies:\n- name: a\n"), []string{"8:3: policies[0]: has neither"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := teamfile.Parse([]byte(tt.text))
			problems, _ := errors.AsType[strictyaml.Problems](err)
			if diff := cmp.Diff(tt.want, beginnings(problems, tt.want)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOverlayMarksInTime: of an overlay's marks a clock has those that come after its beginning.
func TestOverlayMarksInTime(t *testing.T) {
	t.Parallel()
	f := parse(t, desk("{platform: {before: [3h, 1h], escalate: [{before: 4h}, {before: 90m}]}}", "policies:\n- name: a\n  clocks:\n    platform: {duration: 2h}\n"))
	at := time.Date(2026, 11, 10, 4, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{"a": "breach remind_1h escalate_1_before_1h30m", "tmall_coop": "breach remind_3h remind_1h escalate_1_before_4h escalate_1_before_1h30m"} {
		c := clockOf(t, rule(t, f.Policy(at), name), tickets.ClockPlatform)
		var got []string
		for _, s := range c.Ladder {
			if s.Kind != sla.Remind || s.Every == 0 {
				got = append(got, s.Name)
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s has %s, want %s", name, got, want)
		}
	}
}

// TestMarksWarned speaks of marks that nobody would ever see, in policies and in overlays.
func TestMarksWarned(t *testing.T) {
	t.Parallel()
	levels := "levels: [{call: U0A}, {call: U0B}, {call: U0C}]\n"
	text := desk("{platform: {before: [1h, 50%, 60m], escalate: [{level: 2, before: 1h}, {level: 1}, {level: 2}, {level: 2}, {level: 3, after: 1h}]}}", levels+
		"policies:\n- name: a\n  clocks:\n    resolution: {duration: 2h, marks: {escalate: [{level: 1, after: 1h}, {level: 3}, {level: 1, unclaimed: 5m}]}}\n")
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	want := []string{
		"6:90: calendars.desk.overlays[0].marks.platform.before[2]: is said by an earlier one at the same time; expected each once",
		"6:131: calendars.desk.overlays[0].marks.platform.escalate[1]: is never made, as level 2 is called by then; expected a level from 2 on, or an earlier time",
		"6:155: calendars.desk.overlays[0].marks.platform.escalate[3]: is made by an earlier one at the same time; expected each once",
		"11:51: policies[0].clocks.resolution.marks.escalate[0]: is never made, as level 3 is called by then; expected a level from 3 on, or an earlier time",
	}
	if diff := cmp.Diff(want, beginnings(parse(t, text).Warnings(at), want)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	alone := strings.Replace(text, levels, "", 1)
	if got := parse(t, alone).Warnings(at); len(got) != 2 {
		t.Errorf("without levels, where every call is made: %v", got)
	}
}

// TestTypesWarned speaks of types that typing does not lead to.
func TestTypesWarned(t *testing.T) {
	t.Parallel()
	want := []string{
		`2:24: types[0].zh: "退货" is what the built-in type goods_return is called: typed, it means only one of the two; expected another name, or goods_return hidden or called otherwise`,
		`3:21: types[1].en: "Refund" is the name of the built-in type refund`,
		`4:22: types[2].zh: "仅退款" is what the built-in type refund is called`,
	}
	text := "types:\n- {name: sendback, zh: 退货, en: Send back}\n- {name: money, en: Refund}\n- {name: repair, zh: 仅退款}\n- {name: lost, zh: 查无此件, en: Lost}\n" +
		"- {name: exchange, hide: true}\n- {name: swap, zh: 换货}\n- {name: missing, zh: 丢件}\n"
	if diff := cmp.Diff(want, beginnings(parse(t, text).Warnings(sunday), want)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
