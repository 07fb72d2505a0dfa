package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// Check walks all keys of a workspace and compares them. Whatever looks wrong is read again in one
// atomic step with its ticket, so a store in use gives no false alarms. It reads every key of the node
// that holds the workspace and is meant for operators and tests.
func (s *Store) Check(ctx context.Context, ws tickets.WorkspaceID) ([]tickets.Torn, error) {
	k := s.keys(ws)
	node, err := s.run.Master(ctx, k.counter())
	if err != nil {
		return nil, redisshard.Translate("check", err)
	}
	a := &audit{node: node, k: k, ws: ws, numbers: map[tickets.Number]tickets.TicketID{}}
	for _, step := range []func(context.Context) error{a.walkKeys, a.walkWakes, a.walkOutbox, a.checkCounter} {
		if err := step(ctx); err != nil {
			return a.torn, redisshard.Translate("check "+string(ws), err)
		}
	}
	return a.torn, nil
}

// auditBatch is how many tickets are compared in one atomic step: few enough not to hold Redis up.
const auditBatch = 50

type audit struct {
	node    redis.UniversalClient
	k       keys
	ws      tickets.WorkspaceID
	torn    []tickets.Torn
	numbers map[tickets.Number]tickets.TicketID
	highest tickets.Number
}

func (a *audit) report(id tickets.TicketID, what, format string, args ...any) {
	a.torn = append(a.torn, tickets.Torn{Ticket: id, What: what, Detail: fmt.Sprintf(format, args...)})
}

// walkKeys visits each key of the workspace by its kind, the letter that begins its name.
func (a *audit) walkKeys(ctx context.Context) error {
	base := a.k.shard.Key("")
	pattern := globSafe.Replace(base) + "?:" + globSafe.Replace(a.k.ws) + ":*"
	var cursor uint64
	for {
		names, next, err := a.node.Scan(ctx, cursor, pattern, 500).Result()
		if err != nil {
			return err
		}
		var ids []tickets.TicketID
		for _, name := range names {
			rest := strings.TrimPrefix(name, base)
			if rest[0] == 't' {
				ids = append(ids, tickets.TicketID(rest[len("t::")+len(a.k.ws):]))
			} else if err := a.visit(ctx, name, rest[0]); err != nil {
				return err
			}
		}
		if err := a.tickets(ctx, ids); err != nil {
			return err
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

var globSafe = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `\`, `\\`)

func (a *audit) visit(ctx context.Context, name string, kind byte) error {
	switch kind {
	case 'i', 'x':
		return a.walkSet(ctx, name)
	case 'u':
		return a.walkHash(ctx, name)
	case 'e':
		id := tickets.TicketID(name[strings.LastIndexByte(name, ':')+1:])
		n, err := a.node.Exists(ctx, a.k.ticket(id)).Result()
		if err == nil && n == 0 {
			a.report(id, "timeline_gap", "timeline without a ticket")
		}
		return err
	}
	return nil
}

// tickets compares what hangs on each ticket, again for those that change meanwhile.
func (a *audit) tickets(ctx context.Context, ids []tickets.TicketID) error {
	for tries := 0; len(ids) > 0 && tries < 20; tries++ {
		var moved []tickets.TicketID
		for len(ids) > 0 {
			n := min(auditBatch, len(ids))
			again, err := a.compare(ctx, ids[:n])
			if err != nil {
				return err
			}
			moved, ids = append(moved, again...), ids[n:]
		}
		ids = moved
	}
	return nil
}

func (a *audit) compare(ctx context.Context, ids []tickets.TicketID) (moved []tickets.TicketID, err error) {
	texts := make([]*redis.StringCmd, len(ids))
	if _, err := a.node.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			texts[i] = p.Get(ctx, a.k.ticket(id))
		}
		return nil
	}); err != nil && !hasReply(err) {
		return nil, err
	}
	looks := make([]*look, 0, len(ids))
	if _, err := a.node.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			if l := a.look(ctx, p, id, texts[i]); l != nil {
				looks = append(looks, l)
			}
		}
		return nil
	}); err != nil && !hasReply(err) {
		return nil, err
	}
	for _, l := range looks {
		if l.again.Val() != l.text {
			moved = append(moved, l.t.ID)
			continue
		}
		a.judge(l)
	}
	return moved, nil
}

// hasReply tells an answer to a single command (nothing there, wrong type) from a failed connection.
func hasReply(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}

// walkWakes finds wakes of tickets that do not exist; others are compared with their ticket.
func (a *audit) walkWakes(ctx context.Context) error {
	prefix := "ticket:" + a.k.ws + "/"
	return a.walkPairs(ctx, func(cursor uint64) *redis.ScanCmd {
		return a.node.ZScan(ctx, wakes(a.k.shard), cursor, globSafe.Replace(prefix)+"*", 500)
	}, func(p redis.Pipeliner, subject, _ string) func() {
		id := tickets.TicketID(strings.TrimPrefix(subject, prefix))
		doc, score := p.Exists(ctx, a.k.ticket(id)), p.ZScore(ctx, wakes(a.k.shard), subject)
		return func() {
			if doc.Val() == 0 && score.Err() == nil {
				a.report(id, "wake_wrong", "wake without a ticket")
			}
		}
	})
}

func (a *audit) walkOutbox(ctx context.Context) error {
	after := "-"
	for {
		rows, err := a.node.XRangeN(ctx, a.k.shard.Outbox(), after, "+", 500).Result()
		if err != nil || len(rows) == 0 {
			return err
		}
		after = "(" + rows[len(rows)-1].ID
		for _, row := range rows {
			o, err := decodeOutgoing(row)
			if err != nil {
				a.report("", "document_bad", "%v", err)
				continue
			}
			if o.Workspace != a.ws || o.Ticket == "" {
				continue
			}
			n, err := a.node.Exists(ctx, a.k.ticket(o.Ticket)).Result()
			if err != nil {
				return err
			}
			if n == 0 {
				a.report(o.Ticket, "outbox_orphan", "entry %s (%s)", row.ID, o.ID)
			}
		}
	}
}

func (a *audit) checkCounter(ctx context.Context) error {
	n, err := a.node.Get(ctx, a.k.counter()).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return err
	}
	if int64(a.highest) > n {
		a.report(a.numbers[a.highest], "number_twice", "number %d above the counter %d: it will be given again", a.highest, n)
	}
	return nil
}
