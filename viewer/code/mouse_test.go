package code

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

func TestClicks(t *testing.T) {
	wait := clock(t)
	v := show(t, text{"int foo_bar(x, \u202ey);", "next line", "third"})
	at := center(v, 1, 7)
	for i, want := range []string{"", "foo_bar", "int foo_bar(x, \u202ey);", ""} {
		press(v, at, 0)
		release(v)
		if got := v.SelectedText(); got != want {
			t.Errorf("after press %d %q is selected, want %q", i+1, got, want)
		}
		wait(50 * time.Millisecond)
	}
	wait(time.Second)
	for _, c := range []struct {
		col  int
		want string
	}{{11, "foo_bar"}, {12, "("}, {15, " "}, {16, "\u202e"}, {20, ");"}} {
		wait(time.Second)
		press(v, center(v, 1, c.col), 0)
		press(v, center(v, 1, c.col), 0)
		release(v)
		if got := v.SelectedText(); got != c.want {
			t.Errorf("a double click on column %d selects %q, want %q", c.col, got, c.want)
		}
	}
	wait(time.Second)
	press(v, center(v, 1, 5).AddXY(-3, 0), 0)
	release(v)
	wait(time.Second)
	press(v, center(v, 2, 5).AddXY(-3, 0), fyne.KeyModifierShift)
	release(v)
	if got := v.SelectedText(); got != "foo_bar(x, \u202ey);\nnext" {
		t.Errorf("shift and click select %q", got)
	}
	if !v.focused {
		t.Error("a click does not focus the view")
	}
}

// TestClickRoundTrip: a click on the left half of what a position draws leads to it.
func TestClickRoundTrip(t *testing.T) {
	wait := clock(t)
	lines := text{"\tif (x) {", "中文\u202e é\u200b\tשלום", ""}
	v := show(t, lines)
	for n, line := range lines {
		m := v.cells(n + 1)
		for off := range line {
			wait(time.Second)
			press(v, v.point(Pos{n + 1, off + 1}).AddXY(2, 10), 0)
			release(v)
			if want := (Pos{n + 1, off + 1}); v.Caret() != want {
				t.Errorf("a click at %v leads to %v", want, v.Caret())
			}
		}
		if m.cells == 0 && len(line) != 0 {
			t.Errorf("%q has no cells", line)
		}
	}
}

func TestDragSelects(t *testing.T) {
	wait := clock(t)
	v := show(t, numbered(60))
	press(v, center(v, 2, 1).AddXY(-3, 0), 0)
	drag(v, center(v, 4, 5).AddXY(-3, 0))
	if got := v.SelectedText(); got != "line 2\nline 3\nline" {
		t.Errorf("dragging selects %q", got)
	}
	drag(v, center(v, 1, 5).AddXY(-3, 0))
	if got := v.SelectedText(); got != " 1\n" {
		t.Errorf("dragging backwards selects %q", got)
	}
	v.DragEnd()
	wait(time.Second)
	press(v, center(v, 2, 2), 0)
	release(v)
	press(v, center(v, 2, 2), 0)
	drag(v, center(v, 3, 6))
	if got := v.SelectedText(); got != "line 2\nline 3" {
		t.Errorf("dragging by words selects %q", got)
	}
	v.DragEnd()
}

func TestDragScrollsOn(t *testing.T) {
	wait := clock(t)
	v := show(t, numbered(60))
	press(v, center(v, 2, 1).AddXY(-3, 0), 0)
	drag(v, fyne.NewPos(150, 10*rowHeight+40))
	for range 20 {
		wait(50 * time.Millisecond)
		v.scrollOn()
	}
	if from, _ := v.Shown(); from < 15 || v.Caret().Line < from {
		t.Errorf("a drag that rests below the view scrolled to %d, caret %v", from, v.Caret())
	}
	drag(v, fyne.NewPos(150, 50))
	if v.drag.scroll != nil {
		t.Error("it scrolls on with the mouse back inside")
	}
	drag(v, fyne.NewPos(150, -2000))
	for range 100 {
		wait(50 * time.Millisecond)
		v.scrollOn()
	}
	if from, _ := v.Shown(); from != 1 || v.Caret().Line != 1 {
		t.Errorf("a drag above the view ends at %d, caret %v", from, v.Caret())
	}
	release(v)
	before := v.Scroll()
	v.scrollOn()
	if v.Scroll() != before {
		t.Error("it scrolls on after the release")
	}
	press(v, center(v, 2, 1), 0)
	drag(v, fyne.NewPos(150, 900))
	v.SetSource(numbered(5))
	if v.drag.on || v.drag.scroll != nil {
		t.Error("another text does not end the drag")
	}
}

func TestGutter(t *testing.T) {
	wait := clock(t)
	v := show(t, numbered(20))
	v.SetMarks([]Mark{{Line: 3, Kind: Note, Label: "who?"}, {Line: 5, Kind: Hidden}, {Line: 5, Kind: Concern}, {Line: 99}, {Line: -1}})
	marked := 0
	v.OnMark = func(n int) { marked = n }
	press(v, fyne.NewPos(50, 2*rowHeight+5), 0)
	drag(v, fyne.NewPos(50, 4*rowHeight+5))
	release(v)
	if got := v.SelectedText(); got != "line 3\nline 4\nline 5" || marked != 0 {
		t.Errorf("a drag over numbers selects %q, mark %d", got, marked)
	}
	wait(time.Second)
	press(v, fyne.NewPos(markX+6, 2*rowHeight+5), 0)
	release(v)
	if marked != 3 {
		t.Errorf("a click on the mark of line 3 reports %d", marked)
	}
	press(v, fyne.NewPos(markX+6, 7*rowHeight+5), 0)
	release(v)
	if got := v.SelectedText(); got != "line 8" {
		t.Errorf("a click beside a number selects %q", got)
	}
}

func TestWheelAndBars(t *testing.T) {
	long := numbered(200)
	long[3] = strings.Repeat("x", 500)
	v := show(t, long)
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -wheelNotch)})
	if s := v.Scroll(); s.Y != 3*rowHeight {
		t.Errorf("a notch scrolls %d pixels, want 3 rows", s.Y)
	}
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-wheelNotch, 1000)})
	if s := v.Scroll(); s.Y != 0 || s.X != 3*rowHeight {
		t.Errorf("scrolled to %v", s)
	}
	right := v.Size().Width - stripWidth/2
	press(v, fyne.NewPos(right, 5), 0)
	drag(v, fyne.NewPos(right, 105))
	mid := v.Scroll().Y
	drag(v, fyne.NewPos(right, 5000))
	release(v)
	if s := v.Scroll(); s.Y != v.maxTop() || mid <= 0 || mid >= s.Y {
		t.Errorf("the thumb leads to %d, then %d of %d", mid, s.Y, v.maxTop())
	}
	press(v, fyne.NewPos(right, 1), 0)
	release(v)
	if s := v.Scroll(); s.Y != 0 {
		t.Errorf("a click on the track's top leads to %d", s.Y)
	}
	press(v, fyne.NewPos(style.WidthGutter+300, v.Size().Height-4), 0)
	release(v)
	if s := v.Scroll(); s.X < v.maxLeft()/2 || s.Y != 0 {
		t.Errorf("a click on the lower track leads to %v of %d", s, v.maxLeft())
	}
	if !v.Selection().Empty() || v.Caret() != (Pos{1, 1}) {
		t.Error("the scrollbars move the caret")
	}
}

func TestSecondary(t *testing.T) {
	clock(t)
	v := show(t, numbered(20))
	menus := 0
	v.OnSecondary = func(fyne.Position) { menus++ }
	v.Select(Range{Pos{2, 1}, Pos{4, 3}})
	right := func(line int) {
		at := fyne.PointEvent{Position: center(v, line, 2)}
		v.MouseDown(&desktop.MouseEvent{PointEvent: at, Button: desktop.MouseButtonSecondary})
		v.TappedSecondary(&at)
	}
	if right(3); v.Selection().Empty() {
		t.Error("a right click inside the selection drops it")
	}
	if right(8); v.Caret().Line != 8 || !v.Selection().Empty() {
		t.Error("a right click elsewhere does not move the caret")
	}
	v.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if menus != 3 {
		t.Errorf("%d menus asked for, want 3", menus)
	}
}

func TestHitsAndSelectionAreDrawn(t *testing.T) {
	src := text{"buf = put(buf);", "\tbuf", strings.Repeat("buf ", 5000)}
	v := show(t, src)
	found, err := Find(t.Context(), src, "buf", FindOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v.SetHits(found.Hits, 1)
	hit := func(r *canvas.Rectangle) bool { return r.FillColor == style.Over(v.p.Hit, v.p.Code) }
	got := rectsOf(v, 1, hit)
	if len(got) != 2 || got[0].StrokeWidth >= got[1].StrokeWidth || got[1].StrokeColor != v.p.Warn {
		t.Fatalf("line 1 has %d hits; the second is to be outlined", len(got))
	}
	if x := float32(v.x(10) - 2); got[1].Position().X != x || got[1].Size().Width != float32(v.x(13)-v.x(10)+4) {
		t.Errorf("the hit lies at %v, %v wide", got[1].Position().X, got[1].Size().Width)
	}
	if got := rectsOf(v, 2, hit); len(got) != 1 || got[0].Position().X != float32(v.x(4)-1) {
		t.Errorf("the hit behind a tab lies at %v", got)
	}
	if n := len(rectsOf(v, 3, hit)); n < 10 || n > 20 {
		t.Errorf("%d hits of the long line are drawn, want those in view", n)
	}
	if len(v.stage.overs.Objects) == 0 {
		t.Error("the overview shows no hits")
	}
	v.ScrollTo(Scroll{X: v.x(10000)})
	if got := rectsOf(v, 3, hit); len(got) < 10 || got[0].Position().X > 40 {
		t.Errorf("scrolled sideways, %d hits are drawn", len(got))
	}
	v.ScrollTo(Scroll{})
	v.SetHits(nil, -1)
	v.Select(Range{Pos{1, 5}, Pos{2, 2}})
	fill := func(r *canvas.Rectangle) bool { return r.FillColor == color.Color(v.p.SelText) }
	a, b := rectsOf(v, 1, fill), rectsOf(v, 2, fill)
	if len(a) != 1 || len(b) != 1 || a[0].Position().X != float32(v.x(4)) || b[0].Size().Width != float32(v.x(4)) {
		t.Errorf("the selection is drawn as %v and %v", a, b)
	}
	if len(rectsOf(v, 1, hit)) != 0 || len(v.stage.overs.Objects) != 0 {
		t.Error("cleared hits are still drawn")
	}
}

// TestDragInAnEmptyFile: where there is no line the mouse holds nothing.
func TestDragInAnEmptyFile(t *testing.T) {
	for _, mod := range []fyne.KeyModifier{0, fyne.KeyModifierShift, fyne.KeyModifierAlt} {
		v := show(t, numbered(0))
		press(v, fyne.NewPos(style.WidthGutter+40, 8), mod)
		drag(v, fyne.NewPos(style.WidthGutter+90, 60))
		v.MouseUp(nil)
		if s, at := v.SelectedText(), v.Caret(); s != "" || at != (Pos{1, 1}) {
			t.Errorf("with %v: %q is selected, the caret at %v", mod, s, at)
		}
	}
}
