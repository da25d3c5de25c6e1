package deposit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// TestRoundTrip seals a repository in each form git may keep it in, admits the
// deposit, and compares what is read with what git says.
func TestRoundTrip(t *testing.T) {
	forms := map[string]func(t *testing.T, repo string) string{
		"loose": func(t *testing.T, repo string) string { return repo },
		"packed": func(t *testing.T, repo string) string {
			git(t, repo, "gc", "-q", "--aggressive")
			return repo
		},
		"packed with ref-deltas": func(t *testing.T, repo string) string {
			git(t, repo, "-c", "repack.useDeltaBaseOffset=false", "repack", "-qadf")
			return repo
		},
		"bare, several packs": func(t *testing.T, repo string) string {
			bare := filepath.Join(t.TempDir(), "product.git")
			git(t, repo, "clone", "-q", "--bare", "--no-local", repo, bare)
			write(t, repo, "more", "more\n")
			git(t, bare, "repack", "-q")
			git(t, repo, "repack", "-q")
			return bare
		},
	}
	for name, prepare := range forms {
		t.Run(name, func(t *testing.T) {
			repo := prepare(t, product(t))
			dir := sealed(t, repo, productReleases...)
			workspace := t.TempDir()
			admission, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if admission.Signer != "vendor@example.org" || admission.Pinned || len(admission.Releases) != 3 {
				t.Errorf("admission %+v", admission)
			}
			d, err := Open(workspace, admission.Digest)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			for _, release := range productReleases {
				compareRelease(t, repo, d, release)
			}
			imported := filepath.Join(workspace, admission.Digest.String(), filepath.FromSlash(gitDir("product")))
			git(t, imported, "fsck", "--full", "--strict")
			if got, want := git(t, imported, "rev-parse", "v1", "v2", "rel/3"), git(t, repo, "rev-parse", "v1", "v2", "rel/3"); got != want {
				t.Errorf("tags of the import are\n%swant\n%s", got, want)
			}
		})
	}
}

// compareRelease compares a release with git ls-tree and git cat-file.
func compareRelease(t *testing.T, repo string, d *Deposit, release string) {
	t.Helper()
	files, err := d.Files(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got strings.Builder
	for _, f := range files {
		fmt.Fprintf(&got, "%06o %d %s\x00", f.Mode, f.Size, f.Path)
		content, err := r.Blob(f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		if want := git(t, repo, "cat-file", "blob", release+":"+f.Path); want != string(content) {
			t.Errorf("%s:%s has other bytes than git's", release, f.Path)
		}
		found := false
		places, err := d.Places(t.Context(), f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range places {
			found = found || p == Place{release, f.Path}
		}
		if !found {
			t.Errorf("Places does not give %s:%s", release, f.Path)
		}
	}
	want := git(t, repo, "-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--format=%(objectmode) %(objectsize) %(path)", release)
	if got.String() != want {
		t.Errorf("files of %s:\n%q, git says\n%q", release, got.String(), want)
	}
}

// TestStockGit holds the bundle against git itself.
func TestStockGit(t *testing.T) {
	repo := product(t)
	git(t, repo, "gc", "-q")
	bundle := filepath.Join(sealed(t, repo, productReleases...), "product.bundle")
	empty := t.TempDir()
	git(t, empty, "init", "-q", "--bare")
	if out := git(t, empty, "bundle", "verify", bundle); !strings.Contains(out, "complete history") {
		t.Errorf("git bundle verify says %s", out)
	}
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, empty, "clone", "-q", bundle, clone)
	if _, err := os.Stat(filepath.Join(clone, "engine", "scan.c")); err != nil {
		t.Errorf("the clone has no working tree: %v", err)
	}
	git(t, clone, "fsck", "--full", "--strict")
	for _, rev := range []string{"v1", "v1^{commit}", "v2", "rel/3", "rel/3^{tree}"} {
		if got, want := git(t, clone, "rev-parse", rev), git(t, repo, "rev-parse", rev); got != want {
			t.Errorf("%s is %s in the clone, %s in the repository", rev, got, want)
		}
	}
	if got, want := git(t, clone, "rev-parse", "HEAD"), git(t, repo, "rev-parse", "rel/3^{commit}"); got != want {
		t.Errorf("HEAD of the clone is %s, want %s", got, want)
	}
	objects := git(t, clone, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
	want := git(t, repo, "rev-list", "--objects", "--no-object-names", "v1", "v2", "rel/3")
	if got, want := len(strings.Fields(objects)), len(strings.Fields(want)); got != want {
		t.Errorf("the bundle has %d objects, git reaches %d", got, want)
	}
}

func TestSealIsDeterministic(t *testing.T) {
	repo := product(t)
	for _, form := range []string{"loose", "packed"} {
		t.Run(form, func(t *testing.T) {
			if form == "packed" {
				git(t, repo, "gc", "-q")
			}
			a, b := sealed(t, repo, productReleases...), sealed(t, repo, productReleases...)
			for _, name := range []string{ManifestFile, SignatureFile, "product.bundle"} {
				one, err := os.ReadFile(filepath.Join(a, name))
				if err != nil {
					t.Fatal(err)
				}
				two, err := os.ReadFile(filepath.Join(b, name))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(one, two) {
					t.Errorf("%s differs between two seals", name)
				}
			}
		})
	}
}

// TestReuseOfDeltas checks that a sealed pack is about as small as git's.
func TestReuseOfDeltas(t *testing.T) {
	repo := product(t)
	git(t, repo, "gc", "-q")
	size := func(pattern string) (n int64) {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			n += info.Size()
		}
		return n
	}
	packed := size(filepath.Join(repo, ".git/objects/pack/*.pack"))
	if got := size(filepath.Join(sealed(t, repo, productReleases...), "*.bundle")); got > packed+600 {
		t.Errorf("the bundle has %d bytes, git's pack %d", got, packed)
	}
}

// TestAdmitTogether: a second admission of the same deposit finishes while the
// first is about to import; both are admissions, and one import stands.
func TestAdmitTogether(t *testing.T) {
	dir, workspace := sealed(t, product(t), "v1"), t.TempDir()
	var inner *Admission
	outer, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, func(s Step) {
		if s.Name != StepTrees || !s.Finished {
			return
		}
		var err error
		if inner, err = Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if inner == nil || inner.Already || !outer.Already {
		t.Errorf("the inner admission is %+v, the outer %+v", inner, outer)
	}

	// And whichever way several meet at the last rename.
	crowded := t.TempDir()
	var admissions sync.WaitGroup
	for range 6 {
		admissions.Go(func() {
			if _, err := Admit(t.Context(), dir, crowded, vendorTrust(t), Limits{}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	admissions.Wait()
	d, err := Open(workspace, outer.Digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestAdmitAgain(t *testing.T) {
	dir, workspace := sealed(t, product(t), "v1"), t.TempDir()
	before := snapshot(t, dir)
	first, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept := snapshot(t, workspace)
	var steps []string
	second, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, func(s Step) {
		if s.Finished {
			steps = append(steps, s.Name)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !second.Already || first.Already || first.Digest != second.Digest {
		t.Errorf("first %+v\nsecond %+v", first, second)
	}
	if want := []string{StepSignature, StepBundle, StepObjects, StepObjects, StepTrees, StepImport}; !reflect.DeepEqual(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	// When everything was checked last is all that may differ.
	now := snapshot(t, workspace)
	certificate := filepath.Join(workspace, first.Digest.String(), admissionFile)
	if kept[certificate] == now[certificate] {
		t.Error("the second admission was not noted")
	}
	delete(kept, certificate)
	delete(now, certificate)
	if !reflect.DeepEqual(kept, now) {
		t.Error("the second admission changed the workspace")
	}
	if !reflect.DeepEqual(before, snapshot(t, dir)) {
		t.Error("admission changed the deposit")
	}
	data, err := json.Marshal(second)
	if err != nil {
		t.Fatal(err)
	}
	var back Admission
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&back, second) {
		t.Errorf("through JSON it became %+v, was %+v", back, second)
	}
}

// snapshot lists all below a folder with its bytes.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			found[path] = "folder"
			return err
		}
		if d.Type() == os.ModeSymlink {
			found[path], err = os.Readlink(path)
			return err
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPinned(t *testing.T) {
	dir := sealed(t, product(t), "v1")
	_, digest, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Verify(t.Context(), dir, Trust{Pinned: []Digest{digest}, At: sealedAt}, Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Pinned || a.Signer != "" || a.Fingerprint == "" {
		t.Errorf("admission %+v", a)
	}
	if _, err := Verify(t.Context(), dir, Trust{}, Limits{}, nil); err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("without trust: %v", err)
	}
}

// TestWarnings admits what is allowed and should be known.
func TestWarnings(t *testing.T) {
	dir := forge(t, func(f *forgery) {
		b := f.add(kindBlob, []byte("b"))
		tree := treeLine("100644", "a\u200bb", b)
		tree = append(tree, treeLine("120000", "link", b)...)
		f.commit(f.add(kindTree, append(tree, treeLine("160000", "module", ID{7})...)))
	}, nil)
	a, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(a.Warnings, "\n")
	for _, want := range []string{"1 submodules", "1 symbolic links", `1 paths with invisible characters, the first is "a\u200bb"`} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning says %q:\n%s", want, all)
		}
	}
	if a.Releases[0].Files != 3 || a.Releases[0].Bytes != 2 {
		t.Errorf("release %+v", a.Releases[0])
	}
}
