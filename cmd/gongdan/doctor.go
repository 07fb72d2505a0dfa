package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/doctor"
)

type doctorCmd struct {
	JSON bool `help:"Print one JSON object: ok, and the checks with check, level, found and do."`
}

// Help is the longer text of --help.
func (doctorCmd) Help() string {
	return `Reads the same settings as serve and changes nothing; it may run beside the bot. Exit code 0: nothing failed; 1: a check
failed; 2: the settings are wrong. Example:

  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… REDIS_URL=redis://localhost:6379 gongdan doctor`
}

func (c *doctorCmd) Run(r *run) error {
	o, err := settings()
	if err != nil {
		return &exitError{2, err}
	}
	quietRedis()
	if !c.JSON {
		o.Tell = func(f doctor.Finding) { _, _ = fmt.Fprintln(r.stdout, f) }
	}
	found := doctor.Examine(r.ctx, o)
	worst := doctor.Worst(found)
	if c.JSON {
		enc := json.NewEncoder(r.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(map[string]any{"ok": worst != doctor.Fail, "checks": found}); err != nil {
			return fmt.Errorf("print findings: %w", err)
		}
	}
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case len(o.Problems) > 0:
		return &exitError{code: 2}
	case worst == doctor.Fail:
		return &exitError{code: 1}
	}
	return nil
}

// settings loads what the environment says. Where it is incomplete, what there is is examined all the same.
func settings() (o doctor.Options, err error) {
	if o.Config, err = config.Load(nil); err == nil {
		return o, nil
	}
	if !errors.As(err, &o.Problems) {
		return o, err
	}
	if partial, err := config.Load(nil, config.WithoutSlack, config.WithoutRedis); err == nil {
		o.Config = partial
	}
	return o, nil
}
