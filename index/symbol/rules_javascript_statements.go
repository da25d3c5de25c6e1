package symbol

import "vitrine/index/lex"

// This half reads the statements of a script: classes, variables, imports and the
// types of TypeScript.

func (c *script) class(d definition) {
	c.advance()
	rec, scope := int32(-1), c.top.scope
	if w := c.word(); w != "" && w != "extends" && w != "implements" {
		rec = c.define(Class, d, c.t, scope, c.t.End)
		scope = c.enter(scope, c.t.Start, c.t.End)
		c.advance()
	}
	c.classBody(rec, scope)
}

// classBody goes to the "{" of a class and enters it.
func (c *script) classBody(rec, scope int32) {
	c.chain = chain{}
	for !c.end() && !c.at('{') && !c.at(';') && !c.at('}') && !c.at(')') {
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
	c.top.fresh = false
	if c.takeByte('{') {
		c.push(scriptFrame{kind: inClassBody, scope: scope, record: rec})
	}
}

// statement reads one that begins with a word of definitions. It reports
// whether it has taken something.
func (c *script) statement() bool {
	d := c.begin()
	c.top.fresh = false
	c.chain = chain{}
	for {
		switch w := c.word(); w {
		case "export", "default", "declare", "abstract", "async":
			c.advance()
			if c.t.Kind != lex.Ident {
				return true
			}
			continue
		case "function":
			c.function(d)
			return true
		case "class":
			if c.expects() {
				c.class(d)
				return true
			}
		case "import":
			c.imports()
			return true
		case "var", "let", "const":
			c.advance()
			if w == "const" && c.word() == "enum" {
				continue
			}
			c.variables(d, w)
			return true
		case "interface", "enum", "type", "namespace", "module", "global":
			if c.types {
				return c.typed(d, w)
			}
		}
		return c.t.Start != d.start
	}
}

// variables reads the names of "const a = 1, b", and what the first is given.
func (c *script) variables(d definition, word string) {
	if c.t.Kind != lex.Ident {
		return
	}
	name := c.t
	c.advance()
	kind := Variable
	if word == "const" {
		kind = Constant
	}
	v := pending{record: -1, scope: c.top.scope, name: name, kind: Function, depth: len(c.stack), level: c.top.level, def: d}
	if c.top.global {
		v.record = c.define(kind, d, name, c.top.scope, name.End)
	} else {
		v.define = true
	}
	if c.takeByte('!') || c.at(':') {
		c.annotation()
	}
	if !c.at('=') {
		if c.at(',') {
			c.advance()
			c.variables(definition{start: c.t.Start}, word)
		}
		return
	}
	c.advance()
	c.value = v
	if v.record >= 0 {
		c.signed(v.record, c.lineEnd())
	}
	c.given()
}

// annotation skips ": T" up to "=", "," or the end of the statement.
func (c *script) annotation() {
	if !c.takeByte(':') {
		return
	}
	for !c.end() {
		switch {
		case c.at('{'), c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		case c.at('='):
			if int(c.t.End) < len(c.text) && c.text[c.t.End] == '>' {
				c.advance()
				c.advance()
				continue
			}
			return
		case c.at(','), c.at(';'), c.at('}'), c.at(')'):
			return
		case c.t.First && !c.continues() && !c.at('|') && !c.at('&'):
			return
		default:
			c.advance()
		}
	}
}

func (c *script) imports() {
	c.advance()
	if c.at('(') || c.at('.') {
		return
	}
	for n := 0; !c.end() && n < 4096; n++ {
		if c.t.Kind == lex.String {
			if c.t.End-c.t.Start > 2 {
				c.imported(c.t.Start+1, c.t.End-1, false, c.t.Line)
			}
			return
		}
		if c.at(';') || c.at('=') || c.at('(') || c.at('}') && c.top.kind != inStatements {
			return
		}
		c.advance()
	}
}

// typed reads a declaration of TypeScript.
func (c *script) typed(d definition, w string) bool {
	c.advance()
	if c.t.Kind != lex.Ident && !(c.t.Kind == lex.String && w == "module") || c.t.First {
		if w == "global" && c.takeByte('{') {
			c.push(scriptFrame{scope: c.top.scope, record: -1, global: true})
		}
		return true
	}
	name := c.t
	if c.t.Kind == lex.String {
		name.Start, name.End = min(name.Start+1, name.End-1), name.End-1
	}
	scope := c.top.scope
	inner := c.enter(scope, name.Start, name.End)
	switch w {
	case "interface":
		rec := c.define(Interface, d, name, scope, name.End)
		c.advance()
		for !c.end() && !c.at('{') && !c.at(';') && !c.at('}') {
			if c.at('<') {
				c.angles()
				continue
			}
			c.advance()
		}
		c.signed(rec, c.t.Start)
		c.members(inner)
		c.ends(rec, c.prev.End)
	case "enum":
		rec := c.define(Enum, d, name, scope, name.End)
		c.advance()
		c.enumerators(inner)
		c.ends(rec, c.prev.End)
	case "type":
		c.advance()
		if !c.at('=') && !c.at('<') {
			return true
		}
		rec := c.define(Type, d, name, scope, name.End)
		if c.at('<') {
			c.angles()
		}
		c.takeByte('=')
		c.typeRest(rec, inner)
	default:
		rec := c.define(Module, d, name, scope, name.End)
		c.advance()
		for c.takeByte('.') {
			if c.t.Kind == lex.Ident {
				inner = c.enter(inner, c.t.Start, c.t.End)
				c.advance()
			}
		}
		if c.takeByte('{') {
			c.push(scriptFrame{scope: inner, record: rec, global: true})
		}
	}
	c.top.fresh = c.top.fresh || w == "interface" || w == "enum"
	return true
}

// typeRest reads a type to its end; members of one in braces are kept.
func (c *script) typeRest(rec, scope int32) {
	sig := int32(0)
	first := true
	for !c.end() && !c.at(';') && !c.at('}') && !c.at(')') {
		switch {
		case c.at('{'):
			if sig == 0 {
				sig = c.t.Start
			}
			if first {
				c.members(scope)
			} else {
				c.brackets()
			}
		case c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		case c.t.First && !first && !c.continues() && !c.at('|') && !c.at('&') && !c.at('?') && !c.at(':') && c.word() != "extends":
			c.signed(rec, c.prev.End)
			return
		default:
			c.advance()
		}
		first = false
	}
	if sig == 0 {
		sig = c.prev.End
	}
	c.signed(rec, sig)
	c.ends(rec, c.prev.End)
}

// members reads the braces of an interface.
func (c *script) members(scope int32) {
	if c.depth++; c.depth > maxNesting || !c.at('{') {
		c.depth--
		if c.at('{') {
			c.brackets()
		}
		return
	}
	defer func() { c.depth-- }()
	c.advance()
	for !c.end() && !c.takeByte('}') {
		d := c.begin()
		for c.modifier() {
			c.advance()
		}
		switch {
		case c.t.Kind == lex.Ident || c.t.Kind == lex.String:
			name := c.t
			if name.Kind == lex.String {
				name.Start, name.End = min(name.Start+1, name.End-1), name.End-1
			}
			c.advance()
			c.takeByte('?')
			kind := Field
			if c.at('(') || c.at('<') {
				kind = Prototype
			}
			rec := c.define(kind, d, name, scope, name.End)
			c.memberRest()
			c.signed(rec, c.prev.End)
		case c.at('('), c.at('['), c.at('{'):
			c.brackets()
			c.memberRest()
		default:
			c.advance()
		}
		if !c.takeByte(';') {
			c.takeByte(',')
		}
	}
}

// memberRest goes to the end of a member of an interface.
func (c *script) memberRest() {
	for !c.end() && !c.at(';') && !c.at(',') && !c.at('}') {
		switch {
		case c.at('{'), c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		case c.t.First && !c.continues() && !c.at('|') && !c.at('&') && !c.at('?') && !c.at(':'):
			return
		default:
			c.advance()
		}
	}
}

func (c *script) enumerators(scope int32) {
	if !c.takeByte('{') {
		return
	}
	for !c.end() && !c.takeByte('}') {
		d := c.begin()
		if c.t.Kind == lex.Ident || c.t.Kind == lex.String {
			name := c.t
			if name.Kind == lex.String {
				name.Start, name.End = min(name.Start+1, name.End-1), name.End-1
			}
			rec := c.define(Enumerator, d, name, scope, name.End)
			for !c.end() && !c.at(',') && !c.at('}') {
				if c.at('(') || c.at('[') || c.at('{') {
					c.brackets()
					continue
				}
				c.advance()
			}
			c.signed(rec, c.prev.End)
			continue
		}
		c.advance()
	}
}

// modifier reports whether the word is one before a member's name, not the name.
func (c *script) modifier() bool {
	switch c.word() {
	case "public", "private", "protected", "static", "readonly", "abstract", "override", "declare", "async", "get", "set", "accessor":
	default:
		return false
	}
	i := c.t.End
	for int(i) < len(c.text) && (c.text[i] == ' ' || c.text[i] == '\t') {
		i++
	}
	if int(i) >= len(c.text) {
		return false
	}
	switch b := c.text[i]; {
	case wordByte(b), b == '$', b == '[', b == '#', b == '*', b == '"', b == '\'':
		return true
	case b == '{':
		return c.word() == "static"
	}
	return false
}

// named is the current token as a member's name; what is computed has none.
func (c *script) named() (lex.Token, bool) {
	switch {
	case c.at('#'):
		c.advance()
		if c.t.Kind != lex.Ident {
			return lex.Token{}, false
		}
		name := c.t // without "#", as in "this.#x"
		c.advance()
		return name, true
	case c.t.Kind == lex.Ident, c.t.Kind == lex.Number:
		name := c.t
		c.advance()
		return name, true
	case c.t.Kind == lex.String:
		name := c.t
		if name.End-name.Start > 2 {
			name.Start, name.End = name.Start+1, name.End-1
		}
		c.advance()
		return name, true
	case c.at('['):
		c.brackets()
		return lex.Token{}, true
	}
	return lex.Token{}, false
}

// member reads one of a class.
func (c *script) member() {
	d := c.begin()
	c.top.fresh = false
	for c.at('@') {
		c.advance()
		for c.t.Kind == lex.Ident || c.at('.') {
			if c.t.Kind == lex.Ident && !c.dotted() && !(c.prev.Kind == lex.Punct && c.text[c.prev.Start] == '@') {
				break
			}
			c.advance()
		}
		if c.at('(') {
			c.brackets()
		}
	}
	for c.modifier() {
		c.advance()
	}
	if c.at('{') { // static { … }
		c.advance()
		c.push(scriptFrame{scope: c.top.scope, record: -1})
		return
	}
	c.takeByte('*')
	name, ok := c.named()
	if !ok {
		if c.at(';') {
			c.top.fresh = true
		}
		if c.at('(') || c.at('[') {
			c.brackets()
		} else if !c.at('}') {
			c.advance()
		}
		return
	}
	if !c.takeByte('?') {
		c.takeByte('!')
	}
	if c.at('(') || c.at('<') {
		rec := int32(-1)
		scope := c.top.scope
		if name.End > 0 {
			rec = c.define(Method, d, name, c.top.scope, name.End)
			scope = c.enter(scope, name.Start, name.End)
		}
		c.header(rec, scope, true)
		return
	}
	rec := int32(-1)
	if name.End > 0 {
		rec = c.define(Field, d, name, c.top.scope, name.End)
	}
	c.annotation()
	c.signed(rec, c.prev.End)
	if c.takeByte('=') {
		c.value = pending{record: rec, scope: c.top.scope, name: name, kind: Method, depth: len(c.stack), level: c.top.level, def: d}
		c.given()
		return
	}
	if c.takeByte(';') {
		c.top.fresh = true
	}
}

// property reads one of an object.
func (c *script) property() {
	d := c.begin()
	c.top.fresh = false
	for c.modifier() {
		c.advance()
	}
	c.takeByte('*')
	name, ok := c.named()
	if !ok {
		return
	}
	if c.at('(') && name.Kind != lex.Number {
		rec, scope := int32(-1), c.top.scope
		if name.End > 0 {
			rec = c.define(Method, d, name, scope, name.End)
			scope = c.enter(scope, name.Start, name.End)
		}
		c.header(rec, scope, false)
		return
	}
	if !c.takeByte(':') || name.End == 0 || c.within() {
		return
	}
	v := pending{record: -1, scope: c.top.scope, name: name, kind: Method, depth: len(c.stack), level: c.top.level, def: d, define: true}
	if c.top.named && name.Kind != lex.Number {
		v.record, v.define = c.define(Field, d, name, c.top.scope, name.End), false
	}
	c.value = v
	c.given()
}
