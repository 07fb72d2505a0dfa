package intents_test

import (
	"testing"
	"time"

	"gongdan/intents"
)

// deadlineCase is a text about the ticket N of a marketplace, said at an hour of Wednesday 2026-11-18 in Shanghai, with
// month-day hour:minute of when it was made and when it is due.
type deadlineCase struct{ said, text, created, due string }

func wantDeadlines(t *testing.T, cases []deadlineCase) {
	t.Helper()
	c := classifier(t, nil)
	for _, tt := range cases {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-18 "+tt.said, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		f := c.Local(intents.Message{Text: tt.text, Now: at, Zone: shanghai}).Fields
		if created, due := minute(f.PlatformCreated), minute(f.Due); f.Origin != "platform" || created != tt.created || due != tt.due {
			t.Errorf("%s %q of origin %q: created %q, due %q, want %q and %q", tt.said, tt.text, f.Origin, created, due, tt.created, tt.due)
		}
	}
}

// What is left of the time allowed counts from now.
func TestLeftDeadlines(t *testing.T) {
	t.Parallel()
	const zh, en = "天猫协同工单 20241122000444 ", "Tmall coop ticket 20241122000444 "
	wantDeadlines(t, []deadlineCase{
		{"13:37", zh + "距离超时 01:58:00", "", "11-18 15:35"},
		{"13:37", zh + "01:58:00后超时", "", "11-18 15:35"},
		{"13:37", zh + "1:58后超时", "", "11-18 15:35"},
		{"13:37", zh + "距离超时1小时58分", "", "11-18 15:35"},
		{"13:37", zh + "离截止还有1小时58分", "", "11-18 15:35"},
		{"13:37", zh + "离截止还有01:58", "", "11-18 15:35"},
		{"13:37", zh + "还有 01:30 超时", "", "11-18 15:07"},
		{"00:20", zh + "还有 01:30 超时", "", "11-18 01:30"},
		{"13:37", zh + "9:10来的，24小时内要回，距离超时 01:58:00", "11-18 09:10", "11-18 15:35"},
		{"13:37", en + "expires in 1:58:00", "", "11-18 15:35"},
		{"13:37", en + "expires in 01:58", "", "11-18 15:35"},
		{"13:37", en + "times out in 1:58", "", "11-18 15:35"},
		{"13:37", en + "1:58:00 until timeout", "", "11-18 15:35"},
		{"13:37", en + "2 hours until timeout", "", "11-18 15:37"},
		{"13:37", "【抖音电商】服务请求单号 7433225566778899001 距离超时 01:58:00", "", "11-18 15:35"},
		{"13:37", "【抖音电商】服务请求单号 7433225566778899001 01:58:00后超时", "", "11-18 15:35"},
	})
}
