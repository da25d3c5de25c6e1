package panel

import (
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Run is a stretch of a paragraph in one style.
type Run struct {
	Text string
	Bold bool
	Mono bool   // a name or text of the program
	Key  bool   // a key: drawn as its cap, never broken
	Link func() // not nil: words that lead on
}

// Prose is a paragraph of runs that wraps to the width it is given. Its links are
// stops of the keyboard.
type Prose struct {
	active
	// Lead is drawn in front of the first line, in a column of its own: a list's mark.
	Lead string

	runs   []Run
	pieces []piece // as laid out for width
	lines  int
	width  float32
}

// A piece is what is drawn of a run on one line.
type piece struct {
	run  int
	text string
	x, w float32
	line int
	more bool // of a link that began on the line before
}

const (
	proseLine = 22 // a paragraph is read, not scanned: more room than a label has
	proseLead = 18
	maxProse  = 4000 // bytes of a paragraph; longer texts belong into viewer/code
)

// NewProse returns a paragraph.
func NewProse(l *Look, runs ...Run) *Prose {
	v := &Prose{runs: runs}
	v.setup(l, v)
	return v
}

// Disabled is true while there is no link to stand on.
func (v *Prose) Disabled() bool {
	for _, r := range v.runs {
		if r.Link != nil {
			return v.disabled
		}
	}
	return true
}

func (r Run) face() face {
	switch {
	case r.Key:
		return keyFace()
	case r.Mono:
		return face{size: style.TextSecondary, mono: true}
	}
	return face{size: style.TextBody, bold: r.Bold}
}

const capPad = 6 // beside the letters of a key's cap

// lay places the runs in lines of a width.
func (v *Prose) lay(width float32) {
	if v.lines > 0 && v.width == width {
		return
	}
	v.width, v.pieces, v.lines = width, v.pieces[:0], 1
	room := width
	if v.Lead != "" {
		room -= proseLead
	}
	x, space := float32(0), float32(0)
	put := func(run int, text string, w float32) {
		if x > 0 && x+space+w > room {
			x, space = 0, 0
			v.lines++
		}
		more := false
		if n := len(v.pieces); n > 0 && v.pieces[n-1].run == run && !v.runs[run].Key {
			if p := &v.pieces[n-1]; p.line == v.lines-1 {
				if space > 0 {
					p.text += " "
				}
				p.text += text
				p.w = v.runs[run].face().width(visible(p.text))
				x, space = p.x+p.w, 0
				return
			}
			more = true
		}
		v.pieces = append(v.pieces, piece{run, text, x + space, w, v.lines - 1, more})
		x, space = x+space+w, 0
	}
	blank := face{size: style.TextBody}.width(" ")
	for i, r := range v.runs {
		f := r.face()
		text := r.Text[:min(len(r.Text), maxProse)]
		if r.Key {
			put(i, text, max(f.width(text)+2*capPad, 20))
			continue
		}
		for k, word := range strings.Split(text, " ") {
			if k > 0 {
				space = blank
			}
			if word != "" {
				put(i, word, f.width(visible(word)))
			}
		}
	}
}

// HeightFor is the height the paragraph takes at a width.
func (v *Prose) HeightFor(width float32) float32 {
	v.lay(round(width))
	return float32(v.lines) * proseLine
}

func (v *Prose) need() fyne.Size {
	w := v.Size().Width
	if w <= 0 {
		w = style.WidthSide
	}
	return fyne.NewSize(40, v.HeightFor(w))
}

func (v *Prose) paint(b *brush, size fyne.Size) {
	v.begin()
	v.lay(round(size.Width))
	p := b.pal()
	left := float32(0)
	if v.Lead != "" {
		left = proseLead
		b.text(v.Lead, 4, proseLine/2, face{size: style.TextBody}, p.Dim)
	}
	for i, e := range v.pieces {
		r := v.runs[e.run]
		x, cy := left+e.x, float32(e.line)*proseLine+proseLine/2
		ink := p.Text
		switch {
		case r.Key:
			b.box(x, cy-9, e.w, 18, 3, fade(p.Text, .05), p.Edge)
			b.middle(e.text, x+e.w/2, cy, r.face(), p.Text)
			continue
		case r.Link != nil:
			ink = p.Accent
			if v.hot(i) {
				b.rect(x, cy+8, e.w, 1, p.Accent)
			}
			v.zone(zone{x: x - 2, y: cy - 10, w: e.w + 4, h: 20, id: i, round: 3, act: r.Link, skip: e.more})
		case r.Mono:
			ink = p.Str
		}
		b.text(e.text, x, cy, r.face(), ink)
	}
	v.rings(b)
}

var _ fyne.Focusable = (*Prose)(nil)
