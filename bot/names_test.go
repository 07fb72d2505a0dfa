package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

// One message asks about few people, however many it mentions and whatever it makes up.
func TestMentionsAreBounded(t *testing.T) {
	var marks strings.Builder
	var many []tickets.UserID
	for i := range 400 {
		id := tickets.UserID(fmt.Sprintf("UPAL%05d", i))
		many = append(many, id)
		fmt.Fprintf(&marks, " @%s", id)
	}
	for _, tt := range []struct {
		name     string
		by       tickets.UserID
		mentions []tickets.UserID
		most     int
	}{
		{"a guest's", guest, many, 11}, // the guest, and ten names
		{"a guest's inventions", guest, nil, 1},
		{"a colleague's", anna, many, 11},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.message(tt.by, wantsReturn+marks.String())
				m.Mentions = tt.mentions
				w.handle(bot.Input{Message: &m})
				if n := w.people.known(); n > tt.most {
					t.Errorf("%d people looked up for a ticket, want at most %d", n, tt.most)
				}
				m.TS, m.Thread, m.Text = w.stamp(), m.TS, "补充"+marks.String()
				w.handle(bot.Input{Message: &m})
				if n := w.people.known(); n > tt.most {
					t.Errorf("%d people looked up with a reply, want at most %d", n, tt.most)
				}
				if k := w.only(); tt.by == guest && k.Assignee != "" {
					t.Errorf("a guest's ticket is assigned to %s", k.Assignee)
				}
			})
		})
	}
}

// A colleague's name leaves no trace in what is kept of a correction, also where it has blanks.
func TestNamesInCorrections(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.message(anna, wantsReturn+" @UTWO 跟一下 @UWANG")
		m.Mentions = []tickets.UserID{"UTWO", wang}
		w.handle(bot.Input{Message: &m})
		k := w.only()
		w.presses(anna, bot.ActMoreDo, "", bot.DoDiscard+"|"+string(k.ID))
		if !strings.Contains(strings.ReplaceAll(k.Source.Text, "\u00a0", " "), "@Two Words 跟一下") {
			t.Fatalf("text = %q", k.Source.Text)
		}
		rows := w.corrected()
		if len(rows) != 1 || strings.Contains(rows[0].Text, "Words") || strings.Contains(rows[0].Text, "王主管") || !strings.Contains(rows[0].Text, "跟一下") {
			t.Errorf("learned from %+v", rows)
		}
	})
}
