package symbol

import (
	"fmt"
	"strings"
	"testing"

	"vitrine/index/lex"
)

func TestUses(t *testing.T) {
	for _, c := range []struct{ language, text, name, want string }{
		{"c", "int f(int);\nint f(int x) { return f(x); } /* f */ char *s = \"f\";\nint (*p)(int) = f;", "f", "1 declaration, 2 definition, 2 call, 3 other"},
		{"c", "#define NN 1\n#ifdef NN\nint a[NN];\n#endif", "NN", "1 definition, 2 macro, 3 macro"},
		{"c", "struct s { int m; };\nvoid f(struct s *p) { p->m = 1; p->m(); }", "m", "1 definition, 2 member, 2 call"},
		{"c", "typedef struct {} t;\nt x; void f(t *p) { g((t *)p); }", "t", "1 definition, 2 type, 2 other, 2 type"},
		{"c", "extern int v;\nint v;", "v", "1 declaration, 2 definition"},
		{"cpp", "class A {};\nA::A() {}\nvoid f() { new A; }", "A", "1 definition, 2 type, 2 definition, 3 type"},
		{"go", "import \"a\"\ntype T struct{}\nfunc f(x *T) T { return T{} }", "T", "2 definition, 3 other, 3 type, 3 type"},
		{"java", "import a.B;\nclass C extends B { B f() { return new B(); } }", "B", "1 include, 2 type, 2 type, 2 call"},
		{"rust", "use a::m;\nfn f() { m!(1); m(2) }", "m", "1 include, 2 macro, 2 call"},
		{"python", "from a import g\ndef f(x): return x.g + g(1) # g", "g", "1 include, 2 member, 2 call"},
		{"typescript", "import { T } from 'a'\nclass C { x: T; y = T.z }", "T", "1 include, 2 type, 2 other"},
	} {
		var got []string
		for _, u := range Uses(lex.ByID(c.language), []byte(c.text), c.name) {
			got = append(got, fmt.Sprintf("%d %s", u.Line, usageNames[u.Class]))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s, %s in %q:\n%s, want\n%s", c.language, c.name, c.text, s, c.want)
		}
	}
}

var usageNames = []string{"", "definition", "declaration", "call", "type", "member", "macro", "include", "other"}

// TestUsesIn finds the calls of a body.
func TestUsesIn(t *testing.T) {
	text := "int a;\nint f(void)\n{\n\tif (g(1)) // h()\n\t\treturn sizeof(a) + p->q(MAX(1, 2));\n}\nint k = z();\n"
	from, to := strings.Index(text, "int f"), strings.Index(text, "int k")
	var got []string
	for u := range UsesIn(lex.ByID("c"), []byte(text), from, to) {
		got = append(got, fmt.Sprintf("%d %s %s", u.Line, u.Name, usageNames[u.Class]))
	}
	want := "2 f call, 4 g call, 5 a other, 5 p other, 5 q call, 5 MAX macro"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}
