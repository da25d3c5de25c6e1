package desk

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

const otherFile = "engine/unpack/lzw.c"

// TestSplitShowsTheFileTwice: each pane has a caret and a scroll position of its own, and
// what is opened goes into the active one.
func TestSplitShowsTheFileTwice(t *testing.T) {
	s, r := enter(t)
	left := s.open(r, sampleFile, 40)
	first := r.pane
	s.press(chord{fyne.KeyBackslash, ctrl})
	s.idle()
	right := r.current()
	if len(r.panes()) != 2 || r.pane == first || right == left || right.doc.Place != left.doc.Place {
		t.Fatalf("after the split: %d panes, active shows %v", len(r.panes()), right.doc.Place)
	}
	if got := right.view.Caret().Line; got != 40 {
		t.Errorf("the second view begins at line %d, want 40", got)
	}
	r.goTo(right, target{line: 90, col: 1})
	if left.view.Caret().Line != 40 || right.view.Caret().Line != 90 || left.view.Scroll() == right.view.Scroll() {
		t.Errorf("carets at %v and %v, both scrolled to %v", left.view.Caret(), right.view.Caret(), left.view.Scroll())
	}
	other := s.open(r, otherFile, 1)
	if len(first.open) != 1 || len(r.open) != 2 || other.pane != r.pane {
		t.Errorf("opened beside: %d and %d tabs", len(first.open), len(r.open))
	}
	s.press(chord{fyne.Key1, ctrl})
	if r.current() != left || s.win.Canvas().Focused() != fyne.Focusable(left.view) {
		t.Errorf("Ctrl+1 leads to %v, keyboard at %T", r.current().doc.Place, s.win.Canvas().Focused())
	}
	if path, _ := r.files.tree.Selected(); path != sampleFile {
		t.Errorf("the tree shows %q, not the file of the active pane", path)
	}
}

// TestMarksAreShared: an annotation shows wherever its bytes are.
func TestMarksAreShared(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 40)
	r.splitPane(true)
	r.ann.begin()
	r.ann.text.SetText("seen twice")
	r.ann.store()
	s.idle()
	for i, tab := range r.allTabs() {
		if len(r.visit.Annotations()) != 1 || tab.lineOf(r.visit.Annotations()[0].Locations[0]) != 40 {
			t.Errorf("pane %d has not the annotation", i+1)
		}
	}
}

// TestFocusMakesAPaneActive: a click into the other code is enough.
func TestFocusMakesAPaneActive(t *testing.T) {
	s, r := enter(t)
	left := s.open(r, sampleFile, 1)
	r.splitPane(false)
	right := s.open(r, otherFile, 1)
	s.win.Canvas().Focus(left.view)
	if r.current() != left {
		t.Error("the pane that has the keyboard is not the active one")
	}
	s.win.Canvas().Focus(right.pane.tabs)
	if r.current() != right {
		t.Error("the pane whose tabs have the keyboard is not the active one")
	}
}

func TestPanesAreBounded(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1900, 1000))
	s.open(r, sampleFile, 1)
	for i := range maxPanes + 1 {
		r.splitPane(i%2 == 1)
	}
	if got := len(r.panes()); got != maxPanes {
		t.Errorf("%d panes, want %d", got, maxPanes)
	}
	for range maxPanes {
		r.dropPane(r.pane)
	}
	if len(r.panes()) != 1 || r.current() == nil {
		t.Errorf("closing all but one left %d", len(r.panes()))
	}
}

// TestLastTabTakesItsPaneAlong: beside others an empty pane is of no use.
func TestLastTabTakesItsPaneAlong(t *testing.T) {
	s, r := enter(t)
	left := s.open(r, sampleFile, 1)
	r.splitPane(false)
	r.closeTab(0)
	if len(r.panes()) != 1 || r.current() != left {
		t.Fatalf("%d panes", len(r.panes()))
	}
	r.closeTab(0)
	if len(r.panes()) != 1 || r.current() != nil {
		t.Errorf("%d panes, one tab too many", len(r.panes()))
	}
}

func TestMoveTabToTheOtherPane(t *testing.T) {
	s, r := enter(t)
	s.open(r, otherFile, 1)
	moved := s.open(r, sampleFile, 33)
	r.moveTab()
	if len(r.panes()) != 2 || r.current() != moved || moved.view.Caret().Line != 33 {
		t.Fatalf("%d panes; the tab that was moved is not shown as it was", len(r.panes()))
	}
	r.moveTab()
	if len(r.panes()) != 1 || len(r.open) != 2 || r.current() != moved {
		t.Errorf("moved back: %d panes, %d tabs", len(r.panes()), len(r.open))
	}
}

func TestResizePaneByKeys(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	left := r.pane
	r.splitPane(false)
	was := left.body.Size().Width
	s.press(chord{fyne.KeyRight, ctrlAlt})
	if got := left.body.Size().Width; got != was-resizeStep {
		t.Errorf("the pane at the left is %v wide, was %v", got, was)
	}
	r.evenPanes()
	if a, b := left.body.Size().Width, r.pane.body.Size().Width; a-b > 2 || b-a > 2 {
		t.Errorf("equal sizes are %v and %v", a, b)
	}
}

// TestFindStaysInItsPane: each pane has a bar of its own.
func TestFindStaysInItsPane(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	left := r.pane
	s.press(chord{fyne.KeyF, ctrl})
	left.find.field.SetText("size_t")
	s.idle()
	r.splitPane(false)
	if r.find.bar.Visible() || !left.find.bar.Visible() || left.find.found.Total == 0 {
		t.Error("the bar went over, or away")
	}
}

func TestTabTitles(t *testing.T) {
	for _, c := range []struct{ paths, want []string }{
		{[]string{"a/main.c", "b/util.c"}, []string{"main.c", "util.c"}},
		{[]string{"libclamav/main.c", "clamd/main.c", "x.c"}, []string{"main.c · libclamav", "main.c · clamd", "x.c"}},
		{[]string{"a/src/m.c", "b/src/m.c"}, []string{"m.c · a/src", "m.c · b/src"}},
		{[]string{"m.c", "src/m.c"}, []string{"m.c · top folder", "m.c · src"}},
		{[]string{"src/m.c", "a/src/m.c"}, []string{"m.c · src", "m.c · a/src"}},
		{[]string{"m.c", "m.c"}, []string{"m.c", "m.c"}},
	} {
		var open []*tab
		for _, p := range c.paths {
			open = append(open, &tab{doc: &room.Document{Place: deposit.Place{Release: "1", Path: p}}})
		}
		if got := tabTitles(open, "1"); !slices.Equal(got, c.want) {
			t.Errorf("%v are named %v, want %v", c.paths, got, c.want)
		}
	}
	if got := tabTitles([]*tab{{doc: &room.Document{Place: deposit.Place{Release: "0.9", Path: "m.c"}}}}, "1"); got[0] != "m.c  0.9" {
		t.Errorf("another release is named %v", got)
	}
}

// TestBackIsExact: each kind of jump can be undone, with the scroll position.
func TestBackIsExact(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 60)
	tab.view.ScrollTo(code.Scroll{Y: 700})
	at := tab.view.Scroll()
	s.open(r, otherFile, 1)
	r.back()
	s.idle()
	if r.current() != tab || tab.view.Caret().Line != 60 || tab.view.Scroll() != at {
		t.Fatalf("back at line %d scrolled to %v, want 60 and %v", tab.view.Caret().Line, tab.view.Scroll(), at)
	}
	r.forward()
	s.idle()
	if r.current().doc.Place.Path != otherFile {
		t.Error("forward leads elsewhere")
	}
	r.pane.tabs.OnSelect(0) // another tab
	r.back()
	s.idle()
	if r.current().doc.Place.Path != otherFile {
		t.Error("a change of tabs is not undone")
	}

	r.back() // to the first file
	s.idle()
	r.step(-1)
	s.idle()
	older := r.current().doc.Place
	r.back()
	s.idle()
	if got := r.current().doc.Place; got.Release == older.Release || got.Path != sampleFile || len(r.open) != 2 {
		t.Errorf("a change of release is not undone: %v in %d tabs", got, len(r.open))
	}
}

// TestBackAfterFind: what is glanced at while typing is no place to come back to.
func TestBackAfterFind(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 5)
	past := len(r.trail.past)
	r.find.open()
	s.idle()
	for _, typed := range []string{"r", "re", "ret", "return"} {
		r.find.field.SetText(typed)
		s.idle()
	}
	if got := len(r.trail.past); got != past+1 {
		t.Fatalf("%d places of four letters, want one", got-past)
	}
	r.back()
	s.idle()
	if got := tab.view.Caret().Line; got != 5 {
		t.Errorf("back at line %d, want 5", got)
	}
}

// TestFarClickIsAJump: a click on a line out of reach can be undone, reading on cannot.
func TestFarClickIsAJump(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 1)
	past := len(r.trail.past)
	tab.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	tab.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if len(r.trail.past) != past {
		t.Error("paging is no jump")
	}
	from := tab.view.Caret().Line
	tab.view.OnLeave()
	tab.view.Select(code.Range{From: code.Pos{Line: 90, Col: 1}, To: code.Pos{Line: 90, Col: 1}})
	r.back()
	s.idle()
	if got := tab.view.Caret().Line; got != from {
		t.Errorf("back at line %d, want %d", got, from)
	}
}

func TestRecentPlacesAreListedOnce(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 10)
	s.open(r, otherFile, 10)
	s.open(r, sampleFile, 80)
	s.open(r, "README.md", 1)
	spots := r.spots()
	if len(spots) != 3 || spots[0].place.Path != sampleFile || spots[0].caret.Line != 80 || spots[1].place.Path != otherFile || spots[0].text == "" {
		t.Fatalf("%+v", spots)
	}
	r.recentPlaces()
	if s.win.Canvas().Overlays().Top() == nil {
		t.Error("no list is shown")
	}
}

// TestChordBeforeTheFirstFrame: a chord typed into code or a field reaches the window also
// when Fyne does not know yet on which canvas that is; the canvas of these tests, which takes
// no shortcuts, is as good as none.
func TestChordBeforeTheFirstFrame(t *testing.T) {
	s, r := enter(t)
	chord := func(key fyne.KeyName, mod fyne.KeyModifier) {
		s.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: mod})
		s.idle()
	}
	s.open(r, sampleFile, 1)
	r.focusCode()
	chord(fyne.KeyBackslash, ctrl)
	if len(r.panes()) != 2 || r.pane != r.panes()[1] {
		t.Fatalf("Ctrl+\\ came to nothing: %d panes", len(r.panes()))
	}
	chord(fyne.Key1, ctrl)
	if r.pane != r.panes()[0] {
		t.Error("Ctrl+1 came to nothing")
	}
	chord(fyne.KeyP, ctrl)
	if !r.quick.palette.Showing() {
		t.Fatal("Ctrl+P came to nothing")
	}
	chord(fyne.KeyP, ctrlShift)
	if !s.commands.palette.Showing() {
		t.Error("Ctrl+Shift+P in a field came to nothing")
	}
}

// TestKeptIsAsTheDeskIs: what changed while the desk was written is not said to be kept.
func TestKeptIsAsTheDeskIs(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 60)
	before := s.said("kept")
	r.keep()
	r.current().view.Select(code.Range{From: code.Pos{Line: 7, Col: 1}, To: code.Pos{Line: 7, Col: 1}})
	s.ui.until(t, "the writing to end", func() bool { return !r.keeping.running() })
	if got, err := r.visit.Session(); err != nil || got.Layout.Tabs[0].Line != 60 {
		t.Fatalf("written: %+v, %v", got.Layout, err)
	}
	if s.said("kept") != before {
		t.Error("the desk is said to be kept as it is no more")
	}
}
