package desk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/code"
	"vitrine/viewer/style"
)

func TestFindCountsAndSteps(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	s.press(chord{fyne.KeyF, ctrl})
	test.Type(r.find.field.Focusable(), "decode_ascii85")
	s.idle()
	want, err := code.Find(t.Context(), at.shown(), "decode_ascii85", code.FindOptions{})
	if err != nil || want.Total < 3 {
		t.Fatalf("the sample has %d places, %v", want.Total, err)
	}
	total := grouped(int64(want.Total))
	if got := r.find.says; got != "1 of "+total || at.view.Selection() != want.Hits[0] {
		t.Errorf("typed, it says %q and stands at %v", got, at.view.Caret())
	}
	enter := func() { r.find.field.Focusable().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
	enter()
	if got := r.find.says; got != "2 of "+total || at.view.Selection() != want.Hits[1] {
		t.Errorf("after Enter it says %q and stands at %v", got, at.view.Caret())
	}
	r.find.step(-1)
	r.find.step(-1)
	if got := r.find.says; got != total+" of "+total || at.view.Selection() != want.Hits[want.Total-1] {
		t.Errorf("before the first it says %q", got)
	}
	r.find.field.SetText("nowhere_at_all")
	s.idle()
	if got := r.find.says; got != "No match" {
		t.Errorf("for what is not there it says %q", got)
	}
	r.find.close()
	if r.find.bar.Visible() || r.find.found.Total != 0 {
		t.Error("Escape leaves the bar, or its matches")
	}
}

func TestFindInSelection(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	all, _ := code.Find(t.Context(), at.shown(), "decode_ascii85", code.FindOptions{})
	second := all.Hits[1].From.Line
	at.view.Select(code.Range{From: code.Pos{Line: second - 1, Col: 1}, To: code.Pos{Line: second + 2, Col: 1}})
	s.press(chord{fyne.KeyF, ctrl})
	s.idle()
	if got := r.find.says; got != "Alt+L: only in the 3 lines" {
		t.Errorf("with lines selected it offers %q", got)
	}
	test.Type(r.find.field.Focusable(), "decode_ascii85")
	s.idle()
	if r.find.found.Total != all.Total {
		t.Errorf("without being asked it looks in the selection: %d of %d", r.find.found.Total, all.Total)
	}
	r.find.field.SetText("")
	at.view.Select(code.Range{From: code.Pos{Line: second - 1, Col: 1}, To: code.Pos{Line: second + 2, Col: 1}})
	s.press(chord{fyne.KeyL, alt})
	r.find.field.SetText("decode_ascii85")
	s.idle()
	if got := r.find.says; got != "1 of 1 in 3 lines" {
		t.Errorf("in the selection it says %q", got)
	}
	s.press(chord{fyne.KeyL, alt})
	s.idle()
	if r.find.found.Total != all.Total {
		t.Error("Alt+L does not look everywhere again")
	}
	at.view.Select(code.Range{From: code.Pos{Line: 1, Col: 1}, To: code.Pos{Line: 1, Col: 1}})
	s.press(chord{fyne.KeyL, alt})
	if got := r.find.says; got != "Nothing is selected" || r.find.field.Toggled(toggleIn) {
		t.Errorf("without a selection it says %q", got)
	}
}

func TestFindTellsWhatIsWrong(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.press(chord{fyne.KeyF, ctrl})
	r.find.field.SetToggled(toggleRegexp, true)
	r.find.field.SetText("decode(")
	s.idle()
	if got := r.find.fault.Text(); got != "This parenthesis is not closed, at character 7." {
		t.Errorf("it says %q", got)
	}
	if h := r.find.field.Size().Height; h != style.HeightField || r.find.fault.Size().Height < 10 || !r.find.fault.Visible() {
		t.Errorf("the field is %v high, what is wrong %v", h, r.find.fault.Size().Height)
	}
	r.find.field.SetText(`decode\(`)
	s.idle()
	if r.find.fault.Text() != "" {
		t.Error("the fault stays")
	}
}

func TestFindRemembers(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.press(chord{fyne.KeyF, ctrl})
	key := func(k fyne.KeyName) { r.find.field.Focusable().TypedKey(&fyne.KeyEvent{Name: k}); s.idle() }
	for _, text := range []string{"buf", "ctx", "size", "ctx"} {
		r.find.field.SetText(text)
		s.idle()
		key(fyne.KeyReturn)
	}
	r.find.field.SetText("unfinished")
	s.idle()
	var got []string
	for _, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown} {
		key(k)
		got = append(got, r.find.field.Text())
	}
	if want := "ctx size buf buf size ctx unfinished unfinished"; strings.Join(got, " ") != want {
		t.Errorf("up and down give %v, want %s", got, want)
	}
}

// TestFindTheWordAtTheCaret: the keyboard stays in the code, and F3 goes on.
func TestFindTheWordAtTheCaret(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	s.stand(r, "decode_ascii85", 1)
	all, _ := code.Find(t.Context(), at.shown(), "decode_ascii85", code.FindOptions{Case: true, Word: true})
	s.press(chord{fyne.KeyF3, ctrl})
	s.idle()
	if at.view.Selection() != all.Hits[1] || s.win.Canvas().Focused() != fyne.Focusable(at.view) {
		t.Errorf("it stands at %v", at.view.Selection())
	}
	s.press(chord{fyne.KeyF3, ctrlShift})
	s.idle()
	if at.view.Selection() != all.Hits[0] {
		t.Errorf("back it stands at %v", at.view.Selection())
	}
	r.escape()
	if r.find.bar.Visible() {
		t.Error("Escape in the code leaves the bar")
	}
}

func TestSameWordsAreMarked(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	all, _ := code.Find(t.Context(), at.shown(), "decode_ascii85", code.FindOptions{Case: true, Word: true})
	s.stand(r, "decode_ascii85", 2)
	s.ui.until(t, "the word to be marked", func() bool { return r.same.marked == all.Total })
	s.stand(r, "{", 1)
	if r.same.text != "" || r.same.marked != 0 {
		t.Error("beside a word the marks stay")
	}
	s.stand(r, "decode_ascii85", 1)
	s.ui.until(t, "the word to be marked", func() bool { return r.same.marked > 0 })
	r.same.turn()
	if r.same.marked != 0 {
		t.Error("switched off, the marks stay")
	}
	r.same.turn()
}

func TestMarksAreTold(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	at.view.SetMarks([]code.Mark{
		{Line: 12, Kind: code.Hidden, Title: "Hidden characters", Text: "RLO"},
		{Line: 12, Kind: code.Confusable, Title: "Look-alike", Text: "scope"},
		{Line: 40, Kind: code.Concern, Title: "Concern by A", Text: "why?"},
	})
	var lines []int
	for range 3 {
		s.press(chord{fyne.KeyF8, 0})
		s.idle()
		lines = append(lines, at.view.Caret().Line)
		if !r.d.look.CardShown() {
			t.Error("arriving at a mark, nothing is told")
		}
	}
	s.press(chord{fyne.KeyF8, shift})
	s.idle()
	if lines = append(lines, at.view.Caret().Line); lines[0] != 12 || lines[1] != 40 || lines[2] != 12 || lines[3] != 40 {
		t.Errorf("F8 goes to lines %v", lines)
	}
	if s.said("marks 12 2") != 2 {
		t.Errorf("both marks of line 12 are to be told:\n%s", s.trace.String())
	}
	r.openMarks(at, 12) // several: a list of them
	if s.win.Canvas().Overlays().Top() == nil {
		t.Error("a click on several marks lists none")
	}
	r.d.look.Escape()
	at.view.Select(code.Range{From: code.Pos{Line: 3, Col: 1}, To: code.Pos{Line: 3, Col: 1}})
	if s.press(chord{fyne.KeyF8, ctrl}); r.d.look.CardShown() {
		t.Error("a line without marks has a card")
	}
}

func TestDefinitionsByKeys(t *testing.T) {
	s, r := enter(t)
	at := s.open(r, sampleFile, 1)
	last := 0
	for range 5 {
		s.press(chord{fyne.KeyDown, alt})
		s.idle()
		if line := at.view.Caret().Line; line <= last {
			t.Fatalf("from %d to %d", last, line)
		} else {
			last = line
		}
	}
	s.press(chord{fyne.KeyUp, alt})
	if at.view.Caret().Line >= last {
		t.Error("Alt+Up goes down")
	}
	s.press(chord{fyne.KeyDown, alt})
	if at.view.Caret().Line != last {
		t.Error("up and down lead elsewhere")
	}
}
