package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A chainReader reads single objects of one pack that was resolved, by
// following their delta chains: trees while a deposit is verified, what cannot
// be copied as it is while one is sealed. It keeps the objects it used last, since the next object of a family
// usually needs them. It is for one goroutine.
type chainReader struct {
	pack   io.ReaderAt // offset 0 is the pack's first byte
	layout packLayout
	limits Limits
	// elsewhere, when set, reads a base that another pack has, too, and that is
	// listed for that one.
	elsewhere func(ID) (kind, []byte, error)

	// work is how many bytes of objects were made so far, and mayWork how many
	// may be, when it is set. For a tree of a few bytes the reader may have to
	// resolve a chain of thousands of large ones.
	work, mayWork int64

	in    inflater
	raw   []byte
	delta []byte
	chain []hop
	cache chainCache
}

// A hop is one delta on the way from an object to the base of its chain.
type hop struct {
	offset, end int64
	header      header
}

// chainCacheBytes bounds the objects a chainReader keeps.
const chainCacheBytes = 48 << 20

// chainWork is how many times the sum of all objects may be made to read the
// releases' trees one by one; with the cache it is far from once in what git
// packs. The allowance is for small repositories.
const (
	chainWork          = 8
	chainWorkAllowance = 1 << 30
)

type chainCache struct {
	objects map[int64]cached
	order   []int64 // oldest first
	bytes   int
}

type cached struct {
	kind kind
	data []byte
}

func newChainReader(pack io.ReaderAt, l packLayout, limits Limits) *chainReader {
	return &chainReader{pack: pack, layout: l, limits: limits, cache: chainCache{objects: map[int64]cached{}}}
}

// object reads the object with an id, without checking that it has that id.
func (c *chainReader) object(id ID) (kind, []byte, error) {
	offset, ok := c.layout.find(id)
	if !ok {
		return 0, nil, errors.New("the pack does not hold it")
	}
	return c.at(offset)
}

// at reads the object whose entry begins at offset. The bytes are shared with
// the cache: they must not be changed.
func (c *chainReader) at(offset int64) (kind, []byte, error) {
	c.chain = c.chain[:0]
	var kind kind
	var data []byte
	for data == nil {
		if hit, ok := c.cache.objects[offset]; ok {
			kind, data = hit.kind, hit.data
			break
		}
		h, end, err := c.header(offset)
		if err != nil {
			return 0, nil, err
		}
		if h.size > c.limits.MaxObject {
			return 0, nil, overLimit("it has %d bytes, more than the limit of %d", h.size, c.limits.MaxObject)
		}
		if h.kind.isObject() {
			if err := c.spend(h.size); err != nil {
				return 0, nil, err
			}
			kind, data = h.kind, make([]byte, h.size)
			if err := c.inflate(data, offset, end, h); err != nil {
				return 0, nil, err
			}
			c.cache.put(offset, cached{kind, data})
			break
		}
		if len(c.chain) == c.limits.MaxDepth {
			return 0, nil, overLimit("its delta chain is longer than %d", c.limits.MaxDepth)
		}
		c.chain = append(c.chain, hop{offset, end, h})
		if h.kind == ofsDelta {
			offset -= h.ofs
		} else if base, ok := c.layout.find(h.ref); ok {
			offset = base
		} else if c.elsewhere != nil {
			var err error
			if kind, data, err = c.elsewhere(h.ref); err != nil {
				return 0, nil, fmt.Errorf("its base %s: %w", h.ref, err)
			}
		} else {
			return 0, nil, fmt.Errorf("its base %s is not in the pack", h.ref)
		}
	}
	for i := len(c.chain) - 1; i >= 0; i-- {
		l := c.chain[i]
		c.delta = grow(c.delta, l.header.size)
		if err := c.inflate(c.delta, l.offset, l.end, l.header); err != nil {
			return 0, nil, err
		}
		_, size, _, err := deltaSizes(c.delta)
		if err != nil {
			return 0, nil, err
		}
		if size > c.limits.MaxObject {
			return 0, nil, overLimit("it has %d bytes, more than the limit of %d", size, c.limits.MaxObject)
		}
		if err := c.spend(size); err != nil {
			return 0, nil, err
		}
		next := make([]byte, size)
		if err := applyDelta(next, data, c.delta); err != nil {
			return 0, nil, err
		}
		data = next
		c.cache.put(l.offset, cached{kind, data})
	}
	return kind, data, nil
}

// spend counts the bytes of an object that is about to be made.
func (c *chainReader) spend(size int64) error {
	if c.work += size; c.mayWork > 0 && c.work > c.mayWork {
		return fmt.Errorf("to read it and those before it through their deltas takes more than %d bytes; repack the repository before sealing", c.mayWork)
	}
	return nil
}

// header reads the header of the entry at offset.
func (c *chainReader) header(offset int64) (header, int64, error) {
	end, ok := c.layout.end(offset)
	if !ok {
		return header{}, 0, fmt.Errorf("no entry begins at offset %d", offset)
	}
	var buf [maxEntryHeader]byte
	head := buf[:min(end-offset, maxEntryHeader)]
	if _, err := c.pack.ReadAt(head, offset); err != nil {
		return header{}, 0, fmt.Errorf("reading the pack at offset %d: %w", offset, err)
	}
	h, err := readHeader(bytes.NewReader(head))
	return h, end, err
}

// inflate fills dst from the entry at [offset, end).
func (c *chainReader) inflate(dst []byte, offset, end int64, h header) error {
	offset += int64(h.length)
	if end-offset > compressBound(h.size) {
		return fmt.Errorf("%d bytes follow its compressed data", end-offset-compressBound(h.size))
	}
	c.raw = grow(c.raw, end-offset)
	if _, err := c.pack.ReadAt(c.raw, offset); err != nil {
		return fmt.Errorf("reading the pack at offset %d: %w", offset, err)
	}
	return c.in.inflate(dst, c.raw)
}

// compressBound is more than any sensible zlib stream of size bytes has; it
// keeps an entry from claiming a gigabyte of empty deflate blocks.
func compressBound(size int64) int64 { return size + size/8 + 1<<16 }

// grow returns a buffer of n bytes, reusing b when it is large enough.
func grow(b []byte, n int64) []byte {
	if int64(cap(b)) < n {
		return make([]byte, n, n+min(n/4, 1<<20))
	}
	return b[:n]
}

// put keeps an object, dropping the oldest; objects above a quarter of the
// cache are not kept.
func (c *chainCache) put(offset int64, o cached) {
	if len(o.data) > chainCacheBytes/4 {
		return
	}
	for c.bytes+len(o.data) > chainCacheBytes && len(c.order) > 0 {
		c.bytes -= len(c.objects[c.order[0]].data)
		delete(c.objects, c.order[0])
		c.order = c.order[1:]
	}
	c.objects[offset] = o
	c.order = append(c.order, offset)
	c.bytes += len(o.data)
}
