package code

import (
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// A piece is the part of a line that one row shows: bytes [from, to), drawn so
// that cell origin of the line stands at the left edge of the text.
type piece struct{ line, from, to, origin int }

// row holds the objects of one visible piece of a line.
type row struct {
	piece
	change, left int
	gutter, body *fyne.Container
}

func newRow() *row { return &row{gutter: &fyne.Container{}, body: &fyne.Container{}} }

// clear gives the row's objects back.
func (r *row) clear(p *pool) {
	p.giveBack(r.gutter.Objects)
	p.giveBack(r.body.Objects)
	r.gutter.Objects, r.body.Objects, r.piece = r.gutter.Objects[:0], r.body.Objects[:0], piece{}
}

var mono = fyne.TextStyle{Monospace: true}

// layRow fills a row with its piece of a line: fills below, then text, boxes, remark.
func (v *View) layRow(r *row) {
	m := v.cells(r.line)
	end := m.cellOf(r.to) - r.origin
	v.widest = max(v.widest, end)
	if r.from == 0 {
		v.layGutter(r)
	} else {
		v.laySign(r, m)
	}
	depth := v.layGuides(r, m)
	v.layFills(r, m)
	v.layText(r, m)
	if r.to == len(m.text) {
		v.layRemark(r, v.layChip(r, max(depth, end)))
	}
}

func (v *View) layGutter(r *row) {
	p, n := &v.stage.pool, r.line
	number := strconv.Itoa(n)
	c := v.p.Faint
	if n == v.caret.Line || v.selected(n) {
		c = v.p.Text
	}
	x := float64(v.numberRight()) - float64(len(number))*v.cell()
	r.gutter.Objects = append(r.gutter.Objects, p.text(number, v.metrics.size, mono, c, round(float32(x)), v.metrics.ascent))
	if marks := v.marks[n]; len(marks) > 0 {
		icon, c := v.markIcon(marks[0])
		r.gutter.Objects = append(r.gutter.Objects, p.image(style.Icon(icon, c), markX, (v.row()-markSize)/2, markSize))
		if n := countText(len(marks)); n != "" {
			m := fyne.MeasureText(n, labelSize, mono)
			r.gutter.Objects = append(r.gutter.Objects, p.text(n, labelSize, mono, v.p.Dim, markX+markSize, round((v.row()-m.Height)/2)))
		}
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

// layGuides draws a line at each tab stop inside the indent, and gives the indent's
// width in cells; a blank line has that of its neighbours.
func (v *View) layGuides(r *row, m *cellMap) (depth int) {
	n := r.line
	depth, blank := m.indent()
	if blank {
		depth = min(v.depthNear(n, -1), v.depthNear(n, 1))
	}
	of := v.caretGuide()
	for c := v.guides; c < depth; c += v.guides {
		if x := v.x(c) - v.left; x >= 0 && x < v.textWidth() {
			look := v.p.Line
			if c == of.cell && of.from <= n && n <= of.to {
				look = v.p.Faint
			}
			r.body.Objects = append(r.body.Objects, v.stage.pool.rect(look, float32(x), 0, 1, v.row()))
		}
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

// windowStep is the grid in cells to which the laid-out part of a line is
// widened, so that scrolling sideways by a little draws the same texts again.
const windowStep = 32

// layText draws the visible characters of a line: neighbours of one colour as one
// text, others by themselves, hidden ones as boxes.
func (v *View) layText(r *row, m *cellMap) {
	from := r.origin + int(float64(v.left)/v.cell())/windowStep*windowStep
	to := r.origin + int(float64(v.left+v.textWidth())/v.cell()) + windowStep
	off, cell, _ := m.charAt(from)
	if off < r.from {
		off, cell = r.from, m.cellOf(r.from)
	}
	tokens := v.tokensAt(r.line, off)
	var run run
	blanks := 0
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
		case g.how == tab || g.how == inRun && m.text[off] == ' ':
			blanks += g.cells
		case g.how == inRun:
			if run.cells > 0 && (run.class != class || blanks > 8 || run.cells+blanks >= maxRun) {
				v.flush(r, &run)
			}
			if run.cells == 0 {
				run.class, run.start, blanks = class, cell, 0
			}
			for ; blanks > 0; blanks-- {
				run.text, run.cells = append(run.text, ' '), run.cells+1
			}
			run.text, run.cells = append(run.text, m.text[off:off+size]...), run.cells+1
		case g.how == alone:
			v.flush(r, &run)
			blanks = 0
			v.layAlone(r, string(m.text[off:off+size]), class, cell, g)
		default:
			v.flush(r, &run)
			blanks = 0
			v.layBox(r, cell, g)
		}
		off, cell = off+size, cell+g.cells
	}
	v.flush(r, &run)
}

// run collects neighbouring characters of one colour.
type run struct {
	text         []byte
	class        Class
	start, cells int
}

func (v *View) flush(r *row, run *run) {
	if run.cells == 0 {
		return
	}
	st, c := v.look(run.class)
	x := float32(v.x(run.start-r.origin) - v.left)
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(string(run.text), v.metrics.size, st, c, x, v.metrics.ascent))
	run.text, run.cells = run.text[:0], 0
}

// layAlone draws one character of a fallback face, smaller when it would not fit its cells.
func (v *View) layAlone(r *row, s string, class Class, cell int, g glyph) {
	st, c := v.look(class)
	st.Italic = false // fallback faces have no italics
	size, room := v.metrics.size, float32(v.x(cell+g.cells)-v.x(cell))
	w := fyne.MeasureText(s, size, st).Width
	for size > 8 && w > room+1 {
		size--
		w = fyne.MeasureText(s, size, st).Width
	}
	x, y := float32(v.x(cell-r.origin)-v.left)+max(room-w, 0)/2, v.metrics.ascent+(v.metrics.size-size)/2
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(s, size, st, c, round(x), round(y)))
}

// round keeps texts on whole pixels: between them they blur.
func round(x float32) float32 { return float32(math.Round(float64(x))) }

// layBox draws the label of a character that would not be seen for what it is.
func (v *View) layBox(r *row, cell int, g glyph) {
	p := &v.stage.pool
	x, w := float32(v.x(cell-r.origin)-v.left), float32(v.x(cell+g.cells)-v.x(cell))
	c := v.p.Warn
	if g.alike {
		c = v.p.Danger
	}
	rect := p.rect(style.Over(style.Fade(c, .18), v.p.Code), x+1, 2, w-2, v.row()-4)
	rect.StrokeColor, rect.StrokeWidth, rect.CornerRadius = c, 1, 3
	m := fyne.MeasureText(g.label, labelSize, mono)
	lx, ly := x+(w-m.Width)/2, (v.row()-m.Height)/2
	r.body.Objects = append(r.body.Objects, rect, p.text(g.label, labelSize, mono, c, round(lx), round(ly)))
}

// look is the style and colour of a class.
func (v *View) look(c Class) (fyne.TextStyle, color.NRGBA) {
	switch c {
	case Keyword:
		return mono, v.p.Keyword
	case Type:
		return mono, v.p.Type
	case Func:
		return mono, v.p.Func
	case String:
		return mono, v.p.Str
	case Number, Const:
		return mono, v.p.Number
	case Comment:
		return fyne.TextStyle{Monospace: true, Italic: true}, v.p.Comment
	case Preproc:
		return mono, v.p.Prep
	case Punct:
		return mono, v.p.Punct
	}
	return mono, v.p.Id
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
	x := v.x(behind) + remarkGap - v.left
	if x > v.textWidth() {
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
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(label, v.metrics.size, fyne.TextStyle{Italic: true}, c, float32(x), v.metrics.ascent))
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
