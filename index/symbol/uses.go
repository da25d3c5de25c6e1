package symbol

import (
	"bytes"
	"context"
	"iter"
	"sort"
	"strings"

	"vitrine/index/lex"
)

// Uses are the occurrences of a name in a text's code, in order: those in
// comments and strings are none. Definitions and declarations are told by the
// text's outline, the rest by the words around it: a likely class, not a proof.
func Uses(l *lex.Lang, text []byte, name string) []Use {
	if l == nil || name == "" || !bytes.Contains(text, []byte(name)) {
		return nil
	}
	o, err := Extract(context.Background(), l, text)
	if err != nil {
		return nil
	}
	return o.Uses(l, text, name)
}

// Uses are the occurrences of a name in the text whose outline it is.
func (o *Outline) Uses(l *lex.Lang, text []byte, name string) []Use {
	if l == nil || name == "" {
		return nil
	}
	last := bytes.LastIndex(text, []byte(name))
	if last < 0 {
		return nil
	}
	var us []Use
	for u := range uses(l, text, 0, last+1, []byte(name)) {
		i := sort.Search(len(o.Symbols), func(i int) bool { return o.Symbols[i].Start >= u.Start })
		if i < len(o.Symbols) && o.Symbols[i].Start == u.Start {
			u.Class = o.Symbols[i].class()
		}
		us = append(us, u)
		if len(us) >= maxUses {
			break
		}
	}
	return us
}

// maxUses bounds the uses of one name in one text.
const maxUses = 1 << 16

// class is how a symbol's own name is used.
func (s *Symbol) class() Usage {
	if s.Kind == Prototype {
		return Declaration
	}
	if strings.HasPrefix(s.Signature, "extern ") && s.Kind == Variable {
		return Declaration
	}
	return Definition
}

// UsesIn are all uses of names in [from, to) of a text, keywords left out: with
// a function's BodyStart and BodyEnd, what it calls. From must stand outside
// comments and strings, as the starts of definitions do. Names that the range
// itself defines are classified as any others.
func UsesIn(l *lex.Lang, text []byte, from, to int) iter.Seq[Use] {
	if l == nil || from < 0 || from >= to || from > len(text) {
		return func(func(Use) bool) {}
	}
	return uses(l, text, from, min(to, len(text)), nil)
}

// uses are the uses of a name, of all if it is nil.
func uses(l *lex.Lang, text []byte, from, to int, name []byte) iter.Seq[Use] {
	return func(yield func(Use) bool) {
		w := window{l: l, text: text, s: new(lex.Scanner), keywords: keywords[l.ID()], style: styles[l.ID()]}
		if w.keywords == nil {
			w.keywords = commonKeywords
		}
		w.s.ResetAt(l, text, from, 1+bytes.Count(text[:from], []byte("\n")))
		w.next = w.read()
		for w.advance() {
			if int(w.cur.Start) >= to {
				return
			}
			if w.cur.Kind != lex.Ident {
				continue
			}
			b := text[w.cur.Start:w.cur.End]
			if name != nil && !bytes.Equal(b, name) || name == nil && w.keywords[string(b)] {
				continue
			}
			if !yield(Use{Name: string(b), Class: w.class(), Start: int(w.cur.Start), End: int(w.cur.End), Line: int(w.cur.Line)}) {
				return
			}
		}
	}
}

// A window is a token with those around it.
type window struct {
	l         *lex.Lang
	text      []byte
	s         *lex.Scanner
	keywords  map[string]bool
	style     style
	before    lex.Token // of prev
	prev, cur lex.Token
	next      lex.Token
	directive lex.Token // the preprocessor line that cur stands on
	first     bool      // cur is the first word behind the directive's name
	importing bool
}

func (w *window) read() lex.Token {
	for {
		if t := w.s.Next(); t.Kind != lex.Comment {
			return t
		}
	}
}

func (w *window) advance() bool {
	w.before, w.prev, w.cur = w.prev, w.cur, w.next
	if w.cur.Kind == lex.EOF {
		return false
	}
	w.next = w.read()
	if w.cur.Kind == lex.Directive {
		w.directive = w.cur
	}
	w.first = w.prev.Kind == lex.Directive
	switch {
	case w.is(w.cur, ';'):
		w.importing = false
	case w.cur.First:
		w.importing = w.importing && w.style.group && !w.is(w.prev, ')') && !w.is(w.prev, '}') && w.prev.Kind == lex.Punct
		if w.cur.Kind == lex.Ident && w.style.imports[string(w.text[w.cur.Start:w.cur.End])] {
			w.importing = true
		}
	}
	return true
}

func (w *window) is(t lex.Token, c byte) bool { return t.Kind == lex.Punct && w.text[t.Start] == c }

// two reports whether the tokens are two bytes that belong together.
func (w *window) two(a, b lex.Token, op string) bool {
	return w.is(a, op[0]) && w.is(b, op[1]) && a.End == b.Start
}

func (w *window) class() Usage {
	b := w.text[w.cur.Start:w.cur.End]
	if w.cur.InDirective {
		switch string(w.s.DirectiveName(w.directive)) {
		case "define":
			if w.first {
				return Definition
			}
		case "include", "include_next", "import":
			return Include
		case "if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "undef":
			return MacroUse
		}
	}
	if w.importing {
		return Include
	}
	call := w.is(w.next, '(')
	caps := w.style.macros && upper(b)
	switch {
	case w.is(w.prev, '.') && !w.is(w.before, '.'), w.two(w.before, w.prev, "->"):
		if call {
			return Call
		}
		return Member
	case w.style.bang && w.is(w.next, '!') && int(w.next.End) < len(w.text) && w.text[w.next.End] != '=':
		return MacroUse
	case call && caps:
		return MacroUse
	case call:
		return Call
	case w.two(w.before, w.prev, "::"):
		if w.typed(b) {
			return TypeUse
		}
		return Member
	case w.typed(b):
		return TypeUse
	case caps:
		return MacroUse
	}
	return Other
}

// typed reports whether the name is a type's by what stands around it.
func (w *window) typed(b []byte) bool {
	if w.prev.Kind == lex.Ident {
		switch string(w.text[w.prev.Start:w.prev.End]) {
		case "struct", "union", "enum", "class", "interface", "extends", "implements", "throws", "instanceof", "typename", "new",
			"impl", "dyn", "trait", "protocol", "record":
			return true
		case "as", "is":
			return w.style.camel
		}
	}
	if w.style.spaced { // Type name
		if w.is(w.next, ':') && int(w.next.End) < len(w.text) && w.text[w.next.End] == ':' {
			return true
		}
		if w.next.Kind == lex.Ident && !w.next.First && !w.operatorWord() && !w.modified() {
			return true
		}
		if w.is(w.next, '*') {
			return w.begins() || w.pointerEnds()
		}
		if w.is(w.next, '&') && w.begins() {
			return true
		}
		if w.is(w.prev, '(') && w.is(w.next, ')') && w.cast(b) {
			return true
		}
	}
	if w.style.behind && w.prev.Kind == lex.Ident && !w.cur.First && !w.keywords[string(w.text[w.prev.Start:w.prev.End])] {
		return true // name Type
	}
	if w.style.behind && (w.is(w.prev, ']') || w.is(w.next, '{') && b[0] >= 'A' && b[0] <= 'Z') {
		return true
	}
	if !w.style.camel || b[0] < 'A' || b[0] > 'Z' || upper(b) {
		return false
	}
	switch {
	case w.is(w.prev, ':'), w.is(w.prev, '<'), w.is(w.prev, '@'), w.two(w.before, w.prev, "->"):
		return true
	case w.is(w.prev, '>') && w.before.End == w.prev.Start && w.is(w.before, '-'):
		return true
	case w.is(w.next, '<'), w.is(w.next, '>'):
		return true
	case w.is(w.next, ':') && int(w.next.End) < len(w.text) && w.text[w.next.End] == ':':
		return true
	case w.is(w.next, '{') && w.style.literal:
		return true
	case w.is(w.prev, '&') || w.is(w.prev, '|'):
		return w.style.literal
	}
	return false
}

// modified reports whether the word before rules a type out: "goto x".
func (w *window) modified() bool {
	if w.prev.Kind != lex.Ident {
		return false
	}
	switch string(w.text[w.prev.Start:w.prev.End]) {
	case "goto", "case", "return", "sizeof":
		return true
	}
	return false
}

// operatorWord reports whether the next word joins values.
func (w *window) operatorWord() bool {
	switch string(w.text[w.next.Start:w.next.End]) {
	case "and", "or", "xor", "in", "is", "as", "instanceof", "not", "when", "else", "if":
		return true
	}
	return false
}

// begins reports whether a statement begins with the name, or a modifier stands before.
func (w *window) begins() bool {
	switch w.prev.Kind {
	case lex.EOF, lex.Directive:
		return true
	case lex.Punct:
		switch w.text[w.prev.Start] {
		case ';', '{', '}':
			return true
		}
	case lex.Ident:
		switch string(w.text[w.prev.Start:w.prev.End]) {
		case "const", "static", "extern", "volatile", "register", "inline", "unsigned":
			return true
		}
	}
	return false
}

// pointerEnds reports whether "*" is followed by ")", "*", "," or ">": no product.
func (w *window) pointerEnds() bool {
	for i := int(w.next.End); i < len(w.text) && i < int(w.next.End)+64; i++ {
		switch w.text[i] {
		case ' ', '\t':
		case ')', '*', ',', '>':
			return true
		default:
			return false
		}
	}
	return false
}

// cast reports whether "(name)" is followed by a value.
func (w *window) cast(b []byte) bool {
	if !bytes.HasSuffix(b, []byte("_t")) && (b[0] < 'A' || b[0] > 'Z' || upper(b)) {
		return false
	}
	i := int(w.next.End)
	for i < len(w.text) && w.text[i] == ' ' {
		i++
	}
	return i < len(w.text) && (wordByte(w.text[i]) || w.text[i] == '(' || w.text[i] == '&' || w.text[i] == '*')
}
