package segment

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// An Accumulator inverts documents: it is told which terms each of them has, in
// each field, and sorts them into a [Run]. It is for one goroutine.
type Accumulator struct {
	fields []inverted
	seed   maphash.Seed // at random, so that no text can be made to collide
	from   uint32
	doc    uint32 // the number of the current document
}

// An inverted is one field. Terms are found by open addressing; their bytes stand one
// after the other in arena.
type inverted struct {
	table []slot
	terms []term
	arena []byte

	posted []uint32 // numbers of terms, document by document
	ends   []uint32 // where each document ends in posted
}

type slot struct{ hash, term uint32 } // term counts from 1

type term struct {
	at, n uint32
	last  uint32 // the latest document that has it, counted from 1
	count uint32 // of documents
}

// NewAccumulator begins with document from; a run has this many fields.
func NewAccumulator(fields int, from uint32) *Accumulator {
	a := &Accumulator{fields: make([]inverted, fields), seed: maphash.MakeSeed()}
	for i := range a.fields {
		a.fields[i].table = make([]slot, 1<<12)
	}
	a.Reset(from)
	return a
}

// Reset forgets all documents and begins again with number from.
func (a *Accumulator) Reset(from uint32) {
	a.from, a.doc = from, from
	for i := range a.fields {
		f := &a.fields[i]
		clear(f.table)
		f.terms, f.arena, f.posted, f.ends = f.terms[:0], f.arena[:0], f.posted[:0], f.ends[:0]
	}
}

// Add says that the current document has a term, of which the bytes are copied. A
// term that it is known to have already costs nothing.
func (a *Accumulator) Add(field int, b []byte) {
	f := &a.fields[field]
	hash := uint32(maphash.Bytes(a.seed, b))
	mask := uint32(len(f.table) - 1)
	i := hash & mask
	for ; ; i = (i + 1) & mask {
		s := f.table[i]
		if s.term == 0 {
			break
		}
		if s.hash != hash {
			continue
		}
		t := &f.terms[s.term-1]
		if !bytes.Equal(f.arena[t.at:t.at+t.n], b) {
			continue
		}
		if t.last != a.doc+1 {
			t.last = a.doc + 1
			t.count++
			f.posted = append(f.posted, s.term-1)
		}
		return
	}
	n := uint32(len(f.terms))
	f.table[i] = slot{hash, n + 1}
	f.terms = append(f.terms, term{at: uint32(len(f.arena)), n: uint32(len(b)), last: a.doc + 1, count: 1})
	f.arena = append(f.arena, b...)
	f.posted = append(f.posted, n)
	if len(f.terms)*2 > len(f.table) {
		f.grow()
	}
}

func (f *inverted) grow() {
	old := f.table
	f.table = make([]slot, 4*len(old))
	mask := uint32(len(f.table) - 1)
	for _, s := range old {
		if s.term == 0 {
			continue
		}
		i := s.hash & mask
		for f.table[i].term != 0 {
			i = (i + 1) & mask
		}
		f.table[i] = s
	}
}

// begun is where the current document begins in posted.
func (f *inverted) begun() uint32 {
	if len(f.ends) == 0 {
		return 0
	}
	return f.ends[len(f.ends)-1]
}

// Terms is the number of distinct terms of the current document in a field.
func (a *Accumulator) Terms(field int) int {
	f := &a.fields[field]
	return len(f.posted) - int(f.begun())
}

// Drop forgets the terms of the current document, in all fields.
func (a *Accumulator) Drop() {
	for i := range a.fields {
		f := &a.fields[i]
		for _, n := range f.posted[f.begun():] {
			f.terms[n].last = 0
			f.terms[n].count--
		}
		f.posted = f.posted[:f.begun()]
	}
}

// End ends the current document.
func (a *Accumulator) End() {
	for i := range a.fields {
		f := &a.fields[i]
		f.ends = append(f.ends, uint32(len(f.posted)))
	}
	a.doc++
}

// Next is the number of the current document.
func (a *Accumulator) Next() uint32 { return a.doc }

// Size is about the memory that is in use, in bytes.
func (a *Accumulator) Size() int {
	n := 0
	for i := range a.fields {
		f := &a.fields[i]
		n += len(f.table)*8 + len(f.terms)*16 + len(f.arena) + 4*len(f.posted) + 4*len(f.ends)
	}
	return n
}

// postings returns the documents of all terms, term by term, and where each term's
// begin: a counting sort of posted.
func (f *inverted) postings(from uint32) (docs, starts []uint32) {
	starts = make([]uint32, len(f.terms)+1)
	for i, t := range f.terms {
		starts[i+1] = starts[i] + t.count
	}
	docs = make([]uint32, len(f.posted))
	next := slices.Clone(starts)
	at := 0
	for d, end := range f.ends {
		for ; at < int(end); at++ {
			n := f.posted[at]
			docs[next[n]] = from + uint32(d)
			next[n]++
		}
	}
	return docs, starts
}

// sorted lists the numbers of the terms that some document has, in byte order.
func (f *inverted) sorted(ctx context.Context) ([]uint32, error) {
	type key struct {
		head uint64 // the first eight bytes, by which nearly all comparisons end
		term uint32
	}
	var sizes [257]int
	bucket := func(t term) int { return int(f.arena[t.at]) }
	for _, t := range f.terms {
		if t.count > 0 {
			sizes[bucket(t)+1]++
		}
	}
	for i := range 256 {
		sizes[i+1] += sizes[i]
	}
	keys := make([]key, sizes[256])
	next := sizes
	for i, t := range f.terms {
		if t.count == 0 {
			continue
		}
		var head [8]byte
		copy(head[:], f.arena[t.at:t.at+t.n])
		b := bucket(t)
		keys[next[b]] = key{binary.BigEndian.Uint64(head[:]), uint32(i)}
		next[b]++
	}
	for b := range 256 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		slices.SortFunc(keys[sizes[b]:sizes[b+1]], func(x, y key) int {
			if x.head != y.head {
				return cmp.Compare(x.head, y.head)
			}
			s, t := f.terms[x.term], f.terms[y.term]
			return bytes.Compare(f.arena[s.at:s.at+s.n], f.arena[t.at:t.at+t.n])
		})
	}
	out := make([]uint32, len(keys))
	for i, k := range keys {
		out[i] = k.term
	}
	return out, nil
}
