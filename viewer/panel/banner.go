package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/viewer/style"
)

// Action is words that do something when activated.
type Action struct {
	Label string
	Do    func()
}

// BannerStyle is what a banner says.
type BannerStyle struct {
	Tone  Tone
	Icon  string // "": by tone
	Bold  string // the fact
	Text  string // one sentence
	Links []Action
	Close func() // nil: cannot be closed
	Quiet bool   // without the stripe: a line inside a card
	Whole bool   // what has no room on one line goes on below, as high as HeightFor says
}

// Banner states a fact on one line, with links to do something about it. Where there is
// little room the links go before the fact is cut.
type Banner struct {
	active
	what BannerStyle
}

// NewBanner returns a banner.
func NewBanner(l *Look, s BannerStyle) *Banner {
	v := &Banner{what: s}
	v.setup(l, v)
	return v
}

// Set changes what the banner says.
func (v *Banner) Set(s BannerStyle) { v.what = s; v.Refresh() }

// Disabled is true when there is nothing on it to activate.
func (v *Banner) Disabled() bool {
	return v.disabled || len(v.what.Links) == 0 && v.what.Close == nil
}

const bannerText = 38

func (v *Banner) faces() (fact, text, link face) {
	return face{size: style.TextSecondary, bold: true}, face{size: style.TextSecondary}, face{size: style.TextSecondary, bold: true}
}

// natural is the width that shows everything.
func (v *Banner) natural() float32 {
	f, t, k := v.faces()
	w := bannerText + f.width(visible(v.what.Bold)) + style.Gap2 + t.width(visible(v.what.Text)) + style.Gap3
	for _, l := range v.what.Links {
		w += k.width(l.Label) + style.Gap4
	}
	if v.what.Close != nil {
		w += 30
	}
	return ceil(w)
}

func (v *Banner) need() fyne.Size {
	w := v.Size().Width
	if w <= 0 {
		w = style.WidthSide
	}
	return fyne.NewSize(120, v.HeightFor(w))
}

const (
	bannerLine = 17 // from line to line
	bannerMost = 8  // lines of what wraps
)

// HeightFor is the height that everything said takes at a width.
func (v *Banner) HeightFor(width float32) float32 {
	return style.HeightBreadcrumb + bannerLine*float32(max(0, len(v.lines(width))-1))
}

// lines is what is said line by line where it takes several, the fact first.
func (v *Banner) lines(width float32) (out []bannerWords) {
	if !v.what.Whole || v.natural() <= width {
		return nil
	}
	f, t, k := v.faces()
	room := width - bannerText - style.Gap2
	for _, l := range v.what.Links {
		room -= k.width(l.Label) + style.Gap4
	}
	if v.what.Close != nil {
		room -= 30
	}
	for _, s := range wrap(v.what.Bold, max(room, 60), f, bannerMost) {
		out = append(out, bannerWords{s, true})
	}
	if v.what.Text != "" {
		for _, s := range wrap(v.what.Text, max(room, 60), t, bannerMost) {
			out = append(out, bannerWords{s, false})
		}
	}
	return out
}

type bannerWords struct {
	text string
	bold bool
}

func (v *Banner) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	s := v.what
	c := s.Tone.Of(p)
	lines := v.lines(size.Width)
	cy := size.Height / 2
	if len(lines) > 1 {
		cy = style.HeightBreadcrumb / 2
	}
	radius := float32(0)
	if s.Quiet {
		radius = style.Radius
	}
	b.box(0, 0, size.Width, size.Height, radius, fade(c, .13), colour{})
	if !s.Quiet {
		b.rect(0, 0, 3, size.Height, c)
	}
	icon := s.Icon
	if icon == "" {
		icon = "info"
		switch s.Tone {
		case ToneWarn, ToneDanger:
			icon = "warn"
		case ToneOk:
			icon = "check"
		}
	}
	b.icon(icon, 15, cy, iconSize, c)
	limit := size.Width - 10
	f, t, k := v.faces()
	id := 100
	if s.Close != nil {
		x := limit - 16
		if v.hot(id) {
			b.box(x-4, cy-11, 22, 22, 3, fade(p.Text, .1), colour{})
		}
		b.icon("x", x, cy, iconSize, p.Dim)
		defer v.zone(zone{x: x - 4, y: cy - 11, w: 22, h: 22, id: id, tip: words.T("Close"), round: 3, act: s.Close})
		limit = x - style.Gap2
	}
	least := bannerText + f.width(visible(s.Bold)) + style.Gap2
	left := false // whether a link stands there
	for i := len(s.Links) - 1; i >= 0; i-- {
		l := s.Links[i]
		w := k.width(l.Label)
		if limit-w-style.Gap1-style.Gap3 < least && (left || i > 0 || s.Close != nil) {
			continue // the fact is said whole; every link is an action of a menu too
		}
		left = true
		limit -= w + style.Gap1
		b.text(l.Label, limit, cy, k, p.Accent)
		if v.hot(i) {
			b.rect(limit, cy+8, w, 1, p.Accent)
		}
		v.zone(zone{x: limit - 4, y: cy - 11, w: w + 8, h: 22, id: i, round: 3, act: l.Do})
		limit -= style.Gap3
	}
	reverse(v.zones)
	x := float32(bannerText)
	if len(lines) > 1 {
		for i, s := range lines {
			face, c := t, p.Dim
			if s.bold {
				face, c = f, p.Text
			}
			b.text(s.text, x, cy+float32(i)*bannerLine, face, c)
		}
		v.rings(b)
		return
	}
	x += b.cut(s.Bold, x, cy, limit-x, f, p.Text) + style.Gap2
	if x < limit {
		b.cut(s.Text, x, cy, limit-x, t, p.Dim)
	}
	v.rings(b)
}

func reverse(z []zone) {
	for i, j := 0, len(z)-1; i < j; i, j = i+1, j-1 {
		z[i], z[j] = z[j], z[i]
	}
}

var _ fyne.Focusable = (*Banner)(nil)
