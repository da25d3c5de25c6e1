package desk

import (
	"context"
	"path"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/review"
	"vitrine/app/room"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// annotator is the inspector at the right: one annotation that is written,
// edited or read. A draft stays until it is saved or discarded, also while the
// inspector is closed.
type annotator struct {
	r      *roomScreen
	body   fyne.CanvasObject
	hold   *fyne.Container
	status fyne.CanvasObject // around state

	// The draft, as long as there is one.
	drafting bool
	editing  string // id of the annotation that the draft supersedes
	where    review.Location
	title    *panel.Header
	place    *panel.Line
	quote    *panel.Line
	kind     *panel.Segmented
	text     *panel.Field
	private  *panel.Check
	state    *panel.Line
	save     *panel.Button
	discard  *panel.Button
	low      bool // below the code: wide, and not high

	shown  string // id of the annotation that is read, "" while writing
	reader *panel.IconButton

	saving, withdrawing *slot
}

var kinds = []review.Kind{review.Note, review.Question, review.Concern}

func kindName(k review.Kind) string {
	switch k {
	case review.Question:
		return words.T("Question")
	case review.Concern:
		return words.T("Concern")
	}
	return words.T("Note")
}

// kindMark is the shape and tone of a kind, everywhere outside the code.
func kindMark(k review.Kind, private bool) (icon string, tone panel.Tone) {
	icon, tone = "!note", panel.ToneAccent
	switch k {
	case review.Question:
		icon, tone = "question", panel.ToneWarn
	case review.Concern:
		icon, tone = "!high", panel.ToneHigh
	}
	if private {
		tone = panel.TonePrivate
	}
	return icon, tone
}

func newAnnotator(r *roomScreen) *annotator {
	a := &annotator{r: r, saving: r.d.board.slot(), withdrawing: r.d.board.slot()}
	l := r.d.look
	a.reader = panel.NewIconButton(l, "x", words.T("Close"), words.T("Esc"), a.close)
	a.title = panel.NewHeader(l, words.T("Annotation"), a.reader)
	a.place, a.quote = panel.NewLine(l), panel.NewLine(l)
	a.kind = panel.NewSegmented(l, []string{words.T("Note"), words.T("Question"), words.T("Concern")}, 0, nil)
	a.text = panel.NewArea(l, 9)
	a.text.SetPlaceHolder(words.T("What is to be said of these lines?"))
	a.text.OnCancel = a.close
	a.text.OnChanged = func(string) { a.able() }
	a.text.OnSubmit = func(string) { a.store() }
	a.private = panel.NewCheck(l, words.T("Private: never leaves the room"), false, nil)
	a.state = panel.NewLine(l)
	a.save = panel.NewButton(l, panel.Primary, words.T("Save"), a.store)
	a.discard = panel.NewButton(l, panel.Link, words.T("Discard"), a.drop)
	a.hold = container.NewStack()
	a.status = panel.Pad(4, style.Inset, 0, style.Inset, a.state)
	a.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeLeft, panel.VBox(0, a.title, a.status, panel.Grow(a.hold)))
	a.say(panel.ToneDim, "")
	return a
}

// writing reports whether the form is on the screen.
func (a *annotator) writing() bool { return a.drafting && a.shown == "" && a.body.Visible() }

// dirty reports whether closing the window would lose a draft.
func (a *annotator) dirty() bool {
	return a.drafting && strings.TrimSpace(a.text.Text()) != "" && a.changed()
}

// changed reports whether an edited annotation differs from what is recorded.
func (a *annotator) changed() bool {
	old, ok := a.r.annotation(a.editing)
	return !ok || old.Text != strings.TrimSpace(a.text.Text()) || old.Private != a.private.On() || old.Kind != kinds[a.kind.Selected()]
}

// say is the line below the title; "" takes it away.
func (a *annotator) say(tone panel.Tone, text string) {
	a.state.Set(panel.Span{Text: text, Tone: tone, Size: style.TextSecondary})
	if text == "" {
		a.status.Hide()
	} else {
		a.status.Show()
	}
	a.body.Refresh()
}

func (a *annotator) able() {
	if strings.TrimSpace(a.text.Text()) == "" || a.saving.running() {
		a.save.Disable()
	} else {
		a.save.Enable()
	}
}

// parts are what F6 finds here.
func (a *annotator) parts() []fyne.Focusable {
	if a.shown != "" {
		return []fyne.Focusable{a.reader}
	}
	return []fyne.Focusable{a.text.Focusable(), a.kind, a.private, a.save, a.discard, a.reader}
}

func (a *annotator) open() {
	a.body.Show()
	a.r.center.Refresh()
	if t := a.r.current(); t != nil { // what is written about stays in sight, also above the form
		t.view.Reveal(t.view.Caret().Line)
	}
}

// close hides the inspector and keeps the draft.
func (a *annotator) close() {
	a.shown = ""
	a.body.Hide()
	a.r.center.Refresh()
	a.r.focusCode()
}

// drop forgets the draft.
func (a *annotator) drop() {
	a.drafting, a.editing = false, ""
	a.text.SetText("")
	a.say(panel.ToneDim, "")
	a.close()
}

// begin writes about the selection or the caret's line. A draft with text that
// was left comes back as it was.
func (a *annotator) begin() {
	t := a.r.current()
	if t == nil {
		return
	}
	if a.drafting && strings.TrimSpace(a.text.Text()) != "" {
		if a.editing == "" && !a.body.Visible() {
			a.say(panel.ToneDim, words.T("The draft you left."))
		}
	} else {
		a.fresh(t)
	}
	a.write()
}

func (a *annotator) fresh(t *tab) {
	a.drafting, a.editing = true, ""
	a.where = a.r.locate(t)
	a.kind.Select(0)
	a.private.SetOn(false)
	a.text.SetText("")
	a.say(panel.ToneDim, "")
}

// write shows the form.
func (a *annotator) write() {
	a.shown = ""
	title := words.T("New annotation")
	if a.editing != "" {
		title = words.T("Edit %s", a.editing)
	}
	a.title.SetTitle(title)
	a.showPlace(a.place, a.where)
	a.quote.Set()
	if t := a.r.current(); t != nil && t.doc.File.Blob == a.where.Span.Blob && a.where.FromLine > 0 {
		first := strings.TrimSpace(string(t.shown().Line(t.lineOf(a.where))))
		a.quote.Set(panel.Span{Text: first, Mono: true, Size: style.TextCaption, Tone: panel.ToneDim})
	}
	a.showForm()
	a.able()
	a.open()
	a.r.d.focus("inspector", a.text.Focusable())
}

const (
	formLow  = 480 // from this width on the form has two columns where it is low
	formSide = 220 // width of what is not the text then
	formRows = 9   // lines of the text
)

// arrange lays the form out for its place: one below the other beside the code, and below
// the code side by side, so that all of it is in sight.
func (a *annotator) arrange(below bool, width float32) {
	low := below && width >= formLow
	if low == a.low {
		return
	}
	a.low = low
	if a.writing() {
		a.showForm()
	}
}

func (a *annotator) showForm() {
	l := a.r.d.look
	buttons := panel.HBox(style.Gap2, a.discard, panel.Spacer(), a.save)
	save, leave := panel.Hint{Key: words.T("Ctrl ↵"), Text: words.T("saves")}, panel.Hint{Key: words.T("Esc"), Text: words.T("closes, keeps the draft")}
	form := panel.VBox(style.Gap3,
		panel.VBox(4, a.place, a.quote),
		panel.VBox(4, panel.NewCaption(l, words.T("Kind")), a.kind),
		panel.VBox(4, panel.NewCaption(l, words.T("Text")), a.text),
		a.private, buttons, panel.NewHints(l, []panel.Hint{save, leave}))
	top := float32(style.Gap2)
	a.text.SetRows(formRows)
	if a.low {
		a.text.SetRows(formRows - 1)
		side := panel.VBox(style.Gap2, a.kind, a.private, buttons, panel.NewHints(l, []panel.Hint{save}), panel.NewHints(l, []panel.Hint{leave}))
		form = panel.VBox(style.Gap1, panel.HBox(style.Gap3, a.place, panel.Grow(a.quote)), panel.HTop(style.Gap3, panel.Grow(a.text), panel.Sized(formSide, 0, side)))
		top = 0
	}
	a.hold.Objects = []fyne.CanvasObject{panel.NewScroll(panel.Pad(top, style.Inset, top+style.Gap1, style.Inset, form))}
	a.hold.Refresh()
}

func (a *annotator) showPlace(line *panel.Line, w review.Location) {
	line.Set(panel.Span{Text: path.Base(w.Place.Path) + ":" + linesOf(w), Tone: panel.ToneAccent, Mono: true, Size: style.TextSecondary},
		panel.Span{Text: w.Place.Release, Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 8})
}

// linesOf is the range of lines as people write it; a binary file has none.
func linesOf(w review.Location) string {
	if w.FromLine == 0 {
		return words.T("whole file")
	}
	last := w.ToLine
	if w.ToColumn == 1 && last > w.FromLine {
		last--
	}
	if last <= w.FromLine {
		return grouped(int64(w.FromLine))
	}
	return grouped(int64(w.FromLine)) + "–" + grouped(int64(last))
}

// locate is the selection of a tab, or its caret's line.
func (r *roomScreen) locate(t *tab) review.Location {
	s := t.view.Selection()
	end := func(line int) code.Pos {
		return code.Pos{Line: line, Col: len(t.shown().Line(line)) + 1}
	}
	if s.To.Col == 1 && s.To.Line > s.From.Line {
		s.To = end(s.To.Line - 1) // whole lines were selected: the next one is not meant
	}
	if s.Empty() {
		line := s.From.Line
		s.From = code.Pos{Line: line, Col: 1}
		s.To = end(line)
	}
	return r.visit.Locate(t.doc, s.From.Line, s.From.Col, s.To.Line, s.To.Col)
}

// store records the draft. It is saved when the journal has it on disk.
func (a *annotator) store() {
	text := strings.TrimSpace(a.text.Text())
	if text == "" || a.saving.running() {
		return
	}
	note := room.Note{Kind: kinds[a.kind.Selected()], Text: text, Private: a.private.On(), Locations: []review.Location{a.where}, Supersedes: a.editing}
	if old, ok := a.r.annotation(a.editing); ok {
		note.Locations = old.Locations
	}
	durable(a.saving, func(ctx context.Context) (review.Annotation, error) {
		return a.r.visit.Annotate(ctx, note)
	}, func(made review.Annotation, err error) {
		if err != nil {
			a.able()
			a.say(panel.ToneDanger, words.T("Not saved."))
			a.r.d.fail(words.T("The annotation is not saved."), err)
			return
		}
		a.drafting, a.editing = false, ""
		a.text.SetText("")
		a.r.refreshNotes()
		a.r.d.trace.say("saved", made.ID, made.Entry)
		a.read(made)
		a.say(panel.ToneOk, "✓ Saved as entry "+grouped(made.Entry))
		a.r.focusCode()
	})
	a.able()
}

// read shows an annotation that is recorded.
func (a *annotator) read(n review.Annotation) {
	l := a.r.d.look
	a.shown = n.ID
	a.say(panel.ToneDim, "")
	a.title.SetTitle(words.T("Annotation %s", n.ID))
	icon, tone := kindMark(n.Kind, n.Private)
	leaves := panel.ChipStyle{Icon: "export", Text: words.T("Leaves the room"), Tone: panel.ToneDim}
	if n.Private {
		leaves = panel.ChipStyle{Icon: "lock", Text: words.T("Private"), Tone: panel.TonePrivate}
	}
	parts := []fyne.CanvasObject{
		panel.HBox(style.Gap2, panel.NewChip(l, panel.ChipStyle{Icon: icon, Text: kindName(n.Kind), Tone: tone}), panel.NewChip(l, leaves)),
	}
	for _, w := range n.Locations {
		line := panel.NewLine(l)
		a.showPlace(line, w)
		parts = append(parts, line)
	}
	who := panel.NewLine(l, panel.Span{Text: n.Author, Bold: true}, panel.Span{Text: n.Created.Local().Format(words.T("2 Jan, 15:04")), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 8},
		panel.Span{Text: words.T("entry %s", grouped(n.Entry)), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 8})
	parts = append(parts, panel.NewRule(l),
		panel.HTop(style.Gap2, panel.NewAvatar(l, initials(n.Author), tone), panel.Grow(panel.VBox(4, who, panel.NewLabel(l, n.Text)))),
		panel.NewRule(l),
		panel.HBox(style.Gap2, panel.NewButton(l, panel.Secondary, words.T("Edit"), func() { a.edit(n.ID) }), panel.NewButton(l, panel.Secondary, words.T("Withdraw"), func() { a.withdraw(n.ID) })),
	)
	a.hold.Objects = []fyne.CanvasObject{panel.NewScroll(panel.Pad(8, style.Inset, style.Inset, style.Inset, panel.VBox(style.Gap3, parts...)))}
	a.hold.Refresh()
	a.open()
}

func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		out = append(out, []rune(w)[0])
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return strings.ToUpper(string(out))
}

// edit starts a draft that will supersede the annotation.
func (a *annotator) edit(id string) {
	n, ok := a.r.annotation(id)
	if !ok {
		return
	}
	begin := func() {
		a.drafting, a.editing, a.where = true, id, n.Locations[0]
		for i, k := range kinds {
			if k == n.Kind {
				a.kind.Select(i)
			}
		}
		a.private.SetOn(n.Private)
		a.text.SetText(n.Text)
		a.say(panel.ToneDim, words.T("The old text stays in the journal."))
		a.write()
	}
	if a.dirty() && a.editing != id {
		a.r.d.confirm(words.T("Drop the draft?"), words.T("Another annotation has been begun and is not saved."), words.T("Drop it"), begin)
		return
	}
	begin()
}

func (a *annotator) withdraw(id string) {
	a.r.d.confirm(words.T("Withdraw %s?", id), words.T("It no longer stands and will not leave the room. Its journal entry stays."), words.T("Withdraw"), func() {
		durable(a.withdrawing, func(ctx context.Context) (nothing, error) {
			return nothing{}, a.r.visit.Withdraw(ctx, id)
		}, func(_ nothing, err error) {
			if err != nil {
				a.r.d.fail(words.T("%s is not withdrawn.", id), err)
				return
			}
			a.r.refreshNotes()
			if a.shown == id {
				a.close()
			}
			a.r.d.toast(panel.ToneOk, "check", words.T("%s is withdrawn.", id), words.T("Recorded as entry %s.", grouped(a.r.visit.Entries())))
		})
	})
}
