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
	// Height is how high it is where there is room, 0 for what is usual; OnResized is called
	// when the reader has chosen another one, by dragging the edge or by Shift.
	Height    float32
	OnResized func(height float32)

	look   *Look
	screen *Screen
	title  *Header
	hold   *Surface
	list   *List
	rows   []Row
	frame  *asideFrame
	above  bool    // it stands above the line
	placed float32 // its height
}

const (
	asideHeight = 300 // as high as fourteen lines and a title
	asideLow    = 120 // the least that can be chosen: four lines
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
	v.frame = &asideFrame{of: v, body: VBox(0, v.title, Grow(body)), edge: newGrip(v.look, func() bool { return true }, func(px float32) {
		if v.above {
			px = -px
		}
		v.Shift(px)
	})}
	v.frame.setup(v.look, v.frame)
	s := &Screen{content: NewSurface(v.look, GroundChrome, 0, v.frame), box: true}
	v.screen = s
	s.place = func(win fyne.Size) (x, y, w, h float32) {
		at, size, top, bottom := line()
		below, above, want := bottom-at.Y-size.Height, at.Y-top, v.wanted()
		was := v.above
		h = min(want, below)
		if v.above = h < min(asideLeast, want) && above > below; v.above {
			h = min(want, above)
			y = at.Y - h
		} else {
			h = max(h, style.HeightHeader)
			y = at.Y + size.Height
		}
		v.placed = h
		if was != v.above {
			v.frame.Refresh() // the edge that moves is the other one
		}
		return at.X, y, size.Width, h
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

// Shift makes it so many pixels higher, or lower, within what there is room for.
func (v *Aside) Shift(px float32) {
	if !v.Showing() {
		return
	}
	was := v.wanted()
	v.Height = max(v.placed+px, asideLow)
	v.screen.Refresh()
	v.Height = max(min(v.Height, v.placed), asideLow) // no more than it got: the way back begins there
	if v.Height != was && v.OnResized != nil {
		v.OnResized(v.Height)
	}
}

func (v *Aside) wanted() float32 {
	if v.Height == 0 {
		return asideHeight
	}
	return max(v.Height, asideLow)
}

// An asideFrame is an aside's content with the edge that can be dragged: the one away from
// the line.
type asideFrame struct {
	drawn
	of   *Aside
	body fyne.CanvasObject
	edge *grip
}

func (f *asideFrame) need() fyne.Size { return f.body.MinSize().AddWidthHeight(0, splitGrip) }

func (f *asideFrame) paint(b *brush, size fyne.Size) {
	at, body := size.Height-splitGrip, float32(0)
	if f.of.above {
		at, body = 0, splitGrip
	}
	b.put(f.body, 0, body, size.Width, size.Height-splitGrip)
	b.box(size.Width/2-asideMark/2, at+splitGrip/2-1, asideMark, 3, 1.5, b.pal().Edge, colour{})
	b.put(f.edge, 0, at, size.Width, splitGrip)
}

// asideMark is how long the mark is that tells that an edge can be dragged.
const asideMark = 32

// Close takes it away; the keyboard goes back to where it was.
func (v *Aside) Close() {
	if v.screen != nil {
		v.screen.Close()
	}
}

// Showing is whether it is on the screen.
func (v *Aside) Showing() bool { return v.screen != nil && v.screen.Showing() }
