package symbol

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vitrine/index/lex"
)

var update = flag.Bool("update", false, "write what is found into testdata/outline")

// TestOutline compares the outlines of texts with what stands beside them: in
// each archive a source file and "want", a line for each symbol and import.
func TestOutline(t *testing.T) {
	archives, err := filepath.Glob("testdata/outline/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil || len(a.Files) != 2 {
				t.Fatalf("%d files: %v", len(a.Files), err)
			}
			text := a.Files[0].Data
			l := lex.Detect(a.Files[0].Name, text)
			o, err := Extract(context.Background(), l, text)
			if err != nil {
				t.Fatal(err)
			}
			check(t, l, text, o)
			got := show(o, text)
			if *update {
				a.Files[1].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(a.Files[1].Data); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

var kindNames = []string{"", "function", "prototype", "method", "class", "struct", "union", "interface", "enum", "type", "field", "enumerator", "macro", "constant", "variable", "module"}

// show writes an outline: the lines of the name and the whole, kind, scope and
// name, signature, conditions, and the leading comment.
func show(o *Outline, text []byte) string {
	var b strings.Builder
	line := func(offset int) int { return 1 + strings.Count(string(text[:offset]), "\n") }
	for _, s := range o.Symbols {
		fmt.Fprintf(&b, "%d %d-%d %s [%s] %s: %s", s.Line, line(s.BodyStart), line(s.BodyEnd), kindNames[s.Kind], s.Scope, s.Name, s.Signature)
		if len(s.Conditions) > 0 {
			fmt.Fprintf(&b, " #if %s", strings.Join(s.Conditions, " / "))
		}
		if s.DocStart < s.DocEnd {
			fmt.Fprintf(&b, " %.24q", text[s.DocStart:s.DocEnd])
		}
		b.WriteByte('\n')
	}
	for _, i := range o.Imports {
		fmt.Fprintf(&b, "%d import %s %v\n", i.Line, i.Path, i.System)
	}
	return b.String()
}
