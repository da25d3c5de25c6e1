package symbol

import (
	"context"

	"vitrine/index/lex"
)

const (
	// maxSymbols bounds the symbols of one text: the largest header of the
	// Linux kernel has 194,403 macros. They take 45 MB at the most.
	maxSymbols = 200_000
	// maxScopeNames bounds the names that symbols stand in.
	maxScopeNames = 1 << 15
	// maxImports bounds the imports of one text.
	maxImports = 1 << 14
	// maxSignature is where a signature is cut, in bytes: two lines of a screen.
	maxSignature = 240
	// maxStrings bounds the bytes of all signatures and scopes of a text. A
	// symbol beyond has its name as signature.
	maxStrings = 16 << 20
	// maxConditions bounds the bytes of all conditions of a text.
	maxConditions = 1 << 20
	// maxText is how much of a text is read: what is read in two seconds.
	maxText = 32 << 20
	// maxTokens bounds the tokens that are read: garbage has one a byte, the
	// largest source files of the Linux kernel a million in all.
	maxTokens = 1 << 23
	// askEvery is how many tokens are read before the context is asked again.
	askEvery = 1 << 12
)

// Extract finds what a text defines, declares and imports, by lexical rules: it
// knows no types and expands no macros. Any text has an outline; what a limit
// leaves out is said by Truncated. The error is the context's. A nil language,
// or one without rules, has an empty outline.
func Extract(ctx context.Context, l *lex.Lang, text []byte) (*Outline, error) {
	if l == nil {
		return &Outline{}, nil
	}
	find := rules[l.ID()]
	if find == nil {
		return &Outline{}, nil
	}
	r := newReader(ctx, l, text)
	find(r)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.outline(), nil
}

// rules are how definitions are found, by language.
var rules = map[string]func(*reader){}

// A reader gives the tokens of a text and keeps what is found.
type reader struct {
	ctx    context.Context
	lang   *lex.Lang
	text   []byte
	s      *lex.Scanner
	n      *lex.Nesting
	all    bool // n is told of all tokens, not of #if only
	asked  int
	tokens int
	ended  bool // by a limit, or the context

	lead, leadEnd int32 // the comment that ended last, with those it goes on from
	separator     string

	found
}

func newReader(ctx context.Context, l *lex.Lang, text []byte) *reader {
	r := &reader{ctx: ctx, lang: l, separator: "."}
	if len(text) > maxText {
		text = text[:maxText]
		r.truncated = true
	}
	r.text = text
	r.s = lex.NewScanner(l, text)
	r.n = lex.NewNesting(r.s)
	r.scopes = []scope{{}}
	return r
}

// next is the next token that is no comment. It ends with the context.
func (r *reader) next() lex.Token {
	for {
		t := r.s.Next()
		if r.asked++; r.asked >= askEvery {
			r.asked = 0
			r.tokens += askEvery
			r.truncated = r.truncated || r.tokens >= maxTokens
			r.ended = r.ended || r.tokens >= maxTokens || r.ctx.Err() != nil
		}
		if r.ended {
			return lex.Token{Kind: lex.EOF, Start: t.Start, End: t.Start, Line: t.Line}
		}
		if t.Kind != lex.Comment {
			if r.all {
				r.n.Add(t)
			}
			return t
		}
		r.comment(t)
	}
}

// comment remembers a comment that may lead a definition.
func (r *reader) comment(t lex.Token) {
	if t.InDirective || !t.First {
		return
	}
	if r.leadEnd > r.lead && r.text[t.Start] == r.text[r.lead] && r.adjoins(r.leadEnd, t.Start) {
		r.leadEnd = t.End
		return
	}
	r.lead, r.leadEnd = t.Start, t.End
}

// maxGap is how much white space stands between a comment and what it leads.
const maxGap = 1 << 8

// adjoins reports whether only white space without an empty line stands between.
func (r *reader) adjoins(end, start int32) bool {
	if start-end > maxGap {
		return false
	}
	lines := 0
	for i := end; i < start; i++ {
		switch r.text[i] {
		case '\n':
			lines++
		case ' ', '\t', '\r', '\f':
		default:
			return false
		}
	}
	return lines < 2
}

// leading is the comment that leads what starts at the offset.
func (r *reader) leading(start int32) (int32, int32) {
	if r.leadEnd > r.lead && r.leadEnd <= start && r.adjoins(r.leadEnd, start) {
		return r.lead, r.leadEnd
	}
	return 0, 0
}

func (r *reader) is(t lex.Token, c byte) bool { return t.Kind == lex.Punct && r.text[t.Start] == c }
