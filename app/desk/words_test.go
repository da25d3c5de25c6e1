package desk

import (
	"strings"
	"testing"

	"vitrine/viewer/words"
)

// TestMenusAreTranslated: in another language no menu has an English word left, and none
// lacks an action.
func TestMenusAreTranslated(t *testing.T) {
	english := namedMenus(t)
	all, err := words.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, text := range all {
		m[text] = "⟦" + text + "⟧"
	}
	words.Translate(m)
	t.Cleanup(func() {
		if err := words.Use(words.English); err != nil {
			t.Error(err)
		}
	})
	for screen, menus := range namedMenus(t) {
		if len(menus) != len(english[screen]) {
			t.Errorf("%s has %d menus, in English %d", screen, len(menus), len(english[screen]))
			continue
		}
		for i, m := range menus {
			if screen != "code" && !strings.HasPrefix(m.title, "⟦") { // which is what a pop-up menu has
				t.Errorf("%s: the menu %q is not translated", screen, m.title)
			}
			for k, a := range m.actions {
				e := english[screen][i].actions[k]
				if a.id != e.id || !strings.HasPrefix(a.label, "⟦") || a.why != "" && !strings.HasPrefix(a.why, "⟦") {
					t.Errorf("%s: %s says %q and, when it is away, %q", screen, a.id, a.label, a.why)
				}
			}
		}
	}
}
