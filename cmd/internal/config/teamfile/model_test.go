package teamfile_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
)

func TestModelUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		off        map[tickets.ChannelID]bool
		tokens     int64 // -1 = as the installation says
	}{
		{"nothing said", "zone: Asia/Shanghai\n", map[tickets.ChannelID]bool{"C0000000001": false}, -1},
		{"off", "model:\n  off: true\n", map[tickets.ChannelID]bool{"C0000000001": true}, -1},
		{"off in a channel", "model:\n  off_in: [C0000000001]\n  daily_tokens: 500\n", map[tickets.ChannelID]bool{"C0000000001": true, "C0000000002": false}, 500},
		{"no limit", "model:\n  daily_tokens: 0\n", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := teamfile.Parse([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := f.Policy(time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)).Model
			for ch, want := range tt.off {
				if got.OffFor(ch) != want {
					t.Errorf("off in %s: %t, want %t", ch, !want, want)
				}
			}
			if n := got.DailyTokens; (n == nil) != (tt.tokens < 0) || n != nil && *n != tt.tokens {
				t.Errorf("daily tokens %v, want %d", n, tt.tokens)
			}
		})
	}
}

func TestUnderstanding(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "understanding: careful": "careful", "understanding: eager": "eager"} {
		f, err := teamfile.Parse([]byte(text))
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		if got := f.Policy(time.Now()).Understanding; got != want {
			t.Errorf("%q: understanding %q, want %q", text, got, want)
		}
	}
	_, err := teamfile.Parse([]byte("understanding: bold\n"))
	if err == nil || !strings.Contains(err.Error(), "careful") || !strings.Contains(err.Error(), "1:") {
		t.Errorf("bold: %v, want the line and what is possible", err)
	}
}
