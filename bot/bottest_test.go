package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/intents/linear"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

const (
	ws     = tickets.WorkspaceID("T1")
	desk   = tickets.ChannelID("C1") // the team's own
	shared = tickets.ChannelID("C2") // with people from outside in it
	li     = tickets.UserID("ULI")   // agent, in the roster
	anna   = tickets.UserID("UANNA") // agent by membership
	wang   = tickets.UserID("UWANG") // supervisor
	shop   = tickets.UserID("USHOP") // merchant
	guest  = tickets.UserID("UGUEST")
)

const wantsReturn = "订单 2024112233445566778 买家说收到的杯子碎了，要退货"

// brain is the real classifier; it is read once.
var brain = sync.OnceValues(func() (*intents.Classifier, error) {
	m, err := linear.Default()
	if err != nil {
		return nil, err
	}
	return intents.New(intents.Options{Local: intents.Linear(m)}), nil
})

// world is a conversation over a real store in virtual time, with a chat that can be told to fail.
type world struct {
	t      *testing.T
	store  *memstore.Store
	chat   *chat
	people *directory
	policy tickets.Policy
	talk   *bot.Conversation
	words  *words.Catalogue
	n      int
	batch  bool // wakes due at one instant are handled together
	ahead  bool // and those that come at their time are decided on as if ahead of it
}

// Policy makes the world its own rules.
func (w *world) Policy(context.Context, tickets.WorkspaceID) (tickets.Policy, error) {
	return w.policy, nil
}

// inWorld runs a test in a world of its own, in virtual time.
func inWorld(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	t.Parallel()
	aWorld(t, test)
}

// aWorld is inWorld for several worlds one after the other.
func aWorld(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	said := catalogue(t)
	synctest.Test(t, func(t *testing.T) {
		p := tickets.DefaultPolicy().RoundTheClock() // it is eight in the morning when a test begins
		p.Zone = shanghai
		p.Roster.People = []tickets.Person{
			{ID: li, Names: []string{"小李"}, Role: tickets.RoleAgent},
			{ID: wang, Names: []string{"王主管"}, Role: tickets.RoleSupervisor},
			{ID: shop, Names: []string{"林老板"}, Role: tickets.RoleMerchant, Shops: []string{"云朵旗舰店"}},
		}
		w := &world{t: t, store: memstore.New(memstore.Options{}), chat: &chat{}, people: &directory{}, policy: p, words: said}
		w.talk = w.over(w.store)
		test(t, w)
	})
}

// by is a conversation over the world's store whose workspaces have a classifier of their own.
func (w *world) by(minds *intents.Classifier) *bot.Conversation {
	return bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, Minds: minds, Words: w.words, Now: time.Now,
		MindsOf: func(tickets.WorkspaceID) *intents.Classifier { return minds }})
}

// over is a conversation over a store.
func (w *world) over(store bot.Store) *bot.Conversation {
	minds, err := brain()
	if err != nil {
		w.t.Fatal(err)
	}
	return bot.New(bot.Options{Store: store, Policies: w, People: w.people, Minds: minds, Words: w.words, Now: time.Now})
}

// spoken is a message of the bot.
type spoken struct {
	bot.Post
	Ref bot.Ref
	To  tickets.UserID // of a whisper
	At  time.Time
}

// text is all that is read of it.
func (s spoken) text() string {
	parts := []string{s.View.Header, s.View.Summary}
	for _, l := range s.View.Lines {
		parts = append(parts, l.Text)
	}
	for _, f := range s.View.Fields {
		parts = append(parts, f.Label+" "+f.Value)
	}
	for _, r := range s.View.Rows {
		for _, l := range r.Lines {
			parts = append(parts, l.Text)
		}
	}
	return strings.Join(parts, "\n")
}

// chat is where things are said. fault, if set, is asked before each call and may fail it before or after its effect.
type chat struct {
	mu       sync.Mutex
	n        int
	posts    []spoken
	whispers []spoken
	calls    []string
	at       []time.Time // of the calls
	state    map[bot.Ref]string
	fault    func(call string, ch tickets.ChannelID) (before, after error)
}

func (c *chat) meet(ctx context.Context, call string, ch tickets.ChannelID) (before, after error) {
	c.mu.Lock()
	c.calls, c.at = append(c.calls, call+" "+string(ch)), append(c.at, time.Now())
	f := c.fault
	c.mu.Unlock()
	if f != nil {
		before, after = f(call, ch)
	}
	if errors.Is(before, errSlow) {
		<-ctx.Done()
		return fmt.Errorf("%w: %w", tickets.ErrTemporary, ctx.Err()), nil
	}
	return before, after
}

var errSlow = errors.New("slow")

func (c *chat) Post(ctx context.Context, _ tickets.WorkspaceID, p bot.Post) (bot.Ref, error) {
	before, after := c.meet(ctx, "post", p.Channel)
	if before != nil {
		return bot.Ref{}, before
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	ref := bot.Ref{Channel: p.Channel, TS: fmt.Sprintf("%d.9%05d", time.Now().Unix(), c.n)}
	c.posts = append(c.posts, spoken{Post: p, Ref: ref, At: time.Now()})
	return ref, after
}

func (c *chat) Update(ctx context.Context, _ tickets.WorkspaceID, r bot.Ref, v bot.View) error {
	before, after := c.meet(ctx, "update", r.Channel)
	if before != nil {
		return before
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range c.posts {
		if p.Ref == r {
			c.posts[i].View = v
			return after
		}
	}
	return bot.ErrGone
}

func (c *chat) Find(ctx context.Context, _ tickets.WorkspaceID, p bot.Post, since time.Time) (bot.Ref, bool, error) {
	if before, _ := c.meet(ctx, "find", p.Channel); before != nil {
		return bot.Ref{}, false, before
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.posts {
		if s.ID == p.ID && s.Channel == p.Channel && s.Thread == p.Thread && !s.At.Before(since) {
			return s.Ref, true, nil
		}
	}
	return bot.Ref{}, false, nil
}

func (c *chat) Direct(ctx context.Context, _ tickets.WorkspaceID, u tickets.UserID) (tickets.ChannelID, error) {
	ch := tickets.ChannelID("D" + u)
	before, _ := c.meet(ctx, "direct", ch)
	return ch, before
}

func (c *chat) Whisper(ctx context.Context, _ tickets.WorkspaceID, p bot.Post, u tickets.UserID) error {
	before, after := c.meet(ctx, "whisper", p.Channel)
	if before != nil {
		return before
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whispers = append(c.whispers, spoken{Post: p, To: u, At: time.Now()})
	return after
}

func (c *chat) React(ctx context.Context, _ tickets.WorkspaceID, r bot.Ref, add, _ string) error {
	before, after := c.meet(ctx, "react", r.Channel)
	if before != nil {
		return before
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil {
		c.state = map[bot.Ref]string{}
	}
	c.state[r] = add
	return after
}

// in lists what was posted in a channel.
func (c *chat) in(ch tickets.ChannelID) []spoken {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []spoken
	for _, p := range c.posts {
		if p.Channel == ch {
			out = append(out, p)
		}
	}
	return out
}

// cards are the tickets' cards.
func (c *chat) cards() []spoken {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []spoken
	for _, p := range c.posts {
		if strings.HasPrefix(p.ID, "card:") {
			out = append(out, p)
		}
	}
	return out
}

// whisper is the last whisper to somebody.
func (c *chat) whisper(to tickets.UserID) (last spoken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.whispers {
		if s.To == to {
			last = s
		}
	}
	return last
}

// updates are when messages were edited.
func (c *chat) updates() (out []time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, call := range c.calls {
		if strings.HasPrefix(call, "update ") {
			out = append(out, c.at[i])
		}
	}
	return out
}

func (c *chat) failing(f func(call string, ch tickets.ChannelID) (before, after error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = f
}

// handle takes one input to its effect.
func (w *world) handle(in bot.Input) {
	w.t.Helper()
	if err := w.try(in); err != nil {
		w.t.Fatalf("Handle = %v", err)
	}
}

func (w *world) try(in bot.Input) error {
	w.n++
	return w.talk.Handle(w.t.Context(), bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: fmt.Sprintf("T1/%d", w.n)}, in, 0)
}

// stamp is the id of a message said now.
func (w *world) stamp() string {
	w.n++
	return fmt.Sprintf("%d.%06d", time.Now().Unix(), w.n)
}

func (w *world) message(by tickets.UserID, text string) bot.Message {
	return bot.Message{Channel: desk, TS: w.stamp(), Author: by, Text: text, Sent: time.Now()}
}

// says has somebody say something at top level of the desk's channel.
func (w *world) says(by tickets.UserID, text string) bot.Message {
	w.t.Helper()
	m := w.message(by, text)
	w.handle(bot.Input{Message: &m})
	return m
}

// replies has somebody answer in a thread.
func (w *world) replies(by tickets.UserID, root bot.Message, text string) bot.Message {
	w.t.Helper()
	m := w.message(by, text)
	m.Channel, m.Thread = root.Channel, root.TS
	w.handle(bot.Input{Message: &m})
	return m
}

func (w *world) presses(by tickets.UserID, action, value, selected string) {
	w.t.Helper()
	w.handle(bot.Input{Click: &bot.Click{Channel: desk, User: by, Action: action, Value: value, Selected: selected}})
}

func (w *world) types(by tickets.UserID, text string) {
	w.t.Helper()
	w.handle(bot.Input{Command: &bot.SlashCommand{Channel: desk, User: by, Name: bot.Command, Text: text, Sent: time.Now()}})
}

// all are the tickets, in order of their numbers.
func (w *world) all() []tickets.Ticket {
	w.t.Helper()
	page, err := w.store.List(w.t.Context(), ws, tickets.Query{By: tickets.ByCreated, Limit: 500})
	if err != nil {
		w.t.Fatal(err)
	}
	out := make([]tickets.Ticket, len(page.Tickets))
	for _, k := range page.Tickets {
		out[k.Number-1] = k
	}
	return out
}

// only is the one ticket there is.
func (w *world) only() tickets.Ticket {
	w.t.Helper()
	all := w.all()
	if len(all) != 1 {
		w.t.Fatalf("%d tickets, want 1: %+v", len(all), all)
	}
	return all[0]
}

func (w *world) events(id tickets.TicketID) []tickets.Event {
	w.t.Helper()
	events, err := w.store.Timeline(w.t.Context(), ws, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return events
}

// history names a ticket's events.
func (w *world) history(id tickets.TicketID) string {
	w.t.Helper()
	var kinds []string
	for _, e := range w.events(id) {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

func (w *world) seen(m bot.Message) string {
	w.t.Helper()
	s, _, err := w.store.Seen(w.t.Context(), ws, m.Channel, m.TS)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Decision
}

// wake does what is due now.
func (w *world) wake() {
	w.t.Helper()
	for range 1000 {
		due, _, err := w.store.Due(w.t.Context(), tickets.ShardOf(ws, 16), time.Now(), 100)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		if w.batch {
			due = w.together(due)
		}
		for _, wake := range due {
			if err := w.talk.Wake(w.t.Context(), wake, 0); err != nil {
				w.t.Fatalf("Wake(%s) = %v", wake.Subject, err)
			}
		}
	}
	w.t.Fatal("wakes never end")
}

// together does what is due and returns what was left.
func (w *world) together(due []tickets.Wake) []tickets.Wake {
	if w.ahead && due[0].Due.Equal(time.Now()) {
		return w.talk.PrepareTogether(w.t.Context(), due, 0)(w.t.Context())
	}
	return w.talk.WakeTogether(w.t.Context(), due, 0)
}

// waits lets time pass while the bot does nothing, not even what falls due.
func (w *world) waits(d time.Duration) { time.Sleep(d) }

// until lets time pass and does what falls due on the way.
func (w *world) until(at time.Time) {
	w.t.Helper()
	for {
		w.wake()
		_, next, err := w.store.Due(w.t.Context(), tickets.ShardOf(ws, 16), time.Now(), 1)
		if err != nil {
			w.t.Fatal(err)
		}
		if next.IsZero() || next.After(at) {
			time.Sleep(time.Until(at))
			return
		}
		time.Sleep(time.Until(next))
	}
}

func (w *world) outbox() []tickets.Outgoing {
	w.t.Helper()
	out, err := w.store.Pending(w.t.Context(), tickets.ShardOf(ws, 16), "", 10_000)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) announcer(store bot.AnnouncerStore) *bot.Announcer {
	return bot.NewAnnouncer(bot.AnnouncerOptions{Shard: tickets.ShardOf(ws, 16), Store: store, Voice: w.chat, Whisper: w.chat,
		People: w.people, Policies: w, Words: catalogue(w.t), Answer: w.talk.Answer, Now: time.Now, Wall: time.Now})
}

// runs lets an announcer work for a while.
func (w *world) runs(a *bot.Announcer, d time.Duration) {
	ctx, cancel := context.WithTimeout(w.t.Context(), d)
	defer cancel()
	_ = a.Run(ctx)
}

// speak says everything that waits to be said.
func (w *world) speak() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	var wg sync.WaitGroup
	a := w.announcer(w.store)
	wg.Go(func() { _ = a.Run(ctx) })
	for i := 0; len(w.outbox()) > 0; i++ {
		if i == 600 {
			w.t.Errorf("unsaid after ten minutes: %d entries", len(w.outbox()))
			break
		}
		time.Sleep(time.Second)
	}
	cancel()
	wg.Wait()
}

// sound fails if the store disagrees with itself.
func (w *world) sound() {
	w.t.Helper()
	torn, err := w.store.Check(w.t.Context(), ws)
	if err != nil || len(torn) > 0 {
		w.t.Errorf("torn = %v, %v", torn, err)
	}
}
