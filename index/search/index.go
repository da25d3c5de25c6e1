package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// An Index answers queries over one deposit. It may be used by several goroutines.
type Index struct {
	content   *content.Store
	digest    deposit.Digest
	releases  []string
	files     []pathPlaces // ascending by path
	blobs     []deposit.Digest
	docs      int // blobs[:docs] are documents, by number
	segments  []numbered
	others    []content.Info // of blobs[docs:]
	places    int            // of all files
	overview  overview
	unindexed *roaring.Bitmap // documents that no word leads to
	patience
	languages languages
	work      sync.WaitGroup // what searches still do
	lookup    lookup
	filtered  filtered
	early     bool // nothing but names is known
}

// A patience is what is read before something else is done; see the constants.
type patience struct {
	fewDocs                uint64
	quickPages, firstFiles int
}

var usual = patience{fewDocs, quickPages, firstFiles}

// A numbered is a segment whose documents have the numbers from base on.
type numbered struct {
	*segment.Segment
	base int
}

// Open opens the index at dir of the deposit d. The tables are read and verified now,
// the words and what they lead to when a search comes to them.
func Open(dir string, d releases, c *content.Store) (*Index, error) {
	ix, err := open(dir, d, c)
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", dir, err)
	}
	return ix, nil
}

func open(dir string, d releases, c *content.Store) (_ *Index, err error) {
	if d.Digest() != c.Manifest() {
		return nil, fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", c.Manifest(), d.Digest())
	}
	s, err := sumsOf(dir, d.Digest())
	if err != nil {
		return nil, err
	}
	ix := &Index{content: c, digest: s.Digest, unindexed: roaring.New(), patience: usual, languages: lexed{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, ix.Close())
		}
	}()
	for _, r := range d.Releases() {
		ix.releases = append(ix.releases, r.Name)
	}
	if err := ix.openSegments(dir, s); err != nil {
		return nil, err
	}
	if err := ix.readTables(s); err != nil {
		return nil, err
	}
	return ix, ix.loadUnindexed()
}

func (ix *Index) openSegments(dir string, s *block.Sums) error {
	for n := range segmentsIn(s) {
		o, err := segment.Open(segment.StoreFolder(filepath.Join(dir, bleveName)), segment.Name(uint64(n+1)),
			func(name string) ([]byte, error) { return s.Read(storeName(name)) })
		if err != nil {
			return err
		}
		ix.segments = append(ix.segments, numbered{o, ix.docs})
		ids, err := o.IDs()
		if err != nil {
			return err
		}
		for _, id := range ids {
			ix.blobs = append(ix.blobs, deposit.Digest(id))
		}
		ix.docs += len(ids)
	}
	return nil
}

// readTables reads every file that is not a segment's. What bleve alone needs is
// compared like the rest.
func (ix *Index) readTables(s *block.Sums) error {
	tables := map[string][]byte{}
	for _, name := range s.Names() {
		if strings.HasSuffix(name, block.Suffix) {
			continue
		}
		data, err := s.Read(name)
		if err != nil {
			return err
		}
		tables[name] = data
	}
	others, err := parseBlobs(tables[blobsName])
	if err != nil {
		return fmt.Errorf("%s %w", blobsName, err)
	}
	ix.blobs = append(ix.blobs, others...)
	if ix.files, err = parsePlaces(tables[placesName], len(ix.releases), len(ix.blobs)); err != nil {
		return fmt.Errorf("%s %w", placesName, err)
	}
	for _, blob := range others {
		info, _ := ix.content.Info(blob)
		ix.others = append(ix.others, info)
	}
	for _, f := range ix.files {
		ix.places += len(f.places)
	}
	ix.overview = ix.survey()
	return nil
}

func (ix *Index) loadUnindexed() error {
	set := segment.NewSet(ix.docs)
	if err := ix.or(wordField, []byte(unindexed), set); err != nil {
		return err
	}
	ix.unindexed = set.Bitmap()
	return nil
}

// Digest stands for every byte of the index: it is the SHA-256 of the list of the
// digests of all files.
func (ix *Index) Digest() deposit.Digest { return ix.digest }

// Close unmaps the index. No search may be under way.
func (ix *Index) Close() error {
	ix.work.Wait() // for what a cancelled one left
	var errs []error
	for _, s := range ix.segments {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// or adds the documents of a term to a set.
func (ix *Index) or(field int, term []byte, set *segment.Set) error {
	for _, s := range ix.segments {
		p, ok, err := s.Find(fieldNames[field], term)
		if err == nil && ok {
			err = s.Or(p, set, s.base)
		}
		if err != nil {
			return damaged(err)
		}
	}
	return nil
}

// orAll adds the documents of all terms with a pattern, of which there are few.
func (ix *Index) orAll(ctx context.Context, field int, pattern []byte, set *segment.Set) error {
	for _, s := range ix.segments {
		var failed error
		err := s.Each(ctx, fieldNames[field], pattern, func(_ []byte, p segment.Posting) bool {
			failed = s.Or(p, set, s.base)
			return failed == nil
		})
		if err = errors.Join(err, failed); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return damaged(err)
		}
	}
	return nil
}

// ErrDamaged is wrapped by the error of a search that came to a part of the index that
// is not what was built. The index can be built again.
var ErrDamaged = block.ErrDamaged

func damaged(err error) error { return fmt.Errorf("search index: %w", err) }

const (
	// maxExpand is how many words a part of a literal may stand for: a fifth of a
	// second's worth. A literal in more is likely to be in nearly every blob.
	maxExpand = 1 << 20

	// sharedPages is from how many pages on, a millisecond's worth, several goroutines
	// look for words, at most maxExpanders, each with a bit for every document.
	sharedPages  = 256
	maxExpanders = 8

	// manyParts is into how many parts these share them at most, each of fewPages or
	// more from all over the dictionary. A run that the first of them lets expect in
	// more than manyWords, and finds in a quarter of the blobs already, is in nearly
	// every one.
	manyParts = 32
	fewPages  = 64
	manyWords = 100_000

	// fewDocs is the number of candidates that are verified in less time than a
	// pass over the dictionary takes.
	fewDocs = 8

	// pagesPerDoc is how many pages of the dictionaries are read in the time that
	// verifying a document takes.
	pagesPerDoc = 20

	// dearPages is how many pages of the dictionaries are not read any more, some
	// milliseconds' worth, when other parts of the query have narrowed the candidates.
	dearPages = 1000
)

// candidates narrows scope to the documents of which the query may be true, as far as e
// lets it.
func (ix *Index) candidates(ctx context.Context, q *Query, scope *roaring.Bitmap, e *effort) (*roaring.Bitmap, error) {
	if len(ix.segments) == 0 || scope.IsEmpty() {
		return scope, nil
	}
	if q.holding != "" {
		return ix.holding(q.holding, scope)
	}
	return narrowing{ix, q, e}.node(ctx, q.root, scope)
}

// A narrowing is what a query leaves of documents, with a bounded effort.
type narrowing struct {
	*Index
	q *Query
	*effort
}

// spare reports whether so many pages are more than may be read now.
func (e *effort) spare(pages int) bool {
	if pages <= e.most {
		return false
	}
	e.spared += pages
	return true
}

// literals leaves of cur the documents that have all that the literals, folded, consist
// of: a word for each run, and what stands between two of them.
func (ix narrowing) literals(ctx context.Context, literals []string, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	var parts, whole []run
	var boundaries []string
	for _, l := range literals {
		for _, r := range runsOf(l) {
			if r.exact() {
				whole = append(whole, r)
			} else {
				parts = append(parts, r)
			}
		}
		boundaries = append(boundaries, boundariesOf(l)...)
	}
	and := func(set *segment.Set) {
		docs := set.Bitmap()
		docs.Or(ix.unindexed)
		docs.And(cur)
		cur = docs
	}
	// What is looked up without search comes first, and the longest first.
	longest := func(a, b string) int { return len(b) - len(a) }
	slices.SortStableFunc(whole, func(a, b run) int { return longest(a.s, b.s) })
	for _, r := range whole {
		set := segment.NewSet(ix.docs)
		if err := ix.or(wordField, []byte(r.s), set); err != nil {
			return nil, err
		}
		and(set)
	}
	slices.SortStableFunc(boundaries, longest)
	for _, b := range boundaries {
		if cur.GetCardinality() <= ix.fewDocs {
			return cur, nil
		}
		set := segment.NewSet(ix.docs)
		if err := ix.orAll(ctx, boundaryField, []byte(b), set); err != nil {
			return nil, err
		}
		and(set)
	}
	costs, err := ix.costs(parts)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(parts, func(a, b run) int { return cmp.Compare(costs[a], costs[b]) })
	narrowed := len(whole)+len(boundaries) > 0
	for _, r := range parts {
		n := cur.GetCardinality()
		dear := int(n) * pagesPerDoc
		if narrowed {
			dear = min(int(n)/2, dearPages)
		}
		if n <= ix.fewDocs || ix.fewDocs > 0 && costs[r] > dear {
			return cur, nil // so are all that follow
		}
		if ix.spare(costs[r]) {
			return cur, nil
		}
		if len(r.s) < 2 {
			continue // a single letter is in nearly every blob
		}
		set, err := ix.expand(ctx, r.pattern(), nil, costs[r])
		if err != nil {
			return nil, err
		}
		if set != nil {
			and(set)
			narrowed = true
		}
	}
	return cur, nil
}

// costs tells for each run how many pages of the dictionaries it takes to expand it.
func (ix *Index) costs(runs []run) (map[run]int, error) {
	out := make(map[run]int, len(runs))
	for _, r := range runs {
		n, err := ix.pages(r.pattern())
		if err != nil {
			return nil, err
		}
		out[r] = n
	}
	return out, nil
}

// pages is in how many pages of the dictionaries a pattern may be.
func (ix *Index) pages(pattern []byte) (n int, err error) {
	for _, s := range ix.segments {
		pages, err := s.Pages(fieldNames[wordField], pattern)
		if err != nil {
			return 0, damaged(err)
		}
		n += pages
	}
	return n, nil
}

// expand returns the documents that have a word with the pattern, and with the part of
// a regexp unless that is nil; nil when that would not narrow anything. cost is the
// number of pages that it takes.
func (ix *Index) expand(ctx context.Context, pattern []byte, w *wordPart, cost int) (*segment.Set, error) {
	workers, parts := 1, 1
	if cost > sharedPages {
		workers, parts = min(runtime.GOMAXPROCS(0), maxExpanders), min(cost/fewPages, manyParts)
	}
	e := expansion{ix: ix, pattern: pattern, wanted: w}
	sets, errs := make([]*segment.Set, workers), make([]error, workers)
	for w := range workers {
		sets[w] = segment.NewSet(ix.docs)
	}
	errs[0] = e.part(ctx, segment.Part{N: 0, Of: parts}, sets[0])
	if int(e.words.Load())*parts > manyWords && sets[0].Count() > ix.docs/4 {
		e.tooMany.Store(true)
	}
	var running sync.WaitGroup
	for w := range workers {
		running.Go(func() {
			for n := 1 + w; n < parts && errs[w] == nil && !e.tooMany.Load(); n += workers {
				errs[w] = e.part(ctx, segment.Part{N: n, Of: parts}, sets[w])
			}
		})
	}
	running.Wait()
	if err := errors.Join(errs...); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, damaged(err)
	}
	for _, s := range sets[1:] {
		sets[0].Or(s)
	}
	if e.tooMany.Load() {
		return nil, nil
	}
	return sets[0], nil
}

// An expansion is the words with a run, which several goroutines look for.
type expansion struct {
	ix      *Index
	pattern []byte
	wanted  *wordPart // nil for all with the pattern
	words   atomic.Int64
	tooMany atomic.Bool
}

// part adds the documents of a part of the words to set.
func (e *expansion) part(ctx context.Context, part segment.Part, set *segment.Set) error {
	for _, s := range e.ix.segments {
		n := 0
		var failed error
		add := func(_ []byte, p segment.Posting) bool {
			if failed = s.Or(p, set, s.base); failed != nil {
				return false
			}
			if n++; n%1024 == 0 {
				failed = ctx.Err()
			}
			return failed == nil
		}
		err := e.each(ctx, s.Segment, part, add)
		if err := errors.Join(failed, err, ctx.Err()); err != nil {
			return err
		}
		if e.words.Add(int64(n)) > maxExpand || set.Count() > e.ix.docs/10*9 {
			e.tooMany.Store(true)
		}
	}
	return nil
}

// each visits the words that are looked for in a part of a segment.
func (e *expansion) each(ctx context.Context, s *segment.Segment, part segment.Part, visit func(word []byte, p segment.Posting) bool) error {
	field := fieldNames[wordField]
	if e.wanted == nil {
		return s.EachOf(ctx, field, e.pattern, part, visit)
	}
	a := e.wanted.automatons.Get().(*automaton)
	defer e.wanted.automatons.Put(a)
	if string(e.pattern) == everyWord {
		return s.EachIn(ctx, field, part, func(words []byte, at int) int { return a.line(ctx, words, at) }, visit)
	}
	return s.EachOf(ctx, field, e.pattern, part, func(word []byte, p segment.Posting) bool {
		return a.line(ctx, word, 0) < 0 || visit(word, p)
	})
}
