package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/timers"
)

// weighable is from how many pending wakes on their weight stands out from what Redis needs for itself.
const weighable = 100_000

// weigh sets the wakes that are not due and finds what Redis needs for each.
func (m *reminders) weigh(ctx context.Context, pending int) error {
	before, err := m.used(ctx, "memory", "used_memory")
	if err != nil {
		return err
	}
	if err := m.others(ctx, pending); err != nil {
		return err
	}
	after, err := m.used(ctx, "memory", "used_memory")
	if pending > 0 {
		m.weight = (after - before) / float64(pending)
	}
	return err
}

// rest leaves Redis to a serving loop that has nothing to do, for a third of the time, and finds what it costs.
func (m *reminders) rest(ctx context.Context) error {
	loop := timers.New(timers.Options{Store: m.store, Clock: timers.SystemClock(time.Now), Handle: func(context.Context, tickets.Wake) error {
		return errors.New("something was due")
	}})
	begun := time.Now()
	before, err := m.used(ctx, "cpu", "used_cpu_sys", "used_cpu_user")
	if err != nil {
		return err
	}
	idle, stop := context.WithTimeout(ctx, m.o.For/3)
	defer stop()
	if err := loop.Run(idle); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) && err != nil {
		return fmt.Errorf("leave Redis alone: %w", err)
	}
	after, err := m.used(ctx, "cpu", "used_cpu_sys", "used_cpu_user")
	m.idle = 100 * (after - before) / time.Since(begun).Seconds()
	return err
}

// used adds up fields of a section of INFO; the stand-in has none.
func (m *reminders) used(ctx context.Context, section string, fields ...string) (float64, error) {
	if !m.o.Server.Real {
		return 0, nil
	}
	text, err := m.rdb.Info(ctx, section).Result()
	if err != nil {
		return 0, fmt.Errorf("read INFO %s: %w", section, err)
	}
	sum := 0.0
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, f := range fields {
			if n, err := strconv.ParseFloat(value, 64); name == f && err == nil {
				sum += n
			}
		}
	}
	return sum, nil
}
