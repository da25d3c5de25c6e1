package symbol

import (
	"bytes"
	"slices"
	"strings"

	"vitrine/index/lex"
)

// found keeps symbols small until the text has been read: a Symbol takes three
// times as much.
type found struct {
	records   []record
	scopes    []scope
	scopeIDs  map[scopeKey]int32
	imports   []Import
	region    int32 // counts the lines that begin and end branches of #if
	truncated bool
	built     *lex.Structure
}

type record struct {
	start, end, line int32
	body, bodyEnd    int32
	doc, docEnd      int32
	sig, sigEnd      int32
	tail, tailEnd    int32 // of the signature, after a body in its midst
	scope, region    int32
	kind             Kind
}

// A scope is a name within a parent's; 0 is the top, without a name.
type scope struct {
	parent     int32
	start, end int32 // the name; empty: transparent
	full       string
	done       bool
}

type scopeKey struct {
	parent int32
	name   string
}

// add keeps a symbol and returns its index, -1 beyond the limit.
func (f *found) add(r record) int32 {
	if len(f.records) >= maxSymbols {
		f.truncated = true
		return -1
	}
	r.region = f.region
	f.records = append(f.records, r)
	return int32(len(f.records) - 1)
}

// ends sets where a symbol's definition ends.
func (f *found) ends(i, end int32) {
	if i >= 0 {
		f.records[i].bodyEnd = end
	}
}

// enter makes the scope of a name within another.
func (r *reader) enter(parent, start, end int32) int32 {
	if start >= end || len(r.scopes) > maxScopeNames {
		return parent
	}
	if id, ok := r.scopeIDs[scopeKey{parent, string(r.text[start:end])}]; ok {
		return id
	}
	if r.scopeIDs == nil {
		r.scopeIDs = map[scopeKey]int32{}
	}
	id := int32(len(r.scopes))
	r.scopes = append(r.scopes, scope{parent: parent, start: start, end: end})
	r.scopeIDs[scopeKey{parent, string(r.text[start:end])}] = id
	return id
}

// anonymous makes a scope that may get its name later.
func (r *reader) anonymous(parent int32) int32 {
	if len(r.scopes) > maxScopeNames {
		return parent
	}
	r.scopes = append(r.scopes, scope{parent: parent})
	return int32(len(r.scopes) - 1)
}

// imported keeps what the text between the offsets names.
func (r *reader) imported(start, end int32, system bool, line int32) {
	if len(r.imports) >= maxImports {
		r.truncated = true
		return
	}
	if start >= end || end-start > 4*maxSignature {
		return
	}
	r.imports = append(r.imports, Import{Path: string(r.text[start:end]), System: system, Start: int(start), End: int(end), Line: int(line)})
}

// outline makes the symbols of what was found.
func (r *reader) outline() *Outline {
	slices.SortStableFunc(r.records, func(a, b record) int { return int(a.start) - int(b.start) })
	structure := r.structure()
	w := writer{reader: r, structure: structure, guard: r.guard(structure)}
	o := &Outline{Symbols: make([]Symbol, 0, len(r.records)), Imports: r.imports}
	for i := range r.records {
		o.Symbols = append(o.Symbols, w.symbol(&r.records[i]))
	}
	o.Truncated = r.truncated || r.s.Truncated() || structure.Truncated()
	return o
}

// structure completes what the nesting has been told.
func (r *reader) structure() *lex.Structure {
	if r.built == nil {
		r.built = r.n.Structure()
	}
	return r.built
}

// A writer turns records into symbols. Their strings share large blocks.
type writer struct {
	*reader
	structure      *lex.Structure
	guard          string // the condition that an include guard makes
	block          strings.Builder
	spent          int
	buf            []byte
	scan           *lex.Scanner
	region         int32
	conditions     []string
	conditionBytes int
}

func (w *writer) symbol(c *record) Symbol {
	s := Symbol{
		Kind: c.kind, Start: int(c.start), End: int(c.end), Line: int(c.line),
		BodyStart: int(c.body), BodyEnd: int(max(c.bodyEnd, c.end)), DocStart: int(c.doc), DocEnd: int(c.docEnd),
	}
	s.Signature = w.signature(c)
	name := w.text[c.start:c.end]
	if len(name) > maxSignature {
		name = name[:maxSignature]
		w.truncated = true
	}
	if i := strings.Index(s.Signature, string(name)); i >= 0 {
		s.Name = s.Signature[i : i+len(name)]
	} else {
		s.Name = w.keep(name)
	}
	if s.Signature == "" {
		s.Signature = s.Name
	}
	s.Scope = w.scopeName(c.scope)
	s.Conditions = w.under(c)
	return s
}

// blockBytes is how much memory for strings is taken at a time.
const blockBytes = 16 << 10

func (w *writer) keep(b []byte) string {
	if w.block.Len()+len(b) > w.block.Cap() {
		w.block = strings.Builder{}
		w.block.Grow(max(min(blockBytes, len(w.text)), len(b)))
	}
	w.spent += len(b)
	at := w.block.Len()
	w.block.Write(b)
	return w.block.String()[at:]
}

func (w *writer) signature(c *record) string {
	if w.spent > maxStrings {
		w.truncated = true
		return ""
	}
	w.buf = w.collapse(w.buf[:0], c.sig, c.sigEnd)
	if c.tail < c.tailEnd {
		w.buf = w.collapse(append(bytes.TrimRight(w.buf, " "), " { … } "...), c.tail, c.tailEnd)
	}
	return w.keep(bytes.TrimSpace(w.buf))
}

// collapse appends a piece of the text on one line, without comments.
func (w *writer) collapse(b []byte, start, end int32) []byte {
	if start >= end {
		return b
	}
	piece := w.text[start:min(end, start+4*maxSignature)]
	if bytes.Contains(piece, []byte("/*")) || bytes.Contains(piece, []byte("//")) || bytes.IndexByte(piece, '#') > 0 {
		return w.uncommented(b, piece)
	}
	for _, c := range piece {
		if c <= ' ' || c == '\\' && w.lang.Preprocessed() {
			if len(b) > 0 && b[len(b)-1] == ' ' {
				continue
			}
			c = ' '
		}
		if len(b) >= maxSignature {
			return cut(b)
		}
		b = append(b, c)
	}
	return b
}

// uncommented appends the tokens of a piece that are no comments.
func (w *writer) uncommented(b, piece []byte) []byte {
	if w.scan == nil {
		w.scan = lex.NewScanner(w.lang, piece)
	}
	w.scan.ResetAt(w.lang, piece, 0, 1)
	last := int32(0)
	for t := w.scan.Next(); t.Kind != lex.EOF; t = w.scan.Next() {
		if t.Kind == lex.Comment {
			continue
		}
		if t.Start > last && len(b) > 0 && b[len(b)-1] != ' ' {
			b = append(b, ' ')
		}
		last = t.End
		b = append(b, bytes.Join(bytes.Fields(w.scan.Bytes(t)), []byte(" "))...)
		if len(b) >= maxSignature {
			return cut(b)
		}
	}
	return b
}

// cut shortens a signature at the start of a character.
func cut(b []byte) []byte {
	b = b[:min(len(b), maxSignature)]
	for i := len(b) - 1; i >= 0 && i >= len(b)-4; i-- {
		if b[i] < 0x80 {
			b = b[:i+1]
			break
		}
	}
	return append(b, "…"...)
}

// maxScopes bounds the names joined in a scope.
const maxScopes = 64

func (w *writer) scopeName(id int32) string {
	sc := &w.scopes[id]
	if sc.done {
		return sc.full
	}
	var names [][]byte
	for i := id; i != 0 && len(names) < maxScopes; i = w.scopes[i].parent {
		if s := w.scopes[i]; s.start < s.end {
			names = append(names, w.text[s.start:min(s.end, s.start+maxSignature)])
		}
	}
	slices.Reverse(names)
	sc.done = true
	if w.spent > maxStrings {
		w.truncated = true
		return ""
	}
	sc.full = w.keep(bytes.Join(names, []byte(w.separator)))
	return sc.full
}

// under is what must hold for a symbol to be compiled. Symbols of one branch
// share it.
func (w *writer) under(c *record) []string {
	if c.region == 0 {
		return nil
	}
	if c.region == w.region {
		return w.conditions
	}
	w.region, w.conditions = c.region, nil
	if w.conditionBytes > maxConditions {
		w.truncated = true
		return nil
	}
	for i, c := range w.structure.Conditions(int(c.start)) {
		if i == 0 && c.Text == w.guard {
			continue
		}
		w.conditionBytes += len(c.Text) + 16
		w.conditions = append(w.conditions, c.Text)
	}
	return w.conditions
}

// guard is the condition that is no news: that of an include guard, "#ifndef X"
// with "#define X" next, which holds whenever the text is read.
func (r *reader) guard(st *lex.Structure) string {
	for i := range r.records[:min(len(r.records), 2)] {
		c := &r.records[i]
		if c.kind != Macro || c.region != 1 || c.end != c.bodyEnd {
			continue
		}
		if cs := st.Conditions(int(c.start)); len(cs) == 1 && cs[0].Text == "!defined("+string(r.text[c.start:c.end])+")" {
			return cs[0].Text
		}
	}
	return ""
}
