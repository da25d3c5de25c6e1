package segment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/block"
)

// openAt opens a segment whose .blocks files are taken as they are.
func openAt(folder string) (*Segment, error) {
	return Open(folder, Name(1), func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, name)) })
}

func (c corpus) open(t testing.TB, each int) (*Segment, string) {
	t.Helper()
	folder := t.TempDir()
	c.write(t, folder, 1, 0, len(c), each)
	s, err := openAt(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, folder
}

// docs reads where a posting leads.
func (s *Segment) docsOf(p Posting) ([]int, error) {
	set := NewSet(s.docs)
	if err := s.Or(p, set, 0); err != nil {
		return nil, err
	}
	n := set.Count()
	var out []int
	for _, d := range set.Bitmap().ToArray() {
		out = append(out, int(d))
	}
	if n != len(out) {
		return nil, fmt.Errorf("%d documents are counted as %d", len(out), n)
	}
	return out, nil
}

// has tells whether pattern is found in a term.
func has(term, pattern string) bool { return strings.Contains("\n"+term+"\n", pattern) }

// TestEach compares the terms that patterns are found in, and their documents, with a
// look at all terms. There are enough for a signature, in which the pages are sparse.
func TestEach(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	c := randomCorpus(r, 2100, 1000)
	for range 60000 {
		d := c[r.IntN(len(c))]
		d["w"] = append(d["w"], fmt.Sprintf("n%x", r.Uint64()))
	}
	s, _ := c.open(t, 700)
	if g := s.fields["w"]; len(g) != 1 || g[0].pages <= unsignedPages {
		t.Fatalf("groups %v: too few terms to try a signature", g)
	}
	if ids, err := s.IDs(); err != nil || !slices.Equal(ids, c.ids(0, len(c))) {
		t.Errorf("ids %v", err)
	}
	for _, f := range testFields {
		want := c.postings(f)
		terms := slices.Sorted(maps.Keys(want))
		patterns := []string{"\n", "e", "mm", "é", "\né", "\nn0", "\nnf", "ff\n", "\nall\n", "\nal\n", "abc", "get1", "nothing", "\nzzz", "\n!", "t_1", "xxxxx", "\nget99999999999\n", "12345"}
		for range 40 {
			term := terms[r.IntN(len(terms))]
			from := r.IntN(len(term))
			patterns = append(patterns, term[from:min(len(term), from+1+r.IntN(6))], "\n"+term+"\n", "\n"+term[:from], term[from:]+"\n")
		}
		for _, p := range patterns {
			if p == "" {
				continue
			}
			var got, expected []string
			err := s.Each(context.Background(), f, []byte(p), func(term []byte, at Posting) bool {
				got = append(got, string(term))
				if len(got)%16 == 1 {
					if docs, err := s.docsOf(at); err != nil || !slices.Equal(docs, want[string(term)]) {
						t.Errorf("%q: %d documents, want %d, %v", term, len(docs), len(want[string(term)]), err)
					}
				}
				return true
			})
			for _, term := range terms {
				if has(term, p) {
					expected = append(expected, term)
				}
			}
			if err != nil || !slices.Equal(got, expected) {
				t.Errorf("%s: %q is in %d terms, want %d, %v", f, p, len(got), len(expected), err)
			}
		}
	}
	for _, part := range []string{"e", "n0", "ff", "12345", "!"} {
		// From the term on, so that also its end, where "\n" is, may be meant.
		find := func(terms []byte, at int) int {
			i := bytes.Index(terms[at:], []byte(part))
			if i < 0 {
				return -1
			}
			return at + i + len(part)
		}
		var got, expected []string
		collect := func(to *[]string) func(term []byte, _ Posting) bool {
			return func(term []byte, _ Posting) bool { *to = append(*to, string(term)); return true }
		}
		err := s.EachIn(context.Background(), "w", Part{0, 1}, find, collect(&got))
		err = errors.Join(err, s.Each(context.Background(), "w", []byte(part), collect(&expected)))
		if err != nil || !slices.Equal(got, expected) {
			t.Errorf("%q leads to %d terms, want %d, %v", part, len(got), len(expected), err)
		}
	}
	if err := s.Each(context.Background(), "no such field", []byte("a"), func([]byte, Posting) bool { t.Error("found"); return true }); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := s.Each(ctx, "w", []byte("n"), func([]byte, Posting) bool { cancel(); n++; return true })
	if !errors.Is(err, context.Canceled) || n > pageSize/2 {
		t.Errorf("after the end %d terms, %v", n, err)
	}
}

// TestManyKeys has lists whose documents are further apart than one container of a
// bitmap, of all the forms that they are written in.
func TestManyKeys(t *testing.T) {
	const docs = 4<<16 + 1
	want := map[string][]int{}
	add := func(name string, from, to, step int) {
		for d := from; d < to; d += step {
			want[name] = append(want[name], d)
		}
	}
	add("every", 0, docs, 1)
	add("even", 0, docs, 2)
	add("few", 5, docs, 1<<16)
	add("two", 0, 2<<16, 1<<16)
	add("three", 70000, 3<<16, 500)
	add("near", 1000, 1500, 1)
	add("last", docs-1, docs, 1)
	a := NewAccumulator(1, 0)
	has := make([][]string, docs)
	for name, list := range want {
		for _, d := range list {
			has[d] = append(has[d], name)
		}
	}
	for _, names := range has {
		for _, name := range names {
			a.Add(0, []byte(name))
		}
		a.End()
	}
	folder := t.TempDir()
	run, err := a.WriteRun(context.Background(), folder, ID{})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]ID, docs)
	for i := range ids {
		ids[i] = ID{byte(i >> 16), byte(i >> 8), byte(i)}
	}
	if err := Merge(context.Background(), folder, Name(1), []string{"w"}, ids, []Source{run}); err != nil {
		t.Fatal(err)
	}
	s, err := openAt(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, list := range want {
		p, ok, err := s.Find("w", []byte(name))
		if err != nil || !ok {
			t.Fatalf("%s: %v, %v", name, ok, err)
		}
		if got, err := s.docsOf(p); err != nil || !slices.Equal(got, list) {
			t.Errorf("%s: %d documents, want %d, %v", name, len(got), len(list), err)
		}
	}
}

func TestDrop(t *testing.T) {
	a := NewAccumulator(2, 7)
	a.Add(0, []byte("kept"))
	a.End()
	for _, w := range []string{"kept", "dropped"} {
		a.Add(0, []byte(w))
		a.Add(1, []byte(w))
	}
	if n := a.Terms(0); n != 2 {
		t.Errorf("%d terms", n)
	}
	a.Drop()
	a.Add(0, []byte("instead"))
	a.Add(0, []byte("kept"))
	a.End()
	r, err := a.WriteRun(context.Background(), t.TempDir(), ID{})
	if err != nil {
		t.Fatal(err)
	}
	if got := readRun(t, r.Path); got != "instead[8] kept[7 8] | | " {
		t.Errorf("got %s", got)
	}
}

func readRun(t *testing.T, path string) string {
	t.Helper()
	r, err := openRun(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.file.Close()
	var out strings.Builder
	for r.left > 0 {
		ok, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			fmt.Fprintf(&out, "%s%d ", r.at.term, r.at.docs)
		} else {
			out.WriteString("| ")
		}
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	return out.String()
}

// TestDamagedRun flips every byte of a run: merging it names it, and nothing else.
func TestDamagedRun(t *testing.T) {
	folder, out := t.TempDir(), t.TempDir()
	a := NewAccumulator(1, 0)
	for _, w := range []string{"a", "ab", "abc"} {
		a.Add(0, []byte(w))
		a.End()
	}
	run, err := a.WriteRun(context.Background(), folder, ID{})
	if err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(run.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1 << (i % 8)
		if err := os.WriteFile(run.Path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		var damaged *DamagedRun
		err := Merge(context.Background(), out, Name(uint64(i)), []string{"w"}, []ID{{1}, {2}, {3}}, []Source{run})
		if !errors.As(err, &damaged) || damaged.Path != run.Path {
			t.Errorf("byte %d flipped: %v", i, err)
		}
	}
	if err := os.Truncate(run.Path, int64(len(good)-40)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "run-0-1.tmp"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(run.Path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if runs, err := OpenRuns(folder, ID{}, 3); err != nil || len(runs) != 1 {
		t.Errorf("%v, %v", runs, err)
	}
	if runs, err := OpenRuns(folder, ID{2}, 3); err != nil || len(runs) != 0 {
		t.Errorf("the runs of other documents were taken: %v, %v", runs, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestFlippedByte flips bytes of the mapped files: what is read is right, or an error.
func TestFlippedByte(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	c := randomCorpus(r, 300, 200)
	_, folder := c.open(t, 100)
	want := c.postings("w")
	noticed := 0
	for _, name := range []string{Name(1) + zapSuffix, Name(1) + dictionarySuffix} {
		path := filepath.Join(folder, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			bad := bytes.Clone(good)
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			// A file beside it: changing the one that is mapped is beyond what is promised.
			if err := errors.Join(os.Remove(path), os.WriteFile(path, bad, 0o600)); err != nil {
				t.Fatal(err)
			}
			err := func() error {
				s, err := openAt(folder)
				if err != nil {
					return err
				}
				defer s.Close()
				seen := 0
				var failed error
				err = s.Each(context.Background(), "w", []byte("\n"), func(term []byte, p Posting) bool {
					docs, err := s.docsOf(p)
					if err == nil && !slices.Equal(docs, want[string(term)]) {
						t.Errorf("%s: %q has %d documents, want %d", name, term, len(docs), len(want[string(term)]))
					}
					seen++
					failed = err
					return err == nil
				})
				if err = errors.Join(err, failed); err == nil && seen != len(want) {
					t.Errorf("%s: %d terms, want %d", name, seen, len(want))
				}
				return err
			}()
			if err != nil {
				noticed++
				if !errors.Is(err, block.ErrDamaged) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		for _, other := range [][]byte{nil, good[:len(good)-1], append(bytes.Clone(good), 0)} {
			if err := errors.Join(os.Remove(path), os.WriteFile(path, other, 0o600)); err != nil {
				t.Fatal(err)
			}
			if _, err := openAt(folder); !errors.Is(err, block.ErrDamaged) {
				t.Errorf("%s of %d bytes instead of %d: %v", name, len(other), len(good), err)
			}
		}
		if err := errors.Join(os.Remove(path), os.WriteFile(path, good, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if noticed < 30 {
		t.Errorf("only %d changes were noticed: the test reads too little", noticed)
	}
}

// TestMergeLeavesNothingOpen: where a file that is open cannot be removed, a merge that
// failed would otherwise keep the next one from its place.
func TestMergeLeavesNothingOpen(t *testing.T) {
	const open = "/proc/self/fd"
	if _, err := os.Stat(open); err != nil {
		t.Skip("this system does not list open files")
	}
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := NewAccumulator(1, 0)
	a.Add(0, []byte("w"))
	a.End()
	run, err := a.WriteRun(context.Background(), folder, ID{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(run.Path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1 // noticed when all was written
	if err := os.WriteFile(run.Path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Merge(context.Background(), folder, Name(1), []string{"w"}, make([]ID, 1), []Source{run}); !errors.Is(err, block.ErrDamaged) {
		t.Fatalf("got %v", err)
	}
	entries, err := os.ReadDir(open)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if to, err := os.Readlink(filepath.Join(open, e.Name())); err == nil && strings.HasPrefix(to, folder) {
			t.Errorf("%s is open", to)
		}
	}
}

func TestMergeStops(t *testing.T) {
	folder := t.TempDir()
	a := NewAccumulator(1, 0)
	a.Add(0, []byte("w"))
	a.End()
	run, err := a.WriteRun(context.Background(), folder, ID{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Merge(ctx, folder, Name(1), []string{"w"}, make([]ID, 1), []Source{run}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := a.WriteRun(ctx, folder, ID{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := Merge(context.Background(), folder, Name(2), []string{"w"}, make([]ID, 2), []Source{run}); err == nil {
		t.Error("a document without a run was accepted")
	}
	if err := Merge(context.Background(), folder, Name(3), []string{"w"}, make([]ID, 2), []Source{run, run}); err == nil {
		t.Error("runs that do not follow each other were accepted")
	}
}
