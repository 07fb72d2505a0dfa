// Package tour tells one scripted story on the real bot: a local Slack, Redis in memory, and the bot as a child process that is
// really killed. It knows what people type and what must be seen; it decides nothing.
package tour

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/world"
	"gongdan/tickets"
)

// Options say how the story is told.
type Options struct {
	Lang   string // zh-CN or en
	Seed   int64  // of the local Slack's ids
	Binary string // the gongdan program, for the bot's process
	Out    io.Writer
	// BotLog gets the bot's errors; nil = nowhere.
	BotLog io.Writer
	// Patience is how long each expected thing may take; 0 = 10 s.
	Patience time.Duration
	// Without leaves out what is done in one step, to show that the story then fails. "" = nothing.
	Without string
}

// step is one thing that people do and what must be seen of it. Names are stable: Without refers to them.
type step struct {
	name string
	at   string // 15:04 when it begins, "" = the step moves the time itself
	do   func(context.Context, *tale) error
	see  func(context.Context, *tale) error
}

// tale is the story under way: what later steps need of earlier ones.
type tale struct {
	*world.World
	script
	o        Options
	said     map[string]string // ids of messages, by step
	answered string            // what the merchant was told
}

// Run tells the story and returns an error that names the first expected thing that was not seen.
func Run(ctx context.Context, o Options) error {
	s, err := scriptOf(o.Lang)
	if err != nil {
		return err
	}
	if o.Without != "" && !slices.Contains(Steps(), o.Without) {
		return fmt.Errorf("no step %q: choose one of %v", o.Without, Steps())
	}
	w, err := world.New(ctx, world.Options{Binary: o.Binary, Args: []string{"demo-bot", "--lang", o.Lang}, Start: begins(Policy(o.Lang).Zone),
		Seed: o.Seed, BotLog: o.BotLog, Patience: o.Patience}, func(sim *slacksim.Sim) { populate(sim, s) })
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.StartBot(ctx); err != nil {
		return err
	}
	t := &tale{World: w, script: s, o: o, said: map[string]string{}}
	for _, st := range steps {
		if err := t.tellStep(ctx, st); err != nil {
			return fmt.Errorf("step %s: %w", st.name, err)
		}
	}
	return t.end(ctx)
}

// Steps are the names of the story's steps.
func Steps() []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
	}
	return names
}

func (t *tale) tellStep(ctx context.Context, s step) error {
	if s.at != "" {
		if err := t.jump(ctx, s.at); err != nil {
			return err
		}
	}
	if t.o.Without != s.name {
		if err := s.do(ctx, t); err != nil {
			return err
		}
	}
	if err := s.see(ctx, t); err != nil {
		return err
	}
	_, err := fmt.Fprintf(t.o.Out, "\n%s  %s\n", t.Clock.Now().Format("15:04"), t.tell[s.name])
	if err == nil {
		err = t.show(s.name)
	}
	return err
}

// jump moves the tickets' time to a time of the story's day.
func (t *tale) jump(ctx context.Context, clock string) error {
	of, err := time.Parse("15:04", clock)
	if err != nil {
		return err
	}
	now := t.Clock.Now()
	return t.Jump(ctx, time.Date(now.Year(), now.Month(), now.Day(), of.Hour(), of.Minute(), 0, 0, now.Location()))
}

// decision is what became of a message: "" while it is unknown.
func (t *tale) decision(ctx context.Context, ts string) string {
	s, ok, err := t.Store.Seen(ctx, Team, desk, ts)
	if err != nil || !ok {
		return ""
	}
	return s.Decision
}

// all are the tickets there are; none while the store does not answer.
func (t *tale) all(ctx context.Context) []tickets.Ticket {
	page, err := t.Store.List(ctx, Team, tickets.Query{By: tickets.ByCreated, Limit: 100})
	if err != nil {
		return nil
	}
	return page.Tickets
}
