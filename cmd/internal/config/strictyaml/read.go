package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a text. A team's rules are a few kilobytes; these keep a hostile or broken file from costing memory and time.
const (
	MaxBytes  = 1 << 20
	maxTokens = 200_000
	maxDepth  = 64
	maxValues = 200_000 // with what aliases repeat
)

// Doc remembers where each value of a text stands. The zero value knows none.
type Doc struct{ places map[string]Place }

// At is where the value of a path stands; of what is not in the text, where the part around it stands.
func (d *Doc) At(path string) Place {
	for {
		if p, ok := d.places[path]; ok || path == "" {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// Problem is a problem with the value of a path.
func (d *Doc) Problem(path, what, want string) Problem {
	return Problem{Place: d.At(path), Path: path, What: what, Want: want}
}

// Read fills the struct that dst points to and tells where its values stand. What is not in the text stays as it is.
// The problems are in order of place; with any, dst is filled only in part.
func Read(text []byte, dst any) (*Doc, Problems) {
	r := &reader{doc: &Doc{places: map[string]Place{}}, anchors: map[string]ast.Node{}, left: maxValues}
	if body := r.parse(text); body != nil {
		r.value("", body, reflect.ValueOf(dst).Elem(), "")
	}
	r.problems.Sort()
	return r.doc, r.problems
}

// reader gathers problems while it reads.
type reader struct {
	doc      *Doc
	anchors  map[string]ast.Node
	left     int // values that may still be read
	problems Problems
}

func (r *reader) complain(at Place, path, what, want string) {
	r.problems = append(r.problems, Problem{Place: at, Path: path, What: what, Want: want})
}

// parse turns the text into its one document; nil if it is empty or was refused.
func (r *reader) parse(text []byte) ast.Node {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // else the parser counts some lines twice
	switch {
	case len(text) > MaxBytes:
		r.complain(Place{}, "", fmt.Sprintf("the file has %d bytes", len(text)), fmt.Sprintf("at most %d", MaxBytes))
		return nil
	case !utf8.Valid(text):
		r.complain(notUTF8(text), "", "the text is not UTF-8", "a file saved as UTF-8")
		return nil
	}
	tokens := lexer.Tokenize(string(text))
	if !r.bounded(tokens) {
		return nil
	}
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	return r.only(f.Docs)
}

// only returns the body of the one document.
func (r *reader) only(docs []*ast.DocumentNode) ast.Node {
	var body ast.Node
	for _, d := range docs {
		switch {
		case d.Body == nil:
		case body != nil:
			r.complain(place(d.Body), "", "a second document begins here", "one document")
		default:
			body = d.Body
		}
	}
	return body
}

// bounded refuses a text whose parsing would cost too much.
func (r *reader) bounded(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		r.complain(Place{}, "", fmt.Sprintf("the file has %d words and signs", len(tokens)), fmt.Sprintf("at most %d", maxTokens))
		return false
	}
	flow, entries, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, entries = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			entries++
		}
		if max(flow, entries) > maxDepth {
			r.complain(tokenPlace(t), "", "nested too deeply", fmt.Sprintf("at most %d levels", maxDepth))
			return false
		}
	}
	return true
}

// syntax tells of a text that is no YAML.
func (r *reader) syntax(err error) {
	at, what := Place{}, err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		what = e.GetMessage()
		if t := e.GetToken(); t != nil {
			at = tokenPlace(t)
		}
	}
	what, _, _ = strings.Cut(what, "\n")
	r.complain(at, "", "this is not YAML: "+what, "")
}

// notUTF8 is where the first byte stands that belongs to no character.
func notUTF8(text []byte) Place {
	at := Place{1, 1}
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		if c == utf8.RuneError && n == 1 {
			break
		}
		at.Column++
		if c == '\n' {
			at = Place{at.Line + 1, 1}
		}
		text = text[n:]
	}
	return at
}

func tokenPlace(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{}
	}
	return Place{t.Position.Line, t.Position.Column}
}

// place is where a value begins. A block mapping's own token is its first colon, so its first key counts.
func place(n ast.Node) Place {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return place(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(n.Key)
	case *ast.AnchorNode:
		return place(n.Value)
	}
	return tokenPlace(n.GetToken())
}
