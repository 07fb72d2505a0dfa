package entities

import "time"

// smallHour is an hour of the night behind an evening, counted from the midnight before it: 今晚1点 is tomorrow's 01:00, and 今晚0点 its
// beginning. Said at night it is this night's.
func (t *reader) smallHour(m *moment, day time.Time) int {
	next := day.AddDate(0, 0, 1)
	at := time.Date(next.Year(), next.Month(), next.Day(), m.h, m.m, m.s, 0, t.o.Zone)
	if m.h > 0 && day.Equal(t.today) && t.o.Now.Hour() < 5 || day.Before(t.today) && at.After(t.o.Now) {
		return m.h
	}
	return m.h + 24
}

// nextTwelve reads a deadline at 12点 that is over at noon, and one at 今天0点, as the coming midnight; any other hour stays.
func (t *reader) nextTwelve(m *moment, day time.Time) int {
	if m.sense != Deadline || !day.Equal(t.today) {
		return m.h
	}
	if m.h == 12 && m.loose && t.o.Now.Hour() >= 12 || m.h == 0 && m.m == 0 && m.s == 0 && m.hasDay && t.o.Now.After(day) {
		return 24
	}
	return m.h
}
