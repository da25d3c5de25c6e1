package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// Switcher is a short list that is shown while a key is held, to choose by pressing
// another one: Step goes on, letting the held key go picks, and so do Enter and a click.
// Escape closes it.
type Switcher struct {
	screen *Screen
	list   *List
	pick   func(i int)
}

const (
	switcherWidth = 520
	switcherRows  = 16
)

// ShowSwitcher shows rows with one chosen. held says of a key that went up whether it is
// the one that was held.
func ShowSwitcher(l *Look, c fyne.Canvas, rows []Row, at int, held func(*fyne.KeyEvent) bool, pick func(i int)) *Switcher {
	list := NewList(l, style.HeightTableRow)
	list.inset = 4
	list.Row = func(i int) Row { return rows[i] }
	s := &Screen{content: Pad(3, 0, 3, 0, list), box: true}
	v := &Switcher{screen: s, list: list, pick: pick}
	list.OnClick = func(int) { v.done() }
	s.outside, s.escape = s.Close, s.Close
	s.released = func(e *fyne.KeyEvent) {
		if held(e) {
			v.done()
		}
	}
	s.typed = func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyUp:
			v.Step(-1)
		case fyne.KeyDown:
			v.Step(1)
		case fyne.KeyReturn, fyne.KeyEnter:
			v.done()
		default:
			return false
		}
		return true
	}
	s.place = func(win fyne.Size) (x, y, w, h float32) {
		w = min(switcherWidth, win.Width-2*style.Gap4)
		h = min(float32(min(len(rows), switcherRows))*style.HeightTableRow+8, win.Height-8)
		return round((win.Width - w) / 2), max(4, round((win.Height-h)/3)), w, h
	}
	s.setup(l, s)
	list.SetLength(len(rows))
	list.selected = at
	s.open(c, nil) // the ground takes the keyboard: it hears when a key goes up
	list.Reveal(at)
	return v
}

// Showing is whether the list is on the screen.
func (v *Switcher) Showing() bool { return v != nil && v.screen.Showing() }

// Step goes on by so many rows, round and round.
func (v *Switcher) Step(by int) {
	if n := v.list.length; n > 0 {
		v.list.Select((v.list.selected + by + n) % n)
	}
}

func (v *Switcher) done() {
	i := v.list.selected
	v.screen.Close()
	v.pick(i)
}

// KeyDown is for Fyne.
func (v *Screen) KeyDown(*fyne.KeyEvent) {}

// KeyUp is for Fyne.
func (v *Screen) KeyUp(e *fyne.KeyEvent) {
	if v.released != nil && v.c != nil {
		v.released(e)
	}
}

var _ desktop.Keyable = (*Screen)(nil)
