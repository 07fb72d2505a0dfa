package slacksim

import (
	"time"
)

func (q *request) authTest() (map[string]any, error) {
	return map[string]any{
		"url": homeOf(q.t), "team": q.t.Name, "user": q.t.BotName, "team_id": q.t.ID,
		"user_id": q.t.BotUser, "bot_id": q.t.BotID, "is_enterprise_install": false,
	}, nil
}

func (q *request) connectionsOpen() (map[string]any, error) {
	return q.s.openConnection(q.app), nil
}

func (q *request) botsInfo() (map[string]any, error) {
	if bot := q.args["bot"]; bot != "" && bot != q.t.BotID {
		return nil, apiError("bot_not_found")
	}
	return map[string]any{"bot": map[string]any{
		"id": q.t.BotID, "deleted": false, "name": q.t.BotName, "updated": 0, "app_id": q.t.AppID,
		"user_id": q.t.BotUser, "icons": map[string]any{},
	}}, nil
}

func (q *request) teamInfo() (map[string]any, error) {
	if id := q.args["team"]; id != "" && id != q.t.ID {
		return nil, apiError("team_not_found")
	}
	return map[string]any{"team": map[string]any{
		"id": q.t.ID, "name": q.t.Name, "domain": q.t.Domain, "email_domain": "", "icon": map[string]any{},
	}}, nil
}

func (q *request) userJSON(u *User) map[string]any {
	home := q.s.homeOf(q.t, u.ID)
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	label, offset := q.s.opts.Now().In(zone).Zone()
	out := map[string]any{
		"id": u.ID, "team_id": home, "name": u.Name, "deleted": u.Deleted, "color": "9f69e7", "real_name": u.RealName,
		"tz": u.TZ, "tz_label": label, "tz_offset": offset, "is_admin": u.Admin || u.Owner, "is_owner": u.Owner,
		"is_primary_owner": false, "is_restricted": u.Guest, "is_ultra_restricted": false, "is_bot": u.Bot,
		"is_app_user": false, "updated": 0, "is_email_confirmed": true,
		"profile": map[string]any{
			"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.DisplayName,
			"display_name_normalized": u.DisplayName, "team": home, "email": u.Email, "title": "", "phone": "",
			"status_text": "", "status_emoji": "", "avatar_hash": "",
		},
	}
	if home != q.t.ID {
		out["is_stranger"] = true
	}
	if q.flag("include_locale") {
		out["locale"] = u.Locale
	}
	return out
}

func (q *request) usersInfo() (map[string]any, error) {
	u := q.s.person(q.t, q.args["user"])
	if u == nil {
		return nil, apiError("user_not_found")
	}
	return map[string]any{"user": q.userJSON(u)}, nil
}

func (q *request) usersList() (map[string]any, error) {
	page, cursor, err := paginate(q, q.t.users, 1000, 1000)
	if err != nil {
		return nil, err
	}
	members := []any{}
	for _, u := range page {
		members = append(members, q.userJSON(u))
	}
	return map[string]any{
		"members": members, "cache_ts": q.s.opts.Now().Unix(), "response_metadata": map[string]any{"next_cursor": cursor},
	}, nil
}

func (q *request) usersGetPresence() (map[string]any, error) {
	u := q.s.person(q.t, q.args["user"])
	if u == nil {
		return nil, apiError("user_not_found")
	}
	presence := "active"
	if u.Away {
		presence = "away"
	}
	return map[string]any{"presence": presence, "online": !u.Away}, nil
}
