package code

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// A minimap is the file small, at the right of the text. It shows every line, also
// what is folded. While it is higher than the view it slides along with the text, as
// the reader knows it from elsewhere; that moves a texture and paints none.
type minimap struct {
	on    bool
	stale bool // what is painted is not what the file is
	fresh bool // nothing of it is

	pane *clip             // cuts off what does not fit
	ink  *canvas.Image     // the text
	over *canvas.Image     // marks and hits
	box  *canvas.Rectangle // what is in view
	edge *canvas.Rectangle // at its left
}

// Narrow views have no minimap: cells of text that it must leave.
const mapLeaves = 60

// minBox is the least height of what stands for the lines in view.
const minBox = 8

func newMinimap() minimap {
	m := minimap{ink: &canvas.Image{ScaleMode: canvas.ImageScalePixels}, over: &canvas.Image{ScaleMode: canvas.ImageScalePixels},
		box: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent)}
	m.pane = &clip{rows: &fyne.Container{Objects: []fyne.CanvasObject{m.box, m.ink, m.over}}}
	m.pane.ExtendBaseWidget(m.pane)
	return m
}

// ShowMinimap shows the minimap, where there is room for it, or not.
func (v *View) ShowMinimap(on bool) {
	if on == v.sketch.on {
		return
	}
	v.sketch.on = on
	if on {
		v.sketchChanged()
	}
	v.overviewChanged()
}

// HasMinimap reports whether a minimap is shown.
func (v *View) HasMinimap() bool { return v.mapWidth() > 0 }

// SetSketch shows what Paint has drawn of this view's text.
func (v *View) SetSketch(img *image.RGBA) {
	v.sketch.ink.Image = nil
	if img != nil {
		v.sketch.ink.Image = img
	}
	canvas.Refresh(v.sketch.ink)
	v.scrolled()
}

// Sketched reports whether SetSketch was given a picture of this text.
func (v *View) Sketched() bool { return v.sketch.ink.Image != nil }

// sketchChanged tells that the minimap is not what the file is any more.
func (v *View) sketchChanged() {
	if v.sketch.on && !v.sketch.stale {
		v.sketch.stale = true
		if v.OnStale != nil {
			v.OnStale()
		}
	}
}

// sketchAfresh tells that nothing of the minimap is right.
func (v *View) sketchAfresh() {
	v.sketch.fresh = true
	v.sketchChanged()
}

// mapWidth is how wide the minimap is: 0 without one.
func (v *View) mapWidth() int {
	if !v.sketch.on || v.OnStale == nil || float64(int(v.Size().Width)-v.gutter()-stripWidth-style.WidthMinimap) < mapLeaves*v.cell() {
		return 0
	}
	return style.WidthMinimap
}

// mapLeft is where the minimap begins.
func (v *View) mapLeft() float32 { return v.Size().Width - stripWidth - float32(v.mapWidth()) }

// mapHeight is the height of the whole minimap.
func (v *View) mapHeight() int { return sketchRows(v.lines) * sketchLine }

// mapY is where a line begins in the whole minimap.
func (v *View) mapY(line int) int {
	return int(int64(line-1) * int64(v.mapHeight()) / int64(max(v.lines, 1)))
}

// mapBox is what stands for the lines in view, as a thumb on the minimap, and how far
// the minimap is slid up.
func (v *View) mapBox() (b bar, slid int) {
	from, to := v.shownNow()
	b.track = min(v.mapHeight(), v.textHeight())
	b.size = min(max(v.mapY(to+1)-v.mapY(from), minBox), b.track)
	if reach := v.maxTop(); reach > 0 {
		b.at = int(int64(b.track-b.size) * int64(v.top) / int64(reach))
	}
	slid = min(max(v.mapY(from)-b.at, 0), v.mapHeight()-b.track)
	return b, slid
}

// shownNow are the first and last line in view, or 1, 1.
func (v *View) shownNow() (from, to int) {
	if len(v.seen) == 0 {
		return 1, 1
	}
	return v.seen[0].line, v.seen[len(v.seen)-1].line
}

// dragMap scrolls so that the held part of the minimap is under the mouse.
func (v *View) dragMap() {
	b, _ := v.mapBox()
	v.top = b.offset(int(v.drag.at.Y)-v.drag.grip, v.maxTop())
	v.scrolled()
}

// pressMap takes what is in view at the mouse, or first goes to the line there.
func (v *View) pressMap(at fyne.Position) {
	b, slid := v.mapBox()
	if y := int(at.Y); y < b.at || y >= b.at+b.size {
		line := 1 + int(int64(y+slid)*int64(v.lines)/int64(max(v.mapHeight(), 1)))
		v.top = v.rowTop(Pos{min(max(line, 1), max(v.lines, 1)), 1}) - v.textHeight()/2
		v.scrolled()
		b, _ = v.mapBox()
	}
	v.drag.grip = min(max(int(at.Y)-b.at, 0), b.size)
}

// drawMap places the minimap.
func (v *View) drawMap() {
	m, w := &v.sketch, float32(v.mapWidth())
	m.pane.Hidden, m.edge.Hidden = w == 0, w == 0
	if w == 0 {
		return
	}
	b, slid := v.mapBox()
	m.pane.Move(fyne.NewPos(v.mapLeft(), 0))
	m.pane.Resize(fyne.NewSize(w, v.Size().Height))
	m.edge.FillColor = v.p.Line
	m.edge.Move(fyne.NewPos(v.mapLeft(), 0))
	m.edge.Resize(fyne.NewSize(1, v.Size().Height))
	for _, i := range []*canvas.Image{m.ink, m.over} {
		i.Hidden = i.Image == nil
		i.Move(fyne.NewPos(1, float32(-slid)))
		if s := fyne.NewSize(w, float32(v.mapHeight())); i.Size() != s {
			i.Resize(s)
		}
	}
	m.box.FillColor = style.Fade(v.p.Dim, .16)
	if v.drag.on && v.drag.zone == inMap || v.hover == inMap {
		m.box.FillColor = style.Fade(v.p.Dim, .28)
	}
	m.box.Move(fyne.NewPos(1, float32(b.at)))
	m.box.Resize(fyne.NewSize(w, float32(b.size)))
}

// drawMapMarks paints marks and hits over the minimap, each in the row of its line.
func (v *View) drawMapMarks() {
	m := &v.sketch
	had := m.over.Image != nil
	m.over.Image = nil
	if v.mapWidth() > 0 && len(v.hits)+len(v.marks) > 0 {
		img := image.NewRGBA(image.Rect(0, 0, style.WidthMinimap, v.mapHeight()))
		v.overview(func(p Pos, c color.NRGBA) {
			y := min(v.mapY(p.Line), v.mapHeight()-sketchLine)
			for at := y * img.Stride; at < (y+sketchLine)*img.Stride; at += 4 {
				dot(img.Pix[at:], c, 150)
			}
		})
		m.over.Image = img
	}
	if had || m.over.Image != nil {
		m.over.Hidden = m.over.Image == nil
		canvas.Refresh(m.over)
	}
}
