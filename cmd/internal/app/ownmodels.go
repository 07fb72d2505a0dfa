package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"

	"gongdan/bot"
	"gongdan/cmd/internal/config"
	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/intents/evals"
	"gongdan/intents/linear"
	"gongdan/prompts"
	"gongdan/prompts/openaimodel"
	"gongdan/tickets"
)

// minds are the classifiers of the workspaces: the common one, and for those whose people have corrected it often enough
// one with a local model of their own. It is safe for concurrent use.
type minds struct {
	o      intents.Options
	common *intents.Classifier
	// base is what own models begin with; made when it is first asked for.
	base func() (corrections.Base, error)

	mu  sync.Mutex
	own map[tickets.WorkspaceID]ownMind
}

// ownMind is a workspace's own classifier; version 0 = it uses the common one.
type ownMind struct {
	version int
	own     *intents.Classifier
	state   corrections.State
}

func newMinds(c config.Config, log *slog.Logger, model func(openaimodel.Options) prompts.Model) (*minds, error) {
	o, m, err := understanding(c, log, model)
	if err != nil {
		return nil, err
	}
	common := intents.New(o)
	return &minds{o: o, common: common, own: map[tickets.WorkspaceID]ownMind{},
		base: sync.OnceValues(func() (corrections.Base, error) { return baseOf(m) })}, nil
}

// baseOf is the embedded model with all that it learned from, without a mode, which is the workspace's.
func baseOf(m *linear.Model) (corrections.Base, error) {
	rows, err := evals.Labelled()
	if err != nil {
		return corrections.Base{}, fmt.Errorf("what the embedded model learned from: %w", err)
	}
	h := sha256.New()
	if _, err := m.WriteTo(h); err != nil {
		return corrections.Base{}, fmt.Errorf("name the embedded model: %w", err)
	}
	return corrections.Base{Model: m, Rows: rows, ID: hex.EncodeToString(h.Sum(nil)[:8])}, nil
}

// of is the classifier of a workspace.
func (m *minds) of(ws tickets.WorkspaceID) *intents.Classifier {
	m.mu.Lock()
	defer m.mu.Unlock()
	if own := m.own[ws].own; own != nil {
		return own
	}
	return m.common
}

// set has a workspace served by a model of its own; nil = by the common one.
func (m *minds) set(ws tickets.WorkspaceID, s corrections.State, local *linear.Model) {
	next := ownMind{state: s}
	if local != nil {
		o := m.o
		o.Local, o.Own = intents.Linear(local), own(s)
		next.version, next.own = s.Current, intents.New(o)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own[ws] = next
}

// own is the version that a state names, with its thresholds.
func own(s corrections.State) intents.Own {
	v, _ := s.InUse()
	o := intents.Own{Version: s.Current, Limits: map[intents.Mode]intents.Thresholds{}}
	for m := range v.Limits {
		o.Limits[m] = v.LimitsIn(m)
	}
	return o
}

// version is which of its own models serves a workspace; 0 = the common one does.
func (m *minds) version(ws tickets.WorkspaceID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.own[ws].version
}

// noted remembers what a model has come to while the same goes on serving.
func (m *minds) noted(ws tickets.WorkspaceID, s corrections.State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := m.own[ws]
	next.state = s
	m.own[ws] = next
}

// weakest is what is known of the own model in use that has the least advantage over the built-in one; false if none is.
func (m *minds) weakest() (worst corrections.State, any bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.own {
		if o.own != nil && (!any || o.state.Score-o.state.Base < worst.Score-worst.Base) {
			worst, any = o.state, true
		}
	}
	return worst, any
}

// refresh has a workspace served by the version that is stored for it, unless its rules keep it to the common model.
func (m *minds) refresh(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, off bool) error {
	docs := bot.Docs{Store: store, Workspace: ws}
	s, err := corrections.ReadState(ctx, docs)
	switch {
	case err != nil:
		return err
	case off || s.Current == 0:
		m.set(ws, s, nil)
		return nil
	case s.Current == m.version(ws):
		m.noted(ws, s)
		return nil
	}
	local, err := corrections.ReadModel(ctx, docs, s.Current)
	if err != nil {
		return err
	}
	m.set(ws, s, local)
	return nil
}
