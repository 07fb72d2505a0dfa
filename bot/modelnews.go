package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// SayModelBudget tells whoever leads that the language model's budget of the day is nearly used up; Model.
const SayModelBudget What = "model_budget"

// ModelNews is how much of a day's budget of the language model is used, in tokens. Limit is more than 0.
type ModelNews struct {
	Day   string `json:"day"` // 2006-01-02 in the workspace's zone
	Used  int64  `json:"used"`
	Limit int64  `json:"limit"`
}

// modelNewsKey is the document that keeps of which day somebody was told.
const modelNewsKey = "model_budget"

// ModelBudget tells whoever leads, once a day, that the budget is nearly used up. It reports whether this call was the one
// that did. A workspace in which nobody leads is not told.
func (c *Conversation) ModelBudget(ctx context.Context, ws tickets.WorkspaceID, epoch int64, n ModelNews) (told bool, err error) {
	cause := tickets.Cause{Kind: tickets.CauseNone, ID: tickets.CauseID("model:" + string(ws) + "|" + n.Day)}
	err = c.settle(ctx, ws, cause, epoch, func(t *turn) error {
		told = false
		day, version, err := t.modelNews()
		if err != nil || day == n.Day {
			return err
		}
		lead, err := t.whoLeads()
		if err != nil || lead == "" {
			return err
		}
		body, err := json.Marshal(n.Day)
		if err != nil {
			return fmt.Errorf("keep the day of the model's news: %w", err)
		}
		t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: modelNewsKey, Expect: version, Body: body})
		t.say.add("", tickets.ClassReply, Said{What: SayModelBudget, To: lead, Model: &n})
		told = true
		return nil
	})
	return told && err == nil, err
}

func (t *turn) modelNews() (day string, version int64, err error) {
	doc, err := t.store.Doc(t.ctx, t.ws, modelNewsKey)
	if errors.Is(err, tickets.ErrNotFound) {
		return "", 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &day)
	}
	if err != nil {
		return "", 0, fmt.Errorf("news of the model of %s: %w", t.ws, err)
	}
	return day, doc.Version, nil
}

// modelBudget is the words of it.
func (w wording) modelBudget(s Said) View {
	n := s.Model
	if n == nil || n.Limit <= 0 || w.sc.Merchant {
		return View{}
	}
	return w.line(w.Say(words.NoticeModelBudget, words.Args{"Percent": strconv.FormatInt(min(100, n.Used*100/n.Limit), 10),
		"Used": strconv.FormatInt(n.Used, 10), "Limit": strconv.FormatInt(n.Limit, 10)}))
}
