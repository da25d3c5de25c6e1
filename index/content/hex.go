package content

import "fmt"

// A Hex shows bytes as bytes: lines of sixteen with their offset in front and what they
// are in ASCII behind, as hexdump -C does. Lines are made when they are asked for, so
// that a file of any size is shown whole.
//
//	00001f00  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|
type Hex struct{ raw []byte }

// hexWidth is how many bytes a line has.
const hexWidth = 16

// Columns of a line, 1-based: of the first byte in hex, of the first after the gap in
// the middle, and of the first as a character.
const (
	hexFirst = 11
	hexHalf  = hexFirst + 3*hexWidth/2 + 1
	hexText  = hexFirst + 3*hexWidth + 3
)

// NewHex shows raw, which must not change afterwards.
func NewHex(raw []byte) *Hex { return &Hex{raw} }

// Lines is the number of lines.
func (h *Hex) Lines() int { return (len(h.raw) + hexWidth - 1) / hexWidth }

// Line is line n, 1-based; nil where there is none.
func (h *Hex) Line(n int) []byte {
	at := (n - 1) * hexWidth
	if n < 1 || at >= len(h.raw) {
		return nil
	}
	b := h.raw[at:min(at+hexWidth, len(h.raw))]
	out := make([]byte, 0, hexText+hexWidth)
	out = fmt.Appendf(out, "%08x ", at)
	for i := range hexWidth {
		if i%(hexWidth/2) == 0 {
			out = append(out, ' ')
		}
		if i < len(b) {
			out = fmt.Appendf(out, "%02x ", b[i])
		} else {
			out = append(out, "   "...)
		}
	}
	out = append(out, " |"...)
	for _, c := range b {
		if c < ' ' || c > '~' {
			c = '.'
		}
		out = append(out, c)
	}
	return append(out, '|')
}

// Size is the number of bytes.
func (h *Hex) Size() int64 { return int64(len(h.raw)) }

// Position is where a byte stands in hex, from line and column 1; an offset outside is
// moved to the nearest end.
func (h *Hex) Position(offset int64) (line, col int) {
	at := int(min(max(offset, 0), max(h.Size()-1, 0)))
	in := at % hexWidth
	col = hexFirst + 3*in
	if in >= hexWidth/2 {
		col++
	}
	return at/hexWidth + 1, col
}

// Offset is the byte at a position, in hex or as a character; what stands before a
// line's bytes is its first, behind them its last.
func (h *Hex) Offset(line, col int) int64 {
	in := 0
	switch {
	case col >= hexText:
		in = col - hexText
	case col >= hexHalf:
		in = (col-hexHalf)/3 + hexWidth/2
	default:
		in = (col - hexFirst) / 3
	}
	at := int64(line-1)*hexWidth + int64(min(max(in, 0), hexWidth-1))
	return min(max(at, 0), max(h.Size()-1, 0))
}
