package desk

import (
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
)

// TestInspectorLeavesRoomForCode: beside panes that would be too narrow it lies below.
func TestInspectorLeavesRoomForCode(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	r.ann.begin()
	if r.beside.Vertical {
		t.Error("with one pane the inspector is beside it")
	}
	r.splitPane(false)
	s.win.Resize(fyne.NewSize(1024, 700))
	if !r.beside.Vertical {
		t.Error("two panes are squeezed")
	}
	for i, p := range r.panes() {
		if w := p.body.Size().Width; w < minPaneWidth {
			t.Errorf("pane %d is %v wide", i+1, w)
		}
	}
	bottom := func(o fyne.CanvasObject) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y + o.Size().Height
	}
	if got, most := bottom(r.ann.save), bottom(r.ann.body); r.ann.save.Size().Height == 0 || got > most {
		t.Errorf("Save ends at %v, the inspector at %v", got, most)
	}
	if h := r.ann.body.Size().Height; h < 140 || h > 320 {
		t.Errorf("the inspector is %v high", h)
	}
}

// TestSidePanelKeepsItsWidth: each panel has its own, also in the next visit.
func TestSidePanelKeepsItsWidth(t *testing.T) {
	_, r := enter(t)
	was := r.split.Offset()
	r.split.Shift(60)
	r.showSide("notes")
	r.showSide("files")
	if got := r.split.Offset(); got != was+60 {
		t.Errorf("the files are %v wide, want %v", got, was+60)
	}
	r.d.app.Preferences().SetFloat(settingSide+"files", 1e9)
	r.showSide("notes")
	r.showSide("files")
	if got := r.split.Offset(); got != was {
		t.Errorf("a broken preference gives %v, want %v", got, was)
	}
}

// TestInspectorLeavesTheLineInSight: what is written about is seen above the form.
func TestInspectorLeavesTheLineInSight(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1024, 700))
	s.open(r, sampleFile, 1)
	r.splitPane(false)
	v := r.current().view
	_, last := v.Shown()
	v.Select(code.Range{From: code.Pos{Line: last - 1, Col: 1}, To: code.Pos{Line: last - 1, Col: 1}})
	r.ann.begin()
	if at, height := v.Place(v.Caret()); at.Y+height > r.d.position(v).Y+v.Size().Height {
		t.Errorf("the line ends at %v, the code at %v", at.Y+height, r.d.position(v).Y+v.Size().Height)
	}
}
