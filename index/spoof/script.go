package spoof

import (
	"fmt"
	"slices"
	"strings"
)

// Scripts is a set of scripts. That of characters which all scripts share is full.
type Scripts [3]uint64

// maxScripts is how many a set can hold; Unicode 15.0 has 164, and three of writing
// systems that have several.
const maxScripts = 3 * 64

// writings are the writing systems of several scripts, and the scripts that are in them (UTS
// #39, table 1a).
var writings = map[string][]string{"Hani": {"Hanb", "Jpan", "Kore"}, "Hira": {"Jpan"}, "Kana": {"Jpan"}, "Hang": {"Kore"}, "Bopo": {"Hanb"}}

// set reads "Beng,Deva". Common and inherited characters are of all scripts.
func (t *tableSet) set(codes string) (Scripts, error) {
	var s Scripts
	for c := range strings.SplitSeq(codes, ",") {
		if c == "Zyyy" || c == "Zinh" {
			return Scripts{^uint64(0), ^uint64(0), ^uint64(0)}, nil
		}
		for _, c := range append([]string{c}, writings[c]...) {
			bit := slices.Index(t.codes, c)
			if bit < 0 {
				bit = len(t.codes)
				t.codes = append(t.codes, c)
			}
			if bit >= maxScripts {
				return s, fmt.Errorf("more than %d scripts", maxScripts)
			}
			s[bit/64] |= 1 << (bit % 64)
		}
	}
	return s, nil
}

func (s Scripts) and(o Scripts) Scripts { return Scripts{s[0] & o[0], s[1] & o[1], s[2] & o[2]} }
func (s Scripts) empty() bool           { return s == Scripts{} }
func (s Scripts) full() bool            { return s == Scripts{^uint64(0), ^uint64(0), ^uint64(0)} }

// Has reports whether a script, by its code of ISO 15924 ("Latn"), is in the set.
func (s Scripts) Has(code string) bool {
	bit := slices.Index(tables().codes, code)
	return bit >= 0 && s[bit/64]>>(bit%64)&1 != 0
}

// ScriptsOf are the augmented scripts of a character (UTS #39, 5.1).
func ScriptsOf(r rune) Scripts {
	list := tables().scripts
	i, ok := slices.BinarySearchFunc(list, r, func(s scripted, r rune) int {
		switch {
		case s.to < r:
			return -1
		case s.from > r:
			return 1
		}
		return 0
	})
	if !ok {
		return Scripts{^uint64(0), ^uint64(0), ^uint64(0)} // not assigned: nothing is known of it
	}
	return list[i].set
}

// Resolve is the resolved script set of a string (UTS #39, 5.1): empty when no one
// script has all its characters.
func Resolve(s string) Scripts {
	all := Scripts{^uint64(0), ^uint64(0), ^uint64(0)}
	for _, r := range s {
		all = all.and(ScriptsOf(r))
	}
	return all
}

// highlyRestrictive reports whether a string of several scripts is written as
// Japanese, Chinese and Korean texts are, with Latin letters (UTS #39, 5.2).
func highlyRestrictive(s string) bool {
	rest := Resolve(strings.Map(func(r rune) rune {
		if ScriptsOf(r).Has("Latn") {
			return -1
		}
		return r
	}, s))
	return rest.Has("Jpan") || rest.Has("Hanb") || rest.Has("Kore")
}

// scriptName is how people name the script of a character; "" for one that several share.
func scriptName(r rune) string {
	s := ScriptsOf(r)
	if s.full() {
		return ""
	}
	for _, n := range names {
		if s.Has(n.code) {
			return n.name
		}
	}
	for bit, code := range tables().codes {
		if s[bit/64]>>(bit%64)&1 != 0 {
			return code
		}
	}
	return ""
}

// names are those of scripts whose letters are taken for Latin ones, or are frequent.
var names = []struct{ code, name, short string }{
	{"Latn", "Latin", "Lat"}, {"Cyrl", "Cyrillic", "Cyr"}, {"Grek", "Greek", "Grk"}, {"Armn", "Armenian", "Arm"}, {"Cher", "Cherokee", "Cher"},
	{"Hebr", "Hebrew", "Heb"}, {"Arab", "Arabic", "Arab"}, {"Copt", "Coptic", "Copt"}, {"Geor", "Georgian", "Geor"}, {"Hani", "Han", "Han"},
	{"Hira", "Hiragana", "Hira"}, {"Kana", "Katakana", "Kana"}, {"Hang", "Hangul", "Hang"}, {"Lisu", "Lisu", "Lisu"}, {"Deva", "Devanagari", "Deva"}, {"Thai", "Thai", "Thai"},
}

// Tag names a character's script in few letters ("Cyr"), to be drawn beside it; one of
// Latin or of no script of its own has its code point.
func Tag(r rune) string {
	name := scriptName(r)
	for _, n := range names[1:] {
		if n.name == name {
			return n.short
		}
	}
	if name == "" || name == "Latin" {
		return CodePoint(r)
	}
	return name
}
