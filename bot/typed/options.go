package typed

import (
	"strings"
)

// newTicket reads the words of a new ticket: options in any place, everything else is its text.
func (r *reader) newTicket(c *Command) {
	var text []string
	for r.skip(isBlank); !r.done(); r.skip(isBlank) {
		name, value, ok := r.option()
		if ok {
			if c.Options == nil {
				c.Options = map[string]string{}
			}
			c.Options[name] = canonical(name, value)
			continue
		}
		n := len(r.token())
		text = append(text, string(r.raw[r.at:r.at+n]))
		r.at += n
	}
	c.Rest = strings.Join(text, " ")
	if _, given := c.Options["origin"]; !given {
		if o := originIn(c.Rest); o != "" {
			if c.Options == nil {
				c.Options = map[string]string{}
			}
			c.Options["origin"] = o
		}
	}
}

// option reads --name value, --name=value or name=value. Anything else stays where it is.
func (r *reader) option() (name, value string, ok bool) {
	k := *r
	dashes := 0
	for k.peek(0) == '-' && dashes < 2 {
		k.at++
		dashes++
	}
	from := k.at
	k.skip(func(c rune) bool { return c != ' ' && c != '=' && c != ':' })
	name, known := optionNames[string(k.f[from:k.at])]
	eq := k.peek(0) == '='
	if !known || dashes == 0 && !eq || dashes == 1 {
		return "", "", false
	}
	if eq || k.peek(0) == ':' {
		k.at++
	}
	k.skip(isBlank)
	value = k.value(name == "due" || name == "created")
	if value == "" {
		return "", "", false
	}
	*r = k
	return name, value, true
}

// closing are the quotes that may enclose a value.
var closing = map[rune]rune{'"': '"', '\'': '\'', '“': '”', '「': '」'}

// value reads a word or something in quotes. A time may have a second word: 明天 10:00, tomorrow 10am.
func (r *reader) value(isTime bool) string {
	if end, ok := closing[r.peek(0)]; ok {
		for i := r.at + 1; i < len(r.f); i++ {
			if r.f[i] == end {
				v := string(r.raw[r.at+1 : i])
				r.at = i + 1
				return strings.TrimSpace(v)
			}
		}
	}
	n := len(r.token())
	v := string(r.raw[r.at : r.at+n])
	r.at += n
	if k := *r; isTime {
		k.skip(isBlank)
		if t := k.token(); len(t) > 0 && isDigit(t[0]) && len(t) <= 8 && strings.ContainsAny(string(t), ":点apm") {
			v += " " + string(k.raw[k.at:k.at+len(t)])
			k.at += len(t)
			*r = k
		}
	}
	return v
}

func canonical(name, value string) string {
	f := Fold(value)
	for _, p := range optionValues[name] {
		if f == p.word {
			return p.value
		}
	}
	switch name {
	case "origin", "platform", "severity", "type":
		return f
	}
	return value
}

// originIn finds an origin named in a text.
func originIn(text string) string {
	f := Fold(text)
	for _, p := range originWords {
		if strings.Contains(f, p.word) {
			return p.value
		}
	}
	return ""
}
