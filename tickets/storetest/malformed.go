package storetest

import (
	"testing"

	"gongdan/tickets"
)

func malformedTests() map[string]func(*testing.T, *bench) {
	edits := map[string]func(*bench, *tickets.Change){
		"workspace empty":        func(_ *bench, c *tickets.Change) { c.Workspace = "" },
		"workspace with a colon": func(_ *bench, c *tickets.Change) { c.Workspace = "W:1" },
		"version skipped":        func(_ *bench, c *tickets.Change) { c.Tickets[0].After.Version = 2 },
		"no event":               func(_ *bench, c *tickets.Change) { c.Tickets[0].Events = nil },
		"event of other version": func(_ *bench, c *tickets.Change) { c.Tickets[0].Events[0].Version = 7 },
		"other workspace":        func(_ *bench, c *tickets.Change) { c.Tickets[0].After.Workspace = "W9" },
		"no number":              func(_ *bench, c *tickets.Change) { c.Tickets[0].After.Number = 0 },
		"ticket twice":           func(_ *bench, c *tickets.Change) { c.Tickets = append(c.Tickets, c.Tickets[0]) },
		"gap in numbers": func(b *bench, c *tickets.Change) {
			c.Tickets = append(c.Tickets, write(nil, b.fresh(3), tickets.EvCreated))
		},
		"unknown cause":           func(_ *bench, c *tickets.Change) { c.Cause.Kind = "rumour" },
		"cause without its entry": func(_ *bench, c *tickets.Change) { c.Cause.Kind = tickets.CauseInbox },
		"cause with a bad entry":  func(_ *bench, c *tickets.Change) { c.Cause = tickets.Cause{Kind: tickets.CauseInbox, Entry: "x"} },
		"further entries of an inbox": func(_ *bench, c *tickets.Change) {
			c.Cause = tickets.Cause{Kind: tickets.CauseInbox, Entry: "1-1", Also: []string{"1-2"}}
		},
		"an entry twice": func(_ *bench, c *tickets.Change) {
			c.Cause = tickets.Cause{Kind: tickets.CauseOutbox, Entry: "1-1", Also: []string{"1-2", "1-2"}}
		},
		"document not JSON":      func(_ *bench, c *tickets.Change) { c.Docs = []tickets.DocWrite{{Key: "k", Body: []byte("{")}} },
		"document without a key": func(_ *bench, c *tickets.Change) { c.Docs = []tickets.DocWrite{{Body: []byte("1")}} },
		"wake of another workspace's ticket": func(_ *bench, c *tickets.Change) {
			c.Wakes = []tickets.Wake{{Subject: tickets.TicketSubject("W9", "x")}}
		},
		"feed not JSON": func(_ *bench, c *tickets.Change) { c.Feed = []tickets.FeedEntry{{Body: []byte("}")}} },
		"outbox of another workspace": func(b *bench, c *tickets.Change) {
			o := b.outgoing("a|0", "x")
			o.Workspace = "W9"
			c.Outbox = []tickets.Outgoing{o}
		},
		"too many documents": func(_ *bench, c *tickets.Change) { c.Docs = make([]tickets.DocWrite, tickets.MaxWrites) },
	}
	tests := map[string]func(*testing.T, *bench){}
	for name, edit := range edits {
		tests[name] = func(t *testing.T, b *bench) {
			c := b.change(write(nil, b.fresh(1), tickets.EvCreated))
			edit(b, &c)
			refused(t, b, c, tickets.ErrInvalid)
		}
	}
	return tests
}
