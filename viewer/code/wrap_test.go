package code

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// TestWrapKeepsTheTop: turning wrapping on and off and resizing do not move the text.
func TestWrapKeepsTheTop(t *testing.T) {
	lines := make(text, 3000)
	for i := range lines {
		lines[i] = strings.Repeat(fmt.Sprintf("word%d ", i+1), i%40)
	}
	v := show(t, lines)
	v.Reveal(2000)
	top, _ := v.Shown()
	for _, w := range []float32{0, 320, 200, 900, 320} {
		v.SetWrap(w > 0)
		if w > 0 {
			v.Resize(fyne.NewSize(float32(v.gutter())+w+stripWidth, 10*rowHeight))
		}
		if from, _ := v.Shown(); from != top {
			t.Errorf("%v wide, the top line is %d, want %d", w, from, top)
		}
	}
	for i := range 100 { // up into lines that were never laid out
		was, _ := v.inView()
		first := was[0]
		v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, wheelNotch)})
		list, _ := v.inView()
		at := -1
		for i, s := range list {
			if s == first {
				at = i
			}
		}
		if at != wheelRows && i > 0 {
			t.Fatalf("after %d notches the row that was first is row %d of %v", i+1, at, list)
		}
	}
}

// TestWrappedRoundTrip: a click on a character leads to it, also in rows that
// continue a line, and it is drawn where the mouse is.
func TestWrappedRoundTrip(t *testing.T) {
	wait := clock(t)
	line := "\tint x = call(first, second, 中文中文, third\u202e) + other(fourth, fifth) * 7; // and so on, and on"
	v := show(t, text{line, "", "short"})
	v.SetWrap(true)
	if s := v.stretch(1, 99); s.part < 2 {
		t.Fatalf("the line takes %d rows", s.part+1)
	}
	rows := map[float32]bool{}
	for off := range line {
		at := v.point(Pos{1, off + 1})
		rows[at.Y] = true
		if at.X < float32(v.gutter()) || at.X > float32(v.gutter()+v.textWidth()) {
			t.Errorf("byte %d is drawn at %v", off, at.X)
		}
		wait(time.Second)
		press(v, at.AddXY(2, 10), 0)
		release(v)
		if want := (Pos{1, off + 1}); v.Caret() != want {
			t.Errorf("a click at %v leads to %v", want, v.Caret())
		}
	}
	if len(rows) != v.rows.exact(1) {
		t.Errorf("the line is drawn in %d rows, want %d", len(rows), v.rows.exact(1))
	}
	if p := v.point(Pos{2, 1}); p.Y != float32(v.rows.exact(1)*rowHeight) {
		t.Errorf("line 2 is drawn at %v", p.Y)
	}
	v.Select(Range{Pos{1, 2}, Pos{1, 2}})
	var lines []int
	for range v.rows.exact(1) + 2 {
		v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		lines = append(lines, v.Caret().Line)
	}
	if got := fmt.Sprint(lines); got != "[1 1 1 2 3 3]" && got != "[1 1 2 3 3]" {
		t.Errorf("going down leads through lines %s", got)
	}
}

// TestPlainBreaks: lines of printable ASCII are broken as all others.
func TestPlainBreaks(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	for range 3000 {
		s := make([]byte, rnd.Intn(300))
		for i := range s {
			s[i] = "aab_   ;(){}"[rnd.Intn(12)]
		}
		m, width := newCellMap(s, fixedGlyphs()), minWrap+rnd.Intn(60)
		got := breakCells(m, width, hang(m, width))
		m.plain, m.checks = false, []check{{}}
		if want := breakCells(m, width, hang(m, width)); !slices.Equal(got, want) {
			t.Fatalf("%q in %d is broken at %v, want %v", s, width, got, want)
		}
	}
}

// TestWrapOneLongLine: a minified file wraps and draws a windowful, anywhere in it.
func TestWrapOneLongLine(t *testing.T) {
	line := strings.Repeat("var a=function(b,c){return b+c};", 2<<20/32)
	v := show(t, text{line})
	v.SetWrap(true)
	if n := v.rows.count(); n < len(line)/41 || n > len(line)/20 {
		t.Errorf("it takes %d rows", n)
	}
	v.TypedShortcut(&fyne.ShortcutSelectAll{})
	v.follow()
	if at := v.point(v.Caret()); at.Y < 0 || at.Y > v.Size().Height {
		t.Errorf("the end is drawn at %v", at)
	}
	for i := range 50 {
		v.ScrollTo(Scroll{Y: i * 30_000})
		drawn := 0
		for _, s := range drawnTexts(v)[1] {
			drawn += len(s.Text)
		}
		if drawn < 100 || drawn > 600 {
			t.Fatalf("at %d %d characters are drawn", i*30_000, drawn)
		}
	}
}
