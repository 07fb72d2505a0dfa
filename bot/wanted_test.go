package bot_test

import (
	"testing"
	"time"

	"gongdan/tickets"
)

// A time in the words of the team is the team's: by when it is wanted, or what the buyer was promised.
func TestTimesInTheTeamsOwnWords(t *testing.T) {
	type clock struct{ days, hour int } // the zero value is none
	for _, tt := range []struct {
		by               tickets.UserID
		text             string
		wanted, promised clock
	}{
		{li, "下班前把2024112233445566778的发票补一下", clock{0, 18}, clock{}},
		{anna, "please refund order 2024112233445566778 by 5pm, it arrived broken", clock{0, 17}, clock{}},
		{li, "2024112233445566778 耳机坏了，要退货，答应买家明天下午三点前给结果", clock{}, clock{1, 15}},
		{anna, "order 2024112233445566778 arrived broken, promised the buyer an answer by tomorrow 3pm", clock{}, clock{1, 15}},
		{li, "2024112233445566778 耳机坏了，要退货，买家说你们答应他明天下午三点前给结果", clock{}, clock{}},
		{guest, "please refund order 2024112233445566778 by 5pm, it arrived broken", clock{}, clock{}},
		{guest, "order 2024112233445566778 arrived broken, promised the buyer an answer by tomorrow 3pm", clock{}, clock{}},
	} {
		t.Run(string(tt.by)+" "+tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(10)
				w.says(tt.by, tt.text)
				k := w.only()
				if k.Origin != tickets.OriginInternal || !k.BackOffice.IsZero() {
					t.Errorf("origin %s, back office %v, want the team's own ticket", k.Origin, k.BackOffice)
				}
				check := func(name string, got time.Time, want clock) {
					t.Helper()
					if want == (clock{}) && !got.IsZero() || want != (clock{}) && !got.Equal(today(want.days, want.hour, 0)) {
						t.Errorf("%s %v, want %v", name, got, want)
					}
				}
				check("wanted", k.Wanted, tt.wanted)
				check("promised", k.Promised, tt.promised)
			})
		})
	}
}

// An edit moves no target that the words set: only a promise does.
func TestAnEditMovesNoWish(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.morning(10)
		m := w.says(anna, "please refund order 2024112233445566778 by 5pm, it arrived broken")
		w.rewords(m, "please refund order 2024112233445566778 by 7pm, it arrived broken")
		w.rewords(m, "please refund order 2024112233445566778, it arrived broken")
		k := w.only()
		if d, _ := k.Deadline(tickets.ClockResolution); !k.Wanted.Equal(today(0, 17, 0)) || !d.Due.Equal(k.Wanted) {
			t.Errorf("wanted %v, due %v, want both at 17:00", k.Wanted, d.Due)
		}
	})
}
