package desk

import (
	"crypto/ed25519"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// sshKey writes an OpenSSH key pair where keys are looked for.
func sshKey(t *testing.T, passphrase string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("SSH_AUTH_SOCK", "")
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	var block *pem.Block
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(key, "test")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "test", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, ".ssh")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"id_test": pem.EncodeToMemory(block), "id_test.pub": ssh.MarshalAuthorizedKey(public)} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExportShowsSignsAndWrites(t *testing.T) {
	sshKey(t, "sesam")
	s, r := enter(t)
	s.open(r, sampleFile, 20)
	for _, private := range []bool{false, true} {
		r.ann.begin()
		r.ann.text.SetText(map[bool]string{false: "for the vendor", true: "for myself"}[private])
		r.ann.private.SetOn(private)
		r.ann.store()
		s.idle()
	}
	r.openExport()
	s.idle()
	e := r.export
	if e.draft == nil || !e.pass.Visible() || e.sign.Disabled() {
		t.Fatalf("no draft to sign:\n%s", s.trace.String())
	}
	if last := e.files[len(e.files)-1].Name; last != sumsName {
		t.Errorf("the last file shown is %s", last)
	}
	var all strings.Builder
	for _, f := range e.files {
		all.Write(f.Data)
	}
	if !strings.Contains(all.String(), "for the vendor") || strings.Contains(all.String(), "for myself") {
		t.Error("what leaves is not the public annotation alone")
	}

	path := filepath.Join(t.TempDir(), "review.zip")
	e.path.SetText(path)
	e.pass.SetText("wrong")
	e.export()
	s.idle()
	if !e.alert.Visible() || s.said("error ") != 1 || e.receipt != nil || e.sign.Disabled() {
		t.Fatalf("a wrong passphrase is not told:\n%s", s.trace.String())
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("a bundle was written without a signature")
	}
	e.pass.SetText("sesam")
	e.export()
	s.idle()
	if e.receipt == nil || s.said("signed "+path) != 1 {
		t.Fatalf("nothing was signed:\n%s", s.trace.String())
	}
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		t.Errorf("the bundle: %v", err)
	}
	e.escape()
	if r.export != nil || s.win.Canvas().Focused() != r.current().view {
		t.Error("Escape does not lead back to the code")
	}
}

// TestExportWithoutAKey: nothing can be shown yet, and the screen says why.
func TestExportWithoutAKey(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("SSH_AUTH_SOCK", "")
	s, r := enter(t)
	r.openExport()
	s.idle()
	if e := r.export; e.draft != nil || !e.sign.Disabled() || !strings.Contains(e.keyNote.Text(), "ssh-keygen") {
		t.Errorf("without a key: %q", e.keyNote.Text())
	}
}
