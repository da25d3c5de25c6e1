package desk

import (
	"context"
	"time"

	"vitrine/viewer/code"
)

// settingSame remembers whether the word at the caret is marked.
const settingSame = "samewords"

// sameRest is how long the caret rests before the places of its word are marked: a held
// arrow key passes many words.
const sameRest = 120 * time.Millisecond

// sameReach is how many lines each way are looked through: the marks help to read what is
// near, and a log of millions of lines must not be read at every step.
const sameReach = 50_000

// sameWords marks quietly where else the word at the caret stands.
type sameWords struct {
	r       *roomScreen
	on      bool
	finding *slot
	waiting func() // ends the wait for the caret to rest
	of      *tab
	text    string // that is marked, or about to be
	marked  int    // places
}

func newSameWords(r *roomScreen) *sameWords {
	return &sameWords{r: r, on: r.d.app.Preferences().BoolWithFallback(settingSame, true),
		finding: &slot{board: r.d.board, quiet: true}, waiting: func() {}}
}

// turn switches the marks, and remembers the choice.
func (s *sameWords) turn() {
	s.on = !s.on
	s.r.d.app.Preferences().SetBool(settingSame, s.on)
	s.follow()
}

// follow is told that the caret moved, or that another file is shown.
func (s *sameWords) follow() {
	t := s.r.current()
	text, whole := "", false
	if s.on && t != nil && !t.doc.Binary {
		text, whole = s.wanted(t)
	}
	if t == s.of && text == s.text {
		return
	}
	s.waiting()
	s.finding.stop()
	if s.of != nil && (s.of != t || text == "") {
		s.mark(s.of, nil)
	}
	if s.of, s.text = t, text; text == "" {
		return
	}
	s.waiting = s.r.d.board.later(sameRest, func() { s.find(t, text, whole) })
}

// wanted is the word at the caret, but for keywords: those are everywhere.
func (s *sameWords) wanted(t *tab) (text string, whole bool) {
	text, whole = atCaret(t)
	if whole && t.view.Selection().Empty() {
		if w, ok := t.view.WordAt(t.view.Caret()); ok && t.view.ClassAt(w.From) == code.Keyword {
			return "", false
		}
	}
	return text, whole
}

func (s *sameWords) find(t *tab, text string, whole bool) {
	line, src := t.view.Caret().Line, t.shown()
	opt := code.FindOptions{Case: true, Word: whole, In: []code.Range{{From: code.Pos{Line: max(line-sameReach, 1), Col: 1}, To: code.Pos{Line: line + sameReach, Col: 1}}}}
	simple(s.finding, func(ctx context.Context) (code.Found, error) {
		return code.Find(ctx, src, text, opt)
	}, func(found code.Found, err error) {
		if err != nil || s.of != t || s.text != text {
			return
		}
		if found.Total < 2 { // the word itself
			found.Hits = nil
		}
		s.mark(t, found.Hits)
	})
}

func (s *sameWords) mark(t *tab, places []code.Range) {
	s.marked = len(places)
	t.view.SetSame(places)
}
