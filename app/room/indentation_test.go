package room

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/editorconfig"
)

// TestIndentationOfTheRelease: the .editorconfig files of a release are read, each of its
// own, before the content store is there and after; a broken one says nothing.
func TestIndentationOfTheRelease(t *testing.T) {
	cfg := testConfig(t)
	dir := t.TempDir()
	folder := func(name string, files map[string]string) string {
		for file, text := range files {
			path := filepath.Join(dir, name, filepath.FromSlash(file))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return filepath.Join(dir, name)
	}
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a vendor's key for tests only...")))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	_, err = deposit.Seal(t.Context(), deposit.SealOptions{
		Inputs: []deposit.Input{{Name: "engine", Snapshots: []deposit.Snapshot{
			{Release: "v1", Folder: folder("v1", map[string]string{
				".editorconfig": "root = true\n[*.{c,h}]\nindent_style = tab\ntab_width = 8\n", "a.c": "int a;\n", "a.go": "package a\n",
				"lib/.editorconfig": "[*]\nindent_size = 2\n", "lib/b.c": "int b;\n",
				"bad/.editorconfig": "\x00\x01[{{{\nindent_size=3", "bad/c.c": "int c;\n",
				"big/.editorconfig": "[*]\ntab_width=3\n" + strings.Repeat("#\n", editorconfig.MaxSize/2), "big/d.c": "int d;\n",
			})},
			{Release: "v2", Folder: folder("v2", map[string]string{".editorconfig": "[*]\ntab_width = 3\n", "a.c": "int a;\n"})},
		}}}, Title: "t", Vendor: "v", Sealed: time.Unix(1700000000, 0).UTC(), Signer: signer, Out: out,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, digest, err := deposit.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	trust := deposit.Trust{Pinned: []deposit.Digest{digest}, At: time.Unix(1700000000, 0)}
	if err := os.MkdirAll(cfg.workspace(), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := deposit.Admit(t.Context(), out, cfg.workspace(), trust, deposit.Limits{}, nil); err != nil {
		t.Fatal(err)
	}
	d, err := deposit.Open(cfg.workspace(), digest)
	if err != nil {
		t.Fatal(err)
	}
	s := OpenSource(cfg, d)
	defer s.Close()
	for range 2 {
		for _, c := range []struct {
			release, path string
			tab, step     int
		}{
			{"v1", "a.c", 8, 8}, {"v1", "a.go", 0, 0}, {"v1", "lib/b.c", 8, 2}, {"v1", "bad/c.c", 8, 8}, {"v1", "big/d.c", 8, 8},
			{"v2", "a.c", 3, 0}, {"v2", "no/such/file", 3, 0}, {"v3", "a.c", 0, 0},
		} {
			if tab, step := s.Indentation(t.Context(), placeOf(c.release, c.path)); tab != c.tab || step != c.step {
				t.Errorf("%s of %s: tab %d, step %d, want %d and %d", c.path, c.release, tab, step, c.tab, c.step)
			}
		}
		if err := s.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
			t.Fatal(err)
		}
	}
}
