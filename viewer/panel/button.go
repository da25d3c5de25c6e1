package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// ButtonKind is how much a button asks for.
type ButtonKind uint8

const (
	// Primary is filled: the one thing a screen is for.
	Primary ButtonKind = iota
	// Secondary has an edge.
	Secondary
	// Link is words in Accent.
	Link
)

// Button is a push button.
type Button struct {
	active
	Kind     ButtonKind
	Label    string
	Icon     string
	Tip      string // say here why it is disabled
	OnTapped func()
}

// NewButton returns a button that calls tapped.
func NewButton(l *Look, kind ButtonKind, label string, tapped func()) *Button {
	b := &Button{Kind: kind, Label: label, OnTapped: tapped}
	b.setup(l, b)
	return b
}

// SetLabel changes the words.
func (v *Button) SetLabel(s string) { v.Label = s; v.Refresh() }

// SetIcon changes the icon, "" for none, and returns the button.
func (v *Button) SetIcon(name string) *Button { v.Icon = name; v.Refresh(); return v }

// Disabled is true while the button takes no input.
func (v *Button) Disabled() bool { return v.disabled }

// Cursor is for Fyne.
func (v *Button) Cursor() desktop.Cursor {
	if v.Kind == Link && !v.disabled {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (v *Button) face() face {
	if v.Kind == Link {
		return face{size: style.TextSecondary, bold: true}
	}
	return face{size: style.TextBody, bold: true}
}

func (v *Button) content() float32 {
	w := v.face().width(v.Label)
	if v.Icon != "" {
		w += iconSize
		if v.Label != "" {
			w += style.Gap2
		}
	}
	return w
}

func (v *Button) need() fyne.Size {
	if v.Kind == Link {
		return fyne.NewSize(v.content()+2*style.Gap1, 22)
	}
	return fyne.NewSize(max(v.content()+2*style.Gap4, 72), style.HeightField)
}

func (v *Button) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	v.zone(zone{w: size.Width, h: size.Height, act: v.act, tip: v.Tip, round: style.Radius})
	ink := p.Text
	switch {
	case v.disabled && v.Kind != Link:
		fill, edge := p.Line, colour{}
		if p.Name == style.Contrast.Name { // Line is light there: Faint could not be read on it
			fill, edge = p.Raised, p.Line
		}
		b.box(0, 0, size.Width, size.Height, style.Radius, fill, edge)
		ink = p.Faint
	case v.disabled:
		ink = p.Faint
	case v.Kind == Primary:
		b.box(0, 0, size.Width, size.Height, style.Radius, p.Fill, colour{})
		ink = p.OnFill
	case v.Kind == Secondary:
		b.box(0, 0, size.Width, size.Height, style.Radius, p.Raised, p.Edge)
	default:
		ink = p.Accent
	}
	if v.hot(0) && v.Kind != Link {
		b.box(0, 0, size.Width, size.Height, style.Radius, fade(ink, pick(v.down(0), .16, .08)), colour{})
	}
	w := min(v.content(), size.Width-2*style.Gap1)
	x := (size.Width - w) / 2
	start := x
	if v.Icon != "" {
		b.icon(v.Icon, x, size.Height/2, iconSize, ink)
		x += iconSize + style.Gap2
	}
	b.cut(v.Label, x, size.Height/2, start+w-x+1, v.face(), ink)
	if v.hot(0) && v.Kind == Link {
		b.rect(start, size.Height/2+8, w, 1, ink)
	}
	if v.focused && !v.quiet {
		b.ring(0, 0, size.Width, size.Height, style.Radius)
		if v.Kind == Primary { // Accent on Fill is no contrast: leave a gap between them
			b.box(1, 1, size.Width-2, size.Height-2, style.Radius-1, colour{}, p.Chrome)
			b.box(2, 2, size.Width-4, size.Height-4, style.Radius-1, colour{}, p.OnFill)
		}
	}
}

func (v *Button) act() {
	if v.OnTapped != nil {
		v.OnTapped()
	}
}

func pick(cond bool, yes, no float32) float32 {
	if cond {
		return yes
	}
	return no
}

// IconButton is a small square with an icon, and a tooltip that names its key.
type IconButton struct {
	active
	OnTapped  func()
	icon      string
	tip, keys string
	on        bool
}

// NewIconButton returns an icon button; key is shown in the tooltip, as "Ctrl+B".
func NewIconButton(l *Look, icon, tip, key string, tapped func()) *IconButton {
	b := &IconButton{icon: icon, tip: tip, keys: key, OnTapped: tapped}
	b.setup(l, b)
	return b
}

// SetIcon changes the icon.
func (v *IconButton) SetIcon(name string) { v.icon = name; v.Refresh() }

// SetOn shows the button as switched on.
func (v *IconButton) SetOn(on bool) { v.on = on; v.Refresh() }

// On is whether the button is shown as switched on.
func (v *IconButton) On() bool { return v.on }

// Disabled is true while the button takes no input.
func (v *IconButton) Disabled() bool { return v.disabled }

func (v *IconButton) need() fyne.Size { return fyne.NewSize(24, 24) }

func (v *IconButton) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	x, y := (size.Width-24)/2, (size.Height-24)/2
	v.zone(zone{x: x, y: y, w: 24, h: 24, tip: v.tip, key: v.keys, round: style.Radius, act: func() {
		if v.OnTapped != nil {
			v.OnTapped()
		}
	}})
	ink := p.Dim
	switch {
	case v.disabled:
		ink = fade(p.Faint, .6)
	case v.on:
		b.box(x, y, 24, 24, style.Radius, p.Select, colour{})
		ink = p.Accent
	case v.hot(0):
		b.box(x, y, 24, 24, style.Radius, fade(p.Text, pick(v.down(0), .14, .08)), colour{})
		ink = p.Text
	}
	b.icon(v.icon, x+4, y+12, 16, ink)
	v.rings(b)
}

// Check is a box with a label.
type Check struct {
	active
	OnChanged func(bool)
	label     string
	on        bool
}

// NewCheck returns a check box.
func NewCheck(l *Look, label string, on bool, changed func(bool)) *Check {
	c := &Check{label: label, on: on, OnChanged: changed}
	c.setup(l, c)
	return c
}

// On is whether it is checked.
func (v *Check) On() bool { return v.on }

// SetOn checks or unchecks without calling OnChanged.
func (v *Check) SetOn(on bool) { v.on = on; v.Refresh() }

// Disabled is true while the box takes no input.
func (v *Check) Disabled() bool { return v.disabled }

func (v *Check) need() fyne.Size {
	return fyne.NewSize(28+face{size: style.TextBody}.width(v.label), 24)
}

func (v *Check) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	cy := size.Height / 2
	w := min(size.Width, v.need().Width+style.Gap1)
	v.zone(zone{w: w, h: size.Height, round: style.Radius, act: func() {
		v.on = !v.on
		v.Refresh()
		if v.OnChanged != nil {
			v.OnChanged(v.on)
		}
	}})
	fill, edge, mark, ink := p.Field, p.Edge, p.OnFill, p.Text
	if v.on {
		fill, edge = p.Fill, p.Fill
	}
	if v.disabled {
		fill, edge, mark, ink = p.Line, p.Line, p.Faint, p.Faint
	} else if v.hot(0) {
		edge = p.Accent
	}
	b.box(2, cy-8, 16, 16, 3, fill, edge)
	if v.on {
		b.icon("check", 4, cy, 12, mark)
	}
	b.cut(v.label, 26, cy, size.Width-26, face{size: style.TextBody}, ink)
	v.rings(b)
}

// Segmented is a row of options of which one holds.
type Segmented struct {
	active
	// Tones colours the chosen option, by index; missing ones are Accent.
	Tones     []Tone
	OnChanged func(i int)
	options   []string
	selected  int
}

// NewSegmented returns a segmented control; selected -1: none yet.
func NewSegmented(l *Look, options []string, selected int, changed func(i int)) *Segmented {
	s := &Segmented{options: options, selected: selected, OnChanged: changed}
	s.setup(l, s)
	return s
}

// Selected is the chosen option, -1 for none.
func (v *Segmented) Selected() int { return v.selected }

// Select chooses without calling OnChanged.
func (v *Segmented) Select(i int) { v.selected = i; v.Refresh() }

// Disabled is true while the control takes no input.
func (v *Segmented) Disabled() bool { return v.disabled }

// segmentLeast is the width to which an option shrinks where there is little room.
const segmentLeast = 30

func (v *Segmented) need() fyne.Size {
	return fyne.NewSize(2+segmentLeast*float32(len(v.options)), 26)
}

func (v *Segmented) option(i int) float32 {
	return face{size: style.TextSecondary, bold: true}.width(visible(v.options[i])) + 2*style.Gap2
}

func (v *Segmented) natural() float32 {
	w := float32(2)
	for i := range v.options {
		w += v.option(i)
	}
	return w
}

func (v *Segmented) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	n := len(v.options)
	if n == 0 {
		return
	}
	b.box(0, 0, size.Width, size.Height, style.Radius, p.Field, p.Edge)
	// Spare room is shared out evenly on top of what each word needs; too
	// little is shared out in proportion.
	natural := v.natural()
	spare, shrink := max(0, size.Width-natural)/float32(n), min(1, size.Width/natural)
	x := float32(1)
	for i, o := range v.options {
		f := face{size: style.TextSecondary, bold: i == v.selected}
		w := v.option(i)*shrink + spare
		if i == n-1 {
			w = size.Width - 1 - x
		}
		ink := p.Dim
		if i == v.selected {
			ink = p.Accent
			if i < len(v.Tones) {
				ink = v.Tones[i].Of(p)
			}
			b.box(x, 1, w, size.Height-2, 3, fade(ink, .22), ink)
		} else if v.hot(i) {
			b.box(x, 1, w, size.Height-2, 3, p.Hover, colour{})
			ink = p.Text
		}
		if v.disabled {
			ink = p.Faint
		}
		b.middle(f.fit(visible(o), w-4), x+w/2, size.Height/2, f, ink)
		v.zone(zone{x: x, w: w, h: size.Height, id: i, round: 3, act: func() { v.choose(i) }})
		x += w
	}
	if v.focused && !v.quiet {
		b.ring(0, 0, size.Width, size.Height, style.Radius)
	}
}

func (v *Segmented) choose(i int) {
	if v.disabled || i < 0 || i >= len(v.options) || i == v.selected {
		return
	}
	v.selected = i
	v.Refresh()
	if v.OnChanged != nil {
		v.OnChanged(i)
	}
}

// TypedKey is for Fyne: the arrows choose.
func (v *Segmented) TypedKey(e *fyne.KeyEvent) {
	v.quiet = false
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		v.choose(max(0, v.selected-1))
	case fyne.KeyRight, fyne.KeyDown:
		v.choose(v.selected + 1)
	case fyne.KeyHome:
		v.choose(0)
	case fyne.KeyEnd:
		v.choose(len(v.options) - 1)
	default:
		v.look.unused(e)
	}
	v.Refresh()
}
