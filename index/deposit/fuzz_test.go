package deposit

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"vitrine/index/seal"
)

// FuzzPack gives any bytes, with a fitting checksum, to the pack reader. What it
// accepts, the chain reader must read again with the same ids.
func FuzzPack(f *testing.F) {
	for seed := range uint64(2) {
		p, _ := family(seed)
		data := p.bytes()
		f.Add(data[:len(data)-packTrailer])
	}
	var p packBuilder
	at := p.object(kindBlob, []byte("a base"))
	p.ofs(at, delta(6, 3, copyFrom(1, 2), insert("x")))
	p.ref(idOf(kindBlob, []byte("a base")), delta(6, 1, insert("y")))
	small := p.bytes()
	f.Add(small[:len(small)-packTrailer])
	limits := Limits{MaxObject: 1 << 20, MaxInflated: 8 << 20, MaxObjects: 1000, MaxDepth: 50, MaxLive: 4 << 20}.orDefault()
	f.Fuzz(func(t *testing.T, body []byte) {
		data := withTrailer(bytes.Clone(body))
		if _, err := resolvePack(t, data, limits); err != nil {
			return
		}
		offsets, index := indexOf(t, data)
		x := decodedIndex(t, index)
		scan, g := scanned(t, data)
		c := newChainReader(bytes.NewReader(data), packLayout{scan, g, 0}, limits)
		if err := g.each(func(n *node) error {
			if at, err := x.FindOffset(plumbing.Hash(n.id)); err != nil || at != offsets[n.id] {
				t.Errorf("%s is at %d in the index, not at %d (%v)", n.id, at, offsets[n.id], err)
			}
			k, data, err := c.object(n.id)
			if err != nil || k != n.kind || idOf(k, data) != n.id {
				t.Errorf("%s %s is read as %s %s, %v", n.kind, n.id, k, idOf(k, data), err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzBundleHeader: what is accepted is what encode writes.
func FuzzBundleHeader(f *testing.F) {
	f.Add(bundle{}.encode())
	f.Add(bundle{refs: []ref{{headRef, ID{1}}, {mainRef, ID{1}}, {tagPrefix + "v1", ID{2}}}}.encode())
	f.Add([]byte("# v2 git bundle\n-0100000000000000000000000000000000000000\n\n"))
	f.Add([]byte("# v3 git bundle\n@object-format=sha256\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := splitBundle(bytes.NewReader(data), int64(len(data)), maxBundleHeader)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(data, header) {
			t.Fatal("the header is not the beginning of the bundle")
		}
		h, err := parseBundleHeader(header)
		if err == nil && !bytes.Equal(h.encode(), header) {
			t.Errorf("%q is accepted, but %q is what it means", header, h.encode())
		}
	})
}

// FuzzManifest: what is accepted is what encode writes.
func FuzzManifest(f *testing.F) {
	data, err := os.ReadFile(filepath.Join(forge(f, nil, nil), ManifestFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(bytes.Replace(data, []byte(`"version":1`), []byte(`"version":2`), 1))
	f.Add([]byte(`{"format":"vitrine-deposit","predecessor":"","sealed":"","sources":[],"title":"","vendor":"","version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeManifest(data)
		if err != nil {
			return
		}
		again, err := m.encode()
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q is accepted, but %q is what it means (%v)", data, again, err)
		}
		if _, err := seal.Canonical(m.Releases()); err != nil {
			t.Error(err)
		}
	})
}

// FuzzDelta compares a delta's result with its declared size.
func FuzzDelta(f *testing.F) {
	base := []byte("0123456789abcdef")
	f.Add(delta(16, 5, copyFrom(3, 2), insert("xyz")))
	f.Add(delta(16, 16, copyFrom(0, 16)))
	f.Fuzz(func(t *testing.T, d []byte) {
		from, size, _, err := deltaSizes(d)
		if err != nil || size > 1<<16 || size < 0 {
			return
		}
		if err := applyDelta(make([]byte, size), base, d); err == nil && from != int64(len(base)) {
			t.Errorf("a delta for %d bytes was applied to %d", from, len(base))
		}
	})
}
