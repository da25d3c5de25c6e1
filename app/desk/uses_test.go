package desk

import (
	"bytes"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
)

// TestF4GoesThroughUses: what is listed last is what F4 goes through.
func TestF4GoesThroughUses(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "decode_ascii85", 1)
	r.references()
	s.idle()
	uses := r.symbols.uses
	if len(uses.hits) < 2 {
		t.Fatalf("%d uses", len(uses.hits))
	}
	for i := range 2 {
		s.press(chord{fyne.KeyF4, 0})
		s.idle()
		if at := r.current().view.Caret(); uses.at != i || at.Line != uses.hits[i].line {
			t.Errorf("F4 leads to use %d, %v; want %d in line %d", uses.at, at, i, uses.hits[i].line)
		}
	}
	s.press(chord{fyne.KeyF4, shift})
	s.idle()
	if uses.at != 0 {
		t.Errorf("Shift+F4 leads to use %d", uses.at)
	}
}

// TestAUseIsInSight: of a long line the part around the name is shown.
func TestAUseIsInSight(t *testing.T) {
	line := []byte("\tint a_rather_long_line_of_code(struct some_type *with_arguments, size_t wanted);")
	at := bytes.Index(line, []byte("wanted"))
	h := keepUse(useOf(line, at+1, 6))
	if len(h.marks) != 1 || h.text[h.marks[0][0]:h.marks[0][1]] != "wanted" {
		t.Fatalf("marked is %v of %q", h.marks, h.text)
	}
	if before := h.text[:h.marks[0][0]]; !strings.HasPrefix(before, "…") || len(before) > farHit {
		t.Errorf("ahead of it stands %q", before)
	}
	h = keepUse(useOf(line, 2, 3))
	if !strings.HasPrefix(h.text, "int a_rather") {
		t.Errorf("a use at the start is shown as %q", h.text)
	}
}

func useOf(line []byte, col, n int) (l room.ReferenceLine) {
	l.Text, l.Line, l.Col, l.Start, l.End = line, 3, col, 100, 100+n
	return l
}

// TestQuickOpenIsWokenEmpty: the list of the time before is painted before it is asked.
func TestQuickOpenIsWokenEmpty(t *testing.T) {
	s, r := enter(t)
	r.quick.show()
	s.idle()
	r.d.look.Escape()
	r.quick.found = nil
	if row := r.quick.row(0); len(row.Text) != 0 {
		t.Errorf("a row without an answer shows %v", row)
	}
}
