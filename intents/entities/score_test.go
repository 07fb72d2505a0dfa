package entities_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdan/intents/entities"
)

// sharedData finds the public test material, or skips.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	roots := []string{os.Getenv("GONGDAN_SHARED_DATA")}
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		roots = append(roots, filepath.Join(dir, "..", "shared", "data"))
	}
	for _, r := range roots {
		if r == "" {
			continue
		}
		p := filepath.Join(r, name)
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Skip("skipped: ../shared/data is absent")
	return ""
}

func readRows[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(sharedData(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var r T
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

type timeRow struct {
	ID, Text, Reference, Kind, Source string
	Expect                            []struct {
		Span       string
		Start, End string
	}
}

const local = "2006-01-02T15:04:05"

// namesTime tells whether a text names a time of day; rows that expect 00:00 or
// 12:00 without one are compared by date.
func namesTime(s string) bool {
	for _, w := range []string{"点", "點", "时", "時", "午", "晨", "晚", "早", "夜", ":", "am", "pm", "noon", "morning", "night", "evening", "hour", "小时", "minute", "秒", "分"} {
		if strings.Contains(strings.ToLower(s), w) {
			return true
		}
	}
	return false
}

func scoreTimes(t *testing.T, file string) (got, all int) {
	for _, r := range readRows[timeRow](t, file) {
		if r.Kind != "point" || r.Reference == "" {
			continue
		}
		now, err := time.Parse(local, r.Reference)
		if err != nil {
			continue
		}
		all++
		var values []string
		ok := false
		for _, e := range entities.Find(r.Text, entities.Options{Now: now, Zone: time.UTC}) {
			if e.Type != entities.Time {
				continue
			}
			v, _ := time.Parse(time.RFC3339, e.Value)
			values = append(values, e.Text+"→"+v.Format(local))
			want, _ := time.Parse(local, r.Expect[0].Start)
			byDate := !namesTime(r.Text) && (want.Hour() == 0 || want.Hour() == 12) && want.Minute() == 0
			if v.Equal(want) || byDate && v.Format(time.DateOnly) == want.Format(time.DateOnly) {
				ok = true
			}
		}
		if ok {
			got++
		} else {
			t.Logf("miss %s %q at %s: got %v, want %s", r.ID, r.Text, r.Reference, values, r.Expect[0].Start)
		}
	}
	return got, all
}

func TestPublicTimes(t *testing.T) {
	t.Parallel()
	for file, floor := range map[string]float64{"datetime/datetime_zh.jsonl": 0.91, "datetime/datetime_en.jsonl": 0.85} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			got, all := scoreTimes(t, file)
			rate := float64(got) / float64(all)
			t.Logf("%s: %d of %d points (%.1f %%)", file, got, all, 100*rate)
			if rate < floor {
				t.Errorf("rate = %.3f, want at least %.3f", rate, floor)
			}
		})
	}
}

type entityRow struct {
	ID, Text, Scope string
	Entities        []struct{ Type, Value string }
}

func TestPublicEntities(t *testing.T) {
	t.Parallel()
	types := map[string]entities.Type{"ORDER_NO": entities.Order, "PHONE": entities.Phone, "EMAIL": entities.Email, "URL": entities.URL, "CN_RESIDENT_ID": entities.ID}
	floors := map[entities.Type][2]float64{entities.Order: {0.98, 0.98}, entities.Email: {0.98, 0.98}, entities.Phone: {0.95, 0.95}, entities.URL: {0.9, 0.9}, entities.ID: {0.6, 1}}
	hit, found, want := map[entities.Type]int{}, map[entities.Type]int{}, map[entities.Type]int{}
	for _, r := range readRows[entityRow](t, "entities/entities_en.jsonl") {
		typ, ok := types[r.Scope]
		if !ok {
			continue
		}
		expected := map[string]bool{}
		for _, e := range r.Entities {
			expected[strings.ToLower(e.Value)] = true
			want[typ]++
		}
		for _, e := range entities.Find(r.Text, entities.Options{}) {
			if e.Type != typ {
				continue
			}
			found[typ]++
			if expected[strings.ToLower(e.Text)] || expected[e.Value] {
				hit[typ]++
				continue
			}
			t.Logf("false %s %q in %q", typ, e.Text, r.Text)
		}
		for v := range expected {
			if !strings.Contains(strings.ToLower(join(entities.Find(r.Text, entities.Options{}), typ)), v) {
				t.Logf("miss %s %q in %q", typ, v, r.Text)
			}
		}
	}
	for _, typ := range types {
		recall, precision := float64(hit[typ])/float64(max(1, want[typ])), float64(hit[typ])/float64(max(1, found[typ]))
		t.Logf("%s: recall %.3f (%d of %d), precision %.3f", typ, recall, hit[typ], want[typ], precision)
		if f := floors[typ]; recall < f[0] || precision < f[1] {
			t.Errorf("%s: recall %.3f, precision %.3f, want at least %v", typ, recall, precision, f)
		}
	}
}

func join(es []entities.Entity, typ entities.Type) string {
	var b strings.Builder
	for _, e := range es {
		if e.Type == typ {
			b.WriteString(e.Text + "|" + e.Value + "|")
		}
	}
	return b.String()
}
