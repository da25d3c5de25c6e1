package search

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// narrowNode leaves of cur the documents of which n may be true. A NOT leaves all:
// that a document may have a line does not say that it has.
func (ix *Index) narrowNode(ctx context.Context, q *Query, n *node, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	var err error
	switch n.op {
	case opGroup:
		if g := q.groups[n.group]; len(g.symbols) > 0 {
			return ix.narrowSymbols(ctx, q, g, cur)
		}
		return ix.narrowGroup(ctx, q.groups[n.group], cur)
	case opAnd:
		for _, kid := range q.likeliest(n.kids) {
			if cur, err = ix.narrowNode(ctx, q, kid, cur); err != nil {
				return nil, err
			}
		}
	case opOr:
		either := roaring.New()
		for _, kid := range n.kids {
			docs, err := ix.narrowNode(ctx, q, kid, cur)
			if err != nil {
				return nil, err
			}
			if either.Or(docs); either.GetCardinality() == cur.GetCardinality() {
				break // the others cannot add anything
			}
		}
		return either, nil // a subset of cur
	}
	return cur, nil
}

// likeliest sorts what AND joins: what has the longest anchors first, as it is the
// likeliest to leave little.
func (q *Query) likeliest(kids []*node) []*node {
	length := func(n *node) int {
		if n.op != opGroup {
			return 0
		}
		return shortest(q.groups[n.group].anchors)
	}
	kids = slices.Clone(kids)
	slices.SortStableFunc(kids, func(a, b *node) int { return length(b) - length(a) })
	return kids
}

// narrowGroup leaves of cur the documents that may have a line with all terms.
func (ix *Index) narrowGroup(ctx context.Context, g *group, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	if g.hex != nil {
		return roaring.New(), nil // it is in no text
	}
	var literals []string
	var sets [][]string
	for _, t := range g.terms {
		if t.re == nil {
			literals = append(literals, foldString(t.literal))
		}
		sets = append(sets, t.sets...)
	}
	cur, err := ix.narrow(ctx, literals, cur)
	if err != nil {
		return nil, err
	}
	for _, t := range g.terms {
		if t.word != nil {
			if cur, err = ix.narrowWords(ctx, t.word, cur); err != nil {
				return nil, err
			}
		}
	}
	// The longest first: they are the likeliest to leave little.
	slices.SortStableFunc(sets, func(a, b []string) int { return shortest(b) - shortest(a) })
	for _, set := range sets {
		if cur.GetCardinality() <= ix.fewDocs {
			break
		}
		either := roaring.New()
		for _, literal := range set {
			docs, err := ix.narrow(ctx, []string{literal}, cur)
			if err != nil {
				return nil, err
			}
			either.Or(docs)
		}
		cur = either // a subset of cur, by narrow
	}
	return cur, nil
}
