package desk

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// stand puts the caret on the n-th (from 1) occurrence of a word in the open file.
func (s *stage) stand(r *roomScreen, word string, n int) code.Pos {
	s.t.Helper()
	t := r.current()
	for line := 1; line <= t.shown().Lines(); line++ {
		text, from := string(t.shown().Line(line)), 0
		for {
			i := strings.Index(text[from:], word)
			if i < 0 {
				break
			}
			if n--; n == 0 {
				p := code.Pos{Line: line, Col: from + i + 1}
				t.view.Select(code.Range{From: p, To: p})
				return p
			}
			from += i + len(word)
		}
	}
	s.t.Fatalf("%q does not stand there so often", word)
	return code.Pos{}
}

// unready makes the symbols look as if they were still being indexed.
func (r *roomScreen) unready() { r.named = room.DerivedState{Done: 43, Total: 100} }

func TestSymbolPaletteFindsAndOpens(t *testing.T) {
	s, r := enter(t)
	s.press(chord{fyne.KeyT, ctrl})
	if !r.finder.palette.Showing() {
		t.Fatal("Ctrl+T shows nothing")
	}
	typed := s.win.Canvas().Focused()
	test.Type(typed, "decasc")
	s.idle()
	if len(r.finder.rows) != 4 || r.finder.rows[0].Name != "decode_ascii85" || r.finder.rows[0].Kind != symbol.Function {
		t.Fatalf("found %+v", r.finder.rows)
	}
	row := r.finder.row(0)
	if row.Badge != "ƒ" || !strings.HasPrefix(row.Right[0].Text, sampleFile+":") || row.Text[0].Tone != panel.ToneAccent {
		t.Errorf("the row is %+v", row)
	}
	typed.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	at := r.current()
	if at == nil || at.doc.Place.Path != sampleFile {
		t.Fatal("the symbol's file is not open")
	}
	if word, ok := at.view.WordAt(at.view.Caret()); !ok || at.view.TextIn(word) != "decode_ascii85" {
		t.Errorf("the caret stands at %v, not at the name", at.view.Caret())
	}
}

// TestSymbolPaletteEnterBeforeTheAnswer: Enter opens the first of what was
// typed, not of fewer letters.
func TestSymbolPaletteEnterBeforeTheAnswer(t *testing.T) {
	s, r := enter(t)
	r.finder.show("")
	typed := s.win.Canvas().Focused()
	test.Type(typed, "d")
	s.idle()
	test.Type(typed, "ecode_flate")
	typed.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	at := r.current()
	if at == nil {
		t.Fatal("nothing was opened")
	}
	if word, _ := at.view.WordAt(at.view.Caret()); at.view.TextIn(word) != "decode_flate" {
		t.Errorf("%q was opened", at.view.TextIn(word))
	}
}

func TestSymbolPaletteFilters(t *testing.T) {
	s, r := enter(t)
	for _, c := range []struct {
		typed string
		ok    func() bool
	}{
		{"kind:macro m", func() bool {
			for _, h := range r.finder.rows {
				if h.Kind != symbol.Macro {
					return false
				}
			}
			return len(r.finder.rows) > 0
		}},
		{"kind:macro decode_ascii", func() bool { return len(r.finder.rows) == 0 }},
		{"kind:nonsense m", func() bool { return strings.Contains(r.finder.head, "no kind nonsense") }},
		{"path:engine/unpack decode", func() bool {
			for _, h := range r.finder.rows {
				if !strings.HasPrefix(h.place.Path, "engine/unpack/") {
					return false
				}
			}
			return len(r.finder.rows) > 0
		}},
		{"release:9 m", func() bool { return strings.Contains(r.finder.head, "no release 9") }},
		{"release:4.1.0 decode", func() bool { return len(r.finder.rows) > 0 && r.finder.rows[0].place.Release == "4.1.0" }},
		{"", func() bool { return len(r.finder.rows) == 0 && r.finder.head != "" }},
	} {
		r.finder.show("")
		r.finder.query(c.typed)
		s.idle()
		if !c.ok() {
			t.Errorf("%q gives %q %+v", c.typed, r.finder.head, r.finder.rows)
		}
		r.finder.palette.Hide()
	}
}

// TestSymbolsThatAreNotReady: whatever needs the index says how far it is, and
// what waited is asked again when it is there.
func TestSymbolsThatAreNotReady(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	r.unready()
	r.showStatus()
	if it, ok := r.symbolItem(); !ok || it.Text != "Symbols 43 %" {
		t.Errorf("the status bar says %+v", it)
	}
	r.finder.show("")
	r.finder.query("ascii")
	if !strings.Contains(r.finder.head, "43 %") || !strings.Contains(r.finder.head, "incomplete") || len(r.finder.rows) == 0 {
		t.Errorf("the palette says %q of %d symbols of the open file", r.finder.head, len(r.finder.rows))
	}
	r.finder.palette.Hide()

	s.stand(r, "is_space", 2)
	said := s.said("symbols waiting")
	r.goToDefinition(false)
	if s.said("symbols waiting") != said+1 {
		t.Error("going to a definition says nothing")
	}
	r.references()
	if s.said("uses waiting") != 1 || len(r.symbols.uses.every) != 0 {
		t.Error("references do not say that they wait")
	}
	r.tree(callers)
	if s.said("tree waiting") != 1 {
		t.Error("the tree does not say that it waits")
	}
	r.named = r.visit.SymbolState()
	r.symbolsChanged()
	s.idle()
	if len(r.symbols.uses.every) == 0 || r.symbols.tree.root == nil || len(r.symbols.tree.root.below) == 0 {
		t.Error("what waited was not asked again")
	}
}

func TestDefinitionAndBack(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	from := s.stand(r, "is_space", 2)
	s.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF12})
	s.idle()
	def := r.current().view.Caret()
	if got := string(r.current().doc.Text.Line(def.Line)); !strings.HasPrefix(got, "static bool is_space(") {
		t.Fatalf("F12 went to %q", got)
	}
	s.press(chord{fyne.KeyLeft, alt})
	s.idle()
	if got := r.current().view.Caret(); got != from {
		t.Errorf("back leads to %v, want %v", got, from)
	}
	s.press(chord{fyne.KeyRight, alt})
	s.idle()
	if got := r.current().view.Caret(); got != def {
		t.Errorf("forward leads to %v, want %v", got, def)
	}
	if len(r.trail.future) != 0 {
		t.Error("there is more to go forward to")
	}
}

// TestDefinitionsAreListed: where a name may mean several things, what is
// resolved stands apart from what has the same name.
func TestDefinitionsAreListed(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "decode_ascii85", 1)
	r.goToDefinition(true)
	s.idle()
	top := s.win.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("no list is shown")
	}
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("the list stays")
	}
	if got := string(r.current().doc.Text.Line(r.current().view.Caret().Line)); !strings.Contains(got, "decode_ascii85(") {
		t.Errorf("opened %q", got)
	}
}

func TestDefinitionOfAnInclude(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "archive", 1) // #include "archive.h"
	r.goToDefinition(false)
	s.idle()
	if got := r.current().doc.Place.Path; got != "engine/unpack/archive.h" {
		t.Fatalf("the include leads to %s", got)
	}
	r.fileTree(r.current().doc.Place, includers)
	s.idle()
	b := r.symbols.tree.root
	found := false
	for _, c := range b.below {
		found = found || c.place.Path == sampleFile
	}
	if !found {
		t.Errorf("%s does not stand among those that include it", sampleFile)
	}
	r.symbols.tree.turn(includes)
	s.idle()
	if len(b.below) == 0 {
		t.Error("what it includes is not listed")
	}
}

// TestInOtherReleases: the same symbol of an older release opens there.
func TestInOtherReleases(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "is_delimiter", 1)
	s.press(chord{fyne.KeyF12, ctrl})
	s.idle()
	if s.said("elsewhere 2 is_delimiter") != 1 {
		t.Fatalf("not found in both older releases:\n%s", s.trace.String())
	}
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	at := r.current()
	if word, _ := at.view.WordAt(at.view.Caret()); at.doc.Place.Release != "4.2.0" || at.view.TextIn(word) != "is_delimiter" {
		t.Errorf("opened %v at %v", at.doc.Place, at.view.Caret())
	}
}

// TestNested: what is around stands first, also where its name comes last.
func TestNested(t *testing.T) {
	const src = "typedef struct {\n  int a, b;\n\n} pair;\nint c;\n"
	at := func(s string) int { return strings.Index(src, s) }
	field := func(name string) symbol.Symbol {
		return symbol.Symbol{Name: name, Kind: symbol.Field, Start: at(name), End: at(name) + 1, BodyStart: at("int a"), BodyEnd: at(name) + 1}
	}
	o := nested(&symbol.Outline{Symbols: []symbol.Symbol{
		field("a,"), field("b;"),
		{Name: "pair", Kind: symbol.Struct, Start: at("pair"), End: at("pair") + 4, BodyStart: 0, BodyEnd: at("pair") + 4},
		{Name: "c", Kind: symbol.Variable, Start: at("c;"), End: at("c;") + 1, BodyStart: at("int c"), BodyEnd: at("c;") + 1},
	}}, "c", []byte(src))
	if o.rows[0].Name != "pair" || o.rows[1].depth != 1 || o.rows[2].depth != 1 || o.rows[3].Name != "c" || o.rows[3].depth != 0 {
		t.Errorf("the outline is %+v", o.rows)
	}
	for line, want := range map[int]string{1: "pair", 3: "pair", 4: "pair", 5: "c"} {
		if i := o.around(line); i < 0 || o.rows[i].Name != want {
			t.Errorf("around line %d is row %d, want %s", line, i, want)
		}
	}
	if i := o.around(9); i >= 0 {
		t.Errorf("around line 9 is row %d", i)
	}
}

func TestReferences(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "is_space", 2)
	before := r.visit.Entries()
	r.references()
	s.idle()
	u := r.symbols.uses
	classes := map[string]int{}
	for _, h := range u.every {
		classes[h.class]++
		if h.doubt {
			t.Errorf("line %d of %s is only a name match of a static function", h.line, h.place.Path)
		}
	}
	if classes["definition"] != 1 || classes["call"] < 3 || !u.done || !u.sure {
		t.Errorf("the uses are %v, done %v, sure %v", classes, u.done, u.sure)
	}
	if r.visit.Entries() != before+1 {
		t.Error("the question was not recorded")
	}
	u.which.Select(2)
	u.choose()
	if len(u.hits) != 0 {
		t.Error("resolved uses stand among the name matches")
	}
	u.which.Select(0)
	u.choose()
	u.show(len(u.hits)-1, false)
	s.idle()
	if got := r.current().view.Caret().Line; got != u.hits[len(u.hits)-1].line {
		t.Errorf("the last use leads to line %d", got)
	}
	u.run(u.asked)
	u.halt()
	s.idle()
	if !u.halted || s.said("uses stopped") != 1 {
		t.Error("the search was not stopped, or does not say so")
	}
}

func TestOutlineFollowsTheCaret(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.press(chord{fyne.KeyY, ctrlShift})
	p := r.symbols
	if p.outline.Length() < 20 {
		t.Fatalf("the outline has %d rows", p.outline.Length())
	}
	at := s.stand(r, "return is_space", 1)
	i := p.outline.Selected()
	if i < 0 || r.current().outline.rows[i].Name != "is_delimiter" {
		t.Fatalf("row %d is selected at line %d", i, at.Line)
	}
	for k, row := range r.current().outline.rows {
		if row.Name == "find_filter" {
			p.openOutline(k, true)
		}
	}
	s.idle()
	if word, _ := r.current().view.WordAt(r.current().view.Caret()); r.current().view.TextIn(word) != "find_filter" {
		t.Error("a click in the outline leads elsewhere")
	}
	s.press(chord{fyne.KeyO, ctrlShift})
	s.idle()
	if !r.finder.palette.Showing() || len(r.finder.rows) != p.outline.Length() {
		t.Errorf("Ctrl+Shift+O lists %d symbols", len(r.finder.rows))
	}
	r.finder.query("@hexdig")
	s.idle()
	if len(r.finder.rows) != 1 || r.finder.rows[0].Name != "hex_digit" {
		t.Errorf("@hexdig finds %+v", r.finder.rows)
	}
}

func TestCard(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	at := s.stand(r, "decode_ascii85", 3)
	s.press(chord{fyne.KeyF1, alt})
	s.idle()
	s.ui.until(t, "the card", func() bool { return s.said("card decode_ascii85") == 1 })
	if !s.look.CardShown() {
		t.Fatal("no card is shown")
	}
	s.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.look.CardShown() {
		t.Error("Escape leaves the card")
	}
	// The mouse rests on the name, then goes.
	view := r.current().view
	place, _ := view.Place(code.Pos{Line: at.Line, Col: at.Col + 2})
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(view)
	view.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: place.Subtract(origin).AddXY(3, 5)}})
	s.ui.until(t, "the card under the mouse", func() bool { return s.said("card decode_ascii85") == 2 })
	view.MouseOut()
	if s.look.CardShown() {
		t.Error("the card stays when the mouse has gone")
	}
}

func TestCallTree(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	s.stand(r, "is_space", 1)
	s.press(chord{fyne.KeyH, ctrlAlt})
	s.idle()
	p := r.symbols.tree
	if p.root == nil || p.root.name != "is_space" {
		t.Fatalf("the tree's root is %+v", p.root)
	}
	var delimiter *branch
	for _, b := range p.root.below {
		if b.name == "is_delimiter" {
			delimiter = b
		}
	}
	if delimiter == nil || delimiter.doubt {
		t.Fatalf("is_delimiter is not among the callers: %+v", p.root.below)
	}
	p.fold(delimiter, true)
	s.idle()
	if len(delimiter.below) == 0 || len(p.rows) != 1+len(p.root.below)+len(delimiter.below) {
		t.Fatalf("%d rows, %d below is_delimiter", len(p.rows), len(delimiter.below))
	}
	for i, b := range p.rows {
		if b == delimiter {
			p.openRow(i, true)
		}
	}
	s.idle()
	if got := string(r.current().doc.Text.Line(r.current().view.Caret().Line)); !strings.Contains(got, "is_space(c)") {
		t.Errorf("a caller leads to %q, not to the call", got)
	}
	p.turn(callees)
	s.idle()
	if p.root.failed != "" || p.way != callees {
		t.Errorf("what it calls: %q", p.root.failed)
	}
	s.stand(r, "filter {", 1)
	r.tree(members)
	s.idle()
	if p.root.name != "filter" || len(p.root.below) != 3 {
		t.Errorf("%s has %d members, want 3", p.root.name, len(p.root.below))
	}
}

// TestSymbolsOfAnyFile: nothing fails on files without a language, or without text.
func TestSymbolsOfAnyFile(t *testing.T) {
	s, r := enter(t)
	var places []deposit.Place
	for _, f := range r.listed[r.release] {
		if !f.Blob.IsZero() {
			places = append(places, deposit.Place{Release: r.release, Path: f.Path})
		}
	}
	unknown, binary := 0, 0
	for _, p := range places {
		tab := s.open(r, p.Path, 1)
		if tab.doc.Binary {
			binary++
		} else if tab.outline.lang == "" {
			unknown++
		}
		tab.view.SelectAll()
		if tab.noOutline() == "" {
			t.Errorf("%s: no word about its symbols", p.Path)
		}
		r.goToDefinition(false)
		r.references()
		r.cardAtCaret()
		r.tree(callers)
		r.tree(members)
		r.fileTree(p, includers)
		r.fileTree(p, includes)
		s.idle()
		for s.look.Escape() {
		}
	}
	if unknown == 0 || binary == 0 {
		t.Errorf("of %d files %d have no known language and %d no text: the test needs both", len(places), unknown, binary)
	}
}

// TestSearchForSymbols: sym: goes to definitions; what was asked before the symbols were
// there says so, and is asked again when they are.
func TestSearchForSymbols(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	test.Type(r.search.field.Focusable(), "sym:decode_ascii85 path:*.c")
	s.idle()
	if len(r.search.hits) == 0 || r.search.lacking {
		t.Fatalf("%d hits, lacking %v", len(r.search.hits), r.search.lacking)
	}
	r.search.submit()
	s.idle()
	at := r.current()
	if at == nil {
		t.Fatal("nothing was opened")
	}
	if word, _ := at.view.WordAt(at.view.Caret()); at.view.TextIn(word) != "decode_ascii85" {
		t.Errorf("the caret stands at %q", at.view.TextIn(word))
	}

	r.unready()
	r.search.lacking = true
	r.search.report.NotSearched = []search.NotSearched{{Why: search.WhyNotIndexed}}
	if !lacksSymbols(r.search.report) {
		t.Error("a file whose symbols are not indexed is not missed")
	}
	r.symbolsChanged()
	if text := r.search.symbolsMissing(); text != "Symbols: 43 %. Runs again when complete." {
		t.Errorf("it says %q", text)
	}
	r.named.Ready = true
	said := s.said("hits ")
	r.symbolsChanged()
	s.idle()
	if s.said("hits ") != said+1 || r.search.lacking {
		t.Errorf("it was not asked again:\n%s", s.trace.String())
	}
	r.named = room.DerivedState{Err: errors.New("no disk")}
	if text := r.search.symbolsMissing(); !strings.Contains(text, "no symbol index") {
		t.Errorf("it says %q", text)
	}
}
