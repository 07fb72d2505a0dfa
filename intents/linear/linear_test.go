package linear

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// toyRows are three clearly different classes and some small talk.
func toyRows() []Row {
	var rows []Row
	for i, text := range []string{"要退货", "退货退款", "不想要了退掉", "这单退一下", "买家退货 尺码大", "退回来的货", "客人退货", "想退"} {
		rows = append(rows, Row{Text: fmt.Sprint(text, " ", 100000+i), Label: "goods_return"})
	}
	for _, text := range []string{"开发票", "发票抬头改一下", "电子发票没收到", "invoice please", "发票税号", "补开发票", "专票", "发票邮箱"} {
		rows = append(rows, Row{Text: text, Label: "invoice"})
	}
	for _, text := range []string{"快递到哪了", "查物流", "单号多少", "where is my parcel", "物流不动", "快递查询", "到哪里了", "包裹查一下"} {
		rows = append(rows, Row{Text: text, Label: "tracking"})
	}
	for _, text := range []string{"早", "谢谢", "中午吃什么", "哈哈哈", "收到", "ok", "好的", "下班了"} {
		rows = append(rows, Row{Text: text, Label: OutOfScope})
	}
	return rows
}

func trainToy(t testing.TB, o Options) *Model {
	t.Helper()
	o.MinCount = 1
	m, err := Train(toyRows(), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func file(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("WriteTo = %d, %v, want %d, nil", n, err, b.Len())
	}
	return b.Bytes()
}

func TestTrainAndPredict(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{})
	if diff := cmp.Diff([]string{"goods_return", "invoice", "tracking"}, m.Labels()); diff != "" {
		t.Errorf("Labels (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		"买家说要退货 2024112233445566778": "goods_return",
		"发票还没开":                      "invoice",
		"帮查下快递到哪里":                   "tracking",
	} {
		p := m.Predict(text)
		if p.Label != want || p.P != p.Ranked[0].P || len(p.Ranked) != 3 {
			t.Errorf("Predict(%q) = %+v, want %s", text, p, want)
		}
		if !slices.IsSortedFunc(p.Ranked, func(a, b Score) int { return -cmpFloat(a.P, b.P) }) {
			t.Errorf("Predict(%q).Ranked is not sorted: %+v", text, p.Ranked)
		}
	}
	if in, out := m.Predict("要退货").P, m.Predict("中午吃什么好").P; out >= in || out > 0.5 {
		t.Errorf("P out of scope = %.3f, in scope = %.3f", out, in)
	}
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestTrainIsDeterministic(t *testing.T) {
	t.Parallel()
	if a, b := file(t, trainToy(t, Options{})), file(t, trainToy(t, Options{})); !bytes.Equal(a, b) {
		t.Error("two trainings on the same rows gave different files")
	}
}

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	one := []Row{{Text: "a", Label: "x"}, {Text: "b", Label: OutOfScope}}
	if _, err := Train(one, Options{}); !errors.Is(err, ErrTooFewRows) {
		t.Errorf("Train with one label = %v, want ErrTooFewRows", err)
	}
	for name, bad := range map[string]Row{
		"split":      {Text: "a", Label: "x", Split: "dev"},
		"no label":   {Text: "a"},
		"long label": {Text: "a", Label: string(make([]byte, MaxLabelBytes+1))},
	} {
		if _, err := Train(append(toyRows(), bad), Options{}); err == nil {
			t.Errorf("Train with a row of bad %s gave no error", name)
		}
	}
}

func TestTrainLeavesTestRowsOut(t *testing.T) {
	t.Parallel()
	rows := append(toyRows(), Row{Text: "退货", Label: "unseen", Split: "test"})
	with, err := Train(rows, Options{MinCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file(t, with), file(t, trainToy(t, Options{}))) {
		t.Error("a test row changed the model")
	}
}

func TestFileRoundTrip(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{})
	want := file(t, m)
	back, err := Read(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file(t, back), want) {
		t.Error("a file that was read is written differently")
	}
	for _, text := range []string{"退货", "发票", "", "🙏", "order 12345678 where"} {
		if diff := cmp.Diff(m.Predict(text), back.Predict(text)); diff != "" {
			t.Errorf("Predict(%q) (-trained +read):\n%s", text, diff)
		}
	}
}

// reseal gives a changed file a valid checksum, as an attacker would.
func reseal(b []byte) []byte {
	body := b[:len(b)-4]
	return binary.LittleEndian.AppendUint32(slices.Clone(body), crc32.ChecksumIEEE(body))
}

func TestReadRefusesDamage(t *testing.T) {
	t.Parallel()
	good := file(t, trainToy(t, Options{}))
	for i := range good {
		if i > 200 && i%17 != 0 {
			continue
		}
		bad := slices.Clone(good)
		bad[i] ^= 0x40
		if _, err := Read(bytes.NewReader(bad)); !errors.Is(err, ErrFormat) {
			t.Fatalf("Read with byte %d changed = %v, want ErrFormat", i, err)
		}
		if _, err := Read(bytes.NewReader(good[:i])); !errors.Is(err, ErrFormat) {
			t.Fatalf("Read of the first %d bytes = %v, want ErrFormat", i, err)
		}
		if m, err := Read(bytes.NewReader(reseal(bad))); err == nil {
			m.Predict("退货 where is it")
		}
	}
	newer := slices.Clone(good)
	newer[len(magic)]++
	if _, err := Read(bytes.NewReader(reseal(newer))); !errors.Is(err, ErrFormat) {
		t.Errorf("Read of a newer version = %v, want ErrFormat", err)
	}
}

// TestReadBoundsMemory announces far more features than the file can hold.
func TestReadBoundsMemory(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{})
	good := file(t, m)
	at := bytes.Index(good, binary.LittleEndian.AppendUint32(nil, uint32(len(m.vocab.keys))))
	for _, n := range []uint32{1 << 16, maxFeatures, maxFeatures + 1, 1<<32 - 1} {
		bad := slices.Clone(good)
		binary.LittleEndian.PutUint32(bad[at:], n)
		bad = reseal(bad)
		if _, err := Read(bytes.NewReader(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("Read announcing %d features = %v, want ErrFormat", n, err)
		}
		binary.LittleEndian.PutUint32(bad[at:], uint32(len(m.vocab.keys)))
		binary.LittleEndian.PutUint32(bad[at+4:], n)
		if _, err := Read(bytes.NewReader(reseal(bad))); !errors.Is(err, ErrFormat) {
			t.Errorf("Read announcing %d weights = %v, want ErrFormat", n, err)
		}
	}
}

func TestCoarserWeightsFitTheLimit(t *testing.T) {
	t.Parallel()
	whole := len(file(t, trainToy(t, Options{})))
	limit := whole * 9 / 10
	if n := len(file(t, trainToy(t, Options{MaxBytes: limit}))); n > limit {
		t.Errorf("file has %d bytes, want at most %d", n, limit)
	}
}

func TestPredictConcurrently(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{})
	texts := []string{"退货", "开发票", "快递在哪", "吃饭", "12345678901234567 not received"}
	want := make([]Prediction, len(texts))
	for i, text := range texts {
		want[i] = m.Predict(text)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				k := (i + g) % len(texts)
				if diff := cmp.Diff(want[k], m.Predict(texts[k])); diff != "" {
					t.Errorf("Predict(%q) (-alone +beside others):\n%s", texts[k], diff)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"full width", "ＡＢｃ　１２", " abc 00 "},
		{"order number", "订单2024112233445566778退货", " 订单" + string(maskOrder) + "退货 "},
		{"dashed order", "240913-583920114872091", " " + string(maskDigits5) + " " + string(maskDigits) + " "},
		{"phone", "电话 13800138000", " 电话 " + string(maskPhone) + " "},
		{"short numbers keep their shape", "401k w2 48h", " 000k w0 00h "},
		{"hotline", "打12315了", " 打12315了 "},
		{"waybill", "SF1399820047716", " sf" + string(maskDigits) + " "},
		{"mention and link", "<@U123|bob> see <https://x.y/z|here> https://a.b/c看", " " + string(maskMention) + " see " + string(maskURL) + " " + string(maskURL) + "看 "},
		{"apostrophe", "Don't", " dont "},
		{"zero width and forged masks", "退\u200b货\uE014", " 退货 "},
		{"bytes that are not text", "a\xff\xfeb", " ab "},
		{"empty", "", " "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var f folded
			f.fold(tt.text)
			if diff := cmp.Diff(tt.want, string(f.chars)); diff != "" {
				t.Errorf("fold(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestUnknownFeaturesShortenTheVector(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{})
	var s scratch
	squared := func(text string) (sum float64) {
		for _, x := range s.vectorise(&m.vocab, text).value {
			sum += float64(x) * float64(x)
		}
		return sum
	}
	const full = 2.0 // a block of words and one of characters
	if sum := squared("where is my parcel"); sum < full-0.001 || sum > full+0.001 {
		t.Errorf("squared length of a known text = %f, want %g", sum, full)
	}
	if sum := squared("where is my wombat"); sum > full-0.1 || sum == 0 {
		t.Errorf("squared length of a text half unknown = %f, want well under %g", sum, full)
	}
	for i, n := range s.counts {
		if n != 0 {
			t.Fatalf("count %d = %d after use, want 0", i, n)
		}
	}
}

func FuzzRead(f *testing.F) {
	good := file(f, trainToy(f, Options{}))
	f.Add(good)
	f.Add(good[:40])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(bytes.NewReader(b))
		if len(b) > 4 && err != nil {
			m, err = Read(bytes.NewReader(reseal(b)))
		}
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("Read = %v, want ErrFormat", err)
			}
			return
		}
		if p := m.Predict("要退货 2024112233445566778"); p.Label == "" || !(p.P >= 0 && p.P <= 1) {
			t.Errorf("Predict = %+v", p)
		}
	})
}

func FuzzPredict(f *testing.F) {
	m := trainToy(f, Options{})
	for _, s := range []string{"", "要退货 ２０２４", "<@U1> <http", "https://", "\xff\xfe", "<", "退" + string(rune(0xE014)), "🧧‼️", "<!channel>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := m.Predict(text)
		if p.Label == "" || !(p.P >= 0 && p.P <= 1) {
			t.Errorf("Predict(%q) = %+v", text, p)
		}
		if diff := cmp.Diff(p, m.Predict(text)); diff != "" {
			t.Errorf("Predict(%q) twice (-first +second):\n%s", text, diff)
		}
	})
}

func BenchmarkPredict(b *testing.B) {
	m, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.Predict("天猫 2024112233445566778 买家说收到的杯子碎了，要退货，帮忙看下运费谁出，客人比较急")
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := Read(bytes.NewReader(embedded)); err != nil {
			b.Fatal(err)
		}
	}
}
