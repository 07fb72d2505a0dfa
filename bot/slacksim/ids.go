package slacksim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// idSpace is 36^8, the number of ids of one prefix; idStride has no common
// factor with it, so that consecutive counters give scattered, distinct ids.
const (
	idSpace  = 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36
	idStride = 1_640_531_527_793
)

// newID returns the next id with a prefix such as "U" or "Ev". Ids depend only
// on the seed and on how many were made before.
func (s *Sim) newID(prefix string) string {
	s.counter++
	n := (s.counter%idSpace*(idStride%idSpace) + uint64(s.opts.Seed)%idSpace) % idSpace
	return fmt.Sprintf("%s0%08s", prefix, strings.ToUpper(strconv.FormatUint(n, 36)))
}

// newUUID returns the next id in the form of a UUID, as envelopes carry it.
func (s *Sim) newUUID() string {
	s.counter++
	n := s.counter*0x9E3779B97F4A7C15 + uint64(s.opts.Seed)
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", uint32(n>>32), uint16(n>>16), n&0xfff, (n>>12)&0xfff, s.counter)
}

// formatTS writes microseconds since 1970 as Slack writes message timestamps.
func formatTS(micro int64) string {
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}

// parseTS reads a Slack timestamp as microseconds; a bare number of seconds is
// allowed. Anything else gives ok false.
func parseTS(ts string) (micro int64, ok bool) {
	secs, frac, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(secs, 10, 64)
	if err != nil || len(frac) > 6 {
		return 0, false
	}
	if frac == "" {
		return n * 1e6, true
	}
	f, err := strconv.ParseInt(frac+strings.Repeat("0", 6-len(frac)), 10, 64)
	return n*1e6 + f, err == nil
}

// nextTS gives the timestamp of the next message or event of a channel: the
// simulated time, moved on where it would not be later than the last one.
func (r *room) nextTS(now time.Time) string {
	micro := now.UnixMicro()
	if micro%1e6 == 0 {
		micro += 100
	}
	r.lastTS = max(micro, r.lastTS+100)
	return formatTS(r.lastTS)
}
