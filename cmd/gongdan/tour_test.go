package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"gongdan/cmd/internal/tour"
)

var logLine = regexp.MustCompile(`(?m)level=|"level":|^time=|^redis: |^\d{4}/\d\d/\d\d `)

func TestTour(t *testing.T) {
	t.Parallel()
	for lang, counts := range map[string]string{"zh-CN": "提早 0 · 重复 0", "en": "early 0 · doubled 0"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			got := process(t, nil, "", "demo", "--tour", "--lang", lang, "--patience", patient.String())
			t.Logf("told in %s", time.Since(began).Round(10*time.Millisecond))
			if got.code != 0 || got.stderr != "" {
				t.Fatalf("exit %d\n%s\n%s", got.code, got.stdout, got.stderr)
			}
			if logLine.MatchString(got.stdout) {
				t.Errorf("the story holds log lines:\n%s", got.stdout)
			}
			lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
			if tail := strings.Join(lines[max(0, len(lines)-3):], "\n"); !strings.Contains(tail, counts) || !strings.Contains(tail, "gongdan serve") {
				t.Errorf("the story ends with\n%s\nwant the counts with %q and the next command", tail, counts)
			}
			for _, l := range lines {
				if strings.Contains(l, "U0") || strings.Contains(l, "<@") {
					t.Errorf("a reader sees %q", l)
				}
			}
			for _, part := range strings.Split(got.stdout, "\n\n") {
				if n := strings.Count(part, "\n"); n > 12 {
					t.Errorf("a step takes %d lines:\n%s", n, part)
				}
			}
		})
	}
}

// TestTourMissesEveryStep leaves out what is done in one step at a time: the story must notice.
func TestTourMissesEveryStep(t *testing.T) {
	t.Parallel()
	for _, name := range tour.Steps() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, "", "demo", "--tour", "--lang", "en", "--without", name, "--patience", "3s")
			if got.code != 1 {
				t.Errorf("without %s the tour exits %d, want 1\n%s\n%s", name, got.code, got.stdout, got.stderr)
			}
			if !strings.Contains(got.stderr, "gongdan: ") {
				t.Errorf("without %s nothing is said of why", name)
			}
		})
	}
}
