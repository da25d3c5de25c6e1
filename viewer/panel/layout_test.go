package panel

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

const sentence = "Signed by Northgate Escrow, who may admit forty visits; three of them have been used, and nothing can be read before every check has passed."

func TestLabelWrapsToItsWidthAndSaysItsHeight(t *testing.T) {
	var v *Label
	bench(t, func(l *Look) fyne.CanvasObject { v = NewLabel(l, sentence); return Pad(0, 0, 0, 0, v) })
	for w := float32(60); w < 900; w += 20 {
		v.Resize(fyne.NewSize(w, v.HeightFor(w)))
		var words []string
		for _, x := range texts(v) {
			if x.Position().X+x.Size().Width > w+1 {
				t.Errorf("at %v: %q is %v wide", w, x.Text, x.Size().Width)
			}
			if x.Position().Y+x.Size().Height > v.Size().Height+1 {
				t.Errorf("at %v: %q ends below the label", w, x.Text)
			}
			words = append(words, x.Text)
		}
		if got := strings.Join(words, " "); w > 100 && got != sentence {
			t.Errorf("at %v the words are %q", w, got)
		}
	}
}

func TestWrapBreaksLongWordsAndBoundsLines(t *testing.T) {
	bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
	f := face{size: style.TextBody}
	if got := strings.Join(wrap(strings.Repeat("x", 500), 100, f, 100), ""); got != strings.Repeat("x", 500) {
		t.Errorf("a long word loses letters: %d of 500", len(got))
	}
	got := wrap("one\n\nthree\nfour\n", 200, f, 3)
	if len(got) != 3 || got[1] != "" || !strings.HasSuffix(got[2], ellipsis) {
		t.Errorf("%q: want three lines, an empty one kept, an ellipsis for the rest", got)
	}
	if got := wrap("", 10, f, 3); !slices.Equal(got, []string{""}) {
		t.Errorf("nothing wraps to %q", got)
	}
	if got := wrap("Wi", 1, f, 9); len(got) != 2 {
		t.Errorf("too narrow for a letter: %q, want one each", got)
	}
}

func TestBoxesGiveWrappedTextItsHeightAndGrowTheRest(t *testing.T) {
	var top, grown, foot fyne.CanvasObject
	bench(t, func(l *Look) fyne.CanvasObject {
		top, grown, foot = NewLabel(l, strings.Repeat(sentence, 3)), NewRule(l), NewRule(l)
		return VBox(10, HBox(8, NewIcon(l, "check", ToneOk, 14), Grow(top)), Grow(grown), foot)
	})
	if h := top.Size().Height; h < 3*18 || h != top.(*Label).HeightFor(top.Size().Width) {
		t.Errorf("the label got %v", h)
	}
	if y := foot.Position().Y; y != 599 {
		t.Errorf("the foot is at %v, want the last pixel", y)
	}
	if got, want := grown.Size().Height, 600-top.Size().Height-21; got != want {
		t.Errorf("what grows is %v high, want %v", got, want)
	}
}

func TestHiddenPartsTakeNoRoom(t *testing.T) {
	var a, b fyne.CanvasObject
	var box *fyne.Container
	bench(t, func(l *Look) fyne.CanvasObject {
		a, b = NewRule(l), NewRule(l)
		box = VBox(10, a, b)
		return box
	})
	a.Hide()
	box.Layout.Layout(box.Objects, box.Size())
	if b.Position().Y != 0 || box.MinSize().Height != 1 {
		t.Errorf("the second is at %v, the box %v high", b.Position().Y, box.MinSize().Height)
	}
}

func TestSplitDragsWithinBoundsAndKeepsItsSide(t *testing.T) {
	var s *Split
	var a, b *Surface
	bench(t, func(l *Look) fyne.CanvasObject {
		a, b = NewSurface(l, GroundChrome, 0, nil), NewSurface(l, GroundCode, 0, nil)
		s = NewSplit(l, a, b)
		return s
	})
	var moved []float32
	s.OnMoved = func(px float32) { moved = append(moved, px) }
	drag := func(d float32) {
		s.handle.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: d, DY: d}})
		s.handle.DragEnd()
	}
	if a.Size().Width != style.WidthSide || b.Position().X != style.WidthSide+1 {
		t.Fatalf("a is %v wide, b at %v", a.Size().Width, b.Position().X)
	}
	drag(36)
	drag(-900)
	drag(9000)
	if !slices.Equal(moved, []float32{300, s.MinA, 800 - s.MinB}) {
		t.Errorf("moved to %v", moved)
	}
	s.FromEnd = true
	s.SetOffset(304)
	if b.Size().Width != 303 || a.Size().Width != 496 {
		t.Errorf("kept at the end: %v and %v", a.Size().Width, b.Size().Width)
	}
	s.Resize(fyne.NewSize(1000, 600))
	if b.Size().Width != 303 {
		t.Errorf("the kept side changes with the whole: %v", b.Size().Width)
	}
	b.Hide()
	s.Refresh()
	if a.Size().Width != 1000 {
		t.Errorf("with b hidden a is %v wide", a.Size().Width)
	}
}

// contained fails for texts that leave a control or run into each other on a line.
func contained(t *testing.T, w fyne.Widget, what string) {
	t.Helper()
	xs := texts(w)
	for i, x := range xs {
		end := x.Position().X + x.Size().Width
		if end > w.Size().Width+1 {
			t.Errorf("%s at %v: %q ends at %v", what, w.Size().Width, x.Text, end)
		}
		for _, y := range xs[i+1:] {
			if overlap(x, y) {
				t.Errorf("%s at %v: %q overlaps %q", what, w.Size().Width, x.Text, y.Text)
			}
		}
	}
}

func overlap(a, b *canvas.Text) bool {
	const slack = 1.5
	ap, bp := a.Position(), b.Position()
	return ap.X+a.Size().Width > bp.X+slack && bp.X+b.Size().Width > ap.X+slack &&
		ap.Y+a.Size().Height/2 > bp.Y+slack && bp.Y+b.Size().Height/2 > ap.Y+slack
}

func TestLinesOfTextNeverOverlap(t *testing.T) {
	long := "a_name_that_goes_on_and_on_through_the_whole_pane.c"
	widgets := map[string]fyne.Widget{}
	bench(t, func(l *Look) fyne.CanvasObject {
		crumbs := NewCrumbs(l)
		crumbs.Set([]Crumb{{Text: "engine"}, {Text: "unpack"}, {Text: long}, {Text: "decode_ascii85", Icon: "symbols"}})
		crumbs.OnTapped = func(int) {}
		tabs := NewTabs(l)
		tabs.Set([]Tab{{Title: long}, {Title: "b.c"}, {Title: long}}, 1)
		header := NewHeader(l, "Finding about a thing", NewIconButton(l, "x", "", "", nil))
		header.SetNote("F-07 and more")
		table := NewTable(l, []Column{{Title: "Release", Width: 60}, {Title: "Commit of it"}, {Title: "Tree"}})
		table.SetRows([][]Span{{{Text: long}, {Text: long}, {Text: long}}, {{Text: "4.2.0"}}})
		status := NewStatus(l)
		status.Set([]StatusItem{{Text: "Deposit verified", Badge: true, Icon: "shield"}, {ID: "r", Text: "4.2.1", Menu: true}, {Text: "Ln 229, Col 18", Right: true}, {Text: "M. Okafor · seat 3", Right: true}})
		step := NewStepper(l)
		step.Set([]Step{{Name: long, Note: sentence, Time: "0.1 s", State: Done}, {Name: "Objects", Note: sentence, Time: "12.5 s", State: Failed}, {Name: "Index", Note: long, State: Running, Fraction: .3}})
		widgets = map[string]fyne.Widget{
			"banner": NewBanner(l, BannerStyle{Bold: "4 hidden characters in 1 line", Text: sentence, Links: []Action{{"Next", nil}, {"All 7", nil}}, Close: func() {}}),
			"crumbs": crumbs, "tabs": tabs, "header": header, "table": table, "status": status, "stepper": step,
			"segmented": NewSegmented(l, []string{"Critical", "High", "Medium", "Low", "Note"}, 1, nil),
			"chip":      NewChip(l, ChipStyle{"!high", sentence, ToneHigh}), "filter": NewFilterChip(l, "path", long, func() {}),
			"line":  NewLine(l, Span{Text: long, Bold: true}, Span{Text: long, Mono: true, Gap: 8}),
			"hints": NewHints(l, []Hint{{"↵", "open"}, {"Ctrl ↵", "in split"}, {":", "line"}}),
		}
		box := VBox(0)
		for _, w := range widgets {
			box.Add(w)
		}
		return box
	})
	for name, w := range widgets {
		for width := float32(180); width < 900; width += 13 {
			w.Resize(fyne.NewSize(width, max(w.Size().Height, heightFor(w, width))))
			contained(t, w, name)
		}
	}
}

func TestCrumbsKeepTheEndOfThePath(t *testing.T) {
	var v *Crumbs
	got := -1
	bench(t, func(l *Look) fyne.CanvasObject {
		v = NewCrumbs(l)
		v.OnTapped = func(i int) { got = i }
		v.Set([]Crumb{{Text: "engine"}, {Text: "a_rather_long_folder"}, {Text: "unpack"}, {Text: "pdf_decode.c"}})
		return VBox(0, v)
	})
	v.Resize(fyne.NewSize(200, 28))
	xs := texts(v)
	if xs[0].Text != ellipsis || xs[len(xs)-1].Text != "pdf_decode.c" {
		t.Errorf("shown from %q to %q", xs[0].Text, xs[len(xs)-1].Text)
	}
	last := xs[len(xs)-1].Position()
	test.TapAt(v, fyne.NewPos(last.X+4, 14))
	if got != 3 {
		t.Errorf("the last part reports %d", got)
	}
}

func TestTableRowsAreSelectedOnlyWhenAsked(t *testing.T) {
	var v *Table
	l, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewTable(l, []Column{{Title: "Release", Width: 80}, {Title: "Commit"}})
		v.SetRows([][]Span{{{Text: "4.2.1"}, {Text: "b81f"}}, {{Text: "4.2.0"}, {Text: "0c94"}}})
		return VBox(0, v)
	})
	_ = l
	if !v.Disabled() {
		t.Error("a table without OnSelect is a Tab stop")
	}
	got := -1
	v.OnSelect = func(i int) { got = i }
	test.TapAt(v, fyne.NewPos(20, 2*27+5))
	c.Focus(v)
	if got != 1 || v.Selected() != 1 {
		t.Errorf("a click selects %d", got)
	}
	press(c, fyne.KeyHome, fyne.KeyReturn)
	if got != 0 {
		t.Errorf("Home, Enter selects %d", got)
	}
}

func TestASurfaceMakesRoomForMoreLines(t *testing.T) {
	var note *Label
	var list *List
	var s *Surface
	bench(t, func(l *Look) fyne.CanvasObject {
		note, list = NewNote(l, "short"), NewList(l, 22)
		s = NewSurface(l, GroundChrome, 0, VBox(0, Pad(4, 4, 4, 4, VBox(2, note)), Grow(list)))
		return s
	})
	top := func() float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(list).Y }
	before := top()
	note.SetText(strings.Repeat("a sentence that needs more than one line ", 8))
	s.Refresh()
	if y := top(); y <= before || y < note.HeightFor(note.Size().Width) {
		t.Errorf("the list stays at %v (was %v) under a note of %v", y, before, note.HeightFor(note.Size().Width))
	}
}
