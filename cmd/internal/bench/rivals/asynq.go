package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/bench"
)

// best is asynq as it fires soonest: it looks every millisecond, for scheduled tasks and for ready ones (research:
// looking still more often costs half a processor and brings nothing at one instant).
func best() asynq.Config {
	return asynq.Config{Concurrency: 20, TaskCheckInterval: time.Millisecond, DelayedTaskCheckInterval: time.Millisecond}
}

// rival is an arm of asynq. Measured is from a task's time to the start of its handler, which does nothing: nothing
// is recorded yet, so this is to its favour.
type rival struct {
	server  *bench.Server
	o       options
	config  asynq.Config // zero = asynq's defaults
	burst   bool
	pending int // tasks scheduled for next year
}

const remind = "remind"

func (r rival) measure(ctx context.Context) (figures, error) {
	rdb := redis.NewClient(&redis.Options{Addr: r.server.Addr()})
	defer func() { _ = rdb.Close() }()
	if err := rdb.FlushDB(ctx).Err(); err != nil { // the server is the run's own
		return figures{}, err
	}
	defer func() { _ = rdb.FlushDB(context.WithoutCancel(ctx)).Err() }()
	client := asynq.NewClientFromRedisClient(rdb)
	var f figures
	before, err := used(ctx, rdb, "memory", "used_memory")
	if err != nil {
		return f, err
	}
	if err := enqueue(client, r.pending, func(int) time.Time { return time.Now().AddDate(1, 0, 0) }); err != nil {
		return f, err
	}
	after, err := used(ctx, rdb, "memory", "used_memory")
	if err != nil {
		return f, err
	}
	if r.pending > 0 {
		f.bytes = (after - before) / float64(r.pending)
	}
	err = r.fire(ctx, rdb, client, &f)
	return f, err
}

// fire lets the tasks come due and fills in the times.
func (r rival) fire(ctx context.Context, rdb *redis.Client, client *asynq.Client, f *figures) error {
	n := int(float64(r.o.rate) * r.o.length.Seconds())
	seen := newLags(n)
	r.config.LogLevel = asynq.FatalLevel
	server := asynq.NewServer(asynq.RedisClientOpt{Addr: r.server.Addr()}, r.config)
	if err := server.Start(seen); err != nil {
		return fmt.Errorf("start asynq: %w", err)
	}
	defer server.Shutdown()
	if r.pending > 0 {
		idle, err := idle(ctx, rdb, r.o.length/3)
		if err != nil {
			return err
		}
		f.idle = idle
	}
	first := time.Now().Add(2*time.Second + time.Duration(n)*200*time.Microsecond).Truncate(time.Second).Add(time.Second)
	err := enqueue(client, n, func(i int) time.Time {
		if r.burst {
			return first.Add(time.Duration(i/r.o.rate) * time.Second)
		}
		return first.Add(time.Duration(i) * time.Second / time.Duration(r.o.rate))
	})
	if err != nil {
		return err
	}
	if !time.Now().Before(first) {
		return errors.New("scheduling took longer than planned: the machine is too busy")
	}
	return seen.figures(ctx, f, r.o.length+time.Minute)
}

// enqueue schedules n tasks, ten at a time, each with its time as payload.
func enqueue(client *asynq.Client, n int, at func(i int) time.Time) error {
	errs := make(chan error, 10)
	for w := range cap(errs) {
		go func() {
			var err error
			for i := w; i < n && err == nil; i += cap(errs) {
				due := at(i)
				_, err = client.Enqueue(asynq.NewTask(remind, []byte(due.Format(time.RFC3339Nano))), asynq.ProcessAt(due), asynq.MaxRetry(0))
			}
			errs <- err
		}()
	}
	var all error
	for range cap(errs) {
		all = errors.Join(all, <-errs)
	}
	return all
}

// lags is a handler that notes how late it is called.
type lags struct {
	want int
	done chan struct{}

	mu   sync.Mutex
	late []time.Duration
}

func newLags(want int) *lags { return &lags{want: want, done: make(chan struct{})} }

// ProcessTask implements asynq.Handler.
func (l *lags) ProcessTask(_ context.Context, t *asynq.Task) error {
	now := time.Now()
	due, err := time.Parse(time.RFC3339Nano, string(t.Payload()))
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.late = append(l.late, now.Sub(due))
	if len(l.late) == l.want {
		close(l.done)
	}
	return nil
}

// figures waits until all were called.
func (l *lags) figures(ctx context.Context, f *figures, limit time.Duration) error {
	select {
	case <-l.done:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(limit):
		return errors.New("asynq did not run every task")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.late)
	early, _ := slices.BinarySearch(l.late, 0)
	f.p50, f.p99, f.max = ms(l.late[l.want/2]), ms(l.late[l.want*99/100]), ms(l.late[l.want-1])
	f.early = 100 * float64(early) / float64(l.want)
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// idle finds what an asynq server without anything due costs Redis, in per cent of a processor.
func idle(ctx context.Context, rdb *redis.Client, length time.Duration) (float64, error) {
	begun := time.Now()
	before, err := used(ctx, rdb, "cpu", "used_cpu_sys", "used_cpu_user")
	if err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(length):
	}
	after, err := used(ctx, rdb, "cpu", "used_cpu_sys", "used_cpu_user")
	return 100 * (after - before) / time.Since(begun).Seconds(), err
}

// used adds up fields of a section of INFO.
func used(ctx context.Context, rdb *redis.Client, section string, fields ...string) (float64, error) {
	text, err := rdb.Info(ctx, section).Result()
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if n, err := strconv.ParseFloat(value, 64); err == nil && slices.Contains(fields, name) {
			sum += n
		}
	}
	return sum, nil
}
