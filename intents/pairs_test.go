package intents

import (
	"testing"

	"pgregory.net/rapid"
)

// A list of words finds what looking for each word finds.
func TestListsFindTheWords(t *testing.T) {
	t.Parallel()
	words := [][]string{{"碎", "ab", "退货"}, {"late", "不动了", "三天"}, problems, office}
	ls := listsOf(words...)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]string{"碎了", "abc", "xab", "要退货", "late", "plate", "不动", "了", "会议室", "cancel", " "}), rapid.String()), 0, 5).Draw(t, "parts")
		text := ""
		for _, p := range parts {
			text += p
		}
		want := -1
		for i, list := range words {
			for _, w := range list {
				if want < 0 && containsWord(text, w) {
					want = i
				}
			}
		}
		if got := ls.in(text); got != want {
			t.Fatalf("in(%q) = %d, want %d", text, got, want)
		}
	})
}
