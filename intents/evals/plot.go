package evals

import (
	"fmt"
	"io"
	"strings"
)

// Bin is one of 15 equal bands of probability: how many predictions in scope fell into it, their mean probability and
// the share that was right; both 0 where N is 0.
type Bin struct {
	N    int
	P    float64
	Hits float64
}

// bins are the bands over which calibration is judged.
const bins = 15

func binsOf(all []outcome) []Bin {
	out := make([]Bin, bins)
	right := make([]int, bins)
	for _, o := range all {
		if !o.inScope() {
			continue
		}
		b := min(bins-1, max(0, int(o.p*bins)))
		out[b].N++
		out[b].P += o.p
		if o.got == o.want {
			right[b]++
		}
	}
	for b := range out {
		out[b].P = out[b].P / float64(max(1, out[b].N))
		out[b].Hits = ratio(right[b], out[b].N)
	}
	return out
}

// Measures of the picture, in pixels.
const (
	side, margin = 400, 56
	countHeight  = 70
)

// Plot writes the calibration as a picture (SVG): above, what was right against what was said, with the diagonal of a
// model that is always as sure as it should be; below, how many predictions each band holds.
func (r Result) Plot(w io.Writer) error {
	var b strings.Builder
	width, height := side+2*margin, side+2*margin+countHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" fill="#222">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	fmt.Fprintf(&b, `<text x="%d" y="24" font-size="15">Calibration: error %.3f over %d predictions</text>`+"\n", margin, r.ECE, r.inScope())
	r.grid(&b)
	r.bars(&b)
	fmt.Fprintf(&b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#222" stroke-dasharray="5 4"/>`+"\n", margin, margin+side, margin+side, margin)
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">probability said</text>`+"\n", margin+side/2, margin+side+countHeight+46)
	fmt.Fprintf(&b, `<text transform="translate(16 %d) rotate(-90)" text-anchor="middle">share right</text>`+"\n</svg>\n", margin+side/2)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Result) inScope() (n int) {
	for _, b := range r.Bins {
		n += b.N
	}
	return n
}

func (r Result) grid(b *strings.Builder) {
	for i := 0; i <= 10; i += 2 {
		at := side * i / 10
		fmt.Fprintf(b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#e5e5e5"/>`+"\n", margin, margin+side-at, margin+side, margin+side-at)
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%.1f</text>`+"\n", margin-8, margin+side-at+4, float64(i)/10)
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%.1f</text>`+"\n", margin+at, margin+side+countHeight+26, float64(i)/10)
	}
}

// bars draws the bands: a bar as high as the share that was right, a tick where it should end, and below how many.
func (r Result) bars(b *strings.Builder) {
	most := 1
	for _, x := range r.Bins {
		most = max(most, x.N)
	}
	for i, x := range r.Bins {
		if x.N == 0 {
			continue
		}
		left, right := margin+side*i/bins+1, margin+side*(i+1)/bins-1
		high := int(x.Hits * side)
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#4c7fb8"><title>%d predictions, said %.2f, right %.2f</title></rect>`+"\n",
			left, margin+side-high, right-left, high, x.N, x.P, x.Hits)
		said := margin + side - int(x.P*side)
		fmt.Fprintf(b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#c0392b" stroke-width="3"/>`+"\n", left, said, right, said)
		deep := max(1, countHeight*x.N/most)
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#b9c7d6"/>`+"\n", left, margin+side+8, right-left, deep)
	}
}
