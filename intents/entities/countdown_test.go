package entities_test

import (
	"testing"
	"time"

	"gongdan/intents/entities"
)

// What counts down is a length of time; a time of day stays one. Said on Wednesday 2026-11-18 at 10:30 in Shanghai.
func TestCountdowns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"剩余 01:58:00": "duration 11-18 12:28:00", "剩余01:58:00，请尽快处理": "duration 11-18 12:28:00", "还剩 1:58": "duration 11-18 12:28:00",
		"还有 01:58:00": "duration 11-18 12:28:00", "剩余处理时间：01:58:00": "duration 11-18 12:28:00", "倒计时 23:58:07": "duration 11-19 10:28:07",
		"剩余 47:58:00": "duration 11-20 10:28:00", "剩余1天 01:58:00": "duration 11-19 12:28:00", "剩余：01时58分": "duration 11-18 12:28:00",
		"剩余：01时58分09秒": "duration 11-18 12:28:09", "已超时 01:58:00": "duration 11-18 12:28:00",
		"01:58:00 left": "duration 11-18 12:28:00", "time left: 01:58:00": "duration 11-18 12:28:00", "01:58:00 remaining.": "duration 11-18 12:28:00",
		"1 day 01:58:00 left": "duration 11-19 12:28:00", "1h50m left": "duration 11-18 12:20:00", "an hour left": "duration 11-18 11:30:00", "2h 05m": "duration 11-18 12:35:00",
		"距离超时 01:58:00": "duration 11-18 12:28:00", "01:58:00后超时": "duration 11-18 12:28:00", "01:58:00 后超时": "duration 11-18 12:28:00", "1:58后超时": "duration 11-18 12:28:00",
		"还有 01:30 超时": "duration 11-18 12:00:00", "离截止还有01:58": "duration 11-18 12:28:00", "距截止时间还有 01:58": "duration 11-18 12:28:00",
		"expires in 1:58:00": "duration 11-18 12:28:00", "expires in 01:58": "duration 11-18 12:28:00", "times out in 1:58": "duration 11-18 12:28:00", "1:58:00 until timeout": "duration 11-18 12:28:00",
		// a time of day
		"还有18:30超时": "point 11-18 18:30:00", "还有08:30超时的那张": "past 11-18 08:30:00", "截止18:30后": "deadline 11-18 18:30:00",
		"18:30:00": "point 11-18 18:30:00", "剩余18:30前回": "deadline 11-18 18:30:00", "还有18:30的那张": "point 11-18 18:30:00", "还剩18:30那单": "point 11-18 18:30:00",
		"the courier left 18:30:00 sharp": "point 11-18 18:30:00", "18:30 left the warehouse": "point 11-18 18:30:00", "截止 18:30:00": "deadline 11-18 18:30:00",
		// how long ago, and last night's hours
		"came in 2 hours ago": "past 11-18 08:30:00", "in 2 hours": "point 11-18 12:30:00",
		"last night at 22:10": "past 11-17 22:10:00", "22:10 last night": "past 11-17 22:10:00", "1:30 last night": "past 11-18 01:30:00", "last night": "past 11-18 00:00:00",
	} {
		var got string
		for _, e := range entities.Find(text, options) {
			if e.Type == entities.Time {
				at, _ := time.Parse(time.RFC3339, e.Value)
				got += string(e.Sense) + " " + at.In(shanghai).Format("01-02 15:04:05")
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
