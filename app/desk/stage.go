package desk

import "fyne.io/fyne/v2"

// staged reports whether a screen of its own stands in place of side panel and code.
func (r *roomScreen) staged() bool { return r.export != nil || r.shipped != nil }

// closeStage goes back to side panel and code.
func (r *roomScreen) closeStage() {
	if r.export != nil {
		r.closeExport()
	}
	r.closeShipped()
}

// stage shows a screen in place of side panel and code.
func (r *roomScreen) stage(body fyne.CanvasObject) {
	r.main.Objects = []fyne.CanvasObject{body}
	r.main.Refresh()
	r.showStatus()
	r.d.bindMenus()
}

// unstage shows side panel and code again.
func (r *roomScreen) unstage() {
	r.stage(r.split)
	r.rail.Select(r.shownSide)
	r.d.trace.say("screen", "room")
}
