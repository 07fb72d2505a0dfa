package entities_test

import (
	"testing"
	"time"

	"gongdan/intents/entities"
)

// TestTimesThatAreNone: what comes round again and again, and days of the lunar calendar, are no instants. What stands
// beside them, and what only looks like them, still is. Said on Wednesday 2026-11-18 at 10:30 in Shanghai.
func TestTimesThatAreNone(t *testing.T) {
	t.Parallel()
	for text, expect := range map[string]string{
		"每周一": "-", "每周一上午十点盘点": "-", "每周一前提交周报": "-", "每逢周五下午": "-", "逢周三发货": "-", "隔周三上午10点": "-", "每个星期五18:00前": "-",
		"每天18:00前发货": "-", "每日下午三点前": "-", "每晚八点直播": "-", "天天晚上八点": "-", "每个工作日9点到18点": "-", "每周一到周五9点到18点": "-",
		"每月15号前对账": "-", "每个月底前": "-", "每年3月15日": "-", "每两小时回复一次": "-", "每隔30分钟催一次": "-", "每周三次": "-", "每24小时内": "-",
		"every Monday": "-", "every Monday at 10am": "-", "each Friday by 6pm": "-", "daily by 6pm": "-", "every day before 18:00": "-", "every 2 hours": "-",
		"by 6pm every day": "-", "Monday 10am every week": "-", "every other week on Friday": "-",
		"大年初三": "-", "大年初三上午十点前": "-", "正月初八前发货": "-", "正月十五前处理": "-", "腊月二十三上午十点": "-", "农历八月十五": "-", "农历8月15日前": "-",
		"阴历三月初五下午": "-", "八月初五": "-", "八月初五上午十点": "-", "初五上午十点": "-", "初八前": "-", "下月初五前": "-",
		// in the other direction
		"每天都催，今天18:00前回复": "d 11-18 18:00", "每天今天18点前": "d 11-18 18:00", "每晚八点直播，明天下午三点前回": "d 11-19 15:00",
		"每个订单24小时内回复": "d 11-19 10:30", "周一前": "d 11-23 00:00", "下周一上午": "p 11-23 08:00", "本月15号": "a 11-15 00:00",
		"every order within 2 hours": "d 11-18 12:30", "reply by Friday 6pm, each order": "d 11-20 18:00", "by Monday, every shop": "d 11-23 23:59",
		"12月初": "p 12-01 00:00", "下月初": "p 12-01 00:00", "12月初三天内": "p 12-01 00:00;d 11-21 10:30", "12月初八点前": "d 12-01 08:00", "12月初一定发货": "p 12-01 00:00",
		"农历新年前，明天十点前": "d 11-19 10:00",
	} {
		var got, want []string
		for _, e := range entities.Find(text, options) {
			if e.Type == entities.Time {
				at, _ := time.Parse(time.RFC3339, e.Value)
				got = append(got, string(e.Sense)+" "+at.In(shanghai).Format("2006-01-02 15:04"))
			}
		}
		want = wantTimes(t, expect)
		if len(got) != len(want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: got %v, want %v", text, got, want)
			}
		}
	}
}
