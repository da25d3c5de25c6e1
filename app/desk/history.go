package desk

import (
	"path"
	"strings"

	"vitrine/viewer/words"

	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// A spot is where the reader was: a place, and how it lay on the screen.
type spot struct {
	pane   *pane
	place  deposit.Place
	caret  code.Pos
	scroll code.Scroll
	text   string // of the line, shortened
}

// same reports whether two spots are one place to a reader.
func (s spot) same(o spot) bool {
	d := s.caret.Line - o.caret.Line
	return s.place == o.place && d >= -near && d <= near
}

const (
	// maxSpots bounds how far back one can go.
	maxSpots = 100
	// maxSpotText bounds what is kept of a spot's line, in bytes.
	maxSpotText = 120
	// near is how many lines apart two spots of a file are at most to count as one.
	near = 3
)

// A trail is where the reader came from by jumps, and, having gone back, where to.
//
// A jump is whatever takes the reader elsewhere at once: a file opened or another tab, a
// hit, a definition, a line asked for, another release, a click on a far line. Reading on,
// by line or page, is none; neither is what is glanced at while a pattern is typed.
type trail struct {
	past, future []spot
	glanced      *spot // where the caret was put in passing
}

// here is where the reader is.
func (r *roomScreen) here() (spot, bool) {
	t := r.current()
	if t == nil {
		return spot{}, false
	}
	s := spot{pane: r.pane, place: t.doc.Place, caret: t.view.Caret(), scroll: t.view.Scroll()}
	if !t.doc.Binary && s.caret.Line <= t.shown().Lines() {
		s.text = lineText(t.shown().Line(s.caret.Line))
	}
	return s, true
}

// lineText is a line as lists show it: without space around it, and not endless.
func lineText(line []byte) string {
	s := strings.TrimSpace(string(line[:min(len(line), 4*maxSpotText)]))
	if len(s) > maxSpotText {
		return strings.ToValidUTF8(s[:maxSpotText], "") + "…"
	}
	return strings.ToValidUTF8(s, "") // the cut above may have gone through a letter
}

// jumped notes where the reader is before a jump.
func (r *roomScreen) jumped() {
	at, ok := r.here()
	if !ok {
		return
	}
	r.trail.future = nil
	if g := r.trail.glanced; g != nil && g.place == at.place && g.caret == at.caret {
		return // where the jump before was made is the place to come back to
	}
	r.trail.past = push(r.trail.past, at)
}

// arrived notes whether the place where a jump led is one to come back to.
func (r *roomScreen) arrived(t *tab, g target) {
	r.trail.glanced = nil
	if g.glance {
		r.trail.glanced = &spot{place: t.doc.Place, caret: t.view.Caret()}
	}
}

func push(to []spot, s spot) []spot {
	if n := len(to); n > 0 && to[n-1].same(s) {
		to[n-1] = s
		return to
	}
	to = append(to, s)
	return to[max(0, len(to)-maxSpots):]
}

// back goes to where the last jump was made, forward undoes that.
func (r *roomScreen) back()    { r.travel(&r.trail.past, &r.trail.future) }
func (r *roomScreen) forward() { r.travel(&r.trail.future, &r.trail.past) }

func (r *roomScreen) travel(from, to *[]spot) {
	at, ok := r.here()
	for n := len(*from); n > 0 && ok && (*from)[n-1].same(at) && (*from)[n-1].caret == at.caret; n-- {
		*from = (*from)[:n-1] // the reader came back here by other ways
	}
	n := len(*from)
	if n == 0 {
		return
	}
	s := (*from)[n-1]
	*from = (*from)[:n-1]
	if ok {
		*to = push(*to, at)
	}
	r.visitSpot(s)
}

// visitSpot shows a spot as it was, in its pane where that is still there.
func (r *roomScreen) visitSpot(s spot) {
	if s.pane != nil && r.layout.leafOf(s.pane) != nil {
		r.activate(s.pane)
	}
	g := target{line: s.caret.Line, col: s.caret.Col, scroll: &s.scroll, travel: true}
	if t := r.current(); t != nil && t.doc.Place.Path == s.place.Path && t.doc.Place != s.place && !r.has(s.place) {
		g.replace = t // the same file in another release: as the tab was
	}
	r.openAt(s.place, g)
}

// has reports whether the active pane has a place open.
func (r *roomScreen) has(p deposit.Place) bool {
	for _, t := range r.open {
		if t.doc.Place == p {
			return true
		}
	}
	return false
}

// recentPlaces lists the spots of the trail, newest first, and goes to one.
func (r *roomScreen) recentPlaces() {
	spots := r.spots()
	if len(spots) == 0 {
		return
	}
	rows := []panel.Row{{Kind: panel.HeadingRow, Fold: panel.Flat, Text: []panel.Span{{Text: words.T("Recent places")}}}}
	for _, s := range spots {
		icon, tone := fileIcon(s.place.Path)
		row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Tip: words.T("%s  in %s", s.place.Path, s.place.Release),
			Text: []panel.Span{{Text: path.Base(s.place.Path) + ":" + grouped(int64(s.caret.Line))}, {Text: s.text, Mono: true, Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10}}}
		if s.place.Release != r.release {
			row.Right = []panel.Span{{Text: s.place.Release, Tone: panel.ToneDim, Size: style.TextSecondary}}
		}
		rows = append(rows, row)
	}
	at := r.d.position(r.pane.body)
	panel.ShowPeek(r.d.look, r.d.win.Canvas(), at.AddXY(style.Gap4, 0), style.HeightHeader+style.HeightBreadcrumb, panel.Peek{Rows: rows, OnOpen: func(i int) {
		r.jumped()
		r.visitSpot(spots[i-1])
	}})
}

// spots are the places of the trail, each once, newest first.
func (r *roomScreen) spots() []spot {
	var out []spot
	add := func(s spot) {
		for _, o := range out {
			if o.same(s) {
				return
			}
		}
		out = append(out, s)
	}
	for _, s := range r.trail.future {
		add(s)
	}
	for i := len(r.trail.past) - 1; i >= 0; i-- {
		add(r.trail.past[i])
	}
	return out
}
