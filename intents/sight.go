package intents

import "gongdan/intents/linear"

// Labels that the local model knows beside the types of tickets: what is said about tickets that exist.
const (
	labelUpdate   = "update"
	labelStatus   = "status"
	labelQuestion = "question"
)

// sight is what a local model makes of a message: its best type, the probability of all types together, and the best
// kind of talk about tickets. Labels that are neither count as chat.
type sight struct {
	label string
	p     float64
	all   float64
	talk  string
	talkP float64
}

// talkSure is the probability from which talk about tickets is taken for it.
const talkSure = 0.5

// ranker is a Local that tells more than its best label, best first.
type ranker interface {
	Rank(text string) []linear.Score
}

// Rank tells the five most likely labels.
func (l linearLocal) Rank(text string) []linear.Score { return l.m.Predict(text).Ranked }

var shipping = guard(`发货|发出|寄出|出库|催|\b(?:un)?ship|dispatch|\bsent? out\b`)

// look asks the local model; without one nothing is seen, nor in a marketplace's ticket that does not say what it is about.
func (c *Classifier) look(r *reading) sight {
	if c.local == nil || r.d.Fields.Origin != "" && !r.says() {
		return sight{}
	}
	s := see(c.local, r.words())
	if r.d.Fields.Origin != "" && s.label == "ship_reminder" && !shipping.MatchString(r.text) {
		return sight{} // the marketplace's reminder to ship has no clock: it is none unless it says so
	}
	if word := problemType(r.text); r.d.Fields.Origin != "" && s.label == "platform_notice" && word != "" && severityOf(word) > severityOf(s.label) {
		return sight{} // a notice of what its words call by a graver name: the platform's clock may be shorter for it
	}
	return s
}

func see(l Local, text string) (s sight) {
	k, ok := l.(ranker)
	if !ok {
		label, p := l.Predict(text)
		s.take(linear.Score{Label: label, P: p})
		return s
	}
	for _, x := range k.Rank(text) {
		s.take(x)
	}
	return s
}

// take adds the next likely label.
func (s *sight) take(x linear.Score) {
	switch {
	case x.Label == labelUpdate || x.Label == labelStatus || x.Label == labelQuestion:
		if x.P > s.talkP {
			s.talk, s.talkP = x.Label, x.P
		}
	case knownType(x.Label):
		if s.label == "" {
			s.label, s.p = x.Label, x.P
		}
		s.all += x.P
	}
}

// isTalk tells a message about tickets that exist.
func (s sight) isTalk() bool { return s.talkP >= talkSure && s.talkP > s.p }

// Judge is how a labelled message counts when thresholds are chosen.
func Judge(ranked []linear.Score, label string) Judged {
	var s sight
	for _, x := range ranked {
		s.take(x)
	}
	if s.isTalk() {
		s.p, s.all = 0, 0
	}
	return Judged{P: s.p, All: s.all, Ticket: knownType(label), Chat: label == linear.OutOfScope, Right: s.label == label}
}

// talks decides about what is said of tickets that exist: more about one is offered to it, news of one with a number
// too, and a question is left to those who answer.
func (r *reading) talks(s sight) {
	p := round(s.talkP)
	switch {
	case s.talk == labelQuestion:
		r.decide(Status, Ignore, ByLocal, p, "local:question")
	case s.talk == labelUpdate || r.hasNumber():
		r.decide(Update, Ask, ByLocal, p, "local:"+s.talk)
	default:
		r.decide(Update, Ignore, ByLocal, p, "local:"+s.talk)
	}
}
