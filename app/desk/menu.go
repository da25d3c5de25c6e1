package desk

import (
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/panel"
)

// A chord is a key with its modifiers; the zero chord is none.
type chord struct {
	key fyne.KeyName
	mod fyne.KeyModifier
}

const (
	ctrl      = fyne.KeyModifierControl
	shift     = fyne.KeyModifierShift
	ctrlShift = ctrl | shift
	alt       = fyne.KeyModifierAlt
	ctrlAlt   = ctrl | alt
)

// String is the chord as menus show it: "Ctrl+Shift+F".
func (c chord) String() string {
	if c.key == "" {
		return ""
	}
	var parts []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		name string
	}{{ctrl, words.T("Ctrl")}, {alt, words.T("Alt")}, {shift, words.T("Shift")}} {
		if c.mod&m.mod != 0 {
			parts = append(parts, m.name)
		}
	}
	name := string(c.key)
	if n, ok := keyNames[c.key]; ok {
		name = words.T(n)
	}
	return strings.Join(append(parts, name), "+")
}

// A menu is a title of the menu row and what hangs under it.
type menu struct {
	title   string
	actions []action
}

// An action is something the reviewer can do from a menu and, if it has a
// chord, from anywhere in the window. The command palette, the key map, the manual
// and the trace know it by its id, which stays when its label changes. An action may
// stand in two menus: it has one id there.
type action struct {
	id      string // "view.wrap": where it belongs, what it does
	label   string
	icon    string
	key     chord
	also    chord // a second chord, not shown
	do      func()
	checked func() bool
	over    bool        // also from another palette
	within  bool        // also while a peek is shown
	absent  func() bool // true: not offered now
	why     string      // what it lacks while it is absent: "no file is shown"
	rule    bool        // a line above it
}

// away reports whether the action is not offered now.
func (a action) away() bool { return a.absent != nil && a.absent() }

// run does an action, however it was asked for.
func (d *Desk) run(a action) {
	d.trace.say("action", a.id)
	if !strings.HasPrefix(a.id, "help.") {
		d.help.close() // what it does is below
	}
	a.do()
	d.tips.did(a.id)
}

// bindMenus takes titles and chords from the screen.
func (d *Desk) bindMenus() {
	c := d.win.Canvas()
	for _, s := range d.bound {
		c.RemoveShortcut(s)
	}
	d.bound, d.chords, d.over, d.within = nil, map[chord]func(){}, map[chord]bool{}, map[chord]bool{}
	for _, k := range []chord{{fyne.KeyF, ctrl}, {fyne.KeyLeft, alt}} { // help has a use for them on every screen
		d.bind(k, func() {})
	}
	var titles []string
	menus := d.screen.menus()
	letters := menuLetters(menus)
	for i, m := range menus {
		titles = append(titles, m.title)
		if letters[i] != 0 {
			d.bind(chord{fyne.KeyName(letters[i]), alt}, func() { d.openMenu(i) })
		}
		for _, a := range m.actions {
			d.bind(a.key, d.offered(a, d.chords[a.key]))
			d.bind(a.also, d.offered(a, d.chords[a.also]))
			d.over[a.key] = d.over[a.key] || a.over
			d.within[a.key] = d.within[a.key] || a.within
		}
	}
	d.bind(chord{key: fyne.KeyF6}, func() { d.cycle(1) })
	d.bind(chord{key: fyne.KeyF6, mod: shift}, func() { d.cycle(-1) })
	d.bind(chord{key: fyne.KeyF10}, func() { d.bar.Stand(0); c.Focus(d.bar) })
	d.bar.SetMenus(titles, letters)
}

// menuLetters are the letters that open the menus with Alt: of each title the first one
// that no menu before it and no action has, 0 where there is none.
func menuLetters(menus []menu) []rune {
	taken := map[chord]bool{}
	for _, m := range menus {
		for _, a := range m.actions {
			taken[a.key], taken[a.also] = true, true
		}
	}
	letters := make([]rune, len(menus))
	for i, m := range menus {
		for _, letter := range strings.ToUpper(m.title) {
			if k := (chord{fyne.KeyName(letter), alt}); !taken[k] {
				taken[k], letters[i] = true, letter
				break
			}
		}
	}
	return letters
}

// offered runs the action while it is offered, and else what has its chord too:
// a chord may be that of several actions of which one is offered at a time.
func (d *Desk) offered(a action, other func()) func() {
	return func() {
		switch {
		case !a.away():
			d.run(a)
		case other != nil:
			other()
		}
	}
}

// bind registers a chord with the canvas. Keys without Ctrl or Alt are no
// shortcuts to Fyne: they arrive in typedKey, because our widgets hand on what
// they have no use for.
func (d *Desk) bind(k chord, do func()) {
	if k.key == "" || do == nil {
		return
	}
	d.chords[k] = do
	if k.mod&(ctrl|alt) == 0 {
		return
	}
	s := &desktop.CustomShortcut{KeyName: k.key, Modifier: k.mod}
	d.win.Canvas().AddShortcut(s, func(fyne.Shortcut) { d.press(k) })
	d.bound = append(d.bound, s)
}

func (d *Desk) press(k chord) {
	if d.closing {
		return
	}
	if s, ok := d.screen.(interface{ switching() bool }); ok && s.switching() && k.key == fyne.KeyTab {
		d.chords[k]() // it goes on in the list that is shown
		return
	}
	if d.win.Canvas().Overlays().Top() != nil && k.key != fyne.KeyEscape && !(d.over[k] && d.look.HidePalette()) && !(d.within[k] && d.peeking()) {
		return // a dialog or menu has the keyboard
	}
	if d.help.press(k) {
		return
	}
	if do := d.chords[k]; do != nil {
		do()
	}
}

// peeking reports whether a peek is what lies over the screen.
func (d *Desk) peeking() bool {
	s, ok := d.screen.(interface{ peeking() bool })
	return ok && s.peeking()
}

// typedKey gets the keys that no focused widget wanted.
func (d *Desk) typedKey(e *fyne.KeyEvent) {
	k := chord{key: e.Name}
	if d.shifted() {
		k.mod = shift
	}
	if d.chords[k] != nil {
		d.press(k)
		return
	}
	if e.Name == fyne.KeyEscape && !d.look.Escape() && !d.help.close() {
		if s, ok := d.screen.(interface{ escape() }); ok {
			s.escape()
		}
	}
}

// typedShortcut gets the chords that the focused widget had no use for.
func (d *Desk) typedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok {
		if k := (chord{c.KeyName, c.Modifier}); d.chords[k] != nil {
			d.press(k)
		}
	}
}

// openMenu drops menu i.
func (d *Desk) openMenu(i int) {
	d.bar.Drop(d.win.Canvas(), i, func(i int) []panel.MenuItem {
		menus := d.screen.menus()
		if i >= len(menus) {
			return nil
		}
		if rows := d.items(menus[i].actions); len(rows) > 0 {
			return rows
		}
		return []panel.MenuItem{{Label: words.T("No file is open"), Disabled: true}}
	})
}

// items turns actions into rows of a pop-up menu.
func (d *Desk) items(actions []action) []panel.MenuItem {
	var out []panel.MenuItem
	for _, a := range actions {
		if a.away() {
			continue
		}
		out = append(out, panel.MenuItem{
			Label: a.label, Icon: a.icon, Key: a.key.String(), Do: func() { d.run(a) },
			Checked: a.checked != nil && a.checked(), Rule: a.rule && len(out) > 0,
		})
	}
	return out
}

// themes are the same on every screen.
func (d *Desk) themes() []action {
	names := map[string]string{"dark": words.T("Dark colours"), "light": words.T("Light colours"), "contrast": words.T("High contrast")}
	var out []action
	for _, p := range palettes {
		out = append(out, action{
			id: "view.theme." + p.Name, label: names[p.Name], do: func() { d.setPalette(p) },
			checked: func() bool { return d.look.Palette == p },
		})
	}
	return out
}

// helpMenu is the same on every screen.
func (d *Desk) helpMenu() menu {
	return menu{words.T("Help"), []action{
		{id: "help.manual", label: words.T("Manual"), icon: "journal", key: chord{key: fyne.KeyF1}, do: d.help.manual},
		{id: "help.keys", label: words.T("Keyboard map"), icon: "key", key: chord{fyne.KeyK, ctrl}, do: d.help.keyboard},
		{id: "help.tips", label: words.T("Tips for the first visit"), do: d.tips.again, absent: func() bool { _, ok := d.screen.(*roomScreen); return !ok }, why: words.T("they are shown in the room")},
		{id: "help.commands", label: words.T("Command palette …"), icon: "right", key: chord{fyne.KeyP, ctrlShift}, do: d.commands.show, over: true, rule: true},
	}}
}

// held reports whether a modifier is.
func (d *Desk) held(m fyne.KeyModifier) bool {
	drv, ok := d.app.Driver().(desktop.Driver)
	return ok && drv.CurrentKeyModifiers()&m != 0
}

// shifted reports whether Shift is held.
func (d *Desk) shifted() bool {
	drv, ok := d.app.Driver().(desktop.Driver)
	return ok && drv.CurrentKeyModifiers()&shift != 0
}
