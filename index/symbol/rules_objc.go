package symbol

import "vitrine/index/lex"

func init() {
	classes := map[string]Kind{"struct": Struct, "union": Union, "enum": Enum}
	rules["objc"] = func(r *reader) { readStatements(r, &dialect{classes: classes, c: true, objc: true}) }
}

// objective takes what Objective-C adds to C: @interface … @end around methods,
// which begin with "-" or "+". It reports whether it took the token.
func (s *statements) objective(t lex.Token) bool {
	n := len(s.toks)
	switch {
	case n == 0:
		return false
	case s.toks[0].c == '@' && n == 1:
		if w := string(s.s.Bytes(t)); w == "end" {
			s.owner(0)
			s.fresh()
			return true
		}
	case s.toks[0].c == '@' && n == 2 && t.Kind == lex.Ident:
		kind := Class
		switch s.word(s.toks[1]) {
		case "protocol":
			kind = Interface
		case "interface", "implementation":
		case "class", "import", "property", "synthesize", "dynamic":
			return false
		default:
			s.fresh()
			return false
		}
		s.push(t)
		s.symbol(kind, t.Start, t.End, t.Line, 0, t.End)
		s.owner(s.enter(0, t.Start, t.End))
		s.fresh()
		s.heading = t.Line
		return true
	}
	return false
}

// owner sets the class whose methods follow.
func (s *statements) owner(scope int32) {
	if s.top.up == nil {
		f := *s.top
		f.scope = scope
		s.top = &f
	}
}

// method adds the method that the statement declares or, at "{", defines.
func (s *statements) method(t lex.Token) (rec int32, ok bool) {
	if len(s.toks) < 2 || s.toks[0].c != '-' && s.toks[0].c != '+' {
		return -1, false
	}
	i := 1
	if s.toks[i].c == '(' {
		i = s.closing(i) + 1
	}
	if i >= len(s.toks) || s.toks[i].kind != lex.Ident {
		return -1, true
	}
	kind := Prototype
	if s.is(t, '{') {
		kind = Method
	}
	k := s.toks[i]
	return s.symbol(kind, k.start, k.end, k.line, s.top.scope, t.Start), true
}

// enumeration opens "typedef NS_ENUM(NSInteger, Name) {".
func (s *statements) enumeration() bool {
	for i := range s.toks {
		switch s.word(s.toks[i]) {
		case "NS_ENUM", "NS_OPTIONS", "NS_CLOSED_ENUM", "CF_ENUM", "CF_OPTIONS":
			e := len(s.toks) - 1
			if e < i+2 || s.toks[e].c != ')' || s.toks[e-1].kind != lex.Ident {
				return false
			}
			k := s.toks[e-1]
			rec := s.symbol(Enum, k.start, k.end, k.line, s.top.scope, s.toks[e].end)
			s.open(&frame{kind: inEnum, record: rec, scope: s.enter(s.top.scope, k.start, k.end)})
			return true
		}
	}
	return false
}

// objectProperty adds what "@property (…) T *name;" declares.
func (s *statements) objectProperty(t lex.Token) {
	for i := len(s.toks) - 1; i > 1; i-- {
		if k := s.toks[i]; k.kind == lex.Ident && k.level == 0 && !upper(s.bytes(k)) && s.word(k) != "__deprecated" {
			s.ends(s.symbol(Field, k.start, k.end, k.line, s.top.scope, t.Start), t.End)
			return
		}
	}
}
