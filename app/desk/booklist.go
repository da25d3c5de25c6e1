package desk

import (
	"path"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// bookmarksPanel lists the bookmarks by file and line; the name of the selected one is
// edited below.
type bookmarksPanel struct {
	r    *roomScreen
	body fyne.CanvasObject
	list *panel.List
	name *panel.Field
}

func newBookmarksPanel(r *roomScreen) *bookmarksPanel {
	p := &bookmarksPanel{r: r}
	l := r.d.look
	header := panel.NewHeader(l, words.T("Bookmarks"), panel.NewIconButton(l, "plus", words.T("Bookmark the caret's line"), words.T("Ctrl+F2"), r.toggleBookmark))
	p.list = panel.NewList(l, style.HeightTwoLine)
	p.list.Row = p.row
	p.list.Empty = words.T("None yet. Ctrl+F2 puts one on the caret's line.")
	p.list.OnOpen = func(i int) { r.openBookmark(i, false) }
	p.list.OnClick = func(i int) { r.openBookmark(i, true) }
	p.list.OnSelect = func(int) { p.showName() }
	p.list.OnKey = func(e *fyne.KeyEvent) bool {
		switch {
		case p.list.Selected() < 0:
			return false
		case e.Name == fyne.KeyDelete:
			p.remove(p.list.Selected())
		case e.Name == fyne.KeyF2 && !r.d.shifted():
			p.rename()
		default:
			return false
		}
		return true
	}
	p.list.OnSecondary = func(i int, at fyne.Position) {
		panel.ShowMenu(l, r.d.win.Canvas(), at, []panel.MenuItem{
			{Label: words.T("Go to its line"), Icon: "arrow", Key: words.T("Enter"), Do: func() { r.openBookmark(i, false) }},
			{Label: words.T("Name it"), Icon: "pen", Key: "F2", Do: p.rename},
			{Label: words.T("Take it away"), Icon: "x", Key: words.T("Del"), Rule: true, Do: func() { p.remove(i) }},
		})
	}
	p.name = panel.NewField(l)
	p.name.SetPlaceHolder(words.T("A name, if you like"))
	p.name.SetCaption(words.T("Name of the bookmark"))
	p.name.OnSubmit = func(s string) { p.called(s) }
	p.name.OnCancel = func() { p.showName(); r.d.focus("side", p.list) }
	note := panel.NewNote(l, words.T("Yours alone: bookmarks stay on this workstation. They are not in the journal and leave with no export."))
	p.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		header, panel.Grow(p.list),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(8, style.Inset, 8, style.Inset, panel.VBox(8, p.name, note)))))
	p.showName()
	return p
}

func (p *bookmarksPanel) show() {
	p.list.SetLength(len(p.r.bookmarks))
	if p.list.Selected() < 0 && len(p.r.bookmarks) > 0 {
		p.list.Select(0)
	}
	p.showName()
}

func (p *bookmarksPanel) row(i int) panel.Row {
	b := p.r.bookmarks[i]
	row := panel.Row{Fold: panel.Flat, Icon: "!ribbon", IconTone: panel.ToneAccent, Tip: b.Path}
	row.Text = []panel.Span{{Text: b.Name}}
	if b.Name == "" {
		row.Text = []panel.Span{{Text: b.Text, Mono: true, Size: style.TextSecondary}}
	}
	row.Second = []panel.Span{{Text: path.Base(b.Path) + ":" + grouped(int64(b.Line)), Mono: true, Size: style.TextCaption, Tone: panel.ToneAccent}}
	if dir := path.Dir(b.Path); dir != "." {
		row.Second = append(row.Second, panel.Span{Text: dir, Tone: panel.ToneDim, Gap: 8})
	}
	if len(p.r.files.files) > 0 && p.r.files.file(b.Path) == nil {
		row.Second = append(row.Second, panel.Span{Text: words.T("not in %s", p.r.release), Tone: panel.ToneWarn, Gap: 8})
	}
	return row
}

// selected is the bookmark whose name is shown.
func (p *bookmarksPanel) selected() (int, bool) {
	i := p.list.Selected()
	return i, i >= 0 && i < len(p.r.bookmarks)
}

func (p *bookmarksPanel) showName() {
	i, ok := p.selected()
	if !ok {
		p.name.SetText("")
		p.name.Disable()
		return
	}
	p.name.Enable()
	p.name.SetText(p.r.bookmarks[i].Name)
}

func (p *bookmarksPanel) rename() {
	if _, ok := p.selected(); ok {
		p.r.d.focus("side", p.name.Focusable())
		p.name.SelectAll()
	}
}

// called gives the selected bookmark a name.
func (p *bookmarksPanel) called(name string) {
	i, ok := p.selected()
	if !ok || p.r.bookmarking.running() {
		return
	}
	name = strings.TrimSpace(name)
	if len(name) > room.MaxBookmarkText {
		p.name.SetError(words.T("A shorter name, please."))
		return
	}
	p.name.SetError("")
	list := slices.Clone(p.r.bookmarks)
	list[i].Name = name
	p.r.saveBookmarks(list, func() { p.r.d.focus("side", p.list) })
}

func (p *bookmarksPanel) remove(i int) {
	if i >= 0 && i < len(p.r.bookmarks) && !p.r.bookmarking.running() {
		p.r.saveBookmarks(slices.Delete(slices.Clone(p.r.bookmarks), i, i+1), nil)
	}
}
