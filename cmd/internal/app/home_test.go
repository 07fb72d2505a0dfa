package app

import (
	"strings"
	"testing"

	"gongdan/bot"
)

// What is pressed on the home page is answered directly, since the page is no place to answer at, and shows on the page.
func TestHomeIsUsed(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, "@小李 "+mug)
	s.carded(teamRoom, ts, "小李")
	s.sim.OpenHome(team, li)
	s.until("the home page shows the ticket", func() bool { return strings.Contains(s.homePage(), "T-1") })
	id := string(s.ticket(teamRoom, ts).ID)
	if err := s.sim.ClickView(li, "more_do", "show|"+id); err != nil {
		t.Fatal(err)
	}
	s.direct(li, "T-1", "经过")
	if err := s.sim.ClickView(li, "claim", id); err != nil {
		t.Fatal(err)
	}
	s.until("the home page shows what was pressed", func() bool { return strings.Contains(s.homePage(), "处理中") })
}

// What is decided about in the list of possible misses that the home page opens no longer counts on the page.
func TestHomeCountsWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	for by, doubtful := range map[string]string{anna: "买家那个事你们看下呗", li: "这个买家有点难搞，帮忙看看"} { // of one person they would be one matter
		s.post(by, teamRoom, doubtful)
		s.until("the message is asked about", func() bool { return len(s.sim.Ephemerals(teamRoom, by)) > 0 })
	}
	s.settled()
	s.sim.OpenHome(team, li)
	s.until("the home page counts them", func() bool { return strings.Contains(s.homePage(), "疑似漏单 2 条") })
	if err := s.sim.ClickView(li, bot.ActList, bot.ListMissed); err != nil {
		t.Fatal(err)
	}
	list := s.direct(li, "疑似漏单 2 条")
	s.click(li, list, bot.ActMakeNot)
	s.until("one is left on the home page", func() bool { return strings.Contains(s.homePage(), "疑似漏单 1 条") })
	list = s.direct(li, "疑似漏单 1 条", "已确认不是工单") // drawn anew in its place
	s.click(li, list, bot.ActMake)
	s.until("none is left on the home page", func() bool { return !strings.Contains(s.homePage(), "疑似漏单") })
	s.direct(li, "疑似漏单 0 条", "已确认不是工单", "已建工单 T-1")
}

// homePage is the home page that was drawn last.
func (s *stage) homePage() (page string) {
	for _, c := range s.sim.Calls() {
		if c.Method == "views.publish" && c.Error == "" {
			page = c.Args["view"]
		}
	}
	return page
}
