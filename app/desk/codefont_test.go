package desk

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

// TestFontIsRemembered: the family that code is drawn in is chosen in a menu, for the
// next start too.
func TestFontIsRemembered(t *testing.T) {
	s := newStage(t)
	app := test.NewTempApp(t)
	s.Desk = Chooser(app, s.options())
	s.idle()
	if s.look.Code != style.CodeFonts[0] {
		t.Fatalf("at first code is drawn in %s", s.look.Code.Name)
	}
	s.do("view.font.hack", s.fonts())
	if s.look.Code.Name != "Hack" {
		t.Errorf("after the choice code is drawn in %s", s.look.Code.Name)
	}
	if again := Chooser(app, s.options()); again.look.Code.Name != "Hack" {
		t.Errorf("after a new start code is drawn in %s", again.look.Code.Name)
	}
	app.Preferences().SetString(settingFont, "no such font")
	if again := Chooser(app, s.options()); again.look.Code != style.CodeFonts[0] {
		t.Errorf("with an unknown name remembered code is drawn in %s", again.look.Code.Name)
	}
}

// do chooses an action of a list.
func (s *stage) do(id string, of []action) {
	s.t.Helper()
	for _, a := range of {
		if a.id == id {
			a.do()
			return
		}
	}
	s.t.Fatalf("no action is %s", id)
}
