package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuick is how many paths quick open lists: more than anyone scrolls.
const maxQuick = 200

// rankStep is how many paths are looked at, in less than a millisecond, until it is
// asked whether more was typed meanwhile.
const rankStep = 1024

// A quickHit is a path that matches what was typed.
type quickHit struct {
	Path  string
	Hits  [][2]int // byte ranges of Path that matched, sorted, apart
	score int
}

// splitLine takes a trailing ":123" from what was typed into quick open.
func splitLine(typed string) (pattern string, line int) {
	i := strings.LastIndexByte(typed, ':')
	if i < 0 {
		return typed, 0
	}
	n, err := strconv.Atoi(typed[i+1:])
	if err != nil || n < 1 {
		if typed[i+1:] == "" {
			return typed[:i], 0
		}
		return typed, 0
	}
	return typed[:i], n
}

// rank orders the paths that hold the pattern's characters in sequence,
// ignoring case and spaces. Characters in a row, in the base name and at word starts
// count most; recently opened paths and short ones win ties. It returns
// at most maxQuick hits and how many there were; nothing of use once ctx ends.
func rank(ctx context.Context, paths []string, pattern string, recent map[string]int) (hits []quickHit, total int) {
	pat := []rune(strings.ToLower(strings.ReplaceAll(pattern, " ", "")))
	better := func(a, b quickHit) int {
		if len(pat) == 0 {
			return cmp.Or(b.score-a.score, strings.Compare(a.Path, b.Path))
		}
		return cmp.Or(b.score-a.score, len(a.Path)-len(b.Path), strings.Compare(a.Path, b.Path))
	}
	best := make([]quickHit, 0, 2*maxQuick)
	for i, p := range paths {
		if i%rankStep == 0 && ctx.Err() != nil {
			return nil, 0
		}
		score, _, ok := score(p, pat)
		if !ok {
			continue
		}
		total++
		if r, seen := recent[p]; seen {
			score += 6
			if len(pat) == 0 {
				score += 1000 - r // nothing typed: most recent first
			}
		}
		h := quickHit{Path: p, score: score}
		if len(best) >= maxQuick && better(h, best[maxQuick-1]) >= 0 {
			continue // there are enough better ones since these were last sorted
		}
		if best = append(best, h); len(best) == cap(best) {
			slices.SortFunc(best, better)
			best = best[:maxQuick]
		}
	}
	slices.SortFunc(best, better)
	best = best[:min(len(best), maxQuick)]
	for i := range best {
		_, best[i].Hits, _ = fuzzy(best[i].Path, pat)
	}
	return best, total
}

// What a match is worth. A row of five letters is more than five letters at the beginnings of
// words; two whole words of a path are more than what is scattered over its base name.
const (
	letterWorth = 1
	rowWorth    = 7 // a letter behind one that matched
	startWorth  = 8 // a letter that begins a word
	baseWorth   = 1 // a letter of the base name
	gapCost     = 4 // each row, since fewer are better
)

// maxFuzzyPath bounds one path's share of the work; git itself stops at 4 KiB.
const maxFuzzyPath = 4096

// fuzzy finds pat (lower case) as a subsequence of path, and where.
func fuzzy(path string, pat []rune) (best int, hits [][2]int, ok bool) {
	best, at, ok := score(path, pat)
	if !ok || len(pat) == 0 {
		return best, nil, ok
	}
	walk(path[:min(len(path), maxFuzzyPath)], at, pat, func(from, to int) {
		if n := len(hits); n > 0 && hits[n-1][1] == from {
			hits[n-1][1] = to
			return
		}
		hits = append(hits, [2]int{from, to})
	})
	return best, hits, true
}

// score is how well pat fits, and from which byte of path on. It tries the whole path and the
// base name, where people aim.
func score(path string, pat []rune) (best, at int, ok bool) {
	if len(pat) == 0 {
		return 0, 0, true
	}
	path = path[:min(len(path), maxFuzzyPath)]
	base := strings.LastIndexByte(path, '/') + 1
	best, at, ok = subsequence(path, 0, pat)
	if !ok {
		return 0, 0, false
	}
	if s, a, in := subsequence(path, base, pat); in && s+baseWorth*len(pat) >= best {
		return s + baseWorth*len(pat), a, true
	}
	return best, at, true
}

// subsequence matches from byte from on: at each start that fits the first
// character it walks greedily, and keeps the best.
func subsequence(path string, from int, pat []rune) (best, at int, ok bool) {
	const maxStarts = 16
	starts := 0
	for i := from; i < len(path); {
		r, n := lower(path, i)
		if r == pat[0] {
			if starts++; starts > maxStarts {
				break
			}
			s, found := walk(path, i, pat, nil)
			if !found {
				break // what does not fit from here does not fit from later
			}
			if !ok || s > best {
				best, at, ok = s, i, true
			}
		}
		i += n
	}
	return best, at, ok
}

// walk takes each character of pat where it stands next, and tells tell where.
func walk(path string, at int, pat []rune, tell func(from, to int)) (score int, ok bool) {
	k, last := 0, -1
	for i := at; i < len(path) && k < len(pat); {
		r, n := lower(path, i)
		if r == pat[k] {
			score += letterWorth
			if i == last {
				score += rowWorth
			} else {
				score -= gapCost
			}
			if wordStart(path, i) {
				score += startWorth
			}
			if tell != nil {
				tell(i, i+n)
			}
			last = i + n
			k++
		}
		i += n
	}
	return score, k == len(pat)
}

// lower is the character at a byte in lower case, and its length.
func lower(s string, i int) (rune, int) {
	c := s[i]
	switch {
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRuneInString(s[i:])
		return unicode.ToLower(r), n
	case 'A' <= c && c <= 'Z':
		return rune(c) + 'a' - 'A', 1
	}
	return rune(c), 1
}

func wordStart(s string, i int) bool {
	if i == 0 {
		return true
	}
	if c := s[i-1]; c < utf8.RuneSelf && s[i] < utf8.RuneSelf {
		return strings.IndexByte("/_-. ", c) >= 0 || 'a' <= c && c <= 'z' && 'A' <= s[i] && s[i] <= 'Z'
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	r, _ := utf8.DecodeRuneInString(s[i:])
	return strings.ContainsRune("/_-. ", before) || unicode.IsLower(before) && unicode.IsUpper(r)
}
