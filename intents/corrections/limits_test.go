package corrections

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/intents"
	"gongdan/intents/linear"
)

// said are judged rows, all alike.
func said(n int, j intents.Judged) (out []intents.Judged) {
	for range n {
		out = append(out, j)
	}
	return out
}

// Rows that would have the bot act on nearly everything, or ask about it, or let it pass, move its thresholds no further than
// does no harm with what the base knows; and a model that does harm by any thresholds gets none.
func TestLimitsDoNoHarm(t *testing.T) {
	t.Parallel()
	b := base(t)
	was := b.tested(b.Model)
	right := intents.Judged{P: 0.3, All: 0.99, Ticket: true, Right: true}
	missed := intents.Judged{P: 0.01, All: 0.01, Ticket: true}
	for name, own := range map[string][]intents.Judged{
		"all is right": said(3000, right), "all is missed": said(3000, missed), "both": append(said(3000, right), said(3000, missed)...), "none": nil,
	} {
		l := lesson{model: b.Model, common: said(500, intents.Judged{P: 0.95, All: 0.99, Ticket: true, Right: true}), own: own}
		got, ok := b.limits(l)
		if !ok {
			t.Fatalf("%s: the base itself is said to do harm", name)
		}
		for _, m := range Modes() {
			v, chosen := Version{Limits: got}, intents.ChooseOwn(l.common, l.own, weight, m)
			before, after := was.doing(m.Limits()), was.doing(v.LimitsIn(m))
			t.Logf("%s, %s: %+v of %+v: %.3f, before %.3f", name, m, v.LimitsIn(m), chosen, after, before)
			if after.false > before.false+0.01 || after.wrong > before.wrong+0.02 || after.quiet < before.quiet-0.05 || after.heard < before.heard-0.02 {
				t.Errorf("%s, %s: %+v does %+v, before %+v", name, m, v.LimitsIn(m), after, before)
			}
			if name == "all is right" && v.LimitsIn(m).Act >= m.Limits().Act {
				t.Errorf("%s, %s: %+v, want it readier than %+v as far as it does no harm", name, m, v.LimitsIn(m), m.Limits())
			}
		}
	}
	if got, ok := b.limits(lesson{model: loud(t, b)}); ok || got != nil {
		t.Errorf("a model that takes everything for a refund has thresholds %v", got)
	}
}

// loud is a model that takes everything for one of two types.
func loud(t *testing.T, b Base) *linear.Model {
	t.Helper()
	var rows []linear.Row
	for i, r := range b.Rows {
		if r.Split != "test" && i%8 == 0 {
			rows = append(rows, linear.Row{Text: r.Text, Label: []string{"refund", "refund", "exchange"}[i/8%3]})
		}
	}
	m, err := linear.Train(rows, linear.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What hostile colleagues say among honest corrections, which make the model better, does no harm beyond them.
func TestPoisonAmongTruth(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), base(t)
	d.taught(0, 160, false)
	n := 0
	for _, r := range b.Rows {
		if r.Split == "test" || r.Label != NotATicket || n == 60 {
			continue
		}
		c := row(1000+n, "refund")
		c.Text, c.Was, c.Did = r.Text, NotATicket, "ask"
		d.add(c)
		n++
	}
	s := d.look(b, monday)
	v, own := s.InUse()
	t.Logf("%s: %.2f of %d, base %.2f, thresholds %+v", s.Outcome, s.Score, s.Held, s.Base, v.Limits)
	if !own {
		if s.Outcome != Forgetful {
			t.Errorf("state = %+v", s)
		}
		return
	}
	m, err := ReadModel(t.Context(), d, v.N)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range Modes() {
		was, is := b.tested(b.Model).doing(mode.Limits()), b.tested(m).doing(v.LimitsIn(mode))
		if is.false > was.false+0.01 || is.wrong > was.wrong+0.02 || is.quiet < was.quiet-0.05 {
			t.Errorf("%s: on the base's test rows %+v, the base %+v", mode, is, was)
		}
	}
}

// Each correction is judged by a model that has learned the others, never itself or its like: one style for all would say that
// a workspace's words are never understood, however many were learned.
func TestCorrectionsAreJudgedByTheOthers(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), smaller(t)
	d.taught(0, 160, false)
	again := row(2000, "refund") // the words of another, and one with another label
	again.Text, again.Was = d.rows(monday)[1].Text, NotATicket
	d.add(again)
	again.ID, again.Label = "2001", "exchange"
	d.add(again)
	l, err := learn(b.Rows, d.rows(monday), nil)
	if err != nil {
		t.Fatal(err)
	}
	right, words := 0, map[string]bool{}
	for _, r := range d.rows(monday) {
		if !r.Held() {
			words[r.Words()+r.Label] = true
		}
	}
	for _, j := range l.own {
		if j.Right || j.Chat && j.P < 0.3 {
			right++
		}
	}
	t.Logf("%d corrections in %d words, %d right; %d common rows", l.used, len(l.own), right, len(l.common))
	if len(l.own) != len(words) || len(l.common) != len(b.Rows) || right < len(l.own)*2/3 {
		t.Errorf("%d judged, %d of them right, %d common; want %d, most, %d", len(l.own), right, len(l.common), len(words), len(b.Rows))
	}
}

// Thresholds are stored with the version that they were chosen with, hold while that is in use, and are gone with it.
func TestLimitsComeAndGoWithTheModel(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), base(t)
	own := map[intents.Mode]intents.Thresholds{intents.Careful: {Act: 0.97, Ask: 0.2}}
	l := look{docs: d, base: b, now: monday, state: State{On: b.ID}}
	if err := l.take(t.Context(), b.Model, Version{Rows: 1, Score: 0.5, Limits: own}); err != nil {
		t.Fatal(err)
	}
	head, err := write(ownKey, 0, l.state)
	d.commit(append(l.writes, head), err)
	s, err := ReadState(t.Context(), d)
	v, inUse := s.InUse()
	if err != nil || !inUse || !cmp.Equal(v.Limits, own) || v.LimitsIn(intents.Careful) != own[intents.Careful] || v.LimitsIn(intents.Eager) != intents.Eager.Limits() {
		t.Fatalf("read back %+v, %v", s, err)
	}
	delete(d.bodies, "model/1")
	delete(d.at, "model/1")
	d.taught(0, 1, false)
	for i := range heldLeast * heldOf * 2 {
		d.add(row(100+i, "exchange"))
	}
	l = look{docs: d, base: b, state: s, rows: held(d.rows(monday)), now: monday}
	if err := l.inUse(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, inUse = l.state.InUse()
	if inUse || v.LimitsIn(intents.Careful) != intents.Careful.Limits() {
		t.Errorf("after it was rolled back: %+v, %+v", l.state, v.LimitsIn(intents.Careful))
	}
}

// A version of a release that chose no thresholds is judged by its mode's, and is written on without any; so is one whose
// thresholds nobody can have chosen.
func TestVersionWithoutLimits(t *testing.T) {
	t.Parallel()
	const old = `{"n":2,"at":"2026-11-20T09:30:00Z","rows":61,"held":15,"bytes":700000,"score":0.9,"base":0.5}`
	for _, body := range []string{old, strings.Replace(old, `}`, `,"limits":{"careful":{"act":0,"ask":0},"eager":{"act":0.3,"ask":0.33},"":{"act":1,"ask":1}}}`, 1)} {
		var s State
		if err := json.Unmarshal(fmt.Appendf(nil, `{"current":2,"made":2,"versions":[%s],"trained":80,"looked":80,"at":"2026-11-20T09:30:00Z"}`, body), &s); err != nil {
			t.Fatal(err)
		}
		v, ok := s.InUse()
		if !ok || v.Rows != 61 || !v.At.Equal(time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)) {
			t.Fatalf("read %+v", s)
		}
		for _, m := range Modes() {
			if got := v.LimitsIn(m); got != m.Limits() {
				t.Errorf("%s of %s: %+v, want the mode's", m, body, got)
			}
		}
	}
	var v Version
	if err := json.Unmarshal([]byte(old), &v); err != nil {
		t.Fatal(err)
	}
	if body, err := json.Marshal(v); err != nil || string(body) != old {
		t.Errorf("written on as %s, %v", body, err)
	}
}
