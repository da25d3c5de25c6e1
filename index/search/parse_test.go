package search

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`foo`, `fold: foo`},
		{`Foo`, `exact: Foo`},
		{`foo BAR`, `exact: foo BAR`},
		{`É`, `exact: É`},
		{`é case:no`, `fold: é case:no`},
		{`foo case:yes`, `exact: foo case:yes`},
		{`"a \"b\" (c"`, `fold: "a \"b\" (c"`},
		{`std::vector http://x case`, `fold: std::vector http://x case`},
		{`string::npos path::x code:: file::y`, `fold: string::npos path::x code:: file::y`},
		{`-foo -> --x`, `fold: -foo -> --x`},
		{`printf("%d`, `fold: "printf(\"%d"`},
		{`"C:\\x"`, `exact: C:\\x`},
		{`/fo+/`, `fold: /fo+/`},
		{`/a\/b c/`, `fold: /a\/b c/`},
		{`/\S\W[A-Z]\x{4A}\pL\p{Lu}x(?P<Name>y)/`, `fold: /\S\W[A-Z]\x{4A}\pL\p{Lu}x(?P<Name>y)/`},
		{`/[[:upper:]]x[]A]/`, `fold: /[[:upper:]]x[]A]/`},
		{`/\QA\E/`, `exact: /\QA\E/`},
		{`/(?i)A/`, `exact: /(?i)A/`},
		{`path:*.c foo release:v1 path:a/** -path:b`, `fold: foo path:*.c path:a/** -path:b release:v1`},
		{`x release:"v 1","b,c",d path:"a b/*"`, `fold: x path:"a b/*" release:"v 1","b,c",d`},
		{`x path:/^a\/(b|c)/ -path:/x/ path:"/y"`, `fold: x path:/^a\/(b|c)/ path:"/y" -path:/x/`},
		{`x new-in:2 gone-in:"3" lang:c,go -lang:rust`, `fold: x lang:c,go -lang:rust new-in:2 gone-in:3`},
		{`x word:yes multi:yes binary:yes`, `fold: x word:yes multi:yes binary:yes`},
		{`x word:no multi:no binary:no`, `fold: x`},
		{"  foo \t bar  ", `fold: foo bar`},
		{"foo\u00a0bar", `fold: foo bar`},
		{`/[^ -~]/`, `exact: /[^ -~]/`},
		{`/[^[:ascii:]]\x{3A}\pL/ 77`, `exact: /[^[:ascii:]]\x{3A}\pL/ 77`},
		{`/[a-f0-9]{32}/`, `fold: /[a-f0-9]{32}/`},
		{`Path:x`, `exact: Path:x`},
		{`a AND b OR c d`, `fold: a AND b OR c d`},
		{`a AND (b OR c) d`, ``},
		{`(a AND b) AND ((c)) OR (d OR e)`, `fold: a AND b AND c OR d OR e`},
		{`NOT (a b) AND NOT NOT (c AND d)`, `fold: NOT a b AND NOT NOT (c AND d)`},
		{`NOT(a OR b)`, `fold: NOT (a OR b)`},
		{`( a OR b ) AND c`, `fold: (a OR b) AND c`},
		{`"AND" "(x)" "NOT" and`, `exact: "AND" "(x)" "NOT" and`},
		{`(foo() OR f(x,y) AND "a)")`, `fold: "foo()" OR "f(x,y)" AND "a)"`},
		{`(a\ OR f(\ ) AND x`, `fold: (a\ OR f(\ ) AND x`},
		{`(/a)b/)`, ``},
		{`code:TODO comment:"a b" string:/x/ file:x.c file:"*"`, `exact: code:TODO comment:"a b" string:/x/ file:x.c file:"*"`},
		{`char:RLO comment:char:"zero width space" char:u+202e`, `exact: char:RLO comment:char:"zero width space" char:u+202e`},
		{`sym:foo AND NOT sym:/^Bar/ static sym:"a b"`, `exact: sym:foo AND NOT sym:/^Bar/ static sym:"a b"`},
		{`sym:"(x)" sym:char:RLO sym::x`, `fold: sym:"(x)" sym:char:RLO sym::x`},
		{`hex:4D5a90 OR a`, `fold: hex:4D5a90 OR a`},
		{`code:"code:x" "file:y" "sym:z"`, `fold: code:"code:x" "file:y" "sym:z"`},
	} {
		q, err := Parse(c.query)
		if err != nil {
			if c.want != "" {
				t.Errorf("%s: %v", c.query, err)
			}
			continue
		}
		if got := describe(q); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
		again, err := Parse(q.String())
		if err != nil || describe(again) != c.want {
			t.Errorf("%s, read from its String: %v", c.query, err)
		}
	}
}

func describe(q *Query) string {
	if q.fold {
		return "fold: " + q.String()
	}
	return "exact: " + q.String()
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
		{strings.Repeat("(", maxNesting+1) + "x", maxNesting, "at most"},
		{strings.Repeat("NOT ", maxNesting+1) + "x", 4 * maxNesting, "at most"},
		{`a AND`, 2, "nothing follows"},
		{`a OR path:x`, 2, "filters need none"},
		{`(a OR ) b`, 3, "nothing follows"},
		{`NOT`, 0, "nothing follows"},
		{`OR a`, 0, "nothing stands before"},
		{`a AND OR b`, 6, "between two terms"},
		{`a NOT b`, 2, "before NOT"},
		{`(a OR b) c`, 9, "AND or OR"},
		{`a (b OR c)`, 2, "AND or OR"},
		{`é (b`, 3, "AND or OR"},
		{`(a OR (b AND c)`, 0, "not closed"},
		{`(`, 0, "not closed"},
		{`(a path:x`, 0, "not closed"},
		{`(a path:x)`, 3, "outside of parentheses"},
		{`a AND ()`, 7, "between these"},
		{`a )`, 2, "no parenthesis is open"},
		{`)`, 0, "no parenthesis is open"},
		{`sym:`, 4, "needs a value"},
		{`a sym:/x(/`, 8, "missing closing )"},
		{`sym:a path:b (sym:c`, 13, "between a parenthesis"},
		{`file:*.c`, 5, "write path:"},
		{`code:`, 5, "needs a value"},
		{`comment:char:`, 13, "needs a value"},
		{`(code:)`, 6, "needs a value"},
		{`char:nothing`, 5, "no character"},
		{`char:U+D800`, 5, "no character"},
		{`char:U+0A`, 5, "ends every line"},
		{`char:U+110000`, 5, "no character"},
		{`hex:4g`, 5, "hexadecimal"},
		{`hex:123`, 7, "odd number"},
		{`a hex:12`, 2, "no line with other"},
		{`hex:12 a`, 7, "no line with other"},
		{`x path:/a(/`, 9, "missing closing )"},
		{`x path:/a/*.c`, 10, "blank must follow"},
		{`x release:a,`, 12, "needs a value"},
		{`x new-in:a,b`, 9, "one release"},
		{`x /` + strings.Repeat(`a{1000}`, 11) + `/`, 3, "11000 parts"},
		{`x path:/` + strings.Repeat(`a{1000}`, 11) + `/`, 8, "too large"},
		{`x word:maybe`, 7, "yes or no"},
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
		`NOT (a b\ OR code:"x(" AND NOT f(\ ) OR (char:BOM AND file:/x/) lang:c,"d e" release:a,b`,
		`((a) AND "OR") OR (b OR comment:char:"soft hyphen" hex:) new-in:1 gone-in:2 word:yes multi:no`,
		`sym:a AND NOT sym:/^b(c)$/ sym:"d e" sym:char:RLO case:yes sym::f (sym:"(g)")`,
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
		default:
			again, err := Parse(q.String())
			if err != nil {
				t.Fatalf("%q is printed as %q: %v", query, q, err)
			}
			if a, b := outline(q), outline(again); a != b || again.String() != q.String() {
				t.Errorf("%q is printed as %q:\n%s\n%s", query, q, a, b)
			}
		}
	})
}

// outline is all that a query means, in a form of its own.
func outline(q *Query) string {
	var out strings.Builder
	var walk func(n *node)
	walk = func(n *node) {
		fmt.Fprintf(&out, "%d(", n.op)
		if n.op == opGroup {
			for _, w := range q.groups[n.group].written {
				fmt.Fprintf(&out, "[%d %d %q]", w.in, w.kind, w.text)
			}
		}
		for _, kid := range n.kids {
			walk(kid)
		}
		out.WriteByte(')')
	}
	walk(q.root)
	s := q.scope
	for _, list := range [][]pathFilter{s.paths, s.without} {
		for _, f := range list {
			fmt.Fprintf(&out, "%q %v ", f.text, f.re != nil)
		}
		out.WriteByte(';')
	}
	for _, list := range [][]named{s.releases, s.languages, s.otherThan} {
		for _, n := range list {
			fmt.Fprintf(&out, "%q ", n.text)
		}
		out.WriteByte(';')
	}
	for _, n := range []*named{s.newIn, s.goneIn} {
		if n != nil {
			fmt.Fprintf(&out, "%q", n.text)
		}
		out.WriteByte(';')
	}
	fmt.Fprint(&out, q.caseSet, q.fold, q.words, q.multi, q.binary)
	return out.String()
}
