package code

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

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

var mono = fyne.TextStyle{Monospace: true}

// maxWide is more than the pixels of any text: a remark of wide letters.
const maxWide = 4096

func (p *pool) text(s string, size float32, st fyne.TextStyle, c color.Color, x, y float32) *canvas.Text {
	var t *canvas.Text
	if n := len(p.texts); n > 0 {
		t, p.texts = p.texts[n-1], p.texts[:n-1]
	} else {
		t = &canvas.Text{}
		p.made++
	}
	t.Text, t.TextSize, t.TextStyle, t.Color = s, size, st, c
	// Fyne skips objects outside the clip by their size: no text is wider than this;
	// in a height beyond its own it would be centred.
	t.Resize(fyne.NewSize(maxWide, fyne.MeasureText(" ", size, st).Height))
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
