package search

import (
	"context"

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
	// ones are indentation and rules of asterisks.
	maxBoundary = 6

	// afterBlank is how many bytes of a word stand in a boundary of one blank: in prose,
	// one does not tell much. Of others, more would make the index larger by a fifth.
	afterBlank = 2

	// unindexed is the word of the blobs that are searched without index; it cannot
	// be one.
	unindexed = " "

	// betweenChecks is how many bytes are inverted between two looks at the
	// context: a millisecond's worth at most.
	betweenChecks = 32 << 10
)

// The fields of a segment, by number and name.
const (
	wordField     = 0
	boundaryField = 1
)

var fieldNames = []string{"w", "b"}

// invert tells a the words and boundaries of a folded text, or the mark of one that
// is searched without index. It does not end the document.
func invert(ctx context.Context, a *segment.Accumulator, text []byte, most int) error {
	check := betweenChecks
	before := -1 // where the last byte of the word before is, unless a line ended since
	for i := 0; i < len(text); {
		if c := text[i]; !wordBytes[c] {
			if c == '\n' {
				before = -1
			}
			i++
			continue
		}
		j := i + 1
		for j < len(text) && wordBytes[text[j]] {
			j++
		}
		if j-i > maxWord {
			return without(a)
		}
		if before >= 0 && i-before-1 <= maxBoundary {
			a.Add(boundaryField, text[before:boundaryEnd(text, before, i, j)])
		}
		a.Add(wordField, text[i:j])
		before, i = j-1, j
		if j > check {
			if err := ctx.Err(); err != nil {
				return err
			}
			if a.Terms(wordField) > most {
				return without(a)
			}
			check = j + betweenChecks
		}
	}
	if a.Terms(wordField) > most {
		return without(a)
	}
	return nil
}

func without(a *segment.Accumulator) error {
	a.Drop()
	a.Add(wordField, []byte(unindexed))
	return nil
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
