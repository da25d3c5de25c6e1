package symbol

import "vitrine/index/lex"

// C and its kin define by statements: words and brackets up to a ";" or a "{".
// A statements reader gathers the tokens of one where definitions may stand,
// in a file, a namespace, a class, and decides at its end what it was. In the
// body of a function it counts braces only.

const (
	// maxStatement is how many tokens of a statement are looked at; with more
	// it is data.
	maxStatement = 1 << 10
	// maxLooks is how many tokens of a statement are looked at for brackets
	// "<…>", which need not be any.
	maxLooks = 16 * maxStatement
	// maxFrames bounds how deep definitions nest, and maxIfs the #ifs followed.
	maxFrames = 256
	maxIfs    = 64
)

// A dialect is what sets languages apart that define by statements.
type dialect struct {
	classes map[string]Kind // words before the name of a type with a body
	angles  bool            // f<T>
	dots    bool            // names are qualified with "."
	c       bool            // C and its preprocessor: macros, declarators, prototypes in scope
	cpp     bool
	java    bool
	csharp  bool
	objc    bool
}

type frameKind uint8

const (
	inFile  frameKind = iota // or a namespace, extern "C"
	inClass                  // members
	inEnum
	inBody // only braces count
)

// A frame is a pair of braces. Frames do not change: branches of #if share them.
type frame struct {
	up     *frame
	kind   frameKind
	resume bool  // the statement goes on behind it
	scope  int32 // of what is defined within
	record int32 // what ends with it, -1
	class  []byte
	depth  int
	brace  int32 // open in the body around it
	stmt   saved // of a class: the statement around it
	paren  int32 // brackets open around it
}

// saved is what a statement needs to remember over the body of a class.
type saved struct {
	start, line, doc, docEnd int32
	head                     int32 // where the body opened
	inside                   int32 // the scope of a body without a name
	typedef, extern          bool
	begun                    bool
}

// A tok is a token of a statement; class is its first byte if it is punctuation.
type tok struct {
	start, end, line int32
	kind             lex.Kind
	c                byte
	level            int16
}

type statements struct {
	*reader
	*dialect

	top   *frame
	brace int32 // open in a body

	toks   []tok
	level  int32 // brackets open in the statement
	equals bool  // "=" stood outside brackets
	long   bool  // tokens were left out
	saved

	heading int32 // Objective-C: the line of an @interface
	local   bool  // in a body: in a statement that may define a type

	looked int // tokens, for the ">" of a "<", in this statement

	ifs     []branches
	zeros   int // of ifs, those in a branch under "#if 0"
	deeper  int
	skipped int // of ifs, those in a branch that is not read

	kr    bool // old-style parameters may follow
	items []item
	last  lex.Token
}

// branches is an #if in progress.
type branches struct {
	before, first position
	taken         bool // a branch has counted
	counts        bool // the current one does
	skip          bool // the current one is not read
	zero          bool // the current one is under "#if 0"
	within        bool // it stands in a statement: one branch is read
}

// A position is where in the nesting the reader is.
type position struct {
	top    *frame
	brace  int32
	toks   []tok
	level  int32
	equals bool
	saved  saved
}

func readStatements(r *reader, d *dialect) {
	s := &statements{reader: r, dialect: d, top: &frame{record: -1}}
	for {
		t := r.next()
		if t.Kind == lex.EOF {
			break
		}
		if t.InDirective {
			s.directive(t)
			continue
		}
		if s.skipped > 0 || t.Kind == lex.Text {
			continue
		}
		switch s.top.kind {
		case inBody:
			if s.local {
				s.localType(t)
			} else if t.Kind == lex.Ident {
				if s.c && s.beginsType(t) {
					s.local = true
					s.push(t)
				}
			} else if t.Kind == lex.Punct {
				switch r.text[t.Start] {
				case '{':
					s.brace++
				case '}':
					if s.brace--; s.brace < 0 {
						s.leave(t)
					}
				}
			}
		case inEnum:
			s.enumerator(t)
		default:
			s.statement(t)
		}
		s.last = t
	}
	for f := s.top; f != nil; f = f.up {
		s.ends(f.record, s.last.End)
	}
}

// fresh begins a new statement.
func (s *statements) fresh() {
	s.toks, s.level, s.equals, s.long, s.kr, s.local = s.toks[:0], 0, false, false, false, false
	s.looked = 0
	s.saved = saved{}
}

// push adds a token to the statement.
func (s *statements) push(t lex.Token) {
	if len(s.toks) == 0 && s.head == 0 && !s.begun {
		s.begun = true
		s.start, s.line = t.Start, t.Line
		s.doc, s.docEnd = s.leading(t.Start)
	}
	if len(s.toks) >= maxStatement {
		s.long = true
		return
	}
	k := tok{start: t.Start, end: t.End, line: t.Line, kind: t.Kind, level: int16(min(s.level, 1<<14))}
	if t.Kind == lex.Punct {
		k.c = s.text[t.Start]
	}
	s.toks = append(s.toks, k)
}

// statement takes a token where definitions stand.
func (s *statements) statement(t lex.Token) {
	if s.objc && (t.Line == s.heading || s.level == 0 && s.objective(t)) {
		return
	}
	if t.Kind != lex.Punct {
		if t.Kind == lex.Ident && t.First && s.c && (s.bare() && s.endsMacro(t) || s.cpp && s.opener(t)) {
			s.fresh()
		}
		s.push(t)
		return
	}
	switch c := s.text[t.Start]; c {
	case '(', '[':
		s.push(t)
		s.level++
	case ')', ']':
		if s.level > 0 {
			s.level--
		}
		s.push(t)
		if s.csharp && s.level == 0 && s.toks[0].c == '[' {
			s.attribute()
		}
	case ';':
		if s.level > 0 && !s.long && !(t.End-s.start > 4096) {
			s.push(t)
			return
		}
		s.semicolon(t)
	case '{':
		s.opens(t)
	case '}':
		s.closes(t)
	case '=':
		if s.level == 0 && !s.equals && s.assigns(t) {
			s.equals = true
		}
		s.push(t)
	case ':':
		if s.level == 0 && len(s.toks) <= 2 && s.label(t) {
			s.fresh()
			return
		}
		s.push(t)
	default:
		s.push(t)
	}
}

// assigns tells "=" from "==", "<=" and operator=.
func (s *statements) assigns(t lex.Token) bool {
	if int(t.End) < len(s.text) && s.text[t.End] == '=' {
		return false
	}
	if n := len(s.toks); n > 0 {
		switch k := s.toks[n-1]; {
		case k.kind == lex.Punct && k.end == t.Start && (k.c != '>' || s.cpp) && k.c != '*' && k.c != '&' && k.c != ']' && k.c != ')':
			return false
		case s.word(k) == "operator":
			return false
		case k.c == '>' && n > 1 && s.operatorBefore(n-2):
			return false
		}
		for i := n - 1; i >= 0 && i >= n-3; i-- {
			if s.word(s.toks[i]) == "operator" {
				return false
			}
		}
	}
	return !s.angles || !s.template()
}

func (s *statements) operatorBefore(i int) bool { return s.word(s.toks[i]) == "operator" }

// template reports whether the statement is still in "template <…".
func (s *statements) template() bool {
	if len(s.toks) == 0 || s.word(s.toks[0]) != "template" {
		return false
	}
	depth := 0
	for i, k := range s.toks {
		s.looked++
		switch {
		case s.looked > maxLooks:
			return false
		case k.level > 0:
		case k.c == '<':
			depth++
		case k.c == '>':
			if depth--; depth == 0 && (i+1 >= len(s.toks) || s.word(s.toks[i+1]) != "template") {
				return false
			}
		}
	}
	return true
}

// label reports whether the statement is only "public:" or "signals:".
func (s *statements) label(t lex.Token) bool {
	if len(s.toks) == 0 || s.toks[0].kind != lex.Ident {
		return false
	}
	if int(t.End) < len(s.text) && s.text[t.End] == ':' {
		return false
	}
	switch s.word(s.toks[0]) {
	case "public", "private", "protected", "signals", "slots", "Q_SIGNALS", "__published":
		return true
	}
	return false
}

// word is the text of an identifier, "" for other tokens.
func (s *statements) word(k tok) string {
	if k.kind != lex.Ident || k.end-k.start > 64 {
		return ""
	}
	return string(s.text[k.start:k.end]) // does not escape in comparisons
}

func (s *statements) bytes(k tok) []byte { return s.text[k.start:k.end] }

// bare reports whether the statement is a macro's use, "NAME (…)", so far.
func (s *statements) bare() bool {
	n := len(s.toks)
	return s.level == 0 && n >= 3 && s.toks[0].kind == lex.Ident && s.toks[1].c == '(' && s.toks[n-1].c == ')' && s.closing(1) == n-1
}

// endsMacro reports whether a macro's use without ";" ends before the word: it
// is capitals, and the word stands at the same column.
func (s *statements) endsMacro(t lex.Token) bool {
	return upper(s.bytes(s.toks[0])) && s.column(t.Start) <= s.column(s.toks[0].start) && !s.oldStyle() && s.toks[len(s.toks)-1].line != t.Line
}

// opener reports whether the statement is only a macro such as BEGIN_NAMESPACE,
// with the word beginning another.
func (s *statements) opener(t lex.Token) bool {
	if len(s.toks) != 1 || !upper(s.bytes(s.toks[0])) || s.toks[0].line == t.Line {
		return false
	}
	switch string(s.s.Bytes(t)) {
	case "template", "namespace", "using", "class", "struct", "enum", "typedef":
		return true
	}
	return !s.adjoins(s.toks[0].end, t.Start)
}

// attribute forgets C#'s [Attribute], which stays in the definition's span.
func (s *statements) attribute() {
	if len(s.toks) > 2 && s.toks[2].c == ':' {
		s.fresh() // [assembly: …]
		return
	}
	s.toks = s.toks[:0]
}

func (s *statements) column(i int32) int {
	n := 0
	for i--; i >= 0 && s.text[i] != '\n' && n < 200; i-- {
		n++
	}
	return n
}

// closing is the index of the bracket that closes the one at i, or the last.
func (s *statements) closing(i int) int {
	level := s.toks[i].level
	for j := i + 1; j < len(s.toks); j++ {
		if k := s.toks[j]; k.level <= level && (k.c == ')' || k.c == ']') {
			return j
		}
	}
	return len(s.toks) - 1
}

// enter opens a frame.
func (s *statements) open(f *frame) {
	f.up, f.depth, f.paren, f.brace = s.top, s.top.depth+1, s.level, s.brace
	s.brace = 0
	if f.depth > maxFrames {
		f.kind = inBody // its content is not read
		f.up = s.top
	}
	s.top = f
	switch {
	case f.kind == inBody && f.resume:
	case f.kind == inClass || f.kind == inEnum:
		f.stmt = s.saved
		s.fresh()
	default:
		s.fresh()
	}
}

// skip goes over braces within a statement.
func (s *statements) skip() {
	s.open(&frame{kind: inBody, resume: true, record: -1, scope: s.top.scope})
}

// leave closes the innermost frame.
func (s *statements) leave(t lex.Token) {
	f := s.top
	if f.up == nil {
		s.fresh()
		return
	}
	s.top, s.brace = f.up, f.brace
	s.ends(f.record, t.End)
	if s.top.kind == inBody && (f.kind == inBody || !f.stmt.typedef) {
		s.fresh()
		return
	}
	marker := lex.Token{Kind: lex.Punct, Start: t.Start, End: t.End, Line: t.Line}
	switch {
	case f.resume:
		s.level = f.paren
		s.push(marker)
	case (f.kind == inClass || f.kind == inEnum) && s.c:
		s.fresh()
		s.saved = f.stmt
		if f.class == nil {
			s.inside = f.scope
		}
		if s.head == 0 {
			s.head = t.Start
		}
		s.push(marker)
		s.local = s.top.kind == inBody
	default:
		s.fresh()
	}
}

// beginsType reports whether a word in a body may begin the definition of a type.
func (s *statements) beginsType(t lex.Token) bool {
	if s.top.resume || s.top.depth >= maxFrames || s.last.Kind != lex.Punct {
		return false
	}
	switch s.text[s.last.Start] {
	case ';', '{', '}':
	default:
		return false
	}
	switch string(s.s.Bytes(t)) {
	case "struct", "union", "enum", "typedef":
		return true
	case "class", "using":
		return s.cpp
	}
	return false
}

// maxLocal is how many tokens stand before the body of a local type.
const maxLocal = 64

// localType takes a token of a statement in a body that may define a type.
func (s *statements) localType(t lex.Token) {
	switch {
	case s.is(t, '{'):
		if s.level == 0 && !s.equals {
			if sh := s.shape(); sh.key >= 0 && s.class(&sh, t) {
				return
			}
		}
		s.fresh()
		s.brace++
	case s.is(t, '}'):
		s.fresh()
		if s.brace--; s.brace < 0 {
			s.leave(t)
		}
	case s.is(t, ';'):
		if w := s.word(s.toks[0]); s.head != 0 || w == "typedef" || w == "using" {
			s.declaration(t)
		}
		s.fresh()
	case len(s.toks) >= maxLocal:
		s.fresh()
	default:
		s.statement(t)
	}
}

// closes takes a "}" where definitions stand.
func (s *statements) closes(t lex.Token) {
	if s.top.kind == inClass && len(s.toks) > 0 && !s.c {
		s.semicolon(t)
	}
	s.leave(t)
}
