package desk

import (
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
	"vitrine/viewer/colour"
)

// TestReadingIsRemembered: wrapping, size and tab stops hold for every file, and for
// those opened later.
func TestReadingIsRemembered(t *testing.T) {
	s, r := enter(t)
	prefs := r.d.app.Preferences()
	s.open(r, "CHANGELOG.md", 1)
	first := r.current().view
	r.d.toggleWrap()
	r.d.resizeText(99)
	for _, chord := range []chord{{fyne.KeyMinus, ctrl}, {fyne.KeyEqual, ctrl}, {fyne.KeyMinus, ctrl}} {
		r.d.press(chord)
	}
	if !first.Wrapped() || first.TextSize() != code.MaxTextSize-1 {
		t.Errorf("the open file wraps: %v, its letters are %d", first.Wrapped(), first.TextSize())
	}
	r.setTabStops(colour.Language("CHANGELOG.md"), 2)
	if tabsItem(r.current()).Text != "Tab 2" {
		t.Errorf("the status bar says %q", tabsItem(r.current()).Text)
	}
	r.closeTab(0)
	s.open(r, "CHANGELOG.md", 1)
	now := r.current()
	if !now.view.Wrapped() || now.view.TextSize() != code.MaxTextSize-1 || now.layout.tab != 2 {
		t.Errorf("opened again it wraps: %v, its letters are %d, its tabs %d", now.view.Wrapped(), now.view.TextSize(), now.layout.tab)
	}
	r.d.press(chord{fyne.Key0, ctrl})
	if now.view.TextSize() != code.StandardTextSize || prefs.Int(settingTextSize) != code.StandardTextSize {
		t.Errorf("the usual size is %d", now.view.TextSize())
	}
	for _, broken := range []int{-3, 0, 900} {
		prefs.SetInt(settingTabs+colour.Language("CHANGELOG.md"), broken)
		if n := r.layoutAs(now.doc, indent{}).tab; n < 1 || n > 16 {
			t.Errorf("a broken setting gives tab stops of %d", n)
		}
	}
}

// TestFoldsOfAFile: the blocks of a known language fold by the keys, those of
// others by their indentation.
func TestFoldsOfAFile(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 46)
	if blocks, folded := tab.view.Foldable(); !blocks || folded {
		t.Fatalf("blocks %v, folded %v", blocks, folded)
	}
	for _, c := range []struct {
		key    chord
		folded bool
	}{{chord{fyne.KeyLeftBracket, ctrlShift}, true}, {chord{fyne.KeyRightBracket, ctrlShift}, false}, {chord{fyne.Key0, ctrlAlt}, true}, {chord{fyne.Key9, ctrlAlt}, false}} {
		r.d.press(c.key)
		if _, folded := tab.view.Foldable(); folded != c.folded {
			t.Errorf("after %v folded: %v", c.key, folded)
		}
	}
	r.d.press(chord{fyne.Key0, ctrlAlt})
	s.open(r, sampleFile, 48)
	if p := tab.view.Caret(); p.Line != 48 {
		t.Errorf("a jump into what is folded leads to %v", p)
	}
}

// TestMinimapIsPainted: an open file has a minimap; where it is not wanted, none does.
func TestMinimapIsPainted(t *testing.T) {
	s, r := enter(t)
	first := s.open(r, sampleFile, 1)
	s.ui.until(t, "the minimap", first.view.Sketched)
	if !first.view.HasMinimap() {
		t.Error("it is not shown")
	}
	r.d.press(chord{fyne.KeyM, ctrlAlt})
	next := s.open(r, "CHANGELOG.md", 1)
	if first.view.HasMinimap() || next.view.HasMinimap() {
		t.Error("it is shown though it is not wanted")
	}
}

// TestScopeOfAFile: the function that the reader is in stands over its text, and a
// click on it goes there and back.
func TestScopeOfAFile(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 46)
	if len(tab.outline.scopes()) == 0 {
		t.Fatal("no scopes")
	}
	for _, c := range tab.outline.scopes() {
		if c.From > c.Line || c.Line > c.To {
			t.Errorf("scope %v", c)
		}
	}
	tab.view.OnScope(42)
	if got := tab.view.Caret().Line; got != 42 {
		t.Errorf("a click leads to line %d", got)
	}
	r.back()
	s.idle()
	if got := tab.view.Caret().Line; got != 46 {
		t.Errorf("back leads to line %d", got)
	}
}

// TestTabsAsTheReleaseSays: by hand comes first, then the .editorconfig, then what is usual.
func TestTabsAsTheReleaseSays(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 1)
	lang := colour.Language(sampleFile)
	usual := tab.layout
	if usual.tab != usualTab(lang) || usual.byHand {
		t.Fatalf("without any word it is %+v", usual)
	}
	if l := r.layoutAs(tab.doc, indent{3, 6}); l.tab != 3 || l.step != 6 || l.byHand {
		t.Errorf("as .editorconfig says it is %+v", l)
	}
	tab.layout = r.layoutAs(tab.doc, indent{3, 6})
	if tip := tabsItem(tab).Tip; tip != "Width of a tab, as the release's .editorconfig says" {
		t.Errorf("the status bar says %q", tip)
	}
	r.setTabStops(lang, 2)
	if l := r.current().layout; l.tab != 2 || l.step != 6 || !l.byHand {
		t.Errorf("by hand it is %+v", l)
	}
	r.setTabStops(lang, 0)
	if l := r.current().layout; l.tab != 3 || l.byHand {
		t.Errorf("left to the release again it is %+v", l)
	}
}
