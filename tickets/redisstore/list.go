package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

const (
	candidates   = 500 // looked at for one page
	batch        = 100 // documents read in one round trip
	defaultLimit = 20
)

// List walks one index; see tickets.Reader.
func (s *Store) List(ctx context.Context, ws tickets.WorkspaceID, q tickets.Query) (tickets.Page, error) {
	page, err := s.list(ctx, s.keys(ws), q)
	if err != nil {
		return tickets.Page{}, fmt.Errorf("list by %s: %w", q.By, err)
	}
	return page, nil
}

func (s *Store) list(ctx context.Context, k keys, q tickets.Query) (tickets.Page, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	n := candidates
	if q.Keep == nil {
		n = min(q.Limit, candidates)
	}
	walk := &walk{client: s.client, key: k.list(q.By, q.Value), desc: q.Desc}
	ids, err := walk.read(ctx, q.Cursor, n+1)
	if err != nil {
		return tickets.Page{}, err
	}
	return s.fill(ctx, k, q, ids, n)
}

// fill reads the documents of at most n candidates until the page is full.
func (s *Store) fill(ctx context.Context, k keys, q tickets.Query, ids []redis.Z, n int) (tickets.Page, error) {
	var page tickets.Page
	used := 0
	for used < min(n, len(ids)) && len(page.Tickets) < q.Limit {
		part := ids[used:min(used+batch, n, len(ids))]
		docs, err := s.read(ctx, k, part)
		if err != nil {
			return page, err
		}
		for _, t := range docs {
			if len(page.Tickets) == q.Limit {
				break
			}
			used++
			if t != nil && listed(*t, q) && (q.Keep == nil || q.Keep(*t)) {
				page.Tickets = append(page.Tickets, *t)
			}
		}
	}
	if used < len(ids) && used > 0 {
		page.Cursor = cursor(ids[used-1])
	}
	return page, nil
}

// listed drops a candidate that left the index between the two reads.
func listed(t tickets.Ticket, q tickets.Query) bool {
	return slices.ContainsFunc(t.Entries(), func(e tickets.Entry) bool { return e.By == q.By && e.Value == q.Value })
}

// read returns the tickets of candidates in their order, nil where one is gone.
func (s *Store) read(ctx context.Context, k keys, part []redis.Z) ([]*tickets.Ticket, error) {
	ids := make([]tickets.TicketID, len(part))
	for i, z := range part {
		ids[i] = tickets.TicketID(member(z))
	}
	rows, err := s.texts(ctx, k, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*tickets.Ticket, len(rows))
	for i, row := range rows {
		if row == "" {
			continue
		}
		t, err := decodeTicket(row)
		if err != nil {
			return nil, err
		}
		out[i] = &t
	}
	return out, nil
}

// walk reads an index in order of (score, id), from a cursor that names the last candidate looked at.
type walk struct {
	client redis.UniversalClient
	key    string
	desc   bool
}

func cursor(z redis.Z) string { return strconv.FormatInt(int64(z.Score), 10) + "/" + member(z) }

func member(z redis.Z) string {
	m, _ := z.Member.(string)
	return m
}

func (w *walk) read(ctx context.Context, from string, n int) ([]redis.Z, error) {
	start, err := w.rank(ctx, from)
	if err != nil {
		return nil, err
	}
	stop := start + int64(n) - 1
	cmd := w.client.ZRangeWithScores
	if w.desc {
		cmd = w.client.ZRevRangeWithScores
	}
	ids, err := cmd(ctx, w.key, start, stop).Result()
	return ids, redisshard.Translate("read index", err)
}

// rank is how many candidates come before or at the cursor. The cursor's ticket may have left the index
// meanwhile; then its place among those of equal score is searched.
func (w *walk) rank(ctx context.Context, from string) (int64, error) {
	if from == "" {
		return 0, nil
	}
	text, id, _ := strings.Cut(from, "/")
	score, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id == "" {
		return 0, fmt.Errorf("cursor %q: %w", from, tickets.ErrInvalid)
	}
	below, equal, err := w.count(ctx, text)
	if err != nil {
		return 0, err
	}
	at := redis.Z{Score: float64(score), Member: id}
	return w.search(ctx, at, below, below+equal)
}

// count is how many have a score before the cursor's, and the same score.
func (w *walk) count(ctx context.Context, score string) (before, equal int64, err error) {
	lo, hi := "-inf", "("+score
	if w.desc {
		lo, hi = "("+score, "+inf"
	}
	p := w.client.Pipeline()
	b, e := p.ZCount(ctx, w.key, lo, hi), p.ZCount(ctx, w.key, score, score)
	if _, err := p.Exec(ctx); err != nil {
		return 0, 0, redisshard.Translate("count index", err)
	}
	return b.Val(), e.Val(), nil
}

// search finds the first rank in [lo, hi) whose id comes after the cursor's; those ranks have equal scores.
func (w *walk) search(ctx context.Context, at redis.Z, lo, hi int64) (int64, error) {
	for lo < hi {
		mid := (lo + hi) / 2
		one, err := w.at(ctx, mid)
		if err != nil {
			return 0, err
		}
		if one == "" || w.desc && one < member(at) || !w.desc && one > member(at) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, nil
}

func (w *walk) at(ctx context.Context, rank int64) (string, error) {
	cmd := w.client.ZRange
	if w.desc {
		cmd = w.client.ZRevRange
	}
	ids, err := cmd(ctx, w.key, rank, rank).Result()
	if err != nil || len(ids) == 0 {
		return "", redisshard.Translate("read index", err)
	}
	return ids[0], nil
}
