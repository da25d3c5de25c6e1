package desk

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

// TestPeekLeavesTheLine: the definition is shown below, and nothing around it moves.
func TestPeekLeavesTheLine(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	p := s.stand(r, "audit_log", 1) // of another file
	at.view.Reveal(p.Line)
	scroll, open := at.view.Scroll(), len(r.allTabs())
	s.press(chord{fyne.KeyF12, alt})
	s.idle()
	if s.said("peek ") != 1 || s.said("peeked ") == 0 {
		t.Fatalf("nothing is peeked at:\n%s", s.trace.String())
	}
	if at.view.Scroll() != scroll || at.view.Caret() != p || len(r.allTabs()) != open {
		t.Error("the line was left")
	}
	r.d.look.Escape()
	if s.win.Canvas().Overlays().Top() != nil || s.win.Canvas().Focused() != fyne.Focusable(at.view) {
		t.Errorf("after Escape %T has the keyboard", s.win.Canvas().Focused())
	}
}

// TestPeekGoesThere: Enter in the peek leads to what it shows.
func TestPeekGoesThere(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "decode_ascii85", 1)
	s.press(chord{fyne.KeyF12, alt})
	s.idle()
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	if s.win.Canvas().Overlays().Top() != nil || s.said(fmt.Sprintf("peeked %d ", r.current().view.Caret().Line)) == 0 {
		t.Errorf("Enter leads to %v, not where was peeked at:\n%s", r.current().view.Caret(), s.trace.String())
	}
	if word, _ := r.current().view.WordAt(r.current().view.Caret()); r.current().view.TextIn(word) != "decode_ascii85" {
		t.Errorf("it stands at %q", r.current().view.TextIn(word))
	}
}

func TestPeekReferences(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	p := s.stand(r, "decode_ascii85", 1)
	before := r.visit.Entries()
	s.press(chord{fyne.KeyF12, alt | shift})
	s.idle()
	if r.visit.Entries() == before {
		t.Error("the question was not recorded")
	}
	l := s.win.Canvas().Focused()
	first := s.said("peeked ")
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.idle()
	if s.said("peeked ") != first+1 || at.view.Caret() != p {
		t.Errorf("Down in the list shows no other use:\n%s", s.trace.String())
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	if r.current().view.Caret() == p {
		t.Error("Enter goes nowhere")
	}
}
