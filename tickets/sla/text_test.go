package sla_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gongdan/tickets/sla"
)

func TestTimeOfDayText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sla.TimeOfDay{"00:00": 0, "09:30": at(9, 30), "23:59:59": at(24, 0) - 1, "24:00": at(24, 0)} {
		var got sla.TimeOfDay
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("UnmarshalText(%q) = %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "9:00", "24:01", "25:00", "-1:00", "09:60", "09:00:60", "0900", "09:00 ", "09:00:00.5", "24:00:01", "９:00"} {
		var got sla.TimeOfDay
		if err := got.UnmarshalText([]byte(text)); !errors.Is(err, sla.ErrWindow) {
			t.Errorf("UnmarshalText(%q) = %s, %v, want ErrWindow", text, got, err)
		}
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1970-01-01", "2024-02-29", "2200-12-31"} {
		var got sla.Date
		if err := got.UnmarshalText([]byte(text)); err != nil || got.String() != text {
			t.Errorf("UnmarshalText(%q) = %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2026-2-1", "2026-02-29", "2026-02-29T00:00:00Z", "1969-12-31", "2201-01-01", "10000-01-01", "20260201"} {
		var got sla.Date
		if err := got.UnmarshalText([]byte(text)); !errors.Is(err, sla.ErrDate) || got != (sla.Date{}) {
			t.Errorf("UnmarshalText(%q) = %s, %v, want ErrDate", text, got, err)
		}
	}
}

func ExampleCalendar_Add() {
	holidays, err := sla.China(2026)
	if err != nil {
		panic(err)
	}
	hours := sla.Hours{Zone: "Asia/Shanghai"}.Observe(holidays)
	for d := time.Monday; d <= time.Friday; d++ {
		hours.Week[d] = []sla.Window{{Open: 9 * 3600, Close: 12 * 3600}, {Open: 13 * 3600, Close: 18 * 3600}}
	}
	c, err := sla.NewCalendar(hours)
	if err != nil {
		panic(err)
	}
	start := time.Date(2026, 2, 13, 9, 0, 0, 0, time.UTC) // a Friday, 17:00 in Shanghai
	due, err := c.Add(sla.WorkingTime, start, 10*time.Hour)
	fmt.Println(due, err) // eight of the ten hours on the Saturday that makes up for 春节, one after it
	// Output: 2026-02-24 10:00:00 +0800 CST <nil>
}
