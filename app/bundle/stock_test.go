package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/seal"
)

// The lines of the README, run by programs that know nothing of Vitrine.
func TestStockTools(t *testing.T) {
	b := signed(t, example(t))
	dir := t.TempDir()
	archive := filepath.Join(dir, "review.zip")
	if err := b.WriteFile(archive); err != nil {
		t.Fatal(err)
	}
	allowed := filepath.Join(dir, "allowed_signers")
	if err := os.WriteFile(allowed, []byte(strings.TrimSuffix(seal.Line("ada@example.org", key(t, "ada").PublicKey(), Namespace), "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Unpacked by Go, and by unzip where there is one: the tools that matter
	// are the two that verify.
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Files {
		if err := os.WriteFile(filepath.Join(out, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if program, err := exec.LookPath("unzip"); err == nil {
		if text, err := exec.Command(program, "-t", archive).CombinedOutput(); err != nil {
			t.Errorf("unzip -t: %v\n%s", err, text)
		}
		other := filepath.Join(dir, "other")
		if text, err := exec.Command(program, "-q", archive, "-d", other).CombinedOutput(); err != nil {
			t.Fatalf("unzip: %v\n%s", err, text)
		}
		for _, f := range b.Files {
			if got, err := os.ReadFile(filepath.Join(other, f.Name)); err != nil || !bytes.Equal(got, f.Data) {
				t.Errorf("unzip gave another %s (%v)", f.Name, err)
			}
		}
	}
	verify := func(stdin string) (string, error) {
		in, err := os.ReadFile(filepath.Join(out, stdin))
		if err != nil {
			t.Fatal(err)
		}
		c := exec.Command("ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "ada@example.org", "-n", Namespace, "-s", SignatureName("Ada Lovelace"))
		c.Dir, c.Stdin = out, bytes.NewReader(in)
		text, err := c.CombinedOutput()
		return string(text), err
	}
	if text, err := verify(nameSums); err != nil || !strings.Contains(text, "Good \"review@vitrine\" signature for ada@example.org") {
		t.Errorf("ssh-keygen: %v\n%s", err, text)
	}
	if text, err := verify(nameStatement); err == nil {
		t.Errorf("ssh-keygen found another file well signed:\n%s", text)
	}
	check := func() (string, error) {
		c := exec.Command("sha256sum", "-c", "--strict", nameSums)
		c.Dir = out
		text, err := c.CombinedOutput()
		return string(text), err
	}
	text, err := check()
	if want := "annotations.json: OK\nfindings.sarif: OK\nstatement.json: OK\n"; err != nil || text != want {
		t.Errorf("sha256sum: %v\n%s", err, text)
	}
	data := bytes.Clone(b.Files[2].Data)
	data[100]++
	if err := os.WriteFile(filepath.Join(out, b.Files[2].Name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := check(); err == nil {
		t.Errorf("sha256sum passes a changed file:\n%s", text)
	}
}
