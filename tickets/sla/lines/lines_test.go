package lines_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets/sla/lines"
)

// week is hours every day, as the format writes them.
const week = `"hours":{"mon":[["09:00","21:00"]],"tue":[["09:00","21:00"]],"wed":[["09:00","21:00"]],"thu":[["09:00","21:00"]],"fri":[["09:00","21:00"]],"sat":[["09:00","21:00"]],"sun":[["09:00","21:00"]]}`

const shanghai = `"calendar":{"tz":"Asia/Shanghai",` + week + `}`

func TestAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"working", `{"id":"1","op":"add",` + shanghai + `,"clock":"working","start":"2026-11-22T20:00:00+08:00","duration_s":7200}`,
			`{"id":"1","result":"2026-11-23T10:00:00+08:00"}`},
		{"working unless said", `{"id":1,"op":"add",` + shanghai + `,"start":"2026-11-22T12:00:00Z","duration_s":7200}`,
			`{"id":1,"result":"2026-11-23T10:00:00+08:00"}`},
		{"calendar", `{"id":"1","op":"add",` + shanghai + `,"clock":"calendar","start":"2026-11-22T12:00:00Z","duration_s":86400}`,
			`{"id":"1","result":"2026-11-23T20:00:00+08:00"}`},
		{"calendar without hours", `{"id":"1","op":"add","calendar":{"tz":"UTC"},"clock":"calendar","start":"2026-11-22T20:00:00+08:00","duration_s":86400}`,
			`{"id":"1","result":"2026-11-23T12:00:00Z"}`},
		{"deferred", `{"id":"1","op":"add",` + shanghai + `,"clock":"deferred","start":"2026-11-22T20:00:00+08:00","duration_s":91800}`,
			`{"id":"1","result":"2026-11-24T09:30:00+08:00"}`},
		{"subtract", `{"id":"1","op":"subtract",` + shanghai + `,"start":"2026-11-23T10:00:00+08:00","duration_s":7200}`,
			`{"id":"1","result":"2026-11-22T20:00:00+08:00"}`},
		{"between", `{"id":"1","op":"between",` + shanghai + `,"start":"2026-11-22T20:00:00+08:00","end":"2026-11-23T10:00:01+08:00"}`, `{"id":"1","result":7201}`},
		{"between backwards", `{"id":"1","op":"between",` + shanghai + `,"start":"2026-11-23T10:00:00+08:00","end":"2026-11-22T20:00:00+08:00"}`, `{"id":"1","result":-7200}`},
		{"nothing between", `{"id":"1","op":"between",` + shanghai + `,"start":"2026-11-22T22:00:00+08:00","end":"2026-11-23T08:00:00+08:00"}`, `{"id":"1","result":0}`},
		{"fractions", `{"id":"1","op":"between",` + shanghai + `,"start":"2026-11-22T20:00:00+08:00","end":"2026-11-22T20:00:01.5+08:00"}`, `{"id":"1","result":1.5}`},
		{"half a second", `{"id":"1","op":"add",` + shanghai + `,"start":"2026-11-22T20:00:00+08:00","duration_s":0.5}`, `{"id":"1","result":"2026-11-22T20:00:00.5+08:00"}`},
		{"is_open", `{"id":"1","op":"is_open",` + shanghai + `,"start":"2026-11-22T21:00:00+08:00"}`, `{"id":"1","result":false}`},
		{"next_open", `{"id":"1","op":"next_open",` + shanghai + `,"start":"2026-11-22T21:00:00+08:00"}`, `{"id":"1","result":"2026-11-23T09:00:00+08:00"}`},
		{"prev_open", `{"id":"1","op":"prev_open",` + shanghai + `,"start":"2026-11-22T23:00:00+08:00"}`, `{"id":"1","result":"2026-11-22T21:00:00+08:00"}`},
		{"next_close", `{"id":"1","op":"next_close",` + shanghai + `,"start":"2026-11-22T21:00:00+08:00"}`, `{"id":"1","result":"2026-11-23T21:00:00+08:00"}`},
		{"dates", `{"id":"1","op":"add","calendar":{"tz":"Asia/Shanghai",` + week + `,"holidays":["2026-11-23"],"special_hours":{"2026-11-24":[["23:00","01:00"]]},"breaks":{"2026-11-22":[["20:30","20:45"]]}},"start":"2026-11-22T20:00:00+08:00","duration_s":4500}`,
			`{"id":"1","result":"2026-11-24T23:30:00+08:00"}`},
		{"pauses", `{"id":"1","op":"add",` + shanghai + `,"start":"2026-11-22T19:00:00+08:00","duration_s":7200,"pauses":[["2026-11-22T19:30:00+08:00","2026-11-22T20:00:00+08:00"],["2026-11-22T19:00:00+08:00","2026-11-22T19:45:00+08:00"]]}`,
			`{"id":"1","result":"2026-11-23T10:00:00+08:00"}`},
		{"a pause without end", `{"id":"1","op":"between",` + shanghai + `,"start":"2026-11-22T19:00:00+08:00","end":"2026-11-23T19:00:00+08:00","pauses":[["2026-11-22T20:00:00+08:00",null]]}`, `{"id":"1","result":3600}`},
		{"without zone, where the shops are", `{"id":"1","op":"next_open","calendar":{` + week + `},"start":"2026-11-22T22:00:00+08:00"}`, `{"id":"1","result":"2026-11-23T09:00:00+08:00"}`},
		{"fields of others are passed over", `{"id":"1","op":"is_open",` + shanghai + `,"start":"2026-11-22T20:00:00+08:00","expect":true}`, `{"id":"1","result":true}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			bad, err := lines.Answer(t.Context(), strings.NewReader(tt.in), &out)
			if bad != 0 || err != nil {
				t.Errorf("Answer = %d bad, %v", bad, err)
			}
			if diff := cmp.Diff(tt.want+"\n", out.String()); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswerRefuses(t *testing.T) {
	t.Parallel()
	const start = `,"start":"2026-11-22T20:00:00+08:00"`
	tests := []struct{ name, in, want string }{ // want is a part of the error
		{"no JSON", `{`, "line: unexpected end"},
		{"another type", `{"id":"1","op":3}`, "line: json"},
		{"not UTF-8", "{\"id\":\"1\",\"op\":\"\xff\"}", "not valid UTF-8"},
		{"too long", `{"id":"` + strings.Repeat("1", 1<<20) + `"}`, "longer than 1 MiB"},
		{"no calendar", `{"id":"1","op":"add"}`, `"calendar" is missing`},
		{"null for a calendar", `{"id":"1","op":"add","calendar":null}`, `"calendar" is missing`},
		{"no op", `{"id":"1",` + shanghai + start + `}`, "none of add"},
		{"unknown op", `{"id":"1","op":"intervals",` + shanghai + start + `}`, "none of add"},
		{"no start", `{"id":"1","op":"is_open",` + shanghai + `}`, `"start" is missing`},
		{"start without offset", `{"id":"1","op":"is_open",` + shanghai + `,"start":"2026-11-22T20:00:00"}`, "not an RFC 3339 time"},
		{"is_open before 1970", `{"id":"1","op":"is_open",` + shanghai + `,"start":"1969-12-31T23:59:59Z"}`, "outside 1970 to 2200"},
		{"is_open after 2200", `{"id":"1","op":"is_open",` + shanghai + `,"start":"2201-01-01T00:00:00Z"}`, "outside 1970 to 2200"},
		{"no duration", `{"id":"1","op":"add",` + shanghai + start + `}`, `"duration_s" is missing`},
		{"negative duration", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":-1}`, "bad duration"},
		{"absurd duration", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":1e300}`, "bad duration"},
		{"a duration beyond what fits", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":9223372036854775807}`, "bad duration"},
		{"a duration beyond 2200", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":9000000000}`, "outside 1970 to 2200"},
		{"no end", `{"id":"1","op":"between",` + shanghai + start + `}`, `"end" is missing`},
		{"unknown clock", `{"id":"1","op":"add",` + shanghai + start + `,"clock":"lunar","duration_s":1}`, "clock cannot"},
		{"subtract by deferred", `{"id":"1","op":"subtract",` + shanghai + start + `,"clock":"deferred","duration_s":1}`, "clock cannot"},
		{"between by deferred", `{"id":"1","op":"between",` + shanghai + start + `,"clock":"deferred","end":"2026-11-22T20:00:00Z"}`, "clock cannot"},
		{"unknown zone", `{"id":"1","op":"is_open","calendar":{"tz":"Mars/Base",` + week + `}` + start + `}`, "unknown time zone"},
		{"no hours", `{"id":"1","op":"add","calendar":{"tz":"UTC"}` + start + `,"duration_s":1}`, "never open"},
		{"no hours to ask for", `{"id":"1","op":"next_open","calendar":{"tz":"UTC"},"clock":"calendar"` + start + `}`, "never open"},
		{"unknown weekday", `{"id":"1","op":"is_open","calendar":{"hours":{"monday":[]}}` + start + `}`, "none of mon"},
		{"a window of one", `{"id":"1","op":"is_open","calendar":{"hours":{"mon":[["09:00"]]}}` + start + `}`, "a window is [open, close]"},
		{"null in a window", `{"id":"1","op":"is_open","calendar":{"hours":{"mon":[["09:00",null]]}}` + start + `}`, "not like 09:00"},
		{"a bad time of day", `{"id":"1","op":"is_open","calendar":{"hours":{"mon":[["9 am","18:00"]]}}` + start + `}`, "not like 09:00"},
		{"overlapping windows", `{"id":"1","op":"is_open","calendar":{"hours":{"mon":[["09:00","12:00"],["11:00","18:00"]]}}` + start + `}`, "overlap"},
		{"a bad holiday", `{"id":"1","op":"is_open","calendar":{` + week + `,"holidays":["2026-13-01"]}` + start + `}`, "not like 2006-01-02"},
		{"bad special hours", `{"id":"1","op":"is_open","calendar":{` + week + `,"special_hours":{"2026-01-01":[["x","y"]]}}` + start + `}`, "special_hours of 2026-01-01"},
		{"a bad break", `{"id":"1","op":"is_open","calendar":{` + week + `,"breaks":{"2026-01-01":[[]]}}` + start + `}`, "breaks of 2026-01-01"},
		{"a pause without beginning", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":1,"pauses":[[null,"2026-11-22T20:00:00Z"]]}`, `"pauses" 0`},
		{"a pause that ends first", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":1,"pauses":[["2026-11-22T20:00:00Z","2026-11-22T19:00:00Z"]]}`, "ends before it begins"},
		{"paused for ever", `{"id":"1","op":"add",` + shanghai + start + `,"duration_s":1,"pauses":[["2026-11-22T10:00:00Z",null]]}`, "paused without an end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			good := `{"id":"good","op":"is_open",` + shanghai + start + "}\n"
			bad, err := lines.Answer(t.Context(), strings.NewReader(tt.in+"\n\n"+good), &out)
			if bad != 1 || err != nil {
				t.Errorf("Answer = %d bad, %v, want 1", bad, err)
			}
			first, rest, _ := strings.Cut(out.String(), "\n")
			withID := strings.HasPrefix(first, `{"id":"1","error":"`) || strings.HasPrefix(first, `{"error":"`)
			if !withID || !strings.Contains(strings.ReplaceAll(first, `\"`, `"`), tt.want) || strings.Contains(first, "result") {
				t.Errorf("answer = %.200s, want an error with %q", first, tt.want)
			}
			if rest != `{"id":"good","result":true}`+"\n" {
				t.Errorf("the line after it is answered by %s", rest)
			}
		})
	}
}

// TestAnswerStreams holds a conversation: each answer comes before the next question is asked.
func TestAnswerStreams(t *testing.T) {
	t.Parallel()
	questions, ask := io.Pipe()
	answered, answers := io.Pipe()
	go func() {
		_, err := lines.Answer(context.WithoutCancel(t.Context()), questions, answers)
		answers.CloseWithError(errors.Join(err, io.EOF))
	}()
	in := bufio.NewReader(answered)
	for range 3 {
		if _, err := io.WriteString(ask, `{"id":"1","op":"is_open",`+shanghai+`,"start":"2026-11-22T20:00:00+08:00"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := in.ReadString('\n'); err != nil || line != `{"id":"1","result":true}`+"\n" {
			t.Fatalf("answer = %q, %v", line, err)
		}
	}
	_ = ask.Close()
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last answer: %v", err)
	}
}

func TestAnswerEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lines.Answer(ctx, strings.NewReader("{}\n"), io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("Answer = %v, want canceled", err)
	}
}
