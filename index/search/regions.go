package search

import (
	"context"
	"iter"

	"vitrine/index/lex"
)

// languages tells languages apart, and code from comments and strings. It is
// package lex, and in tests a table.
type languages interface {
	// Known reports whether there is a language with this id.
	Known(id string) bool

	// Language is the id of the language of a file, "" if it is not known. Of a
	// file that is not text there is only the path.
	Language(path string, text []byte) string

	// ByName is the language as far as the path tells, and whether the text would tell
	// nothing else.
	ByName(path string) (id string, sure bool)

	// Parts takes a text apart. It is nil when that cannot be done to its end,
	// and when ctx ends.
	Parts(ctx context.Context, language string, text []byte) parts
}

// parts says what is code, comment and string in a text.
type parts interface {
	// In lists the pieces of [from, to) that are of a region, ascending: each is
	// of one comment, of one string, or code up to the next of these.
	In(r region, from, to int) iter.Seq2[int, int]
}

// pieces are the pieces of [from, to) that a term for a region sees.
func (f *file) pieces(in region, from, to int) iter.Seq2[int, int] {
	if in == anywhere {
		return func(yield func(int, int) bool) { yield(from, to) }
	}
	return f.parts.In(in, from, to)
}

// lexed are the languages of package lex.
type lexed struct{}

func (lexed) Known(id string) bool { return lex.ByID(id) != nil }

func (lexed) Language(path string, text []byte) string {
	if l := lex.Detect(path, text); l != nil {
		return l.ID()
	}
	return ""
}

func (lexed) ByName(path string) (id string, sure bool) {
	l, sure := lex.ByName(path)
	if l != nil {
		id = l.ID()
	}
	return id, sure
}

// LanguageByName is the id, for lang:, of the language that a path is of as far as its
// name tells; "" if it tells nothing.
func LanguageByName(path string) string {
	id, _ := lexed{}.ByName(path)
	return id
}

// tokensAtOnce is how many tokens are read before it is asked whether the
// search has ended: some 0.1 ms.
const tokensAtOnce = 4096

func (lexed) Parts(ctx context.Context, language string, text []byte) parts {
	s := lex.NewScanner(lex.ByID(language), text)
	b := lex.NewMapBuilder(s)
	for n := 1; ; n++ {
		t := s.Next()
		if t.Kind == lex.EOF {
			break
		}
		b.Add(t)
		if n%tokensAtOnce == 0 && ctx.Err() != nil {
			return nil
		}
	}
	if m := b.Map(); !m.Truncated() {
		return lexParts{m}
	}
	return nil
}

type lexParts struct{ m *lex.Map }

func (p lexParts) In(r region, from, to int) iter.Seq2[int, int] {
	return p.m.Ranges([...]lex.Kinds{inCode: lex.AllCode, inComment: lex.Comments, inString: lex.Strings}[r], from, to)
}
