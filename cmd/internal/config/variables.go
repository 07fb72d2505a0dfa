package config

import (
	"fmt"
	"io"
	"reflect"

	"github.com/kelseyhightower/envconfig"
)

// variables is the environment as text, before anything is checked. The tags are the one description of each
// variable: [Load] fills the fields by them, and envconfig lists them for the documentation. Envconfig itself stops
// at the first problem and reads only the process's own environment, so it does not fill them. A secret has a
// second variable with _FILE at the end.
type variables struct {
	SlackBotToken      string `envconfig:"SLACK_BOT_TOKEN" secret:"true" desc:"Bot token of the Slack app, begins with xoxb-. Required."`
	SlackAppToken      string `envconfig:"SLACK_APP_TOKEN" secret:"true" desc:"App-level token with connections:write, begins with xapp-. Turns on Socket Mode, which wins if SLACK_SIGNING_SECRET is set too."`
	SlackSigningSecret string `envconfig:"SLACK_SIGNING_SECRET" secret:"true" desc:"Signing secret of the Slack app, 32 hexadecimal digits. Turns on HTTP mode. One of this and SLACK_APP_TOKEN is required."`
	SlackAPIURL        string `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" desc:"Address of the Web API; for GovSlack https://slack-gov.com/api/."`
	RedisURL           string `envconfig:"REDIS_URL" secret:"true" desc:"redis://user:password@host:6379/0, rediss:// for TLS; two or more addresses, separated by commas, are a cluster. Required by serve unless --in-memory."`
	OpenAIAPIKey       string `envconfig:"OPENAI_API_KEY" secret:"true" desc:"Key of an OpenAI-compatible endpoint. Without it the local classifier decides alone."`
	OpenAIBaseURL      string `envconfig:"OPENAI_BASE_URL" desc:"Address of the endpoint, ending before /chat/completions; empty is OpenAI's own. An endpoint that needs no key is used when this and OPENAI_MODEL are set."`
	OpenAIModel        string `envconfig:"OPENAI_MODEL" desc:"Name of the model. Required when a key or an endpoint is set."`
	OpenAIDailyTokens  string `envconfig:"OPENAI_DAILY_TOKENS" default:"2000000" desc:"How many tokens the model may use for a workspace in a day of its zone, prompts and answers together; at 80 % whoever leads is told, at 100 % local decisions are taken. 0 = no limit. The team file may set another."`
	OpenAIPrices       string `envconfig:"OPENAI_PRICES" desc:"What a million tokens cost: prompt/cached prompt/answer, such as 0.14/0.028/0.28. Turns on the metric gongdan_model_cost_total, in the same currency."`
	Privacy            string `envconfig:"PRIVACY" default:"masked" desc:"masked replaces personal data before a call to a model; local forbids calls to any model outside this machine."`
	Understanding      string `envconfig:"UNDERSTANDING" default:"careful" desc:"careful makes a ticket where its type is nearly always right and asks about the rest; eager makes more and asks less. The team file may set another."`
	IntakeWait         string `envconfig:"INTAKE_WAIT" default:"0" desc:"How many Redis replicas must have a message before Slack is told that it was received, 0 to 5."`
	HTTPAddr           string `envconfig:"HTTP_ADDR" default:":8080" desc:"Where to listen for health, metrics and HTTP mode. The default is every interface, as a container needs; on a shared machine set 127.0.0.1:8080."`
	HeartbeatURL       string `envconfig:"HEARTBEAT_URL" secret:"true" desc:"Fetched once a minute while everything due is done, by each replica; let a service that notices silence call you. No redirects."`
	TeamFile           string `envconfig:"TEAM_FILE" desc:"Path of the team file, which holds your own rules; see team-file.md. Without it the built-in presets hold. A changed file holds within seconds."`
	Shards             string `envconfig:"SHARDS" default:"16" desc:"Number of parts of the state, 1 to 1024. Stored in Redis at first start and not changeable afterwards."`
	LogLevel           string `envconfig:"LOG_LEVEL" default:"info" desc:"debug, info, warn or error."`
	LogFormat          string `envconfig:"LOG_FORMAT" default:"text" desc:"text or json."`
}

// variable is one field of variables.
type variable struct {
	name, fallback string
	secret         bool
	value          *string
}

// each lists the variables in the order of the fields.
func (v *variables) each() []variable {
	val := reflect.ValueOf(v).Elem()
	list := make([]variable, val.NumField())
	for i := range list {
		tag := val.Type().Field(i).Tag
		list[i] = variable{
			name: tag.Get("envconfig"), fallback: tag.Get("default"), secret: tag.Get("secret") == "true",
			value: val.Field(i).Addr().Interface().(*string),
		}
	}
	return list
}

// Usage writes one row for each variable as a Markdown table. It fails only if w does.
func Usage(w io.Writer) error {
	const rows = "| variable | default | meaning |\n| --- | --- | --- |\n" +
		"{{range .}}| `{{usage_key .}}` | {{with usage_default .}}`{{.}}`{{end}} | {{usage_description .}} |\n{{end}}"
	if err := envconfig.Usagef("", &variables{}, w, rows); err != nil {
		return fmt.Errorf("list variables: %w", err)
	}
	return nil
}

// Secrets names the variables that may be given as a file instead, each as its name with _FILE at the end.
func Secrets() []string {
	var names []string
	for _, v := range new(variables).each() {
		if v.secret {
			names = append(names, v.name)
		}
	}
	return names
}

// fileOf names the variable that holds a path to the secret.
func fileOf(name string) string { return name + "_FILE" }
