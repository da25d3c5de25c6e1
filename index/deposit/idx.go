package deposit

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sort"
)

// A pack index, version 2 (gitformat-pack(5)): a table of ids in order, the
// CRC-32 of each entry, and its offset in the pack. Stock git and go-git read
// what writeIndex writes.
var indexMagic = []byte("\xfftOc\x00\x00\x00\x02")

const (
	indexFixed = 8 + 256*4 + 2*sha1.Size
	indexEach  = sha1.Size + 4 + 4
)

// An indexed is one line of an index.
type indexed struct {
	id     ID
	crc    uint32
	offset int64
}

// writeIndex writes the index of a pack with this trailer; it sorts entries.
func writeIndex(w io.Writer, entries []indexed, trailer [packTrailer]byte) error {
	slices.SortFunc(entries, func(a, b indexed) int { return bytes.Compare(a.id[:], b.id[:]) })
	sum := sha1.New()
	out := io.MultiWriter(w, sum)
	buf := append([]byte(nil), indexMagic...)
	n := 0
	for b := range 256 {
		for n < len(entries) && int(entries[n].id[0]) <= b {
			n++
		}
		buf = binary.BigEndian.AppendUint32(buf, uint32(n))
	}
	flush := func(limit int) error {
		if len(buf) < limit {
			return nil
		}
		_, err := out.Write(buf)
		buf = buf[:0]
		return err
	}
	const chunk = 64 << 10
	for i := range entries {
		buf = append(buf, entries[i].id[:]...)
		if err := flush(chunk); err != nil {
			return err
		}
	}
	for i := range entries {
		buf = binary.BigEndian.AppendUint32(buf, entries[i].crc)
		if err := flush(chunk); err != nil {
			return err
		}
	}
	var far []int64
	for i := range entries {
		o := entries[i].offset
		if o >= 1<<31 {
			o, far = 1<<31|int64(len(far)), append(far, o)
		}
		buf = binary.BigEndian.AppendUint32(buf, uint32(o))
		if err := flush(chunk); err != nil {
			return err
		}
	}
	for _, o := range far {
		buf = binary.BigEndian.AppendUint64(buf, uint64(o))
	}
	buf = append(buf, trailer[:]...)
	if err := flush(0); err != nil {
		return err
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// A packIndex finds entries by id.
type packIndex struct {
	ids     []byte  // of 20 bytes each, in order
	offsets []int64 // in the order of ids
	ends    []int64 // all offsets in the order of the pack, and its end
}

// readIndex reads an index of a pack with size bytes. It checks the index's
// own checksum and its structure; that the objects are those it names is
// checked with each read.
func readIndex(data []byte, size int64) (*packIndex, error) {
	if len(data) < indexFixed || !bytes.Equal(data[:len(indexMagic)], indexMagic) {
		return nil, fmt.Errorf("not a pack index of version 2")
	}
	if sum := sha1.Sum(data[:len(data)-sha1.Size]); !bytes.Equal(sum[:], data[len(data)-sha1.Size:]) {
		return nil, fmt.Errorf("the pack index is damaged: its checksum differs")
	}
	n := int(binary.BigEndian.Uint32(data[8+255*4:]))
	body := data[8+256*4 : len(data)-2*sha1.Size]
	if len(body)/indexEach < n || (len(body)-n*indexEach)%8 != 0 {
		return nil, fmt.Errorf("the pack index has %d bytes, which does not fit %d objects", len(data), n)
	}
	x := &packIndex{ids: body[:n*sha1.Size], offsets: make([]int64, n)}
	near := body[n*(sha1.Size+4):]
	far := near[n*4:]
	for i := range n {
		o := int64(binary.BigEndian.Uint32(near[i*4:]))
		if o&(1<<31) != 0 {
			k := o &^ (1 << 31)
			if k >= int64(len(far)/8) {
				return nil, fmt.Errorf("the pack index names an offset it lacks")
			}
			o = int64(binary.BigEndian.Uint64(far[k*8:]))
		}
		if o < packHeader || o > size-packTrailer-minEntry {
			return nil, fmt.Errorf("the pack index names offset %d of a pack of %d bytes", o, size)
		}
		x.offsets[i] = o
		if i > 0 && bytes.Compare(x.ids[(i-1)*sha1.Size:i*sha1.Size], x.ids[i*sha1.Size:(i+1)*sha1.Size]) >= 0 {
			return nil, fmt.Errorf("the pack index is out of order")
		}
	}
	x.ends = append(slices.Clone(x.offsets), size-packTrailer)
	slices.Sort(x.ends)
	return x, nil
}

// find returns the offset of the object with an id.
func (x *packIndex) find(id ID) (int64, bool) {
	n := len(x.offsets)
	i := sort.Search(n, func(i int) bool { return bytes.Compare(x.ids[i*sha1.Size:(i+1)*sha1.Size], id[:]) >= 0 })
	if i == n || !bytes.Equal(x.ids[i*sha1.Size:(i+1)*sha1.Size], id[:]) {
		return 0, false
	}
	return x.offsets[i], true
}

// end returns where the entry that begins at offset ends.
func (x *packIndex) end(offset int64) (int64, bool) {
	i, found := slices.BinarySearch(x.ends, offset)
	if !found || i+1 == len(x.ends) {
		return 0, false
	}
	return x.ends[i+1], true
}
