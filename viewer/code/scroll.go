package code

// An edge is the row at the view's upper edge. Numbers of rows change when
// lines turn out to take more or fewer than was guessed, when lines are folded and
// when the width changes; what is in view must not move for that.
type edge struct {
	line, part int
	cell       int // the first of the row: after a change of width, the row with it
	off        int // pixels of the row above the edge
	top        int // View.top at that place
	rows       *rows
	turn       int // of rows, when top was right
}

// fit brings the order of the rows in line with the width.
func (v *View) fit() {
	width := 0
	if v.wrapped {
		width = max(minWrap, int(float64(v.textWidth())/v.cell())-1) // a blank may stand behind a row
	}
	if v.rows == nil || width != v.wrap.width {
		v.wrap.width = width
		v.reorder()
	}
}

// reorder finds the rows anew, after a change of what takes how many.
func (v *View) reorder() {
	v.wrap.known, v.wrap.kept = map[int][]int32{}, 0
	if v.wrap.width > 0 {
		v.rows = newRows(v.lines, v.folded(), v.rowsOf, v.guessRows)
	} else {
		v.rows = newRows(v.lines, v.folded(), nil, nil)
	}
}

// sync moves the scroll position along with the row at the upper edge.
func (v *View) sync() {
	a := &v.edge
	if a.rows == v.rows && a.turn == v.rows.turn {
		return
	}
	if a.rows != v.rows {
		if head := v.rows.head(a.line); head != a.line {
			a.line, a.cell, a.off = head, 0, 0
		}
		a.part = v.partOf(a.line, a.cell)
	}
	top := (v.rows.of(a.line)+a.part)*v.metrics.row + a.off
	v.top += top - a.top
	a.top, a.rows, a.turn = top, v.rows, v.rows.turn
}

// settle turns top, which is changed in pixels by whoever scrolls, into a row,
// and lays out what is in view.
func (v *View) settle() {
	v.sync()
	screen := v.textHeight()/v.metrics.row + 2
	if by := (v.top - v.edge.top) / v.metrics.row; by < 0 && by > -4*screen {
		v.rows.settle(v.edge.line, 1-by, 0) // so many rows are scrolled, not so many guessed ones
	} else if by > 0 && by < 4*screen {
		v.rows.settle(v.edge.line, 0, v.edge.part+by+1)
	}
	v.sync()
	end := v.top >= v.maxTop()
	for range 4 { // near the end, what is laid out moves the end
		if end {
			v.top = v.maxTop()
		}
		v.top = max(v.top, 0)
		line, part := v.rows.at(v.top / v.metrics.row)
		v.rows.settle(line, 0, part+screen)
		at := (v.rows.of(line) + part) * v.metrics.row
		off := max(v.top-at, 0)
		if v.rows.next(line) > 0 {
			off = min(off, v.metrics.row-1)
		}
		v.top = at + off
		v.edge = edge{line: line, part: part, cell: v.stretch(line, part).from, off: off, top: v.top, rows: v.rows, turn: v.rows.turn}
		if v.top == v.maxTop() || !end && v.top < v.maxTop() {
			break
		}
		end = true
	}
}

// inView lists the rows of which any part is in view, and where the first begins.
func (v *View) inView() (list []stretch, y int) {
	list, y = v.seen[:0], -v.edge.off
	line, part := v.edge.line, v.edge.part
	for at := y; line > 0 && v.lines > 0 && at < v.textHeight(); at += v.metrics.row {
		list = append(list, v.stretch(line, part))
		if part++; part >= v.rows.exact(line) {
			line, part = v.rows.next(line), 0
		}
	}
	v.seen = list
	return list, y
}

// piece is what a row has to draw.
func (v *View) piece(s stretch) piece {
	m := v.cells(s.line)
	p := piece{line: s.line, to: len(m.text), origin: -s.shift}
	if s.part > 0 {
		p.from, _, _ = m.charAt(s.from)
	}
	if !s.last {
		p.to, _, _ = m.charAt(s.to)
	}
	return p
}

// rowTop is where the row of a position begins, in pixels from the start of the
// text, with the lines around it laid out; top is on the same scale.
func (v *View) rowTop(p Pos) int {
	screen := v.textHeight()/v.metrics.row + 2
	v.rows.settle(p.Line, screen, screen)
	s := v.rowAt(p)
	y := (v.rows.of(s.line) + s.part) * v.metrics.row
	v.sync()
	return y
}

// rowAt is the row that shows a position; for one that is folded away, the last
// of the line that stands for it.
func (v *View) rowAt(p Pos) stretch {
	if head := v.rows.head(p.Line); head != p.Line {
		p = v.end(head)
	}
	return v.stretch(p.Line, v.partOf(p.Line, v.cells(p.Line).cellOf(p.Col-1)))
}

// columnOf is where in its row a position is drawn, in cells.
func (v *View) columnOf(p Pos) int {
	s := v.rowAt(p)
	if s.line != p.Line {
		return s.to + s.shift
	}
	return v.cells(p.Line).cellOf(p.Col-1) + s.shift
}

// nearest is the position in a row that is closest to a column, in cells. The
// place behind the last character of a row that is continued is the next row's.
func (v *View) nearest(s stretch, column float64) Pos {
	m := v.cells(s.line)
	off := m.nearest(min(max(column-float64(s.shift), float64(s.from)), float64(s.to)))
	if !s.last && m.cellOf(off) >= s.to {
		off = m.snap(off - 1)
	}
	return Pos{s.line, off + 1}
}

// rowsAway is the position so many rows further down than p, or up, that is
// nearest to a column; beyond the text's ends, these.
func (v *View) rowsAway(p Pos, by, column int) Pos {
	s := v.rowAt(p)
	line, part := s.line, s.part
	for ; by > 0; by-- {
		if part++; part >= v.rows.exact(line) {
			if line, part = v.rows.next(line), 0; line == 0 {
				return v.end(max(v.rows.head(v.lines), 1))
			}
		}
	}
	for ; by < 0; by++ {
		if part--; part < 0 {
			if line = v.rows.prev(line); line == 0 {
				return Pos{1, 1}
			}
			part = v.rows.exact(line) - 1
		}
	}
	return v.nearest(v.stretch(line, part), float64(column))
}

// rowUnder is the row at a height of the widget: the nearest, where there is none.
func (v *View) rowUnder(y float32) stretch {
	row := (int(y) + v.top) / v.metrics.row
	if int(y)+v.top < 0 {
		row = 0
	}
	return v.stretch(v.rows.at(row))
}
