package desk

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/content"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// What is found out about a file once its first text is on the screen: the rest of a
// large one, its hidden characters, how its lines end, its outline and its colours.

// lookedThrough is what going through the whole text finds.
type lookedThrough struct {
	ends content.Ends
	odd  []int // lines that end as fewer do
	crlf bool  // they end so
}

// maxOdd bounds the lines that are marked for their ends: behind it marks help no reader.
const maxOdd = 10_000

// afterwards starts what is not needed for a tab's first text.
func (r *roomScreen) afterwards(t *tab) {
	r.marks(t)
	r.colour(t)
	if t.doc.Beginning {
		r.readRest(t)
		return
	}
	r.readOutline(t)
	r.findFolds(t)
	r.lookThrough(t)
	r.readCharacters(t)
}

// firstFrame is how long a large file's first text and its colours have the processors
// for themselves: a text over soonThrough takes longer than a frame to go through.
const (
	firstFrame  = 40 * time.Millisecond
	soonThrough = 256 << 10
)

// letPaint waits, in a task, until the first text of a large file is on the screen.
func (t *tab) letPaint(ctx context.Context) error {
	if t.doc.File.Size <= soonThrough {
		return nil
	}
	select {
	case <-time.After(firstFrame):
	case <-ctx.Done():
	}
	return ctx.Err()
}

// readRest reads all of a large file of which the beginning is shown. What was shown was
// not verified: where the whole is not what was deposited, it goes.
func (r *roomScreen) readRest(t *tab) {
	place := t.doc.Place
	simple(t.resting, func(ctx context.Context) (opened, error) {
		if err := t.letPaint(ctx); err != nil {
			return opened{}, err
		}
		doc, err := r.visit.Open(ctx, place)
		return opened{doc: doc}, err
	}, func(o opened, err error) {
		if errors.Is(err, context.Canceled) {
			return // the window closes
		}
		i := t.pane.indexOf(t)
		if err != nil {
			t.view.SetSource(nil)
			if i >= 0 {
				t.pane.closeTab(i)
			}
			r.d.fail(words.T("What was shown of %s is not known to be what was deposited; it was taken away.", path.Base(place.Path)), err)
			return
		}
		r.rested(t, o.doc)
	})
}

// rested shows all of a file of which the beginning was shown.
func (r *roomScreen) rested(t *tab, doc *room.Document) {
	place := doc.Place
	t.doc = doc
	t.view.Extend(t.shown())
	r.d.trace.say("whole", place.Release, place.Path)
	if t.isPicture() { // it cannot be decoded from its beginning, and that was in hex
		t.picture = newPictureFace(r, t)
		if t == t.pane.current() {
			t.pane.show()
		}
	}
	if t.awaited != nil {
		r.stand(t, *t.awaited)
		t.awaited = nil
	}
	r.afterwards(t)
	if t == t.pane.current() {
		t.pane.find.tabChanged()
	}
	if t == r.current() {
		r.showStatus()
	}
}

// lookThrough goes through a text.
func (r *roomScreen) lookThrough(t *tab) {
	if t.doc.Binary {
		return
	}
	text := t.doc.Text
	simple(t.looking, func(ctx context.Context) (f lookedThrough, err error) {
		if err := t.letPaint(ctx); err != nil {
			return f, err
		}
		f.ends = text.Ends()
		f.odd, f.crlf = text.OddEnds(maxOdd)
		return f, nil
	}, func(f lookedThrough, err error) {
		if err != nil {
			return // the tab or the window closes
		}
		t.through = &f
		r.marks(t)
		if t == r.current() {
			r.showStatus()
		}
	})
}

// oddEnds marks the lines that end otherwise than most.
func (f *lookedThrough) oddEnds() (marks []code.Mark) {
	if f == nil {
		return nil
	}
	label := words.T("ends in LF")
	if f.crlf {
		label = words.T("ends in CRLF")
	}
	for _, line := range f.odd {
		marks = append(marks, code.Mark{Line: line, Kind: code.Hidden, Label: label})
	}
	return marks
}

// endsOf says how a text's lines end: one way, or how many in each.
func (f *lookedThrough) endsOf() string {
	if f == nil {
		return ""
	}
	e := f.ends
	if !e.Mixed() {
		switch {
		case e.LF > 0:
			return "LF"
		case e.CRLF > 0:
			return "CRLF"
		case e.CR > 0:
			return plural(e.CR, "lone CR", "lone CR")
		}
		return ""
	}
	text := ""
	for _, part := range []struct {
		n    int
		name string
	}{{e.LF, "LF"}, {e.CRLF, "CRLF"}, {e.CR, words.T("lone CR")}} {
		if part.n > 0 {
			text += ", " + grouped(int64(part.n)) + " " + part.name
		}
	}
	return "mixed: " + text[2:]
}

// kindOf says what the open file is: language and why it is plain, or what it is shown as,
// and how its lines end.
func kindOf(t *tab) panel.StatusItem {
	it := panel.StatusItem{ID: "language", Tone: panel.ToneDim, Right: true}
	size := bytesOf(t.doc.File.Size)
	switch {
	case t.doc.Beginning:
		it.Icon, it.IconTone, it.Tone = "warn", panel.ToneWarn, panel.ToneWarn
		it.Text = words.T("Being verified · %s", size)
		it.Tip = words.T("The beginning of a large file is shown. All of it is being read and hashed; it goes if it is not what was deposited.")
		return it
	case t.doc.File.Size == 0:
		it.Text = words.T("Empty")
		return it
	case t.picture != nil:
		it.Text = t.picture.kind() + " · " + size
		return it
	case t.doc.Binary:
		it.Text = words.T("As hex · %s", size)
		if t.doc.Why != "" {
			it.Text = words.T("As hex (%s) · %s", t.doc.Why, size)
		}
		return it
	}
	it.Text = languageOf(t)
	if ends := t.through.endsOf(); ends != "" {
		it.Text += " · " + ends
		if t.through.ends.Mixed() {
			it.Tone, it.Tip = panel.ToneWarn, words.T("The lines of this file do not all end alike: those that end as fewer do have a mark")
		}
	}
	return it
}

func languageOf(t *tab) string {
	text := t.language
	if t.plain != "" {
		text = fmt.Sprintf("%s (%s)", text, t.plain)
	}
	return text
}
