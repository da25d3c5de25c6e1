package desk

import (
	"context"
	"fmt"
	"image"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/panel"
	"vitrine/viewer/picture"
	"vitrine/viewer/style"
)

// A pictureFace is what a tab with an image file shows: a line of facts with the ways to
// look at it, and the picture, or why there is none.
type pictureFace struct {
	r     *roomScreen
	facts picture.Facts
	err   error
	view  *picture.View // nil: not decoded yet, or never

	line *panel.Line
	said *panel.Line
	body *fyne.Container
	room *fyne.Container // for the picture
}

func newPictureFace(r *roomScreen, t *tab) *pictureFace {
	l := r.d.look
	f := &pictureFace{r: r, line: panel.NewLine(l), said: panel.NewLine(l), room: container.NewStack()}
	whole := panel.NewButton(l, panel.Secondary, words.T("Whole"), func() { f.zoom(0) })
	own := panel.NewButton(l, panel.Secondary, "1:1", func() { f.zoom(1) })
	hex := panel.NewButton(l, panel.Secondary, words.T("Bytes in hex"), r.turnHex)
	head := panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Pad(4, 14, 4, 14, panel.HBox(style.Gap2, panel.Grow(f.line), whole, own, hex)))
	foot := panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(4, 14, 4, 14, f.said))
	foot.Hide()
	f.body = panel.VBox(0, head, panel.Grow(f.room), foot)
	f.tell()
	raw := t.doc.Text.Raw()
	type decoded struct {
		img   image.Image
		facts picture.Facts
	}
	simple(t.looking, func(context.Context) (decoded, error) {
		img, facts, err := picture.Read(raw)
		return decoded{img, facts}, err
	}, func(d decoded, err error) {
		f.facts, f.err = d.facts, err
		if err != nil {
			f.room.Objects = []fyne.CanvasObject{panel.Center(panel.NewNote(l, words.T("%s Its bytes are one click away.", sentence(err))))}
		} else {
			f.view = picture.NewView(l.Palette, d.img)
			f.view.OnKey, f.view.OnZoom = r.d.typedKey, f.tell
			f.view.OnFocus = func() { r.activate(t.pane) }
			f.room.Objects = []fyne.CanvasObject{f.view}
		}
		if len(d.facts.Said) > 0 {
			foot.Show()
		}
		f.tell()
		f.body.Refresh()
		if t == r.current() {
			r.showStatus()
			if r.d.win.Canvas().Focused() == fyne.Focusable(t.view) {
				r.focusCode()
			}
		}
		r.d.trace.say("picture", f.facts.Width, f.facts.Height, t.doc.Place.Path)
	})
	return f
}

// zoom shows the whole picture, or its pixels as so many of the screen.
func (f *pictureFace) zoom(to float64) {
	switch {
	case f.view == nil:
		return
	case to == 0:
		f.view.Fit()
	default:
		f.view.SetZoom(to)
	}
	f.r.focusCode()
}

// kind is the format for the status bar.
func (f *pictureFace) kind() string {
	if f.facts.Format == "" {
		return words.T("Picture")
	}
	return f.facts.Format + " picture"
}

// tell writes the line of facts.
func (f *pictureFace) tell() {
	if f.facts.Format == "" && f.err == nil {
		f.line.Set(panel.Span{Text: words.T("The picture is being read …"), Tone: panel.ToneDim})
		return
	}
	parts := []string{fmt.Sprintf("%d × %d", f.facts.Width, f.facts.Height)}
	if f.facts.Model != "" {
		parts = append(parts, f.facts.Model)
	}
	if f.view != nil {
		parts = append(parts, words.T("shown at %.0f %%", 100*f.view.Zoom()))
	}
	f.line.Set(panel.Span{Text: f.kind(), Bold: true}, panel.Span{Text: "  " + strings.Join(parts, " · "), Tone: panel.ToneDim})
	var said []panel.Span
	for _, s := range f.facts.Said {
		said = append(said, panel.Span{Text: words.T(s.Name) + "  ", Tone: panel.ToneDim, Size: style.TextSecondary}, panel.Span{Text: s.Text + "    ", Size: style.TextSecondary})
	}
	f.said.Set(said...)
}

// isPicture reports whether all of a file is there and begins as a picture that is not
// asked for as bytes.
func (t *tab) isPicture() bool {
	return t.doc.Binary && !t.hexed && !t.doc.Beginning && picture.Is(t.doc.Text.Raw())
}

// face is what a tab shows in its pane.
func (t *tab) face() fyne.CanvasObject {
	switch {
	case t.picture != nil:
		return t.picture.body
	case t.empty != nil:
		return t.empty
	}
	return t.view
}

// keys is what takes the keyboard there.
func (t *tab) keys() fyne.Focusable {
	if t.picture != nil && t.picture.view != nil {
		return t.picture.view
	}
	return t.view
}

// emptyFile says that there is nothing to see, over a view that shows nothing.
func emptyFile(r *roomScreen, t *tab) fyne.CanvasObject {
	title := heading(r.d.look, words.T("This file is empty"))
	title.Centre = true
	hints := panel.NewHints(r.d.look, []panel.Hint{{Key: words.T("Ctrl+W"), Text: words.T("close it")}})
	return container.NewStack(t.view, panel.Center(panel.VBox(12, title, panel.Center(hints))))
}
