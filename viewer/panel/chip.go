package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/viewer/style"
)

// Chip is a tinted word: a severity, a state. With OnTapped it is a control.
type Chip struct {
	active
	OnTapped func()
	what     ChipStyle
	key      string // of a filter chip
	remove   func()
}

// NewChip returns a chip.
func NewChip(l *Look, c ChipStyle) *Chip {
	v := &Chip{what: c}
	v.setup(l, v)
	return v
}

// NewFilterChip returns the chip of one filter, "key value ×"; remove is called for the ×.
func NewFilterChip(l *Look, key, value string, remove func()) *Chip {
	v := &Chip{what: ChipStyle{Text: value}, key: key, remove: remove}
	v.setup(l, v)
	return v
}

// Set changes what the chip says.
func (v *Chip) Set(c ChipStyle) { v.what = c; v.Refresh() }

// Disabled is true when there is nothing to activate.
func (v *Chip) Disabled() bool { return v.disabled || v.OnTapped == nil && v.remove == nil }

func (v *Chip) filter() (key, value face) {
	return face{size: style.TextSecondary}, face{size: style.TextSecondary, bold: true}
}

// chipLeast is the width to which a chip shrinks where there is little room.
const chipLeast = 44

func (v *Chip) need() fyne.Size {
	h := float32(style.HeightChip)
	if v.remove != nil {
		h = 22
	}
	return fyne.NewSize(min(v.natural(), chipLeast), h)
}

func (v *Chip) natural() float32 {
	if v.remove == nil {
		return chipWidth(v.what)
	}
	k, f := v.filter()
	return 8 + k.width(visible(v.key)) + 4 + f.width(visible(v.what.Text)) + 24
}

func (v *Chip) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	cy := size.Height / 2
	if v.remove == nil {
		w := min(v.natural(), size.Width)
		b.chip(v.what, 0, cy, w)
		if v.OnTapped != nil {
			v.zone(zone{y: cy - 9, w: w, h: style.HeightChip, round: style.Radius, act: v.OnTapped})
			if v.hot(0) {
				b.box(0, cy-9, w, style.HeightChip, style.Radius, fade(p.Text, .08), colour{})
			}
		}
		v.rings(b)
		return
	}
	b.box(0, cy-11, size.Width, 22, style.Radius, p.Select, p.Edge)
	k, f := v.filter()
	x := 8 + b.cut(v.key, 8, cy, size.Width-32, k, p.Dim) + 4
	b.cut(v.what.Text, x, cy, size.Width-24-x, f, p.Text)
	if v.OnTapped != nil {
		v.zone(zone{y: cy - 11, w: size.Width - 22, h: 22, id: 1, round: style.Radius, act: v.OnTapped})
	}
	v.zone(zone{x: size.Width - 21, y: cy - 10, w: 20, h: 20, tip: words.T("Remove this filter"), round: 3, act: v.remove})
	if v.hot(0) {
		b.box(size.Width-21, cy-10, 20, 20, 3, fade(p.Text, .12), colour{})
	}
	b.icon("x", size.Width-17, cy, 12, p.Dim)
	v.rings(b)
}

// TypedKey is for Fyne: Delete and Backspace remove a filter too.
func (v *Chip) TypedKey(e *fyne.KeyEvent) {
	if v.remove != nil && (e.Name == fyne.KeyDelete || e.Name == fyne.KeyBackspace) {
		v.remove()
		return
	}
	v.active.TypedKey(e)
}
