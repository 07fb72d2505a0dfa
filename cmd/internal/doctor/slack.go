package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/app"
)

// slack examines both tokens. Nothing is posted, and no socket is opened: a socket would take deliveries from the bot.
func (x *examination) slack(ctx context.Context) {
	s := x.o.Config.Slack
	if s.BotToken.IsSet() {
		x.botToken(ctx)
	}
	switch {
	case s.SocketMode():
		x.socketToken(ctx)
	case s.SigningSecret.IsSet():
		x.ok("http mode", "Slack calls %s, %s and %s at HTTP_ADDR; its page “Event Subscriptions” says whether it gets there",
			slackapi.PathEvents, slackapi.PathCommands, slackapi.PathInteractions)
	}
}

const newBotToken = "Copy the Bot User OAuth Token again from your app's page “OAuth & Permissions” at https://api.slack.com/apps."

func (x *examination) botToken(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	api, err := slackapi.NewAPI(slackapi.APIOptions{URL: x.o.Config.Slack.APIURL, HTTP: x.o.HTTP})
	if err != nil {
		x.fail("bot token", err.Error(), "Mend SLACK_API_URL.")
		return
	}
	in, err := api.Identify(ctx, slackapi.Secret(x.o.Config.Slack.BotToken.Reveal()))
	var refused *slackapi.Refused
	switch {
	case errors.As(err, &refused):
		x.fail("bot token", "Slack says "+refused.Word, newBotToken)
		return
	case err != nil:
		x.fail("bot token", "Slack does not answer: "+cause(err), "Check the network, a proxy (HTTPS_PROXY) and SLACK_API_URL.")
		return
	}
	x.ok("bot token", "user %s in workspace %s", in.BotUser, in.Workspace)
	x.scopes(in)
	in.BotToken = slackapi.Secret(x.o.Config.Slack.BotToken.Reveal())
	x.named(ctx, api, in)
}

// scopes compares what was granted with what the manifest asks for.
func (x *examination) scopes(in slackapi.Installation) {
	want := slackapi.Manifest(app.Identity(), app.Registrations()).OAuthConfig.Scopes.Bot
	if in.Scopes == nil {
		x.warn("scopes", "Slack did not say which are granted", "Compare them with 'gongdan manifest' by eye.")
		return
	}
	var missing []string
	for _, s := range want {
		if !slices.Contains(in.Scopes, s) {
			missing = append(missing, s)
		}
	}
	if len(missing) > 0 {
		x.fail("scopes", "missing: "+strings.Join(missing, ", "),
			"Paste what 'gongdan manifest' prints into your app's page “App Manifest”, then install the app again.")
		return
	}
	x.ok("scopes", "all %d of the manifest are granted", len(want))
}

func (x *examination) socketToken(ctx context.Context) {
	const check = "socket mode"
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	word, err := x.openConnection(ctx)
	switch {
	case err != nil:
		x.fail(check, "Slack does not answer: "+cause(err), "Check the network, a proxy (HTTPS_PROXY) and SLACK_API_URL.")
	case word == "":
		x.ok(check, "Slack offers a socket")
	case word == "ratelimited":
		x.warn(check, "Slack refuses more questions for now", "Ask again in a minute.")
	case strings.Contains(word, "link_disabled"), strings.Contains(word, "not_enabled"), strings.Contains(word, "forbidden"):
		x.fail(check, "Slack says "+word, "Switch Socket Mode on on your app's page “Socket Mode”.")
	default:
		x.fail(check, "Slack says "+word, "Create an app-level token with the scope connections:write on your app's page “Basic Information” and set SLACK_APP_TOKEN.")
	}
}

// openConnection asks for the address of a socket and throws it away: the address is a secret. It returns Slack's word of
// refusal, "" if there is none.
func (x *examination) openConnection(ctx context.Context) (refused string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, x.o.Config.Slack.APIURL+"apps.connections.open", nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+x.o.Config.Slack.AppToken.Reveal())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := x.o.HTTP.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusTooManyRequests {
		return "ratelimited", nil
	}
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if json.Unmarshal(body, &said) != nil {
		return "", fmt.Errorf("status %s without an answer of Slack's", resp.Status)
	}
	if !said.OK && said.Error == "" {
		said.Error = "nothing"
	}
	return said.Error, nil
}

// cause is an error without the address that was called.
func cause(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}
