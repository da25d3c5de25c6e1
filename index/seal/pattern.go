package seal

import "strings"

// matchList reports whether s matches one of the comma-separated patterns and
// no negated one: OpenSSH's match_pattern_list, where a match of "!pattern"
// decides at once and negations alone match nothing.
func matchList(s, patterns string) bool {
	found := false
	for p := range strings.SplitSeq(patterns, ",") {
		p, negated := strings.CutPrefix(p, "!")
		if !matchPattern(s, p) {
			continue
		}
		if negated {
			return false
		}
		found = true
	}
	return found
}

// matchPattern reports whether all of s matches p, in which * stands for any
// bytes and ? for one. It goes back to the last * only, so that its time is
// bounded by the product of the lengths.
func matchPattern(s, p string) bool {
	si, pi := 0, 0
	star, mark := -1, 0
	for si < len(s) {
		switch {
		case pi < len(p) && p[pi] == '*':
			star, mark = pi, si
			pi++
		case pi < len(p) && (p[pi] == '?' || p[pi] == s[si]):
			si++
			pi++
		case star >= 0:
			mark++
			si, pi = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(p[pi:], "*") == ""
}
