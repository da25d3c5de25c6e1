package search

import (
	"encoding/hex"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

func unquoteMeta(expr string) string {
	return regexp.MustCompile(`\\([^\w\s])`).ReplaceAllString(expr, "$1")
}

var alphabet = []string{
	"a", "b", "A", "foo", "Foo", "bar", "x1", "_", " ", " ", "\t", "(", ")", "->", "::", ".", "\"", "\\", "/", "é", "É", "k", "K", "\u212a", "s", "ſ", "中", "😀", "İ", "ß", "\r",
	"//", "/*", "*/", "\u202e", "\u200b",
}

func randomText(r *rand.Rand, n int) string {
	var s strings.Builder
	for range r.IntN(n + 1) {
		s.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return s.String()
}

func randomCorpus(r *rand.Rand) *corpus {
	c := &corpus{names: []string{"r2", "r1", "r3"}, files: map[string]map[string]string{}}
	dirs := []string{"", "a/", "a/b/", "z.d/"}
	var last map[string]string
	for _, n := range c.names {
		files := map[string]string{}
		for _, p := range slices.Sorted(maps.Keys(last)) { // the same each time
			if r.IntN(3) > 0 {
				files[p] = last[p]
			}
		}
		for range 12 {
			p := dirs[r.IntN(len(dirs))] + string("fgh"[r.IntN(3)]) + []string{".c", ".c", ".h", ""}[r.IntN(4)]
			text := ""
			for range r.IntN(8) {
				text += randomText(r, 8) + "\n"
			}
			text += randomText(r, 3)
			switch r.IntN(12) {
			case 0:
				text = "\x00" + text
			case 1:
				text = "\x00abcd" + strings.ReplaceAll("fooBar\tk", "", "\x00") + "a b\x01" + text + "\x00b(o"
			}
			files[p] = text
		}
		// a name cannot be a file and a directory
		delete(files, "a")
		c.files[n], last = files, files
	}
	return c
}

// randomRegexp makes pieces that are valid by themselves.
func randomRegexp(r *rand.Rand, depth int) string {
	switch n := r.IntN(15); {
	case n < 5 || depth == 0:
		return regexp.QuoteMeta(strings.ReplaceAll(randomText(r, 3), "/", "-"))
	case n == 5:
		return []string{`[a-f]`, `[^a]`, `\w`, `\s`, `.`, `[kK]`, `\d`, `[é中]`, `\x41`, `\pL`}[r.IntN(10)]
	case n == 6:
		return []string{`^`, `$`, `\b`, `\B`}[r.IntN(4)]
	case n == 7:
		return "(?:" + randomRegexp(r, depth-1) + ")" + []string{"*", "+", "?", "{2}", "{0,2}", "*?"}[r.IntN(6)]
	case n == 8:
		return "(" + randomRegexp(r, depth-1) + "|" + randomRegexp(r, depth-1) + ")"
	case n == 10:
		return []string{`(?s:.)`, `\n`, `\r`, `[^b]*`}[r.IntN(4)]
	case n == 9:
		return "(?i:" + randomRegexp(r, depth-1) + ")"
	}
	return randomRegexp(r, depth-1) + randomRegexp(r, depth-1)
}

// A generator makes a random query.
type generator struct {
	r                    *rand.Rand
	upper, cased         bool
	words, multi, hasHex bool
	groups               int
}

func (g *generator) term() (bruteTerm, string) {
	r := g.r
	t := bruteTerm{words: g.words, cased: true}
	switch r.IntN(10) {
	case 9:
		return g.symbol()
	case 0:
		t.in = "file:"
	case 1:
		t.in = []string{"code:", "comment:", "string:"}[r.IntN(3)]
	case 2, 3:
		c := []struct{ name, expr string }{
			{"RLO", "\u202e"}, {`"zero width space"`, "\u200b"}, {"bidi", "[\u202a-\u202e]"}, {"U+212A", "\u212a"}, {"invisible", "[\u202e\u200b]"}, {"cr", "\r"},
		}[r.IntN(6)]
		return bruteTerm{expr: c.expr}, "char:" + c.name
	}
	if r.IntN(2) == 0 {
		expr := randomRegexp(r, 3)
		if expr == "" {
			expr = "a*"
		}
		// Only what stands for itself counts; the pieces above have it outside classes and escapes.
		plain := regexp.MustCompile(`(?s)\\(?:x41|pL|.)|\[kK\]`).ReplaceAllString(expr, "")
		g.upper = g.upper || strings.ContainsFunc(plain, unicode.IsUpper)
		plain = regexp.MustCompile(`(?s)\\(?:x41|pL|.)|\(\?[is]:`).ReplaceAllString(expr, "")
		g.cased = g.cased || strings.ContainsFunc(plain, func(r rune) bool { return unicode.SimpleFold(r) != r })
		t.expr, t.across = expr, g.multi && t.in != "file:"
		return t, t.in + "/" + expr + "/"
	}
	lit := strings.TrimFunc(randomText(r, 4), unicode.IsSpace)
	if t.in == "file:" {
		lit = []string{"f", "G", ".c", "a/b", "/", "z.d/f"}[r.IntN(6)]
	}
	if lit == "" || strings.HasSuffix(lit, `\`) || strings.Contains(lit, `\"`) {
		lit = "a"
	}
	g.upper = g.upper || strings.ContainsFunc(lit, unicode.IsUpper)
	g.cased = g.cased || strings.ContainsFunc(lit, func(r rune) bool { return unicode.SimpleFold(r) != r })
	t.expr = regexp.QuoteMeta(lit)
	if strings.ContainsAny(lit, " \t\r\"()") || lit[0] == '/' || lit[0] == ':' || r.IntN(2) == 0 {
		lit = `"` + strings.ReplaceAll(lit, `"`, `\"`) + `"`
	}
	return t, t.in + lit
}

// symbol is a term of sym:.
func (g *generator) symbol() (bruteTerm, string) {
	t := bruteTerm{in: "sym:", cased: true}
	text := ""
	switch g.r.IntN(6) {
	case 0:
		t.expr, t.words, text = "f[ou]+|x", g.words, "/f[ou]+|x/"
	case 1:
		t.expr, t.words, text = "^[^ab]*$", g.words, "/^[^ab]*$/"
	case 2:
		return bruteTerm{in: "sym:", expr: "\u212a"}, "sym:char:U+212A"
	default:
		t.whole = []string{"foo", "Foo", "bar", "k", "a", "x1", "foo +", "é"}[g.r.IntN(8)]
		text = `"` + t.whole + `"`
		g.upper = g.upper || t.whole == "Foo"
	}
	g.cased = true
	return t, "sym:" + text
}

func (g *generator) group() (bruteNode, string) {
	g.groups++
	group := &bruteGroup{}
	if g.hasHex && g.r.IntN(3) == 0 {
		digits := []string{"6162", "00", "000000", "6F006f00", "20"}[g.r.IntN(5)]
		raw, _ := hex.DecodeString(digits)
		group.hex = string(raw)
		return bruteNode{group: group}, "hex:" + digits
	}
	var parts []string
	for range 1 + g.r.IntN(2) {
		t, source := g.term()
		group.terms, parts = append(group.terms, t), append(parts, source)
	}
	return bruteNode{group: group}, strings.Join(parts, " ")
}

// tree writes a node where an operator of this strength stands beside it.
func (g *generator) tree(depth, strength int) (bruteNode, string) {
	if depth == 0 || g.groups > 4 || g.r.IntN(3) == 0 {
		return g.group()
	}
	own := g.r.IntN(3)
	n := bruteNode{op: []string{"OR", "AND", "NOT"}[own]}
	var parts []string
	for range map[bool]int{true: 1, false: 2 + g.r.IntN(2)}[own == 2] {
		kid, source := g.tree(depth-1, own)
		n.kids, parts = append(n.kids, kid), append(parts, source)
	}
	source := strings.Join(parts, " "+n.op+" ")
	if own == 2 {
		source = "NOT " + source
	}
	if own < strength || g.r.IntN(5) == 0 {
		source = "(" + source + ")"
	}
	return n, source
}

func randomQuery(r *rand.Rand) bruteQuery {
	q := bruteQuery{
		path:  func(string) bool { return true },
		place: func(*corpus, string, string) bool { return true },
		lang:  func(string) bool { return true },
	}
	g := &generator{r: r, words: r.IntN(6) == 0, multi: r.IntN(5) == 0, hasHex: r.IntN(8) == 0}
	var source string
	q.root, source = g.tree(2, 0)
	q.fold = !g.upper && g.cased
	var parts []string
	if g.words {
		parts = append(parts, "word:yes")
	}
	if g.multi {
		parts = append(parts, "multi:yes")
	}
	if r.IntN(5) == 0 {
		q.binary, parts = true, append(parts, "binary:yes")
	}
	switch r.IntN(6) {
	case 0:
		q.fold, parts = true, append(parts, "case:no")
	case 1:
		q.fold, parts = false, append(parts, "case:yes")
	}
	for _, f := range []struct {
		source string
		path   func(string) bool
	}{
		{"path:*.c", func(p string) bool { return strings.HasSuffix(p, ".c") }},
		{"path:a/**", func(p string) bool { return strings.HasPrefix(p, "a/") }},
		{"-path:a/b/", func(p string) bool { return !strings.HasPrefix(p, "a/b/") }},
		{"path:*/*", func(p string) bool { return strings.Count(p, "/") == 1 }},
		{`path:/^a\/.*h/`, func(p string) bool { return strings.HasPrefix(p, "a/") && strings.Contains(p, "h") }},
		{`-path:/f|g/`, func(p string) bool { return !strings.ContainsAny(p, "fg") }},
	}[r.IntN(6):][:r.IntN(2)] {
		q.path, parts = f.path, append(parts, f.source)
	}
	is := func(c *corpus, p string, a, b string) bool {
		x, inA := c.files[a][p]
		y, inB := c.files[b][p]
		return inA == inB && x == y
	}
	for _, f := range []struct {
		source string
		place  func(c *corpus, r, p string) bool
	}{
		{"release:r1", func(_ *corpus, r, _ string) bool { return r == "r1" }},
		{"release:r2,r1", func(_ *corpus, r, _ string) bool { return r == "r2" || r == "r1" }},
		{"new-in:r1", func(c *corpus, r, p string) bool { return r == "r1" && !is(c, p, "r2", "r1") }},
		{"new-in:r2", func(_ *corpus, r, _ string) bool { return r == "r2" }},
		{"gone-in:r1", func(c *corpus, r, p string) bool { return r == "r2" && !is(c, p, "r2", "r1") }},
		{"gone-in:r2", func(*corpus, string, string) bool { return false }},
		{"gone-in:r1 new-in:r2", func(c *corpus, r, p string) bool { return r == "r2" && !is(c, p, "r2", "r1") }},
	}[r.IntN(7):][:r.IntN(2)] {
		q.place, parts = f.place, append(parts, f.source)
	}
	for _, f := range []struct {
		source string
		lang   func(string) bool
	}{
		{"lang:c", func(id string) bool { return id == "c" }},
		{"-lang:c", func(id string) bool { return id != "c" }},
		{"lang:c,h lang:none", func(id string) bool { return id == "c" || id == "none" }},
	}[r.IntN(3):][:r.IntN(4)/3] {
		q.lang, parts = f.lang, append(parts, f.source)
	}
	// Filters may stand anywhere outside of parentheses.
	if at := r.IntN(len(parts) + 1); at < len(parts) {
		source = strings.Join(parts[:at], " ") + " " + source
		parts = parts[at:]
	}
	q.source = source + " " + strings.Join(parts, " ")
	return q
}
