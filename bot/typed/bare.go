package typed

import "regexp"

// The longest message that can be a bare command, in code points: an origin has much to say, a correction its reason.
const (
	maxBare     = 40
	maxBareLong = 120
)

// bareVerbs are the commands that may stand in a thread without being addressed to the bot. Single words that
// colleagues say to each other (看, 等, add, my) are no commands there.
var bareVerbs = map[Verb]bool{
	Claim: true, Replied: true, Wait: true, Resume: true, Urge: true, Resolve: true, Close: true, Reopen: true,
	SendBack: true, Cancel: true, Discard: true, Ack: true, Assign: true, Severity: true, Type: true, Origin: true, Due: true,
	Promise: true, Correct: true, Snooze: true, Tag: true,
}

// chatter are words of the vocabulary that alone are more likely talk.
var chatter = map[string]bool{
	"undo": true, "confirm": true, "open again": true, "continue": true, "go on": true, "hold": true, "pending": true,
	"wait": true, "waiting": true, "等一下": true, "等": true, "在等": true, "等待": true, "挂起": true, "跟进": true, "我来": true,
	"hurry": true, "chase": true, "need info": true, "needs info": true, "complete": true, "finish": true, "withdraw": true,
	"加急": true, "截止": true, "标签": true, "due": true, "tags": true, "label": true,
	"grab": true, "take": true, "answered": true, "wait for": true, "waiting for": true, "waiting on": true,
}

var (
	// ending is what may follow a command and changes nothing.
	ending = regexp.MustCompile(`^(?:了|吧|啦|哈|下|一下)?[ 。.!！~～]*$`)
	// partyEnding follows a party: 等仓库回复, waiting for the warehouse to reply.
	partyEnding = regexp.MustCompile(`^(?:那边|方)?(?:的)?(?:回复|答复|确认|反馈|处理|消息|回话|回信|核实|查件|发货|审核|收货|寄回|to reply|to answer|to confirm|reply|answer)?(?:中|了)?[ 。.!！~～]*$`)
	// pastTime is a time of day, for replied.
	pastTime = regexp.MustCompile(`^(?:今天|昨天|今早|today|yesterday)? ?(?:早上|上午|中午|下午|晚上|at )?(?:[0-2]?[0-9]:[0-5][0-9]|[0-2]?[0-9]点(?:半|[0-5]?[0-9]分?)?)(?:的时候)?(?:了)?[ 。.!！~～]*$`)
)

// Bare reads a message in a ticket's thread that is nothing but a command: 完结, 领取, 等仓库回复, T-1042 已回复平台.
// A sentence that merely contains one is not; nor is a question.
func Bare(text string) (Command, bool) {
	r := newReader(text)
	if len(r.f) > maxBareLong {
		return Command{}, false
	}
	c := Command{Called: r.lead()}
	if c.Number, c.HasNumber = r.number(); c.HasNumber {
		r.skip(isPause)
	}
	from := r.at
	w, ok := r.verb()
	if c.Verb = verbOf(w); !ok || !bareVerbs[c.Verb] || len(r.f) > maxBare && c.Verb != Origin && c.Verb != Correct {
		return Command{}, false
	}
	alone := chatter[string(r.f[from:r.at])]
	r.skip(isBlank)
	if !c.HasNumber && !r.dated(c.Verb) {
		if c.Number, c.HasNumber = r.number(); c.HasNumber {
			r.skip(isBlank)
		}
	}
	if alone = alone && !c.HasNumber; steering[c.Verb] {
		return c, !alone && r.bareSteer(&c, implied[string(w.text)])
	}
	return c, r.bareRest(&c, alone)
}

// bareRest tells whether what follows the verb still makes one command, and reads it.
func (r *reader) bareRest(c *Command, alone bool) bool {
	switch c.Verb {
	case Wait:
		party, ok := r.party()
		r.skip(isBlank)
		c.Party = party
		return ok && partyEnding.MatchString(string(r.f[r.at:]))
	case Assign:
		return r.bareAssign(c)
	case Replied:
		if rest := string(r.f[r.at:]); pastTime.MatchString(rest) {
			c.Rest = r.rest()
			return true
		}
	}
	return !alone && ending.MatchString(string(r.f[r.at:]))
}

// bareAssign wants a mention and nothing else.
func (r *reader) bareAssign(c *Command) bool {
	if r.peek(0) == '给' {
		r.at++
		r.skip(isBlank)
	}
	if r.peek(0) != '@' {
		return false
	}
	r.assign(c)
	return c.Who != "" && c.Rest == ""
}
