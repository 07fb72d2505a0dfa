package main

import (
	"fmt"

	"gongdan/tickets/sla/lines"
)

type slaCmd struct {
	JSONL bool `help:"Read and write one JSON object a line (the only form there is)." name:"jsonl" default:"true"`
}

// Help is the longer text of --help.
func (slaCmd) Help() string {
	return `Ops: add, subtract, between, next_open, prev_open, next_close, is_open. Clocks: working, calendar, deferred. Exit code 1: a
line was bad. Example:

  echo '{"id":"1","op":"add","calendar":{"tz":"Asia/Shanghai","hours":{"mon":[["09:00","18:00"]]}},"clock":"working","start":"2026-11-23T17:00:00+08:00","duration_s":7200}' | gongdan sla --jsonl`
}

func (c *slaCmd) Run(r *run) error {
	bad, err := lines.Answer(r.ctx, r.stdin, r.stdout)
	if err != nil {
		return fmt.Errorf("answer lines: %w", err)
	}
	if bad > 0 {
		return &exitError{code: 1}
	}
	return nil
}
