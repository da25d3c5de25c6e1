package desk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vitrine/index/search"
	"vitrine/viewer/code"
)

func TestSlideKeepsTheMatchInSight(t *testing.T) {
	for _, c := range []struct {
		text, find string
		width      int
	}{
		{"int total = 0;", "total", 40}, {strings.Repeat("x", 100) + "total", "total", 40}, {strings.Repeat("é", 100) + "total" + "é", "total", 40},
		{"total" + strings.Repeat(" ", 100), "total", 40}, {strings.Repeat("y", 30) + "total", "total", 3},
	} {
		at := strings.Index(c.text, c.find)
		text, marks := slide(c.text, [][2]int{{at, at + len(c.find)}}, c.width)
		if text[marks[0][0]:marks[0][1]] != c.find || !utf8.ValidString(text) {
			t.Errorf("%q marks %v", text, marks)
		}
		if seen := utf8.RuneCountInString(text[:marks[0][1]]); c.width >= 8 && seen > c.width {
			t.Errorf("%q ends at character %d of %d", c.find, seen, c.width)
		}
	}
}

// TestKeepShowsTheMatch: whatever the line, what is kept of it shows its first
// match, and marks the same text.
func TestKeepShowsTheMatch(t *testing.T) {
	for name, c := range map[string]struct{ text, find string }{
		"plain": {"int total = 0;", "total"}, "indented": {"\t\t  total += 4;", "total"}, "match in the indent": {"    x", "  "},
		"minified":  {strings.Repeat("var a=1;", 50_000) + "total" + strings.Repeat(";b()", 9000), "total"},
		"two bytes": {strings.Repeat("é", 1000) + "total" + strings.Repeat("ü", 1000), "total"}, "carriage return": {"total\r", "total"},
	} {
		at := strings.Index(c.text, c.find)
		h := keep(search.Hit{Line: 3, Text: []byte(c.text), Matches: [][2]int{{at, at + len(c.find)}}})
		if len(h.text) > maxHitText || len(h.marks) != 1 || h.text[h.marks[0][0]:h.marks[0][1]] != c.find {
			t.Errorf("%s: %d bytes, marks %v", name, len(h.text), h.marks)
		}
		if want := (code.Range{From: code.Pos{Line: 3, Col: at + 1}, To: code.Pos{Line: 3, Col: at + 1 + len(c.find)}}); h.ranges[0] != want || h.col != at+1 {
			t.Errorf("%s: range %v, column %d", name, h.ranges[0], h.col)
		}
	}
}
