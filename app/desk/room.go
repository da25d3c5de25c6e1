package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// roomScreen is the room: rail, side panel, tabs over the code, and at the
// right, when asked for, one annotation. Its parts are files, searchPanel,
// notesPanel, findBar, annotator; what several of them need is here.
type roomScreen struct {
	d        *Desk
	visit    *room.Visit
	cert     room.Certificate
	entered_ time.Time

	releases []string // oldest first
	release  string   // what tree and status bar show
	listed   map[string][]deposit.File
	index    room.IndexState
	named    room.DerivedState
	surveyed room.DerivedState
	paused   bool // indexing, by the reviewer
	pace     pace // of it

	rail   *panel.Rail
	side   *fyne.Container // holds one side panel
	split  *panel.Split
	*pane                  // the active one
	layout *paneTree       // all of them
	groups *fyne.Container // holds what shows them
	center *fyne.Container // code and inspector
	beside *panel.Split    // between them
	main   *fyne.Container // what the rail's sides share with export

	files     *filesPanel
	search    *searchPanel
	notes     *notesPanel
	same      *sameWords
	ann       *annotator
	quick     *quickOpen
	finder    *symbolSearch
	symbols   *symbolPanel
	chars     *characterPanel
	trail     trail
	peeked    *peek  // the one that is shown, or was
	resting   func() // ends the wait for the mouse to rest
	export    *exportScreen
	shipped   *shippedScreen
	shownSide string

	bookmarks   []room.Bookmark // in the order of path and line
	booklist    *bookmarksPanel
	bookmarking *slot
	switcher    *panel.Switcher
	recent      []deposit.Place // files that were read last, newest first, each path once
	restored    bool            // the desk is as the last visit left it; from here on it is kept
	kept        room.Session    // what is on disk
	keepDue     bool
	unkept      bool // it cannot be kept, which was said
	last        *room.Session
	keeping     *slot
	closed      []closedTab // the last one closed last
	next        int         // for the order of use
	standing    bool        // the caret is moved by a jump, not by the reader

	listing, opening, indexing, recording, copying *slot
	naming, defining, carding, surveying, counting *slot
}

// A tab is one open file. It keeps its own view, so that caret, selection and
// scroll position stay.
type tab struct {
	doc       *room.Document
	view      *code.View
	pane      *pane         // whose it is
	found     tabCharacters // that are not what they seem
	spoofing  *slot
	closed    bool   // the banner about them was closed
	note      string // which hit of a search is shown
	plain     string
	colours   *slot
	colourist *colourist // nil: it has no colours
	language  string
	looking   *slot          // through the text
	resting   *slot          // reading the rest of a large file
	through   *lookedThrough // nil until the text was gone through
	awaited   *target        // where to go once the rest is there
	hexed     bool           // asked for as bytes
	picture   *pictureFace
	empty     fyne.CanvasObject
	used      int
	pinned    bool
	asleep    *whereabouts // where it will be shown: its file is not read yet
	wanted    *target      // of a sleeping one: where it is to be shown instead
	opening   *slot        // of a sleeping one
	passing   bool         // only looked at so far: the next such file takes its place

	outline   *outline // nil until it is read
	unread    error    // why there is no outline
	outlining *slot
	layout    layout
	folding   *slot
	folded    []code.Fold // what is to be folded away once all of a large file is there
	sketching *slot       // the minimap
	mapping   *slot       // its colours
}

// maxTabs bounds the open files: each keeps its text and tokens. Opening one
// more closes the one not looked at for longest.
const maxTabs = 16

func newRoom(d *Desk, v *room.Visit) *roomScreen {
	r := &roomScreen{
		d: d, visit: v, cert: v.Certificate(), releases: v.Releases(), listed: map[string][]deposit.File{}, entered_: time.Now(),
		listing: d.board.slot(), opening: d.board.slot(), indexing: d.board.slot(), recording: d.board.slot(), copying: d.board.slot(),
		naming: d.board.slot(), defining: d.board.slot(), carding: &slot{board: d.board, quiet: true}, surveying: d.board.slot(), counting: d.board.slot(), keeping: &slot{board: d.board, quiet: true}, bookmarking: d.board.slot(), resting: func() {},
	}
	l := d.look
	rail := []panel.RailItem{
		{ID: "files", Icon: "files", Tip: words.T("Files"), Key: words.T("Ctrl+Shift+E")},
		{ID: "search", Icon: "search", Tip: words.T("Search"), Key: words.T("Ctrl+Shift+F")},
		{ID: "symbols", Icon: "symbols", Tip: words.T("Symbols"), Key: words.T("Ctrl+Shift+Y")},
		{ID: "notes", Icon: "note", Tip: words.T("Annotations"), Key: words.T("Ctrl+Shift+M")},
		{ID: "bookmarks", Icon: "bookmark", Tip: words.T("Bookmarks"), Key: words.T("Ctrl+Shift+B")},
		{ID: "characters", Icon: "alike", Tip: words.T("Characters that are not what they seem"), Key: words.T("Ctrl+Shift+U")},
		{ID: "shipped", Icon: "box", Tip: words.T("Shipped artifacts"), Key: words.T("Ctrl+Shift+A")},
		{ID: "export", Icon: "export", Tip: words.T("Export"), Key: words.T("Ctrl+E"), Bottom: true},
		{ID: "settings", Icon: "gear", Tip: words.T("Colours"), Bottom: true},
	}
	if !v.HasShipped() {
		rail = slices.DeleteFunc(rail, func(it panel.RailItem) bool { return it.ID == "shipped" })
	}
	r.rail = panel.NewRail(l, rail)
	r.rail.OnSelect = r.pickSide
	r.pane = newPane(r)
	r.layout = &paneTree{pane: r.pane}
	r.groups = container.NewStack(r.pane.body)
	r.files = newFilesPanel(r)
	r.search = newSearchPanel(r)
	r.notes = newNotesPanel(r)
	r.booklist = newBookmarksPanel(r)
	r.same = newSameWords(r)
	r.ann = newAnnotator(r)
	r.quick = newQuickOpen(r)
	r.finder = newSymbolSearch(r)
	r.symbols = newSymbolPanel(r)
	r.chars = newCharacterPanel(r)
	r.ann.body.Hide()
	r.side = container.NewStack()
	r.center = newInspected(r)
	r.split = panel.NewSplit(l, r.side, r.center)
	r.split.MinA, r.split.MinB = 200, 360
	r.split.OnMoved = func(px float32) { r.d.app.Preferences().SetFloat(settingSide+r.shownSide, float64(px)) }
	r.main = container.NewStack(r.split)
	return r
}

func (r *roomScreen) name() string { return "room" }
func (r *roomScreen) body() fyne.CanvasObject {
	return panel.HBox(0, r.rail, panel.Grow(r.main))
}

func (r *roomScreen) unsaved() string {
	if r.ann.dirty() {
		return words.T("The annotation you began is not saved. What is saved is in the journal; a draft is nowhere.")
	}
	return ""
}

// leaving notes how the desk looks while its parts may still be asked.
func (r *roomScreen) leaving() {
	if r.restored {
		s := r.snapshot()
		r.last = &s
	}
}

func (r *roomScreen) leave() error {
	var err error
	if r.last != nil {
		err = r.visit.SaveSession(*r.last)
	}
	return errors.Join(err, r.visit.Close())
}

func (r *roomScreen) entered() {
	r.d.win.SetTitle(words.T("%s – Vitrine", r.cert.Title))
	r.d.foot.Show()
	r.d.bar.SetField(r.cert.Title, words.T("Ctrl P"))
	r.d.bar.OnField = r.quick.show
	r.d.status.OnTapped = r.statusTapped
	r.showClock()
	r.showSide("files")
	r.showTabs()
	r.setRelease(r.releases[len(r.releases)-1], nil)
	r.refreshNotes()
	r.buildIndex()
	r.restore()
	if n := r.visit.JournalNotice(); n != "" {
		r.d.look.Toast(panel.ToastStyle{Tone: panel.ToneWarn, Icon: "journal", Bold: words.T("Journal"), Text: n})
	}
	r.d.focus("side", r.files.tree.List())
}

// showClock shows the time in the room, now and whenever a minute is over: nothing
// else of ours wakes an idle window.
func (r *roomScreen) showClock() {
	t := time.Since(r.entered_)
	r.d.board.later(time.Minute-t%time.Minute, r.showClock)
	r.d.bar.SetRight(panel.ToneDanger, words.T("%d:%02d in the room", int(t.Hours()), int(t.Minutes())%60))
}

// recolour hands palette and font to what does not read it from the look.
func (r *roomScreen) recolour() {
	for _, t := range r.allTabs() {
		t.view.SetPalette(r.d.look.Palette)
		t.view.SetFont(r.d.look.Code)
		if t.picture != nil && t.picture.view != nil {
			t.picture.view.SetPalette(r.d.look.Palette)
		}
	}
	if r.export != nil {
		r.export.view.SetPalette(r.d.look.Palette)
		r.export.view.SetFont(r.d.look.Code)
	}
}

// list has the files of a release, from memory or from the visit.
func (r *roomScreen) list(release string, then func([]deposit.File)) {
	if files, ok := r.listed[release]; ok {
		then(files)
		return
	}
	simple(r.listing, func(ctx context.Context) ([]deposit.File, error) {
		return r.visit.Files(ctx, release)
	}, func(files []deposit.File, err error) {
		if err != nil {
			r.d.fail(words.T("The files of %s cannot be listed.", release), err)
			return
		}
		r.listed[release] = files
		r.d.trace.say("listed", len(files), release)
		then(files)
	})
}

// setRelease makes tree and status bar show a release, then goes on.
func (r *roomScreen) setRelease(release string, then func()) {
	r.list(release, func(files []deposit.File) {
		r.release = release
		r.files.show(files)
		r.quick.listed()
		r.showTabs()
		r.showStatus()
		r.search.releaseChanged()
		r.charactersChanged()
		if then != nil {
			then()
		}
	})
}

// switchRelease is the reviewer's act: the open file is opened at the same path
// and line in the other release, in the same tab.
func (r *roomScreen) switchRelease(release string) {
	if release == r.release {
		return
	}
	old := r.current()
	r.setRelease(release, func() {
		if old == nil || old.doc.Place.Release == release {
			return
		}
		p := deposit.Place{Release: release, Path: old.doc.Place.Path}
		for _, f := range r.listed[release] {
			if f.Path == p.Path {
				caret := old.view.Caret()
				r.openAt(p, target{line: caret.Line, col: caret.Col, replace: old})
				return
			}
		}
		r.d.toast(panel.ToneWarn, "info", release, words.T("has no %s; the tab still shows %s.", p.Path, old.doc.Place.Release))
	})
}

// step goes to the release before or after.
func (r *roomScreen) step(by int) {
	for i, name := range r.releases {
		if name == r.release && i+by >= 0 && i+by < len(r.releases) {
			r.switchRelease(r.releases[i+by])
			return
		}
	}
}

// showSide puts one of the side panels at the left.
func (r *roomScreen) showSide(id string) {
	r.closeStage()
	var body fyne.CanvasObject
	width := float32(style.WidthSide)
	switch id {
	case "search":
		body, width = r.search.body, style.WidthSearch
	case "symbols":
		body, width = r.symbols.body, widthSymbols
	case "notes":
		body, width = r.notes.body, 340
	case "bookmarks":
		body, width = r.booklist.body, 340
	case "characters":
		body, width = r.chars.body, style.WidthSearch
		r.chars.shown()
	default:
		id, body = "files", r.files.body
	}
	width = rememberedSpan(r.d.app.Preferences(), settingSide+id, width)
	if w := r.d.win.Canvas().Size().Width; w > 0 && width > w*0.42 {
		width = w * 0.42
	}
	if r.shownSide != id || !r.side.Visible() {
		r.shownSide = id
		r.side.Objects = []fyne.CanvasObject{body}
		r.side.Show()
		r.side.Refresh()
		r.split.SetOffset(width)
		r.split.Refresh()
		r.d.trace.say("side", id)
		r.touched()
	}
	r.rail.Select(id)
}

// widthSymbols is wide enough for a line of code and what the use is.
const widthSymbols = 440

// pickSide is a click or Enter on the rail.
func (r *roomScreen) pickSide(id string) {
	switch id {
	case "export":
		r.openExport()
	case "shipped":
		r.openShipped()
	case "settings":
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.rail)
		panel.ShowMenu(r.d.look, r.d.win.Canvas(), at.AddXY(style.WidthRail, r.rail.Size().Height-110), r.d.items(r.d.themes()))
		r.rail.Select(r.sideID())
	default:
		r.showSide(id)
		r.focusSide()
	}
	r.d.tips.did(map[string]string{"search": "search.deposit", "export": "export.open"}[id])
}

func (r *roomScreen) sideID() string {
	if r.export != nil {
		return "export"
	}
	if r.shipped != nil {
		return "shipped"
	}
	return r.shownSide
}

func (r *roomScreen) focusSide() {
	switch r.shownSide {
	case "search":
		r.search.focus()
	case "symbols":
		r.symbols.focus()
	case "notes":
		r.d.focus("side", r.notes.list)
	case "bookmarks":
		r.d.focus("side", r.booklist.list)
	case "characters":
		r.d.focus("side", r.chars.list)
	default:
		r.d.focus("side", r.files.tree.List())
	}
}

// toggleSide folds the side panel away, or brings it back.
func (r *roomScreen) toggleSide() {
	if r.staged() {
		return
	}
	if r.side.Visible() {
		r.side.Hide()
		r.split.Refresh()
		r.focusCode()
		return
	}
	r.showSide(r.shownSide)
	r.split.Refresh()
}

func (r *roomScreen) focusCode() {
	if r.export != nil {
		r.d.focus("code", r.export.view)
		return
	}
	if r.shipped != nil {
		r.d.focus("shipped", r.shipped.list)
		return
	}
	if t := r.current(); t != nil {
		r.d.focus("code", t.keys())
		return
	}
	if stops := r.startStops(); len(stops) > 0 {
		r.d.focus("start", stops[0])
	}
}

// escape returns to the code: from a bar above it, or from anywhere.
func (r *roomScreen) escape() {
	switch {
	case r.export != nil && r.export.escape():
	case r.shipped != nil && r.shipped.escape():
	case r.find.bar.Visible():
		r.find.close()
	case r.ann.body.Visible() && r.ann.shown != "":
		r.ann.close()
	default:
		if t := r.current(); t != nil {
			t.view.SetHits(nil, -1)
			t.note = ""
			r.showNote()
		}
		r.focusCode()
	}
}

func (r *roomScreen) regions() []region {
	if r.export != nil {
		return append([]region{{"rail", one(r.rail)}}, r.export.regions()...)
	}
	if r.shipped != nil {
		return append([]region{{"rail", one(r.rail)}}, r.shipped.regions()...)
	}
	return []region{
		{"rail", one(r.rail)},
		{"side", r.sideParts},
		{"tabs", func() []fyne.Focusable {
			if len(r.open) == 0 {
				return nil
			}
			return []fyne.Focusable{r.tabs, r.crumbs}
		}},
		{"code", func() []fyne.Focusable {
			if t := r.current(); t != nil {
				return []fyne.Focusable{t.keys()}
			}
			return r.startStops()
		}},
		{"inspector", func() []fyne.Focusable {
			if !r.ann.body.Visible() {
				return nil
			}
			return r.ann.parts()
		}},
	}
}

func (r *roomScreen) sideParts() []fyne.Focusable {
	if !r.side.Visible() {
		return nil
	}
	switch r.shownSide {
	case "search":
		return r.search.parts()
	case "symbols":
		return []fyne.Focusable{r.symbols.list()}
	case "notes":
		return []fyne.Focusable{r.notes.list}
	case "bookmarks":
		return []fyne.Focusable{r.booklist.list, r.booklist.name.Focusable()}
	case "characters":
		return r.chars.parts()
	}
	return []fyne.Focusable{r.files.tree.List(), r.files.filter.Focusable()}
}
