package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gongdan/bot/slackapi"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// handler serves health, readiness and metrics, and in HTTP mode what Slack sends.
func (a *App) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if why := a.unready(r); why != "" {
			http.Error(w, why, http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, a.ready())
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.reg, promhttp.HandlerOpts{}))
	if a.events != nil {
		for _, path := range []string{slackapi.PathEvents, slackapi.PathCommands, slackapi.PathInteractions} {
			mux.Handle("POST "+path, a.events)
		}
	}
	return mux
}

// pingWithin bounds the question whether Redis is there: who asks for readiness waits no longer.
const pingWithin = time.Second

// unready says what is missing; "" if nothing is.
func (a *App) unready(r *http.Request) string {
	p := a.parts.Load()
	if p == nil {
		return "waiting for Redis or Slack, or stopping"
	}
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	if err := a.rdb.Ping(ctx).Err(); err != nil {
		return "Redis does not answer"
	}
	if err := redisshard.Writable(ctx, a.rdb, redisshard.KeysOf("", 0)); err != nil {
		return "Redis takes no changes now: it is read-only, out of memory, cannot save, or misses its replicas"
	}
	if p.socket != nil && !p.socket.Healthy() {
		return "no open socket to Slack"
	}
	if late := p.auditor.overdue(p.owned.has); late != "" {
		return "due and not done: " + late
	}
	return ""
}

// ready is what a process that is ready says: also what it sees undone in shards of others, which does not make it less ready
// itself, so that one owner that hangs does not take away all who could take in what Slack sends.
func (a *App) ready() string {
	p := a.parts.Load()
	if p == nil {
		return "ready"
	}
	if late := p.auditor.overdue(func(s tickets.Shard) bool { return !p.owned.has(s) }); late != "" {
		return "ready; due and not done by other processes: " + late
	}
	return "ready"
}
