package slackapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"
)

// Kinds of registration.
const (
	RegisterEvent    = "event"    // Name is Slack's event type, for messages with the kind of channel: message.channels
	RegisterCommand  = "command"  // Name begins with "/"
	RegisterAction   = "action"   // Name is the action's id
	RegisterShortcut = "shortcut" // Name is the callback id, Usage "global" or "message", Description the words in the menu
	RegisterCall     = "call"     // Name is a method of the Web API, for its scopes
)

// eventHome says that somebody opened the home tab; whoever hears it has one.
const eventHome = "app_home_opened"

// Registration is one thing that the app handles or does, and the scopes that it needs.
type Registration struct {
	Kind, Name, Usage, Description string
	Scopes                         []string
}

// App is what a manifest says beside the registrations.
type App struct {
	Name        string // at most 35 characters
	Description string // at most 140 characters
	// URL is where HTTP deliveries go, without a path: https://gongdan.example. Empty means Socket Mode.
	URL string
}

// Registrations are what this package itself reads and calls.
func Registrations() []Registration {
	r := func(kind, name string, scopes ...string) Registration {
		return Registration{Kind: kind, Name: name, Scopes: scopes}
	}
	return []Registration{
		r(RegisterEvent, "message.channels", "channels:history"),
		r(RegisterEvent, "message.groups", "groups:history"),
		r(RegisterEvent, "message.im", "im:history"),
		r(RegisterEvent, "app_mention", "app_mentions:read"),
		r(RegisterEvent, "reaction_added", "reactions:read"),
		r(RegisterEvent, "reaction_removed", "reactions:read"),
		r(RegisterEvent, "member_joined_channel", "channels:read", "groups:read"),
		r(RegisterEvent, "member_left_channel", "channels:read", "groups:read"),
		r(RegisterEvent, "channel_rename", "channels:read"),
		r(RegisterEvent, "group_rename", "groups:read"),
		r(RegisterEvent, "channel_shared", "channels:read", "groups:read"),
		r(RegisterEvent, "channel_unshared", "channels:read", "groups:read"),
		r(RegisterEvent, "user_change", "users:read"),
		r(RegisterEvent, eventHome), // needs no scope, nor do calls to views
		r(RegisterCall, "files in messages", "files:read"),
		r(RegisterCall, "chat.postMessage", "chat:write"),
		r(RegisterCall, "conversations.open", "im:write"),
		r(RegisterCall, "conversations.info", "channels:read", "groups:read", "im:read"),
		r(RegisterCall, "conversations.members", "channels:read", "groups:read", "im:read"),
		r(RegisterCall, "conversations.history", "channels:history", "groups:history", "im:history"),
		r(RegisterCall, "users.conversations", "channels:read", "groups:read", "im:read"),
		r(RegisterCall, "reactions.add", "reactions:write"),
		r(RegisterCall, "users.info", "users:read"),
	}
}

// Manifest describes the app to Slack: it subscribes to what is registered and asks for the scopes that this needs, and
// for nothing else.
func Manifest(app App, list []Registration) slack.Manifest {
	m := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display:  slack.Display{Name: cut(app.Name, 35), Description: cut(app.Description, 140)},
		Features: slack.Features{BotUser: slack.BotUser{DisplayName: cut(app.Name, 80), AlwaysOnline: true},
			AppHome: slack.AppHome{MessagesTabEnabled: true}},
		Settings: slack.Settings{SocketModeEnabled: app.URL == "", EventSubscriptions: &slack.EventSubscriptions{RequestUrl: at(app.URL, PathEvents)}},
	}
	var events, scopes []string
	for _, r := range list {
		scopes = append(scopes, r.Scopes...)
		switch r.Kind {
		case RegisterEvent:
			events = append(events, r.Name)
			m.Features.AppHome.HomeTabEnabled = m.Features.AppHome.HomeTabEnabled || r.Name == eventHome
		case RegisterCommand:
			scopes = append(scopes, "commands")
			m.Features.SlashCommands = append(m.Features.SlashCommands, slack.ManifestSlashCommand{Command: r.Name,
				Description: cut(r.Description, 2000), UsageHint: cut(r.Usage, 1000), ShouldEscape: true, Url: at(app.URL, PathCommands)})
		case RegisterShortcut:
			scopes = append(scopes, "commands")
			m.Features.Shortcuts = append(m.Features.Shortcuts, slack.Shortcut{Name: cut(r.Description, 24), CallbackID: r.Name,
				Description: cut(r.Description, 150), Type: slack.ShortcutType(r.Usage)})
		}
		if r.Kind == RegisterAction || r.Kind == RegisterShortcut {
			m.Settings.Interactivity = &slack.Interactivity{IsEnabled: true, RequestUrl: at(app.URL, PathInteractions)}
		}
	}
	m.Settings.EventSubscriptions.BotEvents = sorted(events)
	m.OAuthConfig.Scopes.Bot = sorted(scopes)
	return m
}

// at gives the address of a path, or "" in Socket Mode.
func at(base, path string) string {
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + path
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// ManifestYAML gives a manifest as it is pasted into Slack's form for a new app.
func ManifestYAML(m slack.Manifest) ([]byte, error) {
	b, err := yaml.MarshalWithOptions(m, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("encode the manifest: %w", err)
	}
	return b, nil
}
