package deposit

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// lenient reads the objects of a pack with other code than the product's: it
// checks nothing and stops where it cannot go on.
func lenient(data []byte) map[ID]atom {
	byID := map[ID]atom{}
	byOffset := map[int64]atom{}
	type waiting struct {
		at, ofs int64
		ref     ID
		delta   []byte
	}
	var deltas []waiting
	put := func(at int64, k kind, data []byte) {
		a := atom{k, data, idOf(k, data)}
		byID[a.id], byOffset[at] = a, a
	}
	r := bytes.NewReader(data)
	if _, err := r.Seek(packHeader, io.SeekStart); err != nil {
		return byID
	}
	for r.Len() > packTrailer {
		at := int64(len(data) - r.Len())
		b, _ := r.ReadByte()
		k := kind(b >> 4 & 7)
		for b&0x80 != 0 {
			b, _ = r.ReadByte()
		}
		w := waiting{at: at}
		switch k {
		case ofsDelta:
			b, _ = r.ReadByte()
			w.ofs = int64(b & 0x7f)
			for b&0x80 != 0 && w.ofs < 1<<40 {
				b, _ = r.ReadByte()
				w.ofs = (w.ofs+1)<<7 | int64(b&0x7f)
			}
		case refDelta:
			if _, err := io.ReadFull(r, w.ref[:]); err != nil {
				return byID
			}
		}
		z, err := zlib.NewReader(r)
		if err != nil {
			break
		}
		content, err := io.ReadAll(io.LimitReader(z, 1<<24))
		if err != nil {
			break
		}
		if k.isObject() {
			put(at, k, content)
		} else {
			w.delta = content
			deltas = append(deltas, w)
		}
	}
	for range deltas { // each round resolves one at least, or no more do
		for _, w := range deltas {
			base, ok := byOffset[w.at-w.ofs]
			if w.ofs == 0 {
				base, ok = byID[w.ref]
			}
			if _, done := byOffset[w.at]; ok && !done {
				put(w.at, base.kind, lenientDelta(base.data, w.delta))
			}
		}
	}
	return byID
}

func lenientDelta(base, d []byte) (out []byte) {
	for range 2 {
		if _, n := binary.Uvarint(d); n > 0 {
			d = d[n:]
		}
	}
	for len(d) > 0 && len(out) < 1<<24 {
		op := d[0]
		d = d[1:]
		if op < 0x80 {
			n := min(int(op), len(d))
			out, d = append(out, d[:n]...), d[n:]
			continue
		}
		var v [7]int
		for bit := range v {
			if op>>bit&1 == 1 && len(d) > 0 {
				v[bit], d = int(d[0]), d[1:]
			}
		}
		from, n := v[0]|v[1]<<8|v[2]<<16|v[3]<<24, v[4]|v[5]<<8|v[6]<<16
		if n == 0 {
			n = 1 << 16
		}
		from = min(from, len(base))
		out = append(out, base[from:min(from+n, len(base))]...)
	}
	return out
}
