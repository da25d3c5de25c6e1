package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

const (
	// batchDocs is how many blobs bleve inverts at once, in memory.
	batchDocs = 512

	// batchWords bounds the distinct words of a batch, each of which costs about
	// 150 bytes while it is inverted. Batches of Linux have 200,000 on average. A blob that does
	// not fit is searched without index.
	batchWords = 2 << 20

	// maxWord is the longest word that is looked up. A blob with a longer one
	// (base64 and other data in text) is searched without index.
	maxWord = 1024

	wordField = "w"

	// unindexed is the term of the blobs that are searched without index; it
	// cannot be a word.
	unindexed = " "
)

// releases is what the index needs of a deposit; it is *deposit.Deposit, and
// in tests a table.
type releases interface {
	Digest() deposit.Digest
	Releases() []deposit.Release
	Files(ctx context.Context, release string) ([]deposit.File, error)
}

// Build writes the index of d's releases to the folder dir, replacing what is
// there, from the blobs in c. progress, which may be nil, is called with bytes.
// A cancelled ctx is noticed between two blobs; joining the parts at the end is not interrupted.
func Build(ctx context.Context, dir string, d releases, c *content.Store, progress func(done, total int64)) error {
	return (&builder{content: c, progress: progress, batchWords: batchWords}).build(ctx, dir, d)
}

func (b *builder) build(ctx context.Context, dir string, d releases) (err error) {
	c := b.content
	if d.Digest() != c.Manifest() {
		return fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", c.Manifest(), d.Digest())
	}
	places, used, err := collect(ctx, d)
	if err != nil {
		return err
	}
	staged, err := content.Stage(dir)
	if err != nil {
		return err
	}
	published := false
	defer func() {
		if !published {
			err = errors.Join(err, staged.Discard())
		}
	}()
	b.dir = staged.Path()
	if err := b.writeWords(ctx, used); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := b.writeTables(places, used); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := writeSums(b.dir, d.Digest()); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	published = true
	return staged.Publish()
}

// collect lists the places of all releases and the blobs that are files there.
func collect(ctx context.Context, d releases) (*placeTable, map[deposit.Digest]bool, error) {
	t := newPlaceTable()
	used := make(map[deposit.Digest]bool)
	for i, r := range d.Releases() {
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			t.add(i, f)
			if isRegular(f.Mode) {
				used[f.Blob] = true
			}
		}
	}
	t.sort()
	return t, used, nil
}

func isRegular(mode uint32) bool { return mode&0o170000 == 0o100000 }

type builder struct {
	content    *content.Store
	progress   func(done, total int64)
	batchWords int

	dir  string           // the folder that is being filled
	docs []deposit.Digest // by document number
	left int              // distinct words that still fit the batch
	fold []byte
}

// searchable reports whether a blob is text of a size that is searched.
func searchable(info content.Info) bool {
	return info.Encoding != content.Binary && info.Size <= content.MaxText
}

// writeWords has bleve build the one segment, then writes what is derived from
// it. Blobs go in by digest, which mixes large and small ones in every batch.
func (b *builder) writeWords(ctx context.Context, used map[deposit.Digest]bool) error {
	var blobs []content.Info
	var done, total int64
	for _, info := range b.content.Blobs() {
		if used[info.Blob] && searchable(info) {
			blobs = append(blobs, info)
			total += info.Size
		}
	}
	if len(blobs) == 0 { // scorch.Builder cannot build an index of nothing
		return os.WriteFile(filepath.Join(b.dir, wordsName), []byte{'\n'}, 0o600)
	}
	scratch := filepath.Join(b.dir, "scratch")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return err
	}
	out, err := scorch.NewBuilder(map[string]interface{}{
		"path":            filepath.Join(b.dir, bleveName),
		"buildPathPrefix": scratch,
		"batchSize":       batchDocs,
	})
	if err != nil {
		return err
	}
	for i, info := range blobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i%batchDocs == 0 {
			b.left = b.batchWords
		}
		words, err := b.words(info.Blob)
		if err != nil {
			return err
		}
		if err := out.Index(newDocument(info.Blob.String(), words)); err != nil {
			return err
		}
		if done += info.Size; b.progress != nil {
			b.progress(done, total)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if err := os.RemoveAll(scratch); err != nil {
		return err
	}
	return b.derive(len(blobs))
}

// words returns the set of folded words of a blob, or the mark of a blob that
// is searched without index.
func (b *builder) words(blob deposit.Digest) (index.TokenFrequencies, error) {
	t, err := b.content.Text(blob)
	if err != nil {
		return nil, err
	}
	b.fold, _ = appendFold(b.fold[:0], t.Bytes())
	words := make(index.TokenFrequencies)
	fits := true
	eachWord(b.fold, func(w []byte) {
		if fits = fits && len(w) <= maxWord && len(words) < b.left; !fits {
			return
		}
		if _, ok := words[string(w)]; !ok {
			words[string(w)] = once
		}
	})
	if !fits {
		return index.TokenFrequencies{unindexed: once}, nil
	}
	b.left -= len(words)
	return words, nil
}

// derive writes the sorted words and learns the document numbers, which bleve
// assigns as it likes.
func (b *builder) derive(docs int) (err error) {
	seg, err := openSegment(b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, seg.Close()) }()
	if seg.Count() != uint64(docs) {
		return fmt.Errorf("bleve holds %d documents of %d", seg.Count(), docs)
	}
	b.docs = make([]deposit.Digest, docs)
	for i := range b.docs {
		id, err := seg.DocID(uint64(i))
		if err != nil {
			return err
		}
		if err := b.docs[i].UnmarshalText(id); err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
	}
	return writeDictionary(filepath.Join(b.dir, wordsName), seg)
}

// A document is a blob as bleve takes it, past its mapping and analysis.
type document struct{ id, words field }

// once is the frequency of every word: frequencies are not kept.
var once = &index.TokenFreq{}

func newDocument(id string, words index.TokenFrequencies) *document {
	self := &index.TokenFreq{Term: []byte(id)}
	self.SetFrequency(1)
	return &document{
		id:    field{"_id", []byte(id), index.TokenFrequencies{id: self}, index.IndexField | index.StoreField},
		words: field{wordField, nil, words, index.IndexField | index.SkipFreqNorm},
	}
}

func (d *document) ID() string                                 { return string(d.id.value) }
func (d *document) Size() int                                  { return len(d.words.terms) }
func (d *document) VisitFields(visit index.FieldVisitor)       { visit(&d.id); visit(&d.words) }
func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) NumPlainTextBytes() uint64                  { return 0 }
func (d *document) AddIDField()                                {}
func (d *document) StoredFieldsBytes() uint64                  { return 0 }
func (d *document) Indexed() bool                              { return true }

type field struct {
	name    string
	value   []byte
	terms   index.TokenFrequencies
	options index.FieldIndexingOptions
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }

// AnalyzedLength is at least 1: with 0, a word that occurs in one document only
// reads back empty after segments were merged.
func (f *field) AnalyzedLength() int { return 1 }
