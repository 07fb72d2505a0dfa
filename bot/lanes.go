package bot

import (
	"context"
	"sync"
)

// Lanes runs work in order within a lane and side by side between lanes. The zero value is not usable; see NewLanes.
// It is safe for concurrent use.
type Lanes struct {
	slots chan struct{} // work running at once
	room  chan struct{} // work accepted and not finished

	mu    sync.Mutex
	lanes map[string]*lane
	wg    sync.WaitGroup
}

type lane struct{ queue []func(context.Context) }

// NewLanes makes lanes of which at most running work at once, and which accept at most waiting pieces of work before
// Go blocks its caller.
func NewLanes(running, waiting int) *Lanes {
	return &Lanes{
		slots: make(chan struct{}, running),
		room:  make(chan struct{}, waiting),
		lanes: map[string]*lane{},
	}
}

// Go queues work on a lane. It blocks while too much is waiting and returns ctx's error if that ends first.
func (l *Lanes) Go(ctx context.Context, key string, work func(context.Context)) error {
	select {
	case l.room <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	ln := l.lanes[key]
	if ln != nil {
		ln.queue = append(ln.queue, work)
		return nil
	}
	l.lanes[key] = &lane{queue: []func(context.Context){work}}
	l.wg.Add(1)
	go l.drain(ctx, key)
	return nil
}

// Len is how much work is accepted and not finished.
func (l *Lanes) Len() int { return len(l.room) }

// Wait returns when all accepted work is finished or, after the context of Go ended, dropped.
func (l *Lanes) Wait() { l.wg.Wait() }

func (l *Lanes) drain(ctx context.Context, key string) {
	defer l.wg.Done()
	for {
		work, ok := l.next(key)
		if !ok {
			return
		}
		l.run(ctx, work)
		<-l.room
	}
}

func (l *Lanes) run(ctx context.Context, work func(context.Context)) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-l.slots }()
	work(ctx)
}

// next takes the lane's head, or removes the empty lane.
func (l *Lanes) next(key string) (func(context.Context), bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln := l.lanes[key]
	if len(ln.queue) == 0 {
		delete(l.lanes, key)
		return nil, false
	}
	work := ln.queue[0]
	ln.queue[0] = nil // what is done can be forgotten
	ln.queue = ln.queue[1:]
	return work, true
}
