package intents

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdan/intents/entities"
	"gongdan/prompts"
)

// question is what a model is asked about a message: its words without what
// identifies anybody, and the way back. said is the text before that, found what was
// seen in it.
type question struct {
	asked   prompts.Question
	said    string
	found   []entities.Entity
	restore func(string) string
}

const (
	// separator parts the messages while they are redacted together, so that one value
	// has one placeholder throughout. No message can hold it.
	separator = "\n\x1e\n"
	// modelRunes is the longest part of one message that a model is shown; beyond it so
	// much more is read that nothing is cut in two unseen.
	modelRunes, modelMargin = 2000, 200
	// modelContext is how many earlier messages a model is shown.
	modelContext = 6
)

// mask makes the question about a message. Earlier messages that try to instruct a
// machine are left out.
func mask(m Message) question {
	var parts []string
	for _, s := range m.Context[max(0, len(m.Context)-modelContext):] {
		if s = cut(s, maxRead); !suspicious(s, plain(s)) {
			parts = append(parts, s)
		}
	}
	parts = append(parts, m.Text)
	for i := range parts {
		parts[i] = shown(m, sanitise(parts[i])) // before the redaction, or dropping a character could join digits
	}
	q := question{said: strings.Join(parts, separator)}
	q.found = seen(m, q.said)
	redacted, restore := entities.Redact(q.said, q.found)
	q.restore = restore
	q.asked = prompts.Question{InThread: m.InThread, Messages: strings.Split(redacted, separator)}
	if m.Lang == "zh-CN" || m.Lang == "en" {
		q.asked.Lang = m.Lang
	}
	return q
}

// shown is the beginning of a message that a model is shown. It never ends within
// something that would be replaced as a whole.
func shown(m Message, s string) string {
	if utf8.RuneCountInString(s) <= modelRunes {
		return s
	}
	end, found := modelRunes, seen(m, cut(s, modelRunes+modelMargin))
	slices.SortFunc(found, func(a, b entities.Entity) int { return b.Start - a.Start })
	for _, e := range found {
		if e.Start < end && end <= e.End { // one that ends there may be a part of the next
			end = e.Start
		}
	}
	return cut(s, end)
}

// sanitise drops characters that only a machine sees.
func sanitise(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2060 && c <= 0x2069 || c >= 0xE0000 && c <= 0xE007F || c == 0xFEFF || c == 0xAD || c == utf8.RuneError {
			return -1
		}
		return c
	}, s)
}

// leaks tells whether a run of seven digits is left in what would be sent. The
// redaction leaves none; this is the last look before the door.
func (q question) leaks() bool {
	for _, s := range q.asked.Messages {
		n := 0
		for _, c := range s {
			switch {
			case unicode.IsNumber(c):
				if n++; n >= 7 {
					return true
				}
			case !unicode.In(c, unicode.Cf, unicode.Mn):
				n = 0
			}
		}
	}
	return false
}

// seen is what must not be shown: what the rules find, and beyond that what looks
// like it. Too much hidden costs a model some understanding, too little somebody's
// privacy, so this net is finer than the one that fills a ticket's fields.
func seen(m Message, s string) []entities.Entity {
	n := net{runes: []rune(s), found: entities.Find(s, entities.Options{Now: m.Now, Zone: m.Zone})}
	n.taken = make([]bool, len(n.runes))
	for _, e := range n.found {
		n.take(e.Start, e.End)
	}
	n.digits()
	lower := strings.ToLower(s)
	for _, l := range loose {
		if !slices.ContainsFunc(l.gate, func(w string) bool { return strings.Contains(lower, w) }) {
			continue
		}
		for _, at := range l.re.FindAllStringSubmatchIndex(s, -1) {
			n.catch(l.typ, utf8.RuneCountInString(s[:at[2]]), utf8.RuneCountInString(s[:at[3]]))
		}
	}
	return n.found
}

// loose are shapes of what identifies somebody that the rules may not know: the
// first group is what is hidden. A text without any word of the gate holds none.
var loose = []struct {
	typ  entities.Type
	gate []string
	re   *regexp.Regexp
}{
	{entities.Email, []string{"@", "＠"}, regexp.MustCompile(`([\p{L}\p{N}._%+-]{1,64} ?[@＠] ?[\p{L}\p{N}-]{1,63}(?: ?[.．。] ?\p{L}[\p{L}\p{N}-]{1,62})+)`)},
	{entities.Name, []string{"收件人", "收货人", "联系人", "姓名", "名字", "客户名", "买家名", "抬头", "署名", "叫"}, regexp.MustCompile(`(?:收件人|收货人|联系人|姓名|名字|客户名|买家名|抬头|署名|(?:客户|买家|顾客|本人)叫)(?:姓名|名字)?[ :：=是为叫]{1,3}([\p{Han}·]{2,8}|\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3})`)},
	{entities.Name, []string{"name", "recipient", "consignee", "receiver", "contact", "attn"}, regexp.MustCompile(`(?i:\b(?:name|recipient|consignee|receiver|contact|attn)(?: name| person)?) ?(?:is|[:：=]) ?([\p{Han}·]{2,8}|\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3})`)},
	{entities.Address, []string{"地址", "住址", "寄到", "发到", "送到"}, regexp.MustCompile(`(?:地址|住址|寄到|发到|送到)(?:改成|改为|改到|换成|换到|变更为|[ :：=是为]){1,3}([^\n，。；;！!？?\x1e]{4,80})`)},
	{entities.Address, []string{"address", "ship to", "deliver to"}, regexp.MustCompile(`(?i:\b(?:address|ship to|deliver to))(?: to| is)? ?[:：=]? ?([0-9][^\n;!?\x1e]{8,100})`)},
}

// net finds what the rules let through.
type net struct {
	runes []rune
	taken []bool
	found []entities.Entity
}

func (n *net) take(start, end int) {
	for i := start; i < end; i++ {
		n.taken[i] = true
	}
}

// catch hides what is still free between two places.
func (n *net) catch(t entities.Type, start, end int) {
	for i := start; i < end; i++ {
		if n.taken[i] {
			continue
		}
		from := i
		for i < end && !n.taken[i] {
			i++
		}
		text := string(n.runes[from:i])
		n.found = append(n.found, entities.Entity{Type: t, Text: text, Value: text, Start: from, End: i})
		n.take(from, i)
	}
}

// hanDigits are Chinese numerals as they are read out one by one.
const hanDigits = "零〇○一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖"

func digitLike(c rune) bool { return unicode.IsNumber(c) || strings.ContainsRune(hanDigits, c) }

// digits hides numbers of seven digits and more that are spelt out in Chinese or
// written with blanks and signs in between, except as many pairs as a row of sizes
// has. Times and amounts, which the rules found, are not looked into, and plain runs
// are left to the redaction, which knows that nobody knows what they are.
func (n *net) digits() {
	for i := 0; i < len(n.runes); i++ {
		if n.taken[i] || !digitLike(n.runes[i]) {
			continue
		}
		end, count, longest := n.number(i)
		written := slices.ContainsFunc(n.runes[i:end], func(c rune) bool { return !unicode.IsNumber(c) })
		if written && (count >= 11 || count >= 7 && longest >= 3) {
			n.catch(entities.Phone, i, end)
		}
		i = max(i, end-1)
	}
}

// number is the end of the digits from i on with at most three signs between two of
// them, how many they are and how many stand together at most.
func (n *net) number(i int) (end, count, longest int) {
	together, signs := 0, 0
	for j := i; j < len(n.runes) && !n.taken[j] && signs <= 3; j++ {
		c := n.runes[j]
		switch {
		case digitLike(c):
			count, together, signs, end = count+1, together+1, 0, j+1
			longest = max(longest, together)
		case unicode.IsLetter(c) || slices.Contains([]rune("\n\x1e<>"), c):
			return end, count, longest
		default:
			together, signs = 0, signs+1
		}
	}
	return end, count, longest
}
