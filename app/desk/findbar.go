package desk

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// findBar finds in the open file.
type findBar struct {
	r       *roomScreen
	p       *pane // whose open file it finds in
	bar     fyne.CanvasObject
	field   *panel.Field
	count   *panel.Line
	finding *slot
	hits    []code.Range
	at      int
}

const (
	toggleCase = iota
	toggleWord
	toggleRegexp
)

func newFindBar(p *pane) *findBar {
	r := p.r
	f := &findBar{r: r, p: p, finding: r.d.board.slot(), at: -1}
	l := r.d.look
	f.field = panel.NewField(l)
	f.field.SetPlaceHolder("Find in this file")
	f.field.SetToggles([]panel.Toggle{
		{Text: "Aa", Tip: "Match case"}, {Text: "W", Tip: "Whole words"}, {Text: ".*", Tip: "Regular expression (RE2)"},
	})
	f.field.OnChanged = func(string) { f.run(true) }
	f.field.OnToggle = func(int, bool) { f.run(true) }
	f.field.OnSubmit = func(string) {
		if f.r.d.shifted() {
			f.step(-1)
		} else {
			f.step(1)
		}
	}
	f.field.OnDown = func() { f.step(1) }
	f.field.OnUp = func() { f.step(-1) }
	f.field.OnCancel = f.close
	f.count = panel.NewLine(l)
	prev := panel.NewIconButton(l, "up", "Previous match", "Shift+F3", func() { f.step(-1) })
	next := panel.NewIconButton(l, "down", "Next match", "F3", func() { f.step(1) })
	shut := panel.NewIconButton(l, "x", "Close", "Esc", f.close)
	f.bar = panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Pad(4, 8, 4, 8,
		panel.HBox(style.Gap1, panel.Grow(f.field), panel.Sized(96, 0, panel.Center(f.count)), panel.Center(prev), panel.Center(next), panel.Center(shut))))
	f.bar = container.NewStack(f.bar)
	return f
}

// open shows the bar with the selection, or what was sought last.
func (f *findBar) open() {
	t := f.p.current()
	if t == nil {
		return
	}
	if s := oneLine(t.view.SelectedText()); s != "" {
		f.field.SetText(s)
	}
	f.bar.Show()
	f.p.body.Refresh()
	f.r.d.focus("find", f.field.Focusable())
	f.field.SelectAll()
	f.run(true)
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

func (f *findBar) close() {
	if !f.bar.Visible() {
		return
	}
	f.finding.stop()
	f.bar.Hide()
	f.hits, f.at = nil, -1
	if t := f.p.current(); t != nil {
		t.view.SetHits(nil, -1)
	}
	f.p.body.Refresh()
	f.r.focusCode()
}

// tabChanged looks again in the file that is shown now.
func (f *findBar) tabChanged() {
	if f.bar.Visible() {
		f.run(false)
	}
}

// run finds from the caret on; move goes to the first match.
func (f *findBar) run(move bool) {
	t := f.p.current()
	if t == nil {
		return
	}
	pattern := f.field.Text()
	opt := code.FindOptions{Case: f.field.Toggled(toggleCase), Word: f.field.Toggled(toggleWord), Regexp: f.field.Toggled(toggleRegexp)}
	src := t.shown()
	simple(f.finding, func(ctx context.Context) (code.Found, error) {
		return code.Find(ctx, src, pattern, opt)
	}, func(found code.Found, err error) {
		if t != f.p.current() {
			return
		}
		f.hits, f.at = found.Hits, -1
		f.field.SetError("")
		if err != nil {
			f.field.SetError(sentence(err))
			f.hits = nil
		}
		from := t.view.Selection().From
		for i, h := range f.hits {
			if !h.From.Before(from) {
				f.at = i
				break
			}
		}
		if f.at < 0 && len(f.hits) > 0 {
			f.at = 0
		}
		f.r.d.trace.say("find", len(f.hits), pattern)
		if move {
			f.show(t, true)
		} else {
			t.view.SetHits(f.hits, f.at)
			f.showCount()
		}
	})
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
	if n := len(f.hits); n > 0 {
		f.at = (f.at + by + n) % n
		f.show(t, false)
	}
}

// show goes to the match that is the current one; a glance at it while the pattern is
// typed is no place to come back to.
func (f *findBar) show(t *tab, glance bool) {
	t.view.SetHits(f.hits, f.at)
	if f.at >= 0 && f.at < len(f.hits) {
		h := f.hits[f.at]
		f.r.goTo(t, target{line: h.From.Line, col: h.From.Col, to: h.To, keepFocus: true, glance: glance})
	}
	f.showCount()
}

func (f *findBar) showCount() {
	switch {
	case f.field.Text() == "":
		f.count.Set()
	case len(f.hits) == 0:
		f.count.Set(panel.Span{Text: "No match", Tone: panel.ToneWarn, Size: style.TextSecondary})
	default:
		n := fmt.Sprintf("%s of %s", grouped(int64(f.at+1)), grouped(int64(len(f.hits))))
		if len(f.hits) >= code.MaxHits {
			n += "+"
		}
		f.count.Set(panel.Span{Text: n, Tone: panel.ToneDim, Size: style.TextSecondary})
	}
}
