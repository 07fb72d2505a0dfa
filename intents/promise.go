package intents

import (
	"time"

	"gongdan/intents/entities"
)

// promisedTo ends where a time follows by which the team has promised a customer something: 答应买家明天下午三点前给结果. reported is
// what the customer says of it.
var (
	promisedTo = guard(`(?:答应|承诺|保证)(?:了|过)?(?:给)?(?:买家|客户|客人|顾客|对方|人家|[她他])[^,;\n]{0,10}$|(?:我们?|咱们|已经?)(?:答应|承诺)(?:了|过)?$` +
		`|\bpromised (?:the |our |this |that )?(?:buyer|customer|client|shopper|him|her|them)\b[^,;\n]{0,40}$|\b(?:buyer|customer|client) was promised\b[^,;\n]{0,40}$` +
		`|\btold (?:the |our |this )?(?:buyer|customer|client|shopper|him|her|them)\b[^,;\n]{0,12}\b(?:we|i)(?:'d|'ll| would| will)\b[^,;\n]{0,24}$`)
	reported = guard(`(?:买家|客户|客人|顾客|[她他])(?:说|称|反映|反馈)|\b(?:says?|said|claims?|claimed|complains?)\b`)
)

// promised tells whether a time is one by which a customer was promised something, and whether the team says so itself.
func (r dueReader) promised(e entities.Entity) (promised, ours bool) {
	before := clauseBefore(r.runes[:e.Start])
	promised = promisedTo.MatchString(before)
	return promised, promised && !reported.MatchString(before)
}

// promiseIn is the earliest time ahead by which a customer was promised something. A day without an hour, said without 前 or
// "by", is too little.
func promiseIn(m Message, found []entities.Entity) (promise time.Time) {
	r := dueReader{m: m, runes: []rune(m.Text), found: found}
	for _, e := range found {
		if e.Type != entities.Time || e.Sense != entities.Deadline && (e.Sense != entities.Point || e.Grain != "hour" && e.Grain != "minute") {
			continue
		}
		if _, ours := r.promised(e); !ours {
			continue
		}
		at, err := time.Parse(time.RFC3339, e.Value)
		if err != nil || !at.After(m.Now) || at.Sub(m.Now) > farOff || !promise.IsZero() && !at.Before(promise) || torn(r.runes, found, e) {
			continue
		}
		promise = inZone(at, m.Zone)
	}
	return promise
}
