package tickets_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gongdan/tickets"
)

var allRoles = []tickets.Role{
	tickets.RoleNone, tickets.RoleMerchant, tickets.RoleAgent, tickets.RoleSupervisor, tickets.RoleAdmin, tickets.RoleClock,
}

// permitted names the commands of each role.
var permitted = map[tickets.Role]string{
	tickets.RoleNone:     "create note attach edited deleted",
	tickets.RoleMerchant: "create note attach edited deleted urge complete close",
	tickets.RoleAgent: "create note attach edited deleted urge complete close assign claim answer wait resume " +
		"resolve reopen sendback discard ack amend severity type origin due promise snooze tag split",
	tickets.RoleSupervisor: "create note attach edited deleted urge complete close assign claim answer wait resume " +
		"resolve reopen sendback discard ack amend severity type origin due promise snooze tag split cancel correct",
	tickets.RoleAdmin: "create note attach edited deleted urge complete close assign claim answer wait resume " +
		"resolve reopen sendback discard ack amend severity type origin due promise snooze tag split cancel correct",
	tickets.RoleClock: "wake replan close posted unsaid amend edited deleted",
	"":                "",
	"root":            "",
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for role, list := range permitted {
		for _, k := range allKinds {
			want := slices.Contains(strings.Fields(list), string(k))
			if got := tickets.Allowed(role, k); got != want {
				t.Errorf("Allowed(%q, %s) = %v, want %v", role, k, got, want)
			}
			if want || k == tickets.CmdCreate {
				continue
			}
			s := tell(t, draft())
			s.ticket.Requester = "USELF"
			c := full(k, tickets.Actor{ID: "USELF", Role: role, Shops: []string{"青禾"}})
			if _, err := tickets.Apply(&s.ticket, c, s.env); !errors.Is(err, tickets.ErrForbidden) {
				t.Errorf("Apply(%s) by %q = %v, want ErrForbidden", k, role, err)
			}
		}
	}
}

func TestCanSee(t *testing.T) {
	t.Parallel()
	open := tickets.Ticket{Requester: "UREQ", Assignee: "UASS", Watchers: []tickets.UserID{"UWAT"}, Facts: tickets.Facts{Shop: "青禾"}}
	private := open
	private.Private = true
	nameless := tickets.Ticket{}
	person := func(id tickets.UserID, r tickets.Role, shops ...string) tickets.Actor {
		return tickets.Actor{ID: id, Role: r, Shops: shops}
	}
	tests := []struct {
		name               string
		who                tickets.Actor
		open, private, nil bool
	}{
		{"stranger", person("UX", tickets.RoleNone), false, false, false},
		{"requester of no role", person("UREQ", tickets.RoleNone), true, true, false},
		{"assignee of no role", person("UASS", tickets.RoleNone), false, false, false},
		{"nobody", person("", tickets.RoleNone), false, false, false},
		{"unknown role", person("UREQ", ""), false, false, false},
		{"merchant of the shop", person("UX", tickets.RoleMerchant, "别家", "青禾"), true, false, false},
		{"merchant of another shop", person("UX", tickets.RoleMerchant, "别家", ""), false, false, false},
		{"merchant who asked", person("UREQ", tickets.RoleMerchant), true, true, false},
		{"agent", person("UX", tickets.RoleAgent), true, false, true},
		{"agent who asked", person("UREQ", tickets.RoleAgent), true, true, true},
		{"assignee", person("UASS", tickets.RoleAgent), true, true, true},
		{"watcher", person("UWAT", tickets.RoleAgent), true, true, true},
		{"nameless agent", person("", tickets.RoleAgent), true, false, true},
		{"supervisor", person("UX", tickets.RoleSupervisor), true, true, true},
		{"admin", person("UX", tickets.RoleAdmin), true, true, true},
		{"clock", person("", tickets.RoleClock), true, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := [3]bool{tickets.CanSee(tt.who, open), tickets.CanSee(tt.who, private), tickets.CanSee(tt.who, nameless)}
			if want := [3]bool{tt.open, tt.private, tt.nil}; got != want {
				t.Errorf("CanSee(%+v, open, private, nameless) = %v, want %v", tt.who, got, want)
			}
		})
	}
}

func TestMerchantActsOnOwnTicketsOnly(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	stranger := tickets.Actor{ID: "UX", Role: tickets.RoleMerchant, Shops: []string{"别家"}}
	s.refused(full(tickets.CmdUrge, stranger), tickets.ReasonNotPermitted)
	s.refused(tickets.Command{Kind: tickets.CmdNote, Actor: stranger, Message: tickets.Message{Text: "由命令写"}}, tickets.ReasonNotPermitted)
	s.by(shop, tickets.CmdUrge)
	// What stands in a channel is kept whoever wrote it.
	s.by(stranger, tickets.CmdNote)
}

func TestCancelledBySupervisorComesBackBySupervisor(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.by(wang, tickets.CmdCancel)
	s.refused(full(tickets.CmdReopen, li), tickets.ReasonNotPermitted)
	s.by(wang, tickets.CmdReopen)
	s.status(tickets.StatusNew)

	s.by(li, tickets.CmdDiscard)
	if s.ticket.Outcome != tickets.OutcomeNotTicket {
		t.Errorf("outcome = %q, want %q", s.ticket.Outcome, tickets.OutcomeNotTicket)
	}
	s.by(zhao, tickets.CmdReopen)
	s.status(tickets.StatusNew)
}
