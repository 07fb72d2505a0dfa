package intents_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/intents"
)

func parse(t testing.TB, c *intents.Classifier, in string) (rows []map[string]any, bad int) {
	t.Helper()
	var out bytes.Buffer
	bad, err := intents.ParseLines(t.Context(), strings.NewReader(in), &out, c, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		rows = append(rows, m)
	}
	return rows, bad
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	in := `{"id":"a","text":"天猫 2024112233445566778 下协同工单了，明早十点前要回","now":"2026-11-18T10:30:00+08:00"}
{"id":7,"text":"中午吃什么"}

{"id":"b"}
not json
{"id":"c","text":"x","tz":"Mars/Olympus"}
{"id":"d","text":"x","now":"yesterday"}
{"id":"e","text":5}
{"id":"f","text":"by 5pm","now":"2026-11-18T10:30:00Z","tz":"America/New_York"}`
	rows, bad := parse(t, classifier(t, nil), in)
	if bad != 5 || len(rows) != 8 {
		t.Fatalf("bad = %d, rows = %d, want 5 and 8", bad, len(rows))
	}
	due := rows[0]["fields"].(map[string]any)["due"]
	if rows[0]["id"] != "a" || rows[0]["intent"] != "new_ticket" || due != "2026-11-19T10:00:00+08:00" {
		t.Errorf("first row = %v", rows[0])
	}
	if diff := cmp.Diff(map[string]any{"id": 7.0, "intent": "none", "confidence": 0.99, "by": "rules", "action": "ignore", "reason": "rule:meal", "fields": map[string]any{}, "entities": rows[1]["entities"], "redacted": "中午吃什么"}, rows[1]); diff != "" {
		t.Errorf("second row (-want +got):\n%s", diff)
	}
	for i, id := range map[int]any{2: "b", 3: nil, 4: "c", 5: "d", 6: "e"} {
		line := fmt.Sprintf("line %d: ", i+2) // the third is empty and answered by nothing
		if why, _ := rows[i]["error"].(string); rows[i]["id"] != id || !strings.HasPrefix(why, line) || why == line {
			t.Errorf("row %d = %v, want an error for %v that begins with %q and says why", i, rows[i], id, line)
		}
	}
	e := rows[7]["entities"].([]any)[0].(map[string]any)
	if e["value"] != "2026-11-18T17:00:00-05:00" || e["sense"] != "deadline" {
		t.Errorf("zone: %v", e)
	}
}

func TestParseLongLine(t *testing.T) {
	t.Parallel()
	in := `{"id":"a","text":"` + strings.Repeat("x", 2<<20) + "\"}\n" + `{"id":"b","text":"谢谢"}`
	rows, bad := parse(t, classifier(t, nil), in)
	if bad != 1 || len(rows) != 2 || rows[1]["id"] != "b" {
		t.Errorf("bad = %d, rows = %d", bad, len(rows))
	}
}

func TestLocalIsDeterministic(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, text := range []string{"订单123456789012、987654321098都没收到", "买家投诉说破了，要换货也要补偿，明天中午前", "customer unhappy, refund order 104233 by friday"} {
		want := c.Local(message(text))
		for range 20 {
			if diff := cmp.Diff(want, c.Local(message(text))); diff != "" {
				t.Fatalf("Local(%q) differs (-first +later):\n%s", text, diff)
			}
		}
	}
}

func FuzzParseLines(f *testing.F) {
	for _, s := range []string{`{"id":"a","text":"订单 2024112233445566778 碎了"}`, `{"text":null}`, "{}\n{", `{"id":[1],"text":"\u0000明早十点前"}`, "\xff"} {
		f.Add(s)
	}
	c := intents.New(intents.Options{Shops: shops})
	f.Fuzz(func(t *testing.T, in string) {
		want := 0
		for line := range strings.Lines(in) {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		if strings.ContainsAny(in, "\u0085\u00a0\u2000\u2028\u2029\u3000\u1680\u202f\u205f\v\f\r") {
			return // what counts as an empty line is another question
		}
		if rows, _ := parse(t, c, in); len(rows) != want {
			t.Errorf("%d rows for %d lines of %q", len(rows), want, in)
		}
	})
}

var benchTexts = []string{
	"订单 2024112233445566778 买家说收到的杯子碎了，要退货", "天猫 2024112233445566778 下协同工单了，明早十点前要回", "中午吃什么", "买家催发货，已经三天了还没动静，态度很差要投诉",
	"customer says order #104238 never arrived, tracking 1Z999AA10123456784, please check by Friday", "收件人王小明 13812345678 地址改成浙江省杭州市西湖区文三路478号3栋502室", "这款160斤穿什么码合适", "can we still apply the coupon after payment?", "圆通 YT8812345678901 显示签收买家没收到", "好的谢谢",
}

func BenchmarkParseLines(b *testing.B) {
	c := classifier(b, nil)
	var in bytes.Buffer
	n := 0
	for n < b.N {
		fmt.Fprintf(&in, "{\"id\":\"%d\",\"text\":%q,\"now\":\"2026-11-18T10:30:00+08:00\"}\n", n, benchTexts[n%len(benchTexts)])
		n++
	}
	b.ResetTimer()
	if bad, err := intents.ParseLines(b.Context(), &in, &bytes.Buffer{}, c, time.Now); bad > 0 || err != nil {
		b.Fatal(bad, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
