package code

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
)

// Block is a column block: a rectangle of cells over the lines First to Last, of
// each the cells from Left up to, not including, Right, counted from 0. It may
// reach beyond the end of its lines.
type Block struct{ First, Last, Left, Right int }

// Block is the selected column block, if the selection is one.
func (v *View) Block() (b Block, ok bool) {
	if !v.blocked {
		return Block{}, false
	}
	return Block{
		First: min(v.anchor.Line, v.caret.Line), Last: max(v.anchor.Line, v.caret.Line),
		Left: min(v.sides[0], v.sides[1]), Right: max(v.sides[0], v.sides[1]),
	}, true
}

// blockPart is the part of a block on line n, [from, to) in bytes of the line. A
// character belongs to it as a whole when the half of it lies inside: what is
// copied is what is filled.
func (v *View) blockPart(b Block, n int) (from, to int) {
	m := v.cells(n)
	return m.nearest(float64(b.Left)), m.nearest(float64(b.Right))
}

// Ranges are what is selected, in order: one range, or of a block one for each of
// its lines, empty where the line does not reach so far. Without a selection there are none.
func (v *View) Ranges() []Range {
	b, ok := v.Block()
	if !ok {
		if s := v.Selection(); !s.Empty() {
			return []Range{s}
		}
		return nil
	}
	if b.Left == b.Right {
		return nil
	}
	out := make([]Range, 0, b.Last-b.First+1)
	for n := b.First; n <= b.Last; n++ {
		from, to := v.blockPart(b, n)
		out = append(out, Range{Pos{n, from + 1}, Pos{n, to + 1}})
	}
	return out
}

// blockText joins the pieces of a block by newlines.
func (v *View) blockText() string {
	var s strings.Builder
	for i, r := range v.Ranges() {
		if i > 0 {
			s.WriteByte('\n')
		}
		s.Write(v.src.Line(r.From.Line)[r.From.Col-1 : r.To.Col-1])
	}
	return s.String()
}

// BlockBy moves the caret's corner of the column block by lines and cells; a
// selection, or the caret, becomes a block first. It does not go beyond the widest
// line drawn so far.
func (v *View) BlockBy(lines, cells int) {
	if v.lines == 0 {
		return
	}
	sides := v.sides
	if !v.blocked {
		sides = [2]int{v.cells(v.anchor.Line).cellOf(v.anchor.Col - 1), v.cells(v.caret.Line).cellOf(v.caret.Col - 1)}
	}
	line := v.caret.Line
	for ; lines > 0 && v.rows.next(line) > 0; lines-- {
		line = v.rows.next(line)
	}
	for ; lines < 0 && v.rows.prev(line) > 0; lines++ {
		line = v.rows.prev(line)
	}
	v.widest = max(v.widest, v.cells(line).cells)
	sides[1] = min(max(sides[1]+cells, 0), max(v.widest, sides[1]))
	v.setBlock(v.anchor.Line, line, sides)
	v.follow()
}

// SelectBlock selects a column block; its caret is at the last line's right corner.
func (v *View) SelectBlock(b Block) {
	if v.lines == 0 {
		return
	}
	first, last := min(max(b.First, 1), v.lines), min(max(b.Last, 1), v.lines)
	v.setBlock(first, last, [2]int{max(b.Left, 0), max(b.Right, 0)})
}

// setBlock makes the selection a block between two corners.
func (v *View) setBlock(from, to int, sides [2]int) {
	anchor := Pos{from, v.cells(from).nearest(float64(sides[0])) + 1}
	caret := Pos{to, v.cells(to).nearest(float64(sides[1])) + 1}
	if v.blocked && anchor == v.anchor && caret == v.caret && sides == v.sides {
		return
	}
	v.goal = -1
	v.blocked, v.sides, v.anchor, v.caret = true, sides, anchor, caret
	v.open(to)
	v.caretMoved()
}

// cellAt is the line under a point and the edge between cells nearest to it, also
// behind the line's end.
func (v *View) cellAt(p fyne.Position) (line, cell int) {
	s := v.rowUnder(p.Y)
	return s.line, max(int(math.Round(v.column(p)))-s.shift, s.from)
}

// beginBlock starts a block at a point, or with extend makes what is selected one that reaches there.
func (v *View) beginBlock(p fyne.Position, extend bool) {
	if v.lines == 0 {
		return
	}
	v.drag.unit = byBlock
	line, cell := v.cellAt(p)
	from, side := line, cell
	switch {
	case extend && v.blocked:
		from, side = v.anchor.Line, v.sides[0]
	case extend:
		from, side = v.anchor.Line, v.cells(v.anchor.Line).cellOf(v.anchor.Col-1)
	}
	v.setBlock(from, line, [2]int{side, cell})
}

// dragTo extends the selection to a point.
func (v *View) dragTo(p fyne.Position) {
	if v.drag.unit == byBlock {
		line, cell := v.cellAt(p)
		v.setBlock(v.anchor.Line, line, [2]int{v.sides[0], cell})
		return
	}
	v.extend(v.aim(p, v.drag.unit))
}
