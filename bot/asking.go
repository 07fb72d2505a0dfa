package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/tickets"
)

// A lane asks the language model one question at a time. What arrives in it meanwhile joins the next question, and what one
// person says in a row takes three answers at most: the first two are waited for, the last comes when they have finished.
const (
	// modelPatience is how long a message waits for a model, from its arrival, before the local decision is taken.
	modelPatience = 3 * time.Second
	// modelWithin is how long an answer may take that nobody waits for any more.
	modelWithin = 10 * time.Second
	// askGap ends what counts as said in a row, and askMax however long it goes on.
	askGap = 30 * time.Second
	askMax = 10 * time.Minute
	// askInLine of the askMost answers are waited for.
	askInLine = 2
	askMost   = 3
	// askQuiet is for how long nothing must arrive before the last question.
	askQuiet = 5 * time.Second
	// askBacklog is how many messages may wait for their turn before none waits for a model.
	askBacklog = 50
	// askOut bounds questions under way, over all lanes.
	askOut = 64
	// askTogether bounds the messages of one question.
	askTogether = 50
	// askContext is how many of a person's messages before are shown.
	askContext = 5
	// askLanes is how many lanes are remembered before those that have fallen silent are forgotten.
	askLanes = 4096
)

// asks puts to the language model what the local one is unsure about. It is safe for concurrent use.
type asks struct {
	mindsOf func(tickets.WorkspaceID) *intents.Classifier
	wall    func() time.Time
	// late takes an answer for a message whose local decision was taken already.
	late func(ctx context.Context, q *asked, d intents.Decision)

	mu    sync.Mutex
	lanes map[string]*asking
	queue int           // messages that have arrived and not had their turn
	crowd chan struct{} // closed while these are more than askBacklog
	out   int           // questions under way
	wg    sync.WaitGroup
}

// asking is one lane.
type asking struct {
	key         string
	ctx         context.Context // of whoever reads the lane: a question ends with it
	heard       []*asked        // in order of arrival, until nothing is to come of them
	said        []spokenText
	calls       int // answers asked for what is said in a row
	first, last time.Time
	question    func(Message) intents.Message // of the newest turn
	changed     chan struct{}                 // closed when the question under way is answered; nil = none is
	timer       *time.Timer
}

// spokenText is what was said before, in the newest words that have arrived.
type spokenText struct {
	by     tickets.UserID
	ts     string
	text   string
	edited time.Time
	gone   bool // it was removed
}

// asked is one message in its lane.
type asked struct {
	lane    *asking
	ws      tickets.WorkspaceID
	m       Message
	at      time.Time // of its arrival
	waits   bool      // its turn has not ended
	unsure  bool      // its turn has come, and a model is wanted
	late    bool      // its local decision was taken
	put     bool      // it is, or was, part of a question
	gone    bool      // its words are shown to no model any more
	decided *intents.Decision
}

func newAsks(mindsOf func(tickets.WorkspaceID) *intents.Classifier, wall func() time.Time, late func(context.Context, *asked, intents.Decision)) *asks {
	return &asks{mindsOf: mindsOf, wall: wall, late: late, lanes: map[string]*asking{}, crowd: make(chan struct{})}
}

// arrive notes that a message waits for its turn; left says that it is over. ctx is of whoever reads the lane.
func (a *asks) arrive(ctx context.Context, ws tickets.WorkspaceID, m Message) (left func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.note(ctx, ws, m)
	q.waits = true
	if a.queue++; a.queue == askBacklog+1 {
		close(a.crowd)
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.queue--; a.queue == askBacklog {
			a.crowd = make(chan struct{})
		}
		q.waits = false
		q.lane.tidy()
	}
}

// handled notes a message whose turn has come without a reader having told of it.
func (a *asks) handled(ctx context.Context, ws tickets.WorkspaceID, m Message) (left func()) {
	a.mu.Lock()
	known := a.find(ws, m) != nil
	a.mu.Unlock()
	if known {
		return func() {}
	}
	return a.arrive(context.WithoutCancel(ctx), ws, m)
}

// note puts a message into its lane.
func (a *asks) note(ctx context.Context, ws tickets.WorkspaceID, m Message) *asked {
	now := a.wall()
	ln := a.lane(laneOf(ws, m), now)
	ln.ctx = ctx
	if now.Sub(ln.first) > askMax || m.Edited.IsZero() && now.Sub(ln.last) > askGap { // who rewords says nothing new
		ln.calls, ln.first = 0, now
	}
	ln.last = now
	q := &asked{lane: ln, ws: ws, m: m, at: now, gone: !ln.say(spokenOf(m))}
	ln.heard = append(ln.heard, q)
	if ln.timer != nil {
		ln.timer.Reset(askQuiet)
	}
	return q
}

func spokenOf(m Message) spokenText {
	return spokenText{by: m.Author, ts: m.TS, text: head(m.Text, tickets.MaxText), edited: m.Edited}
}

// say remembers what was said, or what has become of it: older words take nothing back, nor does any word a removal. It
// reports false for what is gone.
func (ln *asking) say(s spokenText) bool {
	i := slices.IndexFunc(ln.said, func(was spokenText) bool { return was.ts == s.ts })
	switch {
	case s.ts == "":
	case i < 0:
		ln.said = append(ln.said, s)
		ln.said = ln.said[max(0, len(ln.said)-4*askContext):]
	case ln.said[i].gone:
		return false
	case !s.edited.Before(ln.said[i].edited):
		ln.said[i] = s
	}
	return !s.gone
}

// reworded notes a message's new words: the old ones are shown to no model any more, unless it is their turn.
func (a *asks) reworded(ws tickets.WorkspaceID, m Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ln := a.lane(laneOf(ws, m), a.wall())
	ln.say(spokenOf(m))
	ln.hide(func(q *asked) bool { return q.m.TS == m.TS && q.m.Edited.Before(m.Edited) && !q.waits })
}

// removed notes that a message is gone: its words are shown to no model any more.
func (a *asks) removed(ws tickets.WorkspaceID, d Delete) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ln := a.lane(laneOf(ws, Message{Channel: d.Channel, Thread: d.Thread, Author: d.Author}), a.wall())
	ln.say(spokenText{by: d.Author, ts: d.TS, edited: d.At, gone: true})
	ln.hide(func(q *asked) bool { return q.m.TS == d.TS })
}

// hide leaves messages out of all further questions.
func (ln *asking) hide(which func(*asked) bool) {
	for _, q := range ln.heard {
		q.gone = q.gone || which(q)
	}
	ln.tidy()
}

func laneOf(ws tickets.WorkspaceID, m Message) string {
	return string(ws) + "/" + messageLane(m.Channel, m.Thread, m.Author)
}

func (a *asks) lane(key string, now time.Time) *asking {
	if ln := a.lanes[key]; ln != nil {
		return ln
	}
	if len(a.lanes) >= askLanes {
		a.forget(now)
	}
	ln := &asking{key: key}
	a.lanes[key] = ln
	return ln
}

// forget drops the lanes in which nothing has been said for long.
func (a *asks) forget(now time.Time) {
	for key, ln := range a.lanes {
		if len(ln.heard) == 0 && ln.changed == nil && ln.timer == nil && now.Sub(ln.last) > askMax {
			delete(a.lanes, key)
		}
	}
}

// of is the message in its lane, put there if it has not arrived by a reader.
func (a *asks) of(ctx context.Context, ws tickets.WorkspaceID, m Message) *asked {
	if q := a.find(ws, m); q != nil {
		return q
	}
	return a.note(context.WithoutCancel(ctx), ws, m)
}

// find is the message in its lane; nil if it is not there.
func (a *asks) find(ws tickets.WorkspaceID, m Message) *asked {
	ln := a.lanes[laneOf(ws, m)]
	if ln == nil || m.TS == "" {
		return nil
	}
	for _, q := range ln.heard {
		if q.m.TS == m.TS && q.m.Edited.Equal(m.Edited) {
			return q
		}
	}
	return nil
}

// tidy drops the messages of which nothing is to come.
func (ln *asking) tidy() {
	kept := ln.heard[:0]
	for _, q := range ln.heard {
		if q.waits || q.unsure && q.decided == nil && !q.gone {
			kept = append(kept, q)
		}
	}
	clear(ln.heard[len(kept):])
	ln.heard = kept
}

// decide is the model's decision about a message if it comes while its turn may wait, else the local one; then the
// model's comes late. question makes messages of its lane ready to be asked about.
func (a *asks) decide(ctx context.Context, ws tickets.WorkspaceID, m Message, local intents.Decision, hurried bool, question func(Message) intents.Message) intents.Decision {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.of(ctx, ws, m)
	q.unsure, q.lane.question = true, question
	patience := time.NewTimer(a.patience(q, hurried))
	defer patience.Stop()
	for q.decided == nil && !q.gone {
		if q.lane.changed == nil && !a.put(q.lane, askInLine) || !a.await(ctx, q.lane.changed, patience.C) {
			break
		}
	}
	q.lane.tidy()
	if q.decided == nil {
		q.late = true // what the model says of it comes late
		a.later(q.lane)
		local.Degraded = true // whoever asks why is told that the model had not answered
		return local
	}
	return *q.decided
}

// patience is how long a message may still wait.
func (a *asks) patience(q *asked, hurried bool) time.Duration {
	if hurried || a.queue > askBacklog {
		return 0
	}
	return modelPatience - a.wall().Sub(q.at)
}

// await waits for the end of the question under way, unlocked. It reports false if patience ended first, which it does
// when too many others wait.
func (a *asks) await(ctx context.Context, changed <-chan struct{}, patience <-chan time.Time) bool {
	crowd := a.crowd
	a.mu.Unlock()
	defer a.mu.Lock()
	select {
	case <-changed:
		return true
	case <-patience:
	case <-crowd:
	case <-ctx.Done():
	}
	return false
}

// later sees to it that what is left to ask is asked when nobody speaks any more.
func (a *asks) later(ln *asking) {
	if ln.timer != nil || !ln.left() {
		return
	}
	ln.timer = time.AfterFunc(askQuiet, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		ln.timer = nil
		if ln.changed == nil && !a.put(ln, askMost) {
			ln.drop()
		}
	})
}

// left tells whether a message still wants an answer and is in no question.
func (ln *asking) left() bool {
	for _, q := range ln.heard {
		if q.late && !q.put {
			return true
		}
	}
	return false
}

// drop gives up what is left: its local decisions stand.
func (ln *asking) drop() {
	for _, q := range ln.heard {
		if q.late && !q.put {
			q.unsure = false
		}
	}
	ln.tidy()
}

// put asks about everything in a lane that one question can hold, unless it has had its answers. The lane asks nothing else.
func (a *asks) put(ln *asking, most int) bool {
	if ln.calls >= most || a.out >= askOut || ln.question == nil || ln.ctx.Err() != nil {
		return false
	}
	ready := ln.ready()
	if len(ready) == 0 {
		return false
	}
	ln.calls++
	a.out++
	ln.changed = make(chan struct{})
	before, question := ln.before(ready[0]), ln.question
	ctx, cancel := context.WithTimeout(ln.ctx, modelWithin)
	a.wg.Go(func() {
		defer cancel()
		a.ask(ctx, ln, ready, before, question)
	})
	return true
}

// ready are the messages that the next question may be about: of one person, the one that must be decided first before all.
func (ln *asking) ready() (out []*asked) {
	for _, q := range ln.heard {
		switch {
		case q.put, q.gone, q.decided != nil, len(out) == 0 && !q.unsure, len(out) == askTogether, len(out) > 0 && q.m.Author != out[0].m.Author:
		case q.unsure || q.joinable():
			out = append(out, q)
		}
	}
	return out
}

// joinable tells whether a message that has not had its turn may be asked about together with others: what is said to the
// bot or is a command stands for itself.
func (q *asked) joinable() bool {
	return q.m.TS != "" && !q.m.ToBot && !q.m.Direct && !q.m.Bot && !q.m.System && !q.m.Own && !typed.Slashed(q.m.ownWords())
}

// before is what the same person said just before a message.
func (ln *asking) before(q *asked) (out []Message) {
	for _, s := range ln.said {
		if !s.gone && s.by == q.m.Author && s.ts < q.m.TS && apart(s.ts, q.m.TS) <= burstMax {
			out = append(out, Message{Channel: q.m.Channel, TS: s.ts, Author: s.by, Text: s.text, Sent: q.m.Sent})
		}
	}
	return out[max(0, len(out)-askContext):]
}

// lately is what the author of a message said just before it, as far as this process has heard it; the newest first.
func (a *asks) lately(ws tickets.WorkspaceID, m Message) (out []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ln := a.lanes[laneOf(ws, m)]
	if ln == nil {
		return nil
	}
	for _, s := range ln.said {
		if !s.gone && s.by == m.Author && s.ts < m.TS && apart(s.ts, m.TS) <= burstMax {
			out = append([]string{s.ts}, out...)
		}
	}
	return out[:min(len(out), askContext)]
}

// ask puts one question and hands out its answer.
func (a *asks) ask(ctx context.Context, ln *asking, ready []*asked, before []Message, question func(Message) intents.Message) {
	minds := a.mindsOf(ready[0].ws) // one lane, one workspace
	about, said, local := choose(minds, ready, question)
	a.mu.Lock()
	for _, q := range about {
		q.put = true
	}
	a.mu.Unlock()
	if len(said) > 0 {
		said[0].Context = contextOf(minds, before, question)
	}
	a.answered(ln, about, minds.RefineTogether(ctx, said, local))
}

// choose takes of what is ready the messages that need a model, as far as they can be judged as one.
func choose(minds *intents.Classifier, ready []*asked, question func(Message) intents.Message) (about []*asked, said []intents.Message, local []intents.Decision) {
	for _, q := range ready {
		msg := question(q.m)
		d := minds.Local(msg)
		switch {
		case !minds.NeedsModel(msg, d):
			continue
		case len(said) > 0 && !minds.Joins(append(said[:len(said):len(said)], msg)):
			return about, said, local
		}
		about, said, local = append(about, q), append(said, msg), append(local, d)
	}
	return about, said, local
}

// contextOf are the words said before; such as try to instruct a machine are shown to none.
func contextOf(minds *intents.Classifier, before []Message, question func(Message) intents.Message) (out []string) {
	for _, m := range before {
		if msg := question(m); !minds.Local(msg).Suspicious {
			out = append(out, msg.Text)
		}
	}
	return out
}

// answered hands an answer to those that wait for it, and says late what comes too late.
func (a *asks) answered(ln *asking, about []*asked, got []intents.Decision) {
	for i, q := range a.hand(ln, about, got) {
		if q != nil && got[i].By == intents.ByModel {
			a.late(ln.ctx, q, got[i])
		}
	}
}

// hand ends a question. It returns those that have been decided without it, nil in the place of the others.
func (a *asks) hand(ln *asking, about []*asked, got []intents.Decision) []*asked {
	a.mu.Lock()
	defer a.mu.Unlock()
	late := make([]*asked, len(about))
	for i, q := range about {
		if q.decided = &got[i]; q.late {
			late[i] = q
		}
	}
	ln.tidy()
	a.out--
	close(ln.changed)
	ln.changed = nil
	a.later(ln)
	return late
}

// wait returns when no question is under way any more.
func (a *asks) wait() { a.wg.Wait() }
