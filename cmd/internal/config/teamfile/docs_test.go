package teamfile_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the tables in docs/team-file.md")

const (
	page   = "../../../../docs/team-file.md"
	opened = "<!-- keys -->\n"
	closed = "<!-- end of keys -->\n"
)

// TestDocs compares the tables of docs/team-file.md with the schema.
func TestDocs(t *testing.T) {
	t.Parallel()
	want := tables(schema(t))
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), opened)
	got, tail, ok2 := strings.Cut(rest, closed)
	if !ok || !ok2 {
		t.Fatalf("%s has no place between %q and %q", page, opened, closed)
	}
	if *update {
		if err := os.WriteFile(page, []byte(head+opened+want+closed+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not true any more; run go test ./cmd/internal/config/teamfile -update (-want +got):\n%s", page, diff)
	}
}

// tables describes each block of keys.
func tables(s map[string]any) string {
	var b strings.Builder
	block(&b, "the file", s)
	defs := s["$defs"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(defs)) {
		block(&b, name, defs[name].(map[string]any))
	}
	return b.String()
}

func block(b *strings.Builder, name string, def map[string]any) {
	fmt.Fprintf(b, "\n**%s**\n\n| key | meaning |\n| --- | --- |\n", name)
	props := def["properties"].(map[string]any)
	required, _ := def["required"].([]any)
	for _, key := range slices.Sorted(maps.Keys(props)) {
		p := props[key].(map[string]any)
		text := p["description"].(string)
		if kind := refers(p); kind != "" {
			text += " See " + kind + "."
		}
		if slices.Contains(required, any(key)) {
			text += " Required."
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", key, strings.ReplaceAll(text, "|", `\|`))
	}
}

// refers names the block that a key holds, or a list or table of; "" if none.
func refers(v any) string {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			return strings.TrimPrefix(ref, "#/$defs/")
		}
		for _, key := range []string{"anyOf", "items", "additionalProperties"} {
			if found := refers(v[key]); found != "" {
				return found
			}
		}
	case []any:
		for _, one := range v {
			if found := refers(one); found != "" {
				return found
			}
		}
	}
	return ""
}
