package slackapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

var someApp = App{Name: "Gongdan 工单", Description: "Messages become tickets that cannot silently miss a deadline."}

func someRegistrations() []Registration {
	return append(Registrations(),
		Registration{Kind: RegisterCommand, Name: "/ticket", Usage: "new | list", Description: "Tickets: 新建、查询"},
		Registration{Kind: RegisterAction, Name: "claim"},
		Registration{Kind: RegisterShortcut, Name: "make_ticket", Usage: "message", Description: "建工单"},
	)
}

func TestManifestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "https://gongdan.example/"} {
		app := someApp
		app.URL = url
		want := Manifest(app, someRegistrations())
		raw, err := ManifestYAML(want)
		if err != nil {
			t.Fatal(err)
		}
		var got slack.Manifest
		if err := yaml.Unmarshal(raw, &got); err != nil {
			t.Fatalf("decode %s: %v", raw, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("manifest after a round trip (-want +got):\n%s\n%s", d, raw)
		}
		if url == "" && strings.Contains(string(raw), "request_url") {
			t.Errorf("a Socket Mode manifest names an address:\n%s", raw)
		}
		if url != "" && !strings.Contains(string(raw), "https://gongdan.example/slack/commands") {
			t.Errorf("the manifest lacks the address of commands:\n%s", raw)
		}
	}
}

func TestManifestAsksForNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	m := Manifest(someApp, someRegistrations())
	want := []string{"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read",
		"groups:history", "groups:read", "im:history", "im:read", "im:write", "reactions:read", "reactions:write", "users:read"}
	if d := cmp.Diff(want, m.OAuthConfig.Scopes.Bot); d != "" {
		t.Errorf("bot scopes (-want +got):\n%s", d)
	}
	if got := Manifest(someApp, nil); got.Settings.Interactivity != nil || len(got.OAuthConfig.Scopes.Bot) != 0 {
		t.Errorf("a manifest of nothing asks for %+v", got.OAuthConfig)
	}
}

// TestManifestCoversTheDecoder fails when the decoder reads an event that is never subscribed to.
func TestManifestCoversTheDecoder(t *testing.T) {
	t.Parallel()
	events := Manifest(someApp, someRegistrations()).Settings.EventSubscriptions.BotEvents
	for _, name := range []string{"app_mention", "reaction_added", "reaction_removed", "member_joined_channel"} {
		if !slices.Contains(events, name) {
			t.Errorf("the manifest lacks the event %s", name)
		}
		raw := `{"type":"event_callback","team_id":"T1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],"event":{"type":"` + name +
			`","channel":"C1","ts":"1700000000.000100","user":"UBOT2","text":"x","reaction":"eyes","item":{"type":"message","channel":"C1","ts":"1700000000.000100"}}}`
		if name == "member_joined_channel" {
			raw = strings.Replace(raw, "UBOT2", "UBOT", 1)
		}
		in := decode(t, raw, CarrierEvents)
		if in.Message == nil && in.Reaction == nil && in.Joined == nil {
			t.Errorf("the decoder does not read %s", name)
		}
	}
	for _, name := range []string{"message.channels", "message.groups", "message.im"} {
		if !slices.Contains(events, name) {
			t.Errorf("the manifest lacks the event %s", name)
		}
	}
}
