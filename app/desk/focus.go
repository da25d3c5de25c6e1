package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/panel"
)

// A region is one of the parts that F6 goes through.
type region struct {
	name  string
	parts func() []fyne.Focusable // the first takes the focus; nil or none: skipped
}

func one(f fyne.Focusable) func() []fyne.Focusable {
	return func() []fyne.Focusable { return []fyne.Focusable{f} }
}

// allRegions is the menu row, the screen's regions and the status bar.
func (d *Desk) allRegions() []region {
	inner := d.screen.regions()
	if d.help.showing() {
		inner = d.help.regions()
	}
	out := append([]region{{"menu", one(d.bar)}}, inner...)
	if d.tips.banner.Visible() {
		out = append(out, region{"tip", one(d.tips.banner)})
	}
	if d.foot.Visible() {
		out = append(out, region{"status", one(d.status)})
	}
	return out
}

// cycle moves the focus to the next region that can take it.
func (d *Desk) cycle(by int) {
	regions := d.allRegions()
	focused := d.win.Canvas().Focused()
	at := -1
	for i, r := range regions {
		for _, p := range r.parts() {
			if focused != nil && p == focused {
				at = i
			}
		}
	}
	if at < 0 && by < 0 {
		at = 0
	}
	for range regions {
		at = (at + by + len(regions)) % len(regions)
		// What is out of sight cannot have the keyboard, and must not be the end of the way.
		if parts := regions[at].parts(); len(parts) > 0 && d.focus(regions[at].name, parts[0]) {
			return
		}
	}
}

// position is where on the window an object is.
func (d *Desk) position(o fyne.CanvasObject) fyne.Position {
	return d.app.Driver().AbsolutePositionForObject(o)
}

// focus gives f the keyboard, if it is in sight, and says which region has it.
func (d *Desk) focus(name string, f fyne.Focusable) bool {
	if f == nil {
		return false
	}
	panel.Wake(d.win.Content())
	if !panel.Focus(d.win.Canvas(), f) {
		return false
	}
	d.trace.say("focus", name)
	return true
}
