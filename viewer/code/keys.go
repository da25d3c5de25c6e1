package code

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable    = (*View)(nil)
	_ fyne.Shortcutable = (*View)(nil)
	_ desktop.Keyable   = (*View)(nil)
)

// FocusGained is for Fyne.
func (v *View) FocusGained() {
	v.focused = true
	v.scrolled()
	if v.OnFocus != nil {
		v.OnFocus()
	}
}

// FocusLost is for Fyne.
func (v *View) FocusLost() { v.focused, v.shift = false, false; v.scrolled() }

// TypedRune is for Fyne: the text is read only.
func (v *View) TypedRune(rune) {}

// KeyDown is for Fyne: it notices Shift, which TypedKey does not tell.
func (v *View) KeyDown(e *fyne.KeyEvent) { v.setShift(e, true) }

// KeyUp is for Fyne.
func (v *View) KeyUp(e *fyne.KeyEvent) { v.setShift(e, false) }

func (v *View) setShift(e *fyne.KeyEvent, down bool) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		v.shift = down
	}
}

// TypedKey is for Fyne: keys that move the caret (see motions), with Shift they extend
// the selection. Others go to OnKey.
func (v *View) TypedKey(e *fyne.KeyEvent) {
	if v.move(e.Name, 0, v.shift) {
		return
	}
	switch e.Name {
	case desktop.KeyMenu:
		v.menu(v.point(v.caret).AddXY(0, v.row()))
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight:
		// by themselves they ask for nothing
	default:
		if v.OnKey != nil {
			v.OnKey(e)
		}
	}
}

// TypedShortcut is for Fyne: select all, copy, and Ctrl or Alt with the keys that move.
// Others go to OnShortcut.
func (v *View) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutSelectAll:
		v.SelectAll()
		return
	case *fyne.ShortcutCopy:
		if v.OnCopy != nil && !v.Selection().Empty() {
			v.OnCopy(v.SelectedText())
		}
		return
	case *desktop.CustomShortcut:
		if v.move(s.KeyName, s.Modifier&^shift, s.Modifier&shift != 0) {
			return
		}
	}
	if v.OnShortcut != nil {
		v.OnShortcut(s)
	}
}

// SelectAll selects the whole text.
func (v *View) SelectAll() { v.Select(Range{Pos{1, 1}, v.end(max(v.lines, 1))}) }

func (v *View) canvas() fyne.Canvas {
	if app := fyne.CurrentApp(); app != nil {
		return app.Driver().CanvasForObject(v)
	}
	return nil
}

// menu asks for a context menu at a point of the view.
func (v *View) menu(at fyne.Position) {
	if v.OnSecondary != nil {
		v.OnSecondary(fyne.CurrentApp().Driver().AbsolutePositionForObject(v).Add(at))
	}
}

// press moves the caret to p, extending the selection or not, and keeps it in view.
func (v *View) press(p Pos, extend bool) {
	v.leaving(p, extend)
	v.goal = -1
	v.step(p, extend)
}

func (v *View) step(p Pos, extend bool) {
	anchor := v.anchor
	if !extend {
		anchor = p
	}
	v.moveTo(anchor, p)
	v.follow()
}

// vertical moves the caret by rows, aiming at the column it came from.
func (v *View) vertical(by int, extend bool) {
	if v.goal < 0 {
		v.goal = v.columnOf(v.caret)
	}
	v.step(v.rowsAway(v.caret, by, v.goal), extend)
}

// follow scrolls just so far that the caret is in view.
func (v *View) follow() {
	h := v.metrics.row
	v.fit()
	y := v.rowTop(v.caret)
	if over := v.headroom(v.caret.Line); y-over < v.top {
		v.top = y - over
	}
	if y+h > v.top+v.textHeight() {
		v.top = y + h - v.textHeight()
	}
	v.showCells(Range{v.caret, v.caret})
	v.scrolled()
}

// sideRoom is how many cells are kept in view beside the caret.
const sideRoom = 4

// showCells scrolls sideways so that the end of a range, and its start where both
// fit, are in view.
func (v *View) showCells(r Range) {
	if v.wrap.width > 0 {
		return
	}
	w := v.textWidth()
	show := func(p Pos) {
		m := v.cells(p.Line)
		v.widest = max(v.widest, m.cells)
		x, room := v.x(m.cellOf(p.Col-1)), v.x(sideRoom)
		if x-room < v.left {
			v.left = max(0, x-room)
		}
		if x+room > v.left+w {
			v.left = x + room - w
		}
	}
	show(r.To)
	if r.From.Line == r.To.Line {
		show(r.From)
	}
}

// before is the position one character ahead of p, over the line's start.
func (v *View) before(p Pos) Pos {
	if p.Col <= 1 {
		if p.Line <= 1 {
			return Pos{1, 1}
		}
		return v.end(max(v.rows.prev(p.Line), 1))
	}
	return Pos{p.Line, v.cells(p.Line).snap(p.Col-2) + 1}
}

// behind is the position one character behind p, over the line's end.
func (v *View) behind(p Pos) Pos {
	text := v.cells(p.Line).text
	if p.Col > len(text) {
		if next := v.rows.next(p.Line); next > 0 {
			return Pos{next, 1}
		}
		return p
	}
	_, size := utf8.DecodeRune(text[p.Col-1:])
	return Pos{p.Line, p.Col + size}
}

// home is the first character of the line that is no blank, or, from there, its start.
func (v *View) home() Pos {
	size, _ := v.blanks(v.caret.Line)
	if v.caret.Col == size+1 {
		size = 0
	}
	return Pos{v.caret.Line, size + 1}
}

// maxWord bounds the bytes looked at for the ends of a word: no longer run of
// letters is a word to anyone.
const maxWord = 4 << 10

// word is the run of one kind of character (letters, blanks, punctuation) that
// covers byte off of a line; a hidden character stands by itself.
func (v *View) word(line, off int) (from, to int) {
	text := v.cells(line).text
	if off >= len(text) {
		if off = v.cells(line).snap(len(text) - 1); off < 0 || len(text) == 0 {
			return 0, 0
		}
	}
	r, size := utf8.DecodeRune(text[off:])
	kind := kindOf(r)
	from, to = off, off+size
	for kind != kindHidden && from > 0 && off-from < maxWord {
		r, size := utf8.DecodeLastRune(text[:from])
		if kindOf(r) != kind {
			break
		}
		from -= size
	}
	for kind != kindHidden && to < len(text) && to-off < maxWord {
		r, size := utf8.DecodeRune(text[to:])
		if kindOf(r) != kind {
			break
		}
		to += size
	}
	return from, to
}

const (
	kindWord = iota
	kindBlank
	kindPunct
	kindHidden
)

func kindOf(r rune) int {
	switch _, hidden := HiddenName(r); {
	case hidden:
		return kindHidden
	case r == ' ' || r == '\t':
		return kindBlank
	case isWord(r):
		return kindWord
	}
	return kindPunct
}

// wordBefore is the start of the word ahead of p.
func (v *View) wordBefore(p Pos) Pos {
	text := v.cells(p.Line).text
	at := p.Col - 1
	for at > 0 && (text[at-1] == ' ' || text[at-1] == '\t') {
		at--
	}
	if at == 0 {
		if p.Col > 1 {
			return Pos{p.Line, 1}
		}
		return v.before(p)
	}
	from, _ := v.word(p.Line, v.cells(p.Line).snap(at-1))
	return Pos{p.Line, from + 1}
}

// wordBehind is the start of the word behind p's.
func (v *View) wordBehind(p Pos) Pos {
	text := v.cells(p.Line).text
	if p.Col > len(text) {
		return v.behind(p)
	}
	_, to := v.word(p.Line, p.Col-1)
	for to < len(text) && (text[to] == ' ' || text[to] == '\t') {
		to++
	}
	return Pos{p.Line, to + 1}
}
