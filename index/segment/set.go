package segment

import (
	"encoding/binary"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// A Set is a set of documents of several segments, numbered through.
type Set struct {
	bits []uint64
	docs int
}

// NewSet is the empty set of documents below n.
func NewSet(n int) *Set { return &Set{make([]uint64, (n+63)/64), n} }

// Bitmap is the set in another form; the set must not be used after.
func (s *Set) Bitmap() *roaring.Bitmap { return roaring.FromDense(s.bits, false) }

// Count is how many documents are in the set.
func (s *Set) Count() (n int) {
	for _, x := range s.bits {
		n += bits.OnesCount64(x)
	}
	return n
}

// Or adds the documents of another set of as many.
func (s *Set) Or(other *Set) {
	for i, x := range other.bits {
		s.bits[i] |= x
	}
}

// addRange adds the documents [from, to); false when there are no such.
func (s *Set) addRange(from, to int) bool {
	if from < 0 || from >= to || to > s.docs {
		return false
	}
	first, last := from/64, (to-1)/64
	head, tail := ^uint64(0)<<(from%64), ^uint64(0)>>(63-(to-1)%64)
	if first == last {
		s.bits[first] |= head & tail
		return true
	}
	s.bits[first] |= head
	for i := first + 1; i < last; i++ {
		s.bits[i] = ^uint64(0)
	}
	s.bits[last] |= tail
	return true
}

// The forms of a serialised bitmap (https://github.com/RoaringBitmap/RoaringFormatSpec):
// the low 16 bits of the first four bytes, which are for one that can have runs, and for
// one that has none.
const (
	roaringCookie = 12347
	plainCookie   = 12346

	offsetKeys    = 4    // from so many containers on, one with runs has a table of offsets
	maxArrayCount = 4096 // a container with more is a set of bits
	bitsetBytes   = 1 << 16 / 8
)

// orList adds a serialised bitmap of numbers below docs, which begin with base in the
// set; false when it is none. Package roaring can read it too, but checks runs in a time
// that grows with the square of their number.
func (s *Set) orList(b []byte, base, docs int) bool {
	if len(b) < 8 {
		return false
	}
	cookie := binary.LittleEndian.Uint32(b)
	var keys int
	var runs []byte // a bit for each container
	switch {
	case cookie&0xffff == roaringCookie:
		keys = int(cookie>>16) + 1
		n := (keys + 7) / 8
		if len(b) < 4+n {
			return false
		}
		runs, b = b[4:4+n], b[4+n:]
	case cookie == plainCookie:
		keys, b = int(binary.LittleEndian.Uint32(b[4:])), b[8:]
	default:
		return false
	}
	if keys > 1<<16 || len(b) < 4*keys {
		return false
	}
	heads := b[:4*keys]
	b = b[4*keys:]
	if runs == nil || keys >= offsetKeys {
		if len(b) < 4*keys {
			return false
		}
		b = b[4*keys:] // the containers stand one behind the other
	}
	for k := range keys {
		low := int(binary.LittleEndian.Uint16(heads[4*k:])) << 16
		count := int(binary.LittleEndian.Uint16(heads[4*k+2:])) + 1
		c := container{set: s, base: base + low, docs: docs - low, rest: b}
		ok := false
		switch {
		case runs != nil && runs[k/8]>>(k%8)&1 != 0:
			ok = c.runs()
		case count > maxArrayCount:
			ok = c.bitset()
		default:
			ok = c.array(count)
		}
		if !ok {
			return false
		}
		b = c.rest
	}
	return true
}

// A container is a part of a serialised bitmap on its way into a set, in which its
// numbers begin with base; they are below docs.
type container struct {
	set        *Set
	base, docs int
	rest       []byte
}

func (c *container) array(count int) bool {
	if len(c.rest) < 2*count {
		return false
	}
	list := c.rest[:2*count]
	c.rest = c.rest[2*count:]
	for ; len(list) > 0; list = list[2:] {
		n := int(binary.LittleEndian.Uint16(list))
		if d := c.base + n; n < c.docs && d < c.set.docs {
			c.set.bits[d/64] |= 1 << (d % 64)
		} else {
			return false
		}
	}
	return true
}

func (c *container) runs() bool {
	if len(c.rest) < 2 {
		return false
	}
	n := int(binary.LittleEndian.Uint16(c.rest))
	list := c.rest[2:]
	if len(list) < 4*n {
		return false
	}
	c.rest = list[4*n:]
	for list = list[:4*n]; len(list) > 0; list = list[4:] {
		from := int(binary.LittleEndian.Uint16(list))
		to := from + int(binary.LittleEndian.Uint16(list[2:])) + 1
		if to > min(c.docs, 1<<16) || !c.set.addRange(c.base+from, c.base+to) {
			return false
		}
	}
	return true
}

func (c *container) bitset() bool {
	if len(c.rest) < bitsetBytes {
		return false
	}
	list := c.rest[:bitsetBytes]
	c.rest = c.rest[bitsetBytes:]
	word, shift := c.base/64, c.base%64
	for i := 0; i < bitsetBytes; i += 8 {
		x := binary.LittleEndian.Uint64(list[i:])
		if x == 0 {
			continue
		}
		last := i*8 + 63 - bits.LeadingZeros64(x)
		if last >= c.docs || c.base+last >= c.set.docs {
			return false
		}
		c.set.bits[word+i/8] |= x << shift
		if over := x >> (64 - shift); over != 0 { // of which none is beyond last
			c.set.bits[word+i/8+1] |= over
		}
	}
	return true
}
