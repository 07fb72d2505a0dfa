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
