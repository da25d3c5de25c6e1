package panel

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

func mouse(x, y float32, b desktop.MouseButton) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: b}
}

func numbered(l *Look, n int) *List {
	v := NewList(l, style.HeightRow)
	v.Row = func(i int) Row { return Plain(fmt.Sprint("row ", i)) }
	v.SetLength(n)
	return v
}

func TestListMovesByKeys(t *testing.T) {
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 1000); return v })
	var selected, opened []int
	v.OnSelect = func(i int) { selected = append(selected, i) }
	v.OnOpen = func(i int) { opened = append(opened, i) }
	c.Focus(v)
	page := int(v.Size().Height/style.HeightRow) - 1
	press(c, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyEnd, fyne.KeyDown, fyne.KeyHome, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeySpace, fyne.KeyPageUp)
	if want := []int{0, 1, 0, 999, 0, page, 0}; !slices.Equal(selected, want) {
		t.Errorf("selected %v, want %v", selected, want)
	}
	if !slices.Equal(opened, []int{page, page}) {
		t.Errorf("opened %v, want row %d by Enter and by Space", opened, page)
	}
	v.Select(500)
	if from, to := v.Shown(); from > 500 || to <= 500 {
		t.Errorf("the selected row is not on screen: %d to %d", from, to)
	}
}

func TestListSelectsByClickAndOpensByTheSecond(t *testing.T) {
	var v *List
	bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 30); return v })
	now := time.Unix(0, 0)
	v.now = func() time.Time { return now }
	var clicked, opened, menu []int
	v.OnClick = func(i int) { clicked = append(clicked, i) }
	v.OnOpen = func(i int) { opened = append(opened, i) }
	v.OnSecondary = func(i int, _ fyne.Position) { menu = append(menu, i) }
	at := fyne.NewPos(40, 3*style.HeightRow+5)
	test.TapAt(v, at)
	now = now.Add(time.Second)
	test.TapAt(v, at) // too late for a double click
	now = now.Add(100 * time.Millisecond)
	test.TapAt(v, at)
	test.TapSecondaryAt(v, fyne.NewPos(40, 5*style.HeightRow+5))
	if !slices.Equal(clicked, []int{3, 3}) || !slices.Equal(opened, []int{3}) || !slices.Equal(menu, []int{5}) || v.Selected() != 5 {
		t.Errorf("clicked %v opened %v menu %v selected %d", clicked, opened, menu, v.Selected())
	}
	test.TapAt(v, fyne.NewPos(40, 590)) // below the last row? 30 rows are 660 px: the 26th
	if v.Selected() != 26 {
		t.Errorf("row under the mouse at the foot: %d", v.Selected())
	}
}

func TestListFoldsAndGoesToTheRowAround(t *testing.T) {
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewList(l, style.HeightRow)
		rows := []Row{{Fold: Opened}, {Depth: 1, Fold: Closed}, {Depth: 1}, {Depth: 1, Link: "Show"}}
		v.Row = func(i int) Row { return rows[i] }
		v.SetLength(len(rows))
		return v
	})
	var folds, links []string
	v.OnFold = func(i int, open bool) { folds = append(folds, fmt.Sprint(i, open)) }
	v.OnLink = func(i int) { links = append(links, fmt.Sprint(i)) }
	c.Focus(v)
	v.Select(2)
	press(c, fyne.KeyLeft)
	if v.Selected() != 0 {
		t.Fatalf("Left on a leaf selects %d, want the row around it", v.Selected())
	}
	press(c, fyne.KeyLeft, fyne.KeyRight, fyne.KeyRight)
	test.TapAt(v, fyne.NewPos(rowInset+6, 5))
	test.TapAt(v, fyne.NewPos(v.Size().Width-20, 3*style.HeightRow+8))
	if want := []string{"0 false", "1 true", "0 false"}; !slices.Equal(folds, want) {
		t.Errorf("folds %v, want %v", folds, want)
	}
	if !slices.Equal(links, []string{"3"}) || v.Selected() == 3 {
		t.Errorf("the link: %v, selected %d", links, v.Selected())
	}
}

func TestListScrollsByWheelAndBar(t *testing.T) {
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 100000); return v })
	shown := [2]int{}
	v.OnShown = func(a, b int) { shown = [2]int{a, b} }
	test.Scroll(c, fyne.NewPos(20, 20), 0, -221)
	if v.Offset() != 221 || shown[0] != 10 {
		t.Errorf("wheel: offset %v, shown %v", v.Offset(), shown)
	}
	test.Scroll(c, fyne.NewPos(20, 20), 0, 1e9)
	if v.Offset() != 0 {
		t.Errorf("scrolled above the first row: %v", v.Offset())
	}
	test.Drag(c, fyne.NewPos(v.Size().Width-4, 5), 0, 1e4)
	if _, to := v.Shown(); to != 100000 {
		t.Errorf("the bar dragged down ends at row %d", to)
	}
	test.Drag(c, fyne.NewPos(100, 100), 0, -50) // not on the bar: rows do not drag
	if _, to := v.Shown(); to != 100000 {
		t.Error("dragging a row scrolled the list")
	}
	v.MouseDown(mouse(v.Size().Width-4, 5, desktop.MouseButtonPrimary))
	if _, to := v.Shown(); to == 100000 {
		t.Error("a click above the thumb does not page up")
	}
}

func TestListDrawsOnlyWhatIsOnScreen(t *testing.T) {
	var v *List
	bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 1_000_000); return v })
	asked := 0
	row := v.Row
	v.Row = func(i int) Row { asked++; return row(i) }
	v.ScrollTo(500000)
	if asked > 40 {
		t.Errorf("one repaint asked for %d rows", asked)
	}
	for px := float64(0); px < 20000; px += 333 {
		v.ScrollTo(px)
	}
	b := test.WidgetRenderer(v).(*clipBoard).b
	if len(b.objects) > 80 || len(b.texts) > 60 || len(b.rects) > 60 {
		t.Errorf("%d objects drawn, %d texts and %d rectangles pooled", len(b.objects), len(b.texts), len(b.rects))
	}
}

func TestListKeepsItsSelectionOnlyWhileItExists(t *testing.T) {
	var v *List
	bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 10); return v })
	v.Select(8)
	v.SetLength(9)
	if v.Selected() != 8 {
		t.Error("the selection is lost although its row is there")
	}
	v.SetLength(8)
	if v.Selected() != -1 {
		t.Error("a row that is gone is still selected")
	}
	v.Select(99)
	if v.Selected() != -1 {
		t.Error("a row beyond the end can be selected")
	}
}

// texts gives what a control shows and where.
func texts(w fyne.Widget) []*canvas.Text {
	var out []*canvas.Text
	for _, o := range test.WidgetRenderer(w).Objects() {
		if x, ok := o.(*canvas.Text); ok {
			out = append(out, x)
		}
	}
	return out
}

func TestRowTextsNeverOverlapAndStayInside(t *testing.T) {
	long := "a_name_that_goes_on_and_on_through_the_whole_pane_and_further_than_any_pane.c"
	rows := []Row{
		{Text: []Span{{Text: long}}, Right: []Span{{Text: "100"}}, Bar: []float32{0, 0, 0, 0, 1}, Marks: []Mark{{"!high", ToneHigh}, {"!note", ToneText}}},
		{Depth: 3, Fold: Opened, Icon: "code", Text: []Span{{Text: long, Bold: true}, {Text: "engine/unpack", Gap: 8}}, Pill: "12"},
		{Gutter: "12345", Text: []Span{{Text: long + long, Mono: true, Hits: [][2]int{{0, 5}, {70, 140}}}}},
		{Fold: Flat, Text: []Span{{Text: long}}, Right: []Span{{Text: long}}, Link: "Show all of it"},
		{Fold: Flat, Text: []Span{{Text: "ab"}, {Text: long, Gap: 4}}, Chips: []ChipStyle{{"", "Open", ToneAccent}, {"!high", "High 8.6", ToneHigh}}, Right: []Span{{Text: "9 May"}}},
		{Kind: HeadingRow, Fold: Flat, Text: []Span{{Text: long}}, Right: []Span{{Text: "6 of 236 · 0.4 ms"}}},
	}
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewList(l, style.HeightRow)
		v.Row = func(i int) Row { return rows[i] }
		v.SetLength(len(rows))
		return Pad(0, 0, 0, 0, v)
	})
	_ = c
	for w := float32(90); w < 700; w += 7 {
		v.Resize(fyne.NewSize(w, 300))
		byLine := map[int][]*canvas.Text{}
		for _, x := range texts(v) {
			line := int((x.Position().Y + x.Size().Height/2) / style.HeightRow)
			byLine[line] = append(byLine[line], x)
			if end := x.Position().X + x.Size().Width; end > w+.5 {
				t.Errorf("width %v: %q ends at %v", w, x.Text, end)
			}
		}
		for line, xs := range byLine {
			slices.SortFunc(xs, func(a, b *canvas.Text) int { return int(a.Position().X - b.Position().X) })
			for i := 1; i < len(xs); i++ {
				if end := xs[i-1].Position().X + xs[i-1].Size().Width; end > xs[i].Position().X+1.5 {
					t.Errorf("width %v, row %d: %q runs to %v, into %q at %v", w, line, xs[i-1].Text, end, xs[i].Text, xs[i].Position().X)
				}
			}
		}
	}
}

func TestHiddenCharactersAreSpelledOut(t *testing.T) {
	for in, want := range map[string]string{
		"plain.c":        "plain.c",
		"evil\u202etxt":  "evil‹U+202E›txt",
		"a\u200bb":       "a‹U+200B›b",
		"nb\u00a0sp":     "nb‹U+00A0›sp",
		"tab\tx":         "tab    x",
		"bell\a":         "bell‹U+0007›",
		"tag\U000e0041":  "tag‹U+E0041›",
		"bad\xff":        "bad\ufffd",
		"Grüße, 日本.go 🙂": "Grüße, 日本.go 🙂",
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFitIsTheLongestThatFits(t *testing.T) {
	bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	f := face{size: style.TextBody}
	s := "The quick brown fox jumps over the lazy dog"
	for w := float32(0); w < 320; w += 3 {
		got := f.fit(s, w)
		if f.width(got) > w+.5 {
			t.Errorf("fit to %v gives %q, %v wide", w, got, f.width(got))
		}
	}
	if got := f.fit(s, 1000); got != s {
		t.Errorf("with room enough: %q", got)
	}
	if got := f.fit(string(make([]byte, 1<<20)), 100); len(got) > 100 {
		t.Errorf("a text of a megabyte keeps %d bytes", len(got))
	}
}
