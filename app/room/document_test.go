package room

import (
	"bytes"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// TestPlacesOfOffsets: lines and columns are as counting gives them, and lead back.
func TestPlacesOfOffsets(t *testing.T) {
	for _, text := range []string{"", "a", "a\n", "\n", "\n\n", "ab\ncd", "ab\r\n\r\ncd\n"} {
		d := &Document{Text: content.Decode(deposit.Digest{}, []byte(text))}
		for at := 0; at <= len(text); at++ {
			before := []byte(text[:at])
			line, col := bytes.Count(before, []byte{'\n'})+1, at-bytes.LastIndexByte(before, '\n')
			if l, c := d.PositionOf(at); l != line || c != col {
				t.Errorf("%q, offset %d: %d:%d, want %d:%d", text, at, l, c, line, col)
			}
			if back := d.OffsetOf(line, col); back != at {
				t.Errorf("%q, %d:%d: offset %d, want %d", text, line, col, back, at)
			}
		}
	}
}

// TestAsHex: every byte of a text can be looked at, and nothing of it changes.
func TestAsHex(t *testing.T) {
	v := enterSample(t, testConfig(t), "M. Okafor")
	_, d := newest(t, v)
	hex := d.AsHex()
	if d.Binary || !hex.Binary || hex.Dump.Size() != d.File.Size || hex.Text != d.Text {
		t.Errorf("%s: %d bytes in hex of %d", d.Place.Path, hex.Dump.Size(), d.File.Size)
	}
}
