package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/style"
)

// Edges are sides of a surface that carry a 1 px line.
type Edges uint8

// The edges; add them.
const (
	EdgeTop Edges = 1 << iota
	EdgeRight
	EdgeBottom
	EdgeLeft
)

// Surface is a pane's ground with lines at its edges, and what lies on it.
type Surface struct {
	drawn
	Content fyne.CanvasObject
	ground  Ground
	edges   Edges
}

// NewSurface returns a surface. It clips what is on it.
func NewSurface(l *Look, g Ground, e Edges, content fyne.CanvasObject) *Surface {
	v := &Surface{ground: g, edges: e, Content: content}
	v.setup(l, v)
	return v
}

func (v *Surface) clips() {}

func (v *Surface) need() fyne.Size {
	if v.Content == nil {
		return fyne.NewSize(1, 1)
	}
	return v.Content.MinSize().AddWidthHeight(v.sides())
}

func (v *Surface) sides() (x, y float32) {
	for _, e := range []Edges{EdgeLeft, EdgeRight} {
		if v.edges&e != 0 {
			x++
		}
	}
	for _, e := range []Edges{EdgeTop, EdgeBottom} {
		if v.edges&e != 0 {
			y++
		}
	}
	return x, y
}

// HeightFor is the height the content takes at a width.
func (v *Surface) HeightFor(width float32) float32 {
	x, y := v.sides()
	if v.Content == nil {
		return y
	}
	return heightFor(v.Content, width-x) + y
}

func (v *Surface) paint(b *brush, size fyne.Size) {
	p := b.pal()
	w, h := size.Width, size.Height
	if v.ground != GroundNone {
		b.rect(0, 0, w, h, v.ground.of(p))
	}
	x, y, x2, y2 := float32(0), float32(0), w, h
	if v.edges&EdgeTop != 0 {
		b.rect(0, 0, w, 1, p.Line)
		y++
	}
	if v.edges&EdgeRight != 0 {
		b.rect(w-1, 0, 1, h, p.Line)
		x2--
	}
	if v.edges&EdgeBottom != 0 {
		b.rect(0, h-1, w, 1, p.Line)
		y2--
	}
	if v.edges&EdgeLeft != 0 {
		b.rect(0, 0, 1, h, p.Line)
		x++
	}
	if v.Content != nil {
		settled := v.Content.Size() == fyne.NewSize(round(x2-x), round(y2-y))
		b.put(v.Content, x, y, x2-x, y2-y)
		if settled {
			settle(v.Content)
		}
	}
}

// settle lays out what lies in boxes of one size once more: a sentence in one
// of them may take more lines now, or a part may have been hidden.
func settle(o fyne.CanvasObject) {
	c, ok := o.(*fyne.Container)
	if !ok || c.Layout == nil || !c.Visible() {
		return
	}
	c.Layout.Layout(c.Objects, c.Size())
	for _, child := range c.Objects {
		settle(child)
	}
}

// Rule is a horizontal line.
type Rule struct{ drawn }

// NewRule returns a 1 px line.
func NewRule(l *Look) *Rule {
	v := &Rule{}
	v.setup(l, v)
	return v
}

func (v *Rule) need() fyne.Size { return fyne.NewSize(1, 1) }

func (v *Rule) paint(b *brush, size fyne.Size) { b.rect(0, 0, size.Width, 1, b.pal().Line) }

// CardStyle is how a card looks.
type CardStyle struct {
	Stripe  Tone // colour of the stripe at the top
	Striped bool
}

// Card is a raised sheet with an edge, around content that brings its own insets.
type Card struct {
	drawn
	Content fyne.CanvasObject
	what    CardStyle
}

// NewCard returns a card around content.
func NewCard(l *Look, s CardStyle, content fyne.CanvasObject) *Card {
	v := &Card{what: s, Content: content}
	v.setup(l, v)
	return v
}

// Set changes the style.
func (v *Card) Set(s CardStyle) { v.what = s; v.Refresh() }

func (v *Card) need() fyne.Size { return v.Content.MinSize().AddWidthHeight(2, 2) }

// HeightFor is the height the content takes at a width.
func (v *Card) HeightFor(width float32) float32 { return heightFor(v.Content, width-2) + 2 }

func (v *Card) paint(b *brush, size fyne.Size) {
	p := b.pal()
	b.box(0, 0, size.Width, size.Height, style.RadiusCard, p.Raised, p.Edge)
	if v.what.Striped {
		b.box(0, 0, size.Width, 4, 2, v.what.Stripe.Of(p), colour{})
	}
	b.put(v.Content, 1, 1, size.Width-2, size.Height-2)
}

type scrollLayout struct{ scroll *container.Scroll }

// NewScroll lets content taller than its place be scrolled; wrapped text in it
// gets the height it needs.
func NewScroll(content fyne.CanvasObject) *fyne.Container {
	s := container.NewVScroll(content)
	return container.New(scrollLayout{s}, s)
}

func (l scrollLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.scroll.Resize(size)
	if h := heightFor(l.scroll.Content, size.Width); h != l.scroll.Content.Size().Height {
		l.scroll.Refresh() // the wrapped lines know their number only now
	}
}

func (l scrollLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.scroll.Content.MinSize().Width, 32)
}

// Split shows a and b beside each other (below, when Vertical) with a line
// between them that can be dragged. The size in pixels of one side is kept when
// the whole changes: of a, or of b with FromEnd. After SetShare it is the share.
type Split struct {
	drawn
	Vertical   bool
	FromEnd    bool
	MinA, MinB float32
	// OnMoved is called after the user moved the line.
	OnMoved func(offset float32)

	a, b   fyne.CanvasObject
	offset float32
	share  float32 // of the room that a has; 0: offset counts
	handle *grip
}

// NewSplit returns a split; a has style.WidthSide until SetOffset says otherwise.
func NewSplit(l *Look, a, b fyne.CanvasObject) *Split {
	v := &Split{a: a, b: b, offset: style.WidthSide, MinA: 120, MinB: 200}
	v.handle = newGrip(l, func() bool { return v.Vertical }, v.Shift)
	v.setup(l, v)
	return v
}

// SetOffset sets the size of the kept side.
func (v *Split) SetOffset(px float32) { v.offset = round(px); v.Refresh() }

// SetShare gives a a share of the room, between 0 and 1, which it keeps.
func (v *Split) SetShare(of float32) { v.share = min(max(of, .01), .99); v.Refresh() }

// Share is the share of the room that a has.
func (v *Split) Share() float32 { return v.share }

// Offset is the size of the kept side.
func (v *Split) Offset() float32 { return v.offset }

func (v *Split) need() fyne.Size {
	var s fyne.Size
	for _, o := range []fyne.CanvasObject{v.a, v.b} {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if v.Vertical {
			s = fyne.NewSize(max(s.Width, m.Width), s.Height+m.Height)
		} else {
			s = fyne.NewSize(s.Width+m.Width, max(s.Height, m.Height))
		}
	}
	return s
}

// span is the room along the split.
func (v *Split) span(size fyne.Size) float32 {
	if v.Vertical {
		return size.Height
	}
	return size.Width
}

// bounded is the offset nearest to px that leaves both sides their least.
func (v *Split) bounded(px, room float32) float32 {
	least, other := v.MinA, v.MinB
	if v.FromEnd {
		least, other = other, least
	}
	return round(max(min(px, room-other), min(least, room/2)))
}

func (v *Split) paint(b *brush, size fyne.Size) {
	if !v.a.Visible() || !v.b.Visible() {
		if v.a.Visible() {
			b.put(v.a, 0, 0, size.Width, size.Height)
		} else if v.b.Visible() {
			b.put(v.b, 0, 0, size.Width, size.Height)
		}
		return
	}
	room := v.span(size)
	at := v.bounded(v.kept(room), room)
	if v.FromEnd {
		at = room - at
	}
	p := b.pal()
	if v.Vertical {
		b.put(v.a, 0, 0, size.Width, at)
		b.put(v.b, 0, at+1, size.Width, room-at-1)
		b.rect(0, at, size.Width, 1, p.Line)
		b.put(v.handle, 0, at-splitGrip/2, size.Width, splitGrip)
	} else {
		b.put(v.a, 0, 0, at, size.Height)
		b.put(v.b, at+1, 0, room-at-1, size.Height)
		b.rect(at, 0, 1, size.Height, p.Line)
		b.put(v.handle, at-splitGrip/2, 0, splitGrip, size.Height)
	}
}

// kept is the size of the kept side before it is bounded.
func (v *Split) kept(room float32) float32 {
	if v.share > 0 {
		return v.share * room
	}
	return v.offset
}

// Shift moves the line by px to the right, or down, as the mouse does.
func (v *Split) Shift(px float32) {
	if v.FromEnd {
		px = -px
	}
	room := v.span(v.Size())
	v.offset = v.bounded(v.bounded(v.kept(room), room)+px, room)
	if v.share > 0 && room > 0 {
		v.share = v.offset / room
	}
	v.Refresh()
	if v.OnMoved != nil {
		v.OnMoved(v.offset)
	}
}
