package tour

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// show prints what people see of a step: who said what, and what the bot answered where.
func (t *tale) show(name string) error {
	for _, s := range t.speeches(name) {
		if err := s.print(t.o.Out); err != nil {
			return err
		}
	}
	return nil
}

// speeches are what was said in a step.
func (t *tale) speeches(name string) []speech {
	out := t.typed(name)
	bot := func(where string, m slacksim.Message, ok bool) {
		if ok {
			out = append(out, speech{where, compact(m, t.nameOf)})
		}
	}
	switch name {
	case "order", "burst", "other", "platform":
		m, ok := t.card(name)
		bot(t.botName, m, ok)
	case "unsure":
		m, ok := last(t.Sim.Ephemerals(desk, agent), t.makeLabel)
		bot(t.botName, m, ok)
		out = append(out, speech{t.names[agent], []string{"[" + t.makeWords + "]"}})
		if m, ok = t.card(name); ok {
			out = append(out, speech{t.botName, compact(m, t.nameOf)[:1]})
		}
	case "urge":
		m, ok := last(t.Sim.Ephemerals(shop, merchant), "")
		bot(t.botName, m, ok)
	case "answer":
		if m, ok := t.card(name); ok {
			out = append(out, speech{t.botName, compact(m, t.nameOf)[:1]})
		}
	case "claim", "wait":
		if m, ok := t.card("order"); ok {
			out = append(out, speech{t.botName, compact(m, t.nameOf)[:1]})
		}
	case "remind":
		m, ok := last(t.Sim.DM(agent), t.reminder)
		bot(t.toward+t.names[agent], m, ok)
	case "kill":
		m, ok := last(t.Sim.DM(agent), t.breach)
		bot(t.toward+t.names[agent], m, ok)
		m, ok = last(t.Sim.DM(lead), t.escalation)
		bot(t.toward+t.names[lead], m, ok)
	case "ack":
		m, ok := last(t.Sim.Thread(desk, t.said["platform"]), t.acked)
		bot(t.botName, m, ok)
	}
	return out
}

// typed is what people typed in a step.
func (t *tale) typed(name string) (out []speech) {
	if name == "quiet" {
		name = "after" // what was said to see that the bot goes on
	}
	if name == "urge" {
		return []speech{{t.names[merchant], []string{"/ticket " + t.script.urge}}}
	}
	for _, m := range t.Sim.Messages(desk) {
		inBurst := name == "burst" && slices.Contains(t.burst, m.PlainText())
		if m.BotID == "" && (inBurst || m.TS == t.said[name]) {
			out = append(out, speech{t.nameOf(m.User), []string{t.named(m.PlainText())}})
		}
	}
	return out
}

// named shows mentions of people as they are typed.
func (t *tale) named(text string) string {
	for id, name := range t.names {
		text = strings.ReplaceAll(text, "<@"+id+">", "@"+name)
	}
	return text
}

// last is the newest message of the bot with some words in it.
func last(list []slacksim.Message, words string) (slacksim.Message, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if (list[i].BotID != "" || list[i].User == botUser) && strings.Contains(list[i].PlainText(), words) {
			return list[i], true
		}
	}
	return slacksim.Message{}, false
}

func (t *tale) nameOf(user string) string {
	if n := t.names[user]; n != "" {
		return n
	}
	return user
}

// totals are the story's counts.
type totals struct {
	messages, tickets, ignored, before, overdue, escalated, early, doubled int
}

// end counts, prints and judges.
func (t *tale) end(ctx context.Context) error {
	n := t.count(ctx)
	_, err := fmt.Fprintf(t.o.Out, "\n"+t.ends+"\n", n.messages, n.tickets, n.ignored, n.before+n.overdue+n.escalated,
		n.before, n.overdue, n.escalated, n.early, n.doubled)
	if err != nil {
		return err
	}
	want := totals{messages: len(t.burst) + 7, tickets: 6, ignored: 2, before: 1, overdue: 1, escalated: 1}
	if n != want {
		return fmt.Errorf("the story ends with %+v, want %+v", n, want)
	}
	return nil
}

func (t *tale) count(ctx context.Context) totals {
	n := totals{tickets: len(t.all(ctx))}
	for _, m := range t.Sim.Messages(desk) {
		if m.BotID == "" && m.User != botUser {
			n.messages++
			if t.decision(ctx, m.TS) == "ignore" {
				n.ignored++
			}
		}
	}
	var due time.Time
	for _, k := range t.all(ctx) {
		if d, ok := k.Deadline(tickets.ClockPlatform); ok && k.Source.TS == t.said["platform"] {
			due = d.Due
		}
	}
	seen := map[string]bool{}
	tally := func(list []slacksim.Message, words string, to *int, from time.Time) {
		for _, m := range list {
			if m.BotID == "" || !strings.Contains(m.PlainText(), words) {
				continue
			}
			*to++
			if m.Sent.Before(from) {
				n.early++
			}
			if key := m.Channel + string(m.Metadata); seen[key] {
				n.doubled++
			} else {
				seen[key] = true
			}
		}
	}
	tally(t.Sim.DM(agent), t.reminder, &n.before, due.Add(-30*time.Minute))
	tally(t.Sim.DM(agent), t.breach, &n.overdue, due)
	tally(t.Sim.DM(lead), t.escalation, &n.escalated, due)
	return n
}
