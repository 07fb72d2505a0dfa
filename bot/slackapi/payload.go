package slackapi

import (
	"bytes"
	"encoding/json"
)

// payload is what is read of any delivery. Everything else in it is ignored, so nothing that Slack adds can spoil it.
type payload struct {
	Type           string          `json:"type"`
	TeamID         string          `json:"team_id"`
	EnterpriseID   string          `json:"enterprise_id"`
	AppID          string          `json:"api_app_id"`
	WholeOrg       loose           `json:"is_enterprise_install"`
	EventID        string          `json:"event_id"`
	EventTime      int64           `json:"event_time"`
	Authorizations []authorization `json:"authorizations"`
	Event          *event          `json:"event"`

	Team        ref       `json:"team"`
	Enterprise  ref       `json:"enterprise"`
	User        person    `json:"user"`
	Channel     ref       `json:"channel"`
	Container   container `json:"container"`
	Message     message   `json:"message"`
	View        view      `json:"view"`
	Actions     []action  `json:"actions"`
	TriggerID   string    `json:"trigger_id"`
	CallbackID  string    `json:"callback_id"`
	ResponseURL string    `json:"response_url"`

	ChannelID string `json:"channel_id"`
	UserID    string `json:"user_id"`
	Command   string `json:"command"`
	Text      string `json:"text"`
}

type authorization struct {
	EnterpriseID string `json:"enterprise_id"`
	TeamID       string `json:"team_id"`
	UserID       string `json:"user_id"`
	IsBot        loose  `json:"is_bot"`
	WholeOrg     loose  `json:"is_enterprise_install"`
}

type person struct {
	ID     string `json:"id"`
	TeamID string `json:"team_id"`
}

type container struct {
	MessageTS string `json:"message_ts"`
	ChannelID string `json:"channel_id"`
	ThreadTS  string `json:"thread_ts"`
	Ephemeral loose  `json:"is_ephemeral"`
}

type action struct {
	Type           string    `json:"type"`
	ActionID       string    `json:"action_id"`
	BlockID        string    `json:"block_id"`
	Value          string    `json:"value"`
	SelectedOption optionRef `json:"selected_option"`
	SelectedUser   string    `json:"selected_user"`
}

type optionRef struct {
	Value string `json:"value"`
}

// event is the inner event of an Events API delivery.
type event struct {
	message
	Hidden    loose    `json:"hidden"`
	EventTS   string   `json:"event_ts"`
	DeletedTS string   `json:"deleted_ts"`
	Message   *message `json:"message"`
	Previous  *message `json:"previous_message"`
	Reaction  string   `json:"reaction"`
	Item      item     `json:"item"`
	Inviter   string   `json:"inviter"`
	Tab       string   `json:"tab"`
}

type item struct {
	Type    string `json:"type"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// message is what is read of anything said.
type message struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	Channel     ref             `json:"channel"`
	ChannelType string          `json:"channel_type"`
	User        ref             `json:"user"`
	BotID       string          `json:"bot_id"`
	AppID       string          `json:"app_id"`
	Username    string          `json:"username"`
	BotProfile  botProfile      `json:"bot_profile"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Edited      edited          `json:"edited"`
	Files       []file          `json:"files"`
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
	Metadata    metadata        `json:"metadata"`
}

type botProfile struct {
	Name string `json:"name"`
}

type edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

type metadata struct {
	EventType string `json:"event_type"`
	Payload   struct {
		ID string `json:"id"`
	} `json:"event_payload"`
}

type file struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	Mime      string `json:"mimetype"`
	Size      int64  `json:"size"`
	Permalink string `json:"permalink"`
	Private   string `json:"url_private"`
}

// ref is an id that comes as a string or as an object with an id.
type ref string

// UnmarshalJSON never fails: what holds no id is "".
func (r *ref) UnmarshalJSON(b []byte) error {
	*r = ""
	switch b = bytes.TrimSpace(b); {
	case len(b) > 0 && b[0] == '"':
		var s string
		_ = json.Unmarshal(b, &s)
		*r = ref(s)
	case len(b) > 0 && b[0] == '{':
		var o struct {
			ID string `json:"id"`
		}
		_ = tolerant(b, &o)
		*r = ref(o.ID)
	}
	return nil
}
