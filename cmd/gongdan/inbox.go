package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/redisinbox"
	"gongdan/cmd/internal/config"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

type inboxCmd struct {
	List    inboxListCmd    `cmd:"" default:"withargs" help:"List the dead letters: deliveries that failed five times for a permanent reason."`
	Replay  inboxReplayCmd  `cmd:"" aliases:"retry" help:"Put dead letters back into the inbox, as if never tried."`
	Discard inboxDiscardCmd `cmd:"" help:"Remove one dead letter for good."`
	Depth   inboxDepthCmd   `cmd:"" help:"Show how many deliveries wait to be applied, by shard."`
}

// Help is the longer text of --help.
func (inboxCmd) Help() string {
	return `Needs REDIS_URL only. Never shows what a message says. Example:

  gongdan inbox list && gongdan inbox replay 3:1732262400000-0`
}

// patience is how long Redis may take to answer a command of the operator's.
const patience = 20 * time.Second

// opened is the inbox of the configured Redis.
type opened struct {
	*redisinbox.Inbox
	config config.Config
	shards int
	close  func()
}

// openInbox opens the inbox that REDIS_URL names, without setting anything up in it. redisshard.ErrUnused says that there is none.
func openInbox(ctx context.Context) (opened, error) {
	cfg, err := config.Load(nil, config.WithoutSlack)
	if err != nil {
		return opened{}, &exitError{2, err}
	}
	quietRedis()
	rdb := redis.NewUniversalClient(cfg.Redis)
	n, err := redisshard.Shards(ctx, rdb, "")
	if err != nil {
		_ = rdb.Close()
		return opened{}, advised(err)
	}
	return opened{redisinbox.New(rdb, rdb, n, redisinbox.Options{}), cfg, n, func() { _ = rdb.Close() }}, nil
}

// quietRedis keeps the client library's own lines off the terminal: what matters comes back as an error.
func quietRedis() { redis.SetLogger(silence{}) }

type silence struct{}

// Printf drops a line.
func (silence) Printf(context.Context, string, ...any) {}

// advised adds what to do next.
func advised(err error) error {
	if errors.Is(err, tickets.ErrTemporary) {
		return fmt.Errorf("%w\nCheck that Redis runs and that REDIS_URL is right; 'gongdan doctor' says more", err)
	}
	return err
}

type inboxListCmd struct {
	Workspace string `help:"Only this workspace's (its Slack team id)." placeholder:"TEAM"`
	JSON      bool   `help:"Print a JSON array."`
}

// Help is the longer text of --help.
func (inboxListCmd) Help() string {
	return `Example:

  gongdan inbox list --workspace T0123456789`
}

// letter is a dead letter without what it says.
type letter struct {
	ID        string              `json:"id"`
	Workspace tickets.WorkspaceID `json:"workspace"`
	Kind      string              `json:"kind"`
	When      time.Time           `json:"when"` // set aside
	Tries     int                 `json:"tries"`
	Why       string              `json:"why"`
}

func (c *inboxListCmd) Run(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	list, err := c.letters(ctx)
	if err != nil {
		return err
	}
	return table[letter]{"No dead letters.", []string{"ID", "WORKSPACE", "KIND", "WHEN", "TRIES", "WHY"}, func(l letter) []string {
		return []string{l.ID, string(l.Workspace), l.Kind, l.When.Format(time.RFC3339), strconv.Itoa(l.Tries), l.Why}
	}}.print(r, list, c.JSON)
}

func (c *inboxListCmd) letters(ctx context.Context) ([]letter, error) {
	list := []letter{} // not null in JSON
	in, err := openInbox(ctx)
	if errors.Is(err, redisshard.ErrUnused) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	defer in.close()
	dead, err := in.Dead(ctx, workspaces(c.Workspace)...)
	if err != nil {
		return nil, advised(err)
	}
	for _, l := range dead {
		list = append(list, letterOf(l))
	}
	return list, nil
}

func letterOf(l redisinbox.Letter) letter {
	return letter{ID: l.ID, Workspace: l.Envelope.Workspace, Kind: string(l.Envelope.Kind), When: l.At, Tries: l.Tries, Why: oneLine(l.Why)}
}

func workspaces(name string) []tickets.WorkspaceID {
	if name == "" {
		return nil
	}
	return []tickets.WorkspaceID{tickets.WorkspaceID(name)}
}

// oneLine keeps a reason within a table's row and harmless for a terminal.
func oneLine(s string) string {
	const most = 200
	s = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

type inboxReplayCmd struct {
	ID        []string `arg:"" optional:"" help:"Ids as listed."`
	All       bool     `help:"All of them."`
	Workspace string   `help:"With --all: only this workspace's." placeholder:"TEAM"`
}

// Help is the longer text of --help.
func (inboxReplayCmd) Help() string {
	return `A running bot takes what is replayed at once, as the newest of its inbox. Example:

  gongdan inbox replay 3:1732262400000-0
  gongdan inbox replay --all`
}

func (c *inboxReplayCmd) Run(r *run) error {
	switch {
	case c.All && len(c.ID) > 0, !c.All && len(c.ID) == 0:
		return &exitError{2, errors.New("say which: ids as 'gongdan inbox' lists them, or --all")}
	case c.Workspace != "" && !c.All:
		return &exitError{2, errors.New("--workspace goes with --all")}
	}
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	in, err := openInbox(ctx)
	switch {
	case errors.Is(err, redisshard.ErrUnused) && c.All:
		_, err := fmt.Fprintln(r.stdout, "No dead letters.")
		return err
	case err != nil:
		return err
	}
	defer in.close()
	ids := c.ID
	if c.All {
		dead, err := in.Dead(ctx, workspaces(c.Workspace)...)
		if err != nil {
			return advised(err)
		}
		for _, l := range dead {
			ids = append(ids, l.ID)
		}
	}
	return replay(ctx, r, in, ids)
}

// replay puts all back that it can and reports the others together.
func replay(ctx context.Context, r *run, in opened, ids []string) error {
	var errs []error
	for _, id := range ids {
		err := in.Replay(ctx, id)
		switch {
		case errors.Is(err, tickets.ErrNotFound):
			errs = append(errs, fmt.Errorf("there is no dead letter %q: 'gongdan inbox' lists them", id))
			continue
		case err != nil:
			return advised(errors.Join(append(errs, err)...))
		}
		logger(r.stderr, in.config).Info("dead letter replayed", "id", id, "by", operator())
		_, _ = fmt.Fprintf(r.stdout, "replayed %s\n", id)
	}
	if len(ids) == 0 {
		_, _ = fmt.Fprintln(r.stdout, "No dead letters.")
	}
	return errors.Join(errs...)
}

type inboxDepthCmd struct {
	JSON bool `help:"Print a JSON array."`
}

// Help is the longer text of --help.
func (inboxDepthCmd) Help() string {
	return `Example:

  gongdan inbox depth --json`
}

// depth is how much waits in one shard.
type depth struct {
	Shard  int     `json:"shard"`
	Wait   int64   `json:"waiting"`
	Oldest float64 `json:"oldest_seconds"`
}

func (c *inboxDepthCmd) Run(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	list, err := c.depths(ctx)
	if err != nil {
		return err
	}
	return table[depth]{"Nothing waits.", []string{"SHARD", "WAITING", "OLDEST"}, func(d depth) []string {
		oldest := time.Duration(d.Oldest * float64(time.Second)).Round(time.Second)
		return []string{strconv.Itoa(d.Shard), strconv.FormatInt(d.Wait, 10), oldest.String()}
	}}.print(r, list, c.JSON)
}

// depths are the shards in which something waits.
func (c *inboxDepthCmd) depths(ctx context.Context) ([]depth, error) {
	list := []depth{}
	in, err := openInbox(ctx)
	if errors.Is(err, redisshard.ErrUnused) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	defer in.close()
	for s := range in.shards {
		n, oldest, err := in.Depth(ctx, tickets.Shard(s))
		if err != nil {
			return nil, advised(err)
		}
		if n > 0 {
			list = append(list, depth{Shard: s, Wait: n, Oldest: oldest.Seconds()})
		}
	}
	return list, nil
}
