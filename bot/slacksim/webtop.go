package slacksim

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// webTop is the strip above the chat: time, the app's process and the story.
type webTop struct {
	Clock webClock  `json:"clock"`
	Plug  bool      `json:"plug"` // whether there is one
	Steps []webStep `json:"steps"`
	// Running is the step under way, Last the one that ended last, with its
	// Error, empty where it succeeded.
	Running string `json:"running,omitempty"`
	Last    string `json:"last,omitempty"`
	Error   string `json:"error,omitempty"`
}

type webClock struct {
	Now     int64   `json:"now"` // milliseconds since 1970
	Speed   float64 `json:"speed"`
	Control bool    `json:"control"` // whether speed and time can be set
	Running bool    `json:"running"` // whether the app's process runs
}

type webStep struct {
	ID    string `json:"id"`
	Label Words  `json:"label"`
	Words Words  `json:"words,omitempty"`
	Done  bool   `json:"done,omitempty"`
	Typed string `json:"typed,omitempty"`
	Place Place  `json:"place"`
}

// storyState is how far the story has come.
type storyState struct {
	running, last, err string
	done               map[string]bool
	places             map[string]Place
	typed              map[string]string
}

// top is called without the lock, as it asks the page's owner.
func (p *page) top() webTop {
	out := webTop{Steps: []webStep{}, Plug: p.o.Plug != nil, Clock: webClock{Now: p.s.opts.Now().UnixMilli(), Speed: 1}}
	if c := p.o.Clock; c != nil {
		out.Clock = webClock{Now: c.Now().UnixMilli(), Speed: c.Speed(), Control: true}
	}
	out.Clock.Running = p.o.Plug == nil || p.o.Plug.Running()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, st := range p.o.Story {
		out.Steps = append(out.Steps, webStep{st.ID, st.Label, st.Done, p.story.done[st.ID], p.story.typed[st.ID], p.story.places[st.ID]})
	}
	out.Running, out.Last, out.Error = p.story.running, p.story.last, p.story.err
	return out
}

// where asks a step for its place; it is called without the lock.
func (st Step) where() Place {
	if st.Where == nil {
		return Place{}
	}
	return st.Where()
}

// step carries out one step of the story; one at a time.
func (p *page) step(ctx context.Context, id string) error {
	for _, st := range p.o.Story {
		if st.ID != id {
			continue
		}
		if !p.begin(st) {
			return errBusy
		}
		ctx, cancel := p.untilClosed(ctx)
		defer cancel()
		err := st.Do(ctx)
		p.end(st, err)
		return err
	}
	return fmt.Errorf("step %q: %w", id, ErrNotFound)
}

func (p *page) begin(st Step) bool {
	place := st.where()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.story.running != "" {
		return false
	}
	p.story.running, p.story.err = st.ID, ""
	p.story.place(st.ID, place)
	p.s.touch()
	return true
}

func (p *page) end(st Step, err error) {
	place, typed := st.where(), ""
	if st.Typed != nil {
		typed = st.Typed()
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.story.running, p.story.last = "", st.ID
	p.story.place(st.ID, place)
	p.story.typed[st.ID] = typed
	if err != nil {
		p.story.err = err.Error()
	} else {
		p.story.done[st.ID] = true
	}
	p.s.touch()
}

func (st *storyState) place(id string, at Place) {
	if st.places == nil {
		st.places = map[string]Place{}
	}
	st.places[id] = at
}

// untilClosed gives a context that ends with the simulator rather than with the
// browser's request.
func (p *page) untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		_ = p.s.Wait(ctx, func() bool { return false }) // ends with either
		cancel()
	}()
	return ctx, cancel
}

// setClock changes speed or time.
func (p *page) setClock(in act) error {
	c := p.o.Clock
	switch {
	case c == nil:
		return fmt.Errorf("clock: %w", ErrNotFound)
	case in.Do == "speed" && in.Speed >= 0 && in.Speed <= maxSpeed:
		c.SetSpeed(in.Speed)
	case in.Do == "jump" && in.Time > c.Now().UnixMilli():
		c.Jump(time.UnixMilli(in.Time))
	default:
		return errBadValue
	}
	p.wake()
	return nil
}

// maxSpeed is the fastest that the page may set: a day in about nine seconds.
const maxSpeed = 10_000

func (p *page) wake() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.touch()
}

// setPlug kills or starts the app's process.
func (p *page) setPlug(r *http.Request, on bool) error {
	if p.o.Plug == nil {
		return fmt.Errorf("plug: %w", ErrNotFound)
	}
	defer p.wake()
	ctx, cancel := p.untilClosed(r.Context())
	defer cancel()
	if on {
		return p.o.Plug.Start(ctx)
	}
	return p.o.Plug.Pull(ctx)
}
