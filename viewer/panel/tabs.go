package panel

import (
	"strconv"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Tab is one open thing.
type Tab struct {
	Icon     string
	IconTone Tone
	Title    string
	Tip      string // the full path
	Fixed    bool   // without ×
	Pinned   bool   // with a pin in place of the ×
	Passing  bool   // in italics: the next thing that is only looked at takes its place
}

// Tabs is the row of open things. What does not fit is in the menu of the
// button at its end; the selected tab is always shown.
type Tabs struct {
	active
	// OnSelect is called when the user picks a tab.
	OnSelect func(i int)
	// OnClose is called for the × and the middle button; the caller calls Set.
	OnClose func(i int)
	// OnUnpin is called for the pin.
	OnUnpin func(i int)
	// OnMove is called while tab i is dragged over another one's place; the caller
	// reorders them and calls Set, or says that it does not.
	OnMove func(from, to int) bool
	// OnCarry is called while tab i is dragged away from the row, with the place of the
	// mouse on the canvas, and OnDrop when it is let go there.
	OnCarry, OnDrop func(i int, at fyne.Position)
	// OnSecondary is called for a right click, or the menu key.
	OnSecondary func(i int, at fyne.Position)

	tabs     []Tab
	selected int
	resting  bool // another row of tabs is the one that is worked in
	target   bool // what is dragged would come here
	first    int  // first tab shown
	drag     tabDrag
	right    fyne.CanvasObject
}

const (
	tabMax  = 220
	tabMin  = 96
	overTab = 1 << 20 // zone ids: overflow button, and × of tab i at closeTab+i
	closeID = 1 << 21
)

// NewTabs returns an empty row of tabs.
func NewTabs(l *Look) *Tabs {
	v := &Tabs{selected: nowhere, drag: tabDrag{tab: nowhere}}
	v.setup(l, v)
	return v
}

// Set replaces the tabs.
func (v *Tabs) Set(tabs []Tab, selected int) {
	v.tabs, v.selected = tabs, selected
	v.first = max(0, min(v.first, len(tabs)-1))
	v.Refresh()
}

// SetActive tells whether this is the row that is worked in: only its selected tab has
// the accent.
func (v *Tabs) SetActive(on bool) {
	if v.resting == on {
		v.resting = !on
		v.Refresh()
	}
}

// SetTarget shows that what is dragged would be put here.
func (v *Tabs) SetTarget(on bool) {
	if v.target != on {
		v.target = on
		v.Refresh()
	}
}

// Selected is the selected tab, -1 for none.
func (v *Tabs) Selected() int { return v.selected }

// SetRight puts buttons at the right end.
func (v *Tabs) SetRight(o ...fyne.CanvasObject) { v.right = HBox(style.Gap1, o...); v.Refresh() }

// Disabled is true when there is no tab to go to.
func (v *Tabs) Disabled() bool { return v.disabled || len(v.tabs) == 0 }

func (v *Tabs) need() fyne.Size { return fyne.NewSize(120, style.HeightHeader) }

func tabWidth(t Tab) float32 {
	w := face{size: style.TextBody}.width(visible(t.Title)) + 28
	if t.Icon != "" {
		w += 20
	}
	if !t.Fixed {
		w += 24
	}
	return round(max(tabMin, min(tabMax, w)))
}

// fitting is the range of tabs shown in a width: it begins at first, and is
// moved so that the selected one is in it.
func (v *Tabs) fitting(width float32) (from, to int, over bool) {
	sum := float32(0)
	for _, t := range v.tabs {
		sum += tabWidth(t)
	}
	if sum <= width {
		v.first = 0
		return 0, len(v.tabs), false
	}
	width -= 44
	end := func(from int) int {
		x := float32(0)
		for i := from; i < len(v.tabs); i++ {
			x += tabWidth(v.tabs[i])
			if x > width {
				return max(i, from+1)
			}
		}
		return len(v.tabs)
	}
	from = max(0, v.first)
	if v.selected >= 0 && v.selected < from {
		from = v.selected
	}
	for v.selected >= end(from) && from < v.selected {
		from++
	}
	for from > 0 && end(from-1) == len(v.tabs) { // no room left empty at the end
		from--
	}
	v.first = from
	return from, end(from), true
}

func (v *Tabs) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	b.rect(0, 0, size.Width, size.Height, p.Chrome)
	b.rect(0, size.Height-1, size.Width, 1, p.Line)
	room := size.Width
	if v.right != nil {
		w := v.right.MinSize().Width + style.Gap2
		room -= w + style.Gap1
		b.put(v.right, size.Width-w, 0, w-style.Gap2, size.Height-1)
	}
	from, to, over := v.fitting(room)
	x := float32(0)
	for i := from; i < to; i++ {
		w := min(tabWidth(v.tabs[i]), room-x)
		v.tab(b, i, x, w, size.Height)
		x += w
	}
	if over {
		left := len(v.tabs) - (to - from)
		cx := min(x, room-40) + 4
		if v.hot(overTab) {
			b.box(cx, 5, 36, 24, style.Radius, fade(p.Text, .08), colour{})
		}
		b.middle("+"+strconv.Itoa(left), cx+12, size.Height/2, face{size: style.TextCaption}, p.Dim)
		b.icon("down", cx+22, size.Height/2, 12, p.Dim)
		v.zone(zone{x: cx, y: 5, w: 36, h: 24, id: overTab, tip: words.T("All tabs"), round: style.Radius, act: v.menu})
	}
	if v.target {
		b.ring(0, 0, size.Width, size.Height-1, 0)
	}
	v.rings(b)
}

func (v *Tabs) tab(b *brush, i int, x, w, h float32) {
	p := b.pal()
	t := v.tabs[i]
	name := p.Dim
	switch {
	case i == v.selected:
		b.rect(x, 0, w, h, p.Code)
		name = p.Text
		if v.resting {
			b.rect(x, 0, w, 2, p.Line)
			name = p.Dim
		} else {
			b.rect(x, 0, w, 2, p.Accent)
		}
	case v.hot(i) || v.hot(closeID+i):
		b.rect(x, 0, w, h-1, p.Hover)
		name = p.Text
	}
	b.rect(x+w-1, 0, 1, h, p.Line)
	v.zone(zone{x: x, w: w, h: h, id: i, tip: t.Tip, act: func() { v.pick(i) }, middle: func() { v.shut(i) },
		secondary: func(at fyne.Position) {
			if v.OnSecondary != nil {
				v.OnSecondary(i, at)
			}
		}})
	tx, end := x+14, x+w-10
	if t.Icon != "" {
		ink := t.IconTone.Of(p)
		b.icon(t.Icon, tx-2, h/2, iconSize, ink)
		tx += 19
	}
	switch {
	case t.Pinned:
		end -= 18
		if v.hot(closeID + i) {
			b.box(end+1, h/2-9, 18, 18, 3, fade(p.Text, .12), colour{})
		}
		b.icon("pin", end+3, h/2, 13, name)
		v.zone(zone{x: end + 1, y: h/2 - 9, w: 18, h: 18, id: closeID + i, tip: words.T("Unpin"), skip: true, act: func() {
			if v.OnUnpin != nil {
				v.OnUnpin(i)
			}
		}})
	case !t.Fixed:
		end -= 18
		if i == v.selected || v.hot(i) || v.hot(closeID+i) {
			if v.hot(closeID + i) {
				b.box(end+1, h/2-9, 18, 18, 3, fade(p.Text, .12), colour{})
			}
			b.icon("x", end+4, h/2, 12, name)
		}
		v.zone(zone{x: end + 1, y: h/2 - 9, w: 18, h: 18, id: closeID + i, tip: words.T("Close"), skip: true,
			act: func() { v.shut(i) }, middle: func() { v.shut(i) }})
	}
	b.cut(t.Title, tx, h/2, end-tx-2, face{size: style.TextBody, italic: t.Passing}, name)
}

func (v *Tabs) pick(i int) {
	if v.OnSelect != nil && i < len(v.tabs) {
		v.OnSelect(i)
	}
}

func (v *Tabs) shut(i int) {
	if v.OnClose != nil && i < len(v.tabs) && !v.tabs[i].Fixed {
		v.OnClose(i)
	}
}

func (v *Tabs) menu() {
	c := canvasOf(v)
	if c == nil {
		return
	}
	items := make([]MenuItem, len(v.tabs))
	for i, t := range v.tabs {
		items[i] = MenuItem{Label: t.Title, Icon: t.Icon, Key: t.Tip, Checked: i == v.selected, Do: func() { v.pick(i) }}
	}
	z, _ := v.byID(overTab)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	ShowMenu(v.look, c, at.AddXY(z.x, v.Size().Height), items)
}

// A tabDrag is a tab that the mouse holds.
type tabDrag struct {
	tab  int
	out  bool // away from the row
	last fyne.Position
}

// carryReach is how far above or below the row a dragged tab still belongs to it.
const carryReach = 14

// Dragged is for Fyne: it moves the tab along the row, or carries it away.
func (v *Tabs) Dragged(e *fyne.DragEvent) {
	if v.drag.tab == nowhere {
		z, ok := v.zoneAt(e.Position.Subtract(e.Dragged))
		if !ok || z.id >= overTab || v.disabled {
			return
		}
		v.look.hideTip()
		v.drag = tabDrag{tab: z.id}
		v.pick(z.id)
	}
	v.drag.last = e.AbsolutePosition
	size := v.Size()
	v.drag.out = e.Position.Y < -carryReach || e.Position.Y > size.Height+carryReach || e.Position.X < 0 || e.Position.X > size.Width
	if v.OnCarry != nil {
		v.OnCarry(v.drag.tab, e.AbsolutePosition)
	}
	if v.drag.out || v.OnMove == nil {
		return
	}
	for _, z := range v.zones {
		if z.id >= overTab || z.id == v.drag.tab {
			continue
		}
		middle := z.x + z.w/2
		if z.id > v.drag.tab && z.x < e.Position.X && e.Position.X > middle || z.id < v.drag.tab && e.Position.X < middle {
			to := z.id
			if z.id > v.drag.tab { // the furthest one that is passed
				for _, o := range v.zones {
					if o.id < overTab && o.id > to && e.Position.X > o.x+o.w/2 {
						to = o.id
					}
				}
			}
			if v.OnMove(v.drag.tab, to) {
				v.drag.tab = to
			}
			return
		}
	}
}

// DragEnd is for Fyne.
func (v *Tabs) DragEnd() {
	d := v.drag
	v.drag = tabDrag{tab: nowhere}
	if d.tab != nowhere && d.out && v.OnDrop != nil {
		v.OnDrop(d.tab, d.last)
	}
	v.Refresh()
}

// TypedKey is for Fyne: Delete closes the tab the keyboard stands on.
func (v *Tabs) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyDelete && v.at < overTab {
		v.shut(v.at)
		return
	}
	v.active.TypedKey(e)
}
