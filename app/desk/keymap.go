package desk

import (
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// windowKeys are the keys of the window itself; bindMenus binds them.
func windowKeys() []panel.KeyLine {
	return []panel.KeyLine{
		{What: words.T("Next, previous part of the window"), Keys: []string{"F6", words.T("Shift+F6")}},
		{What: words.T("Next, previous control"), Keys: []string{words.T("Tab"), words.T("Shift+Tab")}},
		{What: words.T("Menus"), Keys: []string{"F10", words.T("Alt+letter")}},
		{What: words.T("Close what is open; back to the code"), Keys: []string{words.T("Esc")}},
	}
}

// keyMap is every key of the screen by the part that has a use for it: the menus of the
// screen, then the code's, the lists' and the palettes' own, as those publish them.
func (d *Desk) keyMap() []panel.KeyGroup {
	var out []panel.KeyGroup
	told := map[string]bool{}
	for _, m := range d.allMenus() {
		g := panel.KeyGroup{Title: m.title}
		for _, a := range m.actions {
			if a.key.key == "" || told[a.id] {
				continue
			}
			told[a.id] = true
			line := panel.KeyLine{What: strings.TrimSuffix(a.label, " …"), Keys: []string{a.key.String()}, Off: a.away()}
			if a.also.key != "" {
				line.Keys = append(line.Keys, a.also.String())
			}
			g.Lines = append(g.Lines, line)
		}
		if len(g.Lines) > 0 {
			out = append(out, g)
		}
	}
	out = append(out, panel.KeyGroup{Title: words.T("Window"), Lines: windowKeys()})
	if _, ok := d.screen.(*roomScreen); ok {
		g := panel.KeyGroup{Title: words.T("In the code, with Shift to select")}
		for _, k := range code.Keys() {
			g.Lines = merge(g.Lines, words.T(k.What), chord{k.Name, k.Modifier})
		}
		out = append(out, g)
	}
	lists := panel.KeyGroup{Title: words.T("In lists and trees")}
	for _, k := range panel.ListKeys() {
		lists.Lines = merge(lists.Lines, words.T(k.What), chord{k.Name, k.Modifier})
	}
	boxes := panel.KeyGroup{Title: words.T("In palettes")}
	for _, k := range panel.PaletteKeys() {
		boxes.Lines = merge(boxes.Lines, words.T(k.What), chord{k.Name, k.Modifier})
	}
	return append(out, lists, boxes)
}

// merge adds a key, to the line that says the same if there is one.
func merge(lines []panel.KeyLine, what string, k chord) []panel.KeyLine {
	if i := slices.IndexFunc(lines, func(l panel.KeyLine) bool { return l.What == what }); i >= 0 {
		lines[i].Keys = append(lines[i].Keys, k.String())
		return lines
	}
	return append(lines, panel.KeyLine{What: what, Keys: []string{k.String()}})
}

// holding leaves those lines whose words or keys hold all of what was typed.
func holding(groups []panel.KeyGroup, typed string) []panel.KeyGroup {
	words := strings.Fields(strings.ToLower(typed))
	if len(words) == 0 {
		return groups
	}
	var out []panel.KeyGroup
	for _, g := range groups {
		one := panel.KeyGroup{Title: g.Title}
		for _, l := range g.Lines {
			if hasAll(strings.ToLower(l.What+" "+strings.Join(l.Keys, " ")+" "+g.Title), words) {
				one.Lines = append(one.Lines, l)
			}
		}
		if len(one.Lines) > 0 {
			out = append(out, one)
		}
	}
	return out
}

func hasAll(s string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(s, w) })
}

// keyNames are keys whose names Fyne has for itself.
var keyNames = map[fyne.KeyName]string{
	fyne.KeyReturn: words.Key("Enter"), fyne.KeyEnter: words.Key("Enter"), fyne.KeyEscape: words.Key("Esc"), fyne.KeyPageUp: words.Key("PgUp"), fyne.KeyPageDown: words.Key("PgDn"),
	fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyUp: "↑", fyne.KeyDown: "↓", fyne.KeyBackspace: words.Key("Backspace"), fyne.KeySpace: words.Key("Space"),
	fyne.KeyDelete: words.Key("Del"), fyne.KeyInsert: words.Key("Ins"),
}
