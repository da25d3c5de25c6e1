package code

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
)

func shownLines(v *View) (out []int) {
	list, _ := v.inView()
	for _, s := range list {
		out = append(out, s.line)
	}
	return out
}

func TestFolding(t *testing.T) {
	v := show(t, numbered(40))
	v.SetFolds([]Fold{{10, 12}, {2, 8}, {3, 5}, {2, 4}, {0, 3}, {7, 7}, {39, 99}})
	want := func(why string, lines ...int) {
		t.Helper()
		if got := shownLines(v); !slices.Equal(got[:len(lines)], lines) {
			t.Errorf("%s: lines %v, want %v", why, got, lines)
		}
	}
	v.Select(Range{Pos{4, 2}, Pos{4, 2}})
	v.Fold()
	want("the innermost around the caret", 1, 2, 3, 6, 7)
	if v.Caret() != (Pos{3, 7}) {
		t.Errorf("the caret stays in %v, which is folded away", v.Caret())
	}
	v.Fold()
	want("then the one around it", 1, 2, 9, 10)
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if v.Caret().Line != 9 {
		t.Errorf("down leads to %v", v.Caret())
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if v.Caret() != (Pos{2, 7}) {
		t.Errorf("left over the fold leads to %v", v.Caret())
	}
	want("nothing opened for it", 1, 2, 9)
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if v.Caret() != (Pos{9, 1}) {
		t.Errorf("right over the fold leads to %v", v.Caret())
	}
	v.Select(Range{Pos{4, 1}, Pos{4, 3}})
	want("a selection opens what it goes into", 1, 2, 3, 4, 5, 6)
	v.FoldAll()
	want("all", 1, 2, 9, 10, 13)
	v.Reveal(11)
	want("a jump opens its fold only", 1, 2, 9, 10, 11, 12, 13)
	v.SetFolds([]Fold{{2, 6}})
	want("what was folded stays so", 1, 2, 7, 8)
	v.UnfoldAll()
	want("none", 1, 2, 3)
	v.SetFolds([]Fold{{2, 8}, {3, 5}, {10, 12}, {11, 12}})
	v.Select(Range{Pos{11, 1}, Pos{11, 1}})
	v.FoldLevel(2)
	want("a level, but not around the caret", 1, 2, 3, 6, 7, 8, 9, 10, 11)
	v.UnfoldAll()
	v.Select(Range{Pos{20, 1}, Pos{20, 1}})
	v.FoldAll()
	v.SelectAll()
	if got := len(v.SelectedText()); got < 300 {
		t.Errorf("all is %d bytes: what is folded belongs to it", got)
	}
}

// TestFoldingKeepsTheTop: what is in view does not move when something above is folded.
func TestFoldingKeepsTheTop(t *testing.T) {
	for _, wrap := range []bool{false, true} {
		v := show(t, numbered(5000))
		v.SetWrap(wrap)
		v.SetFolds([]Fold{{10, 900}, {2000, 2600}, {4000, 4100}})
		v.Reveal(3000)
		was := shownLines(v)
		v.Toggle(10)
		v.Toggle(2000)
		if got := shownLines(v); !slices.Equal(got, was) {
			t.Errorf("wrap %v: folding above scrolled from %v to %v", wrap, was, got)
		}
		if p := v.point(Pos{3000, 1}); p.Y < 0 || p.Y > v.Size().Height {
			t.Errorf("wrap %v: line 3000 is drawn at %v", wrap, p.Y)
		}
		v.UnfoldAll()
		if got := shownLines(v); !slices.Equal(got, was) {
			t.Errorf("wrap %v: unfolding scrolled from %v to %v", wrap, was, got)
		}
	}
}

func TestIndentFolds(t *testing.T) {
	src := text{"def f():", "    if x:", "", "        y", "    z", "", "g", "\th", "    i", "j"}
	got, err := IndentFolds(t.Context(), src, 4)
	if s := fmt.Sprint(got); err != nil || s != "[{1 5} {2 4} {7 9}]" {
		t.Errorf("folds are %s, %v", s, err)
	}
}

func TestIndentStep(t *testing.T) {
	for _, c := range []struct {
		src  text
		want int
	}{
		{text{"a", "  b", "    c", "  d", "e"}, 2},
		{text{"a", "\tb", "\t\tc", "d", "  e"}, 8},
		{text{"/*", " * x", " */", "f", "    g"}, 4},
		{text{"flat", "flat"}, 4},
	} {
		if got := IndentStep(c.src, 8, 4); got != c.want {
			t.Errorf("%q is indented by %d, want %d", c.src, got, c.want)
		}
	}
}

func TestTabs(t *testing.T) {
	v := show(t, text{"\tx", "\t\ty"})
	if x := v.point(Pos{1, 2}).X; x != float32(v.gutter()+v.x(TabWidth)) {
		t.Errorf("a new view has its text behind a tab at %v", x)
	}
	v.SetTabs(8, 2)
	if x := v.point(Pos{1, 2}).X; x != float32(v.gutter()+v.x(8)) {
		t.Errorf("with tab stops of 8, text stands at %v", x)
	}
	v.SetTabs(0, 99)
	if x := v.point(Pos{2, 3}).X; x != float32(v.gutter()+v.x(2)) {
		t.Errorf("with tab stops of 1, text stands at %v", x)
	}
}

// TestFoldedIsTold: what is folded away is told with what it hides, and a click opens it.
func TestFoldedIsTold(t *testing.T) {
	v := show(t, numbered(60))
	v.Resize(fyne.NewSize(900, 10*rowHeight))
	v.SetFolds([]Fold{{2, 13}})
	v.SetHits([]Range{{Pos{1, 1}, Pos{1, 2}}, {Pos{3, 1}, Pos{3, 2}}, {Pos{13, 1}, Pos{13, 2}}, {Pos{14, 1}, Pos{14, 2}}}, -1)
	v.SetMarks([]Mark{{Line: 5, Kind: Concern}, {Line: 13, Kind: Hidden}, {Line: 20, Kind: Note}})
	press(v, fyne.NewPos(float32(v.numberRight()+chevronGap+5), rowHeight+5), 0)
	release(v)
	if got := joined(drawnTexts(v)[2]); got != "line 2|⋯|11 lines|2 hits|1 mark|1 line with hidden characters" {
		t.Errorf("the folded line is drawn as %s", got)
	}
	c, _ := v.chip(2, 6)
	press(v, fyne.NewPos(float32(v.gutter())+c.x+4, rowHeight+5), 0)
	release(v)
	if got := joined(drawnTexts(v)[2]); got != "line 2" || v.Caret() != (Pos{1, 1}) {
		t.Errorf("opened it is drawn as %s, with the caret at %v", got, v.Caret())
	}
	press(v, fyne.NewPos(float32(v.numberRight()+chevronGap+5), 3*rowHeight+5), 0)
	release(v)
	if got := v.SelectedText(); got != "line 4" {
		t.Errorf("beside a line without a block a click selects %q", got)
	}
}

// TestChevrons: a block shows its sign while the mouse is over the gutter, a folded one always.
func TestChevrons(t *testing.T) {
	v := show(t, numbered(60))
	v.SetFolds([]Fold{{2, 5}, {7, 8}})
	signs := func() (out []int) {
		for _, r := range v.stage.rows {
			for _, o := range r.gutter.Objects {
				if i, ok := o.(*canvas.Image); ok && i.Position().X > numberRight {
					out = append(out, r.line)
				}
			}
		}
		slices.Sort(out)
		return out
	}
	move := func(x float32) {
		v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 50)}})
	}
	v.Toggle(7)
	if got := signs(); !slices.Equal(got, []int{7}) {
		t.Errorf("with the mouse elsewhere lines %v have a sign", got)
	}
	move(30)
	if got := signs(); !slices.Equal(got, []int{2, 7}) {
		t.Errorf("with the mouse over the gutter lines %v have a sign", got)
	}
	move(200)
	if got := signs(); !slices.Equal(got, []int{7}) {
		t.Errorf("with the mouse over the text lines %v have a sign", got)
	}
}

func TestTextSize(t *testing.T) {
	v := show(t, numbered(500))
	v.Reveal(300)
	top, _ := v.Shown()
	for _, size := range []int{32, 8, 99, 13} {
		v.SetTextSize(size)
		size = min(size, MaxTextSize)
		if from, _ := v.Shown(); from != top || v.TextSize() != size {
			t.Errorf("at size %d the top line is %d, want %d; size %d", size, from, top, v.TextSize())
		}
		checkNumbers(t, v, fmt.Sprint("size ", size))
	}
	if v.row() != rowHeight {
		t.Errorf("a row of the standard size is %v high", v.row())
	}
}

// TestCaretGuide: of the indentation guides, that of the caret's block stands out.
func TestCaretGuide(t *testing.T) {
	v := show(t, text{"f {", "    if {", "        x", "        if {", "            y", "        }", "    }", "    if {", "        z", "    }", "}"})
	bold := func() (out []int) {
		for line := 1; line <= 11; line++ {
			for _, r := range guidesOf(v, line) {
				if r.FillColor == v.p.Faint {
					out = append(out, line*100+int(float64(r.Position().X)/v.cell()+.5))
				}
			}
		}
		return out
	}
	for caret, want := range map[int][]int{
		3: {304, 404, 504, 604}, 4: {508}, 5: {508}, 9: {904}, 1: nil,
	} {
		v.Select(Range{Pos{caret, 1}, Pos{caret, 1}})
		if got := bold(); !slices.Equal(got, want) {
			t.Errorf("with the caret in line %d guides stand out at %v, want %v", caret, got, want)
		}
	}
}

// TestFoldedComesBack: what Folded tells can be folded away in another view of the text,
// and what its folds do not confirm is opened again.
func TestFoldedComesBack(t *testing.T) {
	all := []Fold{{2, 20}, {3, 5}, {7, 9}, {22, 30}, {23, 25}, {32, 34}}
	v := show(t, numbered(40))
	v.SetFolds(all)
	told := 0
	v.OnFold = func() { told++ }
	v.FoldAll()
	v.Toggle(32)
	if told != 2 {
		t.Errorf("told %d times of two changes", told)
	}
	want := []Fold{{2, 20}, {22, 30}, {3, 5}, {7, 9}, {23, 25}}
	if got := v.Folded(99); !slices.Equal(got, want) {
		t.Errorf("folded %v, want %v", got, want)
	}
	if got := v.Folded(2); !slices.Equal(got, want[:2]) {
		t.Errorf("of too many %v, want the outermost %v", got, want[:2])
	}
	w := show(t, numbered(40))
	w.FoldAway(append([]Fold{{35, 99}, {-1, 4}, {36, 38}}, want...))
	if got, was := shownLines(w), shownLines(v); !slices.Equal(got[:4], was[:4]) || w.rows.shows(37) {
		t.Errorf("lines %v, want %v", got, was)
	}
	w.SetFolds(all)
	if got := w.Folded(99); !slices.Equal(got, want) || !w.rows.shows(37) {
		t.Errorf("confirmed: %v, want %v", got, want)
	}
}
