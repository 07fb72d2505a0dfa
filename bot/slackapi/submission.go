package slackapi

import (
	"encoding/json"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// view is what is read of a modal or a home tab.
type view struct {
	ID        string `json:"id"`
	Hash      string `json:"hash"`
	TeamID    string `json:"team_id"`
	Installed string `json:"app_installed_team_id"`
	Callback  string `json:"callback_id"`
	Metadata  string `json:"private_metadata"`
	State     struct {
		Values map[string]map[string]filled `json:"values"` // by block id and action id, which are the field's
	} `json:"state"`
}

// filled is what somebody filled in.
type filled struct {
	Value  string    `json:"value"`
	Option optionRef `json:"selected_option"`
	User   string    `json:"selected_user"`
	Moment int64     `json:"selected_date_time"`
}

func (f filled) text() string {
	if f.Moment > 0 && f.Moment <= lastMoment {
		return time.Unix(f.Moment, 0).UTC().Format(time.RFC3339)
	}
	return or(f.Value, or(f.Option.Value, f.User))
}

// submission reads a submitted form; nil if it is none of ours.
func submission(p *payload) *bot.Submission {
	if p.Type != "view_submission" {
		return nil
	}
	var o origin
	if err := json.Unmarshal([]byte(p.View.Metadata), &o); err != nil || o.Kind == "" {
		o = origin{Kind: bot.FormKind(p.View.Callback)}
	}
	if o.Kind == "" {
		return nil
	}
	s := &bot.Submission{User: tickets.UserID(p.User.ID), Kind: o.Kind, Subject: o.Subject, Values: map[string]string{}}
	for id, actions := range p.View.State.Values {
		s.Values[id] = actions[id].text()
	}
	return s
}
