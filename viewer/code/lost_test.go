package code

import "testing"

// lossyLine is a source of one line in which the first U+FFFD was a byte.
type lossyLine string

func (lossyLine) Lines() int                      { return 1 }
func (l lossyLine) Line(int) []byte               { return []byte(l) }
func (lossyLine) Lost(line, off int) (byte, bool) { return 0xc3, off == 1 }

// TestLostBytes: the box of a byte that is no character says which, and takes no other
// room than before.
func TestLostBytes(t *testing.T) {
	text := "a\ufffd\ufffd\u200b"
	v := NewView()
	v.SetSource(lossyLine(text))
	m := v.cells(1)
	for off, want := range map[int]string{1: "0xC3", 4: "REPL", 7: "ZWSP"} {
		_, g := m.at(off, 0)
		if got := v.lost(1, off, m.text, g); got.label != want || got.cells != g.cells || len(got.label)+1 != g.cells {
			t.Errorf("byte %d is labelled %q in %d cells, want %q", off, got.label, got.cells, want)
		}
	}
}
