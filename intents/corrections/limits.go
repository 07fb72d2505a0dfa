package corrections

import (
	"math"

	"gongdan/intents"
)

// What a model may do worse than the base with the base's test rows, in shares, whatever people have corrected.
const (
	forgets  = 0.02 // of the messages in scope, heard with the right type
	speaksUp = 0.05 // of the chat, not left alone
	meddles  = 0.01 // of the chat, made tickets
	mistakes = 0.02 // of the tickets made, with another type
)

// Modes are those for which thresholds are chosen.
func Modes() []intents.Mode { return []intents.Mode{intents.Careful, intents.Eager} }

// LimitsIn are the thresholds of a mode by which a version decides: those chosen with it, else the mode's. A version made
// before there were any has none, and such as cannot have been chosen do not count.
func (v Version) LimitsIn(m intents.Mode) intents.Thresholds {
	if own, ok := v.Limits[m]; ok && m.Allows(own) {
		return own
	}
	return m.Limits()
}

// limits are the thresholds that a lesson gives each mode, drawn back towards the mode's as far as they would do harm with what
// the base knows. A mode for which nothing else remains has none. ok is false if the model does harm even by the modes' own.
func (b Base) limits(l lesson) (out map[intents.Mode]intents.Thresholds, ok bool) {
	was, is := b.tested(b.Model), b.tested(l.model)
	out = map[intents.Mode]intents.Thresholds{}
	for _, m := range Modes() {
		built := m.Limits()
		before := was.doing(built)
		harmless := func(t intents.Thresholds) bool { return !before.harmedBy(is.doing(t)) }
		if !harmless(built) {
			return nil, false
		}
		own := intents.ChooseOwn(l.common, l.own, weight, m)
		own.Act = drawn(own.Act, built.Act, func(x float64) bool { return harmless(intents.Thresholds{Act: x, Ask: built.Ask}) })
		own.Ask = drawn(own.Ask, built.Ask, func(x float64) bool { return harmless(intents.Thresholds{Act: built.Act, Ask: x}) })
		if own != built {
			out[m] = own
		}
	}
	return out, true
}

// drawn is the first harmless threshold on the way from one to another, in hundredths; the other is harmless.
func drawn(from, to float64, harmless func(float64) bool) float64 {
	at, end := math.Round(100*from), math.Round(100*to)
	for at != end {
		if harmless(at / 100) {
			return at / 100
		}
		at += math.Copysign(1, end-at)
	}
	return to
}

// tested is what a model makes of the base's test rows.
type tested []verdict

// verdict is what a model makes of one row.
type verdict struct {
	intents.Judged
	p     float64 // of the best label, of a type or of talk about tickets
	right bool    // whether that is the row's own
}

func (b Base) tested(m Predictor) tested {
	var out tested
	for _, r := range b.Rows {
		if r.Split == "test" {
			p := m.Predict(r.Text)
			out = append(out, verdict{intents.Judge(p.Ranked, r.Label), p.P, p.Label == r.Label})
		}
	}
	return out
}

// deeds are what a model does with test rows by its thresholds, in shares: the messages in scope that it hears with their type,
// the chat that it leaves alone, the chat that it makes tickets of, and the tickets made that have another type or are none.
type deeds struct{ heard, quiet, false, wrong float64 }

func (t tested) doing(by intents.Thresholds) (d deeds) {
	var in, chat, made float64
	for _, r := range t {
		acts, asks := r.P >= by.Act, r.All >= by.Ask
		talks := r.All == 0 && r.p >= by.Ask // about a ticket that exists
		made += one(acts)
		d.wrong += one(acts && !(r.Ticket && r.Right))
		chat += one(r.Chat)
		d.quiet += one(r.Chat && !asks)
		d.false += one(r.Chat && acts)
		in += one(!r.Chat)
		d.heard += one(!r.Chat && (asks || talks) && r.right)
	}
	return deeds{d.heard / max(in, 1), d.quiet / max(chat, 1), d.false / max(chat, 1), d.wrong / max(made, 1)}
}

// harmedBy tells whether another model does worse than may be.
func (d deeds) harmedBy(other deeds) bool {
	return other.heard < d.heard-forgets || other.quiet < d.quiet-speaksUp || other.false > d.false+meddles || other.wrong > d.wrong+mistakes
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
