package strictyaml

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Written is a value with a written form of its own, such as a duration. The methods other than UnmarshalText are called on
// zero values.
type Written interface {
	encoding.TextUnmarshaler
	Form() string    // what is expected, for people: a duration such as 2h30m
	Pattern() string // the form as a regular expression of JSON Schema
}

// Worded is a text that must be one of a few words.
type Worded interface{ Words() []string }

// maxText is how many code points a text has where its max tag says nothing.
const maxText = 200

// value reads one node into dst and tells whether there is something, be it wrong: an empty value is as good as none. The tag
// is that of the field or "".
func (r *reader) value(path string, n ast.Node, dst reflect.Value, tag reflect.StructTag) bool {
	at := place(n)
	r.doc.places[path] = at
	if r.left--; r.left < 0 {
		if r.left == -1 {
			r.complain(at, path, "the aliases repeat too much", fmt.Sprintf("at most %d values in all", maxValues))
		}
		return true
	}
	n, ok := r.resolve(path, n)
	if !ok || n.Type() == ast.NullType {
		return !ok
	}
	switch t := dst.Type(); {
	case t.Kind() == reflect.Pointer:
		dst.Set(reflect.New(t.Elem()))
		r.value(path, n, dst.Elem(), tag)
	case isWritten(t):
		r.written(path, n, dst)
	case t.Kind() == reflect.Struct:
		r.object(path, n, dst)
	case t.Kind() == reflect.Map:
		r.table(path, n, dst)
	case t.Kind() == reflect.Slice:
		r.list(path, n, dst, tag)
	default:
		r.scalar(path, n, dst, tag)
	}
	return true
}

func isWritten(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[Written]())
}

// resolve follows anchors and aliases.
func (r *reader) resolve(path string, n ast.Node) (ast.Node, bool) {
	for range maxDepth {
		switch v := n.(type) {
		case *ast.AnchorNode:
			r.anchors[name(v.Name)] = v.Value
			n = v.Value
		case *ast.AliasNode:
			target, ok := r.anchors[name(v.Value)]
			if !ok {
				r.complain(place(n), path, "no value before this one is named &"+name(v.Value), "")
				return nil, false
			}
			n = target
		case *ast.TagNode:
			r.complain(place(n), path, "tags such as "+v.Start.Value+" are not understood", "the value alone")
			return nil, false
		default:
			return n, n != nil
		}
	}
	return nil, false
}

func name(n ast.Node) string { return n.GetToken().Value }

// text returns a scalar as it was written, without quotes; false for lists and mappings.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n"), true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	case *ast.MappingNode:
		if len(n.Values) == 1 {
			return text(n.Values[0])
		}
	case *ast.MappingValueNode:
		return glued(n)
	}
	return "", false
}

// glued mends what the parser makes of 09:00 in a flow list within a flow mapping: a colon without a space after it separates
// nothing, so 09 is no key.
func glued(n *ast.MappingValueNode) (string, bool) {
	key, ok := text(n.Key)
	if !ok || n.Value == nil {
		return "", false
	}
	value, ok := text(n.Value)
	at, next := place(n.Key), place(n.Value)
	return key + ":" + value, ok && at.Line == next.Line && next.Column == at.Column+utf8.RuneCountInString(key)+1
}

func (r *reader) written(path string, n ast.Node, dst reflect.Value) {
	w := dst.Addr().Interface().(Written)
	s, ok := text(n)
	if !ok {
		r.complain(place(n), path, "is "+kind(n), w.Form())
		return
	}
	if err := w.UnmarshalText([]byte(s)); err != nil {
		r.complain(place(n), path, err.Error(), w.Form())
	}
}

// kind names what a node is, where it should be something else.
func kind(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a block of keys"
	}
	return "a single value"
}

func (r *reader) scalar(path string, n ast.Node, dst reflect.Value, tag reflect.StructTag) {
	s, ok := text(n)
	wrong := func(want string) { r.complain(place(n), path, "is "+kind(n), want) }
	switch dst.Kind() {
	case reflect.Bool:
		if n.Type() != ast.BoolType {
			r.complain(place(n), path, quoted(n, s, ok), "true or false")
			return
		}
		dst.SetBool(n.(*ast.BoolNode).Value)
	case reflect.Int:
		low, high := bounds(tag)
		v, err := strconv.Atoi(s)
		if !ok || err != nil || v < low || v > high {
			r.complain(place(n), path, quoted(n, s, ok), fmt.Sprintf("a whole number from %d to %d", low, high))
			return
		}
		dst.SetInt(int64(v))
	case reflect.String:
		if !ok {
			wrong("a text")
			return
		}
		r.word(path, n, s, dst, tag)
	default:
		panic("strictyaml: no form for " + dst.Type().String())
	}
}

// word reads a text, free or one of a few.
func (r *reader) word(path string, n ast.Node, s string, dst reflect.Value, tag reflect.StructTag) {
	if w, ok := dst.Interface().(Worded); ok && !slices.Contains(w.Words(), s) {
		r.problems = append(r.problems, Problem{Place: place(n), Path: path, What: fmt.Sprintf("%q is not known", s)}.Choice(s, w.Words()))
		return
	}
	limit := maxText
	if v, err := strconv.Atoi(tag.Get("max")); err == nil {
		limit = v
	}
	switch {
	case utf8.RuneCountInString(s) > limit:
		r.complain(place(n), path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(s)), fmt.Sprintf("at most %d", limit))
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' }):
		r.complain(place(n), path, "holds control characters", "plain text")
	case strings.TrimSpace(s) == "":
		r.complain(place(n), path, "is empty", "a text")
	default:
		dst.SetString(s)
	}
}

func quoted(n ast.Node, s string, ok bool) string {
	if !ok {
		return "is " + kind(n)
	}
	return fmt.Sprintf("is %q", s)
}

func bounds(tag reflect.StructTag) (low, high int) {
	high = 1_000_000
	if v, err := strconv.Atoi(tag.Get("min")); err == nil {
		low = v
	}
	if v, err := strconv.Atoi(tag.Get("max")); err == nil {
		high = v
	}
	return low, high
}

// list reads a list, or its only element where that is a scalar.
func (r *reader) list(path string, n ast.Node, dst reflect.Value, tag reflect.StructTag) {
	items := []ast.Node{n}
	if seq, ok := n.(*ast.SequenceNode); ok {
		items = seq.Values
	} else if _, ok := text(n); !ok || !single(dst.Type().Elem()) {
		r.complain(place(n), path, "is "+kind(n), "a list")
		return
	}
	out := reflect.MakeSlice(dst.Type(), len(items), len(items))
	for i, item := range items {
		p := fmt.Sprintf("%s[%d]", path, i)
		if item == nil || !r.value(p, item, out.Index(i), tag) {
			r.complain(r.doc.At(path), p, "is empty", "a value")
		}
	}
	dst.Set(out)
}

// single tells whether a type is written as one scalar.
func single(t reflect.Type) bool {
	return isWritten(t) || t.Kind() != reflect.Struct && t.Kind() != reflect.Map && t.Kind() != reflect.Slice
}

// pairs lists the entries of a mapping and reports keys that occur twice.
func (r *reader) pairs(path string, n ast.Node) (out []*ast.MappingValueNode, ok bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		out = m.Values
	case *ast.MappingValueNode:
		out = []*ast.MappingValueNode{m}
	default:
		r.complain(place(n), path, "is "+kind(n), "a block of keys")
		return nil, false
	}
	seen := map[string]Place{}
	return slices.DeleteFunc(slices.Clone(out), func(p *ast.MappingValueNode) bool {
		key, at := keyOf(p), place(p.Key)
		if p.Key.IsMergeKey() {
			r.complain(at, path, "merging with << is not understood", "a whole value by its alias")
			return true
		}
		first, twice := seen[key]
		if twice {
			r.complain(at, join(path, key), fmt.Sprintf("occurs twice, first in line %d", first.Line), "each key once")
		} else {
			seen[key] = at
		}
		return twice
	}), true
}

func keyOf(p *ast.MappingValueNode) string {
	if s, ok := text(p.Key); ok && p.Key.GetToken().Type != token.MappingKeyType {
		return s
	}
	return p.Key.String()
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// object reads a struct.
func (r *reader) object(path string, n ast.Node, dst reflect.Value) {
	entries, ok := r.pairs(path, n)
	if !ok {
		return
	}
	fields, have := fieldsOf(dst.Type()), map[string]bool{}
	for _, p := range entries {
		key := keyOf(p)
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
		if i < 0 {
			r.problems = append(r.problems, Problem{Place: place(p.Key), Path: path, What: fmt.Sprintf("unknown key %q", key)}.Choice(key, keys(fields)))
			continue
		}
		have[key] = r.value(join(path, key), p.Value, dst.Field(fields[i].index), fields[i].tag)
		if !have[key] {
			r.doc.places[join(path, key)] = place(p.Key)
		}
	}
	for _, f := range fields {
		if f.required && !have[f.key] {
			r.complain(r.doc.At(path), path, fmt.Sprintf("has no %s", f.key), f.desc)
		}
	}
}

// table reads a map, whose keys are names or have a written form.
func (r *reader) table(path string, n ast.Node, dst reflect.Value) {
	entries, ok := r.pairs(path, n)
	if !ok {
		return
	}
	t := dst.Type()
	out := reflect.MakeMapWithSize(t, len(entries))
	for _, p := range entries {
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		at, before := join(path, keyOf(p)), len(r.problems)
		if !r.value(at, p.Key, key, "") {
			r.complain(place(p.Key), at, "is empty", "a name")
		}
		if len(r.problems) > before {
			continue
		}
		if !r.value(at, p.Value, value, "") { // a date without hours must not become a closed day
			r.complain(place(p.Key), at, "is empty", "a value")
		}
		r.doc.places[at] = place(p.Key)
		out.SetMapIndex(key, value)
	}
	dst.Set(out)
}

// field is one key of a struct.
type field struct {
	key, desc string
	index     int
	required  bool
	tag       reflect.StructTag
}

func fieldsOf(t reflect.Type) (out []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" {
			out = append(out, field{key, f.Tag.Get("desc"), i, f.Tag.Get("required") == "true", f.Tag})
		}
	}
	return out
}

func keys(fields []field) (out []string) {
	for _, f := range fields {
		out = append(out, f.key)
	}
	return out
}
