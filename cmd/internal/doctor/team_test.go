package doctor_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/doctor"
	"gongdan/cmd/internal/revisions"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// team writes a team file as of a time and sets TEAM_FILE.
func (d *ward) team(t *testing.T, text string, written time.Time) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "team.yaml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	must(t, os.Chtimes(path, written, written))
	d.vars["TEAM_FILE"] = path
}

// publish puts a team file into force, as a bot does.
func (d *ward) publish(t *testing.T, text string, written time.Time) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "published.yaml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	must(t, os.Chtimes(path, written, written))
	draft, ok, err := revisions.NewBook().Draft(space, time.Now(), revisions.Open(path, time.Now).Last())
	must(t, err)
	if !ok {
		t.Fatal("the file asks for no revision")
	}
	_, err = redisstore.New(d.rdb, redisshard.DefaultShards, redisstore.Options{}).Commit(t.Context(), tickets.Change{Workspace: space, Epoch: d.epoch, Docs: draft.Docs})
	must(t, err)
}

// company is a workspace with a supervisor, somebody who has left, a guest, an app, and three channels of which the bot is in two.
func company(d *ward) {
	for _, u := range []slacksim.User{{ID: "U0WANG", Admin: true}, {ID: "U0GONE", Deleted: true}, {ID: "U0GUEST", Guest: true}, {ID: "U0APP", Bot: true}} {
		d.sim.AddUser(string(space), u)
	}
	d.sim.AddChannel(string(space), slacksim.Channel{ID: "C0IN", Name: "in", Members: []string{d.bot, "U0WANG"}})
	d.sim.AddChannel(string(space), slacksim.Channel{ID: "C0LEADS", Name: "leads", Members: []string{d.bot, "U0WANG"}})
	d.sim.AddChannel(string(space), slacksim.Channel{ID: "C0OUT", Name: "out", Members: []string{"U0WANG"}})
}

// TestNobodyLeads: without levels and without an administrator nobody can be called.
func TestNobodyLeads(t *testing.T) {
	t.Parallel()
	d := admit(t, slacksim.Workspace{}, miniredis.RunT(t).Addr())
	d.team(t, "zone: UTC\n", time.Now())
	if f := d.examine(t, nil)["people"]; f.Level != doctor.Warn || !strings.Contains(f.Found, "nobody is named for escalations") {
		t.Errorf("people: %v", f)
	}
}

// ofHealth are the checks of a stand-in server, which are no matter here.
var ofHealth = []string{"redis", "persistence", "eviction"}

// TestTeamFile: each fault of the team file, of whom it names and of what is in force is found by its check, and by no other.
func TestTeamFile(t *testing.T) {
	t.Parallel()
	const sound = "people: [{id: U0WANG, names: [王主管]}]\nshops: [{name: A, channels: [C0IN]}]\nlevels: [{call: 王主管, wait: 10m}, {call: C0LEADS}]\n"
	now := time.Now()
	today := now.In(time.FixedZone("", 8*60*60))
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	overlay := func(from, to int) string {
		return "calendars: {a: {hours: {daily: 09:00-21:00}, overlays: [{name: 大促, from: " + day(from) + ", to: " + day(to) + ", hours: {daily: 08:00-22:00}}]}}\n"
	}
	tests := []struct {
		name, file string
		inForce    string // "" = nothing is published
		published  time.Duration
		want       map[string]doctor.Level
		says       []string
	}{
		{"right and in force", sound, sound, 0, nil, []string{"is right: 0 policies of your own, 1 shop, 2 levels of escalation", "4 people and channels", "says what the team file says"}},
		{"wrong", "zone: Mars\n", sound, 0, map[string]doctor.Level{"team file": doctor.Fail}, []string{"1 problem, the first in line 1:7", "until the team file is right"}},
		{"not readable", "-", "", 0, map[string]doctor.Level{"team file": doctor.Fail}, []string{"no such file"}},
		{"nobody known", "levels: [{call: U0NOBODY}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"line 1, levels[0].call: U0NOBODY is nobody"}},
		{"somebody who left", "people: [{id: U0GONE}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"people[0].id: U0GONE has left"}},
		{"an app", "people: [{id: U0APP}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"is an app"}},
		{"a guest is called", "levels: [{call: U0GUEST}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"is a guest"}},
		{"a guest is named", "people: [{id: U0GUEST}]\n", "", 0, map[string]doctor.Level{"rules": doctor.Warn}, nil},
		{"not in the channel", "levels: [{call: C0OUT}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"the bot is not in C0OUT"}},
		{"no such channel", "shops: [{name: A, channels: [C0NONE]}]\n", "", 0, map[string]doctor.Level{"people": doctor.Warn, "rules": doctor.Warn}, []string{"C0NONE is no channel"}},
		{"expired", overlay(-9, -2), "", 0, map[string]doctor.Level{"team file": doctor.Warn, "rules": doctor.Warn}, []string{"大促 expired on " + day(-2)}},
		{"about to begin", overlay(3, 5), "", 0, map[string]doctor.Level{"rules": doctor.Warn}, []string{"大促 begins on " + day(3)}},
		{"a shop without channel", "shops: [{name: A}]\n", "", 0, map[string]doctor.Level{"team file": doctor.Warn, "rules": doctor.Warn}, []string{"A has no channel"}},
		{"shadowed", "policies: [{name: a, preset: internal}, {name: b, preset: internal, match: {tag: [VIP]}}]\n", "", 0,
			map[string]doctor.Level{"team file": doctor.Warn, "rules": doctor.Warn}, []string{"b never matches"}},
		{"changed since", sound, "times: {quiet: 1m}\n", -time.Hour, map[string]doctor.Level{"rules": doctor.Warn}, []string{"the team file says something else"}},
		{"older than what is in force", sound, "times: {quiet: 1m}\n", time.Hour, map[string]doctor.Level{"rules": doctor.Warn}, []string{"is newer than the team file here"}},
		{"no file any more", "", sound, 0, map[string]doctor.Level{"rules": doctor.Warn}, []string{"though TEAM_FILE is not set"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := admit(t, slacksim.Workspace{}, miniredis.RunT(t).Addr())
			company(d)
			switch tt.file {
			case "":
			case "-":
				d.vars["TEAM_FILE"] = filepath.Join(t.TempDir(), "absent.yaml")
			default:
				d.team(t, tt.file, now)
			}
			if tt.inForce != "" {
				d.publish(t, tt.inForce, now.Add(tt.published))
			}
			var all []string
			found := d.examine(t, func(o *doctor.Options) { o.Tell = func(f doctor.Finding) { all = append(all, f.String()) } })
			for _, check := range ofHealth {
				delete(found, check)
			}
			want := tt.want
			if want == nil {
				want = map[string]doctor.Level{}
			}
			if diff := cmp.Diff(want, levels(found)); diff != "" {
				t.Errorf("Examine (-want +got):\n%s\n%s", diff, strings.Join(all, "\n"))
			}
			for _, says := range tt.says {
				if !strings.Contains(strings.Join(all, "\n"), says) {
					t.Errorf("found\n%s\nwant %q in it", strings.Join(all, "\n"), says)
				}
			}
		})
	}
}
