package memstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongdan/tickets"
)

// Options of a [Store]. The zero value works.
type Options struct {
	Shards int              // default 16
	Now    func() time.Time // tells when records of messages expire; default time.Now
}

// Store implements tickets.Store in memory. It is safe for concurrent use. A shard's epoch is 0 until
// [Store.Take] is called, and a change must carry the present one.
type Store struct {
	mu     sync.Mutex
	o      Options
	shards map[tickets.Shard]*shard
	spaces map[tickets.WorkspaceID]*space
}

var _ tickets.Store = (*Store)(nil)

// shard is what workspaces share.
type shard struct {
	epoch  int64
	last   int64 // sequence of entry ids
	inbox  map[string]bool
	outbox []tickets.Outgoing // oldest first
	wakes  map[tickets.Subject]time.Time
	feed   []tickets.FeedEntry
}

// space is one workspace.
type space struct {
	number  tickets.Number
	tickets map[tickets.TicketID]tickets.Ticket
	events  map[tickets.TicketID][]tickets.Event
	unique  map[tickets.Key]tickets.TicketID
	docs    map[string]tickets.Doc
	seen    map[message]remembered
}

type message struct {
	channel tickets.ChannelID
	ts      string
}

type remembered struct {
	seen tickets.Seen
	at   time.Time
}

// feedLen is how many feed entries of a shard are kept.
const feedLen = 10_000

// New makes an empty store.
func New(o Options) *Store {
	if o.Shards == 0 {
		o.Shards = 16
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{o: o, shards: map[tickets.Shard]*shard{}, spaces: map[tickets.WorkspaceID]*space{}}
}

// shard needs the lock.
func (s *Store) shard(n tickets.Shard) *shard {
	sh := s.shards[n]
	if sh == nil {
		sh = &shard{inbox: map[string]bool{}, wakes: map[tickets.Subject]time.Time{}}
		s.shards[n] = sh
	}
	return sh
}

// space needs the lock.
func (s *Store) space(ws tickets.WorkspaceID) *space {
	sp := s.spaces[ws]
	if sp == nil {
		sp = &space{
			tickets: map[tickets.TicketID]tickets.Ticket{}, events: map[tickets.TicketID][]tickets.Event{},
			unique: map[tickets.Key]tickets.TicketID{}, docs: map[string]tickets.Doc{}, seen: map[message]remembered{},
		}
		s.spaces[ws] = sp
	}
	return sp
}

// Take makes a new owner of a workspace's shard and returns its epoch; changes under an earlier one are refused.
func (s *Store) Take(ws tickets.WorkspaceID) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shard(tickets.ShardOf(ws, s.o.Shards))
	sh.epoch++
	return sh.epoch
}

// AddInbox puts an entry into the inbox of a workspace's shard and returns its id, for use as a cause.
func (s *Store) AddInbox(ws tickets.WorkspaceID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shard(tickets.ShardOf(ws, s.o.Shards))
	id := sh.nextEntry()
	sh.inbox[id] = true
	return id
}

// Inbox tells whether an entry still waits to be applied.
func (s *Store) Inbox(ws tickets.WorkspaceID, entry string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shard(tickets.ShardOf(ws, s.o.Shards)).inbox[entry]
}

// Feed returns the last entries of a workspace's shard, oldest first.
func (s *Store) Feed(ws tickets.WorkspaceID) []tickets.FeedEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]tickets.FeedEntry(nil), s.shard(tickets.ShardOf(ws, s.o.Shards)).feed...)
}

func (sh *shard) nextEntry() string {
	sh.last++
	return strconv.FormatInt(sh.last, 10) + "-0"
}

// cloned makes a value independent of the caller's, in the form it has after being stored as JSON.
func cloned[T any](v T) (T, error) {
	var out T
	body, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	if err != nil {
		return out, fmt.Errorf("copy: %w", err)
	}
	return out, nil
}

// Due returns what is due in a shard.
func (s *Store) Due(_ context.Context, n tickets.Shard, now time.Time, limit int) ([]tickets.Wake, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []tickets.Wake
	var next time.Time
	for _, w := range s.shard(n).sorted() {
		if w.Due.After(now) {
			next = w.Due
			break
		}
		due = append(due, w)
	}
	return due[:min(limit, len(due))], next, nil
}

// Pending returns outbox entries of a shard.
func (s *Store) Pending(_ context.Context, n tickets.Shard, after string, limit int) ([]tickets.Outgoing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []tickets.Outgoing
	for _, o := range s.shard(n).outbox {
		if len(out) < limit && sequence(o.Entry) > sequence(after) {
			out = append(out, o)
		}
	}
	return out, nil
}

func sequence(entry string) int64 {
	head, _, _ := strings.Cut(entry, "-")
	n, _ := strconv.ParseInt(head, 10, 64)
	return n
}
