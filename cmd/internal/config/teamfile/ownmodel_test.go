package teamfile_test

import (
	"testing"
	"time"

	"gongdan/cmd/internal/config/teamfile"
)

func TestOwnModel(t *testing.T) {
	t.Parallel()
	for text, off := range map[string]bool{"": false, "model: {}": false, "model: {own: true}": false, "model: {own: false}": true} {
		f, err := teamfile.Parse([]byte(text))
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		if got := f.Policy(time.Now()).Model.OwnOff; got != off {
			t.Errorf("%q: own model off = %t, want %t", text, got, off)
		}
	}
	if _, err := teamfile.Parse([]byte("model: {own: sometimes}")); err == nil {
		t.Error("own: sometimes is taken")
	}
}
