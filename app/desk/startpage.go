package desk

import (
	"path"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// startRows is how many files and bookmarks the start page lists at most.
const startRows = 8

// A startPage is what the code's place shows while no file is open: what was read last,
// the bookmarks, and the keys that lead on.
type startPage struct {
	body   fyne.CanvasObject
	recent *panel.List
	marked *panel.List
}

// newStartPage makes the page of a pane.
func newStartPage(r *roomScreen) *startPage {
	l := r.d.look
	s := &startPage{}
	title := heading(l, words.T("No file is open"))
	parts := []fyne.CanvasObject{title}
	if n := min(len(r.recent), startRows); n > 0 {
		files := r.recent[:n:n]
		s.recent = startList(l, n, func(i int) panel.Row {
			icon, tone := fileIcon(files[i].Path)
			row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: path.Base(files[i].Path)}}, Tip: files[i].Path}
			if dir := path.Dir(files[i].Path); dir != "." {
				row.Text = append(row.Text, panel.Span{Text: dir, Tone: panel.ToneDim, Gap: 10})
			}
			if files[i].Release != r.release {
				row.Right = []panel.Span{{Text: files[i].Release, Tone: panel.ToneDim, Size: style.TextSecondary}}
			}
			return row
		}, func(i int) { r.openAt(files[i], target{}) })
		parts = append(parts, panel.VBox(4, panel.NewCaption(l, words.T("Read last")), panel.Sized(startWidth, float32(n)*style.HeightRow, s.recent)))
	}
	if n := min(len(r.bookmarks), startRows); n > 0 {
		s.marked = startList(l, n, func(i int) panel.Row {
			if i >= len(r.bookmarks) {
				return panel.Row{}
			}
			row := r.booklist.row(i)
			row.Text = append(row.Text, panel.Span{Text: path.Base(r.bookmarks[i].Path) + ":" + grouped(int64(r.bookmarks[i].Line)), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10})
			row.Second = nil
			return row
		}, func(i int) { r.openBookmark(i, false) })
		parts = append(parts, panel.VBox(4, panel.NewCaption(l, words.T("Bookmarks")), panel.Sized(startWidth, float32(n)*style.HeightRow, s.marked)))
	}
	parts = append(parts, panel.NewHints(l, []panel.Hint{{Key: words.T("Ctrl+P"), Text: words.T("open a file by name")}, {Key: words.T("Ctrl+T"), Text: words.T("go to a symbol")}, {Key: words.T("Ctrl+Shift+F"), Text: words.T("search everything")}}))
	s.body = panel.Center(panel.VBox(style.Gap4, parts...))
	return s
}

const startWidth = 460

func startList(l *panel.Look, n int, row func(int) panel.Row, open func(int)) *panel.List {
	list := panel.NewList(l, style.HeightRow)
	list.Row, list.OnOpen, list.OnClick = row, open, open
	list.SetLength(n)
	list.Select(0)
	return list
}

// startStops are where the keyboard can be while the active pane shows no file.
func (r *roomScreen) startStops() []fyne.Focusable {
	if r.start == nil || r.current() != nil || r.waking != nil {
		return nil
	}
	return r.start.stops()
}

// stops are where the keyboard can be on the page.
func (s *startPage) stops() (out []fyne.Focusable) {
	for _, l := range []*panel.List{s.recent, s.marked} {
		if l != nil {
			out = append(out, l)
		}
	}
	return out
}
