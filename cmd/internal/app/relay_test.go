package app

import (
	"fmt"
	"testing"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// TestRelayEdit has another app post a marketplace's notice and change its deadline, over both transports.
func TestRelayEdit(t *testing.T) {
	t.Parallel()
	for _, overHTTP := range []bool{false, true} {
		t.Run(fmt.Sprintf("over http %t", overHTTP), func(t *testing.T) {
			t.Parallel()
			p := stagePolicy()
			p.Relays = []tickets.Relay{{Bot: "B" + wang, Platform: "tmall", Shop: stageShop}}
			s := newStage(t, set{policy: &p, overHTTP: overHTTP})
			if overHTTP {
				s.sim.SetRequestURL(team, "http://"+s.app.Addr())
			}
			first := s.clock.Now().Add(20 * time.Hour).Truncate(time.Minute)
			second := first.Add(3 * time.Hour)
			notice := func(due time.Time) string {
				return "【天猫协同工单】工单编号：XT20261122001 订单号 2024112233445566778 买家要求退货，请在 " + due.In(p.Zone).Format("2006-01-02 15:04") + " 前处理"
			}
			ts, err := s.sim.Post(wang, teamRoom, notice(first), slacksim.AsBot())
			if err != nil {
				t.Fatal(err)
			}
			s.until("the notice is a ticket", func() bool {
				seen, known, err := s.store.Seen(t.Context(), team, teamRoom, ts)
				return err == nil && known && seen.Ticket != ""
			})
			due := func() time.Time {
				d, _ := s.ticket(teamRoom, ts).Deadline(tickets.ClockPlatform)
				return d.Due
			}
			if !due().Equal(first) {
				t.Fatalf("due %v, want %v", due(), first)
			}
			if err := s.sim.Edit(wang, teamRoom, ts, notice(second)); err != nil {
				t.Fatal(err)
			}
			s.until("its deadline follows", func() bool { return due().Equal(second) })
		})
	}
}
