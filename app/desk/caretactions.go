package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// selectMenu holds what changes the selection. The code's own keys, which move the caret
// and with Shift select, are code.Keys.
func (r *roomScreen) selectMenu() menu {
	on := func(do func(v *code.View)) func() {
		return func() {
			if t := r.current(); t != nil {
				do(t.view)
				r.focusCode()
			}
		}
	}
	// In a block Left and Right move its side.
	sideways := func(cells int, do func(v *code.View)) func() {
		return on(func(v *code.View) {
			if _, ok := v.Block(); ok {
				v.BlockBy(0, cells)
				return
			}
			do(v)
		})
	}
	block := func(lines, cells int) func() { return on(func(v *code.View) { v.BlockBy(lines, cells) }) }
	altShift, all := alt|shift, ctrlAlt|shift
	out := []action{
		{id: "select.all", label: words.T("Everything"), key: chord{fyne.KeyA, ctrl}, do: on((*code.View).SelectAll)},
		{id: "select.expand", label: words.T("Expand: word, brackets, line, block"), key: chord{fyne.KeyRight, altShift}, do: sideways(1, func(v *code.View) { v.Expand() }), rule: true},
		{id: "select.shrink", label: words.T("Shrink again"), key: chord{fyne.KeyLeft, altShift}, do: sideways(-1, func(v *code.View) { v.Shrink() })},
		{id: "select.bracket", label: words.T("To the matching bracket"), key: chord{fyne.KeyRightBracket, altShift}, do: func() { r.bracket(true) }},
		{id: "select.blockDown", label: words.T("Column block, down"), key: chord{fyne.KeyDown, altShift}, also: chord{fyne.KeyDown, all}, do: block(1, 0), rule: true},
		{id: "select.blockUp", label: words.T("Column block, up"), key: chord{fyne.KeyUp, altShift}, also: chord{fyne.KeyUp, all}, do: block(-1, 0)},
		{id: "select.blockRight", label: words.T("Column block, right"), key: chord{fyne.KeyRight, all}, do: block(0, 1)},
		{id: "select.blockLeft", label: words.T("Column block, left"), key: chord{fyne.KeyLeft, all}, do: block(0, -1)},
		{id: "select.blockPageDown", label: words.T("Column block, page down"), key: chord{fyne.KeyPageDown, all}, do: block(blockPage, 0)},
		{id: "select.blockPageUp", label: words.T("Column block, page up"), key: chord{fyne.KeyPageUp, all}, do: block(-blockPage, 0)},
	}
	for i := range out {
		out[i].absent, out[i].why = r.noFile, words.T(noFileShown)
	}
	return menu{words.T("Select"), out}
}

// blockPage is by how many lines a page key moves a block's corner.
const blockPage = 20

const noFileShown = "no file is shown"

// noFile is whether there is no file on the screen.
func (r *roomScreen) noFile() bool { return r.current() == nil || r.staged() }

// placeActions go to places of the open file.
func (r *roomScreen) placeActions() []action {
	out := []action{
		{id: "go.bracket", label: words.T("Matching bracket"), key: chord{fyne.KeyRightBracket, ctrl}, do: func() { r.bracket(false) }, rule: true},
		{id: "go.nextSymbol", label: words.T("Next definition in this file"), key: chord{fyne.KeyDown, alt}, do: func() { r.nextSymbol(1) }},
		{id: "go.previousSymbol", label: words.T("Previous definition in this file"), key: chord{fyne.KeyUp, alt}, do: func() { r.nextSymbol(-1) }},
		{id: "go.nextMark", label: words.T("Next mark"), key: chord{key: fyne.KeyF8}, also: chord{fyne.KeyF8, alt}, do: func() { r.nextMark(1) }},
		{id: "go.previousMark", label: words.T("Previous mark"), key: chord{fyne.KeyF8, shift}, also: chord{fyne.KeyF8, alt | shift}, do: func() { r.nextMark(-1) }},
		{id: "go.mark", label: words.T("What the marks of this line say"), key: chord{fyne.KeyF8, ctrl}, do: r.marksAtCaret},
	}
	for i := range out {
		out[i].absent, out[i].why = r.noFile, words.T(noFileShown)
	}
	return out
}

// findActions find words of the open file.
func (r *roomScreen) findActions() []action {
	out := []action{
		{id: "find.word", label: words.T("Next place of the word at the caret"), key: chord{fyne.KeyF3, ctrl}, do: func() { r.find.word(1) }},
		{id: "find.wordBefore", label: words.T("Previous place of the word at the caret"), key: chord{fyne.KeyF3, ctrlShift}, do: func() { r.find.word(-1) }},
		{id: "find.selection", label: words.T("Find only in the selection"), key: chord{fyne.KeyL, alt}, do: func() { r.find.turnNarrow() }, checked: func() bool { return r.find.field.Toggled(toggleIn) }},
	}
	for i := range out {
		out[i].absent, out[i].why = r.noFile, words.T(noFileShown)
	}
	return out
}

// bracket goes to the matching bracket, or selects to it.
func (r *roomScreen) bracket(extend bool) {
	t := r.current()
	if t == nil {
		return
	}
	if !t.view.GoToBracket(extend) {
		r.d.toast(panel.ToneWarn, "info", words.T("No matching bracket"), words.T("was found from here."))
		return
	}
	r.focusCode()
}

// nextSymbol goes to the next definition of the open file, or with by -1 to the one before.
func (r *roomScreen) nextSymbol(by int) {
	t := r.current()
	if t == nil {
		return
	}
	if t.outline == nil || len(t.outline.rows) == 0 {
		r.d.toast(panel.ToneWarn, "info", words.T("No definitions:"), t.noOutline())
		return
	}
	best, line := 0, t.view.Caret().Line
	for _, row := range t.outline.rows {
		if by > 0 && row.Line > line && (best == 0 || row.Line < best) || by < 0 && row.Line < line && row.Line > best {
			best = row.Line
		}
	}
	if best == 0 {
		return // the last one, or the first
	}
	for _, row := range t.outline.rows {
		if row.Line == best {
			r.goTo(t, named(row.Symbol))
			return
		}
	}
}
