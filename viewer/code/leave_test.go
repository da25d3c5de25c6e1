package code

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestLeavingIsToldBeforeItHappens(t *testing.T) {
	v := show(t, numbered(200))
	var from []int
	v.OnLeave = func() { from = append(from, v.Caret().Line) }
	key(v, fyne.KeyPageDown, 0) // reading on
	key(v, fyne.KeyDown, 0)
	at := v.Caret().Line
	key(v, fyne.KeyEnd, ctrl|shift) // a selection stays where it begins
	key(v, fyne.KeyHome, ctrl)
	v.begin(Pos{5, 1}, byChar, false)
	v.begin(Pos{100, 1}, byChar, false)
	if len(from) != 2 || from[0] != 200 || from[1] != 5 || at == 1 {
		t.Errorf("told at %v", from)
	}
}
