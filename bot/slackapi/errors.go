package slackapi

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"gongdan/bot"
	"gongdan/tickets"
)

// gone are the answers that say that a place or person is no longer there for the bot.
var gone = map[string]bool{
	"channel_not_found": true, "is_archived": true, "not_in_channel": true, "user_not_in_channel": true,
	"message_not_found": true, "cant_update_message": true, "edit_window_closed": true, "thread_not_found": true,
	"user_not_found": true, "users_not_found": true, "user_disabled": true, "user_not_visible": true,
	"cannot_dm_bot": true, "channel_is_archived": true, "bad_timestamp": true, "user_deactivated": true,
	"expired_trigger_id": true, "exchanged_trigger_id": true, "invalid_trigger_id": true, "trigger_expired": true,
	"trigger_exchanged": true, "not_found": true, // a window that was closed
}

// passing are the answers after which the same call may succeed later, without or with somebody's help. What is wrong
// with the token belongs here: what must be said then waits until the token is mended.
var passing = map[string]bool{
	"fatal_error": true, "internal_error": true, "service_unavailable": true, "request_timeout": true,
	"team_added_to_org": true, "temporarily_unavailable": true, "message_limit_exceeded": true, "accesslimited": true,
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"org_login_required": true, "ekm_access_denied": true, "two_factor_setup_required": true,
}

// longestWait is how long a caller is told to wait at most. Slack asks for seconds; a proxy's mistake, such as a date read
// as a number, must not silence the bot for years.
const longestWait = 2 * time.Minute

// tooMuch are the statuses that speak of the very request. Slack says everything else in words under 200, so that any other
// status comes from what stands between us, such as a proxy or a login page, and passes.
var tooMuch = map[int]bool{http.StatusBadRequest: true, http.StatusNotFound: true, http.StatusRequestEntityTooLarge: true,
	http.StatusRequestURITooLong: true, http.StatusRequestHeaderFieldsTooLarge: true}

// translate turns whatever a call returned into the words of the ports. Only here are outside errors looked at.
func translate(method string, err error) error {
	if err == nil {
		return nil
	}
	var (
		limited *slack.RateLimitedError
		said    slack.SlackErrorResponse
		status  slack.StatusCodeError
	)
	switch {
	case errors.As(err, &limited):
		return fmt.Errorf("%s: %w", method, &bot.RateLimited{After: min(max(limited.RetryAfter, time.Second), longestWait)})
	case errors.As(err, &said):
		return translateAnswer(method, said.Err)
	case errors.As(err, &status) && tooMuch[status.Code]:
		return fmt.Errorf("%s: %w", method, err)
	}
	return fmt.Errorf("%s: %w: %w", method, tickets.ErrTemporary, err)
}

func translateAnswer(method, word string) error {
	switch {
	case word == "ratelimited" || word == "rate_limited":
		return fmt.Errorf("%s: %w", method, &bot.RateLimited{After: time.Second})
	case gone[word]:
		return fmt.Errorf("%s: %w", method, &Refused{Word: word, Kind: bot.ErrGone})
	case passing[word]:
		return fmt.Errorf("%s: %w", method, &Refused{Word: word, Kind: tickets.ErrTemporary})
	}
	return fmt.Errorf("%s: %w", method, &Refused{Word: word})
}

// Refused is Slack's "no" to a call. Kind is the sentinel that callers branch on; nil for a permanent refusal.
type Refused struct {
	Word string // Slack's own, such as channel_not_found
	Kind error
}

// Error gives Slack's word.
func (r *Refused) Error() string { return "slack says " + r.Word }

// Unwrap gives the sentinel.
func (r *Refused) Unwrap() error { return r.Kind }

// refusedWith tells whether Slack said no with one of the words.
func refusedWith(err error, words ...string) bool {
	var r *Refused
	if !errors.As(err, &r) {
		return false
	}
	for _, w := range words {
		if r.Word == w {
			return true
		}
	}
	return false
}

// resultOf gives the bounded word for metrics.
func resultOf(err error) string {
	var limited *bot.RateLimited
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &limited):
		return "rate_limited"
	case errors.Is(err, bot.ErrGone):
		return "gone"
	case errors.Is(err, tickets.ErrTemporary):
		return "temporary"
	}
	return "permanent"
}
