package openaimodel

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func needsIntent(b []byte) error {
	var v struct{ Intent string }
	if json.Unmarshal(b, &v) != nil || v.Intent == "" {
		return errors.New("no intent")
	}
	return nil
}

func TestExtract(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", `{"intent":"a"}`, `{"intent":"a"}`},
		{"chatter", `好的，结果如下：{"intent":"a"} 完毕`, `{"intent":"a"}`},
		{"fence", "```json\n{\"intent\":\"a\"}\n```", `{"intent":"a"}`},
		{"thinking", `<think>{"intent":"no"}</think>{"intent":"a"}`, `{"intent":"a"}`},
		{"open thinking", `I think {"intent":"no"}</think>{"intent":"a"}`, `{"intent":"a"}`},
		{"first that fits", `{"x":1} {"intent":"a"} {"intent":"b"}`, `{"intent":"a"}`},
		{"inside a bad one", `{"x": bad {"intent":"a"}}`, `{"intent":"a"}`},
		{"braces in strings", `{"intent":"a}{","y":"\"}"}`, `{"intent":"a}{","y":"\"}"}`},
		{"doubled brace", `{{"intent":"a"}`, `{"intent":"a"}`},
		{"full width", `｛“intent”：“a”，“y”：“1，2：3”｝`, `{"intent":"a","y":"1，2：3"}`},
		{"full-width colon", `{"intent"："a：b"，"y":1}`, `{"intent":"a：b","y":1}`},
		{"truncated", `{"intent":"a","y":`, ``},
		{"sorry", `I cannot do that`, ``},
		{"string", `"intent"`, ``},
		{"nothing", ``, ``},
		{"wall", strings.Repeat("{", 100000), ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _ := extract([]string{"", tt.in}, needsIntent)
			if string(got) != tt.want {
				t.Errorf("extract = %q, want %q", got, tt.want)
			}
		})
	}
}

// What a server sends is looked through within bounds, however its objects are packed into each other.
func TestExtractEffort(t *testing.T) {
	t.Parallel()
	nested := func(depth, pad int) string {
		return strings.Repeat(`{"k":"`+strings.Repeat("x", pad)+`","a":`, depth) + "1" + strings.Repeat("}", depth)
	}
	many := make([]string, 40)
	for i := range many {
		many[i] = nested(64, 300)
	}
	for _, tt := range []struct {
		name  string
		texts []string
	}{
		{"large ones", []string{nested(64, 14000)}},
		{"small ones", []string{nested(64, 400)}},
		{"in many texts", many},
		{"in a row", []string{strings.Repeat(nested(3, 100), 3000)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checked := 0
			got, _ := extract(tt.texts, func(b []byte) error {
				checked += len(b)
				return errors.New("no")
			})
			if got != nil || checked > 4<<20 {
				t.Errorf("%d bytes checked, answer %.20s", checked, got)
			}
		})
	}
	if got, _ := extract([]string{nested(64, 14000), `{"intent":"a"}`}, needsIntent); string(got) != `{"intent":"a"}` {
		t.Errorf("extract = %.40q, want the answer behind what is too large", got)
	}
	if got, _ := extract([]string{"so " + strings.Repeat("{ ", 20) + strings.Repeat("x", 10000) + `{"intent":"a"}`}, needsIntent); string(got) != `{"intent":"a"}` {
		t.Errorf("extract = %.40q, want the answer behind braces", got)
	}
}

func FuzzExtract(f *testing.F) {
	for _, s := range []string{`{"intent":"a"}`, `<think>`, `{"a":"\`, `｛“intent”：“a”｝`, "```{}```"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if b, _ := extract([]string{s}, needsIntent); b != nil && (!json.Valid(b) || needsIntent(b) != nil) {
			t.Errorf("extract(%q) = %q, which does not pass", s, b)
		}
	})
}
