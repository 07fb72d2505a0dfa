package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/tickets"
)

// Opening is the record of a form that was opened and not yet filled. It is kept before the form opens, so that whoever is
// alive can finish it.
type Opening struct {
	ID        string
	Workspace tickets.WorkspaceID
	User      tickets.UserID
	Kind      FormKind
	Subject   string
	At        time.Time // wall clock
}

// Openings keeps them. Errors are tickets.ErrTemporary.
type Openings interface {
	Keep(ctx context.Context, o Opening) error
	Done(ctx context.Context, o Opening) error
	// Older returns at most n of a shard's that were kept before a time, oldest first.
	Older(ctx context.Context, s tickets.Shard, before time.Time, n int) ([]Opening, error)
}

// Forms opens forms within the three seconds that a press is good for, and fills them. It is safe for concurrent use.
type Forms struct {
	Talk     *Conversation
	Windows  Windows
	Openings Openings
	Wall     func() time.Time
	Log      *slog.Logger
}

// How long a form may stay unfilled before another process finishes it, and before nobody does any more.
const (
	openingLate = 2 * time.Second
	openingLost = time.Minute
)

// FormOf tells which form an input opens; false if none.
func FormOf(in Input) (Opening, string, bool) {
	if in.Command != nil {
		return formOfCommand(*in.Command)
	}
	if in.Click == nil {
		return Opening{}, "", false
	}
	k := *in.Click
	kind, subject := formPresses[k.Action], k.Value
	if k.Action == ActMoreDo {
		var head string
		head, subject = cutChoice(k)
		kind = formEntries[head]
	}
	if kind == "" || k.Trigger == "" {
		return Opening{}, "", false
	}
	return Opening{User: k.User, Kind: kind, Subject: subject}, k.Trigger, true
}

// formOfCommand opens the form for a new ticket when "new" is typed without a word.
func formOfCommand(s SlashCommand) (Opening, string, bool) {
	cmd, err := typed.Parse(s.Text)
	if err != nil || cmd.Verb != typed.New || strings.TrimSpace(cmd.Rest) != "" || len(cmd.Options) > 0 || s.Trigger == "" {
		return Opening{}, "", false
	}
	return Opening{User: s.User, Kind: FormNew, Subject: string(s.Channel)}, s.Trigger, true
}

// formPresses are the buttons that open a form, formEntries the entries of the private menu.
var (
	formPresses = map[string]FormKind{ActWait: FormWait, ActTransfer: FormTransfer, ActResolveForm: FormResolve, ActAskOrder: FormOrder}
	formEntries = map[string]FormKind{DoAnswerAt: FormAnswer}
)

// Open opens a form: first as a window that says it is loading, because the trigger is good for three seconds only, then
// with its fields. ErrGone means that the trigger came too late.
func (f *Forms) Open(ctx context.Context, ws tickets.WorkspaceID, o Opening, trigger string) error {
	sum := sha256.Sum256([]byte(trigger))
	o.ID, o.Workspace, o.At = "form-"+hex.EncodeToString(sum[:10]), ws, f.Wall()
	if err := f.Openings.Keep(ctx, o); err != nil {
		return fmt.Errorf("keep opening of %s: %w", o.Kind, err)
	}
	if err := f.Windows.Open(ctx, ws, trigger, o.ID, f.Talk.loading(ctx, o)); err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", o.Kind, err), f.Openings.Done(ctx, o))
	}
	return f.fill(ctx, o)
}

// fill gives an open window its fields. A window that was closed meanwhile needs none.
func (f *Forms) fill(ctx context.Context, o Opening) error {
	form, err := f.Talk.Form(ctx, o)
	if err != nil {
		return fmt.Errorf("make %s: %w", o.Kind, err)
	}
	err = f.Windows.Fill(ctx, o.Workspace, o.ID, form)
	if err != nil && !errors.Is(err, ErrGone) {
		return fmt.Errorf("fill %s: %w", o.Kind, err)
	}
	return f.Openings.Done(ctx, o)
}

// Run finishes what other processes left unfilled in a shard, until ctx ends.
func (f *Forms) Run(ctx context.Context, s tickets.Shard) error {
	for ctx.Err() == nil {
		if err := f.RunOnce(ctx, s); err != nil && ctx.Err() == nil {
			f.Log.Warn("forms not finished, trying again", "shard", int(s), "err", err)
		}
		pause(ctx, time.Second)
	}
	return ctx.Err()
}

// RunOnce finishes what is late now.
func (f *Forms) RunOnce(ctx context.Context, s tickets.Shard) error {
	now := f.Wall()
	late, err := f.Openings.Older(ctx, s, now.Add(-openingLate), 50)
	if err != nil {
		return err
	}
	var errs []error
	for _, o := range late {
		if now.Sub(o.At) > openingLost {
			errs = append(errs, f.Openings.Done(ctx, o))
			continue
		}
		errs = append(errs, f.fill(ctx, o))
	}
	return errors.Join(errs...)
}

// cutChoice splits what a menu's entry says: what to do, and with which ticket.
func cutChoice(k Click) (do, subject string) {
	do, subject, _ = strings.Cut(choice(k), "|")
	return do, subject
}
