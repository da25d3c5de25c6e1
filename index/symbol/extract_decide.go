package symbol

import (
	"bytes"

	"vitrine/index/lex"
)

// opens takes a "{" where definitions stand.
func (s *statements) opens(t lex.Token) {
	if s.level > 0 {
		s.skip()
		return
	}
	if s.equals && !s.kr {
		s.skip()
		return
	}
	if s.long {
		s.open(&frame{kind: inBody, record: -1, scope: s.top.scope})
		return
	}
	if len(s.toks) == 0 {
		s.open(&frame{kind: inBody, record: -1, scope: s.top.scope})
		return
	}
	if s.scopeOpens(t) {
		return
	}
	if s.objc {
		if s.enumeration() {
			return
		}
		if rec, ok := s.method(t); ok {
			s.open(&frame{kind: inBody, record: rec, scope: s.top.scope})
			return
		}
	}
	sh := s.shape()
	if sh.key >= 0 && s.class(&sh, t) {
		return
	}
	if it, ok := s.returnsPointer(&sh); ok {
		s.open(&frame{kind: inBody, record: s.symbol(Function, it.name, it.end, s.lineOf(&it), s.top.scope, t.Start), scope: s.top.scope})
		return
	}
	if f := s.function(&sh); f >= 0 {
		if s.initializes(&sh, f) {
			s.skip()
			return
		}
		kind := Function
		if s.top.kind == inClass || sh.items[f].qual < sh.items[f].name && s.cpp {
			kind = Method
		}
		rec := s.named(kind, &sh.items[f], f, &sh, t.Start)
		s.open(&frame{kind: inBody, record: rec, scope: s.top.scope})
		return
	}
	if s.csharp && s.top.kind == inClass {
		s.property(&sh, t)
		return
	}
	names := 0
	for _, it := range sh.items {
		if it.c == 'i' {
			names++
		}
	}
	if s.cpp && (names > 1 || names == 1 && sh.typed) {
		s.skip() // int x{1};
		return
	}
	s.open(&frame{kind: inBody, record: -1, scope: s.top.scope})
}

// scopeOpens handles namespaces and extern "C".
func (s *statements) scopeOpens(t lex.Token) bool {
	i := 0
	for i < len(s.toks) && (s.word(s.toks[i]) == "inline" || s.word(s.toks[i]) == "export") {
		i++
	}
	if i >= len(s.toks) {
		return false
	}
	switch s.word(s.toks[i]) {
	case "extern":
		if i+2 == len(s.toks) && s.toks[i+1].kind == lex.String {
			s.open(&frame{kind: inFile, record: -1, scope: s.top.scope})
			return true
		}
	case "namespace":
		if s.cpp || s.csharp {
			s.namespace(i+1, t)
			return true
		}
	}
	return false
}

func (s *statements) namespace(i int, t lex.Token) {
	scope, rec := s.top.scope, int32(-1)
	for ; i < len(s.toks); i++ {
		k := s.toks[i]
		if k.kind != lex.Ident {
			if k.c == '[' || k.c == '(' {
				i = s.closing(i)
			}
			continue
		}
		if i+1 < len(s.toks) && s.toks[i+1].c == '(' {
			continue // an attribute
		}
		if last := s.lastName(i); s.dots && last > i {
			rec = s.symbol(Module, k.start, s.toks[last].end, k.line, scope, t.Start)
			scope = s.enter(scope, k.start, s.toks[last].end)
			i = last
			continue
		}
		rec = s.symbol(Module, k.start, k.end, k.line, scope, t.Start)
		scope = s.enter(scope, k.start, k.end)
	}
	s.open(&frame{kind: inFile, record: rec, scope: scope})
}

// lastName is the last token of a dotted name.
func (s *statements) lastName(i int) int {
	for i+2 < len(s.toks) && s.toks[i+1].c == '.' && s.toks[i+2].kind == lex.Ident {
		i += 2
	}
	return i
}

// class opens a class, struct, union, enum, if the statement defines one.
func (s *statements) class(sh *shape, t lex.Token) bool {
	var found *item
	if !s.c {
		if sh.key < len(sh.items) && sh.items[sh.key].c == 'i' {
			found = &sh.items[sh.key]
		}
		if found == nil {
			return false
		}
	} else {
		i := sh.key
		kind := sh.keyKind
		for ; i < len(sh.items); i++ {
			it := &sh.items[i]
			if it.c == 'i' && kind == Enum && i+1 < len(sh.items) && (s.is2(it, "class") || s.is2(it, "struct")) {
				continue
			}
			if it.c == 'i' {
				w := string(s.text[it.name:it.end])
				if w == "class" || w == "struct" {
					continue
				}
				if i+1 < len(sh.items) && sh.items[i+1].c == '(' {
					if found != nil {
						return false // a function that returns one
					}
					i++ // an attribute
					continue
				}
				if found == nil || !it.attr || found.attr {
					found = it
				}
				continue
			}
			break
		}
		if i < len(sh.items) && sh.items[i].c != ':' {
			return false
		}
	}
	kind := sh.keyKind
	f := &frame{kind: inClass, record: -1}
	if kind == Enum {
		f.kind = inEnum
	}
	s.saved.typedef, s.saved.extern, s.saved.head = sh.typedef, sh.extern, t.Start
	if found == nil {
		f.scope = s.anonymous(s.top.scope)
		s.open(f)
		return true
	}
	scope := s.qualified(found)
	f.record = s.symbol(kind, found.name, found.end, s.lineOf(found), scope, t.Start)
	f.scope = s.enter(scope, found.name, found.end)
	f.class = s.text[found.name:found.end]
	s.open(f)
	return true
}

func (s *statements) is2(it *item, w string) bool { return string(s.text[it.name:it.end]) == w }

func (s *statements) lineOf(it *item) int32 {
	for i := it.tok; i < it.last; i++ {
		if s.toks[i].end >= it.end {
			return s.toks[i].line
		}
	}
	return s.toks[it.last].line
}

// qualified is the scope that a name stands in by what qualifies it.
func (s *statements) qualified(it *item) int32 {
	scope := s.top.scope
	if !s.cpp || it.qual >= it.name {
		return scope
	}
	q := bytes.TrimRight(s.text[it.qual:it.name], ": \t\r\n")
	if len(q) == 0 || len(q) > maxSignature {
		return scope
	}
	if i := bytes.IndexByte(q, '<'); i > 0 {
		q = q[:i]
	}
	return s.enter(scope, it.qual, it.qual+int32(len(q)))
}

// symbol adds what the statement defines.
func (s *statements) symbol(kind Kind, start, end, line, scope, sigEnd int32) int32 {
	return s.add(record{kind: kind, start: start, end: end, line: line, scope: scope, body: s.start, bodyEnd: sigEnd,
		sig: s.start, sigEnd: sigEnd, doc: s.doc, docEnd: s.docEnd})
}

// named adds a function. One that a macro defines bears the name it is given.
func (s *statements) named(kind Kind, it *item, at int, sh *shape, sigEnd int32) int32 {
	start, end, line := it.name, it.end, s.lineOf(it)
	if s.c && at == 0 && !sh.typed && upper(s.text[start:end]) && len(sh.items) > 1 && sh.items[1].c == '(' && sh.items[1].tok+1 < sh.items[1].last {
		g := sh.items[1]
		k := s.toks[g.tok+1]
		if s.cpp && g.last == g.tok+4 && k.kind == lex.Ident && s.toks[g.tok+2].c == ',' && s.toks[g.tok+3].kind == lex.Ident {
			suite := s.enter(s.top.scope, k.start, k.end) // TEST(suite, name)
			k = s.toks[g.tok+3]
			return s.symbol(kind, k.start, k.end, k.line, suite, sigEnd)
		}
		if k.kind == lex.Ident {
			start, end, line = k.start, k.end, k.line
		}
	}
	return s.symbol(kind, start, end, line, s.qualified(it), sigEnd)
}

// function is the item that names the function which the statement defines or
// declares, -1 if it does neither.
func (s *statements) function(sh *shape) int {
	need := 2
	if sh.typed && sh.key < 0 {
		need = 1
	}
	plain := 0 // names before that are neither attributes nor the function's
	for p := 1; p < len(sh.items); p++ {
		it, before := &sh.items[p], &sh.items[p-1]
		switch it.c {
		case '=', '{':
			return -1
		case ':':
			if !s.java {
				return -1
			}
		}
		if before.c == 'i' && !before.attr && it.c != '(' {
			plain++
		}
		if it.c != '(' || before.c != 'i' || s.statementWord(before) {
			continue
		}
		if before.operator {
			return p - 1
		}
		if before.attr && p > 1 && plain >= need {
			continue // an attribute behind a variable's name
		}
		if s.pointerIn(it) && p+1 < len(sh.items) && (sh.items[p+1].c == '(' || sh.items[p+1].c == '[') {
			return -1
		}
		if p == 1 && !sh.typed && s.c && s.namesFunction(sh, p+1, before.attr) && (before.attr || s.top.kind != inClass) {
			continue // a macro before it
		}
		if before.attr && s.namesFunction(sh, p+1, true) {
			continue
		}
		return p - 1
	}
	return -1
}

// returnsPointer is the name in "int (*f(int a))(int)".
func (s *statements) returnsPointer(sh *shape) (item, bool) {
	if n := len(sh.items); s.c && n > 1 && sh.items[n-1].c == '(' && sh.items[n-2].c == '(' && s.pointerIn(&sh.items[n-2]) {
		return s.inner(sh.items[n-2])
	}
	return item{}, false
}

// namesFunction reports whether a name with brackets follows from item i on.
func (s *statements) namesFunction(sh *shape, i int, any bool) bool {
	for ; i+1 < len(sh.items); i++ {
		switch sh.items[i].c {
		case 'i':
			if sh.items[i+1].c == '(' {
				return any || !sh.items[i].attr
			}
		case '*', '&':
		default:
			return false
		}
	}
	return false
}

// statementWord reports whether a word begins a statement of a function.
func (s *statements) statementWord(it *item) bool {
	switch string(s.text[it.name:it.end]) {
	case "if", "while", "for", "switch", "return", "sizeof", "else", "do", "case", "defined", "catch", "foreach", "lock", "using",
		"static_assert", "_Static_assert", "throw", "new", "delete", "when", "yield", "await":
		return true
	}
	return false
}

// pointerIn reports whether brackets hold a declarator: (*name).
func (s *statements) pointerIn(it *item) bool {
	i := it.tok + 1
	for i < it.last && s.toks[i].kind == lex.Ident && i < it.tok+6 {
		if w := s.bytes(s.toks[i]); !upper(w) && !bytes.HasPrefix(w, []byte("__")) && !(i+2 < it.last && s.toks[i+1].c == ':') {
			return false
		}
		i++
		for i < it.last && s.toks[i].c == ':' {
			i++
		}
	}
	return i < it.last && (s.toks[i].c == '*' || s.toks[i].c == '^' || s.cpp && s.toks[i].c == '&')
}

// initializes reports whether the "{" that follows begins the value of a member
// in a constructor's list: X() : a{1} {}.
func (s *statements) initializes(sh *shape, f int) bool {
	if !s.cpp {
		return false
	}
	colon := false
	for i := f + 1; i < len(sh.items); i++ {
		if sh.items[i].c == ':' {
			colon = true
		}
	}
	k := s.toks[len(s.toks)-1]
	return colon && (k.kind == lex.Ident || k.c == '>')
}

// property is C#'s: a name before "{".
func (s *statements) property(sh *shape, t lex.Token) {
	rec := int32(-1)
	for i := len(sh.items) - 1; i >= 0; i-- {
		it := &sh.items[i]
		if it.c == '=' || it.c == ':' {
			break
		}
		if it.c == 'i' {
			if i > 0 || sh.typed {
				rec = s.symbol(Field, it.name, it.end, s.lineOf(it), s.top.scope, t.Start)
			}
			break
		}
	}
	s.open(&frame{kind: inBody, record: rec, scope: s.top.scope})
}

// enumerator takes a token of an enum's body.
func (s *statements) enumerator(t lex.Token) {
	if t.Kind != lex.Punct {
		if t.Kind == lex.Ident && s.level == 0 && s.expects() && !(s.c && s.invoked(t)) {
			s.fresh()
			s.push(t)
			s.equals = true // has its name
			s.symbol(Enumerator, t.Start, t.End, t.Line, s.top.scope, s.enumeratorEnd(t.End))
			return
		}
		s.push(t)
		return
	}
	switch c := s.text[t.Start]; c {
	case ',':
		if s.level == 0 {
			s.fresh()
		}
	case '(', '[':
		s.push(t)
		s.level++
	case ')', ']':
		s.level = max(s.level-1, 0)
		s.push(t)
		if s.level == 0 && !s.equals {
			s.fresh()
		}
	case ';':
		if s.java && s.level == 0 {
			f := *s.top
			f.kind = inClass
			s.top = &f
		}
		s.fresh()
	case '{':
		s.skip()
	case '}':
		s.leave(t)
	default:
		s.push(t)
	}
}

// expects reports whether an enumerator may begin: nothing but attributes before.
func (s *statements) expects() bool {
	if s.equals {
		return false
	}
	for _, k := range s.toks {
		if k.c == '@' || k.c == '[' || k.c == ']' || k.level > 0 {
			return s.toks[len(s.toks)-1].c != '@' && s.toks[len(s.toks)-1].c != '.'
		}
	}
	return len(s.toks) == 0
}

// invoked reports whether a macro with arguments stands for enumerators.
func (s *statements) invoked(t lex.Token) bool {
	i := t.End
	for int(i) < len(s.text) && s.text[i] == ' ' {
		i++
	}
	return int(i) < len(s.text) && s.text[i] == '(' && !bytes.HasPrefix(s.text[i:], []byte("()"))
}

// enumeratorEnd is where the rest of its line ends that may be shown with it.
func (s *statements) enumeratorEnd(i int32) int32 {
	for j := i; int(j) < len(s.text) && j < i+maxSignature; j++ {
		switch s.text[j] {
		case ',', ';', '\n', '}', '/', '{', '\r':
			return j
		}
	}
	return i
}
