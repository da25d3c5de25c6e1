package desk

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/panel"
)

func TestAsked(t *testing.T) {
	for typed, want := range map[string]asked{
		"":             {mode: askFile},
		"buf.c":        {mode: askFile, path: "buf.c"},
		"buf.c:12":     {mode: askFile, path: "buf.c", line: 12},
		"buf.c:12:3":   {mode: askFile, path: "buf.c", line: 12, col: 3},
		"buf.c:12:":    {mode: askFile, path: "buf.c", line: 12},
		"buf.c:":       {mode: askFile, path: "buf.c"},
		"a:b":          {mode: askFile, path: "a:b"},
		"x:-3":         {mode: askFile, path: "x:-3"},
		"x:0":          {mode: askFile, path: "x:0"},
		":":            {mode: ':'},
		":7":           {mode: ':', line: 7},
		":7:2":         {mode: ':', line: 7, col: 2},
		"pe.c@":        {mode: askFile, path: "pe.c", ofFile: true},
		"pe.c@scan":    {mode: askFile, path: "pe.c", symbol: "scan", ofFile: true},
		"@scan":        {mode: '@'},
		"#scan":        {mode: '#'},
		">wrap":        {mode: '>'},
		"?":            {mode: '?'},
		"icon@2x.png:": {mode: askFile, path: "icon", symbol: "2x.png:", ofFile: true},
	} {
		if got := parseAsked(typed); got != want {
			t.Errorf("%q is %+v, want %+v", typed, got, want)
		}
	}
}

func (s *stage) typeIn(text string) {
	for _, r := range text { // what is typed may lead into another box
		s.win.Canvas().Focused().TypedRune(r)
	}
	s.idle()
}

func (s *stage) erase(n int) {
	for range n {
		s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	s.idle()
}

func (s *stage) enterKey() {
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
}

func TestQuickOpenGoesOn(t *testing.T) {
	s, r := enter(t)
	s.open(r, "README.md", 1)
	for _, c := range []struct{ typed, path, where string }{
		{"pdfdec:40:2", sampleFile, "40:2"},
		{"pdfdec@ascii85", sampleFile, ""},
		{"zip.c", "engine/unpack/zip.c", "1:1"},
		{":2:1", "engine/unpack/zip.c", "2:1"},
	} {
		s.press(chord{fyne.KeyP, ctrl})
		s.typeIn(c.typed)
		s.enterKey()
		at := r.current()
		if at == nil || at.doc.Place.Path != c.path || c.where != "" && caretText(at.view.Caret()) != c.where {
			t.Fatalf("%q went to %+v, want %s %s:\n%s", c.typed, at.doc.Place, c.path, c.where, s.trace.String())
		}
		if _, _, name := r.word(); strings.Contains(c.typed, "@") && !strings.Contains(name, "ascii85") {
			t.Errorf("%q went to %q", c.typed, name)
		}
	}
}

// TestQuickOpenSymbolOfTheSelected: "@" behind a path is about the row that was selected.
func TestQuickOpenSymbolOfTheSelected(t *testing.T) {
	s, r := enter(t)
	s.press(chord{fyne.KeyP, ctrl})
	s.typeIn("unpack .c")
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	second := r.quick.paths[r.quick.found.Best[1].Index]
	s.typeIn("@")
	if r.quick.of == nil || r.quick.of.place.Path != second {
		t.Errorf("the symbols are of %+v, want of %s", r.quick.of, second)
	}
}

// TestPalettesTurnIntoEachOther: the signs in front lead from one box into the next, and
// where the focus was is not forgotten on the way.
func TestPalettesTurnIntoEachOther(t *testing.T) {
	s, r := enter(t)
	s.open(r, "README.md", 1)
	r.pickSide("notes")
	s.press(chord{fyne.KeyP, ctrlShift})
	if !s.commands.palette.Showing() || s.commands.palette.Text() != ">" {
		t.Fatalf("Ctrl+Shift+P shows %q", s.commands.palette.Text())
	}
	s.erase(1)
	if s.commands.palette.Showing() || !r.quick.palette.Showing() {
		t.Fatal("without its sign the box is not quick open")
	}
	s.typeIn("?")
	if got := len(prefixes); got != 5 || r.quick.ask.mode != '?' {
		t.Fatalf("? shows %d rows", got)
	}
	s.erase(1)
	s.typeIn("#decode")
	if !r.finder.palette.Showing() || len(r.finder.rows) == 0 {
		t.Fatalf("# does not look for symbols:\n%s", s.trace.String())
	}
	s.press(chord{fyne.KeyP, ctrl})
	if r.finder.palette.Showing() || !r.quick.palette.Showing() {
		t.Fatal("Ctrl+P does not work over another palette")
	}
	s.typeIn(">copy")
	if !s.commands.palette.Showing() || len(s.commands.rows) == 0 {
		t.Fatal("> does not lead to the actions")
	}
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("Esc leaves something open")
	}
	if s.win.Canvas().Focused() != fyne.Focusable(r.notes.list) {
		t.Errorf("Esc goes to %T", s.win.Canvas().Focused())
	}
}

// TestCommands: on every screen, each action once; what is not offered is told and not done.
func TestCommands(t *testing.T) {
	s, r := enter(t)
	rows := func(typed string) (now, off []string) {
		s.press(chord{fyne.KeyP, ctrlShift})
		s.typeIn(typed)
		for i, row := range s.commands.rows {
			switch {
			case row.heading != "":
			case row.off:
				if got := s.commands.row(i); got.Kind != panel.NoteRow || !strings.Contains(got.Text[1].Text, row.why) {
					t.Errorf("%s is not shown as not offered: %+v", row.id, got)
				}
				off = append(off, row.id)
			default:
				now = append(now, row.id)
			}
		}
		return now, off
	}
	_, off := rows("")
	if !contains(off, "go.line") {
		t.Errorf("without a file go.line is not among %v", off)
	}
	s.look.Escape()
	if now, _ := rows("view light"); len(now) != 1 || now[0] != "view.theme.light" {
		t.Errorf("view light finds %v", now)
	}
	s.look.Escape()
	now, off := rows("zzz")
	if len(now) != 0 || len(off) != 0 {
		t.Errorf("%v, %v", now, off)
	}
	s.look.Escape()
	s.open(r, "README.md", 1)
	now, _ = rows("certif")
	if len(now) == 0 || now[0] != "room.certificate" {
		t.Fatalf("certif finds %v", now)
	}
	s.look.Escape()
	rows("high contr")
	s.enterKey()
	if s.look.Palette.Name != "contrast" || s.said("action view.theme.contrast") != 1 {
		t.Errorf("Enter did not do it:\n%s", s.trace.String())
	}
	rows("")
	if first := s.commands.rows[1]; first.command == nil || first.id != "view.theme.contrast" || !first.set {
		t.Errorf("what was used last is not first: %+v", first)
	}
	s.look.Escape()
	if got := newCommands(s.Desk).lately; len(got) != 1 {
		t.Errorf("remembered: %v", got)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestSentence(t *testing.T) {
	for said, want := range map[string]string{
		"the disk is full":          "The disk is full.",
		"big.bundle: it differs":    "big.bundle: it differs.",
		"journal: entry 3 is wrong": "journal: entry 3 is wrong.",
		"Who are you?":              "Who are you?",
		"":                          "",
	} {
		if got := sentence(errors.New(said)); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}
