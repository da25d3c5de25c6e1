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
	hint := func(key, text string) fyne.CanvasObject {
		return panel.NewHints(l, []panel.Hint{{Key: key, Text: text}})
	}
	parts = append(parts, panel.Flow(style.Gap4, hint(words.T("Ctrl+P"), words.T("open a file by name")), hint(words.T("Ctrl+T"), words.T("go to a symbol")), hint(words.T("Ctrl+Shift+F"), words.T("search everything"))))
	s.body = panel.Center(panel.Inset(style.Gap3, panel.VBox(style.Gap4, parts...)))
	s.choose()
	return s
}

// startWidth is as wide as the keys below the lists.
const startWidth = 544

func startList(l *panel.Look, n int, row func(int) panel.Row, open func(int)) *panel.List {
	list := panel.NewList(l, style.HeightRow)
	list.Row, list.OnOpen, list.OnClick = row, open, open
	list.SetLength(n)
	return list
}

// choose selects the first row of the page, and sees that only one is selected in both lists.
func (s *startPage) choose() {
	if s.recent != nil && s.marked != nil {
		s.recent.OnSelect = func(int) { s.marked.Select(-1) }
		s.marked.OnSelect = func(int) { s.recent.Select(-1) }
	}
	if s.recent != nil {
		s.recent.Select(0)
	} else if s.marked != nil {
		s.marked.Select(0)
	}
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
