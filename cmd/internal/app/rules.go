package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/bot"
	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/revisions"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// rulesEvery is the pause between two looks at what is published, and at whether the file asks for a new revision.
const rulesEvery = 2 * time.Second

// rules keep the workspaces' policies in step with the team file.
type rules struct {
	book   *revisions.Book
	source *revisions.Source
}

// Reload has the team file read now, whatever its age. It is safe at any time and from any goroutine.
func (a *App) Reload() {
	if r := a.rules.Load(); r != nil {
		r.source.Reload()
	}
}

// openRules reads the team file and what is published. A wrong file ends the start only where no workspace has an earlier
// revision that could stay in force; a workspace that is new among others begins by the presets.
func (a *App) openRules(ctx context.Context, p *parts) error {
	if a.book == nil {
		return nil // the policies were given
	}
	r := &rules{book: a.book, source: revisions.Open(a.o.Config.TeamFile, a.o.Clock.Now)}
	all, wrong := a.workspaces(ctx, p), r.source.Last().Err
	var fresh []tickets.WorkspaceID
	for _, ws := range all {
		if err := a.persist(ctx, "Redis", func() error { return r.book.Refresh(ctx, p.store, ws) }); err != nil {
			return err
		}
		switch head := r.book.Head(ws); {
		case head.Revision == 0:
			fresh = append(fresh, ws)
		case a.o.Config.TeamFile == "":
			a.log.Warn("TEAM_FILE is not set; the rules that were published last stay in force. For the built-in presets alone, set it to an empty file",
				"workspace", ws, "revision", head.Revision, "as_of", head.AsOf)
		}
	}
	switch {
	case wrong == nil || len(fresh) == 0:
	case len(fresh) == len(all):
		return fmt.Errorf("TEAM_FILE %s is not right, and no earlier revision is in force:\n%w", a.o.Config.TeamFile, wrong)
	default:
		a.log.Warn("the built-in presets hold where no rules were published yet, until the team file is right", "workspaces", fresh)
	}
	a.tellFile(r.source.Last())
	a.rules.Store(r)
	return nil
}

// tellFile logs what became of the file.
func (a *App) tellFile(s revisions.Snapshot) {
	switch {
	case s.Err != nil:
		a.log.Error("the team file is not used, the rules in force stay", "file", a.o.Config.TeamFile, "err", s.Err)
	case s.File != nil:
		a.log.Info("team file read", "file", a.o.Config.TeamFile, "written", s.Written)
		for _, w := range s.File.Warnings(a.o.Clock.Now()) {
			a.log.Warn("team file", "file", a.o.Config.TeamFile, "what", w.String())
		}
	}
}

// follow watches the file, and reads what other replicas publish.
func (a *App) follow(p *parts) func(context.Context) {
	return func(ctx context.Context) {
		r := a.rules.Load()
		if r == nil {
			return
		}
		done := background(func(ctx context.Context) { r.source.Run(ctx, a.tellFile) })
		defer func() { _ = done(context.WithoutCancel(ctx)) }()
		tick := time.NewTicker(rulesEvery)
		defer tick.Stop()
		for {
			for _, ws := range a.workspaces(ctx, p) {
				if err := r.book.Refresh(ctx, p.store, ws); err != nil && ctx.Err() == nil {
					a.log.Warn("rules not read, those in force stay", "workspace", ws, "err", err)
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}

// publish makes new revisions of the rules of a shard's workspaces, and tells their people of a file that is wrong. Only the
// shard's owner does it.
func (a *App) publish(ctx context.Context, p *parts, l redisshard.Lease) error {
	tick := time.NewTicker(rulesEvery)
	defer tick.Stop()
	for {
		if r := a.rules.Load(); r != nil {
			for _, ws := range a.workspaces(ctx, p) {
				if tickets.ShardOf(ws, p.shards) != l.Shard {
					continue
				}
				err := a.publishFor(ctx, p, r, ws, l.Epoch)
				if errors.Is(err, tickets.ErrStaleLease) {
					return err
				}
				if err != nil && ctx.Err() == nil {
					a.log.Warn("rules not published, trying again", "workspace", ws, "err", err)
				}
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (a *App) publishFor(ctx context.Context, p *parts, r *rules, ws tickets.WorkspaceID, epoch int64) error {
	snap, now := r.source.Last(), a.o.Clock.Now()
	doc, untold, err := r.book.Refusal(ctx, p.store, ws, snap)
	if err != nil {
		return err
	}
	if untold {
		if err := p.talk.RulesRefused(ctx, ws, epoch, doc, refusal(snap.Err)); err != nil {
			return err
		}
		r.book.Told(ws, snap)
	}
	draft, ok, err := r.book.Draft(ws, now, snap)
	if err != nil || !ok {
		return err
	}
	err = p.talk.Publish(ctx, ws, epoch, draft.Revision, draft.Docs)
	if err != nil && !errors.Is(err, tickets.ErrConflict) {
		return err
	}
	if err == nil {
		a.log.Info("rules published", "workspace", ws, "revision", draft.Revision, "because", draft.Why)
	}
	return r.book.Refresh(ctx, p.store, ws)
}

// refusal is what people are told of a wrong file.
func refusal(err error) bot.RulesNews {
	problems, ok := errors.AsType[strictyaml.Problems](err)
	if !ok {
		return bot.RulesNews{Problems: 1, First: err.Error()}
	}
	return bot.RulesNews{Problems: len(problems), First: problems[0].String()}
}
