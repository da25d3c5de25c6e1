package code

import (
	"image/color"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// row holds the objects of one visible line.
type row struct {
	line, change, left int
	gutter, body       *fyne.Container
}

func newRow() *row { return &row{gutter: &fyne.Container{}, body: &fyne.Container{}} }

// clear gives the row's objects back.
func (r *row) clear(p *pool) {
	p.giveBack(r.gutter.Objects)
	p.giveBack(r.body.Objects)
	r.gutter.Objects, r.body.Objects, r.line = r.gutter.Objects[:0], r.body.Objects[:0], 0
}

// pool keeps canvas objects that no row uses at the moment.
type pool struct {
	texts  []*canvas.Text
	rects  []*canvas.Rectangle
	images []*canvas.Image
	made   int // objects created ever
}

func (p *pool) giveBack(objects []fyne.CanvasObject) {
	for _, o := range objects {
		switch o := o.(type) {
		case *canvas.Text:
			p.texts = append(p.texts, o)
		case *canvas.Rectangle:
			p.rects = append(p.rects, o)
		case *canvas.Image:
			p.images = append(p.images, o)
		}
	}
}

// maxRun bounds the cells of one text object: a texture for each is kept a minute.
const maxRun = 96

func (p *pool) text(s string, size float32, st fyne.TextStyle, c color.Color, x, y float32) *canvas.Text {
	var t *canvas.Text
	if n := len(p.texts); n > 0 {
		t, p.texts = p.texts[n-1], p.texts[:n-1]
	} else {
		t = &canvas.Text{}
		// Fyne skips objects outside the clip by their size: no text is wider than
		// this, and the height must not exceed the text's or it would be centred.
		t.Resize(fyne.NewSize(2048, 1))
		p.made++
	}
	t.Text, t.TextSize, t.TextStyle, t.Color = s, size, st, c
	t.Move(fyne.NewPos(x, y))
	return t
}

func (p *pool) rect(fill color.Color, x, y, w, h float32) *canvas.Rectangle {
	var r *canvas.Rectangle
	if n := len(p.rects); n > 0 {
		r, p.rects = p.rects[n-1], p.rects[:n-1]
	} else {
		r = &canvas.Rectangle{}
		p.made++
	}
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, color.Transparent, 0, 0
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
	return r
}

func (p *pool) image(res fyne.Resource, x, y, size float32) *canvas.Image {
	var i *canvas.Image
	if n := len(p.images); n > 0 {
		i, p.images = p.images[n-1], p.images[:n-1]
	} else {
		i = &canvas.Image{FillMode: canvas.ImageFillContain}
		p.made++
	}
	i.Move(fyne.NewPos(x, y))
	i.Resize(fyne.NewSize(size, size))
	if i.Resource != res {
		i.Resource = res
		i.Refresh()
	}
	return i
}

var mono = fyne.TextStyle{Monospace: true}

// layRow fills a row with a line: fills below, then text, boxes, remark.
func (v *View) layRow(r *row, n int) {
	m := v.cells(n)
	v.widest = max(v.widest, m.cells)
	v.layGutter(r, n)
	v.layGuides(r, n, m)
	v.layFills(r, n, m)
	v.layText(r, n, m)
	v.layRemark(r, n, m)
}

func (v *View) layGutter(r *row, n int) {
	p := &v.stage.pool
	number := strconv.Itoa(n)
	c := v.p.Faint
	if n == v.caret.Line || v.selected(n) {
		c = v.p.Text
	}
	x := numberRight + float64(v.extraDigits()) - float64(len(number))*v.cell()
	r.gutter.Objects = append(r.gutter.Objects, p.text(number, style.TextBody, mono, c, round(float32(x)), v.ascent))
	if marks := v.marks[n]; len(marks) > 0 {
		icon, c := v.markIcon(marks[0])
		r.gutter.Objects = append(r.gutter.Objects, p.image(style.Icon(icon, c), markX, (rowHeight-markSize)/2, markSize))
	}
}

// markIcon is the shape and colour of a mark; a private one is an outline.
func (v *View) markIcon(m Mark) (string, color.NRGBA) {
	if m.Private {
		switch m.Kind {
		case Concern:
			return "warn", v.p.Note
		case Question:
			return "question", v.p.Note
		case Note:
			return "note", v.p.Note
		}
	}
	switch m.Kind {
	case Concern:
		return "!high", v.p.High
	case Question:
		return "question", v.p.Accent
	case Note:
		return "!note", v.p.Accent
	}
	return "!dot", v.p.Warn
}

// selected reports whether a non-empty selection touches a line.
func (v *View) selected(n int) bool {
	s := v.Selection()
	return !s.Empty() && s.From.Line <= n && n <= s.To.Line
}

// guideReach is how many lines are looked at around a blank one to continue the
// indent guides through it.
const guideReach = 16

func (v *View) layGuides(r *row, n int, m *cellMap) {
	depth, blank := m.indent()
	if blank {
		depth = min(v.depthNear(n, -1), v.depthNear(n, 1))
	}
	for c := TabWidth; c < depth; c += TabWidth {
		if x := v.x(c) - v.left; x >= 0 && x < v.textWidth() {
			r.body.Objects = append(r.body.Objects, v.stage.pool.rect(v.p.Line, float32(x), 0, 1, rowHeight))
		}
	}
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

// layFills draws the backgrounds of hits and of the selection.
func (v *View) layFills(r *row, n int, m *cellMap) {
	if sel := v.Selection(); v.selected(n) {
		if a, b, ok := v.span(sel, n, m); ok {
			w := b - a
			if n < sel.To.Line {
				w += int(v.cell() / 2) // the line's end is selected too
			}
			if w > 0 {
				rect := v.stage.pool.rect(v.p.SelText, float32(a), 0, float32(w), rowHeight)
				r.body.Objects = append(r.body.Objects, rect)
			}
		}
	}
	off, _, _ := m.charAt(int(float64(v.left) / v.cell()))
	edge := Pos{n, off + 1}
	i := sort.Search(len(v.hits), func(i int) bool { return edge.Before(v.hits[i].To) })
	for ; i < len(v.hits) && v.hits[i].From.Line <= n; i++ {
		a, b, ok := v.span(v.hits[i], n, m)
		if !ok {
			continue
		}
		if a > v.textWidth() {
			break
		}
		rect := v.stage.pool.rect(style.Over(v.p.Hit, v.p.Code), float32(a-1), 1, float32(b-a+2), rowHeight-2)
		rect.CornerRadius = 3
		if i == v.hit {
			rect.StrokeColor, rect.StrokeWidth = v.p.Warn, 1
		}
		r.body.Objects = append(r.body.Objects, rect)
	}
}

// span is the part of a range on line n, in pixels of the text's area, cut to
// just beyond its edges.
func (v *View) span(rg Range, n int, m *cellMap) (from, to int, ok bool) {
	a, b := 0, m.cells
	if rg.From.Line == n {
		a = m.cellOf(rg.From.Col - 1)
	}
	if rg.To.Line == n {
		b = m.cellOf(rg.To.Col - 1)
	}
	from, to = v.x(a)-v.left, v.x(b)-v.left
	if to < -8 {
		return 0, 0, false
	}
	return max(from, -8), min(to, v.textWidth()+8), true
}

// windowStep is the grid in cells to which the laid-out part of a line is
// widened, so that scrolling sideways by a little draws the same texts again.
const windowStep = 32

// layText draws the visible characters of a line: neighbours of one colour as one
// text, others by themselves, hidden ones as boxes.
func (v *View) layText(r *row, n int, m *cellMap) {
	from := int(float64(v.left)/v.cell()) / windowStep * windowStep
	to := int(float64(v.left+v.textWidth())/v.cell()) + windowStep
	off, cell, _ := m.charAt(from)
	tokens := v.tokensAt(n, off)
	var run run
	blanks := 0
	for off < len(m.text) && cell < to {
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
	x := float32(v.x(run.start) - v.left)
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(string(run.text), style.TextBody, st, c, x, v.ascent))
	run.text, run.cells = run.text[:0], 0
}

// layAlone draws one character of a fallback face, smaller when it would not fit its cells.
func (v *View) layAlone(r *row, s string, class Class, cell int, g glyph) {
	st, c := v.look(class)
	st.Italic = false // fallback faces have no italics
	size, room := float32(style.TextBody), float32(v.x(cell+g.cells)-v.x(cell))
	w := fyne.MeasureText(s, size, st).Width
	for size > 8 && w > room+1 {
		size--
		w = fyne.MeasureText(s, size, st).Width
	}
	x, y := float32(v.x(cell)-v.left)+max(room-w, 0)/2, v.ascent+(style.TextBody-size)/2
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(s, size, st, c, round(x), round(y)))
}

// round keeps texts on whole pixels: between them they blur.
func round(x float32) float32 { return float32(math.Round(float64(x))) }

// layBox draws the label of a character that would not be seen.
func (v *View) layBox(r *row, cell int, g glyph) {
	p := &v.stage.pool
	x, w := float32(v.x(cell)-v.left), float32(v.x(cell+g.cells)-v.x(cell))
	rect := p.rect(style.Over(style.Fade(v.p.Warn, .18), v.p.Code), x+1, 2, w-2, rowHeight-4)
	rect.StrokeColor, rect.StrokeWidth, rect.CornerRadius = v.p.Warn, 1, 3
	m := fyne.MeasureText(g.label, labelSize, mono)
	lx, ly := x+(w-m.Width)/2, (rowHeight-m.Height)/2
	r.body.Objects = append(r.body.Objects, rect, p.text(g.label, labelSize, mono, v.p.Warn, round(lx), round(ly)))
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

// layRemark draws the label of the line's first labelled mark.
func (v *View) layRemark(r *row, n int, m *cellMap) {
	marks := v.marks[n]
	i := slices.IndexFunc(marks, func(m Mark) bool { return m.Label != "" })
	if i < 0 {
		return
	}
	x := v.x(m.cells) + remarkGap - v.left
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
	r.body.Objects = append(r.body.Objects, v.stage.pool.text(label, style.TextBody, fyne.TextStyle{Italic: true}, c, float32(x), v.ascent))
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
