package search

import (
	"bytes"
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"vitrine/index/content"
)

const (
	// maxMatches is how many matches of one term are listed for one line; nobody
	// looks at more, and one long line could have millions.
	maxMatches = 1000

	// longLine is the length in bytes from which a regexp runs interruptibly on a
	// line. That way finds only its first match there.
	longLine = 64 << 10
)

// A lineHit is a matching line of one text.
type lineHit struct {
	line       int
	text       []byte
	first      [2]int // the earliest match, the longest of those
	matches    [][2]int
	start, end int64 // the first match in raw bytes
	column     int   // of the first match in raw bytes
}

// A verifier finds the matching lines of texts, for one goroutine.
type verifier struct {
	q       *Query
	fold    []byte   // the text, folded
	line    []byte   // a line, folded
	next    []int    // per anchor, its next occurrence
	anchors [][]byte // Query.anchors
	ranges  [][2]int
}

func newVerifier(q *Query) *verifier {
	v := &verifier{q: q, next: make([]int, len(q.anchors))}
	for _, a := range q.anchors {
		v.anchors = append(v.anchors, []byte(a))
	}
	return v
}

// lines calls hit for each matching line in order, until it returns false.
func (v *verifier) lines(ctx context.Context, t *content.Text, hit func(lineHit) bool) error {
	text := t.Bytes()
	hay, aligned := text, true
	if v.q.foldedScan() {
		v.fold, aligned = appendFold(v.fold[:0], text)
		hay = v.fold
	}
	for i := range v.next {
		v.next[i] = -1
	}
	number, counted := 1, 0 // hay[counted:] begins line number
	for at := 0; at < len(hay); {
		if err := ctx.Err(); err != nil {
			return err
		}
		found := v.anchor(hay, at)
		if found < 0 {
			return nil
		}
		start := at + bytes.LastIndexByte(hay[at:found], '\n') + 1
		end := lineEnd(hay, found)
		number += bytes.Count(hay[counted:start], []byte{'\n'})
		counted = start
		line, folded := hay[start:end:end], []byte(nil)
		switch {
		case !aligned:
			line = t.Line(number)
		case v.q.foldedScan():
			line, folded = text[start:end:end], line
		}
		ok, err := v.match(ctx, line, folded)
		if err != nil {
			return err
		}
		if ok && !hit(v.lineHit(t, number, start, aligned, line)) {
			return nil
		}
		at = end + 1
	}
	return nil
}

// anchor is the offset in hay, from at on, of the next anchor, which may be on
// a matching line; -1 if there is none. Without anchors every line may match.
func (v *verifier) anchor(hay []byte, at int) int {
	if len(v.anchors) == 0 {
		return at
	}
	nearest := -1
	for i, a := range v.anchors {
		if v.next[i] < at {
			v.next[i] = len(hay)
			if n := bytes.Index(hay[at:], a); n >= 0 {
				v.next[i] = at + n
			}
		}
		if n := v.next[i]; n < len(hay) && (nearest < 0 || n < nearest) {
			nearest = n
		}
	}
	return nearest
}

// match tells whether every term is on the line, and leaves where in v.ranges.
// folded is the line folded, if that is known and of the same length.
func (v *verifier) match(ctx context.Context, line, folded []byte) (bool, error) {
	v.ranges = v.ranges[:0]
	// Literals first: they are quicker to fail.
	for _, t := range v.q.terms {
		if t.re == nil && !v.literal(t.literal, line, folded) {
			return false, nil
		}
	}
	for _, t := range v.q.terms {
		if t.re == nil {
			continue
		}
		if ok, err := v.regexp(ctx, t, line); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (v *verifier) literal(literal string, line, folded []byte) bool {
	hay, aligned := line, true
	if v.q.fold {
		if hay = folded; hay == nil {
			v.line, aligned = appendFold(v.line[:0], line)
			hay = v.line
		}
	}
	before := len(v.ranges)
	for at := 0; len(v.ranges)-before < maxMatches; {
		i := bytes.Index(hay[at:], []byte(literal))
		if i < 0 {
			break
		}
		v.ranges = append(v.ranges, [2]int{at + i, at + i + len(literal)})
		at += i + len(literal)
	}
	if !aligned {
		unfold(line, v.ranges[before:])
	}
	return len(v.ranges) > before
}

func (v *verifier) regexp(ctx context.Context, t term, line []byte) (bool, error) {
	if len(line) > longLine {
		loc := t.re.FindReaderIndex(&interruptible{ctx: ctx, line: line})
		if err := ctx.Err(); err != nil || loc == nil {
			return false, err
		}
		v.ranges = append(v.ranges, [2]int{loc[0], loc[1]})
		return true, nil
	}
	all := t.re.FindAllIndex(line, maxMatches)
	for _, m := range all {
		v.ranges = append(v.ranges, [2]int{m[0], m[1]})
	}
	return len(all) > 0, nil
}

// interruptible is a line as a regexp reads it; it ends early when ctx does.
type interruptible struct {
	ctx  context.Context
	line []byte
	n    int
}

func (r *interruptible) ReadRune() (rune, int, error) {
	r.n++
	if len(r.line) == 0 || r.n%4096 == 0 && r.ctx.Err() != nil {
		return 0, 0, io.EOF
	}
	c, w := utf8.DecodeRune(r.line)
	r.line = r.line[w:]
	return c, w, nil
}

func (v *verifier) lineHit(t *content.Text, number, start int, aligned bool, line []byte) lineHit {
	h := lineHit{line: number, text: line}
	slices.SortFunc(v.ranges, func(a, b [2]int) int {
		if a[0] != b[0] {
			return a[0] - b[0]
		}
		return b[1] - a[1]
	})
	h.first = v.ranges[0]
	h.matches = merge(v.ranges)
	if aligned && t.Encoding() == content.UTF8 {
		h.start, h.end = int64(start+h.first[0]), int64(start+h.first[1])
		h.column = h.first[0] + 1
		return h
	}
	s := t.Span(number, h.first[0]+1, number, h.first[1]+1)
	h.start, h.end = s.From, s.To
	h.column = t.RawColumn(number, h.first[0]+1)
	return h
}

// merge joins sorted ranges that overlap or touch. Empty ones, which a regexp
// may match, are left out unless there is nothing else.
func merge(sorted [][2]int) [][2]int {
	var out [][2]int
	for _, r := range sorted {
		switch last := len(out) - 1; {
		case r[0] == r[1]:
		case last >= 0 && r[0] <= out[last][1]:
			out[last][1] = max(out[last][1], r[1])
		default:
			out = append(out, r)
		}
	}
	if out == nil {
		out = append(out, sorted[0])
	}
	return out
}
