package search

import (
	"fmt"
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
)

// A Query is what to look for, parsed by [Parse]. It is immutable.
type Query struct {
	source  string
	terms   []term
	paths   []glob
	without []glob
	release string
	fold    bool
	anchors []string // every matching line has one of these; see newAnchors
}

// A term must match somewhere on a line.
type term struct {
	literal string         // as typed; with Query.fold, folded
	re      *regexp.Regexp // nil for a literal
	sets    [][]string     // of a regexp: what a line must contain, folded
}

// A SyntaxError says where a query is wrong.
type SyntaxError struct {
	Offset    int // in bytes from the beginning of the query
	Character int // the same counted in characters, from 1, for people
	Msg       string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, character %d: %s", e.Character, e.Msg)
}

// Release is the release that the query names, "" for all.
func (q *Query) Release() string { return q.release }

// String is the query as it was typed.
func (q *Query) String() string { return q.source }

// Parse reads a query; the language is in the package comment. The error is a
// [*SyntaxError].
func Parse(source string) (*Query, error) {
	p := &parser{src: source, q: &Query{source: source}}
	if err := p.parse(); err != nil {
		return nil, err
	}
	return p.q, nil
}

type parser struct {
	src      string
	at       int
	q        *Query
	caseSet  bool // case: was given
	fold     bool // and said no
	upper    bool // some literal has an upper-case letter
	cased    bool // some literal or class has a letter of either case
	patterns []rawRegexp
}

// A rawRegexp is compiled after the whole query was read, when its case is known.
type rawRegexp struct {
	term, at int
	src      string
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Character: utf8.RuneCountInString(p.src[:at]) + 1, Msg: fmt.Sprintf(format, args...)}
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
			return p.fail(i, "a query is one line: every term must stand on one line of the source")
		}
	}
	for n := 0; ; n++ {
		p.skipBlanks()
		if p.at == len(p.src) {
			break
		}
		if n == maxTerms {
			return p.fail(p.at, "a query has at most %d terms", maxTerms)
		}
		if err := p.term(); err != nil {
			return err
		}
	}
	if len(p.q.terms) == 0 {
		if strings.TrimSpace(p.src) == "" {
			return p.fail(0, `the query is empty; type a word, a "literal" or a /regexp/`)
		}
		return p.fail(len(p.src), `filters alone find nothing; add a word, a "literal" or a /regexp/ to look for`)
	}
	return p.finish()
}

func (p *parser) skipBlanks() {
	for p.at < len(p.src) {
		r, w := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += w
	}
}

// atBlank reports whether a term may end here.
func (p *parser) atBlank() bool {
	r, w := utf8.DecodeRuneInString(p.src[p.at:])
	return w == 0 || unicode.IsSpace(r)
}

// bare reads up to the next blank.
func (p *parser) bare() string {
	start := p.at
	for !p.atBlank() {
		_, w := utf8.DecodeRuneInString(p.src[p.at:])
		p.at += w
	}
	return p.src[start:p.at]
}

func (p *parser) term() error {
	rest := p.src[p.at:]
	switch {
	case rest[0] == '"':
		s, err := p.quoted("literal")
		if err != nil {
			return err
		}
		p.addLiteral(s)
		return nil
	case rest[0] == '/':
		return p.regexp()
	}
	for _, name := range []string{"case:", "path:", "-path:", "release:"} {
		if strings.HasPrefix(rest, name) {
			return p.filter(name)
		}
	}
	p.addLiteral(p.bare())
	return nil
}

func (p *parser) addLiteral(s string) {
	p.upper = p.upper || strings.ContainsFunc(s, isUpper)
	p.cased = p.cased || strings.ContainsFunc(s, isCased)
	p.q.terms = append(p.q.terms, term{literal: s})
}

func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

func isCased(r rune) bool { return unicode.SimpleFold(r) != r }

// quoted reads "…" in which \" stands for a quote; any other backslash is itself.
func (p *parser) quoted(what string) (string, error) {
	start := p.at
	var s strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			if !p.atBlank() {
				return "", p.fail(p.at, `a blank must follow the closing quote; inside the quotes, \" stands for a quote`)
			}
			if s.Len() == 0 {
				return "", p.fail(start, "the %s in these quotes is empty", what)
			}
			return s.String(), nil
		case c == '\\' && strings.HasPrefix(p.src[p.at:], `\"`):
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

func (p *parser) filter(name string) error {
	start := p.at
	p.at += len(name)
	at := p.at
	var value string
	if strings.HasPrefix(p.src[p.at:], `"`) {
		var err error
		if value, err = p.quoted(strings.Trim(name, "-:")); err != nil {
			return err
		}
	} else if value = p.bare(); value == "" {
		return p.fail(at, "%s needs a value directly after the colon; to search for the text itself, put it in quotes", name)
	}
	switch name {
	case "case:":
		if value != "yes" && value != "no" {
			return p.fail(at, "case: takes yes or no, not %q", value)
		}
		if p.caseSet {
			return p.fail(start, "case: is given twice")
		}
		p.caseSet, p.fold = true, value == "no"
	case "release:":
		if p.q.release != "" {
			return p.fail(start, "release: is given twice; leave it out to search all releases")
		}
		p.q.release = value
	default:
		g, err := compileGlob(value)
		if err != nil {
			return p.fail(at, "%s%s: %v", name, value, err)
		}
		if name == "path:" {
			p.q.paths = append(p.q.paths, g)
		} else {
			p.q.without = append(p.q.without, g)
		}
	}
	return nil
}

// regexp reads /…/ in which \/ stands for a slash.
func (p *parser) regexp() error {
	start := p.at
	body := start + 1
	for p.at = body; p.at < len(p.src) && p.src[p.at] != '/'; p.at++ {
		if p.src[p.at] == '\\' {
			p.at++
		}
	}
	if p.at >= len(p.src) {
		return p.fail(start, `the regexp that opens here has no closing /; to search for text with a slash, put it in quotes`)
	}
	src := p.src[body:p.at]
	p.at++
	if src == "" {
		return p.fail(start, `the regexp is empty; to search for "//", put it in quotes`)
	}
	if !p.atBlank() {
		return p.fail(p.at, `a blank must follow the closing /; a slash inside a regexp is written \/, and text with slashes is searched for in quotes`)
	}
	if _, err := syntax.Parse(src, syntax.Perl); err != nil {
		at, msg := regexpError(src, err)
		return p.fail(body+at, "%s", msg)
	}
	walkRegexp(src, func(_ int, r rune, class bool) {
		p.upper = p.upper || !class && isUpper(r)
		p.cased = p.cased || isCased(r)
	})
	p.patterns = append(p.patterns, rawRegexp{len(p.q.terms), body, src})
	p.q.terms = append(p.q.terms, term{})
	return nil
}

// finish applies the case, which any term may have decided. A query without any letter does
// not fold: folded, /[^ -~]/ would not find the Kelvin sign, because that is a "k".
func (p *parser) finish() error {
	q := p.q
	q.fold = p.fold || !p.caseSet && !p.upper && p.cased
	for i := range q.terms {
		if q.fold {
			q.terms[i].literal = foldString(q.terms[i].literal)
		}
	}
	for _, raw := range p.patterns {
		parsed, err := syntax.Parse(raw.src, syntax.Perl)
		if err != nil {
			return fmt.Errorf("regexp %s: %w", raw.src, err)
		}
		expr := raw.src
		if q.fold {
			expr = "(?i)" + expr
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			at, msg := regexpError(raw.src, err)
			return p.fail(raw.at+at, "%s", msg)
		}
		q.terms[raw.term].re = re
		q.terms[raw.term].sets = required(parsed)
	}
	q.anchors = q.newAnchors()
	return nil
}

// newAnchors picks the literals by which lines are found: one of them is on
// every matching line. They are folded when foldedScan says so; none when nothing is known.
func (q *Query) newAnchors() []string {
	var out []string
	for _, t := range q.terms {
		set := []string{t.literal}
		if t.re != nil {
			set = best(t.sets)
		} else if q.foldedScan() && !q.fold {
			set[0] = foldString(t.literal)
		}
		if shortest(set) > shortest(out) {
			out = set
		}
	}
	return out
}

// foldedScan reports whether lines are looked for in folded text. What a
// regexp requires is known folded only.
func (q *Query) foldedScan() bool {
	if q.fold {
		return true
	}
	for _, t := range q.terms {
		if t.re != nil {
			return true
		}
	}
	return false
}
