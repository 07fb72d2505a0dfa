package linear

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestThesaurus(t *testing.T) {
	t.Parallel()
	th := parseThesaurus("# a comment, of: no use\nreturn: 退货, send it back, return\nfit: size$, 太大\nmoney: 退款, return the money\n")
	for _, tt := range []struct {
		text string
		want []uint16
	}{
		{" 买家要退货 ", []uint16{1}},
		{" send it back ", []uint16{1}},
		{" returned ", []uint16{1}},
		{" please return the money ", []uint16{3}},
		{" what size ", []uint16{2}},
		{" sizeable ", nil},
		{" resend it back ", nil},
		{" 太大了 退货 退款 ", []uint16{2, 1, 3}},
		{" ", nil},
	} {
		var got []uint16
		th.groups([]rune(tt.text), func(g uint16) { got = append(got, g) })
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("groups of %q (-want +got):\n%s", tt.text, diff)
		}
	}
}

// TestThesaurusFile finds phrases that could never match and names given twice.
func TestThesaurusFile(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for line := range strings.Lines(thesaurusText + conceptsText) {
		name, phrases, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if !ok || names[name] {
			t.Errorf("%q is no group, or one of two of its name", name)
		}
		names[name] = true
		for phrase := range strings.SplitSeq(phrases, ", ") {
			var f folded
			word := strings.TrimSuffix(phrase, "$")
			if f.fold(word); strings.TrimSpace(string(f.chars)) != word {
				t.Errorf("%s: %q reads as %q after folding", name, word, string(f.chars))
			}
		}
	}
}

// TestThesaurusCarriesOver tells an unseen phrase by one of its group, also after a round through a file.
func TestThesaurusCarriesOver(t *testing.T) {
	t.Parallel()
	m := trainToy(t, Options{Thesaurus: true})
	back, err := Read(bytes.NewReader(file(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	const text = "she is sending it back"
	if p := back.Predict(text); p.Label != "goods_return" || p.P != m.Predict(text).P {
		t.Errorf("Predict(%q) = %+v, want goods_return as before the file", text, p)
	}
	if with, without := back.Predict(text).P, trainToy(t, Options{}).Predict(text).P; with <= without {
		t.Errorf("P with the thesaurus = %.3f, without = %.3f", with, without)
	}
}
