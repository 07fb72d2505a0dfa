package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot/slackapi"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// teamFile is a file whose internal tickets want a first response within so many hours.
func teamFile(hours int) string {
	return fmt.Sprintf(`
shops: [{name: %s, aliases: [云朵家居], platform: tmall, channels: [%s, %s]}]
people: [{id: %s, names: [小李]}, {id: %s, names: [王主管], role: supervisor}]
escalation: 王主管
policies:
  - name: ours
    match: {origin: internal}
    clocks: {first_response: {clock: calendar, duration: %dh}}
`, stageShop, teamRoom, shopRoom, li, wang, hours)
}

// writeFile replaces a file as an editor does.
func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// firstDue is when the first ticket wants its first response; zero if there is none.
func (s *stage) firstDue() (due time.Duration) {
	s.t.Helper()
	page, err := s.store.List(s.t.Context(), team, tickets.Query{By: tickets.ByCreated, Limit: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, k := range page.Tickets {
		if d, ok := k.Deadline(tickets.ClockFirstResponse); ok {
			return d.Due.Sub(d.Start)
		}
	}
	return 0
}

// TestTeamFile has a bot serve by a file, a changed file re-plan the open tickets, a wrong one keep the rules in force, and a
// restart with the wrong one go on by them.
func TestTeamFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, teamFile(1))
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path}})
	s.look("the rules are published", func() bool { return s.app.book.Head(team).Revision == 2 })

	ts := s.post(anna, teamRoom, "订单 2024112233445566778 买家说收到的杯子碎了，要退货")
	s.carded(teamRoom, ts, "T-1", "云朵家居")
	if got := s.firstDue(); got != time.Hour {
		t.Errorf("first response within %v, want the file's 1h", got)
	}

	writeFile(t, path, teamFile(3))
	s.look("the ticket is planned by the new file", func() bool { return s.firstDue() == 3*time.Hour })
	s.until("the channel hears of it once", func() bool { return s.count(teamRoom, "规则有更新") == 1 })

	writeFile(t, path, "zoen: x\n")
	s.direct(wang, "处不对", "1:1", "zoen")
	if h := s.app.book.Head(team); h.Revision != 3 {
		t.Errorf("revision %d after a wrong file, want 3", h.Revision)
	}

	if err := s.stop(s.app); err != nil {
		t.Fatal(err)
	}
	again := s.start()
	s.ready(again)
	if p, err := again.book.Policy(t.Context(), team); err != nil || p.Revision != 3 {
		t.Errorf("a restart with the wrong file serves revision %d, %v, want 3", p.Revision, err)
	}
	writeFile(t, path, teamFile(1))
	s.look("the corrected file holds", func() bool { return s.firstDue() == time.Hour })
	if n := s.count(teamRoom, "规则有更新"); n > 2 {
		t.Errorf("the channel heard of %d changes, want 2", n)
	}
}

// count is how many of the bot's messages in a channel hold some words.
func (s *stage) count(channel, words string) (n int) {
	for _, m := range s.sim.Messages(channel) {
		if m.BotID != "" && strings.Contains(m.PlainText(), words) {
			n++
		}
	}
	return n
}

// TestTeamFileWrongFromTheStart ends a first start with the wrong line.
func TestTeamFileWrongFromTheStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, "times: {quite: 5m}\n")
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path}, unlit: true})
	a := s.start()
	select {
	case err := <-a.Fatal():
		if !strings.Contains(err.Error(), `1:9: times: unknown key "quite"; did you mean "quiet"?`) || !strings.Contains(err.Error(), path) {
			t.Errorf("Fatal = %v, want the line and the path", err)
		}
	case <-time.After(patience):
		t.Fatal("the bot starts by a wrong file")
	}
}

// TestFreshWorkspace restarts a bot with a wrong file and one workspace more: the one with a revision keeps it, the other one
// begins by the presets, and its people hear of the file too.
func TestFreshWorkspace(t *testing.T) {
	t.Parallel()
	const fresh = "T0FRESH"
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, teamFile(1))
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path}})
	s.look("the rules are published", func() bool { return s.app.book.Head(team).Revision == 2 })
	if err := s.stop(s.app); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, "zoen: x\n")
	s.sim.AddWorkspace(slacksim.Workspace{ID: fresh, Name: fresh, BotToken: otherToken, AppToken: appToken, SigningSecret: hexSecret, BotUser: "U1BOT"})
	s.sim.AddUser(fresh, slacksim.User{ID: wang, Name: "Boss", DisplayName: "Boss", Locale: "zh-CN", Admin: true})
	api, err := slackapi.NewAPI(slackapi.APIOptions{URL: s.sim.URL() + "/api/"})
	if err != nil {
		t.Fatal(err)
	}
	o := s.options()
	if o.Installations, err = slackapi.NewStatic(t.Context(), api, botToken, otherToken); err != nil {
		t.Fatal(err)
	}
	s.app = s.startWith(o)
	s.ready(s.app)
	for ws, want := range map[tickets.WorkspaceID]int64{team: 2, fresh: tickets.DefaultPolicy().Revision} {
		if p, err := s.app.book.Policy(t.Context(), ws); err != nil || p.Revision != want {
			t.Errorf("%s is served by revision %d, %v, want %d", ws, p.Revision, err, want)
		}
	}
	dm := s.sim.DMChannel(fresh, wang)
	s.until("the new workspace hears of the file", func() bool {
		return slices.ContainsFunc(s.sim.Messages(dm), func(m slacksim.Message) bool { return holds(m, "处不对", "zoen") })
	})
}

// TestModeOfTheTeamFile has a message asked about in one mode and made a ticket in the other, as soon as the file says so.
func TestModeOfTheTeamFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, teamFile(1)+"understanding: eager\n")
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path, "UNDERSTANDING": "careful"}})
	mode := func() string {
		p, err := s.app.book.Policy(t.Context(), team)
		if err != nil {
			t.Fatal(err)
		}
		return p.Understanding
	}
	s.look("the file's mode holds", func() bool { return mode() == "eager" })
	why := func(text, want string) {
		t.Helper()
		ts := s.post(anna, teamRoom, text)
		s.until("it is decided about", func() bool {
			got, known, err := s.store.Seen(t.Context(), team, teamRoom, ts)
			return err == nil && known && strings.Contains(got.Why, `"e":"`+want+`"`)
		})
	}
	why("订单 2024112233445566778 买家说收到的杯子碎了，要退货", "eager")
	writeFile(t, path, teamFile(1))
	s.look("the mode is gone from the rules", func() bool { return mode() == "" })
	why("订单 2024112233445566779 买家说收到的杯子碎了，要退货", "careful")
}

// TestReload brings back an older file that somebody asks for.
func TestReload(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, teamFile(1))
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path}})
	s.look("the rules are published", func() bool { return s.app.book.Head(team).Revision == 2 })
	writeFile(t, path, teamFile(2))
	if err := os.Chtimes(path, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	s.jump(time.Second)
	s.app.Reload()
	s.look("the older file is published", func() bool { return s.app.book.Head(team).Revision == 3 })
}

// TestTeamFileTwoReplicas has two bots with the same file: it is published once, both serve it, and many open tickets are planned
// again once.
func TestTeamFileTwoReplicas(t *testing.T) {
	t.Parallel()
	const many = 90
	path := filepath.Join(t.TempDir(), "team.yaml")
	writeFile(t, path, teamFile(1))
	s := newStage(t, set{env: map[string]string{"TEAM_FILE": path}})
	other := s.start()
	s.ready(other)
	both := func(revision int64) func() bool {
		return func() bool {
			return s.app.book.Head(team).Revision == revision && other.book.Head(team).Revision == revision
		}
	}
	s.look("both serve the first revision", both(2))
	for i := range many {
		s.post(anna, teamRoom, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
	}
	s.look("all are tickets", func() bool { return len(s.tickets()) == many })
	writeFile(t, path, teamFile(3))
	s.look("both serve the second revision", both(3))
	s.look("all are planned by it", func() bool {
		for _, k := range s.tickets() {
			if d, ok := k.Deadline(tickets.ClockFirstResponse); !ok || d.Due.Sub(d.Start) != 3*time.Hour {
				return false
			}
		}
		return true
	})
	s.until("the channel hears of it", func() bool { return s.count(teamRoom, "规则有更新") > 0 })
	s.settled()
	if n := s.count(teamRoom, "规则有更新"); n != 1 || s.count(teamRoom, fmt.Sprintf("%d 张工单", many)) != 1 {
		t.Errorf("the channel heard %d times, want once of %d tickets", n, many)
	}
}
