package desk

import (
	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

// A spot is where the reader was.
type spot struct {
	place deposit.Place
	caret code.Pos
}

// maxSpots bounds how far back one can go.
const maxSpots = 100

// near is how many lines apart two spots of a file are at most to count as one.
const near = 3

// A trail is where the reader came from by jumps, and, having gone back, where to.
type trail struct{ past, future []spot }

// here is where the reader is.
func (r *roomScreen) here() (spot, bool) {
	t := r.current()
	if t == nil {
		return spot{}, false
	}
	return spot{t.doc.Place, t.view.Caret()}, true
}

// jumped notes where the reader is before a jump.
func (r *roomScreen) jumped() {
	at, ok := r.here()
	if !ok {
		return
	}
	r.trail.past = push(r.trail.past, at)
	r.trail.future = nil
}

func push(to []spot, s spot) []spot {
	if n := len(to); n > 0 && to[n-1].place == s.place {
		if d := to[n-1].caret.Line - s.caret.Line; d >= -near && d <= near {
			to[n-1] = s
			return to
		}
	}
	to = append(to, s)
	return to[max(0, len(to)-maxSpots):]
}

// back goes to where the last jump was made, forward undoes that.
func (r *roomScreen) back()    { r.travel(&r.trail.past, &r.trail.future) }
func (r *roomScreen) forward() { r.travel(&r.trail.future, &r.trail.past) }

func (r *roomScreen) travel(from, to *[]spot) {
	n := len(*from)
	if n == 0 {
		return
	}
	s := (*from)[n-1]
	*from = (*from)[:n-1]
	if at, ok := r.here(); ok {
		*to = push(*to, at)
	}
	r.openAt(s.place, target{line: s.caret.Line, col: s.caret.Col, travel: true})
}
