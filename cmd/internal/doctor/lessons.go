package doctor

import (
	"context"
	"fmt"

	"gongdan/bot"
	"gongdan/intents/corrections"
)

// lessons tells what has been learned from what people corrected.
func (d *deployment) lessons(ctx context.Context) {
	const check = "own model"
	any := false
	for _, s := range d.shards {
		for _, ws := range s.workspaces {
			docs := bot.Docs{Store: d.store, Workspace: ws}
			state, err := corrections.ReadState(ctx, docs)
			if err == nil && state.Made+int(state.Looked) > 0 {
				any = true
				d.ok(check, "%s: %s", ws, told(state))
			}
			if err != nil {
				d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
				return
			}
		}
	}
	if !any {
		d.ok(check, "nothing has been corrected yet; the built-in model is used")
	}
}

// told says what a workspace's model has come to.
func told(s corrections.State) string {
	scores := fmt.Sprintf("at the last look %.1f %% of %s held back were right, of the built-in model's %.1f %%",
		100*s.Score, count(s.Held, "correction", "corrections"), 100*s.Base)
	v, own := s.InUse()
	switch {
	case !own && s.Outcome == corrections.RolledBack:
		return "the built-in model, after its own had fallen below it; " + scores
	case !own && s.Outcome == corrections.TooFew:
		return fmt.Sprintf("the built-in model; %s held back so far, too few to compare by", count(s.Held, "correction is", "corrections are"))
	case !own:
		return "the built-in model; " + scores
	}
	return fmt.Sprintf("version %d of its own, from %s, %d kB, made %s%s; %s", v.N, count(v.Rows, "correction", "corrections"),
		v.Bytes/1000, v.At.Format("2006-01-02 15:04"), thresholds(v), scores)
}

// thresholds are those that were chosen with a version, by mode.
func thresholds(v corrections.Version) (out string) {
	for _, m := range corrections.Modes() {
		if t := v.LimitsIn(m); t != m.Limits() {
			out += fmt.Sprintf(", acting from %.3g and asking from %.3g (%s)", t.Act, t.Ask, m)
		}
	}
	return out
}
