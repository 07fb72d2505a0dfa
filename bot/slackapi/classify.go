package slackapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongdan/bot"
	"gongdan/tickets"
)

// Carrier says by which way a payload came: it decides how the payload is read. The values are those of Socket Mode.
type Carrier string

// Carriers. Any other one gives an envelope of kind unknown.
const (
	CarrierEvents      Carrier = "events_api"
	CarrierInteractive Carrier = "interactive"
	CarrierCommands    Carrier = "slash_commands"
)

// ErrMalformed says that a payload is no JSON object or does not say whose it is. Sending it again is useless.
var ErrMalformed = errors.New("malformed payload")

// Classify turns a payload into an envelope without Received and Retry. Both transports use it, so that a delivery has
// the same key whichever way it came. The error is ErrMalformed.
func Classify(raw json.RawMessage, by Carrier) (bot.Envelope, error) {
	p, err := parse(raw)
	if err != nil {
		return bot.Envelope{}, err
	}
	ws := p.workspace()
	if ws == "" {
		return bot.Envelope{}, fmt.Errorf("%w: no workspace", ErrMalformed)
	}
	kind, parts := bot.KindUnknown, []string(nil)
	switch by {
	case CarrierEvents:
		kind, parts = p.eventKey()
	case CarrierInteractive:
		kind, parts = p.interactionKey()
	case CarrierCommands:
		kind, parts = bot.KindCommand, natural("command", p.TriggerID)
	}
	if parts == nil {
		parts = natural("event", p.EventID)
	}
	if parts == nil {
		parts = []string{"payload", digest(raw)}
	}
	return bot.Envelope{Kind: kind, Workspace: ws, Key: string(ws) + "/" + strings.Join(parts, "/"), Raw: raw}, nil
}

func parse(raw json.RawMessage) (*payload, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return nil, fmt.Errorf("%w: not an object", ErrMalformed)
	}
	p := &payload{}
	if err := tolerant(raw, p); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return p, nil
}

// workspace is the installation to which a delivery belongs. In a channel shared with other organisations the team of
// the payload may be a foreign one; the authorization, or the view, names ours.
func (p *payload) workspace() tickets.WorkspaceID {
	var candidates []string
	if len(p.Authorizations) > 0 {
		a := p.Authorizations[0]
		if a.WholeOrg && a.EnterpriseID != "" {
			return tickets.WorkspaceID(a.EnterpriseID)
		}
		candidates = append(candidates, a.TeamID)
	} else if p.WholeOrg {
		candidates = append(candidates, string(p.Enterprise), p.EnterpriseID)
	}
	candidates = append(candidates, p.View.Installed, p.TeamID, string(p.Team), string(p.Enterprise), p.EnterpriseID,
		p.View.TeamID, p.User.TeamID)
	for _, c := range candidates {
		if c != "" {
			return tickets.WorkspaceID(c)
		}
	}
	return ""
}

// natural gives the parts of a key, or nil if one of them is missing.
func natural(kind string, parts ...string) []string {
	if slices.Contains(parts, "") {
		return nil
	}
	return append([]string{kind}, parts...)
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// eventKey tells what an event is and the natural key of what happened: one message comes under many event ids.
func (p *payload) eventKey() (bot.EnvelopeKind, []string) {
	e := p.Event
	if p.Type != "event_callback" || e == nil || e.Type == "" {
		return bot.KindUnknown, nil
	}
	ch := string(e.Channel)
	switch e.Type {
	case "message", "app_mention":
		return bot.KindMessage, e.messageKey(ch)
	case "reaction_added", "reaction_removed":
		return bot.KindEvent, natural("reaction", e.Item.Channel, e.Item.TS, string(e.User), e.Reaction, e.EventTS)
	}
	return bot.KindEvent, nil
}

func (e *event) messageKey(ch string) []string {
	switch e.change() {
	case changeEdit:
		at := e.Message.Edited.TS
		if at == "" {
			at = e.EventTS
		}
		return natural("edit", ch, e.Message.TS, at, e.Message.words()) // Slack tells the time of an edit in whole seconds
	case changeDelete:
		return natural("delete", ch, e.deletedTS(), e.EventTS)
	case changeNone:
		return natural("message", ch, e.TS)
	}
	return nil
}

func (p *payload) interactionKey() (bot.EnvelopeKind, []string) {
	switch p.Type {
	case "block_actions", "interactive_message":
		return bot.KindAction, natural("action", p.TriggerID)
	case "shortcut", "message_action":
		return bot.KindShortcut, natural("shortcut", p.TriggerID)
	case "view_submission":
		if key := natural("form", p.TriggerID); key != nil {
			return bot.KindForm, key
		}
		return bot.KindForm, natural("form", p.View.ID, p.View.Hash)
	}
	return bot.KindUnknown, nil
}

// change says in which way a message event speaks of an earlier message.
type change int

const (
	changeNone   change = iota // it is the message itself
	changeEdit                 // somebody changed words or files
	changeDelete               // it was removed
	changeOther                // Slack changed something around it: a preview, a reply count
)

func (e *event) change() change {
	switch {
	case e.Type != "message":
		return changeNone
	case e.Subtype == "message_deleted":
		return changeDelete
	case e.Subtype == "message_replied":
		return changeOther
	case e.Subtype != "message_changed":
		return changeNone
	case e.Message == nil:
		return changeOther
	case e.Message.Subtype == "tombstone":
		return changeDelete // a removed root with replies leaves a gravestone
	case e.Previous == nil && e.Message.Edited.TS == "":
		return changeOther
	case e.Previous != nil && e.Previous.said() == e.Message.said() && sameFiles(e.Previous.Files, e.Message.Files):
		return changeOther
	}
	return changeEdit
}

// words is a digest of what a message says and shows.
func (m *message) words() string {
	said := m.said()
	for _, f := range m.Files {
		said += "\x00" + f.ID
	}
	return digest([]byte(said))[:16]
}

// said is what must differ for an edit to be one: what a person typed, or all that an app's message shows, as an app may say
// everything in blocks and attachments.
func (m *message) said() string {
	if !m.byApp() {
		return m.Text
	}
	return contentOf(m).text
}

func sameFiles(a, b []file) bool {
	return slices.EqualFunc(a, b, func(x, y file) bool { return x.ID == y.ID })
}

// deletedTS is the id of the removed message.
func (e *event) deletedTS() string {
	switch {
	case e.DeletedTS != "":
		return e.DeletedTS
	case e.Previous != nil && e.Previous.TS != "":
		return e.Previous.TS
	case e.Message != nil:
		return e.Message.TS
	}
	return ""
}
