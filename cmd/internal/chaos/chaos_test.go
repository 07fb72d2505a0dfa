package chaos_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdan/cmd/internal/chaos"
)

// TestNothingIsLostUnderKills is the short form of the run: a few kills on each Redis there is.
func TestNothingIsLostUnderKills(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("skipped: takes half a minute")
	}
	binary := build(t)
	for _, b := range []chaos.Backend{chaos.InMemory, chaos.RealRedis} {
		t.Run(string(b), func(t *testing.T) {
			t.Parallel()
			o := chaos.Options{Seed: 7, Kills: 4, Rate: 8, Redis: b, Binary: binary}
			if b == chaos.RealRedis {
				if _, err := exec.LookPath("redis-server"); err != nil {
					t.Skip("skipped: no redis-server")
				}
				o.RedisKills = 1
			}
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			defer cancel()
			r, err := chaos.Run(ctx, o)
			if err != nil {
				t.Fatalf("Run() = %v", err)
			}
			var table strings.Builder
			if err := r.Table(&table); err != nil {
				t.Fatal(err)
			}
			if t.Log(table.String()); !r.OK() || r.Kills != o.Kills {
				t.Errorf("Run() is not ok after %d of %d kills", r.Kills, o.Kills)
			}
		})
	}
}

// build makes the program whose processes are killed.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gongdan")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "gongdan/cmd/gongdan").CombinedOutput()
	if err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return path
}
