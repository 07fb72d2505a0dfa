package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// found is how many tickets behind one exact key are returned.
const found = 20

// Ticket reads one ticket.
func (s *Store) Ticket(ctx context.Context, ws tickets.WorkspaceID, id tickets.TicketID) (tickets.Ticket, error) {
	stored, err := s.client.Get(ctx, s.keys(ws).ticket(id)).Result()
	if err != nil {
		return tickets.Ticket{}, redisshard.Translate("read ticket "+string(id), err)
	}
	return decodeTicket(stored)
}

// Tickets reads several tickets in one round trip. One that cannot be read is left out: it must not keep the others from
// being read.
func (s *Store) Tickets(ctx context.Context, ws tickets.WorkspaceID, ids []tickets.TicketID) (map[tickets.TicketID]tickets.Ticket, error) {
	out := make(map[tickets.TicketID]tickets.Ticket, len(ids))
	rows, err := s.texts(ctx, s.keys(ws), ids)
	for i, row := range rows {
		if t, err := decodeTicket(row); err == nil {
			out[ids[i]] = t
		}
	}
	return out, err
}

// texts reads the stored forms of tickets, "" where there is none.
func (s *Store) texts(ctx context.Context, k keys, ids []tickets.TicketID) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = k.ticket(id)
	}
	rows, err := s.client.MGet(ctx, names...).Result()
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i], _ = row.(string)
	}
	return out, redisshard.Translate("read tickets", err)
}

// Find returns the ids behind an exact key, newest first.
func (s *Store) Find(ctx context.Context, ws tickets.WorkspaceID, x tickets.Key) ([]tickets.TicketID, error) {
	k := s.keys(ws)
	if !x.Kind.Unique() {
		ids, err := s.client.ZRevRange(ctx, k.exact(x), 0, found-1).Result()
		return ticketIDs(ids), redisshard.Translate("find "+string(x.Kind), err)
	}
	id, err := s.client.HGet(ctx, k.unique(x), x.Value).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, redisshard.Translate("find "+string(x.Kind), err)
	}
	return []tickets.TicketID{tickets.TicketID(id)}, nil
}

func ticketIDs(names []string) []tickets.TicketID {
	var out []tickets.TicketID
	for _, n := range names {
		out = append(out, tickets.TicketID(n))
	}
	return out
}

// Timeline returns a ticket's events; ErrNotFound if there are none.
func (s *Store) Timeline(ctx context.Context, ws tickets.WorkspaceID, id tickets.TicketID) ([]tickets.Event, error) {
	rows, err := s.client.LRange(ctx, s.keys(ws).timeline(id), 0, -1).Result()
	if err != nil {
		return nil, redisshard.Translate("read timeline "+string(id), err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("read timeline %s: %w", id, tickets.ErrNotFound)
	}
	return decodeEvents(id, rows)
}

// Doc reads a document.
func (s *Store) Doc(ctx context.Context, ws tickets.WorkspaceID, key string) (tickets.Doc, error) {
	stored, err := s.client.Get(ctx, s.keys(ws).doc(key)).Result()
	if err != nil {
		return tickets.Doc{}, redisshard.Translate("read document "+key, err)
	}
	version, body, err := splitVersion(stored)
	return tickets.Doc{Key: key, Version: version, Body: json.RawMessage(body)}, err
}

// Seen reads what became of a message.
func (s *Store) Seen(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, ts string) (tickets.Seen, bool, error) {
	stored, err := s.client.Get(ctx, s.keys(ws).seen(ch, ts)).Result()
	if errors.Is(err, redis.Nil) {
		return tickets.Seen{}, false, nil
	}
	if err != nil {
		return tickets.Seen{}, false, redisshard.Translate("read seen record", err)
	}
	m := tickets.Seen{Channel: ch, TS: ts}
	if err := json.Unmarshal([]byte(stored), &m); err != nil {
		return tickets.Seen{}, false, fmt.Errorf("decode seen record: %w", err)
	}
	return m, true, nil
}

// NextNumber is the number that the next new ticket must carry.
func (s *Store) NextNumber(ctx context.Context, ws tickets.WorkspaceID) (tickets.Number, error) {
	n, err := s.client.Get(ctx, s.keys(ws).counter()).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, redisshard.Translate("read number", err)
	}
	return tickets.Number(n + 1), nil
}

// Due reads what is due of the shard's wakes, and the one after, in one round trip.
func (s *Store) Due(ctx context.Context, sh tickets.Shard, now time.Time, n int) ([]tickets.Wake, time.Time, error) {
	key, limit := wakes(s.shard(sh)), strconv.FormatInt(now.UnixMicro(), 10)
	p := s.client.Pipeline()
	head := p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: key, ByScore: true, Start: "-inf", Stop: limit, Count: int64(n)})
	after := p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: key, ByScore: true, Start: "(" + limit, Stop: "+inf", Count: 1})
	if _, err := p.Exec(ctx); err != nil {
		return nil, time.Time{}, redisshard.Translate("read wakes", err)
	}
	var due []tickets.Wake
	for _, z := range head.Val() {
		due = append(due, tickets.Wake{Subject: tickets.Subject(member(z)), Due: time.UnixMicro(int64(z.Score))})
	}
	var next time.Time
	if later := after.Val(); len(later) > 0 {
		next = time.UnixMicro(int64(later[0].Score))
	}
	return due, next, nil
}

// Pending reads the outbox of a shard. An entry that cannot be read comes back under its id alone: it must not keep
// those behind it from being said.
func (s *Store) Pending(ctx context.Context, sh tickets.Shard, after string, n int) ([]tickets.Outgoing, error) {
	start := "-"
	if after != "" {
		start = "(" + after
	}
	rows, err := s.client.XRangeN(ctx, s.shard(sh).Outbox(), start, "+", int64(n)).Result()
	if err != nil {
		return nil, redisshard.Translate("read outbox", err)
	}
	out := make([]tickets.Outgoing, 0, len(rows))
	for _, row := range rows {
		o, err := decodeOutgoing(row)
		if err != nil {
			o = tickets.Outgoing{Entry: row.ID}
		}
		out = append(out, o)
	}
	return out, nil
}

func decodeOutgoing(row redis.XMessage) (tickets.Outgoing, error) {
	text, _ := row.Values["o"].(string)
	o := tickets.Outgoing{}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return o, fmt.Errorf("decode outbox entry %s: %w", row.ID, err)
	}
	o.Entry = row.ID
	return o, nil
}
