package desk

import (
	"path"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// A pane is one group of open files: its tabs, breadcrumb, banner and find bar over the
// code of the tab that is shown. The room has one to maxPanes of them (panetree.go). One
// is active: what is opened goes there, and what asks for "the open file" means its.
type pane struct {
	r       *roomScreen
	tabs    *panel.Tabs
	crumbs  *panel.Crumbs
	hitNote *panel.Line // which hit of the search is shown
	hidden  *panel.Banner
	find    *findBar
	code    *fyne.Container // holds the view of the tab shown, or the empty state
	body    *fyne.Container

	open []*tab
	at   int // index of the tab shown, -1: none
	// waking is the tab that is shown once its file is read: one of the last visit, that
	// was not looked at yet.
	waking *tab
	start  *startPage // while no tab is shown
}

func newPane(r *roomScreen) *pane {
	l := r.d.look
	p := &pane{r: r, at: -1}
	p.tabs = panel.NewTabs(l)
	p.tabs.OnSelect = func(i int) { r.activate(p); r.jumped(); p.select_(i); r.focusCode() }
	p.tabs.OnClose = func(i int) { r.activate(p); p.closeTab(i) }
	p.tabs.OnUnpin = func(i int) { p.pin(i, false) }
	p.tabs.OnMove = p.moveAlong
	p.tabs.OnCarry = func(_ int, at fyne.Position) { r.carried(p, at) }
	p.tabs.OnDrop = func(i int, at fyne.Position) { r.dropped(p, i, at) }
	p.tabs.OnSecondary = func(i int, at fyne.Position) { r.activate(p); p.tabMenu(i, at) }
	split := panel.NewIconButton(l, "split", words.T("Split right"), words.T("Ctrl+\\"), func() { r.activate(p); r.splitPane(false) })
	var more *panel.IconButton
	more = panel.NewIconButton(l, "more", words.T("This tab and its pane"), "", func() {
		r.activate(p)
		p.tabMenu(p.at, r.d.position(more).AddXY(0, more.Size().Height))
	})
	p.tabs.SetRight(panel.Center(split), panel.Center(more))
	p.tabs.OnFocused = func() { r.activate(p) }
	p.crumbs = panel.NewCrumbs(l)
	p.crumbs.OnTapped = func(i int) { r.activate(p); p.dropCrumb(i) }
	p.crumbs.OnFocused = func() { r.activate(p) }
	p.hitNote = panel.NewLine(l)
	p.hidden = panel.NewBanner(l, panel.BannerStyle{})
	p.hidden.Hide()
	p.code = container.NewStack()
	p.find = newFindBar(p)
	p.find.bar.Hide()
	p.body = panel.VBox(0, p.tabs, p.crumbs, p.hidden, p.find.bar, panel.Grow(p.code))
	return p
}

func (p *pane) active() bool { return p.r.pane == p }

// current is the tab shown, nil without one.
func (p *pane) current() *tab {
	if p.at < 0 || p.at >= len(p.open) {
		return nil
	}
	return p.open[p.at]
}

func (p *pane) indexOf(t *tab) int {
	if t == nil {
		return -1
	}
	return slices.Index(p.open, t)
}

// passing is the tab whose place the next file takes that is only looked at.
func (p *pane) passing() *tab {
	for _, t := range p.open {
		if t.passing {
			return t
		}
	}
	return nil
}

// put shows a tab: in the place of another one, which ends, or behind the last.
func (p *pane) put(t, instead *tab) {
	t.pane = p
	if i := p.indexOf(instead); i >= 0 {
		instead.stop()
		p.open[i] = t
		p.select_(i)
		return
	}
	p.r.makeRoomForTab()
	p.open = append(p.open, t)
	p.select_(len(p.open) - 1)
}

// select_ shows tab i; of the active pane, tree and status bar follow to its release.
func (p *pane) select_(i int) {
	if i < 0 || i >= len(p.open) {
		return
	}
	if p.open[i].asleep != nil {
		if i == p.at {
			p.at = -1
		}
		p.wake(p.open[i])
		return
	}
	p.waking = nil
	p.at = i
	p.r.next++
	p.open[i].used = p.r.next
	if p.active() {
		p.r.shownChanged()
		return
	}
	p.show()
}

// show redraws tabs, breadcrumb, banner and code.
func (p *pane) show() {
	p.showTabs()
	t := p.current()
	if t == nil {
		p.crumbs.Hide()
		p.hidden.Hide()
		if p.waking != nil {
			p.tabs.Show()
			p.code.Objects = nil
			p.code.Refresh()
			p.body.Refresh()
			return
		}
		p.tabs.Hide()
		p.start = newStartPage(p.r)
		p.code.Objects = []fyne.CanvasObject{p.start.body}
		p.code.Refresh()
		p.body.Refresh()
		return
	}
	p.tabs.Show()
	p.crumbs.Show()
	p.showCrumbs()
	p.showNote()
	p.showBanner(t)
	if face := t.face(); len(p.code.Objects) != 1 || p.code.Objects[0] != face {
		at := p.r.d.win.Canvas().Focused()
		follow := p.active() && at != nil && len(p.code.Objects) == 1 && any(at) == any(p.code.Objects[0])
		p.code.Objects = []fyne.CanvasObject{face}
		p.code.Refresh()
		if follow { // the keyboard was in what has gone out of sight
			p.r.d.focus("code", t.keys())
		}
	}
	p.body.Refresh()
}

func (p *pane) showTabs() {
	titles := tabTitles(p.open, p.r.release)
	var tabs []panel.Tab
	for i, t := range p.open {
		at := t.doc.Place
		icon, tone := fileIcon(at.Path)
		tabs = append(tabs, panel.Tab{Icon: icon, IconTone: tone, Title: titles[i], Tip: words.T("%s  in %s", at.Path, at.Release), Passing: t.passing, Pinned: t.pinned})
	}
	p.tabs.SetActive(p.active())
	at := p.at
	if p.waking != nil {
		at = p.indexOf(p.waking)
	}
	p.tabs.Set(tabs, at)
}

// tabTitles names tabs by their files. Of files with the same name each has as much of
// its folders behind it as tells them apart; a release that the tree does not show is
// named too.
func tabTitles(open []*tab, release string) []string {
	titles := make([]string, len(open))
	for i, t := range open {
		at := t.doc.Place
		titles[i] = path.Base(at.Path)
		if where := apart(at.Path, open); where != "" {
			titles[i] += " · " + where
		}
		if at.Release != release {
			titles[i] += "  " + at.Release
		}
	}
	return titles
}

// apart is the least end of a path's folders that no other open file of its name has; ""
// where the name alone will do.
func apart(file string, open []*tab) string {
	dirs := strings.Split(path.Dir(file), "/")
	need := 0
	for _, t := range open {
		other := t.doc.Place.Path
		if other == file || path.Base(other) != path.Base(file) {
			continue
		}
		theirs := strings.Split(path.Dir(other), "/")
		n := 1
		for n <= len(dirs) && n <= len(theirs) && dirs[len(dirs)-n] == theirs[len(theirs)-n] {
			n++
		}
		need = max(need, min(n, len(dirs)))
	}
	if need == 0 {
		return ""
	}
	where := strings.Join(dirs[len(dirs)-need:], "/")
	if where == "." {
		return words.T("top folder")
	}
	return where
}

// showCrumbs shows the path of the open file and the symbol around the caret.
func (p *pane) showCrumbs() {
	t := p.current()
	if t == nil {
		return
	}
	var crumbs []panel.Crumb
	parts := strings.Split(t.doc.Place.Path, "/")
	for i, part := range parts {
		c := panel.Crumb{Text: part, Tone: panel.ToneDim}
		if i == len(parts)-1 {
			c.Tone = panel.ToneText
		}
		crumbs = append(crumbs, c)
	}
	if i := t.outline.around(t.view.Caret().Line); i >= 0 {
		s := t.outline.rows[i]
		crumbs = append(crumbs, panel.Crumb{Text: s.Name, Icon: "symbols", Tone: lookOf(s.Kind).tone})
	}
	p.crumbs.Set(crumbs)
}

func (p *pane) showNote() {
	note := ""
	if t := p.current(); t != nil {
		note = t.note
	}
	p.hitNote.Set(panel.Span{Text: note, Tone: panel.ToneDim, Size: style.TextSecondary})
	p.crumbs.SetRight(p.hitNote) // it is as wide as its words
}

// closeTab closes tab i. A pane beside others that has none left goes too.
func (p *pane) closeTab(i int) {
	if i < 0 || i >= len(p.open) {
		return
	}
	p.r.closing(p.open[i])
	p.open[i].stop()
	p.take(i)
	p.left()
}

// left goes on after tabs were closed.
func (p *pane) left() {
	r := p.r
	r.touched()
	switch {
	case len(p.open) > 0:
		p.select_(max(p.at, 0))
		r.focusCode()
	case len(r.panes()) > 1:
		r.dropPane(p)
	default:
		p.find.close()
		r.showTabs()
		r.showStatus()
		r.symbols.showOutline()
		if len(r.startStops()) > 0 {
			r.focusCode()
		} else {
			r.focusSide()
		}
	}
}

// take removes tab i from the row, and leaves it as it is.
func (p *pane) take(i int) {
	p.open = slices.Delete(p.open, i, i+1)
	if p.at > i || p.at >= len(p.open) {
		p.at--
	}
}

// turnTab goes to the next or previous tab.
func (p *pane) turnTab(by int) {
	if n := len(p.open); n > 1 {
		p.r.jumped()
		p.select_((p.at + by + n) % n)
		p.r.focusCode()
	}
}
