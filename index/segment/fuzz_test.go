package segment

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"vitrine/index/block"
)

// FuzzRun reads any bytes as a run. What is accepted is in order.
func FuzzRun(f *testing.F) {
	folder := f.TempDir()
	a := NewAccumulator(2, 3)
	for _, w := range []string{"a", "ab", "b", "a"} {
		a.Add(0, []byte(w))
		a.Add(1, []byte("all"))
		a.End()
	}
	run, err := a.WriteRun(context.Background(), folder, ID{1})
	if err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(run.Path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := newRunReader(io.NopCloser(bytes.NewReader(data)), int64(len(data)))
		if err != nil {
			return
		}
		for r.left > 0 {
			before := bytes.Clone(r.at.term)
			ok, err := r.next()
			if err != nil {
				return
			}
			if !ok {
				continue
			}
			if bytes.Compare(before, r.at.term) >= 0 || len(r.at.term) > MaxTerm || len(r.at.docs) == 0 {
				t.Fatalf("%q after %q, %d documents", r.at.term, before, len(r.at.docs))
			}
			for i, d := range r.at.docs {
				if d < r.From || d >= r.To || i > 0 && r.at.docs[i-1] >= d {
					t.Fatalf("documents %d of %d to %d", r.at.docs, r.From, r.To)
				}
			}
		}
	})
}

// write makes a file whose digests are right.
func write(t testing.TB, path string, data []byte) {
	t.Helper()
	w, err := block.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
}

// FuzzSegment reads any bytes as a dictionary and as a zap segment, whose digests are
// right: what is verified must not crash the program even so.
func FuzzSegment(f *testing.F) {
	c := corpus{
		{"w": {"int", "get_foo", "all"}, "b": {"t (f"}},
		{"w": {"get_foo", "all"}},
		{"w": {"get_bar", "all"}, "b": {"t (f"}},
	}
	folder := f.TempDir()
	c.write(f, folder, 1, 0, len(c), 2)
	lists, err := os.ReadFile(filepath.Join(folder, Name(1)+zapSuffix))
	if err != nil {
		f.Fatal(err)
	}
	dictionary, err := os.ReadFile(filepath.Join(folder, Name(1)+dictionarySuffix))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(lists, dictionary, []byte("get"))
	f.Add(lists[:100], dictionary, []byte("\nget"))
	f.Add(lists, dictionary, []byte("\n"))
	f.Add(lists, dictionary, []byte("\nall\n"))
	f.Fuzz(func(t *testing.T, lists, dictionary, pattern []byte) {
		folder := t.TempDir()
		write(t, filepath.Join(folder, Name(1)+zapSuffix), lists)
		write(t, filepath.Join(folder, Name(1)+dictionarySuffix), dictionary)
		s, err := openAt(folder)
		if err != nil {
			return
		}
		defer s.Close()
		if len(pattern) == 0 || s.Docs() > 1<<20 {
			return // the set below would be large
		}
		if _, err := s.IDs(); err != nil {
			return
		}
		set := NewSet(s.Docs())
		for field := range s.fields {
			_, _ = s.Pages(field, pattern)
			_ = s.Each(context.Background(), field, pattern, func(term []byte, p Posting) bool {
				return s.Or(p, set, 0) == nil
			})
			_ = s.EachIn(context.Background(), field, Part{0, 1}, func(terms []byte, at int) int { return at }, func([]byte, Posting) bool { return true })
		}
	})
}
