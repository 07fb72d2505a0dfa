package corrections

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/intents"
	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

// shipped is what every workspace begins with, learned from a part of the rows: what is tested here does not depend on how
// many there are, and each training takes a fraction of the time.
var shipped = sync.OnceValues(func() (Base, error) {
	all, err := evals.Labelled()
	if err != nil {
		return Base{}, err
	}
	var rows []linear.Row
	for i, r := range all {
		if i%4 == 0 || r.Split == "test" {
			rows = append(rows, r)
		}
	}
	m, err := linear.Train(rows, linear.EmbeddedOptions())
	return Base{Model: m, Rows: rows, ID: "1", Mode: intents.Careful}, err
})

func base(t *testing.T) Base {
	t.Helper()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// smaller learns from a part of these, and cannot be said to forget.
func smaller(t *testing.T) Base {
	t.Helper()
	b := base(t)
	var rows []linear.Row
	for i, r := range b.Rows {
		if i%4 == 0 && r.Split != "test" {
			rows = append(rows, r)
		}
	}
	b.Rows = rows
	return b
}

// slang is how one team says what the base has never heard.
var slang = map[string][]string{
	"stockout":   {"%s号库又见底了%d", "%s那款没影了%d", "%s又卖空啦%d", "%s的货架空了%d"},
	"refund":     {"%s这位要吐钱%d", "%s吐钱单%d", "给%s吐一下钱%d", "%s又来吐钱了%d"},
	NotATicket:   {"%s买家秀打卡%d", "%s客户画像更新%d", "客户%s的周报%d", "%s顾客访谈纪要%d"},
	"tracking":   {"%s的小黄车跑哪了%d", "小黄车%s还没影%d", "%s小黄车定位%d", "查%s小黄车%d"},
	"unsaleable": {"%s不在册的类型%d"},
}

var words = []string{"蓝杯", "红碗", "大盘", "小勺", "茶壶", "木筷", "瓷瓶", "玻璃", "毛毯", "台灯"}

// taught keeps n corrections of the slang; wrong makes people say nonsense of it instead.
func (d *docs) taught(from, n int, wrong bool) {
	d.t.Helper()
	labels := []string{"stockout", "refund", NotATicket, "tracking"}
	for i := from; i < from+n; i++ {
		label := labels[i%len(labels)]
		forms := slang[label]
		r := row(i, label)
		r.Text, r.Was, r.Did = fmt.Sprintf(forms[i/4%len(forms)], words[i/16%len(words)], i), "complaint", "ask"
		if wrong {
			r.Label = labels[(i+1)%len(labels)]
		}
		d.add(r)
	}
}

func having(b Base) func() (Base, error) { return func() (Base, error) { return b, nil } }

// TestBaseIsForCorrections: where nobody has corrected anything the base is not made, as that takes long and much memory.
func TestBaseIsForCorrections(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	asked := 0
	count := func() (Base, error) { asked++; return Base{}, errBusy }
	if r, err := Look(t.Context(), d, count, monday, nil); err != nil || len(r.Writes) != 0 || asked != 0 {
		t.Errorf("without corrections Look = %+v, %v, and the base is made %d times", r, err, asked)
	}
	d.taught(0, 1, false)
	if _, err := Look(t.Context(), d, count, monday, nil); !errors.Is(err, errBusy) || asked != 1 {
		t.Errorf("with a correction Look = %v, and the base is made %d times, want its error", err, asked)
	}
}

func (d *docs) look(b Base, now time.Time) State {
	d.t.Helper()
	r, err := Look(d.t.Context(), d, having(b), now, nil)
	d.commit(r.Writes, err)
	return r.State
}

func TestOwnModel(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), base(t)
	if s := d.look(b, monday); s.Current != 0 || len(d.bodies) != 0 {
		t.Errorf("without corrections: %+v", s)
	}
	d.taught(0, Enough-1, false)
	if s := d.look(b, monday); s.Made != 0 {
		t.Errorf("trained on %d corrections: %+v", Enough-1, s)
	}
	d.taught(Enough-1, 111, false)
	s := d.look(b, monday)
	v, own := s.InUse()
	if !own || s.Outcome != Taken || v.Score <= v.Base || v.Rows == 0 || v.Held+v.Rows > 160 {
		t.Fatalf("after 160 corrections: %+v", s)
	}
	t.Logf("held back %d: base %.2f, own %.2f; %d bytes stored", v.Held, v.Base, v.Score, v.Bytes)
	m, err := ReadModel(t.Context(), d, v.N)
	if err != nil {
		t.Fatal(err)
	}
	if p := m.Predict("买家那款茶壶又卖空啦"); p.Label != "stockout" || p.P < b.Mode.Limits().Ask {
		t.Errorf("own model says %+v", p)
	}
	for _, mode := range Modes() {
		was, is := b.tested(b.Model).doing(mode.Limits()), b.tested(m).doing(v.LimitsIn(mode))
		t.Logf("%s: %+v, on the base's test rows %+v, the base %+v", mode, v.LimitsIn(mode), is, was)
		if is.heard < was.heard-0.02 || is.quiet < was.quiet-0.05 || is.false > was.false+0.01 || is.wrong > was.wrong+0.02 {
			t.Errorf("%s: on the base's test rows %+v, the base %+v", mode, is, was)
		}
	}
	if s := d.look(b, monday.Add(time.Minute)); s.At != monday {
		t.Errorf("looked again though nothing is new: %+v", s)
	}

	// A later release brings another base: the own model is made anew.
	newer := smaller(t)
	newer.ID = "2"
	if s := d.look(newer, monday.Add(time.Hour)); s.Made != 2 || s.On != "2" {
		t.Errorf("on a newer base: %+v", s)
	}
}

// Where people now say the contrary, the model falls below the base and the base is taken again.
func TestRollsBack(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), smaller(t)
	d.taught(0, 160, false)
	s := d.look(b, monday)
	if s.Current != 1 {
		t.Fatalf("no model was taken: %+v", s)
	}
	// The base is right about all of these, and the own model has unlearned none of them.
	for i := range 400 {
		r := row(1000+i, "")
		r.Text, r.Label, r.Was, r.Did = fmt.Sprintf(slang["stockout"][i%4], words[i%10], i), NotATicket, "stockout", "act"
		d.add(r)
	}
	old := d.bodies["model/1"]
	r, err := Look(t.Context(), d, having(b), monday.Add(time.Hour), func() error { return errBusy })
	if !errors.Is(err, errBusy) || len(r.Writes) != 0 {
		t.Errorf("a training that is ended writes %d documents, %v", len(r.Writes), err)
	}
	l := look{docs: d, base: b, state: s, rows: held(d.rows(monday)), now: monday}
	if err := l.inUse(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.state.Current != 0 || l.state.Outcome != RolledBack || l.state.Score >= l.state.Base {
		t.Errorf("state = %+v, want the base in use", l.state)
	}
	s = d.look(b, monday.Add(time.Hour))
	if _, still := s.InUse(); still && s.Current == 1 {
		t.Errorf("the old version is still in use: %+v", s)
	}
	if s.Current == 0 && s.Outcome != RolledBack || len(old) == 0 {
		t.Errorf("state = %+v", s)
	}
}

var errBusy = errors.New("busy")

func TestNonsenseIsNotTaken(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), smaller(t)
	for i := range 80 { // contradictions, of which nothing can be learned
		r := row(i, []string{"refund", "exchange", "lost", NotATicket, "invoice"}[i*7%5])
		r.Text, r.Was = strings.Repeat("嗯", 1+i%40)+fmt.Sprint(i), "print"
		d.add(r)
	}
	if s := d.look(b, monday); s.Current != 0 && s.Score <= s.Base {
		t.Errorf("state = %+v", s)
	}
}

func TestThreeVersionsAreKept(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	m := base(t).Model
	l := look{docs: d, now: monday}
	for range 5 {
		if err := l.take(t.Context(), m, Version{Rows: 1, Score: 0.5}); err != nil {
			t.Fatal(err)
		}
		d.commit(l.writes, nil)
		l.writes = nil
	}
	if l.state.Current != 5 || len(l.state.Versions) != 3 || len(d.bodies) != 3 || d.bodies["model/3"] == nil {
		t.Errorf("state = %+v, %d documents", l.state, len(d.bodies))
	}
	if _, err := ReadModel(t.Context(), d, 1); !errors.Is(err, ErrGone) {
		t.Errorf("ReadModel of an old version = %v", err)
	}
	if size := len(d.bodies["model/5"]); size > storedMost {
		t.Errorf("%d bytes are stored, want at most %d", size, storedMost)
	}
}

type certain linear.Prediction

func (c certain) Predict(string) linear.Prediction { return linear.Prediction(c) }

func TestScore(t *testing.T) {
	t.Parallel()
	rows := []Row{{Label: "refund"}, {Label: "exchange"}, {Label: NotATicket}, {Label: NotATicket}}
	for p, want := range map[float64]float64{0.9: 0.25, 0.1: 0.5} {
		if got := score(certain{Label: "refund", P: p}, rows, 0.25); math.Abs(got-want) > 1e-9 {
			t.Errorf("score at %.1f = %.2f, want %.2f", p, got, want)
		}
	}
}

// Chat that is called a ticket hundreds of times makes no model that hears tickets worse everywhere else.
func TestWrongCorrectionsMoveLittle(t *testing.T) {
	t.Parallel()
	d, b := newDocs(t), base(t)
	n := 0
	for _, r := range b.Rows {
		if r.Split != "test" && r.Label == NotATicket && n < 600 {
			c := row(n, "high_risk")
			c.Text, c.Was, c.Did = r.Text, NotATicket, "ask"
			d.add(c)
			n++
		}
	}
	if s := d.look(b, monday); s.Current != 0 || s.Outcome != Forgetful && s.Outcome != NotBetter {
		t.Errorf("after %d wrong corrections: %+v", n, s)
	}
}

// Long texts that repeat nothing cost no more than many short ones: the newest are learned from as far as there is room.
func TestTrainingIsBounded(t *testing.T) {
	t.Parallel()
	short, long := Row{Text: "要退货"}, Row{Text: strings.Repeat("长", maxText)}
	for _, tt := range []struct {
		name string
		rows []Row
		want int
	}{
		{"none", nil, 0},
		{"few", slices.Repeat([]Row{short}, 10), 10},
		{"many", slices.Repeat([]Row{short}, 2*mostTrained), mostTrained},
		{"long", slices.Repeat([]Row{long}, mostTrained), mostRunes / maxText},
		{"long before short", append(slices.Repeat([]Row{long}, mostTrained), slices.Repeat([]Row{short}, 100)...), 100 + (mostRunes-300)/maxText},
	} {
		got := newest(tt.rows)
		if len(got) != tt.want || len(got) > 0 && got[len(got)-1].Text != tt.rows[len(tt.rows)-1].Text {
			t.Errorf("%s: %d rows, want the newest %d", tt.name, len(got), tt.want)
		}
	}
}

// A version that cannot be read any more, whatever has become of it, gives way to the built-in model.
func TestDamagedModel(t *testing.T) {
	t.Parallel()
	m := base(t).Model
	for name, harm := range map[string]func([]byte) []byte{
		"gone":       func([]byte) []byte { return nil },
		"cut off":    func(b []byte) []byte { return b[:len(b)/2] },
		"not JSON":   func([]byte) []byte { return []byte("GDLM") },
		"of another": func(b []byte) []byte { return []byte(strings.Replace(string(b), `"n":1`, `"n":7`, 1)) },
		"no model":   func([]byte) []byte { return []byte(`{"n":1,"model":"AAAA"}`) },
		"changed": func(b []byte) []byte {
			b = slices.Clone(b)
			for i := len(b) / 3; i < len(b)/3+40; i++ {
				b[i] = 'A'
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, b := newDocs(t), base(t)
			l := look{docs: d, base: b, now: monday, state: State{On: b.ID}}
			if err := l.take(t.Context(), m, Version{Rows: 1, Score: 0.5}); err != nil {
				t.Fatal(err)
			}
			head, err := write(ownKey, 0, l.state)
			d.commit(append(l.writes, head), err)
			d.taught(0, Enough-1, false)
			if body := harm(d.bodies["model/1"]); body == nil {
				delete(d.bodies, "model/1")
				delete(d.at, "model/1")
			} else {
				d.bodies["model/1"] = body
			}
			if _, err := ReadModel(t.Context(), d, 1); !errors.Is(err, ErrGone) {
				t.Errorf("ReadModel = %v", err)
			}
			if s := d.look(b, monday); s.Current != 0 || s.Outcome != RolledBack {
				t.Errorf("state = %+v, want the built-in model in use", s)
			}
		})
	}
}
