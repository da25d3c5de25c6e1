package segment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"github.com/blevesearch/bleve/v2/search/query"
)

// A corpus is documents with their terms, per field.
type corpus []map[string][]string

func id(n int) ID { return sha256.Sum256(fmt.Append(nil, "document ", n)) }

func (c corpus) ids(from, to int) (out []ID) {
	for n := from; n < to; n++ {
		out = append(out, id(n))
	}
	return out
}

var testFields = []string{"w", "b"}

// randomCorpus has terms in every number of documents, from one to all.
func randomCorpus(r *rand.Rand, docs, terms int) corpus {
	c := make(corpus, docs)
	for i := range c {
		c[i] = map[string][]string{}
	}
	for _, f := range testFields {
		for n := range terms {
			t := fmt.Sprintf("%s%d", []string{"get", "set_", "mm", "é"}[n%4], r.IntN(1<<30))
			if n%50 == 0 {
				t += string(bytes.Repeat([]byte("x"), r.IntN(MaxTerm-20)))
			}
			some := 1
			switch n % 6 {
			case 0:
				some = 1 + r.IntN(docs)
			case 1, 2:
				some = 1 + r.IntN(5)
			}
			for range some {
				d := c[r.IntN(docs)]
				d[f] = append(d[f], t)
			}
		}
		for _, d := range c {
			d[f] = append(d[f], "all")
		}
	}
	return c
}

// write makes segment n of documents from to to, in runs of some documents.
func (c corpus) write(t testing.TB, store string, n uint64, from, to, each int) {
	t.Helper()
	ctx := context.Background()
	folder := t.TempDir()
	var runs []Run
	a := NewAccumulator(len(testFields), 0)
	for at := from; at < to; at += each {
		a.Reset(uint32(at - from))
		for _, d := range c[at:min(at+each, to)] {
			for i, f := range testFields {
				for _, term := range d[f] {
					a.Add(i, []byte(term))
				}
			}
			a.End()
		}
		r, err := a.WriteRun(ctx, folder, ID{1})
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	found, err := OpenRuns(folder, ID{1}, to-from)
	if err != nil || !slices.Equal(found, runs) {
		t.Fatalf("runs %v, want %v, %v", found, runs, err)
	}
	// The last one is merged as it is in memory.
	last, err := a.Sort(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sources := make([]Source, len(runs))
	for i, r := range runs {
		sources[i] = r
	}
	sources[len(runs)-1] = last
	if err := Merge(ctx, store, Name(n), testFields, c.ids(from, to), sources); err != nil {
		t.Fatal(err)
	}
}

// postings lists the documents of each term of a field.
func (c corpus) postings(field string) map[string][]int {
	out := map[string][]int{}
	for i, d := range c {
		for _, t := range d[field] {
			if l := out[t]; len(l) == 0 || l[len(l)-1] != i {
				out[t] = append(l, i)
			}
		}
	}
	return out
}

// bleveIndex writes the corpus as an index of two segments.
func (c corpus) bleveIndex(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bleve")
	if err := os.MkdirAll(StoreFolder(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	half := len(c) / 3
	c.write(t, StoreFolder(dir), 1, 0, half, 40)
	c.write(t, StoreFolder(dir), 2, half, len(c), 150)
	if err := WriteBleve(dir, 2); err != nil {
		t.Fatal(err)
	}
	return dir
}

// found asks bleve for the documents that a query finds.
func found(t testing.TB, ix bleve.Index, q query.Query, docs int) (out []string) {
	t.Helper()
	res, err := ix.Search(bleve.NewSearchRequestOptions(q, docs+1, 0, false))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range res.Hits {
		out = append(out, h.ID)
	}
	slices.Sort(out)
	return out
}

// TestStockBleve has bleve open our index, search it, merge its segments and search
// again: each time it finds what it finds in an index that it built itself.
func TestStockBleve(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := randomCorpus(r, 2500, 240)
	dir := c.bleveIndex(t)

	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = "keyword"
	stock, err := bleve.NewUsing(filepath.Join(t.TempDir(), "stock"), m, scorch.Name, scorch.Name, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stock.Close()
	batch := stock.NewBatch()
	for i, d := range c {
		n := id(i)
		if err := batch.Index(hex.EncodeToString(n[:]), map[string]any{"w": d["w"], "b": d["b"]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := stock.Batch(batch); err != nil {
		t.Fatal(err)
	}

	ix, err := bleve.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	}()
	compare := func(when string) {
		t.Helper()
		if n, err := ix.DocCount(); err != nil || n != uint64(len(c)) {
			t.Fatalf("%s: %d documents, %v", when, n, err)
		}
		for _, f := range testFields {
			terms := slices.Sorted(maps.Keys(c.postings(f)))
			for i := 0; i < len(terms); i += 1 + len(terms)/60 {
				q := query.NewTermQuery(terms[i])
				q.SetField(f)
				got, want := found(t, ix, q, len(c)), found(t, stock, q, len(c))
				if !slices.Equal(got, want) || len(want) == 0 {
					t.Fatalf("%s: %s:%.40q: %d documents, want %d", when, f, terms[i], len(got), len(want))
				}
			}
			for _, prefix := range []string{"get1", "mm", "é9", "nothing"} {
				q := query.NewPrefixQuery(prefix)
				q.SetField(f)
				if got, want := found(t, ix, q, len(c)), found(t, stock, q, len(c)); !slices.Equal(got, want) {
					t.Fatalf("%s: %s:%s*: %d documents, want %d", when, f, prefix, len(got), len(want))
				}
			}
		}
	}
	compare("as written")
	advanced, err := ix.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	s := advanced.(*scorch.Scorch)
	segments := func() int {
		r, err := s.Reader()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		return len(r.(*scorch.IndexSnapshot).Segments())
	}
	before := segments()
	if err := s.ForceMerge(context.Background(), &mergeplan.SingleSegmentMergePlanOptions); err != nil {
		t.Fatal(err)
	}
	if after := segments(); before != 2 || after != 1 {
		t.Fatalf("%d segments became %d, want 2 and 1", before, after)
	}
	compare("merged by bleve")

	// And it goes on as any index of bleve.
	if err := ix.Index("one more", map[string]any{"w": "all"}); err != nil {
		t.Fatal(err)
	}
	q := query.NewTermQuery("all")
	q.SetField("w")
	if got := found(t, ix, q, len(c)+1); len(got) != len(c)+1 {
		t.Errorf("%d documents after another was added", len(got))
	}
}
