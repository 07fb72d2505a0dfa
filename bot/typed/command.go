package typed

import "fmt"

// Verb is the canonical name of a command.
type Verb string

// Verbs.
const (
	New      Verb = "new"
	List     Verb = "list"
	Mine     Verb = "mine"
	Show     Verb = "show"
	Claim    Verb = "claim"
	Assign   Verb = "assign"
	Note     Verb = "note"
	Replied  Verb = "replied"
	Wait     Verb = "wait"
	Resume   Verb = "resume"
	Urge     Verb = "urge"
	Resolve  Verb = "resolve"
	Close    Verb = "close"
	Reopen   Verb = "reopen"
	SendBack Verb = "sendback"
	Cancel   Verb = "cancel"
	Discard  Verb = "discard"
	Ack      Verb = "ack"
	Severity Verb = "severity"
	Type     Verb = "type"
	Origin   Verb = "origin"
	Due      Verb = "due"
	Promise  Verb = "promise"
	Correct  Verb = "correct"
	Snooze   Verb = "snooze"
	Tag      Verb = "tag"
	Why      Verb = "why"    // Rest is the address of a message, if no ticket is named
	Missed   Verb = "missed" // the list of possible misses
	Help     Verb = "help"
)

// Command is what was typed.
type Command struct {
	Verb Verb
	// Number is the ticket's running number, if HasNumber.
	Number    int64
	HasNumber bool
	// Called says that somebody is mentioned before a bare command: it is for them to do.
	Called bool
	// Who is the person of an assign, without "@": an id or a name, as typed.
	Who string
	// Party is whom a wait is for, or of whom a note tells that they spoke: customer, merchant, warehouse, courier,
	// platform; "" = not said.
	Party string
	// Value is what a severity, type or origin becomes, canonical; "" = no word that is known, then Rest holds what stands there.
	Value string
	// Staff says that a due time comes from the platform's own staff rather than from the back office.
	Staff bool
	// Add and Remove are tags, as typed, without sign.
	Add, Remove []string
	// Rest is what remains, as typed: the words of a new ticket, a note, a reason, a time, a topic.
	Rest string
	// Options are those of a new ticket or an origin, by canonical name (origin, platform, shop, order, type, severity, no, due,
	// created); values of origin, platform, type and severity are canonical where they are known. nil = none.
	Options map[string]string
}

// Unknown is returned for text that begins with no known command. Word is what stands in its place, shortened;
// Suggest is the nearest command in the language of the word, "" if nothing is near.
type Unknown struct {
	Word    string
	Suggest string
}

// Error names the word.
func (u *Unknown) Error() string {
	if u.Suggest == "" {
		return fmt.Sprintf("unknown command %q", u.Word)
	}
	return fmt.Sprintf("unknown command %q, did you mean %q", u.Word, u.Suggest)
}
