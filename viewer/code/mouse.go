package code

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ desktop.Mouseable      = (*View)(nil)
	_ desktop.Hoverable      = (*View)(nil)
	_ desktop.Cursorable     = (*View)(nil)
	_ fyne.Draggable         = (*View)(nil)
	_ fyne.Scrollable        = (*View)(nil)
	_ fyne.SecondaryTappable = (*View)(nil)
)

// unit is what a selection grows by: characters, words after a double click,
// lines after a triple one or in the gutter, cells of a column block with Alt.
type unit uint8

const (
	byChar unit = iota
	byWord
	byLine
	byBlock
)

// zone is a part of the view that the mouse treats in its own way.
type zone uint8

const (
	inText zone = iota
	inGutter
	inScopes  // the first lines of definitions that stand over the text
	inUpright // vertical scrollbar and overview
	inLevel   // horizontal scrollbar
	inMap     // minimap; the zones from inUpright on scroll
)

// levelHeight is how high the part at the bottom is that belongs to the horizontal scrollbar.
const levelHeight = 11

func (v *View) zone(p fyne.Position) zone {
	_, level := v.level()
	switch {
	case p.X >= v.Size().Width-stripWidth:
		return inUpright
	case p.X >= v.mapLeft():
		return inMap
	case p.Y < v.scopesHeight():
		return inScopes
	case level && p.Y >= v.Size().Height-levelHeight && p.X >= float32(v.gutter()):
		return inLevel
	case p.X < float32(v.gutter()):
		return inGutter
	}
	return inText
}

// dragging is what the pressed mouse button does.
type dragging struct {
	on     bool
	zone   zone
	unit   unit
	origin Range         // what was selected by the press; a drag extends it
	grip   int           // where on the thumb the mouse holds it
	at     fyne.Position // of the mouse
	scroll *fyne.Animation
	last   time.Time // of the last automatic scroll
}

// clicks counts quick presses at one place.
type clicks struct {
	n    int
	at   fyne.Position
	last time.Time
}

// now is the clock of double clicks and automatic scrolling; tests replace it.
var now = time.Now

// doublePress is the longest time between the presses of a double click, and
// pressReach how far they may be apart in pixels.
const (
	doublePress = 400 * time.Millisecond
	pressReach  = 4
)

// count gives 1 for a single press, 2 for the second of a double click, 3 for a third.
func (c *clicks) count(at fyne.Position) int {
	t := now()
	d := at.Subtract(c.at)
	if t.Sub(c.last) > doublePress || math.Hypot(float64(d.X), float64(d.Y)) > pressReach {
		c.n = 0
	}
	c.n, c.at, c.last = c.n%3+1, at, t
	return c.n
}

// MouseDown is for Fyne: it takes the focus and begins a selection or the drag of
// a scrollbar. Shift extends the selection.
func (v *View) MouseDown(e *desktop.MouseEvent) {
	if c := v.canvas(); c != nil {
		c.Focus(v)
	}
	z := v.zone(e.Position)
	if e.Button == desktop.MouseButtonSecondary {
		if p := v.at(e.Position); z == inText && !v.inSelection(p) {
			v.press(p, false)
		}
		return
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	if v.follows(e) || z != inScopes && v.pressFold(e.Position) {
		return
	}
	v.shift = e.Modifier&fyne.KeyModifierShift != 0
	v.drag = dragging{on: v.lines > 0, zone: z, at: e.Position} // an empty file has nothing to hold
	switch z {
	case inUpright:
		b, _ := v.upright()
		v.drag.grip = grip(b, int(e.Position.Y))
		v.dragBar()
	case inScopes:
		v.drag.on = false
		v.pressScope(e.Position)
	case inMap:
		v.pressMap(e.Position)
	case inLevel:
		b, _ := v.level()
		v.drag.grip = grip(b, int(e.Position.X)-v.gutter())
		v.dragBar()
	case inGutter:
		p := v.at(e.Position)
		if v.markedAt(e.Position) > 0 && v.OnMark != nil {
			v.drag.on = false
			v.OnMark(p.Line)
			return
		}
		v.begin(p, byLine, v.shift)
	case inText:
		if e.Modifier&fyne.KeyModifierAlt != 0 {
			v.click.n = 0
			v.beginBlock(e.Position, v.shift)
			return
		}
		u := [...]unit{byChar, byWord, byLine}[v.click.count(e.Position)-1]
		v.begin(v.aim(e.Position, u), u, v.shift)
		if u == byWord && v.OnDouble != nil {
			v.OnDouble(v.at(e.Position))
		}
	}
}

// grip is where the mouse holds a thumb: where it hit it, else in its middle.
func grip(b bar, at int) int {
	if at >= b.at && at < b.at+b.size {
		return at - b.at
	}
	return b.size / 2
}

// aim is the position that a mouse at p means: between characters the nearest, for
// a word the character under it.
func (v *View) aim(p fyne.Position, u unit) Pos {
	at := v.at(p)
	if u == byWord {
		_, off, _ := v.charUnder(p)
		at.Col = off + 1
	}
	return at
}

// begin starts a selection at p.
func (v *View) begin(p Pos, u unit, extend bool) {
	if v.lines == 0 {
		return
	}
	v.leaving(p, extend)
	v.goal = -1
	v.drag.unit = u
	v.drag.origin = v.around(p, u)
	if extend {
		v.drag.origin = Range{v.anchor, v.anchor}
		v.extend(p)
		return
	}
	v.moveTo(v.drag.origin.From, v.drag.origin.To)
}

// around is the unit of text at p.
func (v *View) around(p Pos, u unit) Range {
	switch u {
	case byWord:
		from, to := v.word(p.Line, p.Col-1)
		return Range{Pos{p.Line, from + 1}, Pos{p.Line, to + 1}}
	case byLine:
		return Range{Pos{p.Line, 1}, v.end(p.Line)}
	}
	return Range{p, p}
}

// extend selects from where the drag began to p, by whole units.
func (v *View) extend(p Pos) {
	o, at := v.drag.origin, v.around(p, v.drag.unit)
	if at.From.Before(o.From) {
		v.moveTo(o.To, at.From)
		return
	}
	to := at.To
	if to.Before(o.To) {
		to = o.To
	}
	v.moveTo(o.From, to)
}

func (v *View) inSelection(p Pos) bool {
	if b, ok := v.Block(); ok && b.First <= p.Line && p.Line <= b.Last {
		from, to := v.blockPart(b, p.Line)
		return from < p.Col && p.Col <= to
	} else if ok {
		return false
	}
	s := v.Selection()
	return !p.Before(s.From) && p.Before(s.To)
}

// MouseUp is for Fyne.
func (v *View) MouseUp(*desktop.MouseEvent) { v.release() }

// DragEnd is for Fyne.
func (v *View) DragEnd() { v.release() }

func (v *View) release() {
	v.drag.on = false
	v.stopScroll()
}

// Dragged is for Fyne: it extends the selection or moves a thumb. Beyond an edge
// it scrolls on, the faster the further out.
func (v *View) Dragged(e *fyne.DragEvent) {
	if !v.drag.on {
		return
	}
	v.drag.at = e.Position
	if v.drag.zone == inMap {
		v.dragMap()
		return
	}
	if v.drag.zone == inUpright || v.drag.zone == inLevel {
		v.dragBar()
		return
	}
	v.dragTo(v.inside(e.Position))
	if dx, dy := v.beyond(); dx == 0 && dy == 0 {
		v.stopScroll()
	} else if v.drag.scroll == nil {
		v.drag.last = now()
		// The animation is only a clock on the UI thread: the mouse may rest out there.
		v.drag.scroll = fyne.NewAnimation(time.Second, func(float32) { v.scrollOn() })
		v.drag.scroll.RepeatCount = fyne.AnimationRepeatForever
		v.drag.scroll.Start()
	}
}

func (v *View) stopScroll() {
	if v.drag.scroll != nil {
		v.drag.scroll.Stop()
		v.drag.scroll = nil
	}
}

// inside moves a point into the text's area, so that a drag beyond it selects what is in view.
func (v *View) inside(p fyne.Position) fyne.Position {
	if v.drag.zone == inText {
		p.X = min(max(p.X, float32(v.gutter())), float32(v.gutter()+v.textWidth()))
	}
	p.Y = min(max(p.Y, v.scopesHeight()), v.Size().Height-1)
	return p
}

// beyond is how far out of the text's area the mouse is, in pixels.
func (v *View) beyond() (dx, dy float32) {
	p := v.drag.at
	in := v.inside(p)
	return p.X - in.X, p.Y - in.Y
}

// scrollPace is how much faster it scrolls for each pixel beyond the edge, per second.
const scrollPace = 12

// scrollOn scrolls while a drag rests beyond an edge, by the time that went by.
func (v *View) scrollOn() {
	if !v.drag.on || v.drag.zone >= inUpright {
		return
	}
	t := now()
	seconds := min(float32(t.Sub(v.drag.last).Seconds()), .1)
	dx, dy := v.beyond()
	sx, sy := int(dx*scrollPace*seconds), int(dy*scrollPace*seconds)
	if sx == 0 && sy == 0 {
		return
	}
	v.drag.last = t
	v.left, v.top = v.left+sx, v.top+sy
	v.scrolled()
	v.dragTo(v.inside(v.drag.at))
}

// dragBar scrolls so that the held thumb is under the mouse.
func (v *View) dragBar() {
	if v.drag.zone == inUpright {
		if b, ok := v.upright(); ok {
			v.top = b.offset(int(v.drag.at.Y)-v.drag.grip, v.maxTop())
		}
	} else if b, ok := v.level(); ok {
		v.left = b.offset(int(v.drag.at.X)-v.gutter()-v.drag.grip, v.maxLeft())
	}
	v.scrolled()
}

// wheelRows is how many rows a notch of the wheel scrolls; Fyne reports a notch
// as so many pixels.
const (
	wheelRows  = 3
	wheelNotch = 25
)

// Scrolled is for Fyne: the wheel, sideways with Shift.
func (v *View) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && dx == 0 && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0 {
		dx, dy = dy, 0
	}
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && v.OnZoom != nil && d.CurrentKeyModifiers()&fyne.KeyModifierControl != 0 {
		if dx+dy != 0 {
			v.OnZoom(dx+dy > 0)
		}
		return
	}
	v.left -= int(math.Round(float64(dx) * wheelRows * float64(v.metrics.row) / wheelNotch))
	v.top -= int(math.Round(float64(dy) * wheelRows * float64(v.metrics.row) / wheelNotch))
	v.scrolled()
}

// TappedSecondary is for Fyne: it asks for a context menu.
func (v *View) TappedSecondary(e *fyne.PointEvent) { v.menu(e.Position) }

// MouseIn is for Fyne.
func (v *View) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved is for Fyne: it remembers where the mouse is, for Cursor, OnPoint and OnGutter.
func (v *View) MouseMoved(e *desktop.MouseEvent) {
	v.overGutter(v.zone(e.Position))
	v.pointTo(v.pointed(e.Position))
	v.gutterTo(v.markedAt(e.Position))
}

// MouseOut is for Fyne.
func (v *View) MouseOut() {
	v.overGutter(inText)
	v.pointTo(Range{}, false)
	v.gutterTo(0)
}

// Cursor is for Fyne: a text cursor over text.
func (v *View) Cursor() desktop.Cursor {
	if v.hover == inText {
		return desktop.TextCursor
	}
	if v.hover == inScopes {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
