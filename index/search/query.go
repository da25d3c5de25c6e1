package search

import (
	"fmt"
	"unicode/utf8"

	"vitrine/index/content"
)

// A Query is what to look for, parsed by [Parse]. It is immutable.
type Query struct {
	source string
	root   *node
	groups []*group // in the order of the text
	scope  scope

	caseSet bool // case: was given
	fold    bool // "A" is "a"
	words   bool
	multi   bool
	binary  bool
	folded  bool    // lines are looked for in folded text
	anyCase anyCase // where folding can be saved

	regions     bool // some term wants comments or strings told from code
	hexes       bool // some term is hex:
	names       bool // some term is file:
	definitions bool // some term is sym:
	content     bool // some term wants more than a file's name

	holding string // what is wanted is this word of the index; see Holding

	symbols Symbols         // whom the terms for symbols ask; nil for nobody
	choices content.Choices // encodings that were set by hand
}

// An op says how a node's truth follows from those below it.
type op int

const (
	opGroup op = iota
	opAnd
	opOr
	opNot
)

// A node is a part of a query: true or false of each file.
type node struct {
	op    op
	kids  []*node
	group int // of Query.groups, for opGroup
}

// A group is a run of terms without operator: all must be on one line. Terms
// for the file's name are apart, and have to be in it, and so are those for symbols.
type group struct {
	written []written
	names   []term
	symbols []term
	terms   []term
	hex     []byte   // instead of terms
	anchors []string // every matching line has one of these; see newAnchors
	needles []needle // the same
}

// onlyNames reports whether the group asks for nothing but a name.
func (g *group) onlyNames() bool { return len(g.terms)+len(g.symbols) == 0 && g.hex == nil }

// A term must match somewhere on a line, in a part of it, or in a path.
type term struct {
	in      region
	literal string     // as typed; with Query.fold, folded
	needle  needle     // the same
	re      *finder    // nil for a literal
	sets    [][]string // of a regexp: what a matching text must contain, folded
	word    *wordPart  // what a word of a matching text must be like; nil if that is not known
	across  bool       // a regexp that sees the file, not a line
}

// A region is the part of a file in which a term is looked for.
type region int

const (
	anywhere region = iota
	inCode
	inComment
	inString
	inName
	inSymbol
)

// regionNames are the prefixes of terms.
var regionNames = [...]string{anywhere: "", inCode: "code:", inComment: "comment:", inString: "string:", inName: "file:", inSymbol: "sym:"}

// A written is a term as it was typed.
type written struct {
	in   region
	kind kind
	text string // without quotes, slashes or name
	at   int    // offset of text in the query
}

// A kind says what the text of a term is.
type kind int

const (
	literalKind kind = iota
	regexpKind
	charKind
	hexKind
)

// A SyntaxError says where a query is wrong.
type SyntaxError struct {
	Offset    int // in bytes from the beginning of the query
	Character int // the same counted in characters, from 1, for people
	Msg       string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, character %d: %s", e.Character, e.Msg)
}

func syntaxError(src string, at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Character: utf8.RuneCountInString(src[:at]) + 1, Msg: fmt.Sprintf(format, args...)}
}

// Release is the only release that the query names, "" when hits may stand in
// several.
func (q *Query) Release() string {
	if len(q.scope.releases) == 1 {
		return q.scope.releases[0].text
	}
	return ""
}

// readsBinary reports whether binary files are looked into.
func (q *Query) readsBinary() bool { return q.binary || q.hexes }

// nameHit is the hit of a file of which the query is true whatever is in it.
func (q *Query) nameHit(path string) lineHit {
	e := &evaluation{q: q, f: &file{path: path, unread: true}, scans: make([]*scan, len(q.groups))}
	e.node(q.root)
	return q.fileHit(path, e.shown)
}
