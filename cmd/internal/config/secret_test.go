package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	c, err := Load(with(map[string]string{"SLACK_SIGNING_SECRET": signing, "OPENAI_API_KEY": "secretkey", "OPENAI_MODEL": "m"}))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q %x %d\n", c, c, c, c, c, c, c)
	fmt.Fprintf(&out, "%v %+v %#v %x\n", c.Slack, c.Slack, c.Model, c.Slack.BotToken)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "config", c, "slack", c.Slack, "token", c.Slack.BotToken)
	if err := json.NewEncoder(&out).Encode(c.Slack); err != nil {
		t.Fatal(err)
	}
	for _, hide := range []string{"secretbot", "secretapp", "secretpass", "secretkey", signing, fmt.Sprintf("%x", botToken)} {
		if strings.Contains(out.String(), hide) {
			t.Errorf("output shows %s:\n%s", hide, out.String())
		}
	}
	for _, show := range []string{"slack_bot_token=(set)", "redis=10.0.0.5:6380", "http_addr=:8080"} {
		if !strings.Contains(c.String(), show) {
			t.Errorf("String() = %s, want it to show %s", c, show)
		}
	}
}

func TestSecretFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Date(2026, 11, 11, 0, 0, 0, 0, time.UTC)
	write(botToken+"\n", start)
	c, err := Load(with(map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": path}))
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		do   func()
		want string
	}{
		{"as read", func() {}, botToken},
		{"changed", func() { write("xoxb-new", start.Add(time.Second)) }, "xoxb-new"},
		{"emptied keeps the last", func() { write(" ", start.Add(2*time.Second)) }, "xoxb-new"},
		{"removed keeps the last", func() { os.Remove(path) }, "xoxb-new"},
		{"back", func() { write("xoxb-again", start.Add(3*time.Second)) }, "xoxb-again"},
	}
	for _, s := range steps {
		s.do()
		if got := c.Slack.BotToken.Reveal(); got != s.want {
			t.Errorf("%s: Reveal() = %q, want %q", s.name, got, s.want)
		}
	}
}

func TestSecretFileRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "\n", "huge": strings.Repeat("x", maxSecret+1)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := fileSecret(path); err == nil {
			t.Errorf("fileSecret(%s) = nil error, want a refusal", name)
		}
	}
}
