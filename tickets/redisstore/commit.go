package redisstore

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

//go:embed commit.lua
var commitSource string

var commitScript = redisshard.NewScript(commitSource)

// Commit writes a change by one script in one round trip; see tickets.Committer.
func (s *Store) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	commit, err := s.Prepare(c)
	if err != nil {
		return tickets.Committed{}, err
	}
	return commit(ctx)
}

// Prepare brings a change into the script's form; see tickets.Preparer.
func (s *Store) Prepare(c tickets.Change) (func(context.Context) (tickets.Committed, error), error) {
	p, err := s.plan(c)
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", c.Cause.ID, err)
	}
	args := p.args(c)
	return func(ctx context.Context) (tickets.Committed, error) {
		reply, err := s.run.Run(ctx, commitScript, p.keys, args...)
		if err != nil {
			return tickets.Committed{}, redisshard.Translate("commit "+string(c.Cause.ID), err)
		}
		done, err := committed(reply, p)
		if err != nil {
			return tickets.Committed{}, fmt.Errorf("commit %s: %w", c.Cause.ID, err)
		}
		return done, nil
	}, nil
}

func committed(reply any, p *plan) (tickets.Committed, error) {
	f, ok := reply.([]any)
	if !ok || len(f) == 0 {
		return tickets.Committed{}, fmt.Errorf("unknown answer %v", reply)
	}
	second := ""
	if len(f) > 1 {
		second, _ = f[1].(string)
	}
	switch f[0] {
	case "ok":
		next, err := fromMicros(second)
		return tickets.Committed{Next: next}, err
	case "stale":
		return tickets.Committed{}, tickets.ErrStaleLease
	case "applied":
		return tickets.Committed{}, tickets.ErrApplied
	case "conflict":
		if n, err := strconv.Atoi(second); err == nil && n >= 1 && n <= len(p.keys) {
			return tickets.Committed{}, fmt.Errorf("%s: %w", p.keys[n-1], tickets.ErrConflict)
		}
		return tickets.Committed{}, tickets.ErrConflict
	}
	return tickets.Committed{}, fmt.Errorf("unknown answer %v", f[0])
}

// plan turns a change into checks and commands.
func (s *Store) plan(c tickets.Change) (*plan, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	k := s.keys(c.Workspace)
	p := newPlan(k.shard.Lease(), causeStream(k.shard, c.Cause.Kind), wakes(k.shard))
	if c.Cause.Kind == tickets.CauseInbox {
		p.key(k.shard.Tries())
	}
	planAlso(p, k, c.Cause.Also)
	if err := planTickets(p, k, c.Tickets); err != nil {
		return nil, err
	}
	planDocs(p, k, c.Docs)
	if err := planSeen(p, k, c.Seen); err != nil {
		return nil, err
	}
	if err := planWakes(p, k, c); err != nil {
		return nil, err
	}
	return p, s.planStreams(p, k, c)
}

func causeStream(k redisshard.Keys, kind tickets.CauseKind) string {
	switch kind {
	case tickets.CauseInbox:
		return k.Inbox()
	case tickets.CauseOutbox:
		return k.Outbox()
	}
	return k.Lease()
}

// planAlso takes further entries out of the outbox.
func planAlso(p *plan, k keys, entries []string) {
	for _, e := range entries {
		p.check("e", k.shard.Outbox(), e, "")
	}
	if len(entries) > 0 {
		p.write("XDEL", k.shard.Outbox(), entries...)
	}
}

func planDocs(p *plan, k keys, docs []tickets.DocWrite) {
	for _, d := range docs {
		key := k.doc(d.Key)
		p.expect(key, d.Expect)
		if d.Delete {
			p.write("DEL", key)
			continue
		}
		p.write("SET", key, strconv.FormatInt(d.Expect+1, 10)+" "+string(d.Body))
	}
}

func planSeen(p *plan, k keys, seen []tickets.Seen) error {
	for _, m := range seen {
		body, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("encode seen record: %w", err)
		}
		p.write("SET", k.seen(m.Channel, m.TS), string(body), "EX", strconv.FormatInt(seenSeconds, 10))
	}
	return nil
}

// planWakes adds the wakes of other subjects. A ticket's own wake may be put right to what its document says.
func planWakes(p *plan, k keys, c tickets.Change) error {
	for _, w := range c.Wakes {
		if id, ticket := w.Subject.Ticket(c.Workspace); ticket {
			said, err := w.Due.MarshalText()
			if err != nil {
				return fmt.Errorf("wake of ticket %s: %w: %w", id, tickets.ErrInvalid, err)
			}
			if w.Due.IsZero() {
				said = nil
			}
			p.check("w", k.ticket(id), string(said), "")
		}
		planWake(p, k, w)
	}
	return nil
}

func planWake(p *plan, k keys, w tickets.Wake) {
	if w.Due.IsZero() {
		p.write("ZREM", wakes(k.shard), string(w.Subject))
		return
	}
	p.write("ZADD", wakes(k.shard), strconv.FormatInt(micros(w.Due), 10), string(w.Subject))
}

func (s *Store) planStreams(p *plan, k keys, c tickets.Change) error {
	for _, o := range c.Outbox {
		body, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("encode outbox entry %s: %w", o.ID, err)
		}
		p.write("XADD", k.shard.Outbox(), "*", "o", string(body))
	}
	length := strconv.FormatInt(s.o.FeedLen, 10)
	for _, f := range c.Feed {
		p.write("XADD", feed(k.shard), "MAXLEN", "~", length, "*",
			"w", k.ws, "t", string(f.Ticket), "b", string(f.Body))
	}
	return nil
}
