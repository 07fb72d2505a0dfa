package storetest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"gongdan/tickets"
)

// Harness is a store under test with what lies outside its port. Workspaces are the tests' own.
type Harness struct {
	Store  tickets.Store
	Shards int
	// Take makes a new owner of the workspace's shard and returns its epoch.
	Take func(tickets.WorkspaceID) int64
	// AddInbox puts an entry into the inbox of the workspace's shard and returns its id.
	AddInbox func(tickets.WorkspaceID) string
	// Waiting tells whether an inbox entry is still there.
	Waiting func(tickets.WorkspaceID, string) bool
}

// Exercise runs the whole suite. newHarness is called once a test; the stores it returns may share a server.
func Exercise(t *testing.T, newHarness func(*testing.T) Harness) {
	topics := map[string]map[string]func(*testing.T, *bench){
		"commit":    commitTests(),
		"unique":    uniqueTests(),
		"malformed": malformedTests(),
		"read":      readTests(),
		"list":      listTests(),
		"stream":    streamTests(),
		"property":  {"interleavings": testInterleavings, "joined changes": testJoined},
	}
	for topic, tests := range topics {
		for name, test := range tests {
			t.Run(topic+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, newBench(t, newHarness(t)))
			})
		}
	}
}

// bench is one workspace of a harness with its present epoch.
type bench struct {
	Harness
	ws    tickets.WorkspaceID
	epoch int64
	next  int
}

func newBench(t *testing.T, h Harness) *bench {
	t.Helper()
	b := &bench{Harness: h, ws: tickets.WorkspaceID("W" + rand.Text()[:10])}
	b.epoch = h.Take(b.ws)
	return b
}

func (b *bench) shard() tickets.Shard { return tickets.ShardOf(b.ws, b.Shards) }

// start is the time of all tests; the odd part shows whether a store keeps it exactly.
func start() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC) }

// fresh makes a ticket that was never stored, with the given number.
func (b *bench) fresh(n tickets.Number) tickets.Ticket {
	b.next++
	name := string(b.ws) + "-" + n.String() + "-" + strings.Repeat("x", b.next)
	at := start().Add(time.Duration(n) * time.Minute)
	return tickets.Ticket{
		Schema: tickets.Schema, ID: tickets.TicketIDFor(b.ws, name), Workspace: b.ws, Number: n, Version: 1,
		Status: tickets.StatusNew, Type: "delay", Severity: tickets.SeverityNormal, Origin: tickets.OriginInternal,
		Facts:     tickets.Facts{Shop: "小杯子旗舰店", Orders: []string{"2024112233445566778"}},
		Source:    tickets.Source{Kind: "message", Channel: "C1", TS: at.Format("150405.000000") + name, Text: "物流三天没动"},
		Requester: "U1", Created: at, Updated: at, Wake: at.Add(time.Hour),
		Deadlines: []tickets.Deadline{{Kind: tickets.ClockResolution, Start: at, Due: at.Add(2 * time.Hour), Version: 1}},
	}
}

// write is the change of one document to the next version.
func write(before *tickets.Ticket, after tickets.Ticket, kind tickets.EventKind) tickets.TicketWrite {
	return tickets.TicketWrite{Before: before, After: after, Events: []tickets.Event{{
		Kind: kind, At: after.Updated, Version: after.Version, By: "U1", Cause: "cause",
	}}}
}

// changed is the next version of a ticket.
func changed(t tickets.Ticket, edit func(*tickets.Ticket)) tickets.Ticket {
	t.Version++
	t.Updated = t.Updated.Add(time.Minute)
	edit(&t)
	return t
}

// change wraps writes into a change without a cause.
func (b *bench) change(writes ...tickets.TicketWrite) tickets.Change {
	return tickets.Change{Workspace: b.ws, Epoch: b.epoch, Cause: tickets.Cause{ID: "upkeep"}, Tickets: writes}
}

// caused is the same with a new inbox entry as its cause.
func (b *bench) caused(writes ...tickets.TicketWrite) tickets.Change {
	c := b.change(writes...)
	c.Cause = tickets.Cause{Kind: tickets.CauseInbox, Entry: b.AddInbox(b.ws), ID: "event"}
	return c
}

// store commits a new ticket and returns it.
func (b *bench) store(t *testing.T, edit func(*tickets.Ticket)) tickets.Ticket {
	t.Helper()
	n, err := b.Store.NextNumber(t.Context(), b.ws)
	if err != nil {
		t.Fatalf("NextNumber() = %v", err)
	}
	tk := b.fresh(n)
	if edit != nil {
		edit(&tk)
	}
	b.commit(t, b.change(write(nil, tk, tickets.EvCreated)))
	return tk
}

func (b *bench) commit(t *testing.T, c tickets.Change) tickets.Committed {
	t.Helper()
	done, err := b.Store.Commit(t.Context(), c)
	if err != nil {
		t.Fatalf("Commit(%s) = %v", c.Cause.ID, err)
	}
	return done
}

// whole fails if anything in the workspace is torn.
func (b *bench) whole(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	torn, err := b.Store.Check(context.Background(), b.ws)
	if err != nil || len(torn) > 0 {
		t.Fatalf("Check() = %+v, %v, want nothing torn", torn, err)
	}
}
