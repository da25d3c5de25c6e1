package lex

import (
	"fmt"
	"strings"
	"testing"
)

// Blocks of a text, as "head-close lines, kind and the first word of the header".
func outline(l *Lang, text string) string {
	st := NewStructure(l, []byte(text))
	var b strings.Builder
	for i := range st.Len() {
		k := st.Block(i)
		depth := 0
		for p := k.Parent; p >= 0; p = st.Block(p).Parent {
			depth++
		}
		word := strings.Fields(text[k.Head:])[0]
		fmt.Fprintf(&b, "%s%d-%d %s\n", strings.Repeat(" ", depth), k.HeadLine, k.CloseLine, word)
	}
	return b.String()
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct{ name, lang, text, want string }{
		{"Allman", "c", "static int\nf(int a,\n  int b)\n{\n\tif (a) {\n\t\tg();\n\t} else\n\t{\n\t\th();\n\t}\n}\nint x = {\n1 };\n",
			"1-3 static\n1-11 static\n 5-7 if\n 7-10 else\n12-13 int\n"},
		{"labels", "cpp", "class A {\npublic:\n  void f() {\n  }\n  int g() {\n  }\n};\n", "1-7 class\n 3-4 void\n 5-6 int\n"},
		{"#if", "c", "#ifdef A\nint f(int x) {\n#else\nint f(void) {\n#endif\n\tg(\n1);\n}\n#if 0\n}}\n#else\nvoid h() {\n#endif\n\tx;\n}\n",
			"2-8 int\n 6-7 g(\n12-15 void\n"},
		{"comments", "c", "/* a\n */\n// b\n// c\nint x; // d\n// e\n", "1-2 /*\n3-4 //\n"},
		{"macro", "c", "#define F(x) { \\\n {\nint f() {\n}\n", "3-4 int\n"},
		{"Go", "go", "x := 1\nfunc f() {\n\treturn g(func() {\n\t\th()\n\t})\n}\n", "2-6 func\n 3-5 return\n  3-5 func()\n"},
		{"JavaScript", "javascript", "const a = {\n  f() {\n    x\n  },\n  g: function () {\n    y\n  }\n}\n", "1-8 const\n 2-4 f()\n 5-7 g:\n"},
		{"Python", "python", "import x\nclass A(B):\n    '''d\n    '''\n    def f(self,\n          y):\n        if y:\n            return (1,\n  2)\n        # c\n\n    async def g(self): pass\n\nx = 1\nfor i in x:\n  y()", "2-12 class\n 5-6 def\n 5-9 def\n  7-9 if\n   8-9 return\n15-16 for\n"},
		{"Lua", "lua", "function f()\n  while x do\n    if y then z()\n    end\n  end\n  repeat\n  until x\nend\n", "1-8 function\n 2-5 while\n  3-4 if\n 6-7 repeat\n"},
		{"Ruby", "ruby", "module A\n  def f(x)\n    return 1 if x\n    while x do\n      y.each do |z|\n        w\n      end\n    end\n    z = if x\n      1\n    end\n  end\n  def g = 1\n  class << self\n  end\nend\n",
			"1-16 module\n 2-12 def\n  4-8 while\n   5-7 y.each\n  9-11 z\n 14-15 class\n"},
		{"shell", "shell", "f() {\n  if a; then\n    echo if\n  fi\n  case x in\n  a) b\n  esac\n  for i in x; do\n    y\n  done\n}\n", "1-11 f()\n 2-4 if\n 5-7 case\n 8-10 do\n"},
		{"Pascal", "pascal", "type\n  A = class(B)\n    x: Integer;\n  end;\n  C = class;\nprocedure f;\nbegin\n  case x of\n    1: y;\n  end;\nEND;\n", "1-4 type\n7-11 begin\n 8-10 case\n"},
		{"SQL", "sql", "create procedure f as\nbegin\n  if x then y; end if;\n  select case when a then b\n  end;\nend;\nbegin transaction;\n", "1-6 create\n 4-5 select\n"},
		{"CMake", "cmake", "function(f)\n  if(x)\n    y()\n  endif()\nendfunction()\n", "1-5 function(f)\n 2-4 if(x)\n"},
		{"Make", "make", "ifeq (a,b)\nx:\n\tif y; then z; fi\nendif\n", "1-4 ifeq\n"},
	} {
		if got := outline(ByID(c.lang), c.text); got != c.want {
			t.Errorf("%s:\n%s\ngot\n%swant\n%s", c.name, c.text, got, c.want)
		}
	}
}

func TestEnclosing(t *testing.T) {
	text := "#ifdef A\nint f(int x) {\n#else\nint f(void) {\n\ty;\n#endif\n\tif (a) {\n\t} else {\n\t\tb;\n\t}\n}\n"
	want := []string{"", "", "2", "", "4", "4", "2", "2 7", "2 8", "2 8", "2 8", "2", ""}
	st := NewStructure(ByID("c"), []byte(text))
	for line := 1; line < len(want); line++ {
		var opens []string
		for _, b := range st.Enclosing(line) {
			opens = append(opens, fmt.Sprint(b.OpenLine))
		}
		if got := strings.Join(opens, " "); got != want[line] {
			t.Errorf("line %d stands in blocks opened in lines %q, want %q", line, got, want[line])
		}
	}
}

func TestWhileScanning(t *testing.T) {
	text := "int f(int a,\n  int b)\n{\n  g(x);\n}\n"
	s := NewScanner(ByID("c"), []byte(text))
	n := NewNesting(s)
	for tok := s.Next(); tok.Kind != EOF; tok = s.Next() {
		n.Add(tok)
		switch string(s.Bytes(tok)) {
		case "b":
			if open, head, ok := n.Innermost(); !ok || open != 5 || head != 0 || n.Depth() != 1 {
				t.Errorf("b stands within %d %d %t", open, head, ok)
			}
			if start, ok := n.Statement(); !ok || text[start:start+3] != "int" {
				t.Errorf("b's statement starts at %d", start)
			}
		case "x":
			if open, head, ok := n.Innermost(); !ok || text[open] != '(' || text[head] != 'g' || n.Depth() != 2 {
				t.Errorf("x stands within %d %d %t", open, head, ok)
			}
		}
	}
	if _, _, ok := n.Innermost(); ok {
		t.Error("something is open at the end")
	}
}

func TestFolds(t *testing.T) {
	text := "/*\n */\n#if A\nint f() {\n}\n#elif B\n#  ifdef C\n#  endif\nint x;\n#else\nint y;\n#endif\nint g(a,\n b) { x;\n}\n#if D\n\n"
	got := fmt.Sprint(NewStructure(ByID("c"), []byte(text)).Folds())
	if want := "[{1 2 1} {3 5 2} {4 5 0} {6 9 2} {10 11 2} {13 15 0} {13 14 0} {16 18 2}]"; got != want {
		t.Errorf("folds %s, want %s", got, want)
	}
}

func TestConditions(t *testing.T) {
	text := `a
#if A > 1 /* c */ && \
    B // d
 b
# ifdef C
  c
# else
  d
# endif
 e
#elif defined(X)
 f
#else
 g
#endif
#ifndef H
 h
#else
 i
#endif
j
`
	st := NewStructure(ByID("c"), []byte(text))
	for at, want := range map[string]string{
		"a\n": "", " b\n": "A > 1 && B", "  c\n": "A > 1 && B; defined(C)", "  d\n": "A > 1 && B; !defined(C)", " e\n": "A > 1 && B",
		" f\n": "!(A > 1 && B) && defined(X)", " g\n": "!(A > 1 && B) && !defined(X)", " h\n": "!defined(H)", " i\n": "defined(H)", "j\n": "",
	} {
		var cs []string
		for _, c := range st.Conditions(strings.Index(text, at)) {
			cs = append(cs, c.Text)
		}
		if got := strings.Join(cs, "; "); got != want {
			t.Errorf("%q stands under %q, want %q", at, got, want)
		}
	}
}
