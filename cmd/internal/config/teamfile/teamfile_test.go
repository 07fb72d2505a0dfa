package teamfile_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

func parse(t *testing.T, text string) *teamfile.File {
	t.Helper()
	f, err := teamfile.Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse:\n%v", err)
	}
	return f
}

func ExampleParse() {
	_, err := teamfile.Parse([]byte("zone: Asia/Shangai\ntimes:\n  quite: 5m\n"))
	fmt.Println(err)
	// Output:
	// 1:7: zone: the time zone "Asia/Shangai" is not known; did you mean "Asia/Shanghai"?
	// 3:3: times: unknown key "quite"; did you mean "quiet"?
}

func TestProblems(t *testing.T) {
	t.Parallel()
	const open = "calendars:\n  desk:\n    hours: {daily: 09:00-21:00}\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"unknown zone", "zone: Asia/Shangai\n", []string{`1:7: zone: the time zone "Asia/Shangai" is not known; did you mean "Asia/Shanghai"?`}},
		{"zone of the machine", "zone: Local\n", []string{`1:7: zone: the time zone "Local" is not known; expected an IANA name such as Asia/Shanghai`}},
		{"unknown zone of a calendar", "calendars:\n  a:\n    zone: Mars/Base\n    hours: {daily: 09:00-21:00}\n", []string{
			`3:11: calendars.a.zone: the time zone "Mars/Base" is not known; expected an IANA name such as Asia/Shanghai`}},
		{"unknown calendar", open + "calendar: desc\n", []string{`4:11: calendar: "desc" is not known; did you mean "desk"?`}},
		{"no calendar at all", "calendar: desk\n", []string{`1:11: calendar: "desk" is not known; expected none, as there are none`}},
		{"overlap", "calendars:\n  a:\n    hours:\n      mon:\n        - 09:00-12:00\n        - 11:59-18:00\n", []string{
			"6:11: calendars.a.hours.mon[1]: 11:59-18:00 overlaps 09:00-12:00; expected windows that follow each other"}},
		{"overlap across midnight", "calendars:\n  a:\n    hours: {mon: 20:00-03:00, tue: 02:00-10:00}\n", []string{"2:3: calendars.a: "}},
		{"overlap of an overlay", "calendars:\n  a:\n    hours: {daily: 09:00-21:00}\n    overlays:\n    - {name: x, from: 2026-11-01, to: 2026-11-02, hours: {daily: [09:00-12:00, 10:00-11:00]}}\n", []string{
			"5:80: calendars.a.overlays[0].hours.daily[1]: 10:00-11:00 overlaps 09:00-12:00; expected windows that follow each other"}},
		{"never open", "calendars:\n  a: {hours: {mon: []}}\n", []string{
			"2:14: calendars.a.hours: the calendar is never open; expected a window on some day, such as daily: 09:00-21:00"}},
		{"no hours", "calendars:\n  a: {zone: UTC}\n", []string{"2:6: calendars.a: has no hours; expected The hours of the week."}},
		{"bad windows", "calendars:\n  a:\n    hours:\n      mon: 9-18\n      tue: 09:00-25:00\n      wed: 24:00-02:00\n", []string{
			`4:12: calendars.a.hours.mon[0]: "9-18" is not a window; expected a window such as 09:00-12:30, up to 24:00; one that closes before it opens ends the next day`,
			`5:12: calendars.a.hours.tue[0]: "25:00" is not a time of day`, `6:12: calendars.a.hours.wed[0]: "24:00-02:00" has no beginning`}},
		{"bad dates", "calendars:\n  a:\n    hours: {daily: 09:00-21:00}\n    holidays: [2026-02-30, 1969-12-31, england]\n    special: {2201-01-01: []}\n    makeup: {2026-10-10: friday}\n", []string{
			`4:16: calendars.a.holidays[0]: "2026-02-30" is not a date from 1970 to 2200; expected a date such as 2026-10-01, or china`,
			`4:28: calendars.a.holidays[1]: "1969-12-31"`, `4:40: calendars.a.holidays[2]: "england"`, `5:15: calendars.a.special.2201-01-01: "2201-01-01"`,
			`6:26: calendars.a.makeup.2026-10-10: "friday" is not a weekday`}},
		{"a day without its hours", "calendars:\n  a:\n    hours: {daily: 09:00-21:00}\n    special:\n      2026-11-23:\n", []string{
			"5:7: calendars.a.special.2026-11-23: is empty; expected a value"}},
		{"overlay", "calendars:\n  a:\n    hours: {daily: 09:00-21:00}\n    overlays:\n    - {name: x, from: 2026-11-02, to: 2026-11-01}\n    - {name: y, from: 2026-11-02, to: 2026-11-03, people: [小王]}\n", []string{
			"5:7: calendars.a.overlays[0]: changes nothing; expected hours, marks or people",
			"5:39: calendars.a.overlays[0].to: ends on 2026-11-01, before it begins on 2026-11-02",
			`6:60: calendars.a.overlays[1].people[0]: "小王" is not known`}},
		{"durations", "policies:\n- name: a\n  clocks:\n    platform: {duration: -2h}\n    first_response: {duration: 0s}\n    next_response: {duration: 400d}\n    resolution: {duration: 90}\n    next_update: {duration: 99999999d}\n", []string{
			`4:26: policies[0].clocks.platform.duration: "-2h" is negative; expected a duration such as`,
			`5:32: policies[0].clocks.first_response.duration: "0s" is no time at all`,
			`6:31: policies[0].clocks.next_response.duration: "400d" is longer than a year`,
			`7:28: policies[0].clocks.resolution.duration: "90" is not a duration`,
			`8:29: policies[0].clocks.next_update.duration: "99999999d" is longer than a year`}},
		{"no duration", "policies:\n- name: a\n  clocks:\n    platform: {clock: calendar}\n", []string{"4:15: policies[0].clocks.platform: has no duration; expected duration, as no preset gives one"}},
		{"policy names", "policies:\n- {name: a, preset: internal}\n- {name: a, preset: internal}\n- {name: tmall_coop, preset: tmall_coop}\n", []string{
			`3:10: policies[1].name: "a" is the name of a policy already, in line 2`, `4:10: policies[2].name: "tmall_coop" is the name of a preset`}},
		{"unknown words", "policies:\n- name: a\n  preset: doudian\n  match: {origin: platfrom, platform: ebay, type: refnd, severity: hot, shop: x}\n", []string{
			`3:11: policies[0].preset: "doudian" is not known; expected one of tmall_ship_reminder, tmall_coop,`,
			`4:19: policies[0].match.origin[0]: "platfrom" is not known; did you mean "platform"?`,
			`4:39: policies[0].match.platform[0]: "ebay" is not known; expected one of tmall,`,
			`4:51: policies[0].match.type[0]: "refnd" is not known; did you mean "refund"?`,
			`4:68: policies[0].match.severity[0]: "hot" is not known`, `4:79: policies[0].match.shop[0]: "x" is not known`}},
		{"no clocks", "policies:\n- name: a\n", []string{"2:3: policies[0]: has neither clocks nor a preset"}},
		{"pausing the platform", "policies:\n- name: a\n  clocks: {platform: {duration: 2h, pause_on: customer}}\n", []string{
			"3:47: policies[0].clocks.platform.pause_on: a platform clock never pauses"}},
		{"marks", "policies:\n- name: a\n  clocks:\n    platform: {duration: 2h, marks: {before: [2h, 0%, 30 min], after: {every: 1s, times: 3}, escalate: [{before: 1h, after: 1h}]}}\n", []string{
			`4:51: policies[0].clocks.platform.marks.before[1]: "0%" is not from 1% to 99%`, `4:55: policies[0].clocks.platform.marks.before[2]: "30 min" is not a duration`,
			`4:79: policies[0].clocks.platform.marks.after.every: repeats too often; expected at least 10s`,
			"4:105: policies[0].clocks.platform.marks.escalate[0]: is at more than one time"}},
		{"mark before the beginning", "policies:\n- name: a\n  clocks:\n    platform: {duration: 2h, marks: {before: [30m, 2h]}}\n", []string{
			"4:52: policies[0].clocks.platform.marks.before[1]: 2h before the deadline is before the beginning; expected less than 2h"}},
		{"shops", "shops:\n- {name: A, aliases: [B], channels: [C0A]}\n- {name: C, aliases: [B], channels: [C0A, general], calendar: x}\n", []string{
			`3:23: shops[1].aliases[0]: "B" is the name of a shop already, in line 2`, `3:38: shops[1].channels[0]: "C0A" is the channel of a shop already`,
			`3:43: shops[1].channels[1]: "general" is not a Slack channel id`, `3:63: shops[1].calendar: "x" is not known`}},
		{"people", "people:\n- {id: U0A, names: [小李]}\n- {id: U0A, names: [小李], shops: [x]}\n- {id: bob, role: boss}\n- {id: U0C, role: merchant}\nescalation: 小张\n", []string{
			`3:8: people[1].id: "U0A" is somebody's id already`, `3:21: people[1].names[0]: "小李" is somebody's name already`, `3:34: people[1].shops[0]: "x" is not known`,
			`4:8: people[2].id: "bob" is not a Slack user id`, `4:19: people[2].role: "boss" is not known`, "5:3: people[3]: a merchant without shops sees nothing",
			`6:13: escalation: "小张" is not known; did you mean "小李"?`}},
		{"levels", "levels:\n- {call: 小张}\n- {call: C0SHOP}\n- {call: U0A, times: 2}\n- {call: U0A, wait: 10s}\n- {wait: 10m}\nshops: [{name: A, channels: [C0SHOP]}]\npeople: [{id: U0A, names: [小李]}]\n", []string{
			`2:10: levels[0].call: "小张" is not known; did you mean "小李"?`,
			`3:10: levels[1].call: "C0SHOP" is the channel of A; expected a person, or a channel of the team's own`,
			`4:22: levels[2].times: nothing says how long a call waits before the next one; expected wait`,
			`5:10: levels[3].call: "U0A" is a level already, in line 4; expected each once`,
			`5:21: levels[3].wait: leaves nobody the time to answer; expected at least 1m`, "6:3: levels[4]: has no call"}},
		{"types", "types:\n- {name: Size, zh: 大小}\n- {name: size}\n- {name: fit, zh: 尺码, words: [尺码, 偏大]}\n- {name: colour, zh: 尺码, words: [偏大], category: clothes}\n- {name: fit, en: Fit}\n" +
			"- {name: repair, hide: true, zh: 修}\n- {name: other, hide: true}\n- {name: own, hide: true}\n- {name: lost}\n", []string{
			`2:10: types[0].name: "Size" is not a type's name; expected a name such as goods_return`, "3:3: types[1]: is called nothing; expected zh or en",
			`5:22: types[3].zh: "尺码" is what a type is called already, in line 4`, `5:34: types[3].words[0]: "偏大" is the word of a type already, in line 4`,
			`5:49: types[3].category: "clothes" is not known; expected one of after_sale,`, `6:10: types[4].name: "fit" is the name of a type already, in line 4`,
			"7:3: types[5]: is hidden, so that nothing else about it counts", "8:23: types[6].hide: the type other is for tickets that no other fits",
			`9:21: types[7].hide: "own" is not built in`, "10:3: types[8]: changes nothing"}},
		{"a policy for a type that is not", "types: [{name: size, zh: 尺码}]\npolicies:\n- {name: a, preset: internal, match: {type: [size, seize]}}\n", []string{
			`3:52: policies[0].match.type[1]: "seize" is not known; did you mean "size"?`}},
		{"a level that is nobody", "levels: [{call: U0A}]\npolicies:\n- {name: a, preset: internal, clocks: {resolution: {marks: {escalate: [{level: 2}]}}}}\n", []string{
			"3:80: policies[0].clocks.resolution.marks.escalate[0].level: there is 1 level; expected level 1, or one more under levels"}},
		{"times", "times: {auto_close: soon, quiet: -1m, quite: 5m}\n", []string{
			`1:21: times.auto_close: "soon" is not a duration; expected a duration such as 15m or 7d, up to 366d, or never`,
			`1:34: times.quiet: "-1m" is negative`, `1:39: times: unknown key "quite"; did you mean "quiet"?`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := teamfile.Parse([]byte(tt.text))
			problems, _ := errors.AsType[strictyaml.Problems](err)
			var got []string
			for i, p := range problems {
				s := p.String()
				if i < len(tt.want) && strings.HasPrefix(s, tt.want[i]) {
					s = tt.want[i] // the table holds beginnings
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

const own = `
zone: Asia/Tokyo
calendar: desk
calendars:
  desk:
    hours: {daily: 10:00-18:00, sun: []}
    overlays:
      - {name: 双11, from: 2026-11-10, to: 2026-11-11, marks: {platform: {before: [10m]}, resolution: {after: {every: 1h, times: 2}}}}
  night: {zone: UTC, hours: {daily: 20:00-02:00}}
policies:
  - name: urgent requests
    preset: doudian_request
    match: {shop: nova, severity: [urgent, high]}
    counts: false
    consequence: {zh: 罚, en: fine}
    clocks:
      platform: {duration: 100s, marks: {before: [50%, 30s], escalate: [{level: 2, after: 1m}]}}
      first_response: {off: true}
  - name: slow
    match: {origin: internal, tag: later, source: command}
    clocks:
      resolution: {clock: calendar, calendar: night, duration: 2d, pause_on: [courier]}
shops: [{name: Nova Audio, aliases: [nova], platform: douyin, channels: [C0A], calendar: night}]
people: [{id: U0A, names: [Wang], role: supervisor}, {id: U0B, shops: [nova], role: merchant}, {id: U0C}]
relays: [{bot: B0RELAY, platform: tmall, shop: nova}, {bot: Doudian notices, platform: doudian}]
escalation: Wang
times: {auto_close: never, ack_lapse: 20m}
`

var sunday = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func rule(t *testing.T, p tickets.Policy, name string) tickets.Rule {
	t.Helper()
	for _, r := range p.Rules {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rule %s", name)
	return tickets.Rule{}
}

func clockOf(t *testing.T, r tickets.Rule, k tickets.ClockKind) tickets.ClockRule {
	t.Helper()
	for _, c := range r.Clocks {
		if c.Kind == k {
			return c
		}
	}
	t.Fatalf("rule %s has no clock %s", r.Name, k)
	return tickets.ClockRule{}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	p := parse(t, own).Policy(sunday)
	d := tickets.DefaultPolicy()
	if p.Zone.String() != "Asia/Tokyo" || p.AutoClose != 0 || p.AckLapse != 20*time.Minute || p.ReopenFor != d.ReopenFor {
		t.Errorf("zone %v, auto_close %v, ack_lapse %v, reopen_for %v", p.Zone, p.AutoClose, p.AckLapse, p.ReopenFor)
	}
	wantRoster := tickets.Roster{Escalation: "U0A", People: []tickets.Person{
		{ID: "U0A", Names: []string{"Wang"}, Role: tickets.RoleSupervisor}, {ID: "U0B", Role: tickets.RoleMerchant, Shops: []string{"Nova Audio"}},
		{ID: "U0C", Role: tickets.RoleAgent}}}
	if diff := cmp.Diff(wantRoster, p.Roster); diff != "" {
		t.Errorf("roster (-want +got):\n%s", diff)
	}
	if s := p.Shops[0]; s.Name != "Nova Audio" || s.Platform != "douyin" || s.Calendar == nil || s.Calendar != p.Calendars["night"] {
		t.Errorf("shop = %+v, want Nova Audio of douyin with the calendar night", s)
	}
	wantRelays := []tickets.Relay{{Bot: "B0RELAY", Platform: "tmall", Shop: "Nova Audio"}, {Bot: "Doudian notices", Platform: "douyin"}}
	if diff := cmp.Diff(wantRelays, p.Relays); diff != "" {
		t.Errorf("relays (-want +got):\n%s", diff)
	}
	var names []string
	for _, r := range p.Rules {
		names = append(names, r.Name)
	}
	var want = []string{"urgent requests", "slow"}
	for _, r := range d.Rules {
		want = append(want, r.Name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("order of rules (-want +got):\n%s", diff)
	}
}

func TestPolicyBeginsWithPreset(t *testing.T) {
	t.Parallel()
	p := parse(t, own).Policy(sunday)
	r, begin := rule(t, p, "urgent requests"), rule(t, tickets.DefaultPolicy(), "doudian_request")
	wantMatch := begin.Match
	wantMatch.Shops, wantMatch.Severities = []string{"Nova Audio"}, []tickets.Severity{"urgent", "high"}
	if diff := cmp.Diff(wantMatch, r.Match); diff != "" {
		t.Errorf("match (-want +got):\n%s", diff)
	}
	if r.Counts || r.Consequence.Text["zh-CN"] != "罚" || r.Consequence.Text["en"] != "fine" || r.Preset != begin.Preset {
		t.Errorf("counts %v, consequence %v, preset %q", r.Counts, r.Consequence, r.Preset)
	}
	if len(r.Clocks) != len(begin.Clocks)-1 {
		t.Errorf("%d clocks, want one less than the preset's %d", len(r.Clocks), len(begin.Clocks))
	}
	c, was := clockOf(t, r, tickets.ClockPlatform), clockOf(t, begin, tickets.ClockPlatform)
	if c.Clock != was.Clock || c.Duration != 100*time.Second {
		t.Errorf("platform clock counts %s for %v, want %s for 100s", c.Clock, c.Duration, was.Clock)
	}
	kept := []sla.Step{}
	for _, s := range was.Ladder {
		if s.Kind == sla.Breach || s.Kind == sla.Remind && s.Every > 0 {
			kept = append(kept, s)
		}
	}
	wantLadder := append(kept, sla.Step{Name: "remind_50%", Kind: sla.Remind, Percent: 50}, sla.Step{Name: "remind_30s", Kind: sla.Remind, Offset: -30 * time.Second},
		sla.Step{Name: "escalate_2_after_1m", Kind: sla.Escalate, Offset: time.Minute, Level: 2})
	if diff := cmp.Diff(sla.Ladder(wantLadder), c.Ladder); diff != "" {
		t.Errorf("ladder (-want +got):\n%s", diff)
	}
}

func TestPolicyOfItsOwn(t *testing.T) {
	t.Parallel()
	p := parse(t, own).Policy(sunday)
	r := rule(t, p, "slow")
	want := tickets.Match{Origins: []tickets.Origin{"internal"}, Tags: []string{"later"}, Sources: []string{"command"}}
	if diff := cmp.Diff(want, r.Match); diff != "" {
		t.Errorf("match (-want +got):\n%s", diff)
	}
	c := clockOf(t, r, tickets.ClockResolution)
	if len(r.Clocks) != 1 || c.Clock != sla.CalendarTime || c.Duration != 48*time.Hour || c.Calendar != p.Calendars["night"] || len(c.Ladder) == 0 {
		t.Errorf("clocks = %+v, want one of 48 h by the calendar night with the usual marks", r.Clocks)
	}
	if diff := cmp.Diff([]tickets.Party{"courier"}, c.PauseOn); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
}

// TestMarketplaceStays checks that a policy about something else leaves a marketplace's tickets what the marketplace counts.
func TestMarketplaceStays(t *testing.T) {
	t.Parallel()
	const head = "policies:\n- {name: urgent, match: {severity: urgent}, "
	request := tickets.Ticket{Origin: "platform", Severity: "urgent", Type: "refund", Facts: tickets.Facts{Platform: "douyin"}}
	risky, sent, internal, ship := request, request, request, request
	risky.Type, sent.Origin, internal.Origin = "high_risk", "provider", "internal"
	ship.Type, ship.Facts.Platform = "ship_reminder", "tmall"
	const quick = "clocks: {first_response: {duration: 5m}}"
	tests := []struct {
		name, text string
		ticket     tickets.Ticket
		want       time.Duration // of the platform clock; 0 = none
		counts     bool
		costs      string
	}{
		{"a request", head + quick + "}\n", request, 24 * time.Hour, true, "doudian_request"},
		{"one of two hours", head + quick + "}\n", risky, 2 * time.Hour, true, "doudian_urgent"},
		{"of a service provider", head + quick + "}\n", sent, 24 * time.Hour, false, "doudian_provider"},
		{"of a preset without the clock", head + quick + "}\n", ship, 0, false, ""},
		{"the team's own", head + quick + "}\n", internal, 0, false, ""},
		{"made from a preset of the team's own", "policies:\n- {name: urgent, preset: internal, match: {origin: [internal, platform]}}\n", request, 24 * time.Hour, true, "doudian_request"},
		{"of the next policy", head + quick + "}\n- {name: slow, match: {}, clocks: {platform: {duration: 9h}}}\n", request, 9 * time.Hour, false, ""},
		{"through two policies", head + quick + "}\n- {name: slow, match: {}, clocks: {resolution: {duration: 9h}}}\n", request, 24 * time.Hour, true, "doudian_request"},
		{"named", head + "clocks: {platform: {duration: 7h}}}\n", request, 7 * time.Hour, false, ""},
		{"taken away", head + "clocks: {first_response: {duration: 5m}, platform: {off: true}}}\n", request, 0, false, ""},
		{"with words of its own", head + "counts: false, consequence: {en: fine}, " + quick + "}\n", request, 24 * time.Hour, false, "fine"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, _ := parse(t, tt.text).Policy(sunday).Explain(tt.ticket)
			var got time.Duration
			for _, c := range r.Clocks {
				if c.Kind == tickets.ClockPlatform {
					got += c.Duration
				}
			}
			if r.Name != "urgent" || got != tt.want || r.Counts != tt.counts || r.Consequence.Word+r.Consequence.Text["en"] != tt.costs {
				t.Errorf("bound by %s with a platform clock of %v, counts %v, costs %v, want urgent, %v, %v, %s", r.Name, got, r.Counts, r.Consequence, tt.want, tt.counts, tt.costs)
			}
		})
	}
}

// TestShorterThanItsMarks drops the marks of a preset that a shortened clock has no time for.
func TestShorterThanItsMarks(t *testing.T) {
	t.Parallel()
	const length = 20 * time.Minute
	f := parse(t, "policies:\n- {name: fast, preset: tmall_coop, clocks: {platform: {duration: 20m}}}\n")
	early := func(s sla.Step) bool { return s.Percent == 0 && s.Offset <= -length }
	if before := clockOf(t, rule(t, tickets.DefaultPolicy(), "tmall_coop"), tickets.ClockPlatform); !slices.ContainsFunc(before.Ladder, early) {
		t.Fatal("the preset has no mark that early")
	}
	c := clockOf(t, rule(t, f.Policy(sunday), "fast"), tickets.ClockPlatform)
	if slices.ContainsFunc(c.Ladder, early) || len(c.Ladder) < 2 {
		t.Errorf("ladder = %+v, want the marks within %v", c.Ladder, length)
	}
}

// TestPresetsComeHome checks that presets follow the team's hours in what is the team's, and only in that.
func TestPresetsComeHome(t *testing.T) {
	t.Parallel()
	p := parse(t, own).Policy(sunday)
	desk := p.Calendars["desk"]
	for _, r := range p.Rules[2:] {
		was := rule(t, tickets.DefaultPolicy(), r.Name)
		for i, c := range r.Clocks {
			b := was.Clocks[i]
			switch {
			case c.Duration != b.Duration || c.Clock != b.Clock:
				t.Errorf("%s %s = %s of %v, want it as the preset has it", r.Name, c.Kind, c.Clock, c.Duration)
			case c.Kind == tickets.ClockPlatform && (c.Duty != desk || c.Calendar == desk):
				t.Errorf("%s: the platform's clock counts by the team's hours, or its marks do not move by them", r.Name)
			case c.Kind != tickets.ClockPlatform && c.Calendar != desk:
				t.Errorf("%s %s does not count by the team's hours", r.Name, c.Kind)
			}
		}
	}
}

func TestOverlayMarks(t *testing.T) {
	t.Parallel()
	f := parse(t, own)
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	begin, end := time.Date(2026, 11, 10, 0, 0, 0, 0, tokyo), time.Date(2026, 11, 12, 0, 0, 0, 0, tokyo)
	has := func(at time.Time, name string, k tickets.ClockKind, step string) bool {
		for _, s := range clockOf(t, rule(t, f.Policy(at), name), k).Ladder {
			if s.Name == step {
				return true
			}
		}
		return false
	}
	for _, tt := range []struct {
		name string
		at   time.Time
		want bool
		next time.Time
	}{
		{"a moment before", begin.Add(-1), false, begin}, {"at its beginning", begin, true, end},
		{"in its last moment", end.Add(-1), true, end}, {"when it has ended", end, false, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := has(tt.at, "tmall_coop", tickets.ClockPlatform, "remind_10m"); got != tt.want {
				t.Errorf("platform clock of a preset reminds 10 minutes before = %v, want %v", got, tt.want)
			}
			if has(tt.at, "slow", tickets.ClockResolution, "again") {
				t.Error("the overlay changes a clock of another calendar")
			}
			if got := f.NextSwitch(tt.at); !got.Equal(tt.next) {
				t.Errorf("NextSwitch = %v, want %v", got, tt.next)
			}
		})
	}
}

// TestOverlayMarksOfAShop puts the marks of a shop's own calendar on top of those of the file's, for its tickets alone.
func TestOverlayMarksOfAShop(t *testing.T) {
	t.Parallel()
	f := parse(t, `
calendar: desk
calendars:
  desk:
    hours: {daily: 09:00-21:00}
    overlays:
      - {name: 双11, from: 2026-11-10, to: 2026-11-11, marks: {platform: {before: [10m]}, first_response: {before: [1m]}}}
  night:
    hours: {daily: 20:00-02:00}
    overlays:
      - {name: 晚场, from: 2026-11-11, to: 2026-11-12, marks: {first_response: {before: [2m]}}}
shops: [{name: Nova, calendar: night}, {name: Cloud}]
`)
	has := func(day int, shop string, k tickets.ClockKind, step string) bool {
		p := f.Policy(time.Date(2026, 11, day, 4, 0, 0, 0, time.UTC))
		tk := tickets.Ticket{Origin: "platform", Facts: tickets.Facts{Platform: "tmall", Shop: shop}}
		return slices.ContainsFunc(p.ClockOf(tk, tickets.Deadline{Kind: k, Rule: "tmall_coop"}).Ladder, func(s sla.Step) bool { return s.Name == step })
	}
	const first, platform = tickets.ClockFirstResponse, tickets.ClockPlatform
	for _, tt := range []struct {
		name, shop string
		day        int
		clock      tickets.ClockKind
		step       string
		want       bool
	}{
		{"the file's, before the shop's begins", "Nova", 10, first, "remind_1m", true},
		{"the shop's on top", "Nova", 11, first, "remind_2m", true},
		{"the shop's in place of the file's", "Nova", 11, first, "remind_1m", false},
		{"the file's, of what the shop's does not name", "Nova", 11, platform, "remind_10m", true},
		{"the shop's alone", "Nova", 12, first, "remind_2m", true},
		{"when both have ended", "Nova", 13, first, "remind_2m", false},
		{"another shop, in the shop's", "Cloud", 12, first, "remind_2m", false},
		{"another shop, in the file's", "Cloud", 11, first, "remind_1m", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := has(tt.day, tt.shop, tt.clock, tt.step); got != tt.want {
				t.Errorf("%s of %s on the %dth has %s = %v, want %v", tt.clock, tt.shop, tt.day, tt.step, got, tt.want)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	f := parse(t, `
calendars:
  desk:
    hours: {daily: 09:00-21:00}
    holidays: [china, 2026-12-24]
    overlays:
      - {name: 618, from: 2026-06-01, to: 2026-06-18, hours: {daily: 08:00-24:00}}
policies:
  - {name: wide, preset: internal, match: {origin: internal, type: [refund, repair]}}
  - {name: narrow, preset: internal, match: {origin: internal, type: refund, tag: VIP}}
  - {name: other, preset: internal, match: {origin: [internal, platform], type: refund}}
  - {name: in vain, match: {origin: internal, severity: low}, clocks: {platform: {duration: 1h}}}
`)
	var got []string
	for _, w := range f.Warnings(time.Date(2026, 11, 2, 16, 0, 0, 0, time.UTC)) {
		got = append(got, w.String())
	}
	want := []string{
		"5:15: calendars.desk.holidays: the public holidays are known only until 2026-12-31; expected a newer gongdan, or the dates themselves, once they are announced",
		"7:9: calendars.desk.overlays[0]: 618 expired on 2026-06-18; expected new dates, or nothing",
		"10:5: policies[1]: narrow never matches: wide comes before it and matches all that it could; expected the narrower policy first",
		"12:82: policies[3].clocks.platform: never runs, as the policy matches only what the team opened itself; expected origin platform or provider",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if early := f.Warnings(time.Date(2026, 11, 1, 15, 0, 0, 0, time.UTC)); len(early) != len(want)-1 {
		t.Errorf("61 days before the end of the data: %v, want nothing about holidays", early)
	}
}
