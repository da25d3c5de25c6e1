package lex

import (
	"slices"
	"sync"
)

// A Lang is a language: its names, and the table its texts are scanned by.
type Lang struct {
	id, name     string
	extensions   []string // ".c", lower-case
	files        []string // base names, lower-case
	interpreters []string // of "#!"
	spec         func(*table)
	pages        bool // a text starts outside the language: PHP
	blocks       blocks
	indents      bool // blocks are made by indentation
	newlines     bool // a newline ends a statement, as a rule

	once sync.Once
	tab  *table
}

// ID names the language for queries and records: lower-case, never changed.
func (l *Lang) ID() string { return l.id }

// Name is the language's name for people.
func (l *Lang) Name() string { return l.name }

// Extensions are the file name endings of the language, with the dot.
func (l *Lang) Extensions() []string { return slices.Clone(l.extensions) }

// Preprocessed reports whether the language has C's or C#'s "#if".
func (l *Lang) Preprocessed() bool { return l.table().directives }

func (l *Lang) table() *table {
	l.once.Do(func() { l.tab = compile(l.spec) })
	return l.tab
}

// Languages are all languages, by id.
func Languages() []*Lang { return slices.Clone(languages) }

// ByID is the language with the id, nil if there is none.
func ByID(id string) *Lang { return byID[id] }

var byID = func() map[string]*Lang {
	m := map[string]*Lang{}
	for _, l := range languages {
		m[l.id] = l
	}
	return m
}()

// Classes of bytes. classRule and classPrefixed are added to another.
const (
	classPunct = iota
	classSpace
	classNewline
	classIdent
	classDigit
	classOpen
	classClose

	classRule     = 0x40 // rules are tried first
	classOnly     = 0x1f
	classPrefixed = 0x20 // after a word, the table's prefix is asked
)

// A table is what the scanner knows of a language.
type table struct {
	class [256]uint8
	part  [256]bool // goes on an identifier
	rules [256][]rule

	prefix      func(s *Scanner, start, end int) (int, Kind) // a word that begins a literal: R"(…)", f'…'
	directives  bool                                         // "#" first on a line
	dotNumbers  bool                                         // 1.f is a number
	tickNumbers bool                                         // 1'000
	newlineEnds bool                                         // a newline ends a statement
	regexps     bool                                         // parentheses of conditions are followed: if (x) /re/
	lookBack    *[8]uint32                                   // first bytes whose meaning hangs on the token before
	page        func(*Scanner) (Token, bool)                 // reads what stands outside the language; false back inside
	operators   map[string]bool                              // words after which no value has been given
}

// A rule reads what begins with open: it returns the end, or 0 if this is
// something else after all.
type rule struct {
	open string
	scan func(s *Scanner, at int) (end int, k Kind)
}

func compile(spec func(*table)) *table {
	t := new(table)
	for c := range t.class {
		b := byte(c)
		switch {
		case b == '\n':
			t.class[c] = classNewline
		case b <= ' ' || b == 0x7f:
			t.class[c] = classSpace
		case isLetter(b):
			t.class[c], t.part[c] = classIdent, true
		case isDigit(b):
			t.class[c], t.part[c] = classDigit, true
		case b == '(' || b == '[' || b == '{':
			t.class[c] = classOpen
		case b == ')' || b == ']' || b == '}':
			t.class[c] = classClose
		}
	}
	t.add(rule{"#!", shebang})
	spec(t)
	return t
}

// add files rules; those added first are tried first.
func (t *table) add(rules ...rule) {
	for _, r := range rules {
		c := r.open[0]
		t.class[c] |= classRule
		t.rules[c] = append(t.rules[c], r)
	}
}

// shebang is the first line of a script, in every language.
func shebang(s *Scanner, at int) (int, Kind) {
	if at != 0 && !(at == len(byteOrderMark) && hasPrefix(s.text, 0, byteOrderMark)) || hasPrefix(s.text, at, "#![") { // Rust's attribute
		return 0, EOF
	}
	return s.restOfLine(at), Comment
}

// words adds bytes that begin and go on identifiers.
func (t *table) words(bytes string) {
	for i := range len(bytes) {
		t.class[bytes[i]] = t.class[bytes[i]]&classRule | classIdent
		t.part[bytes[i]] = true
	}
}

// prefixed sets what is asked when a word is followed by one of these bytes.
func (t *table) prefixed(bytes string, f func(s *Scanner, start, end int) (int, Kind)) {
	for i := range len(bytes) {
		t.class[bytes[i]] |= classPrefixed
	}
	t.prefix = f
}

// looksBack names the bytes, and those that begin comments, whose meaning hangs on whether a value stands
// before them, and the words that are none.
func (t *table) looksBack(bytes string, operators ...string) {
	t.lookBack = new([8]uint32)
	for i := range len(bytes) {
		t.lookBack[bytes[i]>>5] |= 1 << (bytes[i] & 31)
	}
	t.operators = map[string]bool{}
	for _, w := range operators {
		t.operators[w] = true
	}
}
