package desk

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"vitrine/index/search"
	"vitrine/viewer/code"
)

func colourAll(t *testing.T, src code.Source, file string) [][]code.Token {
	t.Helper()
	var out [][]code.Token
	err := colour(context.Background(), src, file, func(c colouring) {
		if c.From != len(out)+1 {
			t.Fatalf("a slice begins at line %d, want %d", c.From, len(out)+1)
		}
		out = append(out, c.Lines...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// longC is C with comments and strings of several lines, long enough for
// several slices.
func longC() byteLines {
	var b bytes.Buffer
	for i := 0; b.Len() < 5*colourSlice; i++ {
		fmt.Fprintf(&b, "/* comment %d\n   int not_code;\n%s*/\nstatic int f%d(const char *s) { return s[0] == '\"' ? %d : 0; }\n", i, strings.Repeat("   more of it\n", i%40), i, i)
	}
	return linesIn(b.Bytes())
}

// TestColoursDoNotDependOnSlices: a slice starts where chroma, which keeps no
// state between calls, sees what it would have seen anyway.
func TestColoursDoNotDependOnSlices(t *testing.T) {
	src := longC()
	got := colourAll(t, src, "x.c")
	if len(got) != src.Lines() {
		t.Fatalf("%d lines coloured of %d", len(got), src.Lines())
	}
	whole, _, err := lexSlice(lexerFor("x.c"), string(bytes.Join(src, []byte("\n")))+"\n", src.Lines())
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if !reflect.DeepEqual(plainly(got[i]), plainly(whole[i])) {
			t.Fatalf("line %d, %q: %v in slices, %v at once", i+1, src.Line(i+1), got[i], whole[i])
		}
	}
}

// plainly joins neighbours of one class: coalescing differs at slice borders.
func plainly(toks []code.Token) (out []code.Token) {
	for _, t := range toks {
		if n := len(out); n > 0 && out[n-1].To == t.From && out[n-1].Class == t.Class {
			out[n-1].To = t.To
			continue
		}
		out = append(out, t)
	}
	return out
}

func TestTokensStayInTheirLines(t *testing.T) {
	for file, text := range map[string]string{
		"a.go": "package a\n\nvar s = `raw\nstring`\n", "a.py": "def f():\n\t\"\"\"doc\n\tdoc\"\"\"\n", "a.c": "#define X \\\n 1\n/* open",
		"CMakeLists.txt": "project(x)\n", "a.json": "{\"a\": [1, true]}\n", "unknown.zzz": "nothing", "latin.c": "// \xff\xfe é\nint x;\n", "crlf.c": "int a;\r\nint b;\r\n",
	} {
		src := linesIn([]byte(text))
		for i, toks := range colourAll(t, src, file) {
			line, at := src.Line(i+1), 0
			for _, tok := range toks {
				if tok.From < at || tok.To <= tok.From || tok.To > len(line) {
					t.Errorf("%s line %d %q: tokens %v", file, i+1, line, toks)
				}
				at = tok.To
			}
		}
	}
}

func TestLanguageByName(t *testing.T) {
	for file, want := range map[string]string{
		"a/b.c": "C", "x.h": "C", "main.go": "Go", "t.py": "Python", "CMakeLists.txt": "CMake", "README.md": "markdown", "LICENSE": "Plain text", "x.zzz": "Plain text",
	} {
		if got := language(file); !strings.EqualFold(got, want) {
			t.Errorf("%s is %s, want %s", file, got, want)
		}
	}
	for i := range 2 * maxLexerNames {
		lexerFor(fmt.Sprintf("f.x%d", i))
	}
	if n := len(lexerNames.m); n > maxLexerNames {
		t.Errorf("%d names remembered, want at most %d", n, maxLexerNames)
	}
}

func TestColouringStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := colour(ctx, longC(), "x.c", func(colouring) { t.Error("coloured after the end") }); err == nil {
		t.Error("no error of a cancelled colouring")
	}
}

func TestSlideKeepsTheMatchInSight(t *testing.T) {
	for _, c := range []struct {
		text, find string
		width      int
	}{
		{"int total = 0;", "total", 40}, {strings.Repeat("x", 100) + "total", "total", 40}, {strings.Repeat("é", 100) + "total" + "é", "total", 40},
		{"total" + strings.Repeat(" ", 100), "total", 40}, {strings.Repeat("y", 30) + "total", "total", 3},
	} {
		at := strings.Index(c.text, c.find)
		text, marks := slide(c.text, [][2]int{{at, at + len(c.find)}}, c.width)
		if text[marks[0][0]:marks[0][1]] != c.find || !utf8.ValidString(text) {
			t.Errorf("%q marks %v", text, marks)
		}
		if seen := utf8.RuneCountInString(text[:marks[0][1]]); c.width >= 8 && seen > c.width {
			t.Errorf("%q ends at character %d of %d", c.find, seen, c.width)
		}
	}
}

// TestKeepShowsTheMatch: whatever the line, what is kept of it shows its first
// match, and marks the same text.
func TestKeepShowsTheMatch(t *testing.T) {
	for name, c := range map[string]struct{ text, find string }{
		"plain": {"int total = 0;", "total"}, "indented": {"\t\t  total += 4;", "total"}, "match in the indent": {"    x", "  "},
		"minified":  {strings.Repeat("var a=1;", 50_000) + "total" + strings.Repeat(";b()", 9000), "total"},
		"two bytes": {strings.Repeat("é", 1000) + "total" + strings.Repeat("ü", 1000), "total"}, "carriage return": {"total\r", "total"},
	} {
		at := strings.Index(c.text, c.find)
		h := keep(search.Hit{Line: 3, Text: []byte(c.text), Matches: [][2]int{{at, at + len(c.find)}}})
		if len(h.text) > maxHitText || len(h.marks) != 1 || h.text[h.marks[0][0]:h.marks[0][1]] != c.find {
			t.Errorf("%s: %d bytes, marks %v", name, len(h.text), h.marks)
		}
		if want := (code.Range{From: code.Pos{Line: 3, Col: at + 1}, To: code.Pos{Line: 3, Col: at + 1 + len(c.find)}}); h.ranges[0] != want || h.col != at+1 {
			t.Errorf("%s: range %v, column %d", name, h.ranges[0], h.col)
		}
	}
}
