package symbol

import "vitrine/index/lex"

func init() {
	rules["python"] = func(r *reader) { (&python{cursor: newCursor(r)}).file() }
}

// Python's definitions are lines; what is indented under one is in it.
type python struct {
	*cursor
	stack []indented
	level int // open brackets
}

// An indented is a class or function with the column that it stands at.
type indented struct {
	col    int32
	scope  int32
	record int32
	class  bool
}

// maxLine is how many bytes of a line are looked at: of indentation, of a value.
const maxLine = 1 << 10

func (c *python) file() {
	var d definition
	decorated := false
	for !c.end() {
		if !c.t.First || c.level > 0 && !c.defines() {
			c.count()
			continue
		}
		c.level = 0
		c.dedent(c.column())
		if !decorated {
			d = c.begin()
		}
		decorated = c.at('@')
		switch c.word() {
		case "async":
			c.advance()
			if c.word() == "def" {
				c.function(d)
			}
		case "def":
			c.function(d)
		case "class":
			c.class(d)
		case "import":
			c.imports()
		case "from":
			c.from()
		case "type":
			c.value(d)
		case "":
			c.count()
		default:
			c.value(d)
		}
	}
	c.dedent(0)
}

// count moves on and counts brackets.
func (c *python) count() {
	if c.t.Kind == lex.Punct {
		switch c.text[c.t.Start] {
		case '(', '[', '{':
			c.level++
		case ')', ']', '}':
			c.level = max(c.level-1, 0)
		}
	}
	c.advance()
}

// defines reports whether a line within brackets begins a definition: then
// they were never closed.
func (c *python) defines() bool {
	w := c.word()
	return (w == "def" || w == "class") && c.prev.Kind != lex.Punct
}

func (c *python) column() int32 {
	col := int32(0)
	for i := c.t.Start - 1; i >= 0 && c.text[i] != '\n' && col < maxLine; i-- {
		if c.text[i] == '\t' {
			col += 8
		} else {
			col++
		}
	}
	return col
}

// dedent ends the definitions that the line is not indented under.
func (c *python) dedent(col int32) {
	for n := len(c.stack); n > 0 && (c.stack[n-1].col >= col || c.end()); n-- {
		c.ends(c.stack[n-1].record, c.prev.End)
		c.stack = c.stack[:n-1]
	}
}

func (c *python) top() (scope int32, class, inner bool) {
	if n := len(c.stack); n > 0 {
		return c.stack[n-1].scope, c.stack[n-1].class, true
	}
	return 0, false, false
}

// header goes behind the ":" that ends a definition's first line.
func (c *python) header() {
	for !c.end() {
		switch {
		case c.at('('), c.at('['), c.at('{'):
			c.brackets()
			continue
		case c.takeByte(':'):
			return
		case c.t.First:
			return
		}
		c.advance()
	}
}

func (c *python) push(d definition, kind Kind, col int32) {
	scope, _, _ := c.top()
	name := c.t
	rec := c.define(kind, d, name, scope, name.End)
	if rec >= 0 && c.text[d.start] == '@' {
		c.records[rec].sig = c.prev.Start // without its decorators
	}
	c.advance()
	c.header()
	c.signed(rec, c.prev.Start)
	if len(c.stack) < maxNesting {
		c.stack = append(c.stack, indented{col, c.enter(scope, name.Start, name.End), rec, kind == Class})
	}
}

func (c *python) function(d definition) {
	col := c.column()
	if c.prev.Kind == lex.Ident && !c.t.First { // async
		col = c.lineColumn()
	}
	c.advance()
	if c.t.Kind != lex.Ident || c.t.First {
		return
	}
	_, class, _ := c.top()
	kind := Function
	if class {
		kind = Method
	}
	c.push(d, kind, col)
}

// lineColumn is the column of the line's first word.
func (c *python) lineColumn() int32 {
	i := c.t.Start
	for i > 0 && c.text[i-1] != '\n' && c.t.Start-i < maxLine {
		i--
	}
	col := int32(0)
	for ; i < c.t.Start; i++ {
		switch c.text[i] {
		case '\t':
			col += 8
		case ' ':
			col++
		default:
			return col
		}
	}
	return col
}

func (c *python) class(d definition) {
	col := c.column()
	c.advance()
	if c.t.Kind == lex.Ident && !c.t.First {
		c.push(d, Class, col)
	}
}

// value takes "x = …", "x: T", "a, b = …" outside functions.
func (c *python) value(d definition) {
	scope, class, inner := c.top()
	if inner && !class || pythonWord(c.word()) {
		c.advance()
		return
	}
	first := int32(len(c.records))
	kind := Variable
	if class {
		kind = Field
	}
	names := 0
	for c.t.Kind == lex.Ident && names < 64 {
		name := c.t
		c.advance()
		if c.t.First {
			break
		}
		if c.at('=') && !c.followed('=') || c.at(':') && !c.lineEnds() || c.at(',') {
			c.define(kind, d, name, scope, name.End)
			names++
		} else {
			break
		}
		if c.at(':') {
			for !c.end() && !c.t.First && !c.at('=') {
				if c.at('(') || c.at('[') || c.at('{') {
					c.brackets()
					continue
				}
				c.advance()
			}
		}
		if c.t.First {
			break
		}
		comma := c.at(',')
		equals := c.at('=')
		c.advance()
		if !comma && !(equals && c.t.Kind == lex.Ident && c.chained()) {
			names = -names
			break
		}
	}
	if names > 0 { // a, b without "="
		c.records = c.records[:first]
		return
	}
	end := c.valueEnd()
	for i := first; i < int32(len(c.records)); i++ {
		c.signed(i, end)
	}
}

// followed reports whether the byte stands right behind the current token.
func (c *python) followed(b byte) bool { return int(c.t.End) < len(c.text) && c.text[c.t.End] == b }

// chained reports whether the word is a name in "a = b = 1".
func (c *python) chained() bool {
	i := int(c.t.End)
	for i < len(c.text) && c.text[i] == ' ' {
		i++
	}
	return i+1 < len(c.text) && c.text[i] == '=' && c.text[i+1] != '='
}

// lineEnds reports whether nothing follows the current token on its line.
func (c *python) lineEnds() bool {
	for i := int(c.t.End); i < len(c.text); i++ {
		switch c.text[i] {
		case ' ', '\t', '\r':
		case '\n', '#':
			return true
		default:
			return false
		}
	}
	return true
}

// valueEnd goes over the rest of the statement and returns its end.
func (c *python) valueEnd() int32 {
	for !c.end() && !c.t.First {
		if c.at('(') || c.at('[') || c.at('{') {
			c.brackets()
			continue
		}
		c.advance()
	}
	return c.prev.End
}

// pythonWord reports whether a word begins another statement than a value's.
func pythonWord(w string) bool {
	switch w {
	case "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "return", "raise", "yield", "lambda",
		"pass", "break", "continue", "del", "global", "nonlocal", "assert", "not", "await", "print", "exec":
		return true
	}
	return false
}

// imports takes "import a.b as c, d".
func (c *python) imports() {
	c.advance()
	for c.t.Kind == lex.Ident && !c.t.First {
		start := c.t
		c.dotted()
		c.imported(start.Start, c.prev.End, false, start.Line)
		if c.take("as") && c.t.Kind == lex.Ident {
			c.advance()
		}
		if !c.takeByte(',') {
			return
		}
	}
}

// from takes "from .a.b import c".
func (c *python) from() {
	c.advance()
	start := c.t
	for c.at('.') {
		c.advance()
	}
	if c.t.Kind == lex.Ident && c.word() != "import" {
		c.dotted()
	}
	if c.prev.End > start.Start {
		c.imported(start.Start, c.prev.End, false, start.Line)
	}
}

func (c *python) dotted() {
	c.advance()
	for c.at('.') {
		c.advance()
		if c.t.Kind == lex.Ident {
			c.advance()
		}
	}
}
