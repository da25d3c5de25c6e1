package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Wake gives every visible control on o its renderer. Fyne drops the renderers
// of what was out of sight for a minute, makes them anew when it paints, and
// until then refuses the keyboard to what has none: whoever shows something and
// focuses a part of it at once wakes it in between.
func Wake(o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			Wake(c)
		}
	case *container.Scroll:
		o.MinSize()
		Wake(o.Content)
	case interface{ parts() []fyne.CanvasObject }:
		for _, c := range o.parts() {
			Wake(c)
		}
	case fyne.Widget:
		o.MinSize() // it asks for the renderer
	}
}

// Focus gives the keyboard to f if f is on the canvas and in sight, and reports whether
// it is: what had the keyboard before something was laid over it may have gone since.
func Focus(c fyne.Canvas, f fyne.Focusable) bool {
	if f == nil {
		return false
	}
	there := holds(c.Content(), f)
	for _, o := range c.Overlays().List() {
		there = there || holds(o, f)
	}
	if there {
		c.Focus(f)
	}
	return there
}

// holds reports whether f is o or a visible part of it, with Wake's way through both.
func holds(o fyne.CanvasObject, f fyne.Focusable) bool {
	if o == nil || !o.Visible() {
		return false
	}
	if any(o) == any(f) {
		return true
	}
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		parts = o.Objects
	case *container.Scroll:
		parts = []fyne.CanvasObject{o.Content}
	case interface{ parts() []fyne.CanvasObject }:
		parts = o.parts()
	}
	for _, p := range parts {
		if holds(p, f) {
			return true
		}
	}
	return false
}

// parts are the objects the control is painted of.
func (d *drawn) parts() []fyne.CanvasObject {
	d.MinSize()
	if d.board == nil {
		return nil
	}
	return d.board.Objects()
}
