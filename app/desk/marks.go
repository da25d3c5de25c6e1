package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// maxTold is how many marks of a line a card tells of.
const maxTold = 6

// markTones are the colours of code's marks as panels name them.
var markTones = map[code.MarkKind]panel.Tone{
	code.Hidden: panel.ToneWarn, code.Confusable: panel.ToneWarn, code.Bookmark: panel.ToneAccent,
	code.Note: panel.ToneAccent, code.Question: panel.ToneAccent, code.Concern: panel.ToneHigh,
}

// markLook is the icon and the tone of a mark.
func (r *roomScreen) markLook(m code.Mark) (icon string, tone panel.Tone) {
	icon, _ = code.MarkIcon(m, r.d.look.Palette)
	if m.Private {
		return icon, panel.TonePrivate
	}
	return icon, markTones[m.Kind]
}

// gutterPointed is told of the line whose marks are under the mouse.
func (r *roomScreen) gutterPointed(t *tab, line int) {
	r.resting()
	r.carding.stop()
	if r.d.look.HideCard() {
		r.d.trace.say("card")
	}
	if line == 0 {
		return
	}
	r.resting = r.d.board.later(hoverPause, func() {
		if t == r.current() && r.d.win.Canvas().Overlays().Top() == nil {
			r.tellMarks(t, line)
		}
	})
}

// tellMarks shows what the marks of a line say.
func (r *roomScreen) tellMarks(t *tab, line int) {
	marks := t.view.Marks(line)
	if len(marks) == 0 {
		return
	}
	at, height := t.view.Place(code.Pos{Line: line, Col: 1})
	at.X = fyne.CurrentApp().Driver().AbsolutePositionForObject(t.view).X
	r.d.look.ShowCard(r.markCard(marks), at, height)
	r.d.trace.say("marks", line, len(marks))
}

// markCard draws what marks say, one below the other.
func (r *roomScreen) markCard(marks []code.Mark) fyne.CanvasObject {
	l := r.d.look
	var parts []fyne.CanvasObject
	for i, m := range marks {
		if i == maxTold {
			parts = append(parts, panel.NewNote(l, words.T("%s on this line.", plural(len(marks)-i, "more mark", "more marks"))))
			break
		}
		if i > 0 {
			parts = append(parts, panel.NewRule(l))
		}
		icon, tone := r.markLook(m)
		parts = append(parts, panel.HBox(8, panel.NewChip(l, panel.ChipStyle{Icon: icon, Text: m.Title, Tone: tone}), panel.Spacer()))
		if m.Text != "" {
			text, cut := beginning(m.Text, cardLines)
			if cut {
				text += "\n…"
			}
			parts = append(parts, panel.NewLabel(l, text))
		}
		if m.Key != "" {
			parts = append(parts, panel.NewNote(l, m.Key))
		}
	}
	hints := []panel.Hint{{Key: words.T("Click"), Text: words.T("opens it")}, {Key: "F8", Text: words.T("next mark")}}
	if len(marks) > 1 {
		hints[0].Text = words.T("lists them")
	}
	parts = append(parts, panel.NewRule(l), panel.NewHints(l, hints))
	return panel.VBox(6, parts...)
}

// marksAtCaret tells what the marks of the caret's line say.
func (r *roomScreen) marksAtCaret() {
	t := r.current()
	if t == nil {
		return
	}
	line := t.view.Caret().Line
	if len(t.view.Marks(line)) == 0 {
		r.d.toast(panel.ToneWarn, "info", words.T("No mark"), words.T("stands on this line. F8 goes to the next one."))
		return
	}
	r.tellMarks(t, line)
}

// nextMark goes to the next line with marks, or with by -1 the one before, round and
// round, and tells what they say.
func (r *roomScreen) nextMark(by int) {
	t := r.current()
	if t == nil {
		return
	}
	line, ok := t.view.MarkedLine(t.view.Caret().Line, by)
	if !ok {
		r.d.toast(panel.ToneWarn, "info", words.T("No mark"), words.T("stands in this file."))
		return
	}
	r.goTo(t, target{line: line, col: 1})
	r.tellMarks(t, line)
}

// openMarks opens what stands behind the mark of a line that was clicked. Of several it
// lists all.
func (r *roomScreen) openMarks(t *tab, line int) {
	r.resting()
	r.d.look.HideCard()
	marks := t.view.Marks(line)
	if len(marks) < 2 {
		for _, m := range marks {
			r.openMark(t, m)
		}
		return
	}
	var rows []panel.Row
	for _, m := range marks {
		icon, tone := r.markLook(m)
		rows = append(rows, panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Tip: firstLine(m.Text),
			Text: []panel.Span{{Text: m.Title, Bold: true}, {Text: firstLine(m.Text), Tone: panel.ToneDim, Gap: 10}}})
	}
	at, height := t.view.Place(code.Pos{Line: line, Col: 1})
	panel.ShowPeek(r.d.look, r.d.win.Canvas(), at, height, panel.Peek{Rows: rows, OnOpen: func(i int) { r.openMark(t, marks[i]) }})
	r.d.trace.say("marks", line, len(marks))
}

// openMark opens what a mark stands for: an annotation beside the code; of what only has
// something to say, the card.
func (r *roomScreen) openMark(t *tab, m code.Mark) {
	if n, ok := r.annotation(m.ID); ok {
		r.ann.read(n)
		return
	}
	r.goTo(t, target{line: m.Line, col: 1})
	r.tellMarks(t, m.Line)
}
