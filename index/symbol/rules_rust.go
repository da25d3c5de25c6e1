package symbol

import "vitrine/index/lex"

func init() {
	rules["rust"] = func(r *reader) {
		r.separator = "::"
		c := &rust{newCursor(r)}
		for !c.end() {
			c.items(0, 0)
			c.advance() // a "}" too many
		}
	}
}

// Rust's items begin with a word, after attributes and modifiers.
type rust struct{ *cursor }

// items reads up to the "}" that closes what they stand in. An owner is a type
// or trait.
func (c *rust) items(scope int32, owner Kind) {
	if c.depth++; c.depth > maxNesting {
		c.depth--
		c.brackets()
		return
	}
	defer func() { c.depth-- }()
	var d definition
	begun := false
	for !c.end() && !c.at('}') {
		if !begun {
			d, begun = c.begin(), true
		}
		switch w := c.word(); w {
		case "pub":
			c.advance()
			if c.at('(') {
				c.brackets()
			}
			continue
		case "unsafe", "async", "default", "extern", "auto", "safe":
			c.advance()
			if c.t.Kind == lex.String {
				c.advance()
			}
			continue
		case "fn":
			c.advance()
			c.function(d, scope, owner)
		case "const", "static":
			c.advance()
			switch c.word() {
			case "fn", "unsafe", "async", "extern":
				continue
			}
			c.take("mut")
			kind := Constant
			if w == "static" {
				kind = Variable
			}
			c.value(d, scope, kind)
		case "struct", "enum", "union", "trait":
			c.advance()
			if c.t.Kind != lex.Ident {
				break
			}
			c.structure(d, scope, w)
		case "impl":
			c.advance()
			c.implementation(scope)
		case "mod":
			c.advance()
			c.module(d, scope)
		case "type":
			c.advance()
			c.value(d, scope, Type)
		case "macro_rules", "macro":
			c.macro(d, scope)
		case "use":
			c.use()
		case "crate": // extern crate x;
			c.advance()
		case "":
			switch {
			case c.at('#'):
				c.advance()
				c.takeByte('!')
				if c.at('[') {
					c.brackets()
				}
				continue
			case c.at('{'): // of a macro, or unsafe extern "C"
				c.advance()
				c.items(scope, owner)
				c.takeByte('}')
			case c.at('('), c.at('['):
				c.brackets()
			default:
				c.advance()
			}
		default:
			c.advance()
		}
		begun = false
	}
}

// function reads from the name on.
func (c *rust) function(d definition, scope int32, owner Kind) {
	if c.t.Kind != lex.Ident {
		return
	}
	kind := Function
	if owner != 0 {
		kind = Method
	}
	name := c.t
	rec := c.define(kind, d, name, scope, name.End)
	c.advance()
	for !c.end() && !c.at('{') && !c.at(';') && !c.at('}') {
		switch {
		case c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		default:
			c.advance()
		}
	}
	c.signed(rec, c.t.Start)
	if !c.at('{') {
		if rec >= 0 {
			c.records[rec].kind = Prototype
		}
		c.takeByte(';')
		return
	}
	c.body(c.enter(scope, name.Start, name.End))
	c.ends(rec, c.prev.End)
}

// body reads a function's, for the items that stand in it.
func (c *rust) body(scope int32) {
	if c.depth++; c.depth > maxNesting {
		c.depth--
		c.brackets()
		return
	}
	defer func() { c.depth-- }()
	depth := 0
	for !c.end() {
		switch {
		case c.at('{'):
			depth++
		case c.at('}'):
			if depth--; depth == 0 {
				c.advance()
				return
			}
		case c.t.Kind == lex.Ident && c.prev.Kind == lex.Punct && c.starts() && c.local(scope):
			continue
		}
		c.advance()
	}
}

// local reads an item of a function's body, if one begins here.
func (c *rust) local(scope int32) bool {
	d := c.begin()
	for {
		switch w := c.word(); w {
		case "pub":
			c.advance()
			if c.at('(') {
				c.brackets()
			}
		case "async", "unsafe":
			c.advance()
		case "fn":
			c.advance()
			c.function(d, scope, 0)
			return true
		case "struct", "enum", "trait":
			c.advance()
			if c.t.Kind == lex.Ident {
				c.structure(d, scope, w)
			}
			return true
		case "type":
			c.advance()
			c.value(d, scope, Type)
			return true
		case "macro_rules":
			c.macro(d, scope)
			return true
		case "impl":
			c.advance()
			c.implementation(scope)
			return true
		default:
			return c.t.Start != d.start
		}
	}
}

// starts reports whether the token before ends a statement or an attribute.
func (c *rust) starts() bool {
	switch c.text[c.prev.Start] {
	case '{', '}', ';', ']':
		return true
	}
	return false
}

// value reads a constant, a static or a type's alias from the name on.
func (c *rust) value(d definition, scope int32, kind Kind) {
	if c.t.Kind != lex.Ident {
		return
	}
	rec := c.define(kind, d, c.t, scope, c.t.End)
	if c.word() == "_" && rec >= 0 {
		c.records = c.records[:rec]
		rec = -1
	}
	sig := int32(0)
	for !c.end() && !c.at(';') && !c.at('}') {
		switch {
		case c.at('{'):
			sig = max(sig, c.t.Start)
			c.brackets()
		case c.at('('), c.at('['):
			c.brackets()
		default:
			c.advance()
		}
	}
	if sig == 0 {
		sig = c.t.Start
	}
	c.signed(rec, sig)
	c.ends(rec, c.t.End)
	c.takeByte(';')
}

// structure reads a struct, enum, union or trait from the name on.
func (c *rust) structure(d definition, scope int32, word string) {
	kind := map[string]Kind{"struct": Struct, "enum": Enum, "union": Union, "trait": Interface}[word]
	name := c.t
	rec := c.define(kind, d, name, scope, name.End)
	inner := c.enter(scope, name.Start, name.End)
	c.advance()
	for !c.end() && !c.at('{') && !c.at(';') && !c.at('}') {
		switch {
		case c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		default:
			c.advance()
		}
	}
	c.signed(rec, c.t.Start)
	if !c.takeByte('{') {
		c.takeByte(';')
		return
	}
	switch kind {
	case Interface:
		c.items(inner, kind)
	case Enum:
		c.variants(inner)
	default:
		c.fields(inner)
	}
	c.takeByte('}')
	c.ends(rec, c.prev.End)
}

// attributes skips #[…].
func (c *rust) attributes() {
	for c.at('#') {
		c.advance()
		if c.at('[') {
			c.brackets()
		}
	}
}

func (c *rust) fields(scope int32) {
	for !c.end() && !c.at('}') {
		d := c.begin()
		c.attributes()
		if c.take("pub") && c.at('(') {
			c.brackets()
		}
		if c.t.Kind != lex.Ident {
			c.advance()
			continue
		}
		name := c.t
		rec := c.define(Field, d, name, scope, name.End)
		c.comma()
		c.signed(rec, c.prev.End)
		c.takeByte(',')
	}
}

// comma goes to the "," or "}" that ends a member.
func (c *rust) comma() {
	for !c.end() && !c.at(',') && !c.at('}') {
		switch {
		case c.at('('), c.at('['), c.at('{'):
			c.brackets()
		case c.at('<'):
			c.angles()
		default:
			c.advance()
		}
	}
}

func (c *rust) variants(scope int32) {
	for !c.end() && !c.at('}') {
		d := c.begin()
		c.attributes()
		if c.t.Kind != lex.Ident {
			c.advance()
			continue
		}
		name := c.t
		rec := c.define(Enumerator, d, name, scope, name.End)
		c.advance()
		if c.takeByte('{') {
			c.fields(c.enter(scope, name.Start, name.End))
			c.takeByte('}')
		}
		c.comma()
		c.signed(rec, c.prev.End)
		c.takeByte(',')
	}
}

// implementation reads "impl<T> Trait for Type<T> {": its scope is the type.
func (c *rust) implementation(scope int32) {
	if c.at('<') {
		c.angles()
	}
	var name lex.Token
	for !c.end() && !c.at('{') && !c.at(';') && !c.at('}') {
		switch w := c.word(); {
		case w == "for":
			name = lex.Token{}
			c.advance()
		case w == "where":
			for !c.end() && !c.at('{') && !c.at(';') {
				c.advance()
			}
		case w != "" && w != "dyn" && w != "mut" && w != "const":
			name = c.t
			c.advance()
		case c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		default:
			c.advance()
		}
	}
	if c.takeByte('{') {
		c.items(c.enter(scope, name.Start, name.End), Struct)
		c.takeByte('}')
	}
}

func (c *rust) module(d definition, scope int32) {
	if c.t.Kind != lex.Ident {
		return
	}
	name := c.t
	c.advance()
	if c.at(';') {
		c.imported(name.Start, name.End, false, name.Line)
	}
	rec := c.define(Module, d, name, scope, name.End)
	if c.takeByte('{') {
		c.items(c.enter(scope, name.Start, name.End), 0)
		c.takeByte('}')
		c.ends(rec, c.prev.End)
	}
}

func (c *rust) macro(d definition, scope int32) {
	c.advance()
	c.takeByte('!')
	if c.t.Kind != lex.Ident {
		return
	}
	rec := c.define(Macro, d, c.t, scope, c.t.End)
	c.advance()
	for !c.end() && !c.at('{') && !c.at('(') && !c.at('[') && !c.at('}') && !c.at(';') {
		c.advance()
	}
	if c.at('(') {
		c.brackets()
		if !c.at('{') {
			c.ends(rec, c.prev.End)
			return
		}
	}
	if c.at('{') || c.at('[') {
		c.brackets()
	}
	c.ends(rec, c.prev.End)
}

func (c *rust) use() {
	c.advance()
	start := c.t
	for !c.end() && !c.at(';') && !c.at('}') {
		if c.at('{') {
			c.brackets()
			continue
		}
		c.advance()
	}
	c.imported(start.Start, c.prev.End, false, start.Line)
	c.takeByte(';')
}
