package slacksim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxRedirects is how many redirects Slack follows before it gives up.
const maxRedirects = 2

// Why a request failed, in the words of X-Slack-Retry-Reason.
const (
	reasonTimeout    = "http_timeout"
	reasonStatus     = "http_error"
	reasonConnection = "connection_failed"
	reasonTLS        = "ssl_error"
	reasonRedirects  = "too_many_redirects"
)

// post is one signed request to the app: what goes out, and to where.
type post struct {
	url, contentType, secret string
	body                     []byte
	header                   http.Header
}

// outcome is what became of a post. Reason is empty where the app answered 2xx.
type outcome struct {
	reason  string
	status  int
	noRetry bool
	body    []byte
}

// endpoint is where a kind of envelope is posted; empty in Socket Mode.
func (w *Workspace) endpoint(e *envelope) string {
	under := func(path string) string {
		if w.RequestURL == "" {
			return ""
		}
		return strings.TrimSuffix(w.RequestURL, "/") + path
	}
	own, path := w.InteractionsURL, "/slack/interactions"
	switch {
	case e.kind == "events_api":
		own, path = w.EventsURL, "/slack/events"
	case e.kind == "slash_commands":
		own, path = w.CommandsURL, "/slack/commands"
	case e.note.Type == "block_suggestion" && w.OptionsURL != "":
		own = w.OptionsURL
	}
	if own != "" {
		return own
	}
	return under(path)
}

// postFor turns an envelope into Slack's request: JSON for events, forms for the rest.
func (a *app) postFor(e *envelope, target string) post {
	p := post{url: target, secret: e.team.SigningSecret, header: http.Header{}, contentType: "application/x-www-form-urlencoded"}
	switch e.kind {
	case "events_api":
		p.contentType, p.body = "application/json", e.payload
	case "slash_commands":
		var fields map[string]string
		_ = json.Unmarshal(e.payload, &fields) // made by commandEnvelope
		form := url.Values{}
		for key, value := range fields {
			form.Set(key, value)
		}
		p.body = []byte(form.Encode())
	default:
		p.body = []byte(url.Values{"payload": {string(e.payload)}}.Encode())
	}
	if e.tries > 0 {
		p.header.Set("X-Slack-Retry-Num", strconv.Itoa(e.tries))
		p.header.Set("X-Slack-Retry-Reason", e.reason)
	}
	return p
}

// sendHTTP starts one attempt as a request, through the fault that is asked for.
func (a *app) sendHTTP(e *envelope, record *Delivery, target string) {
	p := a.postFor(e, target)
	f := a.s.faultFor(*record)
	if f.Drop {
		return
	}
	start := func() {
		for range 1 + f.Copies {
			a.s.running.Go(func() { a.s.exchange(a, record.EnvelopeID, p) })
		}
	}
	if f.Delay <= 0 {
		start()
		return
	}
	time.AfterFunc(f.Delay, func() {
		a.s.mu.Lock()
		defer a.s.mu.Unlock()
		if !a.s.closed {
			start()
		}
	})
}

// exchange posts and settles the attempt; it is called without the lock.
func (s *Sim) exchange(a *app, id string, p post) {
	ctx, cancel := context.WithTimeout(s.ending, s.opts.AckTimeout)
	defer cancel()
	o := s.do(ctx, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := a.pending[id]
	if t == nil {
		return // too late, or a copy was faster
	}
	t.record.Status = o.status
	if o.reason == "" {
		a.acked(id, answerBody(t.envelope, o.body))
		return
	}
	t.timer.Stop()
	delete(a.pending, id)
	t.envelope.retry = t.envelope.retry && !o.noRetry
	t.record.Failure = o.reason
	a.failed(t.envelope, o.reason, o.err())
}

// answerBody is the app's answer as JSON; a command may also answer in plain text.
func answerBody(e *envelope, body []byte) json.RawMessage {
	body = bytes.TrimSpace(body)
	if e.kind == "slash_commands" && len(body) > 0 && !json.Valid(body) {
		return rawJSON(map[string]any{"text": string(body)})
	}
	return body
}

// err is what people's actions return for a failed request.
func (o outcome) err() error {
	switch o.reason {
	case reasonTimeout:
		return ErrNotAcked
	case reasonStatus:
		return fmt.Errorf("status %d: %w", o.status, ErrRefused)
	case reasonConnection:
		return ErrNoConnection
	}
	return fmt.Errorf("%s: %w", o.reason, ErrRefused)
}

// do posts, follows redirects as Slack does, and reads the answer.
func (s *Sim) do(ctx context.Context, p post) outcome {
	for range 1 + maxRedirects {
		res, err := s.round(ctx, http.MethodPost, p)
		if err != nil {
			return outcome{reason: reasonFor(ctx, err)}
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
		_ = res.Body.Close() // read to its end, or of no use
		if err != nil {
			return outcome{reason: reasonFor(ctx, err), status: res.StatusCode}
		}
		next, err := res.Location()
		if res.StatusCode >= 300 && res.StatusCode < 400 && err == nil {
			p.url = next.String()
			continue
		}
		o := outcome{status: res.StatusCode, body: body, noRetry: res.Header.Get("X-Slack-No-Retry") == "1"}
		if res.StatusCode < 200 || res.StatusCode >= 300 {
			o.reason = reasonStatus
		}
		return o
	}
	return outcome{reason: reasonRedirects}
}

// round makes one signed request without following redirects.
func (s *Sim) round(ctx context.Context, method string, p post) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.url, bytes.NewReader(p.body))
	if err != nil {
		return nil, fmt.Errorf("request to %s: %w", p.url, err)
	}
	for key, values := range p.header {
		req.Header[key] = values
	}
	stamp := strconv.FormatInt(s.opts.Wall().Unix(), 10)
	req.Header.Set("Content-Type", p.contentType)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", Sign(p.secret, stamp, p.body))
	return s.poster.Do(req) // reasonFor looks at it as it is
}

// Sign gives the X-Slack-Signature of a raw body with the text of its
// X-Slack-Request-Timestamp under a signing secret.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + timestamp + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func reasonFor(ctx context.Context, err error) string {
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		return reasonTimeout
	}
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	if record || verify || name || authority || alert || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return reasonTLS
	}
	return reasonConnection
}

// poster is the client for requests to apps, which never follows redirects itself.
func poster(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
