package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// DefaultURL is where Slack's Web API lives.
const DefaultURL = "https://slack.com/api/"

// APIOptions are the settings of calls to Slack.
type APIOptions struct {
	// URL is the Web API's base and ends with "/". Empty means DefaultURL.
	URL string
	// HTTP makes the requests; its transport is wrapped. Nil means a client of its own.
	HTTP *http.Client
	// Timeout ends each call. 0 means 4 seconds, the time an announcer waits out before it looks for a message.
	Timeout time.Duration
	// OnCall is told of each finished call. method is Slack's; result is one of ok, rate_limited, gone, temporary, permanent.
	OnCall func(method, result string, took time.Duration)
	// Now measures how long things took. Nil means time.Now.
	Now func() time.Time
}

// API makes calls to Slack, once each: nothing is retried here, because a repeated post would be said twice. It is
// safe for concurrent use.
type API struct {
	url     string
	http    *http.Client
	timeout time.Duration
	onCall  func(string, string, time.Duration)
	now     func() time.Time
}

// maxAnswer bounds what is read of one answer, in bytes; a page of 1000 people is below 3 MB.
const maxAnswer = 8 << 20

// NewAPI checks the options and makes an API.
func NewAPI(o APIOptions) (*API, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || !strings.HasSuffix(o.URL, "/") {
		return nil, fmt.Errorf("API address %q must be an http or https address that ends with /", o.URL)
	}
	if o.Timeout == 0 {
		o.Timeout = 4 * time.Second
	}
	if o.OnCall == nil {
		o.OnCall = func(string, string, time.Duration) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &API{url: o.URL, http: boundedClient(o.HTTP), timeout: o.Timeout, onCall: o.OnCall, now: o.Now}, nil
}

// boundedClient never follows a redirect, since calls carry tokens, and never reads an endless answer.
func boundedClient(base *http.Client) *http.Client {
	c := &http.Client{}
	if base != nil {
		*c = *base
	}
	if c.Transport == nil {
		c.Transport = ownTransport()
	}
	c.Transport = boundedTransport{c.Transport}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

func ownTransport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConnsPerHost = 32 // one host gets all calls
		return t
	}
	return http.DefaultTransport
}

type boundedTransport struct{ next http.RoundTripper }

// RoundTrip bounds the answer's body.
func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	return resp, nil
}

// client gives the library's client for a token. Nothing of it retries.
func (a *API) client(token Secret) *slack.Client {
	return slack.New(token.Reveal(), slack.OptionAPIURL(a.url), slack.OptionHTTPClient(a.http))
}

// call runs one call under the deadline, translates its error and reports it.
func (a *API) call(ctx context.Context, method string, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	began := a.now()
	err := translate(method, do(ctx))
	a.onCall(method, resultOf(err), a.now().Sub(began))
	return err
}

// read makes a call whose answer is decoded tolerantly: what other apps posted must not spoil a whole page.
func (a *API) read(ctx context.Context, token Secret, method string, form url.Values, out any) (head http.Header, err error) {
	err = a.call(ctx, method, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+method, strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
		resp, err := a.http.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		head = resp.Header
		return readAnswer(resp, out)
	})
	return head, err
}

func readAnswer(resp *http.Response, out any) error {
	if resp.StatusCode == http.StatusTooManyRequests {
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &slack.RateLimitedError{RetryAfter: time.Duration(after) * time.Second}
	}
	if resp.StatusCode != http.StatusOK {
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := tolerant(body, &said); err != nil {
		return err
	}
	if !said.OK {
		return slack.SlackErrorResponse{Err: said.Error}
	}
	return tolerant(body, out)
}

// tolerant decodes what fits and leaves the rest zero: a field of another type than expected is no error.
func tolerant(raw []byte, out any) error {
	err := json.Unmarshal(raw, out)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return nil
	}
	return err
}

// loose is a truth value that comes as a boolean, a string or not at all.
type loose bool

// UnmarshalJSON never fails: what is not true is false.
func (l *loose) UnmarshalJSON(b []byte) error {
	*l = loose(strings.Trim(string(b), `"`) == "true")
	return nil
}
