package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/demo"
	"gongdan/cmd/internal/simclock"
	"gongdan/cmd/internal/tour"
)

type demoCmd struct {
	Tour     bool          `help:"Tell one story in the terminal in under 20 seconds, instead of the page."`
	Lang     string        `help:"Language of the people: zh-CN or en; default the terminal's." default:"" placeholder:"LANG"`
	Addr     string        `help:"Where the page is, on this machine." default:"127.0.0.1:8065"`
	Speed    float64       `help:"Simulated seconds for each second." default:"1"`
	Seed     int64         `help:"Seed of the ids in the local Slack." default:"1"`
	Without  string        `hidden:"" help:"Leave out what is done in one step; the story must then fail."`
	Patience time.Duration `hidden:"" default:"10s" help:"How long each expected thing may take."`
	Verbose  bool          `hidden:"" help:"Show the bot's errors."`
}

// Help is the longer text of --help.
func (demoCmd) Help() string {
	return `The bot runs as in production, against a local Slack with a browser page and a Redis in memory. Example:

  gongdan demo --lang en
  gongdan demo --tour --lang en`
}

// tourLimit is how long the story may take in all.
const tourLimit = 2 * time.Minute

func (c *demoCmd) Run(r *run) error {
	lang, err := c.language()
	if err != nil {
		return err
	}
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program for the bot's process: %w", err)
	}
	if !c.Tour {
		return c.page(r, binary, lang)
	}
	ctx, cancel := context.WithTimeout(r.ctx, tourLimit)
	defer cancel()
	o := tour.Options{Lang: lang, Seed: c.Seed, Binary: binary, Out: r.stdout, Without: c.Without, Patience: c.Patience}
	if c.Verbose {
		o.BotLog = r.stderr
	}
	return tour.Run(ctx, o)
}

// page serves the workspace in a browser until it is interrupted.
func (c *demoCmd) page(r *run, binary, lang string) error {
	host, _, err := net.SplitHostPort(c.Addr)
	if ip, perr := netip.ParseAddr(host); err != nil || (host != "localhost" && (perr != nil || !ip.IsLoopback())) {
		return &exitError{2, fmt.Errorf("--addr %s: the page has no password, so it is served on this machine only: use 127.0.0.1:PORT", c.Addr)}
	}
	if c.Speed <= 0 || c.Speed > 3600 {
		return &exitError{2, fmt.Errorf("--speed %g: choose more than 0 and at most 3600", c.Speed)}
	}
	o := demo.Options{Lang: lang, Addr: c.Addr, Speed: c.Speed, Seed: c.Seed, Binary: binary, Zone: demo.Policy(lang).Zone}
	if c.Verbose {
		o.BotLog = r.stderr
	}
	d, err := demo.Start(r.ctx, o)
	if errors.Is(err, syscall.EADDRINUSE) {
		return &exitError{2, fmt.Errorf("--addr %s is taken, perhaps by another demo: end that one, or choose another port", c.Addr)}
	}
	if err != nil {
		return fmt.Errorf("start the demonstration: %w", err)
	}
	defer d.Close()
	text := "Open %s in a browser. Ctrl-C ends it; nothing is kept.\n(%s)\n"
	if lang == "zh-CN" {
		text = "在浏览器里打开 %s 。按 Ctrl-C 结束，什么都不会留下。\n（%s）\n"
	}
	if _, err := fmt.Fprintf(r.stdout, text, d.URL(), d.Setting()); err != nil {
		return err
	}
	<-r.ctx.Done()
	return nil
}

// language is the wanted one, else the terminal's: zh-CN or en.
func (c *demoCmd) language() (string, error) {
	switch strings.ToLower(c.Lang) {
	case "":
		return config.TerminalLanguage(nil), nil
	case "zh-cn", "zh":
		return "zh-CN", nil
	case "en", "en-us":
		return "en", nil
	}
	return "", &exitError{2, fmt.Errorf("--lang %s: there are two languages, zh-CN and en", c.Lang)}
}

// demoBotCmd is the bot of a demonstration: the same program as serve, with the sample company's rules and a clock that its
// parent can move.
type demoBotCmd struct {
	Pace float64 `default:"1"`
	Lang string  `default:"zh-CN"`
	// Company chooses the rules: of the tour's story or of the browser's three shops.
	Company string `enum:"story,shops" default:"story"`
}

func (c *demoBotCmd) Run(r *run) error {
	cfg, err := config.Load(nil)
	if err != nil {
		return &exitError{2, err}
	}
	rdb := redis.NewUniversalClient(cfg.Redis)
	defer func() { _ = rdb.Close() }()
	clock := simclock.New(time.Now)
	if err := simclock.Follow(r.ctx, rdb, clock); err != nil {
		return err
	}
	policy := tour.Policy(c.Lang)
	if c.Company == "shops" {
		policy = demo.Policy(c.Lang)
	}
	return serve(r.ctx, app.Options{Config: cfg, Policies: app.Fixed(policy), Clock: clock, Pace: c.Pace, Log: logger(r.stderr, cfg)})
}
