package code

import (
	"fmt"
	"image/color"
	"math/rand"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

func caret(p Pos) string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

func TestBlockByMouse(t *testing.T) {
	wait := clock(t)
	v := show(t, text{"abcdef", "ab", "\txyz", "中文字xy", "abcdef"})
	press(v, center(v, 1, 3).AddXY(-3, 0), fyne.KeyModifierAlt)
	drag(v, fyne.NewPos(float32(v.gutter()+v.x(5)), 4*rowHeight+5))
	release(v)
	b, ok := v.Block()
	if !ok || b != (Block{1, 5, 2, 5}) {
		t.Fatalf("the block is %v", b)
	}
	// Of the tab no more than half is inside, of 字 the half.
	if got, want := v.SelectedText(), "cde\n\nx\n文字\ncde"; got != want {
		t.Errorf("the block is %q, want %q", got, want)
	}
	if s := v.Selection(); s != (Range{Pos{1, 3}, Pos{5, 6}}) {
		t.Errorf("as a range it is %v", s)
	}
	fill := func(r *canvas.Rectangle) bool { return r.FillColor == color.Color(v.p.SelText) }
	for line, want := range map[int][2]int{1: {2, 5}, 3: {4, 5}, 4: {2, 6}} {
		got := rectsOf(v, line, fill)
		if len(got) != 1 || got[0].Position().X != float32(v.x(want[0])) || got[0].Size().Width != float32(v.x(want[1])-v.x(want[0])) {
			t.Errorf("in line %d cells %v are to be filled; it is %v", line, want, got)
		}
	}
	if len(rectsOf(v, 2, fill)) != 0 {
		t.Error("a line that does not reach the block is filled")
	}
	wait(time.Second)
	press(v, center(v, 2, 1).AddXY(-3, 0), fyne.KeyModifierAlt|fyne.KeyModifierShift)
	release(v)
	if b, _ := v.Block(); b != (Block{1, 2, 0, 2}) {
		t.Errorf("with Shift it reaches to %v", b)
	}
	wait(time.Second)
	press(v, center(v, 2, 1), 0)
	release(v)
	if _, ok := v.Block(); ok || !v.Selection().Empty() {
		t.Error("a click leaves the block")
	}
}

func TestBlockByKeys(t *testing.T) {
	v := show(t, text{"abcdef", "a", "abcdef", ""})
	told := 0
	v.OnCaret = func(Pos, Range) { told++ }
	v.Select(Range{Pos{1, 2}, Pos{1, 4}})
	v.BlockBy(1, 0)
	v.BlockBy(1, 0)
	v.BlockBy(0, 1)
	if got := v.SelectedText(); got != "bcd\n\nbcd" || told != 4 {
		t.Errorf("the block is %q, told %d times", got, told)
	}
	if v.Caret() != (Pos{3, 5}) {
		t.Errorf("the caret is at %v", v.Caret())
	}
	v.BlockBy(9, 99)
	if b, _ := v.Block(); b != (Block{1, 4, 1, 6}) {
		t.Errorf("it grows to %v", b)
	}
	v.BlockBy(-9, -99)
	if b, _ := v.Block(); b != (Block{1, 1, 0, 1}) {
		t.Errorf("it shrinks to %v", b)
	}
	v.BlockBy(0, 1)
	if !v.Selection().Empty() || v.SelectedText() != "" || len(v.Ranges()) != 0 {
		t.Error("a block without width holds something")
	}
	key(v, fyne.KeyRight, shift)
	if _, ok := v.Block(); ok {
		t.Error("Shift and an arrow keep the block")
	}
	v.SelectBlock(Block{0, 99, 1, 3})
	if got := v.SelectedText(); got != "bc\n\nbc\n" {
		t.Errorf("outside the text the block holds %q", got)
	}
}

// TestBlockIsWhatIsFilled: the text of a block is that of the cells that are filled.
func TestBlockIsWhatIsFilled(t *testing.T) {
	rng := rand.New(rand.NewSource(11))
	v := show(t, nil)
	for range 50 {
		src := odd(rng, 10)
		v.SetSource(src)
		l := rng.Intn(12)
		v.SelectBlock(Block{1 + rng.Intn(3), 4 + rng.Intn(6), l, l + 1 + rng.Intn(10)})
		b, _ := v.Block()
		var want []string
		for n := b.First; n <= b.Last; n++ {
			m := v.cells(n)
			s := ""
			for _, f := range v.fills(n, m, 0, 999) {
				if f.layer == laySelected {
					from, _, _ := m.charAt(f.from)
					to, _, _ := m.charAt(f.to)
					s = string(m.text[from:to])
				}
			}
			want = append(want, s)
		}
		if got := v.SelectedText(); got != strings.Join(want, "\n") {
			t.Fatalf("%v of %q holds %q; filled is %q", b, src, got, want)
		}
	}
}
