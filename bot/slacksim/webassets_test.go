package slacksim

import (
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// webSources are the page's files by name.
func webSources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := fs.Glob(webFiles, "web/*")
	if err != nil || len(names) < 20 {
		t.Fatalf("embedded files = %v, %v", names, err)
	}
	for _, name := range names {
		raw, err := webFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimPrefix(name, "web/")] = string(raw)
	}
	return out
}

var wordLine = regexp.MustCompile(`(?m)^  (\w+): \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$`)

func TestPageWords(t *testing.T) {
	t.Parallel()
	sources := webSources(t)
	table := wordLine.FindAllStringSubmatch(sources["words.js"], -1)
	if rows := strings.Count(sources["words.js"], "\n  "); rows != len(table) {
		t.Errorf("%d of %d rows of words.js have two texts", len(table), rows)
	}
	hole := regexp.MustCompile(`\{\d\}`)
	known := map[string]bool{}
	for _, row := range table {
		key, zh, en := row[1], row[2], row[3]
		known[key] = true
		a, b := hole.FindAllString(zh, -1), hole.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if zh == "" || en == "" || !slices.Equal(a, b) {
			t.Errorf("%s: %q and %q", key, zh, en)
		}
	}
	used := map[string]bool{}
	call := regexp.MustCompile(`\bt\("(\w+)"`)
	quoted := regexp.MustCompile(`"(\w+)"`)
	for name, text := range sources {
		if !strings.HasSuffix(name, ".js") || name == "words.js" {
			continue
		}
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] {
				t.Errorf("%s: no words for %q", name, m[1])
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
	}
	for key := range known {
		if !used[key] {
			t.Errorf("nobody says %q", key)
		}
	}
}

// TestPageMakesNoMarkup checks that nothing in the page turns text into markup
// or script, and that nothing comes from elsewhere.
func TestPageMakesNoMarkup(t *testing.T) {
	t.Parallel()
	script := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|createContextualFragment|setTimeout\("`)
	markup := regexp.MustCompile(`(?i)\son\w+=|\sstyle=|javascript:|<script>|https?://`)
	style := regexp.MustCompile(`url\(|@import|https?://`)
	for name, text := range webSources(t) {
		rule := map[string]*regexp.Regexp{"js": script, "html": markup, "css": style}[name[strings.LastIndex(name, ".")+1:]]
		if rule == nil {
			t.Errorf("%s is no kind of file that the page has", name)
			continue
		}
		if found := rule.FindString(text); found != "" {
			t.Errorf("%s contains %q", name, found)
		}
		for _, m := range regexp.MustCompile(`from "([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if _, ok := webSources(t)[strings.TrimPrefix(m[1], "./")]; !ok {
				t.Errorf("%s imports %s, which is not there", name, m[1])
			}
		}
		if lines := strings.Count(text, "\n"); name != "style.css" && lines > 200 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

// TestPageContrast checks the palette against WCAG's AA for text.
func TestPageContrast(t *testing.T) {
	t.Parallel()
	css := webSources(t)["style.css"]
	light, rest, _ := strings.Cut(css, `:root[data-theme="dark"] {`)
	dark, _, _ := strings.Cut(rest, "}")
	pairs := [][2]string{
		{"text", "bg"}, {"text", "raised"}, {"text", "soft"}, {"dim", "bg"}, {"dim", "raised"}, {"dim", "soft"}, {"dim", "side"}, {"dim", "warn-soft"},
		{"link", "bg"}, {"link", "warn-soft"}, {"on-accent", "accent"}, {"accent", "accent-soft"}, {"side-text", "side"}, {"side-text", "side-hover"},
		{"side-here-text", "side-here"}, {"danger", "bg"}, {"danger", "raised"}, {"danger", "danger-soft"}, {"warn", "warn-soft"}, {"mention-text", "mention"}, {"code", "soft"},
		{"text", "warn-soft"}, {"text", "accent-soft"},
	}
	for theme, text := range map[string]string{"light": light, "dark": dark} {
		colors := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([\w-]+): #([0-9a-f]{6})`).FindAllStringSubmatch(text, -1) {
			colors[m[1]] = luminance(t, m[2])
		}
		for _, p := range pairs {
			a, okA := colors[p[0]]
			b, okB := colors[p[1]]
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); !okA || !okB || ratio < 4.5 {
				t.Errorf("%s: %s on %s = %.2f, want 4.5", theme, p[0], p[1], ratio)
			}
		}
		if ratio := 1.05 / (colors["badge"] + 0.05); ratio < 4.5 {
			t.Errorf("%s: white on badge = %.2f, want 4.5", theme, ratio)
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(shift uint, weight float64) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.03928 {
			return weight * c / 12.92
		}
		return weight * math.Pow((c+0.055)/1.055, 2.4)
	}
	return channel(16, 0.2126) + channel(8, 0.7152) + channel(0, 0.0722)
}
