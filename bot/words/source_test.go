package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// constants are the ids declared in the files of ids: name → id.
func constants(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*ids.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			if lit, ok := v.Values[0].(*ast.BasicLit); ok {
				out[v.Names[0].Name], _ = strconv.Unquote(lit.Value)
			}
			return true
		})
	}
	if len(out) < 100 {
		t.Fatalf("only %d ids found in %v", len(out), files)
	}
	return out
}

// sources parses the Go files below a folder, tests excepted.
func sources(t *testing.T, root string, visit func(path string, fset *token.FileSet, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(path), fset, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryMessageIsUsed finds sentences that nothing says any more.
func TestEveryMessageIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, root := range []string{"../", "../../cmd"} {
		if _, err := os.Stat(root); err != nil {
			continue
		}
		sources(t, root, func(_ string, _ *token.FileSet, f *ast.File) {
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "words" {
						used[s.Sel.Name] = true
					}
				}
				return true
			})
		})
	}
	for name, id := range constants(t) {
		if !used[name] {
			t.Errorf("%s (words.%s) is translated and never said", id, name)
		}
	}
}

// speaking are the packages whose words people see.
var speaking = []string{"../", "../slackapi"}

// dialog are the two buttons of the chat's own confirmation, which its adapter supplies in the message's language.
var dialog = map[string]bool{"确定": true, "取消": true}

// TestNothingBypassesTheCatalogue finds words for people that are written into the code.
func TestNothingBypassesTheCatalogue(t *testing.T) {
	t.Parallel()
	for _, dir := range speaking {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for pos, text := range bypassing(f) {
				if dialog[text] {
					continue
				}
				t.Errorf("%s: %q belongs in the catalogue", fset.Position(pos), text)
			}
		}
	}
}

// visible are the fields of views and of Slack's blocks that people read.
var visible = map[string]bool{"Summary": true, "Header": true, "Footer": true, "Text": true, "Label": true, "Confirm": true,
	"Tags": true, "Title": true, "Submit": true, "Deny": true, "Placeholder": true, "AltText": true}

// blockMakers are calls whose text argument people read, with its place.
var blockMakers = map[string]int{"NewTextBlockObject": 1, "MsgOptionText": 0}

func bypassing(f *ast.File) map[token.Pos]string {
	out := map[token.Pos]string{}
	check := func(e ast.Expr) {
		if text, ok := literal(e); ok && strings.ContainsFunc(text, unicode.IsLetter) {
			out[e.Pos()] = text
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok && strings.ContainsFunc(text, chinese) {
				out[n.Pos()] = text
			}
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && visible[k.Name] {
				check(n.Value)
			}
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok {
				if at, ok := blockMakers[s.Sel.Name]; ok && len(n.Args) > at {
					check(n.Args[at])
				}
			}
		}
		return true
	})
	return out
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// chinese are ideographs and the punctuation that goes with them.
func chinese(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3001 && r <= 0x303f || r >= 0xff01 && r <= 0xff60
}

// TestBypassingIsNoticed shows that the search finds what it should.
func TestBypassingIsNoticed(t *testing.T) {
	t.Parallel()
	src := "package x\nvar a = View{Header: \"Hello\", ID: \"ok\", Text: \" · \"}\nvar b = \"工单\"\nvar c = slack.NewTextBlockObject(\"mrkdwn\", \"hi\", false, false)\nvar d = '、'\n"
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := bypassing(f); len(got) != 3 {
		t.Errorf("bypassing = %v, want Hello, 工单 and hi", got)
	}
}
