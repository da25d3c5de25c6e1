package code

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vitrine/viewer/style"
)

// Measures of the design in pixels.
const (
	markX       = 7  // left edge of a mark in the gutter
	markSize    = 13 // its width and height
	numberRight = 56 // right edge of line numbers of up to four digits of the standard size
	stripWidth  = 14 // overview and scrollbar at the right
	thumbWidth  = 10 // of the vertical scrollbar: wider than the marks above it
	barWidth    = 6  // of the horizontal scrollbar's thumb, and of the overview's marks
	minThumb    = 24
	labelSize   = style.TextBadge
	remarkGap   = 24 // between a line and its remark
	endSpace    = 2  // rows that can be scrolled in below the last line
)

// stage holds the canvas objects, bottom to top in this order.
type stage struct {
	line    *canvas.Rectangle // fill of the caret's line
	numbers *canvas.Raster    // of all lines in view
	marks   *fyne.Container   // gutter, a container for each row
	guides  *fyne.Container   // lines in the indents, below the rows of text
	text    *clip             // rows of text, clipped to their area
	caret   *canvas.Rectangle
	overs   *fyne.Container // marks of the overview
	thumb   *canvas.Rectangle
	across  *canvas.Rectangle // thumb of the horizontal scrollbar
	ring    [4]*canvas.Rectangle
	objects []fyne.CanvasObject

	rows    []*row
	inView  []*row // from top to bottom
	pool    pool
	brush   brush
	changes int    // counts changes that make every row stale
	counted [2]int // the scroll position and change of which the numbers are painted
	painted int    // rows whose letters had to be painted anew, ever
	remap   bool   // the overview has to be laid out again
}

// clip keeps text that is scrolled sideways out of the gutter and the overview.
type clip struct {
	widget.BaseWidget
	rows *fyne.Container
}

func (c *clip) CreateRenderer() fyne.WidgetRenderer { return &clipRenderer{c} }

type clipRenderer struct{ c *clip }

func (r *clipRenderer) Destroy()                     {}
func (r *clipRenderer) IsClip()                      {}
func (r *clipRenderer) Layout(s fyne.Size)           { r.c.rows.Resize(s) }
func (r *clipRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (r *clipRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.rows} }
func (r *clipRenderer) Refresh()                     {}

// CreateRenderer is for Fyne.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	s := &stage{line: canvas.NewRectangle(color.Transparent), marks: &fyne.Container{}, guides: &fyne.Container{}, caret: canvas.NewRectangle(color.Transparent),
		overs: &fyne.Container{}, thumb: canvas.NewRectangle(color.Transparent), across: canvas.NewRectangle(color.Transparent), remap: true}
	s.text = &clip{rows: &fyne.Container{}}
	s.text.ExtendBaseWidget(s.text)
	s.thumb.CornerRadius, s.across.CornerRadius = barWidth/2, barWidth/2
	s.numbers = canvas.NewRaster(v.paintNumbers)
	s.numbers.ScaleMode = canvas.ImageScalePixels
	s.objects = []fyne.CanvasObject{s.line, s.numbers, s.marks, s.text}
	s.objects = append(s.objects, v.newScopes()...)
	s.objects = append(s.objects, v.sketch.pane, v.sketch.edge, s.thumb, s.overs, s.across)
	for i := range s.ring {
		s.ring[i] = canvas.NewRectangle(color.Transparent)
		s.objects = append(s.objects, s.ring[i])
	}
	v.stage = s
	return &renderer{v: v}
}

type renderer struct {
	v    *View
	laid bool
}

func (r *renderer) Destroy() {}
func (r *renderer) IsClip()  {}
func (r *renderer) MinSize() fyne.Size {
	return fyne.NewSize(style.WidthGutter+stripWidth+64, 3*rowHeight)
}
func (r *renderer) Layout(fyne.Size) { r.laid = true; r.v.overviewChanged() }
func (r *renderer) Refresh()         { r.laid = true; r.v.overviewChanged() }

// Objects lays out first where nobody has: Fyne drops the renderer of a view
// that was out of sight for a minute and makes another without a word.
func (r *renderer) Objects() []fyne.CanvasObject {
	if !r.laid {
		r.Layout(r.v.Size())
	}
	return r.v.stage.objects
}

// gutter is the width of the gutter: numbers beyond four digits widen it.
func (v *View) gutter() int { return v.numberRight() + style.WidthGutter - numberRight }

// numberRight is the right edge of the line numbers.
func (v *View) numberRight() int {
	digits := 4
	for n := v.lines; n > 9999; n /= 10 {
		digits++
	}
	if digits == 4 && v.metrics.size <= style.TextBody { // no need to measure
		return numberRight
	}
	return max(numberRight, markX+markSize+4+int(math.Ceil(float64(digits)*v.cell())))
}

func (v *View) textWidth() int {
	return max(int(v.Size().Width)-v.gutter()-stripWidth-v.mapWidth(), 0)
}

func (v *View) textHeight() int { return int(v.Size().Height) }

// changed redraws everything in view.
func (v *View) changed() {
	if v.stage == nil {
		return
	}
	v.stage.changes++
	v.update()
}

// overviewChanged redraws everything, the overview too.
func (v *View) overviewChanged() {
	if v.stage == nil {
		return
	}
	v.stage.remap = true
	v.changed()
}

// scrolled redraws after a change of the scroll position.
func (v *View) scrolled() {
	if v.stage != nil {
		v.update()
	}
}

func (v *View) maxTop() int {
	return max(0, (v.rows.count()+endSpace)*v.metrics.row-v.textHeight())
}

func (v *View) maxLeft() int {
	if v.wrap.width > 0 {
		return 0
	}
	return max(0, v.x(v.widest+4)-v.textWidth())
}

// update brings the canvas objects in line with the state. It lays out rows that
// came into view or are stale, and moves the others.
func (v *View) update() {
	s := v.stage
	size := v.Size()
	if size.Width < 1 || size.Height < 1 || !v.Visible() {
		return
	}
	v.measure(v.metrics.font, v.metrics.size)
	v.fit()
	if v.pending > 0 {
		line := v.pending
		v.pending = 0
		v.Reveal(line)
		return
	}
	v.settle()
	v.left = min(max(v.left, 0), v.maxLeft())

	list, y := v.inView()
	s.text.Move(fyne.NewPos(float32(v.gutter()), 0))
	s.text.Resize(fyne.NewSize(float32(v.textWidth()), size.Height))
	s.numbers.Resize(fyne.NewSize(float32(v.gutter()), size.Height))
	s.marks.Resize(s.numbers.Size())
	s.place(v, list, y)
	v.drawGuides()
	v.drawLine()
	v.drawBars()
	v.drawScopes()
	v.drawMap()
	v.drawRing()
	if s.remap {
		s.remap = false
		v.drawOverview()
		v.drawMapMarks()
	}
	canvas.Refresh(s.line) // the rows changed silently: one repaint for all

	shown := [2]int{}
	if len(list) > 0 {
		shown = [2]int{list[0].line, list[len(list)-1].line}
	}
	if shown != v.shown {
		v.shown = shown
		if v.OnShown != nil && len(list) > 0 {
			v.OnShown(shown[0], shown[1])
		}
	}
}

// place gives what is in view, the first of it at y, to rows: a line keeps its row
// while it is in view.
func (s *stage) place(v *View, list []stretch, y int) {
	n := v.textHeight()/v.metrics.row + 2
	if len(s.rows) != n {
		for _, r := range s.rows {
			r.clear(&s.pool)
		}
		s.rows = s.rows[:0]
		s.marks.Objects, s.text.rows.Objects = nil, []fyne.CanvasObject{s.guides}
		for range n {
			r := v.newRow()
			s.rows = append(s.rows, r)
			s.marks.Objects = append(s.marks.Objects, r.gutter)
			s.text.rows.Objects = append(s.text.rows.Objects, r.body)
		}
		s.text.rows.Objects = append(s.text.rows.Objects, s.caret)
	}
	s.inView = s.inView[:0]
	seen := v.widest
	first := (v.top + y) / v.metrics.row
	win := v.window()
	for i := range n {
		r := s.rows[(first+i)%n]
		if i >= len(list) {
			r.clear(&s.pool)
			r.letters.clear()
			r.was.clear()
			continue
		}
		if p := v.piece(list[i]); r.piece != p || r.change != s.changes || r.window != win {
			r.clear(&s.pool)
			r.piece, r.change, r.window = p, s.changes, win
			v.layRow(r)
		}
		s.inView = append(s.inView, r)
		r.gutter.Move(fyne.NewPos(0, float32(y+i*v.metrics.row)))
		r.body.Move(fyne.NewPos(win.start(v), float32(y+i*v.metrics.row)))
	}
	if v.widest != seen && v.left > v.maxLeft() {
		v.left = v.maxLeft()
	}
	if at := [2]int{v.top, s.changes}; s.counted != at {
		s.counted = at
		s.numbers.Refresh()
	}
}

// drawGuides draws a line at each stop of the indents in view, in one stroke down
// all the rows that it belongs to: a stroke for each would cost more than the text.
func (v *View) drawGuides() {
	s := v.stage
	s.pool.giveBack(s.guides.Objects)
	s.guides.Objects = s.guides.Objects[:0]
	inView, deepest := s.inView, 0
	for _, r := range inView {
		deepest = max(deepest, r.depth)
	}
	of := v.caretGuide()
	for c := v.guides; c < deepest; c += v.guides {
		x := v.cellX(c) - float32(v.left)
		if x < 0 || x >= float32(v.textWidth()) {
			continue
		}
		look := func(r *row) color.NRGBA {
			switch {
			case r.depth/v.guides*v.guides <= c: // less than a step is an alignment
				return color.NRGBA{}
			case c == of.cell && of.from <= r.line && r.line <= of.to:
				return v.p.GuideHere()
			}
			return v.p.Guide()
		}
		for from, i := 0, 0; i < len(inView); from = i {
			k := look(inView[i])
			for i < len(inView) && look(inView[i]) == k {
				i++
			}
			if k.A > 0 {
				rect := s.pool.rect(k, x, inView[from].body.Position().Y, 1, float32(i-from)*v.row())
				s.guides.Objects = append(s.guides.Objects, rect)
			}
		}
	}
}

// drawLine places the fill of the caret's line, and the caret.
func (v *View) drawLine() {
	s := v.stage
	at := v.point(v.caret)
	s.line.FillColor = v.p.CurLine
	s.line.Move(fyne.NewPos(0, at.Y)) // of a wrapped line only the caret's row: a large fill costs a repaint
	s.line.Resize(fyne.NewSize(v.mapLeft(), v.row()))
	s.line.Hidden = v.lines == 0 || at.Y <= -v.row() || at.Y >= v.Size().Height
	s.caret.FillColor = v.p.Accent
	s.caret.Move(fyne.NewPos(max(at.X-float32(v.gutter()), 0), at.Y+1))
	s.caret.Resize(fyne.NewSize(2, v.row()-2))
	s.caret.Hidden = v.lines == 0 || !v.focused || at.X < float32(v.gutter()) || at.Y <= -v.row() || at.Y >= v.Size().Height
}

// drawRing shows the focus with four lines: a hollow rectangle would cost a
// repaint of the whole area.
func (v *View) drawRing() {
	w, h := v.Size().Width, v.Size().Height
	for i, r := range [4][4]float32{{0, 0, w, 1}, {0, h - 1, w, 1}, {0, 0, 1, h}, {w - 1, 0, 1, h}} {
		ring := v.stage.ring[i]
		ring.FillColor, ring.Hidden = v.p.Accent, !v.focused
		ring.Move(fyne.NewPos(r[0], r[1]))
		ring.Resize(fyne.NewSize(r[2], r[3]))
	}
}
