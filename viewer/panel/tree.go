package panel

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Tree shows slash-separated paths as folders and files in a List: folders
// first, both in byte order unless another is set. Folders open and close, and
// say how many files are below; a filter (see [Tree.SetFilter]) narrows to some
// paths and shows them opened.
//
// Keys beside the List's: * opens all folders below the selected one, + and -
// open and close it.
//
// It holds one node per path and folder and one number per row now open;
// what is drawn is the List's, the rows on screen.
type Tree struct {
	list *List
	// Decorate, if set, completes the row of a path: icon, marks, bar, tip.
	Decorate func(path string, dir bool, row *Row)
	// OnSelect is called when another path becomes selected.
	OnSelect func(path string, dir bool)
	// OnClick is called for every click on a file, and for Space.
	OnClick func(path string)
	// OnOpen is called for Enter or a double click on a file; on a folder the keys
	// fold it, as the first click does.
	OnOpen func(path string)
	// OnSlash is called for a typed slash: the filter is somewhere else.
	OnSlash func()
	// OnSecondary is called for a right click and the Menu key.
	OnSecondary func(path string, dir bool, at fyne.Position)

	nodes   []node  // in path order, each before what is in it; nodes[0] is the root, which has no row
	kids    []int32 // of node after node, folders first
	files   []int32 // the nodes that are no folders
	order   func(a, b string) int
	compact bool
	folds   map[string]bool // the folders of earlier paths that were open

	rows   []treeRow
	filter filter
	only   func(path string) bool // which files are shown at all; nil: every one
}

// A node is a path of the tree: a file or a folder.
type node struct {
	path      string
	base      int32 // where the name begins in path
	parent    int32
	from, to  int32 // what is in it: kids[from:to]
	below     int32 // files in it and in its folders; of a file 1
	dir, open bool
}

// A treeRow is a node that has a row: of folders in one row the innermost.
type treeRow struct {
	node  int32
	up    int32 // row of the folder around, -1 for none
	depth int32
}

// NewTree returns an empty tree.
func NewTree(l *Look) *Tree {
	t := &Tree{list: NewList(l, style.HeightRow), nodes: []node{{dir: true, open: true}}, folds: map[string]bool{}}
	v := t.list
	v.Row = t.row
	v.Name = func(i int) string { return t.name(t.rows[i].node) }
	v.Around = func(i int) int { return int(t.rows[i].up) }
	v.OnRune = t.typed
	v.OnSelect = func(i int) {
		if n := t.at(i); t.OnSelect != nil {
			t.OnSelect(n.path, n.dir)
		}
	}
	v.OnClick = func(i int) { t.act(i, t.OnClick) }
	v.OnSpace = v.OnClick
	v.OnOpen = func(i int) { t.act(i, t.OnOpen) }
	v.OnDouble = func(i int) {
		if n := t.at(i); !n.dir && t.OnOpen != nil {
			t.OnOpen(n.path)
		}
	}
	v.OnFold = t.fold
	v.OnSecondary = func(i int, at fyne.Position) {
		if n := t.at(i); t.OnSecondary != nil {
			t.OnSecondary(n.path, n.dir, at)
		}
	}
	return t
}

// List is the control to put on the screen. Its Empty and OnKey are free to use.
func (t *Tree) List() *List { return t.list }

func (t *Tree) at(row int) *node { return &t.nodes[t.rows[row].node] }

// act folds a folder, and does something with a file.
func (t *Tree) act(i int, do func(string)) {
	switch n := t.at(i); {
	case n.dir:
		t.fold(i, !t.opened(t.rows[i].node))
	case do != nil:
		do(n.path)
	}
}

func (t *Tree) typed(r rune) bool {
	i := t.list.selected
	folder := i >= 0 && t.at(i).dir
	begun := t.list.now().Sub(t.list.typed.last) <= typingPause // a name, which may have these in it
	switch {
	case r == '/' && t.OnSlash != nil:
		t.OnSlash()
	case folder && r == '*':
		t.OpenBelow(t.at(i).path)
	case folder && !begun && (r == '+' || r == '-'):
		t.fold(i, r == '+')
	default:
		return false
	}
	return true
}

// Len is the number of files.
func (t *Tree) Len() int { return len(t.files) }

// SetCompact puts a folder in which there is only one folder into one row with
// that one.
func (t *Tree) SetCompact(on bool) {
	if t.compact != on {
		t.compact = on
		t.update()
	}
}

// Compact is whether such folders share a row.
func (t *Tree) Compact() bool { return t.compact }

// SetOrder sets the order of the files in each folder, given two paths; nil is
// that of their bytes. Folders stay before them, in byte order.
func (t *Tree) SetOrder(order func(a, b string) int) {
	t.order = order
	t.arrange()
	t.update()
}

// row is what the list shows.
func (t *Tree) row(i int) Row {
	at := t.rows[i]
	d := &t.nodes[at.node]
	r := Row{Depth: int(at.depth), Icon: "doc", IconTone: ToneDim, Text: []Span{{Text: t.name(at.node)}}}
	if d.dir {
		r.Icon, r.Fold = "files", Closed
		if t.opened(at.node) {
			r.Fold = Opened
		}
		count := thousands(int(d.below))
		if t.filter.on() {
			count = thousands(int(t.filter.below[at.node])) + "/" + count
		}
		r.Right = []Span{{Text: count, Tone: ToneFaint, Size: style.TextCaption}}
	}
	r.Text[0].Hits = t.filter.hits(d.path, len(d.path)-len(r.Text[0].Text))
	if t.Decorate != nil {
		t.Decorate(d.path, d.dir, &r)
	}
	return r
}

// name is what a node's row says.
func (t *Tree) name(n int32) string {
	return t.nodes[n].path[t.nodes[t.head(n)].base:]
}

// head is the outermost folder in the row of a node.
func (t *Tree) head(n int32) int32 {
	if t.compact && t.nodes[n].dir {
		for up := t.nodes[n].parent; up > 0 && t.alone(up); up = t.nodes[n].parent {
			n = up
		}
	}
	return n
}

// tail is the innermost folder in the row of a node.
func (t *Tree) tail(n int32) int32 {
	for t.compact && t.nodes[n].dir && t.alone(n) {
		n = t.kids[t.nodes[n].from]
	}
	return n
}

// alone is whether there is only a folder in a folder.
func (t *Tree) alone(n int32) bool {
	d := &t.nodes[n]
	return d.to-d.from == 1 && t.nodes[t.kids[d.from]].dir
}

func (t *Tree) opened(n int32) bool {
	if t.filter.on() {
		return !t.filter.shut[n]
	}
	return t.nodes[n].open
}

// SetFilter shows only the files that the words of s all let pass, opened, and
// returns how many there are; "" shows all again, folded as before.
//
// A word is text in the path, whatever the case. With * or ? it is a pattern of
// the name, or with a slash of the path's end from any folder on, from the
// first with a slash in front: *.c, net/*.h, /kernel/**. ** goes through folders,
// * and ? do not. A ! in front lets pass what the word does not.
func (t *Tree) SetFilter(s string) (matches int) {
	matches = t.narrow(s)
	t.filter.shut = nil
	t.update()
	if t.list.selected >= 0 {
		t.list.Reveal(t.list.selected)
	}
	return matches
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// flatten lists the rows.
func (t *Tree) flatten() {
	t.rows = t.rows[:0]
	// An explicit stack: a path can be as deep as the vendor likes.
	var stack []treeRow
	push := func(n, up, depth int32) {
		d := &t.nodes[n]
		for _, k := range slices.Backward(t.kids[d.from:d.to]) {
			if t.filter.shows(k) {
				stack = append(stack, treeRow{t.tail(k), up, depth})
			}
		}
	}
	push(0, nowhere, 0)
	for len(stack) > 0 {
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		t.rows = append(t.rows, r)
		if t.nodes[r.node].dir && t.opened(r.node) {
			push(r.node, int32(len(t.rows)-1), r.depth+1)
		}
	}
}

// rowOf is the row of a node, -1 if it has none.
func (t *Tree) rowOf(n int32) int {
	if n <= 0 {
		return nowhere
	}
	n = t.tail(n)
	return slices.IndexFunc(t.rows, func(r treeRow) bool { return r.node == n })
}

// update flattens anew and keeps the selection on its path, or on the nearest
// folder around it that still has a row.
func (t *Tree) update() {
	sel := int32(0)
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		sel = t.rows[i].node
	}
	t.flatten()
	t.list.selected = nowhere
	for sel > 0 && t.list.selected < 0 {
		t.list.selected = t.rowOf(sel)
		sel = t.nodes[sel].parent
	}
	t.list.SetLength(len(t.rows))
}
