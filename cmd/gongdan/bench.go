package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/cmd/internal/bench"
)

type benchCmd struct {
	Timers benchTimersCmd `cmd:"" help:"Reminders: from when one is due to when it is stored."`
	Intake benchIntakeCmd `cmd:"" help:"Intake: from Slack's delivery to the acknowledgement."`
	Views  benchViewsCmd  `cmd:"" help:"Forms: from the click to the opened view, one bot for many workspaces."`
	Commit benchCommitCmd `cmd:"" help:"Changes of tickets against the same writes without checks."`
}

// Help is the longer text of --help.
func (benchCmd) Help() string {
	return `Each starts a redis-server of its own with an append-only file, synced every second; --redis takes another. Exit code 1:
a target is missed. Example:

  gongdan bench timers --json`
}

// benchFlags are common to all measurements.
type benchFlags struct {
	JSON    bool   `help:"Print one JSON object."`
	Redis   string `help:"Measure this Redis instead of starting one, such as redis://127.0.0.1:6379/1." placeholder:"URL"`
	Seconds int    `help:"About how long to measure, each arm; 0 = the usual time." placeholder:"N"`
}

// measure opens Redis, measures, prints, and judges.
func (f benchFlags) measure(r *run, do func(context.Context, bench.Options) (*bench.Report, error)) error {
	if f.Seconds < 0 {
		return &exitError{2, errors.New("--seconds must not be negative")}
	}
	quietRedis()
	s, err := bench.Open(r.ctx, f.Redis)
	if err != nil {
		return &exitError{2, err}
	}
	defer s.Close()
	if !s.Real {
		_, _ = fmt.Fprintln(r.stderr, "There is no redis-server on this machine: measuring a stand-in, whose figures say nothing about Redis. Install redis-server, or give --redis.")
	}
	report, err := do(r.ctx, bench.Options{Server: s, For: time.Duration(f.Seconds) * time.Second})
	if errors.Is(err, bench.ErrInUse) {
		return &exitError{2, err}
	}
	if err != nil {
		return err
	}
	if f.JSON {
		err = printJSON(r, report)
	} else {
		err = report.Print(r.stdout)
	}
	if err != nil {
		return fmt.Errorf("print figures: %w", err)
	}
	if !report.OK {
		return &exitError{1, errors.New("a target is missed; if the machine was busy (load), measure again when it is not")}
	}
	return nil
}

type benchTimersCmd struct {
	benchFlags
	Rate    int   `help:"Reminders a second." default:"500"`
	Pending []int `help:"Other wakes that are not due, an arm each." default:"0,1000000" placeholder:"N"`
}

// Help is the longer text of --help.
func (benchTimersCmd) Help() string {
	return `Target: p99 at most 5 ms, none early. Example:

  gongdan bench timers --seconds 10 --pending 0,1000000`
}

func (c *benchTimersCmd) Run(r *run) error {
	if c.Rate <= 0 {
		return &exitError{2, errors.New("--rate must be positive")}
	}
	return c.measure(r, func(ctx context.Context, o bench.Options) (*bench.Report, error) {
		return bench.Timers(ctx, bench.TimersOptions{Options: o, Rate: c.Rate, Pending: c.Pending})
	})
}

type benchIntakeCmd struct {
	benchFlags
	Rate int `help:"Messages a second." default:"200"`
}

// Help is the longer text of --help.
func (benchIntakeCmd) Help() string {
	return `Target: p99 at most 50 ms, everything acknowledged and kept. Example:

  gongdan bench intake --seconds 20`
}

func (c *benchIntakeCmd) Run(r *run) error {
	if c.Rate <= 0 {
		return &exitError{2, errors.New("--rate must be positive")}
	}
	return c.measure(r, func(ctx context.Context, o bench.Options) (*bench.Report, error) {
		return bench.Intake(ctx, bench.IntakeOptions{Options: o, Rate: c.Rate})
	})
}

type benchViewsCmd struct {
	benchFlags
	Rate       int `help:"Clicks a second, over all workspaces." default:"50"`
	Workspaces int `help:"Workspaces that the bot serves." default:"40"`
}

// slackOpens is how many calls of views.open Slack allows in a minute and workspace (tier 4).
const slackOpens = 100

// Help is the longer text of --help.
func (benchViewsCmd) Help() string {
	return `Target: p99 at most 300 ms, every form opened and filled. Example:

  gongdan bench views --seconds 20`
}

func (c *benchViewsCmd) Run(r *run) error {
	if c.Rate <= 0 || c.Workspaces <= 0 {
		return &exitError{2, errors.New("--rate and --workspaces must be positive")}
	}
	if most := slackOpens * c.Workspaces; 60*c.Rate > most {
		return &exitError{2, fmt.Errorf("--rate %d: Slack lets an app open %d forms a minute in a workspace, so at most %d a second in %d", c.Rate, slackOpens, most/60, c.Workspaces)}
	}
	return c.measure(r, func(ctx context.Context, o bench.Options) (*bench.Report, error) {
		return bench.Views(ctx, bench.ViewsOptions{Options: o, Rate: c.Rate, Workspaces: c.Workspaces})
	})
}

type benchCommitCmd struct{ benchFlags }

// Help is the longer text of --help.
func (benchCommitCmd) Help() string {
	return `Target: at least 0.75 of the same writes as MULTI without checks. Example:

  gongdan bench commit --seconds 15`
}

func (c *benchCommitCmd) Run(r *run) error { return c.measure(r, bench.Commit) }
