package slacksim_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

// repeat joins n copies of a JSON value; "#" in it becomes the copy's number.
func repeat(n int, value string) string {
	var parts []string
	for i := range n {
		parts = append(parts, strings.ReplaceAll(value, "#", fmt.Sprint(i)))
	}
	return strings.Join(parts, ",")
}

func TestBlockLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	plain := func(n int) string { return `{"type":"plain_text","text":"` + strings.Repeat("字", n) + `"}` }
	actions := func(list string) string { return `[{"type":"actions","elements":[` + list + `]}]` }
	button := func(extra string) string { return `{"type":"button","text":` + plain(1) + extra + `}` }
	option := `{"text":` + plain(1) + `,"value":"v#"}`
	tests := []struct {
		name, ok, bad string // ok may be empty where only the bad form is of interest
	}{
		{"header", `[{"type":"header","text":` + plain(150) + `}]`, `[{"type":"header","text":` + plain(151) + `}]`},
		{"header is plain", "", `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`},
		{"field length", `[{"type":"section","fields":[` + plain(2000) + `]}]`, `[{"type":"section","fields":[` + plain(2001) + `]}]`},
		{"field count", `[{"type":"section","fields":[` + repeat(10, plain(1)) + `]}]`, `[{"type":"section","fields":[` + repeat(11, plain(1)) + `]}]`},
		{"empty section", "", `[{"type":"section"}]`},
		{"empty text", "", `[{"type":"section","text":{"type":"mrkdwn","text":""}}]`},
		{"context", `[{"type":"context","elements":[` + repeat(10, plain(1)) + `]}]`, `[{"type":"context","elements":[` + repeat(11, plain(1)) + `]}]`},
		{"actions", actions(repeat(25, button(`,"action_id":"a#"`))), actions(repeat(26, button(`,"action_id":"a#"`)))},
		{"no actions", "", actions("")},
		{"button text", actions(`{"type":"button","text":` + plain(75) + `}`), actions(`{"type":"button","text":` + plain(76) + `}`)},
		{"button value", actions(button(`,"value":"` + strings.Repeat("v", 2000) + `"`)), actions(button(`,"value":"` + strings.Repeat("v", 2001) + `"`))},
		{"button style", actions(button(`,"style":"danger"`)), actions(button(`,"style":"loud"`))},
		{"action id", actions(button(`,"action_id":"` + strings.Repeat("a", 255) + `"`)), actions(button(`,"action_id":"` + strings.Repeat("a", 256) + `"`))},
		{"same action id", actions(button(`,"action_id":"a"`)), actions(repeat(2, button(`,"action_id":"a"`)))},
		{"option text", actions(`{"type":"overflow","options":[{"text":` + plain(75) + `,"value":"v"}]}`), actions(`{"type":"overflow","options":[{"text":` + plain(76) + `,"value":"v"}]}`)},
		{"overflow size", actions(`{"type":"overflow","options":[` + repeat(5, option) + `]}`), actions(`{"type":"overflow","options":[` + repeat(6, option) + `]}`)},
		{"select size", actions(`{"type":"static_select","options":[` + repeat(100, option) + `]}`), actions(`{"type":"static_select","options":[` + repeat(101, option) + `]}`)},
		{"groups", actions(`{"type":"static_select","option_groups":[{"label":` + plain(3) + `,"options":[` + option + `]}]}`), actions(`{"type":"static_select","option_groups":[{"options":[]}]}`)},
		{"confirm", actions(button(`,"confirm":{"title":` + plain(100) + `,"text":` + plain(300) + `,"confirm":` + plain(30) + `,"deny":` + plain(30) + `}`)), actions(button(`,"confirm":{"title":` + plain(101) + `}`))},
		{"block type", `[{"type":"divider"}]`, `[{"type":"party"}]`},
		{"element type", "", actions(`{"type":"party"}`)},
		{"not a list", "", `{"type":"divider"}`},
		{"markdown", `[{"type":"markdown","text":"` + strings.Repeat("m", 12_000) + `"}]`, `[{"type":"markdown","text":"` + strings.Repeat("m", 12_001) + `"}]`},
	}
	post := func(blocks string) error {
		_, _, err := w.api.PostMessage(room, w.rawBlocks(t, blocks))
		return err
	}
	for _, tt := range tests {
		if tt.ok != "" {
			if err := post(tt.ok); err != nil {
				t.Errorf("%s: the most that is allowed = %v", tt.name, err)
			}
		}
		if err := slackError(post(tt.bad)); !strings.HasPrefix(err, "invalid_blocks") {
			t.Errorf("%s: too much = %q, want invalid_blocks", tt.name, err)
		}
	}
}

// rawBlocks sends blocks as they are, which the client's types would not all allow.
func (w *world) rawBlocks(t *testing.T, blocks string) slack.MsgOption {
	t.Helper()
	if !json.Valid([]byte(blocks)) {
		t.Fatalf("not JSON: %s", blocks)
	}
	return slack.UnsafeMsgOptionEndpoint(w.URL()+"/api/chat.postMessage", func(v url.Values) { v.Set("blocks", blocks) })
}
