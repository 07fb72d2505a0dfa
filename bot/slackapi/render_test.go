package slackapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"gongdan/bot"
	"gongdan/tickets"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func views() map[string]bot.View {
	return map[string]bot.View{
		"card.zh-CN": {Lang: "zh-CN", Summary: "T-1042 · 退货 · 天猫XX旗舰店", Header: "T-1042 · 退货 · 天猫XX旗舰店", Tags: []string{"平台工单", "等快递"},
			Lines: []bot.Line{{Text: "订单 2024112233445566778 买家说收到的杯子碎了，要退货 <!channel>", Quote: true}, {Text: "下一步：已回复平台", Strong: true}, {Text: "已删除的话", Struck: true}},
			Fields: []bot.Field{{Label: "订单", Value: "2024112233445566778"}, {Label: "紧急程度", Value: "高"}, {Label: "处理人", Value: "小李_*王*"},
				{Label: "平台截止", Value: "明天 10:00"}, {Label: "内部时效", Value: "15:30"}},
			Footer: "由 小王 建单 · 14:02",
			Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActClaim, Label: "领取", Value: "tk1", Style: "primary"},
				{Kind: bot.Button, ID: bot.ActAnswer, Label: "已回复平台", Value: "tk1"}, {Kind: bot.Button, ID: bot.ActWait, Label: "等待…", Value: "tk1"},
				{Kind: bot.Button, ID: bot.ActResolve, Label: "完结…", Value: "tk1", Style: "danger", Confirm: "确认完结 T-1042？", Yes: "完结", No: "先不"},
				{Kind: bot.More, ID: bot.ActMoreDo, Label: "更多", Value: "tk1", Options: []bot.Option{{Label: "不是工单", Value: "discard|tk1"}, {Label: "催单", Value: "urge|tk1"}}}}},
		"card.en": {Lang: "en", Summary: "T-1042 · return · Acme", Header: "T-1042 · return · Acme", Tags: []string{"platform"},
			Lines:  []bot.Line{{Text: "the cup is broken <https://evil.example|your bank>", Quote: true}},
			Fields: []bot.Field{{Label: "Order", Value: "2024112233445566778"}, {Label: "Due", Value: "tomorrow 10:00"}},
			Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActClaim, Label: "Claim", Value: "tk1", Style: "primary"},
				{Kind: bot.Button, ID: bot.ActClose, Label: "Close", Value: "tk1", Style: "danger", Confirm: "Close T-1042?", Yes: "Yes", No: "Cancel"}}},
		"escalation.zh-CN": {Lang: "zh-CN", Summary: "请跟进 T-1042：距平台截止 30 分钟", Mention: []tickets.UserID{"U1", "<!channel>", "U2"},
			Lines:   []bot.Line{{Text: "请跟进 T-1042：距平台截止 30 分钟，小李 2 小时没更新（等仓库）。"}},
			Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActAck, Label: "我来跟进", Value: "platform|tk1", Style: "primary"}}},
		"rows.zh-CN": {Lang: "zh-CN", Summary: "2 张工单要你跟进", Lines: []bot.Line{{Text: "2 张工单要你跟进", Strong: true}}, Footer: "另有 3 张",
			Rows: []bot.Row{
				{Lines: []bot.Line{{Text: "T-1042 · 退货 · <!here>", Strong: true}, {Text: "平台已超时 40 分钟"}},
					Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActAck, Label: "我来跟进", Value: "platform|tk1"}, {Kind: bot.Button, ID: bot.ActClaim, Label: "领取", Value: "tk1"}}},
				{Lines: []bot.Line{{Text: "T-1043 · 换货", Struck: true}, {Text: "王主管已跟进 · 19:30"}}},
				{Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActAck, Label: "nothing said", Value: "platform|tk3"}}}},
			Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActList, Label: "查看全部", Value: bot.ListAll}}},
		"choices.en": {Lang: "en", Summary: "Whom to?", Lines: []bot.Line{{Text: "Whom to?"}},
			Actions: []bot.Action{{Kind: bot.PickPerson, ID: bot.ActAssignTo, Label: "Somebody", Value: "tk1"},
				{Kind: bot.PickPerson, ID: bot.ActAssignTo, Label: "Somebody", Value: "tk2"},
				{Kind: bot.Choice, ID: bot.ActWaitFor, Label: "Wait for", Value: "tk2", Options: []bot.Option{{Label: "courier", Value: "courier|tk2"}}}}},
	}
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for name, v := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkDrawn(t, v)
			golden(t, name, answer{Text: Fallback(v), Blocks: Render(v, "")})
		})
	}
}

// golden compares what is sent with a file.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	must(t, enc.Encode(v))
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		must(t, os.WriteFile(path, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test -run Golden -update", err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s (-want +got); if it is meant, run go test -run Golden -update:\n%s", name, d)
	}
}

// Ten rows of the longest texts are all drawn, with all that can be pressed.
func TestRenderRows(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("很长的店名", 12)
	v := bot.View{Lang: "zh-CN", Summary: long, Lines: []bot.Line{{Text: "12 张工单要你跟进"}}, Footer: "另有 2 张没有列出，点“查看全部”或发 /ticket 列表。",
		Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActList, Label: "查看全部", Value: bot.ListAll}}}
	for n := range 10 {
		id := fmt.Sprintf("k7qd2mzxk7qd2m%02d", n)
		v.Rows = append(v.Rows, bot.Row{Lines: []bot.Line{{Text: "T-100042 · 退货 · " + long, Strong: true}, {Text: "平台已超时 40 分钟；" + long + "还没领取"}},
			Actions: []bot.Action{{Kind: bot.Button, ID: bot.ActAck, Label: "我来跟进", Value: "platform|" + id},
				{Kind: bot.Button, ID: bot.ActClaim, Label: "领取", Value: id}, {Kind: bot.Button, ID: bot.ActAnswer, Label: "已回复平台", Value: id}}})
	}
	checkDrawn(t, v)
	raw, err := json.Marshal(Render(v, ""))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), `"type":"button"`); n != 31 || strings.Count(string(raw), long) != 20 {
		t.Errorf("%d buttons and %d texts drawn, want 31 and 20", n, strings.Count(string(raw), long))
	}
}

func TestRenderNothing(t *testing.T) {
	t.Parallel()
	if got := Render(bot.View{}, ""); len(got) != 0 {
		t.Errorf("Render of the zero view = %v, want nothing", got)
	}
	if got := Fallback(bot.View{}); got != "" {
		t.Errorf("Fallback of the zero view = %q, want nothing", got)
	}
}

// checkDrawn fails where a drawn view exceeds a limit, repeats an id or holds live markup.
func checkDrawn(t interface {
	Helper()
	Errorf(string, ...any)
}, v bot.View) {
	t.Helper()
	blocks := Render(v, "")
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Errorf("marshal: %v", err)
		return
	}
	if n := utf8.RuneCount(raw); n > 13_000 {
		t.Errorf("%d characters in all", n)
	}
	if len(blocks) > 50 {
		t.Errorf("%d blocks", len(blocks))
	}
	var tree any
	_ = json.Unmarshal(raw, &tree)
	c := &checker{ids: map[string]bool{}, ping: v.Mention}
	c.walk(tree, "")
	for _, fault := range c.faults {
		t.Errorf("%s in %s", fault, raw)
	}
	text := Fallback(v)
	for _, u := range pinged(v) {
		text = strings.TrimSpace(strings.TrimPrefix(text, "<@"+u+">"))
	}
	if strings.ContainsAny(text, "<>") || badEntity.MatchString(text) || units(text) > maxSummary {
		t.Errorf("fallback %q is live or long", text)
	}
}

var badEntity = regexp.MustCompile(`&(?:[^alg]|a[^m]|l[^t]|g[^t]|$)`)

// checker walks drawn blocks as Slack would.
type checker struct {
	faults []string
	ids    map[string]bool
	ping   []tickets.UserID
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) walk(node any, key string) {
	switch n := node.(type) {
	case []any:
		for _, e := range n {
			c.walk(e, key)
		}
	case map[string]any:
		c.object(n, key)
		for k, e := range n {
			c.walk(e, k)
		}
	}
}

func (c *checker) object(o map[string]any, key string) {
	kind, _ := o["type"].(string)
	for _, id := range []string{"action_id", "block_id"} {
		if s, ok := o[id].(string); ok {
			if s == "" || units(s) > 255 || c.ids[id+s] {
				c.fault("%s %q is empty, long or repeated", id, s)
			}
			c.ids[id+s] = true
		}
	}
	c.sizes(o, kind)
	switch kind {
	case "mrkdwn":
		s := o["text"].(string)
		if o["verbatim"] != true || strings.ContainsAny(s, "<>&_~`|@#") || strings.Count(s, "*") != 2 {
			c.fault("live text %q", s)
		}
		c.text(s, 2000)
	case "plain_text":
		limit := map[string]int{"title": 100, "confirm": 30, "deny": 30, "placeholder": 150, "fields": 2000, "elements": 2000, "text": 300}[key]
		if limit == 0 {
			c.fault("text under %q", key)
		}
		c.text(o["text"].(string), limit)
		if o["emoji"] == true {
			c.fault("emoji in text")
		}
	case "text":
		s, _ := o["text"].(string)
		if s != "\n" && s != " " {
			c.text(s, 3000)
		}
	case "user":
		if !slices.Contains(c.ping, tickets.UserID(o["user_id"].(string))) {
			c.fault("mention of %v", o["user_id"])
		}
	case "link", "broadcast", "usergroup", "channel", "emoji", "image", "markdown":
		c.fault("element %s", kind)
	}
}

func (c *checker) text(s string, limit int) {
	if blank(s) || units(s) > limit || !utf8.ValidString(s) {
		c.fault("text of %d, limit %d: %q", units(s), limit, s)
	}
}

func (c *checker) sizes(o map[string]any, kind string) {
	count := func(key string, most int) {
		if list, ok := o[key].([]any); ok && (len(list) == 0 || len(list) > most) {
			c.fault("%d %s in %s", len(list), key, kind)
		}
	}
	switch kind {
	case "section":
		count("fields", 10)
	case "context":
		count("elements", 10)
	case "actions":
		count("elements", 25)
	case "static_select":
		count("options", 100)
	case "overflow":
		count("options", 5)
	case "rich_text":
		count("elements", 200)
	case "header":
		c.text(o["text"].(map[string]any)["text"].(string), 150)
	case "button":
		c.text(o["text"].(map[string]any)["text"].(string), 75)
		if s, _ := o["value"].(string); units(s) > 2000 {
			c.fault("value of %d", units(s))
		}
	case "":
		if s, ok := o["value"].(string); ok && (s == "" || units(s) > 150) {
			c.fault("option value %q", s)
		}
	}
}

// everywhere puts a string into every place of a view.
func everywhere(s string) bot.View {
	return bot.View{Lang: s, Summary: s, Mention: []tickets.UserID{tickets.UserID(s), "U1"}, Header: s, Tags: []string{s, s}, Footer: s,
		Lines:  []bot.Line{{Text: s}, {Text: s, Quote: true}, {Text: s, Struck: true, Strong: true}},
		Fields: []bot.Field{{Label: s, Value: s}, {Label: "x", Value: s}, {Label: s, Value: "x"}},
		Rows:   []bot.Row{{Lines: []bot.Line{{Text: s}}, Actions: []bot.Action{{Kind: bot.Button, ID: s, Label: s, Value: s}}}, {Lines: []bot.Line{{Text: s}}}},
		Actions: []bot.Action{{Kind: bot.Button, ID: s, Label: s, Value: s, Style: s, Confirm: s, Yes: s, No: s},
			{Kind: bot.Button, ID: "claim", Label: s, Value: "v", Confirm: s},
			{Kind: bot.Choice, ID: "a", Label: s, Value: s, Options: []bot.Option{{Label: s, Value: s}, {Label: s, Value: "x"}}},
			{Kind: bot.More, ID: "b", Label: s, Value: "y", Options: []bot.Option{{Label: s, Value: "x"}}},
			{Kind: bot.PickPerson, ID: "c", Label: s, Value: "z"}, {Kind: bot.ActionKind(s), ID: "d", Label: s, Value: s, Options: []bot.Option{{Label: s, Value: s}}}}}
}

func TestRenderNasty(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(sharedData(t), "nasty", "blns.json"))
	if err != nil {
		t.Skip("skipped: ../shared/data is absent")
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		var wrapped map[string]json.RawMessage
		if json.Unmarshal(raw, &wrapped) != nil {
			t.Fatal(err)
		}
		for _, v := range wrapped {
			_ = json.Unmarshal(v, &list)
		}
	}
	if len(list) < 100 {
		t.Fatalf("only %d strings", len(list))
	}
	for _, s := range list {
		checkDrawn(t, everywhere(s))
		checkDrawn(t, everywhere("<!channel> <!here> <@U1> <https://x|y> "+strings.Repeat(s, 1+4000/(1+len(s)))))
	}
}

func TestRenderAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`(<!channel>|<@U1>|&|\*|_|~|:x:|"|\n|[一-龥]|😀){0,40}`)).Draw(t, "text")
		n := rapid.IntRange(1, 30).Draw(t, "times")
		long := strings.Repeat(s, rapid.SampledFrom([]int{1, 10, 400}).Draw(t, "long"))
		v, one := bot.View{Summary: long, Header: long}, everywhere(long)
		for range n {
			v.Tags, v.Lines = append(v.Tags, one.Tags...), append(v.Lines, one.Lines...)
			v.Fields, v.Actions = append(v.Fields, one.Fields...), append(v.Actions, one.Actions...)
		}
		checkDrawn(t, v)
		if got := AckPayload(v); len(got) >= 20_000 || !json.Valid(got) {
			t.Errorf("AckPayload has %d bytes", len(got))
		}
	})
}

func TestRenderKeepsValues(t *testing.T) {
	t.Parallel()
	v := bot.View{Actions: []bot.Action{{Kind: bot.Button, ID: "ack", Label: "a", Value: "one"}, {Kind: bot.Button, ID: "ack", Label: "b", Value: "two"},
		{Kind: bot.PickPerson, ID: "assign_to", Label: "c", Value: "tk1"}, {Kind: bot.PickPerson, ID: "assign_to", Label: "d", Value: "tk2"}}}
	var got []string
	for _, b := range Render(v, "") {
		ab := b.(*slack.ActionBlock)
		for _, e := range ab.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				got = append(got, stripCount(e.ActionID)+"="+e.Value)
			case *slack.SelectBlockElement:
				got = append(got, stripCount(e.ActionID)+"="+valueOfBlock(ab.BlockID))
			}
		}
	}
	if d := cmp.Diff([]string{"ack=one", "ack=two", "assign_to=tk1", "assign_to=tk2"}, got); d != "" {
		t.Errorf("values that come back (-want +got):\n%s", d)
	}
}
