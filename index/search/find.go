package search

import (
	"context"
	"io"
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode"
	"unicode/utf8"
)

// longText is the length in bytes from which a regexp runs interruptibly. On
// shorter text it is done before anybody could notice.
const longText = 16 << 10

// notWord is what may stand beside a whole word; see [isWordRune].
const notWord = `[^_\pL\pM\pN]`

// isWordRune tells what a word of word:yes is made of.
func isWordRune(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// A finder finds the matches of a regexp one after the other, as
// regexp.FindAllIndex does, but can be interrupted between any two characters. It does
// so by automatons: one runs to the end of a match, one of the reverse back to its begin.
// Package regexp is for what these cannot do, and for whole words.
type finder struct {
	words      bool
	automatons *sync.Pool // of *automatons; nil if the regexp is too large for them

	whole *regexp.Regexp // what the query says, for short text; nil for whole words
	first *regexp.Regexp // group 1 is the first match of a text
	after *regexp.Regexp // the same in a text of which one character lies behind
}

type automatons struct{ forward, backward *automaton }

// newAutomatons makes a pool of them, nil when they would be too large.
func newAutomatons(re *syntax.Regexp) (*sync.Pool, error) {
	forward, err := newMachine(re, false)
	if err != nil || forward == nil {
		return nil, err
	}
	backward, err := newMachine(reverse(re), true)
	if err != nil || backward == nil {
		return nil, err
	}
	return &sync.Pool{New: func() any {
		return &automatons{newAutomaton(forward), newAutomaton(backward)}
	}}, nil
}

// maxParts bounds what a regexp consists of once its repetitions are written out:
// as many threads may run at every character of the text. People write some hundreds.
const maxParts = 10_000

// partsOf counts these, as package regexp compiles them.
func partsOf(re *syntax.Regexp) int {
	n := 0
	for _, sub := range re.Sub {
		n += partsOf(sub)
	}
	switch re.Op {
	case syntax.OpConcat, syntax.OpAlternate:
		return n
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpRepeat:
		return n * max(re.Max, re.Min, 1)
	}
	return n + 1
}

// newFinder compiles re, whose flags say how it folds and where its lines end.
func newFinder(re *syntax.Regexp, words bool) (*finder, error) {
	expr := re.String()
	first, after, end := ``, `\A(?s:.)(?s:.*?)`, ``
	if words {
		first = `(?:\A|` + notWord + `)`
		after = `\A(?s:.*?)` + notWord
		end = `(?:\z|` + notWord + `)`
	}
	f := &finder{words: words}
	var err error
	if f.automatons, err = newAutomatons(re); err != nil {
		return nil, err
	}
	for _, c := range []struct {
		to   **regexp.Regexp
		expr string
	}{
		{&f.whole, expr},
		{&f.first, first + `(` + expr + `)` + end},
		{&f.after, after + `(` + expr + `)` + end},
	} {
		compiled, err := regexp.Compile(c.expr)
		if err != nil {
			return nil, err
		}
		*c.to = compiled
	}
	if words {
		f.whole = nil
	}
	return f, nil
}

// A matching is a finder on its way through a text.
type matching struct {
	f       *finder
	text    []byte
	at      int // where the next match may begin
	lastEnd int // of the match before; an empty match there is not one
	done    bool
}

func (f *finder) in(text []byte) matching { return matching{f: f, text: text, lastEnd: -1} }

// next is the next match. It returns false at the end and when ctx ends,
// which the caller has to ask.
func (m *matching) next(ctx context.Context) (match [2]int, ok bool) {
	for !m.done && m.at <= len(m.text) {
		from, to, ok := m.search(ctx)
		if !ok {
			break
		}
		accept := from < to || from != m.lastEnd
		if to == m.at { // an empty match: go on behind the next character
			_, w := utf8.DecodeRune(m.text[m.at:])
			m.at += max(w, 1)
		} else {
			m.at = to
		}
		if m.lastEnd = to; accept {
			return [2]int{from, to}, true
		}
	}
	m.done = true
	return match, false
}

func (m *matching) search(ctx context.Context) (from, to int, ok bool) {
	if pool := m.f.automatons; pool != nil {
		a := pool.Get().(*automatons)
		defer pool.Put(a)
		to := a.forward.forward(ctx, m.text, m.at)
		switch {
		case to < 0:
			return 0, 0, false
		case m.f.words:
			return m.slowly(ctx)
		}
		from := a.backward.backward(ctx, m.text, m.at, to)
		return from, to, from >= 0
	}
	return m.slowly(ctx)
}

// slowly searches by package regexp.
func (m *matching) slowly(ctx context.Context) (from, to int, ok bool) {
	re, base := m.f.first, 0
	if m.at > 0 {
		_, w := utf8.DecodeLastRune(m.text[:m.at])
		re, base = m.f.after, m.at-w
	}
	var loc []int
	if rest := m.text[base:]; len(rest) > longText {
		loc = re.FindReaderSubmatchIndex(&interruptible{ctx: ctx, text: rest})
		if ctx.Err() != nil { // the text seemed to end where it did not
			return 0, 0, false
		}
	} else {
		loc = re.FindSubmatchIndex(rest)
	}
	if loc == nil {
		return 0, 0, false
	}
	return base + loc[2], base + loc[3], true
}

// appendAll appends at most limit matches to out.
func (f *finder) appendAll(ctx context.Context, out [][2]int, text []byte, limit int) [][2]int {
	if f.automatons == nil && f.whole != nil && len(text) <= longText {
		for _, m := range f.whole.FindAllIndex(text, limit) {
			out = append(out, [2]int{m[0], m[1]})
		}
		return out
	}
	m := f.in(text)
	for range limit {
		match, ok := m.next(ctx)
		if !ok {
			break
		}
		out = append(out, match)
	}
	return out
}

// line is where a match may be on the first line from at on that has one, -1 if there
// is none, and when ctx ends.
func (f *finder) line(ctx context.Context, text []byte, at int) int {
	a := f.automatons.Get().(*automatons)
	defer f.automatons.Put(a)
	return a.forward.line(ctx, text, at)
}

// interruptible is text as a regexp reads it; it ends early when ctx does.
type interruptible struct {
	ctx  context.Context
	text []byte
	n    int
}

func (r *interruptible) ReadRune() (rune, int, error) {
	r.n++
	if len(r.text) == 0 || r.n%4096 == 0 && r.ctx.Err() != nil {
		return 0, 0, io.EOF
	}
	c, w := utf8.DecodeRune(r.text)
	r.text = r.text[w:]
	return c, w, nil
}
