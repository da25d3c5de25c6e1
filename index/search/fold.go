package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"
)

// foldRune maps all runes that Unicode simple case folding holds equal to one
// of them: the lower-case ASCII letter if there is one ("k", "K" and the
// Kelvin sign to "k"; "s", "S" and the long s to "s"), else the least.
// It is the equality of (?i) in package regexp.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	if int(r) < len(foldTable()) {
		return foldTable()[r]
	}
	return foldOrbit(r)
}

func foldOrbit(r rune) rune {
	least := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		least = min(least, o)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

// foldTable holds the Basic Multilingual Plane: unicode.SimpleFold costs about
// 100 ns, which text in other scripts than Latin would pay per character.
var foldTable = sync.OnceValue(func() []rune {
	t := make([]rune, 1<<16)
	for r := range t {
		t[r] = foldOrbit(rune(r))
	}
	return t
})

// appendFold appends src, folded, to dst. aligned reports that each character
// kept its length, so that offsets are the same in both. src is valid UTF-8.
func appendFold(dst, src []byte) (folded []byte, aligned bool) {
	dst = slices.Grow(dst, len(src))
	aligned = true
	for len(src) > 0 {
		n := len(dst)
		k := foldASCII(dst[n:min(n+len(src), cap(dst))], src)
		dst, src = dst[:n+k], src[k:]
		for len(src) > 0 && src[0] >= utf8.RuneSelf {
			r, w := utf8.DecodeRune(src)
			n := len(dst)
			dst = utf8.AppendRune(dst, foldRune(r))
			aligned = aligned && len(dst)-n == w
			src = src[w:]
		}
		dst = slices.Grow(dst, len(src)) // folding may lengthen a character
	}
	return dst, aligned
}

// foldASCII writes src to dst in lower case up to its first byte that is not
// ASCII, and returns how many bytes that were. It takes eight at a time, with
// the carry of an addition in bit 7 as comparison.
func foldASCII(dst, src []byte) int {
	const high = 0x8080808080808080
	i := 0
	for ; i+8 <= len(src) && i+8 <= len(dst); i += 8 {
		x := binary.LittleEndian.Uint64(src[i:])
		if x&high != 0 {
			break
		}
		fromA := x + (0x80-'A')*(high>>7)
		beyondZ := x + (0x80-'Z'-1)*(high>>7)
		upper := fromA &^ beyondZ & high
		binary.LittleEndian.PutUint64(dst[i:], x+upper>>2) // 0x80>>2 is 'a'-'A'
	}
	for ; i < len(src) && i < len(dst) && src[i] < utf8.RuneSelf; i++ {
		c := src[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst[i] = c
	}
	return i
}

func foldString(s string) string {
	folded, _ := appendFold(nil, []byte(s))
	return string(folded)
}

// unfold translates ascending offsets of folded text to those of its original,
// in place. All are at the beginning of a character or the end.
func unfold(original []byte, ranges [][2]int) {
	at, folded := 0, 0
	to := func(want int) int {
		for folded < want {
			r, w := utf8.DecodeRune(original[at:])
			folded += utf8.RuneLen(foldRune(r))
			at += w
		}
		return at
	}
	for i := range ranges {
		ranges[i][0] = to(ranges[i][0])
		ranges[i][1] = to(ranges[i][1])
	}
}

// isWordByte tells what a word of the index is made of. Folding never takes a
// character across this border: only ASCII letters have non-ASCII partners.
func isWordByte(c byte) bool {
	return c >= utf8.RuneSelf || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// A run is a run of word bytes in a literal, as it must occur in some word of a
// matching line: whole, or with more word bytes before or after it.
type run struct {
	s           string
	left, right bool // there may be more on that side
}

// runsOf cuts a folded literal into runs.
func runsOf(literal string) (out []run) {
	for i := 0; i < len(literal); {
		if !isWordByte(literal[i]) {
			i++
			continue
		}
		j := i
		for j < len(literal) && isWordByte(literal[j]) {
			j++
		}
		out = append(out, run{literal[i:j], i == 0, j == len(literal)})
		i = j
	}
	return out
}

func (r run) exact() bool { return !r.left && !r.right }

// pattern is what the run looks like in the dictionary, where every word
// stands between two "\n".
func (r run) pattern() []byte {
	var p []byte
	if !r.left {
		p = append(p, '\n')
	}
	p = append(p, r.s...)
	if !r.right {
		p = append(p, '\n')
	}
	return p
}

// lineEnd is the index of the "\n" at or after at, or the text's end.
func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}
