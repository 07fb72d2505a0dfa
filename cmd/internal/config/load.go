package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Lookup finds a variable as os.LookupEnv does. An empty variable counts as unset.
type Lookup func(name string) (value string, ok bool)

// Waiver says what a command can do without.
type Waiver int

// Waivers. Without any, [Load] demands what serving needs.
const (
	WithoutSlack Waiver = iota + 1 // the command does not talk to Slack
	WithoutRedis                   // the command keeps nothing, or keeps it in memory
)

// Load reads and checks the environment; a nil lookup reads the process's own. The error is [Problems] and names
// everything that is wrong, not only the first; the Config is then not to be used. What a waiver covers may be
// absent but, if present, must be right.
func Load(lookup Lookup, waivers ...Waiver) (Config, error) {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	r := reader{secrets: map[string]Secret{}, broken: map[string]bool{}}
	r.fill(lookup)
	for _, w := range waivers {
		r.noSlack = r.noSlack || w == WithoutSlack
		r.noRedis = r.noRedis || w == WithoutRedis
	}
	c := Config{
		Slack:         r.slack(),
		Redis:         r.redis(),
		Model:         r.model(),
		Privacy:       Privacy(r.word("PRIVACY", r.vars.Privacy, string(PrivacyMasked), string(PrivacyLocal))),
		Understanding: r.word("UNDERSTANDING", r.vars.Understanding, "careful", "eager"),
		IntakeWait:    r.number("INTAKE_WAIT", r.vars.IntakeWait, 0, 5),
		HTTPAddr:      r.listen(),
		Heartbeat:     r.heartbeat(),
		TeamFile:      r.vars.TeamFile,
		Shards:        r.number("SHARDS", r.vars.Shards, 1, 1024),
		Log:           r.log(),
	}
	if len(r.problems) > 0 {
		return Config{}, r.problems
	}
	return c, nil
}

// TeamFile is the path that TEAM_FILE names, for commands that need nothing else of the environment; "" = none. A nil lookup reads
// the process's own.
func TeamFile(lookup Lookup) string {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	path, _ := lookup("TEAM_FILE")
	return strings.TrimSpace(path)
}

// reader gathers the problems while it checks.
type reader struct {
	vars             variables
	secrets          map[string]Secret
	broken           map[string]bool // variables already complained about
	problems         Problems
	noSlack, noRedis bool
}

func (r *reader) complain(variable, what, fix string) {
	r.broken[variable] = true
	r.problems.add(variable, what, fix)
}

// fill takes over values, defaults and secret files.
func (r *reader) fill(lookup Lookup) {
	for _, v := range r.vars.each() {
		value, _ := lookup(v.name)
		value = strings.TrimSpace(value)
		if v.secret {
			path, _ := lookup(fileOf(v.name))
			value = r.secret(v.name, value, path)
		}
		if value == "" {
			value = v.fallback
		}
		*v.value = value
	}
}

// secret settles where a secret comes from and returns its value.
func (r *reader) secret(name, value, path string) string {
	switch {
	case value != "" && path != "":
		r.complain(name, "and "+fileOf(name)+" are both set", "Unset one of them.")
		return ""
	case path == "":
		r.secrets[name] = NewSecret(value)
		return value
	}
	s, err := fileSecret(path)
	if err != nil {
		r.complain(name, fmt.Sprintf("cannot be read: %v", err), "Point "+fileOf(name)+" to a readable file that holds the secret and nothing else.")
		return ""
	}
	r.secrets[name] = s
	return s.Reveal()
}

func (r *reader) slack() Slack {
	r.prefix("SLACK_BOT_TOKEN", r.vars.SlackBotToken, "xoxb-", "Copy the Bot User OAuth Token from your app's page “OAuth & Permissions” at https://api.slack.com/apps.")
	r.prefix("SLACK_APP_TOKEN", r.vars.SlackAppToken, "xapp-", "Create an app-level token with the scope connections:write on your app's page “Basic Information”.")
	r.signingSecret()
	if !r.noSlack {
		r.demand()
	}
	return Slack{
		BotToken: r.secrets["SLACK_BOT_TOKEN"], AppToken: r.secrets["SLACK_APP_TOKEN"],
		SigningSecret: r.secrets["SLACK_SIGNING_SECRET"], APIURL: r.apiURL(),
	}
}

// demand asks for a bot token and one of the two ways in.
func (r *reader) demand() {
	if r.vars.SlackBotToken == "" && !r.broken["SLACK_BOT_TOKEN"] {
		r.complain("SLACK_BOT_TOKEN", "is not set", "Install your Slack app in the workspace and copy its Bot User OAuth Token (xoxb-…).")
	}
	if r.vars.SlackAppToken+r.vars.SlackSigningSecret == "" && !r.broken["SLACK_APP_TOKEN"] && !r.broken["SLACK_SIGNING_SECRET"] {
		r.complain("SLACK_APP_TOKEN", "is not set, nor is SLACK_SIGNING_SECRET", "Set the app-level token (xapp-…) for Socket Mode, which needs no public address, or the signing secret for HTTP mode.")
	}
}

// kinds names Slack's secrets by their beginnings, to recognise one in the wrong place.
var kinds = []struct{ prefix, name string }{
	{"xoxb-", "a bot token"},
	{"xapp-", "an app-level token"},
	{"xoxp-", "a user token"},
	{"xoxe", "a rotating token"},
	{"xoxa-", "a legacy workspace token"},
	{"xoxc-", "a browser session token"},
}

func (r *reader) prefix(name, value, prefix, fix string) {
	if value == "" || strings.HasPrefix(value, prefix) && len(value) > len(prefix) {
		return
	}
	what := "does not begin with " + prefix
	for _, k := range kinds {
		if strings.HasPrefix(value, k.prefix) && k.prefix != prefix {
			what = "is " + k.name + " (" + k.prefix + "…)"
		}
	}
	r.complain(name, what, fix)
}

func (r *reader) signingSecret() {
	v := r.vars.SlackSigningSecret
	if v == "" || len(v) >= 16 && strings.Trim(v, "0123456789abcdefABCDEF") == "" {
		return
	}
	r.complain("SLACK_SIGNING_SECRET", "is not a signing secret", "Copy the Signing Secret (hexadecimal digits) from your app's page “Basic Information”; it is neither a token nor the client secret.")
}

// apiURL ends with a slash, because method names are appended to it.
func (r *reader) apiURL() string {
	r.address("SLACK_API_URL", r.vars.SlackAPIURL, "Unset it for Slack itself.")
	return strings.TrimSuffix(r.vars.SlackAPIURL, "/") + "/"
}

// address checks that a value is an http or https address.
func (r *reader) address(name, value, fix string) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		r.complain(name, "is not an http or https address", "Write it as https://host/path, without a user name. "+fix)
	}
}

// plain refuses what no endpoint would see, and everybody who reads the log would: a query other than Azure's version.
func (r *reader) plain(name, value string) {
	u, err := url.Parse(value)
	if err != nil {
		return
	}
	query := u.Query()
	query.Del("api-version")
	if len(query) > 0 || u.Fragment != "" {
		r.complain(name, "has a query or a fragment", "Leave only the path, and Azure's api-version; a key belongs into OPENAI_API_KEY.")
	}
}

func (r *reader) heartbeat() Secret {
	if v := r.vars.HeartbeatURL; v != "" {
		r.address("HEARTBEAT_URL", v, "Unset it if nobody waits for it.")
	}
	return r.secrets["HEARTBEAT_URL"]
}

func (r *reader) model() Model {
	m := Model{APIKey: r.secrets["OPENAI_API_KEY"], BaseURL: strings.TrimSuffix(r.vars.OpenAIBaseURL, "/"), Name: r.vars.OpenAIModel,
		DailyTokens: int64(r.number("OPENAI_DAILY_TOKENS", r.vars.OpenAIDailyTokens, 0, 1_000_000_000)), Prices: r.prices()}
	if m.BaseURL != "" {
		r.address("OPENAI_BASE_URL", m.BaseURL, "Unset it for OpenAI itself.")
		r.plain("OPENAI_BASE_URL", m.BaseURL)
	}
	switch asked := m.APIKey.IsSet() || m.BaseURL != ""; {
	case asked && m.Name == "":
		r.complain("OPENAI_MODEL", "is not set although a key or an endpoint is", "Name the model that the endpoint offers, or unset OPENAI_API_KEY and OPENAI_BASE_URL to work without one.")
	case !asked && m.Name != "" && !r.broken["OPENAI_API_KEY"]:
		r.complain("OPENAI_API_KEY", "is not set although OPENAI_MODEL is", "Set the key, or OPENAI_BASE_URL for an endpoint that needs none, or unset OPENAI_MODEL to work without a model.")
	}
	return m
}

// prices reads three numbers parted by slashes.
func (r *reader) prices() (p Prices) {
	if r.vars.OpenAIPrices == "" {
		return p
	}
	parts := strings.Split(r.vars.OpenAIPrices, "/")
	if len(parts) == 3 {
		for i, to := range []*float64{&p.Prompt, &p.Cached, &p.Completion} {
			v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			if err != nil || v < 0 || v > 1e6 || v != v {
				parts = nil
				break
			}
			*to = v
		}
	}
	if len(parts) != 3 {
		r.complain("OPENAI_PRICES", "is not three prices", "Write what a million tokens cost as prompt/cached prompt/answer, for example 0.14/0.028/0.28.")
		return Prices{}
	}
	return p
}

func (r *reader) listen() string {
	host, port, err := net.SplitHostPort(r.vars.HTTPAddr)
	n, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil || n > 65535 || strings.ContainsAny(host, "/ ") {
		r.complain("HTTP_ADDR", "is not an address to listen on", "Write host:port, for example 127.0.0.1:8080, or :8080 for every interface.")
	}
	return r.vars.HTTPAddr
}

func (r *reader) log() Log {
	level := r.word("LOG_LEVEL", strings.ToLower(r.vars.LogLevel), "debug", "info", "warn", "error")
	l := Log{JSON: r.word("LOG_FORMAT", r.vars.LogFormat, "text", "json") == "json"}
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "warn": slog.LevelWarn, "error": slog.LevelError}
	l.Level = levels[level] // info is zero
	return l
}

// word accepts one of a few words.
func (r *reader) word(name, value string, words ...string) string {
	for _, w := range words {
		if value == w {
			return w
		}
	}
	r.complain(name, fmt.Sprintf("is %q", value), "Use one of: "+strings.Join(words, ", ")+".")
	return ""
}

// number accepts a whole number of a range.
func (r *reader) number(name, value string, low, high int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < low || n > high {
		r.complain(name, fmt.Sprintf("is %q", value), fmt.Sprintf("Use a whole number from %d to %d.", low, high))
	}
	return n
}
