package deposit

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"io"
	"slices"
)

// A pack index, version 2 (gitformat-pack(5)): a table of ids in order, the
// CRC-32 of each entry, and its offset in the pack. Stock git and go-git read
// what writeIndex writes.
var indexMagic = []byte("\xfftOc\x00\x00\x00\x02")

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
