package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"
)

// resizeStep is by how much a key moves a line between panes, in pixels.
const resizeStep = 40

// paneActions are what is done with panes.
func (r *roomScreen) paneActions() []action {
	noFile := func() bool { return r.current() == nil || r.staged() }
	onePane := func() bool { return len(r.panes()) < 2 || r.staged() }
	out := []action{
		{id: "pane.split", label: words.T("Split right"), icon: "split", key: chord{fyne.KeyBackslash, ctrl}, do: func() { r.splitPane(false) }, absent: noFile, why: words.T("no file is shown")},
		{id: "pane.splitBelow", label: words.T("Split below"), key: chord{fyne.KeyBackslash, ctrlShift}, do: func() { r.splitPane(true) }, absent: noFile, why: words.T("no file is shown")},
		{id: "pane.moveTab", label: words.T("Move the tab to the next pane"), key: chord{fyne.KeyPageDown, ctrlAlt}, do: r.moveTab, absent: noFile, why: words.T("no file is shown")},
		{id: "pane.close", label: words.T("Close the pane"), key: chord{fyne.KeyW, ctrlShift}, do: func() { r.dropPane(r.pane) }, absent: onePane, why: words.T("there is one pane")},
		{id: "pane.larger", label: words.T("Larger"), key: chord{fyne.KeyRight, ctrlAlt}, do: func() { r.resizePane(resizeStep) }, within: true, absent: r.staged, why: words.T("another screen is shown")},
		{id: "pane.smaller", label: words.T("Smaller"), key: chord{fyne.KeyLeft, ctrlAlt}, do: func() { r.resizePane(-resizeStep) }, within: true, absent: r.staged, why: words.T("another screen is shown")},
		{id: "pane.even", label: words.T("Panes of equal size"), do: r.evenPanes, absent: onePane, why: words.T("there is one pane")},
	}
	out = append(out,
		action{id: "tab.pin", label: words.T("Pin the tab"), icon: "pin", do: func() { r.pin(r.at, !r.current().pinned) }, absent: noFile, why: words.T("no file is shown"), checked: func() bool { t := r.current(); return t != nil && t.pinned }, rule: true},
		action{id: "tab.left", label: words.T("Move the tab left"), key: chord{fyne.KeyPageUp, ctrlShift}, do: func() { r.moveAlong(r.at, r.at-1) }, absent: noFile, why: words.T("no file is shown")},
		action{id: "tab.right", label: words.T("Move the tab right"), key: chord{fyne.KeyPageDown, ctrlShift}, do: func() { r.moveAlong(r.at, r.at+1) }, absent: noFile, why: words.T("no file is shown")},
		action{id: "tab.closeOthers", label: words.T("Close the other tabs"), do: func() { r.closeOthers(r.at) }, absent: noFile, why: words.T("no file is shown")},
		action{id: "tab.closeAll", label: words.T("Close all tabs"), do: func() { r.closeAll() }, absent: noFile, why: words.T("no file is shown")},
	)
	for i, k := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4} {
		out = append(out, action{id: "pane." + string(k), label: words.T("Pane %s", string(k)), key: chord{k, ctrl}, do: func() { r.goToPane(i) },
			absent: func() bool { return i >= len(r.panes()) || onePane() }, why: words.T("there are not so many panes"), checked: func() bool { return i < len(r.panes()) && r.panes()[i].active() }, rule: i == 0})
	}
	return out
}
