package sla_test

import (
	"testing"
	"time"

	"gongdan/tickets/sla"
)

// everyDay are the same windows on each day of the week.
func everyDay(w ...sla.Window) (week [7][]sla.Window) {
	for d := range week {
		week[d] = w
	}
	return week
}

// at gives a time of day.
func at(h, m int) sla.TimeOfDay { return sla.TimeOfDay(h*3600 + m*60) }

func mustCalendar(t testing.TB, h sla.Hours) *sla.Calendar {
	t.Helper()
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkAdd(b *testing.B) {
	split := [7][]sla.Window{}
	for d := time.Monday; d <= time.Saturday; d++ {
		split[d] = []sla.Window{{Open: at(9, 0), Close: at(12, 0)}, {Open: at(13, 30), Close: at(18, 0)}}
	}
	hours := map[string]sla.Hours{
		"shanghai":               {Zone: "Asia/Shanghai", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(21, 0)})},
		"new york, split shifts": {Zone: "America/New_York", Week: split},
	}
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for name, h := range hours {
		c := mustCalendar(b, h)
		for _, span := range []struct {
			name string
			end  time.Time
		}{{"week", start.AddDate(0, 0, 7)}, {"year", start.AddDate(1, 0, 0)}} {
			d, err := c.Between(sla.WorkingTime, start, span.end)
			if err != nil {
				b.Fatal(err)
			}
			pause := sla.Pause{From: start.Add(time.Hour), To: start.Add(3 * time.Hour)}
			b.Run(name+"/"+span.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Add(sla.WorkingTime, start, d, pause); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
