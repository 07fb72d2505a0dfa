package prompts

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed classify.prompt
var classifyText string

//go:embed classify.schema.json
var classifySchema []byte

// Question is what is asked about one message. The messages are redacted already;
// the last one is judged.
type Question struct {
	Lang     string   `json:"lang,omitempty"`
	InThread bool     `json:"in_thread"`
	Messages []string `json:"messages"`
}

// Answer is the model's answer about one message, of the right shape but not yet
// compared with the message. A null is "".
type Answer struct {
	Evidence  string
	Intent    string
	Type      string
	Sure      string
	Platform  string
	Shop      string
	Order     string
	AfterSale string
	Waybill   string
	SKU       string
	DueText   string
}

// classifyTokens bounds the answer: the object above takes about 150 tokens.
const classifyTokens = 400

// Classify renders the question about one message.
func Classify(q Question) Request {
	p := parse(classifyText)
	return Request{
		Prompt: p.name(), System: p.body, User: object(q), SchemaName: p.id,
		Schema: slices.Clone(classifySchema), MaxTokens: classifyTokens,
		Check: func(b []byte) error {
			_, err := DecodeAnswer(b)
			return err
		},
	}
}

// object encodes v without HTML escapes: < and > mark placeholders.
func object(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // only a type that JSON cannot hold fails, and ours can
		return "{}"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// text is an embedded prompt: a head with id and version, then the words.
type text struct{ id, version, body string }

func (t text) name() string { return t.id + "@" + t.version }

func parse(s string) text {
	var t text
	head, body, _ := strings.Cut(strings.TrimPrefix(s, "---\n"), "---\n")
	for line := range strings.Lines(head) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch k {
		case "id":
			t.id = v
		case "version":
			t.version = v
		}
	}
	t.body = body
	return t
}

type rawAnswer struct {
	Evidence  *string `json:"evidence"`
	Intent    *string `json:"intent"`
	Type      *string `json:"type"`
	Sure      *string `json:"sure"`
	Platform  *string `json:"platform"`
	Shop      *string `json:"shop"`
	Order     *string `json:"order"`
	AfterSale *string `json:"aftersale"`
	Waybill   *string `json:"waybill"`
	SKU       *string `json:"sku"`
	DueText   *string `json:"due_text"`
}

// DecodeAnswer reads an answer strictly: one object, no unknown key, the enums
// respected. Optional keys may be missing, because servers without a schema leave
// out what is null. The error names the fault, never the text.
func DecodeAnswer(b []byte) (Answer, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var raw rawAnswer
	if err := d.Decode(&raw); err != nil {
		return Answer{}, fmt.Errorf("%w: not the object asked for", ErrInvalid)
	}
	if _, err := d.Token(); err != io.EOF {
		return Answer{}, fmt.Errorf("%w: more than one value", ErrInvalid)
	}
	a := Answer{
		Evidence: value(raw.Evidence), Intent: value(raw.Intent), Type: value(raw.Type), Sure: value(raw.Sure),
		Platform: value(raw.Platform), Shop: value(raw.Shop), Order: value(raw.Order), AfterSale: value(raw.AfterSale),
		Waybill: value(raw.Waybill), SKU: value(raw.SKU), DueText: value(raw.DueText),
	}
	if a.Sure == "" {
		a.Sure = "low"
	}
	for _, c := range []struct{ key, got string }{{"intent", a.Intent}, {"type", a.Type}, {"sure", a.Sure}, {"platform", a.Platform}} {
		if !(c.key == "platform" && c.got == "") && !slices.Contains(enums()[c.key], c.got) {
			return Answer{}, fmt.Errorf("%w: %s is none of the choices", ErrInvalid, c.key)
		}
	}
	if a.Intent == "new_ticket" && a.Type == "none" {
		return Answer{}, fmt.Errorf("%w: a ticket without a type", ErrInvalid)
	}
	return a, nil
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// enums are the choices that the schema allows, by key. The schema is the only
// place where they are written.
func enums() map[string][]string {
	var s struct {
		Properties map[string]struct{ Enum []string }
	}
	if err := json.Unmarshal(classifySchema, &s); err != nil {
		return nil
	}
	out := map[string][]string{}
	for k, p := range s.Properties {
		out[k] = p.Enum
	}
	return out
}

// Types lists the ticket types that the classify prompt knows.
func Types() []string {
	return slices.DeleteFunc(enums()["type"], func(t string) bool { return t == "none" })
}
