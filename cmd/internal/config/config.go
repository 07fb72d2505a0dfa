package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Config is what the environment says, checked.
type Config struct {
	Slack Slack
	// Redis is how to connect; nil without REDIS_URL. Callers may add to their own copy.
	Redis *redis.UniversalOptions
	Model Model
	// Privacy says where messages may go.
	Privacy Privacy
	// Understanding says how ready the classifier is to act by itself, "careful" or "eager"; "" is careful.
	Understanding string
	// IntakeWait is how many replicas must have an envelope before it is acknowledged; 0 = none.
	IntakeWait int
	// HTTPAddr is where health, metrics and HTTP mode listen, host:port.
	HTTPAddr string
	// Heartbeat is the address that is fetched while everything due is done; unset = none. It may hold a token.
	Heartbeat Secret
	// TeamFile is the path of the team file; "" = none, the built-in presets.
	TeamFile string
	// Shards is how many parts a new installation gets.
	Shards int
	Log    Log
}

// Slack is how to reach the workspace.
type Slack struct {
	BotToken, AppToken, SigningSecret Secret
	APIURL                            string // ends with a slash
}

// SocketMode tells whether events come over a socket that the bot opens; otherwise Slack calls HTTPAddr.
func (s Slack) SocketMode() bool { return s.AppToken.IsSet() }

// Model is the language model that may be asked where the local classifier is unsure.
type Model struct {
	APIKey  Secret
	BaseURL string // "" = OpenAI's own
	Name    string
	// DailyTokens is what a workspace may use in a day of its zone; 0 = no limit.
	DailyTokens int64
	Prices      Prices
}

// Prices are what a million tokens cost, in whatever currency. The zero value means that nobody said.
type Prices struct{ Prompt, Cached, Completion float64 }

// Cost is the price of so many tokens; cached ones are part of the prompt's.
func (p Prices) Cost(prompt, cached, completion int) float64 {
	return (float64(prompt-cached)*p.Prompt + float64(cached)*p.Cached + float64(completion)*p.Completion) / 1e6
}

// Privacy says where the text of messages may go.
type Privacy string

// Kinds of privacy.
const (
	PrivacyMasked Privacy = "masked" // to a model, personal data replaced
	PrivacyLocal  Privacy = "local"  // nowhere outside this machine
)

// Log is what is logged and how.
type Log struct {
	Level slog.Level
	JSON  bool
}

// UsesModel tells whether a model may be asked, and if not, why, in words for the operator.
func (c Config) UsesModel() (ok bool, why string) {
	switch {
	case !c.Model.APIKey.IsSet() && c.Model.BaseURL == "":
		return false, "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set"
	case c.Privacy == PrivacyLocal && !onThisMachine(c.Model.BaseURL):
		return false, "PRIVACY is local and the endpoint is not on this machine"
	}
	return true, ""
}

func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// String is one line with every secret hidden.
func (c Config) String() string {
	var b strings.Builder
	for _, a := range c.attrs() {
		fmt.Fprintf(&b, "%s=%s ", a.Key, a.Value)
	}
	return strings.TrimSpace(b.String())
}

// Format hides the secrets from every verb of fmt.
func (c Config) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, c.String()) }

// LogValue is the group of settings with every secret hidden.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.attrs()...) }

func (c Config) attrs() []slog.Attr {
	var redisAt string
	if c.Redis != nil {
		redisAt = strings.Join(c.Redis.Addrs, ",")
	}
	return []slog.Attr{
		slog.String("slack_bot_token", c.Slack.BotToken.String()),
		slog.String("slack_app_token", c.Slack.AppToken.String()),
		slog.String("slack_signing_secret", c.Slack.SigningSecret.String()),
		slog.String("slack_api_url", c.Slack.APIURL),
		slog.String("redis", redisAt),
		slog.String("openai_api_key", c.Model.APIKey.String()),
		slog.String("openai_base_url", c.Model.BaseURL),
		slog.String("openai_model", c.Model.Name),
		slog.Int64("openai_daily_tokens", c.Model.DailyTokens),
		slog.String("privacy", string(c.Privacy)),
		slog.String("understanding", c.Understanding),
		slog.Int("intake_wait", c.IntakeWait),
		slog.String("http_addr", c.HTTPAddr),
		slog.String("heartbeat_url", c.Heartbeat.String()),
		slog.String("team_file", c.TeamFile),
		slog.Int("shards", c.Shards),
		slog.String("log_level", c.Log.Level.String()),
		slog.Bool("log_json", c.Log.JSON),
	}
}
