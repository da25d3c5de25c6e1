package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// An overview is what a query without filters need not find out: of it, all that takes
// time goes by what the words of the query leave.
type overview struct {
	placed *roaring.Bitmap // the documents that stand somewhere
	first  []uint32        // per document, where its places begin in places; and the end
	places []placed        // of documents
	apart  []seen          // places that are no document's, in order
}

// A placed is where a document stands.
type placed struct{ file, release int32 }

// walkAbove is what part of the documents is so many that it takes less to go through all
// places than to sort theirs.
const walkAbove = 4

func (ix *Index) survey() overview {
	o := overview{placed: roaring.New(), first: make([]uint32, ix.docs+1)}
	each := func(visit func(s seen, doc int)) {
		for i, f := range ix.files {
			for _, at := range f.places {
				visit(seen{file: int32(i), release: at.release, code: at.code}, at.blob())
			}
		}
	}
	each(func(s seen, doc int) {
		if doc >= 0 && doc < ix.docs {
			o.first[doc+1]++
		} else {
			o.apart = append(o.apart, s)
		}
	})
	for doc := range ix.docs {
		if o.first[doc+1] > 0 {
			o.placed.Add(uint32(doc))
		}
		o.first[doc+1] += o.first[doc]
	}
	o.places = make([]placed, o.first[ix.docs])
	next := slices.Clone(o.first)
	each(func(s seen, doc int) {
		if doc >= 0 && doc < ix.docs {
			o.places[next[doc]] = placed{s.file, s.release}
			next[doc]++
		}
	})
	return o
}

// everywhere finds the places of a query that all places are for; it is a placeFinder.
func (p *planner) everywhere(ctx context.Context, e *effort, within *roaring.Bitmap) (places []seen, docs *roaring.Bitmap, err error) {
	if docs = within; docs == nil {
		docs = p.overview.placed
	}
	if p.inText != no {
		if docs, err = p.candidates(ctx, p.q, docs, e); err != nil {
			return nil, nil, err
		}
		places = p.placesOf(docs)
	}
	if within == nil {
		p.others = nil
		for _, s := range p.overview.apart {
			if p.apart(&s) {
				p.others = append(p.others, s)
			}
		}
	}
	if len(p.others) > 0 {
		places = append(places, p.others...)
		sortSeen(places)
	}
	return places, docs, nil
}

// placesOf lists where documents stand, in order.
func (ix *Index) placesOf(docs *roaring.Bitmap) (out []seen) {
	if n := int(docs.GetCardinality()); n > ix.docs/walkAbove {
		in := make([]uint64, (ix.docs+63)/64)
		docs.WriteDenseTo(in)
		out = make([]seen, 0, len(ix.overview.places)/ix.docs*n)
		for i, f := range ix.files {
			for _, at := range f.places {
				if doc := at.blob(); doc >= 0 && doc < ix.docs && in[doc/64]>>(doc%64)&1 != 0 {
					out = append(out, seen{file: int32(i), release: at.release, code: at.code})
				}
			}
		}
		return out
	}
	for it := docs.Iterator(); it.HasNext(); {
		doc := it.Next()
		for _, at := range ix.overview.places[ix.overview.first[doc]:ix.overview.first[doc+1]] {
			out = append(out, seen{file: at.file, release: at.release, code: int32(doc) + codeBlob})
		}
	}
	sortSeen(out)
	return out
}

// sortSeen puts places into path order, those of a path into the manifest's.
func sortSeen(list []seen) {
	slices.SortFunc(list, func(a, b seen) int {
		if a.file != b.file {
			return cmp.Compare(a.file, b.file)
		}
		return cmp.Compare(a.release, b.release)
	})
}
