package code

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"strconv"
	"unicode/utf8"
)

// A run is neighbouring characters of one look in a row.
type run struct {
	text   []byte // of the line
	label  string // or of a box, in its middle
	color  color.NRGBA
	italic bool
	cell   int // from the first of the row's window
	cells  int
}

func (k run) equal(l run) bool {
	return k.color == l.color && k.cell == l.cell && k.cells == l.cells && k.italic == l.italic && k.label == l.label && bytes.Equal(k.text, l.text)
}

// A brush paints runs into one image that is used again for every row: Fyne copies it
// at once, into a texture or the picture that it draws.
type brush struct {
	img   image.RGBA
	ramps map[color.NRGBA]*ramp
}

// A ramp is a colour in each opacity, as the bytes of a pixel of image.RGBA.
type ramp [256]uint32

// maxRamps bounds the colours kept: a palette has some twenty.
const maxRamps = 256

func (b *brush) ramp(c color.NRGBA) *ramp {
	k := b.ramps[c]
	if k == nil {
		if b.ramps == nil || len(b.ramps) >= maxRamps {
			b.ramps = map[color.NRGBA]*ramp{}
		}
		k = new(ramp)
		for a := range uint32(256) {
			of := func(v uint8) uint32 { return (uint32(v)*a + 127) / 255 }
			k[a] = of(c.R) | of(c.G)<<8 | of(c.B)<<16 | a<<24
		}
		b.ramps[c] = k
	}
	return k
}

// clean gives an empty image of a size.
func (b *brush) clean(w, h int) *image.RGBA {
	n := 4 * w * h
	if cap(b.img.Pix) < n {
		b.img.Pix = make([]uint8, n)
	}
	b.img.Pix, b.img.Stride, b.img.Rect = b.img.Pix[:n], 4*w, image.Rect(0, 0, w, h)
	clear(b.img.Pix)
	return &b.img
}

// put paints a letter whose cells begin at x, on a baseline at y.
func (b *brush) put(k *mask, x, y int, c *ramp) {
	x, y = x+k.x, y+k.y
	from, to := max(0, -x), min(k.w, b.img.Rect.Max.X-x)
	for j := max(0, -y); j < min(k.h, b.img.Rect.Max.Y-y); j++ {
		at := (y+j)*b.img.Stride + 4*x
		line := k.pix[j*k.w : (j+1)*k.w]
		for i := from; i < to; i++ {
			a := line[i]
			if a == 0 {
				continue
			}
			p := b.img.Pix[at+4*i : at+4*i+4 : at+4*i+4]
			if a < 255 && p[3] != 0 { // over another letter
				over, rest := c[a], uint32(255-a)
				for n := range p {
					p[n] = uint8(over>>(8*n)) + uint8((uint32(p[n])*rest+127)/255)
				}
				continue
			}
			binary.LittleEndian.PutUint32(p, c[a])
		}
	}
}

// paintRow paints what a row's raster shows: Fyne asks for it when it has no texture.
func (v *View) paintRow(r *row, w, h int) image.Image {
	b, m := &v.stage.brush, &v.metrics
	img := b.clean(w, h)
	y := m.base
	if !r.tall {
		y = -m.letters.top
	}
	for i := range r.runs {
		k := &r.runs[i]
		c, x := b.ramp(k.color), (k.cell-r.inkFrom)*m.letters.cell+r.pad(m)
		if k.label != "" {
			x += (k.cells*m.letters.cell - utf8.RuneCountInString(k.label)*m.labels.cell) / 2
			for _, l := range k.label {
				b.put(m.labels.mask(letter{r: l, cells: 1}), x, m.labelBase, c)
				x += m.labels.cell
			}
			continue
		}
		for off := 0; off < len(k.text); {
			l, size := rune(k.text[off]), 1
			cells := 1
			if l >= utf8.RuneSelf {
				l, size = utf8.DecodeRune(k.text[off:])
				cells = v.glyphs.of(l).cells
			}
			if l != ' ' {
				b.put(m.letters.mask(letter{l, cells, k.italic}), x, y, c)
			}
			off, x = off+size, x+cells*m.letters.cell
		}
	}
	return img
}

// paintNumbers paints the numbers of all rows in view.
func (v *View) paintNumbers(w, h int) image.Image { return v.paintNumbersOf(v.stage.rows, w, h) }

func (v *View) paintNumbersOf(rows []*row, w, h int) image.Image {
	b, m := &v.stage.brush, &v.metrics
	img := b.clean(w, h)
	right := int(float32(v.numberRight()) * m.scale)
	var digits [20]byte
	for _, r := range rows {
		if r.line == 0 || r.from != 0 {
			continue
		}
		number := strconv.AppendInt(digits[:0], int64(r.line), 10)
		c := b.ramp(v.numberColor(r.line))
		x, y := right-len(number)*m.letters.cell, int(round(r.body.Position().Y*m.scale))+m.base
		for _, d := range number {
			b.put(m.letters.mask(letter{r: rune(d), cells: 1}), x, y, c)
			x += m.letters.cell
		}
	}
	return img
}

// numberColor is the colour of a line's number.
func (v *View) numberColor(n int) color.NRGBA {
	if n == v.caret.Line || v.selected(n) {
		return v.p.Text
	}
	return v.p.Faint
}
