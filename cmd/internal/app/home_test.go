package app

import (
	"strings"
	"testing"
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

// homePage is the home page that was drawn last.
func (s *stage) homePage() (page string) {
	for _, c := range s.sim.Calls() {
		if c.Method == "views.publish" && c.Error == "" {
			page = c.Args["view"]
		}
	}
	return page
}
