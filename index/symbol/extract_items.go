package symbol

import "vitrine/index/lex"

// An item is a part of a statement outside of brackets: a name, with what
// qualifies it, or a pair of brackets, or a byte.
type item struct {
	c         byte // 'i' a name, '(', '[', '{' what a body left, or the byte
	tok, last int  // in the statement's tokens
	name, end int32
	qual      int32 // where the qualified name begins
	generic   bool
	operator  bool
	attr      bool // "__x" or capitals: perhaps an attribute
}

// A shape is a statement's items, and the words that were no names.
type shape struct {
	items                                            []item
	typed                                            bool // a word of a built-in type, a tag, or typeof stood in it
	typedef, extern, friend, using, static, constant bool
	delegate, paren                                  bool
	key                                              int // the item before which a class word stood, -1
	keyKind                                          Kind
	keyWord                                          string
}

// shape reads the statement. Attributes, modifiers and template parameters are
// left out.
func (s *statements) shape() shape {
	sh := shape{items: s.items[:0], key: -1, typedef: s.saved.typedef, extern: s.saved.extern}
	n := len(s.toks)
	for i := 0; i < n; i++ {
		k := s.toks[i]
		switch {
		case k.kind == lex.Ident:
			i = s.shapeWord(&sh, i)
		case k.kind != lex.Punct:
			sh.items = append(sh.items, item{c: 'l', tok: i, last: i})
		case k.c == '(':
			e := s.closing(i)
			sh.items = append(sh.items, item{c: '(', tok: i, last: e})
			sh.paren = true
			i = e
		case k.c == '[':
			e := s.closing(i)
			if !(s.cpp && i+1 < n && s.toks[i+1].c == '[') && !(s.csharp && len(sh.items) == 0) {
				sh.items = append(sh.items, item{c: '[', tok: i, last: e})
			}
			i = e
		case k.c == '}':
			sh.items = append(sh.items, item{c: '{', tok: i, last: i})
			if s.c {
				sh.typed = true
			}
		case k.c == '@' && s.java:
			i = s.annotation(i)
		case k.c == '<' && s.angles:
			e := s.angle(i)
			if e < 0 {
				sh.items = append(sh.items, item{c: '<', tok: i, last: i})
				continue
			}
			if m := len(sh.items); m > 0 && sh.items[m-1].c == 'i' {
				sh.items[m-1].generic, sh.items[m-1].last = true, e
			}
			i = e
		case k.c == '~' && i+1 < n && s.toks[i+1].kind == lex.Ident && (s.cpp || s.csharp):
			i = s.shapeName(&sh, i, i+1)
		case k.c == ':' && s.cpp && i+1 < n && s.toks[i+1].c == ':' && s.toks[i+1].start == k.end:
			i++ // ::x
		default:
			sh.items = append(sh.items, item{c: k.c, tok: i, last: i})
		}
	}
	s.items = sh.items
	return sh
}

// shapeWord takes the word at i and returns the last token it used.
func (s *statements) shapeWord(sh *shape, i int) int {
	k := s.toks[i]
	next := byte(0)
	if i+1 < len(s.toks) {
		next = s.toks[i+1].c
	}
	w := s.word(k)
	switch wordClass(w, s.dialect) {
	case modifier:
		switch w {
		case "extern":
			sh.extern = true
			if i+1 < len(s.toks) && s.toks[i+1].kind == lex.String {
				return i + 1
			}
		case "static":
			sh.static = true
		case "const", "constexpr", "final", "readonly":
			sh.constant = true
		case "friend":
			sh.friend = true
		case "typedef":
			sh.typedef = true
		case "explicit":
			if next == '(' {
				return s.closing(i + 1)
			}
		}
		return i
	case attribute:
		if next == '(' {
			return s.closing(i + 1)
		}
		return i
	case builtin:
		sh.typed = true
		if next == '(' && (w == "typeof" || w == "__typeof__" || w == "__typeof" || w == "decltype" || w == "_Atomic" || w == "alignof" || w == "bit_cast") {
			return s.closing(i + 1)
		}
		if w == "auto" || !s.cpp || next != '(' {
			return i
		}
		return i
	case template:
		if next == '<' {
			if e := s.angle(i + 1); e >= 0 {
				return e
			}
		}
		return i
	case using:
		sh.using = true
		return i
	case operator:
		return s.operatorName(sh, i)
	}
	if s.csharp && w == "delegate" {
		sh.delegate = true
		return i
	}
	if sh.key >= 0 && sh.key == len(sh.items) && sh.keyKind == Enum && s.cpp && (w == "class" || w == "struct") {
		return i
	}
	if kind, ok := s.classes[w]; ok && sh.key < 0 && !sh.paren && !(s.csharp && w == "record" && i+1 < len(s.toks) && s.toks[i+1].kind != lex.Ident) {
		if w == "record" && s.csharp {
			if v := s.word(s.toks[min(i+1, len(s.toks)-1)]); v == "struct" || v == "class" {
				i++
			}
		}
		sh.key, sh.keyKind, sh.keyWord = len(sh.items), kind, w
		if s.c {
			sh.typed = true
		}
		return i
	} else if ok && s.c {
		sh.typed = true
		if i+1 < len(s.toks) && s.toks[i+1].kind == lex.Ident {
			return i + 1 // the tag
		}
		return i
	}
	return s.shapeName(sh, i, i)
}

// shapeName adds the name whose word is at i, the statement's token first
// beginning it, or goes on a qualified one.
func (s *statements) shapeName(sh *shape, first, i int) int {
	from, qual := i, s.toks[first].start
	if first != i && len(sh.items) > 0 {
		// ~X after "X::"
		if m := len(sh.items) - 1; sh.items[m].c == 'q' {
			qual = sh.items[m].qual
			sh.items = sh.items[:m]
		}
	}
	it := item{c: 'i', tok: first, qual: qual}
	for {
		k := s.toks[i]
		it.name, it.end, it.last = k.start, k.end, i
		if first != from {
			it.name = s.toks[first].start
		}
		j := i + 1
		if s.angles && j < len(s.toks) && s.toks[j].c == '<' {
			if e := s.angle(j); e >= 0 {
				if s.qualifies(e+1) == 0 {
					break
				}
				j = e + 1
			}
		}
		q := s.qualifies(j)
		if q == 0 {
			break
		}
		if j+q < len(s.toks) && s.toks[j+q].c == '~' && j+q+1 < len(s.toks) {
			it.name, it.end, it.last = s.toks[j+q].start, s.toks[j+q+1].end, j+q+1
			break
		}
		if j+q >= len(s.toks) || s.toks[j+q].kind != lex.Ident {
			it.last = j + q - 1
			if j+q < len(s.toks) && (s.toks[j+q].c == '*') {
				// T C::*p: a pointer to a member
				return j + q
			}
			break
		}
		if s.word(s.toks[j+q]) == "operator" {
			sh.items = append(sh.items, item{c: 'q', qual: qual})
			return j + q - 1
		}
		i = j + q
		first, from = i, i
	}
	it.attr = s.attrLike(it.name, it.end)
	sh.items = append(sh.items, it)
	return it.last
}

// qualifies is how many tokens at i join names: "::" or ".".
func (s *statements) qualifies(i int) int {
	switch {
	case i >= len(s.toks):
		return 0
	case s.dots && s.toks[i].c == '.':
		return 1
	case (s.cpp || s.csharp) && s.toks[i].c == ':' && i+1 < len(s.toks) && s.toks[i+1].c == ':' && s.toks[i+1].start == s.toks[i].end:
		return 2
	}
	return 0
}

// operatorName adds "operator+", "operator bool", "operator()".
func (s *statements) operatorName(sh *shape, i int) int {
	it := item{c: 'i', tok: i, last: i, name: s.toks[i].start, end: s.toks[i].end, qual: s.toks[i].start, operator: true}
	if m := len(sh.items) - 1; m >= 0 && sh.items[m].c == 'q' {
		it.qual = sh.items[m].qual
		sh.items = sh.items[:m]
	}
	j := i + 1
	if j+1 < len(s.toks) && s.toks[j].c == '(' && s.toks[j+1].c == ')' {
		j += 2
		it.end, it.last = s.toks[j-1].end, j-1
	}
	for ; j < len(s.toks) && s.toks[j].c != '('; j++ {
		it.end, it.last = s.toks[j].end, j
	}
	sh.items = append(sh.items, it)
	return it.last
}

// annotation is the last token of @a.b(…).
func (s *statements) annotation(i int) int {
	for i+1 < len(s.toks) && s.toks[i+1].kind == lex.Ident {
		if s.word(s.toks[i+1]) == "interface" {
			return i
		}
		i++
		if i+1 < len(s.toks) && s.toks[i+1].c == '.' {
			i++
			continue
		}
		break
	}
	if i+1 < len(s.toks) && s.toks[i+1].c == '(' {
		return s.closing(i + 1)
	}
	return i
}

// maxAngle is how many tokens stand between "<" and ">" of a type.
const maxAngle = 512

// angle is the index of the ">" that closes the "<" at i, -1 if that is none.
func (s *statements) angle(i int) int {
	depth := 0
	for j := i; j < len(s.toks) && j < i+maxAngle; j++ {
		k := s.toks[j]
		if s.looked++; s.looked > maxLooks {
			return -1
		}
		if k.level > s.toks[i].level {
			continue
		}
		switch k.c {
		case '<':
			depth++
		case '>':
			if j > 0 && s.toks[j-1].c == '-' && s.toks[j-1].end == k.start {
				continue
			}
			if depth--; depth == 0 {
				return j
			}
		case ';':
			return -1
		}
	}
	return -1
}

// attrLike reports whether a name is an attribute's by its looks.
func (s *statements) attrLike(start, end int32) bool {
	w := s.text[start:end]
	return len(w) > 2 && w[0] == '_' && w[1] == '_' || upper(w)
}

// upper reports whether a word is in capitals.
func upper(w []byte) bool {
	letters := 0
	for _, c := range w {
		switch {
		case 'a' <= c && c <= 'z' || c >= 0x80:
			return false
		case 'A' <= c && c <= 'Z':
			letters++
		}
	}
	return letters > 1
}
