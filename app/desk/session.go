package desk

import (
	"context"
	"reflect"
	"slices"
	"time"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

const (
	// keepAfter is how long after a change the desk is kept as it looks: a crash loses no
	// more. Without a change nothing is written, and nothing wakes.
	keepAfter = 2 * time.Second
	// maxRead bounds the files that were read last.
	maxRead = 50
	// maxReach bounds line, column and scroll position that are taken from a file.
	maxReach = 1 << 30
)

// within is a number taken from a file, inside what can be meant by it.
func within(n, least int) int { return min(max(n, least), maxReach) }

// touched is told of whatever a later visit shall find as it is.
func (r *roomScreen) touched() {
	if !r.restored || r.keepDue {
		return
	}
	r.keepDue = true
	r.d.board.later(keepAfter, func() {
		r.keepDue = false
		r.keep()
	})
}

// keep writes down how the desk looks, if it looks otherwise than it did.
func (r *roomScreen) keep() {
	s := r.snapshot()
	if reflect.DeepEqual(s, r.kept) {
		return
	}
	durable(r.keeping, func(context.Context) (nothing, error) {
		return nothing{}, r.visit.SaveSession(s)
	}, func(_ nothing, err error) {
		if err != nil {
			if !r.unkept { // it is a convenience: said once
				r.d.fail(words.T("The next visit will not find the desk as it is."), err)
			}
			r.unkept = true
			return
		}
		r.kept = s
		if reflect.DeepEqual(s, r.snapshot()) { // else it is kept once more
			r.d.trace.say("kept")
		}
	})
}

// snapshot is how the desk looks.
func (r *roomScreen) snapshot() room.Session {
	s := room.Session{Release: r.release, Side: r.shownSide, Hidden: !r.side.Visible(), Layout: *r.layout.snapshot(), Recent: slices.Clone(r.recent),
		Back: r.keptSpots(r.trail.past), Forward: r.keptSpots(r.trail.future)}
	for i, p := range r.panes() {
		if p.active() {
			s.Active = i
		}
	}
	return s
}

func (n *paneTree) snapshot() *room.SessionPanes {
	if n.pane == nil {
		return &room.SessionPanes{A: n.a.snapshot(), B: n.b.snapshot(), Below: n.below, Share: int(n.share * 1000)}
	}
	s := &room.SessionPanes{Shown: n.pane.at}
	if w := n.pane.waking; w != nil {
		s.Shown = n.pane.indexOf(w)
	}
	for _, t := range n.pane.open {
		at := t.rests()
		s.Tabs = append(s.Tabs, room.SessionTab{Place: t.doc.Place, Line: at.caret.Line, Column: at.caret.Col, X: at.scroll.X, Y: at.scroll.Y, Pinned: t.pinned, Passing: t.passing, Folded: keptFolds(at.folded)})
	}
	return s
}

// Whereabouts are where in a file the reader is, how it is scrolled and what is folded
// away there.
type whereabouts struct {
	caret  code.Pos
	scroll code.Scroll
	folded []code.Fold
}

// rests is where a tab stands, also while its file is not read yet.
func (t *tab) rests() whereabouts {
	if t.asleep != nil {
		return *t.asleep
	}
	folded := t.folded
	if folded == nil {
		folded = t.view.Folded(room.MaxFolded)
	}
	return whereabouts{t.view.Caret(), t.view.Scroll(), folded}
}

// What the last visit left, as far as it is still there.
type left struct {
	session   room.Session
	trouble   error // why the session is not used
	gone      int   // tabs whose files are not in the deposit
	bookmarks []room.Bookmark
	unread    error // why there are no bookmarks
	searches  []room.KeptSearch
	unasked   error // why there are none
}

// restore finds the desk as it was left. The room is shown meanwhile: what the reviewer
// opened before that is done stays.
func (r *roomScreen) restore() {
	simple(r.keeping, func(ctx context.Context) (left, error) {
		var l left
		l.session, l.trouble = r.visit.Session()
		l.bookmarks, l.unread = r.visit.Bookmarks()
		l.searches, l.unasked = r.visit.KeptSearches()
		there := &presence{visit: r.visit, ctx: ctx, known: map[string]map[string]bool{}}
		n := 0
		l.gone = there.sift(&l.session.Layout, &n)
		l.session.Recent = slices.DeleteFunc(l.session.Recent, func(p deposit.Place) bool { return !there.has(p) })
		l.session.Recent = l.session.Recent[:min(len(l.session.Recent), maxRead)]
		l.session.Back, l.session.Forward = there.spots(l.session.Back), there.spots(l.session.Forward)
		return l, ctx.Err()
	}, func(l left, err error) {
		if err != nil {
			return // the window is about to close
		}
		r.restored = true
		r.setBookmarks(l.bookmarks)
		r.search.kept.list = l.searches
		for _, trouble := range []error{l.trouble, l.unread, l.unasked} {
			if trouble != nil {
				r.d.toast(panel.ToneWarn, "info", words.T("From the last visit:"), sentence(trouble))
			}
		}
		r.recent = append(r.recent, slices.DeleteFunc(l.session.Recent, func(p deposit.Place) bool { return slices.Contains(r.recent, p) })...)
		fresh := len(r.allTabs()) == 0
		if fresh && l.trouble == nil {
			r.putBack(l.session)
		}
		r.putTrailBack(l.session, fresh)
		r.showTabs()
		if l.gone > 0 {
			r.d.toast(panel.ToneDim, "info", words.T("%s of the last visit", plural(l.gone, "tab", "tabs")), words.T("cannot be shown: the files are not in this deposit."))
		}
		r.d.trace.say("restored", len(r.allTabs()), l.gone)
	})
}

// presence knows which files are there.
type presence struct {
	visit *room.Visit
	ctx   context.Context
	known map[string]map[string]bool // release → paths
}

func (p *presence) has(at deposit.Place) bool {
	paths, ok := p.known[at.Release]
	if !ok {
		if files, err := p.visit.Files(p.ctx, at.Release); err == nil {
			paths = make(map[string]bool, len(files))
			for _, f := range files {
				paths[f.Path] = true
			}
		}
		p.known[at.Release] = paths
	}
	return paths[at.Path]
}

// sift leaves out tabs whose files are gone, and whatever is more than a desk has; n
// counts the tabs.
func (p *presence) sift(s *room.SessionPanes, n *int) (gone int) {
	if s.A != nil && s.B != nil {
		return p.sift(s.A, n) + p.sift(s.B, n)
	}
	var stay []room.SessionTab
	shown := -1
	for i, t := range s.Tabs {
		switch {
		case !p.has(t.Place):
			gone++
			continue
		case *n >= maxTabs:
			continue
		}
		if i == s.Shown {
			shown = len(stay)
		}
		stay = append(stay, t)
		*n++
	}
	s.Tabs, s.Shown = stay, shown
	if shown < 0 && len(stay) > 0 {
		s.Shown = 0
	}
	return gone
}

// putBack lays out panes and tabs as they were. Only files that are in sight are opened:
// the others wait until they are looked at, and so does the record that they were opened.
func (r *roomScreen) putBack(s room.Session) {
	if slices.Contains(r.releases, s.Release) && s.Release != r.release {
		r.setRelease(s.Release, nil)
	}
	if s.Side != "" {
		r.showSide(s.Side)
	}
	if s.Hidden && r.side.Visible() {
		r.side.Hide()
		r.split.Refresh()
	}
	count := 0
	tree := r.planted(&s.Layout, &count)
	if tree == nil {
		return
	}
	r.layout = tree
	all := r.panes()
	r.pane = all[min(max(s.Active, 0), len(all)-1)]
	for i, shown := range shownIn(&s.Layout) {
		if i < len(all) {
			p := all[i]
			p.waking = p.open[min(max(shown, 0), len(p.open)-1)]
		}
	}
	r.layPanes()
	for _, p := range all {
		if p != r.pane {
			p.wake(p.waking)
		}
	}
	r.pane.wake(r.pane.waking)
}

// shownIn is which tab each pane that has any shows, in reading order.
func shownIn(s *room.SessionPanes) []int {
	if s.A != nil && s.B != nil {
		return append(shownIn(s.A), shownIn(s.B)...)
	}
	if len(s.Tabs) == 0 {
		return nil
	}
	return []int{s.Shown}
}

// planted makes the tree of panes that have tabs; nil without any.
func (r *roomScreen) planted(s *room.SessionPanes, count *int) *paneTree {
	if s.A != nil && s.B != nil {
		a, b := r.planted(s.A, count), r.planted(s.B, count)
		if a == nil || b == nil {
			if a == nil {
				return b
			}
			return a
		}
		n := &paneTree{a: a, b: b, below: s.Below, share: min(max(float32(s.Share)/1000, .05), .95)}
		a.up, b.up = n, n
		return n
	}
	if len(s.Tabs) == 0 || *count >= maxPanes {
		return nil
	}
	*count++
	p := newPane(r)
	for _, at := range s.Tabs {
		t := r.sleeping(at)
		t.pane = p
		p.open = append(p.open, t)
	}
	p.pinnedFirst()
	return &paneTree{pane: p}
}

// sleeping is a tab whose file is read when it is looked at.
func (r *roomScreen) sleeping(at room.SessionTab) *tab {
	r.next++
	return &tab{
		doc: &room.Document{Place: at.Place}, view: code.NewView(), used: r.next, pinned: at.Pinned, passing: at.Passing,
		opening: r.d.board.slot(),
		asleep:  &whereabouts{code.Pos{Line: within(at.Line, 1), Col: within(at.Column, 1)}, code.Scroll{X: within(at.X, 0), Y: within(at.Y, 0)}, foldsOf(at.Folded)},
	}
}

// wake reads the file of a sleeping tab and shows it. Until then the pane shows what it
// did, or nothing.
func (p *pane) wake(t *tab) {
	if t == nil {
		return
	}
	r, at := p.r, t.doc.Place
	p.waking = t
	if p.current() == nil {
		p.at = -1
	}
	simple(t.opening, func(ctx context.Context) (opened, error) {
		return r.read(ctx, at)
	}, func(o opened, err error) {
		i := p.indexOf(t)
		shown := p.waking == t
		if shown {
			p.waking = nil
		}
		if i < 0 {
			return
		}
		if err != nil {
			r.d.fail(words.T("%s cannot be opened.", at.Path), err)
			p.take(i)
			p.left()
			return
		}
		nt := r.newTab(o)
		nt.pane, nt.pinned, nt.passing, nt.used = p, t.pinned, t.passing, t.used
		p.open[i] = nt
		nt.foldAway(t.asleep.folded)
		r.afterwards(nt)
		if !shown {
			return
		}
		p.select_(i)
		g := target{line: t.asleep.caret.Line, col: t.asleep.caret.Col, scroll: &t.asleep.scroll, keepFocus: true}
		if t.wanted != nil {
			g = *t.wanted
			g.keepFocus = g.keepFocus || !p.active()
		}
		r.stand(nt, g)
		if t.wanted == nil { // also where the caret was out of sight
			nt.view.ScrollTo(t.asleep.scroll)
		}
		if p.active() && r.d.win.Canvas().Overlays().Top() == nil && !r.staged() {
			r.focusCode()
		}
	})
	p.show()
}

// wasRead puts a file at the head of those that were read last.
func (r *roomScreen) wasRead(at deposit.Place) {
	r.recent = slices.DeleteFunc(r.recent, func(p deposit.Place) bool { return p.Path == at.Path })
	r.recent = slices.Insert(r.recent, 0, at)
	r.recent = r.recent[:min(len(r.recent), maxRead)]
	r.touched()
}
