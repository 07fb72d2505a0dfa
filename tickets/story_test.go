package tickets_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

// noon is when the stories of these tests begin.
var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// The people of the stories.
var (
	asker = tickets.Actor{ID: "UASK", Role: tickets.RoleNone}
	shop  = tickets.Actor{ID: "USHOP", Role: tickets.RoleMerchant, Shops: []string{"青禾"}}
	li    = tickets.Actor{ID: "ULI", Role: tickets.RoleAgent}
	zhao  = tickets.Actor{ID: "UZHAO", Role: tickets.RoleAgent}
	wang  = tickets.Actor{ID: "UWANG", Role: tickets.RoleSupervisor}
	clock = tickets.Actor{Role: tickets.RoleClock}
)

// story is one ticket, told command by command.
type story struct {
	t      *testing.T
	env    tickets.Env
	ticket tickets.Ticket
	events []tickets.Event // of the whole story
}

func draft() *tickets.Draft {
	return &tickets.Draft{
		Workspace: "W", ID: "t1", Number: 1042, Type: "goods_return", Requester: asker.ID,
		Facts:  tickets.Facts{Shop: "青禾", Platform: "tmall", Orders: []string{"2024112233445566778"}},
		Source: tickets.Source{Kind: "message", Channel: "C1", TS: "1.1", Thread: "1.1", Text: "杯子碎了，要退货", Lang: "zh-CN"},
	}
}

// tell begins a story at noon with the draft's ticket.
func tell(t *testing.T, d *tickets.Draft) *story {
	t.Helper()
	s := &story{t: t, env: tickets.Env{Now: noon, Policy: tickets.DefaultPolicy()}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d, Cause: "c0"}, s.env))
	return s
}

func platformDraft() *tickets.Draft {
	d := draft()
	d.Origin, d.PlatformCreated = tickets.OriginPlatform, noon
	return d
}

func (s *story) take(r tickets.Result, err error) tickets.Result {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("Apply: %v", err)
	}
	s.ticket = r.Ticket
	s.events = append(s.events, r.Events...)
	return r
}

// at sets the time to d after noon.
func (s *story) at(d time.Duration) *story {
	s.env.Now = noon.Add(d)
	return s
}

func (s *story) do(c tickets.Command) tickets.Result {
	s.t.Helper()
	return s.take(tickets.Apply(&s.ticket, c, s.env))
}

// by carries out a command that needs no more than its kind.
func (s *story) by(who tickets.Actor, kind tickets.CommandKind) tickets.Result {
	s.t.Helper()
	return s.do(full(kind, who))
}

func (s *story) wake() []tickets.EventKind {
	s.t.Helper()
	return kinds(s.by(clock, tickets.CmdWake).Events)
}

// refused carries out a command that must be refused for a reason and change nothing.
func (s *story) refused(c tickets.Command, want tickets.Reason) *tickets.Refusal {
	s.t.Helper()
	before := s.ticket
	r, err := tickets.Apply(&s.ticket, c, s.env)
	var refusal *tickets.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != want {
		s.t.Fatalf("Apply(%s) in %s = %v, want refusal %s", c.Kind, s.ticket.Status, err, want)
	}
	if diff := cmp.Diff(before, r.Ticket); diff != "" || r.Changed || len(r.Events) > 0 {
		s.t.Errorf("refused %s changed the ticket (-want +got):\n%s", c.Kind, diff)
	}
	return refusal
}

func (s *story) status(want tickets.Status) {
	s.t.Helper()
	if s.ticket.Status != want {
		s.t.Errorf("status = %s, want %s", s.ticket.Status, want)
	}
}

func (s *story) clock(k tickets.ClockKind) tickets.Deadline {
	s.t.Helper()
	d, ok := s.ticket.Deadline(k)
	if !ok {
		s.t.Fatalf("ticket has no %s clock", k)
	}
	return d
}

func kinds(events []tickets.Event) []tickets.EventKind {
	var out []tickets.EventKind
	for _, e := range events {
		out = append(out, e.Kind)
	}
	return out
}

func wantKinds(t *testing.T, got []tickets.EventKind, want ...tickets.EventKind) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// full is a command with every argument that its kind needs.
func full(kind tickets.CommandKind, who tickets.Actor) tickets.Command {
	c := tickets.Command{Kind: kind, Actor: who, Cause: "c1"}
	switch kind {
	case tickets.CmdAssign:
		c.Assignee = "USOMEONE"
	case tickets.CmdNote:
		c.Message = tickets.Message{Channel: "C1", TS: "2.2", Text: "已联系买家"}
	case tickets.CmdAttach:
		c.Message = tickets.Message{Channel: "C1", TS: "2.3", Files: []tickets.File{{ID: "F1", Name: "a.png"}}}
	case tickets.CmdEdited:
		c.Message = tickets.Message{Channel: "C1", TS: "1.1", Text: "杯子碎了两个"}
	case tickets.CmdDeleted:
		c.Message = tickets.Message{Channel: "C1", TS: "1.1"}
	case tickets.CmdWait:
		c.Party = tickets.PartyCustomer
	case tickets.CmdAck:
		c.Clock = tickets.ClockPlatform
	case tickets.CmdAmend:
		c.Facts = tickets.Facts{Waybill: "SF1234567890"}
	case tickets.CmdPosted:
		c.Thread = "9.9"
	case tickets.CmdSeverity:
		c.Severity = tickets.SeverityHigh
	case tickets.CmdType:
		c.Type = "repair"
	case tickets.CmdOrigin:
		c.Origin = tickets.OriginPlatform
	case tickets.CmdDue:
		c.At, c.DueFrom = noon.Add(20*time.Hour), tickets.DueBackOffice
	case tickets.CmdPromise:
		c.At = noon.Add(36 * time.Hour)
	case tickets.CmdCorrect:
		c.At, c.Reason = noon, "忘了登记"
	case tickets.CmdSnooze:
		c.At = noon.Add(time.Hour)
	case tickets.CmdTag:
		c.Tags = []string{"VIP"}
	case tickets.CmdSplit:
		c.Facts = tickets.Facts{Orders: []string{"2"}}
	}
	return c
}
