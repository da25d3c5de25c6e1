package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Crumb is one part of a Crumbs line.
type Crumb struct {
	Text string
	Icon string
	Tone Tone
}

// Crumbs is where one is: parts, the last in full colour. When room is short, parts are
// left out from the start; the ellipsis stands for the last of these.
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

// Place is where on the canvas part i stands, and the height of the line: something can
// hang from there. Of a part that is left out it is the start of the line.
func (v *Crumbs) Place(i int) (at fyne.Position, height float32) {
	at = fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	z, ok := v.byID(i)
	if !ok {
		z.x = style.Inset
	}
	return at.AddXY(z.x-4, 0), v.Size().Height
}

// Stand puts the keyboard on part i, without activating it.
func (v *Crumbs) Stand(i int) { v.at, v.quiet = i, false; v.Refresh() }

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
		last := from - 1
		v.zone(zone{x: x - 4, y: 3, w: f.width(ellipsis) + 8, h: size.Height - 7, id: last, round: 3, tip: v.crumbs[last].Text, act: func() { v.tap(last) }})
		ink := p.Faint
		if v.hot(last) {
			ink = p.Text
		}
		x += b.text(ellipsis, x, cy, f, ink)
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
		v.zone(zone{x: x - 4, y: 3, w: w + 8, h: size.Height - 7, id: i, round: 3, act: func() { v.tap(i) }})
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

func (v *Crumbs) tap(i int) {
	if v.OnTapped != nil {
		v.OnTapped(i)
	}
}
