package intents

import (
	"cmp"
	"math"
	"slices"
)

// Mode is how ready a workspace is to let the bot act by itself.
type Mode string

// The modes. Careful makes a ticket where its type is nearly always right and asks about the rest; Eager makes more
// and asks less, for teams who would rather correct a type than answer a question.
const (
	Careful Mode = "careful"
	Eager   Mode = "eager"
)

// Thresholds decide what a local model's probabilities lead to: a ticket is made where the best type has Act or more,
// its author asked where all types of ticket together have Ask or more.
type Thresholds struct {
	Act float64 `json:"act"`
	Ask float64 `json:"ask"`
}

// Limits are the thresholds of a mode that hold until a workspace has some of its own; an unknown mode is careful. They
// come from ChooseThresholds on the labelled messages, each predicted with its style left out; a test computes them anew.
func (m Mode) Limits() Thresholds {
	if m == Eager {
		return Thresholds{Act: 0.926, Ask: 0.44}
	}
	return Thresholds{Act: 0.982, Ask: 0.29}
}

// DefaultThresholds are those of Careful.
func DefaultThresholds() Thresholds { return Careful.Limits() }

// Judged is a message that a person has labelled, as a local model that had not learned it saw it: P is the
// probability of its best type, All that of all types together, both 0 where it was taken for talk about a ticket. Ticket
// tells that it is a new one, Chat that it is no business at all, Right that P's type is its own.
type Judged struct {
	P, All              float64
	Ticket, Chat, Right bool
}

// numbered is the part of Act that is enough beside an order, parcel or case number: the number says that it is a
// ticket, so that only its type is in question.
const numbered = 0.6

// goal is what the thresholds of a mode must reach, each by its bound of confidence.
type goal struct {
	right float64 // least share of tickets made that have the right type
	false float64 // greatest share of chat that becomes a ticket
	seen  float64 // least share of tickets that are made or asked about
}

// goals: a team that gets tickets out of its chat, or misses real ones, stops trusting the bot, so the bounds on these are tight
// where it is careful. The least share of right types is lower than what is met: rows judged with a third of all styles left
// out at once are harder than messages of one new writer.
var goals = map[Mode]goal{
	Careful: {right: 0.92, false: 0.01, seen: 0.98},
	Eager:   {right: 0.80, false: 0.02, seen: 0.97},
}

// ChooseThresholds finds the lowest Act and the highest Ask that reach the goals of a mode on the rows, by the worse
// bounds of confidence (Wilson, one-sided 90 %), so that few rows make it careful. Rows that cannot reach a goal give
// the bound that never acts, 1, or that always asks, 0. An unknown mode is careful. Ask never exceeds Act.
func ChooseThresholds(rows []Judged, m Mode) Thresholds {
	g, ok := goals[m]
	if !ok {
		g = goals[Careful]
	}
	t := Thresholds{Act: lowestAct(rows, g), Ask: highestAsk(rows, g)}
	t.Ask = min(t.Ask, t.Act)
	return t
}

// lowestAct walks down from the surest message; what is less sure than any that met the goal stays out.
func lowestAct(rows []Judged, g goal) float64 {
	sorted := slices.SortedFunc(slices.Values(rows), func(a, b Judged) int { return cmp.Compare(b.P, a.P) })
	chat := count(rows, func(j Judged) bool { return j.Chat })
	best, right, wrong := 1.0, 0, 0
	for i, j := range sorted {
		if j.Right && j.Ticket {
			right++
		}
		if j.Chat {
			wrong++
		}
		if i+1 < len(sorted) && sorted[i+1].P == j.P {
			continue
		}
		if lower(right, i+1) >= g.right && upper(wrong, chat) <= g.false {
			best = j.P
		}
	}
	return roundUp(best)
}

// highestAsk walks up from the least likely ticket.
func highestAsk(rows []Judged, g goal) float64 {
	var p []float64
	for _, j := range rows {
		if j.Ticket {
			p = append(p, j.All)
		}
	}
	slices.Sort(p)
	best := 0.0
	for i, x := range p {
		if lower(len(p)-i, len(p)) < g.seen {
			break
		}
		best = x
	}
	return math.Floor(best*100+1e-9) / 100
}

func count(rows []Judged, is func(Judged) bool) (n int) {
	for _, j := range rows {
		if is(j) {
			n++
		}
	}
	return n
}

// roundUp keeps three decimals, on the careful side: so near 1, one more decides about tickets in every hundred.
func roundUp(x float64) float64 { return min(1, math.Ceil(x*1000)/1000) }

// lower is the lower Wilson bound of k in n, one-sided 90 %; 0 for none.
func lower(k, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.2816
	p, m := float64(k)/float64(n), float64(n)
	return (p + z*z/(2*m) - z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))) / (1 + z*z/m)
}

// upper is the upper Wilson bound of k in n, one-sided 90 %; 0 for none.
func upper(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return 1 - lower(n-k, n)
}
