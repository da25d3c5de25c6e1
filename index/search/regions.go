package search

import (
	"context"
	"iter"
	"sort"
)

// languages tells languages apart, and code from comments and strings. It is
// package lex, and in tests a table.
type languages interface {
	// Known reports whether there is a language with this id.
	Known(id string) bool

	// Language is the id of the language of a file, "" if it is not known. Of a
	// file that is not text there is only the path.
	Language(path string, text []byte) string

	// Regions lists the comments and strings of text, with the marks that begin
	// and end them, ascending and disjoint. whole is false when they are not
	// known to the end of the text.
	Regions(ctx context.Context, language string, text []byte) (list []Region, whole bool)
}

// A Region is a comment or a string, [From, To) in decoded text. What is
// neither is code.
type Region struct {
	From, To int
	Comment  bool // else it is a string
}

// noLanguages knows none.
type noLanguages struct{}

func (noLanguages) Known(string) bool              { return false }
func (noLanguages) Language(string, []byte) string { return "" }
func (noLanguages) Regions(context.Context, string, []byte) ([]Region, bool) {
	return nil, false
}

// pieces are the parts of [from, to) that are of one kind.
func (f *file) pieces(in region, from, to int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if in == anywhere {
			yield(from, to)
			return
		}
		at := from
		first := sort.Search(len(f.regions), func(i int) bool { return f.regions[i].To > from })
		for _, r := range f.regions[first:] {
			if r.From >= to {
				break
			}
			begin, end := max(r.From, from), min(r.To, to)
			if in == inCode {
				begin, end = at, begin
			}
			if at = min(r.To, to); begin < end && (in == inCode || r.Comment == (in == inComment)) && !yield(begin, end) {
				return
			}
		}
		if in == inCode && at < to {
			yield(at, to)
		}
	}
}
