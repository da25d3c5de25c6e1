package symbol

import "vitrine/index/lex"

func init() {
	rules["javascript"] = func(r *reader) { (&script{cursor: newCursor(r)}).file() }
	rules["typescript"] = func(r *reader) { (&script{cursor: newCursor(r), types: true}).file() }
}

// A script is JavaScript or TypeScript: statements, classes and the literals of
// objects, all within each other.
type script struct {
	*cursor
	types bool
	top   scriptFrame
	stack []scriptFrame
	over  int // open braces beyond maxBraces
	value pending
	chain chain
}

// maxBraces bounds the open braces of a script that are followed.
const maxBraces = 4096

type scriptKind uint8

const (
	inStatements scriptKind = iota
	inClassBody
	inObject
	inBraces // of a call's destructured parameters and such
)

// A scriptFrame is a pair of braces.
type scriptFrame struct {
	kind   scriptKind
	named  bool // an object that has a name
	global bool // statements outside functions
	scope  int32
	record int32
	level  int32 // open ( and [
	fresh  bool  // nothing stood in it, or since "," or ";"
}

// A pending value is what "=" or ":" has given a name: it may be a function.
type pending struct {
	record, scope int32
	name          lex.Token
	kind          Kind // if it is one
	depth         int
	level         int32
	n             int // tokens at its level so far
	typed         bool
	params        bool // it begins with "(": what stands in it may be parameters
	define        bool // the record is to be made if it is one
	def           definition
}

// A chain is names joined by ".": a.b.c.
type chain struct {
	first, last lex.Token
	owner       lex.Token // before the last, but for prototype
	n           int
}

func (c *script) file() {
	c.top = scriptFrame{global: true, record: -1, fresh: true}
	c.value.record = -1
	for !c.end() {
		c.step()
	}
	for len(c.stack) > 0 {
		c.pop()
	}
}

func (c *script) push(f scriptFrame) {
	if len(c.stack) >= maxBraces {
		c.over++
		return
	}
	f.fresh = true
	c.stack = append(c.stack, c.top)
	c.top = f
}

// pop closes a pair of braces that ended with the token before.
func (c *script) pop() {
	if c.over > 0 {
		c.over--
		return
	}
	c.ends(c.top.record, c.prev.End)
	if n := len(c.stack); n > 0 {
		c.top = c.stack[n-1]
		c.stack = c.stack[:n-1]
	}
}

// step takes a token, or a definition's beginning.
func (c *script) step() {
	if c.starts() {
		switch c.top.kind {
		case inClassBody:
			if !c.at('}') {
				c.member()
				return
			}
		case inObject:
			if !c.at('}') {
				c.property()
				return
			}
		default:
			if c.statement() {
				return
			}
		}
	}
	c.count()
	if c.t.Kind == lex.Ident {
		if !c.dotted() {
			switch c.word() {
			case "function":
				c.function(c.begin())
				return
			case "class":
				if c.expects() {
					c.class(c.begin())
					return
				}
			}
		}
		c.name()
		c.advance()
		return
	}
	if c.t.Kind != lex.Punct {
		c.chain = chain{}
		c.top.fresh = false
		c.advance()
		return
	}
	c.punct()
}

func (c *script) punct() {
	b := c.text[c.t.Start]
	c.top.fresh = false
	switch b {
	case '(', '[':
		c.top.level++
	case ')', ']':
		c.top.level = max(c.top.level-1, 0)
	case '{':
		c.brace()
		return
	case '}':
		c.advance()
		c.pop()
		c.chain = chain{}
		return
	case ';':
		c.top.level = 0
		c.top.fresh = true
	case ',':
		if c.top.level == 0 && c.top.kind == inObject {
			c.top.fresh = true
		}
	case '.':
		c.advance()
		return
	case '=':
		c.equals()
		return
	case ':':
		if c.value.n == 2 || c.value.n == 3 {
			c.value.typed = true
		}
	}
	c.chain = chain{}
	c.advance()
}

// count counts the tokens of a pending value.
func (c *script) count() {
	if v := &c.value; v.record >= 0 || v.define {
		if v.depth == len(c.stack) && v.level == c.top.level {
			if c.at('=') || c.at('>') {
				return
			}
			v.n++
			if c.at(';') || c.at(',') || c.at('}') {
				*v = pending{record: -1}
			}
		} else if v.depth > len(c.stack) {
			*v = pending{record: -1}
		}
	}
}

// starts reports whether a statement, member or property begins here.
func (c *script) starts() bool {
	if c.top.fresh {
		return true
	}
	if c.top.level > 0 || c.top.kind == inObject {
		return false
	}
	if c.prev.Kind == lex.Punct && c.text[c.prev.Start] == '}' && c.t.Kind == lex.Ident && c.t.First {
		return true
	}
	if !c.t.First || c.continues() {
		return false
	}
	switch c.t.Kind {
	case lex.Ident, lex.String:
		w := c.word()
		return w != "in" && w != "instanceof" && w != "extends" && w != "implements" && w != "as"
	case lex.Punct:
		switch c.text[c.t.Start] {
		case '@', '#', '*', '[':
			return c.top.kind == inClassBody
		}
	}
	return false
}

// continues reports whether the statement goes on behind the token before.
func (c *script) continues() bool {
	if c.prev.Kind != lex.Punct {
		switch string(c.text[c.prev.Start:c.prev.End]) {
		case "return", "export", "default", "async", "extends", "new", "typeof", "in", "of", "instanceof":
			return c.prev.Kind == lex.Ident && c.top.kind != inClassBody
		}
		return false
	}
	switch c.text[c.prev.Start] {
	case ')', ']', '}':
		return false
	case '+', '-':
		return !(c.prev.Start > 0 && c.text[c.prev.Start-1] == c.text[c.prev.Start])
	case '>': // of a type, more often than of a comparison
		return !c.types || c.prev.Start > 0 && c.text[c.prev.Start-1] == '='
	case '!':
		return !c.types
	}
	return true
}

// dotted reports whether a "." stands before the current word.
func (c *script) dotted() bool {
	return c.prev.Kind == lex.Punct && c.text[c.prev.Start] == '.'
}

// expects reports whether a value or a statement is due: then "class" is a word.
func (c *script) expects() bool {
	i := c.t.End
	for int(i) < len(c.text) && c.text[i] <= ' ' {
		i++
	}
	if int(i) >= len(c.text) {
		return false
	}
	return wordByte(c.text[i]) || c.text[i] == '{' || c.text[i] == '$'
}

// name follows a.b.c.
func (c *script) name() {
	if c.dotted() && c.chain.n > 0 {
		if w := string(c.text[c.chain.last.Start:c.chain.last.End]); w != "prototype" && w != "this" && w != "exports" && w != "module" && w != "self" {
			c.chain.owner = c.chain.last
		}
		c.chain.last = c.t
		c.chain.n++
	} else {
		c.chain = chain{first: c.t, last: c.t, n: 1}
	}
	c.top.fresh = false
}

// equals takes "=": of a value that may be a function, or of "=>".
func (c *script) equals() {
	eq := c.t
	c.advance()
	if c.at('>') && c.t.Start == eq.End {
		c.advance()
		c.arrow()
		return
	}
	ch := c.chain
	c.chain = chain{}
	if c.at('=') && c.t.Start == eq.End {
		for c.at('=') {
			c.advance()
		}
		return
	}
	if eq.Start > 0 {
		switch c.text[eq.Start-1] {
		case '!', '<', '>', '+', '-', '*', '/', '%':
			return
		}
	}
	if ch.n == 0 {
		return
	}
	kind := Function
	scope := c.top.scope
	if ch.owner.End > 0 {
		kind, scope = Method, c.enter(c.top.scope, ch.owner.Start, ch.owner.End)
	}
	if c.within() {
		return // the default of a parameter
	}
	c.value = pending{record: -1, define: true, scope: scope, name: ch.last, kind: kind, depth: len(c.stack), level: c.top.level}
	c.value.def = definition{start: ch.first.Start}
	c.value.def.doc, c.value.def.docEnd = c.leading(ch.first.Start)
	c.given()
}

// within reports whether what follows may be parameters of a pending value.
func (c *script) within() bool {
	v := &c.value
	if v.record < 0 && !v.define || !v.params || v.n > 2 && !v.typed {
		return false
	}
	return len(c.stack) == v.depth && c.top.level > v.level || len(c.stack) > v.depth && c.top.kind != inStatements && c.top.kind != inClassBody
}

// given looks at the first token of a value: a function, a class, an object.
func (c *script) given() {
	c.top.fresh = false
	v := c.value
	if c.word() == "async" {
		c.advance()
	}
	c.value.params = c.at('(') || c.at('<')
	switch c.word() {
	case "function":
		rec := c.found()
		c.advance()
		c.takeByte('*')
		if c.t.Kind == lex.Ident {
			c.advance() // a name for itself only
		}
		c.header(rec, c.enter(v.scope, v.name.Start, v.name.End), false)
		return
	case "class":
		if !c.expects() {
			return
		}
		c.value = pending{record: -1}
		c.advance()
		if own := c.word(); own != "" && own != "extends" && own != "implements" && v.define {
			v.name = c.t // module.exports = class X
		}
		rec := v.record
		if v.define {
			rec = c.define(Class, v.def, v.name, v.scope, v.name.End)
		} else if rec >= 0 {
			c.records[rec].kind = Class
		}
		if c.t.Kind == lex.Ident && c.word() != "extends" && c.word() != "implements" {
			c.advance()
		}
		c.classBody(rec, c.enter(v.scope, v.name.Start, v.name.End))
		return
	}
	if c.at('{') {
		scope := v.scope
		if w := string(c.text[v.name.Start:v.name.End]); w != "exports" && w != "prototype" {
			scope = c.enter(v.scope, v.name.Start, v.name.End)
		}
		c.value = pending{record: -1}
		c.advance()
		c.push(scriptFrame{kind: inObject, named: true, scope: scope, record: v.record})
	}
}

// found makes the pending value a function and returns its record.
func (c *script) found() int32 {
	v := c.value
	c.value = pending{record: -1}
	if v.define {
		return c.define(v.kind, v.def, v.name, v.scope, c.t.Start)
	}
	if v.record >= 0 {
		c.records[v.record].kind = v.kind
		c.signed(v.record, c.t.Start)
	}
	return v.record
}

// arrow takes what follows "=>".
func (c *script) arrow() {
	v := c.value
	rec, scope := int32(-1), c.top.scope
	if (v.record >= 0 || v.define) && v.depth == len(c.stack) && v.level == c.top.level && (v.n <= 3 || v.typed) {
		rec = c.found()
		scope = c.enter(v.scope, v.name.Start, v.name.End)
	}
	if c.at('{') {
		c.advance()
		c.push(scriptFrame{scope: scope, record: rec})
		return
	}
	c.ends(rec, c.lineEnd())
}

// lineEnd is the end of the line of the token before.
func (c *script) lineEnd() int32 {
	i := c.prev.End
	for int(i) < len(c.text) && c.text[i] != '\n' && i < c.prev.End+maxLine {
		i++
	}
	return i
}

// brace takes "{" that no definition has taken: a block, or an object.
func (c *script) brace() {
	f := scriptFrame{scope: c.top.scope, record: -1, global: c.top.global && c.top.level == 0 && c.prev.Kind == lex.Punct && c.text[c.prev.Start] == ')'}
	switch c.prev.Kind {
	case lex.Punct:
		switch c.text[c.prev.Start] {
		case '(', ',', '=', '[', '?', '&', '|', '!', '+':
			f.kind = inObject
		case ':':
			if c.top.kind != inStatements || c.top.level > 0 {
				f.kind = inObject
			}
		}
	case lex.Ident:
		switch string(c.text[c.prev.Start:c.prev.End]) {
		case "return", "default", "typeof", "yield", "await", "of", "in":
			f.kind = inObject
		case "else", "do", "try", "finally":
			f.global = c.top.global
		case "import", "export":
			f.kind = inBraces
		}
	}
	c.chain = chain{}
	c.advance()
	c.push(f)
}

// params skips parameters, but reads the functions within no further.
func (c *script) params() bool {
	if c.at('<') {
		c.angles()
	}
	if !c.at('(') {
		return false
	}
	c.brackets()
	return true
}

// header reads parameters and result of a function and enters its body.
func (c *script) header(rec, scope int32, member bool) {
	if !c.params() {
		return
	}
	if c.at(':') {
		c.typeUntilBody()
	}
	c.signed(rec, c.t.Start)
	c.top.fresh = false
	if c.at('{') {
		c.advance()
		c.push(scriptFrame{scope: scope, record: rec})
		return
	}
	if rec >= 0 {
		c.signed(rec, c.prev.End)
		if c.types {
			c.records[rec].kind = Prototype
		}
	}
	if member {
		c.takeByte(';')
		c.takeByte(',')
		c.top.fresh = true
	}
}

// typeUntilBody skips ": T" before a body.
func (c *script) typeUntilBody() {
	c.advance()
	for !c.end() {
		switch {
		case c.at('{'):
			if c.prev.Kind == lex.Punct {
				switch c.text[c.prev.Start] {
				case ':', '|', '&', ',', '<', '(':
					c.brackets()
					continue
				case '>':
					if c.prev.Start > 0 && c.text[c.prev.Start-1] == '=' {
						c.brackets()
						continue
					}
				}
			}
			if w := string(c.text[c.prev.Start:c.prev.End]); w == "is" || w == "extends" {
				c.brackets()
				continue
			}
			return
		case c.at('('), c.at('['):
			c.brackets()
		case c.at('<'):
			c.angles()
		case c.at(';'), c.at('}'), c.at(')'), c.at(','):
			return
		case c.t.First && !c.continues() && !c.at('|') && !c.at('&'):
			return
		default:
			c.advance()
		}
	}
}

func (c *script) function(d definition) {
	c.advance()
	c.takeByte('*')
	rec, scope := int32(-1), c.top.scope
	if c.t.Kind == lex.Ident {
		rec = c.define(Function, d, c.t, scope, c.t.End)
		scope = c.enter(scope, c.t.Start, c.t.End)
		c.advance()
	}
	c.chain = chain{}
	c.header(rec, scope, false)
}
