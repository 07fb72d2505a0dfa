package corrections

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// docs are versioned documents in memory, written as a store writes them: all or none.
type docs struct {
	t      *testing.T
	bodies map[string][]byte
	at     map[string]int64
}

func newDocs(t *testing.T) *docs {
	return &docs{t: t, bodies: map[string][]byte{}, at: map[string]int64{}}
}

func (d *docs) Read(_ context.Context, key string) ([]byte, int64, error) {
	return d.bodies[key], d.at[key], nil
}

func (d *docs) commit(list []Write, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, w := range list {
		if d.at[w.Key] != w.Expect || seen[w.Key] || !w.Delete && !json.Valid(w.Body) {
			d.t.Fatalf("write of %s expects version %d, there is %d (twice: %t)", w.Key, w.Expect, d.at[w.Key], seen[w.Key])
		}
		seen[w.Key] = true
	}
	for _, w := range list {
		if w.Delete {
			delete(d.bodies, w.Key)
			delete(d.at, w.Key)
			continue
		}
		d.bodies[w.Key], d.at[w.Key] = w.Body, w.Expect+1
	}
}

func (d *docs) add(r Row) { d.t.Helper(); d.commit(Add(d.t.Context(), d, r)) }

func (d *docs) rows(now time.Time) []Row {
	d.t.Helper()
	rows, _, err := Rows(d.t.Context(), d, now, time.Time{})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

func row(n int, label string) Row {
	return Row{ID: fmt.Sprint(n), At: monday.Add(time.Duration(n) * time.Minute), Role: "agent", Text: fmt.Sprintf("第 %d 句话", n),
		Local: "refund", P: 0.9, By: "local", Was: "refund", Did: "act", Label: label}
}

func TestAddReplacesAndTakesBack(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	d.add(row(1, "exchange"))
	d.add(row(2, NotATicket))
	again := row(1, "repair")
	again.Was, again.By, again.At = "exchange", "rules", monday.Add(time.Hour) // as the ticket is by now
	d.add(again)
	want := row(1, "repair")
	want.At = again.At
	if diff := cmp.Diff([]Row{want, row(2, NotATicket)}, d.rows(monday)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	back := row(1, "refund")
	d.add(back)
	if diff := cmp.Diff([]Row{row(2, NotATicket)}, d.rows(monday)); diff != "" {
		t.Errorf("after it was taken back (-want +got):\n%s", diff)
	}
	d.commit(Remove(t.Context(), d, "2"))
	d.commit(Remove(t.Context(), d, "3"))
	if got := d.rows(monday); len(got) != 0 {
		t.Errorf("after all were removed: %v", got)
	}
	d.add(row(4, "refund")) // says only what was decided
	if got := d.rows(monday); len(got) != 0 {
		t.Errorf("kept what teaches nothing: %v", got)
	}
	asked := row(5, "refund")
	asked.Did = "ask" // that it was right teaches something here
	d.add(asked)
	if got := d.rows(monday); len(got) != 1 {
		t.Errorf("an answer to a question is not kept: %v", got)
	}
}

func TestBookIsBounded(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	const many = Most + 3*pageRows
	full := Book{First: 1, Last: pagesMost, Total: Most}
	for n := range pagesMost {
		var p page
		for i := range pageRows {
			p.Rows = append(p.Rows, row(n*pageRows+i, "exchange"))
		}
		w, err := write(pageKey(n+1), 0, p)
		d.commit([]Write{w}, err)
	}
	head, err := write(bookKey, 0, full)
	d.commit([]Write{head}, err)
	for n := Most; n < many; n++ {
		d.add(row(n, "exchange"))
	}
	got := d.rows(monday)
	if len(got) > Most || len(got) < Most-pageRows || got[len(got)-1].ID != fmt.Sprint(many-1) {
		t.Errorf("%d rows, last %s; want at most %d, last %d", len(got), got[len(got)-1].ID, Most, many-1)
	}
	if pages := len(d.bodies) - 1; pages > pagesMost+1 {
		t.Errorf("%d pages, want at most %d", pages, pagesMost)
	}
	for n := 1; n < len(got); n++ {
		if got[n].At.Before(got[n-1].At) {
			t.Fatalf("row %d is older than the one before it", n)
		}
	}
}

// A message corrected again after so many others that the first is not found counts once.
func TestLatestCounts(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	for n := range (pagesBack + 2) * pageRows {
		d.add(row(n, "exchange"))
	}
	again := row(3, "repair")
	again.At, again.Was = monday.Add(time.Hour*24), "exchange"
	d.add(again)
	got := d.rows(monday)
	if last := got[len(got)-1]; len(got) != (pagesBack+2)*pageRows || last.Label != "repair" || last.Was != "refund" {
		t.Errorf("%d rows, last %+v", len(got), last)
	}
}

func TestOldRowsGo(t *testing.T) {
	t.Parallel()
	d := newDocs(t)
	for n := range 3*pageRows + 5 {
		d.add(row(n, "exchange"))
	}
	young := monday.Add(Keep)
	if got := d.rows(young.Add(time.Duration(pageRows+10) * time.Minute)); len(got) != 2*pageRows+5-11 {
		t.Errorf("%d rows are shown in time, want %d", len(got), 2*pageRows+5-11)
	}
	at := young.Add(time.Duration(3*pageRows+1) * time.Minute)
	d.commit(Expire(t.Context(), d, at))
	if got := len(d.bodies); got != 2 {
		t.Errorf("%d documents, want the book and its last page", got)
	}
	if got := d.rows(at); len(got) != 3 || got[0].ID != fmt.Sprint(3*pageRows+2) {
		t.Errorf("rows = %v", got)
	}
	if list, err := Expire(t.Context(), d, at); err != nil || len(list) != 0 {
		t.Errorf("expiring again writes %d documents, %v", len(list), err)
	}
}

func TestCleanNamesNobody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, lacks, has string }{
		{"订单 2024112233445566778 要退货", "2024112233445566778", "要退货"},
		{"买家电话 138 0013 8000，发票抬头写错", "0013", "发票抬头写错"},
		{"收货人：王小明，地址：浙江省杭州市西湖区文三路 100 号 3 幢 201 室，改一下", "文三路", "改"},
		{"收货人：王小明，要换货", "王小明", "换货"},
		{"@小李 这单你跟，要换货", "小李", "要换货"},
		{"@Wang,\u00a0Xiaoming (Ops) 跟一下，要换货", "Xiaoming", "要换货"},
		{"收件人【王小明】微信号 wangxm_88，要换货", "小明", "要换货"},
		{"收件人【王小明】微信号 wangxm_88，要换货", "wangxm", "要换货"},
		{"小李说要换货", "小李", "要换货"},
		{"mail to jane.doe@example.com please, refund", "jane.doe", "refund"},
		{"ask @UANNA about the refund", "UANNA", "refund"},
		{"运单 SF1234567890123 一直没动", "1234567890123", "一直没动"},
		{strings.Repeat("长", 5000), strings.Repeat("长", maxText+1), "长"},
		{"*收件人*：王小明，要换货", "小明", "要换货"},
		{"收件人：\n王小明\n要换货", "小明", "要换货"},
		{"收件人：“王小明”，微信：*wangxm*，要换货", "小明", "要换货"},
		{"地址：翠苑小区，3栋，502，要换货", "3栋", "要换货"},
		{"@John Smith 跟一下，要换货", "Smith", "要换货"},
		{strings.Repeat("长", maxText-4) + "jane.doe@example.com", "jane", "长"},
		{strings.Repeat("长", maxText-2) + "13800138000 要换货", "长13", "长"},
		{strings.Repeat("长", maxText-5) + "收件人：王小明要换货", "王", "长收件人"},
		{"a\x00b\nc", "\x00", "a b c"},
	} {
		got := Clean(tt.text, monday, time.UTC, []string{"小李", "", "王"})
		if strings.Contains(got, tt.lacks) || !strings.Contains(got, tt.has) {
			t.Errorf("Clean(%q) = %q, want no %q and %q", tt.text, got, tt.lacks, tt.has)
		}
	}
	if got := (Row{Text: "订单 <ORDER_1> 要退货 <LIT_2>"}).Words(); got != "订单   要退货  " {
		t.Errorf("Words() = %q", got)
	}
	if a, b := IDOf("T1", "C1", "1.2"), IDOf("T2", "C1", "1.2"); a == b || strings.Contains(a, "C1") {
		t.Errorf("ids = %q, %q", a, b)
	}
}

// A fifth is held back, whatever the words end in.
func TestHeldIsAFifth(t *testing.T) {
	t.Parallel()
	held := 0
	for n := range 2000 {
		if row(n, "x").Held() {
			held++
		}
	}
	if held < 340 || held > 460 {
		t.Errorf("%d of 2000 are held back, want about 400", held)
	}
	if a, b := (Row{Text: "Order <ORDER_1>  Late"}), (Row{Text: "order <ORDER_7> late"}); a.Held() != b.Held() {
		t.Error("equal words stand on both sides")
	}
}
