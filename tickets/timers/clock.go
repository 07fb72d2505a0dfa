package timers

import "time"

// Clock is the time that due times are compared with. It may run faster than the wall clock and jump.
type Clock interface {
	Now() time.Time
	// Until is the time by the wall clock until Now reaches t: less than t − Now where the clock runs
	// faster, 0 or less if t has come.
	Until(t time.Time) time.Duration
	// Changed is closed when the clock jumps or changes its speed, so that sleepers ask anew. nil = never.
	Changed() <-chan struct{}
}

// SystemClock is a clock at the pace of the wall clock, read from now, such as the local clock corrected to
// one that all replicas share. nil means time.Now.
func SystemClock(now func() time.Time) Clock {
	if now == nil {
		now = time.Now
	}
	return system{now}
}

type system struct{ now func() time.Time }

func (s system) Now() time.Time                  { return s.now() }
func (s system) Until(t time.Time) time.Duration { return t.Sub(s.now()) }
func (s system) Changed() <-chan struct{}        { return nil }
