package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
)

// SetRequestURL moves a workspace's app to HTTP mode under a base address, as
// Workspace.RequestURL, or with an empty one to Socket Mode. It takes the place
// of all its addresses and holds from the next attempt on, redeliveries
// included. It does nothing for an unknown workspace.
func (s *Sim) SetRequestURL(teamID, base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.team(teamID); t != nil {
		t.RequestURL, t.EventsURL, t.CommandsURL, t.InteractionsURL, t.OptionsURL = base, "", "", "", ""
		s.touch()
	}
}

// targets lists the different requests that addresses of a kind need.
func (s *Sim) targets(kind string) []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []post
	for _, t := range s.teams {
		p := post{url: t.endpoint(&envelope{kind: kind}), secret: t.SigningSecret}
		same := func(other post) bool { return other.url == p.url && other.secret == p.secret }
		if p.url != "" && !slices.ContainsFunc(out, same) {
			out = append(out, p)
		}
	}
	return out
}

// VerifyURL makes Slack's url_verification handshake with the events address of
// every workspace in HTTP mode. The app must answer 200 with the challenge, in
// plain text, as JSON or as a form.
func (s *Sim) VerifyURL(ctx context.Context) error {
	for _, p := range s.targets("events_api") {
		s.mu.Lock()
		challenge := s.newUUID()
		s.mu.Unlock()
		p.contentType = "application/json"
		p.body = rawJSON(map[string]any{"token": "verification-token", "challenge": challenge, "type": "url_verification"})
		body, err := s.expectOK(ctx, http.MethodPost, p)
		if err != nil {
			return fmt.Errorf("verify %s: %w", p.url, err)
		}
		if !echoes(body, challenge) {
			return fmt.Errorf("verify %s: answer %.80q is not the challenge: %w", p.url, body, ErrRefused)
		}
	}
	return nil
}

func echoes(body []byte, challenge string) bool {
	body = bytes.TrimSpace(body)
	var in struct{ Challenge string }
	if json.Unmarshal(body, &in) == nil && in.Challenge == challenge {
		return true
	}
	form, err := url.ParseQuery(string(body))
	return string(body) == challenge || err == nil && form.Get("challenge") == challenge
}

// SSLCheck sends Slack's certificate check, once by GET and once by POST, to the
// commands address of every workspace in HTTP mode. The app must answer 200.
func (s *Sim) SSLCheck(ctx context.Context) error {
	for _, p := range s.targets("slash_commands") {
		form := url.Values{"ssl_check": {"1"}, "token": {"verification-token"}}.Encode()
		asked := p
		asked.url += "?" + form
		p.contentType, p.body = "application/x-www-form-urlencoded", []byte(form)
		if _, err := s.expectOK(ctx, http.MethodGet, asked); err != nil {
			return fmt.Errorf("ssl_check by GET at %s: %w", p.url, err)
		}
		if _, err := s.expectOK(ctx, http.MethodPost, p); err != nil {
			return fmt.Errorf("ssl_check by POST at %s: %w", p.url, err)
		}
	}
	return nil
}

func (s *Sim) expectOK(ctx context.Context, method string, p post) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.AckTimeout)
	defer cancel()
	res, err := s.round(ctx, method, p)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d: %w", res.StatusCode, ErrRefused)
	}
	return body, nil
}
