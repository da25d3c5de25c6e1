package symbol

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// manyNames is a corpus with more names than a group of a table has.
func manyNames() *corpus {
	files := map[string]string{
		"open.c":  "int open_file(void) { return 0; }\nint Open_File;\n",
		"k.go":    "package k\n\nfunc \u212aelvin() {}\n\nfunc kelvin() {}\n\nfunc Straße() {}\n",
		"op.cpp":  "struct v { v operator+(v o) { return o; } };\n",
		"README":  "open_file is a word\n",
		"note.md": "kelvin\n",
	}
	for i := range 40 {
		var b strings.Builder
		for n := range 50 {
			fmt.Fprintf(&b, "int name_%d_%d(void);\n", n, i%7)
		}
		files[fmt.Sprintf("many/%d.c", i)] = b.String() + fmt.Sprintf("int only_%d;\n", i)
	}
	return one(files)
}

// TestDefining holds what is found against the outlines of all files.
func TestDefining(t *testing.T) {
	b := build(t, manyNames())
	folded := func(name string) func([]byte) bool {
		return func(n []byte) bool { return strings.EqualFold(string(n), name) }
	}
	for _, c := range []struct {
		what string
		w    Wanted
		want int // of files
	}{
		{"exact", Wanted{Exact: "open_file", Match: func(n []byte) bool { return string(n) == "open_file" }}, 1},
		{"exact, of many", Wanted{Exact: "name_7_3", Match: func(n []byte) bool { return string(n) == "name_7_3" }}, 6},
		{"exact, of none", Wanted{Exact: "name_7_9", Match: func(n []byte) bool { return string(n) == "name_7_9" }}, 0},
		{"folded", Wanted{Folded: "open_file", Match: folded("open_file")}, 1},
		{"folded beyond ASCII", Wanted{Folded: "kelvin", Match: folded("kelvin")}, 1},
		{"folded, of many", Wanted{Folded: "name_7_3", Match: folded("NAME_7_3")}, 6},
		{"an operator", Wanted{Exact: "operator+", Match: func(n []byte) bool { return string(n) == "operator+" }}, 1},
		{"a regexp", Wanted{Match: regexp.MustCompile(`^name_1?1_`).Match}, 40},
		{"a regexp with letters", Wanted{Some: "only_", Match: regexp.MustCompile(`^only_3`).Match}, 11},
		{"all", Wanted{Match: func([]byte) bool { return true }}, 43},
	} {
		var got, want []deposit.Digest
		if err := b.Defining(t.Context(), c.w, func(d deposit.Digest) { got = append(got, d) }); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		for _, f := range b.c.listed["1.0"] {
			o, _, err := b.Outline(f.Blob)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(o.Symbols, func(s Symbol) bool { return c.w.Match([]byte(s.Name)) }) {
				want = append(want, f.Blob)
			}
		}
		order := func(a, b deposit.Digest) int { return bytes.Compare(a[:], b[:]) }
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if !slices.Equal(got, want) || len(want) != c.want {
			t.Errorf("%s: %d files, want %d; outlines have it in %d", c.what, len(got), c.want, len(want))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Defining(ctx, Wanted{Match: func([]byte) bool { return true }}, func(deposit.Digest) {}); err == nil {
		t.Error("it does not end with its context")
	}
}

// TestNamesIn holds the names against the outlines.
func TestNamesIn(t *testing.T) {
	b := build(t, manyNames())
	for _, f := range b.c.listed["1.0"] {
		o, lang, err := b.Outline(f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		names, language, complete, err := b.NamesIn(f.Blob)
		if err != nil || language != lang || complete != Knows(lang) || len(names) != len(o.Symbols) {
			t.Fatalf("%s: %d names in %q, complete %v, %v", f.Path, len(names), language, complete, err)
		}
		for i, s := range o.Symbols {
			if names[i] != (DefinedName{s.Name, s.Start, s.End}) {
				t.Errorf("%s: %+v, want %+v", f.Path, names[i], s)
			}
		}
	}
	if _, _, _, err := b.NamesIn(deposit.Digest{1}); !errors.Is(err, ErrUnknown) {
		t.Errorf("of another blob: %v", err)
	}
}

// TestComplete: a text of a language without rules may define anything.
func TestComplete(t *testing.T) {
	b := build(t, manyNames())
	complete := map[deposit.Digest]bool{}
	if err := b.Complete(t.Context(), func(d deposit.Digest) { complete[d] = true }); err != nil {
		t.Fatal(err)
	}
	for _, f := range b.c.listed["1.0"] {
		if known := f.Path != "README" && f.Path != "note.md"; complete[f.Blob] != known {
			t.Errorf("%s: complete is %v", f.Path, !known)
		}
	}
}

// TestBuildsAreTheSame: the index does not depend on how the work was shared out, so that
// its digest tells whether it was altered.
func TestBuildsAreTheSame(t *testing.T) {
	c := manyNames()
	store := storeOf(t, filepath.Join(t.TempDir(), "content"), c)
	var digests []deposit.Digest
	for _, share := range []int64{1, 300, 4000, maxShare} {
		dir := filepath.Join(t.TempDir(), "symbols")
		if err := (&builder{content: store, extract: Extract, maxShare: share, minShare: 1}).build(t.Context(), dir, "", c); err != nil {
			t.Fatal(err)
		}
		digests = append(digests, opened(t, dir, c, store).Digest())
	}
	for _, d := range digests[1:] {
		if d != digests[0] {
			t.Errorf("the digests are %v", digests)
		}
	}
}
