package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Peek is a choice among places, shown where it was asked for.
type Peek struct {
	Rows []Row // HeadingRow and RuleRow begin groups
	// OnOpen is called for Enter and a click; the list is closed by then.
	OnOpen func(i int)
	// OnClose is called when it closes without opening anything.
	OnClose func()
}

const (
	peekWidth = 640
	peekRows  = 12
)

// ShowPeek shows the choice below something of a height at a place of the
// canvas, or above it where there is no room below. Arrows choose, Enter opens,
// Escape and a click beside it close.
func ShowPeek(l *Look, c fyne.Canvas, at fyne.Position, height float32, k Peek) (dismiss func()) {
	if len(k.Rows) == 0 {
		return func() {}
	}
	list := NewList(l, style.HeightTableRow)
	list.inset = 4
	list.Row = func(i int) Row { return k.Rows[i] }
	s := &Screen{content: Pad(3, 0, 3, 0, list), box: true, list: list}
	list.OnClick = func(i int) {
		s.Close()
		if k.OnOpen != nil {
			k.OnOpen(i)
		}
	}
	list.OnOpen = list.OnClick
	s.place = func(win fyne.Size) (x, y, w, h float32) {
		w = min(peekWidth, win.Width-2*style.Gap4)
		h = min(float32(min(len(k.Rows), peekRows))*style.HeightTableRow+8, win.Height-8)
		x = max(4, min(at.X, win.Width-w-4))
		y = at.Y + height + cardGap
		if y+h > win.Height-4 {
			y = max(4, at.Y-h-cardGap)
		}
		return x, y, w, h
	}
	shut := func() {
		s.Close()
		if k.OnClose != nil {
			k.OnClose()
		}
	}
	s.outside, s.escape = shut, shut
	s.setup(l, s)
	list.SetLength(len(k.Rows))
	s.show(c)
	return s.Close
}
