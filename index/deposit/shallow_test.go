package deposit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shallowClone is a clone of the product with so much history before a tag.
func shallowClone(t testing.TB, repo, tag, depth string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "product")
	git(t, t.TempDir(), "clone", "-q", "--depth="+depth, "--branch="+tag, "file://"+repo, to)
	return to
}

// cloneShallow reads a cut-off bundle with stock git, which git clone would
// refuse: it is told first where the history ends.
func cloneShallow(t testing.TB, dir string) string {
	t.Helper()
	m, _, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	clone := filepath.Join(t.TempDir(), "clone.git")
	git(t, t.TempDir(), "init", "-q", "--bare", clone)
	cut := ""
	for _, id := range m.Sources[0].Shallow {
		cut += id.String() + "\n"
	}
	write(t, clone, "shallow", cut)
	git(t, clone, "fetch", "-q", filepath.Join(dir, m.Sources[0].Bundle), "+refs/*:refs/*")
	git(t, clone, "fsck", "--full", "--strict")
	return clone
}

// TestShallow seals a clone whose history is cut off: the manifest says where,
// an admission warns, and git reads it once it is told.
func TestShallow(t *testing.T) {
	repo := product(t)
	dir := sealedAs(t, Input{Repo: shallowClone(t, repo, "v2", "1"), Releases: []string{"v2"}}, nil)
	m, _, err := ReadManifest(dir)
	commit := strings.TrimSpace(git(t, repo, "rev-parse", "v2^{commit}"))
	if err != nil || len(m.Sources[0].Shallow) != 1 || m.Sources[0].Shallow[0].String() != commit {
		t.Fatalf("cut off at %v, want %s (%v)", m.Sources[0].Shallow, commit, err)
	}
	a, d := admittedFrom(t, dir)
	if !slices.ContainsFunc(a.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "the history of source product is cut off at 1 commits")
	}) {
		t.Errorf("the warnings are %q", a.Warnings)
	}
	want := lsTree(t, repo, "v2")
	if got := ourTree(t, d, "v2"); !slices.Equal(got, want) {
		t.Errorf("v2 has %v, want %v", got, want)
	}
	if got := lsTree(t, cloneShallow(t, dir), "v2"); !slices.Equal(got, want) {
		t.Errorf("git reads v2 as %v, want %v", got, want)
	}
	// What was imported is a repository to git, too.
	imported := filepath.Join(d.folder, filepath.FromSlash(gitDir("product")))
	git(t, imported, "fsck", "--full", "--strict")
	if got := strings.Fields(git(t, imported, "rev-list", "v2")); len(got) != 1 {
		t.Errorf("git reads the history %v", got)
	}
}

// TestShallowNotNeeded seals a clone that git calls shallow at commits which no
// release leads to, or whose parents are there.
func TestShallowNotNeeded(t *testing.T) {
	repo := product(t)
	clone := shallowClone(t, repo, "rel/3", "1")
	git(t, clone, "fetch", "-q", "--unshallow", "origin", "tag", "v1", "tag", "v2")
	write(t, filepath.Join(clone, ".git"), "shallow", git(t, repo, "rev-parse", "v2^{commit}")+git(t, repo, "rev-parse", "trunk"))
	dir := sealed(t, clone, "v1", "v2")
	m, _, err := ReadManifest(dir)
	if err != nil || len(m.Sources[0].Shallow) != 0 {
		t.Errorf("cut off at %v (%v), want nowhere", m.Sources[0].Shallow, err)
	}
}

// TestShallowUpdates: a history that is cut off stays so in what continues it,
// also when the vendor's clone has all of it; and the other way round.
func TestShallowUpdates(t *testing.T) {
	repo := product(t)
	want := lsTree(t, repo, "rel/3")
	for name, test := range map[string]struct {
		first  func() string
		then   func() string
		shadow int // commits at which the chain is cut off
	}{
		"whole after cut off": {
			func() string { return sealed(t, shallowClone(t, repo, "v2", "1"), "v2") },
			func() string { return repo }, 1},
		"cut off after whole": {
			func() string { return sealed(t, repo, "v1", "v2") },
			func() string {
				clone := shallowClone(t, repo, "rel/3", "2")
				git(t, clone, "fetch", "-q", "--depth=1", "origin", "tag", "v1", "tag", "v2")
				return clone
			}, 0},
		"cut off after cut off": {
			func() string { return sealed(t, shallowClone(t, repo, "v2", "1"), "v2") },
			func() string { return shallowClone(t, repo, "rel/3", "2") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			one := test.first()
			two := continued(t, test.then(), one, nil, "rel/3")
			_, d := admittedFrom(t, into(t, one, two))
			if got := ourTree(t, d, "rel/3"); !slices.Equal(got, want) {
				t.Errorf("rel/3 has %v, want %v", got, want)
			}
			cut := 0
			for _, l := range d.Links() {
				cut += len(l.Manifest.Sources[0].Shallow)
			}
			if cut != test.shadow {
				t.Errorf("the chain is cut off at %d commits, want %d", cut, test.shadow)
			}
			clone := cloneShallow(t, one)
			git(t, clone, "fetch", "-q", filepath.Join(two, "product.bundle"), "+refs/*:refs/*")
			git(t, clone, "fsck", "--full", "--strict")
		})
	}
}

// TestShallowRefused admits deposits that say wrongly where they are cut off.
func TestShallowRefused(t *testing.T) {
	lost, head, tests := wrongShallow()
	if _, err := Verify(t.Context(), forge(t, lost, head), vendorTrust(t), Limits{}, nil); err != nil {
		t.Fatalf("a history that is cut off: %v", err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { refused(t, forge(t, test.build, test.change), Limits{}, test.want) })
	}
}

// wrongShallow gives what makes a deposit that is cut off rightly, and those that
// are not.
func wrongShallow() (lost, head func(*forgery), wrong map[string]hostile) {
	var absent ID
	absent[3] = 7
	parent := func(f *forgery, parents string) {
		tree := f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
		text := "tree " + tree.String() + "\n" + parents + "author A <a@example.org> 0 +0000\ncommitter A <a@example.org> 0 +0000\n\nm\n"
		f.pack.object(kindCommit, []byte(text))
		id := idOf(kindCommit, []byte(text))
		f.refs = []ref{{headRef, id}, {mainRef, id}, {tagPrefix + "v1", id}}
		f.source.Releases = []Release{{"v1", id, tree}}
	}
	lost = func(f *forgery) { parent(f, "parent "+absent.String()+"\n") }
	head = func(f *forgery) { f.source.Shallow = []ID{f.source.Releases[0].Commit} }
	return lost, head, map[string]hostile{
		"cut off without a word": {lost, nil, Limits{}, "names commit 0000000700000000000000000000000000000000, which is not there"},
		"not cut off":            {nil, head, Limits{}, "but all its parents are deposited"},
		"a commit that is not there": {lost, func(f *forgery) { head(f); f.source.Shallow = append([]ID{absent}, f.source.Shallow...) },
			Limits{}, "cut off at the commit 0000000700000000000000000000000000000000, which the bundle does not hold"},
		"a tree": {nil, func(f *forgery) { f.source.Shallow = []ID{f.source.Releases[0].Tree} }, Limits{}, "which the bundle does not hold"},
		"a parent that is a tree": {func(f *forgery) {
			tree := f.add(kindTree, nil)
			parent(f, "parent "+tree.String()+"\nparent "+absent.String()+"\n")
		}, head, Limits{}, "as a commit, but it is a tree"},
	}
}

// TestPartialLists: what a partial clone lacks is listed, with paths, also what
// only the history has, and not without end.
func TestPartialLists(t *testing.T) {
	repo := product(t)
	git(t, repo, "checkout", "-q", "v1")
	write(t, repo, "old/only in history", "gone later\n")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "-qm", "old")
	for i := range maxLacking {
		write(t, repo, "many/"+strings.Repeat("x", i+1), strings.Repeat("x", i))
	}
	git(t, repo, "rm", "-qr", "old")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "-qm", "many")
	git(t, repo, "tag", "new")
	old := strings.TrimSpace(git(t, repo, "rev-parse", "new~1"))
	git(t, repo, "config", "uploadpack.allowFilter", "true")
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, repo, "clone", "-q", "--filter=blob:none", "--no-local", "--branch=new", "file://"+repo, clone) // the checkout fetches new's files

	o := options(t, clone, "new")
	refusedSeal(t, o, old+":old/only in history: tree ")
	refusedSeal(t, o, "the repository is a partial clone: make a full clone first")
	bare := filepath.Join(t.TempDir(), "bare")
	git(t, repo, "clone", "-q", "--bare", "--filter=blob:none", "--no-local", "file://"+repo, bare)
	o = options(t, bare, "new")
	refusedSeal(t, o, "many/xx blob c1b0730e0133447badcfd47fd144e254807b06e1")
	refusedSeal(t, o, ", and 6 more; the repository")
	if _, err := os.Stat(o.Out); err == nil {
		t.Error("there is a deposit")
	}
}

// FuzzCutOff reads any bytes as git's list of where a history is cut off: what is
// accepted holds the ids that are written again.
func FuzzCutOff(f *testing.F) {
	f.Add([]byte("0100000000000000000000000000000000000000\n0000000000000000000000000000000000000002\n"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := newObjects(DefaultLimits())
		if o.cutOff(data) != nil {
			return
		}
		for line := range strings.Lines(cutLines(o.graph.cut)) {
			if !strings.Contains(string(data)+"\n", line) {
				t.Errorf("%q is read to hold %q", data, line)
			}
		}
	})
}
