package desk

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
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

// TestPeekHeight: keys and the edge that is away from the line make it higher, as far as
// there is room, and the next one is as high.
func TestPeekHeight(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1280, 800))
	at := s.open(r, sampleFile, 1)
	ask := func() *peek {
		t.Helper()
		s.stand(r, "decode_ascii85", 1)
		at.view.ScrollTo(code.Scroll{})
		s.press(chord{fyne.KeyF12, alt})
		s.idle()
		if !r.peeking() {
			t.Fatalf("nothing is peeked at:\n%s", s.trace.String())
		}
		return r.peeked
	}
	height := func(k *peek) float32 { return k.shown.view.Size().Height }
	k := ask()
	was := height(k)
	s.press(chord{fyne.KeyRight, ctrlAlt})
	if got := height(k); got != was+resizeStep || s.said("peek-height") != 1 {
		t.Errorf("it is %v high, was %v", got, was)
	}
	s.press(chord{fyne.KeyLeft, ctrlAlt})
	s.press(chord{fyne.KeyLeft, ctrlAlt})
	if got := height(k); got != was-resizeStep {
		t.Errorf("it is %v high, was %v", got, was)
	}
	r.d.look.Escape()
	k = ask()
	s.win.Canvas().Unfocus() // as a click on what takes no keys does
	k.aside.Shift(1)
	k.aside.Shift(-1)
	if s.win.Canvas().Focused() != k.aside.Focusable() {
		t.Errorf("after dragging %T has the keyboard", s.win.Canvas().Focused())
	}
	r.d.look.Escape()
	side := r.split.Offset()
	s.press(chord{fyne.KeyLeft, ctrlAlt})
	if r.split.Offset() == side {
		t.Error("without a peek the keys move no line")
	}
	k = ask()
	if got := height(k); got != was-resizeStep {
		t.Errorf("the next one is %v high", got)
	}
	for range 50 {
		s.press(chord{fyne.KeyRight, ctrlAlt})
	}
	if top := height(k); top <= was || top > at.view.Size().Height {
		t.Errorf("at most it is %v high, of %v", top, at.view.Size().Height)
	}
	highest := height(k)
	s.press(chord{fyne.KeyLeft, ctrlAlt})
	if got := height(k); got != highest-resizeStep {
		t.Errorf("from the highest, %v, it goes to %v", highest, got)
	}
	for range 50 {
		s.press(chord{fyne.KeyLeft, ctrlAlt})
	}
	if low := height(k); low < 60 || low > was {
		t.Errorf("at least it is %v high", low)
	}
	r.d.look.Escape()
}
