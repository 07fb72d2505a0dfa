package slackapi

import (
	"encoding/json"
	"strings"
	"testing"

	"gongdan/bot"
)

const office = "https://sail.slack.com/"

func TestPermalink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, home, want string
		to               bot.Ref
	}{
		{"a thread", office, "https://sail.slack.com/archives/C1/p1795430400000100?thread_ts=1795430400.000100&cid=C1", bot.Ref{Channel: "C1", TS: "1795430400.000100"}},
		{"nowhere", office, "", bot.Ref{}},
		{"no home", "", "", bot.Ref{Channel: "C1", TS: "1795430400.000100"}},
		{"no timestamp", office, "", bot.Ref{Channel: "C1", TS: "1795430400.1|<!channel>"}},
		{"no channel", office, "", bot.Ref{Channel: "C1/../x", TS: "1795430400.000100"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := permalink(tt.home, tt.to); got != tt.want {
				t.Errorf("permalink(%q, %v) = %q, want %q", tt.home, tt.to, got, tt.want)
			}
		})
	}
}

func TestHomeOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{office: office, "https://sail.slack.com": office, "https://sail.enterprise.slack.com/": "https://sail.enterprise.slack.com/",
		"": "", "javascript:alert(1)": "", "http://sail.slack.com/": "", "https://a:b@sail.slack.com/": "", "https://sail.slack.com/?x": ""} {
		if got := homeOf(address); got != want {
			t.Errorf("homeOf(%q) = %q, want %q", address, got, want)
		}
	}
}

// A line leads where it says, its text stays text, and without an address it is no link.
func TestRenderLinks(t *testing.T) {
	t.Parallel()
	v := bot.View{Summary: "s", Lines: []bot.Line{{Text: "<https://evil.example|T-1> *x*", To: bot.Ref{Channel: "C1", TS: "1795430400.000100"}}}}
	for home, want := range map[string]bool{office: true, "": false} {
		raw, err := json.Marshal(Render(v, home))
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		if got := strings.Contains(text, `"type":"link","url":"https://sail.slack.com/archives/C1/p1795430400000100?`); got != want {
			t.Errorf("with home %q: %s", home, text)
		}
		if strings.Contains(text, "mrkdwn") || !strings.Contains(text, `evil.example|T-1`) {
			t.Errorf("the text is not left alone: %s", text)
		}
	}
}
