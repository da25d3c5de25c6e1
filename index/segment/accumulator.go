package segment

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"
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

// An inverted is one field. Terms are found by open addressing, in a table that is
// small enough to stay near; those that come often are the first ones, near each other.
type inverted struct {
	recent [1 << recentBits]Key // of the current document, those that were added last
	fresh  []Key
	near   [1 << nearBits]uint32 // terms that are no keys and were added last, by their hash

	table []slot
	shift int // 32 less the table's size in bits
	terms []term
	arena []byte // the terms that are no keys, one after the other

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

// A slot is the upper half of a term's hash and, below, its number and 1; 0 is free.
type slot uint64

type term struct {
	// key, or what cannot be one: the hash with 0 as its first byte, and where in the
	// arena it is and, in the lower half, its length.
	key   Key
	stamp uint32 // of the latest document that has it
}

const (
	firstTable = 12 // bits

	// recentBits makes what most of a document's words are held against fit the
	// quickest cache, with the text.
	recentBits = 10
	nearBits   = 8
)

// NewAccumulator begins with document from; a run has this many fields.
func NewAccumulator(fields int, from uint32) *Accumulator {
	a := &Accumulator{fields: make([]inverted, fields), seed: maphash.MakeSeed(), factors: [2]uint64{rand.Uint64() | 1, rand.Uint64() | 1}}
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
		clear(f.recent[:])
		f.terms, f.arena, f.posted, f.ends = f.terms[:0], f.arena[:0], f.posted[:0], f.ends[:0]
	}
}

// hash is universal in its upper bits: multiply-shift.
func (a *Accumulator) hash(k Key) uint64 { return k.Lo*a.factors[0] + k.Hi*a.factors[1] }

// AddKeys is Add for several terms, many times quicker.
func (a *Accumulator) AddKeys(field int, keys []Key) {
	f := &a.fields[field]
	// First without a branch: which words come again cannot be foretold.
	f.fresh = slices.Grow(f.fresh[:0], len(keys))[:len(keys)]
	fresh, n := f.fresh, 0
	for _, k := range keys {
		r := &f.recent[a.hash(k)>>(64-recentBits)]
		other := (r.Lo ^ k.Lo) | (r.Hi ^ k.Hi)
		*r, fresh[n] = k, k
		n += int((other | -other) >> 63)
	}
	// Then one look after the other at the table, which can be under way together.
	f.posted = room(f.posted, n)
	for _, k := range fresh[:n] {
		hash := uint32(a.hash(k) >> 32)
		mask := uint32(len(f.table) - 1)
		for i := hash >> f.shift; ; i++ {
			s := f.table[i&mask]
			if s == 0 {
				f.insert(i&mask, hash, term{k, a.stamp})
				break
			}
			if n := uint32(s) - 1; uint32(s>>32) == hash && f.terms[n].key == k {
				f.post(n, a.stamp)
				break
			}
		}
	}
}

// room is like slices.Grow, and doubles what it must move: these slices become large.
func room[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	return append(make([]T, 0, max(2*cap(s), len(s)+n)), s...)
}

// post says that the current document has a term.
func (f *inverted) post(n, stamp uint32) {
	if t := &f.terms[n]; t.stamp != stamp {
		t.stamp = stamp
		f.posted = append(f.posted, n)
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
	k := Key{maphash.Bytes(a.seed, b) << 8, uint64(len(f.arena))<<32 | uint64(len(b))}
	near := &f.near[k.Lo>>(64-nearBits)]
	if n := *near; int(n) < len(f.terms) && f.terms[n].stamp == a.stamp && f.has(n, k, b) {
		return
	}
	hash := uint32(k.Lo >> 32)
	mask := uint32(len(f.table) - 1)
	for i := hash >> f.shift; ; i++ {
		s := f.table[i&mask]
		if s == 0 {
			*near = uint32(len(f.terms))
			f.arena = append(room(f.arena, len(b)), b...)
			f.insert(i&mask, hash, term{k, a.stamp})
			return
		}
		if n := uint32(s) - 1; uint32(s>>32) == hash && f.has(n, k, b) {
			*near = n
			f.post(n, a.stamp)
			return
		}
	}
}

// has tells whether b, which is no key and of which k would be kept, is term n.
func (f *inverted) has(n uint32, k Key, b []byte) bool {
	return f.terms[n].key.Lo == k.Lo && bytes.Equal(f.bytes(n, nil), b)
}

// bytes are those of a term, in p if it is a key.
func (f *inverted) bytes(n uint32, p *[KeyLen]byte) []byte {
	k := f.terms[n].key
	if byte(k.Lo) == 0 {
		at := k.Hi >> 32
		return f.arena[at : at+k.Hi&math.MaxUint32]
	}
	binary.LittleEndian.PutUint64(p[:], k.Lo)
	binary.LittleEndian.PutUint64(p[8:], k.Hi)
	if k.Hi == 0 {
		return p[:8-bits.LeadingZeros64(k.Lo)/8]
	}
	return p[:KeyLen-bits.LeadingZeros64(k.Hi)/8]
}

// head is a term's first 16 bytes as numbers that compare as they do, with 0 behind.
func (f *inverted) head(n uint32) [2]uint64 {
	k := f.terms[n].key
	if byte(k.Lo) == 0 {
		return f.headAt(n, 0)
	}
	return [2]uint64{bits.ReverseBytes64(k.Lo), bits.ReverseBytes64(k.Hi)}
}

// headAt is head from a byte of the term on.
func (f *inverted) headAt(n uint32, at int) [2]uint64 {
	var p [KeyLen]byte
	if b := f.bytes(n, new([KeyLen]byte)); at < len(b) {
		copy(p[:], b[at:])
	}
	return [2]uint64{binary.BigEndian.Uint64(p[:]), binary.BigEndian.Uint64(p[8:])}
}

func (f *inverted) insert(i, hash uint32, t term) {
	f.posted = append(f.posted, uint32(len(f.terms)))
	f.terms = append(room(f.terms, 1), t)
	f.table[i] = slot(hash)<<32 | slot(len(f.terms))
	if len(f.terms)*2 <= len(f.table) {
		return
	}
	old := f.table
	f.table = make([]slot, 2*len(old))
	f.shift--
	mask := uint32(len(f.table) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := uint32(s>>32) >> f.shift
		for f.table[i&mask] != 0 {
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

// Size is about the memory that is in use, in bytes.
func (a *Accumulator) Size() int {
	n := 0
	for i := range a.fields {
		f := &a.fields[i]
		n += 8*len(f.table) + 24*len(f.terms) + len(f.arena) + 4*len(f.posted) + 4*len(f.ends)
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
