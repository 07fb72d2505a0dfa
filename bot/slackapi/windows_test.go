package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// shop is an app in the world's Slack: it receives over a socket, answers submissions, and keeps inputs and triggers.
type shop struct {
	*world
	w        *Windows
	inputs   chan bot.Input
	triggers chan string
	reply    atomic.Pointer[func(bot.Input) json.RawMessage]
	stop     func()
}

// inShop runs a test with an app that is connected.
func inShop(t *testing.T, o slacksim.Options, test func(*testing.T, *shop)) {
	t.Helper()
	inWorld(t, o, func(t *testing.T, w *world) {
		s := &shop{world: w, w: NewWindows(w.api, w.installs), inputs: make(chan bot.Input, 100), triggers: make(chan string, 100)}
		d := NewDecoder(w.installs)
		sock := NewSocketMode(w.api, SocketOptions{AppToken: "xapp-1-A00000001", NetDial: w.pipe.DialContext, Sink: func(_ context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
			in := d.Decode(e)
			if in.Click != nil {
				s.triggers <- in.Click.Trigger
			}
			s.inputs <- in
			if reply := s.reply.Load(); reply != nil {
				return (*reply)(in), nil
			}
			return nil, nil
		}})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- sock.Run(ctx) }()
		s.stop = func() { stop(); must(t, <-done) }
		must(t, w.Wait(ctx, func() bool { return w.Connections() == 1 }))
		test(t, s)
		s.stop()
	})
}

// answer has every further input answered so.
func (s *shop) answer(reply func(bot.Input) json.RawMessage) { s.reply.Store(&reply) }

// trigger lets somebody press a button and gives what the press proves.
func (s *shop) trigger(t *testing.T) string {
	t.Helper()
	ref, err := s.m.Post(context.Background(), "T1", bot.Post{Channel: room, View: bot.View{Summary: "x", Actions: []bot.Action{{Kind: bot.Button, ID: "open", Label: "open", Value: "v"}}}})
	must(t, err)
	must(t, s.Click(lin, room, ref.TS, "open"))
	return <-s.triggers
}

// next waits for the next input that holds anything.
func (s *shop) next() bot.Input {
	for in := range s.inputs {
		if count(in) > 0 && in.Click == nil && in.Message == nil {
			return in
		}
	}
	return bot.Input{}
}

func theForm() bot.Form {
	return bot.Form{Lang: "zh-CN", Kind: bot.FormWait, Subject: "tk1", Title: "在等谁", Submit: "保存", Cancel: "取消", Lines: []bot.Line{{Text: "T-1042"}},
		Fields: []bot.FormField{
			{ID: "for", Kind: bot.ChoiceField, Label: "在等谁", Value: "courier", Options: []bot.Option{{Label: "快递", Value: "courier"}, {Label: "仓库", Value: "warehouse"}}},
			{ID: "who", Kind: bot.PersonField, Label: "谁", Optional: true},
			{ID: "until", Kind: bot.MomentField, Label: "等到", Value: "2026-11-22T09:30:00+08:00"},
			{ID: "why", Kind: bot.AreaField, Label: "说明", Optional: true, Max: 200},
			{ID: "no", Kind: bot.TextField, Label: "单号", Optional: true}}}
}

func loading() bot.Form {
	f := theForm()
	f.Fields, f.Lines = nil, []bot.Line{{Text: "正在打开…"}}
	return f
}

// TestFormIsOpenedFilledAndSubmitted goes the whole way: a loading window, its fields, an answer with errors, the right one.
func TestFormIsOpenedFilledAndSubmitted(t *testing.T) {
	inShop(t, slacksim.Options{}, func(t *testing.T, s *shop) {
		ctx := context.Background()
		must(t, s.w.Open(ctx, "T1", s.trigger(t), "w1", loading()))
		if v := s.Views(lin); len(v) != 1 || v[0].Body["submit"] != nil || v[0].Body["external_id"] != "w1" {
			t.Fatalf("loading views = %+v, want one without a submit button", v)
		}
		must(t, s.w.Fill(ctx, "T1", "w1", theForm()))

		s.answer(func(bot.Input) json.RawMessage { return FieldErrorsPayload(bot.FieldErrors{"why": "写一句"}) })
		filled := map[string]string{"for": "warehouse", "who": wang, "until": "1795311000", "why": "<!channel> & 缺货\n两件"}
		res, err := s.Submit(lin, filled)
		must(t, err)
		if d := cmp.Diff(map[string]string{"why": "写一句"}, res.Errors); d != "" || len(s.Views(lin)) != 1 {
			t.Errorf("errors at fields (-want +got):\n%s", d)
		}
		want := &bot.Submission{User: lin, Kind: bot.FormWait, Subject: "tk1", Values: map[string]string{"for": "warehouse", "who": wang,
			"until": "2026-11-22T01:30:00Z", "why": "<!channel> & 缺货\n两件", "no": ""}}
		if d := cmp.Diff(want, s.next().Form); d != "" {
			t.Errorf("submission (-want +got):\n%s", d)
		}
		s.answer(func(bot.Input) json.RawMessage { return ClosePayload() })
		_, err = s.Submit(lin, filled)
		must(t, err)
		if v := s.Views(lin); len(v) != 0 {
			t.Errorf("views after the submission = %+v, want none", v)
		}
		if err := s.w.Fill(ctx, "T1", "w1", theForm()); !errors.Is(err, bot.ErrGone) {
			t.Errorf("Fill of a closed window = %v, want ErrGone", err)
		}
	})
}

func TestLateTriggersAreGone(t *testing.T) {
	inShop(t, slacksim.Options{}, func(t *testing.T, s *shop) {
		ctx, trigger := context.Background(), s.trigger(t)
		must(t, s.w.Open(ctx, "T1", trigger, "w1", loading()))
		must(t, s.w.Open(ctx, "T1", s.trigger(t), "w1", loading())) // it is open already
		late := s.trigger(t)
		pass(3100 * time.Millisecond)
		for name, trigger := range map[string]string{"used": trigger, "late": late, "unknown": "1.2.x", "none": ""} {
			if err := s.w.Open(ctx, "T1", trigger, "w-"+name, loading()); !errors.Is(err, bot.ErrGone) {
				t.Errorf("Open with a trigger that is %s = %v, want ErrGone", name, err)
			}
		}
		if err := s.w.Publish(ctx, "T1", "UNOBODY", bot.Home{}); !errors.Is(err, bot.ErrGone) {
			t.Errorf("Publish for nobody = %v, want ErrGone", err)
		}
		if err := s.w.Publish(ctx, "T9", lin, bot.Home{}); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("Publish elsewhere = %v, want ErrNotFound", err)
		}
		s.OnCall(func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Status: 429} })
		var limited *bot.RateLimited
		if err := s.w.Publish(ctx, "T1", lin, bot.Home{}); !errors.As(err, &limited) {
			t.Errorf("Publish = %v, want RateLimited", err)
		}
	})
}

// TestHomeIsPublishedAndUsed opens the home tab, fills it and presses a button on it.
func TestHomeIsPublishedAndUsed(t *testing.T) {
	inShop(t, slacksim.Options{}, func(t *testing.T, s *shop) {
		s.OpenHome("T1", lin)
		if in := s.next(); in.Opened == nil || in.Opened.User != lin {
			t.Fatalf("input = %+v, want the home to be opened by lin", in)
		}
		must(t, s.w.Publish(context.Background(), "T1", lin, theHome()))
		clicked := make(chan *bot.Click, 1)
		s.answer(func(in bot.Input) json.RawMessage { clicked <- in.Click; return nil })
		must(t, s.ClickView(lin, "claim", ""))
		c := <-clicked
		if c == nil || c.User != lin || c.Action != "claim" || c.Value != "tk1" || c.Channel != "" || c.TS != "" || c.Trigger == "" {
			t.Errorf("click = %+v, want claim of tk1 at no place", c)
		}
		must(t, s.ClickView(lin, "claim#2", ""))
		if c := <-clicked; c == nil || c.Action != "claim" || c.Value != "tk2" {
			t.Errorf("click = %+v, want claim of tk2", c)
		}
	})
}

func theHome() bot.Home {
	return bot.Home{Lang: "zh-CN", Groups: []bot.View{
		{Lang: "zh-CN", Header: "我的工单", Lines: []bot.Line{{Text: "T-1042 <!channel>", Strong: true}}, Actions: []bot.Action{{Kind: bot.Button, ID: "claim", Label: "领取", Value: "tk1"}}},
		{},
		{Lang: "zh-CN", Header: "待认领", Fields: []bot.Field{{Label: "截止", Value: "15:30"}}, Actions: []bot.Action{{Kind: bot.Button, ID: "claim", Label: "领取", Value: "tk2"}}}}}
}

// TestClosedFormSaysNothing dismisses a window: whoever closed it wants nothing.
func TestClosedFormSaysNothing(t *testing.T) {
	t.Parallel()
	raw := json.RawMessage(`{"type":"view_closed","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"wait","private_metadata":"{\"kind\":\"wait\"}"}}`)
	env, err := Classify(raw, CarrierInteractive)
	must(t, err)
	if in := NewDecoder(installed()).Decode(env); count(in) != 0 || env.Kind == bot.KindForm {
		t.Errorf("a closed form gives %+v of kind %s", in, env.Kind)
	}
}

func TestDecodeForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, payload, key string
		want               *bot.Submission
	}{
		{"trigger", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"7.8","view":{"id":"V1","hash":"h","private_metadata":"{\"kind\":\"resolve\",\"subject\":\"tk1\"}"}}`,
			"T1/form/7.8", &bot.Submission{User: "U1", Kind: "resolve", Subject: "tk1", Values: map[string]string{}}},
		{"no trigger", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","hash":"h","callback_id":"new"}}`,
			"T1/form/V1/h", &bot.Submission{User: "U1", Kind: "new", Values: map[string]string{}}},
		{"broken metadata", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1","view":{"callback_id":"new","private_metadata":"{","state":{"values":{"a":{"b":{"value":"x"}},"c":{"c":{"value":null,"selected_date_time":null}},"d":{"d":{"value":7}}}}}}`,
			"T1/form/1", &bot.Submission{User: "U1", Kind: "new", Values: map[string]string{"a": "", "c": "", "d": ""}}},
		{"nobody's", `{"type":"view_submission","team":{"id":"T1"},"trigger_id":"2","view":{}}`, "T1/form/2", nil},
		{"in a foreign workspace", `{"type":"view_submission","team":{"id":"T9"},"user":{"id":"U1","team_id":"T9"},"trigger_id":"3","view":{"team_id":"T9","app_installed_team_id":"T1","callback_id":"new"}}`,
			"T1/form/3", &bot.Submission{User: "U1", Kind: "new", Values: map[string]string{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env, err := Classify(json.RawMessage(tt.payload), CarrierInteractive)
			must(t, err)
			if env.Key != tt.key || env.Kind != bot.KindForm {
				t.Errorf("key = %s of %s, want %s of form", env.Key, env.Kind, tt.key)
			}
			if d := cmp.Diff(tt.want, NewDecoder(installed()).Decode(env).Form); d != "" {
				t.Errorf("submission (-want +got):\n%s", d)
			}
		})
	}
}

func TestDecodeHomeOpened(t *testing.T) {
	t.Parallel()
	for tab, want := range map[string]bool{"home": true, "messages": false, "": false} {
		env, err := Classify(json.RawMessage(callback(`{"type":"app_home_opened","user":"U1","channel":"D1","tab":"`+tab+`","event_ts":"1.2"}`)), CarrierEvents)
		must(t, err)
		if in := NewDecoder(installed()).Decode(env); (in.Opened != nil) != want || count(in) > 1 {
			t.Errorf("tab %q gives %+v", tab, in)
		}
	}
}

func TestFieldErrorsPayload(t *testing.T) {
	t.Parallel()
	many := bot.FieldErrors{}
	for i := range 1000 {
		many[strings.Repeat("f", i%200)+string(rune('a'+i%26))] = strings.Repeat("错", 500)
	}
	for name, list := range map[string]bot.FieldErrors{"one": {"a": "<b>\n\u202e"}, "blank": {"a": " "}, "many": many} {
		var got struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
		}
		raw := FieldErrorsPayload(list)
		must(t, json.Unmarshal(raw, &got))
		if got.Action != "errors" || len(got.Errors) == 0 || len(raw) >= maxAck {
			t.Errorf("%s: payload of %d bytes is %.100s", name, len(raw), raw)
		}
		for v := range maps.Values(got.Errors) {
			if blank(v) || strings.Contains(v, "\n") || units(v) > maxSentence {
				t.Errorf("%s: sentence %q", name, v)
			}
		}
	}
	if got := string(FieldErrorsPayload(nil)); got != string(ClosePayload()) {
		t.Errorf("no errors give %s, want the form to close", got)
	}
}
