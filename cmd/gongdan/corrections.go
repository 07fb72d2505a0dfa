package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/cmd/internal/config"
	"gongdan/intents/corrections"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

type correctionsCmd struct {
	Export correctionsExportCmd `cmd:"" help:"Print what people have corrected, one labelled row a line."`
}

// Help is the longer text of --help.
func (correctionsCmd) Help() string {
	return `Needs REDIS_URL only. Rows hold no numbers, addresses or names, as far as rules find them. Example:

  gongdan corrections export --since 30d > corrections.jsonl`
}

type correctionsExportCmd struct {
	Workspace string `help:"Only this workspace's (its Slack team id)." placeholder:"TEAM"`
	Since     string `help:"Only those made since a day (2026-11-01), an instant (2026-11-01T09:00:00+08:00) or for so long (30d, 12h)." placeholder:"WHEN"`
	JSONL     bool   `help:"One JSON object a line (the only form there is)." name:"jsonl" default:"true" hidden:""`
}

// Help is the longer text of --help.
func (correctionsExportCmd) Help() string {
	return `A row is {"text","label",…} as 'gongdan train' and 'gongdan eval' read it: text as the local model would read the
message, label what it is ("oos": no ticket). "redacted" shows what was taken out, "was" what it was taken for by whom
("by"), "local" and "p" what the local model made of it. At most the newest 20,000 of each workspace, for 400 days. Example:

  gongdan corrections export --workspace T0123456789 > rows.jsonl && gongdan eval rows.jsonl`
}

// exported is one line.
type exported struct {
	Text      string              `json:"text"`
	Label     string              `json:"label"`
	Redacted  string              `json:"redacted"`
	Workspace tickets.WorkspaceID `json:"workspace"`
	ID        string              `json:"id"`
	At        time.Time           `json:"at"`
	Role      string              `json:"role"`
	Was       string              `json:"was"`
	By        string              `json:"by"`
	Did       string              `json:"did,omitempty"`
	Local     string              `json:"local,omitempty"`
	P         float64             `json:"p"`
}

func (c *correctionsExportCmd) Run(r *run) error {
	now := time.Now()
	since, err := sinceOf(c.Since, now)
	if err != nil {
		return &exitError{2, err}
	}
	cfg, err := config.Load(nil, config.WithoutSlack)
	if err != nil {
		return &exitError{2, err}
	}
	quietRedis()
	rdb := redis.NewUniversalClient(cfg.Redis)
	defer func() { _ = rdb.Close() }()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	spaces, n, err := registered(ctx, rdb, tickets.WorkspaceID(c.Workspace))
	switch {
	case errors.Is(err, redisshard.ErrUnused):
		_, _ = fmt.Fprintln(r.stderr, "gongdan: no bot has used this Redis yet; REDIS_URL must be the bot's")
		return nil
	case err != nil:
		return advised(err)
	}
	store, out := redisstore.New(rdb, n, redisstore.Options{}), json.NewEncoder(r.stdout)
	out.SetEscapeHTML(false)
	for _, ws := range spaces {
		if err := export(ctx, store, ws, now, since, out); err != nil {
			return advised(err)
		}
	}
	return nil
}

func export(ctx context.Context, store *redisstore.Store, ws tickets.WorkspaceID, now, since time.Time, out *json.Encoder) error {
	rows, _, err := corrections.Rows(ctx, bot.Docs{Store: store, Workspace: ws}, now, since)
	if err != nil {
		return err
	}
	for _, c := range rows {
		err := out.Encode(exported{Text: c.Words(), Label: c.Label, Redacted: c.Text, Workspace: ws, ID: c.ID, At: c.At,
			Role: c.Role, Was: c.Was, By: c.By, Did: c.Did, Local: c.Local, P: c.P})
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// registered are the workspaces that a Redis knows, or only the one that is named, and how many shards there are.
func registered(ctx context.Context, rdb redis.UniversalClient, only tickets.WorkspaceID) (list []tickets.WorkspaceID, shards int, err error) {
	shards, err = redisshard.Shards(ctx, rdb, "")
	for s := 0; err == nil && s < shards; s++ {
		var of []tickets.WorkspaceID
		of, err = redisshard.Workspaces(ctx, rdb, redisshard.KeysOf("", tickets.Shard(s)))
		list = append(list, of...)
	}
	slices.Sort(list)
	switch {
	case err != nil || only == "":
		return list, shards, err
	case !slices.Contains(list, only):
		return nil, shards, &exitError{2, fmt.Errorf("no workspace %q is served here; there are: %s", only, named(list))}
	}
	return []tickets.WorkspaceID{only}, shards, nil
}

func named(list []tickets.WorkspaceID) string {
	if len(list) == 0 {
		return "none"
	}
	var out []string
	for _, ws := range list {
		out = append(out, string(ws))
	}
	return strings.Join(out, ", ")
}

// sinceOf reads a day, an instant or a length of time before now; "" is the zero time.
func sinceOf(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return at, nil
		}
	}
	if days, err := strconv.ParseUint(strings.TrimSuffix(text, "d"), 10, 16); err == nil && strings.HasSuffix(text, "d") {
		return now.AddDate(0, 0, -int(days)), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("--since %q is neither a day (2026-11-01) nor an instant nor a length of time (30d, 12h)", text)
}
