package code

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// TestSuspectsAreBoxes: a look-alike is drawn in a box with what it is, its letter in it,
// and everything behind it moves.
func TestSuspectsAreBoxes(t *testing.T) {
	m := newCellMap([]byte("sayНello(сору);"), fixedGlyphs(), Suspect{3, "Cyr"}, Suspect{10, ""}, Suspect{12, ""}, Suspect{14, ""}, Suspect{16, "Cyr"})
	for _, c := range []struct {
		off, cell int
		label     string
	}{{3, 3, "Н Cyr"}, {10, 14, "с"}, {12, 16, "о"}, {14, 18, "р"}, {16, 20, "у Cyr"}} {
		if got := m.cellOf(c.off); got != c.cell {
			t.Errorf("byte %d is in cell %d, want %d", c.off, got, c.cell)
		}
		if _, g := m.at(c.off, c.cell); g.how != boxed || !g.alike || g.label != c.label {
			t.Errorf("byte %d is drawn as %+v", c.off, g)
		}
	}
	if _, g := m.at(0, 0); g.how != inked {
		t.Errorf("an ordinary letter is drawn as %+v", g)
	}
	if m.cells != 3+6+5+4*2+4+2 {
		t.Errorf("the line has %d cells", m.cells)
	}
}

// TestSetSuspects: they come when the text is on screen already.
func TestSetSuspects(t *testing.T) {
	v := show(t, text{"sayНello();", "sayHello();"})
	before := v.cells(1).cells
	v.SetSuspects(map[int][]Suspect{1: {{3, "Cyr"}}})
	if got := v.cells(1).cells; got != before+5 {
		t.Errorf("the line has %d cells, before it had %d", got, before)
	}
	if got := v.cells(2).cells; got != before {
		t.Errorf("the other line has %d cells", got)
	}
	if w, ok := v.WordAt(Pos{1, 2}); !ok || v.TextIn(w) != "sayНello" {
		t.Errorf("the word is %q", v.TextIn(w))
	}
	v.SetSource(text{"sayНello();"})
	if got := v.cells(1).cells; got != before {
		t.Error("suspects of another text are drawn")
	}
}

// TestPointTellsOfHiddenCharacters: they can be asked about, but not followed.
func TestPointTellsOfHiddenCharacters(t *testing.T) {
	v := show(t, text{"a \u202e b"})
	var told []Range
	v.OnPoint = func(w Range, over bool) { told = append(told, w) }
	v.OnFollow = func(Range) { t.Error("it was followed") }
	at := center(v, 1, 3)
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if len(told) != 1 || told[0] != (Range{Pos{1, 3}, Pos{1, 6}}) || !v.Hides(told[0]) {
		t.Errorf("told of %v", told)
	}
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary, Modifier: fyne.KeyModifierControl})
}
