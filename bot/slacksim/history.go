package slacksim

import (
	"math"
	"slices"
)

// restrictedPage is how many messages a call returns under Options.RestrictedHistory.
const restrictedPage = 15

// span is a range of timestamps in microseconds.
type span struct {
	oldest, latest int64
	inclusive      bool
}

func (q *request) span() (span, error) {
	sp := span{oldest: math.MinInt64, latest: math.MaxInt64, inclusive: q.flag("inclusive")}
	for name, bound := range map[string]*int64{"oldest": &sp.oldest, "latest": &sp.latest} {
		if text := q.args[name]; text != "" && text != "0" && text != "now" {
			micro, ok := parseTS(text)
			if !ok {
				return sp, apiError("invalid_ts_" + name)
			}
			*bound = micro
		}
	}
	return sp, nil
}

func (sp span) holds(m *Message) bool {
	micro, _ := parseTS(m.TS)
	if sp.inclusive && (micro == sp.oldest || micro == sp.latest) {
		return true
	}
	return micro > sp.oldest && micro < sp.latest
}

// shown says whether a message is in the API's lists: a deleted root stays as a
// tombstone while it has replies.
func (r *room) shown(m *Message) bool {
	return !m.Deleted || m.ThreadTS == "" && len(r.live(m.TS)) > 0
}

// conversationsHistory lists top-level messages and broadcast replies, newest first.
func (q *request) conversationsHistory() (map[string]any, error) {
	r, err := q.readable()
	if err != nil {
		return nil, err
	}
	sp, err := q.span()
	if err != nil {
		return nil, err
	}
	var list []*Message
	for _, m := range r.messages {
		top := m.ThreadTS == "" || m.Subtype == "thread_broadcast"
		if top && r.shown(m) && sp.holds(m) {
			list = append(list, m)
		}
	}
	slices.Reverse(list)
	return q.messagePage(r, list, 100)
}

// conversationsReplies lists a thread, its root first, oldest first; given a
// reply it lists only that.
func (q *request) conversationsReplies() (map[string]any, error) {
	r, err := q.readable()
	if err != nil {
		return nil, err
	}
	sp, err := q.span()
	if err != nil {
		return nil, err
	}
	root := r.byTS[q.args["ts"]]
	if root == nil || !r.shown(root) {
		return nil, apiError("thread_not_found")
	}
	list := []*Message{root}
	for _, m := range r.live(root.TS) {
		if sp.holds(m) {
			list = append(list, m)
		}
	}
	return q.messagePage(r, list, 1000)
}

func (q *request) messagePage(r *room, list []*Message, fallback int) (map[string]any, error) {
	most := 1000
	if q.s.opts.RestrictedHistory {
		fallback, most = restrictedPage, restrictedPage
	}
	page, cursor, err := paginate(q, list, fallback, most)
	if err != nil {
		return nil, err
	}
	messages := []any{}
	for _, m := range page {
		entry := q.s.messageJSON(r, m)
		if q.flag("include_all_metadata") && m.Metadata != nil && !m.Deleted {
			entry["metadata"] = m.Metadata
		}
		messages = append(messages, entry)
	}
	return map[string]any{
		"messages": messages, "has_more": cursor != "", "pin_count": 0,
		"response_metadata": map[string]any{"next_cursor": cursor},
	}, nil
}
