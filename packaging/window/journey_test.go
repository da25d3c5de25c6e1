package window

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestJourney is the first walk through the room: open the sample, search,
// open a hit, annotate, export, and a stranger's stock ssh-keygen says Good.
func TestJourney(t *testing.T) {
	d := newDesktop(t, "journey-dark", "1280x800")
	key := d.makeKey()
	d.start("certificate", "--sample", "--theme", "dark", "--size", "1280x800")
	d.until("idle")
	d.shot("1-certificate")
	d.key("Return")
	d.until("screen room")
	d.until("index ready")

	d.key("ctrl+shift+f")
	d.until("side search")
	d.write("connect")
	if hits := d.answered("hits", "connect"); strings.HasPrefix(hits, "0 ") {
		t.Fatalf("the search for connect found %q", hits)
	}
	d.key("Return")
	opened := d.until("open")
	d.until("idle")
	d.shot("2-search")

	// The hit below it, with the mouse.
	d.click(300, 221)
	d.caret(12)

	// Select three lines by dragging, then annotate them.
	d.drag(640, 284, 900, 324)
	d.key("ctrl+m")
	d.until("focus inspector")
	d.write("Nobody was told of this connection.")
	d.shot("3-annotate")
	d.key("ctrl+Return")
	if saved := d.until("saved"); !strings.HasPrefix(saved, "A-1 ") {
		t.Fatalf("saved %q, want A-1", saved)
	}
	d.until("idle")
	d.shot("4-annotated")

	bundle := d.export("5-export")
	d.until("idle")
	d.shot("6-receipt")
	d.key("Escape")
	d.until("screen room")
	d.leave()

	verifyStock(t, bundle, key)
	_, path, _ := strings.Cut(opened, " ")
	if notes := unzipped(t, bundle)["annotations.json"]; !strings.Contains(notes, path) || !strings.Contains(notes, "Nobody was told") {
		t.Errorf("the bundle does not speak of %s:\n%s", path, notes)
	}
}

// TestKilled: the window is killed with an annotation on disk and a draft not;
// the next start is clean and has everything that was acknowledged.
func TestKilled(t *testing.T) {
	d := newDesktop(t, "killed", "1280x800")
	d.start("certificate", "--sample", "--size", "1280x800")
	d.key("Return")
	d.until("screen room")
	d.kill() // while it indexes

	d.start("certificate", "--sample", "--size", "1280x800")
	d.key("Return")
	d.until("index ready")
	d.openFile("lzw.c")
	for _, text := range []string{"one", "two"} {
		d.key("ctrl+m")
		d.until("focus inspector")
		d.write(text)
		d.key("ctrl+Return")
		d.until("saved")
	}
	d.kill()

	d.start("certificate", "--sample", "--size", "1280x800")
	d.key("Return")
	if n := d.until("notes"); n != "2" {
		t.Errorf("after the kill there are %s annotations, want 2", n)
	}
	d.until("index ready")
	d.leave()
}

// TestChooser: without arguments the program asks what to open; the visit is a
// process of its own, in light colours on a large screen, and everything is
// reached from the keyboard.
func TestChooser(t *testing.T) {
	d := newDesktop(t, "chooser-light-1920", "1920x1080")
	d.makeKey()
	d.start("chooser", "--theme", "light", "--size", "1920x1080")
	d.until("idle")
	d.shot("1-chooser")
	d.key("Return") // the sample is selected
	d.until("screen certificate")
	d.until("idle")
	d.shot("2-certificate")
	d.key("Return")
	d.until("index ready")
	d.openFile("pdf_decode.c")
	d.key("ctrl+shift+h") // next hidden character
	d.until("caret")
	d.shot("3-hidden")

	d.key("ctrl+f")
	d.until("find")
	d.write("total")
	d.answered("find", "total")
	d.until("caret") // at the first match
	d.key("Return")
	d.until("caret") // at the second
	d.shot("4-find")
	d.key("Escape", "ctrl+g")
	d.write("40")
	d.key("Return")
	d.caret(40)
	d.key("alt+Next") // the release before
	if opened := d.until("open"); !strings.HasPrefix(opened, "4.2.0 ") {
		t.Errorf("an older release opened %s", opened)
	}
	d.until("idle")
	d.shot("5-older")
	d.key("ctrl+q")
	d.until("closed")
}

// openFile opens a file by quick open.
func (d *desktop) openFile(name string) {
	d.t.Helper()
	d.key("ctrl+p")
	d.until("quick")
	d.write(name)
	if n := d.answered("quick", name); n != "1 "+name {
		d.t.Fatalf("quick open found %q", n)
	}
	d.key("Return")
	d.until("open")
	d.until("idle")
}

// export signs what may leave and returns the bundle's path.
func (d *desktop) export(shot string) string {
	d.t.Helper()
	d.key("ctrl+e")
	d.until("screen export")
	d.until("draft")
	d.until("idle")
	d.shot(shot)
	d.key("F6")
	d.until("focus code")
	d.key("F6")
	d.until("focus sign")
	d.key("Tab", "Tab", "Return") // past the other key file, to where the bundle goes
	d.until("screen receipt")
	return d.until("signed")
}

// makeKey gives the reviewer an SSH key and returns its public half.
func (d *desktop) makeKey() string {
	d.t.Helper()
	if err := os.MkdirAll(d.path(".ssh"), 0o700); err != nil {
		d.t.Fatal(err)
	}
	out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "reviewer", "-f", d.path(".ssh", "id_ed25519")).CombinedOutput()
	if err != nil {
		d.t.Fatalf("%v\n%s", err, out)
	}
	pub, err := os.ReadFile(d.path(".ssh", "id_ed25519.pub"))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(pub)
}

func unzipped(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	return files
}

// verifyStock does what a stranger does, who has the reviewer's public key and
// no Vitrine.
func verifyStock(t *testing.T, bundle, publicKey string) {
	t.Helper()
	dir := t.TempDir()
	var sig, principal string
	for name, data := range unzipped(t, bundle) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if rest, ok := strings.CutPrefix(name, "SHA256SUMS."); ok {
			sig, principal = name, strings.TrimSuffix(rest, ".sig")
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "allowed_signers"), []byte(principal+" "+publicKey), 0o600); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	verify := exec.Command("ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", principal, "-n", "review@vitrine", "-s", sig)
	verify.Dir, verify.Stdin = dir, bytes.NewReader(sums)
	out, err := verify.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "Good ") {
		t.Errorf("ssh-keygen -Y verify: %v\n%s", err, out)
	}
	check := exec.Command("sha256sum", "-c", "--strict", "SHA256SUMS")
	check.Dir = dir
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("sha256sum -c: %v\n%s", err, out)
	}
}
