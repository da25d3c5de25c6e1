package desk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
)

// TestTipsGoOnWithWhatIsDone, stay away once ended, and come back when asked for.
func TestTipsGoOnWithWhatIsDone(t *testing.T) {
	s, r := enter(t)
	if s.tips.banner.Visible() {
		t.Fatal("tips that were ended come back by themselves")
	}
	s.open(r, sampleFile, 20)
	for _, m := range s.screen.menus() {
		for _, a := range m.actions {
			if a.id == "help.tips" {
				s.run(a)
			}
		}
	}
	if !s.tips.banner.Visible() || s.said("tip file.open") != 1 {
		t.Fatalf("Help has no tips:\n%s", s.trace.String())
	}
	s.press(chord{fyne.KeyM, ctrl}) // not what the first tip speaks of, but of a later one
	if s.tips.next() != 0 {
		t.Error("a later tip is taken for the first")
	}
	s.press(chord{fyne.KeyP, ctrl})
	s.look.Escape()
	r.pickSide("search") // with the mouse
	if one := allTips[s.tips.next()]; one.id != "symbol.definition" {
		t.Errorf("the next tip is about %s", one.id)
	}
	for range allTips {
		if i := s.tips.next(); i < len(allTips) {
			s.tips.did(allTips[i].id)
		}
	}
	if s.tips.banner.Visible() || newTips(s.Desk).next() == 0 && !strings.Contains(strings.Join(newTips(s.Desk).done, " "), ended) {
		t.Error("after the last tip there is one")
	}
}

// TestTipsNameActions that the room has, with a key.
func TestTipsNameActions(t *testing.T) {
	s, _ := enter(t)
	for _, one := range allTips {
		if a, ok := s.actionsByID()[one.id]; !ok || a.key.key == "" {
			t.Errorf("the tip about %s names no key", one.id)
		}
	}
}

// TestFirstVisitHasATip, and no key says that there is one until somebody looks at it.
func TestFirstVisitHasATip(t *testing.T) {
	s := newStage(t)
	s.Desk = Visit(test.NewTempApp(t), s.options(), room.Request{Sample: true})
	s.idle()
	s.screen.(*admission).enterRoom()
	s.idle()
	if !s.tips.banner.Visible() || s.said("tip file.open") != 1 {
		t.Errorf("the first visit of the sample has no tip:\n%s", s.trace.String())
	}
	s.tips.end()
	if s.tips.banner.Visible() {
		t.Error("tips do not end")
	}
	if err := s.screen.leave(); err != nil {
		t.Error(err)
	}
}
