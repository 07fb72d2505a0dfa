package bot

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// gapWatch notices when something may have been missed. One goroutine looks; readers ask what it knows.
type gapWatch struct {
	mu  sync.Mutex
	now gapState

	reads int       // gaps being read
	since time.Time // since when
	rest  time.Time // until when silence is no reason to read: reading for nothing takes a tenth of the time at most

	run     string
	asked   time.Time // when the server's run was last asked for
	silence time.Duration
	quiet   time.Time // since when, without a delivery
	last    time.Time // the last delivery
	before  time.Time // the message time of the look before
}

// gapState is what is known at one moment.
type gapState struct {
	hearing bool
	losses  int       // how often something may have been missed; the start is the first
	runs    int       // how often the Redis server has changed
	heard   time.Time // until when everything has arrived, if nothing was lost since; zero = unknown
}

func (w *gapWatch) begin(g *Gaps) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = gapState{losses: 1}
	w.silence, w.quiet = firstHush, g.Wall()
	if g.Heard != nil {
		w.last = g.Heard()
	}
}

func (w *gapWatch) state() gapState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// busy counts the gaps being read: silence meanwhile is no reason to read once more.
func (w *gapWatch) busy(n int, wall time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reads == 0 {
		w.since = wall
	}
	if w.reads += n; w.reads == 0 {
		w.rest = wall.Add(9 * wall.Sub(w.since))
	}
}

// look compares the world with the look before.
func (w *gapWatch) look(ctx context.Context, g *Gaps) {
	if w.due(g.Wall()) {
		if err := w.ask(ctx, g); err != nil && ctx.Err() == nil {
			g.Log.Debug("run of the server unknown", "err", err)
		}
	}
	hearing := g.Hearing == nil || g.Hearing()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.hearing && !hearing {
		w.now.losses++ // it counts from now on, and is read once deliveries can arrive
	}
	w.now.hearing = hearing
	w.listen(g)
	w.before = g.Now()
}

// listen needs the lock. A delivery proves that everything until the look before has arrived; without one nothing is proven,
// and the longer it lasts, the likelier the socket is dead without showing it. Each time the next silence must be twice
// as long, so that quiet nights cost little.
func (w *gapWatch) listen(g *Gaps) {
	if g.Heard == nil {
		if w.now.hearing {
			w.now.heard = w.before
		}
		return
	}
	wall, last := g.Wall(), g.Heard()
	if last.After(w.last) {
		w.last, w.quiet, w.silence, w.now.heard = last, wall, firstHush, w.before
	}
	if w.reads > 0 || !w.now.hearing {
		w.quiet = wall
	}
	if wall.Sub(w.quiet) >= w.silence && !wall.Before(w.rest) {
		w.quiet, w.silence = wall, min(2*w.silence, longestHush)
		w.now.losses++
	}
}

func (w *gapWatch) due(wall time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked.IsZero() || wall.Sub(w.asked) >= runIDEvery
}

// ask tells whether the Redis server is another than before: the end of what it held may then be lost.
func (w *gapWatch) ask(ctx context.Context, g *Gaps) error {
	if g.RunID == nil {
		return nil
	}
	id, err := g.RunID(ctx)
	if err != nil {
		return fmt.Errorf("run of the server: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = g.Wall()
	if id == "" || id == w.run {
		return nil
	}
	if w.run != "" {
		w.now.runs++
		w.now.losses++
	}
	w.run = id
	return nil
}
