package budget

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"gongdan/prompts"
)

// ErrSpent means that the account has nothing left today. It comes wrapped with
// prompts.ErrUnavailable.
var ErrSpent = errors.New("today's budget is spent")

// Ledger keeps the sums. It is safe for concurrent use, shared by whoever spends
// from the same accounts, and outlives them.
type Ledger interface {
	// Add adds tokens to what an account has used on a day (2006-01-02) and returns
	// the sum; fewer than none gives back, none only asks. An error leaves unknown
	// whether they were added.
	Add(ctx context.Context, account, day string, tokens int64) (sum int64, err error)
}

// Terms are an account's: how many tokens it may use in a day, 0 = as many as it
// likes, and the zone of its days, nil = UTC.
type Terms struct {
	Tokens int64
	Zone   *time.Location
}

// Day names the day of an instant.
func (t Terms) Day(at time.Time) string {
	if t.Zone != nil {
		at = at.In(t.Zone)
	}
	return at.Format(time.DateOnly)
}

// Noticed is the part of a budget, in hundredths, from which it is spoken of.
const Noticed = 80

// Low tells whether so much is used that somebody should know.
func (t Terms) Low(used int64) bool { return t.Tokens > 0 && used*100 >= t.Tokens*Noticed }

// Options are a Model's parts, all required.
type Options struct {
	Model  prompts.Model
	Ledger Ledger
	Terms  func(ctx context.Context, account string) (Terms, error)
	Now    func() time.Time
}

var _ prompts.Model = (*Model)(nil)

// Model asks another one as long as the account of the question can pay. It is safe
// for concurrent use.
type Model struct{ o Options }

// New makes a Model.
func New(o Options) *Model { return &Model{o} }

// settleWithin is how long the sum may take to be put right after an answer, even
// though its caller may have gone.
const settleWithin = 2 * time.Second

// Complete sets aside what the question may cost, asks, and puts the sum right by
// what the server says it did cost. An answer without a sum, good or bad, costs what
// was set aside, a request that was sent and never answered its prompt by estimate, and
// a question that was refused or never sent costs nothing. Without the
// ledger nothing is asked, as nobody would know the bill. Several who ask at once
// near the end of a budget may all be refused, but never exceed it by more than the
// servers do what was set aside.
func (m *Model) Complete(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	if r.Account == "" {
		return m.o.Model.Complete(ctx, r)
	}
	terms, err := m.o.Terms(ctx, r.Account)
	if err != nil {
		return prompts.Reply{}, fmt.Errorf("%w: terms of the account: %w", prompts.ErrUnavailable, err)
	}
	p := purse{m.o.Ledger, r.Account, terms.Day(m.o.Now())}
	aside := Estimate(r)
	sum, err := p.Add(ctx, p.account, p.day, aside)
	if err != nil {
		return prompts.Reply{}, fmt.Errorf("%w: ledger: %w", prompts.ErrUnavailable, err)
	}
	if terms.Tokens > 0 && sum > terms.Tokens {
		p.correct(ctx, -aside)
		return prompts.Reply{}, fmt.Errorf("%w: %w", prompts.ErrUnavailable, ErrSpent)
	}
	reply, err := m.o.Model.Complete(ctx, r)
	cost := believed(reply.Usage.Prompt) + believed(reply.Usage.Completion)
	if cost == 0 && (err == nil || errors.Is(err, prompts.ErrInvalid)) {
		cost = aside
	}
	cost += int64(reply.Lost) * estimatePrompt(r)
	p.correct(ctx, cost-aside)
	return reply, err
}

// mostTokens is more than any server could take for one question, tries and repairs
// together.
const mostTokens = 10_000_000

// believed is a server's count of tokens within what can be: one below nothing would pay
// into the account, and one without bound overflow it.
func believed(tokens int) int64 { return int64(min(max(tokens, 0), mostTokens)) }

// purse is an account on a day: a question that ends after midnight is paid for by
// the day on which it was asked.
type purse struct {
	Ledger
	account, day string
}

// correct puts a sum right. If that fails the account has paid too much, which the
// next day cures.
func (p purse) correct(ctx context.Context, by int64) {
	if by == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	_, _ = p.Add(ctx, p.account, p.day, by)
}

// Estimate is what a question may cost in tokens, rather too much than too little:
// a Chinese character is about one token, four Latin letters are, and the answer
// takes all it may.
func Estimate(r prompts.Request) int64 { return int64(r.MaxTokens) + estimatePrompt(r) }

// estimatePrompt is the part of Estimate that is sent.
func estimatePrompt(r prompts.Request) int64 {
	n := 0
	for _, s := range []string{r.System, r.User, string(r.Schema)} {
		runes := utf8.RuneCountInString(s)
		wide := (len(s) - runes) / 2 // Han characters take three bytes each
		n += wide + (runes-wide+3)/4
	}
	return int64(n)
}
