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
	Since    time.Time      // when the revision came into force; zero = only now
	Zone     *time.Location // nil = UTC
	Rules    []Rule         // first match wins, per ticket; names are unique
	Roster   Roster
	Shops    []Shop
	Relays   []Relay
	Types    []TypeInfo // that people choose from; none = those that ship with the product
	// AutoClose is how long a resolved ticket stays quiet before it closes; ReopenFor how long a closed one
	// can be reopened; ArchiveAfter how long after closing it is archived. Zero = never.
	AutoClose, ReopenFor, ArchiveAfter time.Duration
	// UrgeEvery is the shortest time between two urges of one ticket.
	UrgeEvery time.Duration
	// AckLapse is how long "on it" counts without a further act by whoever said it; zero = until the clock stops.
	AckLapse time.Duration
	// Quiet is how long after the assignee's last word on a ticket its reminders are left out; zero = never.
	Quiet time.Duration
	// MergeWithin is how close a reminder of another clock of the same ticket must lie to be said along with
	// a ping; zero = each at its own time.
	MergeWithin time.Duration
	// ShiftLead is how long before the end of handling hours a mark is said that would fall after them.
	ShiftLead time.Duration
	// Calendars are the handling hours by name, for those who explain or check the rules; rules hold their own.
	Calendars map[string]*sla.Calendar
	// Model limits how models are used for the workspace.
	Model ModelUse
	// Understanding is how ready the bot is to act by itself: careful, eager, or "" = as the installation says.
	Understanding string
}

// ModelUse says where a language model may be asked. The zero value is everywhere, within the installation's own limit.
type ModelUse struct {
	Off   bool        // nowhere
	OffIn []ChannelID // not about what is said in these
	// DailyTokens is how many tokens may be used in a day of the policy's zone, 0 as many as one likes; nil = as the installation says.
	DailyTokens *int64
	OwnOff      bool // the workspace keeps the built-in local model, whatever its people correct
}

// OffFor tells whether no model may be asked about what is said in a channel.
func (m ModelUse) OffFor(ch ChannelID) bool { return m.Off || slices.Contains(m.OffIn, ch) }

// Match limits a rule; an empty list matches everything.
type Match struct {
	Origins    []Origin
	Platforms  []Platform
	Shops      []string // by Shop.Name
	Types      []Type
	Severities []Severity
	Tags       []string // a ticket that has any of them
	Sources    []string // by Source.Kind
}

// Rule sets the clocks of the tickets it matches.
type Rule struct {
	Name string
	// Preset is the preset that the rule is or was made from, with the day on which that was last checked:
	// "doudian_request@2026-08-22"; "" = written by the team itself.
	Preset string
	Match  Match
	Clocks []ClockRule // at most one of a kind
	// Consequence is what a missed platform deadline may cost.
	Consequence Consequence
	// Counts tells whether the tickets count in the platform's rate (24 小时完结率).
	Counts bool
	Leaves Leaves
}

// Leaves is what a rule leaves to the next one that binds a ticket of a marketplace, so that a rule about something else does not
// take away what the marketplace counts. The zero value leaves nothing.
type Leaves struct {
	PlatformClock       bool // only of a rule without one
	Counts, Consequence bool
}

// Consequence is what a missed deadline may cost, in words: a text of the team's own by language (zh-CN, en), else a
// stable word for which the conversation has its own text. The zero value says nothing in particular.
type Consequence struct {
	Word string
	Text map[string]string
}

// ClockRule is one clock: how it counts, how long, and what happens on the way.
type ClockRule struct {
	Kind     ClockKind
	Clock    sla.Clock
	Calendar *sla.Calendar // the hours that a working or deferred clock counts by; nil = always open
	// Duty is when somebody is there: marks before the deadline that fall outside it move before the end of the last hours
	// before them. Nil = Calendar. A shop's own hours come before either.
	Duty     *sla.Calendar
	Duration time.Duration
	// PauseOn says for whom the ticket waits while the clock pauses; PartyInfo stands for a ticket that was
	// sent back. A platform clock and a given deadline never pause.
	PauseOn []Party
	Ladder  sla.Ladder
	// ShopLadders stand in for Ladder in tickets of shops, by Shop.Name, whose own calendar has marks of its own.
	ShopLadders map[string]sla.Ladder
}

// Roster names the people whose role does not follow from their membership.
type Roster struct {
	People []Person
	// Escalation is who leads: who gets escalations where no levels are named, and what concerns the rules; "" = the
	// workspace's first admin.
	Escalation UserID
	// Levels are who gets escalations, level 1 first; none = whoever leads gets those of every level.
	Levels []Level
}

// Level is one level of escalation: one person, or a channel in which nobody is called by name.
type Level struct {
	User    UserID
	Channel ChannelID // "" where User is set
	sla.Rung
}

// Level is whom a call to a level goes to, the last one's beyond the last; the zero value if none are named.
func (r Roster) Level(n int) Level {
	if len(r.Levels) == 0 || n < 1 {
		return Level{}
	}
	return r.Levels[min(n, len(r.Levels))-1]
}

func (r Roster) chain() sla.Chain {
	var out sla.Chain
	for _, l := range r.Levels {
		out = append(out, l.Rung)
	}
	return out
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
	// Calendar is the shop's own handling hours: its tickets' team clocks count by them instead of the rule's, and marks
	// move by them. A platform clock still counts by its rule's. Nil = as the rule says.
	Calendar *sla.Calendar
}

// Relay is a program that brings a marketplace's notices into the chat. Bot is its id, or the name under which it speaks.
type Relay struct {
	Bot      string
	Platform Platform
	Shop     string // by Shop.Name; "" = as the notice or its channel says
}

// Relay returns the relay with a bot's id, else with its name.
func (p Policy) Relay(id, name string) (Relay, bool) {
	for _, want := range []string{id, name} {
		i := slices.IndexFunc(p.Relays, func(r Relay) bool { return want != "" && r.Bot == want })
		if i >= 0 {
			return p.Relays[i], true
		}
	}
	return Relay{}, false
}

// Find returns the roster's entry of a person.
func (r Roster) Find(id UserID) (Person, bool) {
	i := slices.IndexFunc(r.People, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return r.People[i], true
}

// RoundTheClock returns the policy for a team that is always there: no clock stands still at night and no mark moves. It
// serves what must go the same at any hour, such as measurements; p stays as it is.
func (p Policy) RoundTheClock() Policy {
	p.Rules, p.Shops, p.Calendars = slices.Clone(p.Rules), slices.Clone(p.Shops), nil
	for i := range p.Rules {
		p.Rules[i].Clocks = slices.Clone(p.Rules[i].Clocks)
		for j := range p.Rules[i].Clocks {
			p.Rules[i].Clocks[j].Calendar, p.Rules[i].Clocks[j].Duty = nil, nil
		}
	}
	for i := range p.Shops {
		p.Shops[i].Calendar = nil
	}
	return p
}

// Env is what Apply may know beside the ticket and the command.
type Env struct {
	Now    time.Time
	Policy Policy
}
