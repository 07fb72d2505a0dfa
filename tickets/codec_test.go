package tickets_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gongdan/tickets"
)

// worked is an open ticket with what tickets usually carry.
func worked(t *testing.T) tickets.Ticket {
	d := platformDraft()
	d.Facts.PlatformNo, d.Facts.AfterSale, d.Facts.Amount = "TM20241122001", "88997766", "129.00"
	d.BackOffice = noon.Add(26 * time.Hour)
	d.Source.Text = strings.Repeat("买家说收到的杯子碎了，要退货，", 4)
	d.Decision = "local:goods_return 0.97"
	s := tell(t, d)
	s.by(li, tickets.CmdClaim)
	s.at(3*time.Minute).by(li, tickets.CmdNote)
	s.do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: tickets.PartyWarehouse})
	s.at(25*time.Hour + 30*time.Minute).wake()
	s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang})
	return s.ticket
}

func TestCodecRoundTrip(t *testing.T) {
	t.Parallel()
	want := worked(t)
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 1400 {
		t.Errorf("stored form is %d bytes, want ≤ 1400:\n%s", len(b), b)
	}
	var got tickets.Ticket
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
}

func TestUnknownFieldsAreKept(t *testing.T) {
	t.Parallel()
	in := `{"schema":1,"id":"t1","workspace":"W","number":1,"version":3,"status":"new","mood":{"b":[1, 2],"a":null},"Unknown":7,"-":"x","rating":5}`
	var got tickets.Ticket
	if err := json.Unmarshal([]byte(in), &got); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for k := range got.Unknown {
		names[k] = true
	}
	if diff := cmp.Diff(map[string]bool{"mood": true, "Unknown": true, "-": true, "rating": true}, names); diff != "" {
		t.Errorf("unknown fields (-want +got):\n%s", diff)
	}
	r, err := tickets.Apply(&got, full(tickets.CmdClaim, li), tickets.Env{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"mood":{"b":[1,2],"a":null}`, `"rating":5`, `"Unknown":7`, `"-":"x"`, `"version":4`} {
		if strings.Count(string(b), want) != 1 {
			t.Errorf("%s does not hold %s once", b, want)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`{"schema":3,"id":"t1"}`,
		`{"schema":3,"id":{"now":"an object"}}`,
		`{"id":{"now":"an object"},"schema":99}`,
	} {
		got := tickets.Ticket{ID: "before"}
		if err := json.Unmarshal([]byte(in), &got); !errors.Is(err, tickets.ErrNewerSchema) {
			t.Errorf("Unmarshal(%s) = %v, want ErrNewerSchema", in, err)
		}
		if got.ID != "before" {
			t.Errorf("Unmarshal(%s) changed the ticket", in)
		}
	}
	for _, in := range []string{`{"schema":"1"}`, `{"id":1}`, `[]`, `7`, `{"schema":1,"extra":1,"number":"x"}`} {
		var got tickets.Ticket
		if err := json.Unmarshal([]byte(in), &got); err == nil || errors.Is(err, tickets.ErrNewerSchema) {
			t.Errorf("Unmarshal(%s) = %v, want an ordinary error", in, err)
		}
	}
}

func FuzzUnmarshalTicket(f *testing.F) {
	f.Add([]byte(`{"schema":1,"id":"t1","status":"new","deadlines":[{"kind":"platform","due":"2026-11-22T04:00:00+08:00"}],"x":1}`))
	f.Add([]byte(`{"STATUS":"new","ſchema":1,"facts":{"orders":[]},"":0}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"schema":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var once, twice tickets.Ticket
		if err := json.Unmarshal(data, &once); err != nil {
			return
		}
		if once.Schema > tickets.Schema {
			t.Fatalf("schema %d was read", once.Schema)
		}
		b, err := json.Marshal(once)
		if err != nil {
			t.Fatalf("a ticket that was read cannot be written: %v", err)
		}
		if err := json.Unmarshal(b, &twice); err != nil {
			t.Fatalf("read again: %v\n%s", err, b)
		}
		if diff := cmp.Diff(once, twice, cmpopts.EquateEmpty(), cmp.Transformer("compact", compactRaw)); diff != "" {
			t.Fatalf("read again (-first +second):\n%s", diff)
		}
	})
}

// compactRaw brings a raw value to the form in which it is written.
func compactRaw(m json.RawMessage) string {
	b, err := json.Marshal(m)
	if err != nil {
		return "bad: " + string(m)
	}
	return string(b)
}

func BenchmarkCodec(b *testing.B) {
	t := tickets.Ticket{Schema: 1, ID: "t1", Workspace: "W", Number: 1, Status: tickets.StatusNew, Created: noon, Updated: noon}
	raw, err := json.Marshal(t)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := json.Unmarshal(raw, &t); err != nil {
			b.Fatal(err)
		}
	}
}
