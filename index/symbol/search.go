package symbol

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"
)

const (
	// maxFound bounds a search's hits: nobody reads more, and narrowing the query
	// is quicker.
	maxFound = 1000

	// maxPostings bounds the symbols of one name that are read for a search.
	maxPostings = 2000
)

// allKinds has a bit for each kind.
const allKinds = 0xffff

// A Filter says which symbols a search is for. It is made once for some searches.
type Filter struct {
	release string
	kinds   uint16
	blobs   []uint64 // a bit per blob; nil when all
}

// Filter makes a filter: only symbols of a release ("" for all), of some kinds
// (none for all), in files whose path match accepts (nil for all).
func (ix *Index) Filter(ctx context.Context, release string, kinds []Kind, match func(path string) bool) (*Filter, error) {
	f := &Filter{release: release, kinds: allKinds}
	if len(kinds) > 0 {
		f.kinds = 0
		for _, k := range kinds {
			f.kinds |= 1 << k
		}
	}
	if match == nil && (release == "" || len(ix.releases) == 1) {
		return f, nil
	}
	f.blobs = make([]uint64, ix.count()/64+1)
	for _, r := range ix.releases {
		if release != "" && r != release {
			continue
		}
		files, err := ix.deposit.Files(ctx, r)
		if err != nil {
			return nil, err
		}
		for i, file := range files {
			if i%1024 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if match != nil && !match(file.Path) {
				continue
			}
			n, ok, err := ix.find(file.Blob)
			if err != nil {
				return nil, err
			}
			if ok {
				f.blobs[n/64] |= 1 << (n % 64)
			}
		}
	}
	return f, nil
}

// has reports whether a posting passes.
func (f *Filter) has(p posting) bool {
	return f.kinds>>p.kind&1 != 0 && (f.blobs == nil || int(p.blob/64) < len(f.blobs) && f.blobs[p.blob/64]>>(p.blob%64)&1 != 0)
}

// A Hit is a symbol that a search found.
type Hit struct {
	Found
	Matches []int // the bytes of the name that the query's letters match
}

// Hits are the best of a search.
type Hits struct {
	List []Hit
	// More says that there can be others, which are not better.
	More bool
}

// Search finds symbols by their names, the best first and at most limit: names
// that are the query, then those that begin with it, then those in which its
// letters stand in this order, best where they follow each other or begin words, and
// up to three letters only there. Case does not matter but for the order. With a scope before the name ("Lexer.next",
// "Lexer::next") only symbols in a scope whose last name begins so are found.
func (ix *Index) Search(ctx context.Context, query string, f *Filter, limit int) (Hits, error) {
	scope, name := splitQuery(query)
	limit = min(limit, maxFound)
	if name == "" || limit <= 0 {
		return Hits{}, ctx.Err()
	}
	s := &nameSearch{ix: ix, filter: f, pattern: newPattern(name[:min(len(name), maxQuery)]), most: limit}
	if s.scoped = scope != ""; s.scoped {
		s.most = maxPostings // most will be in other scopes
	}
	var err error
	if s.gists, err = ix.gists.wait(ctx, ix.names()); err != nil {
		return Hits{}, err
	}
	names, err := s.run(ctx)
	if err != nil {
		return Hits{}, err
	}
	return s.hits(ctx, names, scope, limit)
}

// hits reads the symbols of names until there are as many as limit.
func (s *nameSearch) hits(ctx context.Context, names []ranked, scope string, limit int) (Hits, error) {
	out := Hits{More: s.more}
	var sc scorer
	for len(names) > 0 && len(out.List) < limit {
		// Without a scope, as many are read as are wanted, side by side.
		var list []posting
		var of [][]int // matches
		for len(names) > 0 && len(list) < limit-len(out.List) {
			symbols, more, err := s.ix.symbolsOf(ctx, names[0].n, s.filter)
			if err != nil {
				return Hits{}, err
			}
			_, places := sc.score(s.pattern, names[0].key, true)
			list = append(list, symbols...)
			for range symbols {
				of = append(of, places)
			}
			out.More = out.More || more
			names = names[1:]
		}
		if scope == "" && len(list) > limit {
			list, out.More = list[:limit], true
		}
		found, err := s.ix.foundAll(ctx, list, s.filter.release)
		if err != nil {
			return Hits{}, err
		}
		for i, f := range found {
			switch {
			case f.Places == 0 || scope != "" && !hasFoldedPrefix(lastName(f.Scope), scope):
			case len(out.List) == limit:
				out.More = true
			default:
				out.List = append(out.List, Hit{f, of[i]})
			}
		}
	}
	out.More = out.More || len(names) > 0
	return out, nil
}

// splitQuery takes the scope off a query.
func splitQuery(query string) (scope, name string) {
	query = strings.TrimSpace(query)
	for _, mark := range []string{"::", "->", ".", "#"} {
		if i := strings.LastIndex(query, mark); i > 0 {
			return lastName(query[:i]), query[i+len(mark):]
		}
	}
	return "", query
}

// symbolsOf are the symbols of a name: by kind, then by path.
func (ix *Index) symbolsOf(ctx context.Context, name int, f *Filter) (out []posting, more bool, err error) {
	all, err := ix.names().postingsOf(name)
	if err != nil {
		return nil, false, err
	}
	type placed struct {
		posting
		path string
	}
	var list []placed
	for i, p := range all {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if !f.has(p) {
			continue
		}
		if len(list) == maxPostings {
			more = true
			break
		}
		blob, err := ix.blobOf(p)
		if err != nil {
			return nil, false, err
		}
		at, _ := ix.place(blob, f.release)
		list = append(list, placed{p, at.Path})
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(rank(a.kind), rank(b.kind)), cmp.Compare(a.path, b.path), comparePostings(a.posting, b.posting))
	})
	for _, p := range list {
		out = append(out, p.posting)
	}
	return out, more, nil
}

func hasFoldedPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFolded([]byte(s[:len(prefix)]), []byte(prefix)) == 0
}

// A ranked is a name that matches.
type ranked struct {
	key   []byte
	tier  int // 0 equal, 1 equal but for case, 2 begins so, 3 anything else
	score int
	n     int // number of the name

	symbols int // of the name that the filter passes
}

func compareRanked(a, b *ranked) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.score, a.score), cmp.Compare(len(a.key), len(b.key)), cmp.Compare(a.n, b.n))
}

// A nameSearch looks through all names.
type nameSearch struct {
	ix      *Index
	filter  *Filter
	pattern *pattern
	gists   *gists
	scoped  bool // symbols are chosen by their scopes, too
	most    int  // symbols that are enough; if scoped, names
	more    bool // something was left out
}

// run gives the best names in order. When those that begin with the query are
// enough, no others are looked at.
func (s *nameSearch) run(ctx context.Context) ([]ranked, error) {
	t := s.ix.names()
	from, to, err := t.prefixed(s.pattern.folded)
	if err != nil {
		return nil, err
	}
	top, err := s.parallel(ctx, from, to, true)
	if err != nil {
		return nil, err
	}
	for _, r := range top {
		s.most -= r.symbols
	}
	if s.most <= 0 {
		s.more = true
		return top, nil
	}
	more, err := s.parallel(ctx, 0, t.groups, false)
	if err != nil {
		return nil, err
	}
	return append(top, more...), nil
}

// parallel has groups looked at by several goroutines, each with a list of the best.
func (s *nameSearch) parallel(ctx context.Context, from, to int, prefix bool) ([]ranked, error) {
	count, workers := blocks(to - from)
	looks := make([]*look, workers)
	var floor atomic.Int64
	floor.Store(math.MinInt64)
	for w := range looks {
		looks[w] = &look{nameSearch: s, best: best{most: s.most}, prefix: prefix, m: newMatcher(s.pattern), sieve: newSieve(s.pattern), floor: &floor}
	}
	step := stride(count)
	err := eachBlock(ctx, count, workers, func(w, i int) error {
		first := from + i*step%count*searchGroups
		return looks[w].groups(first, min(searchGroups, to-first))
	})
	if err != nil {
		return nil, err
	}
	var all []ranked
	for _, l := range looks {
		all = append(all, l.best.list...)
		s.more = s.more || l.more
	}
	slices.SortFunc(all, func(a, b ranked) int { return compareRanked(&a, &b) })
	symbols := 0
	for i, r := range all {
		if symbols >= s.most {
			s.more = true
			return all[:i], nil
		}
		symbols += r.symbols
	}
	return all, nil
}

// stride is a number without a common divisor with n, by which all blocks are visited
// in an order that has soon been everywhere: what is best among some names bounds what
// the others are looked at for.
func stride(n int) int {
	step := n*618/1000 | 1
	for gcd(step, n) > 1 {
		step += 2
	}
	return step
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// A look is one goroutine's.
type look struct {
	*nameSearch
	best   best
	prefix bool // only names that begin with the query; else only others
	m      *matcher
	sieve  *sieve
	floor  *atomic.Int64 // what is worth less is in nobody's list at the end
	g      group
	more   bool
	wait   []ranked // of a group, whose symbols are to be counted
}

// worth orders scores, then lengths, as compareRanked does within a tier.
func worth(score, length int) int64 { return int64(score)<<16 | int64(math.MaxUint16-length) }

func (l *look) groups(first, n int) error {
	t := l.ix.names()
	rows, err := t.rowsFrom(first, n)
	if err != nil {
		return err
	}
	mask, kinds := l.pattern.mask, l.filter.kinds
	for i := range n {
		row := rows[i*rowSize : (i+2)*rowSize]
		if binary.BigEndian.Uint64(row)&mask != mask || binary.BigEndian.Uint16(row[14:])&kinds == 0 {
			continue
		}
		wanted := l.wanted(first+i, int(binary.BigEndian.Uint16(row[12:])))
		if wanted == 0 {
			continue
		}
		if err := l.g.open(t, row); err != nil {
			return err
		}
		last := bits.Len32(wanted)
		for k := 0; k < last && l.g.next(); k++ {
			l.m.skip(l.g.shared)
			if wanted>>k&1 != 0 && l.m.within(l.g.key) {
				if err := l.name((first+i)*groupKeys + k); err != nil {
					return err
				}
			}
		}
		if l.g.bad {
			return fmt.Errorf("%s %w", t.file.Path(), errRecord)
		}
		if len(l.wait) > 0 {
			if err := l.count(); err != nil {
				return err
			}
		}
	}
	return nil
}

// wanted has a bit for each of a group's n keys that has to be read.
func (l *look) wanted(group, n int) (keys uint32) {
	if group >= len(l.gists.groups) || n > groupKeys {
		return math.MaxUint32
	}
	floor := l.floor.Load()
	worse := func(most, length int) bool {
		if l.prefix {
			most = 0 // only lengths count
		}
		return worth(most, length) < floor
	}
	if most, length := l.sieve.group(&l.gists.groups[group]); most == 0 {
		return 0
	} else if worse(most, length) {
		l.more = true
		return 0
	}
	sheet, joins := &l.gists.letters[group], l.gists.joins[group*groupKeys:]
	for left := l.sieve.within(sheet); left != 0; left &= left - 1 {
		k := bits.TrailingZeros32(left)
		if most := l.sieve.most(joins[k]); most == 0 {
			continue
		} else if worse(most, sheet.length(k)) {
			l.more = true
			continue
		}
		keys |= 1 << k
	}
	return keys
}

// name looks at a name with the query's letters.
func (l *look) name(n int) error {
	key, folded := l.g.key, l.pattern.folded
	begins := len(key) >= len(folded) && compareFolded(key[:len(folded)], folded) == 0
	if begins != l.prefix {
		return nil
	}
	r := ranked{key: key, tier: 3, n: n}
	switch {
	case !begins:
		if worth(l.m.most(), len(key)) < l.floor.Load() {
			l.more = true
			return nil
		}
		r.score = l.m.score(key)
	case len(key) > len(folded):
		r.tier = 2
	case bytes.Equal(key, l.pattern.text):
		r.tier = 0
	default:
		r.tier = 1
	}
	if l.best.full() && compareRanked(&r, l.best.worst()) >= 0 {
		l.more = true
		return nil
	}
	r.key = bytes.Clone(key)
	l.wait = append(l.wait, r)
	return nil
}

// count adds those names of a group that have symbols for the filter.
func (l *look) count() error {
	defer func() { l.wait = l.wait[:0] }()
	if err := l.g.toPostings(); err != nil {
		return err
	}
	at := 0
	for _, r := range l.wait {
		for ; at < r.n%groupKeys; at++ {
			if err := l.g.skipPostings(); err != nil {
				return err
			}
		}
		list, err := l.g.nextPostings()
		if err != nil {
			return err
		}
		at++
		for _, p := range list {
			if l.filter.has(p) {
				r.symbols++
			}
		}
		if l.scoped {
			r.symbols = min(r.symbols, 1)
		}
		if r.symbols > 0 {
			l.add(r)
		}
	}
	return nil
}

func (l *look) add(r ranked) {
	l.more = l.best.add(r) || l.more
	if !l.best.full() {
		return
	}
	w := l.best.worst()
	mine := worth(w.score, len(w.key))
	for floor := l.floor.Load(); mine > floor; floor = l.floor.Load() {
		if l.floor.CompareAndSwap(floor, mine) {
			return
		}
	}
}

// A best is the best names so far, as many as have enough symbols: a heap, with the worst
// in front.
type best struct {
	list    []ranked
	most    int // symbols that are enough
	symbols int
}

func (b *best) full() bool     { return b.symbols >= b.most }
func (b *best) worst() *ranked { return &b.list[0] }

// add adds a name, and reports whether one, be it this, is not needed.
func (b *best) add(r ranked) (left bool) {
	b.list = append(b.list, r)
	b.symbols += r.symbols
	for i := len(b.list) - 1; i > 0 && b.worse(i, (i-1)/2); i = (i - 1) / 2 {
		b.list[i], b.list[(i-1)/2] = b.list[(i-1)/2], b.list[i]
	}
	for ; b.symbols-b.list[0].symbols >= b.most; left = true {
		b.drop()
	}
	return left
}

func (b *best) worse(i, k int) bool { return compareRanked(&b.list[i], &b.list[k]) > 0 }

// drop leaves the worst out.
func (b *best) drop() {
	b.symbols -= b.list[0].symbols
	last := len(b.list) - 1
	b.list[0] = b.list[last]
	b.list = b.list[:last]
	for i := 0; ; {
		k := 2*i + 1
		if k >= last {
			return
		}
		if k+1 < last && b.worse(k+1, k) {
			k++
		}
		if !b.worse(k, i) {
			return
		}
		b.list[i], b.list[k] = b.list[k], b.list[i]
		i = k
	}
}
