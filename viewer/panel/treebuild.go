package panel

import (
	"slices"
	"sort"
	"strings"
)

// SetPaths replaces the files. Folders that were open are open again, also those
// that were not among the paths in between, and the selection stays where its
// path still exists. The slice is kept if it is sorted.
func (t *Tree) SetPaths(paths []string) {
	for _, n := range t.nodes[1:] {
		if n.dir && n.open {
			t.folds[n.path] = true
		} else if n.dir {
			delete(t.folds, n.path)
		}
	}
	selected, _ := t.Selected()
	if !slices.IsSorted(paths) {
		paths = slices.Clone(paths)
		slices.Sort(paths)
	}
	t.build(paths)
	t.arrange()
	t.filter.forget()
	t.narrow(t.filter.typed)
	t.flatten()
	t.list.selected = t.rowOf(t.find(selected))
	t.list.SetLength(len(t.rows))
}

func within(path, dir string) bool {
	return len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

// build makes the nodes of sorted paths.
func (t *Tree) build(paths []string) {
	t.nodes = append(make([]node, 0, len(paths)+len(paths)/8+1), node{dir: true, open: true})
	t.files = make([]int32, 0, len(paths))
	around := int32(0) // the folder of the path before
	for i, p := range paths {
		if i > 0 && p == paths[i-1] {
			continue
		}
		for around > 0 && !within(p, t.nodes[around].path) {
			around = t.nodes[around].parent
		}
		base := 0
		if around > 0 {
			base = len(t.nodes[around].path) + 1
		}
		for {
			slash := strings.IndexByte(p[base:], '/')
			if slash < 0 {
				break
			}
			dir := p[:base+slash]
			t.nodes = append(t.nodes, node{path: dir, base: int32(base), parent: around, dir: true, open: t.folds[dir]})
			around = int32(len(t.nodes) - 1)
			base += slash + 1
		}
		t.files = append(t.files, int32(len(t.nodes)))
		t.nodes = append(t.nodes, node{path: p, base: int32(base), parent: around, below: 1})
	}
	for i := len(t.nodes) - 1; i > 0; i-- {
		t.nodes[t.nodes[i].parent].below += t.nodes[i].below
	}
}

// arrange lists what is in each folder, in its order.
func (t *Tree) arrange() {
	for i := range t.nodes {
		t.nodes[i].from, t.nodes[i].to = 0, 0
	}
	for _, n := range t.nodes[1:] {
		t.nodes[n.parent].to++ // how many, for now
	}
	next := int32(0)
	for i := range t.nodes {
		n := &t.nodes[i]
		n.from, next = next, next+n.to
		n.to = n.from
	}
	t.kids = make([]int32, len(t.nodes)-1)
	for _, dirs := range [2]bool{true, false} {
		for i, n := range t.nodes[1:] {
			if n.dir == dirs {
				up := &t.nodes[n.parent]
				t.kids[up.to] = int32(i + 1)
				up.to++
			}
		}
	}
	if t.order == nil {
		return
	}
	for _, n := range t.nodes {
		files := t.kids[n.from:n.to]
		for len(files) > 0 && t.nodes[files[0]].dir {
			files = files[1:]
		}
		slices.SortStableFunc(files, func(a, b int32) int { return t.order(t.nodes[a].path, t.nodes[b].path) })
	}
}

// find is the node of a path, -1 for none.
func (t *Tree) find(path string) int32 {
	// The first file that is the path, or comes after it.
	from := func(p string) int {
		return sort.Search(len(t.files), func(i int) bool { return t.nodes[t.files[i]].path >= p })
	}
	if i := from(path); i < len(t.files) && t.nodes[t.files[i]].path == path {
		return t.files[i]
	}
	i := from(path + "/")
	if path == "" || i == len(t.files) || !within(t.nodes[t.files[i]].path, path) {
		return nowhere
	}
	n := t.files[i]
	for n > 0 && t.nodes[n].path != path {
		n = t.nodes[n].parent
	}
	if n == 0 {
		return nowhere
	}
	return n
}

func (t *Tree) fold(i int, open bool) {
	t.set(t.rows[i].node, open)
	t.update()
}

// set opens or closes a folder, and with it those that are in one row with it.
func (t *Tree) set(n int32, open bool) {
	switch {
	case !t.nodes[n].dir:
	case t.filter.on():
		if t.filter.shut == nil {
			t.filter.shut = map[int32]bool{}
		}
		t.filter.shut[n] = !open
	default:
		t.nodes[n].open = open
		for head := t.head(n); open && n != head; {
			n = t.nodes[n].parent
			t.nodes[n].open = true
		}
	}
}

// Expand opens or closes one folder.
func (t *Tree) Expand(path string, open bool) {
	if n := t.find(path); n > 0 {
		t.set(n, open)
		t.update()
	}
}

// OpenBelow opens a folder, and all in it; "" is the root.
func (t *Tree) OpenBelow(path string) {
	n := int32(0)
	if path != "" {
		if n = t.find(path); n <= 0 {
			return
		}
	}
	for i := n; int(i) < len(t.nodes) && (i == n || n == 0 || within(t.nodes[i].path, path)); i++ {
		t.nodes[i].open = t.nodes[i].dir
		delete(t.filter.shut, i)
	}
	t.update()
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
		delete(t.filter.shut, up)
	}
	t.update()
	return true
}

// CollapseAll closes every folder.
func (t *Tree) CollapseAll() {
	for i := range t.nodes {
		if t.nodes[i].open = i == 0; i > 0 && t.filter.on() {
			t.set(int32(i), false)
		}
	}
	t.update()
	t.list.ScrollTo(0)
}

// Select opens the folders around path, selects it and brings it into view;
// false when there is no such path or the filter hides it.
func (t *Tree) Select(path string) bool {
	n := t.find(path)
	if n <= 0 || !t.filter.shows(n) {
		return false
	}
	t.ExpandTo(path)
	t.list.Select(t.rowOf(n))
	return true
}

// Selected is the selected path, "" for none; of folders in one row the innermost.
func (t *Tree) Selected() (path string, dir bool) {
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		n := t.at(i)
		return n.path, n.dir
	}
	return "", false
}

// First is the first file of those that are listed, "" if none is.
func (t *Tree) First() string {
	for _, r := range t.rows {
		if n := t.nodes[r.node]; !n.dir {
			return n.path
		}
	}
	return ""
}
