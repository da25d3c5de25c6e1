package desk

import (
	"cmp"
	"path"
	"strings"

	"vitrine/viewer/words"

	"vitrine/index/deposit"
)

// How files are listed is remembered; it says nothing of a deposit.
const (
	settingFilesStill  = "files.still"
	settingFilesApart  = "files.apart" // each folder has a row of its own
	settingFilesSorted = "files.sorted"
)

// A fileOrder is one of the files of a folder among themselves.
type fileOrder struct {
	name, label string
	less        func(p *filesPanel) func(a, b string) int // nil: by name
}

var fileOrders = []fileOrder{
	{"name", words.Key("Files by name"), nil},
	{"kind", words.Key("Files by kind"), func(*filesPanel) func(a, b string) int {
		return func(a, b string) int { return strings.Compare(path.Ext(a), path.Ext(b)) }
	}},
	{"size", words.Key("Files by size"), func(p *filesPanel) func(a, b string) int {
		size := func(path string) int64 {
			if f := p.file(path); f != nil {
				return f.Size
			}
			return 0
		}
		return func(a, b string) int { return cmp.Compare(size(b), size(a)) }
	}},
}

// remembered lists files as the last time.
func (p *filesPanel) remembered() {
	pref := p.r.d.app.Preferences()
	p.still = pref.Bool(settingFilesStill)
	p.tree.SetCompact(!pref.Bool(settingFilesApart))
	for i, o := range fileOrders {
		if o.name == pref.String(settingFilesSorted) {
			p.sort(i)
		}
	}
}

// sort lists files in one of the orders.
func (p *filesPanel) sort(order int) {
	p.order = order
	o := fileOrders[order]
	p.r.d.app.Preferences().SetString(settingFilesSorted, o.name)
	if o.less == nil {
		p.tree.SetOrder(nil)
		return
	}
	p.tree.SetOrder(o.less(p))
}

// actions are how files are listed.
func (p *filesPanel) actions() []action {
	pref := p.r.d.app.Preferences()
	absent := p.r.staged
	out := []action{
		{id: "files.follow", label: words.T("Tree follows the open file"), do: func() {
			p.still = !p.still
			pref.SetBool(settingFilesStill, p.still)
			if t := p.r.current(); t != nil {
				p.follow(t.doc.Place)
			}
		}, checked: func() bool { return !p.still }, absent: absent, why: words.T("another screen is shown"), rule: true},
		{id: "files.chains", label: words.T("One row for folders of one folder"), do: func() {
			p.tree.SetCompact(!p.tree.Compact())
			pref.SetBool(settingFilesApart, !p.tree.Compact())
		}, checked: p.tree.Compact, absent: absent, why: words.T("another screen is shown")},
	}
	out = append(out, action{id: "files.marked", label: words.T("Only marked files"), do: p.turnOnly, checked: func() bool { return p.only }, absent: absent, why: words.T("another screen is shown")})
	for i, o := range fileOrders {
		out = append(out, action{id: "files." + o.name, label: words.T(o.label), do: func() { p.sort(i) }, checked: func() bool { return p.order == i }, absent: absent, why: words.T("another screen is shown"), rule: i == 0})
	}
	return out
}

// follow shows the open file in the tree, if the tree follows.
func (p *filesPanel) follow(at deposit.Place) {
	if !p.still && at.Release == p.r.release {
		p.tree.Select(at.Path)
	}
}
