package bot

import (
	"time"

	"gongdan/tickets"
)

// budget keeps the announcer below the chat's limits, so that it is not refused in the first place: one message a
// second and conversation, and for each workspace and kind of call so many a minute.
// Source: Slack's documentation of rate limits (tiers 3 and 4, chat.postMessage).
type budget struct {
	perChannel time.Duration
	pace       float64
	buckets    map[bucketKey]*bucket
}

type bucketKey struct {
	ws   tickets.WorkspaceID
	kind What
}

// bucket holds tokens that come back at an even rate.
type bucket struct {
	tokens float64
	at     time.Time
	until  time.Time // the chat has said: not before
}

// burst is how many calls of a kind may go at once after a rest.
const burst = 10

func newBudget(pace float64) *budget {
	if pace <= 0 {
		pace = 1
	}
	return &budget{perChannel: time.Duration(float64(time.Second) / pace), pace: pace, buckets: map[bucketKey]*bucket{}}
}

// perMinute is how many calls a kind of saying may make.
func perMinute(w What) float64 {
	switch w {
	case SayCard, SayReact, SayTaken, SayOnIt, SayAgain:
		return 48 // tier 3 allows 50
	case SayAsk, SayDuplicate, SayDone, SayRefused, SayAnswer, SayOffer, SayKnown:
		return 95 // tier 4 allows 100
	}
	return 200 // several hundred messages a minute and workspace
}

func kindOf(w What) What {
	switch w {
	case SayCard, SayReact:
		return w
	case SayOnIt, SayAgain:
		return SayCard // edits like a card's
	case SayTaken:
		return SayReact
	case SayAsk, SayDuplicate, SayDone, SayRefused, SayAnswer, SayOffer, SayKnown:
		return SayAsk
	}
	return SayReminder
}

// next is when the workspace may make a call of this kind again.
func (b *budget) next(ws tickets.WorkspaceID, w What, now time.Time) time.Time {
	k := b.fill(ws, w, now)
	if k.until.After(now) {
		return k.until
	}
	if k.tokens >= 1 {
		return now
	}
	perToken := time.Duration(float64(time.Minute) / (perMinute(w) * b.pace))
	return now.Add(time.Duration((1 - k.tokens) * float64(perToken))).Add(time.Millisecond)
}

// spend takes one call.
func (b *budget) spend(ws tickets.WorkspaceID, w What, now time.Time) { b.fill(ws, w, now).tokens-- }

// refund gives back what was not used.
func (b *budget) refund(ws tickets.WorkspaceID, w What) {
	if k := b.buckets[bucketKey{ws, kindOf(w)}]; k != nil {
		k.tokens = min(burst, k.tokens+1)
	}
}

// block stops calls of a kind until the chat takes them again.
func (b *budget) block(ws tickets.WorkspaceID, w What, until time.Time) {
	if k := b.buckets[bucketKey{ws, kindOf(w)}]; k != nil && until.After(k.until) {
		k.until = until
	}
}

func (b *budget) fill(ws tickets.WorkspaceID, w What, now time.Time) *bucket {
	key := bucketKey{ws, kindOf(w)}
	k := b.buckets[key]
	if k == nil {
		k = &bucket{tokens: burst, at: now}
		b.buckets[key] = k
	}
	if gone := now.Sub(k.at); gone > 0 {
		k.tokens = min(burst, k.tokens+gone.Minutes()*perMinute(w)*b.pace)
		k.at = now
	}
	return k
}
