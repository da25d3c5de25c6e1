package segment

import (
	"context"
	"encoding/binary"
	"math/bits"
)

// A Source has the terms of documents in sequence, sorted: a [Run], or a [Sorted].
type Source interface {
	// Span is the documents, to exclusive.
	Span() (from, to uint32)
	open(fields int) (reader, error)
}

// A reader gives the terms of a source, field by field.
type reader interface {
	cursor() *cursor
	// end, after the last field, tells whether all was as it had been written.
	end() error
	close() error
}

// A cursor stands at a term. It is moved by advance, which returns false at the end of
// a field.
type cursor struct {
	from    uint32 // the source's first document
	term    []byte
	head    uint64 // the term's first bytes, which compare as it does
	docs    []uint32
	advance func() (bool, error)
}

// Span is the documents of the run.
func (r Run) Span() (from, to uint32) { return r.From, r.To }

func (r Run) open(fields int) (reader, error) {
	in, err := openRun(r.Path)
	if err != nil {
		return nil, &DamagedRun{r.Path, err}
	}
	if in.From != r.From || in.To != r.To || in.left != fields {
		return in, &DamagedRun{r.Path, errFormat}
	}
	return in, nil
}

// A Sorted is what an accumulator had, for a segment that is made at once.
type Sorted struct {
	from, to uint32
	fields   []sortedField
}

// Sort gives all that the accumulator has, which must not be used again.
func (a *Accumulator) Sort(ctx context.Context) (*Sorted, error) {
	s := &Sorted{from: a.from, to: a.doc}
	for i := range a.fields {
		f, err := a.fields[i].sort(ctx, a.from)
		if err != nil {
			return nil, err
		}
		f.table, f.posted, f.ends, f.fresh = nil, nil, nil, nil
		s.fields = append(s.fields, f)
	}
	return s, nil
}

// Span is the documents of the accumulator.
func (s *Sorted) Span() (from, to uint32) { return s.from, s.to }

func (s *Sorted) open(fields int) (reader, error) {
	if len(s.fields) != fields {
		return nil, errFormat
	}
	r := &sortedReader{left: s.fields}
	r.at = cursor{from: s.from, advance: r.next}
	return r, nil
}

type sortedReader struct {
	left []sortedField
	n    int // terms of the first of them that were read
	at   cursor
	text [KeyLen]byte
}

func (r *sortedReader) next() (bool, error) {
	f := &r.left[0]
	if r.n == len(f.order) {
		r.left, r.n = r.left[1:], 0
		return false, nil
	}
	n := f.order[r.n]
	r.n++
	r.at.term, r.at.docs = f.bytes(n, &r.text), f.documents(n)
	if k := f.terms[n].key; byte(k.Lo) != 0 {
		r.at.head = bits.ReverseBytes64(k.Lo)
	} else {
		r.at.head = f.head(n)[0]
	}
	return true, nil
}

func (r *sortedReader) cursor() *cursor { return &r.at }
func (r *sortedReader) end() error      { return nil }
func (r *sortedReader) close() error    { return nil }

// headOf is the first eight bytes of a term, with 0 behind.
func headOf(term []byte) uint64 {
	if len(term) >= 8 {
		return binary.BigEndian.Uint64(term)
	}
	var head [8]byte
	copy(head[:], term)
	return binary.BigEndian.Uint64(head[:])
}
