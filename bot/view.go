package bot

import "gongdan/tickets"

// View is one message as people see it, apart from how a chat draws it. All strings are plain text: adapters
// escape them, so that nothing in them is a mention, a link or formatting. The zero value shows nothing.
type View struct {
	Lang string `json:"lang"`
	// Summary is what a notification and a screen reader say; required.
	Summary string `json:"summary"`
	// Mention are people called by name at the start of the message; they are pinged.
	Mention []tickets.UserID `json:"mention,omitempty"`
	Header  string           `json:"header,omitempty"`
	Tags    []string         `json:"tags,omitempty"`
	Lines   []Line           `json:"lines,omitempty"`
	Fields  []Field          `json:"fields,omitempty"`
	Rows    []Row            `json:"rows,omitempty"`
	Footer  string           `json:"footer,omitempty"`
	Actions []Action         `json:"actions,omitempty"`
}

// Line is a paragraph.
type Line struct {
	Text   string `json:"t"`
	Quote  bool   `json:"q,omitempty"` // somebody else's words
	Struck bool   `json:"s,omitempty"` // no longer there
	Strong bool   `json:"b,omitempty"`
	To     Ref    `json:"to,omitzero"` // a message of a conversation to which the text leads; a thread opens with its root
}

// Row is one of several things of a message, with actions of its own beneath it.
type Row struct {
	Lines   []Line   `json:"lines"`
	Actions []Action `json:"actions,omitempty"`
}

// Field is a labelled value.
type Field struct {
	Label string `json:"l"`
	Value string `json:"v"`
}

// ActionKind says what kind of element an action is.
type ActionKind string

// Kinds of action.
const (
	Button     ActionKind = "button"
	Choice     ActionKind = "choice"      // one of Options
	PickPerson ActionKind = "pick_person" // a person of the workspace
	More       ActionKind = "more"        // a small menu of Options
)

// Action is something to press or choose. ID is one of the router's registrations; Value comes back with
// the press and holds ids only.
type Action struct {
	Kind    ActionKind `json:"k"`
	ID      string     `json:"id"`
	Label   string     `json:"l"`
	Value   string     `json:"v,omitempty"`
	Style   string     `json:"style,omitempty"` // primary, danger, or ""
	Options []Option   `json:"o,omitempty"`
	// Confirm is asked before it counts; "" = nothing asked. Yes and No are the answers to choose from.
	Confirm string `json:"confirm,omitempty"`
	Yes     string `json:"yes,omitempty"`
	No      string `json:"no,omitempty"`
}

// Option is one choice.
type Option struct {
	Label string `json:"l"`
	Value string `json:"v"`
}
