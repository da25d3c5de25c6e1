package code

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"vitrine/viewer/style"
)

// TabWidth is the distance of tab stops in cells unless SetTabs changes it.
const TabWidth = 4

// A glyph says how a character is drawn.
type glyph struct {
	how   drawing
	cells int    // ≥ 1; a tab's depends on where it stands
	label string // of a box
	alike bool   // a box of a character that can be seen, and is not what it seems
}

type drawing uint8

const (
	inked drawing = iota // by a letter of the family or of a fallback
	tab                  // blank to the next tab stop
	boxed                // a labelled box
)

// maxGlyphs bounds the cache of glyphs; Unicode assigns some 150,000 characters
// but no file uses more than a few thousand.
const maxGlyphs = 1 << 16

// glyphs tells for each character how it is drawn with the faces at hand.
type glyphs struct {
	known map[rune]glyph
	tab   int // distance of tab stops
	font  *style.CodeFont
	// drawn reports whether a fallback draws r, in so many cells.
	drawn func(r rune, cells int) bool
}

func newGlyphs(f *style.CodeFont) *glyphs {
	return &glyphs{known: map[rune]glyph{}, tab: TabWidth, font: f, drawn: func(r rune, _ int) bool { return style.FallbackGlyph(r) }}
}

func (g *glyphs) of(r rune) glyph {
	if r >= ' ' && r <= '~' {
		return glyph{how: inked, cells: 1}
	}
	if r == '\t' {
		return glyph{how: tab, cells: 1}
	}
	if k, ok := g.known[r]; ok {
		return k
	}
	if len(g.known) >= maxGlyphs {
		clear(g.known)
	}
	k := g.measure(r)
	g.known[r] = k
	return k
}

func (g *glyphs) measure(r rune) glyph {
	if label, hidden := HiddenName(r); hidden {
		return box(label)
	}
	cells := 1
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		cells = 2
	}
	switch {
	case unicode.In(r, unicode.M, unicode.Co): // marks paint over, private use means what a font likes
		return box(codePoint(r))
	case g.font.Has(r) || g.drawn(r, cells):
		return glyph{how: inked, cells: cells}
	}
	return box(codePoint(r))
}

// box is as wide as its label, whose letters are smaller than a cell, and a margin.
func box(label string) glyph {
	return glyph{how: boxed, cells: utf8.RuneCountInString(label) + 1, label: label}
}

// checkEvery is the distance in bytes of the points at which a line's cell
// count is kept: what has to be decoded to find a column, at most.
const checkEvery = 1 << 10

// A cellMap joins the byte offsets of one line to its cells.
type cellMap struct {
	text   []byte // the line without its ending
	g      *glyphs
	cells  int     // of the whole line
	plain  bool    // every byte is one cell
	checks []check // otherwise, in order; the first is the line's start

	suspects []Suspect // of the line
}

type check struct{ off, cell int }

func newCellMap(line []byte, g *glyphs, suspects ...Suspect) *cellMap {
	m := &cellMap{text: body(line), g: g, suspects: suspects}
	if n := plainPrefix(m.text); n == len(m.text) {
		m.plain, m.cells = true, n
		return m
	}
	off, cell, next := 0, 0, 0
	for off < len(m.text) {
		if off >= next {
			m.checks = append(m.checks, check{off, cell})
			next = off + checkEvery
		}
		if n := plainPrefix(m.text[off:min(next, len(m.text))]); n > 0 {
			off, cell = off+n, cell+n
			continue
		}
		size, gl := m.at(off, cell)
		off, cell = off+size, cell+gl.cells
	}
	m.cells = cell
	return m
}

// at gives the character that starts at byte off, in cell: its bytes and glyph.
// A byte that is no UTF-8 is a box with its value.
func (m *cellMap) at(off, cell int) (size int, gl glyph) {
	r, size := utf8.DecodeRune(m.text[off:])
	if r == utf8.RuneError && size == 1 {
		return 1, box(fmt.Sprintf("0x%02X", m.text[off]))
	}
	if tag, ok := m.suspect(off); ok {
		return size, m.g.alike(r, tag)
	}
	gl = m.g.of(r)
	if gl.how == tab {
		gl.cells = m.g.tab - cell%m.g.tab
	}
	return size, gl
}

// cellOf is the cell in which the character at byte off starts. An offset inside
// a character counts as its start, one behind the line as its end.
func (m *cellMap) cellOf(off int) int {
	off = max(off, 0)
	if off >= len(m.text) {
		return m.cells
	}
	if m.plain {
		return off
	}
	i := sort.Search(len(m.checks), func(i int) bool { return m.checks[i].off > off }) - 1
	at, cell := m.checks[i].off, m.checks[i].cell
	for {
		size, gl := m.at(at, cell)
		if at+size > off {
			return cell
		}
		at, cell = at+size, cell+gl.cells
	}
}

// charAt is the character that covers a cell: where it starts and how wide it
// is. Behind the end it is the end, of no width.
func (m *cellMap) charAt(cell int) (off, start, cells int) {
	cell = max(cell, 0)
	if cell >= m.cells {
		return len(m.text), m.cells, 0
	}
	if m.plain {
		return cell, cell, 1
	}
	i := sort.Search(len(m.checks), func(i int) bool { return m.checks[i].cell > cell }) - 1
	at, c := m.checks[i].off, m.checks[i].cell
	for {
		size, gl := m.at(at, c)
		if c+gl.cells > cell {
			return at, c, gl.cells
		}
		at, c = at+size, c+gl.cells
	}
}

// nearest is the offset between characters that is closest to x, in cells.
func (m *cellMap) nearest(x float64) int {
	off, start, cells := m.charAt(int(math.Floor(x)))
	if cells > 0 && x-float64(start) >= float64(cells)/2 {
		size, _ := m.at(off, start)
		return off + size
	}
	return off
}

// snap moves an offset that is inside a character to its start, and into the line.
func (m *cellMap) snap(off int) int {
	off = min(max(off, 0), len(m.text))
	for i := off - 1; i >= 0 && i > off-utf8.UTFMax && off < len(m.text); i-- {
		if _, size := utf8.DecodeRune(m.text[i:]); i+size > off {
			return i
		}
	}
	return off
}

// indent is the width in cells of the leading blanks, and whether the line is
// nothing but blanks.
func (m *cellMap) indent() (cells int, blank bool) {
	return indentOf(m.text, m.g.tab)
}

// maxIndent bounds the blanks looked at for indent guides: no window is wider.
const maxIndent = 512

// keptMaps bounds the lines whose cell maps are kept: several windowfuls.
const keptMaps = 1024

// cells gives the cell map of a line of the source; an empty one behind its end.
func (v *View) cells(n int) *cellMap {
	if m, ok := v.maps[n]; ok {
		return m
	}
	var line []byte
	if v.src != nil && n >= 1 && n <= v.src.Lines() {
		line = v.src.Line(n)
	}
	if len(v.maps) >= keptMaps {
		clear(v.maps)
	}
	m := newCellMap(line, v.glyphs, v.suspects[n]...)
	v.maps[n] = m
	return m
}

// tokensAt are the tokens of a line that end behind byte off.
func (v *View) tokensAt(n, off int) []Token {
	block, ok := v.tokens[n/tokenBlock]
	if !ok {
		return nil
	}
	t := block[n%tokenBlock]
	i, _ := slices.BinarySearchFunc(t, off, func(t Token, off int) int {
		if t.To > off {
			return 1
		}
		return -1
	})
	return t[i:]
}
