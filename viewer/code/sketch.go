package code

import (
	"context"
	"image"
	"image/color"
	"unicode/utf8"

	"vitrine/viewer/style"
)

// Measures of the minimap. A line is two pixels high and a pixel stands for
// sketchCells cells of it.
const (
	sketchLine  = 2
	sketchCells = 1.5
	// maxSketch bounds its height in pixels, and so its texture to 1.2 MB. A file of
	// more lines is squeezed: each row stands for several of them.
	maxSketch = 4096
	// squeezed is how many of the lines of one row are looked at.
	squeezed = 4
)

// A Sketch is a file as its minimap shows it, to be painted off the UI thread: what
// it holds does not change.
type Sketch struct {
	src    Source
	rows   int
	tab    int
	tokens map[int][]Token // of the lines that are looked at
	colors [Const + 1]color.NRGBA
	before *image.RGBA // what was painted last: of lines whose tokens are forgotten
}

// sketchRows is how many rows the minimap of so many lines has.
func sketchRows(lines int) int { return min(lines, maxSketch/sketchLine) }

// lines are those that a row of the minimap stands for, of all.
func (s *Sketch) lines(row int) lineSpan {
	n := s.src.Lines()
	from := row * n / s.rows
	return lineSpan{from + 1, max((row+1)*n/s.rows, from+1)}
}

// each calls for the lines of a row that are looked at.
func (l lineSpan) each(do func(line int)) {
	n := l.to - l.from + 1
	for i := range min(n, squeezed) {
		do(l.from + i*n/min(n, squeezed))
	}
}

// Sketch takes what the minimap needs; nil where there is nothing to show.
func (v *View) Sketch() *Sketch {
	v.sketch.stale = false
	if v.src == nil || v.lines == 0 {
		return nil
	}
	before, _ := v.sketch.ink.Image.(*image.RGBA)
	if v.sketch.fresh {
		before = nil
	}
	v.sketch.fresh = false
	s := &Sketch{before: before, src: v.src, rows: sketchRows(v.lines), tab: v.glyphs.tab, tokens: map[int][]Token{}}
	for c := range s.colors {
		look, _ := v.look(Class(c))
		s.colors[c] = style.Over(style.Fade(look, .5), v.p.Code)
	}
	for row := range s.rows {
		s.lines(row).each(func(line int) {
			if b := v.tokens[line/tokenBlock]; b != nil && b[line%tokenBlock] != nil {
				s.tokens[line] = b[line%tokenBlock]
			}
		})
	}
	return s
}

// Paint draws the minimap: for each row its ink, in the colours of its tokens where
// these are known. When ctx ends it gives ctx's error.
func (s *Sketch) Paint(ctx context.Context) (*image.RGBA, error) {
	img := image.NewRGBA(image.Rect(0, 0, style.WidthMinimap, s.rows*sketchLine))
	for row := range s.rows {
		if row%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		known := s.before == nil
		s.lines(row).each(func(line int) { known = known || s.tokens[line] != nil })
		if at := row * sketchLine * img.Stride; !known && len(s.before.Pix) == len(img.Pix) {
			copy(img.Pix[at:at+sketchLine*img.Stride], s.before.Pix[at:])
			continue
		}
		s.lines(row).each(func(line int) { s.paint(img, row, line) })
	}
	return img, nil
}

// paint adds a line's ink to a row where nothing is yet.
func (s *Sketch) paint(img *image.RGBA, row, line int) {
	text, tokens := body(s.src.Line(line)), s.tokens[line]
	upper := img.Pix[row*sketchLine*img.Stride:][:img.Stride]
	lower := img.Pix[(row*sketchLine+1)*img.Stride:][:img.Stride]
	for off, cell := 0, 0; off < len(text); {
		x := int(float64(cell) / sketchCells)
		if x >= style.WidthMinimap {
			return
		}
		size, cells, ink := 1, 1, uint8(255)
		switch c := text[off]; {
		case c == '\t':
			cells, ink = s.tab-cell%s.tab, 0
		case c == ' ':
			ink = 0
		case c >= utf8.RuneSelf:
			_, size = utf8.DecodeRune(text[off:])
		case c < 'A':
			ink = 160 // punctuation and digits have less
		}
		if at := 4 * x; ink > 0 && lower[at+3] == 0 {
			for len(tokens) > 0 && tokens[0].To <= off {
				tokens = tokens[1:]
			}
			class := Plain
			if len(tokens) > 0 && tokens[0].From <= off && int(tokens[0].Class) < len(s.colors) {
				class = tokens[0].Class
			}
			c := s.colors[class]
			dot(lower[at:], c, ink)
			dot(upper[at:], c, ink/2)
		}
		off, cell = off+size, cell+cells
	}
}

// dot sets a pixel to a colour of some opacity.
func dot(p []uint8, c color.NRGBA, a uint8) {
	of := func(v uint8) uint8 { return uint8(uint16(v) * uint16(a) / 255) }
	p[0], p[1], p[2], p[3] = of(c.R), of(c.G), of(c.B), a
}
