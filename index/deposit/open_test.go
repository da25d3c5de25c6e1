package deposit

import (
	"bytes"
	"crypto/sha1"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// admitted seals the product, admits it and gives workspace and digest.
func admitted(t *testing.T) (string, Digest) {
	t.Helper()
	workspace := t.TempDir()
	a, err := Admit(t.Context(), sealed(t, product(t), productReleases...), workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return workspace, a.Digest
}

// TestTamperedWorkspace changes what was imported. Whatever is read afterwards
// is what was admitted, or an error.
func TestTamperedWorkspace(t *testing.T) {
	if unraced(t) {
		return
	}
	workspace, digest := admitted(t)
	want := map[Digest][]byte{}
	d, err := Open(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	read := func(d *Deposit) error {
		r, err := d.NewReader()
		if err != nil {
			return err
		}
		defer r.Close()
		blobs, err := d.Blobs(t.Context())
		if err != nil {
			return err
		}
		for _, o := range blobs {
			data, err := r.Blob(o.SHA256)
			if err != nil {
				return err
			}
			if old, ok := want[o.SHA256]; ok && !bytes.Equal(old, data) {
				t.Errorf("%s is read as other bytes than were admitted", o.Git)
			}
			want[o.SHA256] = data
		}
		return nil
	}
	if err := read(d); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(workspace, digest.String())
	for name, original := range snapshot(t, folder) {
		ext := filepath.Ext(name)
		if base := filepath.Base(name); ext != ".pack" && ext != ".idx" && base != ManifestFile && base != "packed-refs" {
			continue
		}
		step := 1
		if ext == ".json" {
			step = 13 // its digest covers every byte alike
		}
		refusals := 0
		for i := 0; i < len(original); i += step {
			changed := []byte(original)
			changed[i] ^= 0x10
			if body := len(changed) - sha1.Size; ext == ".idx" && i < body {
				changed = withTrailer(changed[:body])
			}
			if err := os.WriteFile(name, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := Open(workspace, digest)
			if err == nil {
				err = read(d)
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if err != nil {
				refusals++
			}
		}
		if refusals == 0 {
			t.Errorf("no change to %s was noticed", name)
		}
		if err := os.WriteFile(name, []byte(original), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	workspace, digest := admitted(t)
	var other Digest
	if _, err := Open(workspace, other); err == nil || !strings.Contains(err.Error(), "not in the workspace") {
		t.Errorf("a deposit that was not admitted: %v", err)
	}
	if err := os.Rename(filepath.Join(workspace, digest.String()), filepath.Join(workspace, other.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(workspace, other); err == nil || !strings.Contains(err.Error(), "has the digest") {
		t.Errorf("a deposit under another's name: %v", err)
	}
}

// TestPlanted puts into an import what go-git would read there beside what was
// admitted. The alternates name themselves, in which it would search for ever.
func TestPlanted(t *testing.T) {
	workspace, digest := admitted(t)
	folder := filepath.Join(workspace, digest.String(), filepath.FromSlash(gitDir("product")))
	for name, text := range map[string]string{
		"objects/info/alternates":               filepath.Join(folder, "objects") + "\n",
		"objects/00/" + strings.Repeat("0", 38): "",
		"objects/pack/pack.keep":                "",
		"refs/tags/v1":                          strings.Repeat("1", 40) + "\n",
		"commondir":                             "..\n",
	} {
		write(t, folder, name, text)
		_, err := Open(workspace, digest)
		first, _, _ := strings.Cut(name, "/")
		if err == nil || !strings.Contains(err.Error(), "product.git/"+first) || !strings.Contains(err.Error(), "no admission wrote") {
			t.Errorf("with %s: %v", name, err)
		}
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		if dir := filepath.Dir(name); dir != "." && dir != "objects/pack" {
			if err := os.Remove(filepath.Join(folder, dir)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestMovedTag makes a release's tag lead to another release.
func TestMovedTag(t *testing.T) {
	workspace, digest := admitted(t)
	name := filepath.Join(workspace, digest.String(), filepath.FromSlash(gitDir("product")), "packed-refs")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	swapped := strings.NewReplacer("refs/tags/v1", "refs/tags/v2", "refs/tags/v2", "refs/tags/v1").Replace(string(data))
	if err := os.WriteFile(name, []byte(swapped), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(workspace, digest); err == nil || !strings.Contains(err.Error(), "release v1: its tag does not lead to commit") {
		t.Errorf("got %v", err)
	}
}

// TestDamagedImport admits again what the workspace holds in pieces.
func TestDamagedImport(t *testing.T) {
	dir, workspace := sealed(t, product(t), "v1"), t.TempDir()
	a, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(workspace, a.Digest.String(), ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); err == nil || !strings.Contains(err.Error(), "an earlier import is damaged") {
		t.Errorf("got %v", err)
	}
}

// TestLeftStages removes what killed processes left, and nothing else.
func TestLeftStages(t *testing.T) {
	for prefix, run := range map[string]func(t *testing.T, o SealOptions, dir string) error{
		admitPrefix: func(t *testing.T, o SealOptions, dir string) error {
			_, err := Admit(t.Context(), sealed(t, o.Inputs[0].Repo, "v1"), dir, vendorTrust(t), Limits{}, nil)
			return err
		},
		sealPrefix: func(t *testing.T, o SealOptions, dir string) error {
			o.Out = filepath.Join(dir, "deposit")
			_, err := Seal(t.Context(), o, nil)
			return err
		},
	} {
		o, dir := options(t, product(t), "v1"), t.TempDir()
		busy, err := newStage(dir, prefix)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{prefix + "left": false, busy.path: true, prefix + "file": true, "other": true}
		write(t, dir, prefix+"left/folder/file", "x")
		write(t, dir, "other/file", "x")
		write(t, dir, prefix+"file", "x")
		if err := run(t, o, dir); err != nil {
			t.Fatal(err)
		}
		for name, want := range want {
			if !filepath.IsAbs(name) {
				name = filepath.Join(dir, name)
			}
			if _, err := os.Lstat(name); (err == nil) != want {
				t.Errorf("%s: %v, want it there: %v", name, err, want)
			}
		}
		if err := busy.remove(); err != nil {
			t.Error(err)
		}
	}
}

// TestConcurrentUse reads one deposit from several goroutines, for the race
// detector.
func TestConcurrentUse(t *testing.T) {
	workspace, digest := admitted(t)
	d, err := Open(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			r, err := d.NewReader()
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			for _, release := range d.Releases() {
				files, err := d.Files(t.Context(), release.Name)
				if err != nil {
					t.Error(err)
				}
				for _, f := range files {
					if data, err := r.Blob(f.Blob); err != nil || int64(len(data)) != f.Size {
						t.Errorf("%s: %d bytes, %v", f.Path, len(data), err)
					}
					if places, err := d.Places(t.Context(), f.Blob); err != nil || len(places) == 0 {
						t.Errorf("%s is at %v, %v", f.Path, places, err)
					}
				}
			}
		})
	}
	wait.Wait()
	if _, err := d.Files(t.Context(), "v9"); err == nil {
		t.Error("a release that does not exist has files")
	}
	r, err := d.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Blob(Digest{}); err == nil {
		t.Error("a blob that does not exist was read")
	}
	blobs, err := d.Blobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	blob := blobs[0].SHA256
	first, err := r.Blob(blob)
	if err != nil {
		t.Fatal(err)
	}
	first[0]++
	if _, err := r.Blob(blob); err != nil {
		t.Errorf("after a caller changed its copy: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Blob(blob); err == nil {
		t.Error("a closed reader reads")
	}
}
