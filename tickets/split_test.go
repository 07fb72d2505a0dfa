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
