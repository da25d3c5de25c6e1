package desk

import (
	"context"
	"path"
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
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
	bytes       *deposit.Span // of the file, to be selected
	travel      bool          // back or forth, which leaves no spot behind
}

// An opened file as the work hands it over.
type opened struct {
	doc    *room.Document
	hidden []int
	count  int
}

// openAt shows a place, in the tab that has it or in a new one.
func (r *roomScreen) openAt(p deposit.Place, go_ target) {
	r.closeStage()
	if !go_.travel && go_.replace == nil {
		r.jumped()
	}
	for i, t := range r.open {
		if t.doc.Place == p {
			r.select_(i)
			r.stand(t, go_)
			return
		}
	}
	if go_.keepFocus && go_.replace == nil {
		go_.replace = r.passing()
	}
	start(r.opening, func(ctx context.Context, _ func(nothing)) (opened, error) {
		return r.read(ctx, p)
	}, nil, func(o opened, err error) {
		if err != nil {
			r.d.fail(path.Base(p.Path)+" cannot be opened.", err)
			return
		}
		t := r.newTab(o)
		t.passing = go_.keepFocus
		if i := r.indexOf(go_.replace); i >= 0 {
			go_.replace.stop()
			r.open[i] = t
			r.select_(i)
		} else {
			r.makeRoomForTab()
			r.open = append(r.open, t)
			r.select_(len(r.open) - 1)
		}
		r.stand(t, go_)
	})
}

// read opens a file, off the UI thread.
func (r *roomScreen) read(ctx context.Context, p deposit.Place) (opened, error) {
	doc, err := r.visit.Open(ctx, p)
	if err != nil {
		return opened{}, err
	}
	o := opened{doc: doc}
	if !doc.Binary {
		if o.hidden, err = code.HiddenLines(ctx, doc.Text); err != nil {
			return o, err
		}
		for _, n := range o.hidden {
			o.count += code.HiddenIn(doc.Text.Line(n))
		}
	}
	return o, nil
}

func (r *roomScreen) newTab(o opened) *tab {
	t := &tab{doc: o.doc, hidden: o.hidden, count: o.count, colours: r.d.board.slot(), outlining: r.d.board.slot()}
	t.view = code.NewView()
	t.view.SetPalette(r.d.look.Palette)
	t.view.SetSource(t.shown())
	t.view.OnCaret = func(code.Pos, code.Range) {
		if !r.standing {
			r.stays(t)
		}
		if t == r.current() {
			r.caretMoved()
		}
	}
	t.view.OnPoint = func(word code.Range, over bool) { r.pointed(t, word, over) }
	t.view.OnFollow = func(word code.Range) {
		if name := t.view.TextIn(word); name != "" && !t.doc.Binary {
			r.define(t, word, name, false)
		}
	}
	t.view.OnShown = func(int, int) { r.d.look.HideCard() }
	t.view.OnKey = r.d.typedKey
	t.view.OnCopy = func(text string) { r.copy(t, text) }
	t.view.OnMark = func(line int) { r.ann.showAt(t, line) }
	t.view.OnSecondary = func(at fyne.Position) {
		panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, r.d.items(r.codeActions()))
	}
	r.marks(t)
	r.readOutline(t)
	t.plain = colourNote(int64(o.doc.File.Size))
	if t.plain == "" && !o.doc.Binary {
		file, text := o.doc.Place.Path, o.doc.Text
		start(t.colours, func(ctx context.Context, emit func(colouring)) (nothing, error) {
			return nothing{}, colour(ctx, text, file, emit)
		}, func(done []colouring) {
			for _, c := range done {
				t.view.SetTokens(c.From, c.Lines)
			}
		}, func(_ nothing, err error) {
			if err != nil {
				t.plain = "plain, " + err.Error()
				r.showStatus()
			}
		})
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

func (r *roomScreen) indexOf(t *tab) int {
	for i, o := range r.open {
		if o == t && t != nil {
			return i
		}
	}
	return -1
}

// passing is the tab whose place the next file takes that is only looked at.
func (r *roomScreen) passing() *tab {
	for _, t := range r.open {
		if t.passing {
			return t
		}
	}
	return nil
}

// stays keeps a tab that was only looked at.
func (r *roomScreen) stays(t *tab) {
	if t.passing {
		t.passing = false
		r.showTabs()
	}
}

// makeRoomForTab closes the tab not looked at for longest.
func (r *roomScreen) makeRoomForTab() {
	for len(r.open) >= maxTabs {
		oldest := 0
		for i, t := range r.open {
			if t.used < r.open[oldest].used {
				oldest = i
			}
		}
		r.open[oldest].stop()
		r.open = append(r.open[:oldest], r.open[oldest+1:]...)
	}
}

// stop ends what goes on for a tab.
func (t *tab) stop() {
	t.colours.stop()
	t.outlining.stop()
}

// goTo moves the caret of the open file; back leads to where it was.
func (r *roomScreen) goTo(t *tab, g target) {
	r.jumped()
	r.stand(t, g)
}

// stand moves the caret.
func (r *roomScreen) stand(t *tab, g target) {
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
	r.showNote()
	if g.line > 0 {
		from := code.Pos{Line: g.line, Col: max(1, g.col)}
		to := g.to
		if to == (code.Pos{}) {
			to = from
		}
		r.standing = true
		t.view.Select(code.Range{From: from, To: to})
		r.standing = false
		t.view.Reveal(from.Line)
		caret := t.view.Caret()
		r.d.trace.say("caret", caretText(caret))
	}
	if !g.keepFocus {
		r.stays(t)
		r.focusCode()
	}
}

// select_ shows tab i; tree and status bar follow to its release.
func (r *roomScreen) select_(i int) {
	if i < 0 || i >= len(r.open) {
		return
	}
	r.at = i
	t := r.open[i]
	r.next++
	t.used = r.next
	p := t.doc.Place
	r.d.trace.say("open", p.Release, p.Path)
	if p.Release != r.release {
		r.setRelease(p.Release, func() { r.files.follow(p) })
	} else {
		r.files.follow(p)
	}
	r.showTabs()
	r.showStatus()
	r.symbols.showOutline()
	r.find.tabChanged()
}

// showTabs redraws tabs, breadcrumb, banner and code.
func (r *roomScreen) showTabs() {
	var tabs []panel.Tab
	for _, t := range r.open {
		p := t.doc.Place
		title := path.Base(p.Path)
		if p.Release != r.release {
			title += "  " + p.Release
		}
		icon, tone := fileIcon(p.Path)
		tabs = append(tabs, panel.Tab{Icon: icon, IconTone: tone, Title: title, Tip: p.Path + "  in " + p.Release, Passing: t.passing})
	}
	r.tabs.Set(tabs, r.at)
	t := r.current()
	if t == nil {
		r.tabs.Hide()
		r.crumbs.Hide()
		r.hidden.Hide()
		r.code.Objects = []fyne.CanvasObject{r.emptyState()}
		r.code.Refresh()
		r.center.Refresh()
		return
	}
	r.tabs.Show()
	r.crumbs.Show()
	r.showCrumbs()
	r.showNote()
	if t.count > 0 && !t.closed {
		r.hidden.Set(panel.BannerStyle{
			Tone: panel.ToneWarn, Icon: "warn",
			Bold:  plural(t.count, "hidden character", "hidden characters") + " in " + plural(len(t.hidden), "line", "lines"),
			Text:  "Drawn in logical order, each in a box.",
			Links: []panel.Action{{Label: "Next", Do: r.nextHidden}},
			Close: func() { t.closed = true; r.showTabs() },
		})
		r.hidden.Show()
	} else {
		r.hidden.Hide()
	}
	if len(r.code.Objects) != 1 || r.code.Objects[0] != fyne.CanvasObject(t.view) {
		at := r.d.win.Canvas().Focused()
		follow := at != nil && len(r.code.Objects) == 1 && any(at) == any(r.code.Objects[0])
		r.code.Objects = []fyne.CanvasObject{t.view}
		r.code.Refresh()
		if follow { // the keyboard was in what has gone out of sight
			r.focusCode()
		}
	}
	r.center.Refresh()
}

// showCrumbs shows the path of the open file and the symbol around the caret.
func (r *roomScreen) showCrumbs() {
	t := r.current()
	if t == nil {
		return
	}
	var crumbs []panel.Crumb
	parts := strings.Split(t.doc.Place.Path, "/")
	for i, p := range parts {
		c := panel.Crumb{Text: p, Tone: panel.ToneDim}
		if i == len(parts)-1 {
			c.Tone = panel.ToneText
		}
		crumbs = append(crumbs, c)
	}
	if i := t.outline.around(t.view.Caret().Line); i >= 0 {
		s := t.outline.rows[i]
		crumbs = append(crumbs, panel.Crumb{Text: s.Name, Icon: "symbols", Tone: lookOf(s.Kind).tone})
	}
	r.crumbs.Set(crumbs)
}

// caretMoved follows the caret in what speaks of its place.
func (r *roomScreen) caretMoved() {
	r.d.look.HideCard()
	r.showStatus()
	r.showCrumbs()
	r.symbols.follow()
}

// emptyState is what the code's place says while no file is open.
func (r *roomScreen) emptyState() fyne.CanvasObject {
	l := r.d.look
	title := heading(l, "No file is open")
	title.Centre = true
	hints := panel.NewHints(l, []panel.Hint{{Key: "Ctrl+P", Text: "open a file by name"}, {Key: "Ctrl+T", Text: "go to a symbol"}, {Key: "Ctrl+Shift+F", Text: "search everything"}})
	return panel.Center(panel.VBox(12, title, panel.Center(hints)))
}

// nextHidden goes to the next line with hidden characters, round and round.
func (r *roomScreen) nextHidden() {
	t := r.current()
	if t == nil || len(t.hidden) == 0 {
		return
	}
	at, to := t.view.Caret().Line, t.hidden[0]
	for _, n := range t.hidden {
		if n > at {
			to = n
			break
		}
	}
	r.goTo(t, target{line: to, col: 1})
}

func (r *roomScreen) showNote() {
	note := ""
	if t := r.current(); t != nil {
		note = t.note
	}
	r.hitNote.Set(panel.Span{Text: note, Tone: panel.ToneDim, Size: style.TextSecondary})
	r.crumbs.SetRight(r.hitNote) // it is as wide as its words
}

// forgetHits takes away what an earlier search left on the open files.
func (r *roomScreen) forgetHits() {
	for _, t := range r.open {
		if t.note == "" {
			continue
		}
		t.note = ""
		if !r.find.bar.Visible() {
			t.view.SetHits(nil, -1)
		}
	}
	r.showNote()
}

func (r *roomScreen) closeTab(i int) {
	if i < 0 || i >= len(r.open) {
		return
	}
	r.open[i].stop()
	r.open = append(r.open[:i], r.open[i+1:]...)
	if r.at > i || r.at >= len(r.open) {
		r.at--
	}
	if r.at >= 0 {
		r.select_(r.at)
		r.focusCode()
		return
	}
	r.find.close()
	r.showTabs()
	r.showStatus()
	r.symbols.showOutline()
	r.focusSide()
}

// turnTab goes to the next or previous tab.
func (r *roomScreen) turnTab(by int) {
	if n := len(r.open); n > 1 {
		r.select_((r.at + by + n) % n)
		r.focusCode()
	}
}

// copy puts text on the clipboard once the record of it is on disk.
func (r *roomScreen) copy(t *tab, text string) {
	if text == "" {
		return
	}
	doc := t.doc
	durable(r.copying, func(ctx context.Context) (nothing, error) {
		return nothing{}, r.visit.Copy(ctx, doc, text)
	}, func(_ nothing, err error) {
		if err != nil {
			r.d.fail("Nothing was copied.", err)
			return
		}
		r.d.app.Clipboard().SetContent(text)
		r.showStatus()
		r.d.toast(panel.ToneOk, "check", "Copied and recorded.", plural(len([]rune(text)), "character", "characters")+" of "+path.Base(doc.Place.Path)+".")
	})
}

// fileIcon tells code from documents by what chroma takes the name for.
func fileIcon(file string) (icon string, tone panel.Tone) {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".txt", ".rst", ".adoc", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", "":
		return "doc", panel.ToneAccent
	}
	if lexerFor(file) == nil {
		return "doc", panel.ToneAccent
	}
	return "code", panel.ToneAccent
}
