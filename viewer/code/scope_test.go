package code

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

func scoped(t *testing.T) *View {
	t.Helper()
	v := show(t, numbered(300))
	v.Resize(fyne.NewSize(600, 16*rowHeight))
	v.ShowScopes(true)
	v.SetScopes([]Scope{{40, 99, 41}, {10, 200, 10}, {50, 60, 50}, {52, 58, 52}, {120, 120, 120}, {250, 260, 250}, {-4, 3, 1}, {290, 999, 290}})
	return v
}

// TestScopes: what is around the topmost line and scrolled out stands over the text,
// three lines at most.
func TestScopes(t *testing.T) {
	v := scoped(t)
	for _, c := range []struct {
		first int // line at the top
		want  string
	}{
		{1, "[]"}, {9, "[]"}, {10, "[]"}, {11, "[10]"}, {39, "[10]"}, {41, "[10 41]"}, {42, "[10 41]"}, {49, "[10 41 50]"},
		{53, "[10 41 50]"}, {57, "[10 41 50]"}, {58, "[10 41 50]"}, {60, "[10 41]"}, {97, "[10 41]"}, {98, "[10 41]"}, {99, "[10]"}, {120, "[10]"}, {200, "[10]"}, {201, "[]"}, {251, "[250]"},
	} {
		v.ScrollTo(Scroll{Y: (c.first - 1) * rowHeight})
		if got := fmt.Sprint(v.scopes.shown); got != c.want {
			t.Errorf("with line %d at the top, %s stand over the text, want %s", c.first, got, c.want)
		}
	}
	v.ScrollTo(Scroll{Y: 54 * rowHeight})
	for i, line := range []int{10, 41, 50} {
		if got := string(v.scopes.rows[i].runs[0].text); got != fmt.Sprint("line ", line) {
			t.Errorf("over the text stands %q, want that of line %d", got, line)
		}
	}
	v.ShowScopes(false)
	if len(v.scopes.shown) != 0 || v.scopes.ground.Visible() {
		t.Error("they stand over the text though they are not wanted")
	}
}

// TestScopesHideNothing: a line that is revealed, and the caret, are below what
// stands over the text.
func TestScopesHideNothing(t *testing.T) {
	for _, wrap := range []bool{false, true} {
		v := scoped(t)
		v.SetWrap(wrap)
		seen := func(why string, line int) {
			t.Helper()
			if y := v.point(Pos{line, 1}).Y; y < v.scopesHeight() {
				t.Errorf("%s: line %d is drawn at %v, below lines %v of %v pixels", why, line, y, v.scopes.shown, v.scopesHeight())
			}
		}
		for from := range 100 {
			v.ScrollTo(Scroll{Y: from * 37})
			for line := 5; line < 130; line += 3 {
				v.ScrollTo(Scroll{Y: (line-1)*rowHeight - from%7*11})
				v.Reveal(line)
				seen("revealed", line)
			}
		}
		v.Select(Range{Pos{130, 1}, Pos{130, 1}})
		v.Reveal(130)
		for v.Caret().Line > 5 {
			v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
			seen("going up", v.Caret().Line)
		}
	}
}

// TestScopesAreClicked: a click on one goes there, and is not one on what it covers.
func TestScopesAreClicked(t *testing.T) {
	clock(t)
	v := scoped(t)
	v.ScrollTo(Scroll{Y: 54 * rowHeight})
	went := 0
	v.OnScope = func(line int) { went = line }
	press(v, fyne.NewPos(200, rowHeight+5), 0)
	release(v)
	if went != 41 || v.Caret() != (Pos{1, 1}) {
		t.Errorf("it leads to %d, with the caret at %v", went, v.Caret())
	}
	v.OnScope = nil
	press(v, fyne.NewPos(20, 2*rowHeight+5), 0)
	release(v)
	if v.Caret() != (Pos{50, 1}) {
		t.Errorf("the caret goes to %v", v.Caret())
	}
}

// TestManyScopes: hundreds of thousands of definitions cost nothing while scrolling.
func TestManyScopes(t *testing.T) {
	v := show(t, sparse(1_000_000))
	v.ShowScopes(true)
	var list []Scope
	for i := range 200_000 {
		list = append(list, Scope{i*5 + 1, i*5 + 4, i*5 + 1})
	}
	v.SetScopes(list)
	for i := range 2000 {
		v.ScrollTo(Scroll{Y: i * 9973})
	}
	if allocs := testing.AllocsPerRun(100, func() { v.scopesAround(500_002) }); allocs > 2 {
		t.Errorf("a question allocates %v times", allocs)
	}
}
