package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"gongdan/bot"
	"gongdan/cmd/internal/config"
	"gongdan/intents"
	"gongdan/intents/linear"
	"gongdan/prompts"
	"gongdan/prompts/budget"
	"gongdan/prompts/openaimodel"
	"gongdan/prompts/redisledger"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// Classifier makes the classifier that the configuration asks for: rules and the embedded model, and a language model
// where one is set, without a budget. The shops come with each message.
func Classifier(c config.Config, log *slog.Logger) (*intents.Classifier, error) {
	o, _, err := understanding(c, log, func(o openaimodel.Options) prompts.Model { return openaimodel.New(o) })
	if err != nil {
		return nil, err
	}
	return intents.New(o), nil
}

// understanding is what every workspace's classifier is made of, and the embedded model in it.
func understanding(c config.Config, log *slog.Logger, model func(openaimodel.Options) prompts.Model) (intents.Options, *linear.Model, error) {
	m, err := linear.Default()
	if err != nil {
		return intents.Options{}, nil, fmt.Errorf("read the embedded model: %w", err)
	}
	o := intents.Options{Local: intents.Linear(m), Thresholds: intents.Mode(c.Understanding).Limits()}
	if uses, why := c.UsesModel(); uses {
		asked := ModelOptions(c)
		asked.Log = log
		o.Model = model(asked)
	} else {
		log.Info("no language model is asked", "why", why)
	}
	return o, m, nil
}

// ModelOptions are how the language model of a configuration is asked. With PRIVACY=local every connection that leaves this
// machine is refused.
func ModelOptions(c config.Config) openaimodel.Options {
	return openaimodel.Options{Key: c.Model.APIKey.Reveal, BaseURL: c.Model.BaseURL, Model: c.Model.Name, ThisMachine: c.Privacy == config.PrivacyLocal}
}

// watched is a model whose calls are counted and paid from the workspaces' budgets.
func (a *App) watched(o openaimodel.Options) prompts.Model {
	prices := a.o.Config.Model.Prices
	o.Watch = func(c openaimodel.Call) { a.metrics.modelCalled(c, prices) }
	return budget.New(budget.Options{Model: openaimodel.New(o), Ledger: ledger{a}, Terms: a.terms, Now: a.now})
}

// now is tickets' time; it is there once anything is read from the inbox.
func (a *App) now() time.Time { return a.o.Clock.Now() }

// ledger keeps the sums in Redis, whose client is made when the app starts.
type ledger struct{ a *App }

// Add counts tokens.
func (l ledger) Add(ctx context.Context, account, day string, tokens int64) (int64, error) {
	return redisledger.New(l.a.rdb, redisshard.DefaultPrefix).Add(ctx, account, day, tokens)
}

// terms are what a workspace may spend in a day.
func (a *App) terms(ctx context.Context, account string) (budget.Terms, error) {
	p, err := a.o.Policies.Policy(ctx, tickets.WorkspaceID(account))
	if err != nil {
		return budget.Terms{}, fmt.Errorf("policy of %s: %w", account, err)
	}
	t := budget.Terms{Tokens: a.o.Config.Model.DailyTokens, Zone: p.Zone}
	if p.Model.DailyTokens != nil {
		t.Tokens = *p.Model.DailyTokens
	}
	return t, nil
}

// spendingEvery is the pause between two looks at what the model has used.
const spendingEvery = 10 * time.Second

// spending tells whoever leads a shard's workspaces, once a day each, that the language model's budget is nearly used up.
func (a *App) spending(ctx context.Context, p *parts, l redisshard.Lease) error {
	if uses, _ := a.o.Config.UsesModel(); !uses {
		<-ctx.Done()
		return ctx.Err()
	}
	tick := time.NewTicker(spendingEvery)
	defer tick.Stop()
	for {
		for _, ws := range a.workspaces(ctx, p) {
			if tickets.ShardOf(ws, p.shards) != l.Shard {
				continue
			}
			if err := a.tellSpending(ctx, p, ws, l.Epoch); err != nil && ctx.Err() == nil {
				a.log.Warn("use of the language model not looked at, trying again", "workspace", ws, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (a *App) tellSpending(ctx context.Context, p *parts, ws tickets.WorkspaceID, epoch int64) error {
	t, err := a.terms(ctx, string(ws))
	if err != nil {
		return err
	}
	day := t.Day(a.now())
	used, err := ledger{a}.Add(ctx, string(ws), day, 0)
	if err != nil || !t.Low(used) {
		return err
	}
	told, err := p.talk.ModelBudget(ctx, ws, epoch, bot.ModelNews{Day: day, Used: used, Limit: t.Tokens})
	if told {
		a.log.Warn("the language model's budget of the day is nearly used up; at its end local decisions are taken",
			"workspace", ws, "used", used, "limit", t.Tokens)
	}
	return err
}
