package desk

import (
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/search"
	"vitrine/viewer/panel"
)

// The filters of a typed query are shown as chips below it. They are only a view: the
// text is what is searched for. The × of a chip takes its piece out of the text, a click
// selects its value there.

// chipNames are what a chip says for a name that would not explain itself.
var chipNames = map[string]string{"-path:": words.Key("not path"), "-lang:": words.Key("not lang"), "sym:": "symbol"}

// showChips shows those of what is typed now.
func (s *searchPanel) showChips() {
	pieces := room.QueryPieces(s.field.Text())
	if slices.Equal(pieces, s.pieces) {
		return
	}
	s.pieces = pieces
	l := s.r.d.look
	s.chips.Objects = nil
	for _, p := range pieces {
		name, ok := chipNames[p.Name]
		if !ok {
			name = strings.TrimSuffix(p.Name, ":")
		} else {
			name = words.T(name)
		}
		chip := panel.NewFilterChip(l, name, p.Value, func() { s.without(p) })
		chip.OnTapped = func() { s.edit(p) }
		s.chips.Objects = append(s.chips.Objects, chip)
	}
	s.chips.Hide()
	if len(pieces) > 0 {
		s.chips.Show()
	}
	s.chips.Refresh()
	s.body.Refresh()
}

// parts are what takes the keyboard, the field first.
func (s *searchPanel) parts() []fyne.Focusable {
	out := []fyne.Focusable{s.field.Focusable(), s.list}
	for _, o := range s.chips.Objects {
		if f, ok := o.(fyne.Focusable); ok {
			out = append(out, f)
		}
	}
	return out
}

// without takes a piece out of the text.
func (s *searchPanel) without(p search.Piece) {
	s.ask(withoutPiece(s.field.Text(), p))
}

func withoutPiece(text string, p search.Piece) string {
	before, behind := text[:p.From], text[p.To:]
	if before == "" || strings.HasSuffix(before, " ") {
		behind = strings.TrimPrefix(behind, " ")
	}
	if behind == "" {
		before = strings.TrimSuffix(before, " ")
	}
	return before + behind
}

// edit goes to the value of a piece in the text.
func (s *searchPanel) edit(p search.Piece) {
	s.focus()
	s.field.SelectRange(p.From+len(p.Name), p.To)
}

// ask puts a text into the field and searches for it.
func (s *searchPanel) ask(text string) {
	changed := s.field.Text() != text
	s.focus()
	if s.field.SetText(text); !changed { // else that runs it
		s.run()
	}
}

// once are filters that a query has once.
var once = []string{"case:", "word:", "multi:", "binary:", "release:", "new-in:", "gone-in:"}

// withPiece adds a filter to a query, in the place of one that is there once.
func withPiece(text, name, value string) string {
	for _, p := range room.QueryPieces(text) {
		if p.Name == name && slices.Contains(once, name) {
			return text[:p.From] + name + value + text[p.To:]
		}
		if p.Name == name && p.Value == value {
			return text
		}
	}
	if text != "" && !strings.HasSuffix(text, " ") {
		text += " "
	}
	return text + name + value
}

// quotedValue is a value as it is written in a query.
func quotedValue(v string) string {
	if strings.ContainsAny(v, " ,\"()") || v == "" {
		return `"` + strings.ReplaceAll(v, `"`, `\"`) + `"`
	}
	return v
}

// globOf is a path as it is written in a path: filter that means just this one.
func globOf(path string) string {
	return quotedValue(strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path))
}

// hitMenu is what can be done with a row of hits.
func (s *searchPanel) hitMenu(i int, at fyne.Position) {
	r, ok := s.rowAt(i)
	if !ok || r.hit == rowEnd {
		return
	}
	path := s.groups[r.group].place.Path
	var items []panel.MenuItem
	if r.hit >= 0 {
		around := len(s.aroundIn(r.hit, r.hit+1)) > 0
		items = append(items,
			panel.MenuItem{Label: words.T("Open"), Icon: "doc", Key: words.T("Enter"), Do: func() { s.show(r.hit, false) }},
			panel.MenuItem{Label: words.T("Lines around it"), Key: words.T("Space"), Checked: around, Do: func() { s.lookAround(r.hit, !around) }})
	}
	add := func(name, value string) func() { return func() { s.ask(withPiece(s.field.Text(), name, value)) } }
	items = append(items,
		panel.MenuItem{Label: words.T("Only in this file"), Icon: "filter", Rule: len(items) > 0, Do: add("path:", globOf(path))},
		panel.MenuItem{Label: words.T("Not in this file"), Do: add("-path:", globOf(path))})
	if slash := strings.LastIndexByte(path, '/'); slash > 0 {
		items = append(items,
			panel.MenuItem{Label: words.T("Only in this folder"), Icon: "files", Do: add("path:", globOf(path[:slash+1]))},
			panel.MenuItem{Label: words.T("Not in this folder"), Do: add("-path:", globOf(path[:slash+1]))})
	}
	items = append(items, panel.MenuItem{Label: words.T("Fold all files"), Icon: "collapse", Rule: true, Do: s.foldAll})
	panel.ShowMenu(s.r.d.look, s.r.d.win.Canvas(), at, items)
}
