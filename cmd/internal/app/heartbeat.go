package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"gongdan/cmd/internal/config"
)

// heartbeat fetches an address while all that is due is done, so that somebody outside hears of it when that ends, whatever
// the reason. The address may hold a token: it is never logged.
type heartbeat struct {
	url     config.Secret
	client  *http.Client
	content func() bool
	log     *slog.Logger
}

const (
	heartbeatEvery  = time.Minute
	heartbeatWithin = 5 * time.Second
)

// Run beats until ctx ends.
func (h *heartbeat) Run(ctx context.Context) {
	tick := time.NewTicker(heartbeatEvery)
	defer tick.Stop()
	for {
		if err := h.RunOnce(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("heartbeat not sent", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunOnce beats once, if the auditor is content.
func (h *heartbeat) RunOnce(ctx context.Context) error {
	if !h.content() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, heartbeatWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url.Reveal(), nil)
	if err != nil {
		return errors.New("HEARTBEAT_URL is not an address")
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return withoutURL(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("answered with status %d", resp.StatusCode)
	}
	return nil
}

// withoutURL is the cause of a failed request, without the address that net/http puts before it.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// heartbeat makes the heartbeat of this process; nil if none is configured. Redirects are not followed: they would carry the
// address elsewhere.
func (a *App) heartbeat(audit *auditor) *heartbeat {
	if !a.o.Config.Heartbeat.IsSet() {
		return nil
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &heartbeat{url: a.o.Config.Heartbeat, client: client, content: audit.content, log: a.log}
}
