package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// asProgram makes the test binary behave as gongdan itself, so that tests run the real program without building it again.
const asProgram = "GONGDAN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// result is what a run of the program gave.
type result struct {
	code           int
	stdout, stderr string
}

// program prepares a run of gongdan with an environment of its own.
func program(ctx context.Context, t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append([]string{asProgram + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	return cmd
}

// process runs the program to its end, in a process of its own.
func process(t *testing.T, env []string, stdin string, args ...string) result {
	t.Helper()
	cmd := program(t.Context(), t, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Stdin = &stdout, &stderr, strings.NewReader(stdin)
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		env  []string
		args []string
		want []string
	}{
		{"nothing set", nil, []string{"serve"}, []string{"SLACK_BOT_TOKEN is not set", "SLACK_APP_TOKEN is not set", "REDIS_URL is not set", "--in-memory"}},
		{"everything wrong", []string{"SLACK_BOT_TOKEN=xapp-swapped", "SLACK_APP_TOKEN=xoxb-swapped", "SLACK_SIGNING_SECRET=short", "REDIS_URL=ftp://x",
			"HTTP_ADDR=nowhere", "SHARDS=0", "LOG_LEVEL=loud", "LOG_FORMAT=xml", "PRIVACY=none", "INTAKE_WAIT=9", "OPENAI_MODEL=m"}, []string{"serve"},
			[]string{"SLACK_BOT_TOKEN is an app-level token", "SLACK_APP_TOKEN is a bot token", "SLACK_SIGNING_SECRET", "REDIS_URL is not a Redis address",
				"HTTP_ADDR", "SHARDS", "LOG_LEVEL", "LOG_FORMAT", "PRIVACY", "INTAKE_WAIT", "OPENAI_API_KEY"}},
		{"no Redis", []string{"SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1"}, []string{"serve"}, []string{"REDIS_URL is not set", "--in-memory"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, c.env, "", c.args...)
			if got.code != 2 {
				t.Errorf("exit %d, want 2", got.code)
			}
			for _, want := range c.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
				}
			}
			if strings.Contains(got.stderr, "swapped") {
				t.Errorf("a secret is printed:\n%s", got.stderr)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		code int
	}{
		{nil, 0}, {[]string{"--help"}, 0}, {[]string{"serve", "--help"}, 0}, {[]string{"version"}, 0}, {[]string{"manifest"}, 0},
		{[]string{"no-such-command"}, 2}, {[]string{"serve", "--no-such-flag"}, 2}, {[]string{"demo", "--tour", "--lang", "fr"}, 1},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, "", c.args...)
			if got.code != c.code || got.stdout+got.stderr == "" {
				t.Errorf("gongdan %v: exit %d, want %d\n%s%s", c.args, got.code, c.code, got.stdout, got.stderr)
			}
		})
	}
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	got := process(t, nil, `{"id":"1","text":"订单 2024112233445566778 买家说收到的杯子碎了，要退货"}`+"\n{\n", "parse", "--jsonl")
	if got.code != 1 || !strings.Contains(got.stdout, `"goods_return"`) || !strings.Contains(got.stdout, `"error"`) {
		t.Errorf("exit %d:\n%s", got.code, got.stdout)
	}
	if got.stderr != "" {
		t.Errorf("standard error is not silent:\n%s", got.stderr)
	}
}
