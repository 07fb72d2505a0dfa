package intents_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"gongdan/intents"
	"gongdan/intents/entities"
	"gongdan/prompts/openaimodel"
)

// endpoint is a language model's server that keeps what it was sent and answers by a function of the question.
type endpoint struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	say    func(user string) string
}

func newEndpoint(t testing.TB, say func(user string) string) *endpoint {
	t.Helper()
	e := &endpoint{say: say}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var q struct {
			Messages []struct{ Role, Content string }
		}
		if err := json.Unmarshal(raw, &q); err != nil || len(q.Messages) < 2 {
			http.Error(w, "no question", 400)
			return
		}
		e.mu.Lock()
		e.bodies = append(e.bodies, string(raw)+fmt.Sprint(r.Header, r.URL))
		say := e.say
		e.mu.Unlock()
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": say(q.Messages[1].Content)}}}})
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) answers(say func(user string) string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.say, e.bodies = say, nil
}

// sent is everything that left the process, with the words of the prompts taken out.
func (e *endpoint) sent() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.bodies...)
}

func (e *endpoint) model() *openaimodel.Model {
	return openaimodel.New(openaimodel.Options{BaseURL: e.URL, Model: "m"})
}

// secret is something that must not leave, and how to see whether it did.
type secret struct {
	text   string
	digits string   // "" = none
	words  []string // of two, the two together
	each   []string // none of these
}

// nextMessage stands in a secret where its author sends what was written so far.
const nextMessage = "\u241e"

func secrets() *rapid.Generator[secret] {
	return rapid.OneOf(phones(), partedPhones(), longNumbers(), mails(), addresses(), partedAddresses(), people(), labelled(), called())
}

func phones() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		d := rapid.SampledFrom([]string{"13", "15", "17", "18", "19"}).Draw(t, "net") + rapid.StringMatching(`[0-9]{9}`).Draw(t, "rest")
		if rapid.Bool().Draw(t, "landline") {
			d = rapid.SampledFrom([]string{"010", "0571", "021", "0755"}).Draw(t, "area") + rapid.StringMatching(`[2-8][0-9]{7}`).Draw(t, "line")
		}
		text := d
		sep := rapid.SampledFrom([]string{"", " ", "-", "_", "/", ".", "·", "*", "\u200b", "－", " - ", "......", "       ", "\u3164", " ~~~~ "}).Draw(t, "sep")
		switch rapid.IntRange(0, 6).Draw(t, "form") {
		case 5:
			text = strings.ReplaceAll(d, "0", "O")
		case 6:
			text = inWords(d)
		case 0:
			text = d[:3] + sep + d[3:7] + sep + d[7:]
		case 1:
			text = strings.Join(strings.Split(d, ""), " ")
		case 2:
			text = wide(d)
		case 3:
			text = spelt(d)
		}
		before := rapid.SampledFrom([]string{"", "电话", "手机号：", "tel ", "+86 ", "联系方式 "}).Draw(t, "label")
		after := rapid.SampledFrom([]string{"", "转123", " ext. 45", "，", "先生"}).Draw(t, "after")
		return secret{text: before + text + after, digits: d}
	})
}

// partedPhones are telephones with words, currencies and lines between their groups, and with letters that look like digits.
func partedPhones() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		d := rapid.SampledFrom([]string{"13", "15", "18", "19"}).Draw(t, "net") + rapid.StringMatching(`[0-9]{9}`).Draw(t, "rest")
		zero := rapid.SampledFrom([]string{"Ｏ", "О", "о", "O", "o"}).Draw(t, "zero")
		text := ""
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			text = d[:1] + strings.ReplaceAll(d[1:], "0", zero)
		case 1:
			text = wide(d[:3]) + strings.ReplaceAll(d[3:], "0", zero)
		case 2:
			words, digits := strings.Fields(inWords(d)), strings.Split(d, "")
			for i := range digits {
				if i%2 == 0 || i == 1 {
					digits[i] = words[i]
				}
			}
			text = strings.Join(digits, " ")
		default:
			gap := func() string {
				return rapid.SampledFrom([]string{"，然后", "，最后", "€", "¥", "x", " -- -- ", " 转 ", "\n", " and then ", "🍎", "空格"}).Draw(t, "gap")
			}
			text = d[:3] + gap() + d[3:7] + gap() + d[7:]
		}
		return secret{text: rapid.SampledFrom([]string{"电话", "手机号：", "tel ", "phone: "}).Draw(t, "label") + text, digits: d}
	})
}

func longNumbers() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		d := rapid.StringMatching(`[1-9][0-9]{6,29}`).Draw(t, "digits")
		text := d
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			text = wide(d)
		case 1:
			text = strings.Join(strings.Split(d, ""), rapid.SampledFrom([]string{"\u200b", "\u00ad", "\u2060", "\x01"}).Draw(t, "hidden"))
		case 2:
			text = strings.Map(func(c rune) rune { return '٠' + c - '0' }, d)
		}
		return secret{text: rapid.SampledFrom([]string{"订单", "order #", "SF", "单号 ", "身份证", "卡号", ""}).Draw(t, "label") + text, digits: d}
	})
}

func mails() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		local := rapid.StringMatching(`[a-z]{3}[a-z0-9]{2,8}([._+-][a-z0-9]{2,5})?`).Draw(t, "local")
		at := rapid.SampledFrom([]string{"@", "＠", " @ ", "﹫", "(at)", " [at] ", "  @  ", "@\n", "[@]", "{at}", "{a}", "【a】", "( a )", "艾特", "*@*"}).Draw(t, "at")
		host := rapid.SampledFrom([]string{"example.com", "mail.example.cn", "qq.com", "EXAMPLE.CO.UK", "qq点com", "qq"}).Draw(t, "host")
		switch {
		case rapid.IntRange(0, 5).Draw(t, "read out") == 0:
			at, host = " at ", "example dot com"
		case host == "qq":
			at = "@"
		}
		return secret{text: rapid.SampledFrom([]string{"邮箱", "email: ", "发到"}).Draw(t, "label") + local + at + host, words: []string{local}}
	})
}

func addresses() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		region := rapid.SampledFrom([]string{"浙江省杭州市西湖区", "广东省深圳市南山区粤海街道", "北京市朝阳区", "四川成都市武侯区", "上海市浦东新区"}).Draw(t, "region")
		road := rapid.SampledFrom([]string{"文三路", "学院南路", "科技大道", "解放西街", "望江巷"}).Draw(t, "road")
		door := fmt.Sprintf("%d号", rapid.IntRange(2, 1999).Draw(t, "door"))
		house := rapid.SampledFrom([]string{"", "3栋2单元1201室", "翡翠花园7幢502", "国际大厦18楼"}).Draw(t, "house")
		before := rapid.SampledFrom([]string{"收货地址：", "寄到", "地址改成", "", "住在"}).Draw(t, "label")
		return secret{text: before + region + road + door + house, words: []string{road, door}}
	})
}

// partedAddresses are addresses with commas or lines between their parts, behind a label.
func partedAddresses() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		if rapid.Bool().Draw(t, "latin") {
			text := rapid.SampledFrom([]string{"address: Flat 3\nRose House, 5 Mill Lane\nOxford NW1 6XE", "*Address*: Apt 4B, Rose House", "address Flat 3, Rose House", "ship to Rose House, Mill Lane, Oxford NW1 6XE", "Ship to: Rose House, Oxford"}).Draw(t, "address")
			return secret{text: text, each: []string{"Rose", "Mill", "Oxford", "6XE"}}
		}
		label := rapid.SampledFrom([]string{"地址：", "*地址*：", "收货地址：*", "地址：\n", "地址：" + nextMessage}).Draw(t, "label")
		name := rapid.SampledFrom([]string{"翠苑小区", "望江花园", "金色家园"}).Draw(t, "name")
		parts := []string{name, "3栋", "2单元", rapid.StringMatching(`[1-9]0[1-9]`).Draw(t, "room")}
		return secret{text: label + strings.Join(parts, rapid.SampledFrom([]string{"，", "、", ", "}).Draw(t, "comma")), each: []string{name, "3栋", "2单元"}}
	})
}

// labelled are names behind a label as forms and bold words in Slack have them.
func labelled() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		if rapid.IntRange(0, 7).Draw(t, "invoice") == 0 {
			return secret{text: "抬头：上海瑞欣达信息科技有限公司", each: []string{"瑞欣达", "科技"}}
		}
		if rapid.Bool().Draw(t, "latin") {
			n := rapid.SampledFrom([]string{"Wolfgang Amadei", "Ngozi Adeyemi"}).Draw(t, "name")
			l := rapid.SampledFrom([]string{"Customer: ", "Buyer: ", "To: ", "Ship to: ", "Name (new): ", "*Name*: ", "name: `", "Recipient:\n", "Recipient:" + nextMessage, "FAO: ", "My name is "}).Draw(t, "label")
			if strings.Contains(strings.ToLower(l), "name") && rapid.Bool().Draw(t, "lower") {
				n = strings.ToLower(n)
			}
			return secret{text: l + n, each: strings.Fields(n)}
		}
		n := rapid.SampledFrom([]string{"欧阳震华", "王小明", "诸葛清风", "李四光"}).Draw(t, "name")
		l := rapid.SampledFrom([]string{"收件人", "发件人", "收货", "收件", "户名", "持卡人", "机主", "收件人1", "收件人（新）", "姓名", "收貨人", "FAO"}).Draw(t, "label")
		switch rapid.IntRange(0, 8).Draw(t, "form") {
		case 0:
			l = "*" + l + "*："
		case 1:
			l += "：*"
		case 2:
			l = "*" + l + "：* "
		case 3:
			l += "：\n"
		case 4:
			l += "：" + nextMessage
		case 5:
			l = "`" + l + "`：`"
		case 6:
			l += rapid.SampledFrom([]string{"：“", "：‹", "：「", "→"}).Draw(t, "sign")
		case 7:
			l = rapid.SampledFrom([]string{"联系人换成", "联系人变更为", "姓名/", "姓名、", "收件人,"}).Draw(t, "words")
		default:
			l += "："
		}
		return secret{text: l + n, each: []string{n, n[3:]}}
	})
}

// called are those who are called by "@", and channels.
func called() *rapid.Generator[secret] {
	return rapid.SampledFrom([]secret{
		{text: "@阿卜杜热合曼", each: []string{"阿卜", "热合曼", "曼"}},
		{text: "@欧阳震华", each: []string{"欧阳", "震华", "华"}},
		{text: "@John Smithson", each: []string{"John", "Smithson"}},
		{text: "@Anna\u00a0Marie\u00a0Dupont", each: []string{"Anna", "Dupont"}},
		{text: "#售后-王小明", each: []string{"王小明"}},
		{text: "#vip-john-smithson", each: []string{"smithson"}},
	})
}

func people() *rapid.Generator[secret] {
	return rapid.Custom(func(t *rapid.T) secret {
		if rapid.Bool().Draw(t, "latin") {
			n := rapid.SampledFrom([]string{"Wolfgang Amadei", "Siobhan O'Neil", "Ngozi Adeyemi"}).Draw(t, "name")
			l := rapid.SampledFrom([]string{"Recipient: ", "name is ", "收件人：", "Consignee ", "Name - ", "receiver\t"}).Draw(t, "label")
			if l == "Consignee " {
				l += "is "
			}
			return secret{text: l + n, words: strings.Fields(n)[:1]}
		}
		n := rapid.SampledFrom([]string{"欧阳震华", "阿依古丽", "王小明", "诸葛清风", "令狐冲"}).Draw(t, "name")
		return secret{text: rapid.SampledFrom([]string{"收件人：", "姓名 ", "联系人是", "收货人姓名：", "抬头：", "收件人【", "签收人（", "收货人\n", "姓名\t"}).Draw(t, "label") + n, words: []string{n}}
	})
}

func wide(s string) string { return strings.Map(func(c rune) rune { return c - '0' + '０' }, s) }

func spelt(s string) string {
	return strings.Map(func(c rune) rune { return []rune("零幺二三四五六七八九")[c-'0'] }, s)
}

// inWords spells digits as they are dictated in English.
func inWords(s string) string {
	var out []string
	for _, c := range s {
		out = append(out, strings.Fields("zero one two three four five six seven eight nine")[c-'0'])
	}
	return strings.Join(out, " ")
}

// plainDigits are the digits of a text of whatever script and form, without what stands between them.
func plainDigits(s string) string {
	for i, w := range strings.Fields("zero one two three four five six seven eight nine") {
		s = strings.ReplaceAll(s, w, strconv.Itoa(i))
	}
	var b strings.Builder
	for _, c := range s {
		switch i := strings.IndexRune("零幺二三四五六七八九", c); {
		case strings.ContainsRune("OoＯОо", c):
			b.WriteRune('0')
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case c >= '０' && c <= '９':
			b.WriteRune(c - '０' + '0')
		case c >= '٠' && c <= '٩':
			b.WriteRune(c - '٠' + '0')
		case i >= 0:
			b.WriteRune(rune('0' + i/3))
		}
	}
	return b.String()
}

// longestRun is the longest run of digits, with what nobody sees between them.
func longestRun(s string) int {
	n, most := 0, 0
	for _, c := range s {
		switch {
		case unicode.IsNumber(c):
			n++
			most = max(most, n)
		case !unicode.In(c, unicode.Cf, unicode.Mn):
			n = 0
		}
	}
	return most
}

// TestNothingPersonalAtTheWire looks at what a real server was sent.
func TestNothingPersonalAtTheWire(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, func(string) string { return answer() })
	chat := []string{"麻烦看下", "买家很急", "please check ", "，", "。", "\n", "三天了还没到 ", "今天18:00前", "退35.5元", "“", "” ", "<!here> ", "尺码 37 38 39 40", "2026-11-20 18:00", " 谢谢"}
	rapid.Check(t, func(t *rapid.T) {
		e.answers(func(string) string { return answer() })
		var all []secret
		write := func(label string) string {
			var b strings.Builder
			for range rapid.IntRange(1, 4).Draw(t, label) {
				s := secrets().Draw(t, "secret")
				all = append(all, s)
				b.WriteString(rapid.SampledFrom(chat).Draw(t, "chat"))
				b.WriteString(" " + s.text)
				b.WriteString(rapid.SampledFrom([]string{" ", "，", "\n", "。"}).Draw(t, "end"))
			}
			if rapid.IntRange(0, 9).Draw(t, "long") == 0 && !strings.Contains(b.String(), nextMessage) {
				return strings.Repeat("啊", rapid.IntRange(1960, 2000).Draw(t, "padding")) + b.String()
			}
			return b.String()
		}
		parts := strings.Split(write("parts"), nextMessage)
		m := message(parts[len(parts)-1])
		for range rapid.IntRange(0, 3).Draw(t, "context") {
			m.Context = append(m.Context, strings.ReplaceAll(write("earlier"), nextMessage, "\n"))
		}
		m.Context = append(m.Context, parts[:len(parts)-1]...)
		shop := "店" + rapid.StringMatching(`[0-9]{8}`).Draw(t, "shop")
		m.Shops = []entities.Shop{{Name: shop}}
		m.Text += shop
		m.Mentions = []string{"U13800138000"}
		c := intents.New(intents.Options{Model: e.model()})
		d := c.Refine(t.Context(), m, hesitant(c.Local(m)))
		if d.Degraded {
			t.Fatalf("not asked about %q", m.Text)
		}
		for _, body := range e.sent() {
			said := userPart(t, body)
			if n := longestRun(said); n >= 7 {
				t.Fatalf("a run of %d digits leaves in %q\nof %q", n, said, m.Text)
			}
			digits := plainDigits(said)
			for _, s := range all {
				if s.digits != "" && strings.Contains(digits, s.digits) {
					t.Fatalf("%q leaves in %q\nof %q %q", s.text, said, m.Context, m.Text)
				}
				for _, w := range s.each {
					if strings.Contains(said, w) {
						t.Fatalf("%q of %q leaves in %q\nof %q %q", w, s.text, said, m.Context, m.Text)
					}
				}
				if len(s.words) == 2 && strings.Contains(said, s.words[0]+s.words[1]) || len(s.words) == 1 && strings.Contains(strings.ToLower(said), s.words[0]) {
					t.Fatalf("%q leaves in %q\nof %q %q", s.text, said, m.Context, m.Text)
				}
			}
		}
	})
}

// hesitant is a decision that a model is asked about, whatever the rules made of the message.
func hesitant(d intents.Decision) intents.Decision {
	d.By, d.Action, d.Suspicious = intents.ByLocal, intents.Ask, false
	return d
}

// userPart is what was sent besides the prompt's own words, with the escapes of JSON undone.
func userPart(t *rapid.T, body string) string {
	var q struct {
		Messages []struct{ Role, Content string }
	}
	d := json.NewDecoder(strings.NewReader(body))
	if err := d.Decode(&q); err != nil {
		t.Fatal(err)
	}
	var asked struct {
		Lang     string
		InThread bool `json:"in_thread"`
		Messages []string
	}
	if err := json.Unmarshal([]byte(q.Messages[1].Content), &asked); err != nil {
		t.Fatal(err)
	}
	return strings.Join(asked.Messages, "\x00")
}

// What a model copies comes back as what it stood for.
func TestPlaceholdersComeBack(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, func(user string) string {
		var asked struct{ Messages []string }
		_ = json.Unmarshal([]byte(user), &asked)
		last := asked.Messages[len(asked.Messages)-1]
		i := strings.Index(last, "<NUM_")
		return answer("order", last[i:i+strings.Index(last[i:], ">")+1], "due_text", "争取周五中午")
	})
	c := intents.New(intents.Options{Local: unsure{"goods_return", 0.6}, Model: e.model()})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`[2-9][0-9]{6}`).Draw(t, "number")
		m := message("这个 " + n + " 有点问题，电话13800138000，争取周五中午")
		d := c.Refine(t.Context(), m, hesitant(c.Local(m)))
		if d.Fields.Order != n && c.Local(m).Fields.Order == "" {
			t.Fatalf("order = %q, want %q", d.Fields.Order, n)
		}
		if d.Fields.Due.IsZero() {
			t.Fatal("the deadline is lost")
		}
	})
}

// Where no model may be asked, none is.
func TestLocalOnlyStays(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, func(string) string { return answer() })
	c := intents.New(intents.Options{Local: unsure{"goods_return", 0.6}, Model: e.model()})
	m := message("杯子有点问题")
	m.LocalOnly = true
	d := c.Local(m)
	if c.NeedsModel(m, d) {
		t.Error("a model is wanted for what must stay here")
	}
	if got := c.Refine(t.Context(), m, hesitant(d)); got.Degraded || len(e.sent()) > 0 {
		t.Errorf("asked %d times, degraded %t", len(e.sent()), got.Degraded)
	}
}
