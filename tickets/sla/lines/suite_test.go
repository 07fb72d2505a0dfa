package lines_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets/sla/lines"
)

// suiteFile is facts from the test suites of three libraries.
const suiteFile = "../../../../shared/data/sla/sla_cases.json"

// suiteCase is a row: the line format with what its source expects.
type suiteCase struct {
	Row        map[string]json.RawMessage
	ID, Op     string
	Expect     json.RawMessage
	AltExpect  json.RawMessage   `json:"alt_expect"`
	Convention map[string]string // where libraries differ, what this one does
}

func (c *suiteCase) UnmarshalJSON(text []byte) error {
	type plain suiteCase
	if err := json.Unmarshal(text, (*plain)(c)); err != nil {
		return err
	}
	return json.Unmarshal(text, &c.Row)
}

// contradicted are the conventions of sources that contradict a rule of DESIGN section 4, with that rule. A row counts
// under alt_expect, or as set aside where there is none, only for one of them.
var contradicted = map[string]string{
	"on_exact_close: roll_to_next_open":               "add stays at closing",
	"on_exact_open_backwards: roll_to_previous_close": "subtract stays at opening",
	"close_edge: inclusive":                           "is_open is false at closing",
}

// otherNames are operations of the file under names of their own.
var otherNames = map[string]string{"next_closing_event": "next_close"}

func TestSuite(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(suiteFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared/data is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	var suite struct{ Cases []suiteCase }
	if err := json.Unmarshal(text, &suite); err != nil {
		t.Fatal(err)
	}
	results := answers(t, suite.Cases)
	counts := map[string]int{}
	for i, c := range suite.Cases {
		counts[verdict(t, c, results[i])]++
	}
	want := map[string]int{
		"as expected":                                 327,
		"alt_expect, for: add stays at closing":       22,
		"alt_expect, for: subtract stays at opening":  14,
		"set aside, for: is_open is false at closing": 5,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("rows by verdict (-want +got):\n%s", diff)
	}
}

// verdict compares the answer to a row with what it may be by DESIGN's rules.
func verdict(t *testing.T, c suiteCase, got string) string {
	t.Helper()
	if got == canonical(t, c.Expect) {
		return "as expected"
	}
	for k, v := range c.Convention {
		rule, ok := contradicted[k+": "+v]
		switch {
		case !ok:
		case c.AltExpect == nil && atClosing(t, c):
			return "set aside, for: " + rule
		case got == canonical(t, c.AltExpect):
			return "alt_expect, for: " + rule
		}
	}
	t.Errorf("%s %s = %s, want %s; alt %s, convention %v\n%s", c.ID, c.Op, got, c.Expect, c.AltExpect, c.Convention, c.Row["calendar"])
	return "wrong"
}

// atClosing says whether a row starts at a closing, where alone the edge matters: the moment before was open.
func atClosing(t *testing.T, c suiteCase) bool {
	t.Helper()
	c.Row["op"] = json.RawMessage(`"prev_open"`)
	return answers(t, []suiteCase{c})[0] == canonical(t, c.Row["start"])
}

// answers asks all rows at once, as gongdan sla --jsonl would be.
func answers(t *testing.T, cases []suiteCase) []string {
	t.Helper()
	var in, out bytes.Buffer
	for _, c := range cases {
		if name, ok := otherNames[c.Op]; ok {
			c.Row["op"] = json.RawMessage(`"` + name + `"`)
		}
		line, err := json.Marshal(c.Row)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	bad, err := lines.Answer(t.Context(), &in, &out)
	if bad != 0 || err != nil {
		t.Fatalf("Answer = %d bad, %v", bad, err)
	}
	var results []string
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var got struct {
			ID     string
			Result json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil || got.ID != cases[i].ID {
			t.Fatalf("answer to %s: %s (%v)", cases[i].ID, line, err)
		}
		results = append(results, canonical(t, got.Result))
	}
	return results
}

func canonical(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
