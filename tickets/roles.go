package tickets

import "slices"

// permits lists what each role may do at all. What a role may do to a particular ticket depends on
// CanSee and, for tickets somebody else is working on, on seniority.
var permits = map[Role][]CommandKind{
	RoleNone:       words,
	RoleMerchant:   slices.Concat(words, []CommandKind{CmdUrge, CmdComplete, CmdClose}),
	RoleAgent:      work,
	RoleSupervisor: slices.Concat(work, []CommandKind{CmdCancel, CmdCorrect}),
	RoleAdmin:      slices.Concat(work, []CommandKind{CmdCancel, CmdCorrect}),
	RoleClock:      {CmdWake, CmdReplan, CmdClose, CmdPosted, CmdUnsaid, CmdAmend, CmdEdited, CmdDeleted},
}

var (
	// words are the acts of somebody who only writes messages.
	words = []CommandKind{CmdCreate, CmdNote, CmdAttach, CmdEdited, CmdDeleted}
	// work is what the team does.
	work = slices.Concat(words, []CommandKind{
		CmdAssign, CmdClaim, CmdAnswer, CmdWait, CmdResume, CmdResolve, CmdClose, CmdReopen,
		CmdSendBack, CmdComplete, CmdDiscard, CmdUrge, CmdAck, CmdAmend,
		CmdSeverity, CmdType, CmdOrigin, CmdDue, CmdPromise, CmdSnooze, CmdTag, CmdSplit,
	})
)

// Allowed tells whether a role may use a command at all. An unknown role may nothing.
func Allowed(r Role, k CommandKind) bool { return slices.Contains(permits[r], k) }

// Staff tells whether the role belongs to the team: agents and up.
func (r Role) Staff() bool { return r == RoleAgent || r.Senior() }

// Senior tells whether the role is a supervisor's or above.
func (r Role) Senior() bool { return r == RoleSupervisor || r == RoleAdmin }

// CanSee tells whether an actor of the ticket's workspace may see it. Agents see what is not private, and
// private tickets that they opened, work on or watch; supervisors see all. Merchants see the tickets of their own shops that
// are not private, and what they opened; everybody else only what they opened.
func CanSee(a Actor, t Ticket) bool {
	if a.Role.Senior() || a.Role == RoleClock {
		return true
	}
	own := a.ID != "" && a.ID == t.Requester
	switch a.Role {
	case RoleAgent:
		mine := a.ID != "" && (a.ID == t.Assignee || slices.Contains(t.Watchers, a.ID))
		return own || mine || !t.Private
	case RoleMerchant:
		return own || !t.Private && t.Facts.Shop != "" && slices.Contains(a.Shops, t.Facts.Shop)
	case RoleNone:
		return own
	}
	return false
}

// mayTouch tells whether the actor may act on this ticket: who can see it, and whoever wrote a message
// that was added to it. Such words stand in their channel already, and refusing them would only lose them.
func mayTouch(c Command, t Ticket) bool {
	spoken := slices.Contains(words, c.Kind) && c.Message.TS != ""
	return spoken || CanSee(c.Actor, t)
}
