package sla_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

// turnings are places with days on which their clocks are turned, at night, at midnight, by half an hour, by a day.
var turnings = []struct {
	zone  string
	dates []sla.Date
}{
	{"UTC", []sla.Date{{2026, 2, 14}}},
	{"Asia/Shanghai", []sla.Date{{2026, 10, 1}, {1988, 4, 17}, {1988, 9, 11}}},
	{"America/New_York", []sla.Date{{2026, 3, 8}, {2026, 11, 1}, {2150, 3, 8}}},
	{"Europe/Berlin", []sla.Date{{2026, 3, 29}, {2026, 10, 25}}},
	{"America/Sao_Paulo", []sla.Date{{2018, 11, 4}, {2018, 2, 18}}},
	{"America/Santiago", []sla.Date{{2026, 4, 5}, {2026, 9, 6}}},
	{"America/St_Johns", []sla.Date{{1990, 4, 1}, {1990, 10, 28}}},
	{"Australia/Lord_Howe", []sla.Date{{2026, 4, 5}, {2026, 10, 4}}},
	{"Antarctica/Troll", []sla.Date{{2026, 3, 29}, {2026, 10, 25}}},
	{"Asia/Kathmandu", []sla.Date{{2026, 7, 1}, {1986, 1, 1}}},
	{"Pacific/Apia", []sla.Date{{2011, 12, 30}}},
	{"Pacific/Kwajalein", []sla.Date{{1993, 8, 21}}},
	{"Africa/Cairo", []sla.Date{{2026, 4, 24}, {2026, 10, 29}}},
}

// drawn is a calendar with a date around which something happens in it.
type drawn struct {
	hours  sla.Hours
	middle sla.Date
}

func drawHours(t *rapid.T) drawn {
	place := rapid.SampledFrom(turnings).Draw(t, "place")
	d := drawn{hours: sla.Hours{Zone: place.zone}, middle: rapid.SampledFrom(place.dates).Draw(t, "middle")}
	h := &d.hours
	h.Week = drawWeek(t)
	h.Holidays = rapid.SliceOfN(d.date(), 0, 3).Draw(t, "holidays")
	h.Makeup = rapid.MapOfN(d.date(), rapid.Map(rapid.IntRange(0, 6), func(n int) time.Weekday { return time.Weekday(n) }), 0, 2).Draw(t, "makeup")
	h.Special = rapid.MapOfN(d.date(), drawDay(), 0, 3).Draw(t, "special")
	h.Breaks = rapid.MapOfN(d.date(), rapid.SliceOfN(drawWindow(), 0, 3), 0, 4).Draw(t, "breaks")
	for range rapid.IntRange(0, 2).Draw(t, "overlays") {
		from := d.date().Draw(t, "from")
		to := addDays(from, rapid.IntRange(0, 4).Draw(t, "days"))
		o := sla.Overlay{From: from, To: to}
		if rapid.Bool().Draw(t, "with hours") {
			week := drawWeek(t)
			o.Week = &week
		}
		h.Overlays = append(h.Overlays, o)
	}
	return d
}

func addDays(d sla.Date, n int) sla.Date {
	return sla.DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// date draws a date near the middle.
func (d drawn) date() *rapid.Generator[sla.Date] {
	return rapid.Map(rapid.IntRange(-4, 4), func(n int) sla.Date { return addDays(d.middle, n) })
}

// minuteOfDay prefers the hours at which clocks are turned.
func minuteOfDay() *rapid.Generator[int] {
	return rapid.OneOf(rapid.SampledFrom([]int{0, 1, 30, 60, 90, 120, 150, 180, 1380, 1410, 1439}), rapid.IntRange(0, 1439))
}

func drawWindow() *rapid.Generator[sla.Window] {
	return rapid.Custom(func(t *rapid.T) sla.Window {
		return sla.Window{Open: at(0, minuteOfDay().Draw(t, "open")), Close: at(0, minuteOfDay().Draw(t, "close"))}
	})
}

// drawDay draws windows of a date that do not overlap; the last may end the next day.
func drawDay() *rapid.Generator[[]sla.Window] {
	return rapid.Custom(func(t *rapid.T) []sla.Window {
		edges := drawEdges(t, 0, 1440, 6)
		var out []sla.Window
		for i := 0; i+1 < len(edges); i += 2 {
			out = append(out, sla.Window{Open: at(0, edges[i]), Close: at(0, edges[i+1])})
		}
		if n := len(out); n > 0 && rapid.Bool().Draw(t, "night") {
			out[n-1].Close = min(at(0, minuteOfDay().Draw(t, "close")), out[n-1].Open)
		}
		return out
	})
}

// drawWeek draws windows that do not overlap, none longer than a day, some touching, by drawing the edges of a week.
func drawWeek(t *rapid.T) (week [7][]sla.Window) {
	edges := drawEdges(t, 0, 7*1440, 24)
	for i := 0; i+1 < len(edges); i += 2 {
		open, end := edges[i], min(edges[i+1], edges[i]+1440)
		if rapid.IntRange(0, 5).Draw(t, "touch") == 0 && i+2 < len(edges) {
			end = min(edges[i+2], open+1440)
		}
		shut := end - open/1440*1440
		if shut > 1440 {
			shut -= 1440
		}
		week[open/1440] = append(week[open/1440], sla.Window{Open: at(0, open%1440), Close: at(0, shut)})
	}
	return week
}

func drawEdges(t *rapid.T, low, high, most int) []int {
	edge := rapid.OneOf(rapid.Map(rapid.IntRange(low/30, high/30), func(n int) int { return n * 30 }), rapid.IntRange(low, high))
	edges := rapid.SliceOfN(edge, 0, most).Draw(t, "edges")
	slices.Sort(edges)
	edges = slices.Compact(edges)
	if len(edges) > 0 && edges[len(edges)-1] == high && len(edges)%2 == 1 {
		edges = edges[:len(edges)-1] // nothing opens at 24:00
	}
	return edges
}

// drawPauses draws pauses around a time, perhaps overlapping, the last perhaps without end.
func drawPauses(t *rapid.T, around time.Time) []sla.Pause {
	var out []sla.Pause
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from := around.Add(time.Duration(rapid.IntRange(-3000, 6000).Draw(t, "from")) * time.Minute)
		p := sla.Pause{From: from, To: from.Add(time.Duration(rapid.IntRange(-10, 3000).Draw(t, "length")) * time.Minute)}
		if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
			p.To = time.Time{}
		}
		out = append(out, p)
	}
	return out
}
