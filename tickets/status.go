package tickets

import "slices"

// Status is where in its life a ticket is.
type Status string

// Statuses, in the order of a ticket's life.
const (
	StatusNew        Status = "new"
	StatusAssigned   Status = "assigned"
	StatusInProgress Status = "in_progress"
	StatusWaiting    Status = "waiting"
	StatusNeedsInfo  Status = "needs_info"
	StatusResolved   Status = "resolved"
	StatusClosed     Status = "closed"
	StatusArchived   Status = "archived"
	StatusCancelled  Status = "cancelled"
)

// Open tells whether work remains.
func (s Status) Open() bool {
	switch s {
	case StatusNew, StatusAssigned, StatusInProgress, StatusWaiting, StatusNeedsInfo:
		return true
	}
	return false
}

// statuses are the columns of the transition table.
var statuses = [...]Status{
	StatusNew, StatusAssigned, StatusInProgress, StatusWaiting, StatusNeedsInfo,
	StatusResolved, StatusClosed, StatusArchived, StatusCancelled,
}

// cell is what a command does in a status. Its zero value is a refusal for ReasonWrongStatus.
type cell struct {
	stay bool     // the status may stay as it is
	to   []Status // or become one of these; which one depends on the ticket
	why  Reason   // of refusal, if neither
}

// The words of the transition table.
var (
	no      = cell{}
	stay    = cell{stay: true}
	already = cell{why: ReasonAlready}
	tooLate = cell{why: ReasonTooOld}

	assigned, started = goes(StatusAssigned), goes(StatusInProgress)
	waiting, lacking  = goes(StatusWaiting), goes(StatusNeedsInfo)
	resolved, closed  = goes(StatusResolved), goes(StatusClosed)
	cancelled         = goes(StatusCancelled)
	afresh            = goes(StatusNew, StatusAssigned)
	back              = goes(StatusNew, StatusInProgress)
	anew              = goes(StatusNew, StatusAssigned, StatusInProgress)
	heard, supplied   = may(StatusNew, StatusInProgress), may(StatusNew, StatusAssigned)
	mayClose, mayFile = may(StatusClosed), may(StatusArchived)
)

func goes(to ...Status) cell { return cell{to: to} }

func may(to ...Status) cell { return cell{stay: true, to: to} }

// transitions is the life of a ticket: what each command leads to, by the status it meets. Nothing else
// changes a status; Apply refuses what is not here. CmdCreate has no row: it meets no ticket.
var transitions = map[CommandKind][len(statuses)]cell{
	//            new        assigned   in_progress waiting    needs_info resolved   closed     archived   cancelled
	CmdAssign:   {assigned, stay, stay, stay, stay, no, no, no, no},
	CmdClaim:    {started, started, stay, started, started, no, no, no, no},
	CmdNote:     {stay, stay, stay, heard, supplied, stay, stay, no, stay},
	CmdAttach:   {stay, stay, stay, heard, supplied, stay, stay, no, stay},
	CmdAnswer:   {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdWait:     {waiting, waiting, waiting, stay, no, no, no, no, no},
	CmdResume:   {no, no, already, back, no, no, no, no, no},
	CmdResolve:  {resolved, resolved, resolved, resolved, resolved, already, no, no, no},
	CmdClose:    {no, no, no, no, no, closed, already, already, no},
	CmdReopen:   {already, already, already, already, already, anew, anew, tooLate, anew},
	CmdSendBack: {lacking, lacking, lacking, lacking, already, no, no, no, no},
	CmdComplete: {no, no, no, no, afresh, no, no, no, no},
	CmdCancel:   {cancelled, cancelled, cancelled, cancelled, cancelled, no, no, no, already},
	CmdDiscard:  {cancelled, cancelled, cancelled, cancelled, cancelled, no, no, no, already},
	CmdUrge:     {stay, stay, stay, stay, stay, no, no, no, no},
	CmdAck:      {stay, stay, stay, stay, stay, stay, no, no, no},
	CmdAmend:    {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdEdited:   {stay, stay, stay, stay, stay, stay, stay, no, stay},
	CmdDeleted:  {stay, stay, stay, stay, stay, stay, stay, no, stay},
	CmdPosted:   {stay, stay, stay, stay, stay, stay, stay, no, stay},
	CmdUnsaid:   {stay, stay, stay, stay, stay, stay, stay, stay, stay},
	CmdWake:     {stay, stay, stay, stay, stay, mayClose, mayFile, stay, mayFile},
	CmdSeverity: {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdType:     {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdOrigin:   {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdDue:      {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdPromise:  {stay, stay, stay, stay, stay, no, no, no, no},
	CmdCorrect:  {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdSnooze:   {stay, stay, stay, stay, stay, stay, no, no, no},
	CmdTag:      {stay, stay, stay, stay, stay, stay, stay, no, no},
	CmdSplit:    {stay, stay, stay, stay, stay, no, no, no, no},
	CmdReplan:   {stay, stay, stay, stay, stay, stay, no, no, no},
}

// Leads returns the statuses in which a command may leave a ticket of status s, s itself first if it may
// stay; nil = the command is refused there. It says nothing of roles and arguments.
func Leads(s Status, k CommandKind) []Status {
	c := meets(s, k)
	if c.stay {
		return append([]Status{s}, c.to...)
	}
	return slices.Clone(c.to)
}

func meets(s Status, k CommandKind) cell {
	i := slices.Index(statuses[:], s)
	row, ok := transitions[k]
	if i < 0 || !ok {
		return no
	}
	return row[i]
}
