package slackapi

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
)

// sharedData finds the public test data beside the repository, or skips.
func sharedData(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("GONGDAN_SHARED_DATA"); dir != "" {
		return dir
	}
	dir, _ := filepath.Abs(".")
	for range 8 {
		if found := filepath.Join(dir, "..", "shared", "data"); isDir(found) {
			return found
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("skipped: ../shared/data is absent")
	return ""
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// sample is one payload of the test data.
type sample struct {
	name string
	raw  json.RawMessage
	by   Carrier
}

func samples(t testing.TB) []sample {
	t.Helper()
	root := filepath.Join(sharedData(t), "slack")
	var out []sample
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") || strings.Contains(path, string(filepath.Separator)+"api"+string(filepath.Separator)) {
			return err
		}
		raw, err := os.ReadFile(path)
		out = append(out, sample{name: strings.TrimPrefix(path, root), raw: raw, by: carrierOf(path)})
		return err
	})
	if err != nil || len(out) < 100 {
		t.Fatalf("found %d payloads: %v", len(out), err)
	}
	return out
}

func carrierOf(path string) Carrier {
	switch {
	case strings.Contains(path, "slash"):
		return CarrierCommands
	case strings.Contains(path, "event"), strings.Contains(path, "app_rate"), strings.Contains(path, "url_ver"):
		return CarrierEvents
	}
	return CarrierInteractive
}

func TestSamplesDecode(t *testing.T) {
	t.Parallel()
	d, read, malformed := NewDecoder(installed()), 0, 0
	for _, s := range samples(t) {
		raw := s.raw
		var f frame
		if strings.Contains(s.name, "socket_") && tolerant(raw, &f) == nil && f.Payload != nil {
			raw = f.Payload
		}
		for _, by := range []Carrier{s.by, CarrierEvents, CarrierInteractive, CarrierCommands, "something_new"} {
			env, err := Classify(raw, by)
			if err != nil {
				malformed++
				continue
			}
			read++
			if !strings.HasPrefix(env.Key, string(env.Workspace)+"/") || env.Kind == "" {
				t.Errorf("%s: key %q of kind %q does not begin with the workspace %q", s.name, env.Key, env.Kind, env.Workspace)
			}
			d.Decode(env)
		}
	}
	if read < 100 {
		t.Errorf("only %d readings were classified, %d were malformed", read, malformed)
	}
}

// TestSampleForms reads the public submissions: each says who sent which form.
func TestSampleForms(t *testing.T) {
	t.Parallel()
	d, read := NewDecoder(installed()), 0
	for _, s := range samples(t) {
		env, err := Classify(s.raw, CarrierInteractive)
		if err != nil || env.Kind != bot.KindForm {
			continue
		}
		if f := d.Decode(env).Form; f != nil {
			read++
			if f.User == "" || f.Kind == "" {
				t.Errorf("%s: submission %+v", s.name, f)
			}
		}
	}
	if read == 0 {
		t.Error("no submission among the samples was read")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(callback(`{"type":"message","channel":"C1","user":"U1","text":"<@U2|x> &lt;","ts":"1.2","blocks":[{"type":"rich_text","elements":[{"elements":[]}]}]}`)))
	f.Add([]byte(`{"type":"block_actions","team":{"id":"T1"},"actions":[{"action_id":"a#2","block_id":"v:x"}]}`))
	f.Add([]byte(`{"team_id":"T1","command":"/ticket","text":"<"}`))
	f.Add([]byte(`{"type":"view_submission","team":{"id":"T1"},"view":{"private_metadata":"{\"kind\":\"new\"}","state":{"values":{"a":{"a":{"selected_date_time":99999999999}}}}}}`))
	f.Add([]byte(`{"type":1,"team":[],"event":{"type":"message","message":null,"subtype":"message_changed"}}`))
	d := NewDecoder(installed())
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, by := range []Carrier{CarrierEvents, CarrierInteractive, CarrierCommands} {
			env, err := Classify(raw, by)
			if err != nil {
				continue
			}
			env.Received = time.Unix(1, 0)
			in := d.Decode(env)
			if set := count(in); set > 1 {
				t.Errorf("%d inputs of one payload", set)
			}
		}
	})
}

func count(in bot.Input) int {
	n := 0
	for _, set := range []bool{in.Message != nil, in.Edit != nil, in.Delete != nil, in.Reaction != nil, in.Click != nil, in.Command != nil, in.Joined != nil, in.Form != nil, in.Opened != nil} {
		if set {
			n++
		}
	}
	return n
}
