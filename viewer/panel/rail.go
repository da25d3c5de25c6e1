package panel

import (
	"strconv"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// RailItem is one tile of the rail.
type RailItem struct {
	ID     string
	Icon   string
	Tip    string
	Key    string // shown in the tooltip
	Bottom bool   // in the group at the bottom
}

// Rail is the strip of tiles at the window's left.
type Rail struct {
	active
	// OnSelect is called for every tile activated, also the selected one.
	OnSelect func(id string)
	items    []RailItem
	counts   map[string]int
	selected string
}

const (
	railTile = 36
	railStep = 44
)

// NewRail returns a rail.
func NewRail(l *Look, items []RailItem) *Rail {
	v := &Rail{items: items, counts: map[string]int{}}
	v.setup(l, v)
	return v
}

// Select marks the tile of id without calling OnSelect; "" for none.
func (v *Rail) Select(id string) { v.selected = id; v.Refresh() }

// Selected is the marked tile.
func (v *Rail) Selected() string { return v.selected }

// SetCount shows a number on a tile; 0 takes it away.
func (v *Rail) SetCount(id string, n int) { v.counts[id] = n; v.Refresh() }

// Disabled is true while the rail takes no input.
func (v *Rail) Disabled() bool { return v.disabled }

func (v *Rail) need() fyne.Size { return fyne.NewSize(style.WidthRail, railStep) }

func (v *Rail) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	b.rect(0, 0, size.Width, size.Height, p.Rail)
	b.rect(size.Width-1, 0, 1, size.Height, p.Line)
	top := float32(8)
	bottom := size.Height - 8
	for _, it := range v.items {
		if it.Bottom {
			bottom -= railStep - 4
		}
	}
	for i, it := range v.items {
		y := top
		if it.Bottom {
			y = bottom
			bottom += railStep - 4
		} else {
			top += railStep
		}
		x := float32(5)
		ink := p.Dim
		if it.ID == v.selected {
			b.box(x, y, railTile, railTile, style.RadiusCard, p.Select, colour{})
			b.rect(0, y, 2, railTile, p.Accent)
			ink = p.Accent
		} else if v.hot(i) {
			b.box(x, y, railTile, railTile, style.RadiusCard, p.Hover, colour{})
			ink = p.Text
		}
		b.icon(it.Icon, x+8, y+railTile/2, 20, ink)
		if n := v.counts[it.ID]; n > 0 {
			s := strconv.Itoa(n)
			if n > 99 {
				s = "99+"
			}
			f := face{size: style.TextBadge, bold: true}
			w := max(14, f.width(s)+8)
			right := size.Width - 3
			b.box(right-w, y-1, w, 15, 7, p.Fill, colour{})
			b.middle(s, right-w/2, y+6, f, p.OnFill)
		}
		v.zone(zone{x: x, y: y, w: railTile, h: railTile, id: i, tip: it.Tip, key: it.Key, round: style.RadiusCard, act: func() {
			if v.OnSelect != nil {
				v.OnSelect(it.ID)
			}
		}})
	}
	v.rings(b)
}

// StatusItem is one part of the status bar.
type StatusItem struct {
	ID       string // "": cannot be clicked
	Icon     string
	IconTone Tone
	Text     string
	Tone     Tone
	Bold     bool
	Badge    bool // tinted in Tone
	Menu     bool // with a chevron
	Right    bool // in the right group
	Tip      string
}

// Status is the bar at the window's foot. When room is short, parts of the
// right group are left out, from its start.
type Status struct {
	active
	// OnTapped is called for a part with an ID; at is above it, for a menu.
	OnTapped func(id string, at fyne.Position)
	items    []StatusItem
}

// NewStatus returns an empty bar.
func NewStatus(l *Look) *Status {
	v := &Status{}
	v.setup(l, v)
	return v
}

// Set replaces the parts, each group from left to right.
func (v *Status) Set(items []StatusItem) { v.items = items; v.Refresh() }

// Disabled is true when nothing can be clicked.
func (v *Status) Disabled() bool {
	for _, it := range v.items {
		if it.ID != "" && !v.disabled {
			return false
		}
	}
	return true
}

func (v *Status) need() fyne.Size { return fyne.NewSize(120, style.HeightStatus) }

func (it StatusItem) face() face { return face{size: style.TextSecondary, bold: it.Bold} }

func (it StatusItem) width() float32 {
	w := it.face().width(visible(it.Text)) + 14
	if it.Icon != "" {
		w += 18
	}
	if it.Menu {
		w += 14
	}
	return round(w)
}

func (v *Status) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	b.rect(0, 0, size.Width, size.Height, p.Rail)
	b.rect(0, 0, size.Width, 1, p.Line)
	x := float32(6)
	for i, it := range v.items {
		if it.Right {
			continue
		}
		w := min(it.width(), size.Width-x-6)
		if w < 24 {
			break
		}
		v.item(b, i, it, x, w, size.Height)
		x += w + style.Gap1
	}
	end := size.Width - 6
	for i := len(v.items) - 1; i >= 0; i-- {
		it := v.items[i]
		if !it.Right {
			continue
		}
		w := it.width()
		if end-w < x+style.Gap2 {
			break
		}
		v.item(b, i, it, end-w, w, size.Height)
		end -= w + style.Gap2
	}
	v.order()
	v.rings(b)
}

// order puts the keyboard's stops from left to right.
func (v *Status) order() {
	for i := 1; i < len(v.zones); i++ {
		for j := i; j > 0 && v.zones[j].x < v.zones[j-1].x; j-- {
			v.zones[j], v.zones[j-1] = v.zones[j-1], v.zones[j]
		}
	}
}

func (v *Status) item(b *brush, i int, it StatusItem, x, w, h float32) {
	p := b.pal()
	ink := it.Tone.Of(p)
	y, bh := float32(4), h-7
	switch {
	case it.Badge:
		b.box(x, y, w, bh, style.Radius, fade(ink, .15), colour{})
	case it.Menu:
		b.box(x, y, w, bh, style.Radius, p.Raised, colour{})
	}
	if v.hot(i) && it.ID != "" {
		b.box(x, y, w, bh, style.Radius, fade(p.Text, .09), colour{})
	}
	tx, cy := x+7, h/2+.5
	if it.Icon != "" {
		c := ink
		if it.IconTone != ToneText {
			c = it.IconTone.Of(p)
		}
		b.icon(it.Icon, tx-1, cy, iconSize, c)
		tx += 18
	}
	end := x + w - 6
	if it.Menu {
		end -= 14
		b.icon("down", end+1, cy, 11, p.Dim)
	}
	b.cut(it.Text, tx, cy, end-tx+1, it.face(), ink)
	v.zone(zone{x: x, y: y, w: w, h: bh, id: i, tip: it.Tip, skip: it.ID == "", round: style.Radius, act: func() {
		if it.ID != "" && v.OnTapped != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
			v.OnTapped(it.ID, at.AddXY(x, 0))
		}
	}})
}

// Header is the head of a panel: a title, a note behind it, buttons at the right.
type Header struct {
	drawn
	title, note string
	right       *fyne.Container
}

// NewHeader returns a header.
func NewHeader(l *Look, title string, right ...fyne.CanvasObject) *Header {
	v := &Header{title: title, right: HBox(0, right...)}
	v.setup(l, v)
	return v
}

// SetTitle changes the title.
func (v *Header) SetTitle(s string) { v.title = s; v.Refresh() }

// SetNote changes the mono text behind the title.
func (v *Header) SetNote(s string) { v.note = s; v.Refresh() }

func (v *Header) need() fyne.Size {
	return fyne.NewSize(v.right.MinSize().Width+80, style.HeightHeader)
}

func (v *Header) paint(b *brush, size fyne.Size) {
	p := b.pal()
	rw := v.right.MinSize().Width
	end := size.Width - 8 - rw
	b.put(v.right, end, 0, rw, size.Height)
	cy := size.Height / 2
	x := style.Inset + b.cut(v.title, style.Inset, cy, end-style.Inset-style.Gap2, face{size: style.TextBody, bold: true}, p.Text)
	if v.note != "" && x+style.Gap2 < end {
		b.cut(v.note, x+10, cy, end-x-18, face{size: style.TextSecondary, mono: true}, p.Dim)
	}
}
