package desk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/words"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// symbolPanel is the side panel about symbols. It has three parts, of which one
// is shown: the outline of the open file, the uses of a name, a tree of calls
// or includes.
type symbolPanel struct {
	r     *roomScreen
	body  fyne.CanvasObject
	parts *panel.Segmented
	place *fyne.Container // holds the part that is shown

	outline     *panel.List
	outlineNote *panel.Line
	outlineOf   *tab
	outlineBody fyne.CanvasObject
	uses        *usesPart
	tree        *treePart
}

// The parts of the panel.
const (
	partOutline = iota
	partUses
	partTree
)

var partNames = []string{"outline", "uses", "tree"}

func newSymbolPanel(r *roomScreen) *symbolPanel {
	p := &symbolPanel{r: r}
	l := r.d.look
	p.parts = panel.NewSegmented(l, []string{words.T("Outline"), words.T("References"), words.T("Tree")}, partOutline, func(i int) { p.turn(i); p.focus() })
	p.outline = panel.NewList(l, style.HeightRow)
	p.outline.Row = p.outlineRow
	p.outline.OnClick = func(i int) { p.openOutline(i, true) }
	p.outline.OnOpen = func(i int) { p.openOutline(i, false) }
	p.outlineNote = panel.NewLine(l)
	p.outlineBody = panel.VBox(0, panel.Grow(p.outline),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(8, style.Inset, 8, style.Inset, p.outlineNote)))
	p.uses = newUsesPart(r)
	p.tree = newTreePart(r)
	p.place = container.NewStack(p.outlineBody)
	p.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		panel.NewHeader(l, words.T("Symbols")),
		panel.Pad(0, 12, 8, 12, p.parts),
		panel.Grow(p.place),
	))
	p.showOutline()
	return p
}

// turn shows a part.
func (p *symbolPanel) turn(part int) {
	p.parts.Select(part)
	p.place.Objects = []fyne.CanvasObject{[]fyne.CanvasObject{p.outlineBody, p.uses.body, p.tree.body}[part]}
	p.place.Refresh()
	if part == partOutline {
		p.follow()
	}
	p.r.d.trace.say("part", partNames[part])
}

// show brings the panel with a part.
func (p *symbolPanel) show(part int) {
	p.r.showSide("symbols")
	p.turn(part)
}

func (p *symbolPanel) list() *panel.List {
	return []*panel.List{p.outline, p.uses.list, p.tree.list}[p.parts.Selected()]
}

func (p *symbolPanel) focus() { p.r.d.focus("side", p.list()) }

// symbolsChanged shows how far the index is, and asks what waited for it.
func (p *symbolPanel) symbolsChanged() {
	p.uses.symbolsChanged()
	p.tree.symbolsChanged()
}
