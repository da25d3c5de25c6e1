package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// maxListed bounds one folder's listing; a folder of more is typed, not browsed.
const maxListed = 2000

// pick says what is looked for.
type pick struct {
	Title  string
	Folder bool   // a folder is wanted, else a file
	Ext    string // only files of this ending
	Start  string // where to begin: a folder or something in one
}

type pickEntry struct {
	name    string
	dir     bool
	deposit bool // a folder with a manifest
	size    int64
}

type picker struct {
	d       *Desk
	want    pick
	dir     string
	all     []pickEntry
	path    *panel.Field
	list    *panel.List
	choose  *panel.Button
	dialog  *panel.Dialog
	reading *slot
	done    func(string)
}

// pickPath lets the reviewer walk to a folder or file with the keyboard or the
// mouse: Enter goes in or chooses, Backspace goes up.
func pickPath(d *Desk, want pick, done func(path string)) {
	p := &picker{d: d, want: want, done: done, reading: d.board.slot()}
	l := d.look
	p.path = panel.NewField(l)
	p.path.SetIcon("files")
	p.path.OnSubmit = func(s string) { p.read(expand(s)) }
	p.path.OnDown = func() { panel.Focus(d.win.Canvas(), p.list) }
	p.list = panel.NewList(l, style.HeightRow)
	p.list.Row = p.row
	p.list.Empty = words.T("Nothing to choose here. Backspace goes up.")
	p.list.OnOpen = p.open
	p.list.OnSelect = func(int) { p.able() }
	p.list.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyBackspace {
			p.read(filepath.Dir(p.dir))
			return true
		}
		return false
	}
	p.list.OnRune = p.typed
	up := panel.NewIconButton(l, "arrow", words.T("Folder above"), words.T("Backspace"), func() { p.read(filepath.Dir(p.dir)) })
	up.SetIcon("up")
	label := words.T("Choose this file")
	if want.Folder {
		label = words.T("Choose this folder")
	}
	p.choose = panel.NewButton(l, panel.Primary, label, p.chosen)
	cancel := panel.NewButton(l, panel.Secondary, words.T("Cancel"), func() { p.dialog.Hide() })
	body := panel.VBox(style.Gap2,
		panel.HBox(style.Gap2, panel.Grow(p.path), panel.Center(up)),
		panel.Sized(0, 330, panel.NewSurface(l, panel.GroundField, panel.EdgeTop|panel.EdgeRight|panel.EdgeBottom|panel.EdgeLeft, container.NewPadded(p.list))),
		panel.NewHints(l, []panel.Hint{{Key: "↵", Text: words.T("goes in or chooses")}, {Key: words.T("Backspace"), Text: words.T("goes up")}}),
	)
	p.dialog = panel.NewDialog(l, panel.DialogStyle{Title: want.Title, Icon: "files", Width: 620}, body, cancel, p.choose)
	p.dialog.OnClose = func() { p.reading.stop() }
	p.dialog.Show(d.win.Canvas())
	p.read(startFolder(want.Start))
}

// startFolder is the nearest folder that exists, from the start upwards.
func startFolder(start string) string {
	if start != "" {
		if abs, err := filepath.Abs(start); err == nil {
			for dir := abs; ; dir = filepath.Dir(dir) {
				if st, err := os.Stat(dir); err == nil && st.IsDir() {
					return dir
				}
				if dir == filepath.Dir(dir) {
					break
				}
			}
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	return string(filepath.Separator)
}

type listing struct {
	dir     string
	entries []pickEntry
	file    string // dir was a file: this one
}

func (p *picker) read(dir string) {
	simple(p.reading, func(ctx context.Context) (listing, error) { return list(ctx, dir, p.want) }, func(l listing, err error) {
		if err != nil {
			p.path.SetError(sentence(err))
			return
		}
		from := filepath.Base(p.dir)
		if filepath.Dir(p.dir) != l.dir {
			from = ""
		}
		p.dir, p.all = l.dir, l.entries
		p.path.SetError("")
		p.path.SetText(l.dir)
		p.list.SetLength(len(p.all))
		at := 0
		for i, e := range p.all {
			if e.name == from || e.name == l.file {
				at = i
			}
		}
		if len(p.all) > 0 {
			p.list.Select(at)
			p.list.Reveal(at)
		}
		p.able()
		panel.Focus(p.d.win.Canvas(), p.list)
	})
}

func list(ctx context.Context, dir string, want pick) (listing, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return listing{}, err
	}
	out := listing{dir: abs}
	if st, err := os.Stat(abs); err == nil && !st.IsDir() {
		out.dir, out.file = filepath.Dir(abs), filepath.Base(abs)
	}
	f, err := os.Open(out.dir)
	if err != nil {
		return out, fmt.Errorf(words.T("the folder cannot be read: %w"), err)
	}
	entries, err := f.ReadDir(maxListed)
	if cerr := f.Close(); cerr != nil {
		return out, cerr
	}
	if err != nil && len(entries) == 0 && err.Error() != "EOF" {
		return out, fmt.Errorf(words.T("the folder cannot be read: %w"), err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		name := e.Name()
		info, err := os.Stat(filepath.Join(out.dir, name)) // follows links, as opening will
		if err != nil {
			continue // a dangling link is nothing to choose
		}
		one := pickEntry{name: name, dir: info.IsDir(), size: info.Size()}
		keys := name == ".ssh" && !want.Folder && want.Ext == ""
		hidden := strings.HasPrefix(name, ".") && !keys && (one.dir || want.Ext != "")
		if hidden || !one.dir && (want.Folder || want.Ext != "" && filepath.Ext(name) != want.Ext) {
			continue
		}
		if one.dir && want.Folder {
			_, err := os.Stat(filepath.Join(out.dir, name, "manifest.json"))
			one.deposit = err == nil
		}
		out.entries = append(out.entries, one)
	}
	sort.Slice(out.entries, func(i, j int) bool {
		a, b := out.entries[i], out.entries[j]
		if a.dir != b.dir {
			return a.dir
		}
		return a.name < b.name
	})
	return out, nil
}

func (p *picker) row(i int) panel.Row {
	e := p.all[i]
	r := panel.Row{Fold: panel.Flat, Icon: "doc", IconTone: panel.ToneDim, Text: []panel.Span{{Text: e.name}}}
	switch {
	case e.deposit:
		r.Icon, r.IconTone = "box", panel.ToneAccent
		r.Right = []panel.Span{{Text: words.T("deposit"), Tone: panel.ToneDim, Size: style.TextSecondary}}
	case e.dir:
		r.Icon = "files"
	default:
		r.Right = []panel.Span{{Text: bytesOf(e.size), Tone: panel.ToneDim, Size: style.TextSecondary}}
	}
	return r
}

// typed begins a path with what one begins with.
func (p *picker) typed(r rune) bool {
	if r == '/' || r == '~' {
		panel.Focus(p.d.win.Canvas(), p.path.Focusable())
		p.path.SetText("")
		p.path.Focusable().TypedRune(r)
		return true
	}
	return false // a letter goes to the next name with it
}

// able enables the button when what is selected, or the folder itself, can be
// chosen.
func (p *picker) able() {
	i := p.list.Selected()
	ok := p.want.Folder || i >= 0 && i < len(p.all) && !p.all[i].dir
	if ok {
		p.choose.Enable()
	} else {
		p.choose.Disable()
	}
}

func (p *picker) open(i int) {
	if i < 0 || i >= len(p.all) {
		return
	}
	e := p.all[i]
	if e.dir && !e.deposit {
		p.read(filepath.Join(p.dir, e.name))
		return
	}
	p.finish(filepath.Join(p.dir, e.name))
}

// chosen takes the selected deposit or file, else the folder that is open.
func (p *picker) chosen() {
	if i := p.list.Selected(); i >= 0 && i < len(p.all) && (p.all[i].deposit || !p.want.Folder) {
		p.open(i)
		return
	}
	if p.want.Folder {
		p.finish(p.dir)
	}
}

func (p *picker) finish(path string) {
	p.dialog.Hide()
	p.done(path)
}
