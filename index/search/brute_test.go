package search

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A bruteQuery is a query in the form that a plain scan understands: regexps
// of the standard library, one per term.
type bruteQuery struct {
	source string
	terms  []*regexp.Regexp
	path   func(string) bool
	only   string
}

// scan reads every line of every file of c. It shares no code with the package.
func (q bruteQuery) scan(c *corpus) (out []string) {
	paths := map[string]bool{}
	for _, files := range c.files {
		for p := range files {
			paths[p] = true
		}
	}
	var sorted []string
	for p := range paths {
		sorted = append(sorted, p)
	}
	sort.Strings(sorted)
	for _, p := range sorted {
		for _, r := range c.names {
			text, ok := c.files[r][p]
			if !ok || !q.path(p) || q.only != "" && q.only != r || strings.Contains(text, "\x00") {
				continue
			}
			at := 0
			for n, line := range strings.SplitAfter(text, "\n") {
				if line != "" {
					if m := q.match(strings.TrimSuffix(line, "\n")); m != "" {
						var col, from, to int
						var shown string
						fmt.Sscanf(m, "%d %d", &from, &to)
						col = from + 1
						_, shown, _ = strings.Cut(m, "|")
						out = append(out, fmt.Sprintf("%s:%s:%d:%d:%s %s %d-%d", r, p, n+1, col, strings.TrimSuffix(line, "\n"), shown, at+from, at+to))
					}
				}
				at += len(line)
			}
		}
	}
	return out
}

// match is "" or the first match and all of them, merged by marking bytes.
func (q bruteQuery) match(line string) string {
	first := []int{1 << 30, 0}
	inside := make([]bool, len(line)) // a match covers this byte
	for _, t := range q.terms {
		all := t.FindAllStringIndex(line, -1)
		if all == nil {
			return ""
		}
		for _, m := range all {
			if m[0] < first[0] || m[0] == first[0] && m[1] > first[1] {
				first = m
			}
			for i := m[0]; i < m[1]; i++ {
				inside[i] = true
			}
		}
	}
	var ranges [][2]int
	for i := 0; i < len(line); i++ {
		if inside[i] {
			j := i
			for j < len(line) && inside[j] {
				j++
			}
			ranges = append(ranges, [2]int{i, j})
			i = j
		}
	}
	if ranges == nil {
		ranges = [][2]int{{first[0], first[1]}}
	}
	return fmt.Sprintf("%d %d|%v", first[0], first[1], ranges)
}

var alphabet = []string{
	"a", "b", "A", "foo", "Foo", "bar", "x1", "_", " ", " ", "\t", "(", ")", "->", "::", ".", "\"", "\\", "/", "é", "É", "k", "K", "\u212a", "s", "ſ", "中", "😀", "İ", "ß", "\r",
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
		for p, text := range last {
			if r.IntN(3) > 0 {
				files[p] = text
			}
		}
		for range 12 {
			p := dirs[r.IntN(len(dirs))] + string("fgh"[r.IntN(3)]) + []string{".c", ".h", ""}[r.IntN(3)]
			text := ""
			for range r.IntN(8) {
				text += randomText(r, 8) + "\n"
			}
			text += randomText(r, 3)
			if r.IntN(10) == 0 {
				text = "\x00" + text
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
	switch n := r.IntN(14); {
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
	case n == 9:
		return "(?i:" + randomRegexp(r, depth-1) + ")"
	}
	return randomRegexp(r, depth-1) + randomRegexp(r, depth-1)
}

func randomQuery(r *rand.Rand) bruteQuery {
	q := bruteQuery{path: func(string) bool { return true }}
	upper, cased := false, false
	var exprs, parts []string
	for range 1 + r.IntN(2) {
		if r.IntN(2) == 0 {
			expr := randomRegexp(r, 3)
			if expr == "" {
				expr = "a*"
			}
			// Only what stands for itself counts; the pieces above have it outside classes and escapes.
			plain := regexp.MustCompile(`\\x41|\\B|\\pL|\[kK\]`).ReplaceAllString(expr, "")
			upper = upper || strings.ContainsFunc(plain, unicode.IsUpper)
			plain = regexp.MustCompile(`\\x41|\\pL|\\[wsdbB]|\(\?i:`).ReplaceAllString(expr, "")
			cased = cased || strings.ContainsFunc(plain, func(r rune) bool { return unicode.SimpleFold(r) != r })
			exprs, parts = append(exprs, expr), append(parts, "/"+expr+"/")
			continue
		}
		lit := strings.TrimFunc(randomText(r, 4), unicode.IsSpace)
		if lit == "" || strings.HasSuffix(lit, `\`) || strings.Contains(lit, `\"`) {
			lit = "a"
		}
		upper = upper || strings.ContainsFunc(lit, unicode.IsUpper)
		cased = cased || strings.ContainsFunc(lit, func(r rune) bool { return unicode.SimpleFold(r) != r })
		exprs = append(exprs, regexp.QuoteMeta(lit))
		if strings.ContainsAny(lit, " \t\r\"") || lit[0] == '/' || r.IntN(2) == 0 {
			lit = `"` + strings.ReplaceAll(lit, `"`, `\"`) + `"`
		}
		parts = append(parts, lit)
	}
	fold := !upper && cased
	switch r.IntN(6) {
	case 0:
		fold, parts = true, append(parts, "case:no")
	case 1:
		fold, parts = false, append(parts, "case:yes")
	}
	switch r.IntN(8) {
	case 0:
		q.path, parts = func(p string) bool { return strings.HasSuffix(p, ".c") }, append(parts, "path:*.c")
	case 1:
		q.path, parts = func(p string) bool { return strings.HasPrefix(p, "a/") }, append(parts, "path:a/**")
	case 2:
		q.path, parts = func(p string) bool { return !strings.HasPrefix(p, "a/b/") }, append(parts, "-path:a/b/")
	case 3:
		q.path = func(p string) bool { return strings.Count(p, "/") == 1 }
		parts = append(parts, "path:*/*")
	}
	if r.IntN(4) == 0 {
		q.only, parts = "r1", append(parts, "release:r1")
	}
	r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	q.source = strings.Join(parts, " ")
	for _, e := range exprs {
		if fold {
			e = "(?i)" + e
		}
		q.terms = append(q.terms, regexp.MustCompile(e))
	}
	return q
}

func TestSearchEqualsAScanOfEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	hits := 0
	for i := range 10 {
		c := randomCorpus(r)
		b := buildWith(t, c, 20<<i, 1+i) // the first leave most blobs out of the index, and have many segments
		if i == 0 && len(b.segments) < 5 {
			t.Errorf("%d segments", len(b.segments))
		}
		for range 120 {
			q := randomQuery(r)
			got, want := b.rows(t, q.source), q.scan(c)
			if !slices.Equal(got, want) {
				t.Fatalf("query %s\n got %q\nwant %q", q.source, got, want)
			}
			hits += len(want)
		}
	}
	if hits < 3000 {
		t.Errorf("only %d hits: the queries are too narrow to prove anything", hits)
	}
}

// TestFoldOfText folds texts of all lengths and compares with rune by rune.
func TestFoldOfText(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 2000 {
		text := randomText(r, n%60)
		if n < 200 { // all of ASCII, at all places in a group of eight
			text = strings.Repeat("x", n%8)
			for c := range 128 {
				text += string(rune(c))
			}
			text += randomText(r, 9)
		}
		want, same := "", true
		for _, c := range text {
			want += string(foldRune(c))
			same = same && utf8.RuneLen(foldRune(c)) == utf8.RuneLen(c)
		}
		got, aligned := appendFold([]byte("before"), []byte(text))
		if string(got) != "before"+want || aligned != same {
			t.Fatalf("%q folds to %q, %v; want %q, %v", text, got, aligned, want, same)
		}
	}
}

// TestFoldIsRegexpFold holds the folding against (?i) for every character.
func TestFoldIsRegexpFold(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			if foldRune(o) != foldRune(r) {
				t.Errorf("%U and %U fold to %U and %U", r, o, foldRune(r), foldRune(o))
			}
		}
		if f := foldRune(r); foldRune(f) != f || isWordByte(string(f)[0]) != isWordByte(string(r)[0]) {
			t.Errorf("%U folds to %U", r, f)
		}
	}
}
