package archtest

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path that go.mod declares.
const module = "gongdan"

// source is one parsed file.
type source struct {
	dir     string // package path below the module: "bot/slackapi"
	name    string
	test    bool
	ignored bool // left out of every build by its constraint: a generator
	lines   int
	fset    *token.FileSet
	ast     *ast.File
}

// at names a place in the file.
func (s source) at(pos token.Pos) string {
	return path.Join(s.dir, s.name) + ":" + strconv.Itoa(s.fset.Position(pos).Line)
}

// imports maps the name under which the file knows a package to its path.
func (s source) imports() map[string]*ast.ImportSpec {
	out := map[string]*ast.ImportSpec{}
	for _, spec := range s.ast.Imports {
		out[path.Base(importPath(spec))] = spec
		if spec.Name != nil {
			out[spec.Name.Name] = spec
		}
	}
	return out
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// parse reads one file from text.
func parse(dir, name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{
		dir: dir, name: name, test: strings.HasSuffix(name, "_test.go"),
		ignored: strings.Contains(text, "//go:build ignore"),
		lines:   strings.Count(text, "\n"), fset: fset, ast: file,
	}, err
}

// root walks up to the folder that holds go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// isModule says whether a folder is a module of its own, to which the rules of this one do not apply.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// tree reads every Go file of the module through os, which the test cache tracks: a changed or new file runs the
// rules again.
func tree(t *testing.T) []source {
	t.Helper()
	base := root(t)
	var files []source
	err := filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since the folder was listed
			return nil
		case err != nil:
			return err
		case d.IsDir() && p != base && (skipped(d.Name()) || isModule(p)):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(p) != ".go":
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, p)
		if err != nil {
			return err
		}
		dir, name := path.Split(filepath.ToSlash(rel))
		s, err := parse(strings.TrimSuffix(dir, "/"), name, string(text))
		if err != nil {
			t.Errorf("%s: %v", rel, err)
			return nil
		}
		files = append(files, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func skipped(dir string) bool {
	return dir == "testdata" || dir == "dist" || strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

// within tells whether a package is one of the list; "x/…" takes everything beneath x, "…" everything.
func within(dir string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool {
		prefix, wild := strings.CutSuffix(p, "…")
		return dir == p || wild && strings.HasPrefix(dir+"/", prefix)
	})
}
