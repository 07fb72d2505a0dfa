package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

type inboxDiscardCmd struct {
	ID      string `arg:"" help:"Id as listed."`
	Confirm string `help:"The same id once more: what is discarded cannot be brought back." placeholder:"ID"`
}

// Help is the longer text of --help.
func (inboxDiscardCmd) Help() string {
	return `Without --confirm it only shows what would be discarded. What was done, and by whom, is a line in the log (standard error).
Example:

  gongdan inbox discard 3:1732262400000-0
  gongdan inbox discard 3:1732262400000-0 --confirm 3:1732262400000-0`
}

func (c *inboxDiscardCmd) Run(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	in, err := openInbox(ctx)
	if errors.Is(err, redisshard.ErrUnused) {
		return c.none()
	}
	if err != nil {
		return err
	}
	defer in.close()
	found, err := in.Letter(ctx, c.ID)
	if err != nil {
		return c.explained(err)
	}
	l := letterOf(found)
	if c.Confirm != c.ID {
		return &exitError{2, fmt.Errorf("%s is %s of %s, set aside at %s after %d tries: %s\nIt would be gone for good. Repeat with --confirm %s, or put it back by 'gongdan inbox replay %s'",
			l.ID, l.Kind, l.Workspace, l.When.Format(time.RFC3339), l.Tries, l.Why, l.ID, l.ID)}
	}
	if err := in.Discard(ctx, c.ID); err != nil {
		return c.explained(err)
	}
	logger(r.stderr, in.config).Info("dead letter discarded", "id", l.ID, "workspace", l.Workspace, "kind", l.Kind, "set_aside", l.When,
		"tries", l.Tries, "why", l.Why, "by", operator())
	_, err = fmt.Fprintf(r.stdout, "discarded %s\n", l.ID)
	return err
}

func (c *inboxDiscardCmd) explained(err error) error {
	if errors.Is(err, tickets.ErrNotFound) {
		return c.none()
	}
	return advised(err)
}

func (c *inboxDiscardCmd) none() error {
	return fmt.Errorf("there is no dead letter %q: 'gongdan inbox' lists them", c.ID)
}

// operator is who runs a command, as this machine knows them; "" if it does not.
func operator() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
