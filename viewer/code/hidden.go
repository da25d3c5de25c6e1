package code

import "vitrine/index/spoof"

// HiddenName tells whether r is a character that draws nothing, moves others, or
// looks like an ordinary space, and the label of the box drawn in its place: see
// [spoof.Hidden].
func HiddenName(r rune) (label string, hidden bool) {
	label, c := spoof.Hidden(r)
	return label, c != spoof.None
}

func codePoint(r rune) string { return spoof.CodePoint(r) }

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
