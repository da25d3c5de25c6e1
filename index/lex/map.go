package lex

import (
	"encoding/binary"
	"iter"
	"sort"
)

// A RegionKind says what a byte of a text is part of.
type RegionKind uint8

const (
	Code        RegionKind = iota // everything else: white space too, and the page around PHP
	InComment                     // a comment
	InString                      // a string, character or regexp literal; of an interpolated one what is not code
	InDirective                   // preprocessor lines but for their comments and strings
)

// Kinds is a set of region kinds.
type Kinds uint8

// The sets that "code:", "comment:" and "string:" mean.
const (
	AllCode  Kinds = 1<<Code | 1<<InDirective
	Comments Kinds = 1 << InComment
	Strings  Kinds = 1 << InString
)

// Has reports whether the set has the kind.
func (ks Kinds) Has(k RegionKind) bool { return ks>>k&1 != 0 }

// A Region is a range of bytes of one kind.
type Region struct {
	Start, End int
	Kind       RegionKind
}

const (
	// blockBytes is how many bytes of a map are read at most to look up an offset.
	blockBytes = 256
	// restartSpacing is the least distance of two restart points in a map,
	// bytes: a screenful of lines is not worth more.
	restartSpacing = 256
	// slabBytes is the size of the pieces in which a map grows without being copied.
	slabBytes = 64 << 10
	// maxMapBytes bounds a map. Only a text that changes between code and string
	// with every byte can need more; its map ends early (Truncated).
	maxMapBytes = 40 << 20
	// maxRegionBytes is the longest a region gets when written.
	maxRegionBytes = 1 + binary.MaxVarintLen32
)

// A Map says for each byte of a text whether it is code, comment, string or
// directive. Regions tile the text, in order; two comments or two strings may
// adjoin. A region costs one byte if it is shorter than 32, else two or three.
//
// A region is kept as a byte with the kind in its two low bits, five bits of
// the length above, and a high bit that says that an uvarint with the rest of
// the length follows.
type Map struct {
	size      int
	truncated bool
	slabs     [][]byte
	blocks    []mapBlock // entry points
	restarts  []restart
}

type mapBlock struct {
	start, slab, at int32 // offset in the text, and where its region is written
}

type restart struct{ offset, line int32 }

// NewMap scans a text. The map keeps no reference to it.
func NewMap(l *Lang, text []byte) *Map {
	s := NewScanner(l, text)
	b := NewMapBuilder(s)
	for t := s.Next(); t.Kind != EOF; t = s.Next() {
		b.Add(t)
	}
	return b.Map()
}

// A MapBuilder makes a map from the tokens of a scan that is done for something else too.
type MapBuilder struct {
	s       *Scanner
	m       *Map
	spacing int

	kind       RegionKind // of the run not yet written
	start, end int        // of it
	blockStart int        // in the slab
	full       bool       // at maxMapBytes
}

// NewMapBuilder returns a builder that must be given each token of s.
func NewMapBuilder(s *Scanner) *MapBuilder {
	return &MapBuilder{s: s, m: &Map{size: len(s.text), truncated: s.truncated, restarts: []restart{{0, 1}}}, spacing: restartSpacing}
}

// Add takes the token that the scanner gave last.
func (b *MapBuilder) Add(t Token) {
	if b.s.safe && !b.full && b.s.lineStart-int(b.m.restarts[len(b.m.restarts)-1].offset) >= b.spacing {
		b.m.restarts = append(b.m.restarts, restart{int32(b.s.lineStart), t.Line})
	}
	gap, kind := Code, Code
	if t.InDirective && t.Kind != Directive {
		gap = InDirective
	}
	switch {
	case t.Kind == Comment:
		kind = InComment
	case t.Kind == String:
		kind = InString
	case t.InDirective || t.Kind == Directive:
		kind = InDirective
	}
	b.extend(gap, int(t.Start))
	b.extend(kind, int(t.End))
}

// Map completes the map.
func (b *MapBuilder) Map() *Map {
	b.extend(Code, len(b.s.text))
	b.write()
	b.start = b.end
	return b.m
}

// extend makes everything up to end that has no kind yet of this kind.
func (b *MapBuilder) extend(k RegionKind, end int) {
	if end <= b.end {
		return
	}
	if k != b.kind || k == InComment || k == InString {
		b.write()
		b.start, b.kind = b.end, k
	}
	b.end = end
}

func (b *MapBuilder) write() {
	n := b.end - b.start
	if n == 0 {
		return
	}
	m := b.m
	last := len(m.slabs) - 1
	if last >= maxMapBytes/slabBytes {
		if !b.full {
			b.full = true
			m.size, m.truncated = b.start, true
		}
		return
	}
	fresh := last < 0 || len(m.slabs[last])+maxRegionBytes > slabBytes
	if fresh {
		m.slabs = append(m.slabs, make([]byte, 0, min(slabBytes, 64+m.size/16)))
		last++
	}
	slab := m.slabs[last]
	if fresh || len(slab)-b.blockStart >= blockBytes {
		b.blockStart = len(slab)
		m.blocks = append(m.blocks, mapBlock{int32(b.start), int32(last), int32(len(slab))})
	}
	head := byte(b.kind) | byte(n&31)<<2
	if n < 32 {
		slab = append(slab, head)
	} else {
		slab = binary.AppendUvarint(append(slab, head|0x80), uint64(n>>5))
	}
	m.slabs[last] = slab
}

// Size is the number of bytes the map tells about: the text's, or less if Truncated.
func (m *Map) Size() int { return m.size }

// Truncated reports whether the map ends before the text, which is longer than
// MaxText or changes too often: what is beyond Size is unknown.
func (m *Map) Truncated() bool { return m.truncated }

// Regions are the regions that have bytes in [from, to), whole, in order.
func (m *Map) Regions(from, to int) iter.Seq[Region] {
	return func(yield func(Region) bool) {
		if from < 0 {
			from = 0
		}
		i := sort.Search(len(m.blocks), func(i int) bool { return int(m.blocks[i].start) > from }) - 1
		if i < 0 {
			return
		}
		b := m.blocks[i]
		at := int(b.start)
		p := int(b.at)
		for slab := int(b.slab); slab < len(m.slabs); slab, p = slab+1, 0 {
			data := m.slabs[slab]
			for p < len(data) {
				head := data[p]
				n := int(head >> 2 & 31)
				p++
				if head&0x80 != 0 {
					rest, w := binary.Uvarint(data[p:])
					n |= int(rest) << 5
					p += w
				}
				if at >= to {
					return
				}
				if at+n > from && !yield(Region{at, at + n, RegionKind(head & 3)}) {
					return
				}
				at += n
			}
		}
	}
}

// Ranges are the parts of [from, to) that are of the kinds. Parts that adjoin
// are joined, but for comments and strings among themselves.
func (m *Map) Ranges(kinds Kinds, from, to int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		start, end := 0, -1
		for r := range m.Regions(from, to) {
			if !kinds.Has(r.Kind) {
				continue
			}
			joins := r.Start == end && AllCode.Has(r.Kind)
			if !joins {
				if start < end && !yield(max(start, from), min(end, to)) {
					return
				}
				start = r.Start
			}
			end = r.End
		}
		if start < end {
			yield(max(start, from), min(end, to))
		}
	}
}

// Within reports whether every byte of [from, to) is of the kinds. An empty
// range is where the byte at from is.
func (m *Map) Within(kinds Kinds, from, to int) bool {
	at := from
	for r := range m.Regions(from, max(to, from+1)) {
		if !kinds.Has(r.Kind) {
			return false
		}
		at = r.End
	}
	return at >= to && at > from
}

// At is the region of the byte at offset; false beyond the map.
func (m *Map) At(offset int) (Region, bool) {
	for r := range m.Regions(offset, offset+1) {
		return r, offset >= r.Start
	}
	return Region{}, false
}

// Restart is the last restart point at or before offset, and its line: a line
// start outside comment, string and directive, from which Scanner.ResetAt, or
// another's lexer that begins in code, goes on as if it had read everything
// before. The text's start is one.
func (m *Map) Restart(offset int) (at, line int) {
	i := sort.Search(len(m.restarts), func(i int) bool { return int(m.restarts[i].offset) > offset })
	r := m.restarts[max(i-1, 0)]
	return int(r.offset), int(r.line)
}
