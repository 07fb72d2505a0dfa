package evals

import (
	"cmp"
	"slices"
)

// Call is one message as two judges saw it: the local model with probability P, and a language model that could be
// asked instead. Local and Model tell whether each is right.
type Call struct {
	P            float64
	Local, Model bool
}

// Point is what a threshold gives: messages on which the local model has at least Threshold are not sent on. Saved is
// their share, Accuracy that of both together.
type Point struct{ Threshold, Saved, Accuracy float64 }

// Curve gives the points of all thresholds, from every message sent on to none.
func Curve(calls []Call) []Point {
	sorted := slices.SortedFunc(slices.Values(calls), func(a, b Call) int { return cmp.Compare(b.P, a.P) })
	right := 0
	for _, c := range calls {
		if c.Model {
			right++
		}
	}
	n := float64(max(1, len(calls)))
	points := []Point{{Threshold: 1.01, Accuracy: float64(right) / n}}
	for i, c := range sorted {
		if c.Model {
			right--
		}
		if c.Local {
			right++
		}
		if i+1 < len(sorted) && sorted[i+1].P == c.P {
			continue
		}
		points = append(points, Point{Threshold: c.P, Saved: float64(i+1) / n, Accuracy: float64(right) / n})
	}
	return points
}

// Cheapest is the point that saves most while its accuracy is at most slack below that of asking always; with a negative
// slack, so much above it.
func Cheapest(curve []Point, slack float64) Point {
	best := curve[0]
	for _, p := range curve {
		if p.Accuracy >= curve[0].Accuracy-slack && p.Saved > best.Saved {
			best = p
		}
	}
	return best
}

// At is the point of a curve at a threshold chosen elsewhere.
func At(curve []Point, threshold float64) Point {
	at := curve[0]
	for _, p := range curve {
		if p.Threshold < threshold {
			break
		}
		at = p
	}
	return at
}
