package desk

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/viewer/code"
	"vitrine/viewer/colour"
	"vitrine/viewer/panel"
)

// How code is laid out in every tab is remembered for the next visit.
const (
	settingWrap     = "wrap"
	settingTextSize = "textSize"
	settingTabs     = "tabs." // and the language: distance of its tab stops, chosen by hand
	settingMinimap  = "minimap"
	settingScopes   = "scopes"
)

// tabStops are what is offered; their language has one of its own.
var tabStops = []int{2, 3, 4, 8}

// usualTabs are the tab stops of languages whose code is indented by tabs that are
// not of code.TabWidth.
var usualTabs = map[string]int{"Go": 8, "C": 8, "C++": 8, "Makefile": 8, "Base Makefile": 8, "GAS": 8, "NASM": 8, "Bash": 8, "Diff": 8, "Plain text": 8}

// A layout is how a file is indented, in cells.
type layout struct {
	tab, step int
	says      indent // what the release's .editorconfig says
	byHand    bool   // tab is what the reviewer wants
}

// An indent is a distance of tab stops and one level, 0 where nobody says it.
type indent struct{ tab, step int }

// layoutOf finds how a document is indented: as the reviewer chose for its language, as the
// .editorconfig files of its release say, or as is usual. It runs off the UI thread.
func (r *roomScreen) layoutOf(ctx context.Context, doc *room.Document) layout {
	var says indent
	if !doc.Binary {
		says.tab, says.step = r.visit.Indentation(ctx, doc.Place)
	}
	return r.layoutAs(doc, says)
}

func (r *roomScreen) layoutAs(doc *room.Document, says indent) layout {
	if doc.Binary {
		return layout{tab: code.TabWidth, step: code.TabWidth}
	}
	lang := colour.Language(doc.Place.Path)
	l := layout{tab: r.d.app.Preferences().Int(settingTabs + lang), step: says.step, says: says}
	if l.byHand = l.tab > 0 && l.tab <= 16; !l.byHand {
		l.tab = cmp.Or(says.tab, usualTab(lang))
	}
	if l.step == 0 {
		l.step = code.IndentStep(doc.Text, l.tab, code.TabWidth)
	}
	return l
}

func usualTab(lang string) int { return cmp.Or(usualTabs[lang], code.TabWidth) }

// arrange makes a new view show code as the reviewer likes it.
func (d *Desk) arrange(v *code.View) {
	prefs := d.app.Preferences()
	v.SetTextSize(prefs.IntWithFallback(settingTextSize, code.StandardTextSize))
	v.SetWrap(prefs.Bool(settingWrap))
	v.ShowMinimap(d.minimap())
	v.ShowScopes(d.scopes())
	v.OnShortcut = d.typedShortcut
	v.OnZoom = func(larger bool) {
		if larger {
			d.resizeText(v.TextSize() + 1)
		} else {
			d.resizeText(v.TextSize() - 1)
		}
	}
}

// A screen that shows code lists its views.
type coded interface{ views() []*code.View }

// eachView does something to every view of code.
func (d *Desk) eachView(do func(*code.View)) {
	if s, ok := d.screen.(coded); ok {
		for _, v := range s.views() {
			do(v)
		}
	}
}

func (r *roomScreen) views() (out []*code.View) {
	for _, t := range r.awake() {
		out = append(out, t.view)
	}
	if r.export != nil {
		out = append(out, r.export.view)
	}
	return out
}

// resizeText sets the size of code everywhere.
func (d *Desk) resizeText(size int) {
	size = min(max(size, code.MinTextSize), code.MaxTextSize)
	d.app.Preferences().SetInt(settingTextSize, size)
	d.eachView(func(v *code.View) { v.SetTextSize(size) })
	d.trace.say("text", size)
}

func (d *Desk) textSize() int {
	return d.app.Preferences().IntWithFallback(settingTextSize, code.StandardTextSize)
}

func (d *Desk) toggleWrap() {
	on := !d.app.Preferences().Bool(settingWrap)
	d.app.Preferences().SetBool(settingWrap, on)
	d.eachView(func(v *code.View) { v.SetWrap(on) })
	d.trace.say("wrap", on)
}

func (d *Desk) minimap() bool { return d.app.Preferences().BoolWithFallback(settingMinimap, true) }

func (d *Desk) toggleMinimap() {
	on := !d.minimap()
	d.app.Preferences().SetBool(settingMinimap, on)
	d.eachView(func(v *code.View) { v.ShowMinimap(on) })
	d.trace.say("minimap", on)
}

func (d *Desk) scopes() bool { return d.app.Preferences().BoolWithFallback(settingScopes, true) }

func (d *Desk) toggleScopes() {
	on := !d.scopes()
	d.app.Preferences().SetBool(settingScopes, on)
	d.eachView(func(v *code.View) { v.ShowScopes(on) })
	d.trace.say("scopes", on)
}

// scopes are the definitions of a file that stand over their text.
func (o *outline) scopes() (out []code.Scope) {
	if o == nil {
		return nil
	}
	for _, r := range o.rows {
		if holds[r.Kind] {
			out = append(out, code.Scope{From: r.from, To: r.to, Line: r.Line})
		}
	}
	return out
}

// mapSoon is how long a file is on the screen before its minimap is painted, mapLate
// how long that is not what is known of it: colours arrive piece by piece.
const (
	mapSoon = 50 * time.Millisecond
	mapLate = time.Second
)

// keepMap paints a tab's minimap when it is stale, after the file is on the screen.
// Of bytes there is none: every line of theirs looks the same, and it would cover the text.
func (r *roomScreen) keepMap(t *tab) {
	if t.doc.Binary {
		return
	}
	t.view.OnStale = func() {
		wait := mapSoon
		if t.view.Sketched() {
			wait = mapLate
		}
		r.d.board.later(wait, func() { r.paintMap(t) })
	}
}

func (r *roomScreen) paintMap(t *tab) {
	s := t.view.Sketch()
	if s == nil || !slices.Contains(r.awake(), t) {
		return
	}
	t.colourist.shown() // a minimap that has come into sight gets its colours
	simple(t.sketching, s.Paint, func(img *image.RGBA, err error) {
		if err == nil {
			t.view.SetSketch(img)
			r.d.trace.say("map", img.Rect.Dy(), t.doc.Place.Path)
		}
	})
}

// findFolds tells a tab's view what can be folded.
func (r *roomScreen) findFolds(t *tab) {
	simple(t.folding, func(ctx context.Context) ([]code.Fold, error) {
		if t.doc.Binary {
			return nil, nil
		}
		if err := t.letPaint(ctx); err != nil {
			return nil, err
		}
		known, ok := t.doc.Folds()
		if !ok || len(known) == 0 {
			return code.IndentFolds(ctx, t.doc.Text, t.layout.tab)
		}
		folds := make([]code.Fold, len(known))
		for i, f := range known {
			folds[i] = code.Fold{From: f.First, To: f.Last}
		}
		return folds, nil
	}, func(folds []code.Fold, _ error) {
		if t.folded != nil {
			t.view.FoldAway(t.folded)
			t.folded = nil
		}
		t.view.SetFolds(folds)
		r.d.trace.say("folds", len(folds), t.doc.Place.Path)
	})
}

// tabsItem is the status bar's word on how the open file is indented.
func tabsItem(t *tab) panel.StatusItem {
	tip := words.T("Width of a tab")
	switch {
	case t.layout.byHand:
		tip = words.T("Width of a tab, chosen by hand")
	case t.layout.says.tab > 0:
		tip = words.T("Width of a tab, as the release's .editorconfig says")
	}
	return panel.StatusItem{ID: "tabs", Text: fmt.Sprint(words.T("Tab "), t.layout.tab), Tone: panel.ToneDim, Right: true, Menu: true, Tip: tip}
}

// showTabStops offers distances of tab stops for the language of the open file.
func (r *roomScreen) showTabStops(at fyne.Position) {
	t := r.current()
	if t == nil {
		return
	}
	lang := colour.Language(t.doc.Place.Path)
	own := words.T("As is usual in %s: %d", lang, usualTab(lang))
	if n := t.layout.says.tab; n > 0 {
		own = words.T("As .editorconfig says: %d", n)
	}
	rows := []panel.MenuItem{{Label: own, Checked: !t.layout.byHand, Do: func() { r.setTabStops(lang, 0) }}}
	for _, n := range tabStops {
		rows = append(rows, panel.MenuItem{Label: words.T("A tab is %d wide in %s", n, lang), Checked: t.layout.byHand && t.layout.tab == n, Do: func() { r.setTabStops(lang, n) }})
	}
	panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, rows)
}

// setTabStops changes the tab stops of every open file in a language, and of those
// to come; 0 leaves them to the release and the language again.
func (r *roomScreen) setTabStops(lang string, n int) {
	if n == 0 {
		r.d.app.Preferences().RemoveValue(settingTabs + lang)
	} else {
		r.d.app.Preferences().SetInt(settingTabs+lang, n)
	}
	for _, t := range r.awake() {
		if colour.Language(t.doc.Place.Path) == lang {
			t.layout = r.layoutAs(t.doc, t.layout.says)
			t.view.SetTabs(t.layout.tab, t.layout.step)
			r.findFolds(t)
		}
	}
	r.showStatus()
	r.d.trace.say("tabs", n, lang)
}

// readingActions lay code out.
func (r *roomScreen) readingActions() []action {
	noFile := func() bool { return r.current() == nil || r.staged() }
	fold := func(id, label string, key chord, do func(*code.View), absent func(blocks, folded bool) bool, why string) action {
		return action{id: id, label: label, key: key, why: why, do: func() { do(r.current().view) }, absent: func() bool {
			return noFile() || absent(r.current().view.Foldable())
		}}
	}
	noBlocks := func(blocks, _ bool) bool { return !blocks }
	noneFolded := func(_, folded bool) bool { return !folded }
	lacksBlocks, lacksFolded := words.T("the file has no blocks to fold"), words.T("nothing is folded")
	wrap := r.d.app.Preferences
	return []action{
		{id: "view.wrap", label: words.T("Wrap long lines"), key: chord{fyne.KeyZ, alt}, do: r.d.toggleWrap, checked: func() bool { return wrap().Bool(settingWrap) }, rule: true},
		{id: "view.minimap", label: words.T("Minimap"), key: chord{fyne.KeyM, ctrlAlt}, do: r.d.toggleMinimap, checked: r.d.minimap},
		{id: "view.scopes", label: words.T("Enclosing definitions on top"), key: chord{fyne.KeyS, ctrlAlt}, do: r.d.toggleScopes, checked: r.d.scopes},
		{id: "view.tabs", label: words.T("Width of a tab …"), do: func() {
			bar := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.d.status)
			r.showTabStops(bar.AddXY(r.d.status.Size().Width/2, 0))
		}, absent: noFile, why: words.T("no file is shown")},
		{id: "view.larger", label: words.T("Larger letters"), key: chord{fyne.KeyEqual, ctrl}, also: chord{fyne.KeyPlus, ctrl}, do: func() { r.d.resizeText(r.d.textSize() + 1) }},
		{id: "view.smaller", label: words.T("Smaller letters"), key: chord{fyne.KeyMinus, ctrl}, do: func() { r.d.resizeText(r.d.textSize() - 1) }},
		{id: "view.standard", label: words.T("Letters of the usual size"), key: chord{fyne.Key0, ctrl}, do: func() { r.d.resizeText(code.StandardTextSize) }},
		ruled([]action{fold("fold.close", words.T("Fold the block"), chord{fyne.KeyLeftBracket, ctrlShift}, (*code.View).Fold, noBlocks, lacksBlocks)})[0],
		fold("fold.open", words.T("Unfold the block"), chord{fyne.KeyRightBracket, ctrlShift}, (*code.View).Unfold, noneFolded, lacksFolded),
		fold("fold.all", words.T("Fold everything"), chord{fyne.Key0, ctrlAlt}, (*code.View).FoldAll, noBlocks, lacksBlocks),
		fold("fold.none", words.T("Unfold everything"), chord{fyne.Key9, ctrlAlt}, (*code.View).UnfoldAll, noneFolded, lacksFolded),
		fold("fold.first", words.T("Fold the outermost blocks"), chord{fyne.Key1, ctrlAlt}, func(v *code.View) { v.FoldLevel(1) }, noBlocks, lacksBlocks),
		fold("fold.second", words.T("Fold the second level"), chord{fyne.Key2, ctrlAlt}, func(v *code.View) { v.FoldLevel(2) }, noBlocks, lacksBlocks),
	}
}
