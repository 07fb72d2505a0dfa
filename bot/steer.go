package bot

import (
	"slices"
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/tickets"
)

// steering fill in what the verbs that steer clocks say. Each returns why its words cannot be understood.
var steering = map[tickets.CommandKind]func(*turn, *tickets.Command, typed.Command) string{
	tickets.CmdSeverity: (*turn).severity, tickets.CmdType: (*turn).retype, tickets.CmdOrigin: (*turn).origin, tickets.CmdDue: (*turn).due,
	tickets.CmdPromise: (*turn).promise, tickets.CmdCorrect: (*turn).correct, tickets.CmdSnooze: (*turn).snooze, tickets.CmdTag: (*turn).tag,
}

func (t *turn) severity(c *tickets.Command, cmd typed.Command) string {
	if cmd.Value == "" {
		return refusedSeverity
	}
	c.Severity = tickets.Severity(cmd.Value)
	return ""
}

func (t *turn) retype(c *tickets.Command, cmd typed.Command) string {
	if cmd.Value == "" && strings.TrimSpace(cmd.Rest) == "" {
		return refusedType
	}
	name, ok := t.typeOf(cmd)
	if !ok {
		return refusedNoType
	}
	c.Type = name
	if cmd.Value == "" {
		c.Reason = "" // the words were the type
	}
	return ""
}

// typeOf is the type that words mean: one that the workspace has by any of its names, or one of which its rules speak.
func (t *turn) typeOf(cmd typed.Command) (tickets.Type, bool) {
	if cmd.Value != "" {
		return t.types().called(t.words, cmd.Value)
	}
	if name, ok := t.types().called(t.words, cmd.Rest); ok {
		return name, true
	}
	want := typed.Fold(strings.TrimSpace(cmd.Rest))
	for _, r := range t.policy.Rules {
		i := slices.IndexFunc(r.Match.Types, func(k tickets.Type) bool { return typed.Fold(string(k)) == want })
		if i >= 0 {
			return r.Match.Types[i], true
		}
	}
	return "", false
}

func (t *turn) origin(c *tickets.Command, cmd typed.Command) string {
	if cmd.Value == "" {
		return refusedOrigin
	}
	c.Origin = tickets.Origin(cmd.Value)
	c.Facts.Platform, c.Facts.PlatformNo = tickets.Platform(cmd.Options["platform"]), cmd.Options["no"]
	if v := cmd.Options["created"]; v != "" {
		at, ok := t.instant(v)
		if !ok {
			return refusedDeadline
		}
		c.PlatformCreated = at
	}
	if v := cmd.Options["due"]; v != "" {
		at, why := t.ahead(v)
		c.BackOffice = at
		return why
	}
	return ""
}

func (t *turn) due(c *tickets.Command, cmd typed.Command) (why string) {
	c.Reason, c.DueFrom = "", tickets.DueBackOffice
	if cmd.Staff {
		c.DueFrom = tickets.DueStaff
	}
	c.At, why = t.ahead(cmd.Rest)
	return why
}

func (t *turn) promise(c *tickets.Command, cmd typed.Command) (why string) {
	c.Reason = ""
	c.At, why = t.coming(cmd.Rest)
	return why
}

func (t *turn) correct(c *tickets.Command, cmd typed.Command) string {
	if strings.TrimSpace(cmd.Rest) == "" {
		return refusedTime
	}
	var ok bool
	if c.At, c.Reason, ok = t.happened(cmd.Rest); !ok {
		return refusedDeadline
	}
	return ""
}

// usualSnooze is how long reminders rest if nobody says how long.
const usualSnooze = 30 * time.Minute

func (t *turn) snooze(c *tickets.Command, cmd typed.Command) (why string) {
	c.Reason, c.At = "", t.at.Add(usualSnooze)
	if strings.TrimSpace(cmd.Rest) != "" {
		c.At, why = t.coming(cmd.Rest)
	}
	return why
}

func (t *turn) tag(c *tickets.Command, cmd typed.Command) string {
	if len(cmd.Add)+len(cmd.Remove) == 0 {
		return refusedTag
	}
	c.Tags, c.Untags = cmd.Add, cmd.Remove
	return ""
}

// steered adds to the answer what the words of such an act need to know, and which deadlines it moved.
func steered(s *Said, c tickets.Command, before, after tickets.Ticket, events []tickets.Event) {
	s.Moves = movesOf(events)
	switch c.Kind {
	case tickets.CmdPromise, tickets.CmdSnooze:
		s.Due = c.At
	case tickets.CmdDue:
		if c.DueFrom == tickets.DueStaff {
			s.Reason = doneStaff
		}
	case tickets.CmdAnswer, tickets.CmdCorrect:
		was, _ := before.Deadline(tickets.ClockPlatform)
		is, ok := after.Deadline(tickets.ClockPlatform)
		if ok && was.Breached && !is.Breached {
			s.Reason = doneCorrected
		}
	}
}
