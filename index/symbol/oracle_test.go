package symbol

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// TestGoSource indexes a part of the Go toolchain's source and holds functions,
// methods and types against go/parser; then what resolves against what Go means.
func TestGoSource(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads a few MB")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(root)), "src")
	if _, err := os.Stat(src); err != nil {
		t.Fatal(err)
	}
	c := folder(t, src, func(p string) bool {
		return strings.HasSuffix(p, ".go") && !strings.Contains(p, "testdata") &&
			(strings.HasPrefix(p, "go/") || strings.HasPrefix(p, "net/") || strings.HasPrefix(p, "bytes/") || strings.HasPrefix(p, "fmt/"))
	})
	b := build(t, c)
	want, got := map[string]bool{}, map[string]bool{}
	for _, f := range c.listed["1.0"] {
		add := func(fset *token.FileSet, kind string, id *ast.Ident) {
			if id.Name != "_" {
				want[fmt.Sprintf("%s:%d %s %s", f.Path, fset.Position(id.Pos()).Offset, kind, id.Name)] = true
			}
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, f.Path, c.files["1.0"][f.Path], parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				add(fset, "func", d.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						add(fset, "type", s.Name)
					}
				}
			}
		}
		o, _, err := b.Outline(f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range o.Symbols {
			kind := ""
			switch thing(s.Kind) {
			case Function:
				kind = "func"
			case Type:
				kind = "type"
			}
			if kind != "" {
				got[fmt.Sprintf("%s:%d %s %s", f.Path, s.Start, kind, s.Name)] = true
			}
		}
	}
	missing := 0
	for w := range want {
		if !got[w] {
			if missing++; missing < 10 {
				t.Log("missing ", w)
			}
		}
	}
	if missing*100 > len(want) {
		t.Errorf("%d of %d functions and types are missing", missing, len(want))
	}
	resolves(t, b, c)
}

// resolves asks for what calls in go/format mean.
func resolves(t *testing.T, b built, c *corpus) {
	from := deposit.Place{Release: "1.0", Path: "go/format/format.go"}
	text := c.files["1.0"][from.Path]
	for use, want := range map[string]string{
		"parser.ParseFile(":       "go/parser/interface.go", // of an imported package
		"bytes.Buffer":            "bytes/buffer.go",
		"printer.Config{":         "go/printer/printer.go",
		"hasUnsortedImports(file": "go/format/format.go",   // of the same file
		"parse(fset":              "go/format/internal.go", // of the same package
	} {
		i := strings.Index(text, use)
		if i < 0 {
			t.Errorf("%s has no %s any more", from.Path, use)
			continue
		}
		i += strings.Index(use, ".") + 1
		list, _, err := b.Definitions(t.Context(), Question{From: from, Offset: i})
		if err != nil || len(list) == 0 {
			t.Errorf("%s: %v, %v", use, list, err)
			continue
		}
		if d := list[0]; d.Place.Path != want || !d.Resolved {
			t.Errorf("%s is %s, resolved %v, for %d", use, d.Place.Path, d.Resolved, d.Reason)
		}
	}
	id := ID{b.at(t, deposit.Place{Release: "1.0", Path: "bytes/buffer.go"}), -1}
	o, _, err := b.Outline(id.Blob)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range o.Symbols {
		if s.Name == "Buffer" && thing(s.Kind) == Type {
			id.N = i
		}
	}
	members, err := b.Members(t.Context(), id, "1.0")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range members {
		found[m.Name] = m.Resolved
	}
	for _, name := range []string{"buf", "ReadFrom", "Truncate", "WriteString"} {
		if !found[name] {
			t.Errorf("%s is no member of bytes.Buffer: %v", name, found)
		}
	}
	card, err := b.Card(id, "1.0")
	if err != nil || !strings.HasPrefix(card.Comment, "A Buffer is a variable-sized buffer of bytes") {
		t.Errorf("the card says %q, %v", card.Comment, err)
	}
}
