package app

import (
	"context"
	"encoding/json"
	"time"

	"gongdan/bot"
	"gongdan/bot/slackapi"
	"gongdan/tickets"
)

// atOnce answers what changes nothing: it reports false for what must be kept.
func (a *App) atOnce(ctx context.Context, p *parts, e bot.Envelope, in bot.Input) (payload json.RawMessage, done bool) {
	if o, trigger, ok := bot.FormOf(in); ok {
		a.open(p, e.Workspace, o, trigger, in)
		return nil, true
	}
	switch {
	case in.Opened != nil:
		a.home(p, e.Workspace, in.Opened.User)
		return nil, true
	case in.Form != nil:
		return a.check(ctx, p, e.Workspace, *in.Form)
	case bot.IsRead(in):
		return a.answer(ctx, p, e, in), true
	}
	return nil, false
}

// openWithin is how long opening and filling a form may take; what is not filled by then is finished by the shard's owner.
const openWithin = 5 * time.Second

// open opens a form by itself. Where that fails, the press is answered privately instead.
func (a *App) open(p *parts, ws tickets.WorkspaceID, o bot.Opening, trigger string, in bot.Input) {
	began := a.errands.run(ws, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, openWithin)
		defer cancel()
		err := p.forms.Open(ctx, ws, o, trigger)
		if err == nil {
			return
		}
		a.log.Warn("form not opened", "workspace", ws, "form", o.Kind, "err", err)
		v := bot.NotSaved(a.words, a.langOf(ctx, p, ws, o.User))
		if bot.IsRead(in) {
			if menu, err := p.talk.Answer(ctx, ws, in); err == nil {
				v = menu
			}
		}
		a.respond(p, ws, pressOf(in), v)
	})
	if !began {
		a.log.Warn("form not opened: too many answers are under way, or the bot is stopping", "workspace", ws, "form", o.Kind)
	}
}

// pressOf is where an input that opens a form is answered privately.
func pressOf(in bot.Input) bot.Click {
	if in.Command != nil {
		return bot.Click{Channel: in.Command.Channel, User: in.Command.User, Respond: in.Command.Respond, Action: in.Command.Name}
	}
	return *in.Click
}

// home draws somebody's home page by itself.
func (a *App) home(p *parts, ws tickets.WorkspaceID, u tickets.UserID) {
	a.errands.run(ws, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, openWithin)
		defer cancel()
		h, err := p.talk.Home(ctx, ws, u)
		if err == nil {
			err = p.windows.Publish(ctx, ws, u, h)
		}
		if err != nil {
			a.log.Warn("home page not drawn", "workspace", ws, "err", err)
		}
	})
}

// checkWithin is how long looking at a submission may take, within the three seconds that Slack waits.
const checkWithin = 1500 * time.Millisecond

// check looks at a submission: what is wrong with it is said at its fields and nothing is kept.
func (a *App) check(ctx context.Context, p *parts, ws tickets.WorkspaceID, s bot.Submission) (json.RawMessage, bool) {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	bad, err := p.talk.Check(ctx, ws, s)
	if err != nil {
		a.log.Warn("form not looked at", "workspace", ws, "form", s.Kind, "err", err)
		return a.formNotSaved(ctx, p, ws, s), true
	}
	if len(bad) == 0 {
		return nil, false
	}
	return slackapi.FieldErrorsPayload(bad), true
}

// formNotSaved says at a form's first field that it was not kept.
func (a *App) formNotSaved(ctx context.Context, p *parts, ws tickets.WorkspaceID, s bot.Submission) json.RawMessage {
	text := bot.NotSaved(a.words, a.langOf(ctx, p, ws, s.User)).Summary
	return slackapi.FieldErrorsPayload(bot.FieldErrors{bot.FirstField(s.Kind): text})
}

// gaps makes what finds again what was said while nobody listened.
func (a *App) gaps(p *parts, s tickets.Shard, epoch int64) *bot.Gaps {
	g := &bot.Gaps{Epoch: epoch, Past: p.past, Intake: p.inbox, Decoder: p.decoder, Store: p.store, Now: a.o.Clock.Now,
		Wall: time.Now, Pace: a.o.Pace, Log: a.log, Heard: p.heard.last, RunID: p.runID(a.rdb),
		Progress: func(g bot.GapProgress) { a.metrics.gap(s, g) },
		Workspaces: func() []tickets.WorkspaceID {
			var out []tickets.WorkspaceID
			for _, ws := range a.workspaces(context.Background(), p) {
				if tickets.ShardOf(ws, p.shards) == s {
					out = append(out, ws)
				}
			}
			return out
		}}
	if p.socket != nil {
		g.Hearing = p.socket.Healthy
	}
	return g
}
