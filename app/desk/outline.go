package desk

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sort"

	"vitrine/viewer/words"

	"vitrine/index/symbol"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// An outline is what a file defines, in its order, each within what is around it.
type outline struct {
	rows      []outlineRow
	lang      string // "" when the language is not known
	truncated bool
	imports   []symbol.Import
}

type outlineRow struct {
	symbol.Symbol
	depth    int
	from, to int // lines of the whole definition
	reach    int // last line of it and of all rows before
}

func (o *outline) symbols() []symbol.Symbol {
	if o == nil {
		return nil
	}
	out := make([]symbol.Symbol, len(o.rows))
	for i, r := range o.rows {
		out[i] = r.Symbol
	}
	return out
}

// holds are the kinds that have symbols within.
var holds = map[symbol.Kind]bool{
	symbol.Function: true, symbol.Method: true, symbol.Class: true, symbol.Struct: true, symbol.Union: true,
	symbol.Interface: true, symbol.Enum: true, symbol.Type: true, symbol.Module: true,
}

// nested finds lines and depths.
func nested(o *symbol.Outline, lang string, text []byte) *outline {
	out := &outline{lang: lang, truncated: o.Truncated, imports: o.Imports}
	lines, at := 1, 0
	lineOf := func(offset int) int { // offsets mostly grow
		offset = min(max(offset, 0), len(text))
		if offset < at {
			return lines - bytes.Count(text[offset:at], []byte{'\n'})
		}
		lines += bytes.Count(text[at:offset], []byte{'\n'})
		at = offset
		return lines
	}
	// What is around comes first, also where its name comes last.
	symbols := slices.Clone(o.Symbols)
	slices.SortStableFunc(symbols, func(a, b symbol.Symbol) int {
		return cmp.Or(a.BodyStart-b.BodyStart, order(!holds[a.Kind])-order(!holds[b.Kind]), a.Start-b.Start)
	})
	var around []int // ends of the definitions around
	for _, s := range symbols {
		for len(around) > 0 && s.BodyStart >= around[len(around)-1] {
			around = around[:len(around)-1]
		}
		row := outlineRow{Symbol: s, depth: min(len(around), 8), from: lineOf(s.BodyStart)}
		row.to = row.from + bytes.Count(text[min(max(s.BodyStart, 0), len(text)):min(max(s.BodyEnd, s.BodyStart, 0), len(text))], []byte{'\n'})
		if row.reach = row.to; len(out.rows) > 0 {
			row.reach = max(row.to, out.rows[len(out.rows)-1].reach)
		}
		out.rows = append(out.rows, row)
		if holds[s.Kind] {
			around = append(around, s.BodyEnd)
		}
	}
	return out
}

// around is the innermost symbol around a line, -1 for none. It follows every step of the
// caret, also in a file with hundreds of thousands of symbols.
func (o *outline) around(line int) int {
	best := -1
	if o == nil {
		return best
	}
	n := sort.Search(len(o.rows), func(i int) bool { return o.rows[i].from > line })
	for i := n - 1; i >= 0 && o.rows[i].reach >= line; i-- {
		if r := o.rows[i]; line <= r.to && (best < 0 || r.to-r.from < o.rows[best].to-o.rows[best].from) {
			best = i
		}
	}
	return best
}

// readOutline finds what a tab's file defines.
func (r *roomScreen) readOutline(t *tab) {
	simple(t.outlining, func(ctx context.Context) (*outline, error) {
		if t.doc.Binary {
			return nil, nil
		}
		lang := t.doc.Scanned()
		if lang == "" {
			return &outline{}, nil
		}
		if err := t.letPaint(ctx); err != nil {
			return nil, err
		}
		o, err := r.visit.Outline(ctx, t.doc.Place)
		if err != nil {
			return nil, err
		}
		return nested(o, lang, t.doc.Text.Bytes()), nil
	}, func(o *outline, err error) {
		t.outline, t.unread = o, err
		t.view.SetScopes(o.scopes())
		if t != r.current() {
			if t.pane != nil && t == t.pane.current() {
				t.pane.showCrumbs()
			}
			return
		}
		r.d.trace.say("outline", len(o.symbols()), t.doc.Place.Path)
		r.showCrumbs()
		r.symbols.showOutline()
	})
}

// noOutline says why a file shows no symbols.
func (t *tab) noOutline() string {
	switch {
	case t.unread != nil:
		return sentence(t.unread)
	case t.doc.Binary:
		return words.T("A binary file has no symbols.")
	case t.outline == nil:
		return words.T("The file is being read …")
	case t.outline.lang == "":
		return words.T("The language of this file is not known: it has no symbols.")
	}
	return words.T("The file defines nothing.")
}

// showOutline lists the symbols of the open file.
func (p *symbolPanel) showOutline() {
	t := p.r.current()
	p.outlineOf = t
	n := 0
	switch {
	case t == nil:
		p.outline.Empty = words.T("No file is open. Ctrl+T finds a symbol in all files.")
	default:
		p.outline.Empty = t.noOutline()
		if t.outline != nil {
			n = len(t.outline.rows)
		}
	}
	p.outline.SetLength(n)
	note := ""
	if t != nil && t.outline != nil && t.outline.truncated {
		note = words.T(" · not all: the file has more than are kept")
	}
	p.outlineNote.Set(panel.Span{Text: plural(n, "symbol", "symbols"), Bold: true, Size: style.TextSecondary}, panel.Span{Text: note, Tone: panel.ToneWarn, Size: style.TextSecondary})
	p.follow()
}

// follow selects the symbol around the caret.
func (p *symbolPanel) follow() {
	t := p.r.current()
	if t == nil || t != p.outlineOf || t.outline == nil {
		return
	}
	if i := t.outline.around(t.view.Caret().Line); i != p.outline.Selected() {
		p.outline.Select(i)
	}
}

func (p *symbolPanel) outlineRow(i int) panel.Row {
	t := p.outlineOf
	if t == nil || t.outline == nil || i >= len(t.outline.rows) {
		return panel.Row{}
	}
	s := t.outline.rows[i]
	look := lookOf(s.Kind)
	row := panel.Row{Fold: panel.Flat, Depth: s.depth, Badge: look.letter, BadgeTone: look.tone,
		Text:  []panel.Span{{Text: s.Name, Mono: true}},
		Right: []panel.Span{{Text: grouped(int64(s.Line)), Tone: panel.ToneFaint, Size: style.TextCaption, Mono: true}}, Tip: s.Signature}
	if len(s.Conditions) > 0 {
		row.Chips = []panel.ChipStyle{{Text: words.T("#if"), Tone: panel.ToneKeyword}}
	}
	return row
}

func (p *symbolPanel) openOutline(i int, keep bool) {
	t := p.outlineOf
	if t == nil || t.outline == nil || i < 0 || i >= len(t.outline.rows) || t != p.r.current() {
		return
	}
	p.r.openSymbol(t.doc.Place, t.outline.rows[i].Symbol, keep)
}
