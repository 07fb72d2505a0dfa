package tickets

import (
	"context"
	"slices"
	"time"

	"gongdan/tickets/sla"
)

// Policies gives the rules of a workspace. Implementations are safe for concurrent use and fast (cached).
type Policies interface {
	Policy(ctx context.Context, ws WorkspaceID) (Policy, error)
}

// Policy is the rules of a workspace at one revision. The zero value has no clocks; see DefaultPolicy.
type Policy struct {
	Revision int64
	Zone     *time.Location // nil = UTC
	Rules    []Rule         // first match wins, per ticket
	Roster   Roster
	Shops    []Shop
	// AutoClose is how long a resolved ticket stays quiet before it closes; ReopenFor how long a closed one
	// can be reopened; ArchiveAfter how long after closing it is archived. Zero = never.
	AutoClose, ReopenFor, ArchiveAfter time.Duration
	// UrgeEvery is the shortest time between two urges of one ticket.
	UrgeEvery time.Duration
}

// Match limits a rule; an empty list matches everything.
type Match struct {
	Origins    []Origin
	Platforms  []Platform
	Types      []Type
	Severities []Severity
}

// Matches tells whether the rule binds the ticket.
func (m Match) Matches(t Ticket) bool {
	return in(m.Origins, t.Origin) && in(m.Platforms, t.Facts.Platform) && in(m.Types, t.Type) && in(m.Severities, t.Severity)
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// Rule sets the clocks of the tickets it matches.
type Rule struct {
	Name   string
	Match  Match
	Clocks []ClockRule
}

// ClockRule is one clock: how it counts, how long, and what happens on the way.
type ClockRule struct {
	Kind     ClockKind
	Clock    sla.Clock
	Duration time.Duration
	Ladder   sla.Ladder
}

// Roster names the people whose role does not follow from their membership.
type Roster struct {
	People []Person
	// Escalation is who gets escalations of level 1; "" = the workspace's first admin.
	Escalation UserID
}

// Person is one entry of the roster.
type Person struct {
	ID    UserID
	Names []string // nicknames used in messages: 小李
	Role  Role
	Shops []string // a merchant's own shops
}

// Shop is a shop that the workspace works for: how people call it and where it is spoken of.
type Shop struct {
	Name     string
	Aliases  []string
	Platform Platform
	Channels []ChannelID // channels that belong to this shop
}

// Find returns the roster's entry of a person.
func (r Roster) Find(id UserID) (Person, bool) {
	i := slices.IndexFunc(r.People, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return r.People[i], true
}

// Env is what Apply may know beside the ticket and the command.
type Env struct {
	Now    time.Time
	Policy Policy
}
