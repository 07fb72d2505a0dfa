package slacksim

import (
	"fmt"
	"strings"
	"time"
)

// Setting says in one line how strict this Slack is and how it delivers: the
// scale of the rate limits, retry delays, time to acknowledge, the mode of each
// workspace, and whether faults are on. Runs print it beside their results.
func (s *Sim) Setting() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	limits := fmt.Sprintf("limits x%g", s.opts.LimitScale)
	if s.opts.LimitScale < 0 {
		limits = "limits off"
	}
	if s.opts.RestrictedHistory {
		limits += ", history 1/min"
	}
	var modes []string
	for _, t := range s.teams {
		modes = append(modes, t.ID+" "+t.mode())
	}
	return fmt.Sprintf("slacksim: %s; retries %s; ack %s; modes %s; call faults %s; delivery faults %s; seed %d",
		limits, listed(s.opts.RetryDelays), s.opts.AckTimeout, orNone(strings.Join(modes, ", ")), onOff(s.onCall != nil), onOff(s.onSend != nil), s.opts.Seed)
}

// mode says how a workspace's app is reached.
func (t *team) mode() string {
	if t.app == nil {
		return "no app"
	}
	by := 0
	for _, kind := range []string{"events_api", "slash_commands", "interactive"} {
		if t.endpoint(&envelope{kind: kind}) != "" {
			by++
		}
	}
	switch by {
	case 0:
		return "socket"
	case 3:
		return "http"
	}
	return "http and socket"
}

func listed(delays []time.Duration) string {
	var out []string
	for _, d := range delays {
		out = append(out, d.String())
	}
	return orNone(strings.Join(out, " "))
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
