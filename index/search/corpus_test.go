package search

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// A corpus is a deposit as a table: release, path, text.
type corpus struct {
	names []string
	files map[string]map[string]string
	modes map[string]uint32 // by path, when not a plain file
}

func (c *corpus) Digest() deposit.Digest { return sha256.Sum256([]byte("manifest")) }

func (c *corpus) Releases() (out []deposit.Release) {
	for _, n := range c.names {
		out = append(out, deposit.Release{Name: n})
	}
	return out
}

func (c *corpus) Files(_ context.Context, release string) (out []deposit.File, err error) {
	for path, text := range c.files[release] {
		f := deposit.File{Path: path, Blob: sha256.Sum256([]byte(text)), Size: int64(len(text)), Mode: 0o100644}
		if m := c.modes[path]; m != 0 {
			f.Mode = m
		}
		if f.Mode == 0o160000 {
			f.Blob = deposit.Digest{}
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b deposit.File) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// one is a corpus of one release.
func one(files map[string]string) *corpus {
	return &corpus{names: []string{"1.0"}, files: map[string]map[string]string{"1.0": files}}
}

type built struct {
	*Index
	dir     string
	content *content.Store
	symbols Symbols
}

func build(t testing.TB, c *corpus) built {
	t.Helper()
	return buildWith(t, c, blobWords, segment.MaxRuns)
}

// buildWith bounds the words of a blob and the runs of a segment otherwise; they are of
// a few blobs each. The index narrows the candidates down to the last, so that small
// corpora try the planner too.
func buildWith(t testing.TB, c *corpus, words, runs int) built {
	t.Helper()
	dir := t.TempDir()
	w, err := content.Create(filepath.Join(dir, "content"), c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range c.files {
		for _, text := range files {
			if err := w.Add([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	store, err := content.Open(filepath.Join(dir, "content"), c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	ixDir := filepath.Join(dir, "index")
	if err := (&builder{content: store, blobWords: words, minShare: 200, runText: 1, mostRuns: runs}).build(context.Background(), ixDir, c); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(ixDir, c, store)
	if err != nil {
		t.Fatal(err)
	}
	ix.patience = patience{quickPages: 0, firstFiles: 3} // all that is for larger ones
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return built{Index: ix, dir: ixDir, content: store}
}

// rows is a search as lines of text.
func (b built) rows(t testing.TB, query string) []string {
	t.Helper()
	q, err := Parse(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var out []string
	report, err := b.Search(context.Background(), q.WithSymbols(b.symbols), func(h Hit) bool {
		out = append(out, row(h))
		return true
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if report.Lines != len(out) || report.Stopped {
		t.Errorf("%s: report %+v for %d hits", query, report, len(out))
	}
	return out
}

func row(h Hit) string {
	return fmt.Sprintf("%s:%s:%d:%d:%s %v %d-%d", h.Place.Release, h.Place.Path, h.Line, h.Column, h.Text, h.Matches, h.Span.From, h.Span.To)
}

// testLanguages knows the language "c" of *.c: comments of both kinds, and
// strings that end on their line.
type testLanguages struct{}

func (testLanguages) Known(id string) bool { return id == "c" || id == "h" || id == "none" }

func (testLanguages) Language(path string, _ []byte) string {
	if strings.HasSuffix(path, ".c") {
		return "c"
	}
	return ""
}

func (l testLanguages) ByName(path string) (string, bool) {
	id := l.Language(path, nil)
	return id, id != ""
}

var testRegions = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?(?:\*/|\z)|"(?:\\[^\n]|[^"\\\n])*"?`)

func (testLanguages) Parts(_ context.Context, _ string, text []byte) parts {
	p := testParts{}
	at := 0
	for _, m := range testRegions.FindAllIndex(text, -1) {
		p.add(inCode, at, m[0])
		if at = m[1]; text[m[0]] == '/' {
			p.add(inComment, m[0], m[1])
		} else {
			p.add(inString, m[0], m[1])
		}
	}
	p.add(inCode, at, len(text))
	return p
}

// testParts are the pieces of each kind.
type testParts map[region][][2]int

func (p testParts) add(r region, from, to int) {
	if from < to {
		p[r] = append(p[r], [2]int{from, to})
	}
}

func (p testParts) In(r region, from, to int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for _, m := range p[r] {
			if a, b := max(m[0], from), min(m[1], to); a < b && !yield(a, b) {
				return
			}
		}
	}
}
