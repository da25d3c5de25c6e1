package colour

import "bytes"

// Lines is bytes in lines, as a Text.
type Lines struct {
	b      []byte
	starts []int
}

// InLines splits bytes, which must be UTF-8 and not change any more.
func InLines(b []byte) *Lines {
	l := &Lines{b: b}
	for at := 0; at < len(b); {
		l.starts = append(l.starts, at)
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return l
}

// Bytes are all bytes.
func (l *Lines) Bytes() []byte { return l.b }

// Lines is the number of lines; what follows the last "\n" is one only if it has bytes.
func (l *Lines) Lines() int { return len(l.starts) }

// Start is the offset of a line's first byte; of one behind the last, their number.
func (l *Lines) Start(n int) int {
	if n > len(l.starts) {
		return len(l.b)
	}
	return l.starts[max(n, 1)-1]
}

// Line is a line without its "\n".
func (l *Lines) Line(n int) []byte {
	return bytes.TrimSuffix(l.b[l.Start(n):l.Start(n+1)], []byte{'\n'})
}
