package teamfile_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"gongdan/cmd/internal/config/teamfile"
)

// schema is the published schema as an editor sees it.
func schema(t *testing.T) map[string]any {
	t.Helper()
	text, err := teamfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemaAgrees holds the schema and the reader to one opinion on the form of files.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       bool
	}{
		{"nothing", "{}", true},
		{"own", own, true},
		{"numbers as names", "shops: [{name: 618}]", true},
		{"empty values", "people:\nzone: ~\npolicies: [{name: a, preset: internal, match:, clocks:}]", true},
		{"unknown key", "zoen: UTC", false},
		{"unknown key deep down", "policies: [{name: a, preset: internal, clocks: {platform: {duratoin: 1h}}}]", false},
		{"missing key", "calendars: {a: {zone: UTC}}", false},
		{"bad word", "policies: [{name: a, preset: extern}]", false},
		{"bad word in a list", "policies: [{name: a, preset: internal, match: {origin: [internal, extern]}}]", false},
		{"bad word alone", "policies: [{name: a, preset: internal, match: {origin: extern}}]", false},
		{"bad duration", "times: {quiet: 5 minutes}", false},
		{"duration without unit", "times: {quiet: 5}", false},
		{"bad date as a key", "calendars: {a: {hours: {daily: 09:00-21:00}, special: {tomorrow: []}}}", false},
		{"a date without hours", "calendars: {a: {hours: {daily: 09:00-21:00}, special: {2026-11-23: ~}}}", false},
		{"bad window", "calendars: {a: {hours: {daily: [09:00]}}}", false},
		{"a list where a block belongs", "calendars: []", false},
		{"a block where a list belongs", "people: {id: U0A}", false},
		{"a text where a truth belongs", "policies: [{name: a, preset: internal, counts: sometimes}]", false},
		{"too many times", "policies: [{name: a, preset: internal, clocks: {platform: {marks: {after: {every: 1h, times: 51}}}}}]", false},
		{"too long a text", "escalation: " + strings.Repeat("U", 201), false},
		{"no text at all", "shops: [{name: ''}]", false},
	}
	for _, lang := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile("../../../../docs/examples/team." + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, struct {
			name, text string
			want       bool
		}{lang, string(text), true})
	}
	v := validator{t: t, root: schema(t)}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var value any
			if err := yaml.Unmarshal([]byte(tt.text), &value); err != nil {
				t.Fatal(err)
			}
			_, err := teamfile.Parse([]byte(tt.text))
			if wrong := v.check(v.root, value, ""); (wrong == "") != tt.want || (err == nil) != tt.want {
				t.Errorf("schema says %q, reader says %v, want both to accept = %v", wrong, err, tt.want)
			}
		})
	}
}

// TestSchemaDescribes finds keys without a sentence.
func TestSchemaDescribes(t *testing.T) {
	t.Parallel()
	n := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		m, _ := v.(map[string]any)
		if props, ok := m["properties"].(map[string]any); ok {
			for key, p := range props {
				n++
				if desc, _ := p.(map[string]any)["description"].(string); len(desc) < 10 {
					t.Errorf("%s.%s: description %q", path, key, desc)
				}
			}
		}
		for key, sub := range m {
			walk(path+"."+key, sub)
		}
	}
	walk("", map[string]any(schema(t)))
	if n < 60 {
		t.Errorf("only %d keys found", n)
	}
}

// validator knows as much of JSON Schema as the schema uses.
type validator struct {
	t    *testing.T
	root map[string]any
}

// check says what is wrong with a value, "" if nothing.
func (v validator) check(s map[string]any, value any, path string) string {
	for keyword, arg := range s {
		if wrong := v.keyword(s, keyword, arg, value, path); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (v validator) keyword(s map[string]any, keyword string, arg, value any, path string) string {
	fail := func(ok bool) string {
		if ok {
			return ""
		}
		return fmt.Sprintf("%s: %s %v refuses %v", path, keyword, arg, value)
	}
	text, isText := value.(string)
	number, isNumber := asNumber(value)
	object, isObject := value.(map[string]any)
	switch keyword {
	case "$schema", "$id", "title", "description", "$defs":
		return ""
	case "$ref":
		defs := v.root["$defs"].(map[string]any)
		return v.check(defs[strings.TrimPrefix(arg.(string), "#/$defs/")].(map[string]any), value, path)
	case "anyOf":
		return fail(slices.ContainsFunc(arg.([]any), func(one any) bool { return v.check(one.(map[string]any), value, path) == "" }))
	case "enum":
		return fail(slices.Contains(arg.([]any), value))
	case "type":
		return fail(hasType(arg, value))
	case "pattern":
		return fail(!isText || regexp.MustCompile(arg.(string)).MatchString(text))
	case "minLength":
		return fail(!isText || utf8.RuneCountInString(text) >= int(arg.(float64)))
	case "maxLength":
		return fail(!isText || utf8.RuneCountInString(text) <= int(arg.(float64)))
	case "minimum":
		return fail(!isNumber || number >= arg.(float64))
	case "maximum":
		return fail(!isNumber || number <= arg.(float64))
	case "required":
		return fail(!isObject || !slices.ContainsFunc(arg.([]any), func(k any) bool { _, ok := object[k.(string)]; return !ok }))
	case "items":
		list, _ := value.([]any)
		for i, item := range list {
			if wrong := v.check(arg.(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); wrong != "" {
				return wrong
			}
		}
		return ""
	case "propertyNames":
		for key := range object {
			if wrong := v.check(arg.(map[string]any), key, path+"."+key); wrong != "" {
				return wrong
			}
		}
		return ""
	case "properties", "additionalProperties":
		return v.members(s, object, path)
	}
	v.t.Fatalf("the schema uses %q, which the test does not know", keyword)
	return ""
}

func (v validator) members(s map[string]any, object map[string]any, path string) string {
	props, _ := s["properties"].(map[string]any)
	for key, value := range object {
		sub, ok := props[key].(map[string]any)
		if !ok {
			if sub, ok = s["additionalProperties"].(map[string]any); !ok {
				return path + ": no key " + key
			}
		}
		if wrong := v.check(sub, value, path+"."+key); wrong != "" {
			return wrong
		}
	}
	return ""
}

func hasType(want, value any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return hasType(one, value) })
	}
	_, isNumber := asNumber(value)
	switch value.(type) {
	case nil:
		return want == "null"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case []any:
		return want == "array"
	case map[string]any:
		return want == "object"
	}
	return isNumber && (want == "number" || want == "integer")
}

func asNumber(value any) (float64, bool) {
	switch n := value.(type) {
	case uint64:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
