package slackapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"gongdan/bot"
)

// maxAck is where Slack silently drops an acknowledgement, in bytes, less some room for what surrounds the payload.
const maxAck = 20_000 - 500

// answer is a message as a response URL or an acknowledgement carries it.
type answer struct {
	Type    string        `json:"response_type,omitempty"`
	Thread  string        `json:"thread_ts,omitempty"`
	Replace bool          `json:"replace_original"` // false as a rule: a card that was clicked would be replaced too
	Text    string        `json:"text"`
	Blocks  []slack.Block `json:"blocks,omitempty"`
}

// AckPayload draws a view as the private answer within a slash command's acknowledgement, always small enough for it.
func AckPayload(v bot.View) json.RawMessage { return LinkedAck(v, "") }

// LinkedAck is AckPayload with links to messages of the workspace whose address is home; see [Installation.Home].
func LinkedAck(v bot.View, home string) json.RawMessage {
	for total := maxTotal; total > 200; total /= 2 {
		a := answer{Type: slack.ResponseTypeEphemeral, Text: Fallback(v), Blocks: render(v, home, total)}
		if raw, err := json.Marshal(a); err == nil && len(raw) < maxAck {
			return raw
		}
	}
	raw, _ := json.Marshal(answer{Type: slack.ResponseTypeEphemeral, Text: cutEscaped(oneLine(clean(v.Summary)), 500)})
	return raw
}

// Respond answers privately at the address that a click or command brought along, in the thread where the click was if
// thread is not empty; it works five times in 30 minutes.
func (a *API) Respond(ctx context.Context, address, thread string, v bot.View) error {
	return a.send(ctx, address, answer{Type: slack.ResponseTypeEphemeral, Thread: thread, Text: Fallback(v), Blocks: Render(v, "")})
}

// Redraw puts a view in the place of the message on which a click was made, at the address that the click brought along; a private
// answer can be changed in no other way.
func (a *API) Redraw(ctx context.Context, address string, v bot.View) error {
	return a.send(ctx, address, answer{Replace: true, Text: Fallback(v), Blocks: Render(v, "")})
}

func (a *API) send(ctx context.Context, address string, body answer) error {
	if err := a.trusted(address); err != nil {
		return err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	return a.call(ctx, "response_url", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := a.http.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
		}
		return nil
	})
}

// trusted lets answers go to Slack, or to where the Web API is, and nowhere else: the address came from outside.
func (a *API) trusted(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return fmt.Errorf("answer address is not usable: %w", ErrMalformed)
	}
	base, _ := url.Parse(a.url)
	if u.Scheme == base.Scheme && u.Host == base.Host {
		return nil
	}
	host := u.Hostname()
	if u.Scheme == "https" && u.Port() == "" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com")) {
		return nil
	}
	return fmt.Errorf("answer address at %q is not Slack's: %w", host, ErrMalformed)
}
