package panel

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// maxLines bounds a wrapped label; longer texts belong into viewer/code.
const maxLines = 400

// Label is text in one style that wraps to the width it is given. With NoWrap
// it is one line that ends in an ellipsis where the pane ends.
type Label struct {
	drawn
	Tone     Tone
	TextSize float32 // 0: style.TextBody
	Bold     bool
	Italic   bool
	Mono     bool
	NoWrap   bool
	Centre   bool

	text  string
	width float32 // the lines below were made for
	made  string
	lines []string
}

// NewLabel returns a wrapping label in body size.
func NewLabel(l *Look, text string) *Label {
	v := &Label{text: text}
	v.setup(l, v)
	return v
}

// NewTitle returns a label in title size, SemiBold.
func NewTitle(l *Look, text string) *Label {
	v := NewLabel(l, text)
	v.TextSize, v.Bold = style.TextSubtitle, true
	return v
}

// NewNote returns a label in secondary size, dim.
func NewNote(l *Look, text string) *Label {
	v := NewLabel(l, text)
	v.TextSize, v.Tone = style.TextSecondary, ToneDim
	return v
}

// NewCaption returns the label over a field or a group: secondary size, dim, one line.
func NewCaption(l *Look, text string) *Label {
	v := NewNote(l, text)
	v.NoWrap = true
	return v
}

// Text is what the label says.
func (v *Label) Text() string { return v.text }

// SetText changes what the label says.
func (v *Label) SetText(s string) {
	if s != v.text {
		v.text = s
		v.Refresh()
	}
}

func (v *Label) face() face {
	f := face{size: v.TextSize, bold: v.Bold, italic: v.Italic, mono: v.Mono}
	if f.size == 0 {
		f.size = style.TextBody
	}
	return f
}

func (v *Label) lineHeight() float32 { return round(v.face().size * 1.4) }

func (v *Label) broken(width float32) []string {
	if v.NoWrap {
		return []string{strings.ReplaceAll(v.text, "\n", " ")}
	}
	if v.width != width || v.made != v.text || v.lines == nil {
		v.width, v.made, v.lines = width, v.text, wrap(v.text, width, v.face(), maxLines)
	}
	return v.lines
}

func (v *Label) need() fyne.Size {
	if v.NoWrap {
		return fyne.NewSize(min(v.face().width(visible(v.broken(0)[0])), 24), v.lineHeight())
	}
	w := v.Size().Width
	if w <= 0 {
		w = style.WidthSide
	}
	return fyne.NewSize(24, v.HeightFor(w))
}

// HeightFor is the height the text takes at a width.
func (v *Label) HeightFor(width float32) float32 {
	return float32(max(1, len(v.broken(round(width))))) * v.lineHeight()
}

// natural is the width without wrapping.
func (v *Label) natural() float32 {
	var w float32
	for _, l := range strings.Split(clipBytes(v.text), "\n") {
		w = max(w, v.face().width(visible(l)))
	}
	return w + 1
}

func (v *Label) paint(b *brush, size fyne.Size) {
	f, c := v.face(), v.Tone.Of(b.pal())
	h := v.lineHeight()
	for i, line := range v.broken(round(size.Width)) {
		y := float32(i)*h + h/2
		if y > size.Height+h/2 && i > 0 {
			break
		}
		line = f.fit(visible(line), size.Width)
		if v.Centre {
			b.middle(line, size.Width/2, y, f, c)
		} else {
			b.text(line, 0, y, f, c)
		}
	}
}

// wrap breaks s into at most most lines of a width: at spaces, and inside words
// that are longer than a line. The last line ends in an ellipsis if more is left.
func wrap(s string, width float32, f face, most int) []string {
	var out []string
	for _, para := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		para = visible(strings.TrimRight(para, "\r"))
		for {
			if len(out) == most {
				out[most-1] = f.fit(strings.TrimSuffix(out[most-1], ellipsis)+" "+ellipsis, width)
				return out
			}
			n := breakAt(para, width, f)
			out = append(out, strings.TrimRight(para[:n], " "))
			para = strings.TrimLeft(para[n:], " ")
			if para == "" {
				break
			}
		}
	}
	return out
}

// breakAt is how many bytes of s go on a line: at least one rune, if there is one.
func breakAt(s string, width float32, f face) int {
	part := s
	if len(part) > maxMeasured {
		n := maxMeasured
		for n > 0 && !utf8.RuneStart(part[n]) {
			n--
		}
		part = part[:n]
	}
	if f.width(part) <= width {
		return len(part)
	}
	// The longest prefix of whole runes that fits, by halving.
	ends := make([]int, 0, len(part))
	for i := range part {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	lo, hi := 0, len(ends) // ends[:lo] fit
	for lo < hi {
		mid := (lo + hi) / 2
		if f.width(part[:ends[mid]]) <= width {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	n := len(part)
	if len(ends) > 0 {
		n = ends[max(0, lo-1)]
	}
	if n < len(part) && part[n] == ' ' {
		return n
	}
	if i := strings.LastIndexByte(part[:n], ' '); i > 0 {
		return i + 1
	}
	return n
}

// Line is one line of texts in several styles; it ends in an ellipsis where its width ends.
type Line struct {
	drawn
	spans []Span
}

// NewLine returns a line.
func NewLine(l *Look, spans ...Span) *Line {
	v := &Line{spans: spans}
	v.setup(l, v)
	return v
}

// Set changes the texts.
func (v *Line) Set(spans ...Span) { v.spans = spans; v.Refresh() }

func (v *Line) natural() float32 { return spansWidth(v.spans, style.TextBody) + 1 }

func (v *Line) need() fyne.Size {
	h := float32(style.TextBody)
	for _, s := range v.spans {
		h = max(h, s.Size)
	}
	return fyne.NewSize(min(24, v.natural()), round(h*1.4)+2)
}

func (v *Line) paint(b *brush, size fyne.Size) {
	p := b.pal()
	b.spans(v.spans, 0, size.Height/2, size.Width, style.TextBody, func(t Tone) colour { return t.Of(p) })
}

// Icon is a glyph of viewer/style.
type Icon struct {
	drawn
	name string
	tone Tone
	size float32
}

// NewIcon returns an icon of a size.
func NewIcon(l *Look, name string, tone Tone, size float32) *Icon {
	v := &Icon{name: name, tone: tone, size: size}
	v.setup(l, v)
	return v
}

// Set changes glyph and tone.
func (v *Icon) Set(name string, tone Tone) { v.name, v.tone = name, tone; v.Refresh() }

func (v *Icon) need() fyne.Size { return fyne.NewSize(v.size, v.size) }

func (v *Icon) paint(b *brush, size fyne.Size) {
	b.icon(v.name, (size.Width-v.size)/2, size.Height/2, v.size, v.tone.Of(b.pal()))
}

// Avatar is a disc with a person's initials.
type Avatar struct {
	drawn
	initials string
	tone     Tone
}

// NewAvatar returns an avatar.
func NewAvatar(l *Look, initials string, tone Tone) *Avatar {
	v := &Avatar{initials: initials, tone: tone}
	v.setup(l, v)
	return v
}

func (v *Avatar) need() fyne.Size { return fyne.NewSize(22, 22) }

func (v *Avatar) paint(b *brush, size fyne.Size) {
	c := v.tone.Of(b.pal())
	b.circle(11, 11, 11, fade(c, .2), colour{}, 0)
	b.middle(v.initials, 11, 11, face{size: style.TextBadge, bold: true}, c)
}
