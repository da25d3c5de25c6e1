package search

import (
	"errors"
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
	p.q.terms = append(p.q.terms, term{literal: s})
}

func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

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
	p.upper = p.upper || hasUpperLiteral(src)
	p.patterns = append(p.patterns, rawRegexp{len(p.q.terms), body, src})
	p.q.terms = append(p.q.terms, term{})
	return nil
}

// finish applies the case, which any term may have decided.
func (p *parser) finish() error {
	q := p.q
	q.fold = p.fold || !p.caseSet && !p.upper
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

// regexpError finds the place of a syntax error, which package syntax tells
// only by quoting.
func regexpError(src string, err error) (at int, msg string) {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return 0, "this regexp is not understood: " + err.Error()
	}
	msg = "this regexp is not understood: " + e.Code.String()
	switch e.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return unmatchedParen(src), msg
	case syntax.ErrLarge, syntax.ErrNestingDepth, syntax.ErrInternalError, syntax.ErrInvalidUTF8:
		return 0, msg
	}
	if e.Expr != "" && e.Expr != src {
		msg += fmt.Sprintf(" in %s", e.Expr)
	}
	return max(strings.Index(src, e.Expr), 0), msg
}

// walkRegexp calls literal for each byte offset of src that stands for itself
// or is a parenthesis, leaving out escapes, character classes and group heads.
func walkRegexp(src string, literal func(at int, r rune)) {
	for i := 0; i < len(src); {
		r, w := utf8.DecodeRuneInString(src[i:])
		switch {
		case r == '\\':
			i += escapeLen(src[i:], literal, i)
			continue
		case r == '[':
			i += classLen(src[i:])
			continue
		case r == '(' && strings.HasPrefix(src[i:], "(?"):
			literal(i, r)
			end := strings.IndexAny(src[i:], ":)>")
			if end < 0 {
				return
			}
			if src[i+end] == ')' {
				end-- // a flag group closes itself
			}
			i += end + 1
			continue
		}
		literal(i, r)
		i += w
	}
}

// escapeLen is the length of the escape that s begins with. \Q…\E is text.
func escapeLen(s string, literal func(at int, r rune), at int) int {
	if len(s) < 2 {
		return len(s)
	}
	_, w := utf8.DecodeRuneInString(s[1:])
	switch c := s[1]; {
	case c == 'Q':
		text, _, closed := strings.Cut(s[2:], `\E`)
		for i, r := range text {
			if r != '(' && r != ')' {
				literal(at+2+i, r)
			}
		}
		if closed {
			return 2 + len(text) + 2
		}
		return 2 + len(text)
	case (c == 'p' || c == 'P' || c == 'x') && strings.HasPrefix(s[2:], "{"):
		if end := strings.IndexByte(s, '}'); end >= 0 {
			return end + 1
		}
	case c == 'x':
		return min(4, len(s))
	case c == 'p' || c == 'P':
		_, w := utf8.DecodeRuneInString(s[2:])
		return 2 + w
	}
	return 1 + w
}

// classLen is the length of the character class that s begins with.
func classLen(s string) int {
	i := 1
	if strings.HasPrefix(s[i:], "^") {
		i++
	}
	if strings.HasPrefix(s[i:], "]") {
		i++
	}
	for i < len(s) && s[i] != ']' {
		switch {
		case s[i] == '\\':
			i += 2
		case strings.HasPrefix(s[i:], "[:") && strings.Contains(s[i:], ":]"):
			i += strings.Index(s[i:], ":]") + 2
		default:
			i++
		}
	}
	return min(i+1, len(s))
}

func hasUpperLiteral(src string) (upper bool) {
	walkRegexp(src, func(_ int, r rune) { upper = upper || isUpper(r) })
	return upper
}

// unmatchedParen is the offset of the parenthesis that has no partner.
func unmatchedParen(src string) int {
	var open []int
	at := -1
	walkRegexp(src, func(i int, r rune) {
		switch {
		case at >= 0:
		case r == '(':
			open = append(open, i)
		case r == ')' && len(open) == 0:
			at = i
		case r == ')':
			open = open[:len(open)-1]
		}
	})
	if at < 0 && len(open) > 0 {
		at = open[len(open)-1]
	}
	return max(at, 0)
}
