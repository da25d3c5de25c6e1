package code

import (
	"context"
	"fmt"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// mapped opens a view that is wide enough for a minimap, and paints that when it is stale.
func mapped(t *testing.T, src Source) (v *View, painted *int) {
	t.Helper()
	v = show(t, src)
	painted = new(int)
	v.OnStale = func() {
		*painted++
		if s := v.Sketch(); s != nil {
			img, err := s.Paint(t.Context())
			if err != nil {
				t.Error(err)
			}
			v.SetSketch(img)
		}
	}
	v.Resize(fyne.NewSize(900, 10*rowHeight))
	v.ShowMinimap(true)
	return v, painted
}

func mapInk(img image.Image, x, y int) bool { _, _, _, a := img.At(x, y).RGBA(); return a > 0 }

func TestMinimapShowsTheText(t *testing.T) {
	v, _ := mapped(t, text{"ab", "", "\tx", strings.Repeat("long ", 100), "中"})
	img := v.sketch.ink.Image
	if s := img.Bounds().Size(); s != image.Pt(style.WidthMinimap, 5*sketchLine) {
		t.Fatalf("it is %v large", s)
	}
	for _, c := range []struct {
		x, line int
		want    bool
	}{{0, 1, true}, {2, 1, false}, {0, 2, false}, {0, 3, false}, {2, 3, true}, {style.WidthMinimap - 1, 4, true}, {0, 5, true}} {
		if got := mapInk(img, c.x, (c.line-1)*sketchLine+1); got != c.want {
			t.Errorf("at %d of line %d there is ink: %v", c.x, c.line, got)
		}
	}
}

// TestMinimapColours: tokens give it colour when they come, and it keeps what is
// forgotten; another palette repaints it all.
func TestMinimapColours(t *testing.T) {
	lines := numbered(3 * tokenBlock)
	v, painted := mapped(t, lines)
	at := func(line int) any { return v.sketch.ink.Image.At(0, (line-1)*sketchLine+1) }
	plain := at(1)
	v.SetTokens(1, [][]Token{{{0, 4, String}}})
	if at(1) == plain || at(2) != plain {
		t.Error("a token's colour is not in the minimap, or everywhere")
	}
	green := at(1)
	v.KeepTokens(2*tokenBlock, 3*tokenBlock)
	v.SetTokens(2*tokenBlock+1, [][]Token{{{0, 4, Keyword}}})
	if at(1) != green {
		t.Error("a colour went with the tokens that were forgotten")
	}
	was := *painted
	v.SetPalette(style.Light)
	if *painted == was || at(1) == green {
		t.Error("another palette leaves the old colours")
	}
	v.ShowMinimap(false)
	was = *painted
	v.SetTokens(1, [][]Token{{{0, 4, Number}}})
	if *painted != was || v.HasMinimap() {
		t.Error("a minimap that is not shown is painted")
	}
}

// TestMinimapIsBounded: a file of millions of lines is squeezed, and looked at in places.
func TestMinimapIsBounded(t *testing.T) {
	src := &counting{lines: 5_000_000}
	v, _ := mapped(t, src)
	if h := v.sketch.ink.Image.Bounds().Dy(); h != maxSketch {
		t.Errorf("it is %d high", h)
	}
	if src.asked > 100_000 {
		t.Errorf("%d lines were read", src.asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Sketch().Paint(ctx); err == nil {
		t.Error("it is painted to the end when nobody wants it")
	}
}

type counting struct{ lines, asked int }

func (c *counting) Lines() int      { return c.lines }
func (c *counting) Line(int) []byte { c.asked++; return []byte("x = y;") }

// TestMinimapScrolls: what stands for the lines in view follows the text, and a press
// and a drag lead to any place of it.
func TestMinimapScrolls(t *testing.T) {
	for _, lines := range []int{5, 40, 1000, 50_000} {
		t.Run(fmt.Sprint(lines), func(t *testing.T) {
			v, _ := mapped(t, numbered(lines))
			x := v.mapLeft() + 20
			b, slid := v.mapBox()
			if b.at != 0 || slid != 0 {
				t.Errorf("at the start the box is at %d, slid %d", b.at, slid)
			}
			v.ScrollTo(Scroll{Y: 1 << 30})
			b, slid = v.mapBox()
			if b.at+b.size != b.track || slid+b.track != v.mapHeight() {
				t.Errorf("at the end the box ends at %d of %d, slid %d of %d", b.at+b.size, b.track, slid, v.mapHeight())
			}
			if v.maxTop() == 0 {
				return
			}
			v.ScrollTo(Scroll{})
			y := float32(v.boxEnd() + 1)
			press(v, fyne.NewPos(x, 1), 0)
			drag(v, fyne.NewPos(x, 5000))
			release(v)
			if v.top != v.maxTop() {
				t.Errorf("dragged to the end it is at %d of %d", v.top, v.maxTop())
			}
			v.ScrollTo(Scroll{})
			if y >= v.Size().Height {
				return
			}
			line := 1 + int(y)*lines/v.mapHeight()
			press(v, fyne.NewPos(x, y), 0)
			release(v)
			if from, to := v.Shown(); from > line || to < line {
				t.Errorf("a press on line %d leads to %d-%d", line, from, to)
			}
			if !v.Selection().Empty() || v.Caret() != (Pos{1, 1}) {
				t.Error("the minimap moves the caret")
			}
		})
	}
}

// boxEnd is where the box ends.
func (v *View) boxEnd() int { b, _ := v.mapBox(); return b.at + b.size }

func TestMinimapMarks(t *testing.T) {
	v, _ := mapped(t, numbered(100))
	v.SetHits([]Range{{Pos{50, 1}, Pos{50, 3}}}, -1)
	img := v.sketch.over.Image
	if img == nil || !mapInk(img, 5, 49*sketchLine) || mapInk(img, 5, 10) {
		t.Fatal("a hit is not marked in its row")
	}
	v.SetHits(nil, -1)
	if v.sketch.over.Image != nil {
		t.Error("a hit that is gone is marked")
	}
	v.Resize(fyne.NewSize(400, 200))
	if v.HasMinimap() {
		t.Error("a narrow view has a minimap")
	}
}
