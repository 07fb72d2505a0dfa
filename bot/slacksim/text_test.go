package slacksim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

func TestTypedText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	tests := []struct{ typed, want string }{
		{"a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"},
		{"<!channel> <@ULIN>", "&lt;!channel&gt; &lt;@ULIN&gt;"},
		{"@channel 快看", "<!channel> 快看"},
		{"@lin你好", "<@ULIN>你好"},
		{"找@老王处理", "找<@UWANG>处理"},
		{"@linda @nobody a@lin.example", "@linda @nobody a@lin.example"},
		{"见 #shop-a。", "见 <#C1|shop-a>。"},
		{"看https://x.example/a?b=1&c=2。好", "看<https://x.example/a?b=1&amp;c=2>。好"},
		{"", ""},
	}
	for _, tt := range tests {
		ts := w.post(t, lin, room, tt.typed)
		if got := w.Thread(room, ts)[0].Text; got != tt.want {
			t.Errorf("typing %q = %q, want %q", tt.typed, got, tt.want)
		}
	}
}

func TestPlainTextOfATypedMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	ts := w.post(t, lin, room, "@老王 <b> https://x.example/ @here")
	if got, want := w.Thread(room, ts)[0].PlainText(), "<@UWANG> <b> https://x.example/ @here"; got != want {
		t.Errorf("PlainText() = %q, want %q", got, want)
	}
}

func TestMassMentions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, blocks string
		want               int
	}{
		{"escaped", "&lt;!channel&gt;", "", 0},
		{"a person", "<@ULIN>", "", 0},
		{"text", "<!channel>", "", 1},
		{"text with label", "<!here|here>", "", 1},
		{"group", "<!subteam^S1>", "", 1},
		{"date", "<!date^1^{date}|x>", "", 0},
		{"plain text block", "", `[{"type":"header","text":{"type":"plain_text","text":"<!channel>"}}]`, 0},
		{"mrkdwn section", "x", `[{"type":"section","text":{"type":"mrkdwn","text":"<!everyone>"}}]`, 1},
		{"field", "x", `[{"type":"section","fields":[{"type":"mrkdwn","text":"<!channel>"}]}]`, 1},
		{"context", "x", `[{"type":"context","elements":[{"type":"mrkdwn","text":"<!here>"}]}]`, 1},
		{"rich text", "x", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]}]`, 1},
		{"rich text words", "x", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"<!here>"}]}]}]`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			opts := []slack.MsgOption{slack.MsgOptionText(tt.text, false)}
			if tt.blocks != "" {
				var blocks slack.Blocks
				must(t, blocks.UnmarshalJSON([]byte(tt.blocks)))
				opts = append(opts, slack.MsgOptionBlocks(blocks.BlockSet...))
			}
			_, _, err := w.api.PostMessage(room, opts...)
			must(t, err)
			if got := w.MassMentions(); got != tt.want {
				t.Errorf("MassMentions() = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestPlainTextOfACard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	field := slack.NewTextBlockObject("mrkdwn", "*店铺*\n<https://s.example|小店> &amp; <@ULIN>", false, false)
	card := []slack.Block{
		slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "GD-1 退货", false, false)),
		slack.NewSectionBlock(nil, []*slack.TextBlockObject{field}, nil), buttons(),
	}
	_, _, err := w.api.PostMessage(room, slack.MsgOptionText("fallback", false), slack.MsgOptionBlocks(card...))
	must(t, err)
	m := w.Messages(room)[0]
	want := "GD-1 退货\n*店铺*\n小店 & <@ULIN>\n[领取]\n[选]\n[谁]"
	if diff := cmp.Diff(want, m.PlainText()); diff != "" {
		t.Errorf("PlainText() (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{lin}, m.Mentions()); diff != "" {
		t.Errorf("Mentions() (-want +got):\n%s", diff)
	}
}
