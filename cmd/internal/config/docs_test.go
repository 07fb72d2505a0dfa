package config

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the table in docs/configuration.md")

const (
	page   = "../../../docs/configuration.md"
	opened = "<!-- table -->\n"
	closed = "<!-- end of table -->\n"
)

// TestDocs compares the table of docs/configuration.md with the variables.
func TestDocs(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	if err := Usage(&table); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), opened)
	got, tail, ok2 := strings.Cut(rest, closed)
	if !ok || !ok2 {
		t.Fatalf("%s has no table between %q and %q", page, opened, closed)
	}
	if *update {
		if err := os.WriteFile(page, []byte(head+opened+table.String()+closed+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), got); diff != "" {
		t.Errorf("%s is not true any more; run go test ./cmd/internal/config -update (-want +got):\n%s", page, diff)
	}
}

// TestSecretsListed keeps the sentence about _FILE complete.
func TestSecretsListed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Secrets() {
		if !strings.Contains(string(text), "`"+name+"_FILE`") {
			t.Errorf("%s does not mention %s_FILE", page, name)
		}
	}
}
