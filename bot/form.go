package bot

import (
	"context"

	"gongdan/tickets"
)

// FormKind names a form. It comes back with the submission.
type FormKind string

// Forms.
const (
	FormNew      FormKind = "new"      // a new ticket; Subject: channel
	FormWait     FormKind = "wait"     // Subject: ticket
	FormTransfer FormKind = "transfer" // Subject: ticket
	FormResolve  FormKind = "resolve"  // Subject: ticket
	FormOrder    FormKind = "order"    // the order of a screenshot; Subject: channel, "/", ts
	FormAnswer   FormKind = "answer"   // when the platform was answered; Subject: ticket
)

// FieldKind says how a field is filled in.
type FieldKind string

// Kinds of field. Values are text as typed, an option's value, a person's id, or an RFC 3339 time.
const (
	TextField   FieldKind = "text"
	AreaField   FieldKind = "area" // several lines
	ChoiceField FieldKind = "choice"
	PersonField FieldKind = "person"
	MomentField FieldKind = "moment" // date and time
)

// FormField is one thing to fill in. ID is unique within its form.
type FormField struct {
	ID       string    `json:"id"`
	Kind     FieldKind `json:"k"`
	Label    string    `json:"l"`
	Hint     string    `json:"h,omitempty"`
	Value    string    `json:"v,omitempty"` // filled in beforehand
	Options  []Option  `json:"o,omitempty"`
	Optional bool      `json:"opt,omitempty"`
	Max      int       `json:"max,omitempty"` // longest text in code points; 0 = 600
}

// Form is a form as people see it, apart from how a chat draws it. All strings are plain text. A form without fields shows
// its lines only, as while it is loading.
type Form struct {
	Lang    string      `json:"lang"`
	Kind    FormKind    `json:"kind"`
	Subject string      `json:"subject,omitempty"` // comes back with the submission; ids only
	Title   string      `json:"title"`
	Submit  string      `json:"submit,omitempty"`
	Cancel  string      `json:"cancel,omitempty"`
	Lines   []Line      `json:"lines,omitempty"`
	Fields  []FormField `json:"fields,omitempty"`
}

// Submission is a form that somebody sent. Values are by field id, "" where nothing was filled in; all of it is hostile.
type Submission struct {
	User    tickets.UserID
	Kind    FormKind
	Subject string
	Values  map[string]string
}

// FieldErrors are the sentences to show at the fields of a form, by field id.
type FieldErrors map[string]string

// Home is a person's page of the bot: groups of what a View shows, one after the other.
type Home struct {
	Lang   string
	Groups []View
}

// Opened says that somebody looks at the bot's home page.
type Opened struct{ User tickets.UserID }

// Windows opens what takes a person's whole attention. Errors are those of a Messenger; a trigger that came too late is ErrGone.
type Windows interface {
	// Open shows a form at once; the trigger proves that the person acted within the last three seconds. id names the
	// window for Fill, from any process; it is unique within the workspace.
	Open(ctx context.Context, ws tickets.WorkspaceID, trigger, id string, f Form) error
	// Fill replaces what an open window shows. A window that was closed meanwhile is ErrGone.
	Fill(ctx context.Context, ws tickets.WorkspaceID, id string, f Form) error
	// Publish replaces a person's home page.
	Publish(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID, h Home) error
}
