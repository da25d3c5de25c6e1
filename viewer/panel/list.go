package panel

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// List shows rows of one height by number. Only the rows on screen are asked
// for and drawn, so a million rows cost as much as forty.
//
// Keys: arrows, Home, End, Page Up and Down move; Left and Right fold and
// unfold, or go to the row around and the first row within; Enter and Space
// open; letters go to the next row that begins with them; Menu and Shift+F10 ask
// for the row's menu. The wheel scrolls, the bar can be dragged.
//
// Places are counted in float64: from 762,600 rows of 22 pixels on, float32
// knows no odd pixels.
type List struct {
	drawn
	// Row gives what is shown at index i, 0 ≤ i < Length. It is called for
	// visible rows at every repaint and must be quick.
	Row func(i int) Row
	// OnSelect is called when another row becomes selected, by whatever means.
	OnSelect func(i int)
	// OnClick is called for every click on an item row, after OnSelect.
	OnClick func(i int)
	// OnOpen is called for Enter, Space and a double click.
	OnOpen func(i int)
	// OnSpace is called for Space instead of OnOpen; nil: OnOpen.
	OnSpace func(i int)
	// OnDouble is called instead of OnOpen for a double click, whose first
	// click was an OnClick; nil: OnOpen.
	OnDouble func(i int)
	// OnFold asks to open or close a row that shows a chevron.
	OnFold func(i int, open bool)
	// OnLink is called for a click on Row.Link.
	OnLink func(i int)
	// OnSecondary is called for a right click, the Menu key and Shift+F10; at is
	// where on the canvas.
	OnSecondary func(i int, at fyne.Position)
	// OnShown tells the range of rows on screen, [from, to), when it changes.
	OnShown func(from, to int)
	// OnKey sees every key first; true means it is done with.
	OnKey func(*fyne.KeyEvent) bool
	// OnRune sees what is typed first; true means it is done with. nil: letters go
	// to rows.
	OnRune func(r rune) bool
	// Name is what a row is found by when letters are typed; nil: its first text,
	// which is looked for in fewer rows, since it has to be made.
	Name func(i int) string
	// Around, if set, is the row of which row i is a part, -1 for none. Those around
	// the first row on screen then stay in sight at the top.
	Around func(i int) int
	// Empty is the sentence shown when there are no rows.
	Empty string

	height         float32
	inset          float32
	length         int
	selected       int
	offset         float64
	hover          int
	linkHot        bool
	focused, quiet bool
	hits           []rowHit
	shownA, shownB int
	barHot, inBar  bool
	lastClick      time.Time
	lastRow        int
	now            func() time.Time
	onHover        bool // menus: the row under the mouse is the selected one
	typed          typing
	pins           []int // rows that stay in sight at the top, while others pass below
}

// doubleClick is the longest time between the two clicks of a double click.
const doubleClick = 400 * time.Millisecond

const barSize = 10

// NewList returns an empty list whose rows are rowHeight high: style.HeightRow,
// HeightTableRow, HeightPalette or HeightTwoLine.
func NewList(l *Look, rowHeight float32) *List {
	v := &List{height: rowHeight, selected: nowhere, hover: nowhere, lastRow: nowhere, now: time.Now}
	v.setup(l, v)
	return v
}

func (v *List) clips() {}

func (v *List) need() fyne.Size { return fyne.NewSize(60, v.height) }

// SetLength sets the number of rows and repaints; the selection is dropped
// when its row is gone.
func (v *List) SetLength(n int) {
	v.length = max(0, n)
	if v.selected >= v.length {
		v.selected = nowhere
	}
	v.leaveHover()
	v.clamp()
	v.Refresh()
}

// leaveHover forgets the row under the mouse, which is another now, and its tip.
func (v *List) leaveHover() {
	if v.hover != nowhere {
		v.hover = nowhere
		v.look.hideTip()
	}
}

// Length is the number of rows.
func (v *List) Length() int { return v.length }

// Selected is the selected row, -1 for none.
func (v *List) Selected() int { return v.selected }

// Select selects row i (-1: none) and brings it into view.
func (v *List) Select(i int) {
	if i < 0 || i >= v.length {
		i = nowhere
	}
	changed := i != v.selected
	v.selected = i
	if i >= 0 {
		v.reveal(i)
	}
	v.Refresh()
	if changed && i >= 0 && v.OnSelect != nil {
		v.OnSelect(i)
	}
}

// Reveal scrolls as little as is needed to show row i.
func (v *List) Reveal(i int) {
	v.reveal(i)
	v.Refresh()
}

func (v *List) reveal(i int) {
	h := float64(v.Size().Height)
	if h <= 0 || i < 0 || i >= v.length {
		return
	}
	each := float64(v.height)
	top := float64(i) * each
	if above := top - float64(v.pinsAbove(i))*each; above < v.offset {
		v.offset = above
	} else if top+each > v.offset+h {
		v.offset = top + each - h
	}
	v.clamp()
}

// Shown is the range of rows on screen, [from, to).
func (v *List) Shown() (from, to int) { return v.window(v.Size().Height) }

func (v *List) window(h float32) (from, to int) {
	if v.length == 0 || h <= 0 {
		return 0, 0
	}
	each := float64(v.height)
	from = int(v.offset / each)
	to = int((v.offset + float64(h) + each - 1) / each)
	return max(0, from), min(to, v.length)
}

// top is where row i begins on screen.
func (v *List) top(i int) float32 { return float32(float64(i)*float64(v.height) - v.offset) }

// Offset is how far the list is scrolled, in pixels.
func (v *List) Offset() float64 { return v.offset }

// ScrollTo scrolls to px.
func (v *List) ScrollTo(px float64) {
	v.offset = px
	v.clamp()
	v.Refresh()
}

// beyond is how far the list can be scrolled.
func (v *List) beyond(h float32) float64 {
	return max(0, float64(v.length)*float64(v.height)-float64(h))
}

func (v *List) clamp() {
	v.offset = math.Round(max(0, min(v.offset, v.beyond(v.Size().Height))))
}

// Resize is for Fyne.
func (v *List) Resize(s fyne.Size) {
	first := v.Size().Height <= 0
	v.BaseWidget.Resize(s)
	before := v.offset
	v.clamp()
	if first && v.selected >= 0 {
		v.reveal(v.selected)
	}
	if v.offset != before {
		v.Refresh()
	}
}

func (v *List) scrollable(h float32) bool { return v.beyond(h) > 0 }

func (v *List) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.hits = v.hits[:0]
	if v.length == 0 && v.Empty != "" {
		y := float32(style.Gap4)
		for _, line := range wrap(v.Empty, size.Width-2*style.Inset, face{size: style.TextSecondary}, maxLines) {
			b.text(line, style.Inset, y, face{size: style.TextSecondary}, p.Faint)
			y += 18
		}
	}
	w := size.Width
	bar := v.scrollable(size.Height)
	from, to := v.window(size.Height)
	if v.Row == nil {
		to = from
	}
	v.pin(from)
	first := from + len(v.pins) // what lies below these is not drawn
	for i := from; i < to; i++ {
		if i >= first || v.top(i)+v.height > float32(len(v.pins))*v.height {
			v.paintRow(b, i, v.top(i), w)
		}
	}
	v.paintPins(b, w)
	if bar {
		y, h := v.thumb(size.Height)
		wide, a := float32(4), float32(.35)
		if v.barHot || v.inBar {
			wide, a = 8, .6
		}
		b.box(w-wide-1, y, wide, h, wide/2, fade(p.Dim, a), colour{})
	}
	if v.focused && !v.quiet && v.selected < 0 {
		b.ring(0, 0, w, size.Height, 0)
	}
	if from != v.shownA || to != v.shownB {
		v.shownA, v.shownB = from, to
		if v.OnShown != nil {
			v.OnShown(from, to)
		}
	}
}

func (v *List) paintRow(b *brush, i int, y, w float32) {
	hit := b.row(v.Row(i), y, w, v.height, rowState{
		selected: i == v.selected, hover: i == v.hover, linkHot: v.linkHot && i == v.hover,
		focused: v.focused && !v.quiet, inset: v.inset})
	hit.index = i
	v.hits = append(v.hits, hit)
}

// thumbLeast is the least height of the bar's thumb: it can be hit with a mouse.
const thumbLeast = 28

func (v *List) thumb(h float32) (y, height float32) {
	all := float64(v.length) * float64(v.height)
	height = max(thumbLeast, float32(float64(h)/all*float64(h)))
	return float32(v.offset / v.beyond(h) * float64(h-height)), height
}

func (v *List) fold(i int, open bool) {
	if v.OnFold != nil {
		v.OnFold(i, open)
	}
}

// Open opens the selected row, as Enter does.
func (v *List) Open() {
	if v.selected >= 0 && v.OnOpen != nil {
		v.OnOpen(v.selected)
	}
}

// Step moves the selection by so many rows, over headings, staying inside.
func (v *List) Step(by int) {
	step, at := 1, v.selected+by
	if by < 0 {
		step = -1
		if v.selected < 0 {
			at = v.length - 1
		}
	}
	v.land(at, step)
}

// land selects the item row at i or, over headings, the next one in the
// direction of step, or else the last one before.
func (v *List) land(i, step int) {
	if v.length == 0 || v.Row == nil {
		return
	}
	i = max(0, min(i, v.length-1))
	for _, s := range [2]int{step, -step} {
		for j := i; j >= 0 && j < v.length; j += s {
			if v.Row(j).Kind == ItemRow {
				v.Select(j)
				return
			}
		}
	}
}

// FocusGained is for Fyne.
func (v *List) FocusGained() { v.focused = true; v.Refresh() }

// FocusLost is for Fyne.
func (v *List) FocusLost() { v.focused, v.quiet = false, false; v.Refresh() }

// TypedKey is for Fyne.
func (v *List) TypedKey(e *fyne.KeyEvent) {
	if v.OnKey != nil && v.OnKey(e) {
		return
	}
	v.quiet = false
	page := max(1, int(v.Size().Height/v.height)-1)
	switch e.Name {
	case fyne.KeyUp:
		v.Step(-1)
	case fyne.KeyDown:
		v.Step(1)
	case fyne.KeyPageUp:
		v.Step(-page)
	case fyne.KeyPageDown:
		v.Step(page)
	case fyne.KeyHome:
		v.land(0, 1)
	case fyne.KeyEnd:
		v.land(v.length-1, -1)
	case fyne.KeyLeft:
		v.leave()
	case fyne.KeyRight:
		v.enter()
	case fyne.KeySpace:
		if v.OnSpace != nil && v.selected >= 0 {
			v.OnSpace(v.selected)
			return
		}
		v.Open()
	case fyne.KeyReturn, fyne.KeyEnter:
		v.Open()
	case desktop.KeyMenu:
		v.menu()
	case fyne.KeyF10:
		if !shifted() {
			v.look.unused(e)
			return
		}
		v.menu()
	default:
		v.look.unused(e)
	}
}

func (v *List) leave() {
	i := v.selected
	if i < 0 || v.Row == nil {
		return
	}
	r := v.Row(i)
	if r.Fold == Opened {
		v.fold(i, false)
		return
	}
	if v.Around != nil {
		if up := v.Around(i); up >= 0 {
			v.Select(up)
		}
		return
	}
	for j := i - 1; j >= 0 && r.Depth > 0; j-- {
		if o := v.Row(j); o.Kind == ItemRow && o.Depth < r.Depth {
			v.Select(j)
			return
		}
	}
}

func (v *List) enter() {
	i := v.selected
	if i < 0 || v.Row == nil {
		return
	}
	r := v.Row(i)
	switch {
	case r.Fold == Closed:
		v.fold(i, true)
	case r.Fold == Opened && i+1 < v.length && v.Row(i+1).Depth > r.Depth:
		v.Select(i + 1)
	}
}
