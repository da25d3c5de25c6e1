package desk

import (
	"context"
	"path"
	"strings"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/colour"
	"vitrine/viewer/panel"
)

// A target says where in a file to go, and what to show there.
type target struct {
	line, col int
	to        code.Pos // end of a selection; zero: none
	hits      []code.Range
	hit       int
	keepFocus bool   // leave the keyboard where it is
	replace   *tab   // take this tab's place
	note      string // at the right of the breadcrumb: which hit this is
	// from and until are bytes of the decoded text: a name on the line, which is
	// outlined. With until 0 there is none.
	from, until int
	bytes       *deposit.Span  // of the file, to be selected
	travel      bool           // back or forth, which leaves no spot behind
	scroll      *code.Scroll   // how the view was scrolled there; nil: as little as is needed
	find        func(*tab) int // the line, once the file is read; nil: line
	pinned      bool           // the tab is to be
	folded      []code.Fold    // what was folded away there
	glance      bool           // where it leads is no place to come back to
}

// An opened file as the work hands it over.
type opened struct {
	doc    *room.Document
	hex    bool // asked for as bytes
	layout layout
}

// openAt shows a place, in the tab that has it or in a new one.
func (r *roomScreen) openAt(p deposit.Place, go_ target) {
	r.closeStage()
	if !go_.travel {
		r.jumped()
	}
	in := r.pane
	for i, t := range in.open {
		if t.doc.Place == p {
			if t.asleep != nil {
				t.wanted = &go_
				in.select_(i)
				return
			}
			in.select_(i)
			r.stand(t, go_)
			return
		}
	}
	if go_.keepFocus && go_.replace == nil {
		go_.replace = in.passing()
	}
	asked := time.Now()
	start(r.opening, func(ctx context.Context, _ func(nothing)) (opened, error) {
		return r.read(ctx, p)
	}, nil, func(o opened, err error) {
		if err != nil {
			r.d.fail(words.T("%s cannot be opened.", path.Base(p.Path)), err)
			return
		}
		if r.layout.leafOf(in) == nil { // it was closed meanwhile
			in = r.pane
		}
		t := r.newTab(o)
		t.passing = go_.keepFocus
		t.foldAway(go_.folded)
		r.activate(in)
		in.put(t, go_.replace)
		in.pin(in.indexOf(t), go_.pinned)
		r.afterwards(t)
		r.stand(t, go_)
		r.d.trace.after("first", asked, p.Path)
	})
	r.opening.await(soonRead)
}

// soonRead is how long the window waits for a file that was asked for, to be painted with
// it: where there is no graphics card, no longer than a frame without it would take, which
// would have to be over before another could begin.
const soonRead = 20 * time.Millisecond

// read opens a file, off the UI thread.
func (r *roomScreen) read(ctx context.Context, p deposit.Place) (opened, error) {
	doc, err := r.visit.Begin(ctx, p)
	if err != nil {
		return opened{}, err
	}
	return opened{doc: doc, layout: r.layoutOf(ctx, doc)}, nil
}

func (r *roomScreen) newTab(o opened) *tab {
	t := &tab{doc: o.doc, hexed: o.hex, layout: o.layout, language: colour.Language(o.doc.Place.Path),
		spoofing: r.d.board.slot(), colours: r.d.board.slot(), outlining: r.d.board.slot(), looking: r.d.board.slot(), resting: r.d.board.slot(), folding: r.d.board.slot(),
		sketching: &slot{board: r.d.board, quiet: true}, mapping: &slot{board: r.d.board, quiet: true}}
	t.view = code.NewView()
	t.view.SetPalette(r.d.look.Palette)
	t.view.SetFont(r.d.look.Code)
	t.view.SetTabs(t.layout.tab, t.layout.step)
	r.keepMap(t)
	t.view.OnScope = func(line int) { r.goTo(t, target{line: line, col: 1}) }
	r.d.arrange(t.view)
	t.view.SetSource(t.shown())
	t.view.OnCaret = func(code.Pos, code.Range) {
		if !r.standing {
			r.stays(t)
		}
		r.touched()
		switch {
		case t == r.current():
			r.caretMoved()
		case t.pane != nil && t == t.pane.current():
			t.pane.showCrumbs()
		}
	}
	t.view.OnLeave = func() {
		if t == r.current() && !r.standing {
			r.jumped()
		}
	}
	t.view.OnFocus = func() { r.activate(t.pane) }
	t.view.OnPoint = func(word code.Range, over bool) { r.pointed(t, word, over) }
	t.view.OnFollow = func(word code.Range) {
		if name := t.view.TextIn(word); name != "" && !t.doc.Binary {
			r.define(t, word, name, false)
		}
	}
	t.view.OnShown = func(from, to int) { r.d.look.HideCard(); t.shownLines(from, to); r.touched() }
	t.view.OnFold = r.touched
	t.view.OnKey = r.d.typedKey
	t.view.OnCopy = func(text string) { r.copy(t, text) }
	t.view.OnMark = func(line int) { r.openMarks(t, line) }
	t.view.Inert = func(p code.Pos) (inert, known bool) {
		if t.doc.Binary {
			return false, false
		}
		return t.doc.Inert(p.Line, p.Col)
	}
	t.view.OnGutter = func(line int) { r.gutterPointed(t, line) }
	t.view.OnSecondary = func(at fyne.Position) {
		panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, r.d.items(r.codeActions()))
	}
	switch {
	case o.doc.File.Size == 0:
		t.empty = emptyFile(r, t)
	case t.isPicture():
		t.picture = newPictureFace(r, t)
	}
	return t
}

// shown is what the view shows: the text, or the hex dump of a binary file.
func (t *tab) shown() code.Source {
	if t.doc.Binary {
		return t.doc.Dump
	}
	return t.doc.Text
}

// stays keeps a tab that was only looked at.
func (r *roomScreen) stays(t *tab) {
	if t.passing {
		t.passing = false
		t.pane.showTabs()
		r.wasRead(t.doc.Place)
	}
}

// makeRoomForTab closes the tab not looked at for longest. What a pane shows stays: there
// are fewer panes than tabs. So do the pinned ones, which are at most half of them.
func (r *roomScreen) makeRoomForTab() {
	for {
		all := r.allTabs()
		if len(all) < maxTabs {
			return
		}
		var oldest *tab
		for _, t := range all {
			if t != t.pane.current() && !t.pinned && (oldest == nil || t.used < oldest.used) {
				oldest = t
			}
		}
		if oldest == nil {
			return
		}
		oldest.stop()
		oldest.pane.take(oldest.pane.indexOf(oldest))
	}
}

// stop ends what goes on for a tab.
func (t *tab) stop() {
	if t.asleep != nil {
		t.opening.stop()
		return
	}
	for _, s := range []*slot{t.spoofing, t.colours, t.outlining, t.looking, t.resting, t.folding, t.sketching, t.mapping} {
		s.stop()
	}
}

// goTo moves the caret of the open file; back leads to where it was.
func (r *roomScreen) goTo(t *tab, g target) {
	r.jumped()
	r.stand(t, g)
}

// stand moves the caret.
func (r *roomScreen) stand(t *tab, g target) {
	if t.doc.Beginning { // the place may be in what is still to come
		t.awaited = &g
	}
	if g.find != nil {
		g.line, g.col = g.find(t), 1
	}
	if g.until > 0 && !t.doc.Binary {
		g.line, g.col = t.doc.PositionOf(g.from)
		name := code.Range{From: code.Pos{Line: g.line, Col: g.col}, To: code.Pos{Line: g.line, Col: g.col + g.until - g.from}}
		g.hits, g.hit = []code.Range{name}, 0
	}
	if g.bytes != nil && !t.doc.Binary {
		g.line, g.col = t.doc.Text.Position(g.bytes.From)
		g.to.Line, g.to.Col = t.doc.Text.Position(g.bytes.To)
	}
	if g.hits != nil {
		t.view.SetHits(g.hits, g.hit)
	}
	t.note = g.note
	t.pane.showNote()
	if g.line > 0 {
		from := code.Pos{Line: g.line, Col: max(1, g.col)}
		to := g.to
		if to == (code.Pos{}) {
			to = from
		}
		r.standing = true
		t.view.Select(code.Range{From: from, To: to})
		r.standing = false
		if g.scroll != nil {
			t.view.ScrollTo(*g.scroll)
		}
		t.view.Reveal(from.Line)
		caret := t.view.Caret()
		r.d.trace.say("caret", caretText(caret))
	}
	r.arrived(t, g)
	if !t.passing {
		r.wasRead(t.doc.Place)
	}
	if !g.keepFocus {
		r.stays(t)
		r.focusCode()
	}
}

// showTabs redraws every pane.
func (r *roomScreen) showTabs() {
	for _, p := range r.panes() {
		p.show()
	}
}

// caretMoved follows the caret in what speaks of its place.
func (r *roomScreen) caretMoved() {
	r.d.look.HideCard()
	r.showStatus()
	r.showCrumbs()
	r.symbols.follow()
	r.same.follow()
}

// forgetHits takes away what an earlier search left on the open files.
func (r *roomScreen) forgetHits() {
	for _, t := range r.allTabs() {
		if t.note == "" {
			continue
		}
		t.note = ""
		if !t.pane.find.bar.Visible() {
			t.view.SetHits(nil, -1)
		}
	}
	for _, p := range r.panes() {
		p.showNote()
	}
}

// copy puts text on the clipboard once the record of it is on disk.
func (r *roomScreen) copy(t *tab, text string) {
	if text == "" || r.refuseUnverified(t) {
		return
	}
	doc := t.doc
	durable(r.copying, func(ctx context.Context) (nothing, error) {
		return nothing{}, r.visit.Copy(ctx, doc, text)
	}, func(_ nothing, err error) {
		if err != nil {
			r.d.fail(words.T("Nothing was copied."), err)
			return
		}
		r.d.app.Clipboard().SetContent(text)
		r.showStatus()
		r.d.toast(panel.ToneOk, "check", words.T("Copied and recorded."), words.T("%s of %s.", plural(len([]rune(text)), "character", "characters"), path.Base(doc.Place.Path)))
	})
}

// fileIcon tells code from documents by what chroma takes the name for.
func fileIcon(file string) (icon string, tone panel.Tone) {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".txt", ".rst", ".adoc", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", "":
		return "doc", panel.ToneAccent
	}
	if !colour.Known(file) {
		return "doc", panel.ToneAccent
	}
	return "code", panel.ToneAccent
}
