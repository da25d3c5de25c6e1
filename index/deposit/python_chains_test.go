package deposit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"vitrine/index/seal"
)

// resealed copies a deposit whose manifest its vendor changed and signed again.
func resealed(t testing.TB, dir string, change func(*Manifest)) string {
	t.Helper()
	m, _, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	data, err := seal.Canonical(m)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "deposit")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	signInto(t, to, data)
	return to
}

// chains asks about deposits that continue each other.
func (j *judge) chains() {
	repo, d := three(j)
	ask := func(name string, dirs ...string) { j.Helper(); j.about("chain, "+name, into(j, dirs...), Limits{}) }
	ask("three", d[2], d[0], d[1])
	ask("two", d[0], d[1])
	ask("one in a folder", d[0])
	ask("another key, then the vendor's", j.signedBy(d[0], otherKey(j)), continued(j, repo, d[0], nil, "v2"))
	spoilt := into(j, d[0], d[1])
	write(j, spoilt, "a/manifest.json.sig", "no signature\n")
	j.about("chain, an old signature of nonsense", spoilt, Limits{})
	later, err := os.ReadFile(filepath.Join(d[1], SignatureFile))
	j.must(err)
	write(j, spoilt, "a/manifest.json.sig", string(later))
	j.about("chain, an old signature of something else", spoilt, Limits{})

	var other ID
	other[4] = 4
	_, first, err := ReadManifest(d[0])
	if err != nil {
		j.Fatal(err)
	}
	for name, change := range map[string]func(m *Manifest, s *Source){
		"unchanged":                   func(*Manifest, *Source) {},
		"predecessor of zeros":        func(m *Manifest, _ *Source) { m.Predecessor = Digest{}.String() },
		"predecessor the first":       func(m *Manifest, _ *Source) { m.Predecessor = first.String() },
		"no predecessor":              func(m *Manifest, _ *Source) { m.Predecessor = "" },
		"before":                      func(m *Manifest, _ *Source) { m.Sealed = "2026-01-31T11:59:59Z" },
		"later":                       func(m *Manifest, _ *Source) { m.Sealed = "2126-01-31T11:59:59Z" },
		"no prerequisites":            func(_ *Manifest, s *Source) { s.Prerequisites = []ID{} },
		"another prerequisite":        func(_ *Manifest, s *Source) { s.Prerequisites = []ID{other} },
		"a prerequisite more":         func(_ *Manifest, s *Source) { s.Prerequisites = append([]ID{other}, s.Prerequisites...) },
		"a release of before":         func(_ *Manifest, s *Source) { s.Releases[0].Name = "v1" },
		"another source":              func(_ *Manifest, s *Source) { s.Name = "other" },
		"artifact of before":          func(m *Manifest, _ *Source) { m.Artifacts = []Artifact{{Name: "a", Release: "v1"}} },
		"artifact of now":             func(m *Manifest, _ *Source) { m.Artifacts = []Artifact{{Name: "a", Release: "rel/3"}} },
		"artifact of nothing":         func(m *Manifest, _ *Source) { m.Artifacts = []Artifact{{Name: "a", Release: "v9"}} },
		"cut off where it goes on":    func(_ *Manifest, s *Source) { s.Shallow = []ID{s.Releases[0].Commit} },
		"prerequisites out of order":  func(_ *Manifest, s *Source) { s.Prerequisites = append(s.Prerequisites, other) },
		"an object of before is here": func(_ *Manifest, s *Source) { s.Objects = append([]Object{{Git: ID{}, Kind: "blob"}}, s.Objects...) },
	} {
		ask("the last, "+name, d[0], d[1], resealed(j, d[2], func(m *Manifest) { change(m, &m.Sources[0]) }))
	}
	early := resealed(j, d[0], func(m *Manifest) { m.Artifacts = []Artifact{{Name: "a", Release: "v2"}} })
	ask("artifact of what comes later", early, follows(j, early, d[1]))

	t := taggedAgain(j)
	ask("tags of tags", t...)
	ask("tags of tags, two", t[0], t[1])
	git(j, repo, "tag", "v2-again", "v2")
	again := sealed(j, repo, "v1", "v2")
	ask("the same commit", again, continued(j, repo, again, nil, "v2-again"))
	cut := sealed(j, shallowClone(j, repo, "v2", "1"), "v2")
	ask("cut off, then whole", cut, continued(j, repo, cut, nil, "rel/3"))
	orphan := rewritten(j.T)
	whole := sealed(j, orphan, "v9")
	ask("the whole as an update", d[0], resealed(j, whole, func(m *Manifest) { m.Predecessor = first.String() }))
	ask("a source of the same name that rests on nothing", d[0], resealed(j, whole, func(m *Manifest) {
		m.Predecessor, m.Sources[0].Name, m.Sources[0].Bundle = first.String(), "product", "product.bundle"
	}))
	j.completed()
}

// follows copies a deposit and makes it continue another one.
func follows(t testing.TB, before, dir string) string {
	t.Helper()
	_, digest, err := ReadManifest(before)
	if err != nil {
		t.Fatal(err)
	}
	return resealed(t, dir, func(m *Manifest) { m.Predecessor = digest.String() })
}

// update forges a deposit of the release v2 that continues another one and rests
// on commits of it.
func (j *judge) update(first string, build func(*forgery), rests ...ID) string {
	j.Helper()
	_, digest, err := ReadManifest(first)
	j.must(err)
	return forge(j, build, func(f *forgery) {
		f.manifest.Predecessor = digest.String()
		f.source.Prerequisites = rests
		f.source.Releases[0].Name, f.refs[2].name = "v2", tagPrefix+"v2"
		f.header = func([]byte) []byte { return bundle{rests, f.refs}.encode() }
	})
}

// completed asks about chains in which a bundle needs what only a later one has,
// and about what a bundle may rest on.
func (j *judge) completed() {
	ask := func(name string, dirs ...string) { j.Helper(); j.about("chain, "+name, into(j, dirs...), Limits{}) }
	b, d := idOf(kindBlob, []byte("b")), idOf(kindBlob, []byte("d"))
	lacking := forge(j, func(f *forgery) { f.commit(f.add(kindTree, treeLine("100644", "a", b))) }, nil)
	ask("a blob that comes later", lacking, j.update(lacking, func(f *forgery) {
		f.commit(f.add(kindTree, treeLine("100644", "c", f.add(kindBlob, []byte("b")))))
	}))
	ask("a blob that comes later, beside a new one", lacking, j.update(lacking, func(f *forgery) {
		f.add(kindBlob, []byte("b"))
		f.commit(f.add(kindTree, append(treeLine("100644", "c", b), treeLine("100644", "d", f.add(kindBlob, []byte("d")))...)))
	}))

	var tree, old, tag ID
	first := forge(j, func(f *forgery) {
		tree = f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
		old = f.commit(tree)
		tag = f.text(kindTag, fmt.Sprintf("object %s\ntype commit\ntag v1\n", old))
		f.refs[2].id = tag
	}, nil)
	again := func(at ID) func(*forgery) {
		return func(f *forgery) { f.release(old, tree); f.refs[2].id = at }
	}
	ask("nothing but a name", first, j.update(first, again(old), old))
	ask("nothing but a name, without prerequisites", first, j.update(first, again(old)))
	ask("nothing but a name of a tag of before", first, j.update(first, again(tag), old))
	ask("nothing but a name of a tag of before, without prerequisites", first, j.update(first, again(tag)))
	tagged := func(name string) func(*forgery) {
		return func(f *forgery) { again(f.text(kindTag, fmt.Sprintf("object %s\ntype tag\n%s", tag, name)))(f) }
	}
	ask("a tag of a tag of before", first, j.update(first, tagged("tag v2\n"), old))
	ask("a tag of a tag of before, without prerequisites", first, j.update(first, tagged("tag v2\n")))
	ask("a tag of a tag of before, without a name", first, j.update(first, tagged(""), old))
	ask("a tag of a tag of before that brings that again", first, j.update(first, func(f *forgery) {
		f.text(kindTag, fmt.Sprintf("object %s\ntype commit\ntag v1\n", old))
		tagged("tag v2\n")(f)
	}, old))
	child := func(blob []byte, cut bool) func(*forgery) {
		return func(f *forgery) {
			root := f.add(kindTree, append(treeLine("100644", "a", b), treeLine("100644", "d", f.add(kindBlob, blob))...))
			lost := ""
			if cut {
				lost = "parent " + ID{8}.String() + "\n"
			}
			f.release(f.text(kindCommit, fmt.Sprintf("tree %s\n%sparent %s\nauthor A", root, lost, old)), root)
			if cut {
				f.source.Shallow = []ID{f.source.Releases[0].Commit}
			}
		}
	}
	ask("a commit", first, j.update(first, child([]byte("d"), false), old))
	ask("a commit, without prerequisites", first, j.update(first, child([]byte("d"), false)))
	ask("a commit that brings a blob again", first, j.update(first, child([]byte("b"), false), old))
	ask("a commit that is cut off", first, j.update(first, child([]byte("d"), true)))
	ask("a commit that is cut off, with the parent that is there", first, j.update(first, child([]byte("d"), true), old))
	ask("a commit of the tree of before", first, j.update(first, func(f *forgery) { f.commit(tree) }))
	ask("a tree with the blob of before", first, j.update(first, func(f *forgery) {
		f.commit(f.add(kindTree, append(treeLine("100644", "a", b), treeLine("100644", "d", f.add(kindBlob, []byte("d")))...)))
	}))
	ask("a delta of a blob of before", first, j.update(first, func(f *forgery) {
		f.pack.ref(b, delta(1, 1, insert("d")))
		f.name(kindBlob, []byte("d"))
		f.commit(f.add(kindTree, treeLine("100644", "d", d)))
	}))
}
