package search

import (
	"bytes"
	"context"
	"slices"

	"vitrine/index/content"
)

// A file is what a query is held against.
type file struct {
	path    string
	unread  bool          // only the path is known
	text    *content.Text // nil for a binary file
	binary  []byte        // the bytes of a binary file
	runs    []printable   // their printable runs, which are the lines of bytes
	bytes   []byte        // decoded text
	hay     []byte        // where anchors are looked for: bytes, or bytes folded
	anyCase bool          // anchors are looked for in any case in it
	folded  bool          // it is folded
	aligned bool          // it has the same offsets
	parts   parts         // when the query asks for them
	names   []Name        // that the text defines, likewise
}

// A lineHit is a hit in one file.
type lineHit struct {
	kind       HitKind
	line       int
	text       []byte
	matches    [][2]int
	start, end int64 // the first match in raw bytes
	column     int   // of the first match in raw bytes
}

// A verifier holds files against a query, for one goroutine.
type verifier struct {
	q      *Query
	texts  *content.Reader
	fold   []byte // the text, folded
	copies copier
	hits   []lineHit
}

func newVerifier(ix *Index, q *Query) *verifier {
	return &verifier{q: q, texts: ix.content.With(q.choices).NewReader(true)}
}

// prepare folds the text if it must be.
func (v *verifier) prepare(ctx context.Context, f *file) error {
	f.hay, f.aligned = f.bytes, true
	if !v.q.folded {
		return nil
	}
	if v.q.anyCase == inAnyText || v.q.anyCase == inASCII && isASCII(f.bytes) {
		f.anyCase = true
		return nil
	}
	f.folded = true
	v.fold = v.fold[:0]
	for rest := f.bytes; len(rest) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := len(rest)
		if n > stretch { // never within a character, nor need it be at a line's end
			for n = stretch; rest[n]&0xc0 == 0x80; {
				n--
			}
		}
		same := false
		v.fold, same = appendFold(v.fold, rest[:n])
		f.aligned = f.aligned && same
		rest = rest[n:]
	}
	f.hay = v.fold
	return nil
}

// find calls hit for each hit in the file, in order, until it returns false. What a hit
// points to is good until hit returns.
func (v *verifier) find(ctx context.Context, f *file, hit func(lineHit) bool) error {
	if err := v.prepare(ctx, f); err != nil {
		return err
	}
	e := &evaluation{q: v.q, f: f, ctx: ctx, scans: make([]*scan, len(v.q.groups))}
	if is := e.node(v.q.root); e.err != nil || !is {
		return e.err
	}
	var scans []*scan
	for _, g := range e.shown {
		if s := e.scans[g]; s != nil {
			scans = append(scans, s)
		}
	}
	if len(scans) == 0 {
		hit(v.q.fileHit(f.path, e.shown))
		return nil
	}
	for len(scans) > 0 {
		first := scans[0]
		for _, s := range scans[1:] {
			if s.before(first) {
				first = s
			}
		}
		ranges := first.ranges
		for _, s := range scans {
			if s != first && !first.before(s) {
				ranges = append(ranges, s.ranges...)
			}
		}
		sortRanges(ranges)
		at := *first
		if !hit(f.lineHit(&at, ranges)) {
			return nil
		}
		for i := 0; i < len(scans); {
			if at.before(scans[i]) {
				i++
				continue
			}
			more, err := scans[i].advance(ctx)
			if err != nil {
				return err
			}
			if more {
				i++
			} else {
				scans = slices.Delete(scans, i, i+1)
			}
		}
	}
	return nil
}

// before reports whether the line of s comes before that of o. In a binary
// file runs and bytes go by their offsets.
func (s *scan) before(o *scan) bool {
	if a, b := s.offset(), o.offset(); a != b {
		return a < b
	}
	return s.g.hex == nil && o.g.hex != nil
}

func (s *scan) offset() int {
	if s.f.binary != nil && s.g.hex == nil {
		return s.f.runs[s.line-1].at
	}
	return s.start
}

// An evaluation finds out whether a query is true of a file.
type evaluation struct {
	q     *Query
	f     *file
	ctx   context.Context
	scans []*scan // per group, at its first line; nil if there is none
	shown []int   // the groups whose lines count
	err   error
}

// node tells whether n is true, and adds the groups that make it so to shown.
func (e *evaluation) node(n *node) bool {
	if e.err != nil {
		return false
	}
	before := len(e.shown)
	switch n.op {
	case opGroup:
		if !e.group(n.group) {
			return false
		}
		e.shown = append(e.shown, n.group)
		return true
	case opNot:
		is := e.node(n.kids[0])
		e.shown = e.shown[:before]
		return !is
	case opAnd:
		for _, kid := range n.kids {
			if !e.node(kid) {
				e.shown = e.shown[:before]
				return false
			}
		}
		return true
	}
	some := false
	for _, kid := range n.kids {
		some = e.node(kid) || some
	}
	return some
}

func (e *evaluation) group(i int) bool {
	g := e.q.groups[i]
	switch {
	case !e.q.named(g, e.f.path):
		return false
	case g.onlyNames():
		return true
	case e.f.unread || g.hex != nil && e.f.binary == nil:
		return false
	}
	s := newScan(e.q, g, e.f)
	s.defined = definedBy(e.ctx, e.q, g, e.f.names)
	found, err := s.advance(e.ctx)
	if err != nil {
		e.err = err
	}
	if found {
		e.scans[i] = s
	}
	return found
}

// named reports whether the terms of a group for the file's name are in path.
func (q *Query) named(g *group, path string) bool {
	return !slices.ContainsFunc(g.names, func(t term) bool {
		return t.appendMatches(context.Background(), q, nil, []byte(path), nil, 1) == nil
	})
}

// fileHit is the hit of a file in which no line counts.
func (q *Query) fileHit(path string, groups []int) lineHit {
	h := lineHit{kind: HitFile, text: []byte(path)}
	var ranges [][2]int
	for _, g := range groups {
		for _, t := range q.groups[g].names {
			ranges = t.appendMatches(context.Background(), q, ranges, h.text, nil, maxMatches)
		}
	}
	if ranges != nil {
		sortRanges(ranges)
		h.matches = merge(ranges)
	}
	return h
}

// lineHit is the hit of the line of s, whose sorted ranges are given.
func (f *file) lineHit(s *scan, ranges [][2]int) lineHit {
	first := ranges[0]
	if s.g.hex != nil {
		return f.bytesHit(s.start, first[1])
	}
	h := lineHit{line: s.line, text: s.text}
	from, to := s.start+first[0], s.start+first[1]
	for i := range ranges {
		ranges[i][1] = min(ranges[i][1], len(s.text)) // a match may go on
		ranges[i][0] = min(ranges[i][0], len(s.text))
	}
	h.matches = merge(ranges)
	switch {
	case f.binary != nil:
		r := f.runs[s.line-1]
		h.kind, h.line = HitBytes, 0
		h.start, h.end = int64(r.at+first[0]*r.width), int64(r.at+first[1]*r.width)
	case f.text.Encoding() == content.UTF8:
		h.start, h.end = int64(from), int64(to)
		h.column = first[0] + 1
	default:
		h.start = f.text.Offset(s.line, first[0]+1)
		over := f.bytes[s.start:to]
		lines := bytes.Count(over, []byte{'\n'})
		h.end = f.text.Offset(s.line+lines, len(over)-bytes.LastIndexByte(over, '\n'))
		h.column = f.text.RawColumn(s.line, first[0]+1)
	}
	return h
}
