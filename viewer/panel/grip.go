package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// A grip is what the mouse takes to move a line: it lies over it.
type grip struct {
	drawn
	lying func() bool      // the line lies, and is moved up and down
	shift func(px float32) // moves it
	hot   bool
	drag  bool
	carry float32 // movement less than a pixel
}

// splitGrip is how many pixels the grip of a line is wide.
const splitGrip = 7

func newGrip(l *Look, lying func() bool, shift func(px float32)) *grip {
	h := &grip{lying: lying, shift: shift}
	h.setup(l, h)
	return h
}

func (h *grip) need() fyne.Size { return fyne.NewSize(1, 1) }

func (h *grip) paint(b *brush, size fyne.Size) {
	if !h.hot && !h.drag {
		return
	}
	c := b.pal().Accent
	if h.lying() {
		b.rect(0, splitGrip/2, size.Width, 1, c)
	} else {
		b.rect(splitGrip/2, 0, 1, size.Height, c)
	}
}

// Cursor is for Fyne.
func (h *grip) Cursor() desktop.Cursor {
	if h.lying() {
		return desktop.VResizeCursor
	}
	return desktop.HResizeCursor
}

// MouseIn is for Fyne.
func (h *grip) MouseIn(*desktop.MouseEvent) { h.hot = true; h.Refresh() }

// MouseMoved is for Fyne.
func (h *grip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (h *grip) MouseOut() { h.hot = false; h.Refresh() }

// MouseDown is for Fyne: what lies below the grip is not pressed.
func (h *grip) MouseDown(*desktop.MouseEvent) {}

// MouseUp is for Fyne.
func (h *grip) MouseUp(*desktop.MouseEvent) {}

// Dragged is for Fyne.
func (h *grip) Dragged(e *fyne.DragEvent) {
	h.drag = true
	d := e.Dragged.DX
	if h.lying() {
		d = e.Dragged.DY
	}
	h.carry += d
	whole := round(h.carry)
	h.carry -= whole
	if whole != 0 {
		h.shift(whole)
	}
}

// DragEnd is for Fyne.
func (h *grip) DragEnd() { h.drag, h.carry = false, 0; h.Refresh() }
