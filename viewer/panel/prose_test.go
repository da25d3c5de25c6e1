package panel

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestProseWrapsAndKeepsItsWords(t *testing.T) {
	var v *Prose
	bench(t, func(l *Look) fyne.CanvasObject {
		v = NewProse(l, Run{Text: "Press "}, Run{Text: "Ctrl+Shift+F", Key: true}, Run{Text: " to search everything in the release, then "}, Run{Text: "F4", Key: true}, Run{Text: " for the next hit."})
		return v
	})
	want := "Press Ctrl+Shift+F to search everything in the release, then F4 for the next hit."
	tall := v.HeightFor(2000)
	for _, width := range []float32{90, 150, 300, 2000} {
		if h := v.HeightFor(width); h < tall {
			t.Errorf("%v wide it is lower than on one line: %v", width, h)
		}
		v.Resize(fyne.NewSize(width, v.HeightFor(width)))
		var got []string
		for _, o := range test.WidgetRenderer(v).Objects() {
			if text, ok := o.(*canvas.Text); ok {
				got = append(got, strings.TrimSpace(text.Text))
				if end := text.Position().X + text.Size().Width; end > width+1 {
					t.Errorf("%v wide: %q ends at %v", width, text.Text, end)
				}
			}
		}
		if s := strings.ReplaceAll(strings.Join(got, " "), "  ", " "); s != want {
			t.Errorf("%v wide it says %q", width, s)
		}
	}
}

func TestProseLinksAreStops(t *testing.T) {
	var v *Prose
	n := 0
	_, c := bench(t, func(l *Look) fyne.CanvasObject {
		v = NewProse(l, Run{Text: "See "}, Run{Text: "reading", Link: func() { n++ }}, Run{Text: " and "}, Run{Text: "search", Link: func() { n += 10 }}, Run{Text: "."})
		return v
	})
	c.Focus(v)
	press(c, fyne.KeyReturn, fyne.KeyRight, fyne.KeyReturn)
	if n != 11 {
		t.Errorf("Enter and Right went to %d", n)
	}
	if plain := NewProse(v.look, Run{Text: "no link"}); !plain.Disabled() {
		t.Error("Tab stops where there is nothing to do")
	}
}

func TestKeySheetFitsItsColumns(t *testing.T) {
	var groups []KeyGroup
	for i := range 7 {
		g := KeyGroup{Title: "Part"}
		for range 3 + 2*i {
			g.Lines = append(g.Lines, KeyLine{What: "Does something", Keys: []string{"Ctrl+Shift+F", "F4"}})
		}
		groups = append(groups, g)
	}
	var v *KeySheet
	bench(t, func(l *Look) fyne.CanvasObject { v = NewKeySheet(l, groups); return v })
	low := v.HeightFor(1400)
	if tall := v.HeightFor(400); tall <= low {
		t.Errorf("one column is %v high, several %v", tall, low)
	}
	for _, w := range []float32{400, 760, 1400} {
		h := v.HeightFor(w)
		v.Resize(fyne.NewSize(w, h))
		for _, o := range test.WidgetRenderer(v).Objects() {
			if end := o.Position().Y + o.Size().Height; end > h || o.Position().X+o.Size().Width > w+1 {
				t.Fatalf("%v wide, %v high: something is at %v %v", w, h, o.Position(), o.Size())
			}
		}
	}
}

// TestKeysDoSomething: each key that a control says to have moves it.
func TestKeysDoSomething(t *testing.T) {
	for _, k := range ListKeys() {
		done := false
		var v *List
		_, c := bench(t, func(l *Look) fyne.CanvasObject {
			v = NewList(l, 22)
			v.Row = func(i int) Row {
				return Row{Fold: []Fold{Leaf, Opened, Closed}[i%3], Depth: i % 2, Text: []Span{{Text: "row"}}}
			}
			v.OnOpen = func(int) { done = true }
			v.OnFold = func(int, bool) { done = true }
			return v
		})
		v.SetLength(60)
		for _, at := range []int{31, 32} { // one that is open, one that is closed
			v.Select(at)
			c.Focus(v)
			press(c, k.Name)
			done = done || v.Selected() != at
		}
		if !done {
			t.Errorf("%s does nothing in a list", k.Name)
		}
	}
	for _, k := range PaletteKeys() {
		var p *Palette
		l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewLabel(l, "below") })
		p = NewPalette(l)
		opened := false
		p.Row = func(int) Row { return Plain("row") }
		p.OnOpen = func(int, bool) { opened = true }
		p.Show(c, "")
		p.SetLength(60)
		p.list.Select(30)
		press(c, k.Name)
		if !opened && p.Showing() && p.Selected() == 30 {
			t.Errorf("%s does nothing in a palette", k.Name)
		}
	}
}
