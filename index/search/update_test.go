package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// contentOf makes the content store of a corpus.
func contentOf(t testing.TB, c *corpus) *content.Store {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	w, err := content.Create(dir, c.Digest())
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
	s, err := content.Open(dir, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// openBuilt opens an index as built does.
func openBuilt(t testing.TB, dir string, c *corpus, store *content.Store) built {
	t.Helper()
	ix, err := Open(dir, c, store)
	if err != nil {
		t.Fatal(err)
	}
	ix.fewDocs, ix.languages = 0, testLanguages{}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return built{Index: ix, dir: dir, content: store}
}

// ofAllReleases makes a query that names none: the scan knows three only.
func ofAllReleases(r *rand.Rand) bruteQuery {
	for {
		q := randomQuery(r)
		if !strings.Contains(q.source, "release:") && !strings.Contains(q.source, "-in:") {
			return q
		}
	}
}

// TestUpdates adds one release after the other, each on the index before. Every index
// finds what a scan finds, and its new segment has the new blobs only.
func TestUpdates(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	c := randomCorpus(r)
	for n := range maxTaken + 3 {
		name := fmt.Sprint("s", n)
		c.names = append(c.names, name)
		c.files[name] = map[string]string{}
		for p, text := range c.files[c.names[len(c.names)-2]] {
			c.files[name][p] = text
		}
		c.files[name]["new.c"] = fmt.Sprintf("int new%d;\n%s", n, randomText(r, 30))
	}
	before := ""
	blobs := 0
	for n := 2; n <= len(c.names); n++ {
		part := &corpus{names: c.names[:n], files: map[string]map[string]string{}}
		for _, name := range part.names {
			part.files[name] = c.files[name]
		}
		store := contentOf(t, part)
		dir := filepath.Join(t.TempDir(), "index")
		var inverted int64
		if err := BuildOn(context.Background(), dir, before, part, store, func(done, total int64) { inverted = total }); err != nil {
			t.Fatal(err)
		}
		b := openBuilt(t, dir, part, store)
		b.symbols = symbolsOf(part)
		if n > 4 && n <= maxTaken && (len(b.segments) < 3 || inverted > 1000) {
			t.Errorf("%d releases: %d segments, %d bytes inverted", n, len(b.segments), inverted)
		}
		if len(b.segments) > maxTaken+1 || b.docs < blobs {
			t.Errorf("%d releases: %d segments, %d documents after %d", n, len(b.segments), b.docs, blobs)
		}
		blobs = b.docs
		seen := map[string]bool{}
		for _, d := range b.blobs {
			if seen[d.String()] {
				t.Errorf("%d releases: blob %s twice", n, d)
			}
			seen[d.String()] = true
		}
		for range 60 {
			q := ofAllReleases(r)
			want := q.scan(part)
			if got := b.rows(t, q.source); !slices.Equal(got, want) {
				t.Fatalf("%d releases, query %s\n got %q\nwant %q", n, q.source, got, want)
			}
		}
		before = dir
	}
	// What was linked does not depend on where it came from.
	part := &corpus{names: c.names, files: c.files}
	store := contentOf(t, part)
	dir := filepath.Join(t.TempDir(), "index")
	if err := BuildOn(context.Background(), dir, before, part, store, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(before); err != nil {
		t.Fatal(err)
	}
	b := openBuilt(t, dir, part, store)
	b.symbols = symbolsOf(part)
	q := ofAllReleases(r)
	want := q.scan(part)
	if got := b.rows(t, q.source); !slices.Equal(got, want) {
		t.Errorf("query %s\n got %q\nwant %q", q.source, got, want)
	}
}

// TestUpdateOfNothingUseful: an index before that is missing, damaged, or of something
// else costs nothing but time.
func TestUpdateOfNothingUseful(t *testing.T) {
	other := build(t, one(map[string]string{"x": "quite different\n"}))
	damaged := build(t, one(map[string]string{"a": "needle\n"}))
	if err := os.WriteFile(filepath.Join(damaged.dir, block.SumsName), []byte("vitrine search 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := one(map[string]string{"a": "needle\n", "b": "needle too\n"})
	store := contentOf(t, c)
	for _, before := range []string{"/nowhere", other.dir, damaged.dir} {
		dir := filepath.Join(t.TempDir(), "index")
		if err := BuildOn(context.Background(), dir, before, c, store, nil); err != nil {
			t.Fatal(err)
		}
		if b := openBuilt(t, dir, c, store); len(b.segments) != 1 || len(b.rows(t, "needle")) != 2 {
			t.Errorf("%s: %d segments", before, len(b.segments))
		}
	}
}

// TestDamageInTheIndexBefore: a search that comes to it says so, and what is damaged is
// not taken over, so that building again mends it.
func TestDamageInTheIndexBefore(t *testing.T) {
	c := one(map[string]string{"a": "needle\n", "b": "needle too\n"})
	b := build(t, c)
	path := filepath.Join(segment.StoreFolder(filepath.Join(b.dir, bleveName)), segment.Name(1)+".zap")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := errors.Join(os.Remove(path), os.WriteFile(path, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	q, err := Parse("needle")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openBuilt(t, b.dir, c, b.content).Search(context.Background(), q, func(Hit) bool { return true }); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
	dir := filepath.Join(t.TempDir(), "index")
	if err := BuildOn(context.Background(), dir, b.dir, c, b.content, nil); err != nil {
		t.Fatal(err)
	}
	if n := len(openBuilt(t, dir, c, b.content).rows(t, "needle")); n != 2 {
		t.Errorf("%d hits", n)
	}
}

// manyShares is a corpus of more than one share.
func manyShares() *corpus {
	files := map[string]string{}
	for i := range 40 {
		files[fmt.Sprintf("f%02d", i)] = fmt.Sprintf("needle%d\n", i) + strings.Repeat(fmt.Sprintf("some text %d\n", i), 20000)
	}
	return one(files)
}

// TestBuildGoesOn: what a cancelled build has finished is not done again, unless it was
// damaged, and what is not of use is cleared away.
func TestBuildGoesOn(t *testing.T) {
	c := manyShares()
	store := contentOf(t, c)
	dir := filepath.Join(t.TempDir(), "index")
	cancelled := func() {
		ctx, cancel := context.WithCancel(context.Background())
		b := &builder{content: store, blobWords: blobWords, minShare: 1 << 20, runText: 1 << 20, mostRuns: segment.MaxRuns, progress: func(done, total int64) {
			if done > total*3/4 {
				cancel()
			}
		}}
		err := b.build(ctx, dir, c)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	runs := func() []string {
		names, err := filepath.Glob(filepath.Join(dir+".parts", "run-*"))
		if err != nil || len(names) == 0 {
			t.Fatalf("runs %q, %v", names, err)
		}
		return names
	}
	finish := func() (first int64) {
		first = -1
		if err := Build(context.Background(), dir, c, store, func(done, total int64) {
			if first < 0 {
				first = done
			}
			if done > total {
				t.Errorf("%d of %d", done, total)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if n := len(openBuilt(t, dir, c, store).rows(t, "needle")); n != 40 {
			t.Errorf("%d hits", n)
		}
		left, err := os.ReadDir(filepath.Dir(dir))
		if err != nil || len(left) != 2 {
			t.Errorf("left %v, %v", left, err)
		}
		return first
	}
	cancelled()
	runs()
	if err := os.WriteFile(filepath.Join(dir+".parts", "run-00000000-00000001.tmp"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if first := finish(); first < 2<<20 {
		t.Errorf("it began at %d", first)
	}

	cancelled()
	for _, name := range runs() {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)-60] ^= 1
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	finish()

	// The runs are of other blobs.
	cancelled()
	c = one(map[string]string{"a": strings.Repeat("needle\n", 40)})
	store = contentOf(t, c)
	if first := finish(); first != 7*40 {
		t.Errorf("it began at %d", first)
	}
}

// TestBuildsAreTheSame: the index does not depend on how the work was shared out, so that
// its digest tells whether it was altered.
func TestBuildsAreTheSame(t *testing.T) {
	c := manyShares()
	store := contentOf(t, c)
	var digests []deposit.Digest
	for _, share := range []int64{1, 100, 3000, maxShare} {
		dir := filepath.Join(t.TempDir(), "index")
		if err := (&builder{content: store, blobWords: blobWords, minShare: share, mostRuns: segment.MaxRuns}).build(t.Context(), dir, c); err != nil {
			t.Fatal(err)
		}
		digests = append(digests, openBuilt(t, dir, c, store).Digest())
	}
	for _, d := range digests[1:] {
		if d != digests[0] {
			t.Errorf("the digests are %v", digests)
		}
	}
}
