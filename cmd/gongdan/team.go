package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
)

// teamCmd is about the team file.
type teamCmd struct {
	Check   teamCheckCmd   `cmd:"" help:"Check a team file: every problem with its line, and what to look at."`
	Explain teamExplainCmd `cmd:"" help:"Say what would happen to a ticket, and why."`
	Schema  teamSchemaCmd  `cmd:"" help:"Print the JSON Schema of team files, for editors."`
}

type teamCheckCmd struct {
	File string `arg:"" help:"The team file; - is standard input."`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Help is the longer text of --help.
func (teamCheckCmd) Help() string {
	return `Exit code 0: the file is right, perhaps with warnings; 1: it is not; 2: it cannot be read. Example:

  gongdan team check docs/examples/team.en.yaml`
}

// finding is one line of team check.
type finding struct {
	Level  string `json:"level"` // error or warning
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"`
	What   string `json:"what"`
	Want   string `json:"expected,omitempty"`
	Mean   string `json:"meant,omitempty"`
}

func (c *teamCheckCmd) Run(r *run) error {
	f, err := readTeam(r, c.File)
	problems, wrong := errors.AsType[strictyaml.Problems](err)
	if err != nil && !wrong {
		return err
	}
	level := "error"
	if !wrong {
		level, problems = "warning", f.Warnings(time.Now())
	}
	if err := c.print(r.stdout, level, problems); err != nil {
		return fmt.Errorf("print findings: %w", err)
	}
	if wrong {
		return &exitError{1, fmt.Errorf("%s is not right", c.File)}
	}
	if !c.JSON {
		p := f.Policy(time.Now())
		presets := len(tickets.DefaultPolicy().Rules)
		_, err = fmt.Fprintf(r.stdout, "%s is right: policies of your own %d, presets after them %d, calendars %d, shops %d, people %d.\n",
			c.File, len(p.Rules)-presets, presets, len(f.Calendars()), len(p.Shops), len(p.Roster.People))
	}
	return err
}

func (c *teamCheckCmd) print(w io.Writer, level string, problems strictyaml.Problems) error {
	if c.JSON {
		out := struct {
			OK       bool      `json:"ok"`
			Findings []finding `json:"findings"`
		}{level != "error", []finding{}}
		for _, p := range problems {
			out.Findings = append(out.Findings, finding{level, p.Line, p.Column, p.Path, p.What, p.Want, p.Mean})
		}
		return json.NewEncoder(w).Encode(out)
	}
	for _, p := range problems {
		if _, err := fmt.Fprintf(w, "%s: %s:%s\n", level, c.File, p); err != nil {
			return err
		}
	}
	return nil
}

// readTeam reads a team file. What is wrong with it is [strictyaml.Problems]; a file that cannot be read ends the program.
func readTeam(r *run, path string) (*teamfile.File, error) {
	in := r.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, &exitError{2, fmt.Errorf("read team file: %w", err)}
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, teamfile.MaxBytes+1))
	if err != nil {
		return nil, &exitError{2, fmt.Errorf("read team file: %w", err)}
	}
	return teamfile.Parse(text)
}

type teamSchemaCmd struct{}

// Help is the longer text of --help.
func (teamSchemaCmd) Help() string {
	return `JSON Schema draft 2020-12. Name it in the first line of the file, and an editor completes and checks it:

  gongdan team schema > team.schema.json
  # yaml-language-server: $schema=./team.schema.json`
}

func (c *teamSchemaCmd) Run(r *run) error {
	text, err := teamfile.Schema()
	if err != nil {
		return err
	}
	_, err = r.stdout.Write(text)
	return err
}
