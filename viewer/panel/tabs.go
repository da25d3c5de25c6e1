package panel

import (
	"strconv"

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

	tabs     []Tab
	selected int
	first    int // first tab shown
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
	v := &Tabs{selected: nowhere}
	v.setup(l, v)
	return v
}

// Set replaces the tabs.
func (v *Tabs) Set(tabs []Tab, selected int) {
	v.tabs, v.selected = tabs, selected
	v.first = max(0, min(v.first, len(tabs)-1))
	v.Refresh()
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
		v.zone(zone{x: cx, y: 5, w: 36, h: 24, id: overTab, tip: "All tabs", round: style.Radius, act: v.menu})
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
		b.rect(x, 0, w, 2, p.Accent)
		name = p.Text
	case v.hot(i) || v.hot(closeID+i):
		b.rect(x, 0, w, h-1, p.Hover)
		name = p.Text
	}
	b.rect(x+w-1, 0, 1, h, p.Line)
	v.zone(zone{x: x, w: w, h: h, id: i, tip: t.Tip, act: func() { v.pick(i) }, middle: func() { v.shut(i) }})
	tx, end := x+14, x+w-10
	if t.Icon != "" {
		ink := t.IconTone.Of(p)
		b.icon(t.Icon, tx-2, h/2, iconSize, ink)
		tx += 19
	}
	if !t.Fixed {
		end -= 18
		if i == v.selected || v.hot(i) || v.hot(closeID+i) {
			if v.hot(closeID + i) {
				b.box(end+1, h/2-9, 18, 18, 3, fade(p.Text, .12), colour{})
			}
			b.icon("x", end+4, h/2, 12, name)
		}
		v.zone(zone{x: end + 1, y: h/2 - 9, w: 18, h: 18, id: closeID + i, tip: "Close", skip: true,
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

// TypedKey is for Fyne: Delete closes the tab the keyboard stands on.
func (v *Tabs) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyDelete && v.at < overTab {
		v.shut(v.at)
		return
	}
	v.active.TypedKey(e)
}

// Crumb is one part of a Crumbs line.
type Crumb struct {
	Text string
	Icon string
	Tone Tone
}

// Crumbs is where one is: parts, the last in full colour.
type Crumbs struct {
	active
	// OnTapped is called for part i.
	OnTapped func(i int)
	crumbs   []Crumb
	right    fyne.CanvasObject
}

// NewCrumbs returns an empty line.
func NewCrumbs(l *Look) *Crumbs {
	v := &Crumbs{}
	v.setup(l, v)
	return v
}

// Set replaces the parts.
func (v *Crumbs) Set(c []Crumb) { v.crumbs = c; v.Refresh() }

// SetRight puts objects at the right end.
func (v *Crumbs) SetRight(o ...fyne.CanvasObject) { v.right = HBox(style.Gap3, o...); v.Refresh() }

// Disabled is true when nothing can be activated.
func (v *Crumbs) Disabled() bool { return v.disabled || len(v.crumbs) == 0 || v.OnTapped == nil }

func (v *Crumbs) need() fyne.Size { return fyne.NewSize(80, style.HeightBreadcrumb) }

func (v *Crumbs) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	b.rect(0, 0, size.Width, size.Height, p.Code)
	b.rect(0, size.Height-1, size.Width, 1, p.Line)
	limit := size.Width - style.Inset
	if v.right != nil {
		w := widthFor(v.right)
		w = min(w, size.Width*2/3)
		b.put(v.right, limit-w, 0, w, size.Height-1)
		limit -= w + style.Gap3
	}
	f := face{size: style.TextSecondary}
	width := func(c Crumb) float32 {
		w := f.width(visible(c.Text))
		if c.Icon != "" {
			w += 17
		}
		return w
	}
	const between = 20
	// The end of a path says the most: leave out from the start.
	sum := float32(style.Inset)
	for _, c := range v.crumbs {
		sum += width(c) + between
	}
	from := 0
	for from < len(v.crumbs)-1 && sum-between > limit {
		sum -= width(v.crumbs[from]) + between
		if from == 0 {
			sum += f.width(ellipsis) + between
		}
		from++
	}
	x, cy := float32(style.Inset), (size.Height-1)/2
	if from > 0 {
		x += b.text(ellipsis, x, cy, f, p.Faint)
		b.icon("right", x+4, cy, 12, p.Faint)
		x += between
	}
	for i := from; i < len(v.crumbs) && x < limit; i++ {
		c := v.crumbs[i]
		w := min(width(c), limit-x)
		ink := p.Dim
		if i == len(v.crumbs)-1 || v.hot(i) {
			ink = p.Text
		}
		v.zone(zone{x: x - 4, y: 3, w: w + 8, h: size.Height - 7, id: i, round: 3, act: func() {
			if v.OnTapped != nil {
				v.OnTapped(i)
			}
		}})
		if v.hot(i) && v.OnTapped != nil {
			b.box(x-4, 3, w+8, size.Height-7, 3, fade(p.Text, .07), colour{})
		}
		tx := x
		if c.Icon != "" {
			b.icon(c.Icon, x, cy, iconSize, c.Tone.Of(p))
			tx += 17
		}
		b.cut(c.Text, tx, cy, x+w-tx+1, f, ink)
		x += w
		if i+1 < len(v.crumbs) && x+between < limit {
			b.icon("right", x+4, cy, 12, p.Faint)
		}
		x += between
	}
	v.rings(b)
}
