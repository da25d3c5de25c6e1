package symbol

import "vitrine/index/lex"

// semicolon takes the end of a statement.
func (s *statements) semicolon(t lex.Token) {
	if len(s.toks) == 0 {
		s.fresh()
		return
	}
	if s.c && !s.cpp && !s.long && s.oldStyle() {
		s.kr = true
		s.push(t)
		return
	}
	s.declaration(t)
	s.fresh()
}

func (s *statements) declaration(t lex.Token) {
	if s.long && !s.equals {
		return
	}
	if s.objc {
		if rec, ok := s.method(t); ok {
			s.ends(rec, t.End)
			return
		}
		if s.toks[0].c == '@' {
			if len(s.toks) > 2 && s.word(s.toks[1]) == "property" {
				s.objectProperty(t)
			}
			return
		}
	}
	lead := s.behindTemplate()
	switch s.word(s.toks[lead]) {
	case "package":
		if s.java {
			s.whole(t)
			return
		}
	case "namespace":
		if s.csharp {
			s.whole(t)
			return
		}
	case "import":
		s.javaImport()
		return
	case "return", "goto", "break", "static_assert", "_Static_assert", "asm", "module", "requires", "exports":
		return
	case "using":
		if s.csharp || s.cpp {
			s.usings(t, lead)
			return
		}
	case "global":
		return
	}
	sh := s.shape()
	if len(sh.items) == 0 || sh.friend || sh.items[0].c == '=' {
		return
	}
	if s.head != 0 { // behind the body of a class
		s.declarators(&sh, t)
		return
	}
	if !s.c && sh.key >= 0 && sh.key < len(sh.items) && sh.items[sh.key].c == 'i' && s.top.kind != inBody {
		if it := &sh.items[sh.key]; sh.paren || s.csharp {
			s.symbol(sh.keyKind, it.name, it.end, s.lineOf(it), s.top.scope, t.Start)
		}
		return
	}
	if sh.key >= 0 && s.c && s.forward(&sh) {
		return
	}
	if !sh.typedef {
		if f := s.function(&sh); f >= 0 {
			s.prototype(&sh, f, t)
			return
		}
	}
	if sh.key >= 0 && s.c && len(sh.items) > sh.key {
		// The tag is no declarator.
		if sh.items[sh.key].c == 'i' {
			copy(sh.items[sh.key:], sh.items[sh.key+1:])
			sh.items = sh.items[:len(sh.items)-1]
		}
	}
	s.declarators(&sh, t)
}

// behindTemplate is the index of the first token behind "template <…>".
func (s *statements) behindTemplate() int {
	i := 0
	for s.cpp && s.word(s.toks[i]) == "template" && i+1 < len(s.toks) && s.toks[i+1].c == '<' {
		e := s.angle(i + 1)
		if e < 0 || e+1 >= len(s.toks) {
			break
		}
		i = e + 1
	}
	return i
}

// forward reports whether only a type is declared: struct x;
func (s *statements) forward(sh *shape) bool {
	for i := sh.key; i < len(sh.items); i++ {
		if sh.items[i].c == ':' {
			return sh.keyKind == Enum
		}
		if i > sh.key && !(sh.items[i].c == 'i' && sh.items[i].attr) {
			return false
		}
	}
	return true
}

// prototype adds a function without a body.
func (s *statements) prototype(sh *shape, f int, t lex.Token) {
	it := &sh.items[f]
	member := s.top.kind == inClass
	if s.delegateName(sh, it, t) {
		return
	}
	if f == 0 && !sh.typed { // no type
		switch {
		case it.operator:
		case member && string(s.text[it.name:it.end]) == string(s.top.class):
		case member && s.text[it.name] == '~':
		case it.qual < it.name && s.cpp:
		case s.cpp && s.equals: // X() = default
		default:
			s.macroDefines(sh, it, t)
			return
		}
	}
	if s.c && it.attr && s.macroDefines(sh, it, t) {
		return
	}
	kind := Prototype
	if s.equals && s.arrow() {
		kind = Method
	} else if s.equals && s.c && !s.cpp {
		return
	}
	s.ends(s.symbol(kind, it.name, it.end, s.lineOf(it), s.qualified(it), t.Start), t.End)
}

func (s *statements) delegateName(sh *shape, it *item, t lex.Token) bool {
	if sh.delegate {
		s.ends(s.symbol(Type, it.name, it.end, s.lineOf(it), s.top.scope, t.Start), t.End)
	}
	return sh.delegate
}

// arrow reports whether a value or a body follows "=>".
func (s *statements) arrow() bool {
	for i, k := range s.toks {
		if k.c == '=' && k.level == 0 {
			return i+1 < len(s.toks) && s.toks[i+1].c == '>' && s.toks[i+1].start == k.end
		}
	}
	return false
}

// macroDefines adds the variable that DEFINE_MUTEX(x) defines. It reports
// whether the macro is one that defines or declares.
func (s *statements) macroDefines(sh *shape, it *item, t lex.Token) bool {
	if !s.c || !upper(s.text[it.name:it.end]) || s.top.kind == inClass {
		return false
	}
	w := string(s.text[it.name:it.end])
	if !defines(w) {
		return false
	}
	for p := range sh.items {
		if &sh.items[p] != it || p+1 >= len(sh.items) {
			continue
		}
		g := sh.items[p+1]
		for i := g.tok + 1; i < g.last; i++ {
			k := s.toks[i]
			if k.level > s.toks[g.tok].level+1 {
				continue
			}
			if k.kind == lex.Ident && (i+1 == g.last || s.toks[i+1].c == ',') {
				if per := w[0] == 'D' && len(w) > 10 && hasAny(w, "PER_CPU"); per && i+1 != g.last {
					continue // DEFINE_PER_CPU(type, name)
				}
				s.ends(s.symbol(Variable, k.start, k.end, k.line, s.top.scope, t.Start), t.End)
				return true
			}
			if k.c == ',' && !hasAny(w, "PER_CPU") {
				return true
			}
		}
	}
	return true
}

// declarators adds the variables, fields or types that the statement names.
func (s *statements) declarators(sh *shape, t lex.Token) {
	items := sh.items
	kind := Variable
	switch {
	case sh.typedef:
		kind = Type
	case s.top.kind == inClass:
		kind = Field
	case sh.constant && !s.c:
		kind = Constant
	}
	typed := sh.typed
	for i, first := 0, true; i < len(items); first = false {
		end := i
		for end < len(items) && items[end].c != ',' {
			if items[end].c == '=' {
				break
			}
			end++
		}
		it, ok := s.declarator(items[i:end], typed, first)
		if ok && (!sh.extern || kind != Type || sh.typedef) {
			rec := s.symbol(kind, it.name, it.end, s.lineOf(&it), s.qualified(&it), s.valueStart(t))
			s.ends(rec, t.End)
			if s.head != 0 && rec >= 0 {
				c := &s.records[rec]
				if in := &s.scopes[s.inside]; s.inside != 0 && in.start == in.end {
					in.start, in.end = it.name, it.end // typedef struct { … } name
				}
				c.sigEnd, c.tail, c.tailEnd = s.head, s.toks[0].end, t.Start
			}
		} else if first && s.head == 0 {
			return
		}
		for end < len(items) && items[end].c != ',' {
			end++
		}
		i = end + 1
	}
}

// valueStart is where the signature of a variable ends: before a value in braces.
func (s *statements) valueStart(t lex.Token) int32 {
	for i, k := range s.toks {
		if k.c == '}' && i > 0 {
			return s.toks[i-1].end
		}
	}
	return t.Start
}

// declarator is the name in "type *name[3]" or "*name"; the first of a
// statement needs a type before.
func (s *statements) declarator(items []item, typed, first bool) (item, bool) {
	var names []item
	var buf [8]item
	names = buf[:0]
	for p := range items {
		it := items[p]
		switch it.c {
		case 'i':
			if len(names) == cap(names) {
				return item{}, false
			}
			names = append(names, it)
			continue
		case '(':
			if p > 0 && items[p-1].c == 'i' && !s.pointerIn(&it) {
				if !items[p-1].attr {
					break // typedef int f(int)
				}
				names = names[:len(names)-1] // an attribute
				continue
			}
			if in, ok := s.inner(it); ok {
				return in, true
			}
		case '[':
			if !s.c {
				continue // int[] x
			}
		case ':':
		case '<', '>', '.', '-', '+', '/', '%', '|', '!':
			return item{}, false
		default:
			continue
		}
		break
	}
	need := 2
	if typed || !first {
		need = 1
	}
	for len(names) > need && names[len(names)-1].attr {
		names = names[:len(names)-1]
	}
	if len(names) < need {
		return item{}, false
	}
	return names[len(names)-1], true
}

// inner is the name that brackets hold: (*name), (*name[2]), (*name(int)).
func (s *statements) inner(g item) (item, bool) {
	var found item
	ok := false
	for i := g.tok + 1; i < g.last; i++ {
		k := s.toks[i]
		if k.kind == lex.Ident {
			if wordClass(s.word(k), s.dialect) == name {
				found, ok = item{c: 'i', tok: i, last: i, name: k.start, end: k.end, qual: k.start}, true
			}
			continue
		}
		if k.c == '(' {
			if ok {
				break
			}
			continue
		}
		if k.c == '[' || k.c == ')' {
			break
		}
	}
	return found, ok
}

// oldStyle reports whether the statement is "f(a, b) int a;" so far: C before 1989.
func (s *statements) oldStyle() bool {
	open := -1
	for i, k := range s.toks {
		if k.c == '=' || k.c == '{' {
			return false
		}
		if k.c == '(' {
			if i == 0 || s.toks[i-1].kind != lex.Ident {
				return false
			}
			open = i
			break
		}
	}
	if open < 0 {
		return false
	}
	shut := s.closing(open)
	if shut+1 >= len(s.toks) || s.toks[shut+1].kind != lex.Ident || shut == open+1 {
		return false
	}
	for i := open + 1; i < shut; i++ {
		if want := (i - open) % 2; want == 1 && s.toks[i].kind != lex.Ident || want == 0 && s.toks[i].c != ',' {
			return false
		}
	}
	last := s.toks[len(s.toks)-1]
	for i := len(s.toks) - 1; i > shut; i-- {
		if s.toks[i].kind == lex.Ident {
			last = s.toks[i]
			break
		}
	}
	for i := open + 1; i < shut && i < open+64; i += 2 {
		if string(s.bytes(s.toks[i])) == string(s.bytes(last)) {
			return true
		}
	}
	return false
}

// whole takes "package a.b;" and "namespace A.B;": the rest of the file is in it.
func (s *statements) whole(t lex.Token) {
	if len(s.toks) < 2 {
		return
	}
	start, end := s.toks[1], s.toks[len(s.toks)-1]
	s.ends(s.symbol(Module, start.start, end.end, start.line, s.top.scope, t.Start), t.End)
	f := *s.top
	f.scope = s.enter(s.top.scope, start.start, end.end)
	s.top = &f
}

func (s *statements) javaImport() {
	start, end := s.toks[0], s.toks[len(s.toks)-1]
	i := 1
	if i < len(s.toks) && s.word(s.toks[i]) == "static" {
		i++
	}
	if i < len(s.toks) {
		s.imported(s.toks[i].start, end.end, false, start.line)
	}
}

// usings takes "using A.B;" of C# and "using T = int;" of C++.
func (s *statements) usings(t lex.Token, lead int) {
	if len(s.toks) < lead+2 {
		return
	}
	k := s.toks[lead+1]
	if s.equals {
		if k.kind == lex.Ident {
			s.ends(s.symbol(Type, k.start, k.end, k.line, s.top.scope, t.Start), t.End)
		}
		return
	}
	if s.csharp {
		i := 1
		if s.word(k) == "static" && len(s.toks) > 2 {
			i = 2
		}
		last := s.toks[len(s.toks)-1]
		s.imported(s.toks[i].start, last.end, false, k.line)
	}
}
