package code

import (
	"image"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"vitrine/viewer/style"
)

// An atlas holds the letters of one size as masks, each painted once. Lengths are
// device pixels. A letter stands in the middle of its cells, always at a whole
// pixel: the same letter looks the same everywhere.
type atlas struct {
	font        *style.CodeFont
	size        fixed.Int26_6
	cell        int // width of a cell
	top, bottom int // what printable ASCII reaches above (negative) and below the baseline

	ascii [2][128]*mask // upright and italic
	more  map[letter]*mask

	raster vector.Rasterizer
	buf    sfnt.Buffer
}

// A letter is a character in so many cells.
type letter struct {
	r      rune
	cells  int
	italic bool
}

// A mask is how much of each pixel a letter covers; x and y lead from the left edge of
// its cells and the baseline to its upper left pixel.
type mask struct {
	x, y, w, h int
	pix        []uint8
}

// maxMasks bounds the letters beside ASCII that are kept: more than a book of
// Chinese has, about 2 MB.
const maxMasks = 1 << 13

// atlases are those in use, for all views: UI thread only.
var atlases = map[atlasKey]*atlas{}

type atlasKey struct {
	font *style.CodeFont
	size fixed.Int26_6
}

// maxAtlases bounds them: two for each size of text in the window, and some that
// were passed on the way there.
const maxAtlases = 8

func atlasOf(f *style.CodeFont, size float64) *atlas {
	k := atlasKey{f, fixed.Int26_6(size * 64)}
	a := atlases[k]
	if a == nil {
		if len(atlases) >= maxAtlases {
			clear(atlases) // views keep theirs
		}
		a = newAtlas(f, k.size)
		atlases[k] = a
	}
	return a
}

func newAtlas(f *style.CodeFont, size fixed.Int26_6) *atlas {
	a := &atlas{font: f, size: size, more: map[letter]*mask{}}
	own := f.Own(false)
	if i, err := own.GlyphIndex(&a.buf, 'M'); err == nil {
		if w, err := own.GlyphAdvance(&a.buf, i, a.size, font.HintingNone); err == nil {
			a.cell = w.Round()
		}
	}
	a.cell = max(a.cell, 1)
	for r := '!'; r <= '~'; r++ {
		for _, italic := range []bool{false, true} {
			k := a.mask(letter{r, 1, italic})
			a.top, a.bottom = min(a.top, k.y), max(a.bottom, k.y+k.h)
		}
	}
	return a
}

// mask is the letter's mask, empty for one that no face draws.
func (a *atlas) mask(l letter) *mask {
	if l.r < 128 && l.cells == 1 {
		at := &a.ascii[0][l.r]
		if l.italic {
			at = &a.ascii[1][l.r]
		}
		if *at == nil {
			*at = a.paint(l)
		}
		return *at
	}
	k := a.more[l]
	if k == nil {
		if len(a.more) >= maxMasks {
			clear(a.more)
		}
		k = a.paint(l)
		a.more[l] = k
	}
	return k
}

// glyph is the face that draws r and its number there; 0 when none does.
func (a *atlas) glyph(r rune, italic bool) (*sfnt.Font, sfnt.GlyphIndex) {
	f := a.font.Own(italic)
	if i, err := f.GlyphIndex(&a.buf, r); err == nil && i != 0 {
		return f, i
	}
	for _, f := range style.Fallbacks() {
		if i, err := f.GlyphIndex(&a.buf, r); err == nil && i != 0 {
			return f, i
		}
	}
	return f, 0
}

// paint makes a letter's mask. A letter of a face with wider letters is made
// smaller to fit its cells.
func (a *atlas) paint(l letter) *mask {
	f, i := a.glyph(l.r, l.italic)
	room, size := fixed.I(a.cell*l.cells), a.size
	advance, err := f.GlyphAdvance(&a.buf, i, size, font.HintingNone)
	if i == 0 || err != nil {
		return &mask{}
	}
	if own := fixed.I(a.cell) + 64; advance > room && advance > own {
		size = size * room / advance
		advance = room
	}
	outline, err := f.LoadGlyph(&a.buf, i, size, nil)
	if err != nil || len(outline) == 0 {
		return &mask{}
	}
	shift := (room - advance) / 2
	b := outline.Bounds()
	k := &mask{x: (b.Min.X + shift).Floor(), y: b.Min.Y.Floor()}
	k.w, k.h = (b.Max.X+shift).Ceil()-k.x, b.Max.Y.Ceil()-k.y
	if limit := 4 * (room.Ceil() + a.size.Ceil()); k.w < 1 || k.h < 1 || k.w > limit || k.h > limit {
		return &mask{} // no letter is that large: a face's blank, or a fault
	}
	at := func(p fixed.Point26_6) (x, y float32) {
		return float32(p.X+shift)/64 - float32(k.x), float32(p.Y)/64 - float32(k.y)
	}
	a.raster.Reset(k.w, k.h)
	for _, s := range outline {
		ax, ay := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			a.raster.ClosePath()
			a.raster.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			a.raster.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			bx, by := at(s.Args[1])
			a.raster.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			bx, by := at(s.Args[1])
			cx, cy := at(s.Args[2])
			a.raster.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	a.raster.ClosePath()
	img := image.NewAlpha(image.Rect(0, 0, k.w, k.h))
	a.raster.Draw(img, img.Rect, image.Opaque, image.Point{})
	k.pix = img.Pix
	return k
}
