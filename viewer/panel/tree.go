package panel

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Tree shows slash-separated paths as folders and files in a List: folders
// first, both in byte order. Folders open and close; a filter narrows to the
// paths that contain it and shows them opened.
//
// It holds one node per path and folder and one number per row now open;
// what is drawn is the List's, the rows on screen.
type Tree struct {
	list *List
	// Decorate, if set, completes the row of a path: icon, marks, bar, tip.
	Decorate func(path string, dir bool, row *Row)
	// OnSelect is called when another path becomes selected.
	OnSelect func(path string, dir bool)
	// OnClick is called for every click on a file.
	OnClick func(path string)
	// OnOpen is called for Enter, Space or a double click on a file; on a
	// folder the keys fold it, as the first click does.
	OnOpen func(path string)
	// OnSecondary is called for a right click.
	OnSecondary func(path string, dir bool, at fyne.Position)

	nodes  []node // nodes[0] is the root, which has no row
	rows   []int32
	filter string
	match  []bool         // per node while there is a filter
	shut   map[int32]bool // folders closed by hand under a filter
}

type node struct {
	path   string
	name   string
	parent int32
	depth  int32
	kids   []int32
	dir    bool
	open   bool
}

// NewTree returns an empty tree.
func NewTree(l *Look) *Tree {
	t := &Tree{list: NewList(l, style.HeightRow), nodes: []node{{dir: true, open: true, depth: -1}}}
	t.list.Row = t.row
	t.list.OnSelect = func(i int) {
		if n := t.nodes[t.rows[i]]; t.OnSelect != nil {
			t.OnSelect(n.path, n.dir)
		}
	}
	t.list.OnClick = func(i int) {
		n := t.nodes[t.rows[i]]
		switch {
		case n.dir:
			t.fold(i, !t.opened(t.rows[i]))
		case t.OnClick != nil:
			t.OnClick(n.path)
		}
	}
	t.list.OnOpen = func(i int) {
		n := t.nodes[t.rows[i]]
		switch {
		case n.dir:
			t.fold(i, !t.opened(t.rows[i]))
		case t.OnOpen != nil:
			t.OnOpen(n.path)
		}
	}
	t.list.OnDouble = func(i int) {
		if n := t.nodes[t.rows[i]]; !n.dir && t.OnOpen != nil {
			t.OnOpen(n.path)
		}
	}
	t.list.OnFold = t.fold
	t.list.OnSecondary = func(i int, at fyne.Position) {
		if n := t.nodes[t.rows[i]]; t.OnSecondary != nil {
			t.OnSecondary(n.path, n.dir, at)
		}
	}
	return t
}

// List is the control to put on the screen. Its Empty and OnKey are free to use.
func (t *Tree) List() *List { return t.list }

// SetPaths replaces the files. Folders that were open stay open, and the
// selection stays, where the paths still exist.
func (t *Tree) SetPaths(paths []string) {
	open := map[string]bool{}
	for _, n := range t.nodes[1:] {
		if n.dir && n.open {
			open[n.path] = true
		}
	}
	selected, _ := t.Selected()
	paths = slices.Clone(paths)
	if !slices.IsSorted(paths) {
		slices.Sort(paths)
	}
	t.nodes = append(make([]node, 0, len(paths)+len(paths)/8+1), node{dir: true, open: true, depth: -1})
	var stack []int32 // folders from the root down to the last path's
	stack = append(stack, 0)
	for i, p := range paths {
		if i > 0 && p == paths[i-1] {
			continue
		}
		for len(stack) > 1 && !within(p, t.nodes[stack[len(stack)-1]].path) {
			stack = stack[:len(stack)-1]
		}
		from := 0
		if top := t.nodes[stack[len(stack)-1]]; len(stack) > 1 {
			from = len(top.path) + 1
		}
		for {
			slash := strings.IndexByte(p[from:], '/')
			if slash < 0 {
				break
			}
			end := from + slash
			n := t.add(stack[len(stack)-1], p[:end], p[from:end], true)
			t.nodes[n].open = open[p[:end]]
			stack = append(stack, n)
			from = end + 1
		}
		t.add(stack[len(stack)-1], p, p[from:], false)
	}
	for i := range t.nodes {
		slices.SortStableFunc(t.nodes[i].kids, func(a, b int32) int {
			switch {
			case t.nodes[a].dir == t.nodes[b].dir:
				return 0
			case t.nodes[a].dir:
				return -1
			}
			return 1
		})
	}
	t.shut = nil
	t.narrow()
	t.flatten()
	t.list.selected = nowhere
	if selected != "" {
		t.restore(selected)
	}
	t.list.SetLength(len(t.rows))
}

func within(path, dir string) bool {
	return len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

func (t *Tree) add(parent int32, path, name string, dir bool) int32 {
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{path: path, name: name, parent: parent, depth: t.nodes[parent].depth + 1, dir: dir})
	t.nodes[parent].kids = append(t.nodes[parent].kids, n)
	return n
}

func (t *Tree) opened(n int32) bool {
	if t.filter != "" {
		return !t.shut[n]
	}
	return t.nodes[n].open
}

func (t *Tree) flatten() {
	t.rows = t.rows[:0]
	// An explicit stack: a path can be as deep as the vendor likes.
	stack := []int32{}
	push := func(kids []int32) {
		for i := len(kids) - 1; i >= 0; i-- {
			if t.match == nil || t.match[kids[i]] {
				stack = append(stack, kids[i])
			}
		}
	}
	push(t.nodes[0].kids)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		t.rows = append(t.rows, n)
		if t.nodes[n].dir && t.opened(n) {
			push(t.nodes[n].kids)
		}
	}
}

// update flattens anew and keeps the selection on its path, or on the nearest
// folder around it that still has a row.
func (t *Tree) update() {
	sel := int32(0)
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		sel = t.rows[i]
	}
	t.flatten()
	t.list.selected = nowhere
	for sel != 0 && t.list.selected < 0 {
		t.list.selected = slices.Index(t.rows, sel)
		sel = t.nodes[sel].parent
	}
	t.list.SetLength(len(t.rows))
}

func (t *Tree) restore(path string) {
	for i, n := range t.rows {
		if t.nodes[n].path == path {
			t.list.selected = i
			return
		}
	}
}

func (t *Tree) fold(i int, open bool) {
	n := t.rows[i]
	if t.filter != "" {
		if t.shut == nil {
			t.shut = map[int32]bool{}
		}
		t.shut[n] = !open
	} else {
		t.nodes[n].open = open
	}
	t.update()
}

func (t *Tree) find(path string) int32 {
	at := int32(0)
	for at >= 0 {
		if n := t.nodes[at]; at != 0 && n.path == path {
			return at
		}
		next := int32(nowhere)
		for _, k := range t.nodes[at].kids {
			if c := t.nodes[k]; c.path == path || c.dir && within(path, c.path) {
				next = k
				break
			}
		}
		at = next
	}
	return nowhere
}

// Expand opens or closes one folder.
func (t *Tree) Expand(path string, open bool) {
	if n := t.find(path); n > 0 && t.nodes[n].dir {
		t.nodes[n].open = open
		t.update()
	}
}

// ExpandTo opens the folders around path, so that it has a row. It reports
// whether the path exists.
func (t *Tree) ExpandTo(path string) bool {
	n := t.find(path)
	if n <= 0 {
		return false
	}
	for up := t.nodes[n].parent; up > 0; up = t.nodes[up].parent {
		t.nodes[up].open = true
		delete(t.shut, up)
	}
	t.update()
	return true
}

// CollapseAll closes every folder.
func (t *Tree) CollapseAll() {
	for i := range t.nodes {
		t.nodes[i].open = i == 0
	}
	t.update()
	t.list.ScrollTo(0)
}

// Select opens the folders around path, selects it and brings it into view;
// false when there is no such path or the filter hides it.
func (t *Tree) Select(path string) bool {
	n := t.find(path)
	if n <= 0 || t.match != nil && !t.match[n] {
		return false
	}
	t.ExpandTo(path)
	t.list.Select(slices.Index(t.rows, n))
	return true
}

// Selected is the selected path, "" for none.
func (t *Tree) Selected() (path string, dir bool) {
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		n := t.nodes[t.rows[i]]
		return n.path, n.dir
	}
	return "", false
}

// SetFilter shows only the files whose path contains s, whatever the case, and
// returns how many there are; "" shows all again, folded as before.
func (t *Tree) SetFilter(s string) (matches int) {
	t.filter, t.shut = strings.ToLower(strings.TrimSpace(s)), nil
	matches = t.narrow()
	t.update()
	if t.list.selected >= 0 {
		t.list.Reveal(t.list.selected)
	}
	return matches
}

func (t *Tree) narrow() (matches int) {
	t.match = nil
	if t.filter != "" {
		t.match = make([]bool, len(t.nodes))
	}
	for i := range t.nodes {
		if t.nodes[i].dir {
			continue
		}
		if t.filter == "" {
			matches++
			continue
		}
		if !containsFold(t.nodes[i].path, t.filter) {
			continue
		}
		matches++
		for n := int32(i); n > 0 && !t.match[n]; n = t.nodes[n].parent {
			t.match[n] = true
		}
	}
	return matches
}

// containsFold: lower is lower-case already.
func containsFold(s, lower string) bool {
	if strings.Contains(s, lower) {
		return true
	}
	return strings.Contains(strings.ToLower(s), lower)
}

func (t *Tree) row(i int) Row {
	n := t.rows[i]
	d := t.nodes[n]
	r := Row{Depth: int(d.depth), Text: []Span{{Text: d.name}}}
	if d.dir {
		r.Icon, r.IconTone, r.Fold = "files", ToneDim, Closed
		if t.opened(n) {
			r.Fold = Opened
		}
	} else {
		r.Icon, r.IconTone = "doc", ToneDim
	}
	if t.filter != "" && !d.dir {
		if at := strings.Index(strings.ToLower(d.name), t.filter); at >= 0 && len(strings.ToLower(d.name)) == len(d.name) {
			r.Text[0].Hits = [][2]int{{at, at + len(t.filter)}}
		}
	}
	if t.Decorate != nil {
		t.Decorate(d.path, d.dir, &r)
	}
	return r
}
