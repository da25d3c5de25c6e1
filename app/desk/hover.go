package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// hoverPause is how long the mouse rests on a word before its card comes.
const hoverPause = 450 * time.Millisecond

// cardLines is as much of a comment as a card shows; the rest stands in the file.
const cardLines = 12

// errUnnamed is for a word that no definition speaks of.
var errUnnamed = errors.New(words.Key("nothing is known of it"))

// pointed is told of the word under the mouse.
func (r *roomScreen) pointed(t *tab, word code.Range, over bool) {
	r.resting()
	r.carding.stop()
	if r.d.look.HideCard() {
		r.d.trace.say("card")
	}
	if !over || t.doc.Binary {
		return
	}
	if _, text := r.characterAt(t, word); text != "" {
		r.resting = r.d.board.later(hoverPause, func() {
			if t == r.current() && r.d.win.Canvas().Overlays().Top() == nil {
				r.showCharacter(t, word)
			}
		})
		return
	}
	if !r.named.Ready {
		return
	}
	switch t.view.ClassAt(word.From) {
	case code.Comment, code.String, code.Keyword, code.Number:
		return
	}
	r.resting = r.d.board.later(hoverPause, func() {
		if t == r.current() && r.d.win.Canvas().Overlays().Top() == nil {
			r.showCard(t, word, func(error) {})
		}
	})
}

// cardAtCaret shows the card of the word at the caret.
func (r *roomScreen) cardAtCaret() {
	t, word, name := r.word()
	if t == nil || name == "" || r.noSymbols("The card of a name") {
		return
	}
	r.showCard(t, word, func(err error) { r.d.toast(panel.ToneWarn, "info", name+":", sentence(err)) })
}

// A knownName is what a card shows.
type knownName struct {
	symbol.Card
	resolved bool
	all      int
}

func (r *roomScreen) showCard(t *tab, word code.Range, none func(error)) {
	doc := t.doc
	simple(r.carding, func(ctx context.Context) (knownName, error) {
		list, all, err := r.visit.Definitions(ctx, question(doc, word.From))
		if err != nil {
			return knownName{}, err
		}
		if len(list) == 0 {
			return knownName{}, errUnnamed
		}
		best := meant(list, doc, word.From)
		c, err := r.visit.SymbolCard(best.ID, doc.Place.Release)
		return knownName{c, best.Resolved, all}, err
	}, func(c knownName, err error) {
		switch {
		case err != nil:
			none(err)
		case t == r.current():
			at, height := t.view.Place(word.From)
			r.d.look.ShowCard(r.cardOf(c), at, height)
			r.d.trace.say("card", c.Name)
		}
	})
}

// cardOf draws a card.
func (r *roomScreen) cardOf(c knownName) fyne.CanvasObject {
	l := r.d.look
	look := lookOf(c.Kind)
	head := []panel.Span{{Text: look.word, Tone: look.tone, Bold: true, Size: style.TextSecondary}}
	if c.Scope != "" {
		head = append(head, panel.Span{Text: words.T("in %s", c.Scope), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 6})
	}
	head = append(head, panel.Span{Text: placeText(c.Place.Path, c.Line, 52), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10})
	signature := panel.NewLabel(l, c.Signature)
	signature.Mono, signature.TextSize = true, style.TextBody
	parts := []fyne.CanvasObject{panel.NewLine(l, head...), signature}
	if c.Comment != "" {
		text, cut := beginning(c.Comment, cardLines)
		if cut || c.Cut {
			text += "\n…"
		}
		parts = append(parts, panel.NewRule(l), panel.NewNote(l, text))
	}
	if len(c.Conditions) > 0 {
		parts = append(parts, panel.NewLine(l, panel.Span{Text: words.T("#if"), Tone: panel.ToneKeyword, Mono: true, Bold: true},
			panel.Span{Text: strings.Join(c.Conditions, " && "), Mono: true, Gap: 8}))
	}
	if !c.resolved {
		text := words.T("Name match: it may be another thing of this name.")
		if c.all > 1 {
			text = words.T("Name match: the likeliest of %s.", plural(c.all, "definition", "definitions"))
		}
		parts = append(parts, panel.NewLine(l, panel.Span{Text: text, Tone: panel.ToneWarn, Italic: true, Size: style.TextSecondary}))
	}
	return panel.VBox(6, parts...)
}

// beginning cuts a text after so many lines.
func beginning(text string, n int) (string, bool) {
	at := 0
	for range n {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return text, false
		}
		at += i + 1
	}
	return strings.TrimRight(text[:at], "\n"), true
}
