package symbol

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

const (
	// searchRows is how many names are looked at before the context is asked.
	searchRows = 4096

	// maxFound bounds a search's hits: nobody reads more, and narrowing the query
	// is quicker.
	maxFound = 1000

	// maxPostings bounds the symbols of one name that are read for a search.
	maxPostings = 2000
)

// A Filter says which symbols a search is for. It is made once for some searches.
type Filter struct {
	release string
	kinds   uint16
	blobs   []uint64 // a bit per blob; nil when all
}

// Filter makes a filter: only symbols of a release ("" for all), of some kinds
// (none for all), in files whose path match accepts (nil for all).
func (ix *Index) Filter(ctx context.Context, release string, kinds []Kind, match func(path string) bool) (*Filter, error) {
	f := &Filter{release: release, kinds: 0xffff}
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
	// Names is how many names match; of those with a filter, without it.
	Names int
	// More says that the list does not hold all.
	More bool
}

// Search finds symbols by their names, the best first and at most limit: names
// that are the query, then those that begin with it, then those in which its
// letters stand in this order, best where they begin words. Case does not
// matter but for the order. With a scope before the name ("Lexer.next",
// "Lexer::next") only symbols in a scope whose last name begins so are found.
func (ix *Index) Search(ctx context.Context, query string, f *Filter, limit int) (Hits, error) {
	scope, name := splitQuery(query)
	limit = min(limit, maxFound)
	if name == "" || limit <= 0 {
		return Hits{}, ctx.Err()
	}
	s := &nameSearch{ix: ix, filter: f, pattern: newPattern(name[:min(len(name), maxQuery)]), most: limit}
	if scope != "" {
		s.most = maxPostings // most will be in other scopes
	}
	names, err := s.run(ctx)
	if err != nil {
		return Hits{}, err
	}
	out := Hits{Names: int(s.matches.Load()), More: len(names) < int(s.matches.Load())}
	var sc scorer
	for _, n := range names {
		if len(out.List) >= limit {
			out.More = true
			break
		}
		list, more, err := ix.symbolsOf(ctx, n.row, f, limit-len(out.List), scope)
		if err != nil {
			return Hits{}, err
		}
		_, places := sc.score(s.pattern, n.row.key, true)
		for _, found := range list {
			out.List = append(out.List, Hit{found, places})
		}
		out.More = out.More || more
	}
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

// symbolsOf reads the symbols of a name, by kind, then by path.
func (ix *Index) symbolsOf(ctx context.Context, r row, f *Filter, limit int, scope string) (out []Found, more bool, err error) {
	var list []posting
	err = eachPosting(r.postings, func(p posting) bool {
		if f.has(p) {
			if len(list) == maxPostings {
				more = true
				return false
			}
			list = append(list, p)
		}
		return true
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(list, func(a, b posting) int { return cmp.Compare(rank(a.kind), rank(b.kind)) })
	for i, p := range list {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		if len(out) == limit {
			return out, true, nil
		}
		found, err := ix.found(p, f.release)
		if err != nil {
			return nil, false, err
		}
		if found.Places == 0 || scope != "" && !hasFoldedPrefix(lastName(found.Scope), scope) {
			continue
		}
		out = append(out, found)
		// What is of one kind comes in path order, as far as it is listed.
		if i+1 == len(list) || rank(list[i+1].kind) != rank(p.kind) {
			sortTail(out, rank(p.kind))
		}
	}
	return out, more, nil
}

func sortTail(out []Found, kind int) {
	from := len(out)
	for from > 0 && rank(out[from-1].Kind) == kind {
		from--
	}
	slices.SortFunc(out[from:], func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.Place.Path, b.Place.Path), cmp.Compare(a.Start, b.Start))
	})
}

func hasFoldedPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFolded([]byte(s[:len(prefix)]), []byte(prefix)) == 0
}

// A ranked is a name that matches.
type ranked struct {
	row   row
	tier  int // 0 equal, 1 equal but for case, 2 begins so, 3 anything else
	score int
	n     int // number of the row
}

func compareRanked(a, b ranked) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.score, a.score), cmp.Compare(len(a.row.key), len(b.row.key)), cmp.Compare(a.n, b.n))
}

// A nameSearch looks through all names.
type nameSearch struct {
	ix      *Index
	filter  *Filter
	pattern *pattern
	most    int
	matches atomic.Int64
}

// run gives the best names in order. When those that begin with the query are
// enough, no others are looked at.
func (s *nameSearch) run(ctx context.Context) ([]ranked, error) {
	t := s.ix.names()
	from, to, err := t.prefixed(s.pattern.folded)
	if err != nil {
		return nil, err
	}
	top, err := s.parallel(ctx, from, to, s.prefix)
	if err != nil || len(top) >= s.most {
		return top, err
	}
	for _, part := range [][2]int{{0, from}, {to, t.n}} {
		more, err := s.parallel(ctx, part[0], part[1], s.fuzzy)
		if err != nil {
			return nil, err
		}
		top = append(top, more...)
	}
	slices.SortFunc(top, compareRanked)
	return top[:min(len(top), s.most)], nil
}

// parallel has rows looked at by several goroutines, each with a list of the best.
func (s *nameSearch) parallel(ctx context.Context, from, to int, look func(*best, []byte, int) error) ([]ranked, error) {
	workers := min(runtime.GOMAXPROCS(0), (to-from)/searchRows+1)
	tops := make([]best, workers)
	errs := make([]error, workers)
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	for w := range workers {
		tops[w].most = s.most
		wg.Go(func() {
			for {
				i := int(next.Add(searchRows)) - searchRows
				if i >= to || errs[w] != nil {
					return
				}
				if errs[w] = ctx.Err(); errs[w] != nil {
					return
				}
				n := min(searchRows, to-i)
				rows, err := s.ix.names().rowsFrom(i, n)
				if err == nil {
					err = look(&tops[w], rows, i)
				}
				errs[w] = err
			}
		})
	}
	wg.Wait()
	var all []ranked
	for w := range tops {
		if errs[w] != nil {
			return nil, errs[w]
		}
		all = append(all, tops[w].list...)
	}
	slices.SortFunc(all, compareRanked)
	return all[:min(len(all), s.most)], nil
}

// prefix looks at names that begin with the query.
func (s *nameSearch) prefix(b *best, rows []byte, first int) error {
	for k := 0; (k+1)*rowSize < len(rows); k++ {
		r := rows[k*rowSize:]
		length := int(binary.BigEndian.Uint16(r[12:]))
		if binary.BigEndian.Uint16(r[14:])&s.filter.kinds == 0 {
			continue
		}
		s.matches.Add(1)
		if b.full() && length > len(b.worst().row.key) && b.worst().tier == 2 {
			continue
		}
		one, err := s.ix.names().read(r)
		if err != nil {
			return err
		}
		tier := 2
		if length == len(s.pattern.text) {
			tier = 1
			if bytes.Equal(one.key, s.pattern.text) {
				tier = 0
			}
		}
		if err := s.offer(b, ranked{one, tier, 0, first + k}); err != nil {
			return err
		}
	}
	return nil
}

// fuzzy looks at others.
func (s *nameSearch) fuzzy(b *best, rows []byte, first int) error {
	mask, kinds := s.pattern.mask, s.filter.kinds
	matches := int64(0)
	for k := 0; (k+1)*rowSize < len(rows); k++ {
		r := rows[k*rowSize : (k+2)*rowSize]
		if binary.BigEndian.Uint64(r)&mask != mask || binary.BigEndian.Uint16(r[14:])&kinds == 0 {
			continue
		}
		one, err := s.ix.names().read(r)
		if err != nil {
			return err
		}
		if !s.pattern.within(one.key) {
			continue
		}
		matches++
		score, _ := b.scorer.score(s.pattern, one.key, false)
		if score <= none {
			continue
		}
		if err := s.offer(b, ranked{one, 3, score, first + k}); err != nil {
			return err
		}
	}
	s.matches.Add(matches)
	return nil
}

// offer takes a name among the best if a symbol of it passes the filter.
func (s *nameSearch) offer(b *best, r ranked) error {
	if b.full() && compareRanked(r, *b.worst()) >= 0 {
		return nil
	}
	passes := s.filter.blobs == nil
	if !passes {
		err := eachPosting(r.row.postings, func(p posting) bool {
			passes = s.filter.has(p)
			return !passes
		})
		if err != nil {
			return err
		}
	}
	if passes {
		b.add(r)
	}
	return nil
}

// A best is the best names so far: a heap, with the worst in front.
type best struct {
	list   []ranked
	most   int
	scorer scorer
}

func (b *best) full() bool     { return len(b.list) == b.most }
func (b *best) worst() *ranked { return &b.list[0] }

func (b *best) add(r ranked) {
	worse := func(i, k int) bool { return compareRanked(b.list[i], b.list[k]) > 0 }
	if !b.full() {
		b.list = append(b.list, r)
		for i := len(b.list) - 1; i > 0 && worse(i, (i-1)/2); i = (i - 1) / 2 {
			b.list[i], b.list[(i-1)/2] = b.list[(i-1)/2], b.list[i]
		}
		return
	}
	b.list[0] = r
	for i := 0; ; {
		k := 2*i + 1
		if k >= len(b.list) {
			return
		}
		if k+1 < len(b.list) && worse(k+1, k) {
			k++
		}
		if !worse(k, i) {
			return
		}
		b.list[i], b.list[k] = b.list[k], b.list[i]
		i = k
	}
}
