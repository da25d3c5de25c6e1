package search

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`foo`, `fold "foo"`},
		{`Foo`, `exact "Foo"`},
		{`foo BAR`, `exact "foo" "BAR"`},
		{`É`, `exact "É"`},
		{`é case:no`, `fold "É"`}, // folded to the least of its kin
		{`foo case:yes`, `exact "foo"`},
		{`"a \"b\" (c"`, `exact-less`},
		{`std::vector http://x case`, `fold "std::vector" "http://x" "case"`},
		{`-foo -> --x`, `fold "-foo" "->" "--x"`},
		{`printf("%d`, `fold "printf(\"%d"`},
		{`"C:\\x"`, ``},
		{`/fo+/`, `fold /(?i)fo+/`},
		{`/a\/b c/`, `fold /(?i)a\/b c/`},
		{`/\S\W[A-Z]\x{4A}\pL\p{Lu}x(?P<Name>y)/`, `fold /(?i)\S\W[A-Z]\x{4A}\pL\p{Lu}x(?P<Name>y)/`},
		{`/[[:upper:]]x[]A]/`, `fold /(?i)[[:upper:]]x[]A]/`},
		{`/\QA\E/`, `exact /\QA\E/`},
		{`/(?i)A/`, `exact /(?i)A/`},
		{`foo release:v1 path:*.c path:a/** -path:b`, `fold "foo" release v1 paths 2 without 1`},
		{`x release:"v 1" path:"a b/*"`, `fold "x" release v 1 paths 1`},
		{"  foo \t bar  ", `fold "foo" "bar"`},
		{"foo\u00a0bar", `fold "foo" "bar"`},
		{`/[^ -~]/`, `exact /[^ -~]/`},
		{`/[^[:ascii:]]\x{3A}\pL/ 77`, `exact /[^[:ascii:]]\x{3A}\pL/ "77"`},
		{`/[a-f0-9]{32}/`, `fold /(?i)[a-f0-9]{32}/`},
		{`Path:x`, `exact "Path:x"`},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		switch c.query { // in words of its own, for the quoting
		case `"a \"b\" (c"`:
			c.want = fmt.Sprintf("fold %q", `a "b" (c`)
		case `"C:\\x"`:
			c.want = fmt.Sprintf("exact %q", `C:\\x`)
		}
		if got := describe(q); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
		if q.String() != c.query {
			t.Errorf("String is %q", q.String())
		}
	}
}

func describe(q *Query) string {
	out := "exact"
	if q.fold {
		out = "fold"
	}
	for _, t := range q.terms {
		if t.re != nil {
			out += " /" + t.re.String() + "/"
		} else {
			out += fmt.Sprintf(" %q", t.literal)
		}
	}
	if q.Release() != "" {
		out += " release " + q.Release()
	}
	if len(q.paths) > 0 {
		out += fmt.Sprint(" paths ", len(q.paths))
	}
	if len(q.without) > 0 {
		out += fmt.Sprint(" without ", len(q.without))
	}
	return out
}

func TestParseErrorsPointAtTheCharacter(t *testing.T) {
	for _, c := range []struct {
		query string
		at    int
		say   string
	}{
		{``, 0, "empty"},
		{`   `, 0, "empty"},
		{`path:*.c`, 8, "filters alone"},
		{`release:x case:yes`, 18, "filters alone"},
		{`foo "bar`, 4, "not closed"},
		{`"bar\"`, 0, "backslash"},
		{`foo ""`, 4, "empty"},
		{`"a"b`, 3, "blank"},
		{`x /foo`, 2, "no closing /"},
		{`x /foo\/`, 2, "no closing /"},
		{`//`, 0, "empty"},
		{`/usr/lib`, 5, "blank"},
		{`ab /x(y/`, 5, "missing closing )"},
		{`/a(b)(c/`, 5, "missing closing )"},
		{`/a)b/`, 2, "unexpected )"},
		{`/(a))b/`, 4, "unexpected )"},
		{`/[(]\(x)/`, 7, "unexpected )"},
		{`/ab[c/`, 3, "missing closing ]"},
		{`/ab**/`, 3, "invalid nested repetition operator"},
		{`/*a/`, 1, "missing argument"},
		{`/x[z-a]/`, 3, "invalid character class range"},
		{`/\y/`, 1, "invalid escape"},
		{`/é\y/`, 3, "invalid escape"},
		{`/x{2000}/`, 2, "repeat count"},
		{`foo case:maybe`, 9, "yes or no"},
		{`foo case:yes case:no`, 13, "twice"},
		{`foo release:a release:b`, 14, "twice"},
		{`foo path:`, 9, "needs a value"},
		{`foo path: x`, 9, "needs a value"},
		{`foo path:[a`, 9, "not closed"},
		{`foo -path:a[!]`, 10, "class"},
		{"foo\nbar", 3, "one line"},
		{"foo \xff", 4, "UTF-8"},
		{strings.Repeat("x ", maxTerms) + "y", 2 * maxTerms, "at most"},
		{strings.Repeat("x", maxQuery+1), maxQuery, "at most"},
	} {
		_, err := Parse(c.query)
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%q: %v", c.query, err)
			continue
		}
		if s.Offset != c.at || !strings.Contains(s.Msg, c.say) {
			t.Errorf("%.40q: at %d %q, want at %d … %s …", c.query, s.Offset, s.Msg, c.at, c.say)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		glob, yes, no string
	}{
		{`*.c`, "a.c x/b.c .c", "a.cc c x.c/y"},
		{`foo`, "foo a/foo", "foo/a xfoo"},
		{`a/*.c`, "a/x.c", "a/b/x.c x/a/x.c a/x.h"},
		{`/a/*.c`, "a/x.c", "a/b/x.c x/a/x.c"},
		{`/x`, "x", "a/x"},
		{`**/x.c`, "x.c a/x.c a/b/x.c", "ax.c a/xx.c"},
		{`a/**`, "a/x a/b/x", "a b/a/x"},
		{`a/`, "a/x a/b/x", "a b/a/x"},
		{`a/**/x`, "a/x a/b/x a/b/c/x", "a/bx x"},
		{`a/**x`, "a/x a/bx a/b/cx", "a/b"},
		{`?.c`, "a.c é.c", "ab.c .c"},
		{`[a-c].c`, "a.c b.c", "d.c"},
		{`[!a-c].c`, "d.c", "a.c"},
		{`[]].c`, "].c", "a.c"},
		{`\*.c`, "*.c", "a.c"},
		{`a+(b).c`, "a+(b).c", "aa(b).c"},
	} {
		g, err := compileGlob(c.glob)
		if err != nil {
			t.Errorf("%s: %v", c.glob, err)
			continue
		}
		for _, p := range strings.Fields(c.yes) {
			if !g.match(p) {
				t.Errorf("%s does not match %s", c.glob, p)
			}
		}
		for _, p := range strings.Fields(c.no) {
			if g.match(p) {
				t.Errorf("%s matches %s", c.glob, p)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		`foo "a \" b" /x(y|z)+/ case:no path:**/*.c -path:[!a-z]?/ release:v1`,
		`/[^]a[:alpha:]\]]\Qx(\E(?P<N>y)(?i)z/`, `"`, `/\`, `path:\`, `/\p{`, `[`,
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := Parse(query)
		var s *SyntaxError
		switch {
		case errors.As(err, &s):
			if s.Offset < 0 || s.Offset > len(query) || s.Msg == "" {
				t.Errorf("offset %d of %d: %q", s.Offset, len(query), s.Msg)
			}
		case err != nil:
			t.Errorf("not a SyntaxError: %v", err)
		case len(q.terms) == 0:
			t.Error("accepted without a term")
		}
	})
}
