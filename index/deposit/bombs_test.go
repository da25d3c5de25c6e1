package deposit

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bomb is a deposit that its vendor signed and that is small against what it
// wants from who reads it.
type bomb struct {
	build  func(*forgery)
	change func(*forgery)
	want   string
}

const mebi = 1 << 20

var bombs = map[string]bomb{
	// Objects that are larger than they look.
	"5 KB make one object of 17 GB": {build: doubling(30), want: "have more bytes than the limits allow"},
	"5 KB make 68 objects of 250 MB": {build: func(f *forgery) {
		at := f.pack.object(kindBlob, make([]byte, mebi))
		for i := range 68 {
			f.pack.ofs(at, delta(mebi, 250*mebi+8, copies(mebi, 250), insert(text(i))))
		}
	}, want: "have more bytes than the limits allow"},
	"the largest object of zeros":    {build: zeros(256 * mebi), want: "admitted: 1 files"},
	"large objects at the same time": {build: largeTree, want: "admitted: 4 files"},
	// Deltas.
	"50,000 deltas on each other":                {build: chainOf(50_000, false), want: "delta chain is longer than 4095"},
	"50,000 deltas on each other, by id":         {build: chainOf(50_000, true), want: "delta chain is longer than 4095"},
	"50,000 deltas by id, the last one first":    {build: chainBackwards(50_000), want: "delta chain is longer than 4095"},
	"100,000 deltas in a circle":                 {build: circleOf(100_000), want: "rest on what it lacks or on themselves"},
	"a million deltas of what is not there":      {build: absentBases(1_000_000), want: "1000000 objects of the pack rest on what it lacks"},
	"directories at the ends of two long chains": {build: twoChains, want: "through their deltas takes more than"},
	// Trees.
	"a tree of 3 million entries":           {build: wideTree(3_000_000, 1), want: "it has more than 200000 entries"},
	"a tree of as many entries as may be":   {build: wideTree(200_000, 1), want: "admitted: 200000 files"},
	"a tree of 200,000 entries of one name": {build: wideTree(200_000, 0), want: "twice"},
	"trees that make 10^12 paths":           {build: treeBomb, want: "more files and directories than the limit allows"},
	"trees that make long paths":            {build: longPaths, want: "more files and directories than the limit allows"},
	"50,000 trees in each other, one lost":  {build: deepTrees(50_000), want: "which is not there"},
	// What is named and not there.
	"1,000 releases of a wide tree, and a lie about what none has": {build: manyReleases(1000), change: func(f *forgery) {
		for i := range f.source.Objects {
			if o := &f.source.Objects[i]; o.Size == 6 { // "hidden"
				o.SHA256[0]++
			}
		}
	}, want: "has the SHA-256"},
	"a commit of 3 million parents": {build: manyParents(3_000_000), want: "are named that are not there"},
	// The header and the manifest.
	"100,000 refs": {change: func(f *forgery) {
		for i := range 100_000 {
			f.refs = append(f.refs, ref{fmt.Sprintf("refs/tags/%06d", i), f.refs[0].id})
		}
	}, want: "the bundle's header has more than"},
	"an endless header": {change: func(f *forgery) {
		f.bundle = func([]byte) []byte { return append([]byte(bundleSignature), bytes.Repeat([]byte("x"), 64*mebi)...) }
	}, want: "the bundle's header has more than"},
	"1 GB of JSON": {change: func(f *forgery) {
		f.after = func(dir string) {
			if os.Truncate(filepath.Join(dir, ManifestFile), 1<<30) != nil {
				panic("no file of 1 GB")
			}
		}
	}, want: "manifest.json has 1073741824 bytes, at most 268435456 are read"},
	"1 GB of signature": {change: func(f *forgery) {
		f.after = func(dir string) {
			if os.Truncate(filepath.Join(dir, SignatureFile), 1<<30) != nil {
				panic("no file of 1 GB")
			}
		}
	}, want: "manifest.json.sig has 1073741824 bytes"},
	"a manifest of 500,000 objects more": {change: func(f *forgery) {
		more := make([]Object, 500_000, 500_003)
		for i := range more {
			more[i] = Object{Git: numbered(i), Kind: kindNameBlob}
		}
		f.source.Objects = append(more, f.source.Objects...)
	}, want: "is not in the bundle"},
}

// TestBombs admits each in a child that has 2 GiB and ten seconds. They are
// made in children too, which have no race detector to slow them down.
func TestBombs(t *testing.T) {
	if name := os.Getenv(envForge); name != "" {
		b := bombs[name]
		build := b.build
		if build != nil {
			build = func(f *forgery) {
				b.build(f)
				if f.refs == nil { // the pack is enough
					onlyFile(f, nil)
				}
			}
		}
		if err := os.Rename(forge(t, build, b.change), os.Getenv(envOut)); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name, b := range bombs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "deposit")
			made := runChild(t, childHang, []string{envForge + "=" + name, envOut + "=" + dir}, "-test.run=^TestBombs$")
			if made.err != nil {
				t.Fatalf("making it: %v\n%s", made.err, made.output)
			}
			t.Logf("made in %v", made.took)
			bounded(t, dir, b.want)
		})
	}
}

// text is a few bytes that differ for each i.
func text(i int) string { return fmt.Sprintf("%07d\n", i) }

// copies copies the first n bytes of the base, times over.
func copies(n, times int) (ops []byte) { return bytes.Repeat(copyFrom(0, n), times) }

// doubling makes an object of 16 bytes and of each the double.
func doubling(times int) func(*forgery) {
	return func(f *forgery) {
		at, n := f.pack.object(kindBlob, []byte("0123456789abcdef")), 16
		for range times {
			var ops []byte
			for from := 0; from < n; from += 8 * mebi {
				op := copyFrom(from, min(n-from, 8*mebi))
				ops = append(append(ops, op...), op...)
			}
			at = f.pack.ofs(at, delta(n, 2*n, ops))
			n *= 2
		}
	}
}

// onlyFile makes a blob the only file of release v1.
func onlyFile(f *forgery, data []byte) {
	f.commit(f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, data))))
}

func zeros(n int) func(*forgery) {
	return func(f *forgery) { onlyFile(f, make([]byte, n)) }
}

// noise is what cannot be compressed and so lets a pack be large inflated.
func noise(n int) []byte {
	data := make([]byte, n)
	source := rand.NewChaCha8([32]byte{1})
	if _, err := source.Read(data); err != nil {
		panic(err) // it cannot fail
	}
	return data
}

// largeTree puts into release v1 three files of 250 MiB, one a delta of noise
// and two of that one, so that they are needed at the same time. The noise makes
// them no more than a good pack may hold.
func largeTree(f *forgery) {
	const n = 250 * mebi
	base := noise(2 * mebi)
	lines := treeLine("100644", "a0", f.name(kindBlob, base))
	at, size, ops := f.pack.object(kindBlob, base), len(base), copies(len(base), n/len(base))
	whole := bytes.Repeat(base, n/len(base))
	for i := range 3 {
		data := append(whole[:n:n], text(i)...)
		next := f.pack.ofs(at, delta(size, len(data), ops, insert(text(i))))
		lines = append(lines, treeLine("100644", fmt.Sprintf("a%d", i+1), f.name(kindBlob, data))...)
		if i == 0 {
			at, size, ops = next, len(data), nil
			for from := 0; from < n; from += 8 * mebi {
				ops = append(ops, copyFrom(from, min(n-from, 8*mebi))...)
			}
		}
	}
	f.commit(f.add(kindTree, lines))
}

func chainOf(n int, byID bool) func(*forgery) {
	return func(f *forgery) {
		data := []byte(text(0))
		at := f.pack.object(kindBlob, data)
		for i := range n {
			d := delta(len(data), len(data), insert(text(i+1)))
			if byID {
				f.pack.ref(idOf(kindBlob, data), d)
			} else {
				at = f.pack.ofs(at, d)
			}
			data = []byte(text(i + 1))
		}
	}
}

func chainBackwards(n int) func(*forgery) {
	return func(f *forgery) {
		for i := n; i > 0; i-- {
			f.pack.ref(idOf(kindBlob, []byte(text(i-1))), delta(8, 8, insert(text(i))))
		}
		f.pack.object(kindBlob, []byte(text(0)))
	}
}

// circleOf makes deltas each of the next; the last is of the first.
func circleOf(n int) func(*forgery) {
	return func(f *forgery) {
		for i := range n {
			f.pack.ref(idOf(kindBlob, []byte(text((i+1)%n))), delta(8, 8, insert(text(i))))
		}
	}
}

func absentBases(n int) func(*forgery) {
	return func(f *forgery) {
		z := deflated(delta(8, 8, insert(text(1))))
		for i := range n {
			f.pack.raw(header{kind: refDelta, size: int64(len(delta(8, 8, insert(text(1))))), ref: numbered(i)}, z)
		}
	}
}

// numbered is an id that no object has.
func numbered(i int) (id ID) {
	binary.BigEndian.PutUint32(id[16:], uint32(i))
	return id
}

// wideTree makes a release of n files, whose names differ when step is 1.
func wideTree(n, step int) func(*forgery) {
	return func(f *forgery) {
		id := f.add(kindBlob, []byte("b"))
		tree := make([]byte, 0, n*35)
		for i := range n {
			tree = fmt.Appendf(tree, "100644 %07d\x00", i*step)
			tree = append(tree, id[:]...)
		}
		f.commit(f.add(kindTree, tree))
	}
}

// longPaths makes a thousand million paths of 4,000 bytes.
func longPaths(f *forgery) {
	id := f.add(kindTree, treeLine("100644", "f", f.add(kindBlob, []byte("b"))))
	for range 9 {
		var tree []byte
		for i := range 10 {
			tree = append(tree, treeLine("40000", fmt.Sprint(i), id)...)
		}
		id = f.add(kindTree, tree)
	}
	for range 19 {
		id = f.add(kindTree, treeLine("40000", strings.Repeat("d", 200), id))
	}
	f.commit(id)
}

// deepTrees puts n trees into each other; the innermost names a lost blob.
func deepTrees(n int) func(*forgery) {
	return func(f *forgery) {
		id := f.add(kindTree, treeLine("100644", "lost", numbered(1)))
		for i := range n {
			id = f.add(kindTree, treeLine("40000", fmt.Sprintf("%07d-%s", i, strings.Repeat("d", 300)), id))
		}
		f.commit(id)
	}
}

// twoChains makes two chains of trees in the history, and a release whose
// directories rest in turn on the one and on the other: who reads them one by
// one resolves a whole chain for each.
func twoChains(f *forgery) {
	const deep, leaves = 4000, 4000
	id := f.add(kindBlob, []byte("b"))
	var history []byte
	release := make([][]byte, 2*leaves) // those of the chains in turn
	for chain := range 2 {
		var tree []byte
		for i := range 400 {
			tree = append(tree, treeLine("100644", fmt.Sprintf("%d-%05d", chain, i), id)...)
		}
		at := f.pack.object(kindTree, tree)
		n := len(treeLine("100644", "0-00000", id))
		for i := range deep {
			history = append(history, treeLine("40000", fmt.Sprintf("%d-%05d", chain, i), f.name(kindTree, tree))...)
			next := append(bytes.Clone(tree[:len(tree)-n]), treeLine("100644", fmt.Sprintf("%d-%05d", chain, 400+i), id)...)
			at = f.pack.ofs(at, delta(len(tree), len(next), copyFrom(0, len(tree)-n), insert(string(next[len(tree)-n:]))))
			tree = next
		}
		history = append(history, treeLine("40000", fmt.Sprintf("%d-%05d", chain, deep), f.name(kindTree, tree))...)
		for i := range leaves {
			leaf := treeLine("100644", fmt.Sprintf("%d-%05d", chain, i), id)
			f.pack.ofs(at, delta(len(tree), len(leaf), insert(string(leaf))))
			release[2*i+chain] = treeLine("40000", fmt.Sprintf("%05d-%d", i, chain), f.name(kindTree, leaf))
		}
	}
	before := f.commit(f.add(kindTree, history))
	f.commit(f.add(kindTree, bytes.Join(release, nil)), before)
}

// manyReleases makes releases of trees that differ in a little beside what is
// wide in all, on a commit with a file that none of them has.
func manyReleases(n int) func(*forgery) {
	return func(f *forgery) {
		b := f.add(kindBlob, []byte("b"))
		var tree []byte
		for i := range 190_000 {
			tree = append(tree, treeLine("40000", fmt.Sprintf("%07d", i), f.name(kindTree, nil))...)
		}
		f.pack.object(kindTree, nil)
		wide := f.add(kindTree, tree)
		before := f.commit(f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("hidden")))))
		var refs []ref
		var releases []Release
		for i := range n {
			name := fmt.Sprintf("v%04d", i)
			before = f.commit(f.add(kindTree, append(treeLine("100644", name, b), treeLine("40000", "wide", wide)...)), before)
			refs = append(refs, ref{tagPrefix + name, before})
			releases = append(releases, Release{name, before, f.source.Releases[0].Tree})
		}
		f.refs, f.source.Releases = append(f.refs[:2], refs...), releases
	}
}

// manyParents makes a commit that names n others, which are windows of the
// noise in the commit that it is a delta of.
func manyParents(n int) func(*forgery) {
	return func(f *forgery) {
		tree := fmt.Sprintf("tree %s\n", f.add(kindTree, nil))
		base := []byte(tree + "author A <a@example.org> 0 +0000\n\n" + hex.EncodeToString(noise(n/2+20)))
		from := len(base) - n - 40
		ops := insert(tree)
		for i := range n {
			ops = append(append(ops, insert("parent ")...), copyFrom(from+i, 40)...)
			ops = append(ops, insert("\n")...)
		}
		last := "author A <a@example.org> 0 +0000\n\n"
		f.pack.ofs(f.pack.object(kindCommit, base), delta(len(base), len(tree)+n*48+len(last), ops, insert(last)))
	}
}
