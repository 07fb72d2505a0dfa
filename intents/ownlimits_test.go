package intents_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gongdan/intents"
)

// commonRows are rows on which both modes choose what they have built in, or nearly: sure ones that are right, and below them
// some of which a third is.
func commonRows(m intents.Mode) []intents.Judged {
	built := m.Limits()
	var rows []intents.Judged
	for i := range 1200 {
		rows = append(rows, intents.Judged{P: built.Act, All: 1, Ticket: true, Right: i%50 != 0})
	}
	for i := range 400 {
		rows = append(rows, intents.Judged{P: built.Act - 0.001*float64(i+1), All: built.Ask, Ticket: true, Right: i%3 == 0})
	}
	return append(rows, rowsAt(300, intents.Judged{P: 0.1, All: 0.2, Chat: true})...)
}

func TestChooseOwn(t *testing.T) {
	t.Parallel()
	const times = 3
	for _, m := range []intents.Mode{intents.Careful, intents.Eager} {
		built, common := m.Limits(), commonRows(m)
		least, enough := intents.Eager.Limits().Act, 19 // careful goes no further
		if m == intents.Eager {
			least, enough = 0.80, 7
		}
		below := intents.Judged{P: least + 0.01, All: 0.99, Ticket: true, Right: true}
		lone := rowsAt(1000, intents.Judged{P: built.Act, All: 0.99, Ticket: true, Right: true})
		wrong := intents.Judged{P: 0.988, All: 0.99, Ticket: true}
		missed := intents.Judged{P: 0.01, All: 0.02, Ticket: true}
		chat := intents.Judged{P: 0.988, All: 0.99, Chat: true}
		for _, tt := range []struct {
			name        string
			common, own []intents.Judged
			act         func(float64) bool
			ask         func(float64) bool
		}{
			{"no corrections", common, nil, is(built.Act), is(built.Ask)},
			{"a few prove nothing", lone, rowsAt(enough-1, below), is(built.Act), is(built.Ask)},
			{"but some do", lone, rowsAt(enough, below), under(built.Act), is(built.Ask)},
			{"what is surer anyway proves nothing", lone, rowsAt(900, intents.Judged{P: 0.99, All: 0.99, Ticket: true, Right: true}), is(built.Act), nil},
			{"those between that are right do", lone, rowsAt(60, below), is(math.Ceil(1000*below.P-1e-9) / 1000), nil},
			{"not beside as many that are wrong", lone, append(rowsAt(60, below), rowsAt(60, intents.Judged{P: below.P, All: 1, Ticket: true})...), is(built.Act), nil},
			{"nor beside as much chat", lone, append(rowsAt(60, below), rowsAt(60, intents.Judged{P: below.P, All: 1, Chat: true})...), is(built.Act), nil},
			{"however many, only so far", lone, rowsAt(5000, intents.Judged{P: 0.2, All: 0.99, Ticket: true, Right: true}), is(least), nil},
			{"wrong ones make it more careful", common, rowsAt(900, wrong), over(built.Act), nil},
			{"never quite still", common, rowsAt(9000, wrong), is(0.99), nil},
			{"so does chat", common, rowsAt(200, chat), is(0.99), nil},
			{"tickets that were passed over have it ask more", common, rowsAt(60, missed), nil, under(built.Ask)},
			{"but not about everything", common, rowsAt(5000, missed), nil, is(math.Round(50*built.Ask) / 100)},
			{"few of its own let nothing pass", lone, rowsAt(12, below), nil, is(built.Ask)},
			{"many do, but a ticket as likely as not is asked about", lone, rowsAt(200, below), nil, over(built.Ask)},
		} {
			t.Run(string(m)+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				got := intents.ChooseOwn(tt.common, tt.own, times, m)
				if tt.act != nil && !tt.act(got.Act) || tt.ask != nil && !tt.ask(got.Ask) {
					t.Errorf("ChooseOwn = %+v, built in %+v", got, built)
				}
				if !m.Allows(got) {
					t.Errorf("ChooseOwn = %+v, which is out of bounds", got)
				}
			})
		}
	}
	common := commonRows(intents.Careful)
	if got, want := intents.ChooseOwn(common, nil, times, "bold"), intents.ChooseOwn(common, nil, times, intents.Careful); got != want {
		t.Errorf("an unknown mode has %+v, want %+v as careful", got, want)
	}
}

func is(want float64) func(float64) bool {
	return func(x float64) bool { return math.Abs(x-want) < 1e-9 }
}
func over(than float64) func(float64) bool { return func(x float64) bool { return x > than } }
func under(than float64) func(float64) bool {
	return func(x float64) bool { return x < than }
}

// Whatever the rows, thresholds stay within bounds; and without own rows that are right between them and what is built in, a
// workspace's bot is no readier than any other.
func TestOwnThresholdsAreBounded(t *testing.T) {
	t.Parallel()
	judged := rapid.Custom(func(t *rapid.T) intents.Judged {
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		j := intents.Judged{P: p, All: rapid.Float64Range(p, 1).Draw(t, "all")}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			j.Chat = true
		case 1:
			j.Ticket, j.Right = true, rapid.Bool().Draw(t, "right")
		}
		return j
	})
	rapid.Check(t, func(t *rapid.T) {
		common, own := rapid.SliceOfN(judged, 0, 60).Draw(t, "common"), rapid.SliceOfN(judged, 0, 60).Draw(t, "own")
		m := rapid.SampledFrom([]intents.Mode{intents.Careful, intents.Eager}).Draw(t, "mode")
		got, built := intents.ChooseOwn(common, own, 3, m), m.Limits()
		if !m.Allows(got) {
			t.Fatalf("ChooseOwn = %+v, out of bounds", got)
		}
		proof := 0
		for _, j := range own {
			if j.Right && j.P >= got.Act-0.01 && j.P < built.Act {
				proof++
			}
		}
		if got.Act < built.Act && proof == 0 {
			t.Fatalf("ChooseOwn = %+v without any proof", got)
		}
	})
}

func TestAllows(t *testing.T) {
	t.Parallel()
	for _, m := range []intents.Mode{intents.Careful, intents.Eager} {
		built := m.Limits()
		for th, want := range map[intents.Thresholds]bool{
			built: true, {}: false, {Act: 1, Ask: built.Ask}: false, {Act: built.Act}: false, {Act: built.Act, Ask: 1}: false,
			{Act: 0.3, Ask: built.Ask}: false, {Act: math.NaN(), Ask: built.Ask}: false, {Act: 0.99, Ask: built.Ask}: true,
		} {
			if got := m.Allows(th); got != want {
				t.Errorf("%s allows %+v: %t, want %t", m, th, got, want)
			}
		}
	}
}
