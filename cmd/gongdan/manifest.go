package main

import (
	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/app"
)

type manifestCmd struct{}

// Help is the longer text of --help.
func (manifestCmd) Help() string {
	return `Create the app at https://api.slack.com/apps ("From a manifest") with what this prints. Example:

  gongdan manifest > manifest.yaml`
}

func (manifestCmd) Run(r *run) error {
	body, err := slackapi.ManifestYAML(slackapi.Manifest(app.Identity(), app.Registrations()))
	if err != nil {
		return err
	}
	_, err = r.stdout.Write(body)
	return err
}
