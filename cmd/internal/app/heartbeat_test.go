package app

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"context"

	"gongdan/cmd/internal/config"
)

const beatToken = "d1b7c0ffee"

// pulse is a heartbeat to a server that answers with a status.
func pulse(t *testing.T, status int, content *atomic.Bool) (*heartbeat, *atomic.Int32, *bytes.Buffer) {
	t.Helper()
	var beats atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/"+beatToken {
			beats.Add(1)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	var log bytes.Buffer
	a := &App{o: Options{Config: config.Config{Heartbeat: config.NewSecret(srv.URL + "/" + beatToken)}}, log: slog.New(slog.NewTextHandler(&log, nil))}
	h := a.heartbeat(&auditor{})
	h.content = content.Load
	return h, &beats, &log
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		status  int
		content bool
		beats   int32
		err     string
	}{
		{"content", 200, true, 1, ""},
		{"not content", 200, false, 0, ""},
		{"refused", 404, true, 1, "answered with status 404"},
		{"sent elsewhere", 302, true, 1, "answered with status 302"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var content atomic.Bool
			content.Store(tt.content)
			h, beats, _ := pulse(t, tt.status, &content)
			err := h.RunOnce(t.Context())
			if got := beats.Load(); got != tt.beats || (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
				t.Errorf("RunOnce() = %v after %d beats, want %q after %d", err, got, tt.err, tt.beats)
			}
		})
	}
}

// failing is a network that is away.
type failing struct{ calls atomic.Int32 }

func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	f.calls.Add(1)
	<-r.Context().Done() // nobody answers
	return nil, r.Context().Err()
}

// Without an answer it gives up after five seconds, goes on a minute later, and never names its address.
func TestHeartbeatAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		net := &failing{}
		h := &heartbeat{url: config.NewSecret("http://beat.example/" + beatToken), client: &http.Client{Transport: net},
			content: func() bool { return true }, log: slog.New(slog.NewTextHandler(&log, nil))}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute-time.Second)
		defer cancel()
		h.Run(ctx)
		if n := net.calls.Load(); n != 3 {
			t.Errorf("%d beats in three minutes, want 3", n)
		}
		if got := log.String(); strings.Count(got, "heartbeat not sent") != 3 || strings.Contains(got, beatToken) || strings.Contains(got, "beat.example") {
			t.Errorf("log = %s", got)
		}
	})
}

func TestNoHeartbeat(t *testing.T) {
	t.Parallel()
	if h := (&App{}).heartbeat(&auditor{}); h != nil {
		t.Error("a heartbeat without an address")
	}
}
