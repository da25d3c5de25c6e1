package code

import (
	"image"
	"image/color"
	"math"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"vitrine/viewer/style"
)

// TestNothingDrawnIsInvisible: a character that is not shown as a box leaves ink, in
// its cells and not far beyond, with either family.
func TestNothingDrawnIsInvisible(t *testing.T) {
	for _, f := range style.CodeFonts {
		g, a := newGlyphs(f), atlasOf(f, style.TextBody)
		for r := rune('!'); r < 0x20000; r += 1 + r/2000 { // the nearer, the more of them
			k := g.of(r)
			if k.how != inked {
				continue
			}
			for _, italic := range []bool{false, true} {
				m := a.mask(letter{r, k.cells, italic})
				ink := 0
				for _, p := range m.pix {
					ink += int(p)
				}
				if room := k.cells * a.cell; ink < 64 || m.x < -a.cell || m.x+m.w > room+a.cell {
					t.Errorf("%s: U+%04X (%v) in %d cells of %d has ink %d from %d to %d", f.Name, r, unicode.In(r, unicode.L), k.cells, a.cell, ink, m.x, m.x+m.w)
				}
			}
		}
	}
}

// TestCellsAreWholePixels: whatever size and scale, cells begin at device pixels, and so
// do fills and caret.
func TestCellsAreWholePixels(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		for size := MinTextSize; size <= MaxTextSize; size++ {
			m := newMetrics(style.CodeFonts[0], float32(size), scale)
			for _, cell := range []int{1, 7, 160} {
				px := float64(float32(float64(cell)*m.advance)) * float64(scale)
				if off := math.Abs(px - math.Round(px)); off > .01 {
					t.Errorf("size %d, scale %v: cell %d begins at pixel %v", size, scale, cell, px)
				}
			}
			if high := float32(m.row) * scale; m.base+m.letters.top < 0 || float32(m.base+m.letters.bottom) > high+1 {
				t.Errorf("size %d, scale %v: letters reach from %d to %d in a row of %v", size, scale, m.base+m.letters.top, m.base+m.letters.bottom, high)
			}
		}
	}
}

// picture is what the window shows.
func picture(v *View) image.Image { return v.canvas().Capture() }

// inkIn counts the pixels in a part of the view, in Fyne's pixels, that are near a colour.
func inkIn(v *View, img image.Image, at fyne.Position, w, h float32, c color.NRGBA) (n int) {
	scale := v.canvas().Scale()
	for y := int(at.Y * scale); y < int((at.Y+h)*scale); y++ {
		for x := int(at.X * scale); x < int((at.X+w)*scale); x++ {
			p := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			if d := diff(p.R, c.R) + diff(p.G, c.G) + diff(p.B, c.B); d < 90 {
				n++
			}
		}
	}
	return n
}

func diff(a, b uint8) int { return max(int(a), int(b)) - min(int(a), int(b)) }

// TestPicture looks at the pixels: each word has its colour in its place and no other, at
// any scale, scrolled sideways too, and nothing is painted over the gutter.
func TestPicture(t *testing.T) {
	for _, scale := range []float32{1, 2} {
		v := show(t, text{"if (x) \"str\" // why", "\treturn 中;"})
		v.canvas().(software.WindowlessCanvas).SetScale(scale)
		v.SetTokens(1, [][]Token{{{0, 2, Keyword}, {7, 12, String}, {13, 19, Comment}}, {{1, 7, Keyword}}})
		v.Resize(v.Size().AddWidthHeight(1, 0)) // a change of scale comes with one
		if v.metrics.scale != scale {
			t.Fatalf("at scale %v the letters are those of %v", scale, v.metrics.scale)
		}
		for _, left := range []int{0, 24} {
			v.left = left
			v.scrolled()
			img := picture(v)
			for _, c := range []struct {
				line, from, to int
				ink            color.NRGBA
			}{{1, 7, 12, v.p.Str}, {1, 13, 19, v.p.Comment}, {2, 2, 8, v.p.Keyword}} {
				at, end := v.point(Pos{c.line, c.from + 1}), v.point(Pos{c.line, c.to + 1})
				if c.line == 2 {
					at, end = v.point(Pos{2, 2}), v.point(Pos{2, 8})
				}
				if n := inkIn(v, img, at, end.X-at.X, v.row(), c.ink); n < 20 {
					t.Errorf("scale %v, left %d: %d pixels of the word at %d:%d have its colour", scale, left, n, c.line, c.from)
				}
			}
			gutter := fyne.NewPos(numberRight+2, 0)
			if n := inkIn(v, img, gutter, float32(v.gutter()-numberRight-4), 2*v.row(), v.p.Keyword); n > 0 {
				t.Errorf("scale %v, left %d: text is painted over the gutter", scale, left)
			}
		}
	}
}
