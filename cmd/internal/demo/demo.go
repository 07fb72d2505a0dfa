// Package demo is the workspace that a newcomer tries in the browser: a service team of three shops, filled with what was
// said today, and a story of five steps. It knows what people type and what must be seen; it decides nothing.
package demo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/world"
	"gongdan/tickets"
)

// Options say how the demonstration runs.
type Options struct {
	Lang   string // zh-CN or en: of the people and what they said
	Addr   string // where the page is, host:port on the loopback
	Speed  float64
	Seed   int64
	Binary string   // the gongdan program, for the bot's process
	Env    []string // of the bot's process, beside this one's
	BotLog io.Writer
	Zone   *time.Location
	// Patience is how long each expected thing may take; 0 = 15 s.
	Patience time.Duration
}

// Demo is a running demonstration.
type Demo struct {
	w     *world.World
	s     script
	story story
}

// Start fills the workspace, starts the bot and serves the page.
func Start(ctx context.Context, o Options) (*Demo, error) {
	s := scriptOf(o.Lang)
	o.Patience = cmp.Or(o.Patience, 15*time.Second)
	now := time.Now().In(o.Zone)
	w, err := world.New(ctx, world.Options{Binary: o.Binary, Args: []string{"demo-bot", "--company", "shops", "--lang", s.lang},
		Start: time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, o.Zone), Speed: o.Speed, Seed: o.Seed, Addr: o.Addr, Env: o.Env,
		BotLog: o.BotLog, Patience: o.Patience}, s.fill)
	if err != nil {
		return nil, err
	}
	d := &Demo{w: w, s: s, story: story{w: w, s: s, zone: o.Zone}}
	w.Sim.ServePage(d.page())
	if err := d.fill(ctx); err != nil {
		w.Close()
		return nil, err
	}
	return d, nil
}

// URL is where the page is.
func (d *Demo) URL() string { return d.w.Sim.URL() + "/" }

// Setting is one line about the limits and faults that are set.
func (d *Demo) Setting() string { return d.w.Sim.Setting() }

// Slack is the local Slack.
func (d *Demo) Slack() *slacksim.Sim { return d.w.Sim }

// Now is the simulated time.
func (d *Demo) Now() time.Time { return d.w.Clock.Now() }

// Jump moves the simulated time.
func (d *Demo) Jump(ctx context.Context, t time.Time) error { return d.w.Jump(ctx, t) }

// Steps are the story's, in order.
func (d *Demo) Steps() []slacksim.Step { return d.story.steps() }

// Ticket is the number of the ticket that the story is about, 0 before it has one. "Pull the plug" always makes a new one.
func (d *Demo) Ticket() tickets.Number { return d.story.current().Number }

// Close ends everything.
func (d *Demo) Close() { d.w.Close() }

// fill starts the bot and says what was said today, minute by minute.
func (d *Demo) fill(ctx context.Context) error {
	if err := d.w.StartBot(ctx); err != nil {
		return err
	}
	last := map[string]string{}
	at := d.w.Clock.Now()
	for _, m := range d.s.before {
		at = at.Add(7 * time.Minute)
		if err := d.w.Jump(ctx, at); err != nil {
			return err
		}
		if err := d.say(ctx, m, last); err != nil {
			return err
		}
	}
	return nil
}

// say says one thing and waits for what comes of it. last holds what was last said in each channel.
func (d *Demo) say(ctx context.Context, m said, last map[string]string) error {
	var opts []slacksim.PostOption
	if m.kind == reply {
		opts = append(opts, slacksim.InThread(last[m.where]))
	}
	ts, err := d.w.Sim.Post(m.who, m.where, m.text, opts...)
	if err != nil {
		return fmt.Errorf("%s says %q: %w", m.who, m.text, err)
	}
	if m.kind != reply {
		last[m.where] = ts
	}
	if m.kind == ticket {
		return d.w.Wait(ctx, fmt.Sprintf("%q has its card", m.text), func() bool { return len(d.w.Sim.Thread(m.where, ts)) > 1 })
	}
	return d.w.Wait(ctx, "the bot has heard it", func() bool { return d.w.Sim.Unacked() == 0 })
}

// page is the browser page with the story.
func (d *Demo) page() slacksim.PageOptions {
	return slacksim.PageOptions{Lang: "", Title: d.s.company, Start: slacksim.Place{As: li, Channel: cloudDesk}, Viewers: viewers(), Roles: roles,
		Clock: clock{d.w}, Plug: plug{d.w}, Story: d.story.steps(), Commands: []slacksim.CommandHint{{Command: command,
			Usage:       "new | list | mine | show 1 | claim 1 | urge 1 | help",
			Description: slacksim.Words{"zh-CN": "新建、查看、领取、催单、完结……", "en": "Open, show, claim, urge, resolve…"}}},
		Shortcuts: shortcuts()}
}

// shortcuts are those of the app in a message's menu.
func shortcuts() []slacksim.MenuShortcut {
	return []slacksim.MenuShortcut{
		{CallbackID: "make_message", Label: slacksim.Words{"zh-CN": "建工单", "en": "Make a ticket"}, Message: true},
		{CallbackID: "why_message", Label: slacksim.Words{"zh-CN": "为什么？", "en": "Why?"}, Message: true}}
}

// clock lets the page control the time.
type clock struct{ w *world.World }

func (c clock) Now() time.Time     { return c.w.Clock.Now() }
func (c clock) Speed() float64     { return c.w.Clock.State().Speed }
func (c clock) SetSpeed(s float64) { _ = c.w.SetSpeed(context.Background(), s) }
func (c clock) Jump(t time.Time)   { _ = c.w.Jump(context.Background(), t) }

// plug lets the page kill the bot and start it again.
type plug struct{ w *world.World }

func (p plug) Running() bool                   { return p.w.Running() }
func (p plug) Pull(context.Context) error      { p.w.Kill(); return nil }
func (p plug) Start(ctx context.Context) error { return p.w.StartBot(ctx) }
