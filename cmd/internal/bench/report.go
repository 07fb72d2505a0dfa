package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what one measurement found, with everything that the figures depend on.
type Report struct {
	Bench    string    `json:"bench"`
	At       time.Time `json:"at"`
	Machine  Machine   `json:"machine"`
	Redis    *Server   `json:"redis"`
	Settings []Setting `json:"settings"`
	// Columns name the cells of each row. As JSON a row is an object, its keys the columns' names: "p50 ms" is p50_ms,
	// "commit/s" is commit_per_s.
	Columns []string `json:"-"`
	Rows    []Row    `json:"-"`
	Targets []Target `json:"targets"`
	// OK is false if a target was missed. Against the stand-in nothing is judged, and OK is true.
	OK bool `json:"ok"`
}

// Machine is where it was measured. Load is the number of runnable processes at the start, averaged over a minute, or -1:
// figures of a busy machine say little.
type Machine struct {
	CPU    string  `json:"cpu"`
	Cores  int     `json:"cores"`
	System string  `json:"system"`
	Go     string  `json:"go"`
	Load   float64 `json:"load"`
}

// Row is one line of figures.
type Row []any

// MarshalJSON adds the rows as objects.
func (r *Report) MarshalJSON() ([]byte, error) {
	type plain Report // without this method
	rows := make([]map[string]any, len(r.Rows))
	keys := strings.NewReplacer("/", "_per_", " ", "_")
	for i, row := range r.Rows {
		rows[i] = map[string]any{}
		for j, cell := range row {
			rows[i][strings.ToLower(keys.Replace(r.Columns[j]))] = cell
		}
	}
	return json.Marshal(struct {
		*plain
		Rows []map[string]any `json:"rows"`
	}{(*plain)(r), rows})
}

// Setting is one choice of the measurement.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Target is a promise and what was found of it.
type Target struct {
	Name string  `json:"name"`
	Want string  `json:"want"`
	Got  float64 `json:"got"`
	Met  bool    `json:"met"`
}

func newReport(name string, s *Server, now time.Time) *Report {
	return &Report{Bench: name, At: now.UTC().Truncate(time.Second), Machine: machine(), Redis: s, OK: true}
}

func (r *Report) setting(name, format string, args ...any) {
	r.Settings = append(r.Settings, Setting{name, fmt.Sprintf(format, args...)})
}

func (r *Report) row(cells ...any) { r.Rows = append(r.Rows, cells) }

// atMost judges a figure that shall be small.
func (r *Report) atMost(name string, got, limit float64, unit string) {
	r.judge(Target{Name: name, Want: fmt.Sprintf("≤ %g%s", limit, unit), Got: got, Met: got <= limit})
}

// atLeast judges a figure that shall be large.
func (r *Report) atLeast(name string, got, limit float64) {
	r.judge(Target{Name: name, Want: fmt.Sprintf("≥ %g", limit), Got: got, Met: got >= limit})
}

func (r *Report) judge(t Target) {
	if !r.Redis.Real {
		return
	}
	r.Targets = append(r.Targets, t)
	r.OK = r.OK && t.Met
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	own := "given"
	if r.Redis.Own {
		own = "started for this run"
	}
	fmt.Fprintf(&b, "bench %s, %s\n", r.Bench, r.At.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(&b, "machine   %s; %d cores, load %.1f; %s, %s\n", r.Machine.CPU, r.Machine.Cores, r.Machine.Load, r.Machine.System, r.Machine.Go)
	fmt.Fprintf(&b, "redis     %s, fsync %s, %s\n", r.Redis.Version, r.Redis.Fsync, own)
	for _, s := range r.Settings {
		fmt.Fprintf(&b, "%-9s %s\n", s.Name, s.Value)
	}
	b.WriteByte('\n')
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, strings.Join(r.Columns, "\t")+"\t")
	for _, row := range r.Rows {
		for _, cell := range row {
			_, _ = fmt.Fprint(t, text(cell), "\t")
		}
		_, _ = fmt.Fprintln(t)
	}
	_ = t.Flush()
	b.WriteByte('\n')
	if !r.Redis.Real {
		b.WriteString("There is no redis-server here: miniredis, a stand-in within this process, was measured. Nothing is judged.\n")
	}
	for _, t := range r.Targets {
		verdict := "met"
		if !t.Met {
			verdict = "MISSED"
		}
		fmt.Fprintf(&b, "%-7s %s: %s, want %s\n", verdict, t.Name, text(t.Got), t.Want)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text is a figure with as many digits as it deserves.
func text(v any) string {
	f, ok := v.(float64)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case math.Abs(f) >= 100:
		return fmt.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

func machine() Machine {
	m := Machine{CPU: "unknown CPU", Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Load: -1}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == "model name" {
				m.CPU = strings.TrimSpace(v)
				break
			}
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(load), &m.Load)
	}
	return m
}

// spread is the distribution of durations.
type spread struct{ p50, p99, max time.Duration }

// spreadOf sorts list and reads the quantiles; zero for an empty list.
func spreadOf(list []time.Duration) spread {
	if len(list) == 0 {
		return spread{}
	}
	slices.Sort(list)
	at := func(q float64) time.Duration { return list[int(math.Ceil(q*float64(len(list))))-1] }
	return spread{at(0.5), at(0.99), list[len(list)-1]}
}

// ms gives milliseconds to the microsecond.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
