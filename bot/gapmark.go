package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/tickets"
)

// heardKey is the document that keeps until when everything was heard.
const heardKey = "heard"

type heard struct {
	At time.Time `json:"at"`
}

// HeardUntil is until when everything said in a workspace was heard; zero if no bot has listened there yet. A running bot moves it
// every few seconds. Errors are the store's.
func HeardUntil(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (time.Time, error) {
	at, _, err := heardMark(ctx, store, ws)
	return at, err
}

// mark is until when everything was heard; version 0 = there is none yet.
func (r *gapReader) mark(ctx context.Context) (at time.Time, version int64, err error) {
	return heardMark(ctx, r.Store, r.ws)
}

func heardMark(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (at time.Time, version int64, err error) {
	doc, err := store.Doc(ctx, ws, heardKey)
	if errors.Is(err, tickets.ErrNotFound) {
		return time.Time{}, 0, nil
	}
	var h heard
	if err == nil {
		err = json.Unmarshal(doc.Body, &h)
	}
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("read until when workspace %s was heard: %w", ws, err)
	}
	return h.At, doc.Version, nil
}

// setMark moves the mark forward, never back.
func (r *gapReader) setMark(ctx context.Context, at time.Time) error {
	was, version, err := r.mark(ctx)
	if err != nil || version > 0 && !at.After(was) {
		return err
	}
	body, err := json.Marshal(heard{At: at.UTC()})
	if err != nil {
		return fmt.Errorf("mark of what was heard: %w", err)
	}
	_, err = r.Store.Commit(ctx, tickets.Change{Workspace: r.ws, Epoch: r.Epoch,
		Docs: []tickets.DocWrite{{Key: heardKey, Expect: version, Body: body}}})
	if err != nil {
		return fmt.Errorf("move mark of what was heard: %w", err)
	}
	return nil
}

// advance moves the mark now and then while nothing has been lost since the last reading.
func (r *gapReader) advance(ctx context.Context, until time.Time) {
	wall := r.Wall()
	if until.IsZero() || wall.Sub(r.marked) < markEvery {
		return
	}
	r.marked = wall
	if err := r.setMark(ctx, until); err != nil && ctx.Err() == nil {
		r.Log.Warn("mark not moved", "workspace", r.ws, "err", err)
	}
}
