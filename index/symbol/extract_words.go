package symbol

import (
	"vitrine/index/lex"
)

// Many languages define by a word and a name: "fun f", "class C", "sub f". For
// these a table of words is enough; what encloses what is told by the blocks.

// A wordRule is what a word defines.
type wordRule struct {
	kind   Kind
	starts bool // only where a statement begins
}

// A vocabulary is how a language defines by words.
type vocabulary struct {
	words     map[string]wordRule
	skip      map[string]bool // words between the word and the name
	fold      bool            // upper and lower case are the same
	joins     string          // bytes that join the parts of a name; the last part counts
	dashes    bool            // "-" is a part of names
	suffixes  bool            // names may end in "?", "!", "="
	declares  bool            // a ";" instead of a body declares a function
	separator string
	imports   map[string]bool
	extra     func(w *wordReader) bool // reports whether it took something
}

// A wordReader reads by a vocabulary.
type wordReader struct {
	*cursor
	v       *vocabulary
	heads   []int32 // of each record: where its word stands
	inTypes bool    // Pascal: in a type section
}

func readWords(r *reader, v *vocabulary) {
	r.all = true
	if v.separator != "" {
		r.separator = v.separator
	}
	w := &wordReader{cursor: newCursor(r), v: v}
	for !w.end() {
		if v.extra != nil && v.extra(w) {
			continue
		}
		if w.t.Kind == lex.Ident && !w.qualified() {
			var buf [maxKeyword]byte
			key := w.folded(buf[:0])
			if rule, ok := v.words[string(key)]; ok && (!rule.starts || w.begins()) {
				w.rule(rule)
				continue
			}
			if v.imports[string(key)] && w.begins() {
				w.imports()
				continue
			}
		}
		w.advance()
	}
	w.nest()
}

// maxKeyword is longer than any word of a vocabulary.
const maxKeyword = 32

// folded appends the current word as the table has it.
func (w *wordReader) folded(b []byte) []byte {
	word := w.text[w.t.Start:w.t.End]
	if len(word) > maxKeyword {
		return b
	}
	b = append(b, word...)
	if w.v.fold {
		for i, c := range b {
			if 'A' <= c && c <= 'Z' {
				b[i] = c | 0x20
			}
		}
	}
	return b
}

// key is the current word as the table has it.
func (w *wordReader) key() string {
	if w.t.Kind != lex.Ident {
		return ""
	}
	var buf [maxKeyword]byte
	return string(w.folded(buf[:0]))
}

// qualified reports whether the word is a member's, x.class, or Kotlin's ::class.
func (w *wordReader) qualified() bool {
	if w.prev.Kind != lex.Punct || w.prev.End != w.t.Start {
		return false
	}
	switch w.text[w.prev.Start] {
	case '.', ':', '>', '$', '@':
		return true
	}
	return false
}

// begins reports whether a statement may begin at the current token.
func (w *wordReader) begins() bool {
	if w.t.First {
		return true
	}
	return w.prev.Kind == lex.Punct && (w.text[w.prev.Start] == ';' || w.text[w.prev.Start] == '{' || w.text[w.prev.Start] == '}')
}

// lineStart is where the statement that the word stands in begins: its first
// word on the line, with modifiers.
func (w *wordReader) lineStart() int32 {
	i := w.t.Start
	for i > 0 && w.text[i-1] != '\n' && w.text[i-1] != ';' && w.text[i-1] != '{' && w.text[i-1] != '}' && w.t.Start-i < maxSignature {
		i--
	}
	for i < w.t.Start && w.text[i] <= ' ' {
		i++
	}
	return i
}

// rule takes the word, and the name behind it.
func (w *wordReader) rule(rule wordRule) {
	start := w.lineStart()
	d := definition{start: start}
	d.doc, d.docEnd = w.leading(start)
	head := w.t.Start
	w.advance()
	for w.t.Kind == lex.Ident && !w.t.First && w.v.skip[w.key()] {
		w.advance()
	}
	if w.at('<') && !w.v.suffixes {
		w.angles()
	}
	for (w.at('&') || w.at('*') || w.at(':') && w.v.suffixes) && !w.t.First {
		w.advance()
	}
	first := w.t
	name, ok := w.name()
	if !ok {
		return
	}
	if rule.kind == Module {
		name.Start = first.Start // a.b.c
	}
	if w.v.suffixes && w.t.Start == name.End && (w.at('?') || w.at('!') || w.at('=') && w.t.End < int32(len(w.text)) && w.text[w.t.End] == '(') {
		name.End = w.t.End
		w.advance()
	}
	w.found(rule.kind, d, name, head)
	if rule.kind == Function && w.v.declares && w.declared() {
		w.records[len(w.records)-1].kind = Prototype
	}
}

// declared reports whether a ";" follows, behind a list of parameters at most.
func (w *wordReader) declared() bool {
	if w.at('(') {
		w.brackets()
	}
	return w.at(';')
}

// name reads a name with what qualifies it.
func (w *wordReader) name() (lex.Token, bool) {
	if w.t.Kind == lex.String && w.t.End-w.t.Start > 2 && !w.t.First {
		t := w.t
		t.Start, t.End = t.Start+1, t.End-1
		w.advance()
		return t, true
	}
	if w.v.suffixes && w.t.Kind == lex.Punct && !w.t.First && !w.at('(') && !w.at(':') { // def <=>(other)
		name := w.t
		for w.advance(); w.t.Kind == lex.Punct && w.t.Start == name.End && !w.at('('); w.advance() {
			name.End = w.t.End
		}
		return name, true
	}
	if w.t.Kind != lex.Ident {
		return lex.Token{}, false
	}
	name := w.t
	w.advance()
	for n := 0; w.t.Kind == lex.Punct && n < maxScopes; n++ {
		b := w.text[w.t.Start]
		joins := false
		for i := range len(w.v.joins) {
			joins = joins || w.v.joins[i] == b
		}
		if w.v.dashes && b == '-' && w.t.Start == name.End {
			w.advance()
			if w.t.Kind == lex.Ident || w.t.Kind == lex.Number {
				name.End = w.t.End
				w.advance()
			}
			continue
		}
		if w.at('<') && w.v.joins != "" && !w.v.suffixes && w.t.Start == w.prev.End {
			w.angles()
			continue
		}
		if !joins {
			break
		}
		for joins && w.at(b) {
			w.advance()
		}
		if w.t.Kind != lex.Ident || w.t.First {
			break
		}
		name = w.t
		w.advance()
	}
	return name, true
}

// found keeps a definition; its signature is its line, without "{".
func (w *wordReader) found(kind Kind, d definition, name lex.Token, head int32) {
	end := name.End
	for int(end) < len(w.text) && w.text[end] != '\n' && w.text[end] != '{' && end < name.End+maxSignature {
		end++
	}
	if w.define(kind, d, name, 0, end) >= 0 {
		w.heads = append(w.heads, head)
	}
}

func (w *wordReader) imports() {
	line := w.t.Line
	w.advance()
	start := w.t
	for !w.end() && w.t.Line == line && !w.at(';') && !w.at('{') {
		w.advance()
	}
	if start.Line == line && w.prev.End > start.Start {
		from, to := start.Start, w.prev.End
		if start.Kind == lex.String && to-from > 2 {
			from, to = from+1, start.End-1
		}
		w.imported(from, to, false, line)
	}
}

// nest tells where definitions end and what encloses them.
func (w *wordReader) nest() {
	type open struct {
		end, scope int32
		kind       Kind
	}
	var stack []open
	st := w.structure()
	k, taken := 0, int32(-1)
	for i := range w.records {
		c := &w.records[i]
		head := w.heads[i]
		for k < st.Len() && int32(st.Block(k).Open) < head {
			k++
		}
		next := int32(len(w.text))
		if i+1 < len(w.records) {
			next = w.heads[i+1]
		}
		for len(stack) > 0 && stack[len(stack)-1].end <= c.start {
			stack = stack[:len(stack)-1]
		}
		if n := len(stack); n > 0 {
			c.scope = stack[n-1].scope
			if rule := w.v.member(c.kind); rule != 0 && typeKind(stack[n-1].kind) {
				c.kind = rule
			}
		}
		for j := k; j < st.Len(); j++ {
			b := st.Block(j)
			ours := int32(b.Open) == head || typeKind(c.kind) && int32(b.Head) <= head // what follows is in the header: class A(val p: Int) {
			if int32(b.Open) >= next && !ours {
				break
			}
			if int32(b.Open) == taken {
				continue
			}
			if int32(b.Open) == head || int32(b.Open) >= c.end && int32(b.Head) <= head && (b.Kind != lex.Brackets || w.text[b.Open] == '{') {
				c.bodyEnd = max(c.bodyEnd, int32(b.Close))
				taken = int32(b.Open)
				if len(stack) < maxNesting {
					stack = append(stack, open{int32(b.Close), w.enter(c.scope, c.start, c.end), c.kind})
				}
				break
			}
		}
	}
}

// member is the kind within a type of what is of a kind outside.
func (v *vocabulary) member(k Kind) Kind {
	if k == Function {
		return Method
	}
	if k == Variable {
		return Field
	}
	return 0
}

func typeKind(k Kind) bool {
	switch k {
	case Class, Struct, Union, Interface, Enum, Module:
		return k != Module
	}
	return false
}
