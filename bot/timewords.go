package bot

import (
	"fmt"
	"time"

	"gongdan/bot/words"
)

// timing speaks of time in one language, seen from one instant in the team's zone.
type timing struct {
	v    words.Voice
	now  time.Time
	zone *time.Location
}

func newTiming(v words.Voice, now time.Time, zone *time.Location) timing {
	if zone == nil {
		zone = time.UTC
	}
	return timing{v: v, now: now.In(zone), zone: zone}
}

// at is an instant as one says it now: 今天 20:00, 明天 10:00, 11月25日 10:00. It belongs in what is read once;
// what stays on show needs [timing.on].
func (w timing) at(t time.Time) string {
	t = t.In(w.zone)
	switch daysApart(w.now, t) {
	case 0:
		return w.v.Say(words.TimeToday, words.Args{"Clock": hhmm(t)})
	case 1:
		return w.v.Say(words.TimeTomorrow, words.Args{"Clock": hhmm(t)})
	case -1:
		return w.v.Say(words.TimeYesterday, words.Args{"Clock": hhmm(t)})
	}
	return w.date(words.TimeDate, t)
}

// on is an instant by its date, true whenever it is read: 11月25日 周三 10:00.
func (w timing) on(t time.Time) string { return w.date(words.TimeDateWeekday, t.In(w.zone)) }

// stamp is an instant for a list of past things: 11月22日 14:05.
func (w timing) stamp(t time.Time) string { return w.date(words.TimeDate, t.In(w.zone)) }

// clock is the time of day of what happened today, else with the date.
func (w timing) clock(t time.Time) string {
	if t = t.In(w.zone); daysApart(w.now, t) == 0 {
		return hhmm(t)
	}
	return w.stamp(t)
}

// soon is only the time of day for what happens today, else as at.
func (w timing) soon(t time.Time) string {
	if t = t.In(w.zone); daysApart(w.now, t) == 0 {
		return hhmm(t)
	}
	return w.at(t)
}

func (w timing) date(id words.ID, t time.Time) string {
	if t.Year() != w.now.Year() {
		id = words.TimeDateYear
	}
	return w.v.Say(id, words.Args{
		"Year": t.Year(), "Day": t.Day(), "Clock": hhmm(t),
		"Month":   w.v.Name(words.Month, fmt.Sprintf("m%d", t.Month())),
		"Weekday": w.v.Name(words.Weekday, fmt.Sprintf("day%d", t.Weekday())),
	})
}

// band says how close a deadline is in words that change four times in its life and at midnight, not every minute.
func (w timing) band(due time.Time) string {
	left := due.Sub(w.now)
	switch {
	case left < 0:
		return w.v.Say(words.BandOverdue, nil)
	case left < time.Hour:
		return w.v.Say(words.BandHour, nil)
	case daysApart(w.now, due.In(w.zone)) == 0:
		return w.v.Say(words.BandToday, nil)
	case left <= 24*time.Hour:
		return w.v.Say(words.BandDay, nil)
	}
	return w.v.Say(words.BandLater, nil)
}

// bandEnds is when the band next reads differently by the passing of time alone; zero once overdue.
func (w timing) bandEnds(due time.Time) time.Time {
	y, m, d := due.In(w.zone).Date()
	for _, t := range []time.Time{
		due.Add(-24 * time.Hour), time.Date(y, m, d, 0, 0, 0, 0, w.zone), due.Add(-time.Hour + 1), due.Add(1),
	} {
		if t.After(w.now) && newTiming(w.v, t, w.zone).band(due) != w.band(due) {
			return t
		}
	}
	return time.Time{}
}

// left is the time until an instant, rounded up, so that nobody is told of less than there was and never of zero.
func (w timing) left(due time.Time) string { return w.span(ceil(due.Sub(w.now))) }

// ago is the time since an instant, rounded down.
func (w timing) ago(t time.Time) string { return w.span(w.now.Sub(t)) }

func ceil(d time.Duration) time.Duration {
	if d <= time.Minute {
		return d
	}
	return (d + time.Minute - 1).Truncate(time.Minute)
}

// span is a duration in at most two units: 40 秒, 30 分钟, 2 小时, 1 小时 20 分钟, 3 天. Days have no minutes.
func (w timing) span(d time.Duration) string {
	say := func(id words.ID, n time.Duration) string { return w.v.Say(id, words.Args{"Count": int(n)}) }
	days, hours, minutes := d/(24*time.Hour), d/time.Hour, d/time.Minute
	switch {
	case d < time.Minute:
		return say(words.TimeSeconds, max(d/time.Second, 1))
	case hours == 0:
		return say(words.TimeMinutes, minutes)
	case days == 0:
		return w.two(say(words.TimeHours, hours), say(words.TimeMinutes, minutes%60), minutes%60 != 0)
	}
	return w.two(say(words.TimeDays, days), say(words.TimeHours, hours%24), hours%24 != 0)
}

func (w timing) two(big, small string, both bool) string {
	if !both {
		return big
	}
	return w.v.Say(words.TimeTwoUnits, words.Args{"Big": big, "Small": small})
}

func hhmm(t time.Time) string { return t.Format("15:04") }

// daysApart counts calendar days from one instant to another; both are in the same zone.
func daysApart(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}
