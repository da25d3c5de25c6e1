package desk

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

// encodeAs sets the encoding of the open file as the menu does.
func (s *stage) encodeAs(r *roomScreen, e content.Encoding) {
	s.t.Helper()
	t := r.current()
	r.setEncoding(t, e)
	s.idle()
}

// TestEncodingByHand: the file is shown and searched as the reviewer sets it, in every
// tab that has its bytes, with the caret at the same bytes; and undone.
func TestEncodingByHand(t *testing.T) {
	s, r := enter(t)
	const path = "CHANGELOG.md"
	s.open(r, path, 3)
	if it := encodingItem(r.current()); it.Text != "UTF-8" || !it.Menu || strings.Contains(it.Tip, "hand") {
		t.Errorf("the status bar says %+v", it)
	}
	before := r.visit.Entries()
	at := r.current().view.Caret()
	raw := r.current().doc.Text.Offset(at.Line, at.Col)
	s.encodeAs(r, content.Latin1)
	now := r.current()
	if now.doc.Place.Path != path || now.doc.Text.Encoding() != content.Latin1 || !now.doc.Chosen {
		t.Fatalf("it is shown as %v", now.doc.Text.Encoding())
	}
	if got := now.view.Caret(); now.doc.Text.Offset(got.Line, got.Col) != raw {
		t.Errorf("the caret is at byte %d, was at %d", now.doc.Text.Offset(got.Line, got.Col), raw)
	}
	if it := encodingItem(now); it.Text != "Latin-1, set by hand" || !strings.Contains(it.Tip, "recognised is UTF-8") {
		t.Errorf("the status bar says %+v", it)
	}
	if got := r.visit.Entries(); got != before+1 {
		t.Errorf("%d entries on %d: it is recorded once", got, before)
	}
	s.encodeAs(r, content.Binary)
	if now := r.current(); !now.doc.Binary || encodingItem(now).Text != "Binary, set by hand" {
		t.Errorf("as bytes: %+v", encodingItem(now))
	}
	r.recogniseEncoding(r.current())
	s.idle()
	if now := r.current(); now.doc.Chosen || now.doc.Text.Encoding() != content.UTF8 || len(r.open) != 1 {
		t.Errorf("undone, it is %v in %d tabs", now.doc.Text.Encoding(), len(r.open))
	}
}

// TestEncodingInTwoTabs: the same bytes in two releases are shown alike, and marks stay
// at their bytes.
func TestEncodingInTwoTabs(t *testing.T) {
	s, r := enter(t)
	var tabs []*tab
	for _, release := range r.releases[len(r.releases)-2:] {
		r.openAt(deposit.Place{Release: release, Path: "LICENSE"}, target{line: 1, col: 1})
		s.idle()
		tabs = append(tabs, r.current())
	}
	if len(r.open) != 2 || tabs[0].doc.File.Blob != tabs[1].doc.File.Blob {
		t.Fatal("the two tabs have other bytes")
	}
	tabs[1].view.Select(code.Range{From: code.Pos{Line: 2, Col: 1}, To: code.Pos{Line: 2, Col: 3}})
	r.ann.begin()
	test.Type(r.ann.text.Focusable(), "why?")
	r.ann.store()
	s.idle()
	w := r.visit.Annotations()[0].Locations[0]
	s.encodeAs(r, content.UTF16LE)
	for _, tab := range r.open {
		if tab.doc.Text.Encoding() != content.UTF16LE {
			t.Errorf("%s in %s is shown as %v", tab.doc.Place.Path, tab.doc.Place.Release, tab.doc.Text.Encoding())
		}
		line, _ := tab.doc.Text.Position(w.Span.From)
		if got := tab.lineOf(w); got != line {
			t.Errorf("the annotation is drawn at line %d, its bytes are on %d", got, line)
		}
	}
	if s.said("encoding "+fmt.Sprint(content.UTF16LE)) != 1 {
		t.Errorf("it is not told:\n%s", s.trace.String())
	}
}
