package code

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// plainRows is what rows promises, by counting.
type plainRows struct {
	lines   int
	hidden  []lineSpan
	heights []int // by line - 1
}

func (p plainRows) shows(line int) bool {
	return !slices.ContainsFunc(p.hidden, func(h lineSpan) bool { return h.from <= line && line <= h.to })
}

// list is the line and part of every row.
func (p plainRows) list() (out [][2]int) {
	for line := 1; line <= p.lines; line++ {
		for part := 0; p.shows(line) && part < p.heights[line-1]; part++ {
			out = append(out, [2]int{line, part})
		}
	}
	return out
}

func someRows(rnd *rand.Rand, wrap bool) (plainRows, *rows) {
	p := plainRows{lines: rnd.Intn(2000)}
	for at := 2; at < p.lines; at += 1 + rnd.Intn(400) {
		to := min(at+rnd.Intn(300), p.lines)
		p.hidden = append(p.hidden, lineSpan{at, to})
		at = to + 1
	}
	for range p.lines {
		h := 1
		if wrap && rnd.Intn(3) == 0 {
			h += rnd.Intn(5)
		}
		p.heights = append(p.heights, h)
	}
	if !wrap {
		return p, newRows(p.lines, p.hidden, nil, nil)
	}
	return p, newRows(p.lines, p.hidden, func(n int) int { return p.heights[n-1] }, func(n int) int { return 1 + n%3 })
}

// TestRowsAndLines: once lines are laid out, rows and lines lead to each other.
func TestRowsAndLines(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range 60 {
		for _, wrap := range []bool{false, true} {
			p, r := someRows(rnd, wrap)
			r.settle(1, 0, 1<<30)
			list := p.list()
			if r.count() != len(list) {
				t.Fatalf("%d rows, want %d", r.count(), len(list))
			}
			for i, want := range list {
				line, part := r.at(i)
				if line != want[0] || part != want[1] {
					t.Fatalf("row %d is %d.%d, want %v", i, line, part, want)
				}
				if r.of(line)+part != i || r.near(line) < r.of(line)-blockLines*6 {
					t.Fatalf("line %d.%d is in row %d, want %d", line, part, r.of(line)+part, i)
				}
			}
			was := 0
			for line := 1; line <= p.lines; line++ {
				if r.shows(line) != p.shows(line) {
					t.Fatalf("line %d shows: %v", line, r.shows(line))
				}
				if !p.shows(line) {
					if r.head(line) != was || r.exact(line) != 0 || r.of(line) != r.of(was) {
						t.Fatalf("line %d is behind %d, want %d", line, r.head(line), was)
					}
					continue
				}
				if r.prev(line) != was || was > 0 && r.next(was) != line {
					t.Fatalf("ahead of %d stands %d, want %d", line, r.prev(line), was)
				}
				was = line
			}
			if was > 0 && r.next(was) != 0 {
				t.Fatalf("behind the last line stands %d", r.next(was))
			}
		}
	}
}

// TestRowsAreGuessed: what nobody looked at is a guess, and what was looked at stands.
func TestRowsAreGuessed(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	for range 60 {
		p, r := someRows(rnd, true)
		for range 200 {
			line, part := r.at(rnd.Intn(r.count() + 1))
			if p.lines == 0 {
				break
			}
			if !p.shows(line) || part < 0 || part >= p.heights[line-1] {
				t.Fatalf("there is no row %d.%d", line, part)
			}
			r.settle(line, 20, 30)
			// The rows around it are right against each other.
			at := r.of(line)
			for l, n := line, 0; n < 20 && r.next(l) > 0; n += p.heights[l-1] {
				at += p.heights[l-1]
				if l = r.next(l); r.of(l) != at {
					t.Fatalf("line %d is in row %d, want %d", l, r.of(l), at)
				}
			}
		}
	}
}

// TestManyLines: five million lines cost a sum for each block and a survey.
func TestManyLines(t *testing.T) {
	looked, laid := 0, 0
	r := newRows(5_000_000, []lineSpan{{1_000_001, 2_000_000}}, func(int) int { laid++; return 3 }, func(int) int { looked++; return 2 })
	if want := 8_000_000; r.count() != want {
		t.Errorf("%d rows, want about %d", r.count(), want)
	}
	for i := range 3000 {
		line, _ := r.at(i * 2600)
		r.settle(line, 10, 10)
	}
	if line, _ := r.at(1 << 40); line != 5_000_000 {
		t.Errorf("the end is line %d", line)
	}
	if looked > 2*surveyed+4000*blockLines || laid > 3100*24 || len(r.known) > keptBlocks {
		t.Errorf("%d lines were looked at, %d laid out, %d blocks are kept", looked, laid, len(r.known))
	}
}

func TestBreaks(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"", ""},
		{"short enough line!!!", "short enough line!!!"},
		{"one two three four five six", "one two three four |five six"},
		{"call(first, second, third)", "call(first, second, |third)"},
		{"averyverylongnamewithoutends", "averyverylongnamewit|houtends"},
		{"a.averyverylongname->field", "a.averyverylongname|->field"},
		{"  indented words that are wrapped on", "  indented words |that are wrapped |on"},
		{"                deep words here to be wrapped", "                deep |words here to be |wrapped"},
		{"中文中文中文中文中文中文中文", "中文中文中文中文中文|中文中文"},
		{"abc\u202e\u202e\u202e\u202e\u202e\u202e", "abc\u202e\u202e\u202e\u202e|\u202e\u202e"},
		{strings.Repeat("x", 55), strings.Repeat("x", 20) + "|" + strings.Repeat("x", 18) + "|" + strings.Repeat("x", 17)},
	} {
		m := newCellMap([]byte(c.line), fixedGlyphs())
		got, from := "", 0
		for _, b := range breakCells(m, 20, hang(m, 20)) {
			off, start, _ := m.charAt(int(b))
			if start != int(b) {
				t.Errorf("%q is broken inside a character, at cell %d", c.line, b)
			}
			got += c.line[from:off] + "|"
			from = off
		}
		if got += c.line[from:]; got != c.want {
			t.Errorf("%q is broken as\n%s, want\n%s", c.line, got, c.want)
		}
	}
}

// TestBreaksFit: no row is wider than there is room, unless one character is.
func TestBreaksFit(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	signs := []rune("ab_ \t;(){}é中\u200b\U000E0041")
	for range 400 {
		var s []rune
		for range rnd.Intn(400) {
			s = append(s, signs[rnd.Intn(len(signs))])
		}
		m, width := newCellMap([]byte(string(s)), fixedGlyphs()), minWrap+rnd.Intn(60)
		in := hang(m, width)
		from, room := 0, width
		for _, b := range append(breakCells(m, width, in), int32(m.cells)) {
			if n := int(b) - from; n > room && from < m.cells {
				_, _, one := m.charAt(from)
				off, _, last := m.charAt(int(b) - 1)
				if one != n && (n-last > room || m.text[off] > ' ') {
					t.Fatalf("%q: a row of %d cells in %d", string(s), n, room)
				}
			}
			if int(b) < from || int(b) == from && m.cells > 0 {
				t.Fatalf("%q: an empty row at %d", string(s), from)
			}
			from, room = int(b), width-in
		}
	}
}
