package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/explain"
	"gongdan/intents"
	"gongdan/tickets"
)

type teamExplainCmd struct {
	Path     string   `arg:"" optional:"" name:"file" help:"The team file; - is standard input. Without one that of TEAM_FILE, or else the built-in presets."`
	Origin   string   `help:"Who sent the ticket: platform, provider or internal." enum:"platform,provider,internal" default:"internal"`
	Platform string   `help:"The marketplace: tmall, taobao, douyin (or doudian), pinduoduo, jd or wechat." enum:"tmall,taobao,douyin,doudian,pinduoduo,jd,wechat," default:""`
	Type     string   `help:"The type of ticket, such as refund." default:"other"`
	Severity string   `help:"urgent, high, normal or low." enum:"urgent,high,normal,low" default:"normal"`
	Shop     string   `help:"The shop, by its name or an alias."`
	Tag      []string `help:"A tag of the ticket; may be repeated."`
	Source   string   `help:"Where it came from." default:"message"`
	At       string   `help:"When it was made, such as 2026-11-23T20:00 in the file's time zone; default now." placeholder:"TIME"`
	File     string   `help:"The same, as an option." placeholder:"FILE"`
	Lang     string   `help:"zh-CN or en; default the terminal's." enum:"zh-CN,en," default:""`
	JSONL    bool     `help:"Print one JSON object on one line." name:"jsonl"`
}

// Help is the longer text of --help.
func (teamExplainCmd) Help() string {
	return `Says which policy binds such a ticket and why those before it do not, and each deadline and mark with its reason. Exit code 1: the
file is not right; 2: it cannot be read, or what was asked is unknown. Example:

  gongdan team explain team.yaml --origin platform --platform douyin --type unsafe_product --severity urgent --at 2026-11-23T20:00`
}

func (c *teamExplainCmd) Run(r *run) error {
	at, err := c.instant(nil)
	if err != nil {
		return &exitError{2, err}
	}
	policy, err := c.policy(r, at)
	if err != nil {
		return err
	}
	if at, err = c.instant(policy.Zone); err != nil {
		return &exitError{2, err}
	}
	q, err := c.question(policy, at)
	if err != nil {
		return &exitError{2, err}
	}
	a, err := explain.Ask(policy, q)
	if err != nil {
		return err
	}
	if c.JSONL {
		return json.NewEncoder(r.stdout).Encode(a)
	}
	catalogue, err := words.New()
	if err != nil {
		return fmt.Errorf("read the words: %w", err)
	}
	lang := c.Lang
	if lang == "" {
		lang = config.TerminalLanguage(nil)
	}
	return explain.Print(r.stdout, a, catalogue.In(lang))
}

// policy is the file's, or the presets.
func (c *teamExplainCmd) policy(r *run, at time.Time) (tickets.Policy, error) {
	if c.Path != "" && c.File != "" {
		return tickets.Policy{}, &exitError{2, fmt.Errorf("two files are named, %s and %s", c.Path, c.File)}
	}
	file := cmp.Or(c.Path, c.File, config.TeamFile(nil))
	if file == "" {
		return tickets.DefaultPolicy(), nil
	}
	f, err := readTeam(r, file)
	if problems, ok := errors.AsType[strictyaml.Problems](err); ok {
		return tickets.Policy{}, fmt.Errorf("%s is not right:\n%w", file, problems)
	}
	if err != nil {
		return tickets.Policy{}, err
	}
	return f.Policy(at), nil
}

func (c *teamExplainCmd) question(p tickets.Policy, at time.Time) (explain.Question, error) {
	q := explain.Question{Origin: tickets.Origin(c.Origin), Platform: tickets.Platform(c.Platform), Type: tickets.Type(c.Type),
		Severity: tickets.Severity(c.Severity), Tags: c.Tag, Source: c.Source, At: at, Shop: c.Shop}
	if q.Platform == "doudian" {
		q.Platform = "douyin" // two names of one marketplace
	}
	var types []string
	for _, t := range intents.Types() {
		types = append(types, t.Name)
	}
	for _, t := range p.Types {
		types = append(types, string(t.Name))
	}
	if !slices.Contains(types, c.Type) {
		return q, unknown("type", c.Type, types)
	}
	if len(p.Shops) == 0 || c.Shop == "" {
		return q, nil
	}
	var names []string
	for _, s := range p.Shops {
		if s.Name == c.Shop || slices.Contains(s.Aliases, c.Shop) {
			q.Shop = s.Name
			return q, nil
		}
		names = append(append(names, s.Name), s.Aliases...)
	}
	return q, unknown("shop", c.Shop, names)
}

func unknown(what, word string, known []string) error {
	if near := strictyaml.Nearest(word, known); near != "" {
		return fmt.Errorf("%s %q is not known, did you mean %q?", what, word, near)
	}
	return fmt.Errorf("%s %q is not known, use one of: %s", what, word, strings.Join(known, ", "))
}

// instant reads --at in a zone; nil is that of the presets.
func (c *teamExplainCmd) instant(zone *time.Location) (time.Time, error) {
	if c.At == "" {
		return time.Now(), nil
	}
	if zone == nil {
		zone = tickets.DefaultPolicy().Zone
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, c.At, zone); err == nil {
			if at.Year() < 1970 || at.Year() > 2200 {
				return at, fmt.Errorf("--at %q lies outside 1970 to 2200", c.At)
			}
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("--at %q is not a time, write it as 2026-11-23T20:00 or 2026-11-23T20:00:00+08:00", c.At)
}
