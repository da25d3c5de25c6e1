package desk

import (
	"vitrine/app/room"
	"vitrine/viewer/code"
)

// What of a visit is kept besides panes and tabs: what is folded away in each file, and
// where the reader came from by jumps.

// keptFolds are folds as they are written down, foldsOf what was written.
func keptFolds(folds []code.Fold) (out []int) {
	for _, f := range folds {
		out = append(out, f.From, f.To)
	}
	return out
}

func foldsOf(kept []int) (out []code.Fold) {
	for i := 1; i < min(len(kept), 2*room.MaxFolded); i += 2 {
		out = append(out, code.Fold{From: kept[i-1], To: kept[i]}) // the view leaves out what is none
	}
	return out
}

// foldAway folds a tab as it was, before it is known what its file has to fold. Of a large
// file the beginning alone is there yet: it is done once more when all is.
func (t *tab) foldAway(folds []code.Fold) {
	if len(folds) == 0 || t.doc.Binary {
		return
	}
	t.view.FoldAway(folds)
	if t.doc.Beginning {
		t.folded = folds
	}
}

// keptSpots are spots as they are written down.
func (r *roomScreen) keptSpots(spots []spot) (out []room.SessionSpot) {
	panes := map[*pane]int{}
	for i, p := range r.panes() {
		panes[p] = i
	}
	for _, s := range spots {
		kept := room.SessionSpot{Place: s.place, Line: s.caret.Line, Column: s.caret.Col, X: s.scroll.X, Y: s.scroll.Y, Pane: -1, Text: s.text}
		if i, ok := panes[s.pane]; ok {
			kept.Pane = i
		}
		out = append(out, kept)
	}
	return out
}

// spots leaves out those whose files are gone, and the oldest of too many.
func (p *presence) spots(kept []room.SessionSpot) (out []room.SessionSpot) {
	for _, s := range kept[max(0, len(kept)-maxSpots):] {
		if p.has(s.Place) {
			out = append(out, s)
		}
	}
	return out
}

// putTrailBack makes back and forward lead where they led. Where the reader has jumped
// already, that comes after it; panes are those of before only where they were put back.
func (r *roomScreen) putTrailBack(s room.Session, fresh bool) {
	panes := r.panes()
	if !fresh || len(panes) != len(shownIn(&s.Layout)) {
		panes = nil // a pane is gone: which is which is not known
	}
	spots := func(kept []room.SessionSpot) (out []spot) {
		for _, k := range kept {
			at := spot{place: k.Place, caret: code.Pos{Line: within(k.Line, 1), Col: within(k.Column, 1)},
				scroll: code.Scroll{X: within(k.X, 0), Y: within(k.Y, 0)}, text: lineText([]byte(k.Text))}
			if k.Pane >= 0 && k.Pane < len(panes) {
				at.pane = panes[k.Pane]
			}
			out = append(out, at)
		}
		return out
	}
	past := append(spots(s.Back), r.trail.past...)
	r.trail.past = past[max(0, len(past)-maxSpots):]
	if fresh && len(r.trail.future) == 0 {
		r.trail.future = spots(s.Forward)
	}
}
