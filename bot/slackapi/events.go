package slackapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// EventsOptions are the settings of the HTTP transport. SigningSecret and Sink are required.
type EventsOptions struct {
	SigningSecret Secret
	Sink          Sink
	// Now gives the time against which timestamps are checked. Nil means time.Now.
	Now func() time.Time
	// Log is told of faults, never of contents. Nil means none.
	Log *slog.Logger
}

// Events receives deliveries as signed HTTP requests. It is an http.Handler, safe for concurrent use.
type Events struct {
	o   EventsOptions
	mux *http.ServeMux
}

const (
	maxBody   = 1 << 20
	bodyWait  = 5 * time.Second
	signedFor = 5 * time.Minute
)

// Paths on which Events serves.
const (
	PathEvents       = "/slack/events"
	PathCommands     = "/slack/commands"
	PathInteractions = "/slack/interactions"
)

// NewEvents makes the handler. Without a signing secret nothing would be safe, so that is an error.
func NewEvents(o EventsOptions) (*Events, error) {
	if o.SigningSecret == "" {
		return nil, errors.New("a signing secret is required")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &Events{o: o, mux: http.NewServeMux()}
	for path, by := range map[string]Carrier{PathEvents: CarrierEvents, PathCommands: CarrierCommands, PathInteractions: CarrierInteractive} {
		h.mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { h.receive(w, r, by) })
	}
	h.mux.HandleFunc("GET "+PathCommands, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("ssl_check") != "1" {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		}
	})
	return h, nil
}

// ServeHTTP takes one delivery.
func (h *Events) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func (h *Events) receive(w http.ResponseWriter, r *http.Request, by Carrier) {
	// A slow sender must not hold a connection for long; servers that cannot set a deadline have their own.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWait))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	check := by == CarrierCommands && certificateCheck(body)
	if check && r.Header.Get("X-Slack-Signature") == "" {
		return // 200 is all it wants
	}
	if err := h.verify(r.Header, body); err != nil {
		h.o.Log.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "err", err)
		refuse(w, http.StatusUnauthorized)
		return
	}
	if !check {
		h.signed(w, r, by, body)
	}
}

// refuse answers so that Slack does not try again.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("X-Slack-No-Retry", "1")
	http.Error(w, http.StatusText(status), status)
}

// signed takes a body that Slack has signed.
func (h *Events) signed(w http.ResponseWriter, r *http.Request, by Carrier, body []byte) {
	raw, err := payloadOf(r.Header.Get("Content-Type"), body)
	if err == nil && by == CarrierEvents && challenge(w, raw) {
		return
	}
	var payload json.RawMessage
	if err == nil {
		payload, err = h.deliver(r, by, raw)
	}
	switch {
	case errors.Is(err, ErrMalformed):
		h.o.Log.WarnContext(r.Context(), "malformed request", "path", r.URL.Path, "err", err)
		refuse(w, http.StatusBadRequest)
	case err != nil:
		h.o.Log.ErrorContext(r.Context(), "envelope not taken, so not acknowledged", "path", r.URL.Path, "err", err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	case len(payload) > 0 && by != CarrierEvents:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(payload)
	}
}

func (h *Events) deliver(r *http.Request, by Carrier, raw json.RawMessage) (json.RawMessage, error) {
	env, err := Classify(raw, by)
	if err != nil {
		return nil, err
	}
	env.Received = h.o.Now()
	env.Retry, _ = strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	hint := Hint{Transport: "http", Carrier: by, Type: look(raw).kind, Answers: by != CarrierEvents, Reason: r.Header.Get("X-Slack-Retry-Reason")}
	return h.o.Sink.guard(r.Context(), env, hint)
}

// verify checks that Slack signed exactly these bytes, and not long ago.
func (h *Events) verify(head http.Header, body []byte) error {
	stamp := head.Get("X-Slack-Request-Timestamp")
	sec, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("no timestamp")
	}
	if off := h.o.Now().Sub(time.Unix(sec, 0)); off > signedFor || off < -signedFor {
		return errors.New("timestamp is not of now")
	}
	mac := hmac.New(sha256.New, []byte(h.o.SigningSecret.Reveal()))
	fmt.Fprintf(mac, "v0:%s:", stamp)
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(want), []byte(head.Get("X-Slack-Signature"))) {
		return errors.New("wrong signature")
	}
	return nil
}

// certificateCheck tells whether Slack only looks at our certificate, which it does with and without a signature.
func certificateCheck(body []byte) bool {
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}

// challenge answers the question whether this address belongs to the app.
func challenge(w http.ResponseWriter, raw json.RawMessage) bool {
	var p struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if tolerant(raw, &p) != nil || p.Type != "url_verification" {
		return false
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, p.Challenge)
	return true
}

// payloadOf gives the payload as Socket Mode would: a form becomes an object of its fields, unless one of them holds the
// payload itself.
func payloadOf(contentType string, body []byte) (json.RawMessage, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	if form.Has("payload") {
		return json.RawMessage(form.Get("payload")), nil
	}
	fields := map[string]string{}
	for k := range form {
		fields[k] = form.Get(k)
	}
	return json.Marshal(fields)
}
