package corrections

import (
	"crypto/sha256"
	"encoding/base64"
	"hash/fnv"
	"regexp"
	"strings"
	"time"
	"unicode"

	"gongdan/intents/entities"
	"gongdan/intents/linear"
)

// NotATicket is the label of a message that belongs to no type.
const NotATicket = linear.OutOfScope

// Row is one correction: a message as it was understood, and as a person says it is. It names nobody.
type Row struct {
	ID    string    `json:"id"` // of the message; see IDOf
	At    time.Time `json:"at"` // of the correction
	Role  string    `json:"role"`
	Text  string    `json:"text"`            // by Clean
	Local string    `json:"local,omitempty"` // the local model's label when it was corrected; "" = none
	P     float64   `json:"p"`               // and its probability
	By    string    `json:"by"`              // who had decided: rules, local, model
	Was   string    `json:"was"`             // as what: a type or NotATicket
	Did   string    `json:"did,omitempty"`   // with what effect: act, ask, ignore
	Label string    `json:"label"`           // what it is: a type or NotATicket
}

// IDOf names a message without saying where it stands.
func IDOf(workspace, channel, ts string) string {
	sum := sha256.Sum256([]byte(workspace + "\x00" + channel + "\x00" + ts))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// maxText is how much of a message is kept, in code points: what it is about stands at its beginning.
const maxText = 400

var (
	called      = regexp.MustCompile(`@(?:[^\s@,，。:：;；!！?？]|[,，]\x{a0}){1,64}`) // no-break spaces are within a name
	placeholder = regexp.MustCompile(`<[A-Z]{1,12}_[0-9]{1,9}>`)
)

// Clean makes a text fit to be kept: without numbers, addresses and names that identify anybody, without those who are
// called by "@" and without the given nicknames of colleagues.
func Clean(text string, now time.Time, zone *time.Location, nicknames []string) string {
	o := entities.Options{Now: now, Zone: zone}
	text = entities.Head(text, maxText, o)
	red, _ := entities.Redact(text, entities.Personal(text, entities.Find(text, o)))
	red = called.ReplaceAllString(red, "@")
	for _, n := range nicknames {
		if n = strings.TrimSpace(n); len([]rune(n)) > 1 {
			red = strings.ReplaceAll(red, n, "<NAME_1>")
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, red)
}

// Words is the text as the local model reads it: what was taken out leaves a blank.
func (r Row) Words() string { return placeholder.ReplaceAllString(r.Text, " ") }

// heldOf is how many rows there are for each that is held back.
const heldOf = 5

// Held tells whether a row is held back from training: a fixed fifth, by its words, so that equal words stand on one side.
func (r Row) Held() bool { return r.share()%heldOf == 0 }

func (r Row) share() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(strings.Fields(strings.ToLower(r.Words())), " ")))
	// The low bits of this hash follow those of the last letters; the high ones do not.
	return h.Sum64() >> 33
}
