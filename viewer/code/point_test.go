package code

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestWordAt(t *testing.T) {
	v := show(t, text{"x = foo_bar(größe);", "", "  }"})
	for _, c := range []struct {
		p    Pos
		want string
	}{
		{Pos{1, 1}, "x"}, {Pos{1, 2}, "x"}, {Pos{1, 3}, ""}, {Pos{1, 5}, "foo_bar"}, {Pos{1, 12}, "foo_bar"},
		{Pos{1, 13}, "größe"}, {Pos{1, 20}, "größe"}, {Pos{1, 22}, ""}, {Pos{2, 1}, ""}, {Pos{3, 4}, ""}, {Pos{9, 9}, ""},
	} {
		got := ""
		if w, ok := v.WordAt(c.p); ok {
			got = v.TextIn(w)
		}
		if got != c.want {
			t.Errorf("at %v stands %q, want %q", c.p, got, c.want)
		}
	}
}

func TestPointTellsOfWords(t *testing.T) {
	v := show(t, text{"one two", "three"})
	var told []string
	v.OnPoint = func(w Range, over bool) {
		if !over {
			told = append(told, "-")
			return
		}
		told = append(told, v.TextIn(w))
	}
	move := func(p fyne.Position) {
		v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	}
	move(center(v, 1, 1))
	move(center(v, 1, 2)) // the same word
	move(center(v, 1, 5))
	move(center(v, 1, 7).AddXY(60, 0)) // beside the line
	move(center(v, 2, 2))
	move(center(v, 2, 2).AddXY(0, 5*rowHeight)) // below the text
	move(center(v, 2, 2))
	v.MouseOut()
	want := []string{"one", "two", "-", "three", "-", "three", "-"}
	if len(told) != len(want) {
		t.Fatalf("told %q, want %q", told, want)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Fatalf("told %q, want %q", told, want)
		}
	}
}

func TestControlClickFollows(t *testing.T) {
	clock(t)
	v := show(t, text{"one two"})
	followed := ""
	v.OnFollow = func(w Range) { followed = v.TextIn(w) }
	press(v, center(v, 1, 5), fyne.KeyModifierControl)
	release(v)
	if followed != "two" || v.Caret().Line != 1 || !v.Selection().Empty() {
		t.Errorf("followed %q, caret %v, selected %q", followed, v.Caret(), v.SelectedText())
	}
	followed = ""
	press(v, center(v, 1, 5), 0)
	release(v)
	if followed != "" {
		t.Error("a plain click follows")
	}
}
