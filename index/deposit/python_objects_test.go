package deposit

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// objects asks about trees, commits and tags.
func (j *judge) objects() {
	names := []string{"a", "...", ".github", ".gitignore", ".gitmodules", "git", "git~2", "a b", "-", "\x01", "\x7f", "\u0085", "\u2028", "\u2029", "\u202e", "\u200e",
		"\u061c", "\u2066", "\u200b", "\u00ad", "e\u0301", "\xff\xfe", "\xed\xa0\x80", "\xc0\x80", "", ".", "..", "a/b", ".git", ".GiT", ".g\u200cit", "\ufeff.git",
		".git\u200d", "GIT~1", "git~1 ", ".git . ", ".git::$INDEX_ALLOCATION", ".git:", ".git\\config", "a\\.git", "a\\.git \\b", "a\\b", ".git~1", "git~10", ".g\u0130t",
		".git\xff", "\xff.git", ".git\ufffd", ".git\x01", strings.Repeat("n", 4096), strings.Repeat("n", 4097)}
	modes := []string{"40000", "100644", "100664", "100755", "120000", "160000", "", "040000", "100600", "100640", "20000", "104755", "1006440", "0100644", "1", "8"}
	entry := func(mode, name string) func(f *forgery) []byte {
		return func(f *forgery) []byte {
			if mode == "40000" {
				return treeLine(mode, name, f.add(kindTree, nil))
			}
			return treeLine(mode, name, f.add(kindBlob, []byte("b")))
		}
	}
	for _, name := range names {
		j.tree(fmt.Sprintf("named %q", name), entry("100644", name))
	}
	for _, mode := range modes {
		j.tree("of mode "+mode, entry(mode, "a"))
	}
	j.tree("with a submodule", func(*forgery) []byte { return treeLine("160000", "sub", ID{9}) })
	for name, order := range map[string]string{
		"none": "", "git's": "a-b a.b a/ a0", "a file's for a folder": "a/ a.b", "backwards": "b a", "twice": "a a", "file and folder": "a a/",
		"file and folder apart": "a a- a-b a/", "folder and file apart": "a- a-b a/ ab", "folders": "a/ a-/", "folders in order": "a-/ a/",
	} {
		j.tree("in order, "+name, func(f *forgery) (data []byte) {
			b, e := f.add(kindBlob, []byte("b")), f.add(kindTree, nil)
			for line := range strings.FieldsSeq(order) {
				if dir, ok := strings.CutSuffix(line, "/"); ok {
					data = append(data, treeLine("40000", dir, e)...)
				} else {
					data = append(data, treeLine("100644", line, b)...)
				}
			}
			return data
		})
	}
	for _, cut := range []int{1, 4, 7, 8, 9, 20, 27} {
		j.tree(fmt.Sprint("cut at ", cut), func(f *forgery) []byte { return entry("100644", "a")(f)[:cut] })
	}
	for _, deep := range []int{255, 256, 257} {
		j.forged(fmt.Sprint("folders deep: ", deep), nested("d", deep), nil)
	}
	for _, length := range []int{196, 197, 198} { // 21*195 and a slash and the file's name: 4095, 4096 …
		j.forged(fmt.Sprint("folder's name of bytes: ", length), func(f *forgery) {
			id := f.add(kindTree, treeLine("100644", "f", f.add(kindBlob, []byte("b"))))
			id = f.add(kindTree, treeLine("40000", strings.Repeat("e", length-2), id))
			for range 20 {
				id = f.add(kindTree, treeLine("40000", strings.Repeat("d", 194), id))
			}
			f.commit(id)
		}, nil)
	}
	for _, deep := range []int{56, 57} {
		j.forged(fmt.Sprint("folders deep, 200 of which are elsewhere, too: ", 200+deep), func(f *forgery) {
			id := f.add(kindTree, treeLine("100644", "f", f.add(kindBlob, []byte("b"))))
			var known ID
			for i := range 199 + deep {
				if id = f.add(kindTree, treeLine("40000", "d", id)); i == 199 {
					known = id
				}
			}
			f.commit(f.add(kindTree, append(treeLine("40000", "a", known), treeLine("40000", "b", id)...)))
		}, nil)
	}
	j.commits()
	j.tags()
	j.cutOffs()
}

// tree asks about a tree in a release, below a directory of it, and in the
// history alone.
func (j *judge) tree(name string, make func(f *forgery) []byte) {
	j.Helper()
	j.forged("tree "+name, func(f *forgery) { f.commit(f.add(kindTree, make(f))) }, nil)
	j.forged("tree in the history "+name, func(f *forgery) {
		old := f.text(kindCommit, fmt.Sprintf("tree %s\nauthor A <a> 0 +0000\n", f.add(kindTree, make(f))))
		tree := f.add(kindTree, treeLine("100644", "new", f.add(kindBlob, []byte("new"))))
		f.release(f.text(kindCommit, fmt.Sprintf("tree %s\nparent %s\nauthor A <a> 0 +0000\n", tree, old)), tree)
	}, nil)
}

// text adds an object that the manifest does not list.
func (f *forgery) text(k kind, s string) ID {
	f.pack.object(k, []byte(s))
	return idOf(k, []byte(s))
}

// release makes a commit the only release.
func (f *forgery) release(commit, tree ID) {
	f.refs = []ref{{headRef, commit}, {mainRef, commit}, {tagPrefix + "v1", commit}}
	f.source.Releases = []Release{{"v1", commit, tree}}
}

func (j *judge) commits() {
	for name, text := range map[string]string{
		"as it is":               "tree T\nauthor A <a> 0 +0000\ncommitter A <a> 0 +0000\n\nm\n",
		"parent":                 "tree T\nparent P\nauthor A",
		"parent twice":           "tree T\nparent P\nparent P\nauthor A",
		"no author":              "tree T\n",
		"empty author":           "tree T\nauthor ",
		"author cut":             "tree T\nauthor",
		"parent after author":    "tree T\nauthor A\nparent " + ID{1}.String() + "\n",
		"other member":           "tree T\nnote x\nauthor A",
		"no tree":                "parent P\nauthor A",
		"two trees":              "tree T\ntree T\nauthor A",
		"capital tree":           "tree U\nauthor A",
		"space":                  "tree  T\nauthor A",
		"Windows":                "tree T\r\nauthor A",
		"parent is a tree":       "tree T\nparent T\nauthor A",
		"tree is a commit":       "tree P\nauthor A",
		"parent is not there":    "tree T\nparent " + ID{1}.String() + "\nauthor A",
		"no commit at all":       "",
		"a byte that is no text": "tree T\nauthor \xff\x00",
	} {
		j.forged("commit, "+name, func(f *forgery) {
			tree := f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
			parent := ID{}
			if strings.Contains(text, "P") {
				parent = f.text(kindCommit, fmt.Sprintf("tree %s\nauthor A", tree))
			}
			f.release(f.text(kindCommit, strings.NewReplacer("T", tree.String(), "P", parent.String(), "U", strings.ToUpper(tree.String())).Replace(text)), tree)
		}, nil)
	}
}

// cutOffs asks about what shallow lists, and in which order.
func (j *judge) cutOffs() {
	for name, parents := range map[string]string{"a tree that is here": "parent T\n", "none": "", "a commit that is here": "parent P\n", "the same twice": "parent L\n"} {
		for _, sorted := range []bool{true, false} {
			j.forged(fmt.Sprintf("cut off, another parent is %s, sorted: %v", name, sorted), func(f *forgery) {
				lost := fmt.Sprintf("parent %s\n", ID{7})
				tree := f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
				one := f.text(kindCommit, fmt.Sprintf("tree %s\n%sauthor one", tree, lost))
				two := f.text(kindCommit, fmt.Sprintf("tree %s\n%sauthor two", tree, strings.NewReplacer("T", tree.String(), "P", one.String(), "L", ID{7}.String()).Replace(lost+parents)))
				f.release(f.text(kindCommit, fmt.Sprintf("tree %s\nparent %s\nparent %s\nauthor A", tree, one, two)), tree)
				f.source.Shallow = []ID{one, two}
				if (compareIDs(one, two) < 0) != sorted {
					f.source.Shallow = []ID{two, one}
				}
			}, nil)
		}
	}
}

func (j *judge) tags() {
	for name, text := range map[string]string{
		"as it is":       "object C\ntype commit\ntag v1\n",
		"no more":        "object C\ntype commit\n",
		"no line's end":  "object C\ntype commit",
		"wrong type":     "object C\ntype tree\n",
		"unknown type":   "object C\ntype note\n",
		"of a tree":      "object T\ntype tree\n",
		"of nothing":     "object " + ID{1}.String() + "\ntype commit\n",
		"type first":     "type commit\nobject C\n",
		"capital object": "object D\ntype commit\n",
		"nothing":        "",
	} {
		j.forged("tag, "+name, func(f *forgery) {
			tree := f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
			c := f.commit(tree)
			f.refs[2].id = f.text(kindTag, strings.NewReplacer("C", c.String(), "T", tree.String(), "D", strings.ToUpper(c.String())).Replace(text))
		}, nil)
	}
	for _, n := range []int{8, 9} {
		j.forged(fmt.Sprint("tags before the commit: ", n), func(f *forgery) {
			id := f.commit(f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b")))))
			for i := range n {
				id = f.text(kindTag, fmt.Sprintf("object %s\ntype %s\n", id, map[bool]string{true: "commit", false: "tag"}[i == 0]))
			}
			f.refs[2].id = id
		}, nil)
	}
	j.forged("HEAD at a tag", func(f *forgery) {
		id := f.commit(f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b")))))
		f.refs[0].id = f.text(kindTag, fmt.Sprintf("object %s\ntype commit\n", id))
	}, nil)
	j.forged("tag at the parent", func(f *forgery) {
		tree := f.add(kindTree, treeLine("100644", "a", f.add(kindBlob, []byte("b"))))
		parent := f.commit(tree)
		f.release(f.text(kindCommit, fmt.Sprintf("tree %s\nparent %s\nauthor A", tree, parent)), tree)
		f.refs[2].id = parent
	}, nil)
	j.forged("two releases of one commit", nil, func(f *forgery) {
		f.source.Releases = append(f.source.Releases, Release{"v2", f.source.Releases[0].Commit, f.source.Releases[0].Tree})
		f.refs = append(f.refs, ref{tagPrefix + "v2", f.refs[0].id})
	})
}

// packs asks about the ways to write an object into a pack. All of them are of
// a release whose manifest is right.
func (j *judge) packs() {
	base := bytes.Repeat([]byte("0123456789abcdef"), 5000)
	data := append(bytes.Clone(base), 'x')
	n := len(base)
	whole := delta(n, n+1, copyFrom(0, n), insert("x"))
	stored := func(data []byte, level int) []byte {
		var b bytes.Buffer
		z, err := zlib.NewWriterLevel(&b, level)
		j.must(err)
		_, err = z.Write(data)
		j.must(err)
		j.must(z.Close())
		return b.Bytes()
	}
	entry := func(h []byte, compressed []byte) func(*packBuilder, int64) {
		return func(p *packBuilder, _ int64) {
			p.offsets = append(p.offsets, 0)
			p.body.Write(h)
			p.body.Write(compressed)
		}
	}
	blob := func(compressed []byte) func(*packBuilder, int64) {
		return func(p *packBuilder, _ int64) { p.raw(header{kind: kindBlob, size: int64(n + 1)}, compressed) }
	}
	patch := func(d []byte) func(*packBuilder, int64) { return func(p *packBuilder, at int64) { p.ofs(at, d) } }
	padded := func(v, bytes int) (out []byte) { // a number of so many bytes
		for i := range bytes {
			out = append(out, byte(v>>(7*i)&0x7f)|0x80)
		}
		out[bytes-1] &= 0x7f
		return out
	}
	wide := func(bytes int) []byte { // an entry's header of so many bytes
		return append([]byte{0x80 | 3<<4 | byte((n+1)&15)}, padded((n+1)>>4, bytes-1)...)
	}
	z := stored(data, 9)
	broken := bytes.Clone(z)
	broken[len(broken)-1] ^= 1
	blank := bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 100)
	for name, add := range map[string]func(p *packBuilder, at int64){
		"whole":              blob(z),
		"stored":             blob(stored(data, 0)),
		"fast":               blob(stored(data, 1)),
		"Huffman only":       blob(stored(data, zlib.HuffmanOnly)),
		"empty blocks":       blob(append(append([]byte{0x78, 0x9c}, blank...), stored(data, 6)[2:]...)),
		"very many of them":  blob(append(append([]byte{0x78, 0x9c}, bytes.Repeat(blank, 400)...), stored(data, 6)[2:]...)),
		"wrong checksum":     blob(broken),
		"cut off":            blob(z[:len(z)-1]),
		"a byte more":        blob(append(bytes.Clone(z), 0)),
		"a dictionary":       blob(append([]byte{0x78, 0xbb, 1, 2, 3, 4}, z[2:]...)),
		"a small window":     blob(append([]byte{0x08, 0x1d}, z[2:]...)),
		"no zlib":            blob(z[2:]),
		"shorter":            blob(stored(data[1:], 6)),
		"longer":             blob(stored(append(bytes.Clone(data), 'y'), 6)),
		"header of 3 bytes":  entry(wide(3), z),
		"header of 9 bytes":  entry(wide(9), z),
		"header of 10 bytes": entry(wide(10), z),
		"type 0":             entry([]byte{0x01}, stored([]byte("x"), 6)),
		"type 5":             entry([]byte{0x51}, stored([]byte("x"), 6)),

		"by offset":              patch(whole),
		"by id":                  func(p *packBuilder, _ int64) { p.ref(idOf(kindBlob, base), whole) },
		"by id that is missing":  func(p *packBuilder, _ int64) { p.ref(ID{1}, whole) },
		"by id, of itself":       func(p *packBuilder, _ int64) { p.ref(idOf(kindBlob, data), whole) },
		"of itself":              func(p *packBuilder, _ int64) { p.raw(header{kind: ofsDelta, size: int64(len(whole))}, deflated(whole)) },
		"of the middle":          func(p *packBuilder, at int64) { p.ofs(at+1, whole) },
		"of before the pack":     func(p *packBuilder, _ int64) { p.ofs(-100, whole) },
		"copies of 64 KiB":       patch(delta(n, n+1, []byte{0x80}, copyFrom(0x10000, n-0x10000), insert("x"))),
		"short copy":             patch(delta(n, n+1, []byte{0x80 | 0x30, byte(n), byte(n >> 8)}, copyFrom(n&0xffff, n-n&0xffff), insert("x"))),
		"insert 0":               patch(delta(n, n+1, copyFrom(0, n), insert("x"), []byte{0})),
		"insert cut":             patch(delta(n, n+1, copyFrom(0, n), []byte{2, 'x'})),
		"copy cut":               patch(delta(n, n+1, insert("x"), []byte{0x81})),
		"copy from beyond":       patch(delta(n, n+1, copyFrom(1, n), insert("x"))),
		"makes less":             patch(delta(n, n+1, copyFrom(0, n))),
		"makes more":             patch(delta(n, n+1, copyFrom(0, n), insert("xy"))),
		"says less":              patch(delta(n, n, copyFrom(0, n), insert("x"))),
		"for a longer base":      patch(delta(n+1, n+1, copyFrom(0, n), insert("x"))),
		"sizes of 9 bytes":       patch(append(append(padded(n, 9), padded(n+1, 9)...), whole[6:]...)),
		"sizes of 10 bytes":      patch(append(append(padded(n, 10), padded(n+1, 10)...), whole[6:]...)),
		"nothing":                patch(nil),
		"only sizes":             patch(whole[:6]),
		"twice":                  func(p *packBuilder, at int64) { p.ofs(at, whole); p.ofs(at, whole) },
		"and the base again":     func(p *packBuilder, at int64) { p.ofs(at, whole); p.ofs(at, delta(n, n, copyFrom(0, n))) },
		"and a delta of nothing": func(p *packBuilder, at int64) { p.ofs(at, whole); p.ref(ID{1}, whole) },
		"and an object too few":  func(p *packBuilder, at int64) { p.ofs(at, whole); p.count = len(p.offsets) + 3 },
		"and an object more": func(p *packBuilder, at int64) {
			p.ofs(at, whole)
			p.object(kindBlob, nil)
			p.count = len(p.offsets) + 1
		},
	} {
		j.forged("pack, "+name, func(f *forgery) {
			at := f.pack.object(kindBlob, base)
			add(&f.pack, at)
			f.commit(f.add(kindTree, append(treeLine("100644", "a", f.name(kindBlob, base)), treeLine("100644", "b", f.name(kindBlob, data))...)))
		}, nil)
	}
	j.forged("pack, base after its delta", func(f *forgery) {
		f.pack.ref(idOf(kindBlob, base), whole)
		f.pack.object(kindBlob, base)
		f.commit(f.add(kindTree, append(treeLine("100644", "a", f.name(kindBlob, base)), treeLine("100644", "b", f.name(kindBlob, data))...)))
	}, nil)
	for seed := range uint64(8) {
		j.forged(fmt.Sprint("pack, family ", seed), func(f *forgery) { f.family(j, seed) }, nil)
	}
}

// family fills the pack with objects and deltas at random, of which the release
// has all.
func (f *forgery) family(t testing.TB, seed uint64) {
	p, kinds := family(seed)
	f.pack = *p
	data := p.bytes()
	scan, g := scanned(t, data)
	r := newChainReader(bytes.NewReader(data), packLayout{scan, g, 0}, DefaultLimits())
	var tree []byte
	for i, id := range slices.SortedFunc(maps.Keys(kinds), compareIDs) {
		_, blob, err := r.object(id)
		if err != nil {
			t.Fatal(err)
		}
		tree = append(tree, treeLine("100644", fmt.Sprintf("%03d", i), f.name(kindBlob, bytes.Clone(blob)))...)
	}
	f.commit(f.add(kindTree, tree))
}

// flips asks about a deposit of which one bit is another one, everywhere: as it
// would be damaged, and as its vendor would sign it. In a step of seven bytes, each
// of the eight bits comes up everywhere.
func (j *judge) flips() {
	build := func(f *forgery) {
		base := []byte("int scan(const char *p, int n);\n")
		at := f.pack.object(kindBlob, f.named(base))
		more := f.named(append(bytes.Clone(base), "int more;\n"...))
		f.pack.ofs(at, delta(len(base), len(more), copyFrom(0, len(base)), insert("int more;\n")))
		tree := f.add(kindTree, append(treeLine("100644", "a.c", idOf(kindBlob, base)), treeLine("100755", "b.c", idOf(kindBlob, more))...))
		c := f.commit(f.add(kindTree, treeLine("40000", "src", tree)))
		f.refs[2].id = f.text(kindTag, fmt.Sprintf("object %s\ntype commit\ntag v1\n", c))
	}
	good := forge(j, build, nil)
	j.about("what is flipped", good, Limits{})
	bundle, err := os.ReadFile(filepath.Join(good, "s.bundle"))
	j.must(err)
	pack := bytes.Index(bundle, []byte("PACK"))
	for i := 0; i < len(bundle); i += 7 {
		j.forged(fmt.Sprintf("bundle, byte %d changed and sealed", i), build, func(f *forgery) {
			f.bundle = func(b []byte) []byte {
				b[i] ^= 1 << (i % 8)
				if i >= pack && i < len(b)-packTrailer {
					b = append(b[:pack], withTrailer(bytes.Clone(b[pack:len(b)-packTrailer]))...)
				}
				return b
			}
		})
	}
	manifest, err := os.ReadFile(filepath.Join(good, ManifestFile))
	j.must(err)
	for i := 0; i < len(manifest); i += 7 {
		flipped := bytes.Clone(manifest)
		flipped[i] ^= 1 << (i % 8)
		signInto(j, good, flipped)
		j.about(fmt.Sprintf("manifest, byte %d changed and signed", i), good, Limits{})
	}
	signInto(j, good, manifest)
	for n := 12; n < len(bundle)-pack-packTrailer; n += 7 {
		j.forged(fmt.Sprintf("pack cut after %d bytes and sealed", n), build, func(f *forgery) {
			f.bundle = func(b []byte) []byte { return append(b[:pack], withTrailer(bytes.Clone(b[pack:pack+n]))...) }
		})
	}
	j.forged("a byte behind the objects, sealed", build, func(f *forgery) {
		f.bundle = func(b []byte) []byte {
			return append(b[:pack], withTrailer(append(bytes.Clone(b[pack:len(b)-packTrailer]), 0))...)
		}
	})
	for name, step := range map[string]int{ManifestFile: 31, SignatureFile: 5, "s.bundle": 31} {
		path := filepath.Join(good, name)
		data, err := os.ReadFile(path)
		j.must(err)
		for i := 0; i < len(data); i += step {
			flipped := bytes.Clone(data)
			flipped[i] ^= 1 << (i % 8)
			j.must(os.WriteFile(path, flipped, 0o644))
			j.about(fmt.Sprintf("%s, byte %d damaged", name, i), good, Limits{})
		}
		j.must(os.WriteFile(path, data, 0o644))
	}
}

// named names a blob in the manifest and returns it.
func (f *forgery) named(blob []byte) []byte {
	f.name(kindBlob, blob)
	return blob
}
