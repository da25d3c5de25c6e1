package search

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vitrine/index/deposit"
)

// A bruteTerm finds its matches in a text by regexps of the standard library.
type bruteTerm struct {
	in     string // the prefix
	expr   string
	whole  string // of sym:, instead of the expression: the name
	words  bool   // only whole ones
	across bool   // in the file, not a line
	cased  bool   // fold as the query says
}

// A bruteGroup is a group of terms, or hex digits.
type bruteGroup struct {
	terms []bruteTerm
	hex   string
}

// A bruteNode is a query as a tree.
type bruteNode struct {
	op    string
	kids  []bruteNode
	group *bruteGroup
}

// A bruteQuery is a query in the form that a plain scan understands.
type bruteQuery struct {
	source string
	root   bruteNode
	fold   bool
	binary bool
	path   func(string) bool
	place  func(c *corpus, release, path string) bool
	lang   func(string) bool
}

const bruteNotWord = `[^\pL\pM\pN_]`

var compiled = map[string]*regexp.Regexp{}

func cached(expr string) *regexp.Regexp {
	if compiled[expr] == nil {
		compiled[expr] = regexp.MustCompile(expr)
	}
	return compiled[expr]
}

// find lists the matches in text. Whole words are tried at every character.
func (t bruteTerm) find(text string, fold bool) (out [][]int) {
	flags := ""
	if fold && t.cased {
		flags += "i"
	}
	if t.across {
		flags += "m"
	}
	expr := t.expr
	if flags != "" {
		expr = "(?" + flags + ":" + expr + ")"
	}
	if !t.words {
		return cached(expr).FindAllStringIndex(text, -1)
	}
	lastEnd, free := -1, 0
	for n, at := 0, 0; at <= len(text); n++ {
		left, _ := utf8.DecodeLastRuneInString(text[:at])
		if at >= free && (at == 0 || cached(bruteNotWord).MatchString(string(left))) {
			m := cached(fmt.Sprintf(`(?s)\A.{%d}(`, n) + `(?-s:` + expr + `))(?:\z|` + bruteNotWord + `)`).FindStringSubmatchIndex(text)
			if m != nil && (m[3] > at || lastEnd != at) {
				out = append(out, []int{at, m[3]})
				lastEnd, free = m[3], m[3]
			}
		}
		_, w := utf8.DecodeRuneInString(text[at:])
		at += max(w, 1)
	}
	return out
}

// names reports whether a term of sym: means a name.
func (t bruteTerm) names(name string, fold bool) bool {
	switch {
	case t.whole == "":
		return t.find(name, fold) != nil
	case fold:
		return strings.EqualFold(name, t.whole)
	}
	return name == t.whole
}

// A bruteFile is a file in the form that a plain scan understands.
type bruteFile struct {
	path   string
	text   string // of a binary file its printable runs
	kinds  []byte // per byte of text "c", "s" or " " for code; and which piece
	binary bool
	raw    string
	runs   [][2]int // of a binary file: offset and width, per line
	names  []Name
}

var printableRuns = regexp.MustCompile(`[\t -~]{4,}|(?:[\t -~]\x00){4,}`)

func newBruteFile(path, raw string) *bruteFile {
	f := &bruteFile{path: path, text: raw, raw: raw, binary: strings.Contains(raw, "\x00")}
	if !f.binary {
		f.kinds = []byte(strings.Repeat(" ", len(raw)))
		for n, m := range testRegions.FindAllStringIndex(raw, -1) {
			for i := m[0]; i < m[1]; i++ {
				f.kinds[i] = "sS"[n%2]
				if raw[m[0]] == '/' {
					f.kinds[i] = "cC"[n%2]
				}
			}
		}
		return f
	}
	var wide []rune // a rune for each byte
	for i := range len(raw) {
		wide = append(wide, rune(raw[i]))
	}
	f.text = ""
	for _, m := range printableRuns.FindAllStringIndex(string(wide), -1) {
		run := string(wide)[m[0]:m[1]]
		width := 1
		if strings.Contains(run, "\x00") {
			width = 2
		}
		f.runs = append(f.runs, [2]int{utf8.RuneCountInString(string(wide)[:m[0]]), width})
		f.text += strings.ReplaceAll(run, "\x00", "") + "\n"
	}
	return f
}

// pieces are the maximal parts of text[from:to] that a prefix is about.
func (f *bruteFile) pieces(in string, from, to int) (out [][2]int) {
	want := map[string]string{"code:": " ", "comment:": "cC", "string:": "sS"}[in]
	if want == "" {
		return [][2]int{{from, to}}
	}
	for i := from; i < to; i++ {
		if strings.IndexByte(want, f.kinds[i]) < 0 {
			continue
		}
		j := i
		for j < to && f.kinds[j] == f.kinds[i] {
			j++
		}
		out = append(out, [2]int{i, j})
		i = j - 1
	}
	return out
}

// lines are the matches of a group's lines, by line number.
func (f *bruteFile) lines(g *bruteGroup, fold bool) map[int][][]int {
	out := map[int][][]int{}
	if g.hex != "" {
		for at := 0; f.binary; {
			i := strings.Index(f.raw[at:], g.hex)
			if i < 0 {
				break
			}
			out[-1-at-i] = [][]int{{0, len(g.hex)}}
			at += i + len(g.hex)
		}
		return out
	}
	at := 0
	for n, line := range strings.SplitAfter(f.text, "\n") {
		if line == "" {
			break
		}
		end := at + len(strings.TrimSuffix(line, "\n"))
		var all [][]int
		matches := true
		for _, t := range g.terms {
			if t.in == "file:" {
				matches = matches && t.find(f.path, fold) != nil
				continue
			}
			var own [][]int
			if t.in == "sym:" {
				for _, n := range f.names {
					if at <= n.From && n.From <= end && t.names(n.Text, fold) {
						own = append(own, []int{n.From - at, n.To - at})
					}
				}
				matches = matches && own != nil
				all = append(all, own...)
				continue
			}
			pieces := f.pieces(t.in, at, end)
			if t.across && !f.binary {
				pieces = f.pieces(t.in, 0, len(f.text))
			}
			for _, p := range pieces {
				for _, m := range t.find(f.text[p[0]:p[1]], fold) {
					if from := p[0] + m[0]; at <= from && from <= end {
						own = append(own, []int{from - at, p[0] + m[1] - at})
					}
				}
			}
			matches = matches && own != nil
			all = append(all, own...)
		}
		if matches && all != nil {
			out[n] = all
		}
		at += len(line)
	}
	return out
}

// onlyNames reports whether a group says nothing about content.
func (g *bruteGroup) onlyNames() bool {
	return g.hex == "" && !slices.ContainsFunc(g.terms, func(t bruteTerm) bool { return t.in != "file:" })
}

func (g *bruteGroup) nameIn(path string, fold bool) bool {
	return !slices.ContainsFunc(g.terms, func(t bruteTerm) bool { return t.in == "file:" && t.find(path, fold) == nil })
}

// holds evaluates the tree; shown are the groups whose lines count.
func (n bruteNode) holds(group func(*bruteGroup) bool) (is bool, shown []*bruteGroup) {
	switch n.op {
	case "":
		if group(n.group) {
			return true, []*bruteGroup{n.group}
		}
		return false, nil
	case "NOT":
		is, _ := n.kids[0].holds(group)
		return !is, nil
	}
	count := 0
	for _, k := range n.kids {
		if is, s := k.holds(group); is {
			count++
			shown = append(shown, s...)
		}
	}
	if count == 0 || n.op == "AND" && count < len(n.kids) {
		return false, nil
	}
	return true, shown
}

func (n bruteNode) each(f func(*bruteGroup)) {
	if n.group != nil {
		f(n.group)
	}
	for _, k := range n.kids {
		k.each(f)
	}
}

func (n bruteNode) withoutNot() bool {
	return n.op != "NOT" && !slices.ContainsFunc(n.kids, func(k bruteNode) bool { return !k.withoutNot() })
}

// possible tries all answers that the groups with doubt may give.
func (n bruteNode) possible(group func(*bruteGroup) (is, doubt bool)) (can, must bool) {
	var doubtful []*bruteGroup
	n.each(func(g *bruteGroup) {
		if _, doubt := group(g); doubt {
			doubtful = append(doubtful, g)
		}
	})
	must = true
	for mask := range 1 << len(doubtful) {
		is, _ := n.holds(func(g *bruteGroup) bool {
			if i := slices.Index(doubtful, g); i >= 0 {
				return mask>>i&1 != 0
			}
			is, _ := group(g)
			return is
		})
		can, must = can || is, must && is
	}
	return can, must
}

// hits are the rows of a file.
func (q bruteQuery) hits(f *bruteFile) (out []string) {
	lines := map[*bruteGroup]map[int][][]int{}
	is, shown := q.root.holds(func(g *bruteGroup) bool {
		switch {
		case !g.nameIn(f.path, q.fold):
			return false
		case g.onlyNames():
			return true
		}
		lines[g] = f.lines(g, q.fold)
		return len(lines[g]) > 0
	})
	if !is {
		return nil
	}
	all := map[int][][]int{}
	for _, g := range shown {
		for n, m := range lines[g] {
			all[n] = append(all[n], m...)
		}
	}
	if len(all) == 0 {
		return []string{q.fileRow(f.path, shown)}
	}
	split := strings.SplitAfter(f.text, "\n")
	type numbered struct {
		at  int
		row string
	}
	var rows []numbered
	for n, ranges := range all {
		if n < 0 {
			at, size := -1-n, 0
			for _, r := range ranges {
				size = max(size, r[1])
			}
			shown := fmt.Sprintf("% x", f.raw[at:min(len(f.raw), at+16)])
			rows = append(rows, numbered{2*at + 1, fmt.Sprintf("0:0:%s [[0 %d]] %d-%d", shown, 3*size-1, at, at+size)})
			continue
		}
		at := len(strings.Join(split[:n], ""))
		line := strings.TrimSuffix(split[n], "\n")
		first, shown := joined(line, ranges)
		if f.binary {
			r := f.runs[n]
			rows = append(rows, numbered{2 * r[0], fmt.Sprintf("0:0:%s %s %d-%d", line, shown, r[0]+first[0]*r[1], r[0]+first[1]*r[1])})
			continue
		}
		rows = append(rows, numbered{n, fmt.Sprintf("%d:%d:%s %s %d-%d", n+1, first[0]+1, line, shown, at+first[0], at+first[1])})
	}
	slices.SortFunc(rows, func(a, b numbered) int { return a.at - b.at })
	for _, r := range rows {
		out = append(out, r.row)
	}
	return out
}

func (q bruteQuery) fileRow(path string, shown []*bruteGroup) string {
	var ranges [][]int
	for _, g := range shown {
		for _, t := range g.terms {
			if t.in == "file:" {
				ranges = append(ranges, t.find(path, q.fold)...)
			}
		}
	}
	matches := "[]"
	if ranges != nil {
		_, matches = joined(path, ranges)
	}
	return fmt.Sprintf("0:0:%s %s 0-0", path, matches)
}

// joined is the first match and all of them, merged by marking bytes.
func joined(line string, all [][]int) (first []int, shown string) {
	first = []int{1 << 30, 0}
	inside := make([]bool, len(line)) // a match covers this byte
	for _, m := range all {
		if m[0] < first[0] || m[0] == first[0] && m[1] > first[1] {
			first = m
		}
		for i := m[0]; i < m[1] && i < len(line); i++ {
			inside[i] = true
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
		ranges = [][2]int{{first[0], min(first[1], len(line))}}
	}
	return first, fmt.Sprint(ranges)
}

// scan reads every line of every file of c. It shares no code with the package.
func (q bruteQuery) scan(c *corpus) []string {
	rows, _ := q.scanAll(c)
	return rows
}

// scanAll also gives the account: listed says of each place whether it must, may or must not be in the list of
// what was not searched.
func (q bruteQuery) scanAll(c *corpus) (out []string, listed map[string]string) {
	listed = map[string]string{}
	regions, symbols := false, false
	hexes, content := false, false
	q.root.each(func(g *bruteGroup) {
		hexes = hexes || g.hex != ""
		content = content || !g.onlyNames()
		for _, t := range g.terms {
			regions = regions || t.in != "" && t.in != "file:" && t.in != "sym:"
			symbols = symbols || t.in == "sym:"
		}
	})
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
			raw, ok := c.files[r][p]
			if !ok || !q.path(p) || !q.place(c, r, p) || !q.lang(testLanguages{}.Language(p, nil)) {
				continue
			}
			f := newBruteFile(p, raw)
			unsure := ""
			if symbols && !f.binary {
				f.names, unsure = definedIn(raw)
			}
			add := func(rows ...string) {
				for _, row := range rows {
					out = append(out, r+":"+p+":"+row)
				}
			}
			unknownTo := func(g *bruteGroup) (is, doubt bool) {
				if !g.nameIn(p, q.fold) || g.hex != "" && !f.binary {
					return false, false
				}
				return g.onlyNames(), !g.onlyNames()
			}
			switch {
			case f.binary && content && (!q.binary && !hexes || regions):
				can, must := q.root.possible(unknownTo)
				if can {
					listed[r+":"+p] = "must"
				}
				if must {
					_, shown := q.root.holds(func(g *bruteGroup) bool { is, _ := unknownTo(g); return is })
					add(q.fileRow(p, shown))
				}
			case !f.binary && (regions && testLanguages{}.Language(p, nil) == "" || unsure != ""):
				if !(regions && testLanguages{}.Language(p, nil) == "") && q.root.withoutNot() {
					add(q.hits(f)...)
				}
				if can, _ := q.root.possible(unknownTo); can {
					listed[r+":"+p] = "may"
				}
				// What the index cannot know to be missing must be listed.
				can, _ := q.root.possible(func(g *bruteGroup) (is, doubt bool) {
					is, doubt = unknownTo(g)
					for _, t := range g.terms {
						if t.in == "sym:" && unsure == "" && !slices.ContainsFunc(f.names, func(n Name) bool { return t.names(n.Text, q.fold) }) {
							return false, false
						}
						literal := regexp.QuoteMeta(unquoteMeta(t.expr)) == t.expr
						if t.in != "file:" && (!literal || !strings.Contains(strings.ToLower(f.text), strings.ToLower(unquoteMeta(t.expr)+t.whole))) {
							return false, false
						}
					}
					return is, doubt
				})
				if can {
					listed[r+":"+p] = "must"
				}
			default:
				add(q.hits(f)...)
			}
		}
	}
	return out, listed
}

func TestSearchEqualsAScanOfEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	hits, files, missed, kinds := 0, 0, 0, map[HitKind]int{}
	for i := range 10 {
		c := randomCorpus(r)
		b := buildWith(t, c, 20<<i, 1+i) // the first leave most blobs out of the index, and have many segments
		if i == 0 && len(b.segments) < 4 {
			t.Errorf("%d segments", len(b.segments))
		}
		b.languages = testLanguages{}
		symbols := symbolsOf(c)
		for range 170 {
			q := randomQuery(r)
			want, listed := q.scanAll(c)
			parsed, err := Parse(q.source)
			if err != nil {
				t.Fatalf("%s: %v", q.source, err)
			}
			var got []string
			report, err := b.Search(context.Background(), parsed.WithSymbols(symbols), func(h Hit) bool {
				got = append(got, row(h))
				kinds[h.Kind]++
				return true
			})
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("query %s\n got %q\nwant %q\n%v", q.source, got, want, err)
			}
			if !slices.IsSortedFunc(report.NotSearched, func(a, b NotSearched) int {
				return cmp.Or(strings.Compare(a.Place.Path, b.Place.Path), slices.Index(c.names, a.Place.Release)-slices.Index(c.names, b.Place.Release))
			}) {
				t.Fatalf("query %s\nnot searched, out of order: %v", q.source, report.NotSearched)
			}
			for _, n := range report.NotSearched {
				at := n.Place.Release + ":" + n.Place.Path
				if listed[at] == "" {
					t.Fatalf("query %s\n%s is listed as not searched: %s", q.source, at, n.Why)
				}
				delete(listed, at)
				missed++
			}
			for at, must := range listed {
				if must == "must" {
					t.Fatalf("query %s\n%s is not listed as not searched", q.source, at)
				}
			}
			hits, files = hits+len(want), files+report.Files
		}
	}
	t.Logf("%d hits %v in %d files, %d not searched", hits, kinds, files, missed)
	if hits < 3000 || missed < 100 || kinds[HitFile] < 100 || kinds[HitBytes] < 100 {
		t.Errorf("only %d hits %v and %d places not searched: the queries are too narrow to prove anything", hits, kinds, missed)
	}
}

// TestSearchAtOnePlace: what a query finds is what it finds in each place by itself.
func TestSearchAtOnePlace(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	hits := 0
	for i := range 4 {
		c := randomCorpus(r)
		b := buildWith(t, c, 40<<i, 1+i)
		b.languages = testLanguages{}
		symbols := symbolsOf(c)
		for range 60 {
			q := randomQuery(r)
			parsed, err := Parse(q.source)
			if err != nil {
				t.Fatalf("%s: %v", q.source, err)
			}
			parsed = parsed.WithSymbols(symbols)
			find := func(q *Query) map[deposit.Place][]string {
				got := map[deposit.Place][]string{}
				if _, err := b.Search(context.Background(), q, func(h Hit) bool {
					got[h.Place] = append(got[h.Place], row(h))
					return true
				}); err != nil {
					t.Fatal(err)
				}
				return got
			}
			all := find(parsed)
			for _, release := range append(c.names, "no such release") {
				for path := range c.files[c.names[0]] {
					at := deposit.Place{Release: release, Path: path}
					got := find(parsed.At(at))
					if !slices.Equal(got[at], all[at]) || len(got) > 1 {
						t.Fatalf("query %s at %v\n got %q\nwant %q", q.source, at, got, all[at])
					}
					hits += len(got[at])
				}
			}
			if found := find(parsed.At(deposit.Place{Release: c.names[0], Path: "none"})); len(found) > 0 {
				t.Fatalf("query %s has hits in a file that is not there: %q", q.source, found)
			}
		}
	}
	if hits < 300 {
		t.Errorf("only %d hits", hits)
	}
}

// TestFewAreNotNarrowed: the last candidates are read at once, and found all the same.
func TestFewAreNotNarrowed(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	c := randomCorpus(r)
	b := build(t, c)
	b.languages, b.patience, b.symbols = testLanguages{}, usual, symbolsOf(c)
	for range 150 {
		q := randomQuery(r)
		if got, want := b.rows(t, q.source), q.scan(c); !slices.Equal(got, want) {
			t.Fatalf("query %s\n got %q\nwant %q", q.source, got, want)
		}
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
