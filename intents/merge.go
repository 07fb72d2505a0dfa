package intents

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongdan/intents/entities"
	"gongdan/prompts"
)

// verdict is a model's answer with the question that it answers.
type verdict struct {
	prompts.Answer
	q question
}

// Confidence after a model has spoken: its agreement with the local model is the
// strongest sign there is, its word alone a weaker one.
const (
	agreed    = 0.97
	decides   = 0.90
	hesitates = 0.60
)

// merge takes from a checked answer what may be taken.
func (c *Classifier) merge(m Message, local Decision, v verdict) Decision {
	if Kind(v.Intent) != NewTicket {
		return demoted(local, v.Answer)
	}
	if !knownType(v.Type) {
		local.Degraded = true
		return local
	}
	d := promoted(m, local, v.Answer)
	c.fill(m, &d.Fields, v)
	return d
}

// promoted is a decision after a model has said that a message is a ticket. A type
// that makes a ticket severe needs more than the model's word for it: the person's
// own words, or else their consent.
func promoted(m Message, d Decision, a prompts.Answer) Decision {
	typ, act := a.Type, d.Action == Act
	borne := severityOf(typ) <= severityOf("") || problemType(plain(m.Text)) == typ ||
		act && severityOf(typ) <= severityOf(d.Type)
	switch {
	case act && !borne:
		return d
	case borne && d.Intent == NewTicket && d.Type == typ:
		d.Action, d.Confidence, d.Reason = Act, round(max(d.Confidence, agreed)), "model:agrees"
	case act:
		d.Type, d.Reason = typ, "model:type"
	case borne && a.Sure == "high":
		d.Intent, d.Type, d.Action, d.Confidence, d.Reason = NewTicket, typ, Act, decides, "model:decides"
	default:
		d.Intent, d.Type, d.Action, d.Confidence, d.Reason = NewTicket, typ, Ask, hesitates, "model:unsure"
	}
	d.By = ByModel
	return d
}

// demoted is a decision after a model has said that a message is no ticket. A model
// withdraws nothing that the rules stand for, and no word of it is a command.
func demoted(d Decision, a prompts.Answer) Decision {
	switch {
	case d.Action == Act, d.Fields.Order != "":
		return d
	case a.Sure == "low":
		d.By, d.Reason = ByModel, "model:unsure"
		return d
	}
	kind := Kind(a.Intent)
	if kind == Command {
		kind = None
	}
	d.By, d.Intent, d.Type, d.Action, d.Confidence, d.Reason = ByModel, kind, "", Ignore, decides, "model:"+string(kind)
	if kind == Update {
		d.Action = Ask
	}
	return d
}

// severityOf ranks the severity that a type gives its tickets; an unknown type's is
// normal.
func severityOf(typ string) int {
	for _, t := range Types() {
		if t.Name == typ {
			return slices.Index([]string{"low", "normal", "high", "urgent"}, t.DefaultSeverity)
		}
	}
	return 1
}

// fill takes values for empty fields that the message itself holds, or an earlier one that
// it refers back to.
func (c *Classifier) fill(m Message, f *Fields, v verdict) {
	if !refersBack.MatchString(plain(m.Text)) {
		v.q = v.q.judged()
	}
	said := entities.Fold(v.q.said)
	v.number(&f.Order, v.Order, entities.Order)
	v.number(&f.AfterSale, v.AfterSale, entities.AfterSale)
	v.number(&f.Waybill, v.Waybill, entities.Waybill)
	if s := v.q.restored(v.SKU); f.SKU == "" && skuForm.MatchString(s) && v.q.free(s) {
		f.SKU = strings.ToUpper(s)
	}
	for _, s := range c.shopsOf(m) {
		if f.Shop == "" && v.Shop == s.Name && strings.Contains(said, entities.Fold(s.Name)) {
			f.Shop = s.Name
		}
	}
	if f.Platform == "" && v.Platform != "" && platformIn(said) == v.Platform {
		f.Platform = v.Platform
	}
	v.due(m, f)
}

// refersBack are words for what was said before: without one of them an earlier message of the
// same person may be about another buyer.
var refersBack = guard(strings.Join([]string{
	`同上|同一|一样的|[这那]一?(?:单|张|件|位|条|款|只|双|台|笔|订单|包裹|快递|买家|客户|客人|顾客)|[这那]个(?:[^月点时星周礼群]|$)|[该此](?:单|订单|件|包裹|买家|客户)`,
	`上面|上一?[条个单]|刚才|刚刚|前面|它|^[他她]`,
	`\b(?:it|its|same|ditto|above|previous|earlier)\b|\b(?:this|that) (?:one|order|parcel|package|buyer|customer|client|case|item)\b|^(?:he|she)\b`,
}, "|"))

// judged is the question without its earlier messages: only what was seen in the last one.
func (q question) judged() question {
	at := strings.LastIndex(q.said, separator)
	if at < 0 {
		return q
	}
	at += len(separator)
	from := utf8.RuneCountInString(q.said[:at])
	var found []entities.Entity
	for _, e := range q.found {
		if e.Start >= from {
			e.Start, e.End = e.Start-from, e.End-from
			found = append(found, e)
		}
	}
	q.said, q.found = q.said[at:], found
	return q
}

var (
	numberForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{4,39}$`)
	skuForm    = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_./-]{1,31}$`)
	aDigit     = regexp.MustCompile(`[0-9]`)
)

func (q question) restored(v string) string {
	return strings.TrimSpace(entities.Fold(q.restore(v)))
}

// number fills a field with a number that the rules took for one of its kind, in
// their own form, or with one that they saw nothing in. What they know to be
// something else, such as a phone or a ticket, is no order whatever a model says.
func (v verdict) number(to *string, said string, kind entities.Type) {
	s := v.q.restored(said)
	if *to != "" || s == "" {
		return
	}
	for _, e := range v.q.found {
		if e.Type == kind && (entities.Fold(e.Text) == s || e.Value == s) {
			*to = e.Value
			return
		}
	}
	if numberForm.MatchString(s) && aDigit.MatchString(s) && !v.q.ofTicket(s) && v.q.free(s) {
		*to = strings.ToUpper(s)
	}
}

// ofTicket tells whether s is named as one of our tickets, with its prefix or without.
func (q question) ofTicket(s string) bool {
	for rest := entities.Fold(q.said); ; {
		m := ticketNumber.FindStringSubmatchIndex(rest)
		switch {
		case m == nil:
			return false
		case rest[m[2]:m[3]] == s || rest[m[4]:m[5]] == s:
			return true
		}
		rest = rest[m[3]:]
	}
}

// free tells whether s stands in the text by itself: not within a longer word or
// number, and not where the rules saw something.
func (q question) free(s string) bool {
	text := entities.Fold(q.said)
	runes := []rune(text)
	want := []rune(s)
	for i := 0; i+len(want) <= len(runes); i++ {
		if !slices.Equal(runes[i:i+len(want)], want) {
			continue
		}
		if (i == 0 || !adjoins(runes[i-1])) && (i+len(want) == len(runes) || !adjoins(runes[i+len(want)])) && !q.within(i, i+len(want)) {
			return true
		}
	}
	return false
}

func adjoins(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '@'
}

func (q question) within(start, end int) bool {
	return slices.ContainsFunc(q.found, func(e entities.Entity) bool { return e.Start < end && start < e.End })
}

// due reads the words that the model took for the deadline with our own rules.
func (v verdict) due(m Message, f *Fields) {
	span := strings.TrimSpace(v.q.restore(v.DueText))
	if !f.Due.IsZero() || span == "" || !strings.Contains(m.Text, span) {
		return
	}
	if at, ok := Moment(span, m.Now, m.Zone); ok && at.After(m.Now) && at.Before(m.Now.Add(366*24*time.Hour)) {
		f.Due = at
	}
}
