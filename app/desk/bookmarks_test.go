package desk

import (
	"bytes"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/viewer/code"
)

// linesOfText is a text for bookmarks.
type linesOfText []string

func (l linesOfText) Lines() int        { return len(l) }
func (l linesOfText) Line(n int) []byte { return []byte(l[n-1]) }

func TestBookmarkFindsItsLine(t *testing.T) {
	text := linesOfText{"a", "", "  int x;", "}", "b", "}", ""}
	for _, c := range []struct {
		line int
		text string
		want int // 0: not found
	}{
		{3, "int x;", 3},  // spaces around do not count
		{1, "int x;", 3},  // it went down
		{99, "int x;", 3}, // it went up
		{5, "}", 4},       // of two as near, the one above
		{7, "}", 6},
		{2, "", 2},
		{3, "", 0}, // an empty line is like any other
		{3, "gone", 0},
	} {
		if got, _ := bookmarkedLine(room.Bookmark{Line: c.line, Text: c.text}, text); got != c.want {
			t.Errorf("%q of line %d is found in line %d, want %d", c.text, c.line, got, c.want)
		}
	}
	long := bytes.Repeat([]byte("ü"), 4096)
	if got := bookmarkText(long); len(got) > room.MaxBookmarkText || got != bookmarkText(append([]byte("\t"), long...)) {
		t.Errorf("of a long line %d bytes are kept", len(got))
	}
}

func TestBookmarks(t *testing.T) {
	s, r := enter(t)
	before := r.visit.Entries()
	tab := s.open(r, sampleFile, 60)
	s.open(r, otherFile, 20)
	entries := r.visit.Entries()
	s.press(chord{fyne.KeyF2, ctrl})
	s.idle()
	r.goTo(r.current(), target{line: 40, col: 3})
	s.press(chord{fyne.KeyF2, ctrl})
	s.idle()
	r.select_(r.indexOf(tab))
	s.press(chord{fyne.KeyF2, ctrl})
	s.idle()
	if len(r.bookmarks) != 3 || r.visit.Entries() != entries || entries != before+2 {
		t.Fatalf("%d bookmarks, %d entries more", len(r.bookmarks), r.visit.Entries()-entries)
	}
	marked := func() int {
		for _, m := range tab.view.Marks(60) {
			if m.Kind == code.Bookmark {
				return 1
			}
		}
		return 0
	}
	if marked() != 1 {
		t.Error("the gutter does not show it")
	}
	var lines []int
	for range 4 {
		r.stepBookmark(1)
		s.idle()
		lines = append(lines, r.current().view.Caret().Line)
	}
	if lines[0] != 20 || lines[1] != 40 || lines[2] != 60 || lines[3] != 20 { // otherFile comes first
		t.Errorf("next bookmarks are in lines %v", lines)
	}
	r.stepBookmark(-1)
	s.idle()
	if got := r.current().view.Caret().Line; got != 60 {
		t.Errorf("before the first comes line %d, want the last", got)
	}

	r.pickSide("bookmarks")
	r.booklist.list.Select(2)
	r.booklist.called("  where it decodes ")
	s.idle()
	kept, err := r.visit.Bookmarks()
	if err != nil || len(kept) != 3 || kept[2].Name != "where it decodes" || kept[2].Path != sampleFile {
		t.Fatalf("kept %+v, %v", kept, err)
	}
	r.booklist.remove(2)
	s.idle()
	if len(r.bookmarks) != 2 || marked() != 0 {
		t.Errorf("%d bookmarks after one was taken away", len(r.bookmarks))
	}
	if n := len(r.visit.Annotations()); n != 0 {
		t.Errorf("%d annotations of bookmarks", n)
	}
}

// TestBookmarkInAnotherRelease: it stands where its words stand, and says where they do not.
func TestBookmarkInAnotherRelease(t *testing.T) {
	s, r := enter(t)
	tab := s.open(r, sampleFile, 60)
	r.setBookmarks([]room.Bookmark{
		{Path: sampleFile, Line: 3, Text: bookmarkText(tab.shown().Line(60)), Release: r.release},
		{Path: sampleFile, Line: 70, Text: "no line has this", Release: r.release},
		{Path: "no/such/file", Line: 1, Text: "x", Release: "0"},
	})
	r.openBookmark(0, false)
	s.idle()
	if got := r.current().view.Caret().Line; got != 60 {
		t.Errorf("at line %d, want 60, where the words are", got)
	}
	r.openBookmark(1, false)
	s.idle()
	if got := r.current().view.Caret().Line; got != 70 {
		t.Errorf("at line %d, want 70, where it was", got)
	}
	r.openBookmark(2, false)
	s.idle()
	if s.said("error ") > 0 || r.current() != tab {
		t.Errorf("a bookmark without its file:\n%s", s.trace.String())
	}
}
