package code

import (
	"context"
	"unicode/utf8"

	"vitrine/index/spoof"
)

// MaxHiddenLines bounds what HiddenLines returns: behind it a list helps no
// reader, and a binary-like file would fill memory.
const MaxHiddenLines = 10_000

// HiddenName tells whether r is a character that draws nothing, moves others, or
// looks like an ordinary space, and the label of the box drawn in its place: see
// [spoof.Hidden].
func HiddenName(r rune) (label string, hidden bool) {
	label, c := spoof.Hidden(r)
	return label, c != spoof.None
}

func codePoint(r rune) string { return spoof.CodePoint(r) }

// HiddenIn counts the hidden characters of one decoded line, its own line ending
// left out.
func HiddenIn(line []byte) int {
	line = body(line)
	n := 0
	for i := 0; i < len(line); {
		i += plainPrefix(line[i:])
		if i == len(line) {
			break
		}
		r, size := utf8.DecodeRune(line[i:])
		if _, hidden := HiddenName(r); hidden {
			n++
		}
		i += size
	}
	return n
}

// HiddenLines lists, in order, the lines that hold hidden characters: at most
// MaxHiddenLines of them. When ctx ends it returns what it has and ctx's error.
func HiddenLines(ctx context.Context, src Source) ([]int, error) {
	var lines []int
	scanned := 0
	for n := 1; n <= src.Lines() && len(lines) < MaxHiddenLines; n++ {
		line := src.Line(n)
		if scanned += len(line) + 1; scanned > pollBytes {
			scanned = 0
			if err := ctx.Err(); err != nil {
				return lines, err
			}
		}
		if HiddenIn(line) > 0 {
			lines = append(lines, n)
		}
	}
	return lines, ctx.Err()
}

// pollBytes is how much text is read between two looks at a context: about a
// tenth of a millisecond.
const pollBytes = 64 << 10

// body is the line without the carriage return that belongs to its ending.
func body(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// plainPrefix counts the leading bytes that are printable ASCII: one cell each.
func plainPrefix(b []byte) int {
	for i, c := range b {
		if c < ' ' || c > '~' {
			return i
		}
	}
	return len(b)
}
