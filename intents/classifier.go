package intents

import (
	"strings"
	"time"
	"unicode"

	"gongdan/intents/entities"
	"gongdan/intents/linear"
	"gongdan/prompts"
)

// Local is a model that answers at once, without I/O: a ticket type or
// linear.OutOfScope, and the probability that it is right. It must be safe for
// concurrent use.
type Local interface {
	Predict(text string) (label string, p float64)
}

// aboutBuyer is the probability from which a message that speaks of a buyer is
// asked about, however little the local model makes of it.
const aboutBuyer = 0.05

// Options configure a Classifier. Local nil leaves rules alone to decide; Model
// nil means that no language model is asked. Zero Thresholds mean the defaults; they
// hold for messages without a mode. Own is zero where Local is not a workspace's own.
type Options struct {
	Local      Local
	Model      prompts.Model
	Shops      []entities.Shop
	Thresholds Thresholds
	Own        Own
}

// Own is a local model that learned from one workspace's corrections: its version, from
// 1, and the thresholds that were chosen with it. A mode that is missing has those of
// all workspaces.
type Own struct {
	Version int
	Limits  map[Mode]Thresholds
}

// Classifier decides about messages. It is safe for concurrent use.
type Classifier struct {
	local  Local
	model  prompts.Model
	shops  []entities.Shop
	limits Thresholds
	own    Own
}

// New makes a Classifier.
func New(o Options) *Classifier {
	if o.Thresholds == (Thresholds{}) {
		o.Thresholds = DefaultThresholds()
	}
	return &Classifier{local: o.Local, model: o.Model, shops: o.Shops, limits: o.Thresholds, own: o.Own}
}

// Linear makes a linear model usable as Local. Text in which it sees nothing of
// its own is out of scope by its low probability.
func Linear(m *linear.Model) Local { return linearLocal{m} }

type linearLocal struct{ m *linear.Model }

func (l linearLocal) Predict(text string) (string, float64) {
	p := l.m.Predict(text)
	return p.Label, p.P
}

// reading is a message with what the rules saw in it.
type reading struct {
	Message
	d    Decision
	text string // folded, without mentions and mark-up
	at   time.Time
}

// maxRead is how much of a message is read, in code points: what it is about stands at its beginning, and rules must not
// take long over pasted books. maxMoment bounds words that are meant as a time.
const (
	maxRead   = 4000
	maxMoment = 200
)

// cut is the beginning of a text, at most n code points.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Local decides by rules and the local model alone. It does no I/O and its
// answer depends on its argument only.
func (c *Classifier) Local(m Message) Decision {
	m.Text = cut(m.Text, maxRead)
	r := c.read(m)
	if !c.byRules(r) {
		c.byModel(r)
	}
	return r.d.careful()
}

// careful makes an act of a suspicious message a question to its author: what reads
// like an attempt to instruct a machine is never acted on by itself.
func (d Decision) careful() Decision {
	if d.Suspicious && d.Action == Act && d.Intent == NewTicket {
		d.Action = Ask
	}
	return d
}

func (c *Classifier) shopsOf(m Message) []entities.Shop {
	if m.Shops != nil {
		return m.Shops
	}
	return c.shops
}

func (c *Classifier) read(m Message) *reading {
	found := entities.Find(m.Text, entities.Options{Now: m.Now, Zone: m.Zone, Shops: c.shopsOf(m)})
	r := &reading{Message: m, text: plain(m.Text), at: m.Now}
	r.d.Entities = found
	r.d.Redacted, _ = entities.Redact(m.Text, found)
	r.d.Suspicious, r.d.LocalOnly = suspicious(m.Text, r.text), m.LocalOnly
	r.d.Fields = c.fields(m, r.text, found)
	return r
}

func (r *reading) decide(k Kind, a Action, by Source, confidence float64, reason string) {
	r.d.Intent, r.d.Action, r.d.By, r.d.Confidence, r.d.Reason = k, a, by, confidence, reason
}

// Confidence of what rules decide: they are made to be nearly always right, and
// the figure only has to rank them above a model that hesitates.
const (
	ruleSure   = 0.99
	ruleTicket = 0.95
	ruleUnsure = 0.60
)

// byRules reports whether a rule decided.
func (c *Classifier) byRules(r *reading) bool {
	if r.text == "" || r.chat() && !r.hasNumber() {
		r.idle()
		return true
	}
	if (r.InThread || r.ToBot) && r.command() {
		return true
	}
	if r.Message.Origin == "" && r.asksAboutTicket() {
		r.decide(Status, Ignore, ByRules, ruleTicket, "rule:status")
		return true
	}
	if r.InThread {
		r.reply()
		return true
	}
	return c.ticketByRule(r)
}

func (r *reading) idle() {
	switch {
	case r.text == "" && r.HasFiles && !r.InThread:
		r.decide(NewTicket, Ask, ByRules, ruleUnsure, "rule:file_only")
	case r.text == "":
		r.decide(None, Ignore, ByRules, ruleSure, "rule:empty")
	default:
		r.decide(None, Ignore, ByRules, ruleSure, "rule:"+chatKind(r.text))
	}
}

// reply is what is said in a ticket's thread without being a command.
func (r *reading) reply() {
	if isQuestion(r.text) {
		r.decide(Question, Ignore, ByRules, ruleTicket, "rule:thread_question")
		return
	}
	r.decide(Update, Act, ByRules, ruleTicket, "rule:thread")
}

// hasNumber reports whether the message names an order, a parcel or a case.
func (r *reading) hasNumber() bool { return r.d.Fields.Numbered() }

// ticketByRule decides about numbers with a problem beside them and about what
// the platforms send.
func (c *Classifier) ticketByRule(r *reading) bool {
	word := problemType(r.text)
	if r.told() {
		return true
	}
	switch {
	case !r.hasNumber() && settled(r.text):
		r.decide(None, Ignore, ByRules, ruleTicket, "rule:settled")
	case !r.hasNumber() && officeTalk(r.text) && !speaksOfBuyer(r.text):
		r.decide(None, Ignore, ByRules, ruleTicket, "rule:office")
	case continues(r.text) && !r.hasNumber():
		r.decide(Update, Ask, ByRules, ruleUnsure, "rule:continues")
	case r.d.Fields.Origin != "":
		r.d.Type = c.typeOf(r, word, "platform_notice", c.limitsOf(r.Message).Act)
		r.decide(NewTicket, Act, ByRules, ruleTicket, "rule:"+r.d.Fields.Origin)
	case r.hasNumber() && (word != "" || hasProblem(r.text)) && c.ofTicket(r):
	case r.hasNumber() && (word != "" || hasProblem(r.text)):
		r.d.Type = c.typeOf(r, word, "other", 0.3)
		r.decide(NewTicket, Act, ByRules, ruleTicket, "rule:number_and_problem")
	case r.hasNumber() && r.onlyNumbers():
		r.decide(NewTicket, Ask, ByRules, ruleUnsure, "rule:number_only")
		r.d.Type = "other"
	default:
		return false
	}
	return true
}

// told decides about news of a ticket that exists: that it is done, or that its author told something of it wrongly. Without a
// number, news that nothing is left to do calls for nothing.
func (r *reading) told() bool {
	if r.Message.Origin != "" {
		return false
	}
	if word, ok := tellsDone(holes(r.Text, r.d.Entities)); ok && (r.hasNumber() || !settled(r.text)) {
		action := Ignore
		if r.hasNumber() {
			action = Ask
		}
		r.d.Command = word
		r.decide(Update, action, ByRules, ruleTicket, WhyDone)
		return true
	}
	if _, ok := Corrects(r.Text, r.d); ok {
		r.decide(Update, Ask, ByRules, ruleTicket, WhyCorrects)
		return true
	}
	return false
}

// numberLabels are words that say no more than the number beside them.
var numberLabels = strings.NewReplacer("订单号", "", "订单", "", "单号", "", "运单号", "", "快递", "", "编号", "", "这单", "", "这个", "", "order", "", "number", "", "no.", "", "tracking", "", "waybill", "")

// toldSure is the probability from which the local model's word that a message tells of a ticket outweighs its words of trouble.
const toldSure = 0.9

// ofTicket decides about a message with a number in which the local model surely sees news of a ticket that exists.
func (c *Classifier) ofTicket(r *reading) bool {
	s := c.look(r)
	if !s.isTalk() || s.talkP < toldSure || s.talk != labelStatus || speaksOfBuyer(r.text) && hasProblem(r.text) {
		return false
	}
	r.talks(s)
	return true
}

// onlyNumbers is true where nothing but numbers, their labels and times is said.
func (r *reading) onlyNumbers() bool {
	rest := []rune(r.Text)
	for _, e := range r.d.Entities {
		for i := e.Start; i < e.End; i++ {
			rest[i] = ' '
		}
	}
	return len([]rune(bare(numberLabels.Replace(plain(string(rest)))))) <= 1
}

// typeAlone is the probability from which the local model is right about a type
// more often than a telling word that contradicts it, with styles left out.
const typeAlone = 0.6

// typeOf takes the local model's type where it is confident or agrees, else the
// one that the words suggest, else the model's if it is at least this probable, else what remains. For a marketplace's ticket
// a guess is dangerous: the type may decide whether a clock runs.
func (c *Classifier) typeOf(r *reading, word, rest string, least float64) string {
	s := c.look(r)
	if s.label != "" && s.p < c.limitsOf(r.Message).Act && see(c.local, r.without(numbersAndTimes)).label != s.label {
		s.label = "" // a time alone sounds like a reminder to ship
	}
	switch {
	case s.label != "" && (s.p >= typeAlone || word == "" && s.p >= least):
		return s.label
	case word != "":
		return word
	}
	return rest
}

// words is the text without numbers, names, addresses and what only takes back an earlier message: they say nothing
// about the type, and a local model may have seen too few to know that.
func (r *reading) words() string {
	return r.without(func(t entities.Type) bool { return t != entities.Time && t != entities.Amount })
}

// numbersAndTimes are all entities but amounts.
func numbersAndTimes(t entities.Type) bool { return t != entities.Amount }

// without is the text but for entities of some types and what only takes back an earlier message.
func (r *reading) without(left func(entities.Type) bool) string {
	var b strings.Builder
	runes, at := []rune(r.Text), 0
	for _, e := range r.d.Entities {
		if !left(e.Type) {
			continue
		}
		b.WriteString(string(runes[at:e.Start]))
		b.WriteByte(' ')
		at = e.End
	}
	b.WriteString(string(runes[at:]))
	return matter(b.String())
}

// byModel lets the local model decide.
func (c *Classifier) byModel(r *reading) {
	s := c.look(r)
	if c.local == nil {
		if s.label = problemType(r.text); s.label != "" {
			s.p, s.all = c.limitsOf(r.Message).Ask, 1
		}
	}
	if s.isTalk() {
		r.talks(s)
		return
	}
	c.byType(r, s)
}

// byType decides by the best type that the local model sees.
func (c *Classifier) byType(r *reading, s sight) {
	limits, p := c.limitsOf(r.Message), round(s.p)
	r.d.Type = s.label
	ask := limits.Ask
	if speaksOfBuyer(r.text) {
		ask = min(ask, aboutBuyer)
	}
	switch {
	case s.label == "" || s.all < ask:
		r.unlikely(p)
	case r.d.Suspicious:
		r.decide(NewTicket, Ask, ByLocal, p, "local:suspicious")
	case r.hasNumber() && s.p >= numbered*limits.Act:
		r.decide(NewTicket, Act, ByLocal, p, "local:number_and_type")
	case s.p >= limits.Act && r.bears(s.label) && !r.curt():
		r.decide(NewTicket, Act, ByLocal, p, "local:above_act")
	default:
		r.decide(NewTicket, Ask, ByLocal, p, "local:above_ask")
	}
}

// bears tells whether a message's own words bear a type that a model sees in it. One that makes a ticket urgent calls
// supervisors, and talk of a dangerous thing is not yet anybody's trouble: it needs a person in it, the shop, or a word that
// tells the type.
func (r *reading) bears(typ string) bool {
	return severityOf(typ) < severityOf("unsafe_product") || speaksOfBuyer(r.text) || ofSomebody.MatchString(r.text) || problemType(r.text) == typ
}

// curt is a message of so few letters that whoever wrote it may have meant anything, such as 到哪了.
func (r *reading) curt() bool {
	letters := 0
	for _, c := range r.text {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	return letters < 4
}

// ofSomebody are people, what is ours, and whom one does not joke about.
var ofSomebody = guard(`[她他]|孩子|宝宝|小孩|老人|对方|人家|有人|我们|咱们|店|品牌|黑猫|博主|论坛|\b(?:he|she|him|her|his|hers|lady|guy|bloke|woman|client|shopper|mum|mom|dad|kid|child|baby|toddler|daughter|son|husband|wife|(?:people|person) (?:say|said|report)|our|us|shop|store|man|court|summons|lawyer|police|heimao)\b|法院|传票|律师|警察`)

// unlikely leaves alone what no type fits, unless it names an order.
func (r *reading) unlikely(p float64) {
	if !r.hasNumber() {
		r.d.Type = ""
		r.decide(None, Ignore, ByLocal, p, "local:below_ask")
		return
	}
	if r.d.Type == "" {
		r.d.Type = "other"
	}
	r.decide(NewTicket, Ask, ByLocal, p, "local:number")
}

// limitsOf are the thresholds of the message's mode, else the classifier's.
func (c *Classifier) limitsOf(m Message) Thresholds {
	if m.Mode == "" {
		return c.limits
	}
	return c.LimitsIn(m.Mode)
}

// LimitsIn are the thresholds by which the local model decides in a mode: those chosen
// with it, else the mode's.
func (c *Classifier) LimitsIn(m Mode) Thresholds {
	if own, ok := c.own.Limits[m]; ok {
		return own
	}
	return m.Limits()
}

// OwnVersion is which of a workspace's own models decides; 0 = the common one does.
func (c *Classifier) OwnVersion() int { return c.own.Version }

// round keeps confidences to four decimals, so that they compare and print alike.
func round(p float64) float64 { return float64(int(p*10000+0.5)) / 10000 }
