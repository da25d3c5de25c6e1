package search

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"vitrine/index/deposit"
)

// Symbols knows what texts define. In the room it is package symbol's index, and in
// tests a table. It is asked by several goroutines.
type Symbols interface {
	// Defining calls yield for each blob in which a wanted name is defined.
	Defining(ctx context.Context, w WantedName, yield func(deposit.Digest)) error

	// Complete calls yield for each blob of which all definitions are known.
	Complete(ctx context.Context, yield func(deposit.Digest)) error

	// In lists the names that a blob's text defines, ascending by place, and tells why
	// they are not all, as [NotSearched] has it; "" when they are.
	In(blob deposit.Digest) (names []Name, why string, err error)
}

// A WantedName says which names a query wants.
type WantedName struct {
	Match func(name []byte) bool // may be called by several goroutines

	// Less to look at, unless they are empty.
	Exact  string // no other
	Folded string // of names that are ASCII, only this one, in either case
	Some   string // ASCII that each of them that is ASCII has, in either case
}

// A Name is a definition's, and where it stands in the decoded text.
type Name struct {
	Text     string
	From, To int
}

// WithSymbols is the same query, which asks s what sym: means. Without that the symbols
// of no text are known.
func (q *Query) WithSymbols(s Symbols) *Query {
	with := *q
	with.symbols = s
	return &with
}

// AsksSymbols reports whether the query has sym:.
func (q *Query) AsksSymbols() bool { return q.definitions }

// means reports whether a term for symbols wants a name.
func (t *term) means(ctx context.Context, q *Query, name []byte) bool {
	switch {
	case t.re != nil:
		return t.re.appendAll(ctx, nil, name, 1) != nil
	case q.fold:
		folded, _ := appendFold(nil, name)
		return string(folded) == t.literal
	}
	return string(name) == t.literal
}

// wanted is the term as an index of names understands it.
func (t *term) wanted(ctx context.Context, q *Query) WantedName {
	w := WantedName{Match: func(name []byte) bool { return t.means(ctx, q, name) }}
	switch {
	case t.re == nil && !q.fold:
		w.Exact = t.literal
	case t.re == nil && isASCII([]byte(t.literal)):
		w.Folded = t.literal
	case t.re == nil:
		// It may be what a letter beyond ASCII folds to: all are looked at.
	default:
		for _, set := range t.sets {
			if len(set) == 1 {
				w.Some += set[0]
			}
		}
	}
	if !isASCII([]byte(w.Some)) {
		w.Some = ""
	}
	return w
}

// withoutNot reports whether a NOT stands nowhere below n.
func (n *node) withoutNot() bool {
	return n.op != opNot && !slices.ContainsFunc(n.kids, func(kid *node) bool { return !kid.withoutNot() })
}

// needsSymbols reports whether nothing can be said of a file whose symbols are not
// known: that it lacks one is not known either.
func (q *Query) needsSymbols() bool {
	return !q.root.withoutNot() || !slices.ContainsFunc(q.groups, func(g *group) bool { return len(g.symbols) == 0 })
}

// namesIn gives the names in a document's text. why tells that they are not all; with
// read false the text need not be read.
func (q *Query) namesIn(blob deposit.Digest) (names []Name, why string, read bool, err error) {
	if _, chosen := q.choices[blob]; chosen {
		return nil, WhyChosen, !q.needsSymbols(), nil
	}
	if q.symbols == nil {
		return nil, WhyNotIndexed, !q.needsSymbols(), nil
	}
	names, why, err = q.symbols.In(blob)
	if why == "" || err != nil {
		return names, why, true, err
	}
	if !q.root.withoutNot() {
		return nil, why, false, nil
	}
	return names, why, len(names) > 0 || !q.needsSymbols(), nil
}

// definedBy lists where the names stand that a group's terms mean, by term.
func definedBy(ctx context.Context, q *Query, g *group, names []Name) [][][2]int {
	if len(g.symbols) == 0 {
		return nil
	}
	out := make([][][2]int, len(g.symbols))
	for i := range g.symbols {
		for _, n := range names {
			if g.symbols[i].means(ctx, q, []byte(n.Text)) {
				out[i] = append(out[i], [2]int{n.From, n.To})
			}
		}
	}
	return out
}

// nextDefined is the end of the next line, or somewhere on it, in hay, on which a name
// stands that the first term for symbols means.
func (s *scan) nextDefined() (int, bool) {
	hayAt, textAt := s.ahead()
	i, _ := slices.BinarySearchFunc(s.defined[0], textAt, func(d [2]int, at int) int { return d[0] - at })
	if i == len(s.defined[0]) || s.defined[0][i][0] >= len(s.f.bytes) {
		return 0, false
	}
	return s.inHay(hayAt, textAt, s.defined[0][i][0]), true
}

// names looks for the group's symbols on the line that was found, and leaves where they
// stand in s.ranges.
func (s *scan) names() bool {
	for _, all := range s.defined {
		before := len(s.ranges)
		i, _ := slices.BinarySearchFunc(all, s.start, func(d [2]int, at int) int { return d[0] - at })
		for ; i < len(all) && all[i][0] <= s.start+len(s.text) && len(s.ranges)-before < maxMatches; i++ {
			s.ranges = append(s.ranges, [2]int{all[i][0] - s.start, all[i][1] - s.start})
		}
		if len(s.ranges) == before {
			return false
		}
	}
	return true
}

// symbols is group for a group with sym:. In documents whose symbols are
// known they decide, and a name need not stand in the text as it is called; the others
// are those that have what a name must have.
func (ix narrowing) symbols(ctx context.Context, g *group, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	q, known := ix.q, roaring.New()
	if q.symbols != nil {
		if err := q.symbols.Complete(ctx, ix.adder(known)); err != nil {
			return nil, err
		}
	}
	unsure := roaring.AndNot(cur, known)
	known.And(cur)
	if !known.IsEmpty() {
		for i := range g.symbols {
			docs := roaring.New()
			if err := q.symbols.Defining(ctx, g.symbols[i].wanted(ctx, q), ix.adder(docs)); err != nil {
				return nil, err
			}
			known.And(docs)
		}
	}
	known, err := ix.group(ctx, g, known)
	if err != nil {
		return nil, err
	}
	like := *g
	like.terms = slices.Clone(g.terms)
	for _, t := range g.symbols {
		like.terms = append(like.terms, t.inText()...)
	}
	if unsure, err = ix.group(ctx, &like, unsure); err != nil {
		return nil, err
	}
	return roaring.Or(known, unsure), nil
}

// inText is what a text has in which a name that the term means may be defined: of
// "operator +" only that it has "operator".
func (t *term) inText() (out []term) {
	isWord := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool { return r < utf8.RuneSelf && !isWordByte(byte(r)) })
	}
	if t.re == nil {
		if isWord(t.literal) {
			out = append(out, term{literal: t.literal})
		}
		return out
	}
	like := term{re: t.re}
	for _, set := range t.sets {
		if !slices.ContainsFunc(set, func(s string) bool { return !isWord(s) }) {
			like.sets = append(like.sets, set)
		}
	}
	return append(out, like)
}

// A lookup gives the numbers of documents by their blobs. It is made when it is first
// asked for: few queries need it.
type lookup struct {
	once    sync.Once
	numbers map[deposit.Digest]uint32
}

// adder puts the documents of blobs into a set.
func (ix *Index) adder(to *roaring.Bitmap) func(deposit.Digest) {
	ix.lookup.once.Do(func() {
		ix.lookup.numbers = make(map[deposit.Digest]uint32, ix.docs)
		for n, blob := range ix.blobs[:ix.docs] {
			ix.lookup.numbers[blob] = uint32(n)
		}
	})
	return func(blob deposit.Digest) {
		if n, ok := ix.lookup.numbers[blob]; ok {
			to.Add(n)
		}
	}
}
