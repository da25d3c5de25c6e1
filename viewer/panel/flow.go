package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

type flow struct{ gap float32 }

// Flow sets objects side by side, each as wide as it would like, and goes on below
// where a row is full.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(flow{gap}, objects...)
}

// each calls set with the place of each visible object and returns the height of all.
func (l flow) each(objects []fyne.CanvasObject, width float32, set func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, row := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		w := min(ceil(widthFor(o)), max(width, o.MinSize().Width))
		h := heightFor(o, w)
		if x > 0 && x+w > width {
			x, y, row = 0, y+row+l.gap, 0
		}
		if set != nil {
			set(o, x, y, w, h)
		}
		x, row = x+w+l.gap, max(row, h)
	}
	return y + row
}

func (l flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.each(objects, size.Width, func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(round(x), round(y)))
		o.Resize(fyne.NewSize(round(w), round(h)))
	})
}

func (l flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s
}

func (l flow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.each(objects, width, nil)
}

func (l flow) widthFor(objects []fyne.CanvasObject) (w float32) {
	for i, o := range objects {
		if o.Visible() {
			w += widthFor(o)
			if i > 0 {
				w += l.gap
			}
		}
	}
	return w
}
