package main

import (
	"encoding/json"
	"strings"
	"testing"

	"gongdan/bot/slackapi"
	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/doctor"
)

// verdict is what doctor --json prints.
type verdict struct {
	OK     bool             `json:"ok"`
	Checks []doctor.Finding `json:"checks"`
}

func TestDoctorExitCodes(t *testing.T) {
	sim := slacksim.New(slacksim.Options{})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	w := sim.AddWorkspace(slacksim.Workspace{Scopes: slackapi.Manifest(app.Identity(), app.Registrations()).OAuthConfig.Scopes.Bot})
	rdb := onRedis(t)
	t.Setenv("SLACK_API_URL", sim.URL()+"/api/")

	code, out, _ := gongdan(t, "doctor")
	if code != 2 || !strings.Contains(out, "fail  settings") || !strings.Contains(out, "SLACK_BOT_TOKEN") || !strings.Contains(out, "latency") {
		t.Errorf("doctor without tokens = %d, %s\nwant exit 2, the missing variables, and Redis examined all the same", code, out)
	}

	t.Setenv("SLACK_BOT_TOKEN", w.BotToken)
	t.Setenv("SLACK_APP_TOKEN", w.AppToken)
	if code, out, _ = gongdan(t, "doctor"); code != 0 || strings.Contains(out, "fail") {
		t.Errorf("doctor of a deployment that is well = %d, %s", code, out)
	}

	bury(t, rdb, "T1")
	code, out, _ = gongdan(t, "doctor", "--json")
	var got verdict
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("doctor --json printed %q: %v", out, err)
	}
	failed := ""
	for _, f := range got.Checks {
		if f.Level == doctor.Fail {
			failed += f.Check
		}
	}
	if code != 1 || got.OK || failed != "dead letters" {
		t.Errorf("doctor with a dead letter = %d, ok %v, failed %q", code, got.OK, failed)
	}
}
