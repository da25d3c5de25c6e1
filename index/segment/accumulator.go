package segment

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// An Accumulator inverts documents: it is told which terms each of them has, in
// each field, and sorts them into a [Run]. It is for one goroutine.
type Accumulator struct {
	fields  []inverted
	seed    maphash.Seed // at random, as are factors, so that no text can be made to collide
	factors [2]uint64    // odd
	from    uint32
	doc     uint32 // the number of the current document
	stamp   uint32 // another one for each document
}

// An inverted is one field. Terms are found by open addressing.
type inverted struct {
	recent [1 << recentBits]Key // of the current document, those that were added last
	fresh  []Key

	table []slot
	shift int // 64 less the table's size in bits
	terms []term
	arena []byte // the terms that are longer than a key, one after the other

	posted []uint32 // numbers of terms, document by document
	ends   []uint32 // where each document ends in posted
}

// A Key is a term of up to 16 bytes of which neither the first nor the last is 0: its
// bytes, little-endian, and 0 behind.
type Key struct{ Lo, Hi uint64 }

// KeyLen is the longest term that can be a [Key].
const KeyLen = 16

// KeyOf is the key of a term, if it can be one.
func KeyOf(b []byte) (Key, bool) {
	if len(b) == 0 || len(b) > KeyLen || b[0] == 0 || b[len(b)-1] == 0 {
		return Key{}, false
	}
	var p [KeyLen]byte
	copy(p[:], b)
	return Key{binary.LittleEndian.Uint64(p[:]), binary.LittleEndian.Uint64(p[8:])}, true
}

// A slot has all that is asked for when a document has a term, in a part of one line of
// the cache.
type slot struct {
	key   Key // that of no term is 0: the slot is free
	term  uint32
	stamp uint32 // of the latest document that has it
}

// A term is its first 16 bytes as two numbers that compare as they do, its length and,
// if that is more, where it is in the arena.
type term struct {
	head  [2]uint64
	n, at uint32
}

const (
	firstTable = 12 // bits

	// recentBits makes what most of a document's words are held against fit the
	// quickest cache, with the text.
	recentBits = 10
)

// NewAccumulator begins with document from; a run has this many fields.
func NewAccumulator(fields int, from uint32) *Accumulator {
	a := &Accumulator{fields: make([]inverted, fields), seed: maphash.MakeSeed(), factors: [2]uint64{rand.Uint64() | 1, rand.Uint64() | 1}}
	for i := range a.fields {
		a.fields[i].table, a.fields[i].shift = make([]slot, 1<<firstTable), 64-firstTable
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
		clear(f.recent[:])
		f.terms, f.arena, f.posted, f.ends = f.terms[:0], f.arena[:0], f.posted[:0], f.ends[:0]
	}
}

// hash is universal in its upper bits: multiply-shift.
func (a *Accumulator) hash(k Key) uint64 { return k.Lo*a.factors[0] + k.Hi*a.factors[1] }

// AddKeys is Add for several terms, many times quicker.
func (a *Accumulator) AddKeys(field int, keys []Key) {
	f := &a.fields[field]
	f.fresh = slices.Grow(f.fresh[:0], len(keys))[:len(keys)]
	// First without a branch: which words come again cannot be foretold.
	fresh, n := f.fresh, 0
	for _, k := range keys {
		r := &f.recent[a.hash(k)>>(64-recentBits)]
		other := (r.Lo ^ k.Lo) | (r.Hi ^ k.Hi)
		*r, fresh[n] = k, k
		n += int((other | -other) >> 63)
	}
	// Then one look after the other at the table, which can be under way together.
	f.posted = slices.Grow(f.posted, n)
	for _, k := range fresh[:n] {
		h := a.hash(k)
		mask := uint64(len(f.table) - 1)
		for i := h >> f.shift; ; i++ {
			s := &f.table[i&mask]
			if s.key == k {
				f.post(s, a.stamp)
				break
			}
			if s.key == (Key{}) {
				f.insert(a, s, k, shortTerm(k))
				break
			}
		}
	}
}

// post says that the current document has the term of a slot.
func (f *inverted) post(s *slot, stamp uint32) {
	if s.stamp != stamp {
		s.stamp = stamp
		f.posted = append(f.posted, s.term)
	}
}

// Add says that the current document has a term, of 1 to MaxTerm bytes, which are
// copied. Saying it again costs next to nothing.
func (a *Accumulator) Add(field int, b []byte) {
	if k, ok := KeyOf(b); ok {
		a.AddKeys(field, []Key{k})
		return
	}
	f := &a.fields[field]
	// No key begins with 0.
	k := Key{maphash.Bytes(a.seed, b) << 8, uint64(len(b))}
	mask := uint64(len(f.table) - 1)
	for i := a.hash(k) >> f.shift; ; i++ {
		s := &f.table[i&mask]
		if s.key == k && bytes.Equal(f.bytes(s.term, new([KeyLen]byte)), b) {
			f.post(s, a.stamp)
			return
		}
		if s.key == (Key{}) {
			f.insert(a, s, k, f.longTerm(b))
			return
		}
	}
}

func shortTerm(k Key) term {
	n := KeyLen - bits.LeadingZeros64(k.Hi)/8
	if k.Hi == 0 {
		n = 8 - bits.LeadingZeros64(k.Lo)/8
	}
	return term{head: [2]uint64{bits.ReverseBytes64(k.Lo), bits.ReverseBytes64(k.Hi)}, n: uint32(n)}
}

func (f *inverted) longTerm(b []byte) term {
	var p [KeyLen]byte
	copy(p[:], b)
	t := term{head: [2]uint64{binary.BigEndian.Uint64(p[:]), binary.BigEndian.Uint64(p[8:])}, n: uint32(len(b))}
	if len(b) > KeyLen {
		t.at = uint32(len(f.arena))
		f.arena = append(f.arena, b...)
	}
	return t
}

// bytes are those of a term, in p if they fit.
func (f *inverted) bytes(n uint32, p *[KeyLen]byte) []byte {
	t := &f.terms[n]
	if t.n > KeyLen {
		return f.arena[t.at : t.at+t.n]
	}
	binary.BigEndian.PutUint64(p[:], t.head[0])
	binary.BigEndian.PutUint64(p[8:], t.head[1])
	return p[:t.n]
}

func (f *inverted) insert(a *Accumulator, at *slot, k Key, t term) {
	*at = slot{k, uint32(len(f.terms)), a.stamp}
	f.posted = append(f.posted, at.term)
	f.terms = append(f.terms, t)
	if len(f.terms)*2 <= len(f.table) {
		return
	}
	old := f.table
	f.table = make([]slot, 2*len(old))
	f.shift--
	mask := uint64(len(f.table) - 1)
	for _, s := range old {
		if s.key == (Key{}) {
			continue
		}
		i := a.hash(s.key) >> f.shift
		for f.table[i&mask].key != (Key{}) {
			i++
		}
		f.table[i&mask] = s
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
		f.posted = f.posted[:f.begun()]
		clear(f.recent[:])
	}
	a.stamp++
}

// End ends the current document.
func (a *Accumulator) End() {
	for i := range a.fields {
		f := &a.fields[i]
		f.ends = append(f.ends, uint32(len(f.posted)))
		clear(f.recent[:])
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
		n += (len(f.table)+len(f.terms))*24 + len(f.arena) + 4*len(f.posted) + 4*len(f.ends)
	}
	return n
}

// postings returns the documents of all terms, term by term, and where each term's
// begin: a counting sort of posted.
func (f *inverted) postings(from uint32) (docs, starts []uint32) {
	starts = make([]uint32, len(f.terms)+1)
	for _, n := range f.posted {
		starts[n+1]++
	}
	for i := range f.terms {
		starts[i+1] += starts[i]
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
func (f *inverted) sorted(ctx context.Context, starts []uint32) ([]uint32, error) {
	type key struct {
		head [2]uint64 // by which nearly all comparisons end
		term uint32
	}
	const parts = 1 << 16
	begin := make([]uint32, parts+1)
	for i, t := range f.terms {
		if starts[i+1] > starts[i] {
			begin[t.head[0]>>48+1]++
		}
	}
	for i := range parts {
		begin[i+1] += begin[i]
	}
	keys := make([]key, begin[parts])
	next := slices.Clone(begin)
	for i, t := range f.terms {
		if starts[i+1] > starts[i] {
			p := t.head[0] >> 48
			keys[next[p]] = key{t.head, uint32(i)}
			next[p]++
		}
	}
	var p, q [KeyLen]byte
	for i := range parts {
		if i%64 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(keys[begin[i]:begin[i+1]], func(x, y key) int {
			switch {
			case x.head[0] != y.head[0]:
				return cmp.Compare(x.head[0], y.head[0])
			case x.head[1] != y.head[1]:
				return cmp.Compare(x.head[1], y.head[1])
			}
			return bytes.Compare(f.bytes(x.term, &p), f.bytes(y.term, &q))
		})
	}
	out := make([]uint32, len(keys))
	for i, k := range keys {
		out[i] = k.term
	}
	return out, nil
}
