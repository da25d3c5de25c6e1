package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/words"
)

// A Key is a key of the view's own, for a map of the keyboard. Modifiers are Ctrl and
// Alt; what moves the caret selects with Shift as well.
type Key struct {
	Name     fyne.KeyName
	Modifier fyne.KeyModifier
	What     string
}

// A motion is what a key does to the caret.
type motion struct {
	Key
	to func(v *View, extend bool)
}

const (
	ctrl  = fyne.KeyModifierControl
	alt   = fyne.KeyModifierAlt
	shift = fyne.KeyModifierShift
)

// motions are the keys of editors people come from: arrows by characters, with Ctrl by
// words; Ctrl and Up or Down scrolls without the caret (VS Code, JetBrains), with Alt too
// it goes by paragraphs.
var motions = []motion{
	{Key{fyne.KeyLeft, 0, words.Key("Character to the left")}, (*View).left1},
	{Key{fyne.KeyRight, 0, words.Key("Character to the right")}, (*View).right1},
	{Key{fyne.KeyUp, 0, words.Key("Row up")}, func(v *View, extend bool) { v.vertical(-1, extend) }},
	{Key{fyne.KeyDown, 0, words.Key("Row down")}, func(v *View, extend bool) { v.vertical(1, extend) }},
	{Key{fyne.KeyPageUp, 0, words.Key("Page up")}, func(v *View, extend bool) { v.page(-1, extend) }},
	{Key{fyne.KeyPageDown, 0, words.Key("Page down")}, func(v *View, extend bool) { v.page(1, extend) }},
	{Key{fyne.KeyHome, 0, words.Key("First letter of the line, then its start")}, func(v *View, extend bool) { v.press(v.home(), extend) }},
	{Key{fyne.KeyEnd, 0, words.Key("End of the line")}, func(v *View, extend bool) { v.press(v.end(v.caret.Line), extend) }},
	{Key{fyne.KeyLeft, ctrl, words.Key("Word to the left")}, func(v *View, extend bool) { v.press(v.wordBefore(v.caret), extend) }},
	{Key{fyne.KeyRight, ctrl, words.Key("Word to the right")}, func(v *View, extend bool) { v.press(v.wordBehind(v.caret), extend) }},
	{Key{fyne.KeyHome, ctrl, words.Key("Start of the file")}, func(v *View, extend bool) { v.press(Pos{1, 1}, extend) }},
	{Key{fyne.KeyEnd, ctrl, words.Key("End of the file")}, func(v *View, extend bool) { v.press(v.end(max(v.lines, 1)), extend) }},
	{Key{fyne.KeyUp, ctrl | alt, words.Key("Paragraph up")}, func(v *View, extend bool) { v.press(v.paragraph(-1), extend) }},
	{Key{fyne.KeyDown, ctrl | alt, words.Key("Paragraph down")}, func(v *View, extend bool) { v.press(v.paragraph(1), extend) }},
	{Key{fyne.KeyUp, ctrl, words.Key("Scroll up; with Shift select by paragraphs")}, func(v *View, extend bool) { v.scrollOrSelect(-1, extend) }},
	{Key{fyne.KeyDown, ctrl, words.Key("Scroll down; with Shift select by paragraphs")}, func(v *View, extend bool) { v.scrollOrSelect(1, extend) }},
}

// Keys lists the keys that the view itself has a use for, besides those of a window's
// menus that act on it.
func Keys() []Key {
	out := make([]Key, len(motions))
	for i, m := range motions {
		out[i] = m.Key
	}
	return append(out, Key{fyne.KeyA, ctrl, words.T("Select all")}, Key{desktop.KeyMenu, 0, words.T("What can be done here")})
}

// move does what a key means and reports whether it means anything.
func (v *View) move(key fyne.KeyName, mod fyne.KeyModifier, extend bool) bool {
	if mod == ctrl|alt && extend {
		return false // a column block's
	}
	for _, m := range motions {
		if m.Name == key && m.Modifier == mod {
			m.to(v, extend)
			return true
		}
	}
	return false
}

func (v *View) left1(extend bool) {
	if s := v.Selection(); !extend && !s.Empty() {
		v.press(s.From, false)
		return
	}
	v.press(v.before(v.caret), extend)
}

func (v *View) right1(extend bool) {
	if s := v.Selection(); !extend && !s.Empty() {
		v.press(s.To, false)
		return
	}
	v.press(v.behind(v.caret), extend)
}

// page turns by so many windowfuls; a line of the one before stays.
func (v *View) page(by int, extend bool) {
	rows := by * max(v.textHeight()/v.metrics.row-1, 1)
	v.top += rows * v.metrics.row
	v.vertical(rows, extend)
}

func (v *View) scrollOrSelect(by int, extend bool) {
	if extend {
		v.press(v.paragraph(by), true)
		return
	}
	v.top += by * v.metrics.row
	v.scrolled()
}

// maxParagraph bounds the lines passed for the end of a paragraph: it is longer than any
// that is written, and a log has no blank line at all.
const maxParagraph = 20_000

// paragraph is the blank line next to the paragraph up or down from the caret, or the end
// of the text.
func (v *View) paragraph(by int) Pos {
	n, text := v.caret.Line, false
	for range maxParagraph {
		if n+by < 1 {
			return Pos{1, 1}
		}
		if n+by > v.lines {
			return v.end(max(v.lines, 1))
		}
		n += by
		_, empty := v.blanks(n)
		if empty && text {
			break
		}
		text = text || !empty
	}
	return Pos{n, 1}
}

// blanks is how many bytes of blanks a line begins with, and whether it is nothing else.
func (v *View) blanks(n int) (size int, empty bool) {
	text := v.text(n)
	for size < len(text) && blank(text[size]) {
		size++
	}
	return size, size == len(text)
}
