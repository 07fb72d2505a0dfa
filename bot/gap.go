package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gongdan/tickets"
)

// Gaps finds again what was said while nobody listened, for the workspaces of one owned shard. It goes by a mark of
// the last time at which everything was heard, which it moves forward while all is well and from which it reads again
// after a start, a time without an open socket, a long silence, or a change of the Redis server. What it finds
// passes the inbox like everything else, so that what had been heard after all is a repeat.
type Gaps struct {
	Epoch      int64
	Workspaces func() []tickets.WorkspaceID
	Past       Past
	Intake     Intake
	Decoder    Decoder
	Store      Store
	// Hearing tells whether deliveries can arrive; nil = always. Nothing is read and no mark moves while they cannot.
	Hearing func() bool
	// Heard is when the last delivery arrived, by the wall clock; zero = none yet. nil = silence means nothing.
	Heard func() time.Time
	// RunID names the run of the Redis server; "" = it cannot change. nil = never asked.
	RunID func(context.Context) (string, error)
	Now   func() time.Time // the time by which messages are numbered
	Wall  func() time.Time
	// Pace scales the pause between two calls; 0 = 1 = within Slack's tier 3.
	Pace float64
	Log  *slog.Logger
	// Progress is told how far a gap has been read, for several workspaces at once; nil = nobody.
	Progress func(GapProgress)

	watch gapWatch
}

// GapProgress is how far a gap has been read. Done and All count channels and threads; equal = the gap is closed.
type GapProgress struct {
	Workspace tickets.WorkspaceID
	From      time.Time
	Done, All int
	Found     int // envelopes that had not been heard
}

// RereadMost is how far back a gap is read: messages older than their Seen record's life would count as new.
const RereadMost = 6 * 24 * time.Hour

const (
	gapTick     = time.Second
	markEvery   = 15 * time.Second
	gapMargin   = time.Minute // read before the mark, because deliveries are late
	gapPause    = 1300 * time.Millisecond
	firstRetry  = 5 * time.Second
	longestTry  = time.Minute
	settleMost  = time.Minute // for what was found to become tickets
	runIDEvery  = 5 * time.Second
	firstHush   = time.Minute
	longestHush = 32 * time.Minute
)

// Run reads gaps again until ctx ends. The first is the one before it began. Each workspace has limits of its own,
// so they are read side by side.
func (g *Gaps) Run(ctx context.Context) error {
	g.watch.begin(g)
	var wg sync.WaitGroup
	defer wg.Wait()
	readers := map[tickets.WorkspaceID]context.CancelFunc{}
	for ctx.Err() == nil {
		g.watch.look(ctx, g)
		g.assign(ctx, &wg, readers)
		pause(ctx, gapTick)
	}
	return ctx.Err()
}

// assign starts a reader for each workspace that has none and ends those of workspaces that are gone.
func (g *Gaps) assign(ctx context.Context, wg *sync.WaitGroup, readers map[tickets.WorkspaceID]context.CancelFunc) {
	here := map[tickets.WorkspaceID]bool{}
	for _, ws := range g.Workspaces() {
		here[ws] = true
		if readers[ws] != nil {
			continue
		}
		mine, stop := context.WithCancel(ctx)
		readers[ws] = stop
		wg.Go(func() {
			r := &gapReader{Gaps: g, ws: ws, retry: firstRetry}
			r.run(mine)
		})
	}
	for ws, stop := range readers {
		if !here[ws] {
			stop()
			delete(readers, ws)
		}
	}
}

// gapReader reads the gaps of one workspace.
type gapReader struct {
	*Gaps
	ws     tickets.WorkspaceID
	filled int // up to which loss everything has been read
	open   *gap
	marked time.Time
	retry  time.Duration
}

func (r *gapReader) run(ctx context.Context) {
	for ctx.Err() == nil {
		s := r.watch.state()
		switch {
		case !s.hearing:
		case r.filled < s.losses:
			r.fill(ctx, s)
			continue
		default:
			r.advance(ctx, s.heard)
		}
		pause(ctx, gapTick)
	}
}

// fill reads the gap. After a failure it stays open, so that the next try goes on where this one ended.
func (r *gapReader) fill(ctx context.Context, s gapState) {
	r.watch.busy(+1, r.Wall())
	defer func() { r.watch.busy(-1, r.Wall()) }()
	if r.open != nil && r.open.runs != s.runs {
		r.open = nil // what had been found may be lost with the server
	}
	err := r.read(ctx, s)
	switch {
	case err == nil:
		r.retry = firstRetry
	case ctx.Err() == nil:
		r.Log.Warn("gap not read, trying again", "workspace", r.ws, "in", r.retry, "err", err)
		pause(ctx, r.retry)
		r.retry = min(2*r.retry, longestTry)
	}
}

// politely makes a call and the pause after it. When Slack asks to wait, it waits and calls again.
func (r *gapReader) politely(ctx context.Context, call func() error) error {
	pace := r.Pace
	if pace <= 0 {
		pace = 1
	}
	for {
		if err := r.ready(ctx); err != nil {
			return err
		}
		err := call()
		var limited *RateLimited
		if !errors.As(err, &limited) {
			pause(ctx, time.Duration(float64(gapPause)/pace))
			return errors.Join(err, ctx.Err())
		}
		pause(ctx, max(limited.After, time.Second))
	}
}

// ready waits until deliveries can arrive.
func (r *gapReader) ready(ctx context.Context) error {
	for {
		s := r.watch.state()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case r.open != nil && s.runs != r.open.runs:
			return errServerChanged
		case s.hearing:
			return nil
		}
		pause(ctx, gapTick)
	}
}

// tell says how far the gap has been read.
func (r *gapReader) tell(g *gap, all int) {
	if r.Progress != nil {
		r.Progress(GapProgress{Workspace: r.ws, From: g.since, Done: len(g.done), All: all, Found: g.found})
	}
}
