package code

// Extend shows a text that begins as the one shown does, the last line of that perhaps
// excepted: a large file arrives in two parts. Caret, selection, tokens, marks and what
// is in view stay.
func (v *View) Extend(src Source) {
	v.src, v.lines = src, src.Lines()
	clear(v.maps)
	v.reorder()
	v.overviewChanged()
}
