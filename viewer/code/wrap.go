package code

import (
	"sort"
	"unicode/utf8"
)

// A stretch is what one row shows: cells [from, to) of a line, in the cells of
// the whole line. Each is drawn shift cells further right than it would stand
// unwrapped: a row that continues a line begins at its hanging indent.
type stretch struct {
	line, part int
	from, to   int
	shift      int
	last       bool // of its line
}

// Measures of wrapping in cells: how much deeper than its line a continued row
// begins, and below which width nothing is gained by wrapping.
const (
	hangBy  = 2
	minWrap = 16
)

// maxHang is the part of the width that a hanging indent may take: 1/maxHang.
const maxHang = 2

// keptBreaks bounds the places at which lines are broken that are kept, in all: 4 MB.
const keptBreaks = 1 << 20

// wrapping is how lines are broken, and those that were.
type wrapping struct {
	width int // in cells; 0: lines are not wrapped
	known map[int][]int32
	kept  int // breaks in known
}

// hang is the indent of a line's continued rows.
func hang(m *cellMap, width int) int {
	depth, _ := m.indent()
	if depth+hangBy > width/maxHang {
		return hangBy
	}
	return depth + hangBy
}

// breaks are the cells at which the rows of a line begin, but its first.
func (v *View) breaks(line int) []int32 {
	if v.wrap.width == 0 {
		return nil
	}
	if b, ok := v.wrap.known[line]; ok {
		return b
	}
	m := v.cells(line)
	b := breakCells(m, v.wrap.width, hang(m, v.wrap.width))
	if len(v.wrap.known) >= keptMaps || v.wrap.kept+len(b) > keptBreaks {
		v.wrap.known, v.wrap.kept = map[int][]int32{}, 0
	}
	v.wrap.known[line] = b
	v.wrap.kept += len(b)
	return b
}

// breakCells breaks a line of more than width cells: behind a blank where there
// is one in the row's second half, else between words and punctuation, else
// anywhere between two characters. Rows but the first have hang cells less. It is
// one pass over the line.
func breakCells(m *cellMap, width, hang int) []int32 {
	if m.cells <= width {
		return nil
	}
	if m.plain {
		return plainBreaks(m.text, width, hang)
	}
	var out []int32
	start, room := 0, width
	blank, edge := 0, 0 // the latest places behind a blank, and between unlike characters
	was, text := kindBlank, false
	for off, cell := 0, 0; off < len(m.text); {
		size, cells := 1, 1
		kind := kindWord
		if c := m.text[off]; c > ' ' && c <= '~' {
			if !wordByte[c] {
				kind = kindPunct
			}
		} else {
			var g glyph
			size, g = m.at(off, cell)
			cells = g.cells
			switch {
			case g.how == tab || c == ' ':
				kind = kindBlank
			case cells > 1 || g.how == boxed:
				kind = kindPunct
			}
		}
		switch {
		case kind != kindBlank && was == kindBlank:
			if text { // an indent does not stand alone
				blank = cell
			}
			text = true
		case kind != was || kind == kindPunct && cells > 1:
			edge = cell
		}
		was = kind
		spare := 0
		if kind == kindBlank {
			spare = cells // one blank may stand behind the edge
		}
		for cell+cells > start+room+spare && cell > start {
			at := cell
			if half := start + room/2; blank > half {
				at = blank
			} else if edge > half {
				at = edge
			}
			out = append(out, int32(at))
			start, room = at, width-hang
		}
		off, cell = off+size, cell+cells
	}
	return out
}

// plainBreaks is breakCells where each byte is a printable character: it looks back
// from the end of each row only.
func plainBreaks(text []byte, width, hang int) (out []int32) {
	first := 0 // that is no blank: an indent does not stand alone
	for first < len(text) && text[first] == ' ' {
		first++
	}
	for start, room := 0, width; ; room = width - hang {
		end := start + room
		if end < len(text) && text[end] == ' ' {
			end++
		}
		if end >= len(text) {
			return out
		}
		at, edge := 0, 0
		for i, half := end, start+room/2; i > half; i-- {
			was, is := text[i-1], text[i]
			if was == ' ' && is != ' ' {
				if i > first {
					at = i
					break
				}
			} else if edge == 0 && (was == ' ') != (is == ' ') || edge == 0 && wordByte[was] != wordByte[is] {
				edge = i
			}
		}
		if at == 0 {
			at = edge
		}
		if at == 0 {
			at = end
		}
		out = append(out, int32(at))
		start = at
	}
}

// wordByte are the ASCII characters of words.
var wordByte = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = isWord(rune(c))
	}
	return
}()

// rowsOf is how many rows a line takes.
func (v *View) rowsOf(line int) int { return len(v.breaks(line)) + 1 }

// guessRows is how many rows a line takes if each byte is a cell.
func (v *View) guessRows(line int) int {
	return max(1, (len(v.src.Line(line))+v.wrap.width-1)/v.wrap.width)
}

// stretch is what part of a line a row of it shows.
func (v *View) stretch(line, part int) stretch {
	m := v.cells(line)
	b := v.breaks(line)
	part = min(max(part, 0), len(b))
	s := stretch{line: line, part: part, to: m.cells, last: part == len(b)}
	if part > 0 {
		s.from = int(b[part-1])
		s.shift = hang(m, v.wrap.width) - s.from
	}
	if !s.last {
		s.to = int(b[part])
	}
	return s
}

// partOf is the row of a line that shows a cell of it.
func (v *View) partOf(line, cell int) int {
	b := v.breaks(line)
	return sort.Search(len(b), func(i int) bool { return int(b[i]) > cell })
}

// SetWrap breaks lines that are wider than the view, or not.
func (v *View) SetWrap(on bool) {
	if on == v.wrapped {
		return
	}
	v.wrapped, v.left = on, 0
	v.changed()
}

// Wrapped reports whether lines are broken that are wider than the view.
func (v *View) Wrapped() bool { return v.wrapped }
