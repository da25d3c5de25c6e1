package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// Screen lies over the whole window and takes every event: alone it shows a
// content that covers the room, and it is the ground of palettes, dialogs and
// menus. It carries Look.Veil, if there is one.
type Screen struct {
	drawn
	content fyne.CanvasObject
	place   func(window fyne.Size) (x, y, w, h float32) // nil: everywhere
	dim     bool                                        // the window below
	shaded  bool                                        // the box has a shadow
	box     bool
	outside func()
	escape  func()
	c       fyne.Canvas
	back    fyne.Focusable
	veil    fyne.CanvasObject
	// A menu of a menu bar goes on to its neighbours.
	sideways func(by int)
	hovered  func(at fyne.Position)
	closed   func()
	list     *List // of a menu
	palette  *Palette
	released func(*fyne.KeyEvent)
	typed    func(*fyne.KeyEvent) bool // true: it is done with
	parking  bool                      // the ground itself takes the keyboard: no Tab stop otherwise
}

// NewScreen returns a screen that covers the window with content. Escape does
// not close it.
func NewScreen(l *Look, content fyne.CanvasObject) *Screen {
	v := &Screen{content: content}
	v.setup(l, v)
	return v
}

// Open puts the screen over the canvas's content.
func (v *Screen) Open(c fyne.Canvas) { v.open(c, nil) }

func (v *Screen) open(c fyne.Canvas, focus fyne.Focusable) {
	if v.c != nil {
		return
	}
	v.look.hideTip()
	v.look.HideCard()
	v.c, v.back = c, c.Focused()
	c.Unfocus()
	if v.look.Veil != nil && v.veil == nil {
		v.veil = v.look.Veil()
	}
	c.Overlays().Add(v)
	v.Resize(c.Size())
	v.look.over = append(v.look.over, v)
	Wake(v)
	if focus == nil {
		v.park()
		return
	}
	c.Focus(focus)
}

// park gives the keyboard to the ground, so that Escape is heard.
func (v *Screen) park() {
	v.parking = true
	v.c.Focus(v)
	v.parking = false
}

// Enable is for Fyne.
func (v *Screen) Enable() {}

// Disable is for Fyne.
func (v *Screen) Disable() {}

// Disabled is for Fyne: Tab does not stop on the ground.
func (v *Screen) Disabled() bool { return !v.parking }

// Close takes the screen away and gives the keyboard back to whom it had.
func (v *Screen) Close() {
	if v.c == nil {
		return
	}
	c, back := v.c, v.back
	v.c, v.back = nil, nil
	c.Unfocus()
	c.Overlays().Remove(v)
	for i, o := range v.look.over {
		if o == v {
			v.look.over = append(v.look.over[:i:i], v.look.over[i+1:]...)
			break
		}
	}
	Focus(c, back)
	if v.closed != nil {
		v.closed()
	}
}

// Showing is whether the screen is on a canvas.
func (v *Screen) Showing() bool { return v.c != nil }

// Escape closes the topmost palette, dialog or menu and reports whether there
// was one: for Escape keys that reach the canvas itself.
func (l *Look) Escape() bool {
	if l.HideCard() {
		return true
	}
	if len(l.over) == 0 {
		return false
	}
	if top := l.over[len(l.over)-1]; top.escape != nil {
		top.escape()
	}
	return true
}

func (v *Screen) need() fyne.Size { return fyne.NewSize(1, 1) }

func (v *Screen) paint(b *brush, size fyne.Size) {
	p := b.pal()
	if v.dim {
		b.rect(0, 0, size.Width, size.Height, colour{A: 110})
	}
	x, y, w, h := float32(0), float32(0), size.Width, size.Height
	if v.place != nil {
		x, y, w, h = v.place(size)
	} else {
		b.rect(0, 0, w, h, p.Code)
	}
	if v.box {
		if !p.Light { // a rim of shade separates the box from equal surfaces
			b.rim(x-1, y-1, w+2, h+2, style.RadiusCard+1, colour{A: 90})
		}
		if v.shaded {
			b.shadow(x, y, w, h)
		}
		b.box(x, y, w, h, style.RadiusCard, p.Raised, p.Edge)
		x, y, w, h = x+1, y+1, w-2, h-2
	}
	b.put(v.content, x, y, w, h)
	if v.veil != nil {
		b.put(v.veil, 0, 0, size.Width, size.Height)
	}
}

// MouseIn is for Fyne: what lies below is not hovered.
func (v *Screen) MouseIn(*desktop.MouseEvent) {}

// MouseMoved is for Fyne.
func (v *Screen) MouseMoved(e *desktop.MouseEvent) {
	if v.hovered != nil && v.c != nil {
		v.hovered(e.AbsolutePosition)
	}
}

// MouseOut is for Fyne.
func (v *Screen) MouseOut() {}

// MouseDown is for Fyne: a click on nothing keeps the keyboard in the overlay.
func (v *Screen) MouseDown(*desktop.MouseEvent) {
	if v.c != nil {
		v.park()
	}
}

// MouseUp is for Fyne.
func (v *Screen) MouseUp(*desktop.MouseEvent) {}

// Tapped is for Fyne.
func (v *Screen) Tapped(e *fyne.PointEvent) { v.tapped(e.Position) }

// TappedSecondary is for Fyne.
func (v *Screen) TappedSecondary(e *fyne.PointEvent) { v.tapped(e.Position) }

func (v *Screen) tapped(at fyne.Position) {
	if v.outside == nil || v.place == nil {
		return
	}
	x, y, w, h := v.place(v.Size())
	if at.X < x || at.Y < y || at.X >= x+w || at.Y >= y+h {
		v.outside()
	}
}

// FocusGained is for Fyne.
func (v *Screen) FocusGained() {}

// FocusLost is for Fyne.
func (v *Screen) FocusLost() {}

// TypedRune is for Fyne.
func (v *Screen) TypedRune(rune) {}

// TypedKey is for Fyne.
func (v *Screen) TypedKey(e *fyne.KeyEvent) {
	if v.typed == nil || !v.typed(e) {
		v.look.unused(e)
	}
}

// MenuItem is one line of a menu.
type MenuItem struct {
	Label    string
	Icon     string
	Key      string // shown at the right
	Checked  bool
	Disabled bool
	Rule     bool // a line above it
	Do       func()
}

// menuRows is what has room below the menu row of the smallest window, 1024 by 700.
const menuRows = 25

// ShowMenu shows a menu whose corner is at a place of the canvas, moved so
// that all of it is seen. It closes with Escape and a click beside it.
func ShowMenu(l *Look, c fyne.Canvas, at fyne.Position, items []MenuItem) (dismiss func()) {
	return showMenu(l, c, at, 0, items)
}

func showMenu(l *Look, c fyne.Canvas, at fyne.Position, least float32, items []MenuItem) (dismiss func()) {
	s := newMenu(l, at, least, items)
	if s == nil {
		return func() {}
	}
	s.show(c)
	return s.Close
}

// newMenu makes a menu that is not shown yet; nil when it would be empty.
func newMenu(l *Look, at fyne.Position, least float32, items []MenuItem) *Screen {
	if len(items) == 0 {
		return nil
	}
	list := NewList(l, style.HeightTableRow)
	list.inset = 4
	s := &Screen{content: Pad(3, 0, 3, 0, list), box: true, list: list}
	w := least
	icons := false
	for _, it := range items {
		icons = icons || it.Icon != "" || it.Checked
		w = max(w, face{size: style.TextBody}.width(visible(it.Label))+face{size: style.TextSecondary}.width(visible(it.Key))+80)
	}
	list.Row = func(i int) Row { return items[i].row(icons) }
	run := func(i int) {
		if items[i].Disabled {
			return
		}
		s.Close()
		if items[i].Do != nil {
			items[i].Do()
		}
	}
	list.OnClick, list.OnOpen, list.onHover = run, run, true
	list.OnKey = func(e *fyne.KeyEvent) bool {
		by := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[e.Name]
		if by == 0 || s.sideways == nil {
			return false
		}
		s.sideways(by)
		return true
	}
	s.place = func(win fyne.Size) (x, y, bw, bh float32) {
		bw = min(round(w), 520, win.Width-8)
		bh = min(float32(min(len(items), menuRows))*style.HeightTableRow+8, win.Height-8)
		x = max(4, min(at.X, win.Width-bw-4))
		y = at.Y
		if y+bh > win.Height-4 {
			y = max(4, win.Height-bh-4)
		}
		return x, y, bw, bh
	}
	s.outside, s.escape = s.Close, s.Close
	s.setup(l, s)
	list.SetLength(len(items))
	for i, it := range items {
		if it.Checked {
			list.selected = i
		}
	}
	return s
}

// show opens a menu with its first row chosen.
func (v *Screen) show(c fyne.Canvas) {
	v.open(c, v.list)
	if v.list.selected < 0 {
		v.list.land(0, 1)
	}
}

func (it MenuItem) row(icons bool) Row {
	r := Row{Fold: Flat, Text: []Span{{Text: it.Label}}, ruled: it.Rule}
	if icons {
		r.Icon, r.IconTone = it.Icon, ToneDim
		if it.Checked {
			r.Icon, r.IconTone = "check", ToneAccent
		}
		r.Blank = r.Icon == ""
	}
	if it.Key != "" {
		r.Right = []Span{{Text: it.Key, Tone: ToneDim}}
	}
	if it.Disabled {
		r.Kind = NoteRow
		r.Text[0].Tone = ToneFaint
	}
	return r
}

// Select is a field that offers a choice from a list.
type Select struct {
	active
	// Caption stands above the field.
	Caption   string
	OnChanged func(i int)
	options   []string
	selected  int
	open      bool
}

// NewSelect returns a select; selected -1: none yet.
func NewSelect(l *Look, options []string, selected int, changed func(i int)) *Select {
	v := &Select{options: options, selected: selected, OnChanged: changed}
	v.setup(l, v)
	return v
}

// SetOptions replaces the choice.
func (v *Select) SetOptions(options []string, selected int) {
	v.options, v.selected = options, selected
	v.Refresh()
}

// SetSelected chooses without calling OnChanged.
func (v *Select) SetSelected(i int) { v.selected = i; v.Refresh() }

// Selected is the chosen option, -1 for none.
func (v *Select) Selected() int { return v.selected }

// Disabled is true while the control takes no input.
func (v *Select) Disabled() bool { return v.disabled }

func (v *Select) top() float32 {
	if v.Caption != "" {
		return captionHeight
	}
	return 0
}

func (v *Select) natural() float32 {
	var w float32
	for _, o := range v.options {
		w = max(w, face{size: style.TextBody}.width(visible(o)))
	}
	return w + 44
}

func (v *Select) need() fyne.Size { return fyne.NewSize(72, style.HeightField+v.top()) }

func (v *Select) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	y := v.top()
	if y > 0 {
		b.cut(v.Caption, 0, 8, size.Width, face{size: style.TextSecondary}, p.Dim)
	}
	h := min(size.Height-y, style.HeightField)
	edge, ink := p.Edge, p.Text
	if v.disabled {
		edge, ink = p.Line, p.Faint
	} else if v.hot(0) || v.open {
		edge = p.Accent
	}
	b.box(0, y, size.Width, h, style.Radius, p.Field, edge)
	b.icon("down", size.Width-22, y+h/2, 12, p.Dim)
	if v.selected >= 0 && v.selected < len(v.options) {
		b.cut(v.options[v.selected], 10, y+h/2, size.Width-38, face{size: style.TextBody}, ink)
	}
	v.zone(zone{y: y, w: size.Width, h: h, round: style.Radius, act: v.drop})
	v.rings(b)
}

func (v *Select) drop() {
	c := canvasOf(v)
	if c == nil {
		return
	}
	items := make([]MenuItem, len(v.options))
	for i, o := range v.options {
		items[i] = MenuItem{Label: o, Checked: i == v.selected, Do: func() { v.choose(i) }}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	showMenu(v.look, c, at.AddXY(0, v.Size().Height+2), v.Size().Width, items)
}

func (v *Select) choose(i int) {
	if i == v.selected || i < 0 || i >= len(v.options) {
		return
	}
	v.selected = i
	v.Refresh()
	if v.OnChanged != nil {
		v.OnChanged(i)
	}
}

// TypedKey is for Fyne: Up and Down choose, Enter and Space open the list.
func (v *Select) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		v.choose(v.selected - 1)
	case fyne.KeyDown:
		v.choose(v.selected + 1)
	default:
		v.active.TypedKey(e)
	}
	v.quiet = false
}
