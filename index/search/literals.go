package search

import (
	"regexp/syntax"
	"slices"
	"strings"
)

const (
	// maxExact bounds the strings enumerated for one part of a regexp: beyond
	// some dozens looking them up costs more than it saves.
	maxExact = 32

	// minLiteral is the shortest literal worth looking up.
	minLiteral = 2

	// maxDepth bounds the recursion; package syntax itself refuses at 1000.
	maxDepth = 1000
)

// required returns literals that every line matched by re must contain, as an
// AND of OR-sets, all folded. It errs only by asking for less. It is the analysis
// of Russ Cox's "Regular Expression Matching with a Trigram Index", on words.
func required(re *syntax.Regexp) [][]string {
	return analyze(re, 0).sets()
}

// An info describes part of a regexp.
type info struct {
	exact []string   // everything it can match, folded; nil when unknown
	all   [][]string // each match contains one of each set
}

func (in info) sets() [][]string {
	var out [][]string
	for _, set := range append(in.all[:len(in.all):len(in.all)], in.exact) {
		if shortest(set) >= minLiteral {
			out = append(out, minimal(set))
		}
	}
	return out
}

// minimal leaves out what has another one in it.
func minimal(set []string) []string {
	return slices.DeleteFunc(slices.Clone(set), func(s string) bool {
		return slices.ContainsFunc(set, func(o string) bool { return o != s && strings.Contains(s, o) })
	})
}

// shortest is the length of the shortest string of a set, 0 if it is empty.
func shortest(set []string) int {
	if len(set) == 0 {
		return 0
	}
	n := len(set[0])
	for _, s := range set[1:] {
		n = min(n, len(s))
	}
	return n
}

// best is the set that is likely to be the most selective: the longest of
// shortest members, then the fewest members.
func best(sets [][]string) []string {
	var out []string
	for _, s := range sets {
		if shortest(s) > shortest(out) || shortest(s) == shortest(out) && len(s) < len(out) {
			out = s
		}
	}
	return out
}

func analyze(re *syntax.Regexp, depth int) info {
	if depth > maxDepth {
		return info{}
	}
	depth++
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return info{exact: []string{""}}
	case syntax.OpLiteral:
		return info{exact: []string{foldString(string(re.Rune))}}
	case syntax.OpCharClass:
		return classInfo(re.Rune)
	case syntax.OpCapture:
		return analyze(re.Sub[0], depth)
	case syntax.OpPlus:
		return info{all: analyze(re.Sub[0], depth).sets()}
	case syntax.OpRepeat:
		if re.Min >= 1 {
			return info{all: analyze(re.Sub[0], depth).sets()}
		}
	case syntax.OpQuest:
		if in := analyze(re.Sub[0], depth); in.exact != nil && len(in.exact) < maxExact {
			return info{exact: distinct(append([]string{""}, in.exact...))}
		}
	case syntax.OpAlternate:
		return alternateInfo(re.Sub, depth)
	case syntax.OpConcat:
		return concatInfo(re.Sub, depth)
	}
	return info{}
}

func classInfo(ranges []rune) info {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if int(ranges[i+1]-ranges[i]) >= maxExact || len(out) >= maxExact {
			return info{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			out = append(out, string(foldRune(r)))
		}
	}
	if out = distinct(out); len(out) == 0 || len(out) > 4 {
		return info{} // more would only blow up the products
	}
	return info{exact: out}
}

func alternateInfo(subs []*syntax.Regexp, depth int) info {
	var exact, either []string
	allExact, allSets := true, true
	for _, s := range subs {
		in := analyze(s, depth)
		allExact = allExact && in.exact != nil
		exact = append(exact, in.exact...)
		b := best(in.sets())
		allSets = allSets && b != nil
		either = append(either, b...)
	}
	exact, either = distinct(exact), distinct(either)
	switch {
	case allExact && len(exact) <= maxExact:
		return info{exact: exact}
	case allSets && len(either) <= maxExact:
		return info{all: [][]string{either}}
	}
	return info{}
}

func concatInfo(subs []*syntax.Regexp, depth int) info {
	cur, allExact := []string{""}, true
	var all [][]string
	for _, s := range subs {
		in := analyze(s, depth)
		if in.exact == nil {
			allExact = false
			all = append(append(all, cur), in.all...)
			cur = []string{""}
			continue
		}
		if len(cur)*len(in.exact) > maxExact {
			allExact = false
			all = append(all, cur)
			cur = in.exact
			continue
		}
		cur = product(cur, in.exact)
	}
	if allExact {
		return info{exact: cur}
	}
	return info{all: append(all, cur)}
}

func product(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return distinct(out)
}

func distinct(in []string) []string {
	var out []string
	seen := make(map[string]bool, len(in))
	for _, s := range in {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
