package slackapi

import (
	"testing"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// Only members read closed channels.
func TestPlaces(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.AddChannel("T1", slacksim.Channel{ID: "C7", Name: "closed", Private: true, Members: []string{lin, "UBOT"}})
		got, err := w.d.Channel(ctx, "T1", "C7")
		if err != nil || !got.Private {
			t.Errorf("Channel = %+v, %v, want a private one", got, err)
		}
		if got, err := w.d.Channel(ctx, "T1", room); err != nil || got.Private {
			t.Errorf("Channel = %+v, %v, want an open one", got, err)
		}
		asked := w.called("conversations.members ok")
		for who, want := range map[tickets.UserID]bool{lin: true, wang: false} {
			if in, err := w.d.Member(ctx, "T1", "C7", who); err != nil || in != want {
				t.Errorf("Member(%s) = %t, %v, want %t", who, in, err, want)
			}
		}
		if n := w.called("conversations.members ok") - asked; n != 1 {
			t.Errorf("%d calls about the same members, want 1", n)
		}
	})
}
