package symbol

import "vitrine/index/lex"

// A cursor reads a text token by token, for languages whose definitions begin
// with a word.
type cursor struct {
	*reader
	t     lex.Token // the current one
	prev  lex.Token // the one before
	depth int       // of definitions within each other
}

// maxNesting bounds the definitions within each other that are followed.
const maxNesting = 200

func newCursor(r *reader) *cursor {
	c := &cursor{reader: r}
	c.advance()
	return c
}

func (c *cursor) advance() {
	c.prev = c.t
	c.t = c.reader.next()
}

func (c *cursor) end() bool { return c.t.Kind == lex.EOF }

// at reports whether the current token is the byte.
func (c *cursor) at(b byte) bool { return c.t.Kind == lex.Punct && c.text[c.t.Start] == b }

// word is the current token if it is a word, else "".
func (c *cursor) word() string {
	if c.t.Kind != lex.Ident || c.t.End-c.t.Start > 64 {
		return ""
	}
	return string(c.text[c.t.Start:c.t.End])
}

// take moves on if the current token is the word.
func (c *cursor) take(w string) bool {
	if c.t.Kind == lex.Ident && string(c.text[c.t.Start:c.t.End]) == w {
		c.advance()
		return true
	}
	return false
}

// takeByte moves on if the current token is the byte.
func (c *cursor) takeByte(b byte) bool {
	if c.at(b) {
		c.advance()
		return true
	}
	return false
}

// brackets moves behind the bracket that closes the current one. Brackets of
// other kinds are counted alike.
func (c *cursor) brackets() {
	depth := 0
	for !c.end() {
		if c.t.Kind == lex.Punct {
			switch c.text[c.t.Start] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				if depth--; depth <= 0 {
					c.advance()
					return
				}
			}
		}
		c.advance()
	}
}

// angles moves behind the ">" that closes the current "<".
func (c *cursor) angles() {
	depth := 0
	for n := 0; !c.end() && n < maxAngle; n++ {
		if c.t.Kind == lex.Punct {
			switch c.text[c.t.Start] {
			case '<':
				depth++
			case '>':
				if !(c.prev.End == c.t.Start && c.prev.Kind == lex.Punct && (c.text[c.prev.Start] == '-' || c.text[c.prev.Start] == '=')) {
					depth--
				}
				if depth == 0 {
					c.advance()
					return
				}
			case '(', '[', '{':
				c.brackets()
				continue
			case ')', ']', '}', ';':
				return
			}
		}
		c.advance()
	}
}

// A definition is where one starts.
type definition struct {
	start, doc, docEnd int32
}

func (c *cursor) begin() definition {
	d := definition{start: c.t.Start}
	d.doc, d.docEnd = c.leading(c.t.Start)
	return d
}

// define adds a symbol that the token names; its signature ends at sigEnd, its
// definition too until ends is told more.
func (c *cursor) define(k Kind, d definition, name lex.Token, scope, sigEnd int32) int32 {
	return c.add(record{kind: k, start: name.Start, end: name.End, line: name.Line, scope: scope,
		body: d.start, bodyEnd: max(sigEnd, name.End), sig: d.start, sigEnd: max(sigEnd, name.End), doc: d.doc, docEnd: d.docEnd})
}

// signed sets where a symbol's signature and, so far, its definition end.
func (c *cursor) signed(i, end int32) {
	if i >= 0 {
		c.records[i].sigEnd, c.records[i].bodyEnd = end, end
	}
}
