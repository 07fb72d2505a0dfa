package tickets_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func TestEntries(t *testing.T) {
	t.Parallel()
	by := func(tk tickets.Ticket) []string {
		var out []string
		for _, e := range tk.Entries() {
			out = append(out, fmt.Sprintf("%s %s %v", e.By, e.Value, time.UnixMilli(e.Score).Sub(noon)))
		}
		return out
	}
	d := draft()
	d.Assignee = li.ID
	s := tell(t, d)
	want := []string{"created  0s", "status assigned 0s", "shop 青禾 0s", "requester UASK 0s", "due  30m0s", "assignee ULI 30m0s"}
	if diff := cmp.Diff(want, by(s.ticket)); diff != "" {
		t.Errorf("entries of an open ticket (-want +got):\n%s", diff)
	}
	s.at(time.Hour).by(li, tickets.CmdResolve)
	want = []string{"created  0s", "status resolved 1h0m0s", "shop 青禾 0s", "requester UASK 0s"}
	if diff := cmp.Diff(want, by(s.ticket)); diff != "" {
		t.Errorf("entries of a resolved ticket (-want +got):\n%s", diff)
	}
	s.at(73 * time.Hour).wake()
	s.at(73*time.Hour + 30*day).wake()
	want = []string{"created  0s", "status archived 793h0m0s", "shop 青禾 0s"}
	if diff := cmp.Diff(want, by(s.ticket)); diff != "" {
		t.Errorf("entries of an archived ticket (-want +got):\n%s", diff)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	d := draft()
	d.Facts = tickets.Facts{Orders: []string{"1", "2"}, AfterSale: "a", Waybill: "w", PlatformNo: "p"}
	got := tell(t, d).ticket.Keys()
	want := []tickets.Key{
		{Kind: tickets.KeyNumber, Value: "T-1042"}, {Kind: tickets.KeyOrder, Value: "1"}, {Kind: tickets.KeyOrder, Value: "2"},
		{Kind: tickets.KeyAfterSale, Value: "a"}, {Kind: tickets.KeyWaybill, Value: "w"}, {Kind: tickets.KeyPlatformNo, Value: "p"},
		{Kind: tickets.KeySource, Value: "C1/1.1"}, {Kind: tickets.KeyThread, Value: "C1/1.1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestIDsAndShardsStayTheSame(t *testing.T) {
	t.Parallel()
	// These are stored; a change of either would orphan what is there.
	if got, want := tickets.TicketIDFor("W1", "message:C1/1.1"), tickets.TicketID("2p4gd7wwhzmru5y7"); got != want {
		t.Errorf("TicketIDFor = %s, want %s", got, want)
	}
	if got, want := tickets.ShardOf("W1", 16), tickets.Shard(5); got != want {
		t.Errorf("ShardOf = %d, want %d", got, want)
	}
	if tickets.TicketIDFor("W1", "2x") == tickets.TicketIDFor("W12", "x") {
		t.Error("workspace and natural key run into each other")
	}
}
