package symbol

import "vitrine/index/lex"

func init() {
	rules["go"] = func(r *reader) { (&golang{newCursor(r)}).file() }
}

// Go's declarations begin with a word at the start of a line.
type golang struct{ *cursor }

func (g *golang) file() {
	for !g.end() {
		d := g.begin()
		switch g.word() {
		case "package":
			g.advance()
			if g.t.Kind == lex.Ident {
				g.define(Module, d, g.t, 0, g.t.End)
			}
		case "import":
			g.advance()
			g.imports()
			continue
		case "func":
			g.advance()
			g.function(d)
			continue
		case "type":
			g.advance()
			g.group(d, g.typed)
			continue
		case "var":
			g.advance()
			g.group(d, func(d definition) { g.values(d, Variable) })
			continue
		case "const":
			g.advance()
			g.group(d, func(d definition) { g.values(d, Constant) })
			continue
		}
		switch {
		case g.at('{'), g.at('('), g.at('['):
			g.brackets()
		default:
			g.advance()
		}
	}
}

func (g *golang) imports() {
	grouped := g.takeByte('(')
	for !g.end() && !g.at(')') {
		if g.t.Kind == lex.String && g.t.End-g.t.Start > 2 {
			g.imported(g.t.Start+1, g.t.End-1, false, g.t.Line)
			if !grouped {
				g.advance()
				return
			}
		} else if g.t.Kind == lex.Ident && !grouped && g.word() == "func" {
			return
		}
		g.advance()
	}
	g.takeByte(')')
}

// group reads one declaration, or those in parentheses.
func (g *golang) group(d definition, one func(definition)) {
	if !g.takeByte('(') {
		one(d)
		return
	}
	for !g.end() && !g.takeByte(')') {
		if g.t.Kind != lex.Ident {
			g.advance()
			continue
		}
		one(g.begin())
	}
}

func (g *golang) function(d definition) {
	scope := int32(0)
	kind := Function
	if g.at('(') {
		open := g.t
		g.brackets()
		kind, scope = Method, g.receiver(open.Start, g.prev.Start)
	}
	if g.t.Kind != lex.Ident {
		return
	}
	rec := g.define(kind, d, g.t, scope, g.t.End)
	g.advance()
	for !g.end() && !g.at('{') {
		if g.t.First && g.prev.Kind == lex.Punct && g.text[g.prev.Start] == ')' || g.t.First && g.prev.Kind != lex.Punct {
			g.signed(rec, g.prev.End)
			if rec >= 0 {
				g.records[rec].kind = Prototype // it is written in assembler
			}
			return
		}
		switch {
		case g.word() == "interface", g.word() == "struct":
			g.advance()
			if g.at('{') {
				g.brackets()
			}
		case g.at('('), g.at('['):
			g.brackets()
		default:
			g.advance()
		}
	}
	g.signed(rec, g.t.Start)
	g.brackets()
	g.ends(rec, g.prev.End)
}

// receiver is the scope of the type in "(x *T[K])".
func (g *golang) receiver(open, shut int32) int32 {
	end := open
	for i := open + 1; i < shut && g.text[i] != '['; i++ {
		end = i + 1
	}
	for end > open && !wordByte(g.text[end-1]) {
		end--
	}
	start := end
	for start > open+1 && wordByte(g.text[start-1]) {
		start--
	}
	return g.enter(0, start, end)
}

func wordByte(c byte) bool {
	return c == '_' || c-'0' < 10 || (c|0x20)-'a' < 26 || c >= 0x80
}

// typed reads a type's declaration from its name on.
func (g *golang) typed(d definition) {
	if g.t.Kind != lex.Ident {
		return
	}
	rec := g.define(Type, d, g.t, 0, g.t.End)
	scope := g.enter(0, g.t.Start, g.t.End)
	g.advance()
	if g.at('[') {
		g.brackets() // type parameters, or the length of an array
	}
	switch w := g.word(); {
	case g.t.First:
	case w == "struct", w == "interface":
		kind := Struct
		if w == "interface" {
			kind = Interface
		}
		if rec >= 0 {
			g.records[rec].kind = kind
		}
		g.advance()
		if g.at('{') {
			g.signed(rec, g.t.Start)
			g.members(scope, kind)
			g.ends(rec, g.prev.End)
			return
		}
	}
	g.rest()
	g.signed(rec, g.prev.End)
}

// rest goes to the end of a declaration: a line that begins outside brackets.
func (g *golang) rest() {
	for !g.end() && !g.at(')') && !g.at('}') {
		if g.t.First && !g.continues() || g.at(';') {
			return
		}
		if g.at('{') || g.at('(') || g.at('[') {
			g.brackets()
			continue
		}
		g.advance()
	}
}

// continues reports whether the newline before the token ends no statement.
func (g *golang) continues() bool {
	if g.prev.Kind != lex.Punct {
		return false
	}
	switch g.text[g.prev.Start] {
	case ')', ']', '}':
		return false
	case '+', '-':
		return !(g.prev.Start > 0 && g.text[g.prev.Start-1] == g.text[g.prev.Start])
	}
	return true
}

// members reads the braces of a struct or an interface.
func (g *golang) members(scope int32, kind Kind) {
	if g.depth++; g.depth > maxNesting {
		g.brackets()
		g.depth--
		return
	}
	defer func() { g.depth-- }()
	g.advance()
	for !g.end() && !g.takeByte('}') {
		d := g.begin()
		if g.at('*') {
			g.advance()
		}
		if g.t.Kind != lex.Ident {
			if g.at('(') || g.at('[') || g.at('{') {
				g.brackets()
			} else {
				g.advance()
			}
			continue
		}
		if kind == Interface {
			name := g.t
			g.advance()
			if g.at('(') {
				rec := g.define(Prototype, d, name, scope, name.End)
				g.rest()
				g.signed(rec, g.prev.End)
			} else {
				g.rest()
			}
			g.takeByte(';')
			continue
		}
		g.fields(d, scope)
	}
}

// fields reads "a, b T" or an embedded type.
func (g *golang) fields(d definition, scope int32) {
	first := int32(len(g.records))
	last := g.t
	for {
		last = g.t
		g.define(Field, d, g.t, scope, g.t.End)
		g.advance()
		if g.at('.') { // embedded: pkg.T
			g.advance()
			last = g.t
			if n := len(g.records); int32(n) > first && g.t.Kind == lex.Ident {
				g.records[n-1].start, g.records[n-1].end = g.t.Start, g.t.End
			}
			g.advance()
		}
		if !g.takeByte(',') || g.t.Kind != lex.Ident {
			break
		}
	}
	for !g.end() && !g.at('}') && !g.at(';') && !(g.t.First && !g.continues()) {
		switch w := g.word(); {
		case w == "struct":
			g.advance()
			if g.at('{') {
				g.members(g.enter(scope, last.Start, last.End), Struct)
			}
		case g.at('{'), g.at('('), g.at('['):
			g.brackets()
		default:
			g.advance()
		}
	}
	for i := first; i < int32(len(g.records)); i++ {
		if g.records[i].scope == scope && g.records[i].body == d.start {
			g.signed(i, g.prev.End)
		}
	}
	g.takeByte(';')
}

// values reads "a, b T = x".
func (g *golang) values(d definition, k Kind) {
	first := int32(len(g.records))
	for g.t.Kind == lex.Ident {
		g.define(k, d, g.t, 0, g.t.End)
		g.advance()
		if !g.takeByte(',') {
			break
		}
	}
	sig := int32(-1)
	for !g.end() && !g.at(')') && !g.at('}') && !g.at(';') && !(g.t.First && !g.continues()) {
		switch {
		case g.at('{'):
			if sig < 0 {
				sig = g.t.Start
			}
			g.brackets()
		case g.at('('), g.at('['):
			g.brackets()
		default:
			g.advance()
		}
	}
	if sig < 0 {
		sig = g.prev.End
	}
	for i := first; i < int32(len(g.records)); i++ {
		g.signed(i, sig)
		g.ends(i, g.prev.End)
	}
}
