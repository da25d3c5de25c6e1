package deposit

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"sync/atomic"

	"github.com/klauspost/compress/zlib"
)

// A bundleWriter writes the bundle of the objects that are sealed.
//
// Their own compressed bytes are reused: a delta stays a delta when
// its base goes along, and becomes an offset delta; everything else is copied,
// or deflated anew when it was loose or rests on something that stays behind.
// The order is that of the packs as they were read, a repository's by name, in
// each as it stands, then loose objects by kind and id. So the bytes depend only
// on the input's files and the releases.
type bundleWriter struct {
	from    *objects
	out     *bufio.Writer
	packSum hash.Hash
	sum     hash.Hash
	offset  int64 // in the pack
	size    int64 // of the bundle
	written map[*node]placed
	deflate *zlib.Writer
	buf     bytes.Buffer
	raw     []byte
	head    []byte
}

// placed is where in the pack an object begins, and how long its chain is.
type placed struct {
	offset int64
	depth  int
	busy   bool // its base is being written first
}

// writeBundle writes header and pack and returns size and SHA-256.
func writeBundle(ctx context.Context, w io.Writer, from *objects, header []byte, nodes []*node, done *atomic.Int64) (int64, Digest, error) {
	b := &bundleWriter{
		from: from, out: bufio.NewWriterSize(w, 1<<20), packSum: sha1.New(), sum: sha256.New(),
		written: make(map[*node]placed, len(nodes)),
	}
	b.deflate = zlib.NewWriter(&b.buf)
	if err := b.write(header, false); err != nil {
		return 0, Digest{}, err
	}
	head := binary.BigEndian.AppendUint32([]byte("PACK"), 2)
	head = binary.BigEndian.AppendUint32(head, uint32(len(nodes)))
	if err := b.write(head, true); err != nil {
		return 0, Digest{}, err
	}
	slices.SortFunc(nodes, sealOrder)
	for _, n := range nodes {
		if err := ctx.Err(); err != nil {
			return 0, Digest{}, err
		}
		if err := b.object(n); err != nil {
			return 0, Digest{}, fmt.Errorf("%s %s: %w", n.kind, n.id, err)
		}
		done.Add(1)
	}
	if err := b.write(b.packSum.Sum(nil), false); err != nil {
		return 0, Digest{}, err
	}
	if err := b.out.Flush(); err != nil {
		return 0, Digest{}, err
	}
	return b.size, Digest(b.sum.Sum(nil)), nil
}

// sealOrder is the order of objects in a sealed pack.
func sealOrder(a, b *node) int {
	if c := cmp.Compare(a.pack, b.pack); c != 0 {
		return c
	}
	if a.pack != looseObjects {
		return cmp.Compare(a.entry, b.entry)
	}
	rank := [8]int{kindCommit: 0, kindTag: 1, kindTree: 2, kindBlob: 3}
	if c := cmp.Compare(rank[a.kind], rank[b.kind]); c != 0 {
		return c
	}
	return bytes.Compare(a.id[:], b.id[:])
}

func (b *bundleWriter) write(data []byte, inPack bool) error {
	if _, err := b.out.Write(data); err != nil {
		return err
	}
	b.sum.Write(data)
	b.size += int64(len(data))
	if inPack {
		b.packSum.Write(data)
		b.offset += int64(len(data))
	}
	return nil
}

// object writes an object and before it the bases it needs that are not
// written yet.
func (b *bundleWriter) object(n *node) error {
	var todo []*node
	for at := n; at != nil; at = b.base(at) {
		if _, ok := b.written[at]; ok {
			break
		}
		b.written[at] = placed{busy: true}
		todo = append(todo, at)
	}
	for i := len(todo) - 1; i >= 0; i-- {
		if err := b.one(todo[i]); err != nil {
			return err
		}
	}
	return nil
}

// base returns the object that n's stored delta needs, when that goes along.
func (b *bundleWriter) base(n *node) *node {
	if n.pack == looseObjects {
		return nil
	}
	p := b.from.packs[n.pack]
	var base *node
	switch e := &p.entries[n.entry]; e.kind {
	case ofsDelta:
		base = b.from.graph.at(b.from.nodes[n.pack][e.base])
	case refDelta:
		base = b.from.graph.lookup(p.refs[e.base])
	}
	if base == nil || !base.sealed() {
		return nil
	}
	return base
}

// one writes an object whose base, if any, is written.
func (b *bundleWriter) one(n *node) error {
	here := placed{offset: b.offset}
	base := b.base(n)
	on, ok := b.written[base]
	reuse := ok && !on.busy && on.depth < b.from.limits.MaxDepth
	if n.pack != looseObjects {
		e := &b.from.packs[n.pack].entries[n.entry]
		if reuse || e.kind.isObject() {
			h := header{kind: e.kind, size: e.size}
			if reuse {
				h.kind, h.ofs = ofsDelta, b.offset-on.offset
				here.depth = on.depth + 1
			}
			b.written[n] = here
			return b.copyEntry(n, h)
		}
	}
	b.written[n] = here
	return b.whole(n)
}

// copyEntry writes a new header and the compressed bytes as they are.
func (b *bundleWriter) copyEntry(n *node, h header) error {
	p := b.from.packs[n.pack]
	e := &p.entries[n.entry]
	from := e.offset + int64(e.head)
	b.raw = grow(b.raw, p.end(n.entry)-from)
	if _, err := p.r.ReadAt(b.raw, from); err != nil {
		return fmt.Errorf("reading the pack: %w", err)
	}
	b.head = appendHeader(b.head[:0], h)
	if err := b.write(b.head, true); err != nil {
		return err
	}
	return b.write(b.raw, true)
}

// whole writes an object that is no delta, compressed anew.
func (b *bundleWriter) whole(n *node) error {
	k, data, err := b.from.object(n.id)
	if err != nil {
		return err
	}
	if k != n.kind || int64(len(data)) != n.size {
		return errors.New("the repository changed while it was read")
	}
	b.buf.Reset()
	b.deflate.Reset(&b.buf)
	if _, err := b.deflate.Write(data); err != nil {
		return err
	}
	if err := b.deflate.Close(); err != nil {
		return err
	}
	b.head = appendHeader(b.head[:0], header{kind: k, size: n.size})
	if err := b.write(b.head, true); err != nil {
		return err
	}
	return b.write(b.buf.Bytes(), true)
}
