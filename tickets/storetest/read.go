package storetest

import (
	"encoding/json"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

type jsonRaw = json.RawMessage

func readTests() map[string]func(*testing.T, *bench) {
	return map[string]func(*testing.T, *bench){
		"what is absent":                  testAbsent,
		"exact keys give newest first":    testFind,
		"facts added later are found":     testFindAmended,
		"documents have versions":         testDocs,
		"records of messages":             testSeen,
		"timelines keep their order":      testTimeline,
		"a caller may change what it got": testIndependent,
		"several tickets at once":         testGather,
	}
}

func testAbsent(t *testing.T, b *bench) {
	if _, err := b.Store.Ticket(t.Context(), b.ws, "none"); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("Ticket() = %v, want not found", err)
	}
	if _, err := b.Store.Timeline(t.Context(), b.ws, "none"); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("Timeline() = %v, want not found", err)
	}
	if _, err := b.Store.Doc(t.Context(), b.ws, "none"); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("Doc() = %v, want not found", err)
	}
	if _, ok, err := b.Store.Seen(t.Context(), b.ws, "C1", "1.1"); ok || err != nil {
		t.Errorf("Seen() = %t, %v, want false", ok, err)
	}
	if n, err := b.Store.NextNumber(t.Context(), b.ws); n != 1 || err != nil {
		t.Errorf("NextNumber() = %d, %v, want 1", n, err)
	}
	if got, err := b.Store.Tickets(t.Context(), b.ws, []tickets.TicketID{"none", "other"}); len(got) > 0 || err != nil {
		t.Errorf("Tickets() = %v, %v, want none", got, err)
	}
	if got, err := b.Store.Tickets(t.Context(), b.ws, nil); len(got) > 0 || err != nil {
		t.Errorf("Tickets(nothing) = %v, %v, want none", got, err)
	}
	b.finds(t, tickets.Key{Kind: tickets.KeyOrder, Value: "1"})
	page, err := b.Store.List(t.Context(), b.ws, tickets.Query{By: tickets.ByCreated})
	if diff := cmp.Diff(tickets.Page{}, page); err != nil || diff != "" {
		t.Errorf("List() = %v mismatch (-want +got):\n%s", err, diff)
	}
	b.whole(t)
}

func testFind(t *testing.T, b *bench) {
	var ids []tickets.TicketID
	for range 25 {
		ids = append([]tickets.TicketID{b.store(t, nil).ID}, ids...)
	}
	b.finds(t, tickets.Key{Kind: tickets.KeyOrder, Value: "2024112233445566778"}, ids[:20]...)
	b.finds(t, tickets.Key{Kind: tickets.KeyNumber, Value: "T-25"}, ids[0])
	b.finds(t, tickets.Key{Kind: tickets.KeyNumber, Value: "T-26"})
}

func testFindAmended(t *testing.T, b *bench) {
	tk := b.store(t, func(tk *tickets.Ticket) { tk.Facts.Waybill = "SF1" })
	next := changed(tk, func(n *tickets.Ticket) {
		n.Facts.Waybill, n.Facts.AfterSale, n.Facts.PlatformNo = "SF2", "A:1", "P 1"
		n.Facts.Orders = []string{"1", "2"}
	})
	b.commit(t, b.change(write(&tk, next, tickets.EvAmended)))
	for _, k := range []tickets.Key{
		{Kind: tickets.KeyWaybill, Value: "SF2"}, {Kind: tickets.KeyAfterSale, Value: "A:1"},
		{Kind: tickets.KeyPlatformNo, Value: "P 1"}, {Kind: tickets.KeyOrder, Value: "1"}, {Kind: tickets.KeyOrder, Value: "2"},
	} {
		b.finds(t, k, tk.ID)
	}
	b.finds(t, tickets.Key{Kind: tickets.KeyWaybill, Value: "SF1"})
	b.finds(t, tickets.Key{Kind: tickets.KeyOrder, Value: "2024112233445566778"})
	b.whole(t)
}

func testDocs(t *testing.T, b *bench) {
	put := func(expect int64, body string) tickets.Change {
		c := b.change()
		c.Docs = []tickets.DocWrite{{Key: "channel/C1 {x}", Expect: expect, Body: []byte(body), Delete: body == ""}}
		return c
	}
	b.commit(t, put(0, `{"on":true}`))
	refused(t, b, put(0, `{}`), tickets.ErrConflict)
	b.commit(t, put(1, `{"on":false}`))
	refused(t, b, put(1, `{}`), tickets.ErrConflict)
	got, err := b.Store.Doc(t.Context(), b.ws, "channel/C1 {x}")
	want := tickets.Doc{Key: "channel/C1 {x}", Version: 2, Body: []byte(`{"on":false}`)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Doc() = %v mismatch (-want +got):\n%s", err, diff)
	}
	refused(t, b, put(1, ""), tickets.ErrConflict)
	b.commit(t, put(2, ""))
	if _, err := b.Store.Doc(t.Context(), b.ws, "channel/C1 {x}"); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("Doc() = %v, want not found", err)
	}
}

func testSeen(t *testing.T, b *bench) {
	want := tickets.Seen{Channel: "C1", TS: "1.000200", Decision: "act", Ticket: "x", Thread: "1.0", Author: "U1", Why: "rules", Listed: true}
	c := b.change()
	c.Seen = []tickets.Seen{want, {Channel: "C1", TS: "1.0003", Decision: "ignore"}}
	b.commit(t, c)
	got, ok, err := b.Store.Seen(t.Context(), b.ws, "C1", "1.000200")
	if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
		t.Errorf("Seen() = %t, %v mismatch (-want +got):\n%s", ok, err, diff)
	}
	c.Seen = []tickets.Seen{{Channel: "C1", TS: "1.000200", Decision: "superseded"}}
	b.commit(t, c)
	if got, _, _ := b.Store.Seen(t.Context(), b.ws, "C1", "1.000200"); got.Decision != "superseded" {
		t.Errorf("Seen().Decision = %q, want superseded", got.Decision)
	}
}

func testTimeline(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	want := write(nil, tk, tickets.EvCreated).Events
	for i := range 10 {
		next := changed(tk, func(*tickets.Ticket) {})
		w := write(&tk, next, tickets.EvNoted)
		w.Events = append(w.Events, tickets.Event{Kind: tickets.EvAmended, At: start(), Version: next.Version, Reason: strconv.Itoa(i)})
		first := w.Events[0]
		w.Events = append(w.Events, first, first) // the same person, time and cause
		w.Events[3].By = ""
		b.commit(t, b.change(w))
		want, tk = append(want, w.Events...), next
	}
	got, err := b.Store.Timeline(t.Context(), b.ws, tk.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Timeline() = %v mismatch (-want +got):\n%s", err, diff)
	}
	b.whole(t)
}

func testIndependent(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	got, err := b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if err != nil {
		t.Fatal(err)
	}
	got.Facts.Orders[0] = "overwritten"
	again, err := b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if diff := cmp.Diff(tk, again); err != nil || diff != "" {
		t.Errorf("Ticket() = %v mismatch (-want +got):\n%s", err, diff)
	}
}

func testGather(t *testing.T, b *bench) {
	want := map[tickets.TicketID]tickets.Ticket{}
	ids := []tickets.TicketID{"none"}
	for range 60 {
		tk := b.store(t, nil)
		want[tk.ID], ids = tk, append(ids, tk.ID)
	}
	ids = append(ids, ids[1]) // twice
	got, err := b.Store.Tickets(t.Context(), b.ws, ids)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Tickets() = %v mismatch (-want +got):\n%s", err, diff)
	}
	got[ids[1]].Facts.Orders[0] = "overwritten"
	again, err := b.Store.Tickets(t.Context(), b.ws, ids)
	if diff := cmp.Diff(want, again); err != nil || diff != "" {
		t.Errorf("Tickets() = %v mismatch (-want +got):\n%s", err, diff)
	}
}
