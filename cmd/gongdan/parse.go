package main

import (
	"fmt"
	"time"

	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/intents"
)

type parseCmd struct {
	JSONL bool `help:"Read and write one JSON object a line (the only form there is)." name:"jsonl" default:"true"`
	Model bool `help:"Also ask the language model set by OPENAI_*; without these settings nothing is asked."`
}

// Help is the longer text of --help.
func (parseCmd) Help() string {
	return `Example:

  echo '{"id":"1","text":"订单 2024112233445566778 买家说收到的杯子碎了，要退货"}' | gongdan parse --jsonl`
}

func (c *parseCmd) Run(r *run) error {
	cfg := config.Config{Privacy: config.PrivacyLocal}
	if c.Model {
		got, err := config.Load(nil, config.WithoutSlack, config.WithoutRedis)
		if err != nil {
			return &exitError{2, err}
		}
		cfg = got
	}
	minds, err := app.Classifier(cfg, logger(r.stderr, quiet(cfg)))
	if err != nil {
		return err
	}
	bad, err := intents.ParseLines(r.ctx, r.stdin, r.stdout, minds, time.Now)
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	if bad > 0 {
		return &exitError{code: 1}
	}
	return nil
}
