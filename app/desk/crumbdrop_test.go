package desk

import (
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/index/deposit"
)

func TestFolderOf(t *testing.T) {
	var files []deposit.File
	for _, p := range []string{"a-b", "a/b/1", "a/b/2", "a/c", "b", "c/1"} {
		files = append(files, deposit.File{Path: p})
	}
	for folder, want := range map[string][]inFolder{
		"":     {{"a", true, 3}, {"c", true, 1}, {"a-b", false, 0}, {"b", false, 0}},
		"a":    {{"b", true, 2}, {"c", false, 0}},
		"a/b":  {{"1", false, 0}, {"2", false, 0}},
		"none": nil,
	} {
		got := folderOf(files, folder)
		if len(got) != len(want) {
			t.Errorf("%q holds %v, want %v", folder, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q holds %v, want %v", folder, got, want)
			}
		}
	}
}

// TestBreadcrumbLeadsBeside: a part of the path drops what is beside it, by keys alone.
func TestBreadcrumbLeadsBeside(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 60)
	key := func(name fyne.KeyName) {
		s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
	s.press(chord{fyne.KeyPeriod, ctrlShift})
	key(fyne.KeyReturn) // the files beside this one
	if s.said("folder ") != 1 || s.win.Canvas().Overlays().Top() == nil {
		t.Fatalf("nothing drops:\n%s", s.trace.String())
	}
	s.win.Canvas().Focused().TypedRune('z')
	key(fyne.KeyReturn)
	s.idle()
	if got := r.current().doc.Place.Path; got != "engine/unpack/zip.c" {
		t.Errorf("the file beside it is %s", got)
	}

	r.dropCrumb(0) // engine, beside README.md
	key(fyne.KeyRight)
	key(fyne.KeyLeft)
	if s.said("folder ") != 4 {
		t.Errorf("in and out of a folder:\n%s", s.trace.String())
	}
	key(fyne.KeyEscape)
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the list")
	}
	r.dropCrumb(3) // the symbols
	if s.said("outlined ") != 1 {
		t.Errorf("no symbols drop:\n%s", s.trace.String())
	}
}

// TestStartPage: while no file is open, what was read last is one key away.
func TestStartPage(t *testing.T) {
	s, r := enter(t)
	if len(r.startStops()) != 0 {
		t.Error("a first visit has read files already")
	}
	s.open(r, otherFile, 3)
	s.open(r, sampleFile, 60)
	r.toggleBookmark()
	s.idle()
	r.closeTab(1)
	r.closeTab(0)
	if n := len(r.startStops()); n != 2 || s.win.Canvas().Focused() != r.startStops()[0] {
		t.Fatalf("%d lists, the keyboard is at %T", n, s.win.Canvas().Focused())
	}
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	if at := r.current(); at == nil || at.doc.Place.Path != r.recent[0].Path {
		t.Error("Enter does not open what was read last")
	}
}
