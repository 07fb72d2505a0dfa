package redisstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/storetest"
)

// TestMemory sums MEMORY USAGE over all keys of a workspace of open tickets with ten events each. Outbox and
// feed do not count: one empties itself, the other is trimmed.
func TestMemory(t *testing.T) {
	t.Parallel()
	h := newHarness(t, storetest.Redis(t))
	h.Take(ws)
	const n, limit = 1000, 4096
	now := time.Date(2026, 3, 2, 9, 30, 0, 123000000, time.UTC)
	var versions [][]tickets.TicketWrite
	for i := range n {
		versions = append(versions, life(now.Add(time.Duration(i)*time.Second), i))
	}
	for v := range versions[0] {
		for i := 0; i < n; i += tickets.MaxWrites {
			c := tickets.Change{Workspace: ws, Epoch: 1}
			for _, life := range versions[i : i+tickets.MaxWrites] {
				c.Tickets = append(c.Tickets, life[v])
			}
			if _, err := h.store.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	total, kinds := int64(0), map[string]int64{}
	for _, name := range h.names(t) {
		b, err := h.client.MemoryUsage(t.Context(), h.prefix+name, 0).Result()
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(name[strings.Index(name, "}:")+2:], ":")
		total, kinds[kind] = total+b, kinds[kind]+b
	}
	t.Logf("%d bytes a ticket; of %d tickets: %v", total/n, n, kinds)
	if total/n > limit {
		t.Errorf("%d bytes a ticket, want at most %d", total/n, limit)
	}
}

// life is a ticket as it is made, claimed, noted upon and reminded of: ten events in four changes.
func life(at time.Time, i int) []tickets.TicketWrite {
	cause := tickets.CauseID(fmt.Sprintf("in:W1/C0123456789/%d.000200", 1772415000+i))
	tk := tickets.Ticket{
		Schema: tickets.Schema, ID: tickets.TicketIDFor(ws, fmt.Sprint(i)), Workspace: ws, Number: tickets.Number(i + 1), Version: 1,
		Status: tickets.StatusNew, Type: "goods_return", Severity: tickets.SeverityNormal, Origin: tickets.OriginInternal,
		Facts: tickets.Facts{Shop: fmt.Sprintf("小杯子旗舰店%d", i%20), Platform: "tmall", Orders: []string{fmt.Sprint(2024112233445566778 + i)}, Waybill: fmt.Sprintf("SF%013d", i)},
		Source: tickets.Source{Kind: "message", Channel: "C0123456789", TS: fmt.Sprintf("%d.000200", 1772415000+i), Thread: fmt.Sprintf("%d.000200", 1772415000+i),
			Text: "订单 2024112233445566778 买家说收到的杯子碎了，要退货，麻烦尽快处理一下，谢谢", Lang: "zh-CN"},
		Requester: tickets.UserID(fmt.Sprintf("U01234567%02d", i%30)), Created: at, Updated: at, Wake: at.Add(time.Hour),
		Deadlines: []tickets.Deadline{
			{Kind: tickets.ClockFirstResponse, Start: at, Due: at.Add(30 * time.Minute), Version: 1, Rule: "internal"},
			{Kind: tickets.ClockResolution, Start: at, Due: at.Add(24 * time.Hour), Version: 1, Rule: "internal"},
		},
		Decision: `{"by":"local","type":"goods_return","p":0.97,"why":"keywords"}`,
	}
	out := []tickets.TicketWrite{write(nil, tk, cause, tickets.EvCreated, tickets.EvAssigned)}
	for v, kinds := range [][]tickets.EventKind{
		{tickets.EvStarted, tickets.EvAssigned, tickets.EvResponded}, {tickets.EvNoted, tickets.EvAmended}, {tickets.EvReminded, tickets.EvSkipped, tickets.EvNoted},
	} {
		before := tk
		tk.Version, tk.Status, tk.Assignee = int64(v+2), tickets.StatusInProgress, tickets.UserID(fmt.Sprintf("U01234567%02d", i%10))
		tk.Updated, tk.Started, tk.Wake = tk.Updated.Add(time.Minute), at.Add(time.Minute), tk.Wake.Add(time.Hour)
		out = append(out, write(&before, tk, cause, kinds...))
	}
	return out
}

func write(before *tickets.Ticket, after tickets.Ticket, cause tickets.CauseID, kinds ...tickets.EventKind) tickets.TicketWrite {
	w := tickets.TicketWrite{Before: before, After: after}
	for _, k := range kinds {
		e := tickets.Event{Kind: k, At: after.Updated, Version: after.Version, Cause: cause, By: "U0123456701"}
		if k == tickets.EvNoted {
			e.Message = tickets.Message{Channel: "C0123456789", TS: "1772415000.000300", Text: "已经联系仓库补发，单号稍后给到"}
		}
		if k == tickets.EvReminded {
			e.Clock, e.Step, e.Due = tickets.ClockResolution, "50%", after.Wake
		}
		w.Events = append(w.Events, e)
	}
	return w
}
