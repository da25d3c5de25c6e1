package desk

import (
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// help stands in place of the screen: the contents of the manual at the left, a page or
// the keyboard map beside them. It works on every screen and leaves it as it was.
type help struct {
	d      *Desk
	below  []fyne.CanvasObject // the screen's, while help is shown
	back   fyne.Focusable      // who had the keyboard
	pages  []page
	shown  string // id of the page
	trail  []string
	listed []string // ids of the contents that are shown

	body   fyne.CanvasObject
	filter *panel.Field
	list   *panel.List
	right  *fyne.Container
	scroll *container.Scroll
	sheet  *panel.KeySheet
	links  []fyne.Focusable // of the page
}

// keyboardPage is the id of the keyboard map.
const keyboardPage = "keyboard"

const (
	contentsWidth = 230
	pageWidth     = 700 // a line of about ninety letters
	maxTrail      = 50
)

func newHelp(d *Desk) *help { return &help{d: d} }

func (h *help) showing() bool { return h.below != nil }

// manual shows the page about what has the keyboard now.
func (h *help) manual() { h.open(h.d.pageHere()) }

// keyboard shows the keyboard map.
func (h *help) keyboard() { h.open(keyboardPage) }

// pageHere is the page about the part that has the keyboard.
func (d *Desk) pageHere() string {
	if s, ok := d.screen.(interface{ page() string }); ok {
		return s.page()
	}
	return d.screen.name()
}

// sidePages are the pages about the panels at the left.
var sidePages = map[string]string{"files": "files", "search": "search", "symbols": "symbols", "notes": "annotations", "characters": "hidden", "bookmarks": "panes"}

// page is about the room's part that has the keyboard.
func (r *roomScreen) page() string {
	switch focused := r.d.win.Canvas().Focused(); {
	case r.export != nil:
		return "export"
	case r.shipped != nil:
		return "shipped"
	case focused == nil:
	case slices.Contains(r.sideParts(), focused) || focused == fyne.Focusable(r.rail):
		if id, ok := sidePages[r.shownSide]; ok {
			return id
		}
	case r.ann.body.Visible() && slices.Contains(r.ann.parts(), focused):
		return "annotations"
	case r.find.bar.Visible() && focused == r.find.field.Focusable():
		return "find"
	}
	return "reading"
}

func (h *help) open(id string) {
	if h.pages == nil {
		pages, err := manual()
		if err != nil {
			h.d.fail(words.T("The manual cannot be shown."), err)
			return
		}
		h.pages = pages
	}
	if !h.showing() {
		h.build()
		h.back = h.d.win.Canvas().Focused()
		h.below = h.d.stage.Objects
		h.d.stage.Objects = []fyne.CanvasObject{h.body}
		h.d.stage.Refresh()
	}
	h.filter.SetText("")
	h.search("")
	h.trail = nil
	h.show(id)
	if id == keyboardPage {
		h.d.focus("contents", h.filter.Focusable())
	} else {
		h.d.focus("contents", h.list)
	}
}

// close shows the screen again and reports whether there was anything to close.
func (h *help) close() bool {
	if !h.showing() {
		return false
	}
	h.d.stage.Objects = h.below
	h.drop()
	h.d.stage.Refresh()
	panel.Wake(h.d.win.Content())
	panel.Focus(h.d.win.Canvas(), h.back)
	h.d.trace.say("manual")
	return true
}

// drop forgets the screen below: another takes its place.
func (h *help) drop() { h.below, h.shown = nil, "" }

func (h *help) build() {
	l := h.d.look
	h.filter = panel.NewField(l)
	h.filter.SetIcon("search")
	h.filter.SetPlaceHolder(words.T("Search manual and keys"))
	h.filter.OnChanged = h.search
	h.filter.OnDown = func() { h.list.Step(1) }
	h.filter.OnUp = func() { h.list.Step(-1) }
	h.filter.OnSubmit = func(string) { h.d.focus("contents", h.list) }
	h.filter.OnCancel = func() { h.close() }
	h.filter.OnKey = h.turn
	h.list = panel.NewList(l, style.HeightTableRow)
	h.list.Row = h.row
	h.list.Empty = words.T("No page has these words.")
	h.list.OnSelect = func(i int) { h.visit(h.listed[i]) }
	h.list.OnOpen = func(int) { h.focusLink() }
	h.list.OnKey = h.turn
	left := panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		panel.NewHeader(l, words.T("Help"), panel.NewIconButton(l, "x", words.T("Close"), words.T("Esc"), func() { h.close() })),
		panel.Pad(2, style.Inset, style.Gap2, style.Inset, h.filter),
		panel.Grow(h.list),
		panel.Pad(style.Gap1, style.Inset, style.Gap2, style.Inset, panel.NewHints(l, []panel.Hint{{Key: words.T("Alt+←"), Text: words.T("back")}, {Key: words.T("Esc"), Text: words.T("close")}})),
	))
	h.right = container.NewStack()
	h.body = container.New(columns{{least: contentsWidth, most: contentsWidth, share: .2}, {}}, left, h.right)
}

// turn scrolls the page by the keys that are left for it.
func (h *help) turn(e *fyne.KeyEvent) bool {
	if h.scroll == nil {
		return false
	}
	step := h.scroll.Size().Height - 2*style.HeightTableRow
	switch e.Name {
	case fyne.KeyPageUp:
		step = -step
	case fyne.KeyPageDown:
	default:
		return false
	}
	most := max(0, h.scroll.Content.Size().Height-h.scroll.Size().Height)
	h.scroll.Offset.Y = min(max(h.scroll.Offset.Y+step, 0), most)
	h.scroll.Refresh()
	return true
}

// press takes the keys that mean something else here than on the screen below.
func (h *help) press(k chord) bool {
	if !h.showing() {
		return false
	}
	switch k {
	case chord{fyne.KeyF, ctrl}:
		h.d.focus("contents", h.filter.Focusable())
		h.filter.SelectAll()
	case chord{fyne.KeyLeft, alt}:
		h.goBack()
	case chord{key: fyne.KeyF1}:
		h.close()
	default:
		return false
	}
	return true
}

func (h *help) goBack() {
	if n := len(h.trail); n > 0 {
		id := h.trail[n-1]
		h.trail = h.trail[:n-1]
		h.show(id)
	}
}

func (h *help) regions() []region {
	return []region{
		{"contents", func() []fyne.Focusable { return []fyne.Focusable{h.list, h.filter.Focusable()} }},
		{"page", func() []fyne.Focusable { return h.links }},
	}
}

func (h *help) focusLink() {
	if len(h.links) > 0 {
		h.d.focus("page", h.links[0])
	}
}

// search leaves the pages that have all words of what was typed, and such keys.
func (h *help) search(typed string) {
	words := strings.Fields(strings.ToLower(typed))
	h.listed = h.listed[:0]
	keys := holding(h.d.keyMap(), typed)
	if len(keys) > 0 {
		h.listed = append(h.listed, keyboardPage)
	}
	for _, p := range h.pages {
		if hasAll(p.text, words) {
			h.listed = append(h.listed, p.id)
		}
	}
	h.list.SetLength(len(h.listed))
	if h.shown == keyboardPage && h.sheet != nil {
		h.sheet.Set(keys)
		h.scroll.Offset.Y = 0
		h.scroll.Refresh()
	}
	at := slices.Index(h.listed, h.shown)
	if at < 0 && len(h.listed) > 0 && typed != "" {
		at = 0
	}
	h.list.Select(at)
}

func (h *help) row(i int) panel.Row {
	id := h.listed[i]
	if id == keyboardPage {
		return panel.Row{Fold: panel.Flat, Icon: "key", IconTone: panel.ToneDim, Text: []panel.Span{{Text: words.T("Keyboard map")}}}
	}
	return panel.Row{Fold: panel.Flat, Icon: "doc", IconTone: panel.ToneDim, Text: []panel.Span{{Text: h.page(id).title}}}
}

func (h *help) page(id string) *page {
	for i := range h.pages {
		if h.pages[i].id == id {
			return &h.pages[i]
		}
	}
	return nil
}

// visit goes to a page, from which one comes back.
func (h *help) visit(id string) {
	if id == h.shown {
		return
	}
	if h.shown != "" {
		h.trail = append(h.trail, h.shown)
		h.trail = h.trail[max(0, len(h.trail)-maxTrail):]
	}
	h.show(id)
}

func (h *help) show(id string) {
	if id == h.shown {
		return
	}
	if id != keyboardPage && h.page(id) == nil {
		id = h.pages[0].id
	}
	h.shown = id
	var content fyne.CanvasObject
	h.links, h.sheet = nil, nil
	if id == keyboardPage {
		h.sheet = panel.NewKeySheet(h.d.look, holding(h.d.keyMap(), h.filter.Text()))
		h.sheet.Empty = words.T("No key has these words.")
		content = panel.VBox(style.Gap3, h.title(words.T("Keyboard map")), h.sheet)
	} else {
		content = panel.Sized(pageWidth, 0, h.typeset(h.page(id)))
	}
	box := panel.NewScroll(panel.Pad(style.Gap4, style.Gap5, style.Gap5, style.Gap5, content))
	h.scroll = box.Objects[0].(*container.Scroll)
	h.right.Objects = []fyne.CanvasObject{box}
	h.right.Refresh()
	h.list.Select(slices.Index(h.listed, id))
	h.d.trace.say("manual", id)
}

func (h *help) title(text string) fyne.CanvasObject {
	t := panel.NewLabel(h.d.look, text)
	t.TextSize, t.Bold = style.TextTitle, true
	return t
}

// typeset makes a page's paragraphs.
func (h *help) typeset(p *page) fyne.CanvasObject {
	parts := []fyne.CanvasObject{h.title(p.title)}
	actions := h.d.actionsByID()
	for _, b := range p.blocks {
		if b.kind == heading2 {
			t := panel.NewLabel(h.d.look, b.spans[0].text)
			t.TextSize, t.Bold = style.TextHeading, true
			parts = append(parts, panel.Pad(style.Gap2, 0, 0, 0, t))
			continue
		}
		var runs []panel.Run
		for _, m := range b.spans {
			runs = append(runs, h.run(m, actions)...)
		}
		v := panel.NewProse(h.d.look, runs...)
		if b.kind == item {
			v.Lead = "•"
		}
		if !v.Disabled() {
			h.links = append(h.links, v)
		}
		parts = append(parts, v)
	}
	return panel.VBox(style.Gap2, parts...)
}

// A place is an action with the menu it is in.
type placed struct {
	action
	menu string
}

// actionsByID are the actions of the screen, by id.
func (d *Desk) actionsByID() map[string]placed {
	out := map[string]placed{}
	for _, m := range d.allMenus() {
		for _, a := range m.actions {
			if _, ok := out[a.id]; !ok {
				out[a.id] = placed{a, m.title}
			}
		}
	}
	return out
}

func (h *help) run(m mark, actions map[string]placed) []panel.Run {
	where := func(a placed) []panel.Run {
		return []panel.Run{{Text: a.menu + " › " + strings.TrimSuffix(a.label, " …"), Bold: true}}
	}
	switch m.kind {
	case boldText:
		return []panel.Run{{Text: m.text, Bold: true}}
	case nameText:
		return []panel.Run{{Text: m.text, Mono: true}}
	case linkText:
		return []panel.Run{{Text: m.text, Link: func() { h.visit(m.to) }}}
	case pressed:
		return []panel.Run{{Text: m.text, Key: true}}
	case keyOf, menuOf:
		a, ok := actions[m.to]
		switch {
		case !ok: // of another screen
			return []panel.Run{{Text: elsewhereText(m.to)}}
		case m.kind == menuOf || a.key.key == "":
			return where(a)
		}
		return []panel.Run{{Text: a.key.String(), Key: true}}
	}
	return []panel.Run{{Text: m.text}}
}

// elsewhereText stands for an action that this screen's menus do not have.
func elsewhereText(id string) string { return words.T("the menu of another screen (%s)", id) }
