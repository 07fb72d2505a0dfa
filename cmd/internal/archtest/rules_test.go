package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// rule looks at the whole tree and says what is wrong, one line each.
type rule func([]source) []string

// rules are all of them; each name is a subtest.
var rules = map[string]rule{
	"package listed and named":   each(listed),
	"imports of the project":     each(ownImports),
	"outside libraries":          each(outsideImports),
	"no init":                    each(noInit),
	"no sleeping":                each(noSleep),
	"clock passed in":            each(noClock),
	"environment in one package": each(noEnvironment),
	"no testing in the binary":   each(noTesting),
	"file length":                each(shortFile),
	"one package comment":        onePackageComment,
}

// each turns a rule about a file into one about the tree.
func each(check func(source) []string) rule {
	return func(files []source) (bad []string) {
		for _, s := range files {
			bad = append(bad, check(s)...)
		}
		return bad
	}
}

func listed(s source) (bad []string) {
	if _, ok := packages[s.dir]; !ok {
		bad = append(bad, fmt.Sprintf("%s/%s: package %q is not in the table of archtest/table_test.go", s.dir, s.name, s.dir))
	}
	if slices.Contains(badNames, path.Base(s.dir)) {
		bad = append(bad, fmt.Sprintf("%s: a package name must say what the package owns", s.dir))
	}
	return bad
}

func ownImports(s source) (bad []string) {
	for _, spec := range s.ast.Imports {
		to, own := ownPath(importPath(spec))
		if !own || to == s.dir {
			continue
		}
		for _, n := range never {
			if under(s.dir, n.from) && under(to, n.to) && !under(to, n.from) { // what lies beneath it is its own
				bad = append(bad, fmt.Sprintf("%s: %s must never import %s: %s", s.at(spec.Pos()), s.dir, to, n.why))
			}
		}
		if !s.test && !s.ignored && !slices.Contains(packages[s.dir], to) {
			bad = append(bad, fmt.Sprintf("%s: %s may not import %s; the table lists %v", s.at(spec.Pos()), s.dir, to, packages[s.dir]))
		}
	}
	return bad
}

// ownPath strips the module's path.
func ownPath(p string) (string, bool) {
	rest, ok := strings.CutPrefix(p, module+"/")
	return rest, ok || p == module
}

// under tells whether a package is the other or lies beneath it; everything lies beneath "".
func under(dir, top string) bool { return top == "" || strings.HasPrefix(dir+"/", top+"/") }

func outsideImports(s source) (bad []string) {
	for _, spec := range s.ast.Imports {
		p := importPath(spec)
		if _, own := ownPath(p); own || !strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
			continue // ours, or the standard library
		}
		lib, owners := owner(p)
		switch {
		case lib == "":
			bad = append(bad, fmt.Sprintf("%s: outside library %s has no owner in archtest/table_test.go", s.at(spec.Pos()), p))
		case within(s.dir, owners), s.test && within(s.dir, testLibraries[lib]):
		default:
			bad = append(bad, fmt.Sprintf("%s: %s may not import %s; it belongs to %v", s.at(spec.Pos()), s.dir, lib, owners))
		}
	}
	return bad
}

// owner finds the library that a path belongs to.
func owner(p string) (lib string, owners []string) {
	for l, o := range libraries {
		if under(p, l) {
			return l, o
		}
	}
	return "", nil
}

func noInit(s source) (bad []string) {
	for _, d := range s.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			bad = append(bad, s.at(f.Pos())+": func init hides an order of start; construct things in New")
		}
	}
	return bad
}

// noSleep allows sleeping only in tests that run in virtual time.
func noSleep(s source) (bad []string) {
	_, virtual := s.imports()["synctest"]
	if s.test && virtual {
		return nil
	}
	for _, u := range uses(s, "time") {
		if u.name == "Sleep" {
			bad = append(bad, s.at(u.node.Pos())+": time.Sleep; wait on a channel or a timer, or test in testing/synctest")
		}
	}
	return bad
}

func noClock(s source) (bad []string) {
	if s.test || s.ignored || within(s.dir, clockCallers) || within(s.dir, testKits) {
		return nil
	}
	deadlines := deadlineCalls(s)
	for _, u := range uses(s, "time") {
		if slices.ContainsFunc(deadlines, func(c *ast.CallExpr) bool { return c.Pos() <= u.node.Pos() && u.node.End() <= c.End() }) {
			continue
		}
		if u.called && u.name == "Now" || u.name == "Since" || u.name == "Until" {
			bad = append(bad, fmt.Sprintf("%s: time.%s reads the clock; take now as an argument or hold Now func() time.Time", s.at(u.node.Pos()), u.name))
		}
	}
	return bad
}

// deadlineCalls finds the calls that set a network connection's deadline, which is an instant of the wall clock
// whatever time the program lives in.
func deadlineCalls(s source) (calls []*ast.CallExpr) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			sel, ok := c.Fun.(*ast.SelectorExpr)
			if ok && slices.Contains([]string{"SetDeadline", "SetReadDeadline", "SetWriteDeadline", "WriteControl"}, sel.Sel.Name) {
				calls = append(calls, c)
			}
		}
		return true
	})
	return calls
}

func noEnvironment(s source) (bad []string) {
	if s.test || s.ignored || within(s.dir, environmentReaders) || within(s.dir, testKits) {
		return nil
	}
	for _, u := range uses(s, "os") {
		reads := slices.Contains([]string{"Getenv", "LookupEnv", "ExpandEnv", "Setenv"}, u.name)
		if reads || u.name == "Environ" && !within(s.dir, environmentCopiers) {
			bad = append(bad, fmt.Sprintf("%s: os.%s; the environment is read in %v", s.at(u.node.Pos()), u.name, environmentReaders))
		}
	}
	return bad
}

func noTesting(s source) (bad []string) {
	if s.test || within(s.dir, testKits) {
		return nil
	}
	for _, spec := range s.ast.Imports {
		if p := importPath(spec); under(p, "testing") && p != "testing/fstest" || p == "net/http/httptest" {
			bad = append(bad, fmt.Sprintf("%s: %s belongs to tests, not to the program", s.at(spec.Pos()), p))
		}
	}
	return bad
}

func shortFile(s source) []string {
	if s.test || s.lines <= maxLines {
		return nil
	}
	return []string{fmt.Sprintf("%s/%s: %d lines; split at %d", s.dir, s.name, s.lines, maxLines)}
}

// onePackageComment wants one comment per package, which begins as godoc shows it.
func onePackageComment(files []source) (bad []string) {
	comments, starts := map[string][]string{}, map[string]string{}
	for _, s := range files {
		if s.ignored || strings.HasSuffix(s.ast.Name.Name, "_test") {
			continue
		}
		comments[s.dir] = append(comments[s.dir], nil...) // seen
		starts[s.dir] = "Package " + s.ast.Name.Name + " "
		if s.ast.Name.Name == "main" {
			starts[s.dir] = "Command " + path.Base(s.dir) + " "
		}
		if s.ast.Doc != nil {
			comments[s.dir] = append(comments[s.dir], s.ast.Doc.Text())
		}
	}
	for dir, found := range comments {
		switch {
		case len(found) != 1:
			bad = append(bad, fmt.Sprintf("%s: %d package comments, want one: what it owns and what it must not know", dir, len(found)))
		case !strings.HasPrefix(found[0], starts[dir]):
			bad = append(bad, fmt.Sprintf("%s: package comment begins %.30q, want %q", dir, found[0], starts[dir]))
		}
	}
	return bad
}

// use is one mention of a name of an imported package.
type use struct {
	node   ast.Node
	name   string
	called bool
}

// uses finds every mention of a standard package's names in the file.
func uses(s source, pkg string) (found []use) {
	local := ""
	for name, spec := range s.imports() {
		if importPath(spec) == pkg && (spec.Name == nil || spec.Name.Name == name) {
			local = name
		}
	}
	if local == "" {
		return nil
	}
	calls := map[ast.Expr]bool{}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			calls[c.Fun] = true
		}
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == local {
				found = append(found, use{sel, sel.Sel.Name, calls[sel]})
			}
		}
		return true
	})
	return found
}
