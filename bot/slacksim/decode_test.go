package slacksim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

// TestClientDecodesEveryReply calls every method through Slack's Go client and
// compares what it made of the replies.
func TestClientDecodesEveryReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	var scopes string
	w.api = slack.New("xoxb-T1", slack.OptionAPIURL(w.URL()+"/api/"), slack.OptionHTTPClient(w.http),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) { scopes = h.Get("X-OAuth-Scopes") }))
	ts := w.post(t, lin, room, "看", slacksim.WithFiles(slacksim.File{Name: "a.png", Size: 3}))
	w.post(t, wang, room, "回", slacksim.InThread(ts))
	must(t, w.React(wang, room, ts, "eyes"))

	check := func(name string, got, want any, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s = %v, %v, want %v", name, got, err, want)
		}
	}
	auth, err := w.api.AuthTest()
	must(t, err)
	auth.Header = nil
	want := &slack.AuthTestResponse{
		URL: "https://xiaodian.slack.com/", Team: "小店", User: "gongdan", TeamID: team, UserID: bot, BotID: "B00000001",
	}
	if diff := cmp.Diff(want, auth); diff != "" {
		t.Errorf("auth.test (-want +got):\n%s", diff)
	}
	check("scopes", strings.Contains(scopes, "chat:write"), true, nil)
	user, err := w.api.GetUserInfo(lin)
	must(t, err)
	check("users.info", user.Locale+user.RealName+user.TZ, "zh-CN林小雨Asia/Shanghai", err)
	check("users.info admin", user.IsAdmin, true, nil)
	stranger, err := w.api.GetUserInfo("UFOREIGN")
	must(t, err)
	check("users.info stranger", stranger.IsStranger && stranger.TeamID == "T9", true, nil)
	users, err := w.api.GetUsers()
	check("users.list", len(users), 5, err)
	presence, err := w.api.GetUserPresence(lin)
	must(t, err)
	check("users.getPresence", presence.Presence, "active", nil)
	mine, _, err := w.api.GetConversationsForUser(&slack.GetConversationsForUserParameters{})
	check("users.conversations", len(mine), 1, err)
	list, _, err := w.api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	check("conversations.list", len(list), 2, err)
	info, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: room, IncludeNumMembers: true})
	must(t, err)
	check("conversations.info", info.Name == "shop-a" && info.NumMembers == 4 && info.IsMember, true, nil)
	members, _, err := w.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: room})
	check("conversations.members", slices.Contains(members, wang), true, err)
	dm, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{lin}, ReturnIM: true})
	must(t, err)
	check("conversations.open", dm.ID == w.DMChannel(team, lin) && dm.IsIM, true, nil)
	joined, _, _, err := w.api.JoinConversation("C2")
	must(t, err)
	check("conversations.join", joined.ID, "C2", nil)
	history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: room})
	must(t, err)
	root := history.Messages[0]
	check("conversations.history", root.ReplyCount == 1 && root.Files[0].Name == "a.png" && root.Reactions[0].Name == "eyes", true, nil)
	bots, err := w.api.GetBotInfo(slack.GetBotInfoParameters{Bot: "B00000001"})
	must(t, err)
	check("bots.info", bots.UserID, bot, nil)
	info2, err := w.api.GetTeamInfo()
	must(t, err)
	check("team.info", info2.Domain, "xiaodian", nil)
	link, err := w.api.GetPermalink(&slack.PermalinkParameters{Channel: room, Ts: ts})
	check("chat.getPermalink", link, "https://xiaodian.slack.com/archives/C1/p"+strings.Replace(ts, ".", "", 1), err)
	item, err := w.api.GetReactions(slack.NewRefToMessage(room, ts), slack.GetReactionsParameters{})
	check("reactions.get", item.Reactions[0].Users[0], wang, err)
	channel, _, err := w.api.PostMessage(lin, slack.MsgOptionText("私信", false))
	check("chat.postMessage to a person", channel, dm.ID, err)
	check("DM", w.DM(lin)[0].Text, "私信", nil)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{buttons()}}}
	view, err := w.api.PublishView(lin, home, "")
	must(t, err)
	check("views.publish", view.Type == slack.VTHomeTab && len(view.Blocks.BlockSet) == 1, true, nil)
	_, address, err := w.client("xoxb-T1").StartSocketModeContext(t.Context())
	check("apps.connections.open", strings.HasPrefix(address, "ws://"), true, err)
}

func TestPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	var got []string
	cursor := ""
	for {
		page, next, err := w.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: room, Limit: 3, Cursor: cursor})
		must(t, err)
		got = append(got, page...)
		if cursor = next; cursor == "" {
			break
		}
	}
	if len(got) != 4 {
		t.Errorf("paged members = %v, want 4", got)
	}
	_, _, err := w.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: room, Cursor: "bm9uc2Vuc2U="})
	if slackError(err) != "invalid_cursor" {
		t.Errorf("wrong cursor = %v", err)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.AddWorkspace(slacksim.Workspace{ID: "T2", Scopes: []string{"channels:read"}})
	_, err := w.client("xoxb-T2").GetUserInfo(lin)
	if slackError(err) != "missing_scope" {
		t.Errorf("users.info without users:read = %v", err)
	}
	if _, err := w.client("xoxb-T2").GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: room}); slackError(err) != "channel_not_found" {
		t.Errorf("another workspace's channel = %v", err)
	}
}
