package panel

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// Scrolled is for Fyne.
func (v *List) Scrolled(e *fyne.ScrollEvent) {
	before := v.offset
	v.offset -= float64(e.Scrolled.DY)
	v.clamp()
	if v.offset != before {
		v.leaveHover()
		v.Refresh()
	}
}

// Dragged is for Fyne: the scroll bar.
func (v *List) Dragged(e *fyne.DragEvent) {
	h := v.Size().Height
	if !v.inBar && e.Position.X >= v.Size().Width-barSize {
		v.inBar = true
	}
	if !v.inBar || !v.scrollable(h) {
		return
	}
	_, th := v.thumb(h)
	if h <= th {
		return
	}
	v.offset += float64(e.Dragged.DY) * v.beyond(h) / float64(h-th)
	v.offset = max(0, min(v.offset, v.beyond(h)))
	v.Refresh()
}

// DragEnd is for Fyne.
func (v *List) DragEnd() {
	v.inBar = false
	v.clamp()
	v.Refresh()
}

func (v *List) rowAt(p fyne.Position) int {
	if p.Y < 0 || p.Y >= v.Size().Height {
		return nowhere
	}
	if n := int(p.Y / v.height); n < len(v.pins) {
		return v.pins[n]
	}
	i := int((float64(p.Y) + v.offset) / float64(v.height))
	if i >= v.length {
		return nowhere
	}
	return i
}

func (v *List) overBar(p fyne.Position) bool {
	return v.scrollable(v.Size().Height) && p.X >= v.Size().Width-barSize
}

func (v *List) hitAt(i int) rowHit {
	for _, h := range v.hits {
		if h.index == i {
			return h
		}
	}
	return rowHit{}
}

// MouseIn is for Fyne.
func (v *List) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved is for Fyne.
func (v *List) MouseMoved(e *desktop.MouseEvent) {
	i, bar := v.rowAt(e.Position), v.overBar(e.Position)
	hit := v.hitAt(i)
	link := i >= 0 && e.Position.X >= hit.linkA && e.Position.X < hit.linkB
	if i == v.hover && bar == v.barHot && link == v.linkHot {
		return
	}
	changed := i != v.hover
	v.hover, v.barHot, v.linkHot = i, bar, link
	if changed && v.onHover && i >= 0 && v.Row(i).Kind == ItemRow {
		v.selected = i
	}
	if changed {
		v.look.hideTip()
		if i >= 0 && v.Row != nil {
			y := max(0, v.top(i))
			if n := slices.Index(v.pins, i); n >= 0 {
				y = float32(n) * v.height
			}
			v.look.tip(v, zone{x: style.Gap4, y: y, w: v.Size().Width - style.Gap4, h: v.height, tip: v.Row(i).Tip})
		}
	}
	v.Refresh()
}

// MouseOut is for Fyne.
func (v *List) MouseOut() {
	v.hover, v.barHot, v.linkHot = nowhere, false, false
	v.look.hideTip()
	v.Refresh()
}

// MouseDown is for Fyne.
func (v *List) MouseDown(e *desktop.MouseEvent) {
	v.look.hideTip()
	v.takeFocus()
	if e.Button != desktop.MouseButtonPrimary || !v.overBar(e.Position) {
		return
	}
	h := v.Size().Height
	y, th := v.thumb(h)
	switch {
	case e.Position.Y < y:
		v.ScrollTo(v.offset - float64(h))
	case e.Position.Y > y+th:
		v.ScrollTo(v.offset + float64(h))
	default:
		v.inBar = true
	}
}

// MouseUp is for Fyne.
func (v *List) MouseUp(*desktop.MouseEvent) { v.inBar = false }

func (v *List) takeFocus() {
	if v.focused {
		return
	}
	if c := canvasOf(v); c != nil {
		v.quiet = true
		c.Focus(v)
	}
}

// Tapped is for Fyne.
func (v *List) Tapped(e *fyne.PointEvent) {
	i := v.rowAt(e.Position)
	if i < 0 || v.Row == nil || v.overBar(e.Position) {
		return
	}
	r, hit := v.Row(i), v.hitAt(i)
	switch {
	case e.Position.X >= hit.foldA && e.Position.X < hit.foldB:
		v.fold(i, r.Fold == Closed)
		return
	case e.Position.X >= hit.linkA && e.Position.X < hit.linkB:
		if v.OnLink != nil {
			v.OnLink(i)
		}
		return
	case r.Kind != ItemRow:
		return
	}
	now := v.now()
	double := i == v.lastRow && now.Sub(v.lastClick) <= doubleClick
	v.lastRow, v.lastClick = i, now
	v.Select(i)
	if double {
		v.lastRow = nowhere
		if v.OnDouble != nil {
			v.OnDouble(i)
			return
		}
		v.Open()
		return
	}
	if v.OnClick != nil {
		v.OnClick(i)
	}
}

// TappedSecondary is for Fyne.
func (v *List) TappedSecondary(e *fyne.PointEvent) {
	i := v.rowAt(e.Position)
	if i < 0 || v.Row == nil || v.Row(i).Kind != ItemRow {
		return
	}
	v.Select(i)
	if v.OnSecondary != nil {
		v.OnSecondary(i, e.AbsolutePosition)
	}
}
