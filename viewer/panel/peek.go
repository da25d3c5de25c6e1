package panel

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Peek is a choice among places, shown where it was asked for.
type Peek struct {
	Rows     []Row   // HeadingRow and RuleRow begin groups
	Width    float32 // 0: as wide as a line of code needs
	Selected int     // the row chosen at first, if it is an item
	// OnOpen is called for Enter and a click; the list is closed by then.
	OnOpen func(i int)
	// OnClose is called when it closes without opening anything.
	OnClose func()
	// OnKey sees every key first, with the row that is chosen; true means it is done with.
	OnKey func(i int, e *fyne.KeyEvent) bool
}

const (
	peekWidth = 640
	peekRows  = 12
)

// ShowPeek shows the choice below something of a height at a place of the
// canvas, or above it where there is no room below. Arrows choose, a letter
// goes to the next row that begins with it, Enter opens,
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
	if k.OnKey != nil {
		list.OnKey = func(e *fyne.KeyEvent) bool { return k.OnKey(list.selected, e) }
	}
	list.OnRune = func(r rune) bool {
		for d := 1; d <= len(k.Rows); d++ {
			if i := (max(list.selected, 0) + d) % len(k.Rows); k.Rows[i].begins(r) {
				list.Select(i)
				break
			}
		}
		return true
	}
	s.place = func(win fyne.Size) (x, y, w, h float32) {
		w = min(k.width(), win.Width-2*style.Gap4)
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
	if at := k.Selected; at > 0 && at < len(k.Rows) && k.Rows[at].Kind == ItemRow {
		list.selected = at
	}
	s.show(c)
	list.Reveal(list.selected)
	return s.Close
}

func (k Peek) width() float32 {
	if k.Width > 0 {
		return k.Width
	}
	return peekWidth
}

// begins reports whether a row is an item whose words begin with a letter.
func (r Row) begins(with rune) bool {
	if r.Kind != ItemRow || len(r.Text) == 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(r.Text[0].Text)
	return unicode.ToLower(first) == unicode.ToLower(with)
}
