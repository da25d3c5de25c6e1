package desk

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
)

// linesOfC is so many lines of a C file.
func linesOfC(n int) []byte {
	return []byte(strings.Repeat("static int f(void) { return 1; } /* x */\n", n))
}

// TestMinimapIsColoured: a file of the usual size has its colours everywhere after a while,
// a larger one where it was looked at.
func TestMinimapIsColoured(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1280, 800))
	const lines = 3 * colourAhead // pieces
	tab := s.show(r, of("a.c", linesOfC(lines)))
	s.idle()
	s.ui.until(t, "the colours of the minimap", func() bool { return s.said("mapped") > 0 })
	if c := tab.colourist; !c.has(span{1, lines}) || c.mapTried {
		t.Errorf("coloured: %v", c.had)
	}
	if from, to := tab.view.Shown(); to >= lines || from != 1 {
		t.Errorf("lines %d to %d are looked at", from, to)
	}
	tab = s.show(r, of("b.c", linesOfC(keptColours+1)))
	s.idle()
	if tab.colourist.mapping.running() {
		t.Error("a file of more lines than keep their colours is coloured for its minimap")
	}
	tab = s.show(r, of("c.c", slices.Concat(linesOfC(1000), []byte("//"), linesOfC(maxMapBytes)[:maxMapBytes])))
	s.idle()
	if tab.colourist.mapping.running() {
		t.Error("a large file is coloured for its minimap")
	}
}

// TestMinimapColoursWait: what is looked at comes first, and what was found is kept.
func TestMinimapColoursWait(t *testing.T) {
	s, r := enter(t)
	s.win.Resize(fyne.NewSize(1280, 800))
	const lines = 3 * colourAhead
	tab := s.show(r, of("a.c", linesOfC(lines)))
	s.idle()
	if !tab.colourist.mapping.running() && s.said("mapped") == 0 {
		t.Fatal("nothing is done for the minimap")
	}
	tab.view.ScrollTo(code.Scroll{Y: 1 << 20})
	tab.view.Reveal(lines)
	if tab.colourist.slot.running() && tab.colourist.mapping.running() {
		t.Error("both are coloured at once")
	}
	s.ui.until(t, "the colours of the minimap", func() bool { return s.said("mapped") > 0 })
	if !tab.colourist.has(span{1, lines}) {
		t.Errorf("coloured: %v", tab.colourist.had)
	}
	r.d.toggleMinimap()
	tab = s.show(r, of("b.c", linesOfC(lines)))
	s.idle()
	if tab.colourist.mapping.running() {
		t.Error("without a minimap it is coloured for one")
	}
	r.d.toggleMinimap()
	s.ui.until(t, "the colours of the minimap", func() bool { return s.said("mapped") > 1 })
}

func TestMissingColours(t *testing.T) {
	for _, c := range []struct {
		had   []span
		lines int
		want  []span
	}{
		{nil, 3, []span{{1, 3}}},
		{nil, colourAhead + 1, []span{{1, colourAhead}, {colourAhead + 1, colourAhead + 1}}},
		{[]span{{5, 9}, {2, 3}}, 12, []span{{1, 1}, {4, 4}, {10, 12}}},
		{[]span{{1, 9}}, 9, nil},
		{[]span{{1, 30}}, 9, nil},
	} {
		if got := (&colourist{had: c.had}).missing(c.lines); !slices.Equal(got, c.want) {
			t.Errorf("of %d lines with %v: %v, want %v", c.lines, c.had, got, c.want)
		}
	}
}
