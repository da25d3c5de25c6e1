package editorconfig

import (
	"fmt"
	"strings"
	"testing"
)

// TestGlobs takes the cases of the specification and of the project's own core tests.
func TestGlobs(t *testing.T) {
	for _, c := range []struct{ glob, yes, no string }{
		{"*", "a.c x/y/b.h .hidden", ""},
		{"*.c", "a.c x/y/b.c .c", "a.h a.cc c"},
		{"/*.c", "a.c", "x/a.c"},
		{"x/*.c", "x/a.c", "a.c y/x/a.c x/y/a.c"},
		{"**.c", "a.c x/y/a.c", "a.h"},
		{"x/**.c", "x/a.c x/y/a.c", "a.c"},
		{"x/**/a.c", "x/a.c x/y/a.c x/y/z/a.c", "xa.c a.c"},
		{"**/a.c", "a.c x/a.c x/y/a.c", "ba.c"},
		{"som?.c", "some.c x/somä.c", "som.c som/.c"},
		{"[ab].c", "a.c b.c", "c.c ab.c"},
		{"[!ab].c", "c.c", "a.c"},
		{"[a-c].c", "b.c", "d.c"},
		{"[\\]ab].c", "].c a.c", "\\.c"},
		{"[ab]].c", "a].c", "a.c"},
		{"ab[/c", "ab[/c", "ab/c"},
		{"*.{py,js,html}", "a.py x/b.html", "a.c a.py,js"},
		{"{single}.b", "{single}.b", "single.b"},
		{"{}.c", "{}.c", ".c"},
		{"{a,{b,c}}.x", "a.x b.x c.x", "d.x"},
		{"{a.{b,c},d}", "a.b a.c d", "a b"},
		{"{e,\\},f}.c", "e.c }.c f.c", "\\}.c"},
		{"{,a}.c", ".c a.c", "b.c"},
		{".f{", ".f{", ".f"},
		{"{{,b,c{d}.i", "{{,b,c{d}.i", "b.i"},
		{"{3..12}.c", "3.c 12.c 7.c", "2.c 13.c x.c 1234.c .c"},
		{"{-3..3}.c", "-3.c 0.c +2.c", "-4.c 4.c"},
		{"{x,{1..3}}.c", "x.c 2.c", "4.c"},
		{"{1..1000000000}.c", "999999999.c", "1000000001.c 99999999999999999999999.c"},
		{"a\\*b", "a*b", "axb"},
		{"Makefile", "Makefile x/Makefile", "makefile"},
		{"a.c", "a.c", "axc"},
	} {
		g := newGlob(c.glob)
		if g == nil {
			t.Errorf("%s is none", c.glob)
			continue
		}
		for _, name := range strings.Fields(c.yes) {
			if !g.matches(name) {
				t.Errorf("%s does not mean %s", c.glob, name)
			}
		}
		for _, name := range strings.Fields(c.no) {
			if g.matches(name) {
				t.Errorf("%s means %s", c.glob, name)
			}
		}
	}
	for _, bad := range []string{"", "[z-a]", strings.Repeat("x", maxGlob+1)} {
		if newGlob(bad) != nil {
			t.Errorf("%.20q is a glob", bad)
		}
	}
}

func TestIndent(t *testing.T) {
	for what, c := range map[string]struct {
		files map[string]string
		file  string
		want  Indent
	}{
		"nothing":             {nil, "a/b.c", Indent{}},
		"size":                {map[string]string{"": "[*]\nindent_size = 4"}, "a/b.c", Indent{4, 4}},
		"no spaces, capitals": {map[string]string{"": "\ufeff[*]\r\nIndent_Size=4\r\nTAB_WIDTH =8\r\n"}, "b.c", Indent{8, 4}},
		"tab":                 {map[string]string{"": "[*]\nindent_style=tab\ntab_width=8"}, "b.c", Indent{8, 8}},
		"size is tab":         {map[string]string{"": "[*]\nindent_size=tab\ntab_width=3"}, "b.c", Indent{3, 3}},
		"style alone":         {map[string]string{"": "[*]\nindent_style=tab"}, "b.c", Indent{}},
		"the last section":    {map[string]string{"": "[*]\nindent_size=8\n[*.c]\nindent_size=2\n[*.h]\nindent_size=3"}, "b.c", Indent{2, 2}},
		"the nearest file":    {map[string]string{"": "[*]\nindent_size=8\ntab_width=5", "x/": "[*]\nindent_size=2"}, "x/y/b.c", Indent{5, 2}},
		"root ends it":        {map[string]string{"": "[*]\nindent_size=8\ntab_width=5", "x/": "Root = TRUE\n[*]\nindent_size=2"}, "x/y/b.c", Indent{2, 2}},
		"root in a section":   {map[string]string{"": "[*]\ntab_width=5", "x/": "[*]\nroot=true\nindent_size=2"}, "x/b.c", Indent{5, 2}},
		"relative":            {map[string]string{"x/": "[/y/*.c]\nindent_size=2\n[x/**]\nindent_size=9"}, "x/y/b.c", Indent{2, 2}},
		"beside":              {map[string]string{"y/": "[*]\nindent_size=2"}, "x/b.c", Indent{}},
		"unset":               {map[string]string{"": "[*]\nindent_size=8", "x/": "[*]\nindent_size=unset"}, "x/b.c", Indent{}},
		"comments":            {map[string]string{"": "# a\n; b\n[*]\n#indent_size=2\n;indent_size=3\nindent_size=4"}, "b.c", Indent{4, 4}},
		"no numbers":          {map[string]string{"": "[*]\nindent_size=four\ntab_width=-1"}, "b.c", Indent{}},
		"too wide":            {map[string]string{"": "[*]\nindent_size=9000000000\ntab_width=100"}, "b.c", Indent{}},
		"rubbish":             {map[string]string{"": "\x00\xff[\n]\n=\n[*\nindent_size=2\n[]\nindent_size=3\n[z-a]x\n"}, "b.c", Indent{}},
		"a section that is none hides its properties": {map[string]string{"": "[*]\nindent_size=4\n[[z-a]]\nindent_size=2"}, "b.c", Indent{4, 4}},
		"large": {map[string]string{"": "[*]\nindent_size=4\n" + strings.Repeat("#", MaxSize)}, "b.c", Indent{}},
	} {
		got := Of(c.file, func(path string) *File {
			text, ok := c.files[strings.TrimSuffix(path, Name)]
			if !ok {
				return nil
			}
			return Parse([]byte(text))
		})
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", what, got, c.want)
		}
	}
}

// TestBounded: neither deep paths nor many sections nor nested braces are without end.
func TestBounded(t *testing.T) {
	asked := 0
	Of(strings.Repeat("a/", 10_000)+"b.c", func(string) *File { asked++; return nil })
	if asked != maxFolders {
		t.Errorf("%d folders were looked into", asked)
	}
	var many strings.Builder
	for i := range 2 * maxSections {
		fmt.Fprintf(&many, "[%d]\n", i)
	}
	if f := Parse([]byte(many.String())); len(f.sections) != maxSections {
		t.Errorf("%d sections", len(f.sections))
	}
	for _, s := range []string{"{", "{a,", "[", "**/", "{1..9}", "\\"} {
		if g := newGlob(strings.Repeat(s, maxGlob/len(s))); g != nil {
			g.matches(strings.Repeat("x/", 2000))
		}
	}
	deep := strings.Repeat("{", maxGlob/2) + strings.Repeat("}", maxGlob/2)
	if g := newGlob(deep); g == nil || !g.matches(deep) {
		t.Error("braces alone are not themselves")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("root=true\n[*.{c,h}]\nindent_size=4\n[{1..3}]\n", "a/1")
	f.Fuzz(func(t *testing.T, text, file string) {
		got := Of(file, func(string) *File { return Parse([]byte(text)) })
		if got.Tab < 0 || got.Tab > MaxWidth || got.Step < 0 || got.Step > MaxWidth {
			t.Errorf("%+v", got)
		}
	})
}
