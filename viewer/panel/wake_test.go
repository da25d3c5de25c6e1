package panel

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

// forget drops renderers as Fyne does after a minute out of sight.
func forget(t *testing.T, widgets ...fyne.Widget) {
	t.Run("forget", func(t *testing.T) {
		for _, w := range widgets {
			test.TempWidgetRenderer(t, w)
		}
	})
}

func TestAPaletteOutOfSightForLongComesBackWhole(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewList(l, style.HeightRow) })
	p := NewPalette(l)
	p.Row = func(int) Row { return Plain("a") }
	p.OnQuery = func(string) { p.SetLength(2) }
	p.SetHints([]Hint{{Key: "Esc", Text: "back"}})
	p.Show(c, "")
	p.Hide()
	forget(t, p.screen, p.field, p.field.clip, p.field.entry, p.list, p.hints)
	p.Show(c, "")
	if c.Focused() != p.field.Focusable() {
		t.Fatalf("the keyboard is at %T, want the palette's field", c.Focused())
	}
	for _, w := range []fyne.Widget{p.screen, p.field, p.list, p.hints} {
		if len(test.WidgetRenderer(w).Objects()) == 0 {
			t.Errorf("%T is empty", w)
		}
	}
	text := test.WidgetRenderer(p.field.entry).Objects()
	if w := text[2].Size().Width; w < 100 {
		t.Errorf("the field's text has %v pixels", w)
	}
}

func TestTabFindsTheSwitchesAfterTheirField(t *testing.T) {
	var f *Field
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		f = NewField(l)
		f.SetToggles([]Toggle{{Text: "Aa"}})
		return f
	})
	c.FocusNext()
	if c.Focused() != f.Focusable() {
		t.Fatalf("Tab comes to %T first, want the field", c.Focused())
	}
	c.FocusNext()
	if c.Focused() != fyne.Focusable(f.toggles) {
		t.Errorf("Tab goes on to %T, want the switches", c.Focused())
	}
}

func TestMenusOfABarAreWalkedSideways(t *testing.T) {
	var m *MenuBar
	_, c := bench(t, func(l *Look) fyne.CanvasObject { m = NewMenuBar(l); return VBox(0, m) })
	m.SetMenus([]string{"File", "View", "Help"}, []rune("FVH"))
	asked := []int{}
	m.Drop(c, 0, func(i int) []MenuItem { asked = append(asked, i); return []MenuItem{{Label: "x"}} })
	press(c, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft)
	if got := asked; len(got) != 5 || got[1] != 1 || got[2] != 2 || got[3] != 0 || got[4] != 2 || m.open != 2 {
		t.Fatalf("menus %v were dropped, want 0 1 2 0 2", got)
	}
	if n := len(c.Overlays().List()); n != 1 {
		t.Errorf("%d overlays are open, want the one menu", n)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(m)
	z, _ := m.byID(1)
	top := c.Overlays().Top().(*Screen)
	top.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at.AddXY(z.x+3, z.y+3)}})
	if asked[len(asked)-1] != 1 || m.open != 1 {
		t.Errorf("the mouse over another title drops %v", asked)
	}
	press(c, fyne.KeyEscape)
	if m.open != nowhere || c.Overlays().Top() != nil {
		t.Error("Escape leaves a menu open")
	}
}

func TestADoubleClickOnAFolderFoldsItOnce(t *testing.T) {
	v, _ := treeOf(t, "a/b.c", "c.c")
	opened := ""
	v.OnOpen = func(p string) { opened = p }
	for range 2 {
		test.TapAt(v.List(), fyne.NewPos(60, 5))
	}
	if got := outline(v); got != "-a\n b.c\nc.c\n" || opened != "" {
		t.Errorf("twice on a folder opens %q:\n%s", opened, got)
	}
	for range 2 {
		test.TapAt(v.List(), fyne.NewPos(60, 30))
	}
	if opened != "a/b.c" {
		t.Errorf("twice on a file opens %q", opened)
	}
}

// TestMenuLetters: the letters that open menus are underlined while the bar has the
// keyboard, and open them then.
func TestMenuLetters(t *testing.T) {
	var m *MenuBar
	_, c := bench(t, func(l *Look) fyne.CanvasObject { m = NewMenuBar(l); return VBox(0, m) })
	m.SetMenus([]string{"Select", "Search", "Übrig"}, []rune("SEÜ"))
	lines := func() (n int) {
		for _, o := range m.board.Objects() {
			if o.Size().Height == 1 && o.Size().Width < 20 {
				n++
			}
		}
		return n
	}
	if n := lines(); n != 0 {
		t.Errorf("%d letters are underlined before F10", n)
	}
	opened := nowhere
	m.OnMenu = func(i int, _ fyne.Position) { opened = i }
	m.Stand(0)
	c.Focus(m)
	if n := lines(); n != 3 {
		t.Errorf("%d letters are underlined, want 3", n)
	}
	for r, want := range map[rune]int{'e': 1, 'S': 0, 'ü': 2} {
		if m.TypedRune(r); opened != want {
			t.Errorf("%c opens menu %d, want %d", r, opened, want)
		}
	}
	opened = nowhere
	if m.TypedRune('x'); opened != nowhere {
		t.Errorf("x opens menu %d", opened)
	}
}
