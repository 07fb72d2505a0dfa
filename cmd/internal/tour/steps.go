package tour

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongdan/bot/slacksim"
)

var steps = []step{
	{"order", "09:00", post(agentEn, "order", func(t *tale) string { return t.order }), func(ctx context.Context, t *tale) error {
		return t.seeCard(ctx, "order", t.orderNo, t.orderType)
	}},
	{"burst", "09:05", postBurst, func(ctx context.Context, t *tale) error {
		return t.seeCard(ctx, "burst", t.burstOrder)
	}},
	{"chat", "09:12", post(agent, "chat", func(t *tale) string { return t.chat }), func(ctx context.Context, t *tale) error {
		return t.WaitStore(ctx, "the small talk is ignored", func() bool { return t.decision(ctx, t.said["chat"]) == "ignore" })
	}},
	{"unsure", "09:20", askAndMake, func(ctx context.Context, t *tale) error { return t.seeCard(ctx, "unsure") }},
	{"other", "09:31", post(agentEn, "other", func(t *tale) string { return t.other }), func(ctx context.Context, t *tale) error {
		return t.seeCard(ctx, "other")
	}},
	{"platform", "09:40", post(lead, "platform", func(t *tale) string { return t.platform }), seePlatform},
	{"urge", "10:05", urge, func(_ context.Context, t *tale) error {
		if !strings.Contains(t.answered, t.urged) {
			return fmt.Errorf("the merchant was answered %q, want %q in it", t.answered, t.urged)
		}
		return nil
	}},
	{"claim", "10:10", press(agentEn, "order", "claim"), func(ctx context.Context, t *tale) error {
		return t.seeCard(ctx, "order", t.working)
	}},
	{"wait", "10:20", chooseWait, func(ctx context.Context, t *tale) error { return t.seeCard(ctx, "order", t.waiting) }},
	{"answer", "10:30", answerSecond, seeAnswered},
	{"remind", "", func(ctx context.Context, t *tale) error { return t.jump(ctx, "11:30") }, func(ctx context.Context, t *tale) error {
		return t.seeOnce(ctx, agent, t.reminder)
	}},
	{"kill", "", killAcross, func(ctx context.Context, t *tale) error {
		return errors.Join(t.seeOnce(ctx, agent, t.breach), t.seeOnce(ctx, lead, t.escalation))
	}},
	{"ack", "12:05", pressAck, func(ctx context.Context, t *tale) error {
		return t.Wait(ctx, "everybody sees who is on it", func() bool {
			return count(t.Sim.Thread(desk, t.said["platform"]), t.acked) == 1
		})
	}},
	{"quiet", "", quietHour, func(_ context.Context, t *tale) error {
		pings := count(t.Sim.DM(agent), t.breach) + count(t.Sim.DM(agent), t.reminder) + count(t.Sim.DM(lead), t.escalation)
		if pings != 3 {
			return fmt.Errorf("%d pings after all, want 3", pings)
		}
		return nil
	}},
}

// post makes a step in which somebody says something in the team's channel.
func post(who, name string, text func(*tale) string) func(context.Context, *tale) error {
	return func(_ context.Context, t *tale) error {
		ts, err := t.Sim.Post(who, desk, text(t))
		t.said[name] = ts
		return err
	}
}

func postBurst(ctx context.Context, t *tale) error {
	for i, text := range t.burst {
		ts, err := t.Sim.Post(agent, desk, text)
		if err != nil {
			return err
		}
		if i == 0 {
			t.said["burst"] = ts
			if err := t.seeCard(ctx, "burst"); err != nil {
				return err
			}
		}
	}
	return t.seeCard(ctx, "burst", t.burstOrder)
}

// card is the ticket's card in the thread of a message; false if there is none.
func (t *tale) card(name string) (slacksim.Message, bool) {
	if t.said[name] == "" {
		return slacksim.Message{}, false
	}
	for _, m := range t.Sim.Thread(desk, t.said[name]) {
		if m.BotID != "" && strings.Contains(string(m.Metadata), `"card:`) {
			return m, true
		}
	}
	return slacksim.Message{}, false
}

// seeCard waits for a card with these words in the thread of a message.
func (t *tale) seeCard(ctx context.Context, name string, words ...string) error {
	err := t.Wait(ctx, fmt.Sprintf("the card of %q shows %q", name, words), func() bool {
		m, ok := t.card(name)
		for _, w := range words {
			ok = ok && strings.Contains(m.PlainText(), w)
		}
		return ok
	})
	if m, ok := t.card(name); err != nil && ok {
		err = fmt.Errorf("%w; it shows:\n%s", err, m.PlainText())
	}
	return err
}

func askAndMake(ctx context.Context, t *tale) error {
	if err := post(agent, "unsure", func(t *tale) string { return t.unsure })(ctx, t); err != nil {
		return err
	}
	var asked slacksim.Message
	err := t.Wait(ctx, "the author is asked", func() bool {
		for _, m := range t.Sim.Ephemerals(desk, agent) {
			if strings.Contains(m.PlainText(), t.makeLabel) {
				asked = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return t.Sim.Click(agent, desk, asked.TS, "make")
}

func seePlatform(ctx context.Context, t *tale) error {
	return errors.Join(t.seeCard(ctx, "platform", t.platformNo, t.deadline),
		t.Wait(ctx, "the new assignee is told", func() bool { return len(t.Sim.DM(agent)) >= 1 }))
}

// urge has the merchant urge, and keeps what they are answered.
func urge(ctx context.Context, t *tale) error {
	if _, err := t.Sim.Command(merchant, shop, "/ticket", t.script.urge); err != nil {
		return err
	}
	return t.Wait(ctx, "the merchant is answered", func() bool {
		for _, m := range t.Sim.Ephemerals(shop, merchant) {
			t.answered = m.PlainText()
		}
		return t.answered != ""
	})
}

// press makes a step in which somebody presses a button of a card.
func press(who, name, action string) func(context.Context, *tale) error {
	return func(ctx context.Context, t *tale) error {
		if err := t.seeCard(ctx, name); err != nil {
			return err
		}
		m, _ := t.card(name)
		return t.Sim.Click(who, desk, m.TS, action)
	}
}

// chooseWait has Anna say in the form that the warehouse must answer first.
func chooseWait(ctx context.Context, t *tale) error {
	if err := press(agentEn, "order", "wait")(ctx, t); err != nil {
		return err
	}
	err := t.Wait(ctx, "the form opens", func() bool {
		return slices.ContainsFunc(t.Sim.Views(agentEn), func(v slacksim.View) bool { return v.State["party"] != nil })
	})
	if err != nil {
		return err
	}
	got, err := t.Sim.Submit(agentEn, map[string]string{"party": "warehouse"})
	if err == nil && len(got.Errors) > 0 {
		err = fmt.Errorf("the form is refused: %v", got.Errors)
	}
	return err
}

// answerSecond has a second ticket of the marketplace answered long before its deadline.
func answerSecond(ctx context.Context, t *tale) error {
	text := strings.NewReplacer(t.platformNo, t.platformNo+"1", "12:00", "18:00", "12点", "18点").Replace(t.platform)
	if err := post(agent, "answer", func(*tale) string { return text })(ctx, t); err != nil {
		return err
	}
	return press(agent, "answer", "answer")(ctx, t)
}

func seeAnswered(ctx context.Context, t *tale) error {
	return t.WaitStore(ctx, "the answer is recorded", func() bool {
		for _, k := range t.all(ctx) {
			if k.Source.TS == t.said["answer"] && !k.Answered.IsZero() {
				return true
			}
		}
		return false
	})
}

// seeOnce waits until somebody's direct messages hold a ping, and checks that it is one.
func (t *tale) seeOnce(ctx context.Context, who, words string) error {
	err := t.Wait(ctx, fmt.Sprintf("%s is told %q", who, words), func() bool { return count(t.Sim.DM(who), words) > 0 })
	if err != nil {
		return err
	}
	if n := count(t.Sim.DM(who), words); n != 1 {
		return fmt.Errorf("%s was told %q %d times, want once", who, words, n)
	}
	return nil
}

// count is how many messages of the bot hold the words.
func count(list []slacksim.Message, words string) int {
	n := 0
	for _, m := range list {
		if m.BotID != "" && !m.Deleted && strings.Contains(m.PlainText(), words) {
			n++
		}
	}
	return n
}

func killAcross(ctx context.Context, t *tale) error {
	if err := t.jump(ctx, "11:58"); err != nil {
		return err
	}
	t.Kill()
	if err := t.jump(ctx, "12:03"); err != nil {
		return err
	}
	return t.StartBot(ctx)
}

func pressAck(ctx context.Context, t *tale) error {
	for _, m := range t.Sim.DM(lead) {
		if strings.Contains(m.PlainText(), t.escalation) {
			return t.Sim.Click(lead, m.Channel, m.TS, "ack")
		}
	}
	return errors.New("there is no escalation to acknowledge")
}

// quietHour lets an hour pass and makes sure that the bot has come through it: a message said after it is answered.
func quietHour(ctx context.Context, t *tale) error {
	if err := t.jump(ctx, "13:03"); err != nil {
		return err
	}
	if err := post(agentEn, "after", func(t *tale) string { return t.chat })(ctx, t); err != nil {
		return err
	}
	return t.WaitStore(ctx, "the bot goes on", func() bool { return t.decision(ctx, t.said["after"]) == "ignore" })
}
