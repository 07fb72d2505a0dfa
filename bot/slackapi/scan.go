package slackapi

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// scan is one channel being read back to a message id. Slack gives the newest page first, while what was said must be
// heard in order: so pages are gathered until the beginning is reached and then handed out from there. Pages survive a
// refused call: restricted apps make one call a minute, and starting anew each time would never end.
type scan struct {
	mu     sync.Mutex
	start  string         // it reads back to here
	cursor string         // of the next page; "" before the first
	held   []foundMessage // in order of time
	cut    bool           // newer ones were dropped for want of room; they are read by a later scan
	whole  bool           // start was reached
	at     time.Time      // last used; zero: holds nothing of use

	touched time.Time // the same for scans, guarded by its lock
}

// Bounds of scans. A dropped scan costs calls, nothing else.
const (
	maxHeld   = 2000             // messages of one channel
	maxScans  = 32               // channels being read
	scanLife  = 10 * time.Minute // since it was last used: later, much may have been said that it would not see
	scanPages = 20               // pages in one go
)

// prepare begins anew unless what was read so far answers for what was said after an id.
func (sc *scan) prepare(after string, now time.Time) {
	serves := sc.start == after || sc.whole && later(after, sc.start)
	if sc.at.IsZero() || now.Sub(sc.at) > scanLife || !serves {
		sc.reset(after)
	}
	sc.at = now
}

func (sc *scan) reset(start string) {
	sc.start, sc.cursor, sc.held, sc.cut, sc.whole, sc.at = start, "", nil, false, false, time.Time{}
}

// scans are kept between calls. It is safe for concurrent use.
type scans struct {
	now func() time.Time
	mu  sync.Mutex
	m   map[string]*scan
}

func newScans(now func() time.Time) *scans { return &scans{now: now, m: map[string]*scan{}} }

func (s *scans) of(key string) *scan {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc := s.m[key]
	if sc == nil {
		if len(s.m) >= maxScans {
			s.evict()
		}
		sc = &scan{}
		s.m[key] = sc
	}
	sc.touched = s.now()
	return sc
}

// evict drops the scan that was not used for longest.
func (s *scans) evict() {
	oldest := ""
	for key, sc := range s.m {
		if oldest == "" || sc.touched.Before(s.m[oldest].touched) {
			oldest = key
		}
	}
	delete(s.m, oldest)
}

func (s *scans) drop(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, key)
}

// Said hands out what was said at top level in a channel after a message id, oldest first. Where that takes more pages than
// one call may read, the list is empty and next is after again: what was read so far is kept, and the next call goes on.
func (p *Past) Said(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, after string) ([]bot.Envelope, string, error) {
	key := string(ws) + "/" + string(ch)
	sc := p.scans.of(key)
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.prepare(after, p.o.Now())
	for n := 0; !sc.whole; n++ {
		if n == scanPages {
			return nil, after, nil
		}
		if err := p.page(ctx, ws, ch, sc); err != nil {
			return nil, "", fmt.Errorf("history of %s: %w", ch, err)
		}
	}
	list, last, more := sc.take(after, p.o.Page)
	if more {
		return list, last, nil
	}
	p.scans.drop(key)
	if !sc.cut {
		last = ""
	}
	sc.reset("") // another caller may hold it
	return list, last, nil
}

// page reads the next page back.
func (p *Past) page(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, sc *scan) error {
	form := url.Values{"channel": {string(ch)}, "limit": {strconv.Itoa(p.o.Page)}}
	if sc.start != "" {
		form.Set("oldest", sc.start)
	}
	if sc.cursor != "" {
		form.Set("cursor", sc.cursor)
	}
	var got messages
	if err := p.ask(ctx, ws, "conversations.history", form, &got); err != nil {
		if refusedWith(err, "invalid_cursor") && sc.cursor != "" { // it has grown old
			sc.cursor, sc.held, sc.cut = "", nil, false
			return nil
		}
		return err
	}
	sc.held = append(sc.held, p.found(ws, ch, got.List)...)
	slices.SortStableFunc(sc.held, inOrder) // whichever page Slack gives first
	if len(sc.held) > maxHeld {
		sc.held, sc.cut = sc.held[:maxHeld:maxHeld], true
	}
	sc.cursor = got.Next.Cursor
	sc.whole = sc.cursor == ""
	return nil
}

// take gives at most n messages after an id, with their edits; more tells whether others follow.
func (sc *scan) take(after string, n int) (list []bot.Envelope, last string, more bool) {
	last = after
	for _, m := range sc.held {
		switch {
		case !later(m.ts, after):
			continue
		case n == 0:
			return list, last, true
		}
		list, last, n = append(append(list, m.said...), m.edit...), m.ts, n-1
	}
	return list, last, false
}
