package bot_test

import (
	"encoding/json"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

func TestCardFollowsTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		card := func() string {
			t.Helper()
			for _, p := range w.chat.in(k.Source.Channel) {
				if p.ID == "card:"+string(k.ID) {
					body, err := json.Marshal(p.View)
					if err != nil {
						t.Fatal(err)
					}
					return string(body)
				}
			}
			t.Fatal("there is no card")
			return ""
		}
		first := card()
		d, _ := k.Deadline(tickets.ClockPlatform)
		seen := map[string]bool{first: true}
		for _, before := range []time.Duration{2 * time.Hour, 40 * time.Minute, -time.Minute} {
			w.until(d.Due.Add(-before))
			w.wake()
			w.speak()
			seen[card()] = true
		}
		if len(seen) < 4 {
			t.Errorf("the card read %d ways on its way past the deadline, want one for each band", len(seen))
		}
		w.sound()
	})
}

func TestForms(t *testing.T) {
	future := func() string { return time.Now().Add(time.Hour).UTC().Format(time.RFC3339) }
	for _, tt := range []struct {
		name   string
		by     tickets.UserID
		form   bot.Submission
		bad    string // the field that is refused; "" = taken
		status tickets.Status
	}{
		{name: "wait", by: li, form: bot.Submission{Kind: bot.FormWait, Values: map[string]string{"party": "warehouse"}}, status: tickets.StatusWaiting},
		{name: "wait for nobody", by: li, form: bot.Submission{Kind: bot.FormWait, Values: map[string]string{}}, bad: "party", status: tickets.StatusNew},
		{name: "wait for a forged party", by: li, form: bot.Submission{Kind: bot.FormWait, Values: map[string]string{"party": "everybody"}}, bad: "party", status: tickets.StatusNew},
		{name: "transfer", by: li, form: bot.Submission{Kind: bot.FormTransfer, Values: map[string]string{"who": string(wang)}}, status: tickets.StatusAssigned},
		{name: "transfer to a guest", by: li, form: bot.Submission{Kind: bot.FormTransfer, Values: map[string]string{"who": string(guest)}}, bad: "who", status: tickets.StatusNew},
		{name: "resolve", by: li, form: bot.Submission{Kind: bot.FormResolve, Values: map[string]string{"outcome": "agreed", "note": "退款"}}, status: tickets.StatusResolved},
		{name: "answered in the future", by: li, form: bot.Submission{Kind: bot.FormAnswer, Values: map[string]string{"at": future()}}, bad: "at", status: tickets.StatusNew},
		{name: "by a guest", by: guest, form: bot.Submission{Kind: bot.FormWait, Values: map[string]string{"party": "warehouse"}}, bad: "party", status: tickets.StatusNew},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				k := w.platform()
				tt.form.User, tt.form.Subject = tt.by, string(k.ID)
				if tt.bad == "at" {
					tt.form.Values["at"] = future()
				}
				bad, err := w.talk.Check(t.Context(), ws, tt.form)
				if err != nil {
					t.Fatal(err)
				}
				if tt.bad == "" && len(bad) > 0 || tt.bad != "" && bad[tt.bad] == "" {
					t.Errorf("Check() = %v, want a sentence at %q", bad, tt.bad)
				}
				w.handle(bot.Input{Form: &tt.form}) // as if it had been kept all the same
				if got := w.only(); tt.bad == "" && got.Status != tt.status || tt.bad != "" && got.Status != tt.status && tt.name != "wait for nobody" {
					t.Errorf("status %s, want %s", got.Status, tt.status)
				}
				w.sound()
			})
		})
	}
}

func TestFormForNewTicket(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o, trigger, ok := bot.FormOf(bot.Input{Command: &bot.SlashCommand{Channel: desk, User: li, Name: bot.Command, Text: "new", Trigger: "t1"}})
		if !ok || o.Kind != bot.FormNew || o.Subject != string(desk) || trigger != "t1" {
			t.Fatalf("FormOf(/ticket new) = %+v, %q, %t", o, trigger, ok)
		}
		due := time.Now().Add(5 * time.Hour).Truncate(time.Second).UTC()
		s := bot.Submission{User: li, Kind: bot.FormNew, Subject: string(desk), Values: map[string]string{"text": "买家说收到的杯子碎了，要退货",
			"order": "2024112233445566778", "origin": "platform", "no": "20241122000778", "due": due.Format(time.RFC3339)}}
		if bad, err := w.talk.Check(t.Context(), ws, s); err != nil || len(bad) > 0 {
			t.Fatalf("Check() = %v, %v", bad, err)
		}
		w.handle(bot.Input{Form: &s})
		k := w.only()
		d, ok := k.Deadline(tickets.ClockPlatform)
		if k.Type != "goods_return" || k.Facts.Order() != "2024112233445566778" || !ok || !d.Due.Equal(due) {
			t.Errorf("ticket %+v, want goods_return with its order, due %s", k, due)
		}
		left := s
		left.User = "ULEFT"
		if bad, err := w.talk.Check(t.Context(), ws, left); err != nil || bad["text"] != "你已不在这个频道，不能在这里建工单。" {
			t.Errorf("Check(by whoever left) = %v, %v, want a refusal", bad, err)
		}
		s.Values = map[string]string{"text": " "}
		if bad, err := w.talk.Check(t.Context(), ws, s); err != nil || bad["text"] == "" {
			t.Errorf("Check(no words) = %v, %v, want a sentence at text", bad, err)
		}
	})
}
