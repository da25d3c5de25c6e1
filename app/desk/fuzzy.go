package desk

import (
	"context"
	"sort"
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
// ignoring case and spaces. Characters in the base name, at word starts and in
// a row count most; recently opened paths and short ones win ties. It returns
// at most maxQuick hits and how many there were; nothing of use once ctx ends.
func rank(ctx context.Context, paths []string, pattern string, recent map[string]int) (hits []quickHit, total int) {
	pat := []rune(strings.ToLower(strings.ReplaceAll(pattern, " ", "")))
	for i, p := range paths {
		if i%rankStep == 0 && ctx.Err() != nil {
			return nil, 0
		}
		score, at, ok := fuzzy(p, pat)
		if !ok {
			continue
		}
		if r, seen := recent[p]; seen {
			score += 6
			if len(pat) == 0 {
				score += 1000 - r // nothing typed: most recent first
			}
		}
		hits = append(hits, quickHit{Path: p, Hits: at, score: score})
	}
	sort.SliceStable(hits, func(i, j int) bool {
		if hits[i].score != hits[j].score {
			return hits[i].score > hits[j].score
		}
		if len(pat) > 0 && len(hits[i].Path) != len(hits[j].Path) {
			return len(hits[i].Path) < len(hits[j].Path)
		}
		return hits[i].Path < hits[j].Path
	})
	total = len(hits)
	return hits[:min(total, maxQuick)], total
}

// baseBonus is what a character in the base name is worth beyond one in a
// folder's: less than a word's start, so that "unitab" is unicode/tables.go.
const baseBonus = 2

// maxFuzzyPath bounds one path's share of the work; git itself stops at 4 KiB.
const maxFuzzyPath = 4096

// fuzzy finds pat (lower case) as a subsequence of path. It tries the whole
// path and the base name, where people aim.
func fuzzy(path string, pat []rune) (score int, hits [][2]int, ok bool) {
	if len(pat) == 0 {
		return 0, nil, true
	}
	if len(path) > maxFuzzyPath {
		path = path[:maxFuzzyPath]
	}
	base := strings.LastIndexByte(path, '/') + 1
	score, hits, ok = subsequence(path, 0, pat)
	if s, h, in := subsequence(path, base, pat); in && s+baseBonus*len(pat) >= score {
		return s + baseBonus*len(pat), h, true
	}
	return score, hits, ok
}

// subsequence matches from byte from on: at each start that fits the first
// character it walks greedily, preferring word starts, and keeps the best.
func subsequence(path string, from int, pat []rune) (best int, hits [][2]int, ok bool) {
	const maxStarts = 16
	starts := 0
	for i, r := range path[from:] {
		if unicode.ToLower(r) != pat[0] {
			continue
		}
		if starts++; starts > maxStarts {
			break
		}
		s, h, found := walk(path, from+i, pat)
		if !found {
			break // what does not fit from here does not fit from later
		}
		if !ok || s > best {
			best, hits, ok = s, h, true
		}
	}
	return best, hits, ok
}

func walk(path string, at int, pat []rune) (score int, hits [][2]int, ok bool) {
	k, last := 0, -1
	for i := at; i < len(path) && k < len(pat); {
		r, n := utf8.DecodeRuneInString(path[i:])
		if unicode.ToLower(r) == pat[k] {
			score++
			if i == last {
				score += 5
			}
			if wordStart(path, i) {
				score += 8
			}
			if len(hits) > 0 && hits[len(hits)-1][1] == i {
				hits[len(hits)-1][1] = i + n
			} else {
				hits = append(hits, [2]int{i, i + n})
			}
			last = i + n
			k++
		}
		i += n
	}
	if k < len(pat) {
		return 0, nil, false
	}
	return score - 2*len(hits), hits, true
}

func wordStart(s string, i int) bool {
	if i == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	r, _ := utf8.DecodeRuneInString(s[i:])
	return strings.ContainsRune("/_-. ", before) || unicode.IsLower(before) && unicode.IsUpper(r)
}
