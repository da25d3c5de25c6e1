package deposit

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
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
		for _, o := range d.Blobs() {
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
		if base := filepath.Base(name); ext != ".pack" && ext != ".idx" && base != ManifestFile {
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

// TestStale removes what a killed admission left, and nothing else.
func TestStale(t *testing.T) {
	dir, workspace := sealed(t, product(t), "v1"), t.TempDir()
	gone := exec.Command("git", "--version")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	dead := fmt.Sprintf("%s%d-1", stagePrefix, gone.ProcessState.Pid())
	alive := fmt.Sprintf("%s%d-1", stagePrefix, os.Getpid())
	for _, name := range []string{stagePrefix + "old", stagePrefix + "new", dead, alive, "other"} {
		write(t, workspace, name+"/file", "x")
	}
	long := time.Now().Add(-2 * staleAfter)
	for _, name := range []string{stagePrefix + "old", "other"} {
		if err := os.Chtimes(filepath.Join(workspace, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{stagePrefix + "old": false, stagePrefix + "new": true, dead: false, alive: true, "other": true} {
		if _, err := os.Stat(filepath.Join(workspace, name)); (err == nil) != want {
			t.Errorf("%s: %v, want it there: %v", name, err, want)
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
					d.Places(f.Blob)
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
	blob := d.Blobs()[0].SHA256
	first, err := r.Blob(blob)
	if err != nil {
		t.Fatal(err)
	}
	first[0]++
	if _, err := r.Blob(blob); err != nil {
		t.Errorf("after a caller changed its copy: %v", err)
	}
	r.Close()
	if _, err := r.Blob(blob); err == nil {
		t.Error("a closed reader reads")
	}
}
