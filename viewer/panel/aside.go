package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/viewer/style"
)

// Aside shows a place elsewhere in the midst of the text it was asked from, and a list of
// places to choose from where there are several. Escape and a click beside it close it.
type Aside struct {
	// OnSelect is called when another row of the list becomes selected: its place is to be shown.
	OnSelect func(i int)
	// OnOpen is called for Enter and a double click in the list, and for the button: the
	// reader wants to go there.
	OnOpen func()
	// OnClose is called whenever it closes.
	OnClose func()

	look   *Look
	screen *Screen
	title  *Header
	hold   *Surface
	list   *List
	rows   []Row
}

const (
	asideHeight = 300 // as high as fourteen lines and a title
	asideLeast  = 180 // below which the other side of the line is looked at
	asideList   = 300 // width of the list
)

// NewAside makes an aside with places to choose from; of one place no list is shown.
func NewAside(l *Look, rows []Row) *Aside {
	v := &Aside{look: l, rows: rows}
	open := func() {
		if v.OnOpen != nil {
			v.OnOpen()
		}
	}
	v.title = NewHeader(l, "", NewIconButton(l, "arrow", words.T("Go there"), words.T("Enter"), open), NewIconButton(l, "x", words.T("Close"), words.T("Esc"), v.Close))
	v.hold = NewSurface(l, GroundCode, EdgeTop, nil)
	v.list = NewList(l, style.HeightTableRow)
	v.list.Row = func(i int) Row { return v.rows[i] }
	v.list.OnSelect = func(i int) {
		if v.OnSelect != nil {
			v.OnSelect(i)
		}
	}
	v.list.OnOpen = func(int) { open() }
	v.list.OnClick = func(int) {} // it has been selected
	return v
}

// SetTitle says what is shown, and where that is.
func (v *Aside) SetTitle(what, where string) {
	v.title.SetTitle(what)
	v.title.SetNote(where)
}

// SetContent replaces what is shown.
func (v *Aside) SetContent(o fyne.CanvasObject) {
	v.hold.Content = o
	v.hold.Refresh()
}

// Select chooses row i of the list; OnSelect is called if it was another.
func (v *Aside) Select(i int) { v.list.Select(i) }

// Selected is the chosen row.
func (v *Aside) Selected() int { return v.list.Selected() }

// Focusable is the list, for whoever has several places; else nil.
func (v *Aside) Focusable() fyne.Focusable {
	if len(v.rows) < 2 {
		return nil
	}
	return v.list
}

// Show puts the aside below a line, or above it where there is more room, and never over
// it. line is where on the canvas that is, from the left edge of what it may cover to the
// right one; area is from where to where it may reach up and down.
func (v *Aside) Show(c fyne.Canvas, line func() (at fyne.Position, size fyne.Size, top, bottom float32)) {
	var body fyne.CanvasObject = v.hold
	if len(v.rows) > 1 {
		body = HBox(0, Grow(v.hold), Sized(asideList, 0, NewSurface(v.look, GroundChrome, EdgeTop|EdgeLeft, v.list)))
	}
	s := &Screen{content: NewSurface(v.look, GroundChrome, 0, VBox(0, v.title, Grow(body))), box: true}
	v.screen = s
	s.place = func(win fyne.Size) (x, y, w, h float32) {
		at, size, top, bottom := line()
		below, above := bottom-at.Y-size.Height, at.Y-top
		if h = min(asideHeight, below); h < asideLeast && above > below {
			h = min(asideHeight, above)
			return at.X, at.Y - h, size.Width, h
		}
		return at.X, at.Y + size.Height, size.Width, max(h, style.HeightHeader)
	}
	s.outside, s.escape = v.Close, v.Close
	s.closed = func() {
		if v.OnClose != nil {
			v.OnClose()
		}
	}
	s.setup(v.look, s)
	v.list.SetLength(len(v.rows))
	s.open(c, nil)
}

// Close takes it away; the keyboard goes back to where it was.
func (v *Aside) Close() {
	if v.screen != nil {
		v.screen.Close()
	}
}

// Showing is whether it is on the screen.
func (v *Aside) Showing() bool { return v.screen != nil && v.screen.Showing() }
