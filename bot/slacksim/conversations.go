package slacksim

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

func conversationMethods() map[string]method {
	return map[string]method{
		"conversations.list":    {tier2, "channels:read", (*request).conversationsList},
		"conversations.info":    {tier3, "channels:read", (*request).conversationsInfo},
		"conversations.members": {tier4, "channels:read", (*request).conversationsMembers},
		"conversations.history": {tier3, "channels:history", (*request).conversationsHistory},
		"conversations.replies": {tier3, "channels:history", (*request).conversationsReplies},
		"conversations.open":    {tier3, "im:write", (*request).conversationsOpen},
		"conversations.join":    {tier3, "channels:join", (*request).conversationsJoin},
	}
}

// visible finds a channel that the app may know of: public ones and those it is in.
func (q *request) visible() (*room, error) {
	r := q.s.rooms[q.args["channel"]]
	if r == nil || !r.in(q.t) || r.Private && !r.hears(q.t) {
		return nil, apiError("channel_not_found")
	}
	return r, nil
}

// readable finds a channel whose messages the app may read.
func (q *request) readable() (*room, error) {
	r, err := q.visible()
	if err == nil && !r.hears(q.t) {
		err = apiError("not_in_channel")
	}
	return r, err
}

func (q *request) channelJSON(r *room) map[string]any {
	if r.im != "" {
		return map[string]any{
			"id": r.ID, "created": r.created, "is_im": true, "is_org_shared": false, "user": r.im,
			"is_user_deleted": false, "is_open": true, "context_team_id": q.t.ID, "priority": 0,
		}
	}
	connected := []string{}
	for _, t := range r.teams() {
		if t != q.t {
			connected = append(connected, t.ID)
		}
	}
	empty := map[string]any{"value": "", "creator": "", "last_set": 0}
	return map[string]any{
		"id": r.ID, "name": r.Name, "name_normalized": r.Name, "created": r.created, "creator": q.creator(r),
		"is_channel": !r.Private, "is_group": false, "is_im": false, "is_mpim": false, "is_private": r.Private,
		"is_archived": r.Archived, "is_general": false, "is_member": r.hears(q.t), "num_members": len(r.Members),
		"is_shared": r.ExtShared, "is_ext_shared": r.ExtShared, "is_org_shared": false, "is_pending_ext_shared": false,
		"connected_team_ids": connected, "shared_team_ids": append([]string{q.t.ID}, connected...), "conversation_host_id": r.team.ID,
		"context_team_id": q.t.ID, "topic": empty, "purpose": empty, "previous_names": []string{}, "unlinked": 0,
	}
}

func (q *request) creator(r *room) string {
	if len(r.Members) > 0 {
		return r.Members[0]
	}
	return ""
}

// sortedRooms lists the channels of the workspace that match, by id.
func (q *request) sortedRooms(keep func(*room) bool) []*room {
	types := strings.Split(q.args["types"], ",")
	if q.args["types"] == "" {
		types = []string{"public_channel"}
	}
	var out []*room
	for _, r := range q.s.rooms {
		kind := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im"}[r.kind()]
		if r.in(q.t) && slices.Contains(types, kind) && !(q.flag("exclude_archived") && r.Archived) && keep(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *room) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (q *request) channelPage(rooms []*room) (map[string]any, error) {
	page, cursor, err := paginate(q, rooms, 100, 1000)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range page {
		list = append(list, q.channelJSON(r))
	}
	return map[string]any{"channels": list, "response_metadata": map[string]any{"next_cursor": cursor}}, nil
}

// paginate cuts a page out of a list; a cursor is the offset of the next page.
func paginate[T any](q *request, list []T, fallback, most int) (page []T, cursor string, err error) {
	start := 0
	if c := q.args["cursor"]; c != "" {
		raw, decodeErr := base64.StdEncoding.DecodeString(c)
		offset, found := strings.CutPrefix(string(raw), "offset:")
		if start, err = strconv.Atoi(offset); decodeErr != nil || !found || err != nil || start < 0 || start > len(list) {
			return nil, "", apiError("invalid_cursor")
		}
	}
	end := min(len(list), start+q.number("limit", fallback, most))
	if end < len(list) {
		cursor = base64.StdEncoding.EncodeToString([]byte("offset:" + strconv.Itoa(end)))
	}
	return list[start:end], cursor, nil
}

func (q *request) conversationsList() (map[string]any, error) {
	return q.channelPage(q.sortedRooms(func(r *room) bool { return !r.Private || r.hears(q.t) }))
}

func (q *request) usersConversations() (map[string]any, error) {
	user := q.args["user"]
	if user == "" {
		user = q.t.BotUser
	}
	if q.s.person(q.t, user) == nil {
		return nil, apiError("user_not_found")
	}
	return q.channelPage(q.sortedRooms(func(r *room) bool { return r.has(user) && (!r.Private || r.hears(q.t)) }))
}

func (q *request) conversationsInfo() (map[string]any, error) {
	r, err := q.visible()
	if err != nil {
		return nil, err
	}
	return map[string]any{"channel": q.channelJSON(r)}, nil
}

func (q *request) conversationsMembers() (map[string]any, error) {
	r, err := q.visible()
	if err != nil {
		return nil, err
	}
	page, cursor, err := paginate(q, r.Members, 100, 1000)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"members":           append([]string{}, page...),
		"response_metadata": map[string]any{"next_cursor": cursor},
	}, nil
}

func (q *request) conversationsOpen() (map[string]any, error) {
	if id := q.args["channel"]; id != "" {
		r, err := q.visible()
		if err != nil {
			return nil, err
		}
		return map[string]any{"channel": q.channelJSON(r), "no_op": true, "already_open": true}, nil
	}
	users := strings.Split(strings.Trim(q.args["users"], `[]"`), ",")
	if len(users) != 1 {
		return nil, apiError("method_not_supported_for_channel_type") // group conversations are not simulated
	}
	u := q.t.user(strings.TrimSpace(users[0]))
	switch {
	case u == nil:
		return nil, apiError("user_not_found")
	case u.Deleted:
		return nil, apiError("user_disabled")
	case u.Bot:
		return nil, apiError("cannot_dm_bot")
	}
	had := q.t.dms[u.ID] != nil
	body := map[string]any{"channel": map[string]any{"id": q.s.dm(q.t, u.ID).ID}}
	if q.flag("return_im") {
		body["channel"] = q.channelJSON(q.t.dms[u.ID])
	}
	if had {
		body["no_op"], body["already_open"] = true, true
	}
	return body, nil
}

func (q *request) conversationsJoin() (map[string]any, error) {
	r, err := q.visible()
	if err != nil {
		return nil, err
	}
	if r.im != "" || r.Private {
		return nil, apiError("method_not_supported_for_channel_type")
	}
	if r.hears(q.t) {
		return withWarnings(map[string]any{"channel": q.channelJSON(r)}, []string{"already_in_channel"}), nil
	}
	q.s.join(r, q.t.BotUser)
	return map[string]any{"channel": q.channelJSON(r)}, nil
}
