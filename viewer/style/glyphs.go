package style

import (
	"encoding/binary"
	"sort"
	"sync"

	"fyne.io/fyne/v2/theme"
)

// MonoGlyph reports whether the code face itself, upright and italic, draws r:
// such characters share one advance.
func MonoGlyph(r rune) bool {
	f := faces()
	return f.mono.has(r) && f.monoItalic.has(r)
}

// FallbackGlyph reports whether one of the faces that Fyne brings for monospaced
// text draws r. Their advances differ from the code face's.
func FallbackGlyph(r rune) bool {
	for _, c := range faces().fallback {
		if c.has(r) {
			return true
		}
	}
	return false
}

type faceSet struct {
	mono, monoItalic coverage
	fallback         []coverage
}

// faces reads the character maps once, when first asked.
var faces = sync.OnceValue(func() faceSet {
	f := faceSet{mono: readCoverage(monoFont.Content()), monoItalic: readCoverage(monoItalic.Content())}
	f.fallback = append(f.fallback, f.mono, readCoverage(theme.DefaultTextMonospaceFont().Content()), readCoverage(theme.DefaultSymbolFont().Content()))
	if emoji := theme.DefaultEmojiFont(); emoji != nil { // nil when built with no_emoji
		f.fallback = append(f.fallback, readCoverage(emoji.Content()))
	}
	return f
})

// coverage is the set of characters that a font maps to a glyph, as sorted ranges.
type coverage []struct{ from, to rune }

func (c coverage) has(r rune) bool {
	i := sort.Search(len(c), func(i int) bool { return c[i].to >= r })
	return i < len(c) && c[i].from <= r
}

func (c *coverage) add(r rune) {
	if n := len(*c); n > 0 && (*c)[n-1].to+1 == r {
		(*c)[n-1].to = r
		return
	}
	*c = append(*c, struct{ from, to rune }{r, r})
}

// readCoverage reads the cmap table (OpenType spec, formats 4 and 12) of an
// embedded font. It prefers format 12, which reaches beyond 16 bits.
func readCoverage(font []byte) coverage {
	be16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	be32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	for i := range be16(font, 4) {
		entry := font[12+16*i:]
		if string(entry[:4]) != "cmap" {
			continue
		}
		cmap := font[be32(entry, 8):]
		var short []byte
		for j := range be16(cmap, 2) {
			sub := cmap[be32(cmap, 4+8*j+4):]
			switch be16(sub, 0) {
			case 12:
				return segmented(sub, be32)
			case 4:
				short = sub
			}
		}
		if short != nil {
			return basic(short, be16)
		}
	}
	return nil
}

// segmented reads format 12: groups of first character, last character, glyph.
func segmented(sub []byte, be32 func([]byte, int) int) coverage {
	var c coverage
	for g := range be32(sub, 12) {
		from, to, glyph := be32(sub, 16+12*g), be32(sub, 20+12*g), be32(sub, 24+12*g)
		for r := from; r <= to; r++ {
			if glyph+r-from != 0 {
				c.add(rune(r))
			}
		}
	}
	return c
}

// basic reads format 4: parallel arrays of last and first characters, deltas and
// offsets into an array of glyphs.
func basic(sub []byte, be16 func([]byte, int) int) coverage {
	var c coverage
	n := be16(sub, 6) // twice the count of segments
	for s := 0; s < n; s += 2 {
		to, from := be16(sub, 14+s), be16(sub, 16+n+s)
		delta, offset := be16(sub, 16+2*n+s), be16(sub, 16+3*n+s)
		for r := from; r <= to && r < 0xFFFF; r++ {
			glyph := r
			if offset != 0 {
				if glyph = be16(sub, 16+3*n+s+offset+2*(r-from)); glyph == 0 {
					continue
				}
			}
			if (glyph+delta)&0xFFFF != 0 {
				c.add(rune(r))
			}
		}
	}
	return c
}
