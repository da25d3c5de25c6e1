package desk

import (
	"context"
	"path"
	"sort"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/review"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// notesPanel lists the annotations that stand, newest first.
type notesPanel struct {
	r    *roomScreen
	body fyne.CanvasObject
	list *panel.List
	note *panel.Line
	all  []review.Annotation
}

func newNotesPanel(r *roomScreen) *notesPanel {
	p := &notesPanel{r: r}
	l := r.d.look
	header := panel.NewHeader(l, words.T("Annotations"), panel.NewIconButton(l, "plus", words.T("Annotate the selection"), words.T("Ctrl+M"), func() { r.ann.begin() }))
	p.list = panel.NewList(l, style.HeightTwoLine)
	p.list.Row = p.row
	p.list.Empty = words.T("None yet. Ctrl+M annotates the selected lines.")
	p.list.OnOpen = func(i int) { p.open(i, false) }
	p.list.OnClick = func(i int) { p.open(i, true) }
	p.list.OnSecondary = func(i int, at fyne.Position) { p.menu(i, at) }
	p.list.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyDelete && p.list.Selected() >= 0 {
			r.ann.withdraw(p.all[p.list.Selected()].ID)
			return true
		}
		return false
	}
	p.note = panel.NewLine(l)
	p.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		header, panel.Grow(p.list),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(8, style.Inset, 8, style.Inset, p.note))))
	return p
}

func (p *notesPanel) show(all []review.Annotation) {
	p.all = append([]review.Annotation(nil), all...)
	sort.SliceStable(p.all, func(i, j int) bool { return p.all[i].Entry > p.all[j].Entry })
	private := 0
	for _, n := range p.all {
		if n.Private {
			private++
		}
	}
	p.list.SetLength(len(p.all))
	stays := words.T("none is private")
	if private > 0 {
		stays = plural(private, "private stays", "private stay")
	}
	p.note.Set(panel.Span{Text: words.T("%s with an export", plural(len(p.all)-private, "leaves", "leave")), Bold: true, Size: style.TextSecondary},
		panel.Span{Text: stays, Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 8})
}

func (p *notesPanel) row(i int) panel.Row {
	n := p.all[i]
	icon, tone := kindMark(n.Kind, n.Private)
	row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: firstLine(n.Text)}}}
	row.Right = []panel.Span{{Text: n.ID, Tone: panel.ToneDim, Size: style.TextCaption}}
	if len(n.Locations) > 0 {
		w := n.Locations[0]
		row.Second = []panel.Span{{Text: path.Base(w.Place.Path) + ":" + linesOf(w), Mono: true, Size: style.TextCaption, Tone: panel.ToneAccent}, {Text: w.Place.Release, Tone: panel.ToneDim, Gap: 8}}
		row.Tip = w.Place.Path
	}
	if n.Private {
		row.Second = append(row.Second, panel.Span{Text: words.T("private"), Tone: panel.TonePrivate, Gap: 8})
	}
	return row
}

func firstLine(s string) string {
	line, _, more := strings.Cut(s, "\n")
	if more {
		line += " …"
	}
	return line
}

func (p *notesPanel) open(i int, keepFocus bool) {
	if i < 0 || i >= len(p.all) {
		return
	}
	n := p.all[i]
	p.r.openNote(n, keepFocus)
	p.r.ann.read(n)
}

func (p *notesPanel) menu(i int, at fyne.Position) {
	id := p.all[i].ID
	panel.ShowMenu(p.r.d.look, p.r.d.win.Canvas(), at, []panel.MenuItem{
		{Label: words.T("Go to its lines"), Icon: "arrow", Key: words.T("Enter"), Do: func() { p.open(i, false) }},
		{Label: words.T("Edit"), Icon: "pen", Do: func() { p.r.ann.edit(id) }},
		{Label: words.T("Withdraw"), Icon: "x", Key: words.T("Del"), Rule: true, Do: func() { p.r.ann.withdraw(id) }},
	})
}

// openNote goes to the first place of an annotation: where it was made, else
// wherever the same bytes stand.
func (r *roomScreen) openNote(n review.Annotation, keepFocus bool) {
	if len(n.Locations) == 0 {
		return
	}
	w := n.Locations[0]
	simple(r.opening, func(ctx context.Context) (deposit.Place, error) {
		return r.visit.Where(ctx, w)
	}, func(to deposit.Place, err error) {
		if err != nil {
			r.d.fail(words.T("The lines of %s cannot be found.", n.ID), err)
			return
		}
		r.openAt(to, target{bytes: &w.Span, keepFocus: keepFocus})
	})
}

// annotation finds a standing annotation.
func (r *roomScreen) annotation(id string) (review.Annotation, bool) {
	if id != "" {
		for _, n := range r.visit.Annotations() {
			if n.ID == id {
				return n, true
			}
		}
	}
	return review.Annotation{}, false
}

// refreshNotes takes the annotations from the visit to wherever they show.
func (r *roomScreen) refreshNotes() {
	all := r.visit.Annotations()
	r.notes.show(all)
	r.rail.SetCount("notes", len(all))
	r.files.marked = map[deposit.Digest][]panel.Mark{}
	for _, n := range all {
		icon, tone := kindMark(n.Kind, n.Private)
		for _, w := range n.Locations {
			m := panel.Mark{Icon: icon, Tone: tone}
			if have := r.files.marked[w.Span.Blob]; !hasMark(have, m) {
				r.files.marked[w.Span.Blob] = append(have, m)
			}
		}
	}
	r.files.marksChanged()
	r.search.list.Refresh()
	for _, t := range r.allTabs() {
		r.marks(t)
	}
	r.showStatus()
	r.d.trace.say("notes", len(all))
}

func hasMark(have []panel.Mark, m panel.Mark) bool {
	for _, h := range have {
		if h == m {
			return true
		}
	}
	return false
}

// marks gives a tab's view the annotations on its bytes, wherever they were
// made, and its hidden characters.
func (r *roomScreen) marks(t *tab) {
	var out []code.Mark
	out = append(out, t.characterMarks()...)
	out = append(out, t.through.oddEnds()...)
	for _, n := range r.visit.Annotations() {
		kind := code.Note
		switch n.Kind {
		case review.Question:
			kind = code.Question
		case review.Concern:
			kind = code.Concern
		}
		for _, w := range n.Locations {
			if w.Span.Blob == t.doc.File.Blob {
				out = append(out, code.Mark{Line: t.lineOf(w), Kind: kind, Private: n.Private, Label: n.Author + ": " + firstLine(n.Text),
					Title: noteTitle(n), Text: n.Text, ID: n.ID})
			}
		}
	}
	t.view.SetMarks(append(out, r.bookmarkMarks(t)...))
}

// noteTitle says what an annotation is and whose.
func noteTitle(n review.Annotation) string {
	title := kindName(n.Kind) + " by " + n.Author
	if n.Private {
		title += words.T(", private")
	}
	return title
}

// lineOf is the line on which a location begins, as the tab shows its bytes: their
// encoding may have been set since.
func (t *tab) lineOf(w review.Location) int {
	if t.doc.Binary {
		return 1
	}
	line, _ := t.doc.Text.Position(w.Span.From)
	return line
}
