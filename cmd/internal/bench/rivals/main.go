package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"gongdan/cmd/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.IntVar(&o.rate, "rate", 500, "reminders a second, and in one burst")
	flag.DurationVar(&o.length, "for", 10*time.Second, "how long each arm has reminders due")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds; medians count")
	flag.IntVar(&o.pending, "pending", 100_000, "reminders not due, to weigh and to leave Redis alone with")
	flag.StringVar(&o.only, "only", "", "measure only the arms whose names contain this, such as bursts")
	flag.Parse()
	code, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "rivals:", err)
		code = 2
	}
	os.Exit(code)
}

type options struct {
	rate, rounds, pending int
	length                time.Duration
	only                  string
}

// run measures both sides in turns on one Redis of its own. 1 = a target is missed.
func run(ctx context.Context, o options) (int, error) {
	s, err := bench.Open(ctx, "")
	if err != nil {
		return 2, err
	}
	defer s.Close()
	if !s.Real {
		return 2, fmt.Errorf("there is no redis-server on this machine: install it")
	}
	t := &table{}
	for round := range o.rounds {
		for _, c := range contenders(s, o) {
			if !strings.Contains(c.name, o.only) {
				continue
			}
			got, err := c.measure(ctx)
			if err != nil {
				return 2, fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Printf("round %d  %s\n", round+1, t.add(c.name, got))
		}
	}
	return t.judge(os.Stdout, s), nil
}
