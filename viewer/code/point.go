package code

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// WordAt is the word (letters, digits, "_") that covers a position or ends
// there; without one, ok is false.
func (v *View) WordAt(p Pos) (word Range, ok bool) {
	if v.lines == 0 {
		return Range{}, false
	}
	p = v.clamp(p)
	text := v.cells(p.Line).text
	for _, off := range []int{p.Col - 1, p.Col - 2} {
		if off < 0 || off >= len(text) {
			continue
		}
		off = v.cells(p.Line).snap(off)
		if r, _ := utf8.DecodeRune(text[off:]); kindOf(r) == kindWord {
			from, to := v.word(p.Line, off)
			return Range{Pos{p.Line, from + 1}, Pos{p.Line, to + 1}}, true
		}
	}
	return Range{}, false
}

// TextIn is the text of a range within one line.
func (v *View) TextIn(r Range) string {
	if v.src == nil || r.From.Line != r.To.Line || r.From.Line < 1 || r.From.Line > v.lines {
		return ""
	}
	text := v.src.Line(r.From.Line)
	from, to := min(max(r.From.Col-1, 0), len(text)), min(max(r.To.Col-1, 0), len(text))
	if from >= to {
		return ""
	}
	return string(text[from:to])
}

// Place is where on the canvas a position is drawn, and the height of its row.
func (v *View) Place(p Pos) (at fyne.Position, height float32) {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(v).Add(v.point(p)), v.row()
}

// pointed is the word or hidden character under a point of the widget; none beside the text.
func (v *View) pointed(at fyne.Position) (Range, bool) {
	if v.lines == 0 || v.zone(at) != inText || int(at.Y)+v.top >= v.rows.count()*v.metrics.row {
		return Range{}, false
	}
	line, off, cells := v.charUnder(at)
	if cells == 0 {
		return Range{}, false
	}
	if r, _ := utf8.DecodeRune(v.cells(line).text[off:]); kindOf(r) != kindWord && kindOf(r) != kindHidden {
		return Range{}, false
	}
	from, to := v.word(line, off)
	return Range{Pos{line, from + 1}, Pos{line, to + 1}}, true
}

// pointTo tells of another word under the mouse.
func (v *View) pointTo(word Range, over bool) {
	if over == v.over && word == v.under {
		return
	}
	v.under, v.over = word, over
	if v.OnPoint != nil {
		v.OnPoint(word, over)
	}
}

// follows reports whether a press means to follow the word under it.
func (v *View) follows(e *desktop.MouseEvent) bool {
	if v.OnFollow == nil || e.Button != desktop.MouseButtonPrimary || e.Modifier&fyne.KeyModifierControl == 0 {
		return false
	}
	word, ok := v.pointed(e.Position)
	if ok && !v.Hides(word) {
		v.click.n = 0
		v.press(v.aim(e.Position, byWord), false)
		v.OnFollow(word)
	}
	return ok && !v.Hides(word)
}

// Hides reports whether a range begins with a character that is drawn as a box, since it
// cannot be seen.
func (v *View) Hides(r Range) bool {
	if r.From.Line < 1 || r.From.Line > v.lines {
		return false
	}
	text := v.cells(r.From.Line).text
	off := r.From.Col - 1
	if off < 0 || off >= len(text) {
		return false
	}
	c, _ := utf8.DecodeRune(text[off:])
	return kindOf(c) == kindHidden
}

// ClassAt is the class of the token at a position.
func (v *View) ClassAt(p Pos) Class {
	block := v.tokens[p.Line/tokenBlock]
	if block == nil || p.Line < 1 {
		return Plain
	}
	for _, t := range block[p.Line%tokenBlock] {
		if t.From <= p.Col-1 && p.Col-1 < t.To {
			return t.Class
		}
	}
	return Plain
}
