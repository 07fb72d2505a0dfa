package intents

import "math"

// Bounds of thresholds that are chosen from one workspace's data, beside those that the modes give each other.
const (
	// surest keeps a model acting at all: few corrections tell of what it did rightly.
	surest = 0.99
	// evens is where a message is as likely a ticket as not: from there on somebody is always asked.
	evens = 0.5
	// doubts is the least part of a mode's Ask: below, most of the chat would be asked about.
	doubts = 0.5
)

// bounds are the least and the greatest thresholds that a workspace's data may give a mode. Careful never gets bolder
// than Eager is without data; Eager never acts where its goal is denied by the probability itself.
func (m Mode) bounds() (least, most Thresholds) {
	built, eager := m.Limits(), Eager.Limits()
	least, most = Thresholds{Act: eager.Act, Ask: cents(doubts * built.Ask)}, Thresholds{Act: surest, Ask: eager.Ask}
	if m == Eager {
		least.Act, most.Ask = goals[Eager].right, evens
	}
	least.Act, most.Act, most.Ask = min(least.Act, built.Act), max(most.Act, built.Act), max(most.Ask, built.Ask)
	return least, most
}

// Allows tells whether thresholds may have been chosen from a workspace's data for the mode.
func (m Mode) Allows(t Thresholds) bool {
	least, most := m.bounds()
	return t.Act >= least.Act && t.Act <= most.Act && t.Ask >= least.Ask && t.Ask <= most.Ask
}

// ChooseOwn finds the thresholds of a mode for the model of one workspace: what ChooseThresholds finds on the common rows
// and the workspace's own, each of which stands so many times among them as in the training. They are more careful than
// the mode's Limits as soon as the rows say so, and bolder only as far as the own rows prove by themselves, each once: those
// that would now become tickets without a question have the right type, those that are nobody's question any more are few
// among the tickets. Both bounds are those of ChooseThresholds. The answer is always within bounds.
func ChooseOwn(common, own []Judged, times int, m Mode) Thresholds {
	g, ok := goals[m]
	if !ok {
		m, g = Careful, goals[Careful]
	}
	all := make([]Judged, 0, len(common)+times*len(own))
	all = append(all, common...)
	for range times {
		all = append(all, own...)
	}
	t, built := ChooseThresholds(all, m), m.Limits()
	if t.Act < built.Act {
		t.Act = max(t.Act, provenAct(own, built.Act, g))
	}
	if t.Ask > built.Ask {
		t.Ask = min(t.Ask, max(built.Ask, highestAsk(own, g)))
	}
	least, most := m.bounds()
	return Thresholds{Act: min(max(t.Act, least.Act), most.Act), Ask: min(max(t.Ask, least.Ask), most.Ask)}
}

// provenAct is how far below a threshold rows show that tickets may be made, themselves counted and not what stands above:
// that is known to be right, and would hide them.
func provenAct(rows []Judged, from float64, g goal) float64 {
	var below []Judged
	for _, j := range rows {
		if j.P < from {
			below = append(below, j)
		}
	}
	return min(from, lowestAct(below, goal{right: g.right, false: 1}))
}

// cents keeps two decimals.
func cents(x float64) float64 { return math.Round(100*x) / 100 }
