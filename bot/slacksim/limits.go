package slacksim

import (
	"math"
	"time"
)

// tier is a budget of calls, per workspace and method.
type tier struct {
	perMinute float64
	burst     float64
}

// Slack promises at least these; tier 1 methods may burst, or no app could open
// two sockets. postSpecial is the ceiling over all channels of chat.postMessage.
var (
	tier1       = tier{1, 20}
	tier2       = tier{20, 20}
	tier3       = tier{50, 50}
	tier4       = tier{100, 100}
	postSpecial = tier{300, 300}
	// perChannel is one message a second with a short burst.
	perChannel = tier{60, 3}
	// restricted is what distributed apps outside the marketplace get for reading history.
	restricted = tier{1, 1}
)

// bucket is a token bucket; its content is computed on use.
type bucket struct {
	tokens float64
	last   time.Time
}

// wait is how long until the bucket holds a token; it takes none.
func (b *bucket) wait(t tier, scale float64, now time.Time) time.Duration {
	rate := t.perMinute * scale / 60
	full := math.Max(t.burst*scale, 1)
	if b.last.IsZero() {
		b.tokens = full
	} else if now.After(b.last) {
		b.tokens = math.Min(full, b.tokens+now.Sub(b.last).Seconds()*rate)
	}
	b.last = now
	// A hair below one counts as one, as seconds are rounded.
	if b.tokens >= 1-1e-6 {
		return 0
	}
	return time.Duration((1 - b.tokens) / rate * float64(time.Second))
}

// limit takes one token from each budget of a call, or returns the whole
// seconds after which the call may be tried again.
func (s *Sim) limit(t *team, name string, m method, channel string) (retryAfter int) {
	if s.opts.LimitScale < 0 {
		return 0
	}
	budget := m.tier
	if s.opts.RestrictedHistory && (name == "conversations.history" || name == "conversations.replies") {
		budget = restricted
	}
	taken := []*bucket{s.bucket(t.ID + " " + name)}
	wait := taken[0].wait(budget, s.opts.LimitScale, s.opts.Wall())
	if name == "chat.postMessage" && channel != "" {
		b := s.bucket(t.ID + " post " + channel)
		wait = max(wait, b.wait(perChannel, s.opts.LimitScale, s.opts.Wall()))
		taken = append(taken, b)
	}
	if wait > 0 {
		return int(math.Ceil(wait.Seconds()))
	}
	for _, b := range taken {
		b.tokens--
	}
	return 0
}

func (s *Sim) bucket(key string) *bucket {
	b := s.buckets[key]
	if b == nil {
		b = &bucket{}
		s.buckets[key] = b
	}
	return b
}

// channelKey is the channel's id also where the call names a person instead.
func (s *Sim) channelKey(t *team, channel string) string {
	if s.rooms[channel] == nil && t.user(channel) != nil {
		return s.dm(t, channel).ID
	}
	return channel
}
