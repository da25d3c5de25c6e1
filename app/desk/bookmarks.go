package desk

import (
	"context"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// maxLookup is how many lines up and down the line of a bookmark is looked for in another
// release.
const maxLookup = 20_000

// bookmarkText is what is kept of a line to find it again.
func bookmarkText(line []byte) string {
	s := strings.ToValidUTF8(strings.TrimSpace(string(line[:min(len(line), 4*room.MaxBookmarkText)])), "\uFFFD")
	if len(s) > room.MaxBookmarkText {
		s = strings.ToValidUTF8(s[:room.MaxBookmarkText], "")
	}
	return s
}

// bookmarkedLine is where a bookmark's line stands in a text of its file: where it was, or
// else the nearest line with the same words. ok is false where there is none.
func bookmarkedLine(b room.Bookmark, src code.Source) (line int, ok bool) {
	lines := src.Lines()
	is := func(n int) bool { return n >= 1 && n <= lines && bookmarkText(src.Line(n)) == b.Text }
	if is(b.Line) {
		return b.Line, true
	}
	if b.Text == "" {
		return 0, false // an empty line is like any other
	}
	for d := 1; d <= maxLookup; d++ {
		if b.Line-d < 1 && b.Line+d > lines {
			break
		}
		for _, n := range [2]int{b.Line - d, b.Line + d} {
			if is(n) {
				return n, true
			}
		}
	}
	return 0, false
}

// setBookmarks shows the bookmarks wherever they show.
func (r *roomScreen) setBookmarks(list []room.Bookmark) {
	r.bookmarks = list
	r.booklist.show()
	for _, t := range r.awake() {
		r.marks(t)
	}
	for _, p := range r.panes() {
		if p.current() == nil {
			p.show() // the start page lists them
		}
	}
}

// saveBookmarks takes a changed list once it is on disk.
func (r *roomScreen) saveBookmarks(list []room.Bookmark, done func()) {
	durable(r.bookmarking, func(context.Context) (nothing, error) {
		return nothing{}, r.visit.SaveBookmarks(list)
	}, func(_ nothing, err error) {
		if err != nil {
			r.d.fail(words.T("The bookmarks are as they were."), err)
			return
		}
		r.setBookmarks(list)
		r.d.trace.say("bookmarks", len(list))
		if done != nil {
			done()
		}
	})
}

// bookmarkAt is the index of the bookmark on a line of a tab, -1 for none.
func (r *roomScreen) bookmarkAt(t *tab, line int) int {
	for i, b := range r.bookmarks {
		if b.Path != t.doc.Place.Path {
			continue
		}
		if n, ok := bookmarkedLine(b, t.shown()); ok && n == line {
			return i
		}
	}
	return -1
}

// toggleBookmark puts a bookmark on the caret's line, or takes it away.
func (r *roomScreen) toggleBookmark() {
	t := r.current()
	if t == nil || !r.restored || r.bookmarking.running() { // not over those that are not read yet
		return
	}
	if t.doc.Binary {
		r.d.toast(panel.ToneWarn, "bookmark", words.T("No bookmark:"), words.T("a binary file has no lines."))
		return
	}
	line := t.view.Caret().Line
	if i := r.bookmarkAt(t, line); i >= 0 {
		r.saveBookmarks(slices.Delete(slices.Clone(r.bookmarks), i, i+1), nil)
		return
	}
	if len(r.bookmarks) >= room.MaxBookmarks {
		r.d.toast(panel.ToneWarn, "bookmark", words.T("No more bookmarks:"), words.T("%s kept at most.", plural(room.MaxBookmarks, "is", "are")))
		return
	}
	b := room.Bookmark{Path: t.doc.Place.Path, Line: line, Text: bookmarkText(t.shown().Line(line)), Release: t.doc.Place.Release}
	list := append(slices.Clone(r.bookmarks), b)
	slices.SortStableFunc(list, func(a, b room.Bookmark) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	r.saveBookmarks(list, nil)
}

// stepBookmark goes to the next bookmark, or the one before: in this file from the caret
// on, then in the files after it, round and round.
func (r *roomScreen) stepBookmark(by int) {
	n := len(r.bookmarks)
	if n == 0 {
		r.d.toast(panel.ToneDim, "bookmark", words.T("No bookmarks yet."), words.T("Ctrl+F2 puts one on the caret's line."))
		return
	}
	at := 0
	if by < 0 {
		at = n - 1
	}
	if t := r.current(); t != nil {
		path, line := t.doc.Place.Path, t.view.Caret().Line
		after := func(b room.Bookmark) bool { // in the direction of by
			l := b.Line
			if b.Path == path && !t.doc.Binary {
				if now, ok := bookmarkedLine(b, t.shown()); ok {
					l = now
				}
			}
			if by > 0 {
				return b.Path > path || b.Path == path && l > line
			}
			return b.Path < path || b.Path == path && l < line
		}
		if by > 0 {
			if i := slices.IndexFunc(r.bookmarks, after); i >= 0 {
				at = i
			}
		} else {
			for i := n - 1; i >= 0; i-- {
				if after(r.bookmarks[i]) {
					at = i
					break
				}
			}
		}
	}
	r.openBookmark(at, false)
}

// openBookmark goes to a bookmark's line in the release that is shown. Where the file is
// not in it, in the one in which it was made.
func (r *roomScreen) openBookmark(i int, keepFocus bool) {
	if i < 0 || i >= len(r.bookmarks) {
		return
	}
	b := r.bookmarks[i]
	at := deposit.Place{Release: r.release, Path: b.Path}
	if r.files.file(b.Path) == nil {
		if !slices.Contains(r.releases, b.Release) {
			r.d.toast(panel.ToneWarn, "bookmark", b.Path, words.T("is not in %s.", r.release))
			return
		}
		r.d.toast(panel.ToneWarn, "bookmark", b.Path, words.T("is not in %s: it is shown as in %s.", r.release, b.Release))
		at.Release = b.Release
	}
	r.openAt(at, target{keepFocus: keepFocus, find: func(t *tab) (line int) {
		if t.doc.Binary {
			return 1
		}
		line, ok := bookmarkedLine(b, t.shown())
		if !ok {
			r.d.toast(panel.ToneWarn, "bookmark", words.T("The line was not found"), words.T("in %s: %s", at.Release, b.Text))
			return min(max(b.Line, 1), t.shown().Lines())
		}
		return line
	}})
}

// bookmarkMarks are the marks of a tab's bookmarks.
func (r *roomScreen) bookmarkMarks(t *tab) (out []code.Mark) {
	if t.doc.Binary || t.asleep != nil {
		return nil
	}
	for _, b := range r.bookmarks {
		if b.Path != t.doc.Place.Path {
			continue
		}
		if line, ok := bookmarkedLine(b, t.shown()); ok {
			out = append(out, code.Mark{Line: line, Kind: code.Bookmark, Label: b.Name, Title: words.T("Bookmark"), Text: b.Name, Key: words.T("Ctrl+F2 on this line takes it away.")})
		}
	}
	return out
}

// bookmarkActions are what is done with bookmarks.
func (r *roomScreen) bookmarkActions() []action {
	none := func() bool { return len(r.bookmarks) == 0 || r.staged() }
	return []action{
		{id: "bookmark.toggle", label: words.T("Bookmark this line"), icon: "bookmark", key: chord{fyne.KeyF2, ctrl}, do: r.toggleBookmark,
			absent: func() bool { return r.current() == nil || r.staged() }, why: words.T("no file is shown")},
		{id: "bookmark.next", label: words.T("Next bookmark"), key: chord{key: fyne.KeyF2}, do: func() { r.stepBookmark(1) }, absent: none, why: words.T("there are no bookmarks")},
		{id: "bookmark.previous", label: words.T("Previous bookmark"), key: chord{fyne.KeyF2, shift}, do: func() { r.stepBookmark(-1) }, absent: none, why: words.T("there are no bookmarks")},
		{id: "view.bookmarks", label: words.T("Bookmarks"), icon: "bookmark", key: chord{fyne.KeyB, ctrlShift}, do: func() { r.pickSide("bookmarks") }},
	}
}
