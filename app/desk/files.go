package desk

import (
	"path"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// filesPanel is the tree of the release, narrowed by a filter.
type filesPanel struct {
	r      *roomScreen
	body   fyne.CanvasObject
	header *panel.Header
	filter *panel.Field
	tree   *panel.Tree
	note   *panel.Line
	files  []deposit.File // of the release shown, by path
	marked map[deposit.Digest][]panel.Mark
	// spoofed are the marks of files with characters that are not what they seem.
	spoofed map[deposit.Digest]panel.Mark
	only    bool // files with marks
	onlyOn  *panel.IconButton
	order   int  // of fileOrders
	still   bool // the tree does not follow the open file
}

func newFilesPanel(r *roomScreen) *filesPanel {
	p := &filesPanel{r: r}
	l := r.d.look
	locate := panel.NewIconButton(l, "target", words.T("Show the open file"), words.T("Ctrl+Shift+L"), r.revealInTree)
	fold := panel.NewIconButton(l, "collapse", words.T("Fold all folders"), "", func() { p.tree.CollapseAll() })
	var more *panel.IconButton
	more = panel.NewIconButton(l, "more", words.T("How files are listed"), "", func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(more)
		panel.ShowMenu(l, r.d.win.Canvas(), at.AddXY(0, more.Size().Height), r.d.items(p.actions()))
	})
	p.onlyOn = panel.NewIconButton(l, "warn", words.T("Only marked files"), "", p.turnOnly)
	p.header = panel.NewHeader(l, words.T("Files"), p.onlyOn, locate, fold, more)
	p.filter = panel.NewField(l)
	p.filter.SetIcon("filter")
	p.filter.SetPlaceHolder(words.T("Filter: words, *.c, net/*.h, !test"))
	p.filter.OnChanged = p.narrow
	p.filter.OnDown = func() { r.d.focus("side", p.tree.List()) }
	p.filter.OnSubmit = func(string) { p.firstMatch() }
	p.filter.OnCancel = func() {
		if p.filter.Text() == "" {
			r.escape()
			return
		}
		p.filter.SetText("")
		p.narrow("")
	}
	p.tree = panel.NewTree(l)
	p.tree.Decorate = p.decorate
	p.remembered()
	p.tree.OnSlash = func() { r.d.focus("side", p.filter.Focusable()) }
	p.tree.OnClick = func(path string) { p.open(path, true) }
	p.tree.OnOpen = func(path string) { p.open(path, false) }
	p.tree.OnSecondary = func(path string, dir bool, at fyne.Position) {
		if dir {
			panel.ShowMenu(l, r.d.win.Canvas(), at, p.folderMenu(path))
			return
		}
		panel.ShowMenu(l, r.d.win.Canvas(), at, []panel.MenuItem{
			{Label: words.T("Open"), Icon: "doc", Do: func() { p.open(path, false) }},
			{Label: words.T("Search in this file"), Icon: "search", Do: func() { r.search.lookIn(path) }},
			{Label: words.T("Files that include it"), Icon: "symbols", Rule: true, Do: func() { r.fileTree(deposit.Place{Release: r.release, Path: path}, includers) }},
			{Label: words.T("Files that it includes"), Do: func() { r.fileTree(deposit.Place{Release: r.release, Path: path}, includes) }},
		})
	}
	p.tree.List().Empty = words.T("The files are being listed …")
	p.note = panel.NewLine(l)
	p.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		p.header,
		panel.Pad(0, 10, 8, 10, p.filter),
		panel.Grow(p.tree.List()),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(8, style.Inset, 8, style.Inset, p.note)),
	))
	return p
}

// folderMenu is what can be done with a folder.
func (p *filesPanel) folderMenu(path string) []panel.MenuItem {
	return []panel.MenuItem{
		{Label: words.T("Open all below"), Icon: "files", Key: "*", Do: func() { p.tree.OpenBelow(path) }},
		{Label: words.T("Search in this folder"), Icon: "search", Do: func() { p.r.search.lookIn(path + "/") }},
		{Label: words.T("Filter by this folder"), Icon: "filter", Do: func() {
			p.filter.SetText("/" + path + "/** ")
			p.narrow(p.filter.Text())
			p.r.d.focus("side", p.filter.Focusable())
		}},
	}
}

// show gives the tree the files of the release; folders stay as they were.
func (p *filesPanel) show(files []deposit.File) {
	p.files = files
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Path
	}
	p.tree.List().Empty = ""
	p.tree.SetPaths(paths)
	p.narrow(p.filter.Text())
}

// file is what the release shown has at a path, nil for nothing.
func (p *filesPanel) file(path string) *deposit.File {
	i, ok := slices.BinarySearchFunc(p.files, path, func(f deposit.File, path string) int { return strings.Compare(f.Path, path) })
	if !ok {
		return nil
	}
	return &p.files[i]
}

// marks are those of annotations in the file at a path of the release shown.
func (p *filesPanel) marks(path string) []panel.Mark {
	if f := p.file(path); f != nil {
		return p.marksOf(f)
	}
	return nil
}

// marksOf are those of annotations in a file, and of its characters.
func (p *filesPanel) marksOf(f *deposit.File) []panel.Mark {
	all := p.marked[f.Blob]
	if m, ok := p.spoofed[f.Blob]; ok {
		all = append(slices.Clip(all), m)
	}
	return all
}

// turnOnly shows only files with marks, or all again.
func (p *filesPanel) turnOnly() {
	p.only = !p.only
	p.onlyOn.SetOn(p.only)
	p.marksChanged()
}

// marksChanged redraws the tree, whose rows may be others now.
func (p *filesPanel) marksChanged() {
	var pass func(string) bool
	if p.only {
		pass = func(path string) bool { return len(p.marks(path)) > 0 }
	}
	if p.tree.SetOnly(pass) {
		p.narrow(p.filter.Text())
	}
	p.tree.List().Refresh()
}

func (p *filesPanel) narrow(s string) {
	n := p.tree.SetFilter(s)
	all := p.tree.Len()
	p.tree.List().Empty = ""
	if p.only {
		if n == 0 {
			p.tree.List().Empty = words.T("No file has a mark.")
		}
		p.note.Set(panel.Span{Text: words.T("%s of %s", grouped(int64(n)), plural(all, "file", "files")), Bold: true, Size: style.TextSecondary},
			panel.Span{Text: words.T("have marks"), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 6})
		return
	}
	if strings.TrimSpace(s) == "" {
		p.note.Set(panel.Span{Text: plural(all, "file", "files"), Bold: true, Size: style.TextSecondary},
			panel.Span{Text: words.T("in %s", p.r.release), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 6})
		return
	}
	tone := panel.ToneDim
	if n == 0 {
		tone = panel.ToneWarn
		p.tree.List().Empty = words.T("No path has all these words. Esc shows all files.")
	}
	p.note.Set(panel.Span{Text: words.T("%s of %s", grouped(int64(n)), plural(all, "file", "files")), Bold: true, Size: style.TextSecondary},
		panel.Span{Text: words.T("match. Esc clears."), Tone: tone, Size: style.TextSecondary, Gap: 6})
}

// firstMatch opens the selected file, or the first one of the filtered tree.
func (p *filesPanel) firstMatch() {
	if path, dir := p.tree.Selected(); path != "" && !dir {
		p.open(path, false)
		return
	}
	if path := p.tree.First(); path != "" && strings.TrimSpace(p.filter.Text()) != "" {
		p.tree.Select(path)
		p.open(path, false)
		return
	}
	p.r.d.focus("side", p.tree.List())
}

func (p *filesPanel) open(path string, keep bool) {
	p.r.openAt(deposit.Place{Release: p.r.release, Path: path}, target{keepFocus: keep})
}

// decorate adds the icon, and marks where annotations stand.
func (p *filesPanel) decorate(file string, dir bool, row *panel.Row) {
	if dir {
		return
	}
	f := p.file(file)
	if f == nil {
		return
	}
	if f.Blob.IsZero() {
		row.Icon, row.IconTone = "box", panel.ToneDim
		row.Tip = words.T("%s is a submodule: its files are not here", path.Base(file))
		return
	}
	row.Icon, row.IconTone = fileIcon(file)
	row.Tip = file + " · " + bytesOf(f.Size)
	row.Marks = p.marksOf(f)
}

// revealInTree shows the open file in the tree.
func (r *roomScreen) revealInTree() {
	t := r.current()
	if t == nil {
		return
	}
	r.showSide("files")
	if r.files.filter.Text() != "" {
		r.files.filter.SetText("")
		r.files.narrow("")
	}
	r.files.tree.Select(t.doc.Place.Path)
	r.d.focus("side", r.files.tree.List())
}
