package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongdan/intents/evals"
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
		{"no Redis to export from", nil, []string{"corrections", "export"}, []string{"REDIS_URL is not set", "the bot's Redis"}},
		{"no Redis to list from", nil, []string{"inbox"}, []string{"REDIS_URL is not set", "the bot's Redis"}},
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
			if c.args[0] != "serve" && strings.Contains(got.stderr, "--in-memory") {
				t.Errorf("advised to serve in memory:\n%s", got.stderr)
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
		{[]string{"no-such-command"}, 2}, {[]string{"serve", "--no-such-flag"}, 2}, {[]string{"manifest", "--url", "https://gongdan.example"}, 0},
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

// TestRefusedFlags checks that a value that cannot be used is refused with what can be.
func TestRefusedFlags(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"demo", "--lang", "fr"}, "--lang fr: there are two languages, zh-CN and en"},
		{[]string{"demo", "--tour", "--lang", "fr"}, "--lang fr: there are two languages, zh-CN and en"},
		{[]string{"demo", "--addr", taken.Addr().String()}, "is taken, perhaps by another demo"},
		{[]string{"team", "explain", "file.yaml", "another.yaml"}, "Try 'gongdan team explain --help'"},
		{[]string{"manifest", "--url", "http://gongdan.example"}, "https://"},
		{[]string{"manifest", "--url", "gongdan.example"}, "https://"},
		{[]string{"manifest", "--url", "https://gongdan.example/slack/events"}, "the host alone"},
		{[]string{"manifest", "--url", "https://:secret@gongdan.example"}, "the host alone"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, "", c.args...)
			if got.code != 2 || got.stdout != "" || !strings.Contains(got.stderr, c.says) {
				t.Errorf("exit %d, want 2 and %q\n%s%s", got.code, c.says, got.stdout, got.stderr)
			}
		})
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		args         []string
		holds, lacks []string
	}{
		{"Socket Mode", []string{"manifest"}, []string{"socket_mode_enabled: true"}, []string{"https://"}},
		{"HTTP mode", []string{"manifest", "--url", "https://gongdan.example/"}, []string{"request_url: https://gongdan.example/slack/events",
			"request_url: https://gongdan.example/slack/interactions", "url: https://gongdan.example/slack/commands"}, []string{"socket_mode_enabled: true"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, "", c.args...)
			if got.code != 0 || got.stderr != "" {
				t.Fatalf("exit %d\n%s", got.code, got.stderr)
			}
			for _, want := range c.holds {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("the manifest lacks %q:\n%s", want, got.stdout)
				}
			}
			for _, bad := range c.lacks {
				if strings.Contains(got.stdout, bad) {
					t.Errorf("the manifest holds %q:\n%s", bad, got.stdout)
				}
			}
		})
	}
}

// TestEvalPrints trains on a few rows and measures on others, for people and for programs.
func TestEvalPrints(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&rows, `{"text":"包裹 %d 还没到","label":"delay","split":"train"}`+"\n"+`{"text":"要退货 %d","label":"return","split":"train"}`+"\n", i, i)
	}
	rows.WriteString(`{"text":"包裹没到","label":"delay","split":"test"}` + "\n" + `{"text":"包裹还没到","label":"return","split":"test"}` + "\n")
	data, model := filepath.Join(t.TempDir(), "rows.jsonl"), filepath.Join(t.TempDir(), "rows.model")
	if err := os.WriteFile(data, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := process(t, nil, "", "train", data, "-o", model); got.code != 0 {
		t.Fatalf("train: exit %d\n%s", got.code, got.stderr)
	}
	got := process(t, nil, "", "eval", data, "--model", model)
	for _, want := range []string{`(?m)^rows +2$`, `(?m)^accuracy +50\.0 %$`, `(?m)^LABEL +ROWS +PRECISION +RECALL$`, `(?m)^delay +1 +50\.0 % +100\.0 %$`,
		`(?m)^LABEL +TAKEN FOR +TIMES$`, `(?m)^return +delay +1$`} {
		if got.code != 0 || !regexp.MustCompile(want).MatchString(got.stdout) {
			t.Errorf("eval: exit %d, want %s:\n%s%s", got.code, want, got.stdout, got.stderr)
		}
	}
	got = process(t, nil, "", "eval", data, "--model", model, "--json")
	var res evals.Result
	if err := json.Unmarshal([]byte(got.stdout), &res); err != nil || res.N != 2 || strings.Count(got.stdout, "\n") != 1 {
		t.Errorf("eval --json printed %q: %v", got.stdout, err)
	}
	picture := filepath.Join(t.TempDir(), "calibration.svg")
	got = process(t, nil, "", "eval", data, "--plot", picture)
	if b, err := os.ReadFile(picture); got.code != 0 || err != nil || !strings.Contains(string(b), "over 2 predictions") {
		t.Errorf("eval --plot by the program's own model: exit %d, %v\n%s", got.code, err, got.stderr)
	}
	if got = process(t, nil, "", "eval", data, "--plot", filepath.Join(picture, "none")); got.code != 2 {
		t.Errorf("eval --plot to nowhere: exit %d, want 2", got.code)
	}
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	got := process(t, nil, `{"id":"1","text":"订单 2024112233445566778 买家说收到的杯子碎了，要退货"}`+"\n{\n", "parse", "--jsonl")
	if got.code != 1 || !strings.Contains(got.stdout, `"goods_return"`) || !strings.Contains(got.stdout, `"error":"line 2: not a JSON object`) {
		t.Errorf("exit %d:\n%s", got.code, got.stdout)
	}
	if got.stderr != "" {
		t.Errorf("standard error is not silent:\n%s", got.stderr)
	}
}
