package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// painter is a control that draws itself with a brush at a given size.
type painter interface {
	fyne.Widget
	paint(b *brush, size fyne.Size)
	need() fyne.Size
}

// drawn is the base of controls that only show something.
type drawn struct {
	widget.BaseWidget
	look  *Look
	self  painter
	board *board // the newest renderer
}

func (d *drawn) setup(l *Look, self painter) {
	d.look, d.self = l, self
	d.ExtendBaseWidget(self)
}

// CreateRenderer is for Fyne.
func (d *drawn) CreateRenderer() fyne.WidgetRenderer {
	b := &board{w: d.self, b: brush{look: d.look}}
	d.board = b
	if _, ok := d.self.(interface{ clips() }); ok {
		return &clipBoard{board: b}
	}
	return b
}

// board is the one renderer of this package: it paints anew at each refresh,
// with pooled objects, and lists what was painted in that order.
type board struct {
	w       painter
	b       brush
	size    fyne.Size
	painted bool
	worn    dress // what it was painted in
}

func (r *board) draw(size fyne.Size) {
	r.size, r.painted, r.worn = size, true, r.b.look.dress()
	r.b.begin()
	if size.Width > 0 && size.Height > 0 {
		r.w.paint(&r.b, size)
	}
	r.b.end()
}

func (r *board) Layout(size fyne.Size) {
	if !r.painted || size != r.size {
		r.draw(size)
	}
}

func (r *board) Refresh() {
	r.draw(r.w.Size())
	canvas.Refresh(r.w)
}

func (r *board) MinSize() fyne.Size { return r.w.need() }
func (r *board) Destroy()           {}

// Objects is what was painted. Fyne drops the renderer of a control that was
// out of sight for a minute and makes another without laying it out: that one
// paints when it is first asked. So does one that was out of sight while the colours
// changed: nobody has told it.
func (r *board) Objects() []fyne.CanvasObject {
	if !r.painted || r.worn != r.b.look.dress() {
		r.draw(r.w.Size())
	}
	return r.b.objects
}

// clipBoard cuts at the control's edge what is drawn over it.
type clipBoard struct{ *board }

func (clipBoard) IsClip() {}

// zone is a part of a control that can be hovered, clicked and focused.
type zone struct {
	x, y, w, h float32
	id         int
	tip, key   string
	act        func()
	middle     func()
	secondary  func(at fyne.Position)
	round      float32
	skip       bool // not a stop of the keyboard
}

func (z zone) has(p fyne.Position) bool {
	return p.X >= z.x && p.X < z.x+z.w && p.Y >= z.y && p.Y < z.y+z.h
}

const nowhere = -1

// active is the base of controls made of zones. One control is one Tab stop;
// the arrows go from zone to zone, Enter and Space activate.
type active struct {
	drawn
	// OnFocused is called when the control gets the keyboard.
	OnFocused func()
	zones     []zone
	hover     int // zone id under the mouse
	pressed   int
	at        int // zone id the keyboard stands on
	focused   bool
	quiet     bool // focused by mouse: no ring until a key comes
	disabled  bool
}

func (a *active) setup(l *Look, self painter) {
	a.hover, a.pressed, a.at = nowhere, nowhere, nowhere
	a.drawn.setup(l, self)
}

func (a *active) begin()      { a.zones = a.zones[:0] }
func (a *active) zone(z zone) { a.zones = append(a.zones, z) }
func (a *active) hot(id int) bool {
	return a.hover == id && !a.disabled
}
func (a *active) down(id int) bool { return a.pressed == id && a.hover == id && !a.disabled }

// rings paints the focus ring; controls call it last.
func (a *active) rings(b *brush) {
	if !a.focused || a.quiet {
		return
	}
	for _, z := range a.zones {
		if z.id == a.at && !z.skip {
			b.ring(z.x, z.y, z.w, z.h, z.round)
		}
	}
}

func (a *active) zoneAt(p fyne.Position) (zone, bool) {
	for i := len(a.zones) - 1; i >= 0; i-- {
		if a.zones[i].has(p) {
			return a.zones[i], true
		}
	}
	return zone{id: nowhere}, false
}

func (a *active) byID(id int) (zone, bool) {
	for _, z := range a.zones {
		if z.id == id {
			return z, true
		}
	}
	return zone{id: nowhere}, false
}

// MouseIn is for Fyne.
func (a *active) MouseIn(e *desktop.MouseEvent) { a.MouseMoved(e) }

// MouseMoved is for Fyne.
func (a *active) MouseMoved(e *desktop.MouseEvent) {
	z, _ := a.zoneAt(e.Position)
	if z.id == a.hover {
		return
	}
	a.hover = z.id
	a.look.tip(a.self, z)
	a.Refresh()
}

// MouseOut is for Fyne.
func (a *active) MouseOut() {
	a.hover, a.pressed = nowhere, nowhere
	a.look.hideTip()
	a.Refresh()
}

// MouseDown is for Fyne.
func (a *active) MouseDown(e *desktop.MouseEvent) {
	a.look.hideTip()
	z, ok := a.zoneAt(e.Position)
	if !ok || a.disabled {
		return
	}
	if e.Button == desktop.MouseButtonPrimary {
		a.pressed = z.id
		a.take(z)
		a.Refresh()
	}
}

// MouseUp is for Fyne.
func (a *active) MouseUp(e *desktop.MouseEvent) {
	was := a.pressed
	a.pressed = nowhere
	if e.Button == desktop.MouseButtonTertiary && !a.disabled {
		if z, ok := a.zoneAt(e.Position); ok && z.middle != nil {
			z.middle()
		}
	}
	if was != nowhere {
		a.Refresh()
	}
}

// take moves the focus here without showing a ring.
func (a *active) take(z zone) {
	if z.skip {
		return
	}
	a.at = z.id
	if a.focused {
		return
	}
	if c := canvasOf(a.self); c != nil {
		a.quiet = true
		if f, ok := a.self.(fyne.Focusable); ok {
			c.Focus(f)
		}
	}
}

// Tapped is for Fyne.
func (a *active) Tapped(e *fyne.PointEvent) {
	if z, ok := a.zoneAt(e.Position); ok && !a.disabled && z.act != nil {
		z.act()
	}
}

// TappedSecondary is for Fyne.
func (a *active) TappedSecondary(e *fyne.PointEvent) {
	if z, ok := a.zoneAt(e.Position); ok && !a.disabled && z.secondary != nil {
		z.secondary(e.AbsolutePosition)
	}
}

// FocusGained is for Fyne.
func (a *active) FocusGained() {
	a.focused = true
	if a.OnFocused != nil {
		defer a.OnFocused()
	}
	if z, ok := a.byID(a.at); !ok || z.skip {
		a.at = nowhere
		for _, z := range a.zones {
			if !z.skip {
				a.at = z.id
				break
			}
		}
	}
	a.Refresh()
}

// FocusLost is for Fyne.
func (a *active) FocusLost() {
	a.focused, a.quiet = false, false
	a.Refresh()
}

// TypedRune is for Fyne.
func (a *active) TypedRune(rune) {}

// TypedKey is for Fyne.
func (a *active) TypedKey(e *fyne.KeyEvent) {
	a.quiet = false
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		a.step(-1)
	case fyne.KeyRight, fyne.KeyDown:
		a.step(1)
	case fyne.KeyHome:
		a.edge(1)
	case fyne.KeyEnd:
		a.edge(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if z, ok := a.byID(a.at); ok && !a.disabled && z.act != nil {
			z.act()
		}
	case desktop.KeyMenu:
		if z, ok := a.byID(a.at); ok && !a.disabled && z.secondary != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(a.self)
			z.secondary(at.AddXY(z.x+8, z.y+z.h))
		}
	default:
		a.look.unused(e)
	}
	a.Refresh()
}

func (a *active) stops() []zone {
	out := make([]zone, 0, len(a.zones))
	for _, z := range a.zones {
		if !z.skip {
			out = append(out, z)
		}
	}
	return out
}

func (a *active) step(by int) {
	stops := a.stops()
	for i, z := range stops {
		if z.id == a.at {
			if i+by >= 0 && i+by < len(stops) {
				a.at = stops[i+by].id
			}
			return
		}
	}
	a.edge(by)
}

func (a *active) edge(from int) {
	stops := a.stops()
	if len(stops) == 0 {
		return
	}
	if from > 0 {
		a.at = stops[0].id
	} else {
		a.at = stops[len(stops)-1].id
	}
}

// Enable makes the control usable again.
func (a *active) Enable() { a.disabled = false; a.Refresh() }

// Disable greys the control out and takes it out of the Tab order.
func (a *active) Disable() { a.disabled = true; a.Refresh() }

// Disabled is true when the control takes no input: disabled, or with nothing
// on it to activate. Fyne skips it in the Tab order.
func (a *active) Disabled() bool {
	if a.disabled {
		return true
	}
	for _, z := range a.zones {
		if !z.skip {
			return false
		}
	}
	return len(a.zones) == 0
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}
