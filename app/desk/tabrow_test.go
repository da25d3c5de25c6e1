package desk

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// paths are the files of a pane's tabs, in their order.
func (p *pane) paths() (out []string) {
	for _, t := range p.open {
		out = append(out, t.doc.Place.Path)
	}
	return out
}

func TestCloseOthersAndReopen(t *testing.T) {
	s, r := enter(t)
	s.open(r, "README.md", 1)
	s.open(r, otherFile, 30)
	s.open(r, sampleFile, 1)
	r.pin(0, true)
	r.closeOthers(2)
	if got := r.paths(); !slices.Equal(got, []string{"README.md", sampleFile}) {
		t.Fatalf("left are %v, want the pinned one and the one meant", got)
	}
	s.press(chord{fyne.KeyT, ctrlShift})
	s.idle()
	if at := r.current(); at.doc.Place.Path != otherFile || at.view.Caret().Line != 30 {
		t.Errorf("reopened is %v at line %d", at.doc.Place, at.view.Caret().Line)
	}
	r.closeAll()
	if got := r.paths(); !slices.Equal(got, []string{"README.md"}) {
		t.Errorf("closing all leaves %v, want the pinned one", got)
	}
	r.closeTab(0)
	r.reopen()
	s.idle()
	if at := r.current(); at == nil || !at.pinned {
		t.Error("a pinned tab comes back without its pin")
	}
}

// TestPinnedTabsStay: for want of room others are closed.
func TestPinnedTabsStay(t *testing.T) {
	s, r := enter(t)
	files := r.listed[r.release]
	for i := range maxPinned + 1 {
		s.open(r, files[i].Path, 1)
		r.pin(r.at, true)
	}
	n := 0
	for _, o := range r.open {
		if o.pinned {
			n++
		}
	}
	if n != maxPinned {
		t.Fatalf("%d tabs are pinned, want %d", n, maxPinned)
	}
	for i := range maxTabs {
		s.open(r, files[maxPinned+1+i].Path, 1)
	}
	for i := range maxPinned {
		if !r.open[i].pinned || r.open[i].doc.Place.Path != files[i].Path {
			t.Errorf("tab %d is %v", i, r.open[i].doc.Place)
		}
	}
	if len(r.open) != maxTabs {
		t.Errorf("%d tabs", len(r.open))
	}
}

func TestMoveTabAlong(t *testing.T) {
	s, r := enter(t)
	s.open(r, "README.md", 1)
	s.open(r, otherFile, 1)
	s.open(r, sampleFile, 1)
	s.press(chord{fyne.KeyPageUp, ctrlShift})
	if got := r.paths(); !slices.Equal(got, []string{"README.md", sampleFile, otherFile}) || r.current().doc.Place.Path != sampleFile {
		t.Errorf("moved left: %v", got)
	}
	r.pin(0, true)
	if r.moveAlong(1, 0) {
		t.Error("a tab went before a pinned one")
	}
	test.Drag(s.win.Canvas(), r.d.position(r.tabs).AddXY(r.tabs.Size().Width-300, 10), 0, 0) // beside the tabs: nothing
}

// TestTabsByUse: Ctrl+Tab goes to the tab used before, and again back.
func TestTabsByUse(t *testing.T) {
	s, r := enter(t)
	a := s.open(r, "README.md", 1)
	s.open(r, otherFile, 1)
	c := s.open(r, sampleFile, 1)
	r.select_(0)
	s.press(chord{fyne.KeyTab, ctrl})
	if r.current() != c {
		t.Errorf("Ctrl+Tab leads to %v", r.current().doc.Place)
	}
	s.press(chord{fyne.KeyTab, ctrl})
	if r.current() != a {
		t.Errorf("and again to %v", r.current().doc.Place)
	}
}
