package desk

import (
	"strings"
	"testing"

	"vitrine/app/room"
	"vitrine/index/character"
	"vitrine/index/deposit"
	"vitrine/index/spoof"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// trojan finds the sample's file with a comment that runs backwards.
func trojan(t *testing.T, r *roomScreen) deposit.Place {
	t.Helper()
	known, err := r.visit.Characters(t.Context(), r.release)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range known.Files {
		if f.Counts.Of[spoof.Bidi] > 0 {
			return f.Place
		}
	}
	t.Fatalf("the sample has no bidirectional controls: %+v", known.Files)
	return deposit.Place{}
}

// TestCharactersInTab: banner, marks, card and steps tell of what is in the open file.
func TestCharactersInTab(t *testing.T) {
	s, r := enter(t)
	if s.said("survey ready") != 1 {
		t.Fatalf("no survey:\n%s", s.trace.String())
	}
	p := trojan(t, r)
	r.openAt(p, target{})
	s.idle()
	tab := r.current()
	if !tab.found.counts.Any() || !r.pane.hidden.Visible() {
		t.Fatalf("found %+v", tab.found.counts)
	}
	first := tab.found.list[0]
	marks := tab.view.Marks(first.Line)
	if len(marks) == 0 || marks[0].Kind != code.Hidden || !strings.Contains(marks[0].Text, first.Explain()) {
		t.Errorf("marks %+v", marks)
	}
	r.stepCharacter(1)
	if at := tab.view.Caret(); at != (code.Pos{Line: first.Line, Col: first.Col}) {
		t.Errorf("the caret is at %v, the first is at %d:%d", at, first.Line, first.Col)
	}
	r.stepCharacter(-1)
	last := tab.found.list[len(tab.found.list)-1]
	if at := tab.view.Caret(); at != (code.Pos{Line: last.Line, Col: last.Col}) {
		t.Errorf("the caret is at %v, the last is at %d:%d", at, last.Line, last.Col)
	}
	if !r.showCharacter(tab, code.Range{From: code.Pos{Line: first.Line, Col: first.Col}, To: code.Pos{Line: first.Line, Col: first.Col + len(first.Text)}}) || s.said("card "+first.Explain()) != 1 {
		t.Errorf("no card of %s:\n%s", first.Explain(), s.trace.String())
	}
}

// TestStepIsTakenLate: the key may be quicker than the look at the text.
func TestStepIsTakenLate(t *testing.T) {
	s, r := enter(t)
	r.openAt(trojan(t, r), target{})
	s.idle()
	tab := r.current()
	tab.found = tabCharacters{}
	r.readCharacters(tab) // which ends when the UI's queue is served, and not before
	r.stepCharacter(1)
	s.idle()
	first := tab.found.list[0]
	if at := tab.view.Caret(); at != (code.Pos{Line: first.Line, Col: first.Col}) {
		t.Errorf("the caret is at %v, the first is at %d:%d", at, first.Line, first.Col)
	}
}

// TestCharacterPanel: all places of the release stand in the list, by file; a chip leaves a
// class out, a click goes to the place, Escape back to the code.
func TestCharacterPanel(t *testing.T) {
	s, r := enter(t)
	r.pickSide("characters")
	s.idle()
	c := r.chars
	total := c.totals().Total()
	if total == 0 || len(c.rows) != total+len(c.known.Files) || s.said("places ") != 1 {
		t.Fatalf("%d rows of %d places in %d files:\n%s", len(c.rows), total, len(c.known.Files), s.trace.String())
	}
	c.open(1, false)
	s.idle()
	o := c.found[0].Found[0]
	if tab := r.current(); tab == nil || tab.doc.Place.Path != c.found[0].Place.Path || tab.view.Caret() != (code.Pos{Line: o.Line, Col: o.Col}) {
		t.Errorf("a click leads elsewhere than to %s:%d:%d", c.found[0].Place.Path, o.Line, o.Col)
	}
	if row := c.line(1); !strings.Contains(row.Text[1].Text, "‹"+o.Label()+"›") && o.Class != spoof.LookAlike || row.Tip != o.Explain() {
		t.Errorf("the row is %+v", row)
	}
	rows := len(c.rows)
	c.fold(0)
	if len(c.rows) >= rows || c.list.Selected() != 0 {
		t.Errorf("%d rows with a file folded, %d before", len(c.rows), rows)
	}
	c.fold(0)
	for _, class := range spoof.Classes() {
		if c.totals().Of[class] > 0 {
			c.chips[class].OnTapped()
		}
	}
	s.idle()
	if len(c.rows) != 0 {
		t.Errorf("%d rows without any class", len(c.rows))
	}
}

// TestCharacterPanelReadsAnew: the list is painted while its places are read anew.
func TestCharacterPanelReadsAnew(t *testing.T) {
	s, r := enter(t)
	r.pickSide("characters")
	s.idle()
	c := r.chars
	rows := len(c.rows)
	c.read()
	for i := range c.list.Length() {
		c.line(i)
	}
	if s.idle(); rows == 0 || len(c.rows) != rows {
		t.Errorf("%d rows, %d before", len(c.rows), rows)
	}
}

// TestOnlyMarkedFiles: the tree marks such files, and shows only these when it is told to.
func TestOnlyMarkedFiles(t *testing.T) {
	s, r := enter(t)
	p := trojan(t, r)
	marks := r.files.marks(p.Path)
	if len(marks) != 1 || marks[0].Tone != panel.ToneWarn {
		t.Errorf("marks %+v", marks)
	}
	r.files.turnOnly()
	if !r.files.tree.Select(p.Path) {
		t.Error("the marked file is left out")
	}
	rows := 0
	for _, f := range r.files.files {
		if len(r.files.marks(f.Path)) > 0 {
			rows++
		} else if r.files.tree.Select(f.Path) {
			t.Errorf("%s has no mark and is shown", f.Path)
		}
	}
	r.files.filter.SetText("no such file")
	r.files.narrow("no such file")
	if r.files.tree.Select(p.Path) {
		t.Error("the filter lets pass what it should not")
	}
	r.files.filter.SetText("")
	r.files.turnOnly()
	if !r.files.tree.Select(r.files.files[0].Path) || rows == 0 {
		t.Error("not all files are shown again")
	}
	s.idle()
}

// TestSurveyPauses: it pauses as the indexes do, is told in the status bar, and goes on.
func TestSurveyPauses(t *testing.T) {
	s, r := enter(t)
	if _, ok := r.characterItem(); ok || r.building() {
		t.Error("it is told of when all is done")
	}
	r.surveyed = room.DerivedState{Done: 42, Total: 100}
	if it, ok := r.characterItem(); !ok || it.Text != "Characters 42 %" || !r.building() {
		t.Errorf("the status bar says %+v", it)
	}
	r.turnIndexing()
	if it, _ := r.characterItem(); !r.paused || it.Text != "Characters 42 %, paused" {
		t.Errorf("the status bar says %+v", it)
	}
	ready := s.said("survey ready")
	r.turnIndexing()
	s.idle()
	if r.paused || s.said("survey ready") != ready+1 || !r.surveyed.Ready {
		t.Errorf("it does not go on:\n%s", s.trace.String())
	}
}

// TestPartOfASurvey: what was not looked at yet is said, and what was is listed.
func TestPartOfASurvey(t *testing.T) {
	s, r := enter(t)
	r.pickSide("characters")
	s.idle()
	known := r.chars.known
	known.Pending, known.Texts = 7, known.Texts-7
	r.chars.show(r.release, known)
	s.idle()
	if r.chars.list.Length() == 0 {
		t.Error("nothing is listed")
	}
	if text := r.chars.footText; text != "7 texts not looked at yet" {
		t.Errorf("at the foot stands %q", text)
	}
}

func TestCounted(t *testing.T) {
	var c character.Counts
	c.Of[spoof.Bidi], c.Of[spoof.LookAlike] = 2, 1
	if got := counted(c); got != "2 bidirectional controls, 1 look-alike" {
		t.Error(got)
	}
}
