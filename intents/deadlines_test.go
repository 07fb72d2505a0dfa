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

// The time allowed counts from when the ticket came in, in whatever words that is said.
func TestCreatedDeadlines(t *testing.T) {
	t.Parallel()
	const zh, en = "天猫协同工单 20241122000444 ", "Tmall coop ticket 20241122000444 "
	wantDeadlines(t, []deadlineCase{
		{"13:37", zh + "早上9:10来了，24小时内要回", "11-18 09:10", "11-19 09:10"},
		{"13:37", zh + "早上9:10就来了 24小时内回复", "11-18 09:10", "11-19 09:10"},
		{"13:37", "早上9:10来了个天猫协同工单 20241122000444 24小时内回复", "11-18 09:10", "11-19 09:10"},
		{"13:37", "昨天下午三点来了天猫协同工单 20241122000444 24小时内回复", "11-17 15:00", "11-18 15:00"},
		{"13:37", "昨天下午三点天猫下了协同工单 20241122000444 24小时内回复", "11-17 15:00", "11-18 15:00"},
		{"13:37", zh + "9:10分收到的24小时内要回", "11-18 09:10", "11-19 09:10"},
		{"13:37", zh + "早上9:10推过来的 24小时内回复", "11-18 09:10", "11-19 09:10"},
		{"13:37", zh + "早上9:10跳出来的 24小时内回复", "11-18 09:10", "11-19 09:10"},
		{"13:37", zh + "半小时前下来的，2小时内要回", "11-18 13:07", "11-18 15:07"},
		{"13:37", "yesterday at 3pm a Tmall coop ticket 20241122000444 came in, answer within 24h", "11-17 15:00", "11-18 15:00"},
		{"13:37", "Tmall sent us coop ticket 20241122000444 at 9:10 this morning, answer within 24h", "11-18 09:10", "11-19 09:10"},
		{"13:37", "Tmall opened coop ticket 20241122000444 this morning at 9:10, we have 24h", "11-18 09:10", "11-19 09:10"},
		{"13:37", zh + "已经来了20小时，24小时内要回", "11-17 17:37", "11-18 17:37"},
		{"13:37", zh + "来了4个小时了，24小时内要回", "11-18 09:37", "11-19 09:37"},
		{"13:37", en + "has been open for 20 hours, must answer within 24h", "11-17 17:37", "11-18 17:37"},
		{"13:37", en + "is 20 hours old, must answer within 24h", "11-17 17:37", "11-18 17:37"},
		{"13:37", "抖店服务请求 7433225566778899001 早上9:10来了，2小时内要回", "11-18 09:10", "11-18 11:10"},
		// no word says so, and no other whose time it is
		{"13:37", zh + "（9:10）24小时内回", "", "11-19 09:10"},
		{"13:37", en + "was there at 9:10 this morning, answer within 24h", "", "11-19 09:10"},
		// it is the buyer's or the goods'
		{"13:37", zh + "买家昨天下午三点来了，24小时内要回", "", "11-19 13:37"},
		{"13:37", zh + "昨天下午三点来了个买家，24小时内要回", "", "11-19 13:37"},
		{"13:37", zh + "昨天下午三点买家在天猫下了单，24小时内要回", "", "11-19 13:37"},
		{"13:37", en + "the buyer paid yesterday at 3pm, answer within 24h", "", "11-19 13:37"},
		{"13:37", zh + "买家昨天9:10催过，24小时内要回", "", "11-19 13:37"},
		{"13:37", zh + "今天24小时内要回", "", "11-19 13:37"},
		{"13:37", en + "the parcel came yesterday at 3pm, answer within 24h", "", "11-19 13:37"},
	})
}

// A deadline that has passed starts no fresh time.
func TestPassedDeadlines(t *testing.T) {
	t.Parallel()
	const zh, en = "天猫协同工单 20241122000444 ", "Tmall coop ticket 20241122000444 "
	wantDeadlines(t, []deadlineCase{
		{"20:10", zh + "今晚8点前要回，还没回", "", "11-18 20:00"},
		{"20:10", zh + "今天20:00截止", "", "11-18 20:00"},
		{"20:10", zh + "截止时间 2026-11-18 20:00", "", "11-18 20:00"},
		{"20:10", zh + "周三18点前要回", "", "11-18 18:00"},
		{"13:37", zh + "昨天18点截止", "", "11-17 18:00"},
		{"13:37", zh + "今天10:00截止的，还没回", "", "11-18 10:00"},
		{"20:10", en + "due 8pm today", "", "11-18 20:00"},
		{"13:37", en + "was due at noon", "", "11-18 12:00"},
		{"13:37", en + "deadline was 10am", "", "11-18 10:00"},
		{"13:37", en + "expired 10 minutes ago", "", "11-18 13:27"},
		{"13:37", zh + "已超时 00:20:00", "", "11-18 13:17"},
		{"13:37", "【抖音电商】服务请求单号 7433225566778899001 已超时 00:20:00", "", "11-18 13:17"},
		{"13:37", zh + "已经超时20分钟", "", "11-18 13:17"},
		{"13:37", zh + "已逾期2小时", "", "11-18 11:37"},
		{"13:37", zh + "超时2小时了", "", "11-18 11:37"},
		{"13:37", en + "overdue by 20 minutes", "", "11-18 13:17"},
		{"13:37", en + "is 20 mins overdue", "", "11-18 13:17"},
		// what lies ahead counts, and what is no deadline does not
		{"13:37", zh + "昨天18点截止，改到今天18点前", "", "11-18 18:00"},
		{"13:37", zh + "昨天18点前联系过买家", "", ""},
		{"13:37", zh + "快递已超时2小时", "", ""},
		{"13:37", zh + "即将超时 2小时", "", ""},
		{"13:37", zh + "已超时48小时未发货，今天18点前要回", "", "11-18 18:00"},
		{"13:37", zh + "已超时2小时未回复", "", "11-18 11:37"},
	})
}

// 12 o'clock and the small hours are the coming ones, and an evening spoken of at night is the one before.
func TestMidnightDeadlines(t *testing.T) {
	t.Parallel()
	const zh, en = "天猫协同工单 20241122000444 ", "Tmall coop ticket 20241122000444 "
	wantDeadlines(t, []deadlineCase{
		{"00:20", zh + "今晚1点前要回", "", "11-18 01:00"},
		{"13:37", zh + "今晚1点前要回", "", "11-19 01:00"},
		{"23:50", zh + "今晚1点前要回", "", "11-19 01:00"},
		{"00:20", en + "due by 1am tonight", "", "11-18 01:00"},
		{"13:37", en + "due by 12am tonight", "", "11-19 00:00"},
		{"13:37", zh + "今晚零点前要回", "", "11-19 00:00"},
		{"13:37", zh + "今晚0点前要回", "", "11-19 00:00"},
		{"13:37", zh + "今天0点前要回", "", "11-19 00:00"},
		{"13:37", zh + "今天12点截止", "", "11-19 00:00"},
		{"10:37", zh + "今天12点截止", "", "11-18 12:00"},
		{"13:37", zh + "12点前要回", "", "11-19 00:00"},
		{"23:50", zh + "12点前要回", "", "11-19 00:00"},
		{"13:37", zh + "中午12点前要回", "", "11-19 12:00"},
		{"23:50", zh + "明天12点前要回", "", "11-19 12:00"},
		{"13:37", zh + "今晚5点前要回", "", "11-18 17:00"},
		{"00:30", zh + "今晚11点来的，2小时内要回", "11-17 23:00", "11-18 01:00"},
		{"00:10", en + "came in tonight at 11pm, must answer within 2 hours", "11-17 23:00", "11-18 01:00"},
		{"13:37", zh + "昨晚1点来的，24小时内要回", "11-18 01:00", "11-19 01:00"},
	})
}
