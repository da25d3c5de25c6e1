package code

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// TestScrollingMakesNoObjects: after the fullest page the pool suffices for good.
func TestScrollingMakesNoObjects(t *testing.T) {
	lines := make(text, 12_000)
	tokens := make([][]Token, len(lines))
	for i := range lines {
		lines[i] = fmt.Sprintf("\t\tword%d other\u202e %d // x", i, i%7)
		tokens[i] = []Token{{0, 6, Keyword}, {7, 12, String}, {len(lines[i]) - 4, len(lines[i]), Comment}}
	}
	v := show(t, lines)
	v.SetTokens(1, tokens)
	v.SetMarks([]Mark{{Line: 5, Kind: Concern, Label: "x"}})
	for i := range 20 {
		v.ScrollTo(Scroll{Y: i * 7})
	}
	made, scratch := v.stage.pool.made, cap(v.stage.brush.img.Pix)
	for i := range 1000 {
		v.ScrollTo(Scroll{Y: i * 10 * rowHeight})
	}
	for i := range 100 {
		v.ScrollTo(Scroll{X: i % 40, Y: i * 3})
	}
	if grown := v.stage.pool.made - made; grown > 0 {
		t.Errorf("1,000 pages made %d objects more than the %d at hand", grown, made)
	}
	inUse := len(v.stage.overs.Objects) + len(v.stage.guides.Objects)
	for _, r := range v.stage.rows {
		inUse += len(r.gutter.Objects) + len(r.body.Objects)
		if len(r.runs) > 0 {
			inUse-- // the raster is no object of the pool
		}
	}
	if free := len(v.stage.pool.texts) + len(v.stage.pool.rects) + len(v.stage.pool.images); inUse+free != v.stage.pool.made {
		t.Errorf("%d objects in use and %d free, of %d made: one is in two places, or lost", inUse, free, v.stage.pool.made)
	}
	if grown := cap(v.stage.brush.img.Pix) - scratch; grown > 0 {
		t.Errorf("the image that rows are painted in grew by %d bytes", grown)
	}
	if len(v.maps) > keptMaps {
		t.Errorf("%d cell maps are kept", len(v.maps))
	}
}

// TestLongLineInView: a line of 10 MB draws a windowful, anywhere in it, at once.
func TestLongLineInView(t *testing.T) {
	line := strings.Repeat("var a=1;\t", 10<<20/9)
	v := show(t, text{line, "end"})
	for i := range 100 {
		v.ScrollTo(Scroll{X: i * 900_000})
		got := drawnTexts(v)[1]
		if n := len(joined(got)); n == 0 || n > 200 {
			t.Fatalf("at %d %d characters are drawn", i*900_000, n)
		}
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if p := v.Caret(); p != (Pos{1, len(line) + 1}) {
		t.Errorf("End leads to %v", p)
	}
	if x := v.point(v.Caret()).X; x < float32(v.gutter()) || x > v.Size().Width {
		t.Errorf("the caret at the end is drawn at %v", x)
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	v.TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := len(v.SelectedText()); n != len(line)+4 {
		t.Errorf("all is %d bytes", n)
	}
}

func TestRemarks(t *testing.T) {
	v := show(t, text{"size_t n;", "", "x"})
	v.SetMarks([]Mark{
		{Line: 1, Kind: Note, Label: "L. Sandoval: who\u202e owns out?\nsecond line"},
		{Line: 1, Kind: Concern},
		{Line: 2, Kind: Question, Label: "why?", Private: true},
		{Line: 3, Kind: Note, Label: strings.Repeat("long ", 100)},
	})
	got := drawnTexts(v)
	if s := joined(got[1]); s != "size_t n;|L. Sandoval: who[RLO] owns out? …" {
		t.Errorf("line 1: %s", s)
	}
	if last := got[1][1]; !last.Italic || last.Code {
		t.Error("a remark looks like code")
	}
	if s := joined(got[2]); s != "why? (private)" {
		t.Errorf("line 2: %s", s)
	}
	if s := joined(got[3]); len(s) > maxRemark+10 || !strings.HasSuffix(s, "…") {
		t.Errorf("line 3: %s", s)
	}
	icons := map[int]string{}
	for _, r := range v.stage.rows {
		for _, o := range r.gutter.Objects {
			if i, ok := o.(*canvas.Image); ok {
				icons[r.line] = i.Resource.Name()
			}
		}
	}
	if !strings.HasPrefix(icons[1], "!high") || !strings.HasPrefix(icons[2], "question") || !strings.HasPrefix(icons[3], "!note") {
		t.Errorf("marks are %v; line 1 is to show the concern", icons)
	}
}

// guidesOf are the guides that go through a line's row.
func guidesOf(v *View, line int) (out []*canvas.Rectangle) {
	for _, r := range v.stage.inView {
		if r.line != line {
			continue
		}
		for _, o := range v.stage.guides.Objects {
			if y := r.body.Position().Y; o.Position().Y <= y && y+v.row() <= o.Position().Y+o.Size().Height {
				out = append(out, o.(*canvas.Rectangle))
			}
		}
	}
	return out
}

func TestIndentGuides(t *testing.T) {
	v := show(t, text{"f {", "    if {", "        x", "", "\t\ty", "    }", "}"})
	for line, want := range map[int]int{1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 0} {
		if got := guidesOf(v, line); len(got) != want {
			t.Errorf("line %d has %d guides, want %d", line, len(got), want)
		}
	}
}

// TestGutterGrows: numbers of any length stand right-aligned, clear of mark and text.
func TestGutterGrows(t *testing.T) {
	for _, lines := range []int{9, 9999, 10_000, 1_234_567} {
		v := show(t, sparse(lines))
		v.Reveal(lines)
		checkNumbers(t, v, fmt.Sprint(lines, " lines"))
	}
}

// checkNumbers looks at the gutter's picture: each row with a line has a number in it.
func checkNumbers(t *testing.T, v *View, of string) {
	t.Helper()
	img := v.paintNumbers(v.gutter(), v.textHeight())
	for _, r := range v.stage.inView {
		left, right, top := v.gutter(), 0, int(r.body.Position().Y)
		for y := max(top, 0); y < min(top+v.metrics.row, v.textHeight()); y++ {
			for x := range v.gutter() {
				if _, _, _, a := img.At(x, y).RGBA(); a > 0 {
					left, right = min(left, x), max(right, x)
				}
			}
		}
		if left > right && top > -v.metrics.row/4 && top+v.metrics.row < v.textHeight() || left < markX+markSize+2 || right > v.gutter()-10 {
			t.Errorf("%s: %d stands from %d to %d in a gutter of %d", of, r.line, left, right, v.gutter())
		}
	}
}

// sparse is a long text of empty lines.
type sparse int

func (s sparse) Lines() int    { return int(s) }
func (sparse) Line(int) []byte { return nil }

func TestPalettes(t *testing.T) {
	v := show(t, text{"if x"})
	for _, p := range []*style.Palette{style.Light, style.Contrast, style.Dark} {
		v.SetPalette(p)
		if got := drawnTexts(v)[1][0].Color; got != p.Id {
			t.Errorf("%s: text is drawn in %v", p.Name, got)
		}
		if v.stage.line.FillColor != p.CurLine {
			t.Errorf("%s: the caret's line is filled with %v", p.Name, v.stage.line.FillColor)
		}
	}
}

// TestFocusRing: four thin lines, since a full rectangle costs a repaint of the whole area.
func TestFocusRing(t *testing.T) {
	v := show(t, text{"x"})
	for _, focused := range []bool{true, false} {
		if focused {
			v.canvas().Focus(v)
		} else {
			v.canvas().Unfocus()
		}
		for _, r := range v.stage.ring {
			if r.Visible() != focused || r.Size().Width > 1 && r.Size().Height > 1 {
				t.Errorf("focused %v: a ring line of %v, visible %v", focused, r.Size(), r.Visible())
			}
		}
		if v.stage.caret.Visible() != focused {
			t.Errorf("focused %v: caret visible %v", focused, v.stage.caret.Visible())
		}
	}
}

// TestEveryClassHasItsColour guards against a class that is drawn as plain by oversight.
func TestEveryClassHasItsColour(t *testing.T) {
	v := show(t, text{"x"})
	for c := Keyword; c <= Const; c++ {
		if col, _ := v.look(c); col == v.p.Id {
			t.Errorf("class %d is drawn like plain text", c)
		}
	}
}

// TestOnlyWhatChangedIsPainted: Fyne asks for the picture of a row again when its
// letters changed, not for a step of the caret.
func TestOnlyWhatChangedIsPainted(t *testing.T) {
	v := show(t, numbered(50))
	for _, c := range []struct {
		why  string
		do   func()
		want int
	}{
		{"the caret moves", func() { v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) }, 0},
		{"lines are selected", func() { v.Select(Range{Pos{2, 1}, Pos{5, 3}}) }, 0},
		{"hits are found", func() { v.SetHits([]Range{{Pos{3, 1}, Pos{3, 4}}}, 0) }, 0},
		{"it scrolls by less than a row", func() { v.ScrollTo(Scroll{Y: 10}) }, 1},
		{"a line has colours", func() { v.SetTokens(4, [][]Token{{{0, 4, Keyword}}}) }, 1},
		{"it scrolls by three rows", func() { v.ScrollTo(Scroll{Y: 70}) }, 3},
		{"the colours change", func() { v.SetPalette(style.Light) }, 11},
	} {
		before := v.stage.painted
		c.do()
		if got := v.stage.painted - before; got != c.want {
			t.Errorf("when %s %d rows are painted, want %d", c.why, got, c.want)
		}
	}
}
