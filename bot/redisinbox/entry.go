package redisinbox

import (
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/tickets"
)

func fields(e bot.Envelope) []any {
	return []any{
		"k", string(e.Kind), "w", string(e.Workspace), "d", e.Key, "r", []byte(e.Raw),
		"t", strconv.FormatInt(e.Received.UnixMicro(), 10), "n", strconv.Itoa(e.Retry),
	}
}

// decode reads a stream's entry; the time of receipt is kept to the microsecond. An entry that cannot be read, as a
// newer or damaged one may be, still comes back under its id, without workspace or payload: it must not keep those
// behind it waiting, and whoever tries it finds out.
func decode(row redis.XMessage) bot.Envelope {
	text := func(name string) string {
		s, _ := row.Values[name].(string)
		return s
	}
	at, bad := strconv.ParseInt(text("t"), 10, 64)
	retry, err := strconv.Atoi(text("n"))
	if bad != nil || err != nil {
		return bot.Envelope{Entry: row.ID, Kind: bot.KindUnknown}
	}
	return bot.Envelope{
		Entry: row.ID, Kind: bot.EnvelopeKind(text("k")), Workspace: tickets.WorkspaceID(text("w")), Key: text("d"),
		Raw: []byte(text("r")), Received: time.UnixMicro(at).UTC(), Retry: retry,
	}
}

func decodeAll(rows []redis.XMessage) []bot.Envelope {
	out := make([]bot.Envelope, len(rows))
	for i, row := range rows {
		out[i] = decode(row)
	}
	return out
}
