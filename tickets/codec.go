package tickets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ErrNewerSchema is returned for a ticket that a newer program has stored in a form which this one does not know.
var ErrNewerSchema = errors.New("ticket was stored by a newer program")

// plainTicket is a ticket without its own JSON methods.
type plainTicket Ticket

// MarshalJSON writes the stored form, with the fields of newer programs that the ticket still carries.
func (t Ticket) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(plainTicket(t))
	if err != nil || len(t.Unknown) == 0 {
		return b, err
	}
	more, err := json.Marshal(t.Unknown)
	if err != nil {
		return nil, fmt.Errorf("unknown fields of ticket %s: %w", t.ID, err)
	}
	return append(append(b[:len(b)-1], ','), more[1:]...), nil
}

// UnmarshalJSON reads the stored form. Top-level fields that this program does not know are kept in Unknown.
// A ticket of a newer schema is ErrNewerSchema; t is then unchanged, as after any other error.
func (t *Ticket) UnmarshalJSON(data []byte) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil
	}
	var p plainTicket
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err == nil && p.Schema <= Schema {
		*t = Ticket(p) // nearly always: nothing unknown, one pass
		return nil
	}
	return t.unmarshalOther(data)
}

// unmarshalOther reads a document of another program's or a bad one.
func (t *Ticket) unmarshalOther(data []byte) error {
	var head struct{ Schema int }
	if err := json.Unmarshal(data, &head); err == nil && head.Schema > Schema {
		return fmt.Errorf("schema %d: %w", head.Schema, ErrNewerSchema)
	}
	var p plainTicket
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &p.Unknown); err != nil {
		return err
	}
	for name := range p.Unknown {
		if isField(name) {
			delete(p.Unknown, name)
		}
	}
	*t = Ticket(p)
	return nil
}

// isField tells whether encoding/json would read a name into a field of Ticket; it ignores case.
func isField(name string) bool {
	typ := reflect.TypeFor[plainTicket]()
	for i := range typ.NumField() {
		tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if tag != "-" && strings.EqualFold(tag, name) {
			return true
		}
	}
	return false
}
