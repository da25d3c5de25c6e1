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
	before     int // where the last byte of the word before is, -1 at the beginning
}

func newWords(a *segment.Accumulator) *words {
	const most = (betweenChecks+beyond)/2 + 1
	return &words{acc: a, words: make([]segment.Key, most), boundaries: make([]segment.Key, most)}
}

// invert tells the accumulator the words and boundaries of a folded text, or the mark of
// one that is searched without index. It does not end the document.
func (w *words) invert(ctx context.Context, text []byte, most int) error {
	w.text = slices.Grow(text, beyond)[:len(text)+beyond]
	w.before = -1
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
	if len(edges) == 0 {
		return true
	}
	text, n := w.text, 0
	for i := 1; i < len(edges); i += 2 {
		from, to := uint(edges[i-1]), uint(edges[i])
		length := to - from
		if length > segment.KeyLen {
			if length > maxWord {
				return false
			}
			w.acc.Add(wordField, text[from:to])
			continue
		}
		b := text[from : from+segment.KeyLen]
		w.words[n] = segment.Key{
			Lo: binary.LittleEndian.Uint64(b) & lower[length%32],
			Hi: binary.LittleEndian.Uint64(b[8:]) & upper[length%32],
		}
		n++
	}
	w.acc.AddKeys(wordField, w.words[:n])
	n = 0
	if w.before >= 0 {
		n = w.boundary(n, uint(w.before), uint(edges[0]), uint(edges[1]))
	}
	for i := 3; i < len(edges); i += 2 {
		n = w.boundary(n, uint(edges[i-2])-1, uint(edges[i-1]), uint(edges[i]))
	}
	w.acc.AddKeys(boundaryField, w.boundaries[:n])
	w.before = int(edges[len(edges)-1]) - 1
	return true
}

// boundary makes boundary n of what stands between the last byte of a word, at before,
// and the word [from, to), and returns how many there are then. It has no branch: what
// is between two words cannot be foretold.
func (w *words) boundary(n int, before, from, to uint) int {
	between := from - before - 1
	b := binary.LittleEndian.Uint64(w.text[before:])
	blank := oneIf(between == 1) & oneIf(byte(b>>8) == ' ') & oneIf(to-from >= afterBlank)
	b &= lower[(between+2+uint(blank)*(afterBlank-1))%32]
	w.boundaries[n].Lo = b
	return n + oneIf(between <= maxBoundary)&^hasNewline(b)
}

func (w *words) without() error {
	w.acc.Drop()
	w.acc.Add(wordField, []byte(unindexed))
	return nil
}

// lower and upper mask the first n bytes of sixteen.
var lower, upper = func() (lower, upper [32]uint64) {
	for n := range segment.KeyLen + 1 {
		lower[n], upper[n] = 1<<(8*n)-1, 1<<(8*max(n-8, 0))-1
	}
	return lower, upper
}()

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
