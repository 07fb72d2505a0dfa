package slacksim

import (
	"maps"
	"strings"
)

// emit sends an event to the app of a workspace under a new event id.
func (s *Sim) emit(t *team, event map[string]any) {
	if t.app != nil {
		s.emitShared(audience{t.app, []*team{t}}, event, false)
	}
}

// emitShared sends an event once to an app; the first of its installations that
// are entitled to it stands in the envelope.
func (s *Sim) emitShared(to audience, event map[string]any, shared bool) {
	t := to.installs[0]
	ts, _ := event["event_ts"].(string)
	micro, _ := parseTS(ts)
	body := map[string]any{
		"token": "verification-token", "team_id": t.ID, "context_team_id": t.ID, "context_enterprise_id": nil,
		"api_app_id": t.AppID, "event": event, "type": "event_callback",
		"event_id": s.newID("Ev"), "event_time": micro / 1e6,
		"authorizations":        []any{t.authorization()},
		"is_ext_shared_channel": shared,
		"event_context":         "4-" + s.newID("ctx"),
	}
	s.entitled[body["event_context"].(string)] = to
	t.app.send(&envelope{
		team: t, kind: "events_api", payload: rawJSON(body), retry: true,
		note: Delivery{Kind: "events_api", Type: eventType(event), EventID: body["event_id"].(string), Channel: eventChannel(event)},
	})
}

func eventType(event map[string]any) string {
	kind, _ := event["type"].(string)
	if sub, _ := event["subtype"].(string); sub != "" {
		return kind + "." + sub
	}
	return kind
}

func eventChannel(event map[string]any) string {
	channel, _ := event["channel"].(string)
	return channel
}

// hears says whether an installation gets the events of a channel: only where
// its bot is a member.
func (r *room) hears(t *team) bool { return t.app != nil && r.has(t.BotUser) }

func (s *Sim) emitIn(r *room, event map[string]any) {
	for _, to := range r.audiences() {
		s.emitShared(to, event, r.ExtShared)
	}
}

// emitPosted announces a new message, and a mention of the bot once more as
// app_mention with the same timestamp.
func (s *Sim) emitPosted(r *room, m *Message) {
	s.emitIn(r, s.messageEvent(r, m))
	for _, t := range r.teams() {
		mentioned := r.hears(t) && strings.Contains(m.Text, "<@"+t.BotUser+">")
		if mentioned && r.im == "" && m.User != t.BotUser && spoken(m) {
			event := s.messageEvent(r, m)
			event["type"] = "app_mention"
			delete(event, "subtype")
			delete(event, "channel_type")
			s.emitShared(audience{t.app, []*team{t}}, event, r.ExtShared)
		}
	}
}

func (s *Sim) messageEvent(r *room, m *Message) map[string]any {
	event := s.messageJSON(r, m)
	for _, key := range []string{"reply_count", "reply_users", "reply_users_count", "latest_reply", "subscribed", "is_locked", "reactions"} {
		delete(event, key)
	}
	maps.Copy(event, map[string]any{"channel": r.ID, "event_ts": m.TS, "channel_type": r.kind()})
	if m.BotID == "" {
		event["client_msg_id"] = s.newUUID()
	}
	if home := r.homeOf(m.User); home != r.team.ID || r.ExtShared {
		event["user_team"], event["source_team"] = home, home
	}
	if m.Subtype == "thread_broadcast" && r.byTS[m.ThreadTS] != nil {
		event["root"] = s.messageJSON(r, r.byTS[m.ThreadTS])
	}
	return event
}

func (s *Sim) emitChanged(r *room, m *Message, ts string, before map[string]any) {
	s.emitIn(r, map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": r.ID, "channel_type": r.kind(),
		"ts": ts, "event_ts": ts, "message": s.messageJSON(r, m), "previous_message": before,
	})
}

func (s *Sim) emitDeleted(r *room, m *Message, before map[string]any) {
	ts := r.nextTS(s.opts.Now())
	s.emitIn(r, map[string]any{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": r.ID, "channel_type": r.kind(),
		"ts": ts, "event_ts": ts, "deleted_ts": m.TS, "previous_message": before,
	})
}

func (s *Sim) emitMember(r *room, kind, user string) {
	channelType := "C"
	if r.Private {
		channelType = "G"
	}
	s.emitIn(r, map[string]any{
		"type": kind, "user": user, "channel": r.ID, "channel_type": channelType,
		"team": r.homeOf(user), "event_ts": r.nextTS(s.opts.Now()),
	})
}

func (s *Sim) emitReaction(r *room, m *Message, kind, user, emoji string) {
	s.emitIn(r, map[string]any{
		"type": kind, "user": user, "reaction": emoji, "item_user": m.User, "event_ts": r.nextTS(s.opts.Now()),
		"item": map[string]any{"type": "message", "channel": r.ID, "ts": m.TS},
	})
}

// Redeliver sends the message event of a message n more times, each under a new
// event id and without retry marks, as Slack at times does.
func (s *Sim) Redeliver(channel, ts string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[channel]
	if r == nil || r.byTS[ts] == nil {
		return
	}
	for range n {
		s.emitIn(r, s.messageEvent(r, r.byTS[ts]))
	}
}

// SendEvent sends any event body to a workspace's app, for event types that the
// simulator has no action for.
func (s *Sim) SendEvent(team string, event map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.team(team); t != nil {
		s.emit(t, event)
	}
}
