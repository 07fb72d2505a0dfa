package strictyaml_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/cmd/internal/config/strictyaml"
)

// colour is a text among a few, code one with a form of its own.
type colour string

func (colour) Words() []string { return []string{"red", "green", "blue"} }

type code struct{ n string }

var codeForm = regexp.MustCompile(`^[A-Z]{2}[0-9]+$`)

func (c *code) UnmarshalText(b []byte) error {
	if !codeForm.Match(b) {
		return fmt.Errorf("%q is not a code", b)
	}
	c.n = string(b)
	return nil
}
func (code) Form() string    { return "a code such as AB12" }
func (code) Pattern() string { return codeForm.String() }

type room struct {
	Name    string          `yaml:"name" desc:"The name." required:"true"`
	Colours []colour        `yaml:"colours" desc:"The colours."`
	Chairs  int             `yaml:"chairs" desc:"How many." min:"1" max:"9"`
	Open    bool            `yaml:"open" desc:"Whether."`
	Code    *code           `yaml:"code" desc:"The code."`
	Doors   map[code]string `yaml:"doors" desc:"The doors."`
	Shelves []string        `yaml:"shelves" desc:"The shelves."`
}

type house struct {
	Rooms []room          `yaml:"rooms" desc:"The rooms."`
	By    map[string]room `yaml:"by" desc:"The same by name."`
}

func ExampleRead() {
	var pet struct {
		Name string `yaml:"name" desc:"What it is called." required:"true"`
		Legs int    `yaml:"legs" desc:"How many it has." max:"8"`
	}
	_, problems := strictyaml.Read([]byte("leggs: 4\nlegs: many\n"), &pet)
	fmt.Println(problems)
	// Output:
	// 1:1: unknown key "leggs"; did you mean "legs"?
	// 1:1: has no name; expected What it is called.
	// 2:7: legs: is "many"; expected a whole number from 0 to 8
}

func TestRead(t *testing.T) {
	t.Parallel()
	const text = "\ufeff# 我的房子\r\nrooms:\r\n  - name: 云朵 # 客厅\r\n    colours: red\r\n    chairs: 3\r\n  - {name: 12, colours: [red, blue], open: true, code: AB1}\r\n" +
		"by:\r\n  one: &one\r\n    name: |\r\n      a\r\n      b\r\n    doors: {AB1: x, \"CD2\": y}\r\n  two: *one\r\n  three: {name: x, colours:, code: ~, shelves: [09:00-12:00, a:b]}\r\n"
	var got house
	doc, problems := strictyaml.Read([]byte(text), &got)
	if problems != nil {
		t.Fatal(problems)
	}
	one := room{Name: "a\nb", Doors: map[code]string{{"AB1"}: "x", {"CD2"}: "y"}}
	want := house{
		Rooms: []room{{Name: "云朵", Colours: []colour{"red"}, Chairs: 3}, {Name: "12", Colours: []colour{"red", "blue"}, Open: true, Code: &code{"AB1"}}},
		By:    map[string]room{"one": one, "two": one, "three": {Name: "x", Shelves: []string{"09:00-12:00", "a:b"}}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(code{})); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
	for path, want := range map[string]strictyaml.Place{
		"rooms[0].name": {3, 11}, "rooms[0].colours[0]": {4, 14}, "rooms[1].colours[1]": {6, 31}, "rooms[1].doors": {6, 5},
		"by.two.name": {9, 11}, "by.two": {13, 3}, "nowhere": {2, 1},
	} {
		if got := doc.At(path); got != want {
			t.Errorf("At(%s) = %v, want %v", path, got, want)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"only a comment", "# nothing yet\n", nil},
		{"all at once", "rooms:\n  - nme: x\n    chairs: many\n    open: perhaps\n    colours: [red, gren]\n    code: 12\n  - 3\nby: []\nroms: 1\n", []string{
			`2:5: rooms[0]: unknown key "nme"; did you mean "name"?`,
			"2:5: rooms[0]: has no name; expected The name.",
			`3:13: rooms[0].chairs: is "many"; expected a whole number from 1 to 9`,
			`4:11: rooms[0].open: is "perhaps"; expected true or false`,
			`5:20: rooms[0].colours[1]: "gren" is not known; did you mean "green"?`,
			`6:11: rooms[0].code: "12" is not a code; expected a code such as AB12`,
			"7:5: rooms[1]: is a single value; expected a block of keys",
			"8:5: by: is a list; expected a block of keys",
			`9:1: unknown key "roms"; did you mean "rooms"?`,
		}},
		{"far from any key", "rooms: [{name: x, wxyz: 1}]", []string{`1:19: rooms[0]: unknown key "wxyz"; expected one of name, colours, chairs, open, code, doors, shelves`}},
		{"a key twice", "rooms:\n- name: x\n  name: y\n", []string{"3:3: rooms[0].name: occurs twice, first in line 2; expected each key once"}},
		{"a name twice", "by:\n  a: {name: x}\n  a: {name: x}\n", []string{"3:3: by.a: occurs twice, first in line 2; expected each key once"}},
		{"bad key of a map", "by: {x: {name: x, doors: {7: a}}}", []string{`1:27: by.x.doors.7: "7" is not a code; expected a code such as AB12`}},
		{"too large a number", "rooms: [{name: x, chairs: 10}]", []string{`1:27: rooms[0].chairs: is "10"; expected a whole number from 1 to 9`}},
		{"empty element", "rooms:\n  - name: x\n    colours: [red, ~]\n", []string{"3:14: rooms[0].colours[1]: is empty; expected a value"}},
		{"empty value of a map", "by:\n  a: {name: x, doors: {AB1: , AB2: ~}}\n  b:\n", []string{
			"2:24: by.a.doors.AB1: is empty; expected a value", "2:31: by.a.doors.AB2: is empty; expected a value", "3:3: by.b: is empty; expected a value"}},
		{"empty by its name", "by: {a: {name: x, doors: {AB1: &no ~, AB2: *no}, shelves: [*no]}}", []string{
			"1:27: by.a.doors.AB1: is empty; expected a value", "1:39: by.a.doors.AB2: is empty; expected a value", "1:59: by.a.shelves[0]: is empty; expected a value"}},
		{"empty key of a map", "by: {~: {name: x}}", []string{"1:6: by.~: is empty; expected a name"}},
		{"blank text", "rooms: [{name: ' '}]", []string{"1:16: rooms[0].name: is empty; expected a text"}},
		{"long text", "rooms: [{name: " + strings.Repeat("长", 201) + "}]", []string{"1:16: rooms[0].name: has 201 characters; expected at most 200"}},
		{"control characters", `rooms: [{name: "a\u0007b"}]`, []string{"1:16: rooms[0].name: holds control characters; expected plain text"}},
		{"merge key", "by:\n  a: &a {name: x}\n  b:\n    <<: *a\n", []string{
			"4:5: by.b: merging with << is not understood; expected a whole value by its alias", "4:5: by.b: has no name; expected The name."}},
		{"unknown alias", "by: {a: *b}", []string{"1:9: by.a: no value before this one is named &b"}},
		{"tag", "rooms: !!seq []", []string{"1:8: rooms: tags such as !!seq are not understood; expected the value alone"}},
		{"a mapping where a text belongs", "rooms: [{name: x, shelves: [{a: b}, {a: b, c: d}]}]", []string{
			"1:29: rooms[0].shelves[0]: is a block of keys; expected a text", "1:37: rooms[0].shelves[1]: is a block of keys; expected a text"}},
		{"two documents", "rooms: []\n---\nby: {}\n", []string{"3:1: a second document begins here; expected one document"}},
		{"no mapping", "- a\n", []string{"1:1: is a list; expected a block of keys"}},
		{"not closed", "rooms: [", []string{"1:8: this is not YAML: sequence end token ']' not found"}},
		{"tab", "rooms:\n\t- x\n", []string{"2:1: this is not YAML: found character '\t' that cannot start any token"}},
		{"not UTF-8", "# 好\nrooms: \xff", []string{"2:8: the text is not UTF-8; expected a file saved as UTF-8"}},
		{"too long", strings.Repeat("#", strictyaml.MaxBytes+1), []string{"the file has 1048577 bytes; expected at most 1048576"}},
		{"too deep", strings.Repeat("[", 100), []string{"1:65: nested too deeply; expected at most 64 levels"}},
		{"too deep in one line", strings.Repeat("- ", 100), []string{"1:129: nested too deeply; expected at most 64 levels"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := strictyaml.Read([]byte(tt.text), &house{})
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAliasBomb repeats a list of lists until it would be a million values.
func TestAliasBomb(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("by:\n  a: &a\n    name: x\n    colours: [" + strings.Repeat("red, ", 5000) + "red]\nrooms:\n")
	b.WriteString(strings.Repeat("  - *a\n", 5000))
	_, problems := strictyaml.Read([]byte(b.String()), &house{})
	if len(problems) != 1 || !strings.Contains(problems.Error(), "the aliases repeat too much") {
		t.Errorf("Read = %v, want one problem about aliases", problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("rooms:\n  - name: x\n    colours: [red, *a]\nby: &a {x: {name: |\n  y\n}}")
	f.Add("? [a]\n: - - {a: &b *b}\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, problems := strictyaml.Read([]byte(text), &house{})
		for _, p := range problems {
			if p.What == "" {
				t.Errorf("a problem at %v says nothing", p.Place)
			}
		}
	})
}
