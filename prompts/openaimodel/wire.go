package openaimodel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxBody bounds an answer's body: a classification takes a few hundred bytes.
const maxBody = 1 << 20

// exchange is what travels beside one request of the client library: fields that
// it cannot send, and a field of the answer that it does not read.
type exchange struct {
	fields    map[string]any
	reasoning string // vLLM's newer name of reasoning_content
}

type exchangeKey struct{}

// wire is the HTTP beneath the client library: it signs, adds fields, bounds what
// is read, follows no redirect, and tells an error from an answer by its body.
type wire struct {
	client *http.Client
	key    func() string
	azure  bool
}

// Do sends one request.
func (d wire) Do(r *http.Request) (*http.Response, error) {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	if x == nil {
		x = &exchange{}
	}
	if err := addFields(r, x.fields); err != nil {
		return nil, err
	}
	d.sign(r)
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	_ = resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	settle(resp, body, x)
	return resp, nil
}

func (d wire) sign(r *http.Request) {
	key := d.key()
	if key == "" {
		key = "none" // some local servers want any key
	}
	if d.azure {
		r.Header.Set("api-key", key)
		return
	}
	r.Header.Set("Authorization", "Bearer "+key)
}

// addFields puts fields before those of a body that is a JSON object.
func addFields(r *http.Request, fields map[string]any) error {
	if len(fields) == 0 || r.Body == nil {
		return nil
	}
	old, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	extra, err := json.Marshal(fields)
	if err != nil || len(old) < 3 || old[0] != '{' {
		return errors.New("the request is no object")
	}
	body := append(append(extra[:len(extra)-1:len(extra)-1], ','), old[1:]...)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return nil
}

// settle gives an answer the status that it deserves: servers send pages, errors
// and endless bodies under a good one.
func settle(resp *http.Response, body []byte, x *exchange) {
	var got struct {
		Choices []struct {
			Message struct {
				Reasoning string `json:"reasoning"`
			} `json:"message"`
		} `json:"choices"`
		Error json.RawMessage `json:"error"`
	}
	good := resp.StatusCode >= 200 && resp.StatusCode < 300
	err := json.Unmarshal(body, &got)
	wrongly := typeError(err)
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		resp.StatusCode = http.StatusMisdirectedRequest // a redirect could lead anywhere, so nothing is sent after it
	case len(body) > maxBody && !good:
		body = nil
	case len(body) > maxBody:
		resp.StatusCode, body = http.StatusBadGateway, nil
	case good && err != nil && !wrongly:
		resp.StatusCode, body = http.StatusBadGateway, nil
	case good && len(got.Choices) == 0 && len(got.Error) > 0 && string(got.Error) != "null":
		resp.StatusCode = statusIn(got.Error)
	case len(got.Choices) > 0:
		x.reasoning = got.Choices[0].Message.Reasoning
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// typeError tells JSON whose values are of other kinds than expected from what is
// no JSON.
func typeError(err error) bool {
	var t *json.UnmarshalTypeError
	return errors.As(err, &t)
}

// statusIn is the status that an error object names, else that of a bad gateway.
func statusIn(raw json.RawMessage) int {
	var e struct {
		Code any `json:"code"`
	}
	if json.Unmarshal(raw, &e) == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(e.Code))); err == nil && n >= 400 && n < 600 {
			return n
		}
	}
	return http.StatusBadGateway
}

// errOutside is the refusal to connect to another machine.
var errOutside = errors.New("the address is not on this machine")

// newClient is a client that never follows a redirect; if local, it connects to
// this machine alone, whatever names resolve to.
func newClient(given *http.Client, local bool) *http.Client {
	c := http.Client{}
	if given != nil {
		c = *given
	}
	if given == nil {
		c.Transport = newTransport(local)
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

func newTransport(local bool) *http.Transport {
	d := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 4 * time.Second, MaxResponseHeaderBytes: 64 << 10, DialContext: d.DialContext}
	if local {
		t.Proxy = nil
		d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			if ap, err := netip.ParseAddrPort(address); err != nil || !ap.Addr().IsLoopback() {
				return errOutside
			}
			return nil
		}
	}
	return t
}
