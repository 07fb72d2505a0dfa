package app

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/intents/linear"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/storetest"
)

// corrected are the corrections that are kept.
func (s *stage) corrected() []corrections.Row {
	s.t.Helper()
	rows, _, err := corrections.Rows(s.t.Context(), bot.Docs{Store: s.store, Workspace: team}, s.clock.Now(), time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// What the bot was unsure about waits in a list that whoever works there opens and decides about, each by one press; shortcuts
// of a message make a ticket of it and explain it. All of it is kept as corrections.
func TestPossibleMissesInSlack(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	const doubtful, chat = "买家那个事你们看下呗", "晚上一起打球"
	ts := s.post(anna, teamRoom, doubtful)
	s.whispered(teamRoom, anna, "Make a ticket of this?", "Why?")
	list := s.command(wang, teamRoom, "漏单")
	if !strings.Contains(list, "疑似漏单 1 条") || !strings.Contains(list, doubtful) {
		t.Fatalf("list = %q", list)
	}
	if !strings.Contains(s.blocksOf(wang), "slack.com/archives/"+teamRoom+"/p"+strings.Replace(ts, ".", "", 1)) {
		t.Errorf("the list does not lead to the message: %s", s.blocksOf(wang))
	}
	s.sim.OpenHome(team, li)
	s.until("the home page counts it", func() bool { return strings.Contains(s.homePage(), "疑似漏单 1 条") })

	msgs := s.sim.Ephemerals(teamRoom, wang)
	s.click(wang, msgs[len(msgs)-1], bot.ActMake)
	s.carded(teamRoom, ts)
	s.settled()
	if got := s.command(li, teamRoom, "漏单"); !strings.Contains(got, "没有疑似漏单") {
		t.Errorf("after it was decided: %q", got)
	}
	if got := s.corrected(); len(got) != 1 || got[0].Role != "supervisor" || got[0].Label == corrections.NotATicket {
		t.Errorf("kept %+v", got)
	}
	s.shortcuts(chat)
}

// blocksOf is the last private message to somebody as Slack got it.
func (s *stage) blocksOf(who string) string {
	msgs := s.sim.Ephemerals(teamRoom, who)
	return string(msgs[len(msgs)-1].Blocks)
}

func (s *stage) shortcuts(chat string) {
	s.t.Helper()
	passed := s.post(anna, teamRoom, chat)
	if got := s.decided(teamRoom, passed); got != "ignore" {
		s.t.Fatalf("%q became %s", chat, got)
	}
	use := func(who, id string) {
		s.t.Helper()
		if err := s.sim.MessageShortcut(who, teamRoom, passed, id); err != nil {
			s.t.Fatal(err)
		}
	}
	use(li, bot.ActWhyMessage)
	s.whispered(teamRoom, li, "这条消息没有建工单", "不像工单")
	use(anna, bot.ActWhyMessage)
	s.whispered(teamRoom, anna, "No ticket was made of this message", "does not read like a ticket")
	use(li, bot.ActMakeMessage)
	s.carded(teamRoom, passed)
	s.whispered(teamRoom, li, "已建工单")
	use(li, bot.ActWhyMessage)
	s.whispered(teamRoom, li, "把握")
	card, _ := s.card(teamRoom, passed)
	s.click(li, card, bot.ActMore)
	menu := s.whispered(teamRoom, li, "的更多操作")
	if err := s.sim.Select(li, teamRoom, menu.TS, bot.ActTypeTo, "care|"+string(s.ticket(teamRoom, passed).ID)); err != nil {
		s.t.Fatal(err)
	}
	s.settled()
	got := s.corrected()
	if last := got[len(got)-1]; len(got) != 2 || last.Label != "care" || last.Was != corrections.NotATicket || last.Role != "agent" {
		s.t.Errorf("kept %+v", got)
	}
}

// teach commits corrections as if people had made them, numbered from some number on.
func (s *stage) teach(from, n int) {
	s.t.Helper()
	ctx := s.t.Context()
	for i := from; i < from+n; i++ {
		forms := []string{"%s号库又见底了%d", "%s那款没影了%d", "%s又卖空啦%d", "%s的货架空了%d"}
		r := corrections.Row{ID: fmt.Sprint(i), At: s.clock.Now(), Role: "agent", By: "local", Did: "ask", Was: "complaint", Label: "stockout",
			Text: fmt.Sprintf(forms[i%4], string(rune('甲'+i/4%10)), i)}
		s.look("the correction is kept", func() bool {
			list, err := corrections.Add(ctx, bot.Docs{Store: s.store, Workspace: team}, r)
			if err != nil {
				s.t.Fatal(err)
			}
			_, err = s.store.Commit(ctx, tickets.Change{Workspace: team, Epoch: s.epoch(), Docs: bot.DocWrites(list)})
			if err != nil && !errors.Is(err, tickets.ErrStaleLease) && !errors.Is(err, tickets.ErrConflict) {
				s.t.Fatal(err)
			}
			return err == nil
		})
	}
}

// learner is a bot whose models learn from a part of what the built-in one did, and so in a fraction of the time.
func (s *stage) learner(o Options) *App {
	s.t.Helper()
	a := s.build(o)
	whole := a.minds.base
	a.minds.base = func() (corrections.Base, error) {
		b, err := whole()
		var rows []linear.Row
		for i, r := range b.Rows {
			if i%4 == 0 && r.Split != "test" {
				rows = append(rows, r)
			}
		}
		b.Rows = rows
		return b, err
	}
	if err := a.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.stop(a) })
	s.ready(a)
	return a
}

// A workspace that corrects enough gets a model of its own, on all replicas; its rules can keep it to the built-in one.
func TestOwnModel(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{redis: storetest.StartRedis(t), unlit: true})
	fast := s.options()
	fast.Lessons, fast.TrainWithin = 100*time.Millisecond, time.Hour
	a, b := s.learner(fast), s.learner(fast)
	said := intents.Message{Text: "那款茶壶又卖空啦", Now: s.clock.Now()}
	before, _ := a.minds.of(team).Guess(said)
	s.teach(0, 80)
	s.look("both use the workspace's own model", func() bool { return a.minds.version(team) == 1 && b.minds.version(team) == 1 })
	for _, x := range []*App{a, b} {
		if label, p := x.minds.of(team).Guess(said); label != "stockout" || p < 0.5 {
			t.Errorf("the own model says %s, %.2f", label, p)
		}
		if label, _ := x.minds.of("T0OTHER").Guess(said); label != before {
			t.Errorf("another workspace's model says %s, want %s", label, before)
		}
	}
	_, metrics := s.get(a, "/metrics")
	for _, line := range []string{`gongdan_own_model{what="version"} 1`, `gongdan_own_model{what="score"} 1`} {
		s.look(line, func() bool { _, metrics = s.get(a, "/metrics"); return strings.Contains(metrics, line) })
	}
	s.ownLimits(a, b)
	policy := stagePolicy()
	policy.Model.OwnOff = true
	o := fast
	o.Policies = Fixed(policy)
	c := s.learner(o)
	s.look("the rules are looked at", func() bool {
		_, m := s.get(c, "/metrics")
		return strings.Contains(m, `gongdan_own_model{what="version"} 0`)
	})
	if label, _ := c.minds.of(team).Guess(said); label != before {
		t.Errorf("where the rules keep the built-in model it says %s, want %s", label, before)
	}
	if got := c.minds.of(team).LimitsIn(intents.Careful); got != intents.Careful.Limits() {
		t.Errorf("where the rules keep the built-in model its thresholds are %+v", got)
	}
	s.rolledBack(a, b)
}

// ownLimits finds the thresholds that were chosen with the workspace's model in Redis, and in use on all replicas, for that
// workspace alone.
func (s *stage) ownLimits(all ...*App) {
	s.t.Helper()
	state, err := corrections.ReadState(s.t.Context(), bot.Docs{Store: s.store, Workspace: team})
	if err != nil {
		s.t.Fatal(err)
	}
	v, _ := state.InUse()
	s.t.Logf("thresholds %+v", v.Limits)
	if len(v.Limits) == 0 {
		s.t.Error("none were chosen: teach something else")
	}
	for _, x := range all {
		for _, m := range corrections.Modes() {
			if got := x.minds.of(team).LimitsIn(m); got != v.LimitsIn(m) {
				s.t.Errorf("%s: %+v are in use, want %+v", m, got, v.LimitsIn(m))
			}
			if got := x.minds.of("T0OTHER").LimitsIn(m); got != m.Limits() {
				s.t.Errorf("%s: another workspace has %+v", m, got)
			}
		}
	}
}

// rolledBack has the model in use damaged: the next look takes it back, and its thresholds with it.
func (s *stage) rolledBack(all ...*App) {
	s.t.Helper()
	const model = "model/1"
	s.look("the stored model is damaged", func() bool {
		doc, err := s.store.Doc(s.t.Context(), team, model)
		if err != nil {
			s.t.Fatal(err)
		}
		_, err = s.store.Commit(s.t.Context(), tickets.Change{Workspace: team, Epoch: s.epoch(),
			Docs: []tickets.DocWrite{{Key: model, Expect: doc.Version, Body: []byte(`{"n":1,"model":"AAAA"}`)}}})
		return err == nil
	})
	s.teach(80, 1)
	for _, x := range all {
		s.look("the built-in model serves again", func() bool { return x.minds.version(team) == 0 })
		for _, m := range corrections.Modes() {
			if got := x.minds.of(team).LimitsIn(m); got != m.Limits() {
				s.t.Errorf("%s after the roll-back: %+v", m, got)
			}
		}
	}
}

// epoch is that of the shard's present owner.
func (s *stage) epoch() int64 {
	s.t.Helper()
	holder, err := redisshard.HolderOf(s.t.Context(), s.rdb, redisshard.KeysOf("", tickets.ShardOf(team, redisshard.DefaultShards)), time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return holder.Epoch
}

// A training that takes too long is given up, and what is in use stays.
func TestTrainingIsBounded(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{unlit: true})
	o := s.options()
	o.Lessons, o.TrainWithin = 50*time.Millisecond, time.Nanosecond
	a := s.learner(o)
	s.teach(0, 80)
	s.look("it is given up", func() bool { return s.log.has("the training takes longer than 1ns") })
	if v := a.minds.version(team); v != 0 {
		t.Errorf("version %d is in use", v)
	}
}
