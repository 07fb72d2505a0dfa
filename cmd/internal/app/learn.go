package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

const (
	// lessonsEvery is the pause between two looks at what was corrected, and at which models serve.
	lessonsEvery = 20 * time.Second
	// trainWithin is how long one training may take, where nobody says so.
	trainWithin = 5 * time.Minute
	// breath is the pause after each class that a training has learned, in which everything else goes first.
	breath = 5 * time.Millisecond
	// lessonsRest is how long a workspace whose training failed is left alone.
	lessonsRest = time.Hour
)

func (a *App) lessonsEvery() time.Duration { return cmp.Or(a.o.Lessons, lessonsEvery) }

// followMinds has every workspace served by the model that its shard's owner has chosen, on every replica.
func (a *App) followMinds(p *parts) func(context.Context) {
	return func(ctx context.Context) {
		tick := time.NewTicker(a.lessonsEvery())
		defer tick.Stop()
		for {
			for _, ws := range a.workspaces(ctx, p) {
				if err := a.followMind(ctx, p, ws); err != nil && ctx.Err() == nil {
					a.log.Warn("a workspace's own model is not read, the one in use stays", "workspace", ws, "err", err)
				}
			}
			a.metrics.minds(a.minds.weakest())
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}

func (a *App) followMind(ctx context.Context, p *parts, ws tickets.WorkspaceID) error {
	policy, err := a.o.Policies.Policy(ctx, ws)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", ws, err)
	}
	return a.minds.refresh(ctx, p.store, ws, policy.Model.OwnOff)
}

// learn looks at what the people of a shard's workspaces have corrected, and makes models of it. Only the shard's owner
// does it, and in one process one training at a time.
func (a *App) learn(ctx context.Context, p *parts, l redisshard.Lease) error {
	tick := time.NewTicker(a.lessonsEvery())
	defer tick.Stop()
	rests, expired := map[tickets.WorkspaceID]time.Time{}, map[tickets.WorkspaceID]time.Time{}
	for {
		for _, ws := range a.workspaces(ctx, p) {
			now := a.o.Clock.Now()
			if tickets.ShardOf(ws, p.shards) != l.Shard || time.Now().Before(rests[ws]) {
				continue
			}
			err := a.learnFor(ctx, p, ws, l.Epoch, now, now.Sub(expired[ws]) >= lessonsRest)
			switch {
			case errors.Is(err, tickets.ErrStaleLease):
				return err
			case err == nil:
				if now.Sub(expired[ws]) >= lessonsRest {
					expired[ws] = now
				}
			case ctx.Err() == nil && !errors.Is(err, tickets.ErrConflict):
				a.log.Warn("nothing learned from what was corrected", "workspace", ws, "err", err)
				rests[ws] = time.Now().Add(lessonsRest)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// learnFor takes one look at a workspace's corrections, and commits what follows from it.
func (a *App) learnFor(ctx context.Context, p *parts, ws tickets.WorkspaceID, epoch int64, now time.Time, expire bool) error {
	policy, err := a.o.Policies.Policy(ctx, ws)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", ws, err)
	}
	docs := bot.Docs{Store: p.store, Workspace: ws}
	if expire {
		list, err := corrections.Expire(ctx, docs, now)
		if err == nil && len(list) > 0 {
			err = a.commitLesson(ctx, p, ws, epoch, now, list)
		}
		if err != nil {
			return err
		}
	}
	if policy.Model.OwnOff {
		return nil
	}
	base := func() (corrections.Base, error) {
		b, err := a.minds.base()
		b.Mode = cmp.Or(intents.Mode(policy.Understanding), intents.Mode(a.o.Config.Understanding), intents.Careful)
		return b, err
	}
	select {
	case a.training <- struct{}{}:
		defer func() { <-a.training }()
	case <-ctx.Done():
		return ctx.Err()
	}
	began := time.Now()
	r, err := corrections.Look(ctx, docs, base, now, untilTired(ctx, cmp.Or(a.o.TrainWithin, trainWithin)))
	if err != nil || len(r.Writes) == 0 {
		return err
	}
	if err := a.commitLesson(ctx, p, ws, epoch, now, r.Writes); err != nil {
		return err
	}
	a.metrics.lessons.WithLabelValues(string(r.State.Outcome)).Inc()
	a.log.Info("looked at what was corrected", "workspace", ws, "outcome", r.State.Outcome, "version", r.State.Current,
		"held_back", r.State.Held, "score", r.State.Score, "built_in", r.State.Base, "took", time.Since(began).Round(time.Millisecond))
	return a.minds.refresh(ctx, p.store, ws, false)
}

// untilTired ends a training with ctx, or when it takes too long; until then it lets others go first.
func untilTired(ctx context.Context, limit time.Duration) func() error {
	end := time.Now().Add(limit)
	return func() error {
		if time.Now().After(end) {
			return fmt.Errorf("the training takes longer than %s", limit)
		}
		timer := time.NewTimer(breath)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		}
	}
}

func (a *App) commitLesson(ctx context.Context, p *parts, ws tickets.WorkspaceID, epoch int64, now time.Time, list []corrections.Write) error {
	_, err := p.store.Commit(ctx, tickets.Change{Workspace: ws, Epoch: epoch, Docs: bot.DocWrites(list),
		Cause: tickets.Cause{Kind: tickets.CauseNone, ID: tickets.CauseID(fmt.Sprintf("lesson:%s|%d", ws, now.UnixMilli()))}})
	if err != nil {
		return fmt.Errorf("commit what was learned: %w", err)
	}
	return nil
}
