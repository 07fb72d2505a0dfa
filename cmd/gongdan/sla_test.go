package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSLA runs the program: one line is answered, a bad one too, and the exit code says that there was one.
func TestSLA(t *testing.T) {
	t.Parallel()
	const good = `{"id":"1","op":"add","calendar":{"tz":"Europe/Berlin","hours":{"sun":[["09:00","18:00"]],"mon":[["09:00","18:00"]]}},"clock":"working","start":"2026-03-29T01:00:00+01:00","duration_s":36000}` + "\n"
	const answer = `{"id":"1","result":"2026-03-30T10:00:00+02:00"}` + "\n"
	for _, tt := range []struct {
		name, in string
		want     result
	}{
		{"good", good, result{0, answer, ""}},
		{"nothing", "", result{0, "", ""}},
		{"one bad", `{"id":"2","op":"is_open"}` + "\n" + good, result{1, `{"id":"2","error":"\"calendar\" is missing"}` + "\n" + answer, ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, nil, tt.in, "sla", "--jsonl")
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("gongdan sla (-want +got):\n%s", diff)
			}
		})
	}
}
