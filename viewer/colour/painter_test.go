package colour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/dlclark/regexp2/v2"

	"vitrine/index/lex"
	"vitrine/viewer/code"
)

// TestMain stops both clocks: what a grammar gives must not depend on how busy the machine is.
func TestMain(m *testing.M) {
	regexp2.SetTimeoutCheckPeriod(time.Hour) // chroma's 250 ms for a match never pass
	still := time.Unix(1, 0)
	Now = func() time.Time { return still }
	os.Exit(m.Run())
}

// lexicalOf scans a text as a document does.
func lexicalOf(file string, b []byte) func(context.Context) (Lexical, error) {
	return func(context.Context) (Lexical, error) {
		l := lex.Detect(file, b)
		if l == nil {
			return Lexical{}, nil
		}
		return Lexical{lex.NewMap(l, b), lex.NewStructure(l, b)}, nil
	}
}

// wholly is what chroma itself gives for the whole text.
func wholly(t *testing.T, file string, text *Lines) [][]code.Token {
	t.Helper()
	it, err := lexerFor(file).Tokenise(&chroma.TokeniseOptions{State: root}, strings.ReplaceAll(string(text.b), "\r\n", "\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSheet(text, 1, text.Lines(), nil)
	s.begin(0)
	for tok := it(); tok != chroma.EOF; tok = it() {
		s.add(tok)
	}
	return s.lines
}

// asked is what a painter says of some lines: at first, and in the end.
func asked(t *testing.T, p *Painter, from, to int) (first, last [][]code.Token) {
	t.Helper()
	last = make([][]code.Token, to-from+1)
	told := 0
	err := p.Lines(context.Background(), from, to, func(s Slice) {
		copy(last[s.From-from:], s.Lines)
		if told = max(told, s.From+len(s.Lines)-from); told == len(last) && first == nil {
			first = slices.Clone(last)
		}
	})
	if err != nil {
		t.Fatalf("lines %d to %d of %s: %v", from, to, p.file, err)
	}
	return first, last
}

// longC is C with comments and strings of several lines, functions, and what is left out.
func longC(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "/* comment %d\n   int not_code;\n%s*/\nstatic int\nf%d(const char *s)\n{\n\tif (s[0] == '\"') {\n\t\treturn \"%d \\\n more\"[0];\n\t} else if (g(s)) {\n\t\tfor (;;) {\n\t\t}\n\t}\n\treturn 0;\n}\n#if 0\nleft out { \"\n#else\n#define X(a) \\\n\t(a + \"s\")\n#endif\n",
			i, strings.Repeat("   more of it\n", i%40), i, i)
	}
	return b.Bytes()
}

// TestAnywhereAsWhole: whichever lines are asked for first, their tokens are those that
// chroma gives for the whole text.
func TestAnywhereAsWhole(t *testing.T) {
	size := 120_000
	if raced {
		size = 40_000 // more than near
	}
	b := longC(size)
	for name, b := range map[string][]byte{"x.c": b, "crlf.c": bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")), "no_end.c": bytes.TrimSuffix(b, []byte("\n"))} {
		text := InLines(b)
		want := wholly(t, name, text)
		p := NewPainter(name, text, lexicalOf(name, b))
		for _, from := range []int{text.Lines() - 50, text.Lines() / 2, 1, text.Lines() / 3, text.Lines()/2 + 30} {
			to := min(from+60, text.Lines())
			first, last := asked(t, p, from, to)
			for n := from; n <= to; n++ {
				if !slices.Equal(last[n-from], want[n-1]) {
					t.Fatalf("%s, line %d of those from %d, %q: %v, whole %v", name, n, from, text.Line(n), last[n-from], want[n-1])
				}
				if !slices.Equal(first[n-from], want[n-1]) {
					t.Errorf("%s, line %d of those from %d, %q: guessed %v, whole %v", name, n, from, text.Line(n), first[n-from], want[n-1])
				}
			}
		}
	}
}

// TestFarAwayIsGuessed: beyond maxSettle nothing above is read but some pages.
func TestFarAwayIsGuessed(t *testing.T) {
	b := longC(3 << 20)
	text := InLines(b)
	p := NewPainter("x.c", text, lexicalOf("x.c", b))
	at := text.Lines() - 100
	_, last := asked(t, p, at, at+50)
	if len(p.marks) > 1 {
		t.Errorf("%d marks: it was read from the top", len(p.marks))
	}
	if slices.IndexFunc(last, func(row []code.Token) bool { return len(row) > 0 }) < 0 {
		t.Error("no colours")
	}
}

// TestBeginsInsideOfALongComment: what is asked for may lie in a comment of many pages.
func TestBeginsInsideOfALongComment(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("int a;\n/*\n")
	for b.Len() < 200_000 {
		b.WriteString("int not_code = \"it's\";\n")
	}
	b.WriteString("*/\nint b;\n")
	text := InLines(b.Bytes())
	p := NewPainter("x.c", text, lexicalOf("x.c", b.Bytes()))
	_, last := asked(t, p, text.Lines()-100, text.Lines())
	if row := last[10]; len(row) != 1 || row[0].Class != code.Comment {
		t.Errorf("in the comment: %v", row)
	}
	if row := last[100]; len(row) < 2 || row[0].Class != code.Type {
		t.Errorf("behind it: %v", row)
	}
}

// TestOneLongLine: a minified script is coloured, and told of before its end is reached.
func TestOneLongLine(t *testing.T) {
	n := 5_000
	if raced {
		n = 3_000 // three stretches behind longLine
	}
	b := []byte(strings.Repeat(`function f(a){return a.b("c")+1};`, n))
	p := NewPainter("x.min.js", InLines(b), nil)
	told := 0
	var last []code.Token
	if err := p.Lines(context.Background(), 1, 1, func(s Slice) { told, last = told+1, s.Lines[0] }); err != nil {
		t.Fatal(err)
	}
	if told < 3 || len(last) < 5*n || last[len(last)-1].To != len(b) {
		t.Errorf("told %d times, %d tokens", told, len(last))
	}
}

func TestTokensStayInTheirLines(t *testing.T) {
	for file, text := range map[string]string{
		"a.go": "package a\n\nvar s = `raw\nstring`\n", "a.py": "def f():\n\t\"\"\"doc\n\tdoc\"\"\"\n", "a.c": "#define X \\\n 1\n/* open",
		"CMakeLists.txt": "project(x)\n", "a.json": "{\"a\": [1, true]}\n", "latin.c": "// \ufffd\ufffd é\nint x;\n", "crlf.c": "int a;\r\nint b;\r\n",
		"cr.c": "int a;\rint b;\n", "page.php": "<p>\n<?php echo 1; // x\n?>\n</p>\n", "front.md": "---\na: 1\n---\n# x\n",
	} {
		src := InLines([]byte(text))
		_, rows := asked(t, NewPainter(file, src, nil), 1, src.Lines())
		coloured := false
		for i, toks := range rows {
			line, at := src.Line(i+1), 0
			for _, tok := range toks {
				coloured = true
				if tok.From < at || tok.To <= tok.From || tok.To > len(line) {
					t.Errorf("%s line %d %q: tokens %v", file, i+1, line, toks)
				}
				at = tok.To
			}
		}
		if !coloured {
			t.Errorf("%s has no colours", file)
		}
	}
}

func TestLanguageByName(t *testing.T) {
	for file, want := range map[string]string{
		"a/b.c": "C", "x.h": "C", "main.go": "Go", "t.py": "Python", "CMakeLists.txt": "CMake", "README.md": "markdown", "LICENSE": "Plain text", "x.zzz": "Plain text",
	} {
		if got := Language(file); !strings.EqualFold(got, want) {
			t.Errorf("%s is %s, want %s", file, got, want)
		}
	}
	for i := range maxLexerNames {
		lexerNames.m[fmt.Sprintf("*.x%d", i)] = nil
	}
	lexerFor("f.x")
	if n := len(lexerNames.m); n > maxLexerNames {
		t.Errorf("%d names remembered, want at most %d", n, maxLexerNames)
	}
	if NewPainter("LICENSE", InLines(nil), nil) != nil {
		t.Error("a text without a grammar has a painter")
	}
}

func TestColouringStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := longC(1000)
	p := NewPainter("x.c", InLines(b), nil)
	if err := p.Lines(ctx, 1, 10, func(Slice) { t.Error("coloured after the end") }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled colouring: %v", err)
	}
	if asked(t, p, 1, 10); p.failures > 0 {
		t.Error("being cancelled counts as a failure")
	}
}

// TestBadGrammars: a lexer that panics is an error each time, until it is not asked any more.
func TestBadGrammars(t *testing.T) {
	calls := 0
	bad := chroma.MustNewLexer(&chroma.Config{Name: "Bad"}, func() chroma.Rules {
		return chroma.Rules{root: {{Pattern: `.`, Type: chroma.Text, Mutator: chroma.MutatorFunc(func(*chroma.LexerState) error {
			calls++
			panic("out of states")
		})}}}
	})
	p := NewPainter("x.c", InLines([]byte("abc\n")), nil)
	p.machine = newMachine(bad)
	for range 2 * maxFailures {
		err := p.Lines(context.Background(), 1, 1, func(Slice) { t.Error("coloured") })
		if err == nil || !strings.Contains(err.Error(), "failed") {
			t.Fatalf("a grammar that panics: %v", err)
		}
	}
	if calls != maxFailures {
		t.Errorf("it was asked %d times", calls)
	}
}

// TestSlowGrammars: a stretch that takes longer than maxStretch is given up, the file after
// maxFailures of them; a slow machine's are not.
func TestSlowGrammars(t *testing.T) {
	at, matches, each := time.Unix(1, 0), 0, time.Duration(0)
	still := Now
	Now = func() time.Time { return at }
	t.Cleanup(func() { Now = still })
	slow := chroma.MustNewLexer(&chroma.Config{Name: "Slow"}, func() chroma.Rules {
		return chroma.Rules{root: {{Pattern: `.|\n`, Type: chroma.Keyword, Mutator: chroma.MutatorFunc(func(*chroma.LexerState) error {
			matches++
			at = at.Add(each)
			return nil
		})}}}
	})
	p := NewPainter("x.c", InLines([]byte(strings.Repeat("x", 1000)+"\n")), nil)
	p.machine = newMachine(slow)
	each = maxStretch / 2000
	if err := p.Lines(context.Background(), 1, 1, func(Slice) {}); err != nil {
		t.Fatalf("half the time there is: %v", err)
	}
	each = maxStretch / 100
	for range 2 * maxFailures {
		matches = 0
		err := p.Lines(context.Background(), 1, 1, func(Slice) { t.Error("coloured") })
		if err == nil || !strings.Contains(err.Error(), "takes too long") {
			t.Fatalf("ten times the time there is: %v", err)
		}
		if matches > 200 {
			t.Errorf("given up after %d matches, want some more than 100", matches)
		}
	}
	if p.failures != maxFailures || matches > 0 {
		t.Errorf("%d failures, then %d matches; want %d, then none", p.failures, matches, maxFailures)
	}
}

// TestMarks: at the same offset chroma stands as it stood, however it came there.
func TestMarks(t *testing.T) {
	b := longC(100_000)
	text := InLines(b)
	p := NewPainter("x.c", text, nil)
	asked(t, p, 1, text.Lines())
	if len(p.marks) < 8 {
		t.Fatalf("%d marks", len(p.marks))
	}
	deep := false
	for i, m := range p.marks[1:] {
		deep = deep || len(m.stack) > 1
		if m.at-p.marks[i].at < markSpacing {
			t.Errorf("marks at %d and %d", p.marks[i].at, m.at)
		}
	}
	if !deep {
		t.Error("no mark is within anything: the test shows nothing")
	}
}
