package sla

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"
)

// span is a window in seconds since the midnight at which its date begins; to is up to 48 hours.
type span struct{ from, to int64 }

// weekSpans checks the windows of a week, which begins again after its Saturday.
func weekSpans(week [7][]Window) ([7][]span, error) {
	var out [7][]span
	for d, windows := range week {
		spans, err := daySpans(windows)
		if err != nil {
			return out, fmt.Errorf("%s: %w", time.Weekday(d), err)
		}
		out[d] = spans
	}
	for d, spans := range out {
		next := out[(d+1)%7]
		if len(spans) > 0 && len(next) > 0 && spans[len(spans)-1].to-daySeconds > next[0].from {
			return out, fmt.Errorf("night shift of %s runs into the hours of the day after: %w", time.Weekday(d), ErrOverlap)
		}
	}
	return out, nil
}

// daySpans checks and sorts the windows of a date.
func daySpans(windows []Window) ([]span, error) {
	var out []span
	for _, w := range windows {
		s, err := w.span()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].from < out[j].from })
	for i := 1; i < len(out); i++ {
		if out[i].from < out[i-1].to {
			return nil, fmt.Errorf("window from %s: %w", TimeOfDay(out[i].from), ErrOverlap)
		}
	}
	return out, nil
}

func (w Window) span() (span, error) {
	if w.Open < 0 || w.Open >= endOfDay || w.Close < 0 || w.Close > endOfDay {
		return span{}, fmt.Errorf("window %s to %s: %w", w.Open, w.Close, ErrWindow)
	}
	s := span{int64(w.Open), int64(w.Close)}
	if s.to <= s.from {
		s.to += daySeconds
	}
	return s, nil
}

// settle makes the windows of following dates lie one after the other where one of them does not follow the week:
// what a night shift and the hours of the next date share belongs to the next date.
func (c *Calendar) settle() {
	dates := slices.Sorted(maps.Keys(c.days))
	for _, n := range dates {
		c.settlePair(int(n) - 1)
		c.settlePair(int(n))
	}
}

func (c *Calendar) settlePair(day int) {
	before, after := c.spans(day), c.spans(day+1)
	if len(before) == 0 || len(after) == 0 {
		return
	}
	end := before[len(before)-1].to - daySeconds
	if end <= after[0].from {
		return
	}
	first, rest := after[0], after[1:]
	for first.to = max(first.to, end); len(rest) > 0 && rest[0].from <= first.to; rest = rest[1:] {
		first.to = max(first.to, rest[0].to)
	}
	c.days[int32(day+1)] = append([]span{first}, rest...)
	before = slices.Clone(before)
	before[len(before)-1].to = daySeconds + first.from
	c.days[int32(day)] = before
}
