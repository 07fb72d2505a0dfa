package typed

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// maxHeard is how much of a message is looked at, in code points: who answered is said first.
const maxHeard = 60

var (
	// answered are the ways to say that somebody outside has answered or asks again: 仓库回复了, 买家又问, the courier replied.
	answered = []*regexp.Regexp{
		regexp.MustCompile(`^(?:刚刚|刚才|刚)?(` + partyWords() + `)(?:那边|方面)?` + already + `(?:回复|答复|回话|回信|回消息|回电话|回电|反馈|确认|核实)(?:过来|我们)?(?:了|[:,，。]|$)`),
		regexp.MustCompile(`^(?:刚刚|刚才|刚)?(` + partyWords() + `)(?:那边|方面)?` + already + `(?:回了|又问|又来问|来问|追问|又催|来催|已回复|已回|说 ?:)`),
		regexp.MustCompile(`^(?:the )?(` + partyWords() + `)(?:'s| has| have| just| now| finally)* (?:replied|answered|responded|wrote back|got back|came back|confirmed|asks again|asked again|is asking again)(?:[^a-z]|$)`),
	}
	// unanswered is what may follow and turns it into a question or a condition.
	unanswered = regexp.MustCompile(`^[ ,，]*(?:吗|没|么|嘛|再|之后|以后|后|的话|就|才|\?|yet|if)`)
)

const already = `(?:刚刚|刚才|刚|今天|今早|昨天|上午|下午|晚上|已经|已|终于)*`

// Heard tells of whom a message in a ticket's thread says that they have answered or ask again: customer, merchant,
// warehouse, courier or platform. Questions and conditions say no such thing.
func Heard(text string) (party string, ok bool) {
	r := newReader(text)
	r.lead()
	if _, named := r.number(); named {
		r.skip(isPause)
	}
	said := string(r.f[r.at:min(len(r.f), r.at+maxHeard)])
	for _, way := range answered {
		if at := way.FindStringSubmatchIndex(said); at != nil && !unanswered.MatchString(said[at[1]:]) && !asks(said) {
			return partyOf(said[at[2]:at[3]]), true
		}
	}
	return "", false
}

// asks tells whether the first sentence is a question.
func asks(said string) bool {
	if end := strings.IndexAny(said, "。!;"); end >= 0 {
		said = said[:end]
	}
	said = strings.TrimRight(said, " ")
	return strings.HasSuffix(said, "?") || strings.HasSuffix(said, "吗") || strings.HasSuffix(said, "没有")
}

// partyWords is an alternative of all words for a party, longest first.
func partyWords() string {
	list := slices.Clone(parties)
	slices.SortStableFunc(list, func(a, b pair) int { return cmp.Compare(len(b.word), len(a.word)) })
	var out []string
	for _, p := range list {
		out = append(out, regexp.QuoteMeta(p.word))
	}
	return strings.Join(out, "|")
}

func partyOf(word string) string {
	for _, p := range parties {
		if p.word == word {
			return p.value
		}
	}
	return ""
}
