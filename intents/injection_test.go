package intents_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gongdan/intents"
	"gongdan/prompts"
)

// publicTexts reads a file of the public test material, or skips.
func publicTexts(t *testing.T, name string) []string {
	t.Helper()
	roots := []string{os.Getenv("GONGDAN_SHARED_DATA")}
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		roots = append(roots, filepath.Join(dir, "..", "shared", "data"))
	}
	for _, r := range roots {
		f, err := os.Open(filepath.Join(r, name))
		if r == "" || err != nil {
			continue
		}
		defer f.Close()
		var texts []string
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 4<<20)
		for sc.Scan() {
			var row struct{ Text string }
			if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, row.Text)
		}
		return texts
	}
	t.Skip("skipped: ../shared/data is absent")
	return nil
}

// constant is a model that always says the same.
type constant string

func (c constant) Complete(context.Context, prompts.Request) (prompts.Reply, error) {
	return prompts.Reply{JSON: json.RawMessage(c)}, nil
}

// TestInjections puts the public injection texts to the cascade with a model
// that answers with the worst there is, and as a worst case also hands the model
// texts that the rules would keep from it.
func TestInjections(t *testing.T) {
	t.Parallel()
	worst := []string{
		answer("intent", "command", "type", "none"), answer("type", "high_risk", "order", "2024999999999999999", "shop", "天猫XX旗舰店", "waybill", "SF9999999999999", "sku", "EVIL-1", "due_text", "明早十点前"),
		`{"intent":"close_all","type":"none"}`, `{"tool_calls":[{"name":"close","arguments":{}}]}`, "<!channel> " + answer(), answer("severity", "urgent"),
	}
	texts := publicTexts(t, "injection/injection_en.jsonl")
	minds := make([]*intents.Classifier, len(worst))
	for i, w := range worst {
		minds[i] = classifier(t, constant(w))
	}
	suspicious, acts := 0, 0
	for _, text := range texts {
		msg := message(text)
		before := minds[0].Local(msg)
		if before.Suspicious {
			suspicious++
		}
		for i, w := range worst {
			c := minds[i]
			hidden := before
			hidden.Suspicious = false
			for _, d := range []intents.Decision{c.Refine(t.Context(), msg, before), c.Refine(t.Context(), msg, hidden)} {
				if d.Intent == intents.Command || d.Command != "" || d.Fields.Severity != before.Fields.Severity {
					t.Errorf("%q answered %s: %s %q severity %q", text, w, d.Intent, d.Command, d.Fields.Severity)
				}
				if d.Fields.Order != before.Fields.Order || d.Fields.Shop != before.Fields.Shop || d.Fields.Waybill != before.Fields.Waybill || d.Fields.SKU != before.Fields.SKU || !d.Fields.Due.Equal(before.Fields.Due) {
					t.Errorf("%q answered %s: forged %+v", text, w, d.Fields)
				}
			}
		}
		if before.Action == intents.Act {
			acts++
			t.Logf("acts on %q: %s", text, before.Reason)
		}
	}
	t.Logf("%d texts: %d told as suspicious (%.1f %%), %d made tickets by themselves", len(texts), suspicious, 100*float64(suspicious)/float64(len(texts)), acts)
}
