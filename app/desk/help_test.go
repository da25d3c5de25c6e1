package desk

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/assets"
	"vitrine/viewer/code"
)

// TestManual: every page is in the contents, what it leads to is there, and the keys and
// actions that it names are those of the menus.
func TestManual(t *testing.T) {
	files, err := fs.Glob(assets.Manual, "manual/*.md")
	if err != nil || len(files) != len(manualOrder) {
		t.Fatalf("%d files, %d pages in the contents, %v", len(files), len(manualOrder), err)
	}
	pages, err := manual()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, menus := range namedMenus(t) {
		for _, m := range menus {
			for _, a := range m.actions {
				known[a.id] = true
			}
		}
	}
	caps := []string{"F1", "F6", "F10", "Ctrl", "Shift", "Alt", "*", "/", "Menu", "Shift+F10"}
	for _, name := range keyNames {
		caps = append(caps, name)
	}
	linked := map[string]bool{pages[0].id: true}
	for _, p := range pages {
		for _, b := range p.blocks {
			for _, m := range b.spans {
				switch m.kind {
				case linkText:
					linked[m.to] = true
					if m.to != keyboardPage && !slices.Contains(manualOrder, m.to) {
						t.Errorf("%s leads to %q, which is no page", p.id, m.to)
					}
				case keyOf, menuOf:
					if !known[m.to] {
						t.Errorf("%s names the action %q, which is in no menu", p.id, m.to)
					}
				case pressed:
					if !slices.Contains(caps, m.text) {
						t.Errorf("%s names the key %q", p.id, m.text)
					}
				}
			}
		}
	}
	for _, id := range manualOrder {
		if !linked[id] && id != "panes" {
			t.Errorf("no page leads to %s", id)
		}
	}
}

func TestManualRefusesWhatItCannotShow(t *testing.T) {
	for _, text := range []string{"no title", "# T\n{bold:x}", "# T\n**open", "# T\n[words](", "# T\n`open"} {
		if p, err := parsePage("x", text); err == nil {
			t.Errorf("%q is read as %+v", text, p)
		}
	}
	p, err := parsePage("x", "# T\n\none\ntwo **b**\n- a\n  b\n- {press:Esc}\n## H\n")
	if err != nil || p.title != "T" || len(p.blocks) != 4 || p.blocks[0].spans[0].text != "one two " || p.blocks[1].spans[0].text != "a b" || p.blocks[3].kind != heading2 {
		t.Errorf("%v %+v", err, p)
	}
}

// TestF1ShowsThePageOfWhatIsFocused, and leaves everything as it was.
func TestF1ShowsThePageOfWhatIsFocused(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	f1 := func(want string) {
		t.Helper()
		had := s.win.Canvas().Focused()
		s.typedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
		if s.help.shown != want {
			t.Errorf("F1 shows %q, want %q", s.help.shown, want)
		}
		s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if s.help.showing() || s.win.Canvas().Focused() != had {
			t.Errorf("Esc leaves the keyboard at %T, want %T", s.win.Canvas().Focused(), had)
		}
	}
	f1("reading")
	for side, page := range sidePages {
		r.pickSide(side)
		f1(page)
	}
	r.focusCode()
	r.ann.begin()
	f1("annotations")
	r.ann.close()
	r.find.open()
	f1("find")
	r.find.close()
	r.openShipped()
	f1("shipped")
	r.openExport()
	s.idle()
	f1("export")
	if pages, _ := manual(); !slices.ContainsFunc(pages, func(p page) bool { return p.id == "chooser" }) || !slices.ContainsFunc(pages, func(p page) bool { return p.id == "admission" }) {
		t.Error("the first screens have no page of their name")
	}
}

func TestHelpIsReadWithTheKeyboard(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	s.press(chord{fyne.KeyK, ctrl})
	if s.help.shown != keyboardPage {
		t.Fatalf("Ctrl+K shows %q", s.help.shown)
	}
	s.typeIn("ctrl+shift+f")
	if got := holding(s.keyMap(), "ctrl+shift+f"); len(got) == 0 || len(got[0].Lines) != 1 {
		t.Errorf("ctrl+shift+f leaves %+v", got)
	}
	s.press(chord{fyne.KeyF, ctrl})
	s.typeIn("certificate")
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	first := s.help.shown
	if first == keyboardPage {
		t.Error("searching for certificate and going down stays at the keys")
	}
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.press(chord{fyne.KeyLeft, alt})
	if s.help.shown != first {
		t.Errorf("Alt+Left goes to %s, want %s", s.help.shown, first)
	}
	s.help.show("start")
	s.help.focusLink()
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.help.shown != "chooser" {
		t.Errorf("the first link leads to %s", s.help.shown)
	}
	s.press(chord{fyne.KeyP, ctrl}) // an action of the screen below
	if s.help.showing() || !r.quick.palette.Showing() {
		t.Error("Ctrl+P does not work from the manual")
	}
}

// TestChordsMeanOneThing: of all that can be asked for at one time, no two have the same
// chord, and the code keeps none of the menus' for itself.
func TestChordsMeanOneThing(t *testing.T) {
	own := map[chord]string{}
	for _, k := range code.Keys() {
		own[chord{k.Name, k.Modifier}] = k.What
		if k.Modifier != ctrlAlt && k.Name != fyne.KeyA {
			own[chord{k.Name, k.Modifier | shift}] = k.What + ", selecting"
		}
	}
	for _, k := range []chord{{key: fyne.KeyF6}, {fyne.KeyF6, shift}, {key: fyne.KeyF10}, {key: fyne.KeyEscape}, {key: fyne.KeyTab}, {fyne.KeyTab, shift}} {
		own[k] = "the window's"
	}
	for screen, menus := range namedMenus(t) {
		meaning := map[chord]action{}
		letters := map[chord]bool{}
		for i, letter := range menuLetters(menus) {
			if letter == 0 && screen != "code" { // which is a pop-up menu
				t.Errorf("%s: no letter opens the menu %s", screen, menus[i].title)
			}
			letters[chord{fyne.KeyName(letter), alt}] = true
		}
		for _, m := range menus {
			for _, a := range m.actions {
				for _, k := range []chord{a.key, a.also} {
					if k.key == "" {
						continue
					}
					if what := own[k]; what != "" && a.id != "select.all" {
						t.Errorf("%s: %s is %s, and %s", screen, k, a.id, what)
					}
					if letters[k] {
						t.Errorf("%s: %s is %s, and opens a menu", screen, k, a.id)
					}
					if o, ok := meaning[k]; ok && o.id != a.id && (o.absent == nil || a.absent == nil) {
						t.Errorf("%s: %s is %s and %s, and one of them is always offered", screen, k, o.id, a.id)
					}
					meaning[k] = a
				}
			}
		}
	}
}

// TestCodeKeysDoSomething: each key that the code says to have changes what is seen of it.
func TestCodeKeysDoSomething(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 60)
	v := tab.view
	menu := false
	v.OnSecondary = func(fyne.Position) { menu = true }
	for _, k := range code.Keys() {
		did := false
		for _, at := range []code.Pos{{Line: 60, Col: 9}, {Line: 195, Col: 12}} {
			v.Select(code.Range{From: at, To: at})
			type seen struct {
				caret  code.Pos
				sel    code.Range
				scroll code.Scroll
			}
			look := func() seen { return seen{v.Caret(), v.Selection(), v.Scroll()} }
			before := look()
			if k.Modifier == 0 {
				v.TypedKey(&fyne.KeyEvent{Name: k.Name})
			} else if k.Name == fyne.KeyA && k.Modifier == ctrl {
				v.TypedShortcut(&fyne.ShortcutSelectAll{})
			} else {
				v.TypedShortcut(&desktop.CustomShortcut{KeyName: k.Name, Modifier: k.Modifier})
			}
			did = did || look() != before || menu
		}
		if !did {
			t.Errorf("%s (%s) does nothing", chord{k.Name, k.Modifier}, k.What)
		}
		menu = false
	}
}

// TestKeyMapHoldsTheMenus: every key of the menus is on the map, once.
func TestKeyMapHoldsTheMenus(t *testing.T) {
	s, _ := enter(t)
	on := map[string]int{}
	for _, g := range s.keyMap() {
		for _, l := range g.Lines {
			for _, k := range l.Keys {
				on[l.What+" "+k]++
			}
		}
	}
	for _, m := range s.allMenus() {
		for _, a := range m.actions {
			if what := strings.TrimSuffix(a.label, " …") + " " + a.key.String(); a.key.key != "" && on[what] != 1 && a.id != "search.deposit" && !strings.HasPrefix(a.id, "view.") {
				t.Errorf("%s is on the map %d times", what, on[what])
			}
		}
	}
	if len(s.keyMap()) < 8 {
		t.Error("the map lacks parts")
	}
}
