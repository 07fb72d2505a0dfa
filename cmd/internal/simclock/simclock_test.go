package simclock_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/simclock"
)

func TestClock(t *testing.T) {
	t.Parallel()
	wall := time.Date(2026, 11, 11, 1, 0, 0, 0, time.UTC)
	c := simclock.New(func() time.Time { return wall })
	start := wall
	if got := c.Now(); !got.Equal(start) {
		t.Fatalf("Now() of a new clock = %s, want the wall clock's %s", got, start)
	}
	changed := c.Changed()
	c.Set(simclock.State{Base: start, Wall: wall, Speed: 60})
	select {
	case <-changed:
	default:
		t.Error("Changed() was not closed by Set")
	}
	wall = wall.Add(2 * time.Second)
	if got, want := c.Now(), start.Add(2*time.Minute); !got.Equal(want) {
		t.Errorf("Now() at 60 times = %s, want %s", got, want)
	}
	if got, want := c.Until(start.Add(3*time.Minute)), time.Second; got < want || got > want+time.Microsecond {
		t.Errorf("Until(one minute ahead) = %s, want %s", got, want)
	}
	c.Jump(start.Add(time.Hour))
	if got, want := c.Now(), start.Add(time.Hour); !got.Equal(want) {
		t.Errorf("Now() after a jump = %s, want %s", got, want)
	}
	if got := c.Until(start); got != 0 {
		t.Errorf("Until(the past) = %s, want 0", got)
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	m := miniredis.RunT(t)
	r := redis.NewClient(&redis.Options{Addr: m.Addr()})
	t.Cleanup(func() { _ = r.Close() })
	wall := time.Date(2026, 11, 11, 1, 0, 0, 0, time.UTC)
	there := simclock.State{Base: wall.Add(time.Hour), Wall: wall, Speed: 1}
	if err := simclock.Publish(t.Context(), r, there); err != nil {
		t.Fatal(err)
	}
	c := simclock.New(func() time.Time { return wall })
	if err := simclock.Follow(t.Context(), r, c); err != nil {
		t.Fatal(err)
	}
	if got := c.Now(); !got.Equal(there.Base) {
		t.Fatalf("Now() of a late follower = %s, want %s", got, there.Base)
	}
	changed := c.Changed()
	there.Base = there.Base.Add(time.Hour)
	if err := simclock.Publish(t.Context(), r, there); err != nil {
		t.Fatal(err)
	}
	<-changed
	if got := c.Now(); !got.Equal(there.Base) {
		t.Errorf("Now() after a published jump = %s, want %s", got, there.Base)
	}
}
