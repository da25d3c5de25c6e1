package picture

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/draw"

	"vitrine/viewer/style"
)

const (
	// maxZoom is how many pixels of the screen one of the picture takes at most.
	maxZoom = 32
	// zoomStep is what a key or a turn of the wheel multiplies by.
	zoomStep = 1.25
	// panStep is how far an arrow moves, in pixels of the screen.
	panStep = 40
	// check is the width of the squares behind what is transparent.
	check = 8
)

// A View shows one picture: whole, or at a scale, and then moved by dragging, wheel or arrows.
type View struct {
	widget.BaseWidget

	// OnKey is called with keys that the view has no use for.
	OnKey func(*fyne.KeyEvent)
	// OnZoom is called when the scale changed.
	OnZoom func()
	// OnFocus is called when the view gets the keyboard.
	OnFocus func()

	p       *style.Palette
	img     image.Image
	fit     bool
	zoom    float64 // pixels of the screen per pixel of the picture, unless fit
	x, y    float64 // of the picture, in the middle of the view
	focused bool

	raster *canvas.Raster
	ring   [4]*canvas.Rectangle
}

// NewView makes a view of a picture, shown whole.
func NewView(p *style.Palette, img image.Image) *View {
	v := &View{p: p, img: img, fit: true}
	v.centre()
	v.ExtendBaseWidget(v)
	return v
}

// SetPalette changes the colours.
func (v *View) SetPalette(p *style.Palette) { v.p = p; v.Refresh() }

func (v *View) centre() {
	b := v.img.Bounds()
	v.x, v.y = float64(b.Dx())/2, float64(b.Dy())/2
}

// Fit shows the whole picture; a small one as it is.
func (v *View) Fit() { v.fit = true; v.centre(); v.changed() }

// Whole reports whether the picture is shown by Fit.
func (v *View) Whole() bool { return v.fit }

// SetZoom shows a pixel of the picture as so many of the screen.
func (v *View) SetZoom(z float64) {
	v.fit, v.zoom = false, min(max(z, 1.0/64), maxZoom)
	v.changed()
}

func (v *View) changed() {
	v.Refresh()
	if v.OnZoom != nil {
		v.OnZoom()
	}
}

// Zoom is how many pixels of the screen a pixel of the picture takes.
func (v *View) Zoom() float64 {
	s := v.Size()
	return v.zoomIn(float64(s.Width)*v.density(), float64(s.Height)*v.density())
}

func (v *View) zoomIn(w, h float64) float64 {
	if !v.fit {
		return v.zoom
	}
	b := v.img.Bounds()
	return min(w/float64(max(b.Dx(), 1)), h/float64(max(b.Dy(), 1)), 1)
}

// density is how many pixels the screen has for one of Fyne's.
func (v *View) density() float64 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		return float64(c.Scale())
	}
	return 1
}

// move moves what is seen, in pixels of the screen.
func (v *View) move(dx, dy float64) {
	if v.fit {
		return
	}
	b := v.img.Bounds()
	v.x = min(max(v.x+dx/v.zoom, 0), float64(b.Dx()))
	v.y = min(max(v.y+dy/v.zoom, 0), float64(b.Dy()))
	v.Refresh()
}

// paint draws what is seen in w × h pixels of the screen.
func (v *View) paint(w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(v.p.Code), image.Point{}, draw.Src)
	z := v.zoomIn(float64(w), float64(h))
	b := v.img.Bounds()
	left, top := int(math.Round(float64(w)/2-v.x*z)), int(math.Round(float64(h)/2-v.y*z))
	to := image.Rect(left, top, left+max(int(math.Round(float64(b.Dx())*z)), 1), top+max(int(math.Round(float64(b.Dy())*z)), 1))
	v.checks(out, to.Intersect(out.Bounds()))
	if z > 1 {
		draw.NearestNeighbor.Scale(out, to, v.img, b, draw.Over, nil)
	} else {
		draw.ApproxBiLinear.Scale(out, to, v.img, b, draw.Over, nil)
	}
	return out
}

// checks are squares in two colours, for what is transparent.
func (v *View) checks(out *image.RGBA, r image.Rectangle) {
	two := [2]color.NRGBA{v.p.Field, v.p.Raised}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := two[(x/check+y/check)&1]
			i := out.PixOffset(x, y)
			out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = c.R, c.G, c.B, 255
		}
	}
}

// CreateRenderer is for Fyne.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	v.raster = canvas.NewRaster(v.paint)
	r := &renderer{v: v, objects: []fyne.CanvasObject{v.raster}}
	for i := range v.ring {
		v.ring[i] = canvas.NewRectangle(color.Transparent)
		r.objects = append(r.objects, v.ring[i])
	}
	return r
}

type renderer struct {
	v       *View
	objects []fyne.CanvasObject
}

func (r *renderer) Destroy()                     {}
func (r *renderer) MinSize() fyne.Size           { return fyne.NewSize(64, 64) }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *renderer) Layout(s fyne.Size) {
	r.v.raster.Resize(s)
	if r.v.OnZoom != nil && r.v.fit {
		r.v.OnZoom()
	}
	for i, at := range [4][4]float32{{0, 0, s.Width, 1}, {0, s.Height - 1, s.Width, 1}, {0, 0, 1, s.Height}, {s.Width - 1, 0, 1, s.Height}} {
		r.v.ring[i].Move(fyne.NewPos(at[0], at[1]))
		r.v.ring[i].Resize(fyne.NewSize(at[2], at[3]))
	}
}

func (r *renderer) Refresh() {
	r.v.raster.Refresh()
	for _, line := range r.v.ring {
		line.FillColor = color.Transparent
		if r.v.focused {
			line.FillColor = r.v.p.Accent
		}
		line.Refresh()
	}
}

// FocusGained is for Fyne.
func (v *View) FocusGained() {
	v.focused = true
	v.Refresh()
	if v.OnFocus != nil {
		v.OnFocus()
	}
}

// FocusLost is for Fyne.
func (v *View) FocusLost() { v.focused = false; v.Refresh() }

// TypedRune takes + and -, 0 for the whole picture and 1 for its own size.
func (v *View) TypedRune(r rune) {
	switch r {
	case '+', '=':
		v.SetZoom(v.Zoom() * zoomStep)
	case '-':
		v.SetZoom(v.Zoom() / zoomStep)
	case '0':
		v.Fit()
	case '1':
		v.SetZoom(1)
	}
}

// TypedKey takes the arrows.
func (v *View) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		v.move(-panStep, 0)
	case fyne.KeyRight:
		v.move(panStep, 0)
	case fyne.KeyUp:
		v.move(0, -panStep)
	case fyne.KeyDown:
		v.move(0, panStep)
	default:
		if v.OnKey != nil {
			v.OnKey(e)
		}
	}
}

// Tapped takes the focus.
func (v *View) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
}

// Dragged moves the picture.
func (v *View) Dragged(e *fyne.DragEvent) {
	d := v.density()
	v.move(-float64(e.Dragged.DX)*d, -float64(e.Dragged.DY)*d)
}

// DragEnd is for Fyne.
func (v *View) DragEnd() {}

// Scrolled zooms.
func (v *View) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		v.SetZoom(v.Zoom() * zoomStep)
	case e.Scrolled.DY < 0:
		v.SetZoom(v.Zoom() / zoomStep)
	}
}

// Cursor is a hand where the picture can be moved.
func (v *View) Cursor() desktop.Cursor {
	if v.fit {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}
