package segment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
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
			before := bytes.Clone(r.term)
			ok, err := r.next()
			if err != nil {
				return
			}
			if !ok {
				continue
			}
			if bytes.Compare(before, r.term) >= 0 || len(r.term) > MaxTerm || len(r.docs) == 0 {
				t.Fatalf("%q after %q, %d documents", r.term, before, len(r.docs))
			}
			for i, d := range r.docs {
				if d < r.From || d >= r.To || i > 0 && r.docs[i-1] >= d {
					t.Fatalf("documents %d of %d to %d", r.docs, r.From, r.To)
				}
			}
		}
	})
}

// FuzzSegment reads any bytes as a dictionary and as a zap segment, whose digests are
// right: whatever is verified must not crash the program even so.
func FuzzSegment(f *testing.F) {
	c := randomCorpus(rand.New(rand.NewPCG(7, 8)), 40, 60)
	folder := f.TempDir()
	c.write(f, folder, 1, 0, len(c), 20)
	lists, err := os.ReadFile(filepath.Join(folder, Name(1)+zapSuffix))
	if err != nil {
		f.Fatal(err)
	}
	dictionary, err := os.ReadFile(filepath.Join(folder, Name(1)+dictionarySuffix))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(lists, dictionary, []byte("get"))
	f.Add(lists[:100], dictionary, []byte("\n"))
	f.Fuzz(func(t *testing.T, lists, dictionary, pattern []byte) {
		if len(pattern) == 0 {
			return
		}
		folder := t.TempDir()
		digests := map[string][]byte{}
		for name, data := range map[string][]byte{Name(1) + zapSuffix: lists, Name(1) + dictionarySuffix: dictionary} {
			if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
			list := binary.BigEndian.AppendUint64(nil, uint64(len(data)))
			for at := 0; at < len(data); at += blockSize {
				sum := sha256.Sum256(data[at:min(at+blockSize, len(data))])
				list = append(list, sum[:]...)
			}
			digests[name+blocksSuffix] = list
		}
		s, err := Open(folder, Name(1), func(name string) ([]byte, error) { return digests[name], nil })
		if err != nil {
			return
		}
		defer s.Close()
		if s.Docs() > 1<<20 {
			return // the set below would be large
		}
		if _, err := s.IDs(); err != nil {
			return
		}
		set := NewSet(s.Docs())
		for field := range s.fields {
			_ = s.Each(context.Background(), field, pattern, func(term []byte, p Posting) bool {
				return s.Or(p, set, 0) == nil
			})
		}
	})
}
