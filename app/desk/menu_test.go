package desk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/viewer/style"
)

// namedMenus are the menus of every screen, and what pops up over the code.
func namedMenus(t *testing.T) map[string][]menu {
	t.Helper()
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	return map[string][]menu{
		"chooser":   newChooser(s.Desk).menus(),
		"admission": newAdmission(s.Desk, room.Request{Sample: true}).menus(),
		"room":      r.allMenus(),
		"code":      {{"code", r.codeActions()}},
	}
}

// TestActionsAreNamed: the command palette, the key map and the manual know an action by its
// id, and say of one that is not offered what it lacks.
func TestActionsAreNamed(t *testing.T) {
	for screen, menus := range namedMenus(t) {
		chords := map[string]chord{}
		for _, m := range menus {
			here := map[string]bool{}
			for _, a := range m.actions {
				if part, name, ok := strings.Cut(a.id, "."); !ok || part == "" || name == "" || strings.ContainsAny(a.id, " \t") {
					t.Errorf("%s, %s: %q has no id like view.wrap: %q", screen, m.title, a.label, a.id)
				}
				if a.absent != nil && a.why == "" {
					t.Errorf("%s, %s: %q does not say what it lacks when it is not offered", screen, m.title, a.label)
				}
				if here[a.id] {
					t.Errorf("%s, %s: %s stands twice in one menu", screen, m.title, a.id)
				}
				here[a.id] = true
				if k, ok := chords[a.id]; ok && k != a.key && k.key != "" && a.key.key != "" {
					t.Errorf("%s: %s has the keys %s and %s", screen, a.id, k, a.key)
				}
				if a.key.key != "" {
					chords[a.id] = a.key
				}
			}
		}
	}
}

// TestActionsAreTold: whatever way an action is asked for, the trace says which.
func TestActionsAreTold(t *testing.T) {
	s := newStage(t)
	s.Desk = Chooser(test.NewTempApp(t), s.options())
	s.idle()
	for _, it := range s.items(s.themes()) {
		it.Do()
	}
	if s.said("action view.theme.light") != 1 {
		t.Errorf("trace:\n%s", s.trace.String())
	}
}

// TestMenusFit: no menu has to be scrolled in a window of 1024 by 700.
func TestMenusFit(t *testing.T) {
	const most = (700 - style.HeightMenu - 12) / style.HeightTableRow
	for screen, menus := range namedMenus(t) {
		for _, m := range menus {
			if len(m.actions) > most {
				t.Errorf("%s: the menu %s has %d rows, %d fit", screen, m.title, len(m.actions), most)
			}
		}
	}
}
