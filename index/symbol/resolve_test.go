package symbol

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// TestResolved asks what the word before "‸" means: the expected definitions in
// order as path:line, with "=" in front of those that are resolved.
func TestResolved(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		from  string
		want  string
	}{
		"same file": {map[string]string{
			"a.c": "int f(int a) { return a; }\nint g(void) { return f‸(1); }\n",
			"b.c": "static int f(int a) { return -a; }\n"},
			"a.c", "=a.c:1 b.c:1"},
		"static hides": {map[string]string{
			"a.c": "#include \"h.h\"\nstatic int f(int a) { return a; }\nint g(void) { return f‸(1); }\n",
			"h.h": "int f(int a);\n", "b.c": "int f(int a) { return -a; }\n"},
			"a.c", "=a.c:2 b.c:1 h.h:1"},
		"by prototype": {map[string]string{
			"src/a.c":     "#include <lib/h.h>\nint g(void) { return f‸(1); }\n",
			"inc/lib/h.h": "#include \"i.h\"\n", "inc/lib/i.h": "int f(int a);\n", "lib/b.c": "int f(int a) { return -a; }\n"},
			"src/a.c", "=lib/b.c:1 =inc/lib/i.h:1"},
		"not included": {map[string]string{
			"a.c": "int g(void) { return f‸(1); }\n", "lib/b.c": "int f(int a) { return -a; }\n"},
			"a.c", "lib/b.c:1"},
		"two bodies": {map[string]string{
			"a.c": "#include \"h.h\"\nint g(void) { return f‸(1); }\n", "h.h": "int f(int a);\n",
			"x/b.c": "int f(int a) { return -a; }\n", "y/b.c": "int f(int a) { return a; }\n"},
			"a.c", "x/b.c:1 y/b.c:1 h.h:1"},
		"variants": {map[string]string{
			"a.c": "#include \"h.h\"\nint g(void) { return M‸; }\n",
			"h.h": "#ifdef X\n#define M 1\n#else\n#define M 2\n#endif\n"},
			"a.c", "=h.h:2 =h.h:4"},
		"arguments": {map[string]string{
			"A.java": "class A { int f(int a) { return a; }\n int f(int a, int b) { return f‸(1); } }\n"},
			"A.java", "=A.java:1 A.java:2"},
		"another language": {map[string]string{
			"a.py": "def f(a):\n    return a\n", "a.c": "int g(void) { return f‸(1); }\n"},
			"a.c", "a.py:1"},
		"text of no language": {map[string]string{
			"notes.txt": "f‸(1) is what it begins with\n", "a.c": "int f(int a) { return a; }\n"},
			"notes.txt", "a.c:1"},
		"member of two": {map[string]string{
			"a.c": "struct s { int m; };\nstruct t { int m; };\nint g(struct s *p) { return p->m‸; }\n"},
			"a.c", "a.c:1 a.c:2"},
		"package": {map[string]string{
			"p/a.go": "package p\n\nfunc g() int { return f‸() }\n", "p/b.go": "package p\n\nfunc f() int { return 1 }\n",
			"q/b.go": "package q\n\nfunc f() int { return 1 }\n"},
			"p/a.go", "=p/b.go:3 q/b.go:3"},
		"imported": {map[string]string{
			"p/a.go": "package p\n\nimport \"example.com/m/q\"\n\nfunc g() int { return q.F‸() }\n", "p/b.go": "package p\n\nfunc F() int { return 1 }\n",
			"q/b.go": "package q\n\nfunc F() int { return 1 }\n"},
			"p/a.go", "=q/b.go:3 p/b.go:3"},
		"module": {map[string]string{
			"a.ts": "import { f } from './lib/b';\nexport const g = () => f‸(1);\n", "lib/b.ts": "export function f(a: number) { return a; }\n", "c.ts": "export function f(a: number) { return -a; }\n"},
			"a.ts", "=lib/b.ts:1 c.ts:1"},
		"python": {map[string]string{
			"a.py": "from .lib.b import f\n\nf‸(1)\n", "lib/b.py": "def f(a):\n    return a\n", "c.py": "def f(a):\n    return -a\n"},
			"a.py", "=lib/b.py:1 c.py:1"},
	} {
		text := c.files[c.from]
		offset := strings.Index(text, "‸")
		c.files[c.from] = strings.Replace(text, "‸", "", 1)
		b := build(t, one(c.files))
		list, _, err := b.Definitions(t.Context(), Question{From: deposit.Place{Release: "1.0", Path: c.from}, Offset: offset})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, d := range list {
			row := fmt.Sprintf("%s:%d", d.Place.Path, d.Line)
			if d.Resolved {
				row = "=" + row
			}
			got = append(got, row)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestCalls: who calls and what is called, with doubt where it is due.
func TestCalls(t *testing.T) {
	b := build(t, one(map[string]string{
		"h.h": "int f(int a);\nint other(void);\n",
		"f.c": "#include \"h.h\"\nint f(int a) { return a; }\n",
		"a.c": "#include \"h.h\"\nint g(void) { return f(1) + f(2) + missing(); }\nint (*table[])(int) = { f };\n",
		"b.c": "int h(void) { return f(3); }\n",
	}))
	list, _, err := b.Definitions(t.Context(), Question{Name: "f", Release: "1.0", Offset: -1})
	if err != nil || len(list) != 2 || list[0].Kind != Function {
		t.Fatalf("%+v, %v", list, err)
	}
	var got []string
	_, err = b.Callers(t.Context(), list[0].ID, "1.0", b.words, func(c Caller) bool {
		by := "-"
		if c.Function != nil {
			by = c.Function.Name
		}
		got = append(got, fmt.Sprint(c.Place.Path, " ", by, " ", len(c.Uses), " ", c.Resolved))
		return true
	})
	if want := []string{"a.c g 2 true", "a.c - 1 true", "b.c h 1 false"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("callers %q, %v", got, err)
	}
	g, _, err := b.Definitions(t.Context(), Question{Name: "g", Release: "1.0", Offset: -1})
	if err != nil {
		t.Fatal(err)
	}
	callees, err := b.Callees(t.Context(), g[0].ID, "1.0")
	if err != nil || len(callees) != 2 || callees[0].Name != "f" || !callees[0].Resolved || callees[0].Candidates[0].Place.Path != "f.c" ||
		len(callees[0].Uses) != 2 || callees[1].Name != "missing" || callees[1].Resolved || len(callees[1].Candidates) > 0 {
		t.Errorf("callees %+v, %v", callees, err)
	}
}

// TestOtherRelease finds a symbol again where it was moved.
func TestOtherRelease(t *testing.T) {
	c := (&corpus{names: []string{"1", "2"}, files: map[string]map[string]string{
		"1": {"a/x.c": "int f(void) { return 0; }\nint k(void) { return 0; }\n", "b/y.c": "static int k(void) { return 1; }\n"},
		"2": {"c/x.c": "int f(void) { return 2; }\n", "b/y.c": "static int k(void) { return 2; }\n", "a/x.c": "int k(void) { return 3; }\n"},
	}}).list()
	b := build(t, c)
	for name, want := range map[string]string{"f": "c/x.c true", "k": "a/x.c true"} {
		list, _, err := b.Definitions(t.Context(), Question{Name: name, Release: "1", Offset: -1})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(c Candidate) bool { return c.Place.Path == "a/x.c" })
		in, err := b.In(t.Context(), list[i].Found, "2")
		if err != nil || len(in) == 0 || fmt.Sprint(in[0].Place.Path, " ", in[0].Resolved) != want {
			t.Errorf("%s: %+v, %v, want %s", name, in, err, want)
		}
	}
}

// TestCard: comments without their marks.
func TestCard(t *testing.T) {
	for comment, want := range map[string]string{
		"/* one */":                         "one",
		"/** one\n *  two\n * three\n */":   "one\n two\nthree",
		"// one\n//   two":                  "one\n  two",
		"# one\n#\n# two":                   "one\n\ntwo",
		"/*\n * kernel-doc - says\n *\n */": "kernel-doc - says",
		"/// one\n/// two":                  "one\ntwo",
	} {
		if got := plain(comment); got != want {
			t.Errorf("%q: %q, want %q", comment, got, want)
		}
	}
}

// TestManyInOtherRelease: a symbol is found again at its path, however many have its name.
func TestManyInOtherRelease(t *testing.T) {
	files := map[string]string{}
	for i := range maxCandidates + 50 {
		files[fmt.Sprintf("d%03d/f.c", i)] = fmt.Sprintf("static int probe(int a) { return %d; }\n", i)
	}
	b := build(t, (&corpus{names: []string{"1", "2"}, files: map[string]map[string]string{"1": files, "2": files}}).list())
	from := deposit.Place{Release: "1", Path: fmt.Sprintf("d%03d/f.c", maxCandidates+49)}
	list, _, err := b.Definitions(t.Context(), Question{Name: "probe", From: from, Offset: -1})
	if err != nil || len(list) == 0 || list[0].Place != from {
		t.Fatalf("%+v, %v", list, err)
	}
	in, err := b.In(t.Context(), list[0].Found, "2")
	if err != nil || len(in) == 0 || in[0].Place.Path != from.Path {
		t.Errorf("%+v, %v", in, err)
	}
}

// TestManyDefinitions: of a name with more definitions than are read, what hides all others
// is resolved; what one that was not read could be meant beside is not.
func TestManyDefinitions(t *testing.T) {
	files := map[string]string{
		"z/user.c":    "int use(void) { return probe(1); }\n",
		"z/h.h":       "int probe(int a);\n",
		"z/include.c": "#include \"h.h\"\nint use2(void) { return probe(1); }\n",
	}
	const many = maxCandidates + 50
	for i := range many {
		static := "static "
		if i%2 == 0 {
			static = ""
		}
		files[fmt.Sprintf("d%03d/f.c", i+250-many)] = static + "int probe(int a) { return a; }\nint call(void) { return probe(2); }\n"
	}
	b := build(t, one(files))
	for from, want := range map[string]string{
		"d249/f.c":    "=d249/f.c", // static
		"d248/f.c":    "=d248/f.c",
		"z/user.c":    "",
		"z/include.c": "", // any of those that are not static
	} {
		at := strings.Index(files[from], "return probe(") + len("return ")
		list, all, err := b.Definitions(t.Context(), Question{From: deposit.Place{Release: "1.0", Path: from}, Offset: at})
		if err != nil || all != many+1 || len(list) != maxCandidates {
			t.Fatalf("%s: %d of %d, %v", from, len(list), all, err)
		}
		got := ""
		for _, c := range list {
			if c.Resolved {
				got += "=" + c.Place.Path
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
		if from == "z/include.c" && list[0].Place.Path != "z/h.h" && !slices.ContainsFunc(list, func(c Candidate) bool { return c.Place.Path == "z/h.h" && c.Reason == Included }) {
			t.Errorf("%s: what is included is not listed", from)
		}
	}
}
