package search

import (
	"context"
	"encoding/binary"
	"math/bits"
	"slices"

	"vitrine/index/segment"
)

const (
	// blobWords bounds the distinct words of a blob. The largest of Linux has
	// 200,000; one with more is data, and searched without index.
	blobWords = 1 << 20

	// maxWord is the longest word that is looked up. A blob with a longer one
	// (base64 and other data in text) is searched without index.
	maxWord = segment.MaxTerm

	// maxBoundary is the longest text between two words that is looked up: longer
	// ones are indentation and rules of asterisks. With the bytes around it, it fits
	// the lower half of a key.
	maxBoundary = 6

	// afterBlank is how many bytes of a word stand in a boundary of one blank: in prose,
	// one does not tell much. Of others, more would make the index larger by a fifth.
	afterBlank = 2

	// unindexed is the word of the blobs that are searched without index; it cannot
	// be one.
	unindexed = " "

	// betweenChecks is how many bytes are inverted between two looks at the
	// context: a fraction of a millisecond's worth.
	betweenChecks = 4 << 10

	// beyond is how far past its end a text is read, to no effect.
	beyond = 64
)

// The fields of a segment, by number and name.
const (
	wordField     = 0
	boundaryField = 1
)

var fieldNames = []string{"w", "b"}

// A words finds the words of a text and what stands between them.
type words struct {
	acc        *segment.Accumulator
	text       []byte // with as much behind it as is read beyond
	edges      [betweenChecks + beyond]uint32
	words      []segment.Key
	boundaries []segment.Key
	before     int // where the last byte of the word before is
}

func newWords(a *segment.Accumulator) *words {
	const most = (betweenChecks+beyond)/2 + 1
	return &words{acc: a, words: make([]segment.Key, most), boundaries: make([]segment.Key, most)}
}

// invert tells the accumulator the words and boundaries of a folded text, or the mark of
// one that is searched without index. It does not end the document.
func (w *words) invert(ctx context.Context, text []byte, most int) error {
	w.text = slices.Grow(text, beyond)[:len(text)+beyond]
	w.before = -maxBoundary - 2
	edges := 0 // that were found, and not yet looked at
	inWord := uint64(0)
	for at := 0; at < len(text); {
		for end := min(at+betweenChecks, len(text)); at < end; at += 64 {
			is := wordBits(w.text[at : at+64])
			if left := len(text) - at; left < 64 {
				is &= 1<<left - 1
			}
			for x := is ^ (is<<1 | inWord); x != 0; x &= x - 1 {
				w.edges[edges] = uint32(at + bits.TrailingZeros64(x))
				edges++
			}
			inWord = is >> 63
		}
		if at >= len(text) && edges%2 != 0 {
			w.edges[edges] = uint32(len(text))
			edges++
		}
		if !w.add(w.edges[:edges&^1]) {
			return w.without()
		}
		edges = copy(w.edges[:1], w.edges[edges&^1:edges])
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.acc.Terms(wordField) > most {
			return w.without()
		}
	}
	return nil
}

// add takes the beginnings and ends of words; false if one is too long.
func (w *words) add(edges []uint32) bool {
	nw, nb, text, before := 0, 0, w.text, w.before
	for len(edges) >= 2 {
		from, to := int(edges[0]), int(edges[1])
		edges = edges[2:]
		between := from - before - 1
		n := to - from
		b := binary.LittleEndian.Uint64(text[max(before, 0):])
		blank := oneIf(between == 1) & oneIf(byte(b>>8) == ' ') & oneIf(n >= afterBlank)
		b &= first[min(between+2+blank*(afterBlank-1), 8)]
		w.boundaries[nb].Lo = b
		nb += oneIf(between <= maxBoundary) &^ hasNewline(b)
		before = to - 1
		if n > segment.KeyLen {
			if n > maxWord {
				return false
			}
			w.acc.Add(wordField, text[from:to])
			continue
		}
		w.words[nw] = segment.Key{
			Lo: binary.LittleEndian.Uint64(text[from:]) & first[min(n, 8)],
			Hi: binary.LittleEndian.Uint64(text[from+8:]) & first[max(n, 8)-8],
		}
		nw++
	}
	w.before = before
	w.acc.AddKeys(wordField, w.words[:nw])
	w.acc.AddKeys(boundaryField, w.boundaries[:nb])
	return true
}

func (w *words) without() error {
	w.acc.Drop()
	w.acc.Add(wordField, []byte(unindexed))
	return nil
}

// first masks the first n bytes of eight.
var first = [9]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

const everyByte = 0x0101010101010101

// hasNewline is 1 if one of eight bytes is "\n", else 0.
func hasNewline(x uint64) int {
	x ^= '\n' * everyByte
	return oneIf((x-everyByte)&^x&(0x80*everyByte) != 0)
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// wordBits has a bit for each of 64 bytes of a folded text: is it a word's? It takes
// eight at a time, with the carry of an addition in bit 7 as comparison.
func wordBits(b []byte) (is uint64) {
	const high, low = 0x80 * everyByte, 0x7f * everyByte
	b = b[:64]
	for i := 56; i >= 0; i -= 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		y := x & low
		digit := (y + (0x80-'0')*everyByte) &^ (y + (0x80-'9'-1)*everyByte)
		letter := (y + (0x80-'a')*everyByte) &^ (y + (0x80-'z'-1)*everyByte)
		underline := ^(y ^ '_'*everyByte + low)
		// Multiplying gathers the bits 7, 15, … in the highest byte.
		is = is<<8 | (digit|letter|underline|x)&high*0x0002040810204081>>56
	}
	return is
}

var wordBytes = func() (is [256]bool) {
	for c := range is {
		is[c] = isWordByte(byte(c))
	}
	return is
}()

// boundaryEnd is where the boundary ends between the byte at before, the last of a word, and
// the word [i, j).
func boundaryEnd(text []byte, before, i, j int) int {
	if i-before == 2 && text[i-1] == ' ' {
		return min(i+afterBlank, j)
	}
	return i + 1
}

// boundariesOf lists what stands between two words of a folded literal, as patterns of
// package segment: every text with the literal has boundaries with these.
func boundariesOf(literal string) (out []string) {
	text := []byte(literal)
	before := -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			before = -1
		case wordBytes[c]:
			j := i + 1
			for j < len(text) && wordBytes[text[j]] {
				j++
			}
			if before >= 0 && i-before-1 <= maxBoundary {
				b := "\n" + literal[before:boundaryEnd(text, before, i, j)]
				if j < len(text) || boundaryEnd(text, before, i, j+1) == boundaryEnd(text, before, i, j) {
					b += "\n" // else the word may go on
				}
				out = append(out, b)
			}
			before, i = j-1, j-1
		}
	}
	return out
}
