package bot_test

import (
	"slices"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

// clothes are the types of a clothing shop: two of its own, one called otherwise, no repairs.
func clothes() []tickets.TypeInfo {
	return []tickets.TypeInfo{{Name: "refund", Category: "after_sale"}, {Name: "exchange", Category: "after_sale", Labels: map[string]string{"zh-CN": "换新"}},
		{Name: "other", Category: "other"}, {Name: "size", Category: "consult", Severity: "high", Labels: map[string]string{"zh-CN": "尺码", "en": "Size"}, Words: []string{"尺码", "偏大", "size"}},
		{Name: "fabric", Category: "consult", Labels: map[string]string{"zh-CN": "面料", "en": "Fabric"}, Words: []string{"尺码面料"}}}
}

// TestOwnTypes: a word of the team's own makes the type, by which the ticket is weighed and called; choices are the team's.
func TestOwnTypes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Types = clothes()
		w.says(anna, "订单 2024112233445566778 买家说衣服偏大，要退货")
		k := w.only()
		w.speak()
		if k.Type != "size" || k.Severity != tickets.SeverityHigh {
			t.Fatalf("type %s, severity %s, want size by its word and high", k.Type, k.Severity)
		}
		if c := w.chat.in(desk)[0]; !strings.Contains(c.text(), "尺码") || strings.Contains(c.text(), "size") {
			t.Errorf("card = %q, want the team's name of the type", c.text())
		}
		for _, change := range []struct {
			words string
			want  tickets.Type
		}{{"type 1 Fabric", "fabric"}, {"改类型 1 换新", "exchange"}, {"type 1 size", "size"}, {"type 1 仅退款", "refund"}} {
			w.types(li, change.words)
			if got := w.only().Type; got != change.want {
				t.Errorf("%q made it %s, want %s", change.words, got, change.want)
			}
		}
		w.types(li, "type 1 维修")
		w.speak()
		said := w.chat.whispers[len(w.chat.whispers)-1].text()
		if w.only().Type != "refund" || !strings.Contains(said, "维修") || !strings.Contains(said, "换新、") || !strings.Contains(said, "面料") {
			t.Errorf("a hidden type: %s, told %q, want the team's types", w.only().Type, said)
		}
	})
}

// TestTypeIsTheLongestWord, and not one inside a longer Latin word; a hidden type of the classifier's is other.
func TestTypeIsTheLongestWord(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Types = clothes()
		for i, tt := range []struct {
			text string
			want tickets.Type
		}{
			{"订单 2024112233445566701 尺码面料不对，买家要退货", "fabric"}, {"订单 2024112233445566702 买家说 SIZE 不对要退货", "size"},
			{"订单 2024112233445566703 买家收到货要退款，resize 的图在这里", "other"}, {"订单 2024112233445566704 耳机坏了，要寄回维修", "other"},
		} {
			w.says(anna, tt.text)
			if got := w.all()[i].Type; got != tt.want {
				t.Errorf("%q is %s, want %s", tt.text, got, tt.want)
			}
		}
	})
}

// TestFormOffersOwnTypes: the form shows them and takes no other.
func TestFormOffersOwnTypes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Types = clothes()
		f, err := w.talk.Form(t.Context(), bot.Opening{Workspace: ws, User: li, Kind: bot.FormNew, Subject: string(desk)})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(f.Fields, func(f bot.FormField) bool { return f.ID == "type" })
		var got []string
		for _, o := range f.Fields[i].Options {
			got = append(got, o.Label)
		}
		if want := []string{"仅退款", "换新", "其他", "尺码", "面料"}; !slices.Equal(got, want) {
			t.Errorf("offers %v, want %v", got, want)
		}
		bad, err := w.talk.Check(t.Context(), ws, bot.Submission{User: li, Kind: bot.FormNew, Subject: string(desk), Values: map[string]string{"text": "衣服", "type": "repair"}})
		if err != nil || bad["type"] == "" {
			t.Errorf("Check of a type that is not offered = %v, %v", bad, err)
		}
	})
}

// TestUnknownTypesStillShow: a stored ticket's type that the rules no longer know is shown by its name, a hidden one as ever.
func TestUnknownTypesStillShow(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Types = clothes()
		w.says(anna, "订单 2024112233445566778 尺码偏大")
		w.policy.Types = clothes()[:3]
		w.speak()
		if c := w.chat.in(desk)[0]; !strings.Contains(c.text(), "size") {
			t.Errorf("card = %q, want the type by its name", c.text())
		}
	})
}

// TestMenuOffersOwnTypes: 类型不对 offers the team's types and takes no other.
func TestMenuOffersOwnTypes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Types = clothes()
		w.says(anna, "订单 2024112233445566778 耳机坏了，要寄回维修") // other here
		id := string(w.only().ID)
		v, err := w.talk.Answer(t.Context(), ws, bot.Input{Click: &bot.Click{Channel: desk, User: li, Action: bot.ActMore, Value: id}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range v.Actions[1].Options {
			got = append(got, o.Label)
		}
		if want := []string{"仅退款", "换新", "尺码", "面料"}; !slices.Equal(got, want) {
			t.Errorf("the menu offers %q, want %q", got, want)
		}
		for _, change := range []struct{ to, want tickets.Type }{{"fabric", "fabric"}, {"repair", "fabric"}} {
			w.presses(li, bot.ActTypeTo, "", string(change.to)+"|"+id)
			if got := w.only().Type; got != change.want {
				t.Errorf("%s chosen: the type is %s, want %s", change.to, got, change.want)
			}
		}
	})
}
