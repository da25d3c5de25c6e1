package panel

import (
	"image/color"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

// bench is a window with our theme that holds one control.
func bench(t *testing.T, o func(l *Look) fyne.CanvasObject) (*Look, fyne.Canvas) {
	t.Helper()
	app := test.NewTempApp(t)
	l := NewLook(style.Dark)
	app.Settings().SetTheme(l.Theme())
	w := test.NewTempWindow(t, container.NewStack(o(l), l.Layer()))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	return l, w.Canvas()
}

func press(c fyne.Canvas, names ...fyne.KeyName) {
	for _, n := range names {
		if f := c.Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
}

func TestPaletteIsDrivenFromItsField(t *testing.T) {
	var host *List
	l, c := bench(t, func(l *Look) fyne.CanvasObject {
		host = NewList(l, style.HeightRow)
		host.Row = func(int) Row { return Plain("x") }
		host.SetLength(3)
		return host
	})
	c.Focus(host)
	p := NewPalette(l)
	rows := []Row{{Kind: HeadingRow, Fold: Flat, Text: []Span{{Text: "Files"}}}, Plain("a"), Plain("b"), {Kind: RuleRow, Fold: Flat}, Plain("c")}
	p.Row = func(i int) Row { return rows[i] }
	var asked []string
	p.OnQuery = func(s string) { asked = append(asked, s); p.SetLength(len(rows)) }
	opened, alternate, closed := -1, false, 0
	p.OnOpen = func(i int, alt bool) { opened, alternate = i, alt }
	p.OnClose = func() { closed++ }

	p.Show(c, "")
	if !p.Showing() || len(asked) != 1 || p.Selected() != 1 {
		t.Fatalf("after Show: showing %v, asked %q, selected %d; want the first item selected, over the heading", p.Showing(), asked, p.Selected())
	}
	if host.focused {
		t.Error("the list below still shows the keyboard while the palette is open")
	}
	press(c, fyne.KeyDown, fyne.KeyDown)
	if p.Selected() != 4 {
		t.Fatalf("two downs select %d, want 4: headings are stepped over", p.Selected())
	}
	test.Type(c.Focused(), "q")
	if asked[len(asked)-1] != "q" || p.Selected() != 1 {
		t.Fatalf("typing asks %q and selects %d, want q and the first item", asked, p.Selected())
	}
	press(c, fyne.KeyDown, fyne.KeyReturn)
	if opened != 2 || alternate || p.Showing() || closed != 0 {
		t.Fatalf("Enter opens %d (alternate %v), showing %v, closed %d", opened, alternate, p.Showing(), closed)
	}
	if c.Focused() != fyne.Focusable(host) {
		t.Error("the keyboard is not back where it was")
	}
	p.Show(c, "q")
	c.Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl})
	if opened != 1 || !alternate {
		t.Fatalf("Ctrl+Enter opens %d, alternate %v", opened, alternate)
	}
	p.Show(c, "q")
	press(c, fyne.KeyEscape)
	if p.Showing() || closed != 1 || len(c.Overlays().List()) != 0 {
		t.Fatalf("Escape leaves showing %v, closed %d", p.Showing(), closed)
	}
}

// TestEnterBeforeTheRows: who types and confirms faster than the answer comes gets
// the first row of it, but only of the answer that was waited for.
func TestEnterBeforeTheRows(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	p := NewPalette(l)
	p.Row = func(int) Row { return Plain("a") }
	var opened []int
	p.OnOpen = func(i int, _ bool) { opened = append(opened, i) }
	p.Show(c, "x")
	press(c, fyne.KeyReturn)
	p.SetLength(0)
	p.SetLength(3)
	if len(opened) != 0 || !p.Showing() {
		t.Fatalf("nothing was found and then something: %v opened", opened)
	}
	p.SetLength(0)
	test.Type(c.Focused(), "y")
	press(c, fyne.KeyReturn)
	test.Type(c.Focused(), "z")
	p.SetLength(3)
	if len(opened) != 0 || !p.Showing() {
		t.Fatalf("Enter for another query: %v opened", opened)
	}
	p.SetLength(0)
	test.Type(c.Focused(), "w")
	press(c, fyne.KeyReturn)
	p.SetLength(3)
	if !slices.Equal(opened, []int{0}) || p.Showing() {
		t.Errorf("%v opened, showing %v", opened, p.Showing())
	}
}

func TestMenuSkipsWhatIsDisabledAndClosesBesideIt(t *testing.T) {
	var got string
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	items := []MenuItem{{Label: "a", Disabled: true}, {Label: "b", Do: func() { got = "b" }}, {Label: "c", Rule: true, Do: func() { got = "c" }}}
	ShowMenu(l, c, fyne.NewPos(790, 590), items)
	over := c.Overlays().Top().(*Screen)
	if x, y, w, h := over.place(c.Size()); x+w > 800 || y+h > 600 {
		t.Errorf("the menu reaches to %v, %v beyond the window", x+w, y+h)
	}
	press(c, fyne.KeyDown, fyne.KeyReturn)
	if got != "c" || len(c.Overlays().List()) != 0 {
		t.Fatalf("ran %q, %d overlays left", got, len(c.Overlays().List()))
	}
	ShowMenu(l, c, fyne.NewPos(10, 10), items)
	test.TapCanvas(c, fyne.NewPos(700, 500))
	if len(c.Overlays().List()) != 0 {
		t.Error("a click beside the menu does not close it")
	}
}

func TestDialogHoldsTheKeyboardAndClosesOnEscape(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewButton(l, Primary, "below", nil) })
	said, closed := 0, 0
	var d *Dialog
	pass := NewPassword(l)
	d = NewDialog(l, DialogStyle{Title: "Withdraw?"}, VBox(4, NewLabel(l, "It stays in the journal."), pass),
		NewButton(l, Secondary, "Cancel", func() { d.Hide() }), NewButton(l, Primary, "Withdraw", func() { said++; d.Hide() }))
	d.OnClose = func() { closed++ }
	d.Show(c)
	press(c, fyne.KeyReturn)
	if d.Showing() || said != 0 {
		t.Fatal("Enter does not press the first button, which is the one that does nothing")
	}
	d.Show(c)
	c.FocusNext()
	press(c, fyne.KeySpace)
	if said != 1 {
		t.Fatal("Space does not press the second button")
	}
	d.Show(c)
	d.screen.MouseDown(mouse(1, 1, desktop.MouseButtonPrimary)) // a click on the bare dialog
	if c.Focused() != fyne.Focusable(d.screen) {
		t.Fatal("a click on nothing loses the keyboard")
	}
	press(c, fyne.KeyEscape)
	if d.Showing() || closed != 1 {
		t.Fatalf("Escape: showing %v, closed %d", d.Showing(), closed)
	}
	d.Show(c)
	stops := map[fyne.Focusable]bool{}
	for range 8 {
		c.FocusNext()
		stops[c.Focused()] = true
	}
	if len(stops) != 5 || stops[d.screen] { // ×, entry, eye, two buttons
		t.Errorf("%d Tab stops in the dialog, want 5", len(stops))
	}
	if !l.Escape() || d.Showing() || l.Escape() {
		t.Error("Look.Escape closes exactly what is open")
	}
}

func TestVeilLiesOverEveryOverlay(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	l.Veil = func() fyne.CanvasObject { return NewRule(l) }
	ShowMenu(l, c, fyne.NewPos(10, 10), []MenuItem{{Label: "a"}})
	objects := test.WidgetRenderer(c.Overlays().Top().(fyne.Widget)).Objects()
	if _, ok := objects[len(objects)-1].(*Rule); !ok {
		t.Error("the topmost thing of the overlay is not the veil")
	}
}

func TestSelectChoosesFromItsList(t *testing.T) {
	var v *Select
	got := -1
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewSelect(l, []string{"a", "b", "c"}, 0, func(i int) { got = i })
		return Pad(0, 0, 500, 0, v)
	})
	c.Focus(v)
	press(c, fyne.KeyDown)
	if got != 1 {
		t.Fatalf("Down chooses %d", got)
	}
	press(c, fyne.KeySpace) // opens the list on b
	press(c, fyne.KeyDown, fyne.KeyReturn)
	if got != 2 || v.Selected() != 2 {
		t.Fatalf("the list chooses %d", got)
	}
}

func TestButtonsOfATallDialogStayInTheWindow(t *testing.T) {
	var list *List
	l, c := bench(t, func(l *Look) fyne.CanvasObject { list = NewList(l, style.HeightRow); return list })
	yes := NewButton(l, Primary, "Yes", nil)
	for _, high := range []float32{60, 5000} {
		d := NewDialog(l, DialogStyle{Title: "Long"}, Sized(0, high, NewLabel(l, "text")), yes)
		d.Show(c)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(yes)
		if bottom := at.Y + yes.Size().Height; bottom > c.Size().Height || yes.Size().Height < 20 {
			t.Errorf("with %v of content the button ends at %v of %v", high, bottom, c.Size().Height)
		}
		if _, _, _, h := d.screen.place(c.Size()); high == 60 && (h < 60+80 || h > 60+140) {
			t.Errorf("a dialog of 60 is %v high", h)
		}
		d.Hide()
	}
}

// TestAsideIsDragged: the edge away from the line moves, below it and above it.
func TestAsideIsDragged(t *testing.T) {
	for _, above := range []bool{false, true} {
		l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewSurface(l, GroundCode, 0, nil) })
		told := float32(0)
		v := NewAside(l, nil)
		v.OnResized = func(h float32) { told = h }
		y := float32(100)
		if above {
			y = 500
		}
		v.Show(c, func() (at fyne.Position, size fyne.Size, top, bottom float32) {
			return fyne.NewPos(0, y), fyne.NewSize(800, 20), 0, 600
		})
		by := float32(30)
		if above {
			by = -by
		}
		v.frame.edge.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, by)})
		v.frame.edge.DragEnd()
		if v.above != above || told != asideHeight+30 || v.placed != told {
			t.Errorf("above %v: it is %v high, told %v", v.above, v.placed, told)
		}
		if at := v.frame.edge.Position().Y; above && at != 0 || !above && at < 300 {
			t.Errorf("above %v: the edge is at %v", above, at)
		}
	}
}

// TestOverlayComesInTheColoursOfNow: what was closed while the colours changed is not seen
// in the old ones.
func TestOverlayComesInTheColoursOfNow(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewLabel(l, "below") })
	l.Palette = style.Light
	p := NewPalette(l)
	p.SetHints([]Hint{{Key: "Esc", Text: "back"}})
	p.Show(c, "")
	p.Hide()
	l.Palette = style.Dark
	p.Show(c, "")
	seen := 0
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			if seen++; o.Color == style.Light.Text || o.Color == style.Light.Dim {
				t.Errorf("%q is in the colours of before", o.Text)
			}
		case *fyne.Container:
			for _, x := range o.Objects {
				look(x)
			}
		case interface{ parts() []fyne.CanvasObject }:
			for _, x := range o.parts() {
				look(x)
			}
		}
	}
	look(c.Overlays().Top())
	if seen < 2 {
		t.Errorf("%d texts", seen)
	}
}

// TestPaneComesInTheColoursOfNow: so does a pane that was taken out of the window meanwhile.
func TestPaneComesInTheColoursOfNow(t *testing.T) {
	var pane *Surface
	var side *fyne.Container
	l, _ := bench(t, func(l *Look) fyne.CanvasObject {
		pane = NewSurface(l, GroundChrome, 0, VBox(0, NewLabel(l, "memcpy len"), NewField(l)))
		side = container.NewStack(pane)
		return side
	})
	first := func() color.Color { return pane.parts()[0].(*canvas.Image).Image.At(0, 0) }
	text := func() color.Color {
		return pane.Content.(*fyne.Container).Objects[0].(*Label).parts()[0].(*canvas.Text).Color
	}
	side.Objects = nil
	side.Refresh()
	l.Palette = style.Light
	side.Objects = []fyne.CanvasObject{pane}
	side.Refresh()
	if r, _, _, _ := first().RGBA(); uint8(r>>8) != style.Light.Chrome.R {
		t.Errorf("the ground is %v", first())
	}
	if text() != style.Light.Text {
		t.Errorf("the text is %v", text())
	}
}

// TestPaletteIsAsHighAsItsRows: few rows make it lower, many no higher than it may be, and
// a click below its edge is one beside it.
func TestPaletteIsAsHighAsItsRows(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	p := NewPalette(l)
	p.Row = func(int) Row { return Plain("x") }
	n := 40
	p.OnQuery = func(string) { p.SetLength(n) }
	closed := 0
	p.OnClose = func() { closed++ }
	p.Show(c, "")
	high := p.screen.content.Size().Height
	if high != paletteHeight-2 {
		t.Fatalf("forty rows are shown in %v", high)
	}
	n = 5
	test.Type(c.Focused(), "q")
	low := p.screen.content.Size().Height
	if low >= high || p.list.scrollable(p.list.Size().Height) {
		t.Fatalf("five rows are shown in %v, scrollable %v", low, p.list.scrollable(p.list.Size().Height))
	}
	n = 0
	test.Type(c.Focused(), "q")
	if none := p.screen.content.Size().Height; none >= low || none < paletteHead+paletteFoot+40 {
		t.Errorf("nothing is shown in %v", none)
	}
	p.screen.Tapped(&fyne.PointEvent{Position: fyne.NewPos(c.Size().Width/2, paletteTop+low+20)})
	if closed != 1 {
		t.Error("a click below does not close it")
	}
}
