package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// An Index answers queries over one deposit. It may be used by several goroutines.
type Index struct {
	content   *content.Store
	releases  []string
	files     []pathPlaces // ascending by path
	blobs     []deposit.Digest
	docs      int             // blobs[:docs] are documents, by number
	segment   *zap.Segment    // nil when there is no document
	words     []byte          // "\n" word "\n" word "\n" …, sorted
	unindexed *roaring.Bitmap // documents that no word leads to
	fewDocs   uint64          // see the constant
	languages languages
	work      sync.WaitGroup // what searches still do
}

// Open opens the index at dir of the deposit d. Every file is hashed and
// compared with what Build wrote: about a second for each GB.
func Open(dir string, d releases, c *content.Store) (*Index, error) {
	ix, err := open(dir, d, c)
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", dir, err)
	}
	return ix, nil
}

func open(dir string, d releases, c *content.Store) (*Index, error) {
	if d.Digest() != c.Manifest() {
		return nil, fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", c.Manifest(), d.Digest())
	}
	if err := checkSums(dir, d.Digest()); err != nil {
		return nil, err
	}
	ix := &Index{content: c, unindexed: roaring.New(), fewDocs: fewDocs, languages: lexed{}}
	for _, r := range d.Releases() {
		ix.releases = append(ix.releases, r.Name)
	}
	data, err := os.ReadFile(filepath.Join(dir, blobsName))
	if err != nil {
		return nil, err
	}
	if ix.blobs, ix.docs, err = parseBlobs(data); err != nil {
		return nil, fmt.Errorf("%s %w", blobsName, err)
	}
	if data, err = os.ReadFile(filepath.Join(dir, placesName)); err != nil {
		return nil, err
	}
	if ix.files, err = parsePlaces(data, len(ix.releases), len(ix.blobs)); err != nil {
		return nil, fmt.Errorf("%s %w", placesName, err)
	}
	if ix.words, err = os.ReadFile(filepath.Join(dir, wordsName)); err != nil {
		return nil, err
	}
	if len(ix.words) == 0 || ix.words[0] != '\n' || ix.words[len(ix.words)-1] != '\n' {
		return nil, fmt.Errorf("%s %w", wordsName, errTable)
	}
	if ix.docs == 0 {
		return ix, nil
	}
	if ix.segment, err = openSegment(dir); err != nil {
		return nil, err
	}
	if err := ix.loadUnindexed(); err != nil {
		return nil, errors.Join(err, ix.segment.Close())
	}
	return ix, nil
}

func (ix *Index) loadUnindexed() error {
	if n := ix.segment.Count(); n != uint64(ix.docs) {
		return fmt.Errorf("bleve holds %d documents, %s lists %d; build it again", n, blobsName, ix.docs)
	}
	p, err := ix.postings()
	if err != nil {
		return err
	}
	return p.or([]byte(unindexed), ix.unindexed)
}

// Close unmaps the index. No search may be under way.
func (ix *Index) Close() error {
	ix.work.Wait() // for what a cancelled one left
	if ix.segment == nil {
		return nil
	}
	return ix.segment.Close()
}

// postings reads posting lists for one goroutine: zap's dictionaries keep state.
type postings struct {
	dict  segment.TermDictionary
	spare segment.PostingsList
}

func (ix *Index) postings() (*postings, error) {
	dict, err := ix.segment.Dictionary(wordField)
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	return &postings{dict: dict}, nil
}

// or adds the documents of a word to bm.
func (p *postings) or(word []byte, bm *roaring.Bitmap) error {
	list, err := p.dict.PostingsList(word, nil, p.spare)
	if err != nil {
		return fmt.Errorf("search index: word %q: %w", word, err)
	}
	p.spare = list
	z, ok := list.(*zap.PostingsList)
	if !ok {
		return fmt.Errorf("search index: postings are a %T", list)
	}
	z.OrInto(bm)
	return nil
}

const (
	// maxExpand is how many words a part of a literal may stand for: beyond it
	// reading their postings costs more than verifying the blobs would.
	maxExpand = 20000

	// fewDocs is the number of candidates that are verified in less time than a
	// pass over the dictionary takes.
	fewDocs = 8
)

// candidates narrows scope to the documents of which the query may be true.
func (ix *Index) candidates(ctx context.Context, q *Query, scope *roaring.Bitmap) (*roaring.Bitmap, error) {
	if ix.segment == nil || scope.IsEmpty() {
		return scope, nil
	}
	p, err := ix.postings()
	if err != nil {
		return nil, err
	}
	return ix.narrowNode(ctx, p, q, q.root, scope)
}

// narrow leaves of cur the documents that have a word for each run.
func (ix *Index) narrow(ctx context.Context, p *postings, runs []run, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	slices.SortStableFunc(runs, func(a, b run) int {
		if a.exact() != b.exact() {
			if a.exact() {
				return -1
			}
			return 1
		}
		return len(b.s) - len(a.s)
	})
	for _, r := range runs {
		if !r.exact() && cur.GetCardinality() <= ix.fewDocs {
			break // so are all that follow
		}
		docs, err := ix.expand(ctx, p, r)
		if err != nil {
			return nil, err
		}
		if docs != nil {
			docs.Or(ix.unindexed)
			docs.And(cur)
			cur = docs
		}
	}
	return cur, nil
}

// expand returns the documents that have a word with the run; nil when that
// would not narrow anything.
func (ix *Index) expand(ctx context.Context, p *postings, r run) (*roaring.Bitmap, error) {
	docs := roaring.New()
	if r.exact() {
		return docs, p.or([]byte(r.s), docs)
	}
	if len(r.s) < 2 {
		return nil, nil // a single letter is in nearly every blob
	}
	pattern := r.pattern()
	from, to := 0, len(ix.words)
	if !r.left {
		from, to = ix.prefixRange([]byte(r.s))
	}
	for n := 0; from < to; n++ {
		i := bytes.Index(ix.words[from:to], pattern)
		if i < 0 {
			break
		}
		hit := from + i
		if r.left {
			hit = bytes.LastIndexByte(ix.words[:hit], '\n')
		}
		end := hit + 1 + bytes.IndexByte(ix.words[hit+1:], '\n')
		if err := p.or(ix.words[hit+1:end], docs); err != nil {
			return nil, err
		}
		from = end // the "\n" may begin the next hit
		if n%1024 == 1023 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if n > maxExpand || docs.GetCardinality() > uint64(ix.docs)*9/10 {
				return nil, nil
			}
		}
	}
	return docs, nil
}

// prefixRange is the part of words with those that begin with prefix, from the
// "\n" before the first to the "\n" after the last.
func (ix *Index) prefixRange(prefix []byte) (from, to int) {
	last := len(ix.words) - 1
	// after reports whether the word that begins behind the next "\n" from offset
	// i on is beyond what isBefore accepts; no word is beyond everything.
	after := func(i int, isBefore func(word []byte) bool) bool {
		start := lineEnd(ix.words, i) + 1
		return start > last || !isBefore(ix.words[start:lineEnd(ix.words, start)])
	}
	from = sort.Search(last, func(i int) bool {
		return after(i, func(w []byte) bool { return bytes.Compare(w, prefix) < 0 })
	})
	to = from + sort.Search(last-from, func(i int) bool {
		return after(from+i, func(w []byte) bool { return bytes.Compare(w, prefix) < 0 || bytes.HasPrefix(w, prefix) })
	})
	return lineEnd(ix.words, from), lineEnd(ix.words, to) + 1
}
