package slacksim

import (
	"slices"
	"strings"
)

// authError says why a token may not call a method; nil where it may.
func authError(name string, known bool, token string, inHeader, bot, app bool) error {
	switch {
	case !known:
		return apiError("unknown_method")
	case token == "":
		return apiError("not_authed")
	case !bot && !app:
		return apiError("invalid_auth")
	case appMethod(name) && (!app || !inHeader), !appMethod(name) && !bot:
		return apiError("not_allowed_token_type")
	}
	return nil
}

// appMethod says whether a method takes the app's token, in the header.
func appMethod(name string) bool {
	return name == "apps.connections.open" || name == "apps.event.authorizations.list"
}

// byToken finds the workspace of a bot token or the app of an app token.
func (s *Sim) byToken(token string) (*team, *app) {
	for _, t := range s.teams {
		if t.BotToken == token {
			return t, nil
		}
	}
	for _, a := range s.apps {
		if a.token == token {
			return nil, a
		}
	}
	return nil, nil
}

func (s *Sim) firstTeam(a *app) *team {
	for _, t := range s.teams {
		if t.app == a {
			return t
		}
	}
	return nil
}

// scopes lists what X-OAuth-Scopes says: those of the token, or all there are.
func (s *Sim) scopes(t *team) string {
	list := slices.Clone(t.Scopes)
	if t.Scopes == nil {
		list = []string{"app_mentions:read", "channels:history", "commands", "groups:history", "im:history"}
		for _, m := range s.methods {
			if m.scope != "" {
				list = append(list, m.scope)
			}
		}
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return strings.Join(list, ",")
}
