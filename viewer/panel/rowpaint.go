package panel

import (
	"vitrine/viewer/style"
)

// Where the parts of a row stand, from the design's pictures.
const (
	rowInset   = 11 // to the chevron of depth 0
	rowIndent  = 12 // a step of depth
	foldSize   = 12
	iconSize   = 14
	rowRight   = 10 // right inset
	barWidth   = 32
	gutterEdge = 76 // right edge of a gutter figure at depth 0
)

// rowState is how a row is shown, besides what it says.
type rowState struct {
	selected, hover, linkHot bool
	focused                  bool    // the list has the keyboard
	inset                    float32 // selection box inset: overlays round it, panes run it to the edge
}

// rowHit is where the clickable parts of a painted row are; empty ranges when absent.
type rowHit struct {
	index        int
	foldA, foldB float32
	linkA, linkB float32
}

// row paints r into the band [y, y+h) of width w.
func (b *brush) row(r Row, y, w, h float32, st rowState) rowHit {
	p := b.pal()
	hit := rowHit{}
	switch {
	case r.Kind == RuleRow:
		b.rect(st.inset, y, w-2*st.inset, 1, p.Line)
	case st.selected && st.inset > 0:
		b.box(st.inset, y, w-2*st.inset, h, style.Radius, p.Select, colour{})
	case st.selected:
		b.rect(0, y, w, h, p.Select)
		b.rect(0, y, 2, h, p.Accent)
	case st.hover && r.Kind == ItemRow:
		b.box(st.inset, y, w-2*st.inset, h, st.inset/2, p.Hover, colour{})
	}
	tone := func(t Tone) colour {
		if t == ToneFaint && (st.selected || st.hover) {
			t = ToneDim // Faint is not readable enough on Select
		}
		return t.Of(p)
	}
	base := float32(style.TextBody)
	if r.Kind == HeadingRow || r.Kind == RuleRow {
		base = style.TextSecondary
		r.Text = headings(r.Text)
	}
	cy, cy2 := y+h/2, float32(0)
	if h >= style.HeightTwoLine {
		cy, cy2 = y+15, y+32
	}
	x := float32(rowInset + rowIndent*r.Depth)
	if r.Fold == Flat {
		x += 3
	} else {
		for d := range r.Depth {
			b.rect(float32(rowInset+rowIndent*d+foldSize/2), y, 1, h, p.Line)
		}
	}
	switch r.Fold {
	case Closed, Opened:
		name := "right"
		if r.Fold == Opened {
			name = "down"
		}
		b.icon(name, x, cy, foldSize, p.Dim)
		hit.foldA, hit.foldB = x-4, x+foldSize+4
		x += iconSize
	case Leaf:
		x += iconSize
	}
	if r.Gutter != "" {
		edge := float32(gutterEdge)
		b.right(r.Gutter, edge, cy, face{size: style.TextSecondary, mono: true}, tone(ToneFaint))
		x = edge + style.Gap3
	}
	if r.ruled {
		b.rect(0, y, w, 1, p.Line)
	}
	if r.Blank {
		x += 26
	}
	if r.Badge != "" {
		b.badge(r.Badge, x, cy, r.BadgeTone.Of(p))
		x += badgeSize + 6
		if r.Fold == Flat {
			x += 4
		}
	}
	if r.Icon != "" {
		size, mid := float32(iconSize), cy
		if cy2 > 0 {
			size, mid = 16, y+h/2
		}
		b.icon(r.Icon, x, mid, size, tone(r.IconTone))
		x += 20
		if r.Fold == Flat {
			x += 6
		}
	}

	limit := w - rowRight - st.inset
	if r.Link != "" {
		f := face{size: style.TextSecondary}
		lw := f.width(r.Link)
		b.text(r.Link, limit-lw, cy, f, p.Accent)
		if st.linkHot {
			b.rect(limit-lw, cy+f.height()/2-1, lw, 1, p.Accent)
		}
		hit.linkA, hit.linkB = limit-lw-4, limit+4
		limit -= lw + style.Gap2
	}
	if r.Pill != "" {
		limit -= b.pill(r.Pill, limit, cy) + style.Gap2
	}
	if len(r.Right) > 0 {
		rw := spansWidth(r.Right, style.TextSecondary)
		rw = min(rw, max(0, (limit-x)*2/3))
		b.spans(r.Right, limit-rw, cy, rw+1, style.TextSecondary, tone)
		if r.Bar != nil {
			rw = max(rw, 16)
		}
		limit -= rw + style.Gap2
	}
	if r.Bar != nil {
		if limit-barWidth-x > 60 { // names before bars in a narrow pane
			b.ramp(r.Bar, limit-barWidth, cy-2, barWidth, 4)
			limit -= barWidth + style.Gap1
		}
	}
	for i := len(r.Chips) - 1; i >= 0; i-- {
		cw := chipWidth(r.Chips[i])
		if limit-cw-x < 40 {
			break
		}
		b.chip(r.Chips[i], limit-cw, cy, cw)
		limit -= cw + 6
	}
	marks := float32(len(r.Marks)) * 16
	if marks > 0 {
		marks += 2
	}
	used := b.spans(r.Text, x, cy, limit-x-marks, base, tone)
	mx := x + used + 6
	for _, m := range r.Marks {
		b.icon(m.Icon, mx, cy, 11, tone(m.Tone))
		mx += 16
	}
	if cy2 > 0 {
		b.spans(r.Second, x, cy2, w-rowRight-x, style.TextCaption, tone)
	}
	if st.focused && st.selected && st.inset == 0 { // overlays have no second list to tell apart
		b.ring(0, y, w, h, 0)
	}
	return hit
}

// headings sets the style of a heading's words where the caller chose none.
func headings(in []Span) []Span {
	out := make([]Span, len(in))
	for i, s := range in {
		if i == 0 {
			s.Bold = true
		}
		if s.Tone == ToneText {
			s.Tone = ToneDim
		}
		out[i] = s
	}
	return out
}

func (s Span) face(base float32) face {
	f := face{size: s.Size, bold: s.Bold, italic: s.Italic, mono: s.Mono}
	if f.size == 0 {
		f.size = base
		if s.Mono && base == style.TextBody {
			f.size = style.TextSecondary
		}
	}
	return f
}

func spansWidth(spans []Span, base float32) float32 {
	var w float32
	for _, s := range spans {
		t := s.Text
		if len(t) > maxMeasured {
			t = t[:maxMeasured]
		}
		w += s.Gap + s.face(base).width(visible(t))
	}
	return w
}

// spans draws texts one after the other within width, the last that fits in
// part with an ellipsis, and returns the width used.
func (b *brush) spans(spans []Span, x, cy, width, base float32, tone func(Tone) colour) float32 {
	start := x
	end := x + width
	for _, s := range spans {
		x += s.Gap
		f := s.face(base)
		text := clipBytes(s.Text)
		full := visible(text)
		shown := f.fit(full, end-x)
		if shown == "" && full != "" {
			return min(x, end) - start
		}
		sw := f.width(shown)
		for _, h := range s.Hits {
			b.hit(f, text, h, x, cy, sw)
		}
		b.text(shown, x, cy, f, tone(s.Tone))
		x += sw
		if shown != full || len(text) < len(s.Text) {
			break
		}
	}
	return min(x, end) - start
}

// clipBytes bounds a text at a rune's edge before it is measured.
func clipBytes(s string) string {
	if len(s) <= 4*maxMeasured {
		return s
	}
	n := 4 * maxMeasured
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// hit draws the background of one found range of s, at most to width.
func (b *brush) hit(f face, s string, h [2]int, x, cy, width float32) {
	from, to := max(0, min(h[0], len(s))), max(0, min(h[1], len(s)))
	if from >= to || from > maxMeasured {
		return
	}
	a := f.width(visible(s[:from]))
	if a >= width {
		return
	}
	z := min(f.width(visible(s[:min(to, 4*maxMeasured)])), width)
	fh := f.height()
	b.box(x+a-1, cy-fh/2, z-a+2, fh, 3, b.pal().Hit, colour{})
}

// pill draws a count in a rounded box that ends at right and returns its width.
func (b *brush) pill(s string, right, cy float32) float32 {
	f := face{size: style.TextCaption}
	w := max(f.width(visible(s))+14, 22)
	b.box(right-w, cy-8, w, 16, 8, b.pal().Pill(), colour{})
	b.middle(s, right-w/2, cy, f, b.pal().Dim)
	return w
}

// badgeSize is the side of a badge's box.
const badgeSize = 16

// badge draws a letter in a tinted box at x, centred at cy.
func (b *brush) badge(s string, x, cy float32, c colour) {
	b.box(x, cy-badgeSize/2, badgeSize, badgeSize, style.Radius, fade(c, .16), fade(c, .4))
	b.middle(s, x+badgeSize/2, cy, face{size: style.TextBadge, bold: true}, c)
}

// ramp draws shares of unseen, shown, skimmed, read, understood: the strongest first, on the unseen ground.
func (b *brush) ramp(shares []float32, x, y, w, h float32) {
	p := b.pal()
	b.box(x, y, w, h, h/2, p.Cov[0], colour{})
	at := x
	for i := min(len(shares), len(p.Cov)) - 1; i > 0; i-- {
		sw := round(w * max(0, min(1, shares[i])))
		sw = min(sw, x+w-at)
		if sw > 0 {
			b.box(at, y, sw, h, 0, p.Cov[i], colour{})
			at += sw
		}
	}
}

func chipFace() face { return face{size: style.TextCaption, bold: true} }

func chipWidth(c ChipStyle) float32 {
	w := chipFace().width(visible(c.Text)) + 14
	if c.Icon != "" {
		w += 14
	}
	return round(w)
}

// chip draws a chip at x, centred at cy.
func (b *brush) chip(c ChipStyle, x, cy, w float32) {
	p := b.pal()
	col := c.Tone.Of(p)
	if c.Tone == ToneText || c.Tone == ToneDim {
		b.box(x, cy-9, w, style.HeightChip, style.Radius, fade(col, .08), p.Edge)
	} else {
		b.box(x, cy-9, w, style.HeightChip, style.Radius, fade(col, .15), fade(col, .5))
	}
	tx := x + 7
	if c.Icon != "" {
		b.icon(c.Icon, x+6, cy, 11, col)
		tx = x + 21
	}
	b.cut(c.Text, tx, cy, x+w-tx-5, chipFace(), col)
}
