package config

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	botToken = "xoxb-1-secretbot"
	appToken = "xapp-1-secretapp"
	signing  = "0123456789abcdef0123456789abcdef"
	redisURL = "redis://app:secretpass@10.0.0.5:6380/2"
)

// env is a lookup over a map.
func env(m map[string]string) Lookup {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

// with is the smallest good environment with changes; an empty value unsets.
func with(changes map[string]string) Lookup {
	m := map[string]string{"SLACK_BOT_TOKEN": botToken, "SLACK_APP_TOKEN": appToken, "REDIS_URL": redisURL}
	for k, v := range changes {
		m[k] = v
	}
	return env(m)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	got, err := Load(with(nil))
	if err != nil {
		t.Fatal(err)
	}
	r := got.Redis
	got.Redis = nil
	want := Config{
		Slack:   Slack{BotToken: NewSecret(botToken), AppToken: NewSecret(appToken), APIURL: "https://slack.com/api/"},
		Model:   Model{DailyTokens: 2_000_000},
		Privacy: PrivacyMasked, Understanding: "careful", HTTPAddr: ":8080", Shards: 16,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	if len(r.Addrs) != 1 || r.Addrs[0] != "10.0.0.5:6380" || r.Username != "app" || r.Password != "secretpass" || r.DB != 2 || r.TLSConfig != nil {
		t.Errorf("Redis = %v user %q db %d tls %v", r.Addrs, r.Username, r.DB, r.TLSConfig != nil)
	}
	if !got.Slack.SocketMode() {
		t.Error("SocketMode() = false with an app token, want true")
	}
}

func TestLoadEverythingSet(t *testing.T) {
	t.Parallel()
	got, err := Load(with(map[string]string{
		"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": signing, "SLACK_API_URL": "http://127.0.0.1:9/api",
		"REDIS_URL": "rediss://:p@a:1, b:2,rediss://c:3", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://m.example/v1/",
		"OPENAI_MODEL": "m", "OPENAI_DAILY_TOKENS": "500", "OPENAI_PRICES": "0.14/0.028/ 0.28", "PRIVACY": "local", "UNDERSTANDING": "eager", "INTAKE_WAIT": "2", "HTTP_ADDR": "127.0.0.1:0", "TEAM_FILE": "/etc/team.yaml", "HEARTBEAT_URL": "https://beat.example/secretpass", "SHARDS": "4",
		"LOG_LEVEL": "WARN", "LOG_FORMAT": "json",
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := got.Redis
	got.Redis = nil
	want := Config{
		Slack:   Slack{BotToken: NewSecret(botToken), SigningSecret: NewSecret(signing), APIURL: "http://127.0.0.1:9/api/"},
		Model:   Model{APIKey: NewSecret("k"), BaseURL: "https://m.example/v1", Name: "m", DailyTokens: 500, Prices: Prices{Prompt: 0.14, Cached: 0.028, Completion: 0.28}},
		Privacy: PrivacyLocal, Understanding: "eager", IntakeWait: 2, HTTPAddr: "127.0.0.1:0", TeamFile: "/etc/team.yaml", Heartbeat: NewSecret("https://beat.example/secretpass"), Shards: 4, Log: Log{Level: slog.LevelWarn, JSON: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a:1", "b:2", "c:3"}, r.Addrs); diff != "" || r.TLSConfig == nil || r.TLSConfig.ServerName != "" {
		t.Errorf("Redis.Addrs (-want +got):\n%s\nTLSConfig = %v, want one without a server name", diff, r.TLSConfig)
	}
	if got.Slack.SocketMode() {
		t.Error("SocketMode() = true without an app token, want false")
	}
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		env     Lookup
		waivers []Waiver
		want    []string // "VARIABLE what"
	}{
		{"nothing set", env(nil), nil, []string{
			"SLACK_BOT_TOKEN is not set", "SLACK_APP_TOKEN is not set, nor is SLACK_SIGNING_SECRET", "REDIS_URL is not set"}},
		{"nothing needed", env(nil), []Waiver{WithoutSlack, WithoutRedis}, nil},
		{"in memory", with(map[string]string{"REDIS_URL": ""}), []Waiver{WithoutRedis}, nil},
		{"waived but wrong", env(map[string]string{"SLACK_BOT_TOKEN": "x", "REDIS_URL": "localhost"}), []Waiver{WithoutSlack, WithoutRedis}, []string{
			"SLACK_BOT_TOKEN does not begin with xoxb-", "REDIS_URL is not a Redis address"}},
		{"tokens swapped", with(map[string]string{"SLACK_BOT_TOKEN": appToken, "SLACK_APP_TOKEN": botToken}), nil, []string{
			"SLACK_BOT_TOKEN is an app-level token (xapp-…)", "SLACK_APP_TOKEN is a bot token (xoxb-…)"}},
		{"user token", with(map[string]string{"SLACK_BOT_TOKEN": "xoxp-1-2"}), nil, []string{"SLACK_BOT_TOKEN is a user token (xoxp-…)"}},
		{"only a prefix", with(map[string]string{"SLACK_BOT_TOKEN": "xoxb-"}), nil, []string{"SLACK_BOT_TOKEN does not begin with xoxb-"}},
		{"token as signing secret", with(map[string]string{"SLACK_SIGNING_SECRET": botToken}), nil, []string{"SLACK_SIGNING_SECRET is not a signing secret"}},
		{"wrong signing secret is one problem", with(map[string]string{"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "abc"}), nil, []string{
			"SLACK_SIGNING_SECRET is not a signing secret"}},
		{"blank is unset", with(map[string]string{"SLACK_BOT_TOKEN": " \n"}), nil, []string{"SLACK_BOT_TOKEN is not set"}},
		{"value and file", with(map[string]string{"SLACK_BOT_TOKEN_FILE": "/x"}), nil, []string{"SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set"}},
		{"no such file", with(map[string]string{"REDIS_URL": "", "REDIS_URL_FILE": "/nonexistent/x"}), nil, []string{
			"REDIS_URL cannot be read: open /nonexistent/x: no such file or directory"}},
		{"other scheme", with(map[string]string{"REDIS_URL": "http://h:1"}), nil, []string{"REDIS_URL is not a Redis address"}},
		{"unreadable address keeps its password", with(map[string]string{"REDIS_URL": "redis://:secretpass@h:\x01"}), nil, []string{"REDIS_URL is not a Redis address"}},
		{"mixed cluster", with(map[string]string{"REDIS_URL": "redis://a:1,rediss://b:2"}), nil, []string{"REDIS_URL holds an address unlike the first"}},
		{"cluster node without port", with(map[string]string{"REDIS_URL": "redis://a:1,b"}), nil, []string{"REDIS_URL holds a node that is not host:port"}},
		{"cluster with database", with(map[string]string{"REDIS_URL": "redis://a:1/3,b:2"}), nil, []string{"REDIS_URL names a database, which a cluster does not have"}},
		{"heartbeat without a scheme", with(map[string]string{"HEARTBEAT_URL": "beat.example/secretpass"}), nil, []string{"HEARTBEAT_URL is not an http or https address"}},
		{"key without model", with(map[string]string{"OPENAI_API_KEY": "k"}), nil, []string{"OPENAI_MODEL is not set although a key or an endpoint is"}},
		{"model without key", with(map[string]string{"OPENAI_MODEL": "m"}), nil, []string{"OPENAI_API_KEY is not set although OPENAI_MODEL is"}},
		{"key in the address", with(map[string]string{"OPENAI_BASE_URL": "https://m.example/v1?key=secretpass", "OPENAI_MODEL": "m"}), nil, []string{
			"OPENAI_BASE_URL has a query or a fragment"}},
		{"fragment in the address", with(map[string]string{"OPENAI_BASE_URL": "https://m.example/v1?api-version=1#secretpass", "OPENAI_MODEL": "m"}), nil, []string{
			"OPENAI_BASE_URL has a query or a fragment"}},
		{"version in the address", with(map[string]string{"OPENAI_BASE_URL": "https://m.example/openai?api-version=1", "OPENAI_MODEL": "m"}), nil, nil},
		{"everything wrong", with(map[string]string{
			"SLACK_API_URL": "slack.com", "OPENAI_BASE_URL": "ftp://x", "OPENAI_MODEL": "m", "PRIVACY": "public", "UNDERSTANDING": "bold", "INTAKE_WAIT": "-1",
			"HTTP_ADDR": "8080", "SHARDS": "0", "OPENAI_PRICES": "1/-2/3", "OPENAI_DAILY_TOKENS": "many", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml",
		}), nil, []string{
			"SLACK_API_URL is not an http or https address", `OPENAI_DAILY_TOKENS is "many"`, "OPENAI_PRICES is not three prices", "OPENAI_BASE_URL is not an http or https address",
			`PRIVACY is "public"`, `UNDERSTANDING is "bold"`, `INTAKE_WAIT is "-1"`, "HTTP_ADDR is not an address to listen on", `SHARDS is "0"`,
			`LOG_LEVEL is "loud"`, `LOG_FORMAT is "xml"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(tt.env, tt.waivers...)
			var problems Problems
			if err != nil && !errors.As(err, &problems) {
				t.Fatalf("Load error is %T, want Problems", err)
			}
			var got []string
			for _, p := range problems {
				got = append(got, p.Variable+" "+p.What)
				if !strings.HasSuffix(p.Fix, ".") {
					t.Errorf("%s: fix %q is not a sentence", p.Variable, p.Fix)
				}
				if strings.Contains(p.String(), "secretpass") {
					t.Errorf("problem shows a secret: %s", p)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Load problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsText(t *testing.T) {
	t.Parallel()
	_, err := Load(with(map[string]string{"SHARDS": "x"}))
	want := "1 problem in the configuration:\n  SHARDS is \"x\". Use a whole number from 1 to 1024."
	if err == nil || err.Error() != want {
		t.Errorf("Load error = %v, want %s", err, want)
	}
}

func TestUsesModel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key, base, privacy string
		want                     bool
	}{
		{"none", "", "", "masked", false},
		{"key", "k", "", "masked", true},
		{"endpoint without key", "", "http://10.0.0.1/v1", "masked", true},
		{"local with a key", "k", "", "local", false},
		{"local, elsewhere", "", "http://10.0.0.1/v1", "local", false},
		{"local, named like this machine", "", "http://localhost.example/v1", "local", false},
		{"local, here", "", "http://127.0.0.1:11434/v1", "local", true},
		{"local, here by name", "", "http://localhost:11434/v1", "local", true},
		{"local, here in IPv6", "", "http://[::1]:1/v1", "local", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := Config{Model: Model{APIKey: NewSecret(tt.key), BaseURL: tt.base, Name: "m"}, Privacy: Privacy(tt.privacy)}
			ok, why := c.UsesModel()
			if ok != tt.want || ok == (why != "") {
				t.Errorf("UsesModel() = %v, %q, want %v", ok, why, tt.want)
			}
		})
	}
}
