package tickets_test

import (
	"slices"
	"testing"

	"gongdan/tickets"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: li, Facts: tickets.Facts{Orders: []string{"2", "3"}}})
	first := s.ticket.Facts.Orders[0]
	go2 := tickets.Command{Kind: tickets.CmdSplit, Actor: li, Facts: tickets.Facts{Orders: []string{"2", "3"}}}
	s.do(go2)
	if !slices.Equal(s.ticket.Facts.Orders, []string{first}) {
		t.Errorf("orders = %v, want %s alone", s.ticket.Facts.Orders, first)
	}
	version := s.ticket.Version
	s.do(go2) // once
	if s.ticket.Version != version {
		t.Error("splitting again changed the ticket")
	}
	s.refused(tickets.Command{Kind: tickets.CmdSplit, Actor: li, Facts: tickets.Facts{Orders: []string{first}}}, tickets.ReasonBadValue)
	s.refused(tickets.Command{Kind: tickets.CmdSplit, Actor: shop, Facts: tickets.Facts{Orders: []string{"2"}}}, tickets.ReasonNotPermitted)
}

// A number that was told wrongly gives its place to the right one, and only where it still stands.
func TestRenumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		have, was, is []string
		want          []string
	}{
		{"in its place", []string{"1", "2", "3"}, []string{"2"}, []string{"9"}, []string{"1", "9", "3"}},
		{"two at once", []string{"1", "2"}, []string{"1", "2"}, []string{"8", "9"}, []string{"8", "9"}},
		{"two that change places stay both", []string{"1", "2"}, []string{"1", "2"}, []string{"2", "1"}, []string{"1", "2"}},
		{"one that is there already", []string{"1", "2"}, []string{"1"}, []string{"2"}, []string{"2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft()
			d.Facts.Orders, d.Facts.Waybill = tt.have, "SF1"
			s := tell(t, d)
			c := tickets.Command{Kind: tickets.CmdAmend, Actor: li, Was: tickets.Facts{Orders: tt.was, Waybill: "SF1"},
				Facts: tickets.Facts{Orders: tt.is, Waybill: "SF2"}}
			s.do(c)
			if got := s.ticket.Facts; !slices.Equal(got.Orders, tt.want) || got.Waybill != "SF2" {
				t.Errorf("orders %v, waybill %s, want %v, SF2", got.Orders, got.Waybill, tt.want)
			}
		})
	}
	s := tell(t, draft())
	s.refused(tickets.Command{Kind: tickets.CmdAmend, Actor: shop, Was: tickets.Facts{Orders: s.ticket.Facts.Orders},
		Facts: tickets.Facts{Orders: []string{"9"}}}, tickets.ReasonNotPermitted)
}
