package slackapi

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gongdan/bot"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, raw string
		by        Carrier
		kind      bot.EnvelopeKind
		key       string
	}{
		{"message", callback(`{"type":"message","channel":"C1","ts":"1.2","user":"U1"}`), CarrierEvents, bot.KindMessage, "T1/message/C1/1.2"},
		{"mention has the message's key", callback(`{"type":"app_mention","channel":"C1","ts":"1.2","user":"U1"}`), CarrierEvents, bot.KindMessage, "T1/message/C1/1.2"},
		{"edit", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","text":"b","edited":{"ts":"4.0"}},"previous_message":{"text":"a"}}`), CarrierEvents, bot.KindMessage, "T1/edit/C1/1.2/4.0/3e23e8160039594a"},
		{"edit in the same second", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","text":"c","edited":{"ts":"4.0"}},"previous_message":{"text":"b"}}`), CarrierEvents, bot.KindMessage, "T1/edit/C1/1.2/4.0/2e7d2c03a9507ae2"},
		{"edit without edited", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","text":"b"},"previous_message":{"text":"a"}}`), CarrierEvents, bot.KindMessage, "T1/edit/C1/1.2/5.1/3e23e8160039594a"},
		{"preview", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","text":"a","edited":{"ts":"4.0"}},"previous_message":{"text":"a"}}`), CarrierEvents, bot.KindMessage, "T1/event/Ev1"},
		{"card of a bot", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","bot_id":"B1","text":"通知","attachments":[{"color":"#f00","text":"截止 20:00"}]},"previous_message":{"bot_id":"B1","text":"通知","attachments":[{"color":"#f00","text":"截止 18:00"}]}}`), CarrierEvents, bot.KindMessage, "T1/edit/C1/1.2/5.1/da36356eff5ebe14"},
		{"card of a bot in the same second", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","bot_id":"B1","text":"通知","edited":{"user":"B1","ts":"5.0"},"attachments":[{"color":"#f00","text":"截止 22:00"}]},"previous_message":{"bot_id":"B1","text":"通知","edited":{"user":"B1","ts":"5.0"},"attachments":[{"color":"#f00","text":"截止 20:00"}]}}`), CarrierEvents, bot.KindMessage, "T1/edit/C1/1.2/5.0/fbadc3f0661bc09f"},
		{"preview under a bot's words", callback(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"5.0","event_ts":"5.1","message":{"ts":"1.2","bot_id":"B1","text":"通知","attachments":[{"color":"#f00","text":"别处的话","from_url":"https://x.example"}]},"previous_message":{"bot_id":"B1","text":"通知","attachments":[]}}`), CarrierEvents, bot.KindMessage, "T1/event/Ev1"},
		{"delete", callback(`{"type":"message","subtype":"message_deleted","channel":"C1","deleted_ts":"1.2","event_ts":"5.1"}`), CarrierEvents, bot.KindMessage, "T1/delete/C1/1.2/5.1"},
		{"reaction", callback(`{"type":"reaction_removed","user":"U1","reaction":"eyes","item":{"type":"message","channel":"C1","ts":"1.2"},"event_ts":"5.1"}`), CarrierEvents, bot.KindEvent, "T1/reaction/C1/1.2/U1/eyes/5.1"},
		{"other event", callback(`{"type":"team_rename"}`), CarrierEvents, bot.KindEvent, "T1/event/Ev1"},
		{"own team in a shared channel", `{"type":"event_callback","team_id":"T9","event_id":"Ev1","authorizations":[{"team_id":"T1"}],"event":{"type":"message","channel":"C1","ts":"1.2"}}`, CarrierEvents, bot.KindMessage, "T1/message/C1/1.2"},
		{"whole organisation", `{"type":"event_callback","team_id":"T9","authorizations":[{"team_id":"T9","enterprise_id":"E1","is_enterprise_install":true}],"event":{"type":"message","channel":"C1","ts":"1.2"}}`, CarrierEvents, bot.KindMessage, "E1/message/C1/1.2"},
		{"button", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T9"},"trigger_id":"7.8"}`, CarrierInteractive, bot.KindAction, "T1/action/7.8"},
		{"form of a person of another organisation", `{"type":"view_submission","team":{"id":"T9"},"trigger_id":"7.8","view":{"team_id":"T9","app_installed_team_id":"T1"}}`, CarrierInteractive, bot.KindForm, "T1/form/7.8"},
		{"button in an organisation", `{"type":"block_actions","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true,"user":{"team_id":"T9"},"trigger_id":"7.8"}`, CarrierInteractive, bot.KindAction, "E1/action/7.8"},
		{"shortcut", `{"type":"message_action","team":{"id":"T1"},"trigger_id":"7.8"}`, CarrierInteractive, bot.KindShortcut, "T1/shortcut/7.8"},
		{"command", `{"team_id":"T1","command":"/ticket","trigger_id":"7.8"}`, CarrierCommands, bot.KindCommand, "T1/command/7.8"},
		{"rate limit notice", `{"type":"app_rate_limited","team_id":"T1"}`, CarrierEvents, bot.KindUnknown, ""},
		{"new carrier", `{"type":"novelty","team_id":"T1"}`, "novelty", bot.KindUnknown, ""},
		{"no trigger", `{"team_id":"T1","command":"/ticket"}`, CarrierCommands, bot.KindCommand, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Classify(json.RawMessage(tt.raw), tt.by)
			if err != nil {
				t.Fatalf("Classify(%s) = %v", tt.raw, err)
			}
			if got.Kind != tt.kind || (tt.key != "" && got.Key != tt.key) || (tt.key == "" && !strings.HasPrefix(got.Key, "T1/payload/")) {
				t.Errorf("Classify(%s) = %s %q, want %s %q", tt.raw, got.Kind, got.Key, tt.kind, tt.key)
			}
			if string(got.Raw) != tt.raw {
				t.Errorf("raw = %s, want it as it came", got.Raw)
			}
		})
	}
	for _, raw := range []string{"", "null", "[]", `"x"`, "{", `{"type":"event_callback"}`, `{"team_id":""}`, "\x00\xff"} {
		if _, err := Classify(json.RawMessage(raw), CarrierEvents); !errors.Is(err, ErrMalformed) {
			t.Errorf("Classify(%q) = %v, want ErrMalformed", raw, err)
		}
	}
}
