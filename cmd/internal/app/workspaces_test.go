package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot/slackapi"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// The second workspace of the same app. Its people have the ids of the first's, as Slack promises only that a person's id
// is unique within a workspace.
const (
	otherRoom  = "C1TEAM"
	otherToken = "xoxb-other-77e0d1aa"
	strayTeam  = "T0STRAY" // has the app and is not among the installations
	strayRoom  = "C2TEAM"
)

// byWorkspace are policies of their own for each workspace; for an unknown one the usual.
type byWorkspace map[tickets.WorkspaceID]tickets.Policy

func (b byWorkspace) Policy(_ context.Context, ws tickets.WorkspaceID) (tickets.Policy, error) {
	if p, ok := b[ws]; ok {
		return p, nil
	}
	return tickets.DefaultPolicy(), nil
}

// shardMate is a workspace id whose shard is that of the stage's workspace, or is not.
func shardMate(same bool) string {
	of := func(id string) tickets.Shard {
		return tickets.ShardOf(tickets.WorkspaceID(id), redisshard.DefaultShards)
	}
	for i := 0; ; i++ {
		if id := fmt.Sprintf("T0OTHER%d", i); (of(id) == of(team)) == same {
			return id
		}
	}
}

// twoWorkspaces is a stage whose one bot serves two workspaces, while a third has the app and is not installed.
func twoWorkspaces(t *testing.T, overHTTP bool, other string) *stage {
	t.Helper()
	s := newStage(t, set{unlit: true, overHTTP: overHTTP})
	for _, w := range []struct{ id, token, room, bot string }{{other, otherToken, otherRoom, "U1BOT"}, {strayTeam, "xoxb-stray-00000000", strayRoom, "U2BOT"}} {
		s.sim.AddWorkspace(slacksim.Workspace{ID: w.id, Name: w.id, AppID: "A00000001", BotToken: w.token, AppToken: appToken,
			SigningSecret: hexSecret, BotUser: w.bot, Commands: []string{"/ticket"}})
		s.sim.AddUser(w.id, slacksim.User{ID: li, Name: "Lee", DisplayName: "Lee", Locale: "zh-CN"})
		s.sim.AddUser(w.id, slacksim.User{ID: wang, Name: "Boss", DisplayName: "Boss", Locale: "zh-CN", Admin: true})
		s.sim.AddChannel(w.id, slacksim.Channel{ID: w.room, Name: "team", Members: []string{li, wang, w.bot}})
	}
	api, err := slackapi.NewAPI(slackapi.APIOptions{URL: s.sim.URL() + "/api/"})
	if err != nil {
		t.Fatal(err)
	}
	installs, err := slackapi.NewStatic(t.Context(), api, botToken, otherToken)
	if err != nil {
		t.Fatal(err)
	}
	o := s.options()
	o.Installations, o.Policies = installs, byWorkspace{team: stagePolicy()}
	s.app = s.startWith(o)
	s.ready(s.app)
	if overHTTP {
		for _, id := range []string{team, other, strayTeam} {
			s.sim.SetRequestURL(id, "http://"+s.app.Addr())
		}
	}
	return s
}

// TestTwoWorkspaces serves two workspaces with one bot: same people's ids, same words, same numbers, nothing shared.
func TestTwoWorkspaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		overHTTP, same bool
	}{{"socket, one shard", false, true}, {"socket, two shards", false, false}, {"http, one shard", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			other := shardMate(c.same)
			s := twoWorkspaces(t, c.overHTTP, other)
			keepApart(s, other)
		})
	}
}

// Order numbers that only one workspace speaks of.
const (
	hereOnly  = "2024112299887766554"
	thereOnly = "2024112300112233445"
)

func keepApart(s *stage, other string) {
	s.t.Helper()
	mine := s.post(li, teamRoom, mug)
	theirs := s.post(li, otherRoom, mug)
	s.carded(teamRoom, mine, "T-1", "待分派")
	card := s.carded(otherRoom, theirs, "T-1", "待分派")
	s.carded(teamRoom, s.post(li, teamRoom, "云朵家居 订单 "+hereOnly+" 发错颜色了，客户要换货"), "T-2", stageShop)
	last := s.carded(otherRoom, s.post(li, otherRoom, "云朵家居 订单 "+thereOnly+" 发错颜色了，客户要换货"), "T-2")
	if holds(last, stageShop) {
		s.t.Errorf("the other workspace's card names a shop of the first: %s", last.PlainText())
	}
	s.click(li, card, "claim")
	s.carded(otherRoom, theirs, "处理中", "Lee")
	s.look("both sides are done", func() bool { return s.sim.Unacked() == 0 && s.leftIn(team) == 0 && s.leftIn(other) == 0 })
	s.carded(teamRoom, mine, "待分派")

	s.shownOnly(teamRoom, hereOnly, thereOnly)
	s.shownOnly(otherRoom, thereOnly, hereOnly)
	if s.o.overHTTP {
		s.reachAcross(other)
	}
	s.jump(36 * time.Minute)
	s.calledOnly(team, other)
	s.calledOnly(other, team)
	s.ownTokens(other)
}

// shownOnly asks in a channel for what there is, and finds its own workspace's.
func (s *stage) shownOnly(room, own, others string) {
	s.t.Helper()
	if got := s.command(li, room, "show T-2"); strings.Contains(got, others) || !strings.Contains(got, own) {
		s.t.Errorf("/ticket show T-2 in %s says %q, want the order %s", room, got, own)
	}
	if got := s.command(li, room, "list"); strings.Contains(got, others) || strings.Count(got, "T-2") != 1 {
		s.t.Errorf("/ticket list in %s says %q, want one T-2", room, got)
	}
}

// calledOnly waits until the workspace's administrator is called for each of its tickets that nobody has answered or, being who
// opened it, claimed; and finds none of another's.
func (s *stage) calledOnly(ws, other string) {
	s.t.Helper()
	dm := s.sim.DMChannel(ws, wang)
	about := func(k tickets.Ticket) bool {
		return slices.ContainsFunc(s.sim.Messages(dm), func(m slacksim.Message) bool { return strings.Contains(string(m.Blocks), string(k.ID)) })
	}
	open := slices.DeleteFunc(s.ticketsOf(ws), func(k tickets.Ticket) bool {
		d, ok := k.Deadline(tickets.ClockFirstResponse)
		return !ok || !d.Running()
	})
	if len(open) == 0 {
		s.t.Errorf("no ticket of %s waits for its first answer", ws)
	}
	for _, k := range open {
		s.until(fmt.Sprintf("the administrator of %s is called to T-%d", ws, k.Number), func() bool { return about(k) })
	}
	for _, k := range s.ticketsOf(other) {
		if about(k) {
			s.t.Errorf("the administrator of %s is told of T-%d of %s", ws, k.Number, other)
		}
	}
}

// reachAcross presses a button in one workspace with the id of the other's ticket, as only somebody who forges can.
func (s *stage) reachAcross(other string) {
	s.t.Helper()
	before := s.tickets()
	for i, k := range before {
		press, err := json.Marshal(map[string]any{"type": "block_actions", "team": map[string]string{"id": other}, "user": map[string]string{"id": wang},
			"trigger_id": fmt.Sprintf("7.%d", i), "channel": map[string]string{"id": otherRoom}, "container": map[string]any{"type": "message", "channel_id": otherRoom},
			"actions": []map[string]string{{"type": "button", "action_id": "claim", "block_id": "b", "value": string(k.ID)}}})
		if err != nil {
			s.t.Fatal(err)
		}
		if code, body := s.sign("/slack/interactions", form, []byte(url.Values{"payload": {string(press)}}.Encode()), hexSecret); code != http.StatusOK {
			s.t.Errorf("a press is answered %d %s", code, body)
		}
	}
	s.look("the presses are taken", func() bool { return s.leftIn(other) == 0 })
	for i, k := range s.tickets() {
		if k.Version != before[i].Version || k.Assignee != "" {
			s.t.Errorf("T-%d is changed from another workspace: v%d, %q", k.Number, k.Version, k.Assignee)
		}
	}
}

// ownTokens makes sure that every call was made with the token of the workspace it was about.
func (s *stage) ownTokens(other string) {
	s.t.Helper()
	rooms, seen := map[string]string{teamRoom: team, otherRoom: other}, map[string]bool{}
	for _, c := range s.sim.Calls() {
		seen[c.Team] = true
		if of := rooms[c.Args["channel"]]; of != "" && of != c.Team || c.Error != "" && c.Error != "already_reacted" {
			s.t.Errorf("%s of %s in %s: %q", c.Method, c.Team, c.Args["channel"], c.Error)
		}
	}
	if !seen[team] || !seen[other] {
		s.t.Errorf("calls were made for %v only", seen)
	}
}

// leftIn is how much of a workspace's shard waits in Redis.
func (s *stage) leftIn(ws string) int64 {
	keys := redisshard.KeysOf("", tickets.ShardOf(tickets.WorkspaceID(ws), redisshard.DefaultShards))
	return s.rdb.XLen(context.Background(), keys.Inbox()).Val() + s.rdb.XLen(context.Background(), keys.Outbox()).Val()
}

// TestUninstalledWorkspace has the app in a workspace that the bot does not serve: what comes from there is acknowledged, so
// that Slack does not repeat it, and leaves no trace.
func TestUninstalledWorkspace(t *testing.T) {
	t.Parallel()
	for _, overHTTP := range []bool{false, true} {
		t.Run(fmt.Sprintf("http %v", overHTTP), func(t *testing.T) {
			t.Parallel()
			s := twoWorkspaces(t, overHTTP, shardMate(true))
			stray := s.post(li, strayRoom, mug)
			if got, err := s.sim.Command(li, strayRoom, "/ticket", "list"); err != nil || got.Text != "" {
				t.Errorf("/ticket list = %q, %v, want no answer", got.Text, err)
			}
			s.carded(teamRoom, s.post(li, teamRoom, mug), "T-1")
			s.settled()
			if said := s.sim.Thread(strayRoom, stray); slices.ContainsFunc(said, func(m slacksim.Message) bool { return m.BotID != "" }) {
				t.Errorf("the bot speaks where it is not installed: %v", said)
			}
			for _, c := range s.sim.Calls() {
				if c.Team == strayTeam {
					t.Errorf("%s was called for a workspace without an installation", c.Method)
				}
			}
			if keys, err := s.rdb.Keys(t.Context(), "*"+strayTeam+"*").Result(); err != nil || len(keys) > 0 {
				t.Errorf("Redis holds %v, %v", keys, err)
			}
			if _, body := s.get(s.app, "/metrics"); !strings.Contains(body, `gongdan_intake_total{kind="message",result="foreign"} 1`) {
				t.Error("/metrics does not count the delivery")
			}
		})
	}
}
