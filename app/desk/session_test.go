package desk

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

// goOut leaves the room as closing the window does.
func (s *stage) goOut() {
	s.t.Helper()
	s.idle()
	s.screen.(*roomScreen).leaving()
	closed := false
	s.board.finish(s.screen.leave, func(err error) {
		closed = true
		if err != nil {
			s.t.Errorf("leaving: %v", err)
		}
	})
	s.ui.until(s.t, "the window to close", func() bool { return closed })
}

// comeBack enters the sample's room anew, in the same data folder, and waits until the
// desk is as it was left.
func (s *stage) comeBack() *roomScreen {
	s.t.Helper()
	s.Desk = Visit(test.NewTempApp(s.t), s.options(), room.Request{Sample: true})
	s.idle()
	s.screen.(*admission).enterRoom()
	s.idle()
	r := s.screen.(*roomScreen)
	s.ui.until(s.t, "the desk as it was left", func() bool { return r.restored })
	s.idle()
	return r
}

// TestDeskComesBack: panes, tabs, places and the release are as they were left; what is
// not in sight is not opened yet.
func TestDeskComesBack(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1280, 800))
	older := r.releases[0]
	r.setRelease(older, nil)
	s.idle()
	s.open(r, otherFile, 12)
	r.pin(0, true)
	tab := s.open(r, sampleFile, 60)
	tab.view.ScrollTo(code.Scroll{Y: 700})
	scroll := tab.view.Scroll()
	r.splitPane(true)
	s.open(r, "README.md", 3)
	r.evenPanes()
	r.pickSide("notes")
	s.goOut()

	r = s.comeBack()
	t.Cleanup(s.goOut)
	if len(r.panes()) != 2 || !r.layout.below || r.release != older || r.shownSide != "notes" {
		t.Fatalf("%d panes, one below the other %v, release %s, side %s", len(r.panes()), r.layout.below, r.release, r.shownSide)
	}
	first, second := r.panes()[0], r.panes()[1]
	if r.pane != second || r.current() == nil || r.current().doc.Place != (deposit.Place{Release: older, Path: "README.md"}) || r.current().view.Caret().Line != 3 {
		t.Errorf("the active pane is not as it was:\n%s", s.trace.String())
	}
	if len(first.open) != 2 || !first.open[0].pinned || first.open[0].asleep == nil || first.open[0].doc.Text != nil {
		t.Fatalf("the pinned tab out of sight: %+v", first.open)
	}
	back := first.current()
	if back == nil || back.doc.Place.Path != sampleFile || back.view.Caret().Line != 60 || back.view.Scroll() != scroll {
		t.Errorf("the other pane's tab is not where it was")
	}
	opened := r.visit.Entries()
	s.press(chord{fyne.Key1, ctrl})
	first.select_(0)
	s.idle()
	if at := r.current(); at == nil || at.asleep != nil || at.doc.Place.Path != otherFile || at.view.Caret().Line != 12 || !at.pinned {
		t.Errorf("looked at, the sleeping tab is not shown")
	}
	if r.visit.Entries() != opened+1 {
		t.Error("that a file was opened was not recorded when it was looked at")
	}
	if len(r.recent) < 3 || r.recent[0].Path != otherFile {
		t.Errorf("read last: %v", r.recent)
	}
}

// TestFoldsAndTrailComeBack: what was folded away is so again, before anything is known of
// the file, and back and forward lead where they led, each in its pane.
func TestFoldsAndTrailComeBack(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1280, 800))
	s.open(r, otherFile, 12)
	tab := s.open(r, sampleFile, 1)
	tab.view.FoldAll()
	folds := tab.view.Folded(room.MaxFolded)
	if len(folds) < 3 {
		t.Fatalf("%d folds", len(folds))
	}
	tab.view.Toggle(folds[1].From)
	folds = tab.view.Folded(room.MaxFolded)
	r.splitPane(false)
	s.open(r, "README.md", 3)
	s.idle()
	past := r.trail.past
	r.back()
	s.idle()
	s.goOut()

	r = s.comeBack()
	t.Cleanup(s.goOut)
	first := r.panes()[0].current()
	if first == nil || first.doc.Place.Path != sampleFile || !slices.Equal(first.view.Folded(room.MaxFolded), folds) {
		t.Fatalf("folded away: %v, was %v", first.view.Folded(room.MaxFolded), folds)
	}
	if len(r.trail.past) != len(past)-1 || len(r.trail.future) != 1 {
		t.Fatalf("%d places back and %d forward, there were %d and 1", len(r.trail.past), len(r.trail.future), len(past)-1)
	}
	for i, at := range r.trail.past {
		if was := past[i]; at.place != was.place || at.caret != was.caret || at.scroll != was.scroll || at.text != was.text || at.pane != r.panes()[0] && was.pane != nil {
			t.Errorf("place %d is %+v, was %+v", i, at, was)
		}
	}
	r.forward()
	s.idle()
	if at := r.current(); at == nil || at.doc.Place.Path != "README.md" || at.view.Caret().Line != 3 || r.pane != r.panes()[1] {
		t.Errorf("forward leads elsewhere:\n%s", s.trace.String())
	}
	r.back()
	r.back()
	s.idle()
	if at := r.current(); at == nil || at.doc.Place.Path != otherFile {
		t.Errorf("back leads elsewhere:\n%s", s.trace.String())
	}
	// A tab that is closed and opened again has its folds too.
	first.view.Toggle(folds[0].From)
	folds = first.view.Folded(room.MaxFolded)
	r.activate(first.pane)
	first.pane.closeTab(first.pane.indexOf(first))
	r.reopen()
	s.idle()
	if at := r.current(); at == nil || at == first || !slices.Equal(at.view.Folded(room.MaxFolded), folds) {
		t.Error("opened again, the tab has other folds")
	}
}

// TestDeskIsKeptWhileItIsUsed: a crash loses what was done since the last writing.
func TestDeskIsKeptWhileItIsUsed(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 60)
	s.ui.until(t, "the desk to be kept", func() bool { return s.said("kept") > 0 })
	got, err := r.visit.Session()
	if err != nil || len(got.Layout.Tabs) != 1 || got.Layout.Tabs[0].Place.Path != sampleFile || got.Layout.Tabs[0].Line != 60 {
		t.Errorf("kept %+v, %v", got, err)
	}
	r.keep()
	if r.keeping.running() {
		t.Error("nothing has changed, and it is written again")
	}
}

// TestForeignSession: what lies there may be wrong, and never stops the visit.
func TestForeignSession(t *testing.T) {
	s, r := enter(t)
	at := func(path string) room.SessionTab {
		return room.SessionTab{Place: deposit.Place{Release: r.release, Path: path}, Line: 1 << 60 >> 10, Column: -4, X: -1, Y: 1 << 40, Folded: []int{9, 3, -1, 5, 1 << 50, 1 << 51, 2, 1 << 40, 7}}
	}
	var strange []room.SessionSpot
	for i := range 3 * maxSpots {
		strange = append(strange, room.SessionSpot{Place: at(sampleFile).Place, Line: -i, Column: 1 << 50, Y: -7, Pane: 99 - i, Text: "\x00 …"})
	}
	var many []room.SessionTab
	for range maxTabs {
		many = append(many, at(sampleFile))
	}
	leaf := func(tabs ...room.SessionTab) *room.SessionPanes {
		return &room.SessionPanes{Tabs: tabs, Shown: 99}
	}
	deep := leaf(at(otherFile))
	for range 6 {
		deep = &room.SessionPanes{A: leaf(at("README.md")), B: deep, Share: -5}
	}
	for what, layout := range map[string]room.SessionPanes{
		"gone":  *leaf(at("no/such/file"), at(sampleFile)),
		"many":  {A: leaf(many...), B: leaf(many...), Share: 5000},
		"panes": *deep,
	} {
		if err := r.visit.SaveSession(room.Session{Release: "none", Side: "none", Active: 77, Layout: layout, Recent: []deposit.Place{{Release: "x", Path: "y"}}, Back: strange, Forward: strange}); err != nil {
			t.Fatal(err)
		}
		r.closeAll()
		r.restore()
		s.ui.until(t, what, func() bool { return s.said("restored") > 0 && !r.keeping.running() })
		s.idle()
		if n := len(r.allTabs()); n == 0 || n > maxTabs || len(r.panes()) > maxPanes || r.current() == nil || len(r.recent) > maxRead || len(r.trail.past) > maxSpots || len(r.trail.future) > maxSpots {
			t.Errorf("%s: %d tabs in %d panes", what, n, len(r.panes()))
		}
		for len(r.panes()) > 1 {
			r.dropPane(r.pane)
		}
	}
	if s.said("error ") > 0 {
		t.Errorf("trace:\n%s", s.trace.String())
	}
}
