package sla

import (
	"fmt"
	"time"
)

// IsOpen says whether t lies inside handling hours; false at a closing and outside 1970 to 2200.
func (c *Calendar) IsOpen(t time.Time) bool {
	at, err := instantOf(t)
	return err == nil && c.isOpen(at)
}

// NextOpen gives t itself when open, else the next opening.
func (c *Calendar) NextOpen(t time.Time) (time.Time, error) {
	return c.ask("next open", t, c.nextOpen)
}

// PrevOpen gives t itself when open, else the closing before it, which is t itself at a closing.
func (c *Calendar) PrevOpen(t time.Time) (time.Time, error) {
	return c.ask("previous open", t, func(at int64) (int64, error) {
		if c.isOpen(at) {
			return at, nil
		}
		return c.lastClose(at)
	})
}

// NextClose gives the end of the present handling hours, or when closed, of the next ones. Windows that touch are one.
func (c *Calendar) NextClose(t time.Time) (time.Time, error) {
	return c.ask("next close", t, c.nextClose)
}

// LastClose gives the end of the last handling hours that end at or before t.
func (c *Calendar) LastClose(t time.Time) (time.Time, error) {
	return c.ask("last close", t, c.lastClose)
}

// ask puts a question about an instant.
func (c *Calendar) ask(what string, t time.Time, answer func(int64) (int64, error)) (time.Time, error) {
	at, err := instantOf(t)
	if err == nil {
		at, err = answer(at)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%s at %s: %w", what, t.Format(time.RFC3339), err)
	}
	return c.timeOf(at, t.Location()), nil
}

func (c *Calendar) isOpen(at int64) bool {
	open := false
	c.forward(at, func(a, _ int64) bool {
		open = a == at
		return false
	})
	return open
}

func (c *Calendar) nextOpen(at int64) (int64, error) {
	next := int64(-1)
	c.forward(at, func(a, _ int64) bool {
		next = a
		return false
	})
	if next < 0 {
		return 0, c.whyEnded()
	}
	return next, nil
}

func (c *Calendar) nextClose(at int64) (int64, error) {
	end := int64(-1)
	c.forward(at, func(a, b int64) bool {
		if end >= 0 && a > end {
			return false
		}
		end = b
		return true
	})
	switch end {
	case -1:
		return 0, c.whyEnded()
	case endOfTime:
		return 0, ErrNeverShut
	}
	return end, nil
}

func (c *Calendar) lastClose(at int64) (int64, error) {
	run := int64(-1) // where the handling hours that are under way began
	if c.isOpen(at) {
		run = at
	}
	end := int64(-1)
	c.backward(at, func(a, b int64) bool {
		if b == run {
			run = a
			return true
		}
		end = b
		return false
	})
	switch {
	case end >= 0:
		return end, nil
	case run == 0:
		return 0, ErrNeverShut
	}
	return 0, c.whyEnded()
}

// instantOf gives t in nanoseconds since 1970.
func instantOf(t time.Time) (int64, error) {
	if s := t.Unix(); s < 0 || s >= lastSecond {
		return 0, fmt.Errorf("%s: %w", t.Format(time.RFC3339), ErrRange)
	}
	return t.UnixNano(), nil
}

// timeOf gives an instant in the zone of the calendar, or without one in the zone asked from.
func (c *Calendar) timeOf(at int64, from *time.Location) time.Time {
	if c != nil {
		from = c.loc
	}
	return time.Unix(at/second, at%second).In(from)
}
