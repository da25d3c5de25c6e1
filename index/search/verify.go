package search

import (
	"bytes"
	"context"
	"slices"
	"unicode/utf8"
)

const (
	// maxMatches is how many matches of one term are listed for one line; nobody
	// looks at more, and one long line could have millions.
	maxMatches = 1000

	// maxAnchors is how many texts are looked for in less time than an automaton takes.
	maxAnchors = 8

	// stretch is how much text is looked through before it is asked whether the
	// search has ended: about 0.1 ms.
	stretch = 1 << 20
)

// A scan is a group on its way through a file: from one line on which all its
// terms stand to the next.
type scan struct {
	q       *Query
	g       *group
	f       *file
	at      int         // hay from here on is not looked at yet
	number  int         // of the line that begins at counted
	counted int         // in hay
	textAt  int         // the same place in the text
	anchors []cursor    // of the group
	next    []int       // per anchor, its next occurrence
	across  []*crossing // per term, nil if it stays within a line
	by      *finder     // instead of anchors
	defined [][][2]int  // per term for symbols, where names that it means stand

	// The line that was found.
	line   int // 1-based; 0 for bytes
	start  int // offset in the text, or of the bytes in a binary file
	text   []byte
	ranges [][2]int // in text; an end may be on a later line
}

func newScan(q *Query, g *group, f *file) *scan {
	s := &scan{q: q, g: g, f: f, number: 1}
	for _, t := range g.terms {
		if t.across && f.binary == nil {
			if s.across == nil {
				s.across = make([]*crossing, 0, len(g.terms))
			}
			s.across = append(s.across, newCrossing(t, f))
		}
	}
	if f.aligned && s.across == nil && (len(g.needles) == 0 || len(g.needles) > maxAnchors) {
		for _, t := range g.terms {
			if t.re != nil && t.in == anywhere && t.re.automatons != nil {
				s.by = t.re
				return s
			}
		}
	}
	s.anchors, s.next = make([]cursor, len(g.needles)), make([]int, len(g.needles))
	for i := range g.needles {
		s.anchors[i], s.next[i] = newCursor(&g.needles[i], f.hay, !f.anyCase), -1
	}
	return s
}

// advance goes to the next line that matches.
func (s *scan) advance(ctx context.Context) (bool, error) {
	if s.g.hex != nil {
		return s.nextBytes(ctx)
	}
	hay := s.f.hay
	for s.at < len(hay) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		start, ok, err := s.candidate(ctx)
		if !ok || err != nil {
			s.at = len(hay)
			return false, err
		}
		end := lineEnd(hay, start)
		s.at = end + 1
		if s.f.aligned {
			s.textAt = start // the number can wait
		} else {
			s.count(start)
		}
		line, folded := hay[start:end:end], []byte(nil)
		switch {
		case !s.f.aligned:
			end := lineEnd(s.f.bytes, s.textAt)
			line = s.f.bytes[s.textAt:end:end]
		case s.f.folded:
			line, folded = s.f.bytes[start:end:end], line
		}
		s.start, s.text, s.ranges = s.textAt, line, s.ranges[:0]
		if ok, err := s.match(ctx, folded); ok || err != nil {
			s.count(start)
			s.line = s.number
			return ok && err == nil, err
		}
	}
	return false, nil
}

// candidate is where the next line begins, in hay, that may match.
func (s *scan) candidate(ctx context.Context) (start int, ok bool, err error) {
	found := s.at
	switch {
	case s.across != nil:
		if found, ok = s.crossed(ctx); !ok {
			return 0, false, ctx.Err()
		}
	case s.defined != nil:
		if found, ok = s.nextDefined(); !ok {
			return 0, false, nil
		}
	case len(s.anchors) > 0:
		if found, err = s.anchor(ctx); found < 0 || err != nil {
			return 0, false, err
		}
	case s.by != nil:
		if found = s.by.line(ctx, s.f.bytes, s.at); found < 0 {
			return 0, false, ctx.Err()
		}
	}
	return s.at + bytes.LastIndexByte(s.f.hay[s.at:found], '\n') + 1, true, nil
}

// count makes the line that begins at start in hay the one at counted.
func (s *scan) count(start int) {
	lines := bytes.Count(s.f.hay[s.counted:start], []byte{'\n'})
	s.number += lines
	s.counted = start
	if s.f.aligned {
		return
	}
	for range lines {
		s.textAt = lineEnd(s.f.bytes, s.textAt) + 1
	}
}

// anchor is the offset in hay of the next anchor, -1 if there is none.
func (s *scan) anchor(ctx context.Context) (int, error) {
	hay, nearest := s.f.hay, -1
	for i := range s.anchors {
		if s.next[i] < s.at {
			n := s.anchors[i].next(ctx, s.at)
			if n < 0 {
				if err := ctx.Err(); err != nil {
					return -1, err
				}
				n = len(hay)
			}
			s.next[i] = n
		}
		if n := s.next[i]; n < len(hay) && (nearest < 0 || n < nearest) {
			nearest = n
		}
	}
	return nearest, nil
}

// match tells whether every term is on the line, and leaves where in s.ranges.
// folded is the line folded, if that is known and of the same length.
func (s *scan) match(ctx context.Context, folded []byte) (bool, error) {
	if !s.names() {
		return false, nil
	}
	// Literals first: they are quicker to fail.
	for i := range s.g.terms {
		if t := &s.g.terms[i]; t.re == nil && !s.term(ctx, t, folded) {
			return false, nil
		}
	}
	crossing := 0
	for i := range s.g.terms {
		t := &s.g.terms[i]
		if t.re == nil {
			continue
		}
		ok := false
		if t.across && s.f.binary == nil {
			s.ranges, ok = s.across[crossing].on(ctx, s.ranges, s.start, len(s.text))
			crossing++
		} else {
			ok = s.term(ctx, t, folded)
		}
		if err := ctx.Err(); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// term looks for t in the parts of the line that it is for.
func (s *scan) term(ctx context.Context, t *term, folded []byte) bool {
	before := len(s.ranges)
	if t.in == anywhere {
		s.ranges = t.appendMatches(ctx, s.q, s.ranges, s.text, folded, maxMatches)
		return len(s.ranges) > before
	}
	for from, to := range s.f.pieces(t.in, s.start, s.start+len(s.text)) {
		a, b := from-s.start, to-s.start
		var part []byte
		if folded != nil {
			part = folded[a:b]
		}
		n := len(s.ranges)
		s.ranges = t.appendMatches(ctx, s.q, s.ranges, s.text[a:b], part, maxMatches-(n-before))
		for i := range s.ranges[n:] {
			s.ranges[n+i][0] += a
			s.ranges[n+i][1] += a
		}
		if len(s.ranges)-before >= maxMatches {
			break
		}
	}
	return len(s.ranges) > before
}

// appendMatches appends at most limit matches in text, which is all that the
// term sees. folded is text folded, if that is known and of the same length.
func (t *term) appendMatches(ctx context.Context, q *Query, out [][2]int, text, folded []byte, limit int) [][2]int {
	if t.re != nil {
		return t.re.appendAll(ctx, out, text, limit)
	}
	hay, aligned, exact := text, true, true
	switch {
	case !q.fold:
	case folded != nil:
		hay = folded
	case t.needle.anyCase == inAnyText || t.needle.anyCase == inASCII && isASCII(text):
		exact = false
	default:
		hay, aligned = appendFold(nil, text)
	}
	c := newCursor(&t.needle, hay, exact)
	before := len(out)
	for at := 0; len(out)-before < limit; {
		from := c.next(ctx, at)
		if from < 0 {
			break
		}
		to := from + len(t.literal)
		if at = to; q.words && !aloneIn(hay, from, to) {
			_, w := utf8.DecodeRune(hay[from:])
			at = from + w
			continue
		}
		out = append(out, [2]int{from, to})
	}
	if !aligned {
		unfold(text, out[before:])
	}
	return out
}

// aloneIn reports whether no part of a word stands beside text[from:to]. Folding does not
// change that.
func aloneIn(text []byte, from, to int) bool {
	before, n := utf8.DecodeLastRune(text[:from])
	after, m := utf8.DecodeRune(text[to:])
	return (n == 0 || !isWordRune(before)) && (m == 0 || !isWordRune(after))
}

// A crossing is a term whose matches may go over several lines, on its way
// through a file. A match counts for the line on which it begins.
type crossing struct {
	t      term
	f      *file
	in     matching
	base   int    // of in, in the text
	left   int    // pieces begin here or later
	match  [2]int // the next one
	loaded bool   // match is one
}

func newCrossing(t term, f *file) *crossing {
	return &crossing{t: t, f: f, in: matching{done: true}}
}

// piece goes to the next piece of the file that the term sees.
func (c *crossing) piece() bool {
	if c.t.in == anywhere && c.left > 0 {
		return false
	}
	for from, to := range c.f.pieces(c.t.in, c.left, len(c.f.bytes)) {
		c.in, c.base = c.t.re.in(c.f.bytes[from:to]), from
		c.left = to
		return true
	}
	return false
}

// from is the next match that does not begin before at; false at the end, and
// when ctx ends.
func (c *crossing) from(ctx context.Context, at int) ([2]int, bool) {
	for {
		if c.loaded && c.match[0] >= at {
			return c.match, true
		}
		m, ok := c.in.next(ctx)
		if ok {
			c.match, c.loaded = [2]int{c.base + m[0], c.base + m[1]}, true
			continue
		}
		if ctx.Err() != nil {
			return m, false
		}
		c.loaded = false
		if !c.piece() {
			return m, false
		}
	}
}

// on appends the matches that begin on the line [start, start+length], with
// the "\n" that ends it.
func (c *crossing) on(ctx context.Context, out [][2]int, start, length int) ([][2]int, bool) {
	n := len(out)
	for at := start; len(out)-n < maxMatches; {
		m, ok := c.from(ctx, at)
		if !ok || m[0] > start+length {
			break
		}
		out = append(out, [2]int{m[0] - start, m[1] - start})
		c.loaded = false
		at = m[0]
	}
	return out, len(out) > n
}

// crossed is the next line that may match, by its "\n" or a byte before, in hay.
func (s *scan) crossed(ctx context.Context) (int, bool) {
	hayAt, textAt := s.ahead()
	furthest := textAt
	for _, c := range s.across {
		m, ok := c.from(ctx, textAt)
		if !ok || m[0] >= len(s.f.bytes) && bytes.HasSuffix(s.f.bytes, []byte{'\n'}) {
			return 0, false
		}
		furthest = max(furthest, m[0])
	}
	return s.inHay(hayAt, textAt, furthest), true
}

// ahead is where what is not looked at yet begins, in hay and in the text.
func (s *scan) ahead() (hayAt, textAt int) {
	switch {
	case s.f.aligned:
		return s.at, s.at
	case s.at > s.counted: // behind the line of the count
		return s.at, lineEnd(s.f.bytes, s.textAt) + 1
	}
	return s.at, s.textAt
}

// inHay is where the line of an offset of the text begins in hay, or the same offset,
// given an earlier pair of lines.
func (s *scan) inHay(hayAt, textAt, offset int) int {
	if s.f.aligned {
		return min(offset, len(s.f.hay))
	}
	for range bytes.Count(s.f.bytes[textAt:min(offset, len(s.f.bytes))], []byte{'\n'}) {
		hayAt = lineEnd(s.f.hay, hayAt) + 1
	}
	return hayAt
}

// merge joins sorted ranges that overlap or touch, in place. Empty ones, which a regexp
// may match, are left out unless there is nothing else.
func merge(sorted [][2]int) [][2]int {
	out := sorted[:0]
	for _, r := range sorted {
		switch last := len(out) - 1; {
		case r[0] == r[1]:
		case last >= 0 && r[0] <= out[last][1]:
			out[last][1] = max(out[last][1], r[1])
		default:
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return sorted[:1]
	}
	return out
}

// sortRanges puts the earliest first, and of those the longest.
func sortRanges(ranges [][2]int) {
	if len(ranges) == 1 {
		return
	}
	slices.SortFunc(ranges, func(a, b [2]int) int {
		if a[0] != b[0] {
			return a[0] - b[0]
		}
		return b[1] - a[1]
	})
}
