package corrections

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/intents"
	"gongdan/intents/linear"
)

const ownKey = "model"

func modelKey(n int) string { return fmt.Sprintf("model/%d", n) }

// Bounds of a workspace's model.
const (
	// Enough is how many new corrections make it worth training anew.
	Enough = 50
	// heldLeast is from how many rows held back on a comparison says anything.
	heldLeast = 8
	// kept is how many versions are stored.
	kept = 3
	// storedMost bounds a stored model's document, in bytes.
	storedMost = 5 << 18
)

// Outcome is what became of the last look at a workspace's model; a stable word.
type Outcome string

// Outcomes.
const (
	Taken      Outcome = "taken"       // a new version is in use
	NotBetter  Outcome = "not_better"  // a new one was trained and is not better on what was held back
	Forgetful  Outcome = "forgetful"   // it does worse on the base's own test rows: see limits
	RolledBack Outcome = "rolled_back" // the version in use has fallen below the base, which is in use again
	Stays      Outcome = "stays"       // the version in use is as good as the base or better
	TooFew     Outcome = "too_few"     // too few corrections are held back to compare by
)

// Version is one model that was made for a workspace.
type Version struct {
	N     int       `json:"n"`
	At    time.Time `json:"at"`
	Rows  int       `json:"rows"` // corrections it learned from
	Held  int       `json:"held"` // held back when it was taken
	Bytes int       `json:"bytes"`
	Score float64   `json:"score"` // on what was held back then
	Base  float64   `json:"base"`  // the base's, on the same
	// Limits are the thresholds that were chosen with it; a mode that is missing has its own. See LimitsIn.
	Limits map[intents.Mode]intents.Thresholds `json:"limits,omitempty"`
}

// State is what a workspace's model has come to. The zero value is the base alone.
type State struct {
	Current  int       `json:"current"` // the version in use; 0 = the base
	Made     int       `json:"made"`    // the newest version's number
	Versions []Version `json:"versions,omitempty"`
	On       string    `json:"on,omitempty"` // the base it was last trained on
	Trained  int64     `json:"trained"`      // the book's total then
	Looked   int64     `json:"looked"`       // the book's total at the last look
	At       time.Time `json:"at"`           // of the last look
	Outcome  Outcome   `json:"outcome,omitempty"`
	Held     int       `json:"held"`  // held back at the last look
	Score    float64   `json:"score"` // of what was in use or tried then, on these
	Base     float64   `json:"base"`  // of the base, on the same
}

// ReadState returns what a workspace's model has come to.
func ReadState(ctx context.Context, d Docs) (State, error) {
	var s State
	_, err := readJSON(ctx, d, ownKey, &s)
	return s, err
}

// InUse is the version in use; false if that is the base.
func (s State) InUse() (Version, bool) {
	for _, v := range s.Versions {
		if v.N == s.Current {
			return v, true
		}
	}
	return Version{}, false
}

// stored is a model's document. The model's own form is packed already: compressing it again would make it longer.
type stored struct {
	N     int    `json:"n"`
	Model []byte `json:"model"`
}

// ReadModel returns a version of a workspace's model; ErrGone if it cannot be had any more.
func ReadModel(ctx context.Context, d Docs, n int) (*linear.Model, error) {
	body, version, err := d.Read(ctx, modelKey(n))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", modelKey(n), err)
	}
	var s stored
	if version == 0 || json.Unmarshal(body, &s) != nil || s.N != n {
		return nil, fmt.Errorf("read %s: %w", modelKey(n), ErrGone)
	}
	m, err := linear.Read(bytes.NewReader(s.Model))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w: %w", modelKey(n), ErrGone, err)
	}
	return m, nil
}

// ErrGone says that a version is not stored any more, or is damaged.
var ErrGone = errors.New("this version is not stored any more")

// Base is what every workspace begins with.
type Base struct {
	Model *linear.Model
	Rows  []linear.Row // that Model was trained and tested on; "test" ones are never trained on
	ID    string       // changes with Model
	Mode  intents.Mode // the workspace's; by its thresholds models are compared
}

// Round is one look at a workspace's model.
type Round struct {
	State  State
	Model  *linear.Model // the version in use if it is new; nil else
	Writes []Write       // to be committed together; none = nothing has changed
}

// Look decides whether a workspace's corrections ask for another model, and plans what is to be written. base is asked
// only where somebody has corrected anything, as it costs a second to make; between during a training, and its error ends it.
func Look(ctx context.Context, d Docs, base func() (Base, error), now time.Time, between func() error) (Round, error) {
	var s State
	version, err := readJSON(ctx, d, ownKey, &s)
	if err != nil {
		return Round{}, err
	}
	book, err := ReadBook(ctx, d)
	if err != nil {
		return Round{}, err
	}
	if book.Total == 0 {
		return Round{State: s}, nil
	}
	from, err := base()
	if err != nil {
		return Round{}, err
	}
	fresh := book.Total - s.Trained
	train := fresh >= Enough || s.Current != 0 && s.On != from.ID
	if book.Total == s.Looked && (!train || s.Outcome == TooFew) {
		return Round{State: s}, nil
	}
	rows, _, err := Rows(ctx, d, now, time.Time{})
	if err != nil {
		return Round{}, err
	}
	l := look{docs: d, base: from, state: s, rows: held(rows), now: now}
	if err := l.inUse(ctx); err != nil {
		return Round{}, err
	}
	l.state.Looked, l.state.At = book.Total, now.UTC()
	if train && len(l.rows) >= heldLeast {
		l.state.Trained, l.state.On = book.Total, from.ID
		if err := l.try(ctx, rows, between); err != nil {
			return Round{}, err
		}
	}
	head, err := write(ownKey, version, l.state)
	return Round{State: l.state, Model: l.model, Writes: append(l.writes, head)}, err
}

// look is one look under way.
type look struct {
	docs   Docs
	base   Base
	state  State
	rows   []Row // held back
	now    time.Time
	model  *linear.Model
	writes []Write
}

// inUse measures what is in use, and takes the base again where that has become the better one.
func (l *look) inUse(ctx context.Context) error {
	s := &l.state
	s.Held, s.Base = len(l.rows), score(l.base.Model, l.rows, l.base.Mode.Limits().Ask)
	s.Score, s.Outcome = s.Base, Stays
	if len(l.rows) < heldLeast {
		s.Outcome = TooFew
		return nil
	}
	if s.Current == 0 {
		return nil
	}
	m, err := ReadModel(ctx, l.docs, s.Current)
	switch {
	case errors.Is(err, ErrGone):
		s.Current, s.Outcome = 0, RolledBack
		return nil
	case err != nil:
		return err
	}
	v, _ := s.InUse()
	if s.Score = score(m, l.rows, v.LimitsIn(l.base.Mode).Ask); s.Score < s.Base {
		s.Current, s.Outcome = 0, RolledBack
	}
	return nil
}

// try trains a new version and takes it if it is better than what is in use on what was held back, and has forgotten
// nothing.
func (l *look) try(ctx context.Context, rows []Row, between func() error) error {
	got, err := learn(l.base.Rows, rows, between)
	if err != nil {
		return err
	}
	limits, harmless := l.base.limits(got)
	v := Version{Rows: got.used, Limits: limits}
	v.Score = score(got.model, l.rows, v.LimitsIn(l.base.Mode).Ask)
	s := &l.state
	best := s.Base
	if s.Current != 0 {
		best = max(best, s.Score)
	}
	if s.Outcome != RolledBack {
		s.Outcome = NotBetter
	}
	switch {
	case v.Score < best || v.Score == best && s.Current == 0:
		return nil
	case !harmless:
		s.Outcome = Forgetful
		return nil
	}
	return l.take(ctx, got.model, v)
}

// take plans to store a version, of which v tells what it learned from and how it does, and to forget those that are too many.
func (l *look) take(ctx context.Context, m *linear.Model, v Version) error {
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	s := &l.state
	s.Made++
	w, err := write(modelKey(s.Made), 0, stored{s.Made, b.Bytes()})
	if err != nil {
		return err
	}
	if len(w.Body) > storedMost {
		return fmt.Errorf("model of %d bytes is too long to be stored", len(w.Body))
	}
	l.writes = append(l.writes, w)
	v.N, v.At, v.Held, v.Bytes, v.Base = s.Made, l.now.UTC(), len(l.rows), len(w.Body), s.Base
	s.Versions = append(s.Versions, v)
	for len(s.Versions) > kept {
		key := modelKey(s.Versions[0].N)
		s.Versions = s.Versions[1:]
		_, version, err := l.docs.Read(ctx, key)
		if err != nil {
			return fmt.Errorf("read %s: %w", key, err)
		}
		if version != 0 {
			l.writes = append(l.writes, Write{Key: key, Expect: version, Delete: true})
		}
	}
	s.Current, s.Outcome, s.Score, l.model = s.Made, Taken, v.Score, m
	return nil
}
