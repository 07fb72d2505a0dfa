package tickets

import (
	"slices"
	"time"
)

// Entry is one place of a ticket in the index of a list.
type Entry struct {
	By    ListBy
	Value string
	Score int64 // Unix milliseconds
}

// Entries are the list indexes a ticket belongs in: those by assignee and due hold open tickets only,
// and an archived ticket keeps only created, status and shop.
func (t Ticket) Entries() []Entry {
	out := make([]Entry, 0, 6)
	out = append(out, Entry{By: ByCreated, Score: t.Created.UnixMilli()},
		Entry{By: ByStatus, Value: string(t.Status), Score: t.Updated.UnixMilli()})
	if t.Facts.Shop != "" {
		out = append(out, Entry{By: ByShop, Value: t.Facts.Shop, Score: t.Created.UnixMilli()})
	}
	if t.Status == StatusArchived {
		return out
	}
	if t.Requester != "" {
		out = append(out, Entry{By: ByRequester, Value: string(t.Requester), Score: t.Created.UnixMilli()})
	}
	if t.Status.Open() {
		due := int64(farFuture)
		if d := t.NextDue(); !d.IsZero() {
			due = d.UnixMilli()
		}
		out = append(out, Entry{By: ByDue, Score: due})
		if t.Assignee != "" {
			out = append(out, Entry{By: ByAssignee, Value: string(t.Assignee), Score: due})
		}
	}
	return out
}

// farFuture sorts tickets without a deadline last; it is year 9999 in Unix milliseconds.
const farFuture = 253402300799000

// NextDue is the soonest due time of the running clocks; zero if none runs. A clock that pauses is not due yet.
func (t Ticket) NextDue() time.Time {
	var next time.Time
	for _, d := range t.Deadlines {
		if d.Running() && !d.Paused() && (next.IsZero() || d.Due.Before(next)) {
			next = d.Due
		}
	}
	return next
}

// Keys are the exact keys under which a ticket is found, without duplicates.
func (t Ticket) Keys() []Key {
	out := make([]Key, 0, 8)
	out = append(out, Key{KeyNumber, t.Number.String()})
	add := func(k KeyKind, v string) {
		if v != "" {
			out = append(out, Key{k, v})
		}
	}
	for i, o := range t.Facts.Orders {
		if !slices.Contains(t.Facts.Orders[:i], o) {
			add(KeyOrder, o)
		}
	}
	add(KeyAfterSale, t.Facts.AfterSale)
	add(KeyWaybill, t.Facts.Waybill)
	add(KeyPlatformNo, t.Facts.PlatformNo)
	if t.Source.Channel != "" && t.Source.TS != "" {
		add(KeySource, string(t.Source.Channel)+"/"+t.Source.TS)
	}
	if t.Source.Channel != "" && t.Source.Thread != "" {
		add(KeyThread, string(t.Source.Channel)+"/"+t.Source.Thread)
	}
	return out
}

// Unique tells whether at most one ticket may hold a key of this kind.
func (k KeyKind) Unique() bool { return k == KeyNumber || k == KeySource || k == KeyThread }
