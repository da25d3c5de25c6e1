package desk

import (
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/panel"
)

// maxPanes bounds the panes: more would not be wide enough to read in.
const maxPanes = 4

// The least room of a pane, in pixels: about thirty columns, and some lines below its rows of chrome.
const (
	minPaneWidth  = 280
	minPaneHeight = 160
)

// A paneTree is how panes share the room of the code: a pane, or two trees of which the
// second is to the right of the first, or below it.
type paneTree struct {
	pane  *pane // of a leaf
	a, b  *paneTree
	below bool
	share float32 // of the room that a has
	up    *paneTree

	split *panel.Split // shows a and b
}

// leaves are the panes in reading order: left before right, above before below.
func (n *paneTree) leaves() []*pane {
	if n.pane != nil {
		return []*pane{n.pane}
	}
	return append(n.a.leaves(), n.b.leaves()...)
}

func (n *paneTree) leafOf(p *pane) *paneTree {
	if n.pane != nil {
		if n.pane == p {
			return n
		}
		return nil
	}
	if l := n.a.leafOf(p); l != nil {
		return l
	}
	return n.b.leafOf(p)
}

// least is the room that the panes need at least.
func (n *paneTree) least() fyne.Size {
	if n.pane != nil {
		return fyne.NewSize(minPaneWidth, minPaneHeight)
	}
	a, b := n.a.least(), n.b.least()
	if n.below {
		return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+1)
	}
	return fyne.NewSize(a.Width+b.Width+1, max(a.Height, b.Height))
}

// body makes what shows the tree.
func (n *paneTree) body(l *panel.Look, moved func()) fyne.CanvasObject {
	if n.pane != nil {
		return n.pane.body
	}
	n.split = panel.NewSplit(l, n.a.body(l, moved), n.b.body(l, moved))
	n.split.Vertical = n.below
	a, b := n.a.least(), n.b.least()
	n.split.MinA, n.split.MinB = a.Width, b.Width
	if n.below {
		n.split.MinA, n.split.MinB = a.Height, b.Height
	}
	n.split.SetShare(n.share)
	n.split.OnMoved = func(float32) { n.share = n.split.Share(); moved() }
	return n.split
}

// panes are all panes in reading order.
func (r *roomScreen) panes() []*pane { return r.layout.leaves() }

// allTabs are the tabs of all panes.
func (r *roomScreen) allTabs() []*tab {
	var out []*tab
	for _, p := range r.panes() {
		out = append(out, p.open...)
	}
	return out
}

// awake are the tabs whose files are read.
func (r *roomScreen) awake() []*tab {
	return slices.DeleteFunc(r.allTabs(), func(t *tab) bool { return t.asleep != nil })
}

// openFiles is a tab of each file that is open, also where two panes show it.
func (r *roomScreen) openFiles() []*tab {
	var out []*tab
	for _, t := range r.allTabs() {
		if !slices.ContainsFunc(out, func(o *tab) bool { return o.doc.Place == t.doc.Place }) {
			out = append(out, t)
		}
	}
	return out
}

// layPanes shows the panes as the tree says.
func (r *roomScreen) layPanes() {
	r.groups.Objects = []fyne.CanvasObject{r.layout.body(r.d.look, r.touched)}
	r.groups.Refresh()
	r.showTabs()
	for i, p := range r.panes() {
		if p.active() {
			r.d.trace.say("pane", i+1, len(r.panes()))
		}
	}
	r.touched()
}

// activate makes a pane the one that everything acts on.
func (r *roomScreen) activate(p *pane) {
	if p == nil || p == r.pane {
		return
	}
	old := r.pane
	r.pane = p
	old.show()
	for i, o := range r.panes() {
		if o == p {
			r.d.trace.say("pane", i+1, len(r.panes()))
		}
	}
	r.shownChanged()
}

// goToPane gives the keyboard to the n-th pane.
func (r *roomScreen) goToPane(n int) {
	if all := r.panes(); n < len(all) {
		r.closeStage()
		r.activate(all[n])
		r.focusCode()
	}
}

// newPaneBeside makes an empty pane to the right of one, or below it, and says where it cannot.
func (r *roomScreen) newPaneBeside(p *pane, below bool) *pane {
	if len(r.panes()) >= maxPanes {
		r.d.toast(panel.ToneWarn, "split", words.T("No more panes:"), words.T("%s shown at most. Ctrl+Shift+W closes one.", plural(maxPanes, "is", "are")))
		return nil
	}
	size := p.body.Size()
	if below && size.Height < 2*minPaneHeight+1 || !below && size.Width < 2*minPaneWidth+1 {
		r.d.toast(panel.ToneWarn, "split", words.T("No room for another pane:"), words.T("both would be too small to read in. A larger window has room."))
		return nil
	}
	leaf := r.layout.leafOf(p)
	next := newPane(r)
	leaf.a, leaf.b = &paneTree{pane: p, up: leaf}, &paneTree{pane: next, up: leaf}
	leaf.pane, leaf.below, leaf.share = nil, below, .5
	return next
}

// splitPane shows the open file once more, beside or below.
func (r *roomScreen) splitPane(below bool) {
	t := r.current()
	next := r.newPaneBeside(r.pane, below)
	if next == nil {
		return
	}
	if t != nil {
		twin := r.twin(t)
		twin.pane = next
		next.open, next.at = []*tab{twin}, 0
	}
	r.pane = next
	r.layPanes()
	r.shownChanged()
	if t != nil {
		at := t.view.Selection()
		r.standing = true
		r.current().view.Select(at)
		r.standing = false
		r.current().view.ScrollTo(t.view.Scroll())
		r.current().view.Reveal(at.To.Line)
	}
	r.focusCode()
}

// twin shows the file of a tab a second time. Caret and scroll position are its own.
func (r *roomScreen) twin(t *tab) *tab {
	r.makeRoomForTab()
	o := r.newTab(opened{doc: t.doc, hex: t.hexed, layout: t.layout})
	r.afterwards(o)
	o.closed = t.closed
	r.next++
	o.used = r.next
	return o
}

// dropPane closes a pane with its tabs; its neighbour takes the room.
func (r *roomScreen) dropPane(p *pane) {
	leaf := r.layout.leafOf(p)
	if leaf == nil || leaf.up == nil {
		return
	}
	for _, t := range p.open {
		r.closing(t)
		t.stop()
	}
	up := leaf.up
	sibling := up.a
	if sibling == leaf {
		sibling = up.b
	}
	up.pane, up.a, up.b, up.below, up.share, up.split = sibling.pane, sibling.a, sibling.b, sibling.below, sibling.share, nil
	for _, child := range []*paneTree{up.a, up.b} {
		if child != nil {
			child.up = up
		}
	}
	if p == r.pane {
		r.pane = up.leaves()[0]
	}
	r.layPanes()
	r.shownChanged()
	r.focusCode()
}

// moveTab moves the tab shown to the next pane, or to a new one where there is none.
func (r *roomScreen) moveTab() {
	all := r.panes()
	for i, p := range all {
		if p != r.pane || r.current() == nil {
			continue
		}
		if len(all) > 1 {
			r.moveTabTo(p, p.at, all[(i+1)%len(all)])
			return
		}
		if len(p.open) < 2 {
			r.splitPane(false)
			return
		}
		if next := r.newPaneBeside(p, false); next != nil {
			r.moveTabTo(p, p.at, next)
		}
		return
	}
}

// moveTabTo moves tab i of a pane to the end of another one's.
func (r *roomScreen) moveTabTo(from *pane, i int, to *pane) {
	if from == to || i < 0 || i >= len(from.open) {
		return
	}
	t := from.open[i]
	from.take(i)
	at := -1
	for k, o := range to.open {
		if o.doc.Place == t.doc.Place {
			at = k
		}
	}
	if at >= 0 { // it is there already
		t.stop()
	} else {
		t.pane = to
		to.open = append(to.open, t)
		at = len(to.open) - 1
	}
	r.pane = to
	switch {
	case len(from.open) > 0:
		from.select_(max(from.at, 0))
		r.layPanes()
	case len(r.panes()) > 1:
		r.dropPane(from)
	}
	to.select_(at)
	r.focusCode()
}

// resizePane makes the active pane larger or smaller by moving the nearest line beside
// it; a room with one pane moves the line of the side panel. A peek that is shown is made
// higher or lower.
func (r *roomScreen) resizePane(by float32) {
	if r.peeking() {
		r.peeked.aside.Shift(by)
		return
	}
	leaf := r.layout.leafOf(r.pane)
	if r.sideHasKeys() || leaf == nil || leaf.up == nil {
		if r.side.Visible() {
			if !r.sideHasKeys() {
				by = -by
			}
			r.split.Shift(by)
		}
		return
	}
	if leaf.up.b == leaf {
		by = -by
	}
	leaf.up.split.Shift(by)
}

// evenPanes gives the two sides of each line the same room.
func (r *roomScreen) evenPanes() {
	var even func(n *paneTree)
	even = func(n *paneTree) {
		if n.pane == nil {
			n.share = .5
			even(n.a)
			even(n.b)
		}
	}
	even(r.layout)
	r.layPanes()
}

// sideHasKeys reports whether the keyboard is in the side panel.
func (r *roomScreen) sideHasKeys() bool {
	at := r.d.win.Canvas().Focused()
	for _, f := range r.sideParts() {
		if at != nil && f == at {
			return true
		}
	}
	return false
}

// shownChanged tells everybody that another file is the open one.
func (r *roomScreen) shownChanged() {
	t := r.current()
	if t == nil {
		r.showTabs()
		r.showStatus()
		r.symbols.showOutline()
		return
	}
	p := t.doc.Place
	r.d.trace.say("open", p.Release, p.Path)
	if p.Release != r.release {
		r.setRelease(p.Release, func() { r.files.follow(p) })
	} else {
		r.files.follow(p)
	}
	r.pane.show()
	r.showStatus()
	r.symbols.showOutline()
	r.find.tabChanged()
	r.same.follow()
	r.touched()
}
