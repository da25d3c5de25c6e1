package code

// farLines is how far the caret goes at least, in lines, for the reader to want to come
// back: what is nearer is in sight.
const farLines = 10

// leaving tells OnLeave, before the caret moves, that it goes far away by a click or key
// that names a place. Paging is no such key: it is reading on.
func (v *View) leaving(to Pos, extend bool) {
	if d := to.Line - v.caret.Line; v.OnLeave != nil && !extend && (d >= farLines || d <= -farLines) {
		v.OnLeave()
	}
}
