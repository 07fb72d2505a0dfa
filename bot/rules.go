package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gongdan/tickets"
)

// What the bot says about its rules.
const (
	SayRules        What = "rules"         // in a channel: what a new revision of the rules changed there; Rules
	SayRulesRefused What = "rules_refused" // to whoever leads: a new team file is not used; Rules
)

// RulesNews is what became of a team file.
type RulesNews struct {
	Revision int64      `json:"revision"`          // now in force
	Tickets  int        `json:"tickets,omitempty"` // whose deadlines moved
	Moves    []RuleMove `json:"moves,omitempty"`   // of the first few
	Problems int        `json:"problems,omitempty"`
	First    string     `json:"first,omitempty"` // the first problem, with its line
}

// RuleMove is what moved for one ticket.
type RuleMove struct {
	Ticket tickets.Number `json:"ticket"`
	Moves  []Move         `json:"moves"`
}

const (
	// replanKey is the document that keeps how far the planning of open tickets by a new revision has come.
	replanKey = "replan"
	// replanBatch is how many tickets one commit plans again: few enough that a click waits for none.
	replanBatch = 40
	// replanAgain is when everything is looked at once more: what was being decided by the old rules while the new came is
	// committed by then.
	replanAgain = 30 * time.Second
	// maxRuleMoves is how many tickets a channel's message names.
	maxRuleMoves = 8
)

// replanSubject is the wake of that planning.
func replanSubject(ws tickets.WorkspaceID) tickets.Subject {
	return tickets.Subject("replan:" + string(ws) + "/rules")
}

// replanning is how far it has come. The zero value is done.
type replanning struct {
	Revision int64                               `json:"revision"`
	Again    bool                                `json:"again,omitempty"`    // the second look
	Resolved bool                                `json:"resolved,omitempty"` // the open tickets are through; the resolved ones, whose platform clock may run, follow
	Cursor   string                              `json:"cursor,omitempty"`
	News     map[tickets.ChannelID]*channelRules `json:"news,omitempty"`
}

// channelRules is what a revision changed in one channel.
type channelRules struct {
	Lang    string     `json:"lang,omitempty"`
	Tickets int        `json:"tickets"`
	Moves   []RuleMove `json:"moves"`
}

// Publish keeps a new revision of a workspace's rules, whose documents it is given, and has its open tickets planned by it.
// Whoever serves the policies must then serve this one; until then the planning waits. A revision that somebody else has
// published meanwhile is tickets.ErrConflict.
func (c *Conversation) Publish(ctx context.Context, ws tickets.WorkspaceID, epoch, revision int64, docs []tickets.DocWrite) error {
	cause := tickets.Cause{Kind: tickets.CauseNone, ID: tickets.CauseID(fmt.Sprintf("rules:%s|%d", ws, revision))}
	return c.attempt(ctx, ws, cause, epoch, func(t *turn) error {
		r, version, err := t.replanning()
		if err != nil {
			return err
		}
		t.change.Docs = append(t.change.Docs, docs...)
		t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: replanSubject(ws), Due: t.at})
		return t.keepReplanning(replanning{Revision: revision, News: r.News}, version)
	})
}

// RulesRefused tells whoever leads that a new team file is not used. doc records that they were told.
func (c *Conversation) RulesRefused(ctx context.Context, ws tickets.WorkspaceID, epoch int64, doc tickets.DocWrite, n RulesNews) error {
	cause := tickets.Cause{Kind: tickets.CauseNone, ID: tickets.CauseID(fmt.Sprintf("refused:%s|%d", ws, c.now().UnixMilli()))}
	return c.attempt(ctx, ws, cause, epoch, func(t *turn) error {
		t.change.Docs = append(t.change.Docs, doc)
		lead, err := t.whoLeads()
		if err != nil || lead == "" {
			return err
		}
		n.Revision = t.policy.Revision
		t.say.add("", tickets.ClassReply, Said{What: SayRulesRefused, To: lead, Rules: &n})
		return nil
	})
}

func (t *turn) replanning() (r replanning, version int64, err error) {
	doc, err := t.store.Doc(t.ctx, t.ws, replanKey)
	if errors.Is(err, tickets.ErrNotFound) {
		return r, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &r)
	}
	if err != nil {
		return r, 0, fmt.Errorf("planning of %s: %w", t.ws, err)
	}
	return r, doc.Version, nil
}

func (t *turn) keepReplanning(r replanning, version int64) error {
	if r.Revision == 0 {
		t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: replanKey, Expect: version, Delete: true})
		return nil
	}
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("planning of %s: %w", t.ws, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: replanKey, Expect: version, Body: body})
	return nil
}

// replan plans a batch of tickets by the newest revision. What is done and how far it has come are one commit, so that it goes
// on where it stopped, whoever owns the shard then.
func (t *turn) replan(w tickets.Wake) error {
	wake := tickets.Wake{Subject: w.Subject, Due: later(t.at, w.Due.Add(time.Millisecond))} // each batch a cause of its own
	defer func() { t.change.Wakes = append(t.change.Wakes, wake) }()
	r, version, err := t.replanning()
	switch {
	case err != nil:
		return err
	case r.Revision == 0:
		wake.Due = time.Time{}
		return nil
	case t.policy.Revision < r.Revision: // not served here yet
		wake.Due = t.at.Add(time.Second)
		return nil
	}
	page, err := t.store.List(t.ctx, t.ws, r.query(t.policy.Revision))
	if err != nil {
		return fmt.Errorf("tickets to plan again: %w", err)
	}
	for i := range page.Tickets {
		if err := t.replanOne(&page.Tickets[i], &r); err != nil {
			return err
		}
	}
	switch r.Cursor = page.Cursor; {
	case r.Cursor != "":
	case !r.Resolved:
		r.Resolved = true
	default:
		t.tellRules(r)
		r.News, r.Resolved = nil, false
		if wake.Due = t.at.Add(replanAgain); r.Again {
			r, wake.Due = replanning{}, time.Time{}
		}
		r.Again = r.Revision != 0
	}
	return t.keepReplanning(r, version)
}

// query walks the tickets that were planned by older rules.
func (r replanning) query(revision int64) tickets.Query {
	q := tickets.Query{By: tickets.ByDue, Cursor: r.Cursor, Limit: replanBatch,
		Keep: func(t tickets.Ticket) bool { return t.Revision < revision }}
	if r.Resolved {
		q.By, q.Value = tickets.ByStatus, string(tickets.StatusResolved)
	}
	return q
}

// replanOne plans one ticket again and remembers what moved. A ticket that the rules cannot plan stays as it was.
func (t *turn) replanOne(before *tickets.Ticket, r *replanning) error {
	count := len(t.change.Tickets)
	after, err := t.apply(before, tickets.Command{Kind: tickets.CmdReplan, Actor: tickets.Actor{Role: tickets.RoleClock}})
	var no *tickets.Refusal
	if errors.As(err, &no) {
		t.log.Warn("ticket not planned by the new rules", "workspace", t.ws, "ticket", before.ID, "err", err)
		return nil
	}
	if err != nil || len(t.change.Tickets) == count {
		return err
	}
	moves := movesOf(t.change.Tickets[count].Events)
	if len(moves) == 0 || after.Source.Channel == "" || after.Source.Foreign { // people from outside see their own card
		return nil
	}
	if r.News == nil {
		r.News = map[tickets.ChannelID]*channelRules{}
	}
	n := r.News[after.Source.Channel]
	if n == nil {
		n = &channelRules{Lang: after.Source.Lang}
		r.News[after.Source.Channel] = n
	}
	if n.Tickets++; len(n.Moves) < maxRuleMoves {
		n.Moves = append(n.Moves, RuleMove{after.Number, moves})
	}
	return nil
}

// tellRules says in each channel, in one message, what moved there.
func (t *turn) tellRules(r replanning) {
	for _, ch := range slices.Sorted(maps.Keys(r.News)) {
		n := r.News[ch]
		t.say.add("", tickets.ClassReply, Said{What: SayRules, Channel: ch, Lang: n.Lang,
			Rules: &RulesNews{Revision: r.Revision, Tickets: n.Tickets, Moves: n.Moves}})
	}
}

// sayRules says what moved in a channel, unless people from outside read along by now: then nothing is said, as the moves may be
// those of the marketplace's clocks.
func (a *Announcer) sayRules(ctx context.Context, p *pending) (string, result) {
	ch, err := a.People.Channel(ctx, p.Workspace, p.said.Channel)
	switch {
	case err != nil:
		return "", result{err: fmt.Errorf("who reads in %s: %w", p.said.Channel, err)}
	case ch.Foreign:
		return "stale", a.consume(ctx, p, tickets.Change{Docs: a.unmark(ctx, p)})
	}
	return a.post(ctx, p, tickets.Ticket{})
}
