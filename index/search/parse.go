package search

import (
	"encoding/hex"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxQuery is the longest query in bytes: nobody types more, and the time that
	// a regexp may take grows with it.
	maxQuery = 4096

	// maxTerms bounds the terms and filters: each is looked for on each candidate line.
	maxTerms = 64

	// maxNesting bounds the parentheses and NOTs around a term, which are recursed into.
	maxNesting = 64
)

// Parse reads a query; the language is in the package comment. The error is a
// [*SyntaxError].
func Parse(source string) (*Query, error) {
	p := &parser{src: source, q: &Query{source: source}, given: make(map[string]bool)}
	if err := p.parse(); err != nil {
		return nil, err
	}
	return p.q, nil
}

type parser struct {
	src     string
	at      int
	q       *Query
	open    []int           // offsets of the parentheses that are not closed yet
	nesting int             // these and the NOTs around
	terms   int             // terms and filters so far
	given   map[string]bool // filters that may be given once
	inside  error           // the first filter between parentheses
	pieces  []Piece
	upper   bool // some literal has an upper-case letter
	cased   bool // some literal or class has a letter of either case
}

func (p *parser) fail(at int, format string, args ...any) error {
	return syntaxError(p.src, at, format, args...)
}

func (p *parser) parse() error {
	if len(p.src) > maxQuery {
		return p.fail(maxQuery, "a query has at most %d bytes", maxQuery)
	}
	for i, r := range p.src {
		if r == utf8.RuneError && !strings.HasPrefix(p.src[i:], "\ufffd") {
			return p.fail(i, "the query is not valid UTF-8")
		}
		if r == '\n' {
			return p.fail(i, "a query is one line; between lines of the source, a regexp with multi:yes finds \\n")
		}
	}
	if err := p.skip(); err != nil {
		return err
	}
	if p.ended() {
		if strings.TrimSpace(p.src) == "" {
			return p.fail(0, `the query is empty; type a word, a "literal" or a /regexp/`)
		}
		return p.fail(p.at, `filters alone find nothing; add a word, a "literal" or a /regexp/ to look for, or file:/./ to list files`)
	}
	var err error
	if p.q.root, err = p.or(); err != nil {
		return err
	}
	if !p.ended() {
		return p.misplaced()
	}
	if p.inside != nil {
		return p.inside
	}
	return p.finish()
}

func (p *parser) ended() bool  { return p.at == len(p.src) }
func (p *parser) rest() string { return p.src[p.at:] }

// skip passes blanks and reads filters, which hold for the whole query.
func (p *parser) skip() error {
	for {
		for r, w := utf8.DecodeRuneInString(p.rest()); w > 0 && unicode.IsSpace(r); r, w = utf8.DecodeRuneInString(p.rest()) {
			p.at += w
		}
		name := ""
		for _, f := range filters {
			if p.begins(f) {
				name = f
			}
		}
		if name == "" {
			return nil
		}
		if len(p.open) > 0 && p.inside == nil {
			p.inside = p.fail(p.at, "%s holds for the whole query and stands outside of parentheses", name)
		}
		from := p.at
		if err := p.filter(name); err != nil {
			return err
		}
		p.piece(from, name, true)
	}
}

// begins reports whether a filter or the beginning of a term stands here.
// With two colons it is a word: string::npos.
func (p *parser) begins(name string) bool {
	after, ok := strings.CutPrefix(p.rest(), name)
	return ok && !strings.HasPrefix(after, ":")
}

// operators join groups, and are words in quotes only.
var operators = []string{"AND", "OR", "NOT"}

// operator is the operator that stands here, "" if there is none.
func (p *parser) operator() string {
	for _, o := range operators {
		if after, ok := strings.CutPrefix(p.rest(), o); ok {
			if r, w := utf8.DecodeRuneInString(after); w == 0 || unicode.IsSpace(r) || r == '(' || r == ')' {
				return o
			}
		}
	}
	return ""
}

func (p *parser) or() (*node, error)  { return p.chain("OR", opOr, p.and) }
func (p *parser) and() (*node, error) { return p.chain("AND", opAnd, p.not) }

// chain reads what one operator joins.
func (p *parser) chain(word string, o op, operand func() (*node, error)) (*node, error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	n := &node{op: o}
	for add := first; ; {
		if add.op == o {
			n.kids = append(n.kids, add.kids...) // (a AND b) AND c
		} else {
			n.kids = append(n.kids, add)
		}
		if err := p.skip(); err != nil {
			return nil, err
		}
		if p.operator() != word {
			break
		}
		at := p.at
		p.at += len(word)
		if err := p.follows(at, word); err != nil {
			return nil, err
		}
		if add, err = operand(); err != nil {
			return nil, err
		}
	}
	if len(n.kids) == 1 || len(n.kids) == len(first.kids) && first.op == o {
		return first, nil
	}
	return n, nil
}

// follows sees that an operand follows the operator at at.
func (p *parser) follows(at int, word string) error {
	if err := p.skip(); err != nil {
		return err
	}
	switch o := p.operator(); {
	case p.ended() || p.rest()[0] == ')' && len(p.open) > 0:
		return p.fail(at, `nothing follows this %s, for filters need none; to search for the word itself, write "%s"`, word, word)
	case o == "AND" || o == "OR":
		return p.fail(p.at, `%s stands between two terms; to search for the word itself, write "%s"`, o, o)
	}
	return nil
}

func (p *parser) not() (*node, error) {
	if err := p.skip(); err != nil {
		return nil, err
	}
	if p.operator() != "NOT" {
		return p.primary()
	}
	at := p.at
	p.at += len("NOT")
	if err := p.nest(at); err != nil {
		return nil, err
	}
	if err := p.follows(at, "NOT"); err != nil {
		return nil, err
	}
	kid, err := p.not()
	p.nesting--
	return &node{op: opNot, kids: []*node{kid}}, err
}

func (p *parser) nest(at int) error {
	if p.nesting++; p.nesting > maxNesting {
		return p.fail(at, "at most %d parentheses and NOTs may stand around a term", maxNesting)
	}
	return nil
}

// primary reads a group, or a query in parentheses.
func (p *parser) primary() (*node, error) {
	switch o := p.operator(); {
	case o != "":
		return nil, p.fail(p.at, `nothing stands before this %s; to search for the word itself, write "%s"`, o, o)
	case p.rest()[0] == ')':
		return nil, p.misplaced()
	case p.rest()[0] != '(':
		return p.group()
	}
	at := p.at
	if err := p.nest(at); err != nil {
		return nil, err
	}
	p.open = append(p.open, at)
	p.at++
	if err := p.skip(); err != nil {
		return nil, err
	}
	if p.ended() {
		return nil, p.unclosed()
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.ended() {
		return nil, p.unclosed()
	}
	if p.rest()[0] != ')' {
		return nil, p.misplaced()
	}
	p.at++
	p.nesting--
	p.open = p.open[:len(p.open)-1]
	return n, nil
}

func (p *parser) unclosed() error {
	return p.fail(p.open[len(p.open)-1], "the parenthesis that opens here is not closed; text that begins with one stands in quotes")
}

// misplaced explains what stands here where only an operator could.
func (p *parser) misplaced() error {
	switch {
	case p.rest()[0] == ')' && len(p.open) > 0:
		return p.fail(p.at, "there is nothing between these parentheses; to search for them, put them in quotes")
	case p.rest()[0] == ')':
		return p.fail(p.at, "no parenthesis is open that this one could close; to search for it, put it in quotes")
	case p.operator() == "NOT":
		return p.fail(p.at, "before NOT, write AND or OR")
	}
	return p.fail(p.at, "between a parenthesis and what stands beside it, write AND or OR; a parenthesis that is text stands in quotes")
}

// group reads terms up to an operator or parenthesis.
func (p *parser) group() (*node, error) {
	g := &group{}
	for !p.ended() && p.rest()[0] != '(' && p.rest()[0] != ')' && p.operator() == "" {
		if err := p.count(); err != nil {
			return nil, err
		}
		start := p.at
		w, err := p.term()
		if err != nil {
			return nil, err
		}
		if hexed := w.kind == hexKind; hexed && len(g.written) > 0 || len(g.written) > 0 && g.written[0].kind == hexKind {
			return nil, p.fail(start, "hex: stands on no line with other terms; write AND or OR between them")
		}
		g.written = append(g.written, w)
		if err := p.skip(); err != nil {
			return nil, err
		}
	}
	p.q.groups = append(p.q.groups, g)
	return &node{group: len(p.q.groups) - 1}, nil
}

func (p *parser) count() error {
	if p.terms++; p.terms > maxTerms {
		return p.fail(p.at, "a query has at most %d terms", maxTerms)
	}
	return nil
}

func (p *parser) term() (written, error) {
	w := written{}
	start, prefix := p.at, ""
	for r := inCode; r <= inSymbol; r++ {
		if p.begins(regionNames[r]) {
			w.in, prefix = r, regionNames[r]
		}
	}
	p.at += len(prefix)
	named := prefix
	switch {
	case p.begins("char:"):
		w.kind, prefix = charKind, "char:"
		named += prefix
	case w.in == anywhere && p.begins("hex:"):
		w.kind, prefix = hexKind, "hex:"
		named = prefix
	}
	if w.kind != literalKind {
		p.at += len(prefix)
	}
	w.at = p.at
	var err error
	switch rest := p.rest(); {
	case strings.HasPrefix(rest, `"`):
		w.text, err = p.quoted("literal", "")
	case strings.HasPrefix(rest, "/") && w.kind == literalKind:
		w.kind = regexpKind
		w.text, err = p.regexp()
		w.at++
	default:
		if w.text = p.bare(""); w.text == "" {
			return w, p.needsValue(prefix)
		}
		if w.in == inName && strings.ContainsAny(w.text, "*?") {
			return w, p.fail(w.at, "file: takes text or a /regexp/; for a pattern with * or ? write path:, and for these characters themselves quotes")
		}
	}
	if err != nil {
		return w, err
	}
	p.piece(start, named, false)
	return w, p.checkTerm(w)
}

func (p *parser) needsValue(name string) error {
	return p.fail(p.at, "%s needs a value directly after the colon; to search for the text itself, put it in quotes", name)
}

// checkTerm looks into a term, and notes what it says about case.
func (p *parser) checkTerm(w written) error {
	switch w.kind {
	case literalKind:
		p.upper = p.upper || strings.ContainsFunc(w.text, isUpper)
		p.cased = p.cased || strings.ContainsFunc(w.text, isCased)
	case regexpKind:
		if err := p.checkRegexp(w.text, w.at); err != nil {
			return err
		}
		walkRegexp(w.text, func(_ int, r rune, class bool) {
			p.upper = p.upper || !class && isUpper(r)
			p.cased = p.cased || isCased(r)
		})
	case charKind:
		if _, err := charNamed(w.text); err != nil {
			return p.fail(w.at, "%v", err)
		}
	case hexKind:
		for i, r := range w.text {
			if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
				return p.fail(w.at+i, "hex: takes hexadecimal digits, two for each byte")
			}
		}
		if len(w.text)%2 != 0 {
			return p.fail(w.at+len(w.text), "hex: takes two digits for each byte, and here is an odd number of them")
		}
	}
	return nil
}

// checkRegexp refuses what does not compile, or to something too large.
func (p *parser) checkRegexp(src string, at int) error {
	re, err := syntax.Parse(src, syntax.Perl)
	if err != nil {
		i, msg := regexpError(src, err)
		return p.fail(at+i, "%s", msg)
	}
	if n := partsOf(re); n > maxParts {
		return p.fail(at, "this regexp is too large: its repetitions written out make %d parts of at most %d", n, maxParts)
	}
	return nil
}

func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

func isCased(r rune) bool { return unicode.SimpleFold(r) != r }

// atEnd reports whether a term may end here; more are further characters before
// which it may.
func (p *parser) atEnd(more string) bool {
	r, w := utf8.DecodeRuneInString(p.rest())
	return w == 0 || unicode.IsSpace(r) || r == ')' && len(p.open) > 0 || strings.ContainsRune(more, r)
}

// bare reads up to the next blank or one of stop. Between parentheses it also
// ends at a ")" for which the word itself has no "(".
func (p *parser) bare(stop string) string {
	start, open := p.at, 0
	for !p.ended() {
		r, w := utf8.DecodeRuneInString(p.rest())
		switch {
		case r == '(':
			open++
		case r == ')' && open > 0:
			open--
		case p.atEnd(stop):
			return p.src[start:p.at]
		}
		p.at += w
	}
	return p.src[start:]
}

// quoted reads "…" in which \" stands for a quote; any other backslash is itself.
func (p *parser) quoted(what, stop string) (string, error) {
	start := p.at
	var s strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			if !p.atEnd(stop) {
				return "", p.fail(p.at, `a blank must follow the closing quote; inside the quotes, \" stands for a quote`)
			}
			if s.Len() == 0 {
				return "", p.fail(start, "the %s in these quotes is empty", what)
			}
			return s.String(), nil
		case c == '\\' && strings.HasPrefix(p.rest(), `\"`):
			p.at++
			s.WriteByte('"')
		default:
			s.WriteByte(c)
		}
	}
	if strings.HasSuffix(p.src, `\"`) {
		return "", p.fail(start, `the quote that opens here is not closed, because \" stands for a quote; write text that ends with a backslash as a /regexp\\/`)
	}
	return "", p.fail(start, "the quote that opens here is not closed")
}

// regexp reads /…/ in which \/ stands for a slash.
func (p *parser) regexp() (string, error) {
	start := p.at
	body := start + 1
	for p.at = body; p.at < len(p.src) && p.src[p.at] != '/'; p.at++ {
		if p.src[p.at] == '\\' {
			p.at++
		}
	}
	if p.at >= len(p.src) {
		return "", p.fail(start, `the regexp that opens here has no closing /; to search for text with a slash, put it in quotes`)
	}
	src := p.src[body:p.at]
	p.at++
	if src == "" {
		return "", p.fail(start, `the regexp is empty; to search for "//", put it in quotes`)
	}
	if !p.atEnd("") {
		return "", p.fail(p.at, `a blank must follow the closing /; a slash inside a regexp is written \/, and text with slashes is searched for in quotes`)
	}
	return src, nil
}

// finish compiles the terms once their case is known, which any of them may
// have decided. A query without any letter does not fold: folded, /[^ -~]/
// would not find the Kelvin sign, because that is a "k".
func (p *parser) finish() error {
	q := p.q
	if !q.caseSet {
		q.fold = !p.upper && p.cased
	}
	for _, g := range q.groups {
		for _, w := range g.written {
			if w.kind == hexKind {
				q.hexes = true
				g.hex, _ = hex.DecodeString(w.text) // was checked
				continue
			}
			t, err := p.compile(w)
			if err != nil {
				return err
			}
			switch w.in {
			case inName:
				q.names, g.names = true, append(g.names, t)
				continue
			case inSymbol:
				q.definitions, g.symbols = true, append(g.symbols, t)
				continue
			}
			g.terms = append(g.terms, t)
			q.folded = q.folded || q.fold || t.re != nil
			q.regions = q.regions || t.in != anywhere
		}
		q.content = q.content || !g.onlyNames()
	}
	q.anyCase = inAnyText
	for _, g := range q.groups {
		g.anchors = q.newAnchors(g)
		for _, a := range g.anchors {
			g.needles = append(g.needles, newNeedle(a))
			q.anyCase = min(q.anyCase, g.needles[len(g.needles)-1].anyCase)
		}
	}
	return nil
}

func (p *parser) compile(w written) (term, error) {
	t := term{in: w.in}
	var re *syntax.Regexp
	var err error
	words := p.q.words
	switch w.kind {
	case literalKind:
		if t.literal = w.text; p.q.fold {
			t.literal = foldString(t.literal)
		}
		t.needle = newNeedle(t.literal)
		return t, nil
	case charKind:
		var set []rune
		if set, err = charNamed(w.text); err == nil {
			re, err = charRegexp(set)
		}
		words = false
	default:
		flags := syntax.Perl
		if p.q.multi && w.in != inName && w.in != inSymbol {
			t.across = true
			flags &^= syntax.OneLine
		}
		if re, err = syntax.Parse(w.text, flags); err == nil {
			t.sets = required(re)
			if t.word, err = newWordPart(re, w.in); err == nil && p.q.fold {
				re, err = syntax.Parse(w.text, flags|syntax.FoldCase)
			}
		}
	}
	if err == nil && t.sets == nil {
		t.sets = required(re)
	}
	if err == nil {
		t.re, err = newFinder(re, words)
	}
	if err != nil {
		at, msg := regexpError(w.text, err)
		return t, p.fail(w.at+at, "%s", msg)
	}
	return t, nil
}

// newAnchors picks the literals by which lines are found: one of them is on
// every matching line. They are folded when Query.folded; none when nothing is known.
func (q *Query) newAnchors(g *group) []string {
	var out []string
	for _, t := range g.terms {
		set := []string{t.literal}
		switch {
		case t.across:
			continue // what it requires may be on a later line
		case t.re != nil:
			set = best(t.sets)
		case q.folded && !q.fold:
			set[0] = foldString(t.literal)
		}
		if shortest(set) > shortest(out) {
			out = set
		}
	}
	return out
}

// pathRegexp compiles the value of path:/…/.
func (p *parser) pathRegexp(at int, src string) (*regexp.Regexp, error) {
	if err := p.checkRegexp(src, at); err != nil {
		return nil, err
	}
	re, err := regexp.Compile(src)
	if err != nil {
		i, msg := regexpError(src, err)
		return nil, p.fail(at+i, "%s", msg)
	}
	return re, nil
}
