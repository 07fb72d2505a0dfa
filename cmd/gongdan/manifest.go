package main

import (
	"fmt"
	"net/url"
	"strings"

	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/app"
)

type manifestCmd struct {
	URL string `help:"For HTTP mode: where Slack reaches the bot, https://HOST. Without it the app uses Socket Mode." placeholder:"URL"`
}

// Help is the longer text of --help.
func (manifestCmd) Help() string {
	return `Create the app at https://api.slack.com/apps ("From a manifest") with what this prints. Example:

  gongdan manifest > manifest.yaml
  gongdan manifest --url https://gongdan.example > manifest.yaml`
}

func (c *manifestCmd) Run(r *run) error {
	identity := app.Identity()
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return &exitError{2, fmt.Errorf("--url %s: give https:// and the host alone, such as https://gongdan.example; Slack delivers to its /slack/…", c.URL)}
		}
		identity.URL = "https://" + u.Host
	}
	body, err := slackapi.ManifestYAML(slackapi.Manifest(identity, app.Registrations()))
	if err != nil {
		return err
	}
	_, err = r.stdout.Write(body)
	return err
}
