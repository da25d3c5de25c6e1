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

const (
	// groupKeys are the keys that are written by what they share with the one
	// before, and read together.
	groupKeys = 32

	// rowSize is the length of a group's row.
	rowSize = 8 + 4 + 2 + 2

	// tailSize is that of a table's end: where the rows are, and how many keys.
	tailSize = 8 + 8

	// maxBody bounds what a row can point into; names of Linux take a fiftieth of it.
	maxBody = math.MaxUint32
)

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
	keys int

	// The group that is begun.
	n        int
	mask     uint64
	kinds    uint16
	texts    []byte
	postings []byte
	last     []byte
	first    posting // of the key before
}

func createTable(path string) (*tableWriter, error) {
	w, err := block.Create(path)
	return &tableWriter{out: w}, err
}

func (w *tableWriter) add(key []byte, list []posting) error {
	shared := 0
	for shared < min(len(w.last), len(key)) && w.last[shared] == key[shared] {
		shared++
	}
	w.texts = binary.AppendUvarint(w.texts, uint64(shared))
	w.texts = binary.AppendUvarint(w.texts, uint64(len(key)-shared))
	w.texts = append(w.texts, key[shared:]...)
	w.last = append(w.last[:0], key...)
	w.mask |= signature(key)
	for _, p := range list {
		w.kinds |= 1 << p.kind
	}
	w.postings = appendPostings(w.postings, w.first, list)
	w.first = list[0]
	w.keys++
	if w.n++; w.n == groupKeys {
		return w.endGroup()
	}
	return nil
}

func (w *tableWriter) endGroup() error {
	if err := w.row(); err != nil {
		return err
	}
	var errs []error
	for _, part := range [][]byte{w.texts, w.postings} {
		_, err := w.out.Write(part)
		errs = append(errs, err)
	}
	w.n, w.mask, w.kinds, w.texts, w.postings, w.last, w.first = 0, 0, 0, w.texts[:0], w.postings[:0], w.last[:0], posting{}
	return errors.Join(errs...)
}

func (w *tableWriter) row() error {
	at := w.out.Written()
	if at > maxBody {
		return fmt.Errorf("the names of all symbols take more than %d bytes", maxBody)
	}
	w.rows = binary.BigEndian.AppendUint64(w.rows, w.mask)
	w.rows = binary.BigEndian.AppendUint32(w.rows, uint32(at))
	w.rows = binary.BigEndian.AppendUint16(w.rows, uint16(w.n))
	w.rows = binary.BigEndian.AppendUint16(w.rows, w.kinds)
	return nil
}

func (w *tableWriter) finish() error {
	if w.n > 0 {
		if err := w.endGroup(); err != nil {
			return err
		}
	}
	if err := w.row(); err != nil { // where the last group ends
		return err
	}
	w.rows = binary.BigEndian.AppendUint64(w.rows, w.out.Written())
	w.rows = binary.BigEndian.AppendUint64(w.rows, uint64(w.keys))
	if _, err := w.out.Write(w.rows); err != nil {
		return err
	}
	return w.out.Finish()
}

// appendPostings writes the postings of a key, in the order of comparePostings.
// The first is written by its difference to the first of the key before.
func appendPostings(dst []byte, first posting, list []posting) []byte {
	last := first
	for i := 0; i < len(list); {
		blob, from := list[i].blob, i
		for i++; i < len(list) && list[i].blob == blob; i++ {
		}
		dst = binary.AppendUvarint(dst, zigzag(int64(blob)-int64(last.blob))<<1|bit(i < len(list)))
		if blob != last.blob {
			last.n = 0
		}
		last.blob = blob
		for k := from; k < i; k++ {
			dst = binary.AppendUvarint(dst, zigzag(int64(list[k].n)-int64(last.n))<<5|uint64(list[k].kind)<<1|bit(k+1 < i))
			last.n = list[k].n
		}
	}
	return dst
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// skipPostings gives the first posting of a key, and the bytes behind all.
func skipPostings(data []byte, before posting) (first posting, rest []byte, err error) {
	// The first blob, and its first symbol.
	v, a := binary.Uvarint(data)
	if a <= 0 {
		return first, nil, errRecord
	}
	w, b := binary.Uvarint(data[a:])
	if b <= 0 {
		return first, nil, errRecord
	}
	blob, n := int64(before.blob), int64(before.n)
	if d := unzigzag(v >> 1); d != 0 {
		blob, n = blob+d, 0
	}
	n += unzigzag(w >> 5)
	if blob < 0 || n < 0 || blob >= gone || n > math.MaxUint32 {
		return first, nil, errRecord
	}
	first = posting{uint32(blob), uint32(n), Kind(w >> 1 & 15)}
	// Of each number that follows only what says whether another does is looked at.
	more, again := v&1 != 0, w&1 != 0
	for i := a + b; ; {
		if !again && !more {
			return first, data[i:], nil
		}
		if i >= len(data) {
			return first, nil, errRecord
		}
		if again {
			again = data[i]&1 != 0
		} else {
			more, again = data[i]&1 != 0, true
		}
		for data[i] >= 0x80 {
			if i++; i == len(data) {
				return first, nil, errRecord
			}
		}
		i++
	}
}

// readPostings adds the postings of a key to dst, and returns the bytes behind.
func readPostings(dst []posting, data []byte, first posting) ([]posting, []byte, error) {
	blob, n := int64(first.blob), int64(first.n)
	for more := true; more; {
		v, k := binary.Uvarint(data)
		if k <= 0 {
			return dst, nil, errRecord
		}
		data = data[k:]
		more = v&1 != 0
		if d := unzigzag(v >> 1); d != 0 {
			blob, n = blob+d, 0
		}
		for again := true; again; {
			v, k := binary.Uvarint(data)
			if k <= 0 {
				return dst, nil, errRecord
			}
			data = data[k:]
			again = v&1 != 0
			n += unzigzag(v >> 5)
			if blob < 0 || n < 0 || blob >= gone || n > math.MaxUint32 {
				return dst, nil, errRecord
			}
			dst = append(dst, posting{uint32(blob), uint32(n), Kind(v >> 1 & 15)})
		}
	}
	return dst, data, nil
}

// A table gives the postings of keys. It may be used by several goroutines.
type table struct {
	file   *block.File
	rows   uint64 // where they are
	groups int
	keys   int
}

func openTable(f *block.File) (*table, error) {
	bad := fmt.Errorf("%s %w", f.Path(), errRecord)
	size := f.Len()
	if size < tailSize+rowSize {
		return nil, bad
	}
	tail, err := f.Bytes(size-tailSize, tailSize)
	if err != nil {
		return nil, err
	}
	rows, keys := binary.BigEndian.Uint64(tail), binary.BigEndian.Uint64(tail[8:])
	if rows > size-tailSize-rowSize || (size-tailSize-rows)%rowSize != 0 {
		return nil, bad
	}
	t := &table{f, rows, int((size-tailSize-rows)/rowSize) - 1, int(keys)}
	if keys > uint64(t.groups)*groupKeys {
		return nil, bad
	}
	return t, nil
}

// rowsFrom are the bytes of n rows from group i on, and of the one behind.
func (t *table) rowsFrom(i, n int) ([]byte, error) {
	return t.file.Bytes(t.rows+uint64(i)*rowSize, uint64(n+1)*rowSize)
}

// A group is some keys, read one after the other.
type group struct {
	t        *table
	data     []byte // behind the key
	n        int    // keys that are left
	key      []byte
	shared   int // with the key before
	bad      bool
	first    posting // of the key before, when postings are read
	postings []posting
}

// open begins to read the group whose row these bytes are, with the next one's.
func (g *group) open(t *table, rows []byte) error {
	at, end := binary.BigEndian.Uint32(rows[8:]), binary.BigEndian.Uint32(rows[rowSize+8:])
	n := int(binary.BigEndian.Uint16(rows[12:]))
	if end < at || uint64(end) > t.rows || n > groupKeys {
		return fmt.Errorf("%s %w", t.file.Path(), errRecord)
	}
	data, err := t.file.Bytes(uint64(at), uint64(end-at))
	if err != nil {
		return err
	}
	g.t, g.data, g.n, g.key, g.bad = t, data, n, g.key[:0], false
	return nil
}

// next reads a key; false at the end, and when the group is not one, which sets bad.
func (g *group) next() bool {
	if g.n == 0 {
		return false
	}
	g.n--
	data := g.data
	var shared, rest uint64
	var a, b int
	if len(data) >= 2 && data[0] < 0x80 && data[1] < 0x80 { // nearly always
		shared, rest, a, b = uint64(data[0]), uint64(data[1]), 1, 1
	} else {
		shared, a = binary.Uvarint(data)
		rest, b = binary.Uvarint(data[max(a, 0):])
	}
	if a <= 0 || b <= 0 || shared > uint64(len(g.key)) || rest > uint64(len(data)-a-b) || rest > maxPart {
		g.bad, g.n = true, 0
		return false
	}
	data = data[a+b:]
	g.shared = int(shared)
	g.key = append(g.key[:shared], data[:rest]...)
	g.data = data[rest:]
	return true
}

// toPostings passes over the keys that are left. The postings of all keys of the
// group follow, in their order.
func (g *group) toPostings() error {
	for g.next() {
	}
	g.first = posting{}
	return g.wrong()
}

// wrong is an error if what was read is no group.
func (g *group) wrong() error {
	if g.bad {
		return fmt.Errorf("%s %w", g.t.file.Path(), errRecord)
	}
	return nil
}

// nextPostings reads those of the next key. They are good until the next call.
func (g *group) nextPostings() ([]posting, error) {
	var err error
	if g.postings, g.data, err = readPostings(g.postings[:0], g.data, g.first); err != nil {
		return nil, fmt.Errorf("%s %w", g.t.file.Path(), err)
	}
	g.first = g.postings[0]
	return g.postings, nil
}

// skipPostings passes over those of the next key.
func (g *group) skipPostings() error {
	var err error
	if g.first, g.data, err = skipPostings(g.data, g.first); err != nil {
		return fmt.Errorf("%s %w", g.t.file.Path(), err)
	}
	return nil
}

// postingsOf reads those of a key by its number.
func (t *table) postingsOf(n int) ([]posting, error) {
	rows, err := t.rowsFrom(n/groupKeys, 1)
	if err != nil {
		return nil, err
	}
	var g group
	if err := g.open(t, rows); err != nil {
		return nil, err
	}
	if n%groupKeys >= g.n {
		return nil, fmt.Errorf("%s %w", t.file.Path(), errRecord)
	}
	if err := g.toPostings(); err != nil {
		return nil, err
	}
	for range n % groupKeys {
		if err := g.skipPostings(); err != nil {
			return nil, err
		}
	}
	return g.nextPostings()
}

// search is the first group for whose first key after is true; it is so for all behind.
func (t *table) search(after func(key []byte) bool) (int, error) {
	var failed error
	var g group
	i := sort.Search(t.groups, func(i int) bool {
		rows, err := t.rowsFrom(i, 1)
		if err == nil {
			err = g.open(t, rows)
		}
		if err == nil && !g.next() {
			err = fmt.Errorf("%s %w", t.file.Path(), errRecord)
		}
		if err != nil {
			failed = err
			return true
		}
		return after(g.key)
	})
	return i, failed
}

// get gives the postings of a key; none if it is not in the table.
func (t *table) get(key string) ([]posting, error) {
	i, err := t.search(func(k []byte) bool { return compareKeys(k, []byte(key)) > 0 })
	if err != nil || i == 0 {
		return nil, err
	}
	rows, err := t.rowsFrom(i-1, 1)
	if err != nil {
		return nil, err
	}
	var g group
	if err := g.open(t, rows); err != nil {
		return nil, err
	}
	for n := 0; g.next(); n++ {
		if string(g.key) == key {
			return t.postingsOf((i-1)*groupKeys + n)
		}
	}
	if g.bad {
		return nil, fmt.Errorf("%s %w", t.file.Path(), errRecord)
	}
	return nil, nil
}

// prefixed are the groups in which keys can begin with prefix, whatever the case.
func (t *table) prefixed(prefix []byte) (from, to int, err error) {
	if from, err = t.search(func(k []byte) bool { return compareFolded(k, prefix) >= 0 }); err != nil {
		return 0, 0, err
	}
	to, err = t.search(func(k []byte) bool { return compareFolded(k[:min(len(k), len(prefix))], prefix) > 0 })
	return max(from-1, 0), to, err
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

// A walker goes through a table of a part while it is merged; blobs are numbered anew.
type walker struct {
	t      *table
	number []uint32 // new number, or gone
	next   int      // group
	keys   group
	lists  group
}

// gone is the new number of a blob that is left out.
const gone = math.MaxUint32

// step goes to the next key; false at the end.
func (c *walker) step() (bool, error) {
	for !c.keys.next() {
		if c.keys.bad {
			return false, fmt.Errorf("%s %w", c.t.file.Path(), errRecord)
		}
		if c.next == c.t.groups {
			return false, nil
		}
		rows, err := c.t.rowsFrom(c.next, 1)
		if err == nil {
			err = errors.Join(c.keys.open(c.t, rows), c.lists.open(c.t, rows))
		}
		if err == nil {
			err = c.lists.toPostings()
		}
		if err != nil {
			return false, err
		}
		c.next++
	}
	return true, nil
}

// postings adds those of the key to list.
func (c *walker) postings(list []posting) ([]posting, error) {
	lists, err := c.lists.nextPostings()
	if err != nil {
		return nil, err
	}
	for _, p := range lists {
		if int(p.blob) >= len(c.number) {
			return nil, fmt.Errorf("%s %w", c.t.file.Path(), errRecord)
		}
		if p.blob = c.number[p.blob]; p.blob != gone {
			list = append(list, p)
		}
	}
	return list, nil
}

// mergeTables writes what all tables have. A key whose blobs are all gone is
// left out.
func mergeTables(ctx context.Context, path string, tables []*table, numbers [][]uint32) (err error) {
	out, err := createTable(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.out.Close()) }()
	var heap []*walker // the least key first
	less := func(a, b *walker) bool { return compareKeys(a.keys.key, b.keys.key) < 0 }
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
		c := &walker{t: t, number: numbers[i]}
		if ok, err := c.step(); err != nil {
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
		key = append(key[:0], heap[0].keys.key...)
		list = list[:0]
		for len(heap) > 0 && bytes.Equal(heap[0].keys.key, key) {
			c := heap[0]
			var err error
			if list, err = c.postings(list); err != nil {
				return err
			}
			ok, err := c.step()
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
