package spoof

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// Skeleton is what a string looks like (UTS #39, section 4, revision 28,
// internalSkeleton): strings with the same skeleton can be taken for each other.
// It is not meant to be shown.
func Skeleton(s string) string {
	s = norm.NFD.String(s)
	s = strings.Map(func(r rune) rune {
		if ignorable(r) {
			return -1
		}
		return r
	}, s)
	return norm.NFD.String(mapped(s))
}

// Reading is a string as a person reads it: characters that look like ASCII ones
// replaced by these, those that draw nothing left out, all others as they are.
func Reading(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case ignorable(r):
		default:
			if p := prototype(r); isASCII(p) {
				b.WriteString(p)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Name is Unicode's name of a character: "CYRILLIC CAPITAL LETTER EN". Controls, which
// have none, have their label.
func Name(r rune) string {
	name := runenames.Name(r)
	if name == "" || name == "<control>" {
		if label, c := Hidden(r); c != None {
			return label
		}
		return "not assigned"
	}
	return name
}

// Describe tells what a character is and what it is taken for: "CYRILLIC CAPITAL LETTER EN
// U+041D, looks like Latin H".
func Describe(r rune) string {
	text := Name(r) + " " + CodePoint(r)
	p := prototype(r)
	if r < utf8.RuneSelf || !isASCII(p) || ignorable(r) || p == " " {
		return text
	}
	if c := p[0]; len(p) == 1 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
		return text + ", looks like Latin " + p
	}
	return text + ", looks like " + p
}
