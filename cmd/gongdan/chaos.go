package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/chaos"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/simclock"
)

type chaosCmd struct {
	Kills      int           `help:"How often the bot is killed." default:"50"`
	RedisKills int           `help:"How often Redis itself is killed and started on its append-only file." default:"0"`
	Seed       int64         `help:"Seed of the load, the kills and all ids; 0 takes the time." default:"0"`
	Rate       float64       `help:"Acts of people a second." default:"0"`
	Redis      string        `help:"redis for a redis-server of its own, or miniredis." enum:"redis,miniredis" default:"redis"`
	Arm        string        `help:"Run only a wrong bot: effect-then-ack or ack-then-effect." enum:"product,effect-then-ack,ack-then-effect" default:"product"`
	JSON       bool          `help:"Print the result as one JSON object."`
	Limit      time.Duration `help:"Give up after this long." default:"5m"`
	Verbose    bool          `help:"Show the bots' errors."`

	As    string `hidden:"" help:"Be the bot of this arm."`
	Clock string `hidden:"" help:"Tickets' time, as JSON."`
}

// Help is the longer text of --help.
func (chaosCmd) Help() string {
	return `The bot runs as a process of its own against a local Slack and is killed with SIGKILL at moments drawn from the
seed, while people write, press and type. Afterwards everything that it acknowledged is looked up. A control, a bot that acts
and only then acknowledges, must come to harm under the same load, or the result says that it is blind. Example:

  gongdan chaos --kills 50 --seed 7`
}

func (c *chaosCmd) Run(r *run) error {
	if c.As != "" {
		return c.serve(r)
	}
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program for the bot's process: %w", err)
	}
	if c.Seed == 0 {
		c.Seed = time.Now().UnixNano() % 1_000_000
	}
	ctx, cancel := context.WithTimeout(r.ctx, c.Limit)
	defer cancel()
	o := chaos.Options{Seed: c.Seed, Kills: c.Kills, RedisKills: c.RedisKills, Rate: c.Rate, Redis: chaos.Backend(c.Redis),
		Binary: binary, Out: r.stderr}
	if c.Verbose {
		o.BotLog = r.stderr
	}
	do := chaos.Run
	if arm := chaos.Arm(c.Arm); arm != chaos.Product {
		o.Control, do = arm, chaos.RunControl
	}
	report, err := do(ctx, o)
	if err != nil {
		return fmt.Errorf("seed %d: %w", c.Seed, err)
	}
	return c.print(r, report)
}

func (c *chaosCmd) print(r *run, report chaos.Report) error {
	show := report.Table
	if c.JSON {
		show = report.JSON
	}
	if err := show(r.stdout); err != nil {
		return err
	}
	if !report.OK() {
		return &exitError{code: 1}
	}
	return nil
}

// serve is the bot of one arm: the product as it is served, with the sample company's rules and the given time, or a wrong one.
func (c *chaosCmd) serve(r *run) error {
	cfg, err := config.Load(nil)
	if err != nil {
		return &exitError{2, err}
	}
	if arm := chaos.Arm(c.As); arm != chaos.Product {
		return chaos.ServeWrong(r.ctx, cfg, arm)
	}
	var state simclock.State
	if err := json.Unmarshal([]byte(c.Clock), &state); err != nil {
		return &exitError{2, fmt.Errorf("read the clock: %w", err)}
	}
	clock := simclock.New(time.Now)
	clock.Set(state)
	return serve(r.ctx, app.Options{Config: cfg, Policies: app.Fixed(chaos.Policy()), Clock: clock, Pace: chaos.Pace, Log: logger(r.stderr, cfg)})
}
