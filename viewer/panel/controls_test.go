package panel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"vitrine/viewer/style"
)

// ringed is whether a control shows the focus ring: an unfilled box in Accent.
func ringed(l *Look, w fyne.Widget) bool {
	for _, o := range test.WidgetRenderer(w).Objects() {
		if r, ok := o.(*canvas.Rectangle); ok && r.StrokeColor == l.Palette.Accent && r.FillColor == (colour{}) && r.StrokeWidth == 1 {
			return true
		}
	}
	return false
}

func TestTabGoesThroughTheControlsAndEachShowsARing(t *testing.T) {
	var objects []fyne.CanvasObject
	hits := map[string]int{}
	count := func(s string) func() { return func() { hits[s]++ } }
	l, c := bench(t, func(l *Look) fyne.CanvasObject {
		off := NewButton(l, Primary, "Off", count("off"))
		off.Disable()
		chip := NewChip(l, ChipStyle{Text: "Open"})
		chip.OnTapped = count("chip")
		objects = []fyne.CanvasObject{
			NewButton(l, Primary, "Sign", count("primary")), NewButton(l, Secondary, "Cancel", count("secondary")), NewButton(l, Link, "Show", count("link")),
			NewIconButton(l, "more", "More", "", count("icon")), NewCheck(l, "Private", false, func(bool) { hits["check"]++ }), chip,
			NewBanner(l, BannerStyle{Bold: "Fact", Links: []Action{{"Next", count("banner")}}}),
		}
		all := append(slices.Clone(objects), off, NewChip(l, ChipStyle{Text: "dead"}), NewBanner(l, BannerStyle{Bold: "Only a fact"}), NewLabel(l, "words"))
		return VBox(4, all...)
	})
	for _, o := range objects {
		c.FocusNext()
		if c.Focused() != o.(fyne.Focusable) {
			t.Fatalf("Tab goes to %T, want %T", c.Focused(), o)
		}
		if !ringed(l, o.(fyne.Widget)) {
			t.Errorf("%T shows no ring", o)
		}
		press(c, fyne.KeyReturn, fyne.KeySpace)
	}
	c.FocusNext()
	if c.Focused() != objects[0].(fyne.Focusable) {
		t.Errorf("the last Tab goes to %T: what cannot be used is no stop", c.Focused())
	}
	for _, k := range []string{"primary", "secondary", "link", "icon", "check", "chip", "banner"} {
		if hits[k] != 2 {
			t.Errorf("%s was activated %d times by Enter and Space", k, hits[k])
		}
	}
}

func TestAClickActivatesWithoutARing(t *testing.T) {
	var b *Button
	n := 0
	l, c := bench(t, func(l *Look) fyne.CanvasObject { b = NewButton(l, Secondary, "Go", func() { n++ }); return VBox(0, b) })
	b.MouseDown(mouse(5, 5, desktop.MouseButtonPrimary))
	b.MouseUp(mouse(5, 5, desktop.MouseButtonPrimary))
	test.Tap(b)
	if n != 1 || c.Focused() != fyne.Focusable(b) || ringed(l, b) {
		t.Errorf("clicked %d, focused %v, ring %v", n, c.Focused() == fyne.Focusable(b), ringed(l, b))
	}
	b.Disable()
	test.Tap(b)
	press(c, fyne.KeyReturn)
	if n != 1 {
		t.Error("a disabled button acts")
	}
}

func TestSegmentedAndCheckKeepTheirState(t *testing.T) {
	var s *Segmented
	var k *Check
	var got []int
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		s = NewSegmented(l, []string{"Critical", "High", "Medium"}, 0, func(i int) { got = append(got, i) })
		k = NewCheck(l, "Private", true, nil)
		return VBox(4, s, k)
	})
	c.Focus(s)
	press(c, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyHome, fyne.KeyEnd)
	if !slices.Equal(got, []int{1, 2, 1, 0, 2}) {
		t.Errorf("arrows choose %v", got)
	}
	test.TapAt(s, fyne.NewPos(5, 10))
	if s.Selected() != 0 {
		t.Errorf("a click chooses %d", s.Selected())
	}
	test.TapAt(k, fyne.NewPos(5, 10))
	if k.On() {
		t.Error("a click does not uncheck")
	}
}

func TestFieldKeys(t *testing.T) {
	var f *Field
	var log []string
	say := func(s string) func() { return func() { log = append(log, s) } }
	l, c := bench(t, func(l *Look) fyne.CanvasObject {
		f = NewField(l)
		f.OnSubmit = func(s string) { log = append(log, "submit "+s) }
		f.OnCancel, f.OnUp, f.OnDown = say("cancel"), say("up"), say("down")
		f.SetToggles([]Toggle{{Text: "Aa"}, {Text: ".*", On: true}})
		f.OnToggle = func(i int, on bool) { log = append(log, fmt.Sprint(i, on)) }
		return VBox(0, f)
	})
	var unused []fyne.KeyName
	l.OnKey = func(e *fyne.KeyEvent) { unused = append(unused, e.Name) }
	f.Focus()
	test.Type(c.Focused(), "ab")
	press(c, fyne.KeyUp, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEscape, fyne.KeyF6)
	c.FocusNext()
	press(c, fyne.KeySpace, fyne.KeyRight, fyne.KeySpace)
	if want := []string{"up", "down", "submit ab", "cancel", "0 true", "1 false"}; !slices.Equal(log, want) {
		t.Errorf("%q, want %q", log, want)
	}
	if !slices.Equal(unused, []fyne.KeyName{fyne.KeyF6}) || !f.Toggled(0) || f.Toggled(1) {
		t.Errorf("unused %v, toggles %v %v", unused, f.Toggled(0), f.Toggled(1))
	}
}

// TestFieldHasTheWindowsTheme: Fyne keeps fonts of its own for what has a theme of its own,
// and for every time it is refreshed.
func TestFieldHasTheWindowsTheme(t *testing.T) {
	var f *Field
	bench(t, func(l *Look) fyne.CanvasObject { f = NewField(l); return VBox(0, f) })
	if got, want := f.entry.Theme(), fyne.CurrentApp().Settings().Theme(); got != want {
		t.Errorf("the field has the theme %T, the window %T", got, want)
	}
}

// TestFieldShowsNoScrollBar: text that is longer than the field is not covered.
func TestFieldShowsNoScrollBar(t *testing.T) {
	var f *Field
	l, c := bench(t, func(l *Look) fyne.CanvasObject { f = NewField(l); return VBox(0, f) })
	f.Focus()
	f.SetText(strings.Repeat("long ", 200))
	test.MoveMouse(c, fyne.NewPos(20, style.HeightField/2))
	bars := 0
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, p := range o.Objects {
				walk(p)
			}
		case fyne.Widget:
			for _, p := range test.WidgetRenderer(o).Objects() {
				walk(p)
			}
		case *canvas.Rectangle:
			if o.FillColor != l.Theme().Color(theme.ColorNameScrollBar, 0) {
				return
			}
			bars++
			if y, end := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y, fyne.CurrentApp().Driver().AbsolutePositionForObject(f.clip).Y+f.clip.Size().Height; y < end {
				t.Errorf("a bar is at %v, the field ends at %v", y, end)
			}
		}
	}
	if walk(f.clip); bars == 0 {
		t.Error("the text is not longer than the field")
	}
}

func TestFieldTellsItsErrorUntilTheTextChanges(t *testing.T) {
	var f *Field
	_, c := bench(t, func(l *Look) fyne.CanvasObject { f = NewField(l); return VBox(0, f) })
	plain := f.MinSize().Height
	f.SetError("This is not a key: a line that begins with ssh-ed25519 is expected here.")
	if f.HeightFor(200) <= plain+18 || len(texts(f)) == 0 {
		t.Error("the error takes no room, or is not shown")
	}
	f.Focus()
	test.Type(c.Focused(), "s")
	if f.MinSize().Height != plain {
		t.Error("the error stays although the text has changed")
	}
}

func TestAreaTakesLinesAndSubmitsWithControl(t *testing.T) {
	var f *Field
	var got string
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		f = NewArea(l, 3)
		f.OnSubmit = func(s string) { got = s }
		return VBox(0, f, NewButton(l, Primary, "Add", nil))
	})
	f.Focus()
	test.Type(c.Focused(), "a")
	press(c, fyne.KeyReturn)
	test.Type(c.Focused(), "b")
	c.Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl})
	if got != "a\nb" {
		t.Errorf("submitted %q", got)
	}
	if c.Focused().(fyne.Tabbable).AcceptsTab() {
		t.Error("Tab would stay in the area")
	}
}

func TestPasswordIsHiddenUntilTheEyeIsPressed(t *testing.T) {
	var f *Field
	bench(t, func(l *Look) fyne.CanvasObject { f = NewPassword(l); return VBox(0, f) })
	f.SetText("sekrit")
	if !f.entry.Password {
		t.Fatal("shown from the start")
	}
	test.Tap(f.eye)
	if f.entry.Password || f.Text() != "sekrit" {
		t.Error("the eye does not show the text")
	}
}

func TestTabsSelectCloseAndOverflow(t *testing.T) {
	var v *Tabs
	var tabs []Tab
	for i := range 12 {
		tabs = append(tabs, Tab{Icon: "code", Title: fmt.Sprintf("file_number_%d.c", i)})
	}
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = NewTabs(l); return VBox(0, v) })
	var picked, closed []int
	v.OnSelect = func(i int) { picked = append(picked, i); v.Set(tabs, i) }
	v.OnClose = func(i int) { closed = append(closed, i) }
	v.Set(tabs, 0)
	w := tabWidth(tabs[0])
	test.TapAt(v, fyne.NewPos(w+20, 15))
	test.TapAt(v, fyne.NewPos(w-18, 15)) // the × of the first
	v.MouseUp(mouse(w*2+20, 15, desktop.MouseButtonTertiary))
	if !slices.Equal(picked, []int{1}) || !slices.Equal(closed, []int{0, 2}) {
		t.Errorf("picked %v, closed %v", picked, closed)
	}
	for _, sel := range []int{11, 5, 0, 7} {
		v.Set(tabs, sel)
		z, ok := v.byID(sel)
		over, _ := v.byID(overTab)
		if !ok || z.x+z.w > over.x {
			t.Errorf("selected tab %d is not shown before the overflow button: %+v %+v", sel, z, over)
		}
	}
	v.menu()
	press(c, fyne.KeyEnd, fyne.KeyReturn)
	if picked[len(picked)-1] != 11 {
		t.Errorf("the overflow menu picks %v", picked)
	}
	c.Focus(v)
	press(c, fyne.KeyDelete)
	if len(closed) != 3 {
		t.Errorf("Delete closed %v", closed)
	}
	v.Set(nil, -1)
	if !v.Disabled() {
		t.Error("no tabs, but a Tab stop")
	}
}

func TestRailAndStatusReportWhatIsActivated(t *testing.T) {
	var r *Rail
	var s *Status
	var got []string
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		r = NewRail(l, []RailItem{{ID: "files", Icon: "files", Tip: "Files"}, {ID: "search", Icon: "search"}, {ID: "gear", Icon: "gear", Bottom: true}})
		r.OnSelect = func(id string) { got = append(got, id) }
		s = NewStatus(l)
		s.Set([]StatusItem{{ID: "dep", Text: "Deposit verified", Badge: true}, {Text: "of 3"}, {ID: "user", Text: "M. Okafor", Right: true}})
		s.OnTapped = func(id string, _ fyne.Position) { got = append(got, id) }
		return VBox(0, Grow(HBox(0, r)), s)
	})
	if r.Size().Height != 600-style.HeightStatus {
		t.Errorf("the rail is %v high", r.Size().Height)
	}
	c.FocusNext()
	press(c, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnd, fyne.KeySpace)
	c.FocusNext()
	press(c, fyne.KeyReturn, fyne.KeyRight, fyne.KeyReturn)
	if want := []string{"search", "gear", "dep", "user"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.Resize(fyne.NewSize(150, 26)) // no room for the right group
	for _, x := range texts(s) {
		if strings.Contains(x.Text, "Okafor") || x.Position().X+x.Size().Width > 150 {
			t.Errorf("%q at %v does not fit", x.Text, x.Position().X)
		}
	}
}

func TestTooltipWaitsForTheClockAndGoes(t *testing.T) {
	var b *IconButton
	var pending []func()
	l, _ := bench(t, func(l *Look) fyne.CanvasObject {
		b = NewIconButton(l, "more", "More", "Ctrl+M", nil)
		return VBox(0, HBox(0, b))
	})
	l.Later = func(_ time.Duration, f func()) func() {
		pending = append(pending, f)
		i := len(pending) - 1
		return func() { pending[i] = func() {} }
	}
	b.MouseIn(mouse(12, 12, 0))
	if l.layer.tip.tip != "" {
		t.Error("the tooltip does not wait")
	}
	pending[0]()
	shown := texts(l.layer)
	if len(shown) != 2 || shown[0].Text != "More" || shown[1].Text != "Ctrl+M" {
		t.Errorf("the tooltip shows %d texts", len(shown))
	}
	b.MouseOut()
	if len(texts(l.layer)) != 0 {
		t.Error("the tooltip stays")
	}
	b.MouseIn(mouse(12, 12, 0))
	b.MouseOut()
	pending[1]()
	if l.layer.tip.tip != "" {
		t.Error("a tooltip comes after the mouse has left")
	}
}

func TestToastsGoByTheClockErrorsStay(t *testing.T) {
	var pending []func()
	l, _ := bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	l.Later = func(_ time.Duration, f func()) func() { pending = append(pending, f); return func() {} }
	l.Toast(ToastStyle{Tone: ToneOk, Bold: "Saved."})
	gone := l.Toast(ToastStyle{Tone: ToneDanger, Bold: "Not saved."})
	if len(l.layer.toasts) != 2 || len(pending) != 1 {
		t.Fatalf("%d toasts, %d on the clock", len(l.layer.toasts), len(pending))
	}
	pending[0]()
	if len(l.layer.toasts) != 1 {
		t.Fatal("the toast stays")
	}
	gone()
	gone()
	for range 9 {
		l.Toast(ToastStyle{Tone: ToneDanger, Bold: "Again."})
	}
	if len(l.layer.toasts) != maxToasts {
		t.Errorf("%d toasts at once", len(l.layer.toasts))
	}
}

func TestPaletteSwitchRepaintsEverything(t *testing.T) {
	var b *Button
	l, _ := bench(t, func(l *Look) fyne.CanvasObject { b = NewButton(l, Primary, "Go", nil); return VBox(0, b) })
	for _, p := range []*style.Palette{style.Light, style.Contrast, style.Dark} {
		l.Palette = p
		fyne.CurrentApp().Settings().SetTheme(l.Theme())
		if got := texts(b)[0].Color; got != p.OnFill {
			t.Errorf("%s: the label is %v", p.Name, got)
		}
	}
}

// TestBannerSaysItsFactFirst: where there is little room the links go, not the fact.
func TestBannerSaysItsFactFirst(t *testing.T) {
	shown := func(v *Banner) (out []string) {
		for _, o := range test.WidgetRenderer(v).Objects() {
			if t, ok := o.(*canvas.Text); ok {
				out = append(out, t.Text)
			}
		}
		return out
	}
	const fact = "6 bidirectional controls in 2 lines"
	links := []Action{{"Previous", nil}, {"Next", nil}, {"All in this release", nil}}
	l, _ := bench(t, func(l *Look) fyne.CanvasObject { return NewLabel(l, "") })
	for _, c := range []struct {
		width float32
		want  []string
	}{{700, []string{"All in this release", "Next", "Previous"}}, {420, []string{"All in this release"}}, {330, []string{"Next"}}, {250, nil}} {
		v := NewBanner(l, BannerStyle{Bold: fact, Links: links, Close: func() {}})
		v.Resize(fyne.NewSize(c.width, style.HeightBreadcrumb))
		got := shown(v)
		for _, k := range links {
			if slices.Contains(got, k.Label) != slices.Contains(c.want, k.Label) {
				t.Errorf("%v wide: %q", c.width, got)
			}
		}
		if c.width > 300 && !slices.Contains(got, fact) {
			t.Errorf("%v wide: the fact is cut: %q", c.width, got)
		}
	}
	bare := NewBanner(l, BannerStyle{Bold: fact, Links: links[:1]})
	bare.Resize(fyne.NewSize(200, style.HeightBreadcrumb))
	if !slices.Contains(shown(bare), "Previous") {
		t.Error("nothing is left to be activated")
	}
}

// TestWholeBannerGoesOnBelow: an error that has no room on a line is told to its end.
func TestWholeBannerGoesOnBelow(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat("the medium is gone ", 12))
	l, _ := bench(t, func(l *Look) fyne.CanvasObject { return NewLabel(l, "") })
	v := NewBanner(l, BannerStyle{Bold: "Not saved.", Text: text, Close: func() {}, Whole: true})
	h := v.HeightFor(400)
	v.Resize(fyne.NewSize(400, h))
	var said []string
	for _, o := range test.WidgetRenderer(v).Objects() {
		if s, ok := o.(*canvas.Text); ok {
			said = append(said, s.Text)
			if s.Position().Y+s.MinSize().Height > h {
				t.Errorf("%q ends at %v of %v", s.Text, s.Position().Y+s.MinSize().Height, h)
			}
		}
	}
	if got := strings.Join(said, " "); got != "Not saved. "+text {
		t.Errorf("it says %q", got)
	}
	if w := v.natural(); v.HeightFor(w) != style.HeightBreadcrumb {
		t.Error("what fits takes more than a line")
	}
}

func TestToastsLeaveTheFootFree(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return l.Layer() })
	foot := float32(90)
	l.Foot = func() float32 { return foot }
	l.Toast(ToastStyle{Tone: ToneDanger, Bold: "Not saved."})
	toast := l.layer.toasts[0]
	if end := toast.Position().Y + toast.Size().Height; end > c.Size().Height-foot {
		t.Errorf("it ends at %v of %v", end, c.Size().Height)
	}
}

func TestHintsInAFlowAreShown(t *testing.T) {
	var h *Hints
	_, _ = bench(t, func(l *Look) fyne.CanvasObject {
		h = NewHints(l, []Hint{{Key: "Ctrl+T", Text: "go to a symbol"}})
		return VBox(0, Flow(4, h))
	})
	if len(test.WidgetRenderer(h).Objects()) == 0 {
		t.Errorf("nothing is drawn in %v", h.Size())
	}
}
