package window

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChildDies: the process that verifies is killed, as a hostile pack could do
// to it. The window stays, says so, and with a process that lives the same
// deposit is admitted.
func TestChildDies(t *testing.T) {
	d := newDesktop(t, "child-dies", "1280x800")
	real := filepath.Join(d.bin, "vitrinectl")
	files, err := os.ReadDir(d.bin)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(d.path("bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	// The program looks for the other one beside itself, so it is copied; what
	// stands for it may be a script that starts another and notes its complaints.
	for _, f := range files {
		from := filepath.Join(d.bin, f.Name())
		switch {
		case f.Name() == "complaints":
			if err := os.Symlink(from, d.path("bin", "complaints")); err != nil {
				t.Fatal(err)
			}
		case f.Type().IsRegular() && strings.HasPrefix(f.Name(), "vitrine"):
			data, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			d.put("bin/"+f.Name(), data, 0o755)
		}
	}
	d.bin = d.path("bin")
	d.put("bin/vitrinectl", []byte("#!/bin/sh\nread order\nkill -9 $$\n"), 0o755)
	d.launch("--sample", "--size", "1280x800")
	if said := d.until("error"); !strings.Contains(said, "died (signal: killed)") {
		t.Errorf("of the dead child it says %q", said)
	}
	d.until("screen refused")
	d.until("focus certificate") // on "Try again"
	d.until("idle")
	d.shot("1-died")
	d.key("Return")
	d.until("error")
	d.until("screen refused")
	d.until("focus certificate")
	if err := os.Remove(d.path("bin/vitrinectl")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, d.path("bin/vitrinectl")); err != nil {
		t.Fatal(err)
	}
	d.key("Return")
	d.until("screen certificate")
	d.leave()
}

// TestRefused: one flipped byte, and the screen names the file, what to do and
// what to tell the vendor; the deposit as it was is then admitted, and the second
// time without reading it all again, unless somebody asks for that.
func TestRefused(t *testing.T) {
	d := newDesktop(t, "refused", "1280x800")
	bundle := d.deposit()
	good, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	bad := append([]byte(nil), good...)
	bad[len(bad)/2] ^= 1
	d.put("deposit/marlin.bundle", bad, 0o644)
	args := []string{"--policy", "policy.json", "--operator", "operator.pub", "--size", "1280x800", "deposit"}
	d.launch(args...)
	if said := d.until("error"); !strings.Contains(said, "marlin.bundle: its SHA-256 is") {
		t.Errorf("of the flipped byte it says %q", said)
	}
	d.until("screen refused")
	d.until("focus certificate")
	d.until("idle")
	d.shot("1-refused")
	d.put("deposit/marlin.bundle", good, 0o644)
	d.key("Return")
	d.until("screen certificate")
	d.leave()

	d.launch(args...)
	d.until("screen certificate")
	d.until("idle")
	d.shot("2-reopened")
	d.key("shift+Tab", "shift+Tab", "Return") // back past the command to "Check everything again"
	d.until("screen certificate")
	d.shot("3-again")
	d.leave()
}

// deposit seals the sample's repository; it returns the bundle's path.
func (d *desktop) deposit() string {
	d.t.Helper()
	sample, err := filepath.Abs("../../assets/sample/deposit/marlin.bundle")
	d.must(err)
	d.seal("--title", "Marlin", "--bundle", sample, "--release", "4.1.0", "--release", "4.2.1")
	return d.path("deposit/marlin.bundle")
}

// seal makes a deposit of what the flags name; it gives the arguments of a visit.
func (d *desktop) seal(what ...string) []string {
	d.t.Helper()
	d.SetBin(d.bin)
	visit, err := d.Seal(d.t.Context(), d.path(), what...)
	d.must(err)
	return visit
}

// put writes a file below the desktop's folder.
func (d *desktop) put(name string, data []byte, mode os.FileMode) {
	d.t.Helper()
	path := d.path(filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, mode); err != nil {
		d.t.Fatal(err)
	}
}
