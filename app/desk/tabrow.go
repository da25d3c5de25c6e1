package desk

import (
	"cmp"
	"path"
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

const (
	// maxPinned bounds the tabs that are never closed for want of room: half of all, so
	// that there is always one that can be.
	maxPinned = maxTabs / 2
	// maxClosed is how many closed tabs can be opened again.
	maxClosed = 20
)

// A closedTab is what is known of a tab that was closed.
type closedTab struct {
	place deposit.Place
	whereabouts
	pinned bool
}

// closing notes a tab that the reader closes, to be opened again.
func (r *roomScreen) closing(t *tab) {
	r.closed = append(r.closed, closedTab{t.doc.Place, t.rests(), t.pinned})
	r.closed = r.closed[max(0, len(r.closed)-maxClosed):]
}

// reopen opens the tab again that was closed last, where it was.
func (r *roomScreen) reopen() {
	n := len(r.closed)
	if n == 0 {
		return
	}
	c := r.closed[n-1]
	r.closed = r.closed[:n-1]
	r.openAt(c.place, target{line: c.caret.Line, col: c.caret.Col, scroll: &c.scroll, folded: c.folded, pinned: c.pinned})
}

// closeWhere closes the tabs of a pane of which it is said; pinned ones stay.
func (p *pane) closeWhere(which func(i int) bool) {
	var stay []*tab
	shown := p.current()
	for i, t := range p.open {
		if t.pinned || !which(i) {
			stay = append(stay, t)
			continue
		}
		p.r.closing(t)
		t.stop()
	}
	if len(stay) == len(p.open) {
		return
	}
	p.open = stay
	if p.at = p.indexOf(shown); p.at < 0 {
		p.at = len(stay) - 1
	}
	if p.indexOf(p.waking) < 0 {
		p.waking = nil
	}
	p.left()
}

func (p *pane) closeOthers(i int) { p.closeWhere(func(k int) bool { return k != i }) }
func (p *pane) closeRight(i int)  { p.closeWhere(func(k int) bool { return k > i }) }
func (p *pane) closeAll()         { p.closeWhere(func(int) bool { return true }) }

// pin keeps a tab at the start of its row and from being closed with others, or lets it
// go again.
func (p *pane) pin(i int, on bool) {
	if i < 0 || i >= len(p.open) || p.open[i].pinned == on {
		return
	}
	if on {
		n := 0
		for _, t := range p.r.allTabs() {
			if t.pinned {
				n++
			}
		}
		if n >= maxPinned {
			p.r.d.toast(panel.ToneWarn, "pin", words.T("No more pins:"), words.T("%s pinned at most. Unpin one first.", plural(maxPinned, "tab is", "tabs are")))
			return
		}
	}
	t, shown := p.open[i], p.current()
	t.pinned, t.passing = on, false
	p.pinnedFirst()
	p.at = p.indexOf(shown)
	p.showTabs()
	p.r.touched()
}

// pinnedFirst puts the pinned tabs before the others.
func (p *pane) pinnedFirst() {
	slices.SortStableFunc(p.open, func(a, b *tab) int {
		switch {
		case a.pinned == b.pinned:
			return 0
		case a.pinned:
			return -1
		}
		return 1
	})
}

// moveAlong moves tab i to another place of its row; pinned ones stay before the others.
func (p *pane) moveAlong(i, to int) bool {
	if i < 0 || i >= len(p.open) || to < 0 || to >= len(p.open) || i == to || p.open[i].pinned != p.open[to].pinned {
		return false
	}
	t, shown := p.open[i], p.current()
	p.open = slices.Insert(slices.Delete(p.open, i, i+1), to, t)
	p.at = p.indexOf(shown)
	p.showTabs()
	p.r.d.trace.say("tab", to+1, len(p.open))
	p.r.touched()
	return true
}

// tabMenu is what can be done with tab i.
func (p *pane) tabMenu(i int, at fyne.Position) {
	if i < 0 || i >= len(p.open) {
		return
	}
	r, t := p.r, p.open[i]
	pin := panel.MenuItem{Label: words.T("Pin"), Icon: "pin", Rule: true, Do: func() { p.pin(p.indexOf(t), true) }}
	if t.pinned {
		pin.Label, pin.Do = words.T("Unpin"), func() { p.pin(p.indexOf(t), false) }
	}
	alone := len(p.open) < 2
	panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, []panel.MenuItem{
		{Label: words.T("Close"), Icon: "x", Key: words.T("Ctrl+W"), Do: func() { p.closeTab(p.indexOf(t)) }},
		{Label: words.T("Close others"), Disabled: alone, Do: func() { p.closeOthers(p.indexOf(t)) }},
		{Label: words.T("Close those to the right"), Disabled: i == len(p.open)-1, Do: func() { p.closeRight(p.indexOf(t)) }},
		{Label: words.T("Close all"), Do: p.closeAll},
		pin,
		{Label: words.T("Split right"), Icon: "split", Rule: true, Do: func() { p.select_(p.indexOf(t)); r.splitPane(false) }},
		{Label: words.T("Split below"), Do: func() { p.select_(p.indexOf(t)); r.splitPane(true) }},
		{Label: words.T("Move to the next pane"), Do: func() { p.select_(p.indexOf(t)); r.moveTab() }},
	})
}

// carried shows where a tab would go that is dragged out of its row.
func (r *roomScreen) carried(from *pane, at fyne.Position) {
	over := r.paneAt(at)
	for _, p := range r.panes() {
		p.tabs.SetTarget(p == over && p != from)
	}
}

// dropped moves a tab to the pane where it is let go.
func (r *roomScreen) dropped(from *pane, i int, at fyne.Position) {
	for _, p := range r.panes() {
		p.tabs.SetTarget(false)
	}
	if to := r.paneAt(at); to != nil {
		r.moveTabTo(from, i, to)
	}
}

// paneAt is the pane under a point of the window.
func (r *roomScreen) paneAt(at fyne.Position) *pane {
	for _, p := range r.panes() {
		o, size := r.d.position(p.body), p.body.Size()
		if at.X >= o.X && at.Y >= o.Y && at.X < o.X+size.Width && at.Y < o.Y+size.Height {
			return p
		}
	}
	return nil
}

// lastUsed are the tabs of a pane, the one used last first.
func (p *pane) lastUsed() []*tab {
	out := slices.Clone(p.open)
	slices.SortStableFunc(out, func(a, b *tab) int { return cmp.Compare(b.used, a.used) })
	return out
}

// switchTab goes to the tab used before, and on from there: while Ctrl is held a list
// shows which, and letting it go picks.
func (r *roomScreen) switchTab(by int) {
	if r.switcher.Showing() {
		r.switcher.Step(by)
		return
	}
	p := r.pane
	tabs := p.lastUsed()
	n := len(tabs)
	if n < 2 {
		return
	}
	at := (by + n) % n
	pick := func(i int) {
		r.jumped()
		p.select_(p.indexOf(tabs[i]))
		r.focusCode()
	}
	if !r.d.held(ctrl) {
		pick(at)
		return
	}
	rows := make([]panel.Row, n)
	for i, t := range tabs {
		place := t.doc.Place
		icon, tone := fileIcon(place.Path)
		rows[i] = panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: path.Base(place.Path)}}}
		if dir := path.Dir(place.Path); dir != "." {
			rows[i].Text = append(rows[i].Text, panel.Span{Text: dir, Tone: panel.ToneDim, Gap: 10})
		}
		if place.Release != r.release {
			rows[i].Right = []panel.Span{{Text: place.Release, Tone: panel.ToneDim, Size: style.TextSecondary}}
		}
	}
	r.switcher = panel.ShowSwitcher(r.d.look, r.d.win.Canvas(), rows, at, func(e *fyne.KeyEvent) bool {
		return e.Name == desktop.KeyControlLeft || e.Name == desktop.KeyControlRight
	}, pick)
}

// switching reports whether the list of tabs is shown.
func (r *roomScreen) switching() bool { return r.switcher.Showing() }
