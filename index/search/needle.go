package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// A needle is a text that is looked for by its two rarest bytes at once, where the processor
// can, as in the crate memchr, else by its rarest: several times quicker than bytes.Index in
// source, where the first bytes of what people look for are frequent.
type needle struct {
	text         string
	rarest, next int // places in text
	anyCase      anyCase
}

// anyCase tells where an ASCII text in lower case can be looked for without folding.
type anyCase int

const (
	folded    anyCase = iota // only in folded text
	inASCII                  // also in ASCII text: it has k or s, which have partners elsewhere
	inAnyText                // also in any
)

// byFrequency has the bytes of source, the rarest first, as they are in Go's and Linux'
// trees. What is not here is rarer.
const byFrequency = "WYzqH&+97G][8U>X5`VBF6M3L4;ODN*}{PRCI2Awx:EkT\"Svy10b-/g.()=m,h_pfudlc\to\nsainrte "

func newNeedle(text string) needle {
	n := needle{text: text, anyCase: inAnyText}
	rarer := func(i, j int) bool {
		return strings.IndexByte(byFrequency, text[i]) < strings.IndexByte(byFrequency, text[j])
	}
	for i := range len(text) {
		if rarer(i, n.rarest) {
			n.rarest = i
		}
	}
	for i := range len(text) {
		if i != n.rarest && (n.next == n.rarest || rarer(i, n.next)) {
			n.next = i
		}
		c := text[i]
		switch {
		case c >= utf8.RuneSelf || 'A' <= c && c <= 'Z':
			n.anyCase = folded
		case (c == 'k' || c == 's') && n.anyCase == inAnyText:
			n.anyCase = inASCII
		}
	}
	return n
}

// A cursor is a needle on its way through a text.
type cursor struct {
	*needle
	hay        []byte
	exact      bool // else in any case
	pair       [4]byte
	from       int // of the pair's first byte, in the text; -1 to look for one byte
	distance   int // to its second
	low, upper int // the next places of the rarest byte in both cases, if not behind
}

// newCursor looks for a needle exactly, or in any ASCII case.
func newCursor(n *needle, hay []byte, exact bool) cursor {
	c := cursor{needle: n, hay: hay, exact: exact, from: -1, low: -1, upper: -1}
	if canPair && n.next != n.rarest && len(hay) >= len(n.text)+pairBlock {
		c.from = min(n.rarest, n.next)
		c.distance = max(n.rarest, n.next) - c.from
		a, b := n.text[c.from], n.text[c.from+c.distance]
		c.pair = [4]byte{a, c.other(a), b, c.other(b)}
	}
	return c
}

// other is the byte that stands for b as well.
func (c *cursor) other(b byte) byte {
	if !c.exact && 'a' <= b && b <= 'z' {
		return b - ('a' - 'A')
	}
	return b
}

// is reports whether the needle is at a place.
func (c *cursor) is(at int) bool {
	there := c.hay[at : at+len(c.text)]
	if c.exact {
		return string(there) == c.text
	}
	return equalFoldASCII(there, c.text)
}

// betweenTries is how many places are tried between two looks at the context.
const betweenTries = 4096

// next is the first place of the needle from at on, which never goes back; -1 if there
// is none, and when ctx ends.
func (c *cursor) next(ctx context.Context, at int) int {
	if len(c.text) == 0 && at <= len(c.hay) {
		return at
	}
	for tries := 1; at+len(c.text) <= len(c.hay); tries++ {
		if at = c.try(ctx, at); at < 0 {
			return -1
		}
		if c.is(at) {
			return at
		}
		at++
		if tries%betweenTries == 0 && ctx.Err() != nil {
			return -1
		}
	}
	return -1
}

// try is the first place from at on at which the needle may be; -1 if there is none, and
// when ctx ends.
func (c *cursor) try(ctx context.Context, at int) int {
	end := len(c.hay) - len(c.text) + 1 // of the places
	for c.from >= 0 && end-at >= pairBlock {
		to := min(end, at+stretch)
		i, behind := indexPair(c.hay[at+c.from:to+c.from+c.distance], c.distance, &c.pair)
		if i >= 0 {
			return at + i
		}
		if at += behind; to < end && ctx.Err() != nil {
			return -1
		}
	}
	if c.from >= 0 { // less than a block
		for ; at < end; at++ {
			if b := c.hay[at+c.from]; b == c.pair[0] || b == c.pair[1] {
				return at
			}
		}
		return -1
	}
	i := c.rare(at + c.rarest)
	if i < 0 || i-c.rarest >= end {
		return -1
	}
	return i - c.rarest
}

// rare is the first place of the rarest byte, in either case, from at on, or -1.
func (c *cursor) rare(at int) int {
	b := c.text[c.rarest]
	if c.exact || b < 'a' || b > 'z' {
		if i := bytes.IndexByte(c.hay[at:], b); i >= 0 {
			return at + i
		}
		return -1
	}
	find := func(b byte, limit int) int {
		if i := bytes.IndexByte(c.hay[at:limit], b); i >= 0 {
			return at + i
		}
		return limit
	}
	if c.low < at {
		c.low = find(b, len(c.hay))
	}
	if c.upper < at {
		c.upper = find(b-('a'-'A'), c.low) // not further than it matters now
	}
	if first := min(c.low, c.upper); first < len(c.hay) {
		return first
	}
	return -1
}

// equalFoldASCII compares with a text in lower case; no other character may be equal to
// one of it.
func equalFoldASCII(b []byte, lower string) bool {
	for i := range len(lower) {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// isASCII looks at eight bytes at a time.
func isASCII(b []byte) bool {
	const high = 0x8080808080808080
	for len(b) >= 32 {
		if (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|
			binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&high != 0 {
			return false
		}
		b = b[32:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
