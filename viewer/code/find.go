package code

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// MaxHits bounds the hits of one search in one file, so that a search for "e"
// in a large file stays quick; a result of exactly MaxHits ranges was cut there.
const MaxHits = 10_000

// MaxPattern bounds a pattern in bytes: nobody types more, and regular
// expressions cost memory by their length.
const MaxPattern = 4 << 10

// FindOptions say how a pattern is read.
type FindOptions struct {
	Case   bool // letters match in their own case only
	Word   bool // a hit neither begins nor ends inside a word (letters, digits, _)
	Regexp bool // the pattern is a regular expression (RE2, Go's regexp), matched per line
}

// Find lists the non-overlapping, non-empty hits of pattern in src in order, at
// most MaxHits. A hit stays within one line; the carriage return of a line's
// ending is not part of it. An empty pattern has no hits. When ctx ends, Find
// returns what it found so far and ctx's error.
func Find(ctx context.Context, src Source, pattern string, opt FindOptions) ([]Range, error) {
	if pattern == "" {
		return nil, nil
	}
	next, err := matcher(pattern, opt)
	if err != nil {
		return nil, err
	}
	var hits []Range
	scanned := 0
	for n := 1; n <= src.Lines(); n++ {
		line := body(src.Line(n))
		if scanned += len(line) + 1; scanned > pollBytes {
			scanned = 0
			if err := ctx.Err(); err != nil {
				return hits, err
			}
		}
		for at := 0; at < len(line); {
			from, to := next(line, at)
			if from < 0 {
				break
			}
			if to == from || opt.Word && inWord(line, from, to) {
				_, size := utf8.DecodeRune(line[from:])
				at = from + max(size, 1)
				continue
			}
			hits = append(hits, Range{Pos{n, from + 1}, Pos{n, to + 1}})
			if len(hits) == MaxHits {
				return hits, nil
			}
			at = to
		}
	}
	return hits, ctx.Err()
}

// matcher compiles a pattern to a function that gives the first match in line
// at or behind byte at, or -1.
func matcher(pattern string, opt FindOptions) (func(line []byte, at int) (from, to int), error) {
	if len(pattern) > MaxPattern {
		return nil, fmt.Errorf("search text has %d bytes, the limit is %d: shorten it", len(pattern), MaxPattern)
	}
	if !opt.Regexp && opt.Case {
		p := []byte(pattern)
		return func(line []byte, at int) (int, int) {
			i := bytes.Index(line[at:], p)
			if i < 0 {
				return -1, -1
			}
			return at + i, at + i + len(p)
		}, nil
	}
	if !opt.Regexp {
		re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(pattern))
		if err != nil {
			return nil, fmt.Errorf("search text: %w", err)
		}
		return func(line []byte, at int) (int, int) {
			m := re.FindIndex(line[at:])
			if m == nil {
				return -1, -1
			}
			return at + m[0], at + m[1]
		}, nil
	}
	if !opt.Case {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("regular expression: %w", err)
	}
	// FindIndex on a slice would take its start for the line's: the matches of a
	// whole line are listed once and handed out one by one.
	var of []byte
	var all [][]int
	return func(line []byte, at int) (int, int) {
		if at == 0 || len(of) != len(line) || &of[0] != &line[0] {
			of, all = line, re.FindAllIndex(line, MaxHits)
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
