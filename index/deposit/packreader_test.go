package deposit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// deltified makes a repository whose one pack has long chains of deltas, with
// bases named by distance or by id.
func deltified(t *testing.T, offsets bool) (dir string, objects []Object) {
	t.Helper()
	dir = t.TempDir()
	git(t, dir, "init", "-q")
	git(t, dir, "config", "repack.useDeltaBaseOffset", fmt.Sprint(offsets))
	r := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, 400)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d has %d", i, r.Uint64())
	}
	for i := range 30 {
		for range 5 {
			lines[r.IntN(len(lines))] = fmt.Sprintf("changed in %d to %d", i, r.Uint64())
		}
		for name, text := range map[string]string{"a": strings.Join(lines, "\n"), "b": strings.Join(lines[:200], "\n"), "empty": "", fmt.Sprint("c", i): lines[i]} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		git(t, dir, "add", ".")
		git(t, dir, "commit", "-q", "-m", "x")
	}
	git(t, dir, "repack", "-q", "-adf", "--depth=40", "--window=20")
	for line := range strings.Lines(git(t, dir, "cat-file", "--batch-all-objects", "--batch-check")) {
		var o Object
		var id string
		if _, err := fmt.Sscan(line, &id, &o.Kind, &o.Size); err != nil {
			t.Fatal(err)
		}
		if err := o.Git.UnmarshalText([]byte(id)); err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	return dir, objects
}

func openedPack(t *testing.T, dir string) *packReader {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPackReader(root, ".git/objects/pack")
	if err != nil || p == nil {
		t.Fatalf("%v, %v", p, err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// TestPackReaderEqualsGit reads every object in any order, more than once.
func TestPackReaderEqualsGit(t *testing.T) {
	for _, offsets := range []bool{true, false} {
		dir, objects := deltified(t, offsets)
		p := openedPack(t, dir)
		r := rand.New(rand.NewPCG(3, 4))
		for range 3 {
			r.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
			for _, o := range objects {
				k, data, err := p.read(o.Git, o.Size)
				if err != nil || k.String() != o.Kind {
					t.Fatalf("%s %s: %s, %v", o.Kind, o.Git, k, err)
				}
				if id, err := newWorker(Limits{}).id(k, data); err != nil || id != o.Git {
					t.Fatalf("%s has other bytes: %s, %v", o.Git, id, err)
				}
				clear(data) // they are ours
			}
		}
		if p.bases.bytes > storageCache || len(p.bases.objects) == 0 {
			t.Errorf("%d bytes of %d bases are kept", p.bases.bytes, len(p.bases.objects))
		}
		for _, id := range []ID{{}, {0x80}, {0xff, 0xff, 0xff}} {
			if _, _, err := p.read(id, 1); err == nil {
				t.Errorf("%s was found", id)
			}
		}
		if _, _, err := p.read(objects[0].Git, objects[0].Size+1); err == nil {
			t.Error("an object of another size was given")
		}
	}
}

// TestPackReaderOfDamage: whatever is changed in pack or index, it comes to an end.
func TestPackReaderOfDamage(t *testing.T) {
	dir, objects := deltified(t, false)
	names, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/pack-*.[pi]*"))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for _, name := range names {
		if filepath.Ext(name) == ".promisor" {
			continue
		}
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, 0o600); err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			bad := bytes.Clone(good)
			for range 1 + r.IntN(8) {
				bad[r.IntN(len(bad))] = byte(r.Uint32())
			}
			if i%10 == 0 {
				bad = bad[:r.IntN(len(bad))]
			}
			if err := os.WriteFile(name, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			p, err := openPackReader(root, ".git/objects/pack")
			if err == nil {
				p.limits.MaxObject = 1 << 20
				for _, o := range objects {
					if _, data, err := p.read(o.Git, o.Size); err == nil && int64(len(data)) != o.Size {
						t.Errorf("%d bytes were given for %d", len(data), o.Size)
					}
				}
				if err := p.close(); err != nil {
					t.Error(err)
				}
			}
			if err := root.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := os.WriteFile(name, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
