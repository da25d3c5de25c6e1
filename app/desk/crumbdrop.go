package desk

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// dropWidth is the width of the list that hangs from a breadcrumb.
const dropWidth = 380

// maxDropped bounds the symbols that hang from a breadcrumb: of more, the panel has a list.
const maxDropped = 5000

// An inFolder is a file of a folder, or a folder of it with how many files are below.
type inFolder struct {
	name  string
	dir   bool
	files int
}

// folderOf lists what is in a folder of files that are sorted by path: folders first.
// The top folder is "".
func folderOf(files []deposit.File, folder string) []inFolder {
	prefix := folder
	if prefix != "" {
		prefix += "/"
	}
	from, _ := slices.BinarySearchFunc(files, prefix, func(f deposit.File, p string) int { return cmp.Compare(f.Path, p) })
	var out []inFolder
	dirs := map[string]int{}
	for _, f := range files[from:] {
		rest, in := strings.CutPrefix(f.Path, prefix)
		if !in {
			break
		}
		name, _, dir := strings.Cut(rest, "/")
		switch i, known := dirs[name]; {
		case !dir:
			out = append(out, inFolder{name: name})
		case known:
			out[i].files++
		default:
			dirs[name] = len(out)
			out = append(out, inFolder{name, true, 1})
		}
	}
	slices.SortStableFunc(out, func(a, b inFolder) int { return order(!a.dir) - order(!b.dir) })
	return out
}

// dropCrumb hangs a list from part i of the breadcrumb: the files and folders beside that
// one, or the symbols of the file.
func (p *pane) dropCrumb(i int) {
	t := p.current()
	if t == nil {
		return
	}
	parts := strings.Split(t.doc.Place.Path, "/")
	if i >= len(parts) {
		p.dropSymbols(i)
		return
	}
	p.dropFolder(i, strings.Join(parts[:i], "/"), parts[i])
}

// dropFolder lists a folder below part i; one of its names is chosen. Enter and → go into
// a folder, ← goes to the one around.
func (p *pane) dropFolder(i int, folder, chosen string) {
	r := p.r
	in := folderOf(r.listed[r.release], folder)
	head := folder
	if head == "" {
		head = r.release
	}
	rows := []panel.Row{{Kind: panel.HeadingRow, Fold: panel.Flat, Text: []panel.Span{{Text: head}}}}
	at := 0
	for k, e := range in {
		row := panel.Row{Fold: panel.Flat, Text: []panel.Span{{Text: e.name}}, Marks: r.files.marks(path.Join(folder, e.name))}
		row.Icon, row.IconTone = fileIcon(e.name)
		if e.dir {
			row.Icon, row.IconTone = "files", panel.ToneDim
			row.Right = []panel.Span{{Text: grouped(int64(e.files)), Tone: panel.ToneDim, Size: style.TextCaption}}
		}
		if e.name == chosen {
			at = k + 1
		}
		rows = append(rows, row)
	}
	var dismiss func()
	into := func(k int) {
		e := in[k-1]
		if e.dir {
			p.dropFolder(i, path.Join(folder, e.name), "")
			return
		}
		r.openAt(deposit.Place{Release: r.release, Path: path.Join(folder, e.name)}, target{})
	}
	corner, height := p.crumbs.Place(i)
	dismiss = panel.ShowPeek(r.d.look, r.d.win.Canvas(), corner, height, panel.Peek{Rows: rows, Width: dropWidth, Selected: at, OnOpen: into, OnKey: func(k int, e *fyne.KeyEvent) bool {
		switch {
		case e.Name == fyne.KeyRight && k > 0 && in[k-1].dir:
			dismiss()
			into(k)
		case e.Name == fyne.KeyLeft && folder != "":
			dismiss()
			up := path.Dir(folder)
			if up == "." {
				up = ""
			}
			p.dropFolder(i, up, path.Base(folder))
		default:
			return false
		}
		return true
	}})
	r.d.trace.say("folder", len(in), head)
}

// dropSymbols lists what the file defines below part i.
func (p *pane) dropSymbols(i int) {
	r, t := p.r, p.current()
	if t.outline == nil || len(t.outline.rows) == 0 {
		return
	}
	if len(t.outline.rows) > maxDropped {
		r.pickSide("symbols")
		return
	}
	rows := make([]panel.Row, len(t.outline.rows))
	for k, s := range t.outline.rows {
		look := lookOf(s.Kind)
		rows[k] = panel.Row{Fold: panel.Flat, Depth: s.depth, Badge: look.letter, BadgeTone: look.tone, Text: []panel.Span{{Text: s.Name, Mono: true}}, Tip: s.Signature,
			Right: []panel.Span{{Text: grouped(int64(s.Line)), Tone: panel.ToneDim, Size: style.TextCaption, Mono: true}}}
	}
	at, height := p.crumbs.Place(i)
	panel.ShowPeek(r.d.look, r.d.win.Canvas(), at, height, panel.Peek{Rows: rows, Width: dropWidth, Selected: max(0, t.outline.around(t.view.Caret().Line)), OnOpen: func(k int) {
		r.openSymbol(t.doc.Place, t.outline.rows[k].Symbol, false)
	}})
	r.d.trace.say("outlined", len(rows))
}

// goToCrumbs gives the keyboard to the breadcrumb, at its last part.
func (r *roomScreen) goToCrumbs() {
	if t := r.current(); t != nil {
		r.d.focus("crumbs", r.crumbs)
		r.crumbs.Stand(strings.Count(t.doc.Place.Path, "/"))
	}
}
