package desk

import (
	"fmt"
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// roomMenus holds every action of the room; a chord is named here and nowhere
// else.
func (r *roomScreen) allMenus() []menu {
	noFile := func() bool { return r.current() == nil || r.staged() }
	noHits := func() bool { return r.search.total() == 0 && len(r.symbols.uses.hits) == 0 || r.staged() }
	noneFound := func() bool { t := r.current(); return noFile() || len(t.found.list) == 0 && !t.spoofing.running() }
	oneRelease := func() bool { return len(r.releases) < 2 || r.staged() }
	find := r.findActions()
	return []menu{
		{words.T("File"), []action{
			{id: "file.open", label: words.T("Open file …"), icon: "doc", key: chord{fyne.KeyP, ctrl}, do: func() { r.quick.show() }, over: true},
			{id: "file.close", label: words.T("Close tab"), key: chord{fyne.KeyW, ctrl}, do: func() { r.closeTab(r.at) }, absent: noFile, why: words.T("no file is shown")},
			{id: "file.reopen", label: words.T("Reopen closed tab"), key: chord{fyne.KeyT, ctrlShift}, do: r.reopen, absent: func() bool { return len(r.closed) == 0 || r.staged() }, why: words.T("no tab was closed yet")},
			{id: "code.copy", label: words.T("Copy"), key: chord{fyne.KeyC, ctrl}, do: r.copySelection, absent: noFile, why: words.T("no file is shown"), rule: true},
			{id: "room.another", label: words.T("Choose another deposit"), icon: "files", do: r.d.another, rule: true},
			{id: "app.leave", label: words.T("Leave the room"), key: chord{fyne.KeyQ, ctrl}, do: r.d.close},
		}},
		r.selectMenu(),
		{words.T("View"), append([]action{
			{id: "view.files", label: words.T("Files"), icon: "files", key: chord{fyne.KeyE, ctrlShift}, do: func() { r.pickSide("files") }},
			{id: "search.deposit", label: words.T("Search"), icon: "search", key: chord{fyne.KeyF, ctrlShift}, do: func() { r.pickSide("search") }},
			{id: "view.symbols", label: words.T("Symbols"), icon: "symbols", key: chord{fyne.KeyY, ctrlShift}, do: func() { r.pickSide("symbols") }},
			{id: "view.annotations", label: words.T("Annotations"), icon: "note", key: chord{fyne.KeyM, ctrlShift}, do: func() { r.pickSide("notes") }},
			{id: "view.characters", label: words.T("Characters that are not what they seem"), icon: "alike", key: chord{fyne.KeyU, ctrlShift}, do: func() { r.pickSide("characters") }},
			{id: "view.side", label: words.T("Side panel"), key: chord{fyne.KeyB, ctrl}, do: r.toggleSide, absent: r.staged, checked: func() bool { return r.side.Visible() }, why: words.T("another screen is shown")},
		}, slices.Concat(r.files.actions(), ruled(r.d.themes()), ruled(r.d.fonts()))...)},
		{words.T("Text"), append([]action{
			{id: "view.sameWords", label: words.T("Mark the word at the caret"), do: r.same.turn, checked: func() bool { return r.same.on }},
			{id: "view.encoding", label: words.T("Encoding of this file …"), do: func() {
				bar := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.d.status)
				r.showEncodings(bar.AddXY(r.d.status.Size().Width/2, 0))
			}, absent: noFile, why: words.T("no file is shown"), rule: true},
			{id: "view.hex", label: words.T("Bytes in hex"), key: chord{fyne.KeyX, ctrlAlt}, do: r.turnHex, absent: func() bool { return !r.canTurnHex() },
				checked: func() bool { t := r.current(); return t != nil && t.hexed }, why: words.T("no file is shown that has another form")},
		}, r.readingActions()...)},
		{words.T("Panes"), r.paneActions()},
		{words.T("Go"), append([]action{
			{id: "go.line", label: words.T("Line …"), key: chord{fyne.KeyG, ctrl}, do: r.goToLine, absent: noFile, why: words.T("no file is shown")},
			{id: "go.nextTab", label: words.T("Next tab"), key: chord{fyne.KeyPageDown, ctrl}, do: func() { r.turnTab(1) }, absent: noFile, why: words.T("no file is shown")},
			{id: "go.previousTab", label: words.T("Previous tab"), key: chord{fyne.KeyPageUp, ctrl}, do: func() { r.turnTab(-1) }, absent: noFile, why: words.T("no file is shown")},
			{id: "go.usedTab", label: words.T("Tab used before"), key: chord{fyne.KeyTab, ctrl}, do: func() { r.switchTab(1) }, absent: noFile, why: words.T("no file is shown")},
			{id: "go.usedTabBack", label: words.T("Tab used longest ago"), key: chord{fyne.KeyTab, ctrlShift}, do: func() { r.switchTab(-1) }, absent: noFile, why: words.T("no file is shown")},
			{id: "go.tree", label: words.T("File in the tree"), icon: "target", key: chord{fyne.KeyL, ctrlShift}, do: r.revealInTree, absent: noFile, why: words.T("no file is shown")},
			{id: "go.hidden", label: words.T("Next hidden character"), key: chord{fyne.KeyH, ctrlShift}, do: func() { r.stepCharacter(1) }, absent: noneFound, why: words.T("the file shown has no such characters")},
			{id: "go.hiddenBack", label: words.T("Previous hidden character"), key: chord{fyne.KeyH, ctrlAlt | shift}, do: func() { r.stepCharacter(-1) }, absent: noneFound, why: words.T("the file shown has no such characters")},
			{id: "go.back", label: words.T("Back"), icon: "", key: chord{fyne.KeyLeft, alt}, do: r.back, absent: func() bool { return len(r.trail.past) == 0 || r.staged() }, why: words.T("nowhere to go back to"), rule: true},
			{id: "go.forward", label: words.T("Forward"), key: chord{fyne.KeyRight, alt}, do: r.forward, absent: func() bool { return len(r.trail.future) == 0 || r.staged() }, why: words.T("nowhere to go forward to")},
			{id: "go.places", label: words.T("Recent places …"), icon: "clock", key: chord{fyne.KeyBackspace, ctrlShift}, do: r.recentPlaces, absent: func() bool { return len(r.spots()) == 0 || r.staged() }, why: words.T("nothing was left by a jump yet")},
			{id: "go.crumbs", label: words.T("Breadcrumb"), key: chord{fyne.KeyPeriod, ctrlShift}, do: r.goToCrumbs, absent: noFile, why: words.T("no file is shown")},
			{id: "go.newer", label: words.T("Newer release"), icon: "tag", key: chord{fyne.KeyPageUp, alt}, do: func() { r.step(1) }, absent: oneRelease, why: words.T("no other release can be shown"), rule: true},
			{id: "go.older", label: words.T("Older release"), key: chord{fyne.KeyPageDown, alt}, do: func() { r.step(-1) }, absent: oneRelease, why: words.T("no other release can be shown")},
		}, r.placeActions()...)},
		{words.T("Search"), []action{
			{id: "find.open", label: words.T("Find in this file"), icon: "search", key: chord{fyne.KeyF, ctrl}, do: func() { r.find.open() }, absent: noFile, why: words.T("no file is shown")},
			{id: "find.next", label: words.T("Next match in this file"), key: chord{key: fyne.KeyF3}, do: func() { r.find.step(1) }, absent: noFile, why: words.T("no file is shown")},
			{id: "find.previous", label: words.T("Previous match in this file"), key: chord{fyne.KeyF3, shift}, do: func() { r.find.step(-1) }, absent: noFile, why: words.T("no file is shown")},
			find[0], find[1], find[2],
			{id: "search.deposit", label: words.T("Search the deposit"), key: chord{fyne.KeyF, ctrlShift}, do: func() { r.pickSide("search") }, rule: true},
			r.searchSelection(),
			{id: "search.filter", label: words.T("Add a search filter …"), icon: "filter", do: func() { r.search.filters.show() }, absent: r.staged, why: words.T("another screen is shown")},
			{id: "search.history", label: words.T("Earlier and kept searches …"), icon: "clock", key: chord{fyne.KeyR, ctrl}, do: func() { r.search.past.show() }, absent: r.staged, why: words.T("another screen is shown")},
			{id: "search.keep", label: words.T("Keep this search …"), key: chord{fyne.KeyR, ctrlShift}, do: func() { r.search.kept.ask(r.search.kept.typed()) }, absent: func() bool { return r.staged() || r.search.kept.typed() == "" }, why: words.T("nothing is typed in the search panel")},
			{id: "search.next", label: words.T("Next hit or use"), key: chord{key: fyne.KeyF4}, do: func() { r.stepHits(1) }, absent: noHits, why: words.T("a search has not found anything yet")},
			{id: "search.previous", label: words.T("Previous hit or use"), key: chord{fyne.KeyF4, shift}, do: func() { r.stepHits(-1) }, absent: noHits, why: words.T("a search has not found anything yet")},
		}},
		{words.T("Symbol"), append([]action{
			{id: "symbol.find", label: words.T("Go to symbol …"), icon: "symbols", key: chord{fyne.KeyT, ctrl}, do: func() { r.finder.show("") }, over: true},
			{id: "symbol.findHere", label: words.T("Go to symbol in this file …"), key: chord{fyne.KeyO, ctrlShift}, do: func() { r.finder.show("@") }, over: true, absent: noFile, why: words.T("no file is shown")},
			{id: "view.symbols", label: words.T("Symbols beside the code"), key: chord{fyne.KeyY, ctrlShift}, do: func() { r.pickSide("symbols") }},
		}, ruled(r.symbolActions())...)},
		{words.T("Review"), append([]action{
			{id: "note.begin", label: words.T("Annotate …"), icon: "note", key: chord{fyne.KeyM, ctrl}, do: r.ann.begin, absent: noFile, why: words.T("no file is shown")},
			{id: "note.save", label: words.T("Save the annotation"), key: chord{fyne.KeyReturn, ctrl}, do: r.ann.store, absent: func() bool { return !r.ann.writing() || r.staged() }, why: words.T("no annotation is being written")},
			{id: "view.annotations", label: words.T("All annotations"), key: chord{fyne.KeyM, ctrlShift}, do: func() { r.pickSide("notes") }},
			{id: "shipped.open", label: words.T("Shipped artifacts"), icon: "box", key: chord{fyne.KeyA, ctrlShift}, do: r.openShipped, absent: func() bool { return !r.visit.HasShipped() }, why: words.T("the deposit lists no shipped artifacts"), rule: true},
			{id: "shipped.check", label: words.T("Check a file …"), key: chord{fyne.KeyO, ctrl}, do: func() { r.shipped.chooseFile() }, absent: func() bool { return r.shipped == nil || !r.shipped.canCheck() }, why: words.T("no shipped artifact is shown")},
			{id: "shipped.evidence", label: words.T("Take build evidence …"), key: chord{fyne.KeyO, ctrlShift}, do: func() { r.shipped.chooseEvidence() }, absent: func() bool { return r.shipped == nil || !r.shipped.canCheck() }, why: words.T("no shipped artifact is shown")},
			{id: "export.open", label: words.T("Export …"), icon: "export", key: chord{fyne.KeyE, ctrl}, do: r.openExport, rule: true},
		}, ruled(r.bookmarkActions())...)},
		{words.T("Room"), []action{
			{id: "index.pause", label: words.T("Pause indexing"), icon: "pause", do: r.turnIndexing, absent: func() bool { return !r.building() || r.paused }, why: words.T("no index is being built")},
			{id: "index.resume", label: words.T("Go on with indexing"), icon: "play", do: r.turnIndexing, absent: func() bool { return !r.building() || !r.paused }, why: words.T("indexing is not paused")},
			{id: "room.certificate", label: words.T("Certificate of this deposit"), icon: "shield", key: chord{fyne.KeyI, ctrlShift}, do: r.showCertificate},
		}},
		r.d.helpMenu(),
	}
}

// menus leaves out what has nothing to offer now.
func (r *roomScreen) menus() []menu {
	var out []menu
	for _, m := range r.allMenus() {
		if !r.staged() || len(r.d.items(m.actions)) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// ruled draws a line above the first of some actions.
func ruled(a []action) []action {
	if len(a) > 0 {
		a[0].rule = true
	}
	return a
}

// codeActions are the pop-up menu of the code.
func (r *roomScreen) codeActions() []action {
	t := r.current()
	if t == nil {
		return nil
	}
	return append(r.symbolActions(), ruled([]action{
		{id: "note.begin", label: words.T("Annotate …"), icon: "note", key: chord{fyne.KeyM, ctrl}, do: r.ann.begin},
		{id: "code.copy", label: words.T("Copy"), key: chord{fyne.KeyC, ctrl}, do: r.copySelection, absent: func() bool { return t.view.Selection().Empty() }, why: words.T("nothing is selected")},
		r.searchSelection(),
	})...)
}

// symbolActions ask about the name at the caret.
func (r *roomScreen) symbolActions() []action {
	noName := func() bool {
		if r.staged() {
			return true
		}
		_, _, name := r.word()
		return name == ""
	}
	noFile := func() bool { t := r.current(); return t == nil || t.doc.Binary || r.staged() }
	return []action{
		{id: "symbol.definition", label: words.T("Go to definition"), icon: "arrow", key: chord{key: fyne.KeyF12}, do: func() { r.goToDefinition(false) }, absent: noFile, why: words.T("no source text is shown")},
		{id: "symbol.peek", label: words.T("Peek definition"), key: chord{fyne.KeyF12, alt}, do: r.peekDefinition, absent: noFile, why: words.T("no source text is shown")},
		{id: "symbol.definitions", label: words.T("All definitions"), key: chord{fyne.KeyF12, ctrlShift}, do: func() { r.goToDefinition(true) }, absent: noName, why: words.T("the caret is not on a name")},
		{id: "symbol.references", label: words.T("References"), key: chord{fyne.KeyF12, shift}, do: r.references, absent: noFile, why: words.T("no source text is shown")},
		{id: "symbol.peekReferences", label: words.T("Peek references"), key: chord{fyne.KeyF12, alt | shift}, do: r.peekReferences, absent: noFile, why: words.T("no source text is shown")},
		{id: "symbol.card", label: words.T("What it is"), icon: "info", key: chord{fyne.KeyF1, alt}, also: chord{fyne.KeyI, ctrl}, do: r.cardAtCaret, absent: noName, why: words.T("the caret is not on a name")},
		{id: "symbol.callers", label: words.T("What calls it"), key: chord{fyne.KeyH, ctrlAlt}, do: func() { r.tree(callers) }, absent: noFile, why: words.T("no source text is shown"), rule: true},
		{id: "symbol.calls", label: words.T("What it calls"), key: chord{fyne.KeyJ, ctrlAlt}, do: func() { r.tree(callees) }, absent: noFile, why: words.T("no source text is shown")},
		{id: "symbol.members", label: words.T("Members of the type"), do: func() { r.tree(members) }, absent: noName, why: words.T("the caret is not on a name")},
		{id: "symbol.releases", label: words.T("In other releases"), icon: "tag", key: chord{fyne.KeyF12, ctrl}, do: r.inOtherReleases, absent: func() bool { return len(r.releases) < 2 || noName() }, why: words.T("there is no other release, or the caret is not on a name")},
		{id: "symbol.includers", label: words.T("Files that include this one"), do: func() { r.fileTree(r.current().doc.Place, includers) }, absent: noFile, why: words.T("no source text is shown"), rule: true},
		{id: "symbol.includes", label: words.T("Files that this one includes"), do: func() { r.fileTree(r.current().doc.Place, includes) }, absent: noFile, why: words.T("no source text is shown")},
	}
}

// searchSelection looks in the deposit for what is selected in the code.
func (r *roomScreen) searchSelection() action {
	selected := func() string {
		if t := r.current(); t != nil && !r.staged() {
			return oneLine(t.view.SelectedText())
		}
		return ""
	}
	return action{id: "search.selection", label: words.T("Search for the selection"), icon: "search", do: func() { r.search.look(selected()) },
		absent: func() bool { return selected() == "" }, why: words.T("nothing is selected in one line")}
}

func (r *roomScreen) copySelection() {
	if t := r.current(); t != nil {
		r.copy(t, t.view.SelectedText())
	}
}

// showCertificate shows again what admission established.
func (r *roomScreen) showCertificate() {
	l := r.d.look
	var dialog *panel.Dialog
	ok := panel.NewButton(l, panel.Primary, words.T("Close"), func() { dialog.Hide() })
	parts := []fyne.CanvasObject{panel.NewNote(l, deposited(r.cert))}
	parts = append(parts, certificateFacts(l, r.cert)...)
	parts = append(parts, panel.NewRule(l), releaseTable(l, r.cert.Releases), panel.NewRule(l), heading(l, words.T("Check it yourself")), r.d.command(r.cert.Check))
	dialog = panel.NewDialog(l, panel.DialogStyle{Title: r.cert.Title, Icon: "shield", Tone: panel.ToneOk, Width: 760}, panel.VBox(8, parts...), ok)
	dialog.Show(r.d.win.Canvas())
}

// showStatus redraws the status bar.
func (r *roomScreen) showStatus() {
	items := []panel.StatusItem{
		{ID: "deposit", Icon: "shield", IconTone: panel.ToneOk, Text: words.T("Deposit verified"), Tone: panel.ToneOk, Badge: true, Tip: words.T("Certificate of this deposit")},
		{ID: "release", Icon: "tag", IconTone: panel.ToneAccent, Text: r.release, Bold: true, Menu: len(r.releases) > 1, Badge: true, Tip: words.T("Release shown")},
		{ID: "of", Text: words.T("of %s", plural(len(r.releases), "release", "releases")), Tone: panel.ToneDim},
	}
	if t := r.current(); t != nil && !r.staged() {
		items = append(items,
			panel.StatusItem{ID: "line", Text: position(t), Tone: panel.ToneDim, Right: true, Tip: words.T("Go to a line")},
			kindOf(t))
		if !t.doc.Binary {
			items = append(items, tabsItem(t))
		}
		items = append(items, encodingItem(t))
	}
	items = append(items, r.indexItem())
	if it, ok := r.symbolItem(); ok {
		items = append(items, it)
	}
	if it, ok := r.characterItem(); ok {
		items = append(items, it)
	}
	items = append(items,
		panel.StatusItem{ID: "journal", Icon: "lock", IconTone: panel.ToneOk, Text: words.T("Journal %s", grouped(r.visit.Entries())), Tone: panel.ToneDim, Right: true, Tip: words.T("Every act is recorded, chained and on disk")},
		panel.StatusItem{ID: "reviewer", Icon: "user", IconTone: panel.ToneDim, Text: r.visit.Reviewer(), Right: true})
	r.d.status.Set(items)
}

func (r *roomScreen) indexItem() panel.StatusItem {
	it := panel.StatusItem{ID: "index", Icon: "check", IconTone: panel.ToneOk, Text: words.T("Index ready"), Tone: panel.ToneDim, Right: true}
	switch {
	case r.index.Err != nil:
		it.Icon, it.IconTone, it.Text, it.Tone, it.Tip = "warn", panel.ToneDanger, words.T("No index"), panel.ToneDanger, r.index.Err.Error()
	case !r.index.Ready:
		it.Icon, it.IconTone, it.Text = "journal", panel.ToneAccent, words.T("Indexing")
		if r.index.Total > 0 {
			it.Text += " " + percent(r.index.Done, r.index.Total)
		}
		r.pauseItem(&it)
	}
	return it
}

// pauseItem makes the status bar's word on an index that is built a button.
func (r *roomScreen) pauseItem(it *panel.StatusItem) {
	it.Tip = words.T("Pause indexing")
	if r.paused {
		it.Icon, it.IconTone, it.Tip = "pause", panel.ToneWarn, words.T("Go on with indexing")
		it.Text += words.T(", paused")
		return
	}
	if left := r.pace.String(); left != "" {
		it.Text += " · " + left
	}
}

func (r *roomScreen) statusTapped(id string, at fyne.Position) {
	switch id {
	case "deposit":
		r.showCertificate()
	case "release":
		var out []panel.MenuItem
		for i := len(r.releases) - 1; i >= 0; i-- {
			name := r.releases[i]
			out = append(out, panel.MenuItem{Label: name, Checked: name == r.release, Do: func() { r.switchRelease(name) }})
		}
		panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, out)
	case "line":
		r.goToLine()
	case "tabs":
		r.showTabStops(at)
	case "encoding":
		r.showEncodings(at)
	case "index", "symbols", "survey":
		r.turnIndexing()
	}
}

func caretText(p code.Pos) string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

func position(t *tab) string {
	c, s := t.view.Caret(), t.view.Selection()
	text := words.T("Ln %s, Col %s", grouped(int64(c.Line)), grouped(int64(c.Col)))
	if t.doc.Binary {
		text = words.T("Byte 0x%X · %s", t.offset(), grouped(t.offset()))
	}
	if s.Empty() {
		return text
	}
	if b, ok := t.view.Block(); ok {
		return words.T("%s · block of %s × %s", text, plural(b.Last-b.First+1, "line", "lines"), plural(b.Right-b.Left, "column", "columns"))
	}
	lines := s.To.Line - s.From.Line
	if s.To.Col > 1 {
		lines++ // a selection that ends at a line's start does not take it in
	}
	if s.To.Line == s.From.Line {
		return text + " · " + plural(s.To.Col-s.From.Col, "byte selected", "bytes selected")
	}
	return text + " · " + plural(lines, "line selected", "lines selected")
}
