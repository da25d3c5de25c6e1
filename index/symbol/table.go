package symbol

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"vitrine/index/block"
)

// rowSize is the length of a key's row in a table.
const rowSize = 8 + 4 + 2 + 2

// A posting is one symbol (or import, or first member) with a key.
type posting struct {
	blob, n uint32
	kind    Kind // 0 where there is none
}

func comparePostings(a, b posting) int {
	if a.blob != b.blob {
		return int(int64(a.blob) - int64(b.blob))
	}
	return int(int64(a.n) - int64(b.n))
}

// A tableWriter writes keys, which come in the order of compareKeys, with
// their postings.
type tableWriter struct {
	out  *block.Writer
	rows []byte
	buf  []byte
}

func createTable(path string) (*tableWriter, error) {
	w, err := block.Create(path)
	return &tableWriter{out: w}, err
}

// maxBody bounds what a row can point into; a table of Linux has a fortieth of it.
const maxBody = math.MaxUint32

func (w *tableWriter) add(key []byte, list []posting) error {
	at := w.out.Written()
	if at > maxBody {
		return fmt.Errorf("the names of all symbols take more than %d bytes", maxBody)
	}
	var kinds uint16
	for _, p := range list {
		kinds |= 1 << p.kind
	}
	w.row(signature(key), at, len(key), kinds)
	w.buf = appendPostings(append(w.buf[:0], key...), list)
	_, err := w.out.Write(w.buf)
	return err
}

func (w *tableWriter) row(mask, at uint64, n int, kinds uint16) {
	w.rows = binary.BigEndian.AppendUint64(w.rows, mask)
	w.rows = binary.BigEndian.AppendUint32(w.rows, uint32(at))
	w.rows = binary.BigEndian.AppendUint16(w.rows, uint16(n))
	w.rows = binary.BigEndian.AppendUint16(w.rows, kinds)
}

func (w *tableWriter) finish() error {
	body := w.out.Written()
	if body > maxBody {
		return fmt.Errorf("the names of all symbols take more than %d bytes", maxBody)
	}
	w.row(0, body, 0, 0)
	w.rows = binary.BigEndian.AppendUint64(w.rows, body)
	if _, err := w.out.Write(w.rows); err != nil {
		return err
	}
	return w.out.Finish()
}

// appendPostings writes postings in the order of comparePostings.
func appendPostings(dst []byte, list []posting) []byte {
	last := uint32(0)
	for i := 0; i < len(list); {
		blob := list[i].blob
		dst = binary.AppendUvarint(dst, uint64(blob-last))
		last = blob
		n := uint32(0)
		for more := uint64(1); more == 1; i++ {
			more = 0
			if i+1 < len(list) && list[i+1].blob == blob {
				more = 1
			}
			dst = binary.AppendUvarint(dst, uint64(list[i].n-n)<<5|uint64(list[i].kind)<<1|more)
			n = list[i].n
		}
	}
	return dst
}

// eachPosting reads what appendPostings wrote, until yield returns false.
func eachPosting(data []byte, yield func(posting) bool) error {
	blob := uint64(0)
	for len(data) > 0 {
		d, k := binary.Uvarint(data)
		if k <= 0 || d > math.MaxUint32 {
			return errRecord
		}
		data = data[k:]
		blob += d
		n := uint64(0)
		for more := true; more; {
			v, k := binary.Uvarint(data)
			if k <= 0 {
				return errRecord
			}
			data = data[k:]
			n += v >> 5
			if n > math.MaxUint32 || blob > math.MaxUint32 {
				return errRecord
			}
			more = v&1 != 0
			if !yield(posting{uint32(blob), uint32(n), Kind(v >> 1 & 15)}) {
				return nil
			}
		}
	}
	return nil
}

// A table gives the postings of keys. It may be used by several goroutines.
type table struct {
	file *block.File
	rows uint64 // where they are
	n    int    // keys
}

func openTable(f *block.File) (*table, error) {
	size := f.Len()
	if size < 8+rowSize {
		return nil, fmt.Errorf("%s %w", f.Path(), errRecord)
	}
	tail, err := f.Bytes(size-8, 8)
	if err != nil {
		return nil, err
	}
	rows := binary.BigEndian.Uint64(tail)
	if rows > size-8-rowSize || (size-8-rows)%rowSize != 0 {
		return nil, fmt.Errorf("%s %w", f.Path(), errRecord)
	}
	return &table{f, rows, int((size-8-rows)/rowSize) - 1}, nil
}

// A row is what a table says of a key.
type row struct {
	key      []byte
	mask     uint64
	kinds    uint16
	postings []byte
}

// at is row i.
func (t *table) at(i int) (row, error) {
	rows, err := t.file.Bytes(t.rows+uint64(i)*rowSize, 2*rowSize)
	if err != nil {
		return row{}, err
	}
	return t.read(rows)
}

// read makes a row of its bytes and those of the next.
func (t *table) read(rows []byte) (row, error) {
	at, end := binary.BigEndian.Uint32(rows[8:]), binary.BigEndian.Uint32(rows[rowSize+8:])
	n := binary.BigEndian.Uint16(rows[12:])
	if end < at || uint32(n) > end-at || uint64(end) > t.rows {
		return row{}, fmt.Errorf("%s %w", t.file.Path(), errRecord)
	}
	body, err := t.file.Bytes(uint64(at), uint64(end-at))
	if err != nil {
		return row{}, err
	}
	return row{body[:n], binary.BigEndian.Uint64(rows), binary.BigEndian.Uint16(rows[14:]), body[n:]}, nil
}

// rowsFrom are the bytes of n rows from i on, and of the one behind.
func (t *table) rowsFrom(i, n int) ([]byte, error) {
	return t.file.Bytes(t.rows+uint64(i)*rowSize, uint64(n+1)*rowSize)
}

// search is the first row for which after is true; it is so for all behind.
func (t *table) search(after func(key []byte) bool) (int, error) {
	var failed error
	i := sort.Search(t.n, func(i int) bool {
		r, err := t.at(i)
		if err != nil {
			failed = err
			return true
		}
		return after(r.key)
	})
	return i, failed
}

// get finds a key.
func (t *table) get(key string) (row, bool, error) {
	i, err := t.search(func(k []byte) bool { return compareKeys(k, []byte(key)) >= 0 })
	if err != nil || i == t.n {
		return row{}, false, err
	}
	r, err := t.at(i)
	return r, err == nil && string(r.key) == key, err
}

// prefixed are the rows of the keys that begin with prefix, whatever the case.
func (t *table) prefixed(prefix []byte) (from, to int, err error) {
	if from, err = t.search(func(k []byte) bool { return compareFolded(k, prefix) >= 0 }); err != nil {
		return 0, 0, err
	}
	to, err = t.search(func(k []byte) bool { return compareFolded(k[:min(len(k), len(prefix))], prefix) > 0 })
	return from, to, err
}

// compareKeys orders keys as if all were lower-case, and equal ones by their bytes.
func compareKeys(a, b []byte) int {
	if c := compareFolded(a, b); c != 0 {
		return c
	}
	return bytes.Compare(a, b)
}

func compareFolded(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// signature has a bit for each letter, digit, "_" and for any other byte of a
// key, and one for each letter that it has twice. What lacks a bit of a query's
// cannot hold its letters.
func signature(key []byte) uint64 {
	var once, twice uint64
	for _, c := range key {
		var bit uint64
		switch c = lower(c); {
		case 'a' <= c && c <= 'z':
			bit = 1 << (c - 'a')
			twice |= once & bit
		case '0' <= c && c <= '9':
			bit = 1 << (26 + c - '0')
		case c == '_':
			bit = 1 << 36
		default:
			bit = 1 << 37
		}
		once |= bit
	}
	return once | twice<<38
}

// A cursor walks a table of a part while it is merged; blobs are numbered anew.
type cursor struct {
	t      *table
	number []uint32 // new number, or gone
	i      int
	row    row
}

// gone is the new number of a blob that is left out.
const gone = math.MaxUint32

// next goes to the next row; false at the end.
func (c *cursor) next() (bool, error) {
	if c.i == c.t.n {
		return false, nil
	}
	var err error
	c.row, err = c.t.at(c.i)
	c.i++
	return err == nil, err
}

// mergeTables writes what all tables have. A key whose blobs are all gone is
// left out.
func mergeTables(ctx context.Context, path string, tables []*table, numbers [][]uint32) (err error) {
	out, err := createTable(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.out.Close()) }()
	var heap []*cursor // the least key first
	less := func(a, b *cursor) bool { return compareKeys(a.row.key, b.row.key) < 0 }
	down := func(i int) {
		for {
			k := 2*i + 1
			if k >= len(heap) {
				return
			}
			if k+1 < len(heap) && less(heap[k+1], heap[k]) {
				k++
			}
			if !less(heap[k], heap[i]) {
				return
			}
			heap[i], heap[k] = heap[k], heap[i]
			i = k
		}
	}
	for i, t := range tables {
		c := &cursor{t: t, number: numbers[i]}
		if ok, err := c.next(); err != nil {
			return err
		} else if ok {
			heap = append(heap, c)
		}
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		down(i)
	}
	var key []byte
	var list []posting
	for n := 0; len(heap) > 0; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = append(key[:0], heap[0].row.key...)
		list = list[:0]
		for len(heap) > 0 && bytes.Equal(heap[0].row.key, key) {
			c := heap[0]
			bad := false
			err := eachPosting(c.row.postings, func(p posting) bool {
				if bad = int(p.blob) >= len(c.number); bad {
					return false
				}
				if p.blob = c.number[p.blob]; p.blob != gone {
					list = append(list, p)
				}
				return true
			})
			if bad {
				err = fmt.Errorf("%s %w", c.t.file.Path(), errRecord)
			}
			if err != nil {
				return err
			}
			ok, err := c.next()
			if err != nil {
				return err
			}
			if !ok {
				heap[0] = heap[len(heap)-1]
				heap = heap[:len(heap)-1]
			}
			down(0)
		}
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, comparePostings)
		if err := out.add(key, list); err != nil {
			return err
		}
	}
	return out.finish()
}
