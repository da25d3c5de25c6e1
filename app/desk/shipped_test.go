package desk

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
)

// shippedScreen opens the screen and selects an artifact of the sample.
func (s *stage) shippedScreen(r *roomScreen, release, name string) *shippedScreen {
	s.t.Helper()
	r.openShipped()
	s.idle()
	if r.shipped == nil {
		s.t.Fatal("the screen did not open")
	}
	r.shipped.choose(release, name)
	s.idle()
	return r.shipped
}

const (
	rulesFile     = "marlin-rules-4.2.1.tar"
	installerFile = "marlin-install-4.2.1.sh"
)

// TestShippedFiles: one file of the medium is what is listed, the other is not;
// evidence is the vendor's own, and said to be.
func TestShippedFiles(t *testing.T) {
	s, r := enter(t)
	sh := s.shippedScreen(r, "4.2.1", installerFile)
	if s.said("screen shipped") != 1 || s.said("focus shipped") != 1 || r.rail.Selected() != "shipped" {
		t.Fatalf("the screen is not told:\n%s", s.trace.String())
	}
	medium := sh.from()
	sh.checkFile(filepath.Join(medium, installerFile))
	s.idle()
	if !sh.file.card.Visible() || sh.file.verdict.Text() != "Not what is listed" || !strings.Contains(sh.file.sentence.Text(), "but other bytes") {
		t.Errorf("the installer: %q %q", sh.file.verdict.Text(), sh.file.sentence.Text())
	}
	// Any file finds its artifact, whichever was selected.
	sh.checkFile(filepath.Join(medium, rulesFile))
	s.idle()
	if a := sh.selected().artifact; a == nil || a.Name != rulesFile || !strings.Contains(sh.file.verdict.Text(), "another artifact than the one selected") {
		t.Errorf("the rules: %+v %q", a, sh.file.verdict.Text())
	}
	sh.checkFile(filepath.Join(medium, rulesFile))
	s.idle()
	if sh.file.verdict.Text() != "Identical, byte for byte" {
		t.Errorf("the rules, selected: %q", sh.file.verdict.Text())
	}
	sh.takeEvidence(filepath.Join(medium, rulesFile+".build.json"))
	s.idle()
	a := sh.selected().artifact
	if a == nil || len(a.Evidence) != 1 || !room.VendorsOwn(a.Evidence[0]) || s.said("evidence "+rulesFile+" same") != 1 {
		t.Errorf("the evidence: %+v\n%s", a, s.trace.String())
	}
	if _, _, line := stateOf(a); len(line) != 2 || line[0].Text != "file is identical" || line[1].Text != "rebuilt, says the vendor" {
		t.Errorf("its state: %+v", line)
	}
	sh.takeEvidence(filepath.Join(medium, rulesFile+".build.json"))
	s.idle()
	if !sh.file.alert.Visible() || !strings.Contains(sh.file.alert.Text(), "taken already") {
		t.Errorf("twice: %q", sh.file.alert.Text())
	}
	sh.escape()
	if r.shipped != nil || r.rail.Selected() != "files" {
		t.Error("Escape does not lead back")
	}
	// What was found is in the journal, not in the screen.
	sh = s.shippedScreen(r, "4.2.1", installerFile)
	if a := sh.selected().artifact; a.Checked == nil || a.Checked.Same() {
		t.Errorf("opened again: %+v", a)
	}
}

// TestShippedCalledOff: Escape calls off the hashing first, and then closes.
func TestShippedCalledOff(t *testing.T) {
	s, r := enter(t)
	sh := s.shippedScreen(r, "4.2.1", rulesFile)
	big := filepath.Join(t.TempDir(), "big")
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(1 << 40); err != nil { // sparse: longer than any test
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	n := r.visit.Entries()
	sh.checkFile(big)
	s.ui.until(t, "progress", func() bool { return strings.Contains(sh.file.note.Text(), " of ") })
	if !sh.file.cancel.Visible() || !sh.file.check.Disabled() || sh.canCheck() {
		t.Error("while hashing one cannot cancel, or can check another")
	}
	if !sh.escape() || r.shipped == nil {
		t.Fatal("Escape closed the screen")
	}
	s.idle()
	if !strings.Contains(sh.file.note.Text(), "Called off") || sh.file.check.Disabled() || r.visit.Entries() != n {
		t.Errorf("called off: %q, %d entries more", sh.file.note.Text(), r.visit.Entries()-n)
	}
	// Closing while hashing calls it off too.
	sh.checkFile(big)
	r.closeShipped()
	s.idle()
	if r.visit.Entries() != n {
		t.Error("recorded after the screen was closed")
	}
}

// TestShippedBill: what the sample's bill leaves out is on the screen, and Enter
// opens it.
func TestShippedBill(t *testing.T) {
	s, r := enter(t)
	r.openShipped()
	s.idle()
	sh := r.shipped
	for i, row := range sh.rows {
		if row.document != nil {
			sh.list.Select(i)
			sh.show(i)
		}
	}
	s.idle()
	b := sh.bill
	if s.said("bill 4.2.1 4 1") != 1 || len(b.found) != 4 || b.found[0].Name != "zlib" || b.row(0).Right[0].Text != "without source" {
		t.Fatalf("the bill: %+v\n%s", b.found, s.trace.String())
	}
	for i := range b.found {
		if row := b.row(i); len(row.Text) == 0 || row.Text[0].Text == "" {
			t.Errorf("row %d is empty", i)
		}
	}
	if len(b.paths) != 1 || b.paths[0] != "service/stats/stats.go" {
		t.Fatalf("never mentioned: %v", b.paths)
	}
	if names := regionNames(r); strings.Join(names, " ") != "rail shipped detail files" {
		t.Errorf("regions: %v", names)
	}
	b.files.Select(0)
	b.files.Open()
	s.idle()
	if r.shipped != nil || r.current() == nil || r.current().doc.Place.Path != "service/stats/stats.go" {
		t.Error("Enter does not open the file")
	}
}

func regionNames(r *roomScreen) []string {
	var names []string
	for _, reg := range r.regions() {
		if len(reg.parts()) > 0 {
			names = append(names, reg.name)
		}
	}
	return names
}

// TestShippedKeys: chord and picker, all from the keyboard; one stage at a time.
func TestShippedKeys(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("SSH_AUTH_SOCK", "")
	s, r := enter(t)
	s.press(chord{fyne.KeyA, ctrlShift})
	s.idle()
	if r.shipped == nil {
		t.Fatal("Ctrl+Shift+A does not open the screen")
	}
	r.shipped.choose("4.2.1", rulesFile)
	s.press(chord{fyne.KeyO, ctrl})
	s.idle()
	if s.win.Canvas().Overlays().Top() == nil {
		t.Fatal("Ctrl+O does not ask for a file")
	}
	s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
	s.press(chord{fyne.KeyE, ctrl})
	s.idle()
	if r.export == nil || r.shipped != nil {
		t.Error("export does not take the screen's place")
	}
	r.openShipped()
	s.idle()
	if r.export != nil || r.shipped == nil {
		t.Error("the screen does not take export's place")
	}
	r.pickSide("files")
	if r.shipped != nil || r.shownSide != "files" {
		t.Error("the rail does not lead back")
	}
	if _, err := r.visit.Bills(context.Background(), "4.2.1"); err != nil {
		t.Error(err)
	}
}
