package search

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// node leaves of cur the documents of which n may be true. A NOT leaves all:
// that a document may have a line does not say that it has.
func (ix narrowing) node(ctx context.Context, n *node, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	var err error
	switch n.op {
	case opGroup:
		if g := ix.q.groups[n.group]; len(g.symbols) > 0 {
			return ix.symbols(ctx, g, cur)
		}
		return ix.group(ctx, ix.q.groups[n.group], cur)
	case opAnd:
		for _, kid := range ix.q.likeliest(n.kids) {
			if cur, err = ix.node(ctx, kid, cur); err != nil {
				return nil, err
			}
		}
	case opOr:
		either := roaring.New()
		for _, kid := range n.kids {
			docs, err := ix.node(ctx, kid, cur)
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

// group leaves of cur the documents that may have a line with all terms.
func (ix narrowing) group(ctx context.Context, g *group, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
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
	cur, err := ix.literals(ctx, literals, cur)
	if err != nil {
		return nil, err
	}
	for _, t := range g.terms {
		if t.word != nil {
			if cur, err = ix.words(ctx, t.word, cur); err != nil {
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
			docs, err := ix.literals(ctx, []string{literal}, cur)
			if err != nil {
				return nil, err
			}
			either.Or(docs)
		}
		cur = either // a subset of cur, by literals
	}
	return cur, nil
}
