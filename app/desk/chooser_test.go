package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/viewer/panel"
)

func newChooserStage(t *testing.T, visit func(context.Context, room.Request, string) (bool, error)) (*stage, *chooser) {
	t.Helper()
	s := newStage(t)
	opt := s.options()
	opt.Visit = visit
	s.Desk = Chooser(test.NewTempApp(t), opt)
	s.idle()
	return s, s.screen.(*chooser)
}

func TestChooserTellsAFailedVisit(t *testing.T) {
	var asked room.Request
	s, c := newChooserStage(t, func(_ context.Context, req room.Request, _ string) (bool, error) {
		asked = req
		return false, errors.New("it was ended by signal 9")
	})
	c.open(c.list.Length() - 1)
	s.idle()
	if !asked.Sample {
		t.Errorf("asked for %+v, want the sample", asked)
	}
	if !c.alert.Visible() || s.said("error ") != 1 || s.said("screen waiting") != 1 {
		t.Errorf("the failure is not shown:\n%s", s.trace.String())
	}
}

func TestChooserComesBackWhenAsked(t *testing.T) {
	s, c := newChooserStage(t, func(context.Context, room.Request, string) (bool, error) { return true, nil })
	c.open(0)
	s.idle()
	if c.alert.Visible() || s.closing || s.said("screen chooser") != 2 {
		t.Errorf("closing %v:\n%s", s.closing, s.trace.String())
	}
}

func TestChooserGlancesAtAFolder(t *testing.T) {
	s, c := newChooserStage(t, nil)
	for _, dir := range []string{filepath.Join(t.TempDir(), "missing"), t.TempDir()} {
		c.path.SetText(dir)
		c.inspect()
		s.idle()
		if !c.admit.Disabled() || c.polRow.Visible() {
			t.Errorf("%s could be admitted", dir)
		}
	}
}

func TestPickerListsFoldersFirst(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"b", "a", ".hidden", "deposit"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"policy.json", "note.txt", "deposit/manifest.json"} {
		if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names := func(want pick) (out []string) {
		l, err := list(t.Context(), dir, want)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.entries {
			name := e.name
			if e.deposit {
				name += "!"
			}
			out = append(out, name)
		}
		return out
	}
	for _, c := range []struct {
		want pick
		list []string
	}{
		{pick{Folder: true}, []string{"a", "b", "deposit!"}},
		{pick{Ext: ".json"}, []string{"a", "b", "deposit", "policy.json"}},
		{pick{}, []string{"a", "b", "deposit", "note.txt", "policy.json"}},
	} {
		got := names(c.want)
		if len(got) != len(c.list) {
			t.Errorf("%+v lists %q, want %q", c.want, got, c.list)
			continue
		}
		for i := range got {
			if got[i] != c.list[i] {
				t.Errorf("%+v lists %q, want %q", c.want, got, c.list)
				break
			}
		}
	}
	if _, err := list(t.Context(), filepath.Join(dir, "missing"), pick{}); err == nil {
		t.Error("a missing folder has a listing")
	}
}

func TestChooserTakesOverTheVisitsTheme(t *testing.T) {
	s, c := newChooserStage(t, nil)
	s.opt.Visit = func(context.Context, room.Request, string) (bool, error) {
		s.app.Preferences().SetString(settingTheme, "light") // as the visit's process writes it
		return true, nil
	}
	c.open(0)
	s.idle()
	if got := s.look.Palette.Name; got != "light" {
		t.Errorf("the chooser comes back %s, want light", got)
	}
}

func TestPickerTakesWhatIsTyped(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"alpha", "beta", "bravo"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s, c := newChooserStage(t, nil)
	c.path.SetText(dir)
	c.browse()
	s.idle()
	list, ok := s.win.Canvas().Focused().(*panel.List)
	if !ok {
		t.Fatalf("the keyboard is at %T", s.win.Canvas().Focused())
	}
	for _, want := range []int{1, 2, 1} {
		list.TypedRune('B')
		if list.Selected() != want {
			t.Errorf("B goes to %d, want %d", list.Selected(), want)
		}
	}
	list.TypedRune('/')
	entry, ok := s.win.Canvas().Focused().(interface{ CursorPosition() fyne.Position })
	if !ok || s.win.Canvas().Focused() == fyne.Focusable(list) {
		t.Errorf("a slash begins no path: %T", entry)
	}
}
