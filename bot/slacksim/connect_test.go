package slacksim_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

const (
	merchant = "UMERCHANT"
	connect  = "CSHARED"
)

// share makes a channel of the first workspace and a second one.
func share(w *world, second slacksim.Workspace) slacksim.Workspace {
	second.ID = "T2"
	second = w.AddWorkspace(second)
	w.AddUser("T2", slacksim.User{ID: merchant, Name: "merchant", Locale: "zh-CN"})
	w.AddChannel(team, slacksim.Channel{ID: connect, Name: "with-merchant", Members: []string{lin, bot}})
	w.ShareChannel(connect, "T2", merchant, second.BotUser)
	return second
}

type outer struct {
	TeamID         string `json:"team_id"`
	ContextTeamID  string `json:"context_team_id"`
	Shared         bool   `json:"is_ext_shared_channel"`
	Context        string `json:"event_context"`
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
	Event struct {
		Type, User, Team string
		UserTeam         string `json:"user_team"`
		SourceTeam       string `json:"source_team"`
	} `json:"event"`
}

func TestSharedChannel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		share(w, slacksim.Workspace{NoApp: true})
		w.settled(t)
		w.post(t, merchant, connect, "催一下 @lin")
		w.settled(t)
		all := c.heard()
		var got outer
		must(t, json.Unmarshal(all[len(all)-1].body, &got))
		got.Context = ""
		want := outer{TeamID: team, ContextTeamID: team, Shared: true, Authorizations: got.Authorizations}
		want.Event.Type, want.Event.User, want.Event.Team, want.Event.UserTeam, want.Event.SourceTeam = "message", merchant, "T2", "T2", "T2"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("event (-want +got):\n%s", diff)
		}
		if n := len(got.Authorizations); n != 1 || got.Authorizations[0].TeamID != team {
			t.Errorf("authorizations = %+v", got.Authorizations)
		}
		if m := w.Messages(connect)[0]; m.Text != "催一下 <@ULIN>" {
			t.Errorf("text = %q", m.Text)
		}
		u, err := w.api.GetUserInfo(merchant)
		must(t, err)
		if !u.IsStranger || u.TeamID != "T2" {
			t.Errorf("merchant = stranger %v of %s", u.IsStranger, u.TeamID)
		}
		info, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: connect})
		must(t, err)
		if !info.IsExtShared {
			t.Error("the channel is not shown as shared")
		}
		if _, err := w.Command(merchant, connect, "/gongdan", ""); !errors.Is(err, slacksim.ErrNoSuchCommand) {
			t.Errorf("command of a stranger = %v", err)
		}
		if err := w.Shortcut("T2", merchant, "new"); !errors.Is(err, slacksim.ErrNotFound) {
			t.Errorf("shortcut where no app is = %v", err)
		}
	})
}

func TestStrangersUseCardsAndForms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1})
		share(w, slacksim.Workspace{NoApp: true})
		_, ts, err := w.api.PostMessage(connect, slack.MsgOptionBlocks(buttons()))
		must(t, err)
		w.settled(t)
		last := func() slack.InteractionCallback {
			all := c.heard()
			var ic slack.InteractionCallback
			must(t, json.Unmarshal([]byte(all[len(all)-1].form.Get("payload")), &ic))
			return ic
		}
		must(t, w.Click(merchant, connect, ts, "claim"))
		if ic := last(); ic.Team.ID != team || ic.User.TeamID != "T2" {
			t.Errorf("click: team %s, user of %s", ic.Team.ID, ic.User.TeamID)
		}
		_, err = w.api.OpenView(last().TriggerID, form())
		must(t, err)
		_, err = w.Submit(merchant, map[string]string{"no": "1"})
		must(t, err)
		if ic := last(); ic.Team.ID != "T2" || ic.View.AppInstalledTeamID != team || ic.View.TeamID != "T2" || ic.View.AppID != "A00000001" {
			t.Errorf("submission: team %s, view of %s, installed in %s", ic.Team.ID, ic.View.TeamID, ic.View.AppInstalledTeamID)
		}
	})
}

func TestOneAppInBothWorkspaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1})
		second := share(w, slacksim.Workspace{AppID: "A00000001", RequestURL: "http://app.test"})
		w.settled(t)
		before := len(c.heard())
		w.post(t, merchant, connect, "一次")
		w.settled(t)
		all := c.heard()
		if len(all) != before+1 {
			t.Fatalf("%d deliveries of one message, want 1", len(all)-before)
		}
		var got outer
		must(t, json.Unmarshal(all[before].body, &got))
		list, err := w.client("xoxb-T1").ListEventAuthorizations(got.Context)
		must(t, err)
		var teams []string
		for _, a := range list {
			teams = append(teams, a.TeamID)
		}
		if diff := cmp.Diff([]string{team, "T2"}, teams); diff != "" || len(got.Authorizations) != 1 {
			t.Errorf("authorizations (-want +got):\n%s", diff)
		}
		if _, err := w.client("xoxb-T1").ListEventAuthorizations("4-nonsense"); slackError(err) != "invalid_event_context" {
			t.Errorf("unknown context = %v", err)
		}
		if _, _, err := w.client(second.BotToken).PostMessage(connect, slack.MsgOptionText("二店", false)); err != nil {
			t.Errorf("the second installation posts: %v", err)
		}
		messages := w.Messages(connect)
		if m := messages[len(messages)-1]; m.User != second.BotUser {
			t.Errorf("posted as %s, want %s", m.User, second.BotUser)
		}
		_, err = w.Command(merchant, connect, "/gongdan", "")
		must(t, err)
		w.settled(t)
		for _, h := range c.heard() {
			if h.path == "/slack/commands" && (h.form.Get("team_id") != "T2" || h.form.Get("channel_id") != connect) {
				t.Errorf("command of team %s", h.form.Get("team_id"))
			}
		}
	})
}

func TestTimestampsRiseWhenTheClockFalls(t *testing.T) {
	t.Parallel()
	now := start
	w := newWorld(t, slacksim.Options{LimitScale: -1, Now: func() time.Time { return now }})
	last := ""
	for i := range 20 {
		now = start.Add(-time.Duration(i) * time.Hour)
		ts := w.post(t, lin, room, "x")
		_, own, err := w.api.PostMessage(room, slack.MsgOptionText("y", false))
		must(t, err)
		must(t, w.Edit(lin, room, ts, "z"))
		if ts <= last || own <= ts {
			t.Fatalf("timestamps %s, %s, %s do not rise", last, ts, own)
		}
		last = own
	}
}

func TestSetting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: 2, RestrictedHistory: true, RetryDelays: []time.Duration{time.Second, time.Minute}, Seed: 7})
	w.AddWorkspace(slacksim.Workspace{ID: "T2", RequestURL: "http://app.test"})
	w.AddWorkspace(slacksim.Workspace{ID: "T3", NoApp: true})
	w.OnDeliver(func(slacksim.Delivery) slacksim.DeliveryFault { return slacksim.DeliveryFault{} })
	want := "slacksim: limits x2, history 1/min; retries 1s 1m0s; ack 3s; modes T1 socket, T2 http, T3 no app; call faults off; delivery faults on; seed 7"
	if got := w.Setting(); got != want {
		t.Errorf("Setting() = %q, want %q", got, want)
	}
}

const allFields = `{"type":"modal","title":{"type":"plain_text","text":"x"},"submit":{"type":"plain_text","text":"y"},"blocks":[%s]}`

func input(id, element string, more ...string) string {
	return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"l"},"optional":true` + strings.Join(more, "") +
		`,"element":{"action_id":"` + id + `",` + element + `}}`
}

// TestStateOfEveryField compares the state that the app gets, empty and filled.
func TestStateOfEveryField(t *testing.T) {
	t.Parallel()
	const opts = `,"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"}]`
	const optA = `{"text":{"type":"plain_text","text":"A"},"value":"a"}`
	tests := []struct{ kind, more, value, empty, full string }{
		{"plain_text_input", "", "号", `{"type":"plain_text_input","value":null}`, `{"type":"plain_text_input","value":"号"}`},
		{"email_text_input", "", "a@b.c", `{"type":"email_text_input","value":null}`, `{"type":"email_text_input","value":"a@b.c"}`},
		{"url_text_input", "", "https://a.b", `{"type":"url_text_input","value":null}`, `{"type":"url_text_input","value":"https://a.b"}`},
		{"number_input", `,"is_decimal_allowed":false`, "12", `{"type":"number_input","value":null}`, `{"type":"number_input","value":"12"}`},
		{"static_select", opts, "a", `{"type":"static_select","selected_option":null}`, `{"type":"static_select","selected_option":` + optA + `}`},
		{"radio_buttons", opts, "a", `{"type":"radio_buttons","selected_option":null}`, `{"type":"radio_buttons","selected_option":` + optA + `}`},
		{"checkboxes", opts, "a", `{"type":"checkboxes","selected_options":[]}`, `{"type":"checkboxes","selected_options":[` + optA + `]}`},
		{"multi_static_select", opts, "a", `{"type":"multi_static_select","selected_options":[]}`, `{"type":"multi_static_select","selected_options":[` + optA + `]}`},
		{"users_select", "", lin, `{"type":"users_select","selected_user":null}`, `{"type":"users_select","selected_user":"ULIN"}`},
		{"multi_users_select", "", lin + "," + wang, `{"type":"multi_users_select","selected_users":[]}`, `{"type":"multi_users_select","selected_users":["ULIN","UWANG"]}`},
		{"channels_select", "", room, `{"type":"channels_select","selected_channel":null}`, `{"type":"channels_select","selected_channel":"C1"}`},
		{"multi_channels_select", "", room, `{"type":"multi_channels_select","selected_channels":[]}`, `{"type":"multi_channels_select","selected_channels":["C1"]}`},
		{"conversations_select", "", room, `{"type":"conversations_select","selected_conversation":null}`, `{"type":"conversations_select","selected_conversation":"C1"}`},
		{"multi_conversations_select", "", room, `{"type":"multi_conversations_select","selected_conversations":[]}`, `{"type":"multi_conversations_select","selected_conversations":["C1"]}`},
		{"datepicker", "", "2026-11-22", `{"type":"datepicker","selected_date":null}`, `{"type":"datepicker","selected_date":"2026-11-22"}`},
		{"timepicker", "", "09:30", `{"type":"timepicker","selected_time":null}`, `{"type":"timepicker","selected_time":"09:30"}`},
		{"datetimepicker", "", "1700000000", `{"type":"datetimepicker","selected_date_time":null}`, `{"type":"datetimepicker","selected_date_time":1700000000}`},
	}
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1})
		var blocks []string
		values := map[string]string{}
		for _, tt := range tests {
			blocks = append(blocks, input(tt.kind, `"type":"`+tt.kind+`"`+tt.more))
			values[tt.kind] = tt.value
		}
		check := func(values map[string]string, want func(i int) string) {
			must(t, w.Shortcut(team, lin, "new"))
			openRaw(t, w, c, strings.Replace(allFields, "%s", strings.Join(blocks, ","), 1))
			res, err := w.Submit(lin, values)
			must(t, err)
			if res.Errors != nil {
				t.Fatalf("errors = %v", res.Errors)
			}
			var got struct {
				View struct {
					State struct {
						Values map[string]map[string]any
					}
				}
			}
			all := c.heard()
			must(t, json.Unmarshal([]byte(all[len(all)-1].form.Get("payload")), &got))
			for i, tt := range tests {
				var wanted any
				must(t, json.Unmarshal([]byte(want(i)), &wanted))
				if diff := cmp.Diff(wanted, got.View.State.Values[tt.kind][tt.kind]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tt.kind, diff)
				}
			}
		}
		check(nil, func(i int) string { return tests[i].empty })
		check(values, func(i int) string { return tests[i].full })
	})
}

// openRaw opens a view with the trigger of the last interaction.
func openRaw(t *testing.T, w *world, c *receiver, view string) {
	t.Helper()
	if word := rawView(t, w, "views.open", map[string]any{"trigger_id": lastTrigger(t, c), "view": json.RawMessage(view)}); word != "" {
		t.Fatalf("views.open = %s", word)
	}
}

func lastTrigger(t *testing.T, c *receiver) string {
	t.Helper()
	all := c.heard()
	var in struct {
		TriggerID string `json:"trigger_id"`
	}
	must(t, json.Unmarshal([]byte(all[len(all)-1].form.Get("payload")), &in))
	return in.TriggerID
}

// rawView calls a method with JSON and returns the error with its explanations.
func rawView(t *testing.T, w *world, method string, args map[string]any) string {
	t.Helper()
	body, err := json.Marshal(args)
	must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"/api/"+method, strings.NewReader(string(body)))
	must(t, err)
	req.Header.Set("Authorization", "Bearer xoxb-T1")
	req.Header.Set("Content-Type", "application/json")
	res, err := w.http.Do(req)
	must(t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(t, err)
	var out struct {
		Error    string
		Metadata struct{ Messages []string } `json:"response_metadata"`
	}
	must(t, json.Unmarshal(data, &out))
	return strings.TrimSpace(out.Error + " " + strings.Join(out.Metadata.Messages, "; "))
}

func TestViewErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wall := start
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1, Wall: func() time.Time { return time.Now().Add(wall.Sub(start)) }})
		view := func(blocks string, more string) json.RawMessage {
			return json.RawMessage(strings.Replace(strings.Replace(allFields, "%s", blocks, 1), `{"type":"modal"`, `{"type":"modal"`+more, 1))
		}
		fresh := func() string { must(t, w.Shortcut(team, lin, "new")); return lastTrigger(t, c) }
		used := fresh()
		good := view(`{"type":"divider"}`, `,"external_id":"e"`)
		if word := rawView(t, w, "views.open", map[string]any{"trigger_id": used, "view": good}); word != "" {
			t.Fatal(word)
		}
		old := fresh()
		wall = wall.Add(3*time.Second + time.Millisecond)
		tests := []struct {
			method string
			args   map[string]any
			want   string
		}{
			{"views.open", map[string]any{"view": good}, "invalid_arguments [ERROR] missing required field: trigger_id"},
			{"views.open", map[string]any{"trigger_id": "x"}, "invalid_arguments [ERROR] missing required field: view"},
			{"views.open", map[string]any{"trigger_id": "1.2.3", "view": good}, "invalid_trigger_id"},
			{"views.open", map[string]any{"trigger_id": used, "view": good}, "exchanged_trigger_id"},
			{"views.open", map[string]any{"trigger_id": old, "view": good}, "expired_trigger_id"},
			{"views.open", map[string]any{"trigger_id": fresh(), "view": good}, "duplicate_external_id"},
			{"views.open", map[string]any{"trigger_id": "x", "view": []int{1}}, "invalid_arguments [ERROR] must provide an object [json-pointer:/view]"},
			{"views.open", map[string]any{"trigger_id": "x", "view": view(`{"type":"nope"}`, "")}, "invalid_arguments [ERROR] unsupported type: nope [json-pointer:/view/blocks/0/type]"},
			{"views.open", map[string]any{"trigger_id": "x", "view": view("", `,"private_metadata":"`+strings.Repeat("x", 250<<10)+`"`)}, "view_too_large"},
			{"views.update", map[string]any{"view": good}, "invalid_arguments [ERROR] missing required field: view_id"},
			{"views.update", map[string]any{"view_id": "V404", "view": good}, "not_found"},
			{"views.update", map[string]any{"external_id": "e", "hash": "1.x", "view": good}, "hash_conflict"},
			{"views.update", map[string]any{"external_id": "e", "view": good}, ""},
			{"views.publish", map[string]any{"user_id": "UNOBODY", "view": json.RawMessage(`{"type":"home","blocks":[]}`)}, "user_not_found"},
			{"views.publish", map[string]any{"user_id": lin, "view": json.RawMessage(`{"type":"home","external_id":"e","blocks":[]}`)}, "duplicate_external_id"},
		}
		for _, tt := range tests {
			if got := rawView(t, w, tt.method, tt.args); got != tt.want {
				t.Errorf("%s = %q, want %q", tt.method, got, tt.want)
			}
		}
	})
}

func TestFormsKeepAndRefuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1})
		answer := ""
		c.answer = func(rw http.ResponseWriter, _ *http.Request, _ heard) { _, _ = io.WriteString(rw, answer) }
		must(t, w.Shortcut(team, lin, "new"))
		blocks := strings.ReplaceAll(input("n", `"type":"number_input","is_decimal_allowed":false,"max_value":"9"`), `"optional":true`, `"optional":false`) +
			"," + input("m", `"type":"external_select","min_query_length":1`)
		openRaw(t, w, c, strings.Replace(strings.Replace(allFields, "%s", blocks, 1), `{"type":"modal"`, `{"type":"modal","notify_on_close":true,"clear_on_close":true`, 1))
		before := len(c.heard())
		for value, want := range map[string]string{"": "请填写此必填字段。", "x": "请输入有效的数字。", "1.5": "请输入整数。", "10": "请输入不大于 9 的数字。"} {
			res, err := w.Submit(lin, map[string]string{"n": value})
			must(t, err)
			if diff := cmp.Diff(map[string]string{"n": want}, res.Errors); diff != "" {
				t.Errorf("submit %q (-want +got):\n%s", value, diff)
			}
		}
		must(t, w.ClickView(lin, "n", "5"))
		if n := len(c.heard()); n != before {
			t.Errorf("the app heard %d requests of what the client settles itself", n-before)
		}
		answer = `{"options":[{"text":{"type":"plain_text","text":"王"},"value":"w"}]}`
		got, err := w.SuggestView(lin, "m", "王")
		must(t, err)
		if diff := cmp.Diff([]slacksim.Option{{Text: "王", Value: "w"}}, got); diff != "" {
			t.Errorf("options (-want +got):\n%s", diff)
		}
		answer = `{"response_action":"errors","errors":{"n":"不够"}}`
		_, err = w.Submit(lin, map[string]string{"m": "w"})
		must(t, err)
		v := w.Views(lin)[0]
		if v.Errors["n"] != "不够" || v.State["n"]["n"]["value"] != "5" {
			t.Errorf("view keeps errors %v, state %v", v.Errors, v.State["n"])
		}
		answer = `{"response_action":"errors","errors":{"elsewhere":"x"}}`
		if _, err := w.Submit(lin, nil); err == nil {
			t.Error("errors for a block that is not there were taken")
		}
		answer = ""
		must(t, w.CloseView(lin))
		all := c.heard()
		if p := all[len(all)-1].form.Get("payload"); !strings.Contains(p, `"is_cleared":true`) || !strings.Contains(p, `"view_closed"`) || len(w.Views(lin)) != 0 {
			t.Errorf("after closing: %s", p)
		}
	})
}
