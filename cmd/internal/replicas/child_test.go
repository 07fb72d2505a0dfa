package replicas

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/simclock"
)

// childEnv makes this test program a bot instead of a test, so that it can really be killed.
const childEnv = "GONGDAN_REPLICAS_CHILD"

// TestMain runs the tests or, as a child process, one bot.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		os.Exit(m.Run())
	}
	if err := serve(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve is one bot until it is told to stop. Its first line of output is where it answers.
func serve() error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return err
	}
	rdb := redis.NewUniversalClient(cfg.Redis)
	defer func() { _ = rdb.Close() }()
	clock := simclock.New(time.Now)
	if err := simclock.Follow(ctx, rdb, clock); err != nil {
		return err
	}
	a, err := app.New(app.Options{Config: cfg, Policies: app.Fixed(policy()), Clock: clock, Pace: 1000,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	fmt.Println("http://" + a.Addr())
	<-ctx.Done()
	return stop(a)
}

// child is one bot in a process of its own.
type child struct {
	cmd  *exec.Cmd
	base string
}

// spawn starts one and waits until it is ready.
func spawn(t *testing.T, env map[string]string, log io.Writer) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = []string{childEnv + "=1"}, log
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the bot says nothing: %v", err)
	}
	c := &child{cmd: cmd, base: strings.TrimSpace(line)}
	if !within(patience, 10*time.Millisecond, func() bool { return readyAt(c.base) }) {
		t.Fatal("the bot is not ready")
	}
	return c
}

// end ends it with a signal and waits until it is gone.
func (c *child) end(sig syscall.Signal) error {
	if err := c.cmd.Process.Signal(sig); err != nil {
		return err
	}
	err := c.cmd.Wait()
	if sig == syscall.SIGKILL {
		return nil
	}
	return err
}
