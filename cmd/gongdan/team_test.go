package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const examples = "../../docs/examples/"

func TestTeamCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, stdin string
		args        []string
		code        int
		stdout      []string
		stderr      string
	}{
		{"example in Chinese", "", []string{examples + "team.zh-CN.yaml"}, 0, []string{"is right: policies of your own 3, presets after them "}, ""},
		{"example in English", "", []string{examples + "team.en.yaml"}, 0, []string{"is right: policies of your own 3, presets after them "}, ""},
		{"nothing", "", []string{"-"}, 0, []string{"- is right: policies of your own 0"}, ""},
		{"wrong", "zoen: x\npolicies: 3\n", []string{"-"}, 1, []string{`error: -:1:1: unknown key "zoen"; did you mean "zone"?`, "error: -:2:11: policies: is a single value"}, "is not right"},
		{"warned", "calendars: {a: {hours: {daily: 09:00-21:00}, overlays: [{name: 618, from: 2020-06-01, to: 2020-06-18, hours: {daily: 08:00-24:00}}]}}", []string{"-"}, 0,
			[]string{"warning: -:1:57: calendars.a.overlays[0]: 618 expired on 2020-06-18", "is right"}, ""},
		{"no such file", "", []string{"/nonexistent/team.yaml"}, 2, nil, "/nonexistent/team.yaml"},
		{"no file named", "", nil, 2, nil, "<file>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, tt.stdin, append([]string{"team", "check"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.stderr, tt.stderr) {
				t.Errorf("exit code %d, stderr %q, want %d and %q in it", got.code, got.stderr, tt.code, tt.stderr)
			}
			for _, want := range tt.stdout {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("stdout %q lacks %q", got.stdout, want)
				}
			}
		})
	}
}

func TestTeamCheckJSON(t *testing.T) {
	t.Parallel()
	got := process(t, nil, "times: {quite: 5m}", "team", "check", "-", "--json")
	var out struct {
		OK       bool      `json:"ok"`
		Findings []finding `json:"findings"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &out); err != nil || got.code != 1 || out.OK || len(out.Findings) != 1 {
		t.Fatalf("exit code %d, stdout %q, error %v, want 1 and one finding", got.code, got.stdout, err)
	}
	f := out.Findings[0]
	f.Want = ""
	if diff := cmp.Diff(finding{Level: "error", Line: 1, Column: 9, Path: "times", What: `unknown key "quite"`, Mean: "quiet"}, f); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
}

// TestTeamSchema keeps the schema beside the examples, where their first line says it is.
func TestTeamSchema(t *testing.T) {
	t.Parallel()
	got := process(t, nil, "", "team", "schema")
	want, err := os.ReadFile(examples + "team.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" || got.code != 0 {
		t.Errorf("exit code %d; docs/examples/team.schema.json is not true any more, run: go run ./cmd/gongdan team schema > docs/examples/team.schema.json (-want +got):\n%s", got.code, diff)
	}
}

func TestTeamExplain(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(file, []byte("zoen: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	urgent := []string{"--origin", "platform", "--platform", "douyin", "--type", "unsafe_product", "--severity", "urgent", "--at", "2026-11-23T20:00"}
	for _, tt := range []struct {
		name string
		env  []string
		args []string
		code int
		want []string // in stdout, or in stderr unless the code is 0
	}{
		{"the example of DOMAIN", nil, append(urgent, "--lang", "en"), 0, []string{"Policy: doudian_urgent", "Platform deadline  2026-11-24 Tue 10:00", "moved before the end of the shift"}},
		{"in Chinese", nil, append(urgent, "--lang", "zh-CN"), 0, []string{"生效的规则：doudian_urgent", "平台截止  2026-11-24 周二 10:00", "下班前提前"}},
		{"the terminal's language", []string{"LANG=zh_CN.UTF-8"}, urgent, 0, []string{"生效的规则"}},
		{"by a file", nil, []string{"--file", examples + "team.en.yaml", "--origin", "platform", "--platform", "doudian", "--shop", "Nova", "--type", "refund", "--at", "2026-11-23 20:00", "--lang", "en"}, 0,
			[]string{"Policy: electronics requests (made from the preset doudian_request", "2026-11-24 Tue 12:00"}},
		{"by a file as team check takes it", []string{"TEAM_FILE=/nonexistent"}, []string{examples + "team.en.yaml", "--tag", "VIP", "--at", "2026-11-23T10:00:00+08:00", "--lang", "en"}, 0, []string{"Policy: important customers"}},
		{"by two files", nil, []string{examples + "team.en.yaml", "--file", "b.yaml"}, 2, []string{"two files are named"}},
		{"by the environment's file", []string{"TEAM_FILE=" + examples + "team.en.yaml"}, []string{"--tag", "VIP", "--at", "2026-11-23T10:00:00+08:00", "--lang", "en"}, 0, []string{"Policy: important customers"}},
		{"a file that is wrong", nil, []string{"--file", file}, 1, []string{"1:1: unknown key \"zoen\""}},
		{"a file that is not there", nil, []string{"--file", "/nonexistent"}, 2, []string{"/nonexistent"}},
		{"a type that is not known", nil, []string{"--type", "refnd"}, 2, []string{`did you mean "refund"?`}},
		{"a shop that is not known", nil, []string{"--file", examples + "team.en.yaml", "--shop", "Novo"}, 2, []string{`did you mean "Nova"?`}},
		{"a time that is none", nil, []string{"--at", "tomorrow"}, 2, []string{"2026-11-23T20:00"}},
		{"a time too far", nil, []string{"--at", "2300-01-01T00:00"}, 2, []string{"outside 1970 to 2200"}},
		{"an origin that is none", nil, []string{"--origin", "mars"}, 2, []string{"platform"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, tt.env, "", append([]string{"team", "explain"}, tt.args...)...)
			text := got.stdout
			if tt.code != 0 {
				text = got.stderr
			}
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d: %s", got.code, tt.code, got.stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in:\n%s", want, text)
				}
			}
		})
	}
}

func TestTeamExplainJSONL(t *testing.T) {
	t.Parallel()
	got := process(t, nil, "", "team", "explain", "--jsonl", "--origin", "platform", "--platform", "tmall", "--at", "2026-11-23T20:00:00+08:00")
	var a struct {
		Policy    string `json:"policy"`
		Deadlines []struct {
			Kind  string `json:"kind"`
			Due   string `json:"due"`
			Marks []struct {
				At  string `json:"at"`
				Why string `json:"why"`
			} `json:"marks"`
		} `json:"deadlines"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &a); err != nil || strings.Count(got.stdout, "\n") != 1 || got.code != 0 {
		t.Fatalf("exit code %d, stdout %q, error %v, want one object on one line", got.code, got.stdout, err)
	}
	if a.Policy != "tmall_coop" || len(a.Deadlines) == 0 || a.Deadlines[0].Kind != "platform" || a.Deadlines[0].Due != "2026-11-24T20:00:00+08:00" || len(a.Deadlines[0].Marks) == 0 {
		t.Errorf("answer = %+v, want tmall_coop with a platform deadline at 20:00 the next day", a)
	}
}
