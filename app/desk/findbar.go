package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// findBar finds in the file that its pane shows.
type findBar struct {
	r       *roomScreen
	p       *pane
	bar     fyne.CanvasObject
	field   *panel.Field
	count   *panel.Line
	fault   *panel.Label // what is wrong with what was typed
	finding *slot
	found   code.Found
	at      int    // the match shown, of those kept; -1 for none
	says    string // what stands beside the field

	in      []code.Range // where it looks; nil: everywhere
	inTab   *tab         // of which file they are
	offered int          // lines that were selected when it opened

	past   []string // what was sought, the newest first
	pastAt int      // which of them is in the field, -1 for none
	typed  string   // what stood there before
}

const (
	toggleCase = iota
	toggleWord
	toggleRegexp
	toggleIn
)

// maxPast bounds what is remembered to be sought again.
const maxPast = 50

// A landing is where a search goes once it has matches.
type landing uint8

const (
	landNowhere landing = iota
	landHere            // the first at or behind the selection's start
	landNext            // the first behind it
	landBefore          // the last ahead of it
)

func newFindBar(p *pane) *findBar {
	r := p.r
	f := &findBar{r: r, p: p, finding: r.d.board.slot(), at: -1, pastAt: -1}
	l := r.d.look
	f.field = panel.NewField(l)
	f.field.SetPlaceHolder(words.T("Find in this file"))
	f.field.SetToggles([]panel.Toggle{
		{Text: words.T("Aa"), Tip: words.T("Match case")}, {Text: words.T("W"), Tip: words.T("Whole words")}, {Text: ".*", Tip: words.T("Regular expression (RE2)")},
		{Text: "≡", Tip: words.T("Only in the selection (Alt+L)")},
	})
	f.field.OnChanged = func(string) { f.pastAt = -1; f.run(landHere) }
	f.field.OnToggle = func(i int, on bool) {
		if i == toggleIn {
			f.narrow(on)
			return
		}
		f.run(landHere)
	}
	f.field.OnSubmit = func(string) {
		if f.r.d.shifted() {
			f.step(-1)
		} else {
			f.step(1)
		}
	}
	f.field.OnDown = func() { f.recall(-1) }
	f.field.OnUp = func() { f.recall(1) }
	f.field.OnCancel = f.close
	f.count = panel.NewLine(l)
	prev := panel.NewIconButton(l, "up", words.T("Previous match"), words.T("Shift+F3"), func() { f.step(-1) })
	next := panel.NewIconButton(l, "down", words.T("Next match"), words.T("F3"), func() { f.step(1) })
	shut := panel.NewIconButton(l, "x", words.T("Close"), words.T("Esc"), f.close)
	f.fault = panel.NewNote(l, "")
	f.fault.Tone = panel.ToneDanger
	f.fault.Hide()
	f.bar = panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Pad(4, 8, 4, 8,
		panel.VBox(2, panel.HBox(style.Gap1, panel.Grow(f.field), panel.Sized(findCount, 0, panel.Pad(0, 0, 0, 6, f.count)), panel.Center(prev), panel.Center(next), panel.Center(shut)), f.fault)))
	f.bar = container.NewStack(f.bar)
	return f
}

// findCount is wide enough for "1,234 of 12,345 in 40 lines".
const findCount = 170

// open shows the bar with the selection, or what was sought last. Where lines are
// selected it offers to look in them only.
func (f *findBar) open() {
	t := f.p.current()
	if t == nil {
		return
	}
	f.offered = 0
	if s := oneLine(t.view.SelectedText()); s != "" {
		f.field.SetText(s)
	} else if !f.field.Toggled(toggleIn) {
		f.offered = selectedLines(t)
	}
	f.show()
	f.r.d.focus("find", f.field.Focusable())
	f.field.SelectAll()
	f.run(landHere)
}

// show brings the bar, without the keyboard.
func (f *findBar) show() {
	if !f.bar.Visible() {
		f.bar.Show()
		f.p.body.Refresh()
	}
}

// selectedLines is how many lines a selection of several takes in.
func selectedLines(t *tab) int {
	s := t.view.Selection()
	if n := s.To.Line - s.From.Line; s.To.Col > 1 {
		return n + 1
	} else if n > 0 {
		return n
	}
	return 0
}

// oneLine is a selection that can be sought: within one line, not endless.
func oneLine(s string) string {
	for i, r := range s {
		if r == '\n' || i > 200 {
			return ""
		}
	}
	return s
}

// narrow looks in what is selected only, or everywhere again.
func (f *findBar) narrow(on bool) {
	f.in, f.inTab, f.offered = nil, nil, 0
	t := f.p.current()
	if t == nil {
		return
	}
	if on {
		if f.in = t.view.Ranges(); f.in == nil {
			f.field.SetToggled(toggleIn, false)
			f.say(panel.ToneWarn, words.T("Nothing is selected"))
			return
		}
		f.inTab = t
	}
	t.view.SetScope(f.in)
	f.run(landHere)
}

// turnNarrow is Alt+L.
func (f *findBar) turnNarrow() {
	if !f.bar.Visible() {
		f.open()
	}
	on := !f.field.Toggled(toggleIn)
	f.field.SetToggled(toggleIn, on)
	f.narrow(on)
}

// recall puts an older (by 1) or a newer text into the field.
func (f *findBar) recall(by int) {
	at := f.pastAt + by
	if at < -1 || at >= len(f.past) {
		return
	}
	if f.pastAt < 0 {
		f.typed = f.field.Text()
	}
	text := f.typed
	if at >= 0 {
		text = f.past[at]
	}
	f.field.SetText(text)
	f.pastAt = at
	f.run(landHere)
}

// remember keeps what was sought.
func (f *findBar) remember() {
	text := f.field.Text()
	if text == "" || len(f.past) > 0 && f.past[0] == text {
		return
	}
	f.past = slices.DeleteFunc(f.past, func(s string) bool { return s == text })
	f.past = slices.Insert(f.past, 0, text)
	f.past = f.past[:min(len(f.past), maxPast)]
	if f.pastAt >= 0 {
		f.pastAt = 0
	}
}

func (f *findBar) close() {
	if !f.bar.Visible() {
		return
	}
	f.remember()
	f.finding.stop()
	f.bar.Hide()
	f.found, f.at, f.offered = code.Found{}, -1, 0
	f.in, f.inTab = nil, nil
	f.field.SetToggled(toggleIn, false)
	if t := f.p.current(); t != nil {
		t.view.SetHits(nil, -1)
		t.view.SetScope(nil)
	}
	f.p.body.Refresh()
	f.r.focusCode()
}

// tabChanged looks again in the file that is shown now.
func (f *findBar) tabChanged() {
	if !f.bar.Visible() {
		return
	}
	f.offered = 0
	if t := f.p.current(); f.inTab != nil && t != f.inTab { // the selection was the other file's
		f.inTab.view.SetScope(nil)
		f.in, f.inTab = nil, nil
		f.field.SetToggled(toggleIn, false)
	}
	f.run(landNowhere)
}

// run finds, off the UI thread: a file may be large.
func (f *findBar) run(to landing) {
	t := f.p.current()
	if t == nil {
		return
	}
	pattern := f.field.Text()
	opt := code.FindOptions{Case: f.field.Toggled(toggleCase), Word: f.field.Toggled(toggleWord), Regexp: f.field.Toggled(toggleRegexp), In: f.in}
	src := t.shown()
	simple(f.finding, func(ctx context.Context) (code.Found, error) {
		return code.Find(ctx, src, pattern, opt)
	}, func(found code.Found, err error) {
		if t != f.p.current() {
			return
		}
		f.found = found
		f.found.More = found.More || t.doc.Beginning // the rest is still being read
		f.blame(err)
		f.r.d.trace.say("find", f.found.Total, pattern)
		f.land(t, to)
	})
	f.finding.await(soon)
	if f.finding.running() { // what is shown is another text's
		f.found, f.at = code.Found{}, -1
		t.view.SetHits(nil, -1)
		f.say(panel.ToneDim, "Searching …")
	}
}

// blame says below the field what is wrong with what was typed, nil: nothing.
func (f *findBar) blame(err error) {
	text := ""
	if err != nil {
		text, f.found = findError(err), code.Found{}
	}
	if text == f.fault.Text() {
		return
	}
	f.fault.SetText(text)
	if text == "" {
		f.fault.Hide()
	} else {
		f.fault.Show()
	}
	f.p.body.Refresh()
}

// findError is what is wrong with what was typed.
func findError(err error) string {
	var p *code.PatternError
	if errors.As(err, &p) {
		return p.Text
	}
	return sentence(err)
}

// land goes to one of the matches.
func (f *findBar) land(t *tab, to landing) {
	hits, s := f.found.Hits, t.view.Selection()
	f.at = -1
	if n := len(hits); n > 0 {
		i, there := slices.BinarySearchFunc(hits, s.From, func(h code.Range, p code.Pos) int {
			switch {
			case h.From.Before(p):
				return -1
			case p.Before(h.From):
				return 1
			}
			return 0
		})
		switch {
		case to == landNext && there:
			i++
		case to == landBefore:
			i--
		}
		f.at = (i + n) % n
	}
	t.view.SetHits(hits, f.at)
	if to != landNowhere {
		f.go_(t, to == landHere)
	}
	f.showCount()
}

// step goes to the next or previous match, round and round.
func (f *findBar) step(by int) {
	t := f.p.current()
	if t == nil {
		return
	}
	if !f.bar.Visible() {
		f.open()
		return
	}
	f.remember()
	n := len(f.found.Hits)
	if n == 0 {
		return
	}
	if f.at += by; f.at < 0 || f.at >= n {
		f.at = (f.at + n) % n
		if f.found.Total > n {
			f.r.d.toast(panel.ToneWarn, "info", words.T("Only the first %s", grouped(int64(n))), words.T("of %s matches are kept. Find in a selection, or a longer text.", grouped(int64(f.found.Total))))
		}
	}
	t.view.SetCurrent(f.at)
	f.go_(t, false)
	f.showCount()
}

// word finds what the caret stands on, and goes to the next or previous place of it. The
// keyboard stays in the code.
func (f *findBar) word(by int) {
	t := f.p.current()
	if t == nil {
		return
	}
	text, whole := atCaret(t)
	if text == "" {
		f.r.d.toast(panel.ToneWarn, "info", words.T("No word"), words.T("stands at the caret."))
		return
	}
	if whole {
		w, _ := t.view.WordAt(t.view.Caret())
		t.view.Select(w)
	}
	f.field.SetToggled(toggleRegexp, false)
	f.field.SetToggled(toggleCase, true)
	f.field.SetToggled(toggleWord, whole)
	f.field.SetText(text)
	f.remember()
	f.show()
	to := landNext
	if by < 0 {
		to = landBefore
	}
	f.run(to)
	f.r.focusCode()
}

// atCaret is what is selected in one line, else the word at the caret: then whole is set.
func atCaret(t *tab) (text string, whole bool) {
	if !t.view.Selection().Empty() {
		s := oneLine(t.view.SelectedText())
		w, ok := t.view.WordAt(t.view.Caret())
		return s, ok && w == t.view.Selection()
	}
	w, ok := t.view.WordAt(t.view.Caret())
	if !ok {
		return "", false
	}
	return t.view.TextIn(w), true
}

// go_ goes to the current match; a glance at it while the pattern is typed is no place to
// come back to.
func (f *findBar) go_(t *tab, glance bool) {
	if f.at >= 0 && f.at < len(f.found.Hits) {
		h := f.found.Hits[f.at]
		f.r.goTo(t, target{line: h.From.Line, col: h.From.Col, to: h.To, keepFocus: true, glance: glance})
	}
}

func (f *findBar) showCount() {
	where := ""
	if f.in != nil {
		where = " in " + plural(linesTouched(f.in), "line", "lines")
	}
	text, tone := "", panel.ToneDim
	switch n := f.found.Total; {
	case f.field.Text() == "" && f.offered > 1:
		text = words.T("Alt+L: only in the %s", plural(f.offered, "line", "lines"))
	case f.field.Text() == "":
	case f.fault.Text() != "":
	case n == 0:
		text, tone = words.T("No match")+where, panel.ToneWarn
	default:
		text = fmt.Sprintf("%s of %s", grouped(int64(f.at+1)), grouped(int64(n)))
		if f.found.More {
			text += "+"
		}
		text += where
	}
	f.say(tone, text)
}

// say puts words beside the field.
func (f *findBar) say(tone panel.Tone, text string) {
	f.says = text
	f.count.Set(panel.Span{Text: text, Tone: tone, Size: style.TextSecondary})
}

// linesTouched is how many lines ranges touch that are in order.
func linesTouched(in []code.Range) int {
	n, last := 0, 0
	for _, r := range in {
		to := r.To.Line
		if r.To.Col == 1 && to > r.From.Line {
			to--
		}
		n += to - max(r.From.Line, last+1) + 1
		last = to
	}
	return n
}
