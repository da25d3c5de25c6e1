package desk

import (
	"context"
	"fmt"
	"path"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/content"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// encodingItem is the status bar's word on how the open file is decoded.
func encodingItem(t *tab) panel.StatusItem {
	it := panel.StatusItem{ID: "encoding", Text: fmt.Sprint(t.doc.Text.Encoding()), Tone: panel.ToneDim, Right: true, Menu: true, Tip: words.T("Encoding, as recognised")}
	if t.doc.Binary {
		it.Text = words.T("Binary")
	}
	if t.doc.Chosen {
		it.Text += words.T(", set by hand")
		it.Tone, it.Tip = panel.ToneWarn, words.T("Encoding, set by hand; recognised is %v", t.doc.Recognised)
	}
	return it
}

// showEncodings offers the encodings of the open file.
func (r *roomScreen) showEncodings(at fyne.Position) {
	t := r.current()
	if t == nil {
		return
	}
	rows := []panel.MenuItem{{Label: words.T("As recognised: %v", t.doc.Recognised), Checked: !t.doc.Chosen, Do: func() { r.recogniseEncoding(t) }}}
	for i, e := range room.Encodings() {
		is := t.doc.Text.Encoding()
		if is == content.BrokenUTF8 {
			is = content.UTF8
		}
		label := fmt.Sprint(e)
		if e == content.Binary {
			label = words.T("Binary, as hex")
		}
		rows = append(rows, panel.MenuItem{Label: label, Rule: i == 0, Checked: t.doc.Chosen && e == is, Do: func() { r.setEncoding(t, e) }})
	}
	panel.ShowMenu(r.d.look, r.d.win.Canvas(), at, rows)
}

// setEncoding makes a file's bytes read as the reviewer chose, also when they are
// recognised so: by another version of the program they may not be.
func (r *roomScreen) setEncoding(t *tab, e content.Encoding) {
	r.encode(t, fmt.Sprint(e), func(ctx context.Context) error { return r.visit.SetEncoding(ctx, t.doc, e) })
}

// recogniseEncoding undoes that.
func (r *roomScreen) recogniseEncoding(t *tab) {
	if t.doc.Chosen {
		r.encode(t, fmt.Sprint(t.doc.Recognised), func(ctx context.Context) error { return r.visit.RecogniseEncoding(ctx, t.doc) })
	}
}

// encode records an encoding for a file's bytes, and shows anew whatever has them.
func (r *roomScreen) encode(t *tab, to string, record func(context.Context) error) {
	var tabs []*tab
	for _, o := range r.allTabs() {
		if o.doc.File.Blob == t.doc.File.Blob {
			tabs = append(tabs, o)
		}
	}
	durable(r.recording, func(ctx context.Context) ([]opened, error) {
		if err := record(ctx); err != nil {
			return nil, err
		}
		var again []opened
		for _, o := range tabs {
			read, err := r.read(ctx, o.doc.Place)
			if err != nil {
				return again, err
			}
			again = append(again, read)
		}
		return again, nil
	}, func(again []opened, err error) {
		if err != nil {
			r.d.fail(words.T("The encoding was not changed."), err)
		}
		for i, o := range again {
			r.exchange(tabs[i], o)
		}
		r.showStatus()
		if err != nil {
			return
		}
		r.search.run()
		r.d.trace.say("encoding", to)
		r.d.toast(panel.ToneOk, "check", words.T("Recorded."), words.T("%s is read as %s.", path.Base(t.doc.Place.Path), to))
	})
}

// exchange shows a file that was read again in the tab that has it, with the caret at
// the same bytes.
func (r *roomScreen) exchange(old *tab, o opened) {
	p := old.pane
	i := p.indexOf(old)
	if i < 0 {
		return
	}
	t := r.newTab(o)
	t.pane, t.used = p, old.used
	old.stop()
	p.open[i] = t
	r.afterwards(t)
	if i != p.at {
		return
	}
	p.select_(i)
	if caret := old.view.Caret(); !old.doc.Binary && !o.doc.Binary {
		line, col := o.doc.Text.Position(old.doc.Text.Offset(caret.Line, caret.Col))
		at := code.Pos{Line: line, Col: col}
		t.view.Select(code.Range{From: at, To: at})
		t.view.Reveal(line)
	}
	if p.active() {
		r.focusCode()
	}
}
