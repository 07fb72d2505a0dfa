package redisinbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// DeadFor is how long a dead letter is kept.
const DeadFor = 14 * 24 * time.Hour

// Letter is an entry that was set aside. Its own ID names it among all shards, for Replay.
type Letter struct {
	ID       string
	Envelope bot.Envelope // its Entry is the dead letter's own stream id
	Why      string
	At       time.Time
	Tries    int
}

// MarkTry counts a try of an entry before it is begun, and returns how many there have been; 0 says that
// the entry is gone. The count ends with the entry: a commit removes both.
func (in *Inbox) MarkTry(ctx context.Context, s tickets.Shard, entry string) (int, error) {
	k := in.keys(s)
	n, err := in.run.Run(ctx, markScript, []string{k.Inbox(), k.Tries()}, entry)
	if err != nil {
		return 0, redisshard.Translate("mark try of "+entry, err)
	}
	tries, _ := n.(int64)
	return int(tries), nil
}

// Tries tells how often each entry of a shard has been tried; entries never tried are absent. A new owner
// reads it to see what its predecessor may have died of.
func (in *Inbox) Tries(ctx context.Context, s tickets.Shard) (map[string]int, error) {
	rows, err := in.client.HGetAll(ctx, in.keys(s).Tries()).Result()
	if err != nil {
		return nil, redisshard.Translate("read tries", err)
	}
	out := make(map[string]int, len(rows))
	for entry, text := range rows {
		out[entry], _ = strconv.Atoi(text)
	}
	return out, nil
}

// Bury moves an entry to the dead letters. An entry that is gone is tickets.ErrApplied, an old epoch
// tickets.ErrStaleLease.
func (in *Inbox) Bury(ctx context.Context, s tickets.Shard, e bot.Envelope, why string, epoch int64) error {
	k := in.keys(s)
	word, err := in.run.Run(ctx, buryScript, []string{k.Lease(), k.Inbox(), k.Tries(), deadKey(k)}, epoch, e.Entry, why)
	switch {
	case err != nil:
		return redisshard.Translate("bury "+e.Entry, err)
	case word == "stale":
		return fmt.Errorf("bury %s: %w", e.Entry, tickets.ErrStaleLease)
	case word == "gone":
		return fmt.Errorf("bury %s: %w", e.Entry, tickets.ErrApplied)
	}
	return nil
}

// Dead lists the dead letters of workspaces, oldest first within a shard; without any it lists all.
func (in *Inbox) Dead(ctx context.Context, of ...tickets.WorkspaceID) ([]Letter, error) {
	var out []Letter
	for s := range in.shards {
		shard := tickets.Shard(s)
		if len(of) > 0 && !slices.ContainsFunc(of, func(ws tickets.WorkspaceID) bool { return tickets.ShardOf(ws, in.shards) == shard }) {
			continue
		}
		rows, err := in.client.XRange(ctx, deadKey(in.keys(shard)), "-", "+").Result()
		if err != nil {
			return nil, redisshard.Translate("list dead letters", err)
		}
		for _, row := range rows {
			l := decodeLetter(shard, row)
			if len(of) == 0 || slices.Contains(of, l.Envelope.Workspace) {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

func decodeLetter(s tickets.Shard, row redis.XMessage) Letter {
	e := decode(row)
	l := Letter{ID: fmt.Sprintf("%d:%s", s, row.ID), Envelope: e}
	l.Why, _ = row.Values["why"].(string)
	at, _ := row.Values["at"].(string)
	us, _ := strconv.ParseInt(at, 10, 64)
	l.At = time.UnixMicro(us).UTC()
	tries, _ := row.Values["tries"].(string)
	l.Tries, _ = strconv.Atoi(tries)
	return l
}

// Replay puts a dead letter back at the end of its inbox, as if never tried. A letter that is not there is
// tickets.ErrNotFound.
func (in *Inbox) Replay(ctx context.Context, id string) error {
	s, row, ok := in.place(id)
	if !ok {
		return fmt.Errorf("replay %q: %w", id, tickets.ErrNotFound)
	}
	k := in.keys(s)
	entry, err := in.run.Run(ctx, replayScript, []string{deadKey(k), k.Inbox()}, row)
	if err != nil {
		return redisshard.Translate("replay "+id, err)
	}
	if entry == "" {
		return fmt.Errorf("replay %s: %w", id, tickets.ErrNotFound)
	}
	return nil
}

// Letter is one dead letter. One that is not there is tickets.ErrNotFound.
func (in *Inbox) Letter(ctx context.Context, id string) (Letter, error) {
	s, row, ok := in.place(id)
	if !ok {
		return Letter{}, fmt.Errorf("dead letter %q: %w", id, tickets.ErrNotFound)
	}
	rows, err := in.client.XRange(ctx, deadKey(in.keys(s)), row, row).Result()
	switch {
	case err != nil:
		return Letter{}, redisshard.Translate("read dead letter "+id, err)
	case len(rows) == 0:
		return Letter{}, fmt.Errorf("dead letter %s: %w", id, tickets.ErrNotFound)
	}
	return decodeLetter(s, rows[0]), nil
}

// Discard removes a dead letter for good. One that is not there, because somebody replayed it meanwhile or discarded it, is
// tickets.ErrNotFound.
func (in *Inbox) Discard(ctx context.Context, id string) error {
	s, row, ok := in.place(id)
	if !ok {
		return fmt.Errorf("discard %q: %w", id, tickets.ErrNotFound)
	}
	n, err := in.client.XDel(ctx, deadKey(in.keys(s)), row).Result()
	if err != nil {
		return redisshard.Translate("discard "+id, err)
	}
	if n == 0 {
		return fmt.Errorf("discard %s: %w", id, tickets.ErrNotFound)
	}
	return nil
}

// place is where a dead letter of this id stands.
func (in *Inbox) place(id string) (s tickets.Shard, row string, ok bool) {
	number, row, ok := strings.Cut(id, ":")
	n, err := strconv.Atoi(number)
	return tickets.Shard(n), row, ok && err == nil && n >= 0 && n < in.shards && !idTime(row).IsZero()
}

// idTime is when a stream's entry was added; zero for a malformed id.
func idTime(id string) time.Time {
	ms, seq, _ := strings.Cut(id, "-")
	n, err := strconv.ParseInt(ms, 10, 64)
	if _, bad := strconv.ParseUint(seq, 10, 64); err != nil || bad != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
