package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

func TestDirectoryPeople(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		tests := []bot.Person{
			{ID: lin, Name: "小林", Lang: "zh-CN"}, {ID: boss, Name: "boss", Lang: "en", Admin: true},
			{ID: "UGUEST", Name: "guest", Lang: "en", Guest: true}, {ID: "UFOREIGN", Name: "foreign", Lang: "en", Foreign: true},
			{ID: "UBOT", Name: "gongdan", Lang: "en", Bot: true},
		}
		for _, want := range tests {
			got, err := w.d.Person(t.Context(), "T1", want.ID)
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("Person(%s) = %v (-want +got):\n%s", want.ID, err, d)
			}
		}
		if _, err := w.d.Person(t.Context(), "T1", "UNOBODY"); err == nil {
			t.Error("an unknown person gives no error")
		}
		if got, err := w.d.Admin(t.Context(), "T1"); got != boss || err != nil {
			t.Errorf("Admin = %s, %v, want %s: people of other organisations do not count", got, err, boss)
		}
	})
}

func TestDirectoryMembers(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		check := func(what string, want bool) {
			t.Helper()
			if got, err := w.d.Member(t.Context(), "T1", room, lin); got != want || err != nil {
				t.Errorf("Member(%s) %s = %t, %v, want %t", lin, what, got, err, want)
			}
		}
		check("at first", true)
		check("again", true)
		if got := w.called("conversations.members ok"); got != 1 {
			t.Errorf("conversations.members was called %d times, want 1", got)
		}
		w.Remove(room, lin)
		w.d.Observe(bot.Envelope{Workspace: "T1", Kind: bot.KindEvent, Raw: json.RawMessage(
			`{"type":"event_callback","event":{"type":"member_left_channel","channel":"` + room + `","user":"` + lin + `"}}`)})
		check("after leaving", false)
		if _, err := w.d.Member(t.Context(), "T1", "CNOWHERE", lin); err == nil {
			t.Error("an unknown channel gives no error")
		}
	})
}

func TestDirectoryChannels(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		dm, err := w.m.Direct(t.Context(), "T1", lin)
		must(t, err)
		tests := []bot.Channel{
			{ID: room, Name: "shop", Member: true}, {ID: "C2", Name: "with-guest", Member: true, Foreign: true},
			{ID: "C3", Name: "connected", Member: true, Foreign: true}, {ID: "C4", Name: "elsewhere"}, {ID: dm, Direct: true, Member: true},
		}
		for _, want := range tests {
			got, err := w.d.Channel(t.Context(), "T1", want.ID)
			got.Lang = ""
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("Channel(%s) = %v (-want +got):\n%s", want.ID, err, d)
			}
		}
		if got := w.called("users.list ok"); got != 1 {
			t.Errorf("users.list was called %d times, want 1", got)
		}
	})
}

func TestDirectoryRemembersAndForgets(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		ask := func() { _, err := w.d.Person(t.Context(), "T1", lin); must(t, err) }
		var all sync.WaitGroup
		for range 50 {
			all.Go(ask)
		}
		all.Wait()
		want := 1
		expect := func(when string) {
			t.Helper()
			if got := w.called("users.info ok"); got != want {
				t.Errorf("%s: %d calls, want %d", when, got, want)
			}
		}
		expect("fifty at once")
		raw := callback(`{"type":"user_change","user":{"id":"U1"}}`)
		env, err := Classify(json.RawMessage(raw), CarrierEvents)
		must(t, err)
		w.d.Observe(env)
		ask()
		want++
		expect("after user_change")
		pass(9 * time.Minute)
		ask()
		expect("after nine minutes")
		pass(2 * time.Minute)
		ask()
		want++
		expect("after eleven minutes")
	})
}

// TestDirectoryRemembersNobody asks about an invented id once.
func TestDirectoryRemembersNobody(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		for range 5 {
			if _, err := w.d.Person(t.Context(), "T1", "UFAKE"); !errors.Is(err, bot.ErrGone) {
				t.Errorf("Person = %v, want ErrGone", err)
			}
			pass(time.Minute)
		}
		if got := w.called("users.info gone"); got != 1 {
			t.Errorf("%d calls about nobody in five minutes, want 1", got)
		}
	})
}

func TestDirectoryDoesNotWaitLong(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		w.OnCall(func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Latency: 3 * time.Second} })
		began := time.Now()
		_, err := w.d.Person(t.Context(), "T1", lin)
		if took := time.Since(began); !temporary(err) || took != 2*time.Second {
			t.Errorf("Person = %v after %s, want ErrTemporary after 2s", err, took)
		}
		pass(2 * time.Second)
		if _, err := w.d.Person(t.Context(), "T1", lin); err != nil {
			t.Errorf("Person = %v, want the answer that came late", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.d.Person(ctx, "T1", wang); !temporary(err) {
			t.Errorf("Person without time = %v, want ErrTemporary", err)
		}
		pass(time.Minute) // what was asked for has ended
	})
}

// TestForgottenWhileAsked forgets a person whose answer is under way: the next question must be asked anew.
func TestForgottenWhileAsked(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		w.OnCall(func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Latency: time.Second} })
		var first sync.WaitGroup
		first.Go(func() { _, err := w.d.Person(t.Context(), "T1", lin); must(t, err) })
		pass(500 * time.Millisecond)
		w.d.Forget("T1", lin)
		_, err := w.d.Person(t.Context(), "T1", lin)
		must(t, err)
		first.Wait()
		if got := w.called("users.info ok"); got != 2 {
			t.Errorf("%d calls, want 2", got)
		}
		w.OnCall(nil)
		pass(3 * time.Second)
		_, err = w.d.Person(t.Context(), "T1", lin)
		must(t, err)
		if got := w.called("users.info ok"); got != 2 {
			t.Errorf("%d calls, want the second answer to have been kept", got)
		}
	})
}

func TestDirectoryErrorsAreKeptBriefly(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		w.OnCall(func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Status: 503} })
		for range 10 {
			if _, err := w.d.Person(t.Context(), "T1", lin); !temporary(err) {
				t.Errorf("Person = %v, want ErrTemporary", err)
			}
		}
		if got := w.called("users.info temporary"); got != 1 {
			t.Errorf("%d calls during an outage, want 1", got)
		}
		w.OnCall(nil)
		pass(3 * time.Second)
		if _, err := w.d.Person(t.Context(), "T1", lin); err != nil {
			t.Errorf("Person after the outage = %v", err)
		}
	})
}

// TestGuestsBeyondBounds: where not everybody can be looked at, least is shown.
func TestGuestsBeyondBounds(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		for n := range 3 * pageSize {
			w.AddUser("T1", slacksim.User{ID: fmt.Sprintf("UZ%05d", n)})
		}
		if got, err := w.d.Channel(t.Context(), "T1", room); err != nil || got.Foreign {
			t.Errorf("Channel = %+v, %v, want no guests", got, err)
		}
		if got := w.called("users.list ok"); got < 3 {
			t.Errorf("users.list was called %d times, want a call a page", got)
		}
		if _, err := w.d.Admin(t.Context(), "T2"); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("Admin of an unknown workspace = %v, want ErrNotFound", err)
		}
	})
}
