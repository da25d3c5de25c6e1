package symbol

import (
	"context"
	"strings"
	"testing"

	"vitrine/index/lex"
)

// pieces are what hostile texts are made of, repeated.
var pieces = []string{
	"a;", "(", "{", "}", "[", "<", ">", "a<", "template<", "template<=,", "struct a {", "struct a {};", "enum {", "a,", "class A{",
	"#if\n", "#if A\n#else\n", "#if 0\n", "#else\n", "#endif\n", "#if A\n#endif\n", "#define A\\\n", "#define A\n", "#include <a>\n", "// a\n", "/*", "/**/", "\"", "'",
	"f() {", "f(){}", "f(a) int a;", "f(a)\nint a;", "a::", "a::a(){}", "~", "operator ", "operator+(", "x = {", "x = {},", "MACRO(a)\n", "typedef struct {", "} a;",
	"struct a ", "f() struct ", "@a(", "@interface A\n", "- (a)b:(c)d {}", "[a]", "func ", "func (a b) c(", "type a struct {", "type (", "var (", "a b\n",
	"fn ", "fn a<", "impl ", "enum a { b {", "mod a {", "macro_rules! a {", "#[a]", "use ", "function ", "function a(", "class a {", "var a = (", "var a=1,", "a=>", "a = a = ",
	"({", "a: {", "a: function(){", "${", "`", "`${", "interface a {", "type a = ", "def a(", "def a():\n", " ", "\t", "\n", "class A:\n ", "a = b = ", "a: b", "import ",
	"from ", "case a(", "define a\n", "a: b\n", "sub a", "end\n", "begin ", "create table ", "rule a {", "\\\n", ";", "a ", "0", "\xff", "\u00e9",
}

// TestHostile holds the limits on texts that are made of one piece, and of two.
func TestHostile(t *testing.T) {
	const size = 1 << 14
	for _, l := range lex.Languages() {
		for i, p := range pieces {
			for _, text := range []string{strings.Repeat(p, size/len(p)), strings.Repeat(p+pieces[(7*i+3)%len(pieces)], size/16)} {
				o, err := Extract(context.Background(), l, []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				check(t, l, []byte(text), o)
			}
		}
	}
}

// check holds what is true of every outline.
func check(t *testing.T, l *lex.Lang, text []byte, o *Outline) {
	t.Helper()
	if len(o.Symbols) > maxSymbols || len(o.Imports) > maxImports {
		t.Fatalf("%s: %d symbols, %d imports", l.ID(), len(o.Symbols), len(o.Imports))
	}
	last, line, at := 0, 1, 0
	for _, s := range o.Symbols {
		switch {
		case s.Start < last || s.End <= s.Start || s.End > len(text):
			t.Fatalf("%s: %q stands at [%d,%d) after %d of %q", l.ID(), s.Name, s.Start, s.End, last, text)
		case s.BodyStart < 0 || s.BodyStart > s.Start || s.BodyEnd < s.End || s.BodyEnd > len(text):
			t.Fatalf("%s: %q at [%d,%d) has the body [%d,%d) in %q", l.ID(), s.Name, s.Start, s.End, s.BodyStart, s.BodyEnd, text)
		case s.DocStart > s.DocEnd || s.DocEnd > s.BodyStart:
			t.Fatalf("%s: %q at %d has the comment [%d,%d) in %q", l.ID(), s.Name, s.BodyStart, s.DocStart, s.DocEnd, text)
		case s.Kind == 0 || s.Name == "" || !strings.HasPrefix(string(text[s.Start:s.End]), s.Name):
			t.Fatalf("%s: %q of kind %d is %q", l.ID(), s.Name, s.Kind, text[s.Start:s.End])
		case strings.Contains(s.Signature, "\n") || len(s.Signature) > maxSignature+16:
			t.Fatalf("%s: %q has the signature %q", l.ID(), s.Name, s.Signature)
		}
		for ; at < s.Start; at++ {
			if text[at] == '\n' {
				line++
			}
		}
		if s.Line != line {
			t.Fatalf("%s: %q stands on line %d, not %d, in %q", l.ID(), s.Name, line, s.Line, text)
		}
		last = s.Start
	}
}
