package budget_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"gongdan/prompts"
	"gongdan/prompts/budget"
)

// book is a ledger in memory that can be told to be away.
type book struct {
	mu   sync.Mutex
	sums map[string]int64
	away bool
}

func (b *book) Add(_ context.Context, account, day string, n int64) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return 0, errors.New("away")
	}
	if b.sums == nil {
		b.sums = map[string]int64{}
	}
	b.sums[account+" "+day] += n
	return b.sums[account+" "+day], nil
}

// model answers at a price.
type model struct {
	price prompts.Usage
	lost  int
	err   error
	calls int
	meant func()
}

func (m *model) Complete(context.Context, prompts.Request) (prompts.Reply, error) {
	m.calls++
	if m.meant != nil {
		m.meant()
	}
	return prompts.Reply{Usage: m.price, Lost: m.lost}, m.err
}

var midnight = time.Date(2026, 11, 18, 16, 0, 0, 0, time.UTC) // in Shanghai

func ask(account string) prompts.Request {
	r := prompts.Classify(prompts.Question{Messages: []string{"杯子碎了"}})
	r.Account = account
	return r
}

func limited(b *book, m *model, tokens int64, now func() time.Time) *budget.Model {
	return budget.New(budget.Options{Model: m, Ledger: b, Now: now, Terms: func(context.Context, string) (budget.Terms, error) {
		return budget.Terms{Tokens: tokens, Zone: time.FixedZone("CST", 8*3600)}, nil
	}})
}

func TestBudget(t *testing.T) {
	t.Parallel()
	aside := budget.Estimate(ask("T1"))
	prompt := aside - int64(ask("T1").MaxTokens)
	for _, tt := range []struct {
		name  string
		price prompts.Usage
		lost  int
		err   error
		want  int64
	}{
		{"as the server says", prompts.Usage{Prompt: 900, Completion: 60}, 0, nil, 960},
		{"as was set aside", prompts.Usage{}, 0, nil, aside},
		{"nothing for no answer", prompts.Usage{}, 0, prompts.ErrUnavailable, 0},
		{"what a bad answer cost", prompts.Usage{Prompt: 1800, Completion: 100}, 0, prompts.ErrInvalid, 1900},
		{"a bad answer without a sum", prompts.Usage{}, 0, prompts.ErrInvalid, aside},
		{"a sum below nothing", prompts.Usage{Prompt: -9_000_000_000, Completion: -5}, 0, nil, aside},
		{"a part below nothing", prompts.Usage{Prompt: 900, Completion: -5000}, 0, nil, 900},
		{"a sum without bound", prompts.Usage{Prompt: math.MaxInt64, Completion: 5}, 0, nil, 10_000_005},
		{"the prompt of what took too long", prompts.Usage{}, 1, prompts.ErrUnavailable, prompt},
		{"the prompts of two tries", prompts.Usage{}, 2, prompts.ErrUnavailable, 2 * prompt},
		{"a lost try before an answer", prompts.Usage{Prompt: 900, Completion: 60}, 1, nil, 960 + prompt},
		{"a lost try before an answer without a sum", prompts.Usage{}, 1, nil, aside + prompt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, m := &book{}, &model{price: tt.price, lost: tt.lost, err: tt.err}
			_, err := limited(b, m, 1_000_000, func() time.Time { return midnight }).Complete(t.Context(), ask("T1"))
			if got := b.sums["T1 2026-11-19"]; got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("counted %v, %v; want %d on the day of the zone", b.sums, err, tt.want)
			}
		})
	}
}

func TestBudgetEnds(t *testing.T) {
	t.Parallel()
	now := midnight
	b, m := &book{}, &model{price: prompts.Usage{Prompt: 1000}}
	bm := limited(b, m, 10_000, func() time.Time { return now })
	var spent int
	for range 20 {
		if _, err := bm.Complete(t.Context(), ask("T1")); errors.Is(err, budget.ErrSpent) && errors.Is(err, prompts.ErrUnavailable) {
			spent++
		}
	}
	if m.calls+spent != 20 || spent == 0 || b.sums["T1 2026-11-19"] > 10_000 {
		t.Errorf("%d asked, %d refused, %v used", m.calls, spent, b.sums)
	}
	if _, err := bm.Complete(t.Context(), ask("T2")); err != nil {
		t.Errorf("another account: %v", err)
	}
	now = now.Add(24 * time.Hour)
	if _, err := bm.Complete(t.Context(), ask("T1")); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// The sum is put right though the caller's time is over.
func TestBudgetOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	b, m := &book{}, &model{err: prompts.ErrUnavailable, meant: cancel}
	_, err := limited(b, m, 10_000, func() time.Time { return midnight }).Complete(ctx, ask("T1"))
	if err == nil || b.sums["T1 2026-11-19"] != 0 {
		t.Errorf("%v left on the bill, %v", b.sums, err)
	}
}

func TestNoLedgerNoQuestion(t *testing.T) {
	t.Parallel()
	b, m := &book{away: true}, &model{}
	bm := limited(b, m, 10_000, func() time.Time { return midnight })
	if _, err := bm.Complete(t.Context(), ask("T1")); !errors.Is(err, prompts.ErrUnavailable) || m.calls > 0 {
		t.Errorf("%d asked, %v", m.calls, err)
	}
	if _, err := bm.Complete(t.Context(), ask("")); err != nil || m.calls != 1 {
		t.Errorf("nobody's question: %v", err)
	}
}

func TestLow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tokens, used int64
		want         bool
	}{{1000, 799, false}, {1000, 800, true}, {1000, 1200, true}, {0, 1 << 40, false}} {
		if got := (budget.Terms{Tokens: tt.tokens}).Low(tt.used); got != tt.want {
			t.Errorf("%d of %d is low: %t, want %t", tt.used, tt.tokens, got, tt.want)
		}
	}
}

// The estimate is not below what a tokeniser that takes a token for each Han character and three Latin letters finds.
func TestEstimate(t *testing.T) {
	t.Parallel()
	got := budget.Estimate(prompts.Request{System: "四个汉字abcdefgh", MaxTokens: 100})
	if got < 106 || got > 110 {
		t.Errorf("Estimate = %d, want about 106", got)
	}
}

func ExampleTerms_Day() {
	fmt.Println(budget.Terms{Zone: time.FixedZone("CST", 8*3600)}.Day(midnight))
	// Output: 2026-11-19
}
