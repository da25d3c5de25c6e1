package deposit

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// A packReader reads single objects of a pack that Admit wrote, through the
// index that Admit wrote. It believes neither: sizes are checked against limits
// before anything is allocated, and the caller compares the object's digest.
//
// It exists beside go-git's storage for those who read every file: that one
// hashes each object with SHA-1, copies it several times and keeps less of what
// the next delta rests on, which costs three times as much.
//
// It is for one goroutine.
type packReader struct {
	pack, index *os.File
	size        int64 // of the pack
	count       int64 // of objects
	limits      Limits

	buf   *bufio.Reader
	in    inflater
	bases baseCache
}

// Where the parts of an index lie (gitformat-pack(5), version 2).
const (
	indexFanout = 8
	indexIDs    = indexFanout + 256*4
)

// openPackReader opens the one pack of a source; nil if the source has none.
func openPackReader(root *os.Root, dir string) (*packReader, error) {
	entries, err := fs.ReadDir(root.FS(), dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, pathless(err)
	}
	p := &packReader{limits: DefaultLimits(), buf: bufio.NewReaderSize(nil, 16<<10)}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".idx"); ok && p.pack == nil {
			if err := p.open(root, path.Join(dir, name)); err != nil {
				return nil, errors.Join(pathless(err), p.close())
			}
		}
	}
	if p.pack == nil {
		return nil, nil
	}
	return p, nil
}

func (p *packReader) open(root *os.Root, name string) (err error) {
	if p.pack, err = root.Open(name + ".pack"); err != nil {
		return err
	}
	if p.index, err = root.Open(name + ".idx"); err != nil {
		return err
	}
	info, err := p.pack.Stat()
	if err != nil {
		return err
	}
	p.size = info.Size() - packTrailer
	var head [indexIDs]byte
	if _, err := p.index.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("its pack's index: %w", err)
	}
	if !bytes.HasPrefix(head[:], indexMagic) {
		return errors.New("its pack's index is not one")
	}
	p.count = int64(binary.BigEndian.Uint32(head[indexIDs-4:]))
	return nil
}

func (p *packReader) close() error {
	var errs []error
	for _, f := range []*os.File{p.pack, p.index} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// find looks an id up in the index. That stays on the disk: it can have 300 MB.
func (p *packReader) find(id ID) (offset int64, err error) {
	from, to := int64(0), int64(0)
	if id[0] > 0 {
		if from, err = p.number(indexFanout + 4*(int64(id[0])-1)); err != nil {
			return 0, err
		}
	}
	if to, err = p.number(indexFanout + 4*int64(id[0])); err != nil {
		return 0, err
	}
	var page [64]ID
	for from < to {
		// A page in the middle, so that few reads lead to the id.
		n := min(to-from, int64(len(page)))
		at := from + (to-from-n)/2
		flat := make([]byte, n*int64(len(id)))
		if _, err := p.index.ReadAt(flat, indexIDs+at*int64(len(id))); err != nil {
			return 0, fmt.Errorf("its pack's index: %w", err)
		}
		for i := range n {
			copy(page[i][:], flat[i*int64(len(id)):])
		}
		switch {
		case bytes.Compare(id[:], page[0][:]) < 0:
			to = at
		case bytes.Compare(id[:], page[n-1][:]) > 0:
			from = at + n
		default:
			for i := range n {
				if page[i] == id {
					return p.offset(at + i)
				}
			}
			return 0, errOtherBytes
		}
	}
	return 0, errOtherBytes
}

func (p *packReader) number(at int64) (int64, error) {
	var b [4]byte
	if _, err := p.index.ReadAt(b[:], at); err != nil {
		return 0, fmt.Errorf("its pack's index: %w", err)
	}
	return int64(binary.BigEndian.Uint32(b[:])), nil
}

// offset is where the object with this number in the index begins.
func (p *packReader) offset(i int64) (int64, error) {
	near := indexIDs + p.count*(20+4)
	at, err := p.number(near + 4*i)
	if err != nil || at < 1<<31 {
		return at, err
	}
	var b [8]byte
	if _, err := p.index.ReadAt(b[:], near+p.count*4+8*(at-1<<31)); err != nil {
		return 0, fmt.Errorf("its pack's index: %w", err)
	}
	return int64(binary.BigEndian.Uint64(b[:])), nil
}

// A link of a delta chain: what makes one object of the one before.
type chainLink struct {
	offset int64
	delta  []byte
}

// read computes an object of this size. The bytes are the caller's.
func (p *packReader) read(id ID, size int64) (kind, []byte, error) {
	offset, err := p.find(id)
	if err != nil {
		return 0, nil, err
	}
	var chain []chainLink
	var held int64
	k, base := p.bases.get(offset)
	for at := offset; base == nil; k, base = p.bases.get(at) {
		h, err := p.header(at)
		if err != nil {
			return 0, nil, err
		}
		if h.size > p.limits.MaxObject || len(chain) == p.limits.MaxDepth {
			return 0, nil, errOtherBytes
		}
		if held += h.size; held > p.limits.MaxLive {
			return 0, nil, overLimit("its deltas have %d bytes, more than the limit of %d", held, p.limits.MaxLive)
		}
		data, err := p.inflate(h.size)
		if err != nil {
			return 0, nil, err
		}
		if h.kind.isObject() {
			k, base = h.kind, data
			if len(chain) == 0 {
				return k, data, sized(data, size)
			}
			p.bases.put(at, k, base)
			break
		}
		chain = append(chain, chainLink{at, data})
		if h.kind == ofsDelta {
			at -= h.ofs
		} else if at, err = p.find(h.ref); err != nil {
			return 0, nil, err
		}
	}
	if len(chain) == 0 { // it is a base itself, which must stay as it is
		return k, bytes.Clone(base), sized(base, size)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		_, result, _, err := deltaSizes(chain[i].delta)
		if err != nil {
			return 0, nil, err
		}
		if result > p.limits.MaxObject || i == 0 && result != size {
			return 0, nil, errOtherBytes
		}
		data := make([]byte, result)
		if err := applyDelta(data, base, chain[i].delta); err != nil {
			return 0, nil, err
		}
		if base = data; i > 0 {
			p.bases.put(chain[i].offset, k, base)
		}
	}
	return k, base, nil
}

func sized(data []byte, size int64) error {
	if int64(len(data)) != size {
		return errOtherBytes
	}
	return nil
}

// header reads what stands before an entry's stream and leaves p.buf at that.
func (p *packReader) header(at int64) (header, error) {
	if at < packHeader || at >= p.size {
		return header{}, errOtherBytes
	}
	p.buf.Reset(io.NewSectionReader(p.pack, at, p.size-at))
	return readHeader(p.buf)
}

// inflate takes the stream that p.buf is at.
func (p *packReader) inflate(size int64) ([]byte, error) {
	z, err := p.in.stream(p.buf)
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(z, data); err != nil {
		return nil, inflateError(err)
	}
	return data, atEnd(z)
}

// A baseCache keeps what deltas were made of: neighbours in a pack are often
// made of the same.
type baseCache struct {
	objects map[int64]baseObject
	queue   []int64 // oldest first
	bytes   int64
}

type baseObject struct {
	kind kind
	data []byte
}

func (c *baseCache) get(at int64) (kind, []byte) {
	o := c.objects[at]
	return o.kind, o.data
}

func (c *baseCache) put(at int64, k kind, data []byte) {
	if len(data) == 0 || int64(len(data)) > storageCache/2 || c.objects[at].data != nil {
		return
	}
	if c.objects == nil {
		c.objects = map[int64]baseObject{}
	}
	for c.bytes += int64(len(data)); c.bytes > storageCache; c.queue = c.queue[1:] {
		c.bytes -= int64(len(c.objects[c.queue[0]].data))
		delete(c.objects, c.queue[0])
	}
	c.objects[at] = baseObject{k, data}
	c.queue = append(c.queue, at)
}
