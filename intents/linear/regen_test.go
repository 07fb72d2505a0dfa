//go:build !race

// The whole training takes a minute under the race detector; the rest of the package trains under it on toy rows.

package linear_test

import (
	"bytes"
	"os"
	"runtime"
	"testing"

	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

// TestEmbeddedModelIsUpToDate trains the embedded model anew. Other architectures round logarithms differently in the
// last place, so the bytes are compared on one.
func TestEmbeddedModelIsUpToDate(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skipf("skipped: the committed bytes were made on amd64, this is %s", runtime.GOARCH)
	}
	rows, err := evals.ReadDir("../evals/testdata")
	if err != nil {
		t.Fatal(err)
	}
	m, err := linear.Train(rows, linear.EmbeddedOptions())
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := m.WriteTo(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("model.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("model.bin (%d bytes) is not what its rows give (%d bytes): run go generate ./intents/linear", len(want), got.Len())
	}
	if len(want) >= 1_000_000 {
		t.Errorf("model.bin has %d bytes, want less than 1,000,000", len(want))
	}
}
