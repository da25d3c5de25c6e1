package lex

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// goRoot is where Go is installed, "" if it does not say.
func goRoot() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// goroot calls f with the files of Go's own source, of which every machine
// that runs this test has a copy.
func goroot(t *testing.T, f func(path string, text []byte)) {
	walk(t, filepath.Join(goRoot(), "src"), f)
}

func walk(t *testing.T, root string, f func(path string, text []byte)) {
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		n++
		if (testing.Short() || raced) && n%10 != 0 && filepath.Ext(path) == ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			f(path, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGoAgainstGoScanner: comments, strings and every other token of Go's
// source are those that go/scanner finds.
func TestGoAgainstGoScanner(t *testing.T) {
	l := ByID("go")
	files, checked := 0, 0
	goroot(t, func(path string, text []byte) {
		if filepath.Ext(path) != ".go" {
			return
		}
		want, ok := goRegions(text)
		if !ok {
			return // source that is wrong on purpose
		}
		files++
		i := 0
		for r := range NewMap(l, text).Regions(0, len(text)) {
			if r.Kind == Code {
				continue
			}
			if i >= len(want) || want[i] != r {
				t.Errorf("%s: region %d is %+v, want %+v", path, i, r, want[min(i, len(want)-1)])
				return
			}
			i++
		}
		if i != len(want) {
			t.Errorf("%s: %d regions, want %d", path, i, len(want))
		}
		checked += i
	})
	if files < 100 {
		t.Errorf("only %d files of Go's source were found", files)
	}
	t.Logf("%d comments and strings in %d files", checked, files)
}

func goRegions(text []byte) ([]Region, bool) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	good := true
	s.Init(file, text, func(token.Position, string) { good = false }, scanner.ScanComments)
	var rs []Region
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return rs, good
		}
		at := file.Offset(pos)
		switch tok {
		case token.COMMENT:
			n := len(lit)
			if strings.Contains(string(text[at:min(at+n+64, len(text))]), "\r") {
				return nil, false // go/scanner takes "\r" out of comments
			}
			rs = append(rs, Region{at, at + n, InComment})
		case token.STRING, token.CHAR:
			if tok == token.STRING && lit[0] == '`' && strings.Contains(string(text), "\r") {
				return nil, false
			}
			rs = append(rs, Region{at, at + len(lit), InString})
		}
	}
}

// TestRealFiles holds the invariants on everything in Go's source tree that has
// a language, and in C, Go, JavaScript and Python no bracket may be left over: a
// string or a comment misread would leave one. LEX_CORPUS names another tree to
// try besides; a bracket left over there is told, not held against us.
func TestRealFiles(t *testing.T) {
	seen := map[string]int{}
	try := func(path string, text []byte, complain func(string, ...any)) {
		l := Detect(path, text)
		if l == nil || len(text) > 1<<20 {
			return
		}
		seen[l.id]++
		if seen[l.id] > 150 {
			return
		}
		if err := check(l, text); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if n := unmatched(l, text); n > 0 {
			complain("%s: %d brackets without partner", path, n)
		}
	}
	goroot(t, func(path string, text []byte) {
		complain := t.Errorf
		if strings.Contains(path, "testdata") || !strings.Contains(".go .c .h .js .py", filepath.Ext(path)) {
			complain = t.Logf
		}
		try(path, text, complain)
	})
	if root := os.Getenv("LEX_CORPUS"); root != "" {
		clear(seen)
		walk(t, root, func(path string, text []byte) { try(path, text, t.Logf) })
		t.Log(seen)
		return
	}
	for _, id := range []string{"go", "c", "asm", "shell", "python", "javascript"} {
		if seen[id] == 0 {
			t.Errorf("no file of %s", id)
		}
	}
	t.Log(seen)
}

// unmatched counts the brackets that close nothing or are never closed.
func unmatched(l *Lang, text []byte) int {
	s := NewScanner(l, text)
	n := NewNesting(s)
	count := 0
	for t := s.Next(); t.Kind != EOF; t = s.Next() {
		depth := n.Depth()
		n.Add(t)
		if t.Kind != Punct || t.InDirective || n.Uncounted() {
			continue
		}
		if c := text[t.Start]; (c == ')' || c == ']' || c == '}') && n.Depth() != depth-1 {
			count++
		}
	}
	for _, e := range n.stack {
		if e.group != indentGroup {
			count++
		}
	}
	return count
}
