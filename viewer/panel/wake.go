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
	case *container.ThemeOverride:
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

// parts are the objects the control is painted of.
func (d *drawn) parts() []fyne.CanvasObject {
	d.MinSize()
	if d.board == nil {
		return nil
	}
	return d.board.Objects()
}
