package tour

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/slacksim"
)

func TestCompact(t *testing.T) {
	t.Parallel()
	card := `[
		{"type":"header","text":{"type":"plain_text","text":"T-1 · 退货 · 店"}},
		{"type":"context","elements":[{"type":"plain_text","text":"待分派"},{"type":"plain_text","text":"内部工单"}]},
		{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"买家的话"}]}]},
		{"type":"section","fields":[{"type":"mrkdwn","text":"*订单*\n2024112233445566778"},{"type":"mrkdwn","text":"*紧急程度*\n普通"},
			{"type":"plain_text","text":"下一步\n等人领取；11月12日 周四 09:00 前先答复（24 小时内），然后再看看有没有别的事情要做"}]},
		{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"领取"}},{"type":"static_select","placeholder":{"type":"plain_text","text":"更多"}}]}]`
	ping := `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"text","text":" 请跟进 T-1。"}]}]},
		{"type":"context","elements":[{"type":"plain_text","text":"T-1 · 退货"}]}]`
	for _, c := range []struct {
		name, blocks string
		want         []string
	}{
		{"card", card, []string{"T-1 · 退货 · 店 〔待分派 · 内部工单〕", "订单 2024112233445566778 · 紧急程度 普通",
			"下一步 等人领取；11月12日 周四 09:00 前先答复（24 小时内），然后再看看有没有别的事情要做", "[领取] [更多]"}},
		{"ping", ping, []string{"@王主管 请跟进 T-1。 〔T-1 · 退货〕"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := compact(slacksim.Message{Blocks: json.RawMessage(c.blocks)}, func(string) string { return "王主管" })
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("compact (-want +got):\n%s", diff)
			}
		})
	}
}

// TestScriptsAreWhole checks that each language has words for each step.
func TestScriptsAreWhole(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh-CN", "en"} {
		s, err := scriptOf(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range Steps() {
			if strings.TrimSpace(s.tell[name]) == "" {
				t.Errorf("%s: nothing is told of step %s", lang, name)
			}
		}
		if len(s.tell) != len(Steps()) {
			t.Errorf("%s: %d texts for %d steps", lang, len(s.tell), len(Steps()))
		}
	}
	if _, err := scriptOf("fr"); err == nil {
		t.Error("an unknown language is accepted")
	}
}
