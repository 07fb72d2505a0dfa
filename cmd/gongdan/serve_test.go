package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gongdan/bot/slacksim"
)

// output keeps what a running program writes.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps some bytes.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// String is all there is so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// TestServeInMemory runs serve as a process against a simulated Slack, and stops it as a container engine does.
func TestServeInMemory(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{LimitScale: -1})
	sim.AddWorkspace(slacksim.Workspace{ID: "T1", BotToken: "xoxb-serve-secret", AppToken: "xapp-serve-secret", BotUser: "UBOT"})
	sim.AddUser("T1", slacksim.User{ID: "U1", Name: "li", Locale: "zh-CN"})
	sim.AddChannel("T1", slacksim.Channel{ID: "C1", Name: "room", Members: []string{"U1", "UBOT"}})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	var out output
	cmd := program(context.Background(), t, []string{"SLACK_BOT_TOKEN=xoxb-serve-secret", "SLACK_APP_TOKEN=xapp-serve-secret",
		"SLACK_API_URL=" + sim.URL() + "/api/", "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=debug", "LOG_FORMAT=json"}, "serve", "--in-memory")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	if err := sim.Wait(ctx, func() bool { return sim.Connections() > 0 }); err != nil {
		t.Fatalf("the bot does not connect: %v\n%s", err, out.String())
	}
	const text = "订单 2024112233445566778 买家说收到的杯子碎了，要退货"
	ts, err := sim.Post("U1", "C1", text)
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Wait(ctx, func() bool { return len(sim.Thread("C1", ts)) > 1 }); err != nil {
		t.Fatalf("no card: %v\n%s", err, out.String())
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("serve ends with %v\n%s", err, out.String())
		}
	case <-ctx.Done():
		t.Fatalf("serve does not stop\n%s", out.String())
	}
	log := out.String()
	for _, secret := range []string{"serve-secret", text, "2024112233445566778"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, "kept in memory and lost") {
		t.Error("nothing warns that all is lost when the bot stops")
	}
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "{") {
			t.Errorf("a line is no JSON: %s", line)
		}
		if alarming := !strings.Contains(line, `"level":"DEBUG"`) && !strings.Contains(line, `"level":"INFO"`); alarming && strings.Contains(line, "context canceled") {
			t.Errorf("stopping alarms the operator: %s", line)
		}
	}
}

// TestServeRefusedToken ends with the fix when Slack refuses the token.
func TestServeRefusedToken(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{LimitScale: -1})
	sim.AddWorkspace(slacksim.Workspace{ID: "T1", BotToken: "xoxb-right", AppToken: "xapp-right", BotUser: "UBOT"})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	got := process(t, []string{"SLACK_BOT_TOKEN=xoxb-other-secret", "SLACK_APP_TOKEN=xapp-right", "SLACK_API_URL=" + sim.URL() + "/api/",
		"HTTP_ADDR=127.0.0.1:0"}, "", "serve", "--in-memory")
	if got.code != 2 || !strings.Contains(got.stderr, "SLACK_BOT_TOKEN is not accepted by Slack (invalid_auth)") || strings.Contains(got.stderr, "other-secret") {
		t.Errorf("exit %d\n%s", got.code, got.stderr)
	}
}
