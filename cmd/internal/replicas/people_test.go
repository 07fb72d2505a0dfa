package replicas

import (
	"encoding/json"
	"strings"
	"time"

	"gongdan/bot/slacksim"
)

// post says something.
func (f *fleet) post(who, channel, text string, opts ...slacksim.PostOption) string {
	f.Helper()
	ts, err := f.sim.Post(who, channel, text, opts...)
	if err != nil {
		f.Errorf("%s posts in %s: %v", who, channel, err)
	}
	return ts
}

// insist does what Slack may refuse to take while the bot is away, as people do who see an error: again.
func (f *fleet) insist(what string, act func() error) {
	f.Helper()
	var err error
	if !within(patience, 150*time.Millisecond, func() bool { err = act(); return err == nil }) {
		f.Errorf("%s: %v\n%s", what, err, f.log.tail())
	}
}

// card waits for the card in a thread to hold some words.
func (f *fleet) card(channel, root string, words ...string) (got slacksim.Message) {
	f.Helper()
	f.until("the card of "+root+" shows "+strings.Join(words, ", "), func() bool {
		for _, m := range f.sim.Thread(channel, root) {
			if strings.HasPrefix(idOf(m), "card:") && holds(m, words...) {
				got = m
				return true
			}
		}
		return false
	})
	return got
}

// press presses a button until Slack says it was taken.
func (f *fleet) press(who string, m slacksim.Message, action string) {
	f.Helper()
	f.insist(who+" presses "+action, func() error { return f.sim.Click(who, m.Channel, m.TS, action) })
}

// command types a slash command until it is taken and answered. Whoever is told that it was not taken waits for an answer
// nevertheless before typing again: it may have been taken, too late for the acknowledgement or by a copy.
func (f *fleet) command(who, channel, text string, words ...string) {
	f.Helper()
	answered := func() bool {
		for _, m := range f.sim.Ephemerals(channel, who) {
			if holds(m, words...) {
				return true
			}
		}
		return len(words) == 0
	}
	f.insist(who+" types "+text, func() error {
		got, err := f.sim.Command(who, channel, "/ticket", text)
		if err == nil && strings.Contains(got.Text, "没有保存成功") {
			err = slacksim.ErrRefused
		}
		if err != nil && len(words) > 0 && within(patience/4, 50*time.Millisecond, answered) {
			return nil
		}
		return err
	})
	f.until(text+" is answered", answered)
}

// direct waits for a direct message with some words.
func (f *fleet) direct(who string, words ...string) (got slacksim.Message) {
	f.Helper()
	f.until(who+" reads "+strings.Join(words, ", "), func() bool {
		for _, m := range f.sim.DM(who) {
			if m.BotID != "" && holds(m, words...) {
				got = m
				return true
			}
		}
		return false
	})
	return got
}

// hasForm tells whether somebody has a form with these fields in front.
func hasForm(sim *slacksim.Sim, who string, fields ...string) bool {
	for _, v := range sim.Views(who) {
		if v.Type != "modal" {
			continue
		}
		body, _ := json.Marshal(v.Body)
		all := true
		for _, id := range fields {
			all = all && strings.Contains(string(body), `"action_id":"`+id+`"`)
		}
		if all {
			return true
		}
	}
	return false
}

func holds(m slacksim.Message, words ...string) bool {
	text := m.PlainText()
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// idOf is the id that travels with a message of the bot; "" if there is none.
func idOf(m slacksim.Message) string {
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if len(m.Metadata) == 0 || json.Unmarshal(m.Metadata, &meta) != nil {
		return ""
	}
	return meta.Payload.ID
}
