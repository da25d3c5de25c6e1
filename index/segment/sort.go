package segment

import (
	"bytes"
	"cmp"
	"context"
	"slices"
)

// A sortKey is a term with its first bytes, by which nearly all comparisons end, or
// those behind where the first ones are equal.
type sortKey struct {
	head [2]uint64
	term uint32
}

// byteAt is byte n of the head.
func (k *sortKey) byteAt(n int) byte { return byte(k.head[n/8%2] >> (56 - n%8*8)) }

const (
	// fewKeys are sorted by comparing them.
	fewKeys = 24

	// betweenKeys is how many are sorted between two looks at the context: a few
	// milliseconds' worth.
	betweenKeys = 1 << 14
)

// A sortedField is the terms of a field in byte order.
type sortedField struct {
	*inverted
	order  []uint32 // numbers of terms
	docs   []uint32 // term by term, in the order of their numbers
	starts []uint32 // where each term's begin
}

// documents are those that have term n.
func (f *sortedField) documents(n uint32) []uint32 { return f.docs[f.starts[n]:f.starts[n+1]] }

// sort sorts the terms that some document has. They are put apart by one byte after the
// other, each time in a single pass.
func (f *inverted) sort(ctx context.Context, first uint32) (sortedField, error) {
	out := sortedField{inverted: f}
	out.docs, out.starts = f.postings(first)
	var ends [1 << 16]uint32 // by the first two bytes
	for i := range f.terms {
		if len(out.documents(uint32(i))) > 0 {
			ends[f.head(uint32(i))[0]>>48]++
		}
	}
	sum := uint32(0)
	for b, n := range ends {
		ends[b] = sum
		sum += n
	}
	keys := make([]sortKey, sum)
	for i := range f.terms {
		if len(out.documents(uint32(i))) > 0 {
			head := f.head(uint32(i))
			end := &ends[head[0]>>48]
			keys[*end] = sortKey{head, uint32(i)}
			*end++
		}
	}
	s := sorter{ctx: ctx, field: f}
	from := uint32(0)
	for _, to := range ends {
		if err := s.sort(keys[from:to], 2); err != nil {
			return out, err
		}
		from = to
	}
	out.order = make([]uint32, len(keys))
	for i, k := range keys {
		out.order[i] = k.term
	}
	return out, nil
}

type sorter struct {
	ctx   context.Context
	since int // keys since the last look at it
	field *inverted
	spare []sortKey
}

// sort sorts keys of which the first depth bytes are equal.
func (s *sorter) sort(keys []sortKey, depth int) error {
	if s.since += len(keys); s.since > betweenKeys {
		if s.since = 0; s.ctx.Err() != nil {
			return s.ctx.Err()
		}
	}
	if len(keys) <= fewKeys || depth > MaxTerm {
		s.compare(keys)
		return nil
	}
	if depth%KeyLen == 0 {
		for i := range keys {
			keys[i].head = s.field.headAt(keys[i].term, depth)
		}
	}
	var ends [256]uint32
	for i := range keys {
		ends[keys[i].byteAt(depth)]++
	}
	if ends[keys[0].byteAt(depth)] == uint32(len(keys)) {
		return s.sort(keys, depth+1)
	}
	sum := uint32(0)
	for b, n := range ends {
		ends[b] = sum
		sum += n
	}
	s.spare = slices.Grow(s.spare[:0], len(keys))
	spare := s.spare[:len(keys)]
	for i := range keys {
		b := keys[i].byteAt(depth)
		spare[ends[b]] = keys[i]
		ends[b]++
	}
	copy(keys, spare)
	from := uint32(0)
	for _, to := range ends {
		if to-from > 1 {
			if err := s.sort(keys[from:to], depth+1); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// compare is quicker than all else for a few keys.
func (s *sorter) compare(keys []sortKey) {
	for i := 1; i < len(keys); i++ {
		k := keys[i]
		j := i
		for ; j > 0; j-- {
			if before := &keys[j-1]; before.head[0] < k.head[0] || before.head[0] == k.head[0] && s.order(before, &k) < 0 {
				break
			}
			keys[j] = keys[j-1]
		}
		keys[j] = k
	}
}

func (s *sorter) order(x, y *sortKey) int {
	switch {
	case x.head[0] != y.head[0]:
		return cmp.Compare(x.head[0], y.head[0])
	case x.head[1] != y.head[1]:
		return cmp.Compare(x.head[1], y.head[1])
	}
	return bytes.Compare(s.field.bytes(x.term, new([KeyLen]byte)), s.field.bytes(y.term, new([KeyLen]byte)))
}
