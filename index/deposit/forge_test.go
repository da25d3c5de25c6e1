package deposit

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/index/seal"
)

// A packBuilder makes packs entry by entry, right or wrong.
type packBuilder struct {
	body    bytes.Buffer
	offsets []int64
	count   int // declared, when not 0
}

// deflaters are used again, since a new one costs more than a small object.
var deflaters = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	z := deflaters.Get().(*zlib.Writer)
	defer deflaters.Put(z)
	z.Reset(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

// raw adds an entry with any header and any compressed bytes.
func (p *packBuilder) raw(h header, compressed []byte) int64 {
	at := int64(packHeader + p.body.Len())
	p.offsets = append(p.offsets, at)
	p.body.Write(appendHeader(nil, h))
	p.body.Write(compressed)
	return at
}

func (p *packBuilder) object(k kind, data []byte) int64 {
	return p.raw(header{kind: k, size: int64(len(data))}, deflated(data))
}

// ofs adds a delta of the entry at offset base.
func (p *packBuilder) ofs(base int64, delta []byte) int64 {
	at := int64(packHeader + p.body.Len())
	return p.raw(header{kind: ofsDelta, size: int64(len(delta)), ofs: at - base}, deflated(delta))
}

func (p *packBuilder) ref(base ID, delta []byte) int64 {
	return p.raw(header{kind: refDelta, size: int64(len(delta)), ref: base}, deflated(delta))
}

func (p *packBuilder) bytes() []byte {
	out := binary.BigEndian.AppendUint32([]byte("PACK"), 2)
	out = binary.BigEndian.AppendUint32(out, uint32(cmp.Or(p.count, len(p.offsets))))
	return withTrailer(append(out, p.body.Bytes()...))
}

func withTrailer(body []byte) []byte {
	sum := sha1.Sum(body)
	return append(body, sum[:]...)
}

// delta makes a delta of declared sizes and instructions.
func delta(base, result int, ops ...[]byte) []byte {
	d := binary.AppendUvarint(nil, uint64(base))
	d = binary.AppendUvarint(d, uint64(result))
	return append(d, bytes.Join(ops, nil)...)
}

func insert(text string) []byte { return append([]byte{byte(len(text))}, text...) }

func copyFrom(from, n int) []byte {
	return []byte{0xff, byte(from), byte(from >> 8), byte(from >> 16), byte(from >> 24), byte(n), byte(n >> 8), byte(n >> 16)}
}

func idOf(k kind, data []byte) ID {
	return sha1.Sum(append(fmt.Appendf(nil, "%s %d\x00", k, len(data)), data...))
}

// resolvePack scans and resolves a pack as a verification does.
func resolvePack(t testing.TB, data []byte, limits Limits) (*graph, error) {
	t.Helper()
	var done atomic.Int64
	p, err := scanPack(t.Context(), bytes.NewReader(data), int64(len(data)), limits.orDefault(), &done)
	if err != nil {
		return nil, err
	}
	g := newGraph(true)
	return g, p.resolve(t.Context(), &done, func(w *worker, i int32, id ID, k kind, data []byte) error {
		if _, isNew, err := g.add(w, 0, i, id, k, data); err != nil {
			return err
		} else if !isNew {
			return fmt.Errorf("%s %s is in the pack twice", k, id)
		}
		return nil
	})
}

// A forgery is a deposit of one release "v1" that its vendor signed, with
// whatever a test changes before it is signed.
type forgery struct {
	pack     packBuilder
	objects  map[ID][]byte // of blobs and trees, for the manifest
	kinds    map[ID]kind
	refs     []ref
	manifest Manifest
	source   *Source
	header   func([]byte) []byte // of the bundle
	bundle   func([]byte) []byte // with its digest and size following
	after    func(dir string)
}

func (f *forgery) add(k kind, data []byte) ID {
	id := idOf(k, data)
	f.pack.object(k, data)
	f.name(k, data)
	return id
}

// name names an object in the manifest without packing it.
func (f *forgery) name(k kind, data []byte) ID {
	id := idOf(k, data)
	f.objects[id], f.kinds[id] = data, k
	return id
}

// treeLine is one entry of a tree.
func treeLine(mode, name string, id ID) []byte {
	return append([]byte(mode+" "+name+"\x00"), id[:]...)
}

// commit adds a commit of a tree and makes it release v1 and the only one.
func (f *forgery) commit(tree ID, parents ...ID) ID {
	text := fmt.Sprintf("tree %s\n", tree)
	for _, p := range parents {
		text += fmt.Sprintf("parent %s\n", p)
	}
	text += "author A <a@example.org> 0 +0000\ncommitter A <a@example.org> 0 +0000\n\nm\n"
	f.pack.object(kindCommit, []byte(text))
	id := idOf(kindCommit, []byte(text))
	f.refs = []ref{{headRef, id}, {mainRef, id}, {tagPrefix + "v1", id}}
	f.source.Releases = []Release{{"v1", id, tree}}
	return id
}

// forge makes the deposit. build fills the pack; with nil it holds one file,
// src/a.c. change is called with manifest and refs complete.
func forge(t testing.TB, build, change func(*forgery)) string {
	t.Helper()
	f := &forgery{objects: map[ID][]byte{}, kinds: map[ID]kind{}}
	f.manifest = Manifest{
		Format: format, Version: 1, Title: "T", Vendor: "V", Sealed: sealedAt.Format(time.RFC3339),
		Sources: []Source{{Name: "s", Bundle: "s.bundle"}},
	}
	f.source = &f.manifest.Sources[0]
	if build == nil {
		build = func(f *forgery) {
			src := f.add(kindTree, treeLine("100644", "a.c", f.add(kindBlob, []byte("int a;\n"))))
			f.commit(f.add(kindTree, treeLine("40000", "src", src)))
		}
	}
	build(f)
	for id, data := range f.objects {
		if k := f.kinds[id]; k == kindBlob || k == kindTree {
			f.source.Objects = append(f.source.Objects, Object{id, k.String(), sha256.Sum256(data), int64(len(data))})
		}
	}
	slices.SortFunc(f.source.Objects, func(a, b Object) int { return bytes.Compare(a.Git[:], b.Git[:]) })
	if change != nil {
		change(f)
	}
	f.manifest.fillLists()
	bundle := bundle{refs: f.refs}.encode()
	if f.header != nil {
		bundle = f.header(bundle)
	}
	bundle = append(bundle, f.pack.bytes()...)
	if f.bundle != nil {
		bundle = f.bundle(bundle)
	}
	if f.source.Size == 0 {
		f.source.Size = int64(len(bundle))
	}
	if f.source.SHA256.IsZero() {
		f.source.SHA256 = sha256.Sum256(bundle)
	}
	data, err := seal.Canonical(&f.manifest)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	signInto(t, dir, data)
	if err := os.WriteFile(filepath.Join(dir, "s.bundle"), bundle, 0o644); err != nil {
		t.Fatal(err)
	}
	if f.after != nil {
		f.after(dir)
	}
	return dir
}

// signInto writes a manifest of any bytes and a good signature of it.
func signInto(t testing.TB, dir string, manifest []byte) {
	t.Helper()
	sig, err := seal.Sign(bytes.NewReader(manifest), vendorKey(t), Namespace)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{ManifestFile: manifest, SignatureFile: sig} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// scanned scans and resolves a good pack.
func scanned(t testing.TB, data []byte) (*pack, *graph) {
	t.Helper()
	var done atomic.Int64
	p, err := scanPack(t.Context(), bytes.NewReader(data), int64(len(data)), DefaultLimits(), &done)
	if err != nil {
		t.Fatal(err)
	}
	g := newGraph(true)
	if err := p.resolve(t.Context(), &done, func(w *worker, i int32, id ID, k kind, data []byte) error {
		_, _, err := g.add(w, 0, i, id, k, data)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p, g
}
