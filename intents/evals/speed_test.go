package evals

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"gongdan/intents/linear"
)

// manyRows invents texts of many labels from invented words: each label has some of its own, shares others with its
// neighbours and is filled up with what all use, as real intents are. They are as long as spoken questions.
func manyRows(labels, each int) []linear.Row {
	rng := rand.New(rand.NewPCG(7, 11))
	word := func(n int) string {
		const onsets, vowels = "bcdfghklmnprstvw", "aeiou"
		var b strings.Builder
		for v := uint32(n)*2654435761 + 17; b.Len() < 4+n%6; v = v*1664525 + 1013904223 {
			b.WriteByte(onsets[v>>9%16])
			b.WriteByte(vowels[v>>17%5])
		}
		return b.String()
	}
	var rows []linear.Row
	for l := range labels {
		for k := range each {
			var words []string
			for range 6 + rng.IntN(5) {
				switch rng.IntN(5) {
				case 0, 1:
					words = append(words, word(5000+12*l+rng.IntN(15)))
				default:
					words = append(words, word(int(400*rng.Float64()*rng.Float64())))
				}
			}
			row := linear.Row{Text: strings.Join(words, " "), Label: fmt.Sprintf("label_%03d", l), Split: "train"}
			if k%20 == 0 {
				row.Split = "val"
			}
			if k%20 == 1 {
				row.Split = "test"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// TestManyLabels trains 150 labels on 15,000 rows: in time, in a small file, and fast to ask. It runs by itself, since
// processor time is that of the whole process.
func TestManyLabels(t *testing.T) {
	rows := manyRows(150, 112)
	begin, busy := time.Now(), cpu(t)
	m, err := linear.Train(rows, linear.Options{})
	if err != nil {
		t.Fatal(err)
	}
	took, busy := time.Since(begin), cpu(t)-busy
	var file bytes.Buffer
	if _, err := m.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	r := Evaluate(m, rows)
	t.Logf("%d rows, %d labels: trained in %s (%s of processors), %d bytes, %.1f µs, accuracy %.3f, ece %.3f", len(rows), len(m.Labels()), took.Round(time.Millisecond), busy.Round(time.Millisecond), file.Len(), r.Microsec, r.Accuracy, r.ECE)
	if file.Len() > 1_000_000 || r.Accuracy < 0.8 {
		t.Errorf("%d bytes, accuracy %.3f, want at most 1,000,000 and at least 0.8", file.Len(), r.Accuracy)
	}
	if limit := 2 * 15 * time.Second; busy > limit || r.Microsec > 4*60 {
		t.Errorf("trained for %s of processor time, %.1f µs a prediction, want at most %s, which two idle cores give in 15 s, and 240 µs on a busy machine",
			busy, r.Microsec, limit)
	}
}

// cpu is the processor time that this process has used; a busy machine does not change it.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
