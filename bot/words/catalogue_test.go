package words_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"gongdan/bot/words"
)

func catalogue(t *testing.T) *words.Catalogue {
	t.Helper()
	c, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// forms reads a locale file as a translator sees it: id → plural form → text.
func forms(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile("locales/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	flatten(out, "", tree)
	return out
}

func flatten(out map[string]map[string]string, prefix string, tree map[string]any) {
	for k, v := range tree {
		id := strings.TrimPrefix(prefix+"."+k, ".")
		switch v := v.(type) {
		case string:
			out[id] = map[string]string{"other": v}
		case map[string]any:
			if _, ok := v["other"].(string); !ok {
				flatten(out, id, v)
				continue
			}
			out[id] = map[string]string{}
			for form, text := range v {
				out[id][form] = fmt.Sprint(text)
			}
		}
	}
}

func sortedIDs(m map[string]map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	zh, en := forms(t, words.Chinese), forms(t, words.English)
	if d := cmp.Diff(sortedIDs(zh), sortedIDs(en)); d != "" {
		t.Fatalf("messages of zh-CN (-) and en (+) differ:\n%s", d)
	}
	for id := range zh {
		want := placeholders(zh[id]["other"])
		for lang, m := range map[string]map[string]string{"zh-CN": zh[id], "en": en[id]} {
			for form, text := range m {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s (%s) is empty", lang, id, form)
				}
				if d := cmp.Diff(want, placeholders(text)); d != "" {
					t.Errorf("%s: placeholders of %s (%s) differ (-zh-CN +%s):\n%s", lang, id, form, lang, d)
				}
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func placeholders(text string) []string {
	out := placeholder.FindAllString(text, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

func TestFilesMatchConstants(t *testing.T) {
	t.Parallel()
	consts := slices.Collect(maps.Values(constants(t)))
	slices.Sort(consts)
	var ids []string
	for _, id := range sortedIDs(forms(t, words.English)) {
		if !isName(id) {
			ids = append(ids, id)
		}
	}
	if d := cmp.Diff(consts, ids); d != "" {
		t.Errorf("constants (-) and locale files (+) differ:\n%s", d)
	}
}

func isName(id string) bool {
	kind, _, _ := strings.Cut(id, ".")
	return slices.Contains(words.Kinds(), words.Kind(kind))
}

// TestPunctuation keeps the Chinese full-width and the English free of it.
func TestPunctuation(t *testing.T) {
	t.Parallel()
	half := regexp.MustCompile(`\p{Han}[,;:!?()]|[,;!?()]\p{Han}|\p{Han}\.(?:\s|$)`)
	for id, m := range forms(t, words.Chinese) {
		if got := half.FindString(placeholder.ReplaceAllString(m["other"], "字")); got != "" {
			t.Errorf("zh-CN: %s has half-width punctuation %q in %q", id, got, m["other"])
		}
		if strings.Contains(m["other"], "您") && !toMerchant(id) {
			t.Errorf("zh-CN: %s says 您 to colleagues: %q", id, m["other"])
		}
		if strings.Contains(m["other"], "你") && toMerchant(id) {
			t.Errorf("zh-CN: %s says 你 to a merchant: %q", id, m["other"])
		}
	}
	wide := regexp.MustCompile(`[\p{Han}，。；：！？（）【】、]`)
	for id, m := range forms(t, words.English) {
		for _, text := range m {
			if got := wide.FindString(text); got != "" {
				t.Errorf("en: %s has %q in %q", id, got, text)
			}
		}
	}
}

func toMerchant(id string) bool {
	return strings.Contains(id, "merchant") || strings.HasPrefix(id, "card.promised")
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for wish, want := range map[string]string{
		"zh-CN": "zh-CN", "zh": "zh-CN", "zh_TW": "zh-CN", "zh-Hant-HK": "zh-CN", "ZH-cn": "zh-CN", " zh ": "zh-CN",
		"en": "en", "en-GB": "en", "ja": "en", "": "en", "xx-!!": "en",
	} {
		if got := words.Language(wish); got != want {
			t.Errorf("Language(%q) = %q, want %q", wish, got, want)
		}
		if got := catalogue(t).In(wish).Lang(); got != want {
			t.Errorf("In(%q).Lang() = %q, want %q", wish, got, want)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, tt := range []struct {
		lang string
		id   words.ID
		args words.Args
		want string
	}{
		{"en", words.ListMine, words.Args{"Count": 1}, "You have 1 ticket"},
		{"en", words.ListMine, words.Args{"Count": 2}, "You have 2 tickets"},
		{"zh-CN", words.ListMine, words.Args{"Count": 1}, "你的工单 1 张"},
		{"en", words.TimeHours, words.Args{"Count": 1}, "1 h"},
		{"zh-CN", words.NoticeAcked, words.Args{"Who": "王主管"}, "王主管已跟进。"},
		{"zh-CN", words.NoticeAcked, words.Args{"Who": "Alice"}, "Alice 已跟进。"},
		{"zh-CN", words.NoticeAfterTeamTold, words.Args{"Late": "2 小时", "Ticket": "T-1", "Who": "Bob"}, "【内部超时 2 小时】T-1 仍未处理，已通知 Bob。"},
		{"zh-CN", words.NoticeUnassigned, words.Args{"Ticket": "T-1", "Who": ""}, "T-1 已转给，你不用再跟了。"},
		{"en", words.NoticeAcked, words.Args{"Who": "{{.Secret}} <b>"}, "{{.Secret}} <b> is on it."},
		{"en", words.NoticeAcked, nil, "⟦notice.acked⟧"},
		{"en", words.ID("no.such"), nil, "⟦no.such⟧"},
	} {
		if got := c.In(tt.lang).Say(tt.id, tt.args); got != tt.want {
			t.Errorf("%s: Say(%s) = %q, want %q", tt.lang, tt.id, got, tt.want)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	v := catalogue(t).In("zh-CN")
	for _, tt := range []struct {
		kind        words.Kind
		value, want string
	}{
		{words.Status, "in_progress", "处理中"},
		{words.Type, "goods_return", "退货"},
		{words.Type, "other", "其他"},
		{words.Type, "our_own_type", "our_own_type"},
		{words.Type, "", ""},
		{words.Kind("none"), "x", "x"},
	} {
		if got := v.Name(tt.kind, tt.value); got != tt.want {
			t.Errorf("Name(%s, %q) = %q, want %q", tt.kind, tt.value, got, tt.want)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in        string
		n         int
		line, par string
	}{
		{"", 5, "", ""},
		{"  a\t b \n\n c ", 20, "a b c", "a b\nc"},
		{"买家说收到的杯子碎了", 6, "买家说收到…", "买家说收到…"},
		{"abc", 3, "abc", "abc"},
		{"a\u202eb\u2066c\u200bd\x00e", 9, "abcde", "abcde"},
		{"a\xffb", 9, "a\ufffdb", "a\ufffdb"},
		{"a\u2028b\rc", 9, "a b c", "a\nb\nc"},
		{"👩\u200d🔧 ok", 9, "👩\u200d🔧 ok", "👩\u200d🔧 ok"},
	} {
		if got := words.OneLine(tt.in, tt.n); got != tt.line {
			t.Errorf("OneLine(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.line)
		}
		if got := words.Paragraph(tt.in, tt.n); got != tt.par {
			t.Errorf("Paragraph(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.par)
		}
	}
}

func ExampleCatalogue() {
	c, err := words.New()
	if err != nil {
		panic(err)
	}
	fmt.Println(c.In("zh-TW").Say(words.DoneClaim, words.Args{"Ticket": "T-1042"}))
	fmt.Println(c.In("en").Name(words.Type, "goods_return"))
	// Output:
	// T-1042 已领取。
	// Return
}
