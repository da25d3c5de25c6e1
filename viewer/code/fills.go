package code

import (
	"sort"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// A layer is why something lies below the letters; those later in this list cover
// those before.
type layer uint8

const (
	layScope    layer = iota // where a search looks
	laySame                  // the word at the caret, wherever else it stands
	laySelected              // the selection
	layHit                   // a hit of a search
	layCurrent               // the one that is outlined
	layPair                  // a bracket and its partner
	layLone                  // a bracket without one
)

// A fill lies below the letters of a line: the cells [from, to). One that is open
// goes on into the next line: half a cell behind the end tells so.
type fill struct {
	layer    layer
	from, to int
	open     bool
}

// fills lists what lies below a line in order, as far as it touches the cells from
// first to last. It is valid until the next call.
func (v *View) fills(n int, m *cellMap, first, last int) []fill {
	out := v.filled[:0]
	off, _, _ := m.charAt(first)
	ranges := func(l layer, rs []Range, current int) {
		edge := Pos{n, off + 1}
		i := sort.Search(len(rs), func(i int) bool { return edge.Before(rs[i].To) })
		for ; i < len(rs) && rs[i].From.Line <= n; i++ {
			f := v.part(l, rs[i], n, m)
			if i == current {
				f.layer = layCurrent
			}
			if f.from > last {
				break
			}
			out = append(out, f)
		}
	}
	ranges(layScope, v.scope, -1)
	ranges(laySame, v.same, -1)
	if v.selected(n) {
		if b, ok := v.Block(); ok {
			from, to := v.blockPart(b, n)
			out = append(out, fill{layer: laySelected, from: m.cellOf(from), to: m.cellOf(to)})
		} else {
			out = append(out, v.part(laySelected, v.Selection(), n, m))
		}
	}
	ranges(layHit, v.hits, v.hit)
	for i, p := range v.pair.at {
		if p.Line == n && i < v.pair.n {
			from := m.cellOf(p.Col - 1)
			l := layPair
			if v.pair.lone {
				l = layLone
			}
			out = append(out, fill{layer: l, from: from, to: from + 1})
		}
	}
	v.filled = out
	return out
}

// part is the part of a range on line n.
func (v *View) part(l layer, r Range, n int, m *cellMap) fill {
	f := fill{layer: l, to: m.cells, open: n < r.To.Line}
	if r.From.Line == n {
		f.from = m.cellOf(r.From.Col - 1)
	}
	if r.To.Line == n {
		f.to = m.cellOf(r.To.Col - 1)
	}
	return f
}

// layFills draws what lies below a row's letters.
func (v *View) layFills(r *row, m *cellMap) {
	start, end := m.cellOf(r.from), m.cellOf(r.to)
	first := max(start, r.origin+r.first)
	for _, f := range v.fills(r.line, m, first, first+r.cells) {
		if f.to < start || f.from > end || f.from == end && f.from > start {
			continue // of another row
		}
		from, to := r.x(v, max(f.from, start)), r.x(v, min(f.to, end))
		if to < -8 {
			continue
		}
		from, to = max(from, -8), min(to, r.end(v)+8)
		if f.open && end == m.cells && (f.layer == laySelected || f.layer == layScope) {
			to += float32(v.cell() / 2)
		}
		if to > from {
			r.body.Objects = append(r.body.Objects, v.layFill(f, from, to-from))
		}
	}
}

// layFill is one fill at its place.
func (v *View) layFill(f fill, x, w float32) fyne.CanvasObject {
	p := &v.stage.pool
	switch f.layer {
	case layScope:
		return p.rect(v.p.Hover, x, 0, w, v.row())
	case laySelected:
		return p.rect(v.p.SelText, x, 0, w, v.row())
	case laySame:
		q := p.rect(v.p.Same(), x-1, 1, w+2, v.row()-2)
		q.CornerRadius = 2
		return q
	case layPair, layLone:
		c, ground := v.p.Dim, v.p.Pair()
		if f.layer == layLone {
			c, ground = v.p.Danger, v.p.Lone()
		}
		q := p.rect(ground, x-1, 1, w+2, v.row()-2)
		q.StrokeColor, q.StrokeWidth, q.CornerRadius = c, 1, 2
		return q
	}
	q := p.rect(v.p.Found(), x-1, 1, w+2, v.row()-2)
	q.CornerRadius = 3
	q.StrokeColor, q.StrokeWidth = style.Fade(v.p.Warn, .4), 1
	if f.layer == layCurrent { // a thicker line, clear of the letters
		q.StrokeColor, q.StrokeWidth = v.p.Warn, 2
		q.Move(fyne.NewPos(x-2, 0))
		q.Resize(fyne.NewSize(w+4, v.row()))
	}
	return q
}
