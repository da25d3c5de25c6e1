package desk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

const (
	wideCode      = 1250 // the code's share of a window of 1600
	wideInspector = 380
	// lowInspector is how high the inspector is below the code, at most so much of it.
	lowInspector      = 260
	lowInspectorShare = .45
)

// inspected lays the inspector, while it is shown, to the right of the panes; below them
// where beside it they would be too narrow to read in. The reader may move the line
// between.
type inspected struct{ r *roomScreen }

func newInspected(r *roomScreen) *fyne.Container {
	r.beside = panel.NewSplit(r.d.look, r.groups, r.ann.body)
	r.beside.FromEnd = true
	r.beside.OnMoved = func(px float32) {
		name := settingInspector
		if r.beside.Vertical {
			name = settingInspectorLow
		}
		r.d.app.Preferences().SetFloat(name, float64(px))
	}
	return container.New(inspected{r}, r.beside)
}

// wants is how wide the inspector would be beside the code, or how high below it.
func (k inspected) wants(size fyne.Size) (width, height float32) {
	width = style.WidthInspector
	if size.Width >= wideCode {
		width = wideInspector
	}
	prefs := k.r.d.app.Preferences()
	width = rememberedSpan(prefs, settingInspector, width)
	height = rememberedSpan(prefs, settingInspectorLow, lowInspector)
	return min(width, size.Width/2), min(height, size.Height*lowInspectorShare)
}

func (k inspected) Layout(o []fyne.CanvasObject, size fyne.Size) {
	s := k.r.beside
	width, height := k.wants(size)
	below := size.Width-width-1 < k.r.layout.least().Width
	at := width
	s.MinA, s.MinB = minPaneWidth, 240
	if below {
		at = height
		s.MinA, s.MinB = minPaneHeight, 140
	}
	if s.Vertical != below || s.Offset() != at {
		s.Vertical = below
		s.SetOffset(at)
	}
	k.r.ann.arrange(below, size.Width)
	s.Move(fyne.Position{})
	s.Resize(size)
}

func (inspected) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 120) }
