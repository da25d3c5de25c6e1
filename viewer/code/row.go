package code

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// A piece is the part of a line that one row shows: bytes [from, to), drawn so
// that cell origin of the line stands at the left edge of the text.
type piece struct{ line, from, to, origin int }

// A window is the cells that a row has laid out: somewhat more than is in view, so that
// scrolling sideways by a little only moves what is there.
type window struct{ first, cells int }

// windowStep is the grid of a window's first cell.
const windowStep = 32

func (v *View) window() window {
	return window{int(float64(v.left)/v.cell()) / windowStep * windowStep, int(float64(v.textWidth())/v.cell()) + windowStep + 2}
}

// row holds the objects of one visible piece of a line.
type row struct {
	piece
	window
	change       int
	depth        int // of the indent, in cells
	gutter, body *fyne.Container

	ink     *canvas.Raster // the letters
	letters                // what it shows
	was     letters        // what it showed, to see whether it has to be painted again
}

func (v *View) newRow() *row {
	r := &row{gutter: &fyne.Container{}, body: &fyne.Container{}}
	r.ink = canvas.NewRaster(func(w, h int) image.Image { return v.paintRow(r, w, h) })
	r.ink.ScaleMode = canvas.ImageScalePixels
	return r
}

// clear gives the row's objects back.
func (r *row) clear(p *pool) {
	p.giveBack(r.gutter.Objects)
	p.giveBack(r.body.Objects)
	r.gutter.Objects, r.body.Objects, r.piece = r.gutter.Objects[:0], r.body.Objects[:0], piece{}
	r.depth = 0
}

// letters are what a row's raster shows: from top to bottom of ASCII unless tall.
type letters struct {
	runs           []run
	inkFrom, inkTo int // cells of the window that have some
	tall           bool
	of             metrics
}

func (l *letters) clear() {
	clear(l.runs) // lets the text go
	*l = letters{runs: l.runs[:0]}
}

func (l *letters) equal(m *letters) bool {
	return l.inkFrom == m.inkFrom && l.inkTo == m.inkTo && l.tall == m.tall && l.of == m.of && slices.EqualFunc(l.runs, m.runs, run.equal)
}

// x is where a cell of the line begins in the row's body. It is a whole number of
// device pixels.
func (r *row) x(v *View, cell int) float32 {
	return v.cellX(cell - r.origin - r.first)
}

// start is where the row's body begins in the text's area.
func (w window) start(v *View) float32 { return v.cellX(w.first) - float32(v.left) }

// layRow fills a row with its piece of a line: fills below, then boxes, letters, remark.
func (v *View) layRow(r *row) {
	m := v.cells(r.line)
	r.was, r.letters = r.letters, r.was
	r.letters.clear()
	r.of = v.metrics
	end := m.cellOf(r.to) - r.origin
	v.widest = max(v.widest, end)
	if r.from == 0 {
		v.layMark(r)
	} else {
		v.laySign(r, m)
	}
	r.depth = v.depth(r.line, m)
	v.layFills(r, m)
	v.layText(r, m)
	v.layInk(r)
	if r.to == len(m.text) {
		v.layRemark(r, v.layChip(r, max(r.depth, end)))
	}
}

// layHead fills a row with the letters of its piece alone.
func (v *View) layHead(r *row) {
	r.was, r.letters = r.letters, r.was
	r.letters.clear()
	r.of = v.metrics
	v.layText(r, v.cells(r.line))
	v.layInk(r)
}

// layMark draws the sign of the line's foremost mark.
func (v *View) layMark(r *row) {
	if marks := v.marks[r.line]; len(marks) > 0 {
		icon, c := v.markIcon(marks[0])
		p := &v.stage.pool
		x := float32(markX)
		if n := countText(len(marks)); n != "" {
			x -= countRoom
			m := fyne.MeasureText(n, labelSize, mono)
			r.gutter.Objects = append(r.gutter.Objects, p.text(n, labelSize, mono, v.p.Dim, x+markSize, round((v.row()-m.Height)/2)))
		}
		r.gutter.Objects = append(r.gutter.Objects, p.image(style.Icon(icon, c, v.scale()), x, (v.row()-markSize)/2, markSize))
	}
	v.layChevron(r)
}

// selected reports whether a non-empty selection touches a line.
func (v *View) selected(n int) bool {
	if b, ok := v.Block(); ok {
		return b.Left < b.Right && b.First <= n && n <= b.Last
	}
	s := v.Selection()
	return !s.Empty() && s.From.Line <= n && (n < s.To.Line || n == s.To.Line && s.To.Col > 1)
}

// guideReach is how many lines are looked at around a blank one to continue the
// indent guides through it.
const guideReach = 16

// depth is the indent's width in cells; a blank line has that of its neighbours.
func (v *View) depth(n int, m *cellMap) int {
	depth, blank := m.indent()
	if blank {
		depth = min(v.depthNear(n, -1), v.depthNear(n, 1))
	}
	return depth
}

func (v *View) depthNear(n, step int) int {
	for i := 1; i <= guideReach; i++ {
		at := n + i*step
		if at < 1 || at > v.lines {
			return 0
		}
		if depth, blank := v.cells(at).indent(); !blank {
			return depth
		}
	}
	return 0
}

// end is where the row's window ends.
func (r *row) end(v *View) float32 { return r.x(v, r.origin+r.first+r.cells) }

// layText finds the runs of the row's letters, and draws the boxes of hidden characters.
func (v *View) layText(r *row, m *cellMap) {
	from := r.origin + r.first
	to := from + r.cells
	off, cell, _ := m.charAt(from)
	if off < r.from {
		off, cell = r.from, m.cellOf(r.from)
	}
	tokens := v.tokensAt(r.line, off)
	start, end, first := -1, 0, cell // bytes of a run begun, and its first cell
	var was Class
	flush := func(upTo int) {
		if start >= 0 {
			c, italic := v.look(was)
			r.add(run{text: m.text[start:end], color: c, italic: italic, cell: first - from, cells: upTo - first})
			start = -1
		}
	}
	inked := cell // the cell behind the run's last letter
	for off < r.to && cell < to {
		for len(tokens) > 0 && tokens[0].To <= off {
			tokens = tokens[1:]
		}
		class := Plain
		if len(tokens) > 0 && tokens[0].From <= off {
			class = tokens[0].Class
		}
		size, g := m.at(off, cell)
		switch {
		case m.text[off] == ' ':
		case g.how == tab:
			flush(inked)
		case g.how == boxed:
			flush(inked)
			v.layBox(r, cell, v.lost(r.line, off, m.text, g))
		default:
			if start >= 0 && was != class {
				flush(inked)
			}
			if start < 0 {
				start, first, was = off, cell, class
			}
			end, inked = off+size, cell+g.cells
			r.tall = r.tall || m.text[off] >= utf8.RuneSelf
		}
		off, cell = off+size, cell+g.cells
	}
	flush(inked)
}

// add adds a run to the row's.
func (l *letters) add(k run) {
	if len(l.runs) == 0 {
		l.inkFrom = k.cell
	}
	l.inkTo = max(l.inkTo, k.cell+k.cells)
	l.runs = append(l.runs, k)
}

// layBox draws the box of a character that would not be seen for what it is; its
// label is a run.
func (v *View) layBox(r *row, cell int, g glyph) {
	c := v.p.Warn
	if g.alike {
		c = v.p.Danger
	}
	rect := v.stage.pool.rect(v.p.Boxed(c), r.x(v, cell)+1, 2, v.cellX(g.cells)-2, v.row()-4)
	rect.StrokeColor, rect.StrokeWidth, rect.CornerRadius = c, 1, 3
	r.body.Objects = append(r.body.Objects, rect)
	r.add(run{label: g.label, color: c, cell: cell - r.origin - r.first, cells: g.cells})
	r.tall = true
}

// pad is the room left and right of the letters for what hangs over, in device pixels.
func (r *row) pad(m *metrics) int { return (m.letters.cell + 1) / 2 }

// layInk places the row's raster around its letters: what it leaves out costs nothing.
func (v *View) layInk(r *row) {
	if len(r.runs) == 0 {
		return
	}
	m := &v.metrics
	px := func(n int) float32 { return float32(n) / m.scale }
	top, bottom := 0, int(round(v.row()*m.scale))
	if !r.tall {
		top, bottom = m.base+m.letters.top, m.base+m.letters.bottom
	}
	r.ink.Move(fyne.NewPos(px(r.inkFrom*m.letters.cell-r.pad(m)), px(top)))
	width := (r.inkTo-r.inkFrom)*m.letters.cell + 2*r.pad(m)
	if width&(width-1) == 0 {
		width++ // see style.Fill
	}
	size := fyne.NewSize(px(width), px(bottom-top))
	if !r.letters.equal(&r.was) {
		v.stage.painted++
		r.ink.Resize(size)
		r.ink.Refresh()
	}
	r.body.Objects = append(r.body.Objects, r.ink)
}

// look is the colour of a class, and whether it is drawn in italics.
func (v *View) look(c Class) (ink color.NRGBA, italic bool) {
	switch c {
	case Keyword:
		return v.p.Keyword, false
	case Type:
		return v.p.Type, false
	case Func:
		return v.p.Func, false
	case String:
		return v.p.Str, false
	case Number, Const:
		return v.p.Number, false
	case Comment:
		return v.p.Comment, true
	case Preproc:
		return v.p.Prep, false
	case Punct:
		return v.p.Punct, false
	}
	return v.p.Id, false
}

// maxRemark bounds the characters of a remark behind a line: the rest is for a panel.
const maxRemark = 120

// layRemark draws the label of the line's first labelled mark behind so many cells of the row.
func (v *View) layRemark(r *row, behind int) {
	n := r.line
	marks := v.marks[n]
	i := slices.IndexFunc(marks, func(m Mark) bool { return m.Label != "" })
	if i < 0 {
		return
	}
	x := r.x(v, r.origin+behind) + remarkGap
	if x > r.end(v) {
		return
	}
	label := remark(marks[i].Label)
	if marks[i].Private {
		label += " (private)"
	}
	c := v.p.Faint
	if v.selected(n) || n == v.caret.Line {
		c = v.p.Dim
	}
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(label, v.metrics.size, fyne.TextStyle{Italic: true}, c, x, v.metrics.ascent))
}

// remark makes one short line of a label, with hidden characters spelled out.
func remark(s string) string {
	var b strings.Builder
	count := 0
	for i, r := range s {
		if count++; r == '\n' && strings.TrimSpace(s[i:]) == "" {
			break
		}
		if count > maxRemark || r == '\n' {
			return strings.TrimRight(b.String(), " ") + " …"
		}
		if label, hidden := HiddenName(r); hidden && r != '\r' {
			b.WriteString("[" + label + "]")
		} else if r != '\r' {
			b.WriteRune(r)
		}
	}
	return b.String()
}
