package window

import (
	"slices"
	"testing"
)

// TestAnother: whoever chooses another deposit ends the visit and not the program. The
// visit's process says so by its status, and the chooser that started it comes back with
// the keyboard; what its own palette offers is done there.
func TestAnother(t *testing.T) {
	d := newDesktop(t, "another", "1280x800")
	d.start("certificate", "--sample", "--size", "1280x800")
	d.key("Return")
	d.until("symbols ready")
	d.until("idle")
	d.another()
	if how := d.until("exited"); how != "exit status 3" {
		t.Fatalf("a visit that wants the chooser ends with %q", how)
	}

	d.start("chooser", "--size", "1280x800")
	d.until("idle")
	for id := range d.offers() {
		known := []string{"deposit.sample", "deposit.folder", "app.leave"} // the others are in the room, too
		if !slices.Contains(known, id) && !slices.ContainsFunc(deeds, func(e deed) bool { return e.id == id }) {
			t.Errorf("the chooser's palette offers %s, and nothing here asks for it", id)
		}
	}
	before := d.pixels()
	d.key("ctrl+o")
	d.until("action deposit.folder")
	if !d.changes(before) {
		t.Error("no folder can be chosen")
	}
	d.key("Escape")

	d.command("deposit.sample")
	d.until("screen certificate")
	d.until("idle")
	d.another() // not yet in the room
	d.until("screen chooser")
	d.until("idle")
	d.key("Return") // it has the keyboard, and the sample is selected
	d.until("screen certificate")
	d.until("idle")
	d.key("Return")
	d.until("symbols ready")
	d.until("idle")
	d.openFile("lzw.c")
	d.key("ctrl+m")
	d.until("focus inspector")
	d.write("not saved")
	d.command("room.another")
	d.until("action room.another")
	d.until("painted")
	d.shot("1-unsaved")
	d.key("Escape") // stay
	d.key("ctrl+Return")
	d.until("saved")
	d.another()
	d.until("screen chooser")
	d.until("idle")
	d.shot("2-chooser")
	d.leave()
}

// another asks for another deposit, which ends the visit.
func (d *desktop) another() {
	d.t.Helper()
	d.command("room.another")
	d.until("action room.another")
	d.until("closed")
}
