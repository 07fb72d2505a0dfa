package tickets

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what a ticket or event keeps, so that hostile input cannot swell a document.
const (
	maxFact  = 120 // code points of one fact or name
	maxItems = 50  // orders of a ticket, files of a message
	maxTag   = 40  // code points of one tag
	maxTags  = 20  // tags of a ticket
)

// clean returns at most limit code points of s as valid UTF-8 without control characters other than
// newline and tab. A long text is cut between code points.
func clean(s string, limit int) string {
	if fits(s, limit) {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s { // invalid bytes arrive as U+FFFD
		if n == limit {
			break
		}
		if !unwanted(r) {
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// fits tells whether clean has nothing to do.
func fits(s string, limit int) bool {
	return len(s) <= limit && utf8.ValidString(s) && !strings.ContainsFunc(s, unwanted)
}

func unwanted(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func cleanMessage(m Message) Message {
	m.Text = clean(m.Text, MaxText)
	m.Files = slices.Clone(m.Files[:min(len(m.Files), maxItems)])
	for i, f := range m.Files {
		f.ID, f.Name, f.Mime = clean(f.ID, maxFact), clean(f.Name, maxFact), clean(f.Mime, maxFact)
		f.Link = clean(f.Link, MaxText)
		m.Files[i] = f
	}
	return m
}

// cleanFacts bounds every fact and drops empty and repeated orders.
func cleanFacts(f Facts) Facts {
	for _, s := range f.texts() {
		*s.value = strings.TrimSpace(clean(*s.value, maxFact))
	}
	f.Platform = Platform(clean(string(f.Platform), maxFact))
	f.Orders = addOrders(nil, f.Orders)
	return f
}

// cleanTags bounds tags and drops empty ones.
func cleanTags(tags []string) []string {
	var out []string
	for _, t := range tags[:min(len(tags), maxTags)] {
		if t = strings.TrimSpace(clean(t, maxTag)); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// addOrders returns have with the orders of more that it lacks, at most maxItems in all. It never
// changes have's own array.
func addOrders(have, more []string) []string {
	out := slices.Clip(have)
	for _, o := range more {
		o = strings.TrimSpace(clean(o, maxFact))
		if o != "" && len(out) < maxItems && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// fact is one text among the facts, by name.
type fact struct {
	name  string
	value *string
}

// texts returns the plain text facts; platform and orders have types of their own.
func (f *Facts) texts() []fact {
	return []fact{
		{"shop", &f.Shop}, {"aftersale", &f.AfterSale}, {"platform_no", &f.PlatformNo},
		{"waybill", &f.Waybill}, {"sku", &f.SKU}, {"amount", &f.Amount},
	}
}
