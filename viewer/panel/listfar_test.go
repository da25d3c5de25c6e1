package panel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// TestListIsExactFarDown: in a list of 20 million rows, which are more pixels than a
// float32 counts, rows stand on whole pixels, a row apart, and are hit where they are.
func TestListIsExactFarDown(t *testing.T) {
	var v *List
	bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 20_000_000); return v })
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		i := 19_000_000 + r.IntN(900_000)
		v.ScrollTo(float64(i)*style.HeightRow + 1)
		for k := range 5 {
			if got, want := v.top(i+k), float32(k*style.HeightRow-1); got != want {
				t.Fatalf("row %d begins at %v, want %v", i+k, got, want)
			}
		}
		if got := v.rowAt(fyne.NewPos(50, 20)); got != i {
			t.Fatalf("at the top is row %d, want %d", got, i)
		}
		v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -1}})
		if got, want := v.top(i), float32(-2); got != want {
			t.Fatalf("a pixel further row %d begins at %v, want %v", i, got, want)
		}
		v.Select(i + 100)
		if got, want := v.top(i+100)+style.HeightRow, v.Size().Height; got != want {
			t.Fatalf("the selected row ends at %v, want %v", got, want)
		}
	}
	v.ScrollTo(1e18)
	if _, to := v.Shown(); to != 20_000_000 || v.top(to-1)+style.HeightRow != v.Size().Height {
		t.Errorf("the last row is %d and ends at %v", to-1, v.top(to-1)+style.HeightRow)
	}
	if _, h := v.thumb(v.Size().Height); h != thumbLeast {
		t.Errorf("the thumb is %v high", h)
	}
}

func TestListGoesToWhatIsTyped(t *testing.T) {
	names := []string{"alpha", "beta", "Bravo", "brass", "gamma", "été"}
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewList(l, style.HeightRow)
		v.Row = func(i int) Row { return Plain(names[i]) }
		v.SetLength(len(names))
		return v
	})
	now := time.Unix(0, 0)
	v.now = func() time.Time { return now }
	c.Focus(v)
	for _, s := range []struct {
		typed string
		want  int
		pause bool
	}{{"b", 1, true}, {"r", 2, false}, {"a", 2, false}, {"s", 3, false}, {"x", 3, false}, {"g", 4, true}, {"b", 1, true}, {"b", 2, false}, {"b", 3, false}, {"b", 1, false}, {"é", 5, true}} {
		if s.pause {
			now = now.Add(time.Minute)
		}
		for _, r := range s.typed {
			v.TypedRune(r)
		}
		if v.Selected() != s.want {
			t.Errorf("%q selects %d, want %d", s.typed, v.Selected(), s.want)
		}
	}
}

func TestListAsksForTheMenuByKey(t *testing.T) {
	var v *List
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = numbered(l, 1000); return v })
	var asked []string
	v.OnSecondary = func(i int, at fyne.Position) { asked = append(asked, fmt.Sprint(i, at.Y > 0)) }
	c.Focus(v)
	press(c, desktop.KeyMenu)
	v.Select(500)
	press(c, desktop.KeyMenu)
	if !slices.Equal(asked, []string{"500 true"}) {
		t.Errorf("asked for %v", asked)
	}
}

// TestListKeepsTheRowsAroundInSight: folders of the first row on screen stay at the top,
// can be clicked there, and never hide what is selected.
func TestListKeepsTheRowsAroundInSight(t *testing.T) {
	var v *Tree
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = NewTree(l); return v.List() })
	var paths []string
	for d := range 3 {
		for i := range 200 {
			paths = append(paths, fmt.Sprintf("a/b%d/f%03d.c", d, i))
		}
	}
	v.SetPaths(paths)
	v.OpenBelow("")
	list := v.List()
	shown := func() (out []string) {
		for _, x := range texts(list)[:3] {
			out = append(out, x.Text)
		}
		return out
	}
	list.ScrollTo(300 * style.HeightRow)
	if len(list.pins) != 2 || v.at(list.pins[0]).path != "a" || v.at(list.pins[1]).path != "a/b1" {
		t.Fatalf("in sight stay %v: %q", list.pins, shown())
	}
	if got := list.rowAt(fyne.NewPos(50, style.HeightRow+3)); got != list.pins[1] {
		t.Errorf("the second pinned row is hit as %d", got)
	}
	c.Focus(list)
	for i := 0; i < list.Length(); i += 5 {
		list.Select(i)
		if y := list.top(i); y < float32(len(list.pins))*style.HeightRow && !slices.Contains(list.pins, i) || y+style.HeightRow > list.Size().Height {
			t.Fatalf("row %d is selected and at %v, below %d rows", i, y, len(list.pins))
		}
	}
	for i := list.Length() - 1; i >= 0; i -= 3 {
		list.Select(i)
		if y := list.top(i); y < float32(len(list.pins))*style.HeightRow {
			t.Fatalf("going up, row %d is selected and at %v, below %d rows", i, y, len(list.pins))
		}
	}
	list.ScrollTo(300 * style.HeightRow)
	list.SetLength(0)
	if len(list.pins) != 0 {
		t.Error("rows that are gone stay in sight")
	}
}

// TestListTakesATipAwayWithItsRow: when rows pass below the mouse, or are others, the
// words about the one that was there go.
func TestListTakesATipAwayWithItsRow(t *testing.T) {
	var v *List
	l, _ := bench(t, func(l *Look) fyne.CanvasObject {
		v = numbered(l, 1000)
		v.Row = func(i int) Row { return Row{Text: []Span{{Text: "x"}}, Tip: fmt.Sprint("row ", i)} }
		return v
	})
	for what, do := range map[string]func(){
		"scrolled": func() { v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -100}}) },
		"new rows": func() { v.SetLength(900) },
	} {
		v.MouseMoved(mouse(50, 50, 0))
		if l.top().tip.tip == "" {
			t.Fatal("there is no tip")
		}
		if do(); l.top().tip.tip != "" {
			t.Errorf("%s: the tip is still %q", what, l.top().tip.tip)
		}
	}
}
