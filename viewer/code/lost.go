package code

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// A Lossy is a source whose text has U+FFFD where bytes of the file are no character. It
// tells which byte that was, so that the box of it says so: 0xC3.
type Lossy interface {
	Source
	// Lost is the byte for which U+FFFD stands at 0-based byte off of a line; false where
	// the file itself has that character, or it stands for more than one byte.
	Lost(line, off int) (b byte, ok bool)
}

var replacement = []byte(string(utf8.RuneError))

// lost puts the byte in the place of the label, which is as long.
func (v *View) lost(line, off int, text []byte, g glyph) glyph {
	l, ok := v.src.(Lossy)
	if !ok || !bytes.HasPrefix(text[off:], replacement) {
		return g
	}
	if b, ok := l.Lost(line, off); ok {
		g.label = fmt.Sprintf("0x%02X", b)
	}
	return g
}
