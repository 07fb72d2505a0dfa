package bot

import (
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// ticketTypes are the types of ticket of a workspace, in the order in which they are offered.
type ticketTypes []tickets.TypeInfo

// typesOf are those that the rules name, else those that ship with the product.
func typesOf(named []tickets.TypeInfo) ticketTypes {
	if len(named) > 0 {
		return named
	}
	return shippedTypes()
}

func shippedTypes() (out ticketTypes) {
	for _, k := range intents.Types() {
		out = append(out, tickets.TypeInfo{Name: tickets.Type(k.Name), Category: k.Category, Severity: tickets.Severity(k.DefaultSeverity)})
	}
	return out
}

// types are those of a turn's workspace.
func (t *turn) types() ticketTypes { return typesOf(t.policy.Types) }

func (l ticketTypes) find(name tickets.Type) (tickets.TypeInfo, bool) {
	for _, k := range l {
		if k.Name == name {
			return k, true
		}
	}
	return tickets.TypeInfo{}, false
}

// otherType and otherCategory are of tickets whose type says nothing.
const (
	otherType     = "other"
	otherCategory = "other"
)

// category of a type; those that are not offered any more have the one they ship with.
func (l ticketTypes) category(name string) string {
	for _, list := range []ticketTypes{l, shippedTypes()} {
		if k, ok := list.find(tickets.Type(name)); ok {
			return k.Category
		}
	}
	return otherCategory
}

// called is the type that words mean: its name, or what people call it in any language.
func (l ticketTypes) called(c *words.Catalogue, text string) (tickets.Type, bool) {
	want := typed.Fold(strings.TrimSpace(text))
	for _, k := range l {
		if want != "" && typed.Fold(string(k.Name)) == want {
			return k.Name, true
		}
		for _, lang := range words.Languages() {
			if want != "" && typed.Fold(l.label(c.In(lang), string(k.Name))) == want {
				return k.Name, true
			}
		}
	}
	return "", false
}

// label is what people call a type; one that nobody has named is its own name.
func (l ticketTypes) label(v words.Voice, name string) string {
	if k, ok := l.find(tickets.Type(name)); ok {
		if label := words.OneLine(k.Labels[v.Lang()], maxShort); label != "" {
			return label
		}
	}
	return v.Name(words.Type, words.OneLine(name, maxShort))
}

// suggested is the type whose word a text holds, of several words the longest; "" if none.
func (l ticketTypes) suggested(text string) string {
	text, best, longest := typed.Fold(text), "", 0
	for _, k := range l {
		for _, word := range k.Words {
			if word = typed.Fold(word); len(word) > longest && holdsWord(text, word) {
				best, longest = string(k.Name), len(word)
			}
		}
	}
	return best
}

// holdsWord finds a word in a text: one of Latin letters or digits does not count inside a longer one.
func holdsWord(text, word string) bool {
	for at := 0; word != ""; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(word)
		inside := from > 0 && latin(text[from-1]) && latin(word[0]) || to < len(text) && latin(text[to]) && latin(word[len(word)-1])
		if !inside {
			return true
		}
		at = from + 1
	}
	return false
}

func latin(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' }

// Name is the name of a value; of a type what the team calls it.
func (w wording) Name(k words.Kind, value string) string {
	if k == words.Type {
		return typesOf(w.sc.Types).label(w.Voice, value)
	}
	return w.Voice.Name(k, value)
}

// typeFor is the type of the ticket that a message would make: the one that its words suggest by the team's own rules, else the
// classifier's, as far as that is sure and the team has such tickets.
func (t *turn) typeFor(text string, d intents.Decision) string {
	if own := t.types().suggested(text); own != "" {
		return own
	}
	_, offered := t.types().find(tickets.Type(d.Type))
	if !offered || d.By == intents.ByLocal && d.Confidence < typeKnown {
		return otherType
	}
	return d.Type
}
