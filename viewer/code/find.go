package code

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/viewer/words"
)

// MaxHits bounds the hits that are kept of one search in one file, about 3 MB: a search
// for "e" in a log has tens of millions. The rest is counted.
const MaxHits = 100_000

// maxLineMatches bounds the matches of a regular expression in one line, some 40 MB while
// it is searched: a minified file is one line.
const maxLineMatches = 1 << 20

// MaxPattern bounds a pattern in bytes: nobody types more, and regular
// expressions cost memory by their length.
const MaxPattern = 4 << 10

// FindOptions say how a pattern is read, and where it is looked for.
type FindOptions struct {
	Case   bool // letters match in their own case only
	Word   bool // a hit neither begins nor ends inside a word (letters, digits, _)
	Regexp bool // the pattern is a regular expression (RE2, Go's regexp), matched per line
	// In are the ranges in which a hit must lie as a whole, in order and apart; nil is
	// everywhere. A regular expression still sees whole lines.
	In []Range
}

// Found is what a search found: the hits in order, at most MaxHits, and how many there are
// in all. With More set there may be more than that: the search was cut.
type Found struct {
	Hits  []Range
	Total int
	More  bool
}

// Find lists the non-overlapping, non-empty hits of pattern in src. A hit stays within one line; the carriage return
// of a line's ending is not part of it. An empty pattern has no hits. What is wrong
// with a pattern is a *PatternError. When ctx ends, Find returns what it found so
// far and ctx's error.
func Find(ctx context.Context, src Source, pattern string, opt FindOptions) (Found, error) {
	var out Found
	if pattern == "" {
		return out, nil
	}
	next, err := matcher(pattern, opt, &out.More)
	if err != nil {
		return out, err
	}
	in := opt.In
	if in == nil {
		in = []Range{{Pos{1, 1}, Pos{src.Lines() + 1, 1}}}
	}
	scanned := 0
	for _, r := range in {
		for n := max(r.From.Line, 1); n <= min(r.To.Line, src.Lines()); n++ {
			line := body(src.Line(n))
			if scanned += len(line) + 1; scanned > pollBytes {
				scanned = 0
				if err := ctx.Err(); err != nil {
					out.More = true
					return out, err
				}
			}
			at, end := 0, len(line)
			if n == r.From.Line {
				at = min(max(r.From.Col-1, 0), end)
			}
			if n == r.To.Line {
				end = min(max(r.To.Col-1, 0), end)
			}
			for at < end {
				from, to := next(line, at)
				if from < 0 {
					break
				}
				if to == from || to > end || opt.Word && inWord(line, from, to) {
					_, size := utf8.DecodeRune(line[from:])
					at = from + max(size, 1)
					continue
				}
				if out.Total++; len(out.Hits) < MaxHits {
					out.Hits = append(out.Hits, Range{Pos{n, from + 1}, Pos{n, to + 1}})
				}
				at = to
			}
		}
	}
	return out, nil
}

// A nextMatch gives the first match in line at or behind byte at, or -1. The lines must
// be asked for in order, each from its start on.
type nextMatch func(line []byte, at int) (from, to int)

// matcher compiles a pattern; cut is set when it leaves out matches.
func matcher(pattern string, opt FindOptions, cut *bool) (nextMatch, error) {
	switch {
	case len(pattern) > MaxPattern:
		return nil, &PatternError{At: MaxPattern, Text: words.T("The text to find has %d bytes; the limit is %d.", len(pattern), MaxPattern)}
	case opt.Regexp:
		return expression(pattern, opt.Case, cut)
	case opt.Case:
		return exact([]byte(pattern)), nil
	}
	return folded(pattern)
}

func exact(p []byte) nextMatch {
	return func(line []byte, at int) (int, int) {
		i := bytes.Index(line[at:], p)
		if i < 0 {
			return -1, -1
		}
		return at + i, at + i + len(p)
	}
}

// folded matches in any case. Letters beyond ASCII, and the two of them that fold to an
// ASCII one (the Kelvin sign and the long s), are left to regexp.
func folded(pattern string) (nextMatch, error) {
	re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(pattern))
	if err != nil {
		return nil, patternError(pattern, err)
	}
	general := func(line []byte, at int) (int, int) {
		m := re.FindIndex(line[at:])
		if m == nil {
			return -1, -1
		}
		return at + m[0], at + m[1]
	}
	for i := range len(pattern) {
		if pattern[i] >= utf8.RuneSelf {
			return general, nil
		}
	}
	low := strings.ToLower(pattern)
	quick := foldedASCII(low)
	k, s := strings.Contains(low, "k"), strings.Contains(low, "s")
	return func(line []byte, at int) (int, int) {
		if k && bytes.Contains(line, []byte("\u212a")) || s && bytes.Contains(line, []byte("\u017f")) {
			return general(line, at)
		}
		return quick(line, at)
	}, nil
}

// common are the bytes of code from the most frequent on.
const common = " etaionrsclduph_mf()gb,;vy*-.=xw>k/:0i\"1[]2"

// foldedASCII looks for the rarest byte of a pattern in lower case, in both cases, and
// compares there.
func foldedASCII(low string) nextMatch {
	rare, rank := 0, -2
	for i := range len(low) {
		if r := strings.IndexByte(common, low[i]); r < 0 {
			rare = i
			break
		} else if r > rank {
			rare, rank = i, r
		}
	}
	a := low[rare]
	b := a
	if a >= 'a' && a <= 'z' {
		b -= 'a' - 'A'
	}
	return func(line []byte, at int) (int, int) {
		seek := func(from int, c byte) int {
			if from >= len(line) {
				return len(line)
			}
			if k := bytes.IndexByte(line[from:], c); k >= 0 {
				return from + k
			}
			return len(line)
		}
		i, j := seek(at+rare, a), len(line) // the next places of either case
		if b != a {
			j = seek(at+rare, b)
		}
		for i < len(line) || j < len(line) {
			k := min(i, j)
			if from := k - rare; from+len(low) <= len(line) && equalFold(line[from:from+len(low)], low) {
				return from, from + len(low)
			}
			if k == i {
				i = seek(i+1, a)
			} else {
				j = seek(j+1, b)
			}
		}
		return -1, -1
	}
}

func equalFold(b []byte, low string) bool {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != low[i] {
			return false
		}
	}
	return true
}

// expression matches a regular expression. FindIndex on a slice would take its start for
// the line's: the matches of a whole line are listed once and handed out one by one.
func expression(pattern string, sensitive bool, cut *bool) (nextMatch, error) {
	flags := "(?i)"
	if sensitive {
		flags = ""
	}
	re, err := regexp.Compile(flags + pattern)
	if err != nil {
		return nil, patternError(pattern, err)
	}
	var of []byte
	var all [][]int
	return func(line []byte, at int) (int, int) {
		if len(of) != len(line) || &of[0] != &line[0] {
			of, all = line, re.FindAllIndex(line, maxLineMatches)
			*cut = *cut || len(all) == maxLineMatches
		}
		for len(all) > 0 && all[0][0] < at {
			all = all[1:]
		}
		if len(all) == 0 {
			return -1, -1
		}
		return all[0][0], all[0][1]
	}, nil
}

// inWord reports whether either end of line[from:to] cuts a word in two.
func inWord(line []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(line[:from])
	first, _ := utf8.DecodeRune(line[from:])
	last, _ := utf8.DecodeLastRune(line[:to])
	after, _ := utf8.DecodeRune(line[to:])
	return isWord(before) && isWord(first) || isWord(last) && isWord(after)
}

func isWord(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
