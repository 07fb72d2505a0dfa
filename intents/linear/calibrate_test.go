package linear

import (
	"math"
	"testing"
)

// TestTypicalTemperature takes the temperature of the median style: two styles are right nine times of ten and one hardly
// ever, which must not make the probabilities of the others low.
func TestTypicalTemperature(t *testing.T) {
	t.Parallel()
	h := &heldOut{scope: 2, tmp: make([]float64, 2), style: map[string][]int{}}
	for style, right := range map[string]int{"plain": 180, "terse": 180, "riddles": 110} {
		for i := range 200 {
			class := 0
			if i >= right {
				class = 1
			}
			h.style[style] = append(h.style[style], len(h.z))
			h.z, h.class = append(h.z, []float64{1, 0}), append(h.class, class)
		}
	}
	c := calibration{Temperature: 1, Slope: 1}
	c.Temperature = h.typical(c)
	if got, want := float64(c.Temperature), 1/math.Log(9); math.Abs(got-want) > 0.01 {
		t.Errorf("temperature = %.3f, want %.3f, at which p is 0.9", got, want)
	}
	delete(h.style, "terse")
	if got := h.typical(calibration{Temperature: 0.3}); got != 0.3 {
		t.Errorf("temperature of two styles = %.3f, want the one given", got)
	}
}
