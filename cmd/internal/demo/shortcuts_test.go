package demo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
)

// The page offers the shortcuts that the app is registered for.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, r := range bot.Routes() {
		if r.Kind == bot.KindShortcut {
			want = append(want, r.Name)
		}
	}
	for _, s := range shortcuts() {
		got = append(got, s.CallbackID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shortcuts (-want +got):\n%s", diff)
	}
}
