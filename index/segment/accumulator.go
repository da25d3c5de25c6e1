package segment

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"math/rand/v2"
	"slices"
)

// An Accumulator inverts documents: it is told which terms each of them has, in
// each field, and sorts them into a [Run]. It is for one goroutine.
type Accumulator struct {
	fields []inverted
	seed   maphash.Seed // at random, as is factor, so that no text can be made to collide
	factor uint64       // odd
	from   uint32
	doc    uint32 // the number of the current document
	stamp  uint32 // another one for each document
}

// An inverted is one field. Terms are found by open addressing; their bytes stand one
// after the other in arena.
type inverted struct {
	table []slot
	shift int // 32 less the table's size in bits
	terms []term
	arena []byte

	posted []uint32 // numbers of terms, document by document
	ends   []uint32 // where each document ends in posted
}

// A slot has what nearly every Add needs, in a part of one line of the cache.
type slot struct {
	head  uint64 // see head
	hash  uint32
	n     uint32 // length; 0 is a free slot
	term  uint32
	stamp uint32 // of the latest document that has it
}

type term struct{ at, n, count uint32 } // count of documents

const firstTable = 12 // bits

// NewAccumulator begins with document from; a run has this many fields.
func NewAccumulator(fields int, from uint32) *Accumulator {
	a := &Accumulator{fields: make([]inverted, fields), seed: maphash.MakeSeed(), factor: rand.Uint64() | 1}
	for i := range a.fields {
		a.fields[i].table, a.fields[i].shift = make([]slot, 1<<firstTable), 32-firstTable
	}
	a.Reset(from)
	return a
}

// Reset forgets all documents and begins again with number from.
func (a *Accumulator) Reset(from uint32) {
	a.from, a.doc, a.stamp = from, from, 1
	for i := range a.fields {
		f := &a.fields[i]
		clear(f.table)
		f.terms, f.arena, f.posted, f.ends = f.terms[:0], f.arena[:0], f.posted[:0], f.ends[:0]
	}
}

// head is all of a term up to eight bytes, given its length, and the first eight of a
// longer one.
func head(b []byte) uint64 {
	switch n := len(b); {
	case n >= 8:
		return binary.LittleEndian.Uint64(b)
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<32
	default:
		return uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16
	}
}

// Add says that the current document has a term, of 1 to MaxTerm bytes, which are
// copied. Saying it again costs next to nothing.
func (a *Accumulator) Add(field int, b []byte) {
	f := &a.fields[field]
	head, n := head(b), uint32(len(b))
	var hash uint32
	if n <= 8 {
		hash = uint32((head ^ uint64(n)<<56) * a.factor >> 32) // multiply-shift, which is universal
	} else {
		hash = uint32(maphash.Bytes(a.seed, b))
	}
	mask := len(f.table) - 1
	for i := int(hash >> f.shift); ; i = (i + 1) & mask {
		s := &f.table[i]
		if s.n == 0 {
			f.insert(s, b, slot{head, hash, n, uint32(len(f.terms)), a.stamp})
			return
		}
		if s.head != head || s.n != n || s.hash != hash {
			continue
		}
		if s.stamp == a.stamp && n <= 8 {
			return
		}
		t := &f.terms[s.term]
		if n > 8 && string(f.arena[t.at:t.at+n]) != string(b) {
			continue
		}
		if s.stamp != a.stamp {
			s.stamp = a.stamp
			t.count++
			f.posted = append(f.posted, s.term)
		}
		return
	}
}

func (f *inverted) insert(at *slot, b []byte, s slot) {
	*at = s
	f.terms = append(f.terms, term{at: uint32(len(f.arena)), n: s.n, count: 1})
	f.arena = append(f.arena, b...)
	f.posted = append(f.posted, s.term)
	if len(f.terms)*2 <= len(f.table) {
		return
	}
	old := f.table
	f.table = make([]slot, 4*len(old))
	f.shift -= 2
	mask := len(f.table) - 1
	for _, s := range old {
		if s.n == 0 {
			continue
		}
		i := int(s.hash >> f.shift)
		for f.table[i].n != 0 {
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
			f.terms[n].count--
		}
		f.posted = f.posted[:f.begun()]
	}
	a.stamp++
}

// End ends the current document.
func (a *Accumulator) End() {
	for i := range a.fields {
		f := &a.fields[i]
		f.ends = append(f.ends, uint32(len(f.posted)))
	}
	a.doc++
	a.stamp++
}

// Next is the number of the current document.
func (a *Accumulator) Next() uint32 { return a.doc }

// Size is about the memory that is in use, in bytes.
func (a *Accumulator) Size() int {
	n := 0
	for i := range a.fields {
		f := &a.fields[i]
		n += len(f.table)*24 + len(f.terms)*12 + len(f.arena) + 4*len(f.posted) + 4*len(f.ends)
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

// sorted lists the numbers of the terms that some document has, in byte order. Terms
// are put apart by their first two bytes before, so that no part takes long.
func (f *inverted) sorted(ctx context.Context) ([]uint32, error) {
	type key struct {
		head uint64 // the first eight bytes, by which nearly all comparisons end
		term uint32
	}
	const parts = 1 << 16
	starts := make([]uint32, parts+1)
	part := func(t term) int {
		if t.n == 1 {
			return int(f.arena[t.at]) << 8
		}
		return int(f.arena[t.at])<<8 | int(f.arena[t.at+1])
	}
	for _, t := range f.terms {
		if t.count > 0 {
			starts[part(t)+1]++
		}
	}
	for i := range parts {
		starts[i+1] += starts[i]
	}
	keys := make([]key, starts[parts])
	next := slices.Clone(starts)
	for i, t := range f.terms {
		if t.count == 0 {
			continue
		}
		var head [8]byte
		copy(head[:], f.arena[t.at:t.at+t.n])
		p := part(t)
		keys[next[p]] = key{binary.BigEndian.Uint64(head[:]), uint32(i)}
		next[p]++
	}
	for p := range parts {
		if p%64 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(keys[starts[p]:starts[p+1]], func(x, y key) int {
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
