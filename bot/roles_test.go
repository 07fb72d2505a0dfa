package bot_test

import (
	"errors"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// Who cannot be looked up for a while is nobody's colleague and nobody's outsider: what they do waits, and then takes effect.
func TestActsWaitForRoles(t *testing.T) {
	limited := &bot.RateLimited{After: time.Minute}
	for name, down := range map[string]error{"away": tickets.ErrTemporary, "limited": limited} {
		for _, tt := range []struct {
			name string
			in   func(w *world) bot.Input
			want func(k tickets.Ticket) bool
		}{
			{"press", func(w *world) bot.Input {
				return bot.Input{Click: &bot.Click{Channel: desk, User: anna, Action: bot.ActClaim, Value: string(w.only().ID)}}
			}, func(k tickets.Ticket) bool { return k.Assignee == anna }},
			{"command", func(*world) bot.Input {
				return bot.Input{Command: &bot.SlashCommand{Channel: desk, User: anna, Name: bot.Command, Text: "claim 1", Sent: time.Now()}}
			}, func(k tickets.Ticket) bool { return k.Assignee == anna }},
			{"assign to her", func(*world) bot.Input {
				return bot.Input{Command: &bot.SlashCommand{Channel: desk, User: li, Name: bot.Command, Text: "assign 1 @UANNA", Sent: time.Now()}}
			}, func(k tickets.Ticket) bool { return k.Assignee == anna }},
			{"form", func(w *world) bot.Input {
				return bot.Input{Form: &bot.Submission{User: anna, Kind: bot.FormTransfer, Subject: string(w.only().ID), Values: map[string]string{"who": string(anna)}}}
			}, func(k tickets.Ticket) bool { return k.Assignee == anna }},
			{"reply", func(w *world) bot.Input {
				m := w.message(anna, "领取")
				m.Thread = w.only().Source.Thread
				return bot.Input{Message: &m}
			}, func(k tickets.Ticket) bool { return k.Assignee == anna }},
		} {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.says(li, wantsReturn)
					w.speak()
					in := tt.in(w)
					w.people.fault = down
					if err := w.try(in); !errors.Is(err, tickets.ErrTemporary) {
						t.Errorf("Handle while nobody is known = %v, want ErrTemporary", err)
					}
					if n := len(w.outbox()); n != 0 {
						t.Errorf("%d things to say of it", n)
					}
					w.people.fault = nil
					w.handle(in)
					if k := w.only(); !tt.want(k) {
						t.Errorf("afterwards: %s, assignee %q", k.Status, k.Assignee)
					}
				})
			})
		}
	}
}

// A definite answer is one: who does not exist, or whom the chat will not tell of, gets the least at once.
func TestUnknownPersonGetsTheLeast(t *testing.T) {
	for name, answer := range map[string]error{"gone": bot.ErrGone, "absent": tickets.ErrNotFound, "refused": errors.New("slack says missing_scope")} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(li, wantsReturn)
				w.people.fault = answer
				w.presses("UWHO", bot.ActClaim, string(w.only().ID), "")
				w.speak()
				if k := w.only(); k.Assignee != "" || w.chat.whisper("UWHO").text() == "" {
					t.Errorf("assignee %q, told %q", k.Assignee, w.chat.whisper("UWHO").text())
				}
			})
		})
	}
}

// Checking a form says that it could not be looked at, not that it is refused.
func TestCheckWaitsForRoles(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(li, wantsReturn)
		w.people.down = true
		bad, err := w.talk.Check(t.Context(), ws, bot.Submission{User: li, Kind: bot.FormTransfer, Subject: string(w.only().ID),
			Values: map[string]string{"who": string(anna)}})
		if !errors.Is(err, tickets.ErrTemporary) || len(bad) > 0 {
			t.Errorf("Check = %v, %v, want ErrTemporary", bad, err)
		}
	})
}
