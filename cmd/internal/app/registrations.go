package app

import (
	"gongdan/bot"
	"gongdan/bot/slackapi"
)

// Identity is how the app presents itself to Slack.
func Identity() slackapi.App {
	return slackapi.App{Name: "gongdan", Description: "工单：频道里的消息变成不会悄悄超时的工单。Messages become tickets that cannot silently miss a deadline."}
}

// shortcutNames are the words in a message's menu, at most 24 characters: the menu has one for all languages.
var shortcutNames = map[string]string{bot.ActMakeMessage: "建工单 · Make a ticket", bot.ActWhyMessage: "为什么？ · Why?"}

// Registrations are everything the app must be registered for at Slack: what the adapter reads and calls, and what the
// conversation reacts to.
func Registrations() []slackapi.Registration {
	out := slackapi.Registrations()
	for _, r := range bot.Routes() {
		switch r.Kind {
		case bot.KindCommand:
			out = append(out, slackapi.Registration{Kind: slackapi.RegisterCommand, Name: r.Name,
				Usage: "new | list | mine | show 1042 | claim 1042 | help", Description: "工单 · Tickets: new, list, claim, urge, resolve…"})
		case bot.KindAction:
			out = append(out, slackapi.Registration{Kind: slackapi.RegisterAction, Name: r.Name})
		case bot.KindShortcut:
			out = append(out, slackapi.Registration{Kind: slackapi.RegisterShortcut, Name: r.Name, Usage: "message",
				Description: shortcutNames[r.Name]})
		}
	}
	return out
}
