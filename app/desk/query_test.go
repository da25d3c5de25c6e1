package desk

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/index/search"
	"vitrine/viewer/panel"
)

// TestFiltersAreChips: the filters of what is typed are chips; their × takes them out of
// the text, a click selects their value there.
func TestFiltersAreChips(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	p := r.search
	p.field.SetText(`decode path:*.c comment:the -path:"a b/*"`)
	s.idle()
	if n := len(p.chips.Objects); n != 3 || !p.chips.Visible() {
		t.Fatalf("%d chips", n)
	}
	chip := p.chips.Objects[0].(*panel.Chip)
	chip.OnTapped()
	if got := p.field.Focusable().(interface{ SelectedText() string }).SelectedText(); got != "*.c" {
		t.Errorf("a click selects %q", got)
	}
	test.Type(p.field.Focusable(), "*.h")
	s.idle()
	if got := p.field.Text(); got != `decode path:*.h comment:the -path:"a b/*"` {
		t.Errorf("typing over the value makes %s", got)
	}
	for range 3 {
		p.chips.Objects[0].(*panel.Chip).TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		s.idle()
	}
	if got := p.field.Text(); got != "decode" || p.chips.Visible() || p.query != p.compose() {
		t.Errorf("without filters the text is %q", got)
	}
}

func TestPieceIsTakenOutAndAdded(t *testing.T) {
	for _, c := range []struct{ text, without, want string }{
		{"a path:x b", "path:", "a b"},
		{"path:x b", "path:", "b"},
		{"a path:x", "path:", "a"},
		{"path:x", "path:", ""},
		{"a  path:x  b", "path:", "a   b"},
	} {
		if got := withoutPiece(c.text, search.Pieces(c.text)[0]); got != c.want {
			t.Errorf("%q without %s is %q, want %q", c.text, c.without, got, c.want)
		}
	}
	for _, c := range []struct{ text, name, value, want string }{
		{"", "path:", "*.c", "path:*.c"},
		{"a", "path:", "*.c", "a path:*.c"},
		{"a path:*.h ", "path:", "*.c", "a path:*.h path:*.c"},
		{"a path:*.c", "path:", "*.c", "a path:*.c"},
		{"a release:1 b", "release:", "2", "a release:2 b"},
		{"case:yes a", "case:", "no", "case:no a"},
		{"a", "comment:", "", "a comment:"},
	} {
		if got := withPiece(c.text, c.name, c.value); got != c.want {
			t.Errorf("%q with %s%s is %q, want %q", c.text, c.name, c.value, got, c.want)
		}
	}
}

// TestChoicesOfFiltersAreFilters: each that is offered is understood and finds its files.
func TestChoicesOfFiltersAreFilters(t *testing.T) {
	s, r := enter(t)
	r.search.filters.show()
	s.idle()
	all := r.search.filters.all
	if len(all) <= len(staticChoices)+4 {
		t.Fatalf("only %d filters are offered", len(all))
	}
	for _, c := range all {
		text := "file:/./ " + c.name + c.value
		if c.open {
			text = c.name + "x"
		}
		report, err := r.visit.Search(t.Context(), text, func(search.Hit) bool { return true })
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if c.name == "path:" {
			if _, err := r.visit.Search(t.Context(), text+" release:"+quotedValue(r.release), func(search.Hit) bool { return true }); err != nil || report.Files == 0 || c.files == 0 {
				t.Errorf("%s finds %d files, %v; offered are %d", text, report.Files, err, c.files)
			}
		}
	}
	p := r.search.filters
	p.query("lang c")
	if len(p.rows) == 0 || slices.ContainsFunc(p.rows, func(c filterChoice) bool { return !strings.Contains(c.name+c.value+c.about, "c") }) {
		t.Errorf("typing gives %v", p.rows)
	}
	p.palette.Hide()
	p.query("lang c ")
	at := slices.IndexFunc(p.rows, func(c filterChoice) bool { return c.name == "lang:" })
	p.add(p.rows[at], true)
	if got := r.search.field.Text(); got != "-lang:"+p.rows[at].value {
		t.Errorf("Ctrl+Enter makes %q", got)
	}
	s.idle()
}

// TestEarlierSearchesComeBack: going back through what was searched for ends with what
// was typed last; what was only typed is not among them.
func TestEarlierSearchesComeBack(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	p := r.search
	for _, q := range []string{"static", "decode", "static", `"int "`} {
		p.field.SetText(q)
		s.idle()
		p.record()
		s.idle()
	}
	p.field.SetText("")
	s.idle()
	var got []string
	for _, key := range []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown} {
		p.field.Focusable().TypedKey(&fyne.KeyEvent{Name: key})
		s.idle()
		got = append(got, p.field.Text())
	}
	if want := []string{`"int "`, "static", "decode", "decode", "static", `"int "`, ""}; !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	p.field.SetText("only typed")
	s.idle()
	p.field.Focusable().TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if got := p.field.Text(); got != "only typed" {
		t.Errorf("Up leads to %q in a field with text", got)
	}
	p.past.show()
	if !slices.Equal(p.past.rows, []pastQuery{{`"int "`, -1}, {"static", -1}, {"decode", -1}}) {
		t.Errorf("listed are %v", p.past.rows)
	}
	p.past.palette.Hide()
}

// TestFollowingInTheTree: the tree shows the open file, unless it is told not to.
func TestFollowingInTheTree(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	if got, _ := r.files.tree.Selected(); got != sampleFile {
		t.Fatalf("the tree shows %q", got)
	}
	follow := r.files.actions()[0]
	follow.do()
	s.open(r, "README.md", 1)
	if got, _ := r.files.tree.Selected(); got != sampleFile || follow.checked() {
		t.Errorf("the tree shows %q although it does not follow", got)
	}
	follow.do()
	if got, _ := r.files.tree.Selected(); got != "README.md" {
		t.Errorf("the tree shows %q", got)
	}
	for _, a := range r.files.actions()[2:] {
		a.do()
		if !a.checked() {
			t.Errorf("%s is not in use", a.label)
		}
	}
}

// TestSearchIsKept: a search is kept under a name and comes first in the list, also at the
// next visit; asked again it is what was typed; it can be taken away.
func TestSearchIsKept(t *testing.T) {
	s, r := enter(t)
	keep := s.actionsByID()["search.keep"].action
	if !keep.away() {
		t.Error("nothing typed can be kept")
	}
	p := r.search
	r.pickSide("search")
	p.field.SetText("decode path:*.c")
	s.idle()
	p.record()
	s.idle()
	if keep.away() {
		t.Fatal("what is typed cannot be kept")
	}
	before := r.visit.Entries()
	s.press(chord{fyne.KeyR, ctrlShift})
	s.typeIn("decoders")
	s.enterKey()
	s.idle()
	if want := []room.KeptSearch{{Name: "decoders", Query: "decode path:*.c"}}; !slices.Equal(p.kept.list, want) || s.said("searches 1") != 1 {
		t.Fatalf("kept are %v", p.kept.list)
	}
	if r.visit.Entries() != before {
		t.Error("that a search is kept is recorded")
	}
	p.field.SetText("static")
	s.idle()
	p.record()
	s.idle()
	s.goOut()

	r = s.comeBack()
	t.Cleanup(s.goOut)
	p = r.search
	s.press(chord{fyne.KeyR, ctrl})
	if !slices.Equal(p.past.rows, []pastQuery{{"decode path:*.c", 0}, {"static", -1}}) {
		t.Fatalf("listed are %v", p.past.rows)
	}
	s.typeIn("coders")
	if !slices.Equal(p.past.rows, []pastQuery{{"decode path:*.c", 0}}) {
		t.Errorf("of that name are %v", p.past.rows)
	}
	s.enterKey()
	s.idle()
	if p.field.Text() != "decode path:*.c" {
		t.Errorf("asked is %q", p.field.Text())
	}
	// The other one is kept from the list, without a name.
	p.past.show()
	p.past.palette.Hide()
	p.past.palette.OnOpen(1, true)
	s.enterKey()
	s.idle()
	if len(p.kept.list) != 2 || p.kept.list[1] != (room.KeptSearch{Name: "static", Query: "static"}) {
		t.Fatalf("kept are %v", p.kept.list)
	}
	// The same name replaces it.
	p.field.SetText("other")
	s.idle()
	p.kept.ask(p.kept.typed())
	s.typeIn("Static")
	s.enterKey()
	s.idle()
	if len(p.kept.list) != 2 || p.kept.list[1] != (room.KeptSearch{Name: "Static", Query: "other"}) {
		t.Fatalf("kept are %v", p.kept.list)
	}
	p.past.show()
	p.past.palette.Hide()
	p.past.palette.OnOpen(0, true)
	s.idle()
	got, err := r.visit.KeptSearches()
	if err != nil || len(got) != 1 || got[0].Name != "Static" || !slices.Equal(p.kept.list, got) {
		t.Errorf("after taking one away %v, %v", got, err)
	}
}
