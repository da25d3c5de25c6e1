package code

import (
	"bytes"
	"math/rand"
	"strings"
	"testing"
	"unicode/utf8"

	"vitrine/viewer/style"
)

// fixedGlyphs draws wide characters in two cells and Hebrew alone, and lacks the
// rest, whatever fonts the machine has.
func fixedGlyphs() *glyphs {
	g := newGlyphs(style.CodeFonts[0])
	g.drawn = func(r rune, cells int) bool { return cells == 2 || r >= 0x5D0 && r <= 0x5EA }
	return g
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		line  string
		cells int
		why   string
	}{
		{"", 0, "empty"},
		{"abc", 3, "one each"},
		{"abc\r", 3, "the ending's carriage return is not drawn"},
		{"a\rb", 5, "a lone carriage return is the box CR"},
		{"\tx", 5, "a tab reaches the next stop"},
		{"abc\tx", 5, "so does one behind three characters"},
		{"abcd\tx", 9, "and one on a stop"},
		{"中文", 4, "East Asian wide take two"},
		{"\u202e", 4, "RLO and a margin"},
		{"\u200b", 5, "ZWSP and a margin"},
		{"\xff", 5, "0xFF and a margin"},
		{"שלום", 4, "right-to-left letters one each"},
		{"e\u0301", 8, "a combining mark is a box"},
		{"\ue000", 7, "so is private use"},
	} {
		if m := newCellMap([]byte(c.line), fixedGlyphs()); m.cells != c.cells {
			t.Errorf("%q takes %d cells, want %d: %s", c.line, m.cells, c.cells, c.why)
		}
	}
}

// checkInverse holds a cell map to its promise: byte offsets of characters and
// cells map to each other and back, in order, and every cell belongs to one character.
func checkInverse(t *testing.T, line []byte) {
	t.Helper()
	m := newCellMap(line, fixedGlyphs())
	cell := 0
	for off := 0; off < len(m.text); {
		size, g := m.at(off, cell)
		if g.cells < 1 || size < 1 {
			t.Fatalf("%q: character at %d has %d cells and %d bytes", line, off, g.cells, size)
		}
		if got := m.cellOf(off); got != cell {
			t.Fatalf("%q: byte %d is in cell %d, want %d", line, off, got, cell)
		}
		for i := range size {
			if m.cellOf(off+i) != cell || m.snap(off+i) != off {
				t.Fatalf("%q: byte %d inside the character at %d maps to cell %d, snaps to %d", line, off+i, off, m.cellOf(off+i), m.snap(off+i))
			}
		}
		for i := range g.cells {
			if o, s, n := m.charAt(cell + i); o != off || s != cell || n != g.cells {
				t.Fatalf("%q: cell %d belongs to %d, %d, %d; want %d, %d, %d", line, cell+i, o, s, n, off, cell, g.cells)
			}
		}
		if got := m.nearest(float64(cell)); got != off {
			t.Fatalf("%q: the point of byte %d leads to %d", line, off, got)
		}
		off, cell = off+size, cell+g.cells
	}
	if cell != m.cells || m.cellOf(len(m.text)) != cell || m.nearest(float64(cell)) != len(m.text) || m.nearest(1e9) != len(m.text) {
		t.Fatalf("%q ends in cell %d, want %d", line, m.cells, cell)
	}
}

func TestCellsAreInverse(t *testing.T) {
	alphabet := []string{"a", "b ", "\t", "é", "中", "\u202e", "\u200b", "\r", "\xff", "\xe4\xb8", "ש", "😀", "\u0301", "    ", "int x = 1;", "\x00"}
	rnd := rand.New(rand.NewSource(1))
	for range 300 {
		var b bytes.Buffer
		for range rnd.Intn(40) {
			b.WriteString(alphabet[rnd.Intn(len(alphabet))])
		}
		checkInverse(t, b.Bytes())
	}
	long := strings.Repeat("x\té中\u202e12345678901234567890", 300) // beyond several checkpoints
	checkInverse(t, []byte(long))
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"a\tb", "\u202ex\u2069", "\xff\xe4\xb8", "中\r", strings.Repeat("é\t", 700)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(line) < 1<<14 {
			checkInverse(t, line)
		}
	})
}

// TestLongLine: a line of 10 MB is mapped in one pass, and found in after that
// without another; were each look-up a pass of its own, this would not end
// within the tests' time.
func TestLongLine(t *testing.T) {
	line := []byte(strings.Repeat("var a=1;\té\u200b", 10<<20/13))
	m := newCellMap(line, fixedGlyphs())
	for i := range 1000 {
		off := m.snap(i * len(line) / 1000)
		if back := m.nearest(float64(m.cellOf(off))); back != off {
			t.Fatalf("byte %d comes back as %d", off, back)
		}
	}
	if !utf8.Valid(line) {
		t.Fatal("the test's line is no UTF-8")
	}
}
