package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	zap "github.com/blevesearch/zapx/v17"

	"vitrine/index/block"
)

// An ID is what names a document: the SHA-256 of its bytes.
type ID = [32]byte

// maxDocs bounds the documents of a segment: bleve's 1-hit encoding has 31 bits.
const maxDocs = math.MaxInt32

// A zapWriter lays out a zap segment from terms that come in order.
type zapWriter struct {
	*block.Writer
	crc     uint32 // of what was written
	docs    uint64
	stored  uint64 // where the table of stored fields is
	buf     []byte
	bits    *roaring.Bitmap
	zeros   map[uint64]uint64 // where the frequencies are for so many chunks
	names   []string
	options []index.FieldIndexingOptions
	records []uint64 // of each field's record

	spool string // the file of the field's automaton
	terms chan []entry
	begun []entry
	built chan error
}

// An entry is a term and what its automaton says of it.
type entry struct {
	term  []byte
	value uint64
}

// entriesAtOnce is how many terms are handed over to the goroutine that builds the
// automaton: enough that the handing over costs nothing.
const entriesAtOnce = 1024

func createZap(ctx context.Context, path string, ids []ID) (*zapWriter, error) {
	if len(ids) == 0 || len(ids) > maxDocs {
		return nil, fmt.Errorf("a segment has 1 to %d documents, not %d", maxDocs, len(ids))
	}
	f, err := block.Create(path)
	if err != nil {
		return nil, err
	}
	w := &zapWriter{Writer: f, docs: uint64(len(ids)), bits: roaring.New(), zeros: map[uint64]uint64{}, spool: path + ".automaton"}
	if err := w.writeIDs(ctx, ids); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

// writeIDs stores the documents' names, and makes them the terms of the field _id.
func (w *zapWriter) writeIDs(ctx context.Context, ids []ID) error {
	starts := make([]uint64, len(ids))
	for i, id := range ids {
		starts[i] = w.here()
		w.uvarints(1, uint64(len(id)*2+1)) // bytes of the numbers that follow, and of the rest
		w.uvarints(uint64(len(id) * 2))
		w.buf = hex.AppendEncode(w.buf, id[:])
		w.buf = append(w.buf, 0) // other stored fields: snappy of nothing
		if err := w.flush(1 << 16); err != nil {
			return err
		}
	}
	w.stored = w.here()
	for _, s := range starts {
		w.buf = binary.BigEndian.AppendUint64(w.buf, s)
	}
	w.uvarints(0) // nested documents
	numbers := make([]uint32, len(ids))
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	slices.SortFunc(numbers, func(a, b uint32) int { return bytes.Compare(ids[a][:], ids[b][:]) })
	if err := w.begin("_id", index.IndexField|index.StoreField); err != nil {
		return err
	}
	for _, n := range numbers {
		if err := w.insert(hex.AppendEncode(nil, ids[n][:]), oneHit(n)); err != nil {
			return errors.Join(err, w.abandon())
		}
	}
	return w.end(ctx)
}

func oneHit(doc uint32) uint64 { return zap.FSTValEncode1Hit(uint64(doc), zap.NormBits1Hit) }

// Write counts what is written into the checksum that zap has at its end, which only
// bleve looks at.
func (w *zapWriter) Write(p []byte) (int, error) {
	w.crc = crc32.Update(w.crc, crc32.IEEETable, p)
	return w.Writer.Write(p)
}

// here is where what comes next will be.
func (w *zapWriter) here() uint64 { return w.Written() + uint64(len(w.buf)) }

func (w *zapWriter) uvarints(vs ...uint64) {
	for _, v := range vs {
		w.buf = binary.AppendUvarint(w.buf, v)
	}
}

// flush writes what is in buf when it is more than that.
func (w *zapWriter) flush(over int) error {
	if len(w.buf) <= over {
		return nil
	}
	_, err := w.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// begin begins a field. Its automaton stands behind its postings, so that it is kept
// in a file of its own meanwhile, written by a goroutine that end or abandon ends.
func (w *zapWriter) begin(name string, options index.FieldIndexingOptions) error {
	f, err := os.OpenFile(w.spool, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w.names, w.options = append(w.names, name), append(w.options, options)
	terms, built := make(chan []entry, 16), make(chan error, 1)
	w.terms, w.built = terms, built
	go func() {
		err := buildAutomaton(f, terms)
		for range terms { // whoever sends need not know
		}
		built <- errors.Join(err, f.Close())
	}()
	return nil
}

func buildAutomaton(f *os.File, terms <-chan []entry) error {
	a := newAutomaton(f)
	for list := range terms {
		for _, e := range list {
			if err := a.insert(e.term, e.value); err != nil {
				return err
			}
		}
	}
	return a.finish()
}

// insert adds a term, whose bytes it keeps.
func (w *zapWriter) insert(term []byte, value uint64) error {
	w.begun = append(w.begun, entry{term, value})
	if len(w.begun) < entriesAtOnce {
		return nil
	}
	w.terms <- w.begun
	w.begun = make([]entry, 0, entriesAtOnce)
	return nil
}

// add writes the documents of a term and returns its value in the automaton.
func (w *zapWriter) add(docs []uint32) (uint64, error) {
	if len(docs) == 1 {
		return oneHit(docs[0]), nil
	}
	zeros := w.frequencies(uint64(len(docs)))
	at := w.here()
	w.uvarints(zeros, 0) // no locations
	if len(docs) <= maxArray && docs[len(docs)-1] < maxKeys<<16 {
		w.buf = appendBitmap(w.buf, docs)
		return at, w.flush(1 << 16)
	}
	w.bits.Clear()
	w.bits.AddMany(docs)
	w.bits.RunOptimize()
	list, err := w.bits.ToBytes()
	if err != nil {
		return 0, err
	}
	w.uvarints(uint64(len(list)))
	w.buf = append(w.buf, list...)
	return at, w.flush(1 << 16)
}

// frequencies gives the address of a stream of zero frequencies for so many
// documents. A reader looks the chunk of a document up and takes one number after the
// other there: chunks that are longer than needed serve all terms with as many.
func (w *zapWriter) frequencies(count uint64) uint64 {
	chunks := count/1024 + 1
	if at, ok := w.zeros[chunks]; ok {
		return at
	}
	size := w.docs / chunks // as zap's getChunkSize for chunk mode 1026
	w.zeros[chunks] = w.here()
	n := (w.docs-1)/size + 1
	w.uvarints(n)
	each := min(size, 1023)
	if chunks > 1 {
		each = size
	}
	for i := range n {
		w.uvarints((i + 1) * each)
	}
	w.buf = append(w.buf, make([]byte, n*each)...)
	return w.zeros[chunks]
}

const (
	// maxArray and maxKeys bound the lists that are laid out without help of package
	// roaring: beyond, bit sets and runs are smaller.
	maxArray = 512
	maxKeys  = 3
)

// appendBitmap serialises ascending numbers under maxKeys<<16 as roaring does when
// there are runs, with none: below four containers that form has no table of offsets.
// The length comes first, as a varint.
func appendBitmap(dst []byte, docs []uint32) []byte {
	keys := 1
	if docs[0]>>16 != docs[len(docs)-1]>>16 {
		for i := 1; i < len(docs); i++ {
			if docs[i]>>16 != docs[i-1]>>16 {
				keys++
			}
		}
	}
	dst = binary.AppendUvarint(dst, uint64(4+1+4*keys+2*len(docs)))
	dst = binary.LittleEndian.AppendUint32(dst, roaringCookie|uint32(keys-1)<<16)
	dst = append(dst, 0) // a bit per container: is it runs?
	if keys == 1 {
		dst = binary.LittleEndian.AppendUint32(dst, docs[0]>>16|uint32(len(docs)-1)<<16)
	} else {
		dst = appendContainers(dst, docs)
	}
	at := len(dst)
	dst = slices.Grow(dst, 2*len(docs))[:at+2*len(docs)]
	for i, d := range docs {
		binary.LittleEndian.PutUint16(dst[at+2*i:], uint16(d))
	}
	return dst
}

// appendContainers tells the key of each container and its numbers less 1.
func appendContainers(dst []byte, docs []uint32) []byte {
	for i := 0; i < len(docs); {
		j := i
		for j < len(docs) && docs[j]>>16 == docs[i]>>16 {
			j++
		}
		dst = binary.LittleEndian.AppendUint32(dst, docs[i]>>16|uint32(j-i-1)<<16)
		i = j
	}
	return dst
}

// end ends a field: its automaton, then its record.
func (w *zapWriter) end(ctx context.Context) (err error) {
	w.terms <- w.begun
	if err := w.abandon(); err != nil {
		return err
	}
	f, err := os.Open(w.spool)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(w.spool)) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	dictionary := w.here()
	w.uvarints(uint64(info.Size()))
	if err := w.flush(0); err != nil {
		return err
	}
	for err == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err = io.CopyN(w, f, 1<<20)
	}
	if err != io.EOF {
		return err
	}
	w.records = append(w.records, w.here())
	w.uvarints(math.MaxUint64, math.MaxUint64, dictionary) // no values by document
	return nil
}

// abandon waits for the goroutine of the field.
func (w *zapWriter) abandon() error {
	if w.terms == nil {
		return nil
	}
	close(w.terms)
	w.terms, w.begun = nil, nil
	return <-w.built
}

// finish writes the fields' names and the footer.
func (w *zapWriter) finish() error {
	var fields []uint64
	for i, name := range w.names {
		fields = append(fields, w.here())
		w.uvarints(uint64(len(name)))
		w.buf = append(w.buf, name...)
		w.uvarints(uint64(w.options[i]), 1)
		w.buf = binary.BigEndian.AppendUint16(w.buf, zap.SectionInvertedTextIndex)
		w.buf = binary.BigEndian.AppendUint64(w.buf, w.records[i])
	}
	sections := w.here()
	w.uvarints(uint64(len(fields)))
	for _, r := range fields {
		w.buf = binary.BigEndian.AppendUint64(w.buf, r)
	}
	w.buf = binary.BigEndian.AppendUint32(w.buf, 0) // of the name of an encryption
	w.buf = binary.BigEndian.AppendUint64(w.buf, w.docs)
	w.buf = binary.BigEndian.AppendUint64(w.buf, w.stored)
	w.buf = binary.BigEndian.AppendUint64(w.buf, sections)
	w.buf = binary.BigEndian.AppendUint32(w.buf, zap.DefaultChunkMode)
	w.buf = binary.BigEndian.AppendUint32(w.buf, zap.Version)
	if err := w.flush(0); err != nil {
		return err
	}
	w.buf = binary.BigEndian.AppendUint32(w.buf, w.crc)
	if err := w.flush(0); err != nil {
		return err
	}
	return w.Finish()
}
