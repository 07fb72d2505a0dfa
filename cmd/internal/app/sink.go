package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/bot"
	"gongdan/bot/slackapi"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// Slack waits three seconds for an acknowledgement.
const (
	keepWithin   = 2 * time.Second
	answerWithin = 2 * time.Second
)

// sink takes what a transport received: reads are answered here and now, everything else is kept before it is acknowledged.
func (a *App) sink(p *parts) slackapi.Sink {
	return func(ctx context.Context, e bot.Envelope, h slackapi.Hint) (json.RawMessage, error) {
		began := time.Now()
		payload, result, err := a.take(ctx, p, e)
		a.metrics.intake.WithLabelValues(string(e.Kind), result).Inc()
		a.metrics.ack.Observe(time.Since(began).Seconds())
		return payload, err
	}
}

func (a *App) take(ctx context.Context, p *parts, e bot.Envelope) (json.RawMessage, string, error) {
	switch _, err := p.installs.Get(ctx, e.Workspace); {
	case errors.Is(err, tickets.ErrNotFound):
		// Acknowledged all the same: Slack would deliver it again, and in the end take the app's address for dead.
		a.log.Warn("delivery for a workspace in which the bot is not installed", "workspace", e.Workspace, "kind", e.Kind)
		return nil, "foreign", nil
	case err != nil:
		return nil, "refused", fmt.Errorf("keep %s: %w", e.Kind, err)
	}
	p.people.Observe(e)
	e.Received = a.o.Clock.Now() // what people type is about tickets' time
	if e.Kind != bot.KindMessage {
		if payload, done := a.atOnce(ctx, p, e, p.decoder.Decode(e)); done {
			return payload, "read", nil
		}
	}
	keep, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	dup, err := p.inbox.Append(keep, e)
	switch {
	case err != nil:
		payload, err := a.notSaved(ctx, p, e, fmt.Errorf("keep %s: %w", e.Kind, err))
		return payload, "refused", err
	}
	p.heard.now() // only what is kept counts: the mark of what was heard goes by it
	switch {
	case dup:
		return nil, "repeat", nil
	case e.Kind == bot.KindForm:
		return slackapi.ClosePayload(), "stored", nil
	}
	return nil, "stored", nil
}

// answer reads and answers privately: a command within its acknowledgement, a press at the address it brought along.
func (a *App) answer(ctx context.Context, p *parts, e bot.Envelope, in bot.Input) json.RawMessage {
	read, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	v, err := p.talk.Answer(read, e.Workspace, in)
	if err != nil {
		a.log.Warn("question not answered", "workspace", e.Workspace, "err", err)
	}
	if in.Command != nil {
		inst, _ := p.installs.Get(ctx, e.Workspace) // without it nothing is a link
		return slackapi.LinkedAck(v, inst.Home)
	}
	// The press is acknowledged at once; its answer follows by itself.
	a.respond(p, e.Workspace, *in.Click, v)
	return nil
}

// respond answers a press privately, by itself: nobody waits for it.
func (a *App) respond(p *parts, ws tickets.WorkspaceID, k bot.Click, v bot.View) {
	began := a.errands.run(ws, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, 2*answerWithin)
		defer cancel()
		if k.Respond != "" && a.api.Respond(ctx, k.Respond, string(k.Thread), v) == nil {
			return
		}
		err := p.tell(ctx, ws, k, v)
		if err != nil && !errors.Is(err, context.Canceled) {
			a.log.Warn("press not answered", "workspace", ws, "action", k.Action, "err", err)
		}
	})
	if !began {
		a.log.Warn("press not answered: too many answers are under way, or the bot is stopping", "workspace", ws, "action", k.Action)
	}
}

// tell says something to whoever pressed, where that was; what was pressed on the home page has no such place and is answered
// directly.
func (p *parts) tell(ctx context.Context, ws tickets.WorkspaceID, k bot.Click, v bot.View) error {
	if k.Channel != "" {
		return p.voice.Whisper(ctx, ws, bot.Post{Channel: k.Channel, Thread: k.Thread, View: v}, k.User)
	}
	ch, err := p.voice.Direct(ctx, ws, k.User)
	if err != nil {
		return err
	}
	_, err = p.voice.Post(ctx, ws, bot.Post{Channel: ch, View: v})
	return err
}

// notSaved says honestly that a press or command was not kept: nobody delivers it again. A press stays unacknowledged, so
// that Slack marks it too; a command's acknowledgement carries the words, which Slack's own error would hide.
func (a *App) notSaved(ctx context.Context, p *parts, e bot.Envelope, cause error) (json.RawMessage, error) {
	in := p.decoder.Decode(e)
	switch {
	case in.Command != nil:
		a.log.Warn("command not kept", "workspace", e.Workspace, "err", cause)
		return slackapi.AckPayload(bot.NotSaved(a.words, a.langOf(ctx, p, e.Workspace, in.Command.User))), nil
	case in.Click != nil:
		v := bot.NotSaved(a.words, a.langOf(ctx, p, e.Workspace, in.Click.User))
		a.respond(p, e.Workspace, *in.Click, v)
	case in.Form != nil:
		a.log.Warn("form not kept", "workspace", e.Workspace, "err", cause)
		return a.formNotSaved(ctx, p, e.Workspace, *in.Form), nil
	}
	return nil, cause
}

// langOf is a person's language; Chinese if it cannot be known at once.
func (a *App) langOf(ctx context.Context, p *parts, ws tickets.WorkspaceID, id tickets.UserID) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer cancel()
	who, err := p.people.Person(ctx, ws, id)
	if err != nil || who.Lang == "" {
		return words.Chinese
	}
	return who.Lang
}
