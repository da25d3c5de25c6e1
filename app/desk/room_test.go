package desk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/review"
	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

const sampleFile = "engine/unpack/pdf_decode.c"

// open opens a file of the release shown and waits.
func (s *stage) open(r *roomScreen, path string, line int) *tab {
	s.t.Helper()
	r.openAt(deposit.Place{Release: r.release, Path: path}, target{line: line, col: 1})
	s.idle()
	tab := r.current()
	if tab == nil || tab.doc.Place.Path != path {
		s.t.Fatalf("%s is not open:\n%s", path, s.trace.String())
	}
	return tab
}

func TestReleaseSwitchKeepsThePath(t *testing.T) {
	s, r := enter(t)
	if want := r.releases[len(r.releases)-1]; r.release != want {
		t.Fatalf("entered at %s, want the newest, %s", r.release, want)
	}
	s.open(r, sampleFile, 40)
	for i := len(r.releases) - 2; i >= 0; i-- {
		r.step(-1)
		s.idle()
		at := r.current()
		if at.doc.Place != (deposit.Place{Release: r.releases[i], Path: sampleFile}) {
			t.Fatalf("after the switch %+v is shown", at.doc.Place)
		}
		if got := at.view.Caret().Line; got != 40 {
			t.Errorf("line %d in %s, want 40", got, r.releases[i])
		}
		if path, _ := r.files.tree.Selected(); path != sampleFile {
			t.Errorf("the tree shows %q", path)
		}
		if r.files.tree.Len() != len(r.listed[r.releases[i]]) {
			t.Errorf("the tree has %d files, the release %d", r.files.tree.Len(), len(r.listed[r.releases[i]]))
		}
	}
	if len(r.open) != 1 {
		t.Errorf("%d tabs, want the one that was switched", len(r.open))
	}
}

func TestSearchFindsAndOpens(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	before := r.visit.Entries()
	test.Type(r.search.field.Focusable(), "decode_ascii85")
	s.idle()
	if len(r.search.hits) == 0 || len(r.search.groups) == 0 {
		t.Fatalf("nothing found:\n%s", s.trace.String())
	}
	if r.visit.Entries() != before {
		t.Error("typing was recorded; only what is run or opened is")
	}
	r.search.submit()
	s.idle()
	h := r.search.hits[0]
	at := r.current()
	if at == nil || at.doc.Place != h.place || at.view.Caret().Line != h.line {
		t.Fatalf("the first hit %v:%d is not shown", h.place, h.line)
	}
	if got := r.visit.Entries(); got != before+2 { // the search, the file
		t.Errorf("%d entries, want the search and the opened file on %d", got, before)
	}
	r.search.step(1)
	s.idle()
	if r.search.at != 1 || r.current().view.Caret().Line != r.search.hits[1].line {
		t.Errorf("the next hit is not shown")
	}
	r.search.step(-1)
	r.search.step(-1)
	s.idle()
	if want := len(r.search.hits) - 1; r.search.at != want {
		t.Errorf("before the first hit comes %d, want the last, %d", r.search.at, want)
	}
}

// TestSearchHitsWithoutALine: a file, and bytes of a binary one, open as such.
func TestSearchHitsWithoutALine(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	for _, query := range []string{"file:decode", "hex:00"} {
		test.Type(r.search.field.Focusable(), query)
		s.idle()
		if len(r.search.hits) == 0 {
			t.Fatalf("%s finds nothing:\n%s", query, s.trace.String())
		}
		r.search.submit()
		s.idle()
		if at, h := r.current(), r.search.hits[0]; at == nil || at.doc.Place != h.place || len(h.ranges) > 0 || len(h.marks) == 0 {
			t.Errorf("%s: the first hit %+v is not shown", query, h)
		}
		r.search.field.SetText("")
	}
	r.search.showLanguage()
	s.idle()
}

// TestSearchLastTypedWins: of fast typing only the last query's hits show.
func TestSearchLastTypedWins(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	for _, q := range []string{"e", "buf", "decode_ascii85("} {
		r.search.field.SetText(q)
		r.search.run()
	}
	s.idle()
	if !strings.HasPrefix(r.search.listed, "decode_ascii85(") || len(r.search.hits) == 0 {
		t.Errorf("shown is %q, %d hits", r.search.listed, len(r.search.hits))
	}
	for _, h := range r.search.hits {
		if !strings.Contains(h.text, "decode_ascii85(") {
			t.Errorf("a hit of another query: %q", h.text)
		}
	}
}

func TestSearchErrorIsShown(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	r.search.field.SetText("good /bad(/")
	s.idle()
	if !r.search.problem.Visible() || s.said("error ") != 1 || s.said("hits error") != 1 {
		t.Fatalf("the syntax error is not shown:\n%s", s.trace.String())
	}
	r.search.field.SetText("good")
	s.idle()
	if r.search.problem.Visible() {
		t.Error("the error stays after the query is right")
	}
}

// TestSearchSaysWhatItLeftOut: unsearched files are told.
func TestSearchSaysWhatItLeftOut(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	r.search.scope.Select(1)
	r.search.field.SetText("e")
	r.search.run()
	s.idle()
	if n := len(r.search.hits); !r.search.all || n == 0 || r.search.total() != r.search.counted.lines || r.search.report.Stopped {
		t.Fatalf("%d hits of %+v, all releases %v, stopped %v", n, r.search.counted, r.search.all, r.search.report.Stopped)
	}
	if len(r.search.report.NotSearched) == 0 || !r.search.foot.Visible() {
		t.Error("the sample's binary files are not told")
	}
}

func TestAnnotateDraftIsKept(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 20)
	tab.view.Select(code.Range{From: code.Pos{Line: 20, Col: 1}, To: code.Pos{Line: 23, Col: 1}})
	r.ann.begin()
	test.Type(r.ann.text.Focusable(), "who checks this length?")
	r.ann.close()
	if r.ann.body.Visible() {
		t.Fatal("Esc did not close")
	}
	if r.unsaved() == "" {
		t.Error("closing the window would lose the draft without a word")
	}
	s.open(r, "README.md", 1)
	r.ann.begin()
	if got := r.ann.text.Text(); got != "who checks this length?" {
		t.Fatalf("the draft became %q", got)
	}
	if p := r.ann.where.Place.Path; p != sampleFile {
		t.Errorf("the draft's place became %s", p)
	}
	r.ann.kind.Select(1)
	r.ann.private.SetOn(true)
	r.ann.store()
	s.idle()
	all := r.visit.Annotations()
	if len(all) != 1 || all[0].Kind != review.Question || !all[0].Private || all[0].Text != "who checks this length?" {
		t.Fatalf("saved %+v", all)
	}
	if w := all[0].Locations[0]; w.FromLine != 20 || w.ToLine != 22 {
		t.Errorf("lines %d to %d, want 20 to 22: the line behind a whole-line selection is not meant", w.FromLine, w.ToLine)
	}
	if s.said("saved A-1 ") != 1 || r.unsaved() != "" || r.ann.text.Text() != "" {
		t.Errorf("after saving: unsaved %q, text %q", r.unsaved(), r.ann.text.Text())
	}
}

// TestNotSavedIsSaid: an annotation that cannot be recorded stays a draft.
func TestNotSavedIsSaid(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	r.ann.begin()
	r.ann.text.SetText("lost?")
	if err := r.visit.Close(); err != nil {
		t.Fatal(err)
	}
	r.ann.store()
	s.idle()
	if s.said("error ") != 1 || r.ann.text.Text() != "lost?" || !r.ann.body.Visible() {
		t.Errorf("text %q, trace:\n%s", r.ann.text.Text(), s.trace.String())
	}
}

func TestEditSupersedesAndWithdrawEnds(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	r.ann.begin()
	r.ann.text.SetText("first")
	r.ann.store()
	s.idle()
	id := r.visit.Annotations()[0].ID
	r.ann.edit(id)
	r.ann.text.SetText("second")
	r.ann.store()
	s.idle()
	all := r.visit.Annotations()
	if len(all) != 1 || all[0].Text != "second" || all[0].Supersedes != id {
		t.Fatalf("after the edit: %+v", all)
	}
	if marks := r.files.marked[r.current().doc.File.Blob]; len(marks) != 1 {
		t.Errorf("the tree marks the file with %v", marks)
	}
	r.ann.withdraw(all[0].ID)
	overlay := s.win.Canvas().Overlays().Top()
	if overlay == nil {
		t.Fatal("withdrawing does not ask")
	}
	tapButton(t, overlay, "Withdraw")
	s.idle()
	if n := len(r.visit.Annotations()); n != 0 || s.said("notes 0") != 2 {
		t.Errorf("%d annotations stand:\n%s", n, s.trace.String())
	}
}

func tapButton(t *testing.T, in fyne.CanvasObject, label string) {
	t.Helper()
	var found *panel.Button
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if b, ok := o.(*panel.Button); ok && b.Label == label {
			found = b
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.TempWidgetRenderer(t, o).Objects() {
				walk(c)
			}
		}
	}
	walk(in)
	if found == nil {
		t.Fatalf("there is no button %q", label)
	}
	found.OnTapped()
}

func TestQuickOpenGoesToTheLine(t *testing.T) {
	s, r := enter(t)
	r.quick.show()
	r.quick.query("pdfdec:40")
	s.idle()
	r.quick.pick(0)
	s.idle()
	at := r.current()
	if at == nil || at.doc.Place.Path != sampleFile || at.view.Caret().Line != 40 {
		t.Fatalf("not there:\n%s", s.trace.String())
	}
	r.quick.showWith(":7")
	r.quick.query(":7")
	r.quick.pick(0)
	if got := r.current().view.Caret().Line; got != 7 {
		t.Errorf("line %d, want 7", got)
	}
}

// TestTabsAreBounded: opening one more closes the one not looked at for longest.
func TestTabsAreBounded(t *testing.T) {
	s, r := enter(t)
	files := r.listed[r.release]
	for i := range maxTabs + 2 {
		s.open(r, files[i].Path, 1)
	}
	if len(r.open) != maxTabs {
		t.Fatalf("%d tabs, want %d", len(r.open), maxTabs)
	}
	for _, o := range r.open {
		if o.doc.Place.Path == files[0].Path || o.doc.Place.Path == files[1].Path {
			t.Errorf("%s is still open", o.doc.Place.Path)
		}
	}
}

// TestEveryActionHasItsKey: a chord means one thing at a time.
func TestEveryActionHasItsKey(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	meaning := map[string]string{}
	for _, m := range r.allMenus() {
		for _, a := range m.actions {
			if a.key.key == "" || a.away() && a.id == "shipped.evidence" {
				continue // the artifacts' screen has it where no file is shown
			}
			if old := meaning[a.key.String()]; old != "" && old != a.id {
				t.Errorf("%s means %s and %s", a.key, old, a.id)
			}
			meaning[a.key.String()] = a.id
		}
	}
	s.press(chord{fyne.KeyM, ctrl})
	if !r.ann.body.Visible() {
		t.Error("Ctrl+M does not annotate")
	}
	s.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f, ok := s.win.Canvas().Focused().(*code.View); !ok || f != r.current().view {
		t.Errorf("Escape leaves the keyboard at %T", s.win.Canvas().Focused())
	}
}

// TestF6PassesWhatIsOutOfSight: it does not stand still before it.
func TestF6PassesWhatIsOutOfSight(t *testing.T) {
	s, r := enter(t)
	s.open(r, "README.md", 1)
	r.focusSide()
	r.tabs.Hide()
	s.cycle(1)
	if s.win.Canvas().Focused() != r.current().keys() {
		t.Errorf("F6 leads to %T", s.win.Canvas().Focused())
	}
}

func TestF6GoesRound(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	start := s.win.Canvas().Focused()
	seen := 0
	for range 20 {
		s.cycle(1)
		seen++
		if s.win.Canvas().Focused() == start {
			break
		}
	}
	if want := 6; seen != want { // status, menu, rail, side, tabs, code
		t.Errorf("back after %d regions, want %d:\n%s", seen, want, s.trace.String())
	}
}

func TestRefusedDepositSaysWhy(t *testing.T) {
	s := newStage(t)
	s.Desk = Visit(test.NewTempApp(t), s.options(), room.Request{Deposit: t.TempDir(), Policy: ""})
	s.idle()
	if s.said("screen refused") != 1 || s.said("error ") != 1 {
		t.Errorf("trace:\n%s", s.trace.String())
	}
}

func TestCancelledAdmission(t *testing.T) {
	s := newStage(t)
	s.Desk = Visit(test.NewTempApp(t), s.options(), room.Request{Sample: true})
	a := s.screen.(*admission)
	a.stop()
	s.idle()
	if s.said("screen refused") != 1 || a.admitted != nil {
		t.Fatalf("trace:\n%s", s.trace.String())
	}
	a.begin()
	s.idle()
	if s.said("screen certificate") != 1 {
		t.Errorf("a second try did not succeed:\n%s", s.trace.String())
	}
	if err := a.leave(); err != nil {
		t.Error(err)
	}
}

func TestEnterBeforeTheAnswerOpensWhatWasTyped(t *testing.T) {
	s, r := enter(t)
	r.quick.show()
	s.idle()
	r.quick.query("zip.c")
	r.quick.pick(0) // the rows are still those of no letters at all
	s.idle()
	if tab := r.current(); tab == nil || tab.doc.Place.Path != "engine/unpack/zip.c" {
		t.Errorf("Enter opened something else:\n%s", s.trace.String())
	}
}

func TestHitsGoWithTheirQuery(t *testing.T) {
	s, r := enter(t)
	r.showSide("search")
	if !r.search.help.Visible() {
		t.Error("an empty search does not say how to ask")
	}
	for _, q := range []string{"memcpy", "nothing has this"} {
		r.search.field.SetText(q)
		s.idle()
		r.search.step(1)
		s.idle()
	}
	if tab := r.current(); tab == nil || tab.note != "" || r.search.help.Visible() {
		t.Errorf("the open file still counts hits of an earlier query: %+v", tab)
	}
}

// TestStayForTheDraft: another deposit is asked for with a draft unsaved. Who stays has
// asked for nothing: leaving later ends the program, and does not bring the chooser back.
func TestStayForTheDraft(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	r.ann.begin()
	r.ann.text.SetText("not saved")
	for _, answer := range []string{"Cancel", "Leave"} {
		s.another()
		overlay := s.win.Canvas().Overlays().Top()
		if overlay == nil {
			t.Fatal("it leaves without a question")
		}
		tapButton(t, overlay, answer)
		if stays := answer == "Cancel"; s.again == stays || s.closing == stays {
			t.Errorf("after %s another is wanted: %v, leaving: %v", answer, s.again, s.closing)
		}
	}
	s.idle()
}
