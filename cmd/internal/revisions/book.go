package revisions

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gongdan/tickets"
)

// Book holds the newest revision of each workspace's rules in memory. It is a [tickets.Policies]: where nothing was published,
// the built-in presets hold. It is safe for concurrent use.
type Book struct {
	presets tickets.Policy

	mu    sync.RWMutex
	pages map[tickets.WorkspaceID]page
}

type page struct {
	published
	policy  tickets.Policy
	refused string // the hash of the file that its people were told is wrong
}

var _ tickets.Policies = (*Book)(nil)

// NewBook makes a book without revisions.
func NewBook() *Book {
	return &Book{presets: tickets.DefaultPolicy(), pages: map[tickets.WorkspaceID]page{}}
}

// Policy returns the newest revision that was refreshed. It never fails.
func (b *Book) Policy(_ context.Context, ws tickets.WorkspaceID) (tickets.Policy, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if p, ok := b.pages[ws]; ok {
		return p.policy, nil
	}
	return b.presets, nil
}

// Refresh reads a workspace's newest revision, if it is another than the one held. With an error that stays.
func (b *Book) Refresh(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) error {
	h, version, err := readHead(ctx, store, ws)
	if err != nil {
		return err
	}
	have := b.page(ws)
	if have.headVersion == version && have.head.Revision == h.Revision {
		return nil
	}
	got, err := read(ctx, store, ws)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages[ws] = page{published: got, policy: got.policy(), refused: b.pages[ws].refused}
	return nil
}

func (b *Book) page(ws tickets.WorkspaceID) page {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.pages[ws]
}

// Head names the revision held for a workspace; zero = the built-in presets.
func (b *Book) Head(ws tickets.WorkspaceID) Head { return b.page(ws).head }

// Draft is the next revision of a workspace's rules, if the file or the time asks for one.
func (b *Book) Draft(ws tickets.WorkspaceID, now time.Time, s Snapshot) (d Draft, ok bool, err error) {
	return b.page(ws).next(now, s)
}

// Refusal is the document that records that a workspace's people were told that the file is wrong, if they were not yet.
func (b *Book) Refusal(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, s Snapshot) (d tickets.DocWrite, ok bool, err error) {
	if s.Err == nil || b.page(ws).refused == s.Hash {
		return d, false, nil
	}
	var told string
	version, err := readDoc(ctx, store, ws, refusedKey, &told)
	if err != nil {
		return d, false, err
	}
	if told == s.Hash {
		b.Told(ws, s)
		return d, false, nil
	}
	body, err := json.Marshal(s.Hash)
	if err != nil {
		return d, false, fmt.Errorf("record refusal: %w", err)
	}
	return tickets.DocWrite{Key: refusedKey, Expect: version, Body: body}, true, nil
}

// Told remembers that a workspace's people know of a wrong file.
func (b *Book) Told(ws tickets.WorkspaceID, s Snapshot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.pages[ws]
	if !ok {
		p.policy = b.presets
	}
	p.refused = s.Hash
	b.pages[ws] = p
}
