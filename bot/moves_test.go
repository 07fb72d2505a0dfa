package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// A deadline that moves names the day of both its times, unless that is today.
func TestMovesNameTheDay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, shanghai)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, shanghai) }
	for _, tt := range []struct {
		from, to time.Time
		zh, en   string
	}{
		{at(25, 10, 59), at(25, 14, 22), "11月25日 10:59 → 11月25日 14:22", "Nov 25 10:59 → Nov 25 14:22"},
		{at(23, 10, 0), at(23, 12, 0), "明天 10:00 → 明天 12:00", "tomorrow 10:00 → tomorrow 12:00"},
		{at(22, 10, 0), at(22, 12, 0), "10:00 → 12:00", "10:00 → 12:00"},
		{at(22, 10, 0), at(23, 12, 0), "今天 10:00 → 明天 12:00", "today 10:00 → tomorrow 12:00"},
	} {
		s := bot.Said{What: bot.SayMoved, Channel: desk, Moves: []bot.Move{{Clock: tickets.ClockResolution, From: tt.from, To: tt.to}}}
		for lang, want := range map[string]string{"zh-CN": tt.zh, "en": tt.en} {
			got := s.View(catalogue(t), bot.Scene{Lang: lang, Now: now, Zone: shanghai, Ticket: tickets.Ticket{Number: 15}}).Summary
			if !strings.HasSuffix(got, want) {
				t.Errorf("%s: %q, want %q at its end", lang, got, want)
			}
		}
	}
}
