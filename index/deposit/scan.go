package deposit

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
)

// An entry is one object of a pack as the scan found it.
type entry struct {
	offset int64
	size   int64 // inflated: of the object or the delta
	result int64 // of the object
	base   int32 // ofsDelta: the base's entry; refDelta: index into pack.refs
	// The deltas of this object, as a list; heavy is the one to be resolved
	// last, see peaks.
	child, sibling, heavy int32
	crc                   uint32
	depth                 uint16
	kind                  kind
	head                  uint8 // bytes before the zlib stream
}

// none is no entry.
const none = int32(-1)

// A pack is a scanned pack: where its entries lie, what they declare and which
// is a delta of which. Its ids become known when it is resolved.
type pack struct {
	r       io.ReaderAt // offset 0 is the pack's first byte
	size    int64
	limits  Limits
	entries []entry
	refs    []ID           // bases of refDelta entries
	waiting map[ID][]int32 // refDelta entries by base
	trailer [packTrailer]byte
	peak    []int64 // bytes needed to resolve an entry and all that rest on it
}

// packCount reads a pack's header and returns its number of objects.
func packCount(r io.ReaderAt, size int64, limits Limits) (int64, error) {
	var head [packHeader]byte
	if size < packHeader+packTrailer {
		return 0, fmt.Errorf("the pack has %d bytes, fewer than an empty one", size)
	}
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return 0, fmt.Errorf("reading the pack: %w", err)
	}
	if string(head[:4]) != "PACK" {
		return 0, errors.New("what should be the pack does not begin with PACK")
	}
	if v := binary.BigEndian.Uint32(head[4:]); v != 2 {
		return 0, fmt.Errorf("the pack has version %d, want 2", v)
	}
	n := int64(binary.BigEndian.Uint32(head[8:]))
	if n > limits.MaxObjects {
		return 0, overLimit("the pack declares %d objects, more than the limit of %d", n, limits.MaxObjects)
	}
	if n > (size-packHeader-packTrailer)/minEntry {
		return 0, fmt.Errorf("the pack declares %d objects, which do not fit into its %d bytes", n, size)
	}
	return n, nil
}

// scanPack goes through a pack from its first byte to its last without an
// index: it inflates each entry, keeping nothing, to learn where the next one
// begins, and refuses at once what exceeds a limit or could not be resolved.
// The declared sizes are checked against the streams here, so that all later
// allocations are for sizes that are true. done counts entries.
func scanPack(ctx context.Context, r io.ReaderAt, size int64, limits Limits, done *atomic.Int64) (*pack, error) {
	n, err := packCount(r, size, limits)
	if err != nil {
		return nil, err
	}
	p := &pack{r: r, size: size, limits: limits, entries: make([]entry, 0, n), waiting: map[ID][]int32{}}
	sum := make(chan error, 1)
	summing, stop := context.WithCancel(ctx)
	go func() { sum <- p.checkTrailer(summing) }()
	err = p.scan(ctx, n, done)
	if err != nil {
		stop()
	}
	sumErr := <-sum
	stop()
	if err != nil {
		return nil, err
	}
	if sumErr != nil {
		return nil, sumErr
	}
	p.peaks()
	return p, nil
}

func (p *pack) checkTrailer(ctx context.Context) error {
	h := sha1.New()
	if _, err := io.Copy(h, &ctxReader{ctx, io.NewSectionReader(p.r, 0, p.size-packTrailer)}); err != nil {
		return fmt.Errorf("reading the pack: %w", err)
	}
	if _, err := p.r.ReadAt(p.trailer[:], p.size-packTrailer); err != nil {
		return fmt.Errorf("reading the pack: %w", err)
	}
	if got := h.Sum(nil); !bytes.Equal(got, p.trailer[:]) {
		return fmt.Errorf("the pack ends with the checksum %x, but its bytes have %x", p.trailer, got)
	}
	return nil
}

// scanBuffer is how much of an entry is inflated at a time.
const scanBuffer = 32 << 10

func (p *pack) scan(ctx context.Context, n int64, done *atomic.Int64) error {
	end := p.size - packTrailer
	section := io.NewSectionReader(p.r, 0, end)
	if _, err := section.Seek(packHeader, io.SeekStart); err != nil {
		return err
	}
	s := scanState{p: p, end: end, r: bufio.NewReaderSize(section, 256<<10), buf: make([]byte, scanBuffer)}
	s.position = func() int64 {
		at, err := section.Seek(0, io.SeekCurrent)
		if err != nil { // a SectionReader cannot fail here
			return end
		}
		return at - int64(s.r.Buffered())
	}
	s.budget = min(p.limits.MaxInflated, ratioAllowance+saturatingMul(p.size, p.limits.MaxRatio))
	for i := range n {
		if i&255 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		offset := s.position()
		if err := s.entry(offset); err != nil {
			return &fault{object: fmt.Sprintf("offset %d", offset), err: fmt.Errorf("object %d of %d, at offset %d of the pack: %w", i+1, n, offset, err)}
		}
		done.Add(1)
	}
	if rest := end - s.position(); rest != 0 {
		return fmt.Errorf("%d bytes stand between the last object of the pack and its checksum", rest)
	}
	return nil
}

type scanState struct {
	p        *pack
	r        *bufio.Reader
	end      int64
	position func() int64
	in       inflater
	buf      []byte
	budget   int64 // bytes of objects that may still come
}

// entry scans the entry that begins at offset, where the reader stands.
func (s *scanState) entry(offset int64) error {
	p := s.p
	h, err := readHeader(s.r)
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the pack ends within its header")
		}
		return err
	}
	e := entry{
		offset: offset, size: h.size, result: h.size, base: none,
		child: none, sibling: none, heavy: none, kind: h.kind, head: uint8(h.length),
	}
	body := offset + int64(h.length)
	switch {
	case h.size > p.limits.MaxObject:
		return overLimit("it declares %d bytes, more than the limit of %d for one object", h.size, p.limits.MaxObject)
	case h.size > saturatingMul(s.end-body, maxDeflate):
		return fmt.Errorf("it declares %d bytes, more than the rest of the pack can inflate to", h.size)
	}
	z, err := s.in.stream(s.r)
	if err != nil {
		return err
	}
	for read := int64(0); read < h.size; {
		chunk := s.buf[:min(h.size-read, scanBuffer)]
		if _, err := io.ReadFull(z, chunk); err != nil {
			return inflateError(err)
		}
		if read == 0 && !h.kind.isObject() {
			if err := s.delta(&e, h, chunk); err != nil {
				return err
			}
		}
		read += int64(len(chunk))
	}
	if h.size == 0 && !h.kind.isObject() {
		return errors.New("its delta is empty")
	}
	if err := atEnd(z); err != nil {
		return err
	}
	if used := s.position() - body; used > compressBound(h.size) {
		return fmt.Errorf("its %d bytes take %d bytes compressed", h.size, used)
	}
	if s.budget -= e.result; s.budget < 0 {
		return overLimit("the objects up to here have more bytes than the limits allow (%d in all, and %d times the size of the pack)",
			p.limits.MaxInflated, p.limits.MaxRatio)
	}
	index := int32(len(p.entries))
	p.entries = append(p.entries, e)
	switch h.kind {
	case ofsDelta:
		b := &p.entries[e.base]
		p.entries[index].sibling, b.child = b.child, index
	case refDelta:
		p.waiting[h.ref] = append(p.waiting[h.ref], index)
	}
	return nil
}

// delta learns from the beginning of a delta what it makes, and finds its base.
func (s *scanState) delta(e *entry, h header, begin []byte) error {
	base, result, _, err := deltaSizes(begin[:min(len(begin), maxDeltaSizes)])
	if err != nil {
		return err
	}
	if e.result = result; result > s.p.limits.MaxObject {
		return overLimit("its delta makes %d bytes, more than the limit of %d for one object", result, s.p.limits.MaxObject)
	}
	if h.kind == refDelta {
		e.base = int32(len(s.p.refs))
		s.p.refs = append(s.p.refs, h.ref)
		return nil
	}
	i, found := slices.BinarySearchFunc(s.p.entries, e.offset-h.ofs, func(e entry, at int64) int {
		return cmp.Compare(e.offset, at)
	})
	if !found {
		return fmt.Errorf("it is a delta of what begins at offset %d, where no object does", e.offset-h.ofs)
	}
	b := &s.p.entries[i]
	if b.result != base {
		return fmt.Errorf("its delta is for a base of %d bytes, but the base has %d", base, b.result)
	}
	if int(b.depth) >= s.p.limits.MaxDepth {
		return overLimit("its delta chain is longer than %d", s.p.limits.MaxDepth)
	}
	e.base, e.depth = int32(i), b.depth+1
	return nil
}

// peaks computes, from the last entry to the first, how many bytes of objects
// must be held to resolve an entry and all that rest on it, when the child
// that needs most comes last and the object is let go before it is descended
// into. So a chain needs two objects at a time however long it is, and a tree
// of deltas the logarithm of its size.
func (p *pack) peaks() {
	p.peak = make([]int64, len(p.entries))
	for i := len(p.entries) - 1; i >= 0; i-- {
		e := &p.entries[i]
		var most, second int64
		for c := e.child; c != none; c = p.entries[c].sibling {
			if need := p.peak[c]; e.heavy == none || need > most {
				second, most, e.heavy = most, need, c
			} else {
				second = max(second, need)
			}
		}
		own := e.result
		if !e.kind.isObject() {
			own += e.size
		}
		p.peak[i] = max(own, e.result+second, most)
		if e.heavy != none {
			h := &p.entries[e.heavy]
			p.peak[i] = max(p.peak[i], e.result+h.result+h.size)
		}
	}
}

// end is where entry i ends.
func (p *pack) end(i int32) int64 {
	if int(i)+1 < len(p.entries) {
		return p.entries[i+1].offset
	}
	return p.size - packTrailer
}

func saturatingMul(a, b int64) int64 {
	if a > 0 && b > (1<<62)/a {
		return 1 << 62
	}
	return a * b
}

// A ctxReader ends with the context's error.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}
