package deposit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMissingIsToldOnce: what is missing is told once, however often it is named
// and by whichever ref.
func TestMissingIsToldOnce(t *testing.T) {
	dir := forge(t, func(f *forgery) {
		lost := append(treeLine("100644", "a", numbered(1)), treeLine("100644", "b", numbered(1))...)
		sub := f.add(kindTree, append(lost, treeLine("40000", "c", numbered(2))...))
		f.commit(f.add(kindTree, append(append(lost, treeLine("40000", "d", sub)...), treeLine("40000", "e", numbered(2))...)))
		again := f.text(kindTag, fmt.Sprintf("object %s\ntype commit\ntag v1\n", f.refs[0].id))
		f.refs[2].id = again
	}, nil)
	_, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatal(err)
	}
	var objects []string
	for _, p := range r.Problems {
		objects = append(objects, p.Object)
	}
	if want := []string{"blob " + numbered(1).String(), "tree " + numbered(2).String()}; len(objects) != 2 || r.More != 0 ||
		!strings.Contains(strings.Join(objects, "\n"), want[0]) || !strings.Contains(strings.Join(objects, "\n"), want[1]) {
		t.Errorf("it tells of %q and %d more, want %q", objects, r.More, want)
	}
}

// TestMissingHasALimit: of very many objects that are missing, a report looks at
// some thousands.
func TestMissingHasALimit(t *testing.T) {
	const lost = 2 * maxTold
	dir := forge(t, func(f *forgery) {
		var tree []byte
		for i := range lost {
			tree = append(tree, treeLine("100644", fmt.Sprintf("%05d", i), numbered(i+1))...)
		}
		f.commit(f.add(kindTree, tree))
	}, nil)
	_, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	var r *Refusal
	if !errors.As(err, &r) || len(r.Problems) != maxProblems {
		t.Fatal(err)
	}
	if n := len(r.Problems) + r.More; n > maxTold+1 {
		t.Errorf("of %d objects that are missing it looked at %d, want at most %d", lost, n, maxTold+1)
	}
}

// TestOneObjectOfTwoKinds: a tree that names one object as a file and as a
// directory is refused before anything is sealed, whichever it is and whichever
// comes first.
func TestOneObjectOfTwoKinds(t *testing.T) {
	for _, c := range []struct{ what, first, second, want string }{
		{"v2:engine", "40000 a", "100644 b", "as a blob, but it is a tree"},
		{"v2:engine", "100644 a", "40000 b", "as a blob, but it is a tree"},
		{"v2:build.sh", "40000 a", "100644 b", "as a tree, but it is a blob"},
		{"v2:build.sh", "100644 a", "40000 b", "as a tree, but it is a blob"},
	} {
		repo := product(t)
		var id ID
		if err := id.UnmarshalText([]byte(strings.TrimSpace(git(t, repo, "rev-parse", c.what)))); err != nil {
			t.Fatal(err)
		}
		var raw []byte
		for _, entry := range []string{c.first, c.second} {
			raw = append(append(raw, entry+"\x00"...), id[:]...)
		}
		file := filepath.Join(t.TempDir(), "tree")
		if err := os.WriteFile(file, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		tree := strings.TrimSpace(git(t, repo, "hash-object", "-w", "--literally", "-t", "tree", file))
		commit := strings.TrimSpace(git(t, repo, "commit-tree", "-m", "x", tree))
		git(t, repo, "tag", "two", commit)
		_, err := Seal(t.Context(), options(t, repo, "two"), nil)
		if err == nil || !strings.Contains(err.Error(), "release two: ") || strings.Contains(err.Error(), "would not be admitted") ||
			strings.Count(err.Error(), c.want) != 1 {
			t.Errorf("%s and %s of a %s: %v, want a sentence with %q", c.first, c.second, c.what, err, c.want)
		}
	}
}

// TestRefusedIsClosed: whatever is refused, no folder or file of it stays open.
func TestRefusedIsClosed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("what is open is told by /proc/self/fd, which is Linux's")
	}
	repo := product(t)
	dirs := map[string]string{
		"two sources, one failed": several(t, "", madeSource{"a", "v1", unfinished("one")}, madeSource{"b", "v2", fileOf("two")}),
		"an untrusted key":        continued(t, repo, sealed(t, repo, "v1"), func(o *SealOptions) { o.Signer = otherKey(t) }, "v2"),
	}
	for name, test := range noChains(t) {
		dirs[name] = test.dir
	}
	for name, dir := range dirs {
		workspace := t.TempDir()
		for how, try := range map[string]func() error{
			"Verify":        func() error { _, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil); return err },
			"Admit":         func() error { _, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); return err },
			"Reopen":        func() error { _, err := Reopen(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); return err },
			"IdentifyLinks": func() error { _, err := IdentifyLinks(dir, vendorTrust(t)); return err },
			"Seal": func() error {
				o := options(t, repo, "v2")
				o.Since = dir
				_, err := Seal(t.Context(), o, nil)
				return err
			},
		} {
			if err := try(); err == nil && how != "IdentifyLinks" {
				t.Errorf("%s: %s accepts it", name, how)
			}
			for _, open := range openBelow(t, dir, workspace) {
				t.Errorf("%s: after %s %s is open", name, how, open)
			}
		}
	}
}

// openBelow lists what this process has open in these folders.
func openBelow(t *testing.T, dirs ...string) (open []string) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil {
			continue // that of the listing itself
		}
		for _, dir := range dirs {
			if path == dir || strings.HasPrefix(path, dir+"/") {
				open = append(open, path)
			}
		}
	}
	return open
}

// TestPathsHaveAPrice: the paths that a report seeks for what is wrong cost no
// more work than reading the trees may; what would is told without one.
func TestPathsHaveAPrice(t *testing.T) {
	if unraced(t) {
		return
	}
	// Each file lies in a directory that is a delta of a tree too large to be kept.
	const files, large = maxProblems, chainCacheBytes/3 + mebi
	dir := forge(t, func(f *forgery) {
		b := f.add(kindBlob, []byte("b"))
		var base []byte
		for i := 0; len(base) < large; i++ {
			base = append(base, treeLine("100644", fmt.Sprintf("%05d%s", i, strings.Repeat("x", 4000)), b)...)
		}
		at := f.pack.object(kindTree, base)
		before := f.commit(f.name(kindTree, base))
		var root []byte
		for i := range files {
			leaf := treeLine("100644", "f", f.add(kindBlob, []byte(text(i))))
			f.pack.ofs(at, delta(len(base), len(leaf), insert(string(leaf))))
			root = append(root, treeLine("40000", fmt.Sprintf("%05d", i), f.name(kindTree, leaf))...)
		}
		f.commit(f.add(kindTree, root), before)
	}, func(f *forgery) {
		for i := range f.source.Objects {
			if o := &f.source.Objects[i]; o.Size == int64(len(text(0))) {
				o.SHA256[0]++
			}
		}
	})
	_, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	var r *Refusal
	if !errors.As(err, &r) || len(r.Problems) != files {
		t.Fatal(err)
	}
	with := 0
	for _, p := range r.Problems {
		if p.Path != "" {
			with++
		}
	}
	if may := int((chainWork*2*large + chainWorkAllowance) / large); with == 0 || with > may {
		t.Errorf("it sought the paths of %d of %d objects, want some, and no more than %d", with, files, may)
	}
}
