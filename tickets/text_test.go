package tickets_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gongdan/tickets"
)

func TestTextIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("杯", tickets.MaxText)
	tests := []struct{ name, in, want string }{
		{"plain", "杯子碎了", "杯子碎了"},
		{"line breaks and tabs stay", "a\nb\tc", "a\nb\tc"},
		{"controls go", "a\x00b\x1bc\r\nd\u0085", "abc\nd"},
		{"invalid bytes are shown as such", "a\xff\xfeb", "a\uFFFD\uFFFDb"},
		{"exactly as long as may be", long, long},
		{"longer", long + "子", long},
		{"cut between code points", strings.Repeat("😀", 40000), strings.Repeat("😀", tickets.MaxText)},
		{"controls do not count", "\x00" + long, long},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft()
			d.Source.Text = tt.in
			s := tell(t, d)
			if s.ticket.Source.Text != tt.want {
				t.Errorf("source text = %q, want %q", s.ticket.Source.Text, tt.want)
			}
			c := full(tickets.CmdResolve, li)
			c.Reason, c.Message.Text = tt.in, tt.in
			e := s.do(c).Events[0]
			if e.Reason != tt.want || e.Message.Text != tt.want || s.ticket.Outcome != tt.want {
				t.Errorf("event = %q, %q, outcome %q, want %q", e.Reason, e.Message.Text, s.ticket.Outcome, tt.want)
			}
		})
	}
}

// TestNastyStrings keeps every string of a public list of troublesome ones in every place a person can write to.
func TestNastyStrings(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(sharedData(), "nasty", "blns.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared/data is absent")
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil || len(list) < 100 {
		t.Fatalf("read %d strings: %v", len(list), err)
	}
	for _, in := range list {
		d := draft()
		d.Source.Text, d.Facts.Shop, d.Facts.Orders, d.Decision = in, in, []string{in}, in
		s := tell(t, d)
		r := s.do(tickets.Command{Kind: tickets.CmdResolve, Actor: li, Reason: in, Message: tickets.Message{TS: "2.2", Text: in}})
		b, err := json.Marshal(r)
		if err != nil || !utf8.Valid(b) || bytes.Contains(b, []byte(`\u0000`)) {
			t.Errorf("%q is stored as %s, %v", in, b, err)
		}
		var back tickets.Result
		if err := json.Unmarshal(b, &back); err != nil {
			t.Errorf("%q is not read again: %v", in, err)
		}
		if diff := cmp.Diff(r, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q comes back changed (-want +got):\n%s", in, diff)
		}
	}
}

// sharedData is where public test data lies beside the repository, if anywhere.
func sharedData() string {
	if dir := os.Getenv("GONGDAN_SHARED_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared", "data")
}

func TestHostileFactsAndFilesAreBounded(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("x\x00", 5000)
	d := draft()
	d.Facts = tickets.Facts{Shop: huge, Platform: tickets.Platform(huge), SKU: huge, Orders: []string{huge, huge, " "}}
	s := tell(t, d)
	f := s.ticket.Facts
	for _, v := range []string{f.Shop, string(f.Platform), f.SKU, f.Order()} {
		if n := utf8.RuneCountInString(v); n == 0 || n > 200 || strings.Contains(v, "\x00") {
			t.Errorf("fact of %d code points kept", n)
		}
	}
	if len(f.Orders) != 1 {
		t.Errorf("orders = %d, want 1", len(f.Orders))
	}
	c := full(tickets.CmdAttach, li)
	c.Message.Files = make([]tickets.File, 1000)
	for i := range c.Message.Files {
		c.Message.Files[i] = tickets.File{ID: huge, Name: huge, Link: huge}
	}
	m := s.do(c).Events[0].Message
	if len(m.Files) > 50 || len(m.Files[0].Name) > 200 || len(m.Files[0].Link) > tickets.MaxText {
		t.Errorf("kept %d files with a name of %d bytes", len(m.Files), len(m.Files[0].Name))
	}
	if c.Message.Files[0].Name != huge {
		t.Error("the command's own files were changed")
	}
}
