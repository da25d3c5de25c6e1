package search

import (
	"context"
	"regexp/syntax"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
)

// A wordPart is a part of a regexp of which every match is within one word: so it can be
// asked of the words of the index, which are many times less than the text.
type wordPart struct {
	automatons sync.Pool // of *automaton; of the part, on folded words
	patterns   [][]byte  // one of them is in each word, as in a dictionary
}

const (
	// minWordPart is the shortest part, in characters, that is not in nearly every blob.
	minWordPart = 3

	// maxPatterns is how often the dictionary is looked through for texts that a word
	// must have, rather than once for all words.
	maxPatterns = 4
)

// everyWord is a pattern that is in every word, as in a dictionary: what stands before it.
const everyWord = "\n"

// newWordPart finds the longest such part; nil if there is none, or if it is one of a few
// texts, which are looked up more quickly. A comment or string may begin within a word.
func newWordPart(re *syntax.Regexp, in region) (*wordPart, error) {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	subs := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		subs = re.Sub
	}
	from, to, most := 0, 0, minWordPart-1
	for i := 0; i < len(subs); i++ {
		n, j := 0, i
		for ; j < len(subs) && withinWord(subs[j], 0); j++ {
			n += leastLen(subs[j])
		}
		if n > most {
			from, to, most = i, j, n
		}
		i = j
	}
	if to == 0 {
		return nil, nil
	}
	part := &syntax.Regexp{Op: syntax.OpConcat, Flags: syntax.Perl}
	if from > 0 && outsideWord(subs[from-1], in) {
		part.Sub = append(part.Sub, &syntax.Regexp{Op: syntax.OpBeginText, Flags: syntax.Perl})
	}
	for _, s := range subs[from:to] {
		part.Sub = append(part.Sub, foldedWords(s))
	}
	if to < len(subs) && outsideWord(subs[to], in) {
		part.Sub = append(part.Sub, &syntax.Regexp{Op: syntax.OpEndText, Flags: syntax.Perl})
	}
	known := analyze(part, 0)
	if known.exact != nil {
		return nil, nil
	}
	m, err := newMachine(part, false)
	if err != nil || m == nil {
		return nil, err
	}
	w := &wordPart{automatons: sync.Pool{New: func() any { return newAutomaton(m) }}}
	set := best(known.sets())
	if len(set) == 0 || len(set) > maxPatterns {
		set = []string{everyWord}
	}
	for _, s := range set {
		w.patterns = append(w.patterns, []byte(s))
	}
	return w, nil
}

// withinWord reports whether all that re matches is bytes of words.
func withinWord(re *syntax.Regexp, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r < utf8.RuneSelf && !isWordByte(byte(r)) {
				return false
			}
		}
		return true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= min(re.Rune[i+1], utf8.RuneSelf-1); r++ {
				if !isWordByte(byte(r)) {
					return false
				}
			}
		}
		return true
	case syntax.OpCapture, syntax.OpPlus, syntax.OpStar, syntax.OpQuest, syntax.OpRepeat, syntax.OpConcat, syntax.OpAlternate:
		for _, s := range re.Sub {
			if !withinWord(s, depth+1) {
				return false
			}
		}
		return true
	}
	return false
}

// leastLen is the length of the shortest match of what is within a word, in characters.
func leastLen(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return leastLen(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * leastLen(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, s := range re.Sub {
			n += leastLen(s)
		}
		return n
	case syntax.OpAlternate:
		n := leastLen(re.Sub[0])
		for _, s := range re.Sub[1:] {
			n = min(n, leastLen(s))
		}
		return n
	}
	return 0
}

// outsideWord reports whether what re matches neither begins nor ends with a byte of a
// word, nor stands within one.
func outsideWord(re *syntax.Regexp, in region) bool {
	outside := func(r rune) bool { return r < utf8.RuneSelf && !isWordByte(byte(r)) }
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return in == anywhere
	case syntax.OpLiteral:
		return outside(re.Rune[0]) && outside(re.Rune[len(re.Rune)-1])
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if !outside(r) {
					return false
				}
			}
		}
		return true
	case syntax.OpCapture, syntax.OpPlus:
		return outsideWord(re.Sub[0], in)
	case syntax.OpRepeat:
		return re.Min > 0 && outsideWord(re.Sub[0], in)
	}
	return false
}

// foldedWords matches, folded, all that re matches, which is within a word. It may match
// more: characters over U+007F are not told apart where re has any.
func foldedWords(re *syntax.Regexp) *syntax.Regexp {
	out := *re
	out.Flags &^= syntax.FoldCase
	out.Sub0, out.Rune0 = [1]*syntax.Regexp{}, [2]rune{}
	out.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, s := range re.Sub {
		out.Sub[i] = foldedWords(s)
	}
	switch re.Op {
	case syntax.OpLiteral:
		out.Rune = []rune(foldString(string(re.Rune)))
	case syntax.OpCharClass:
		out.Rune = nil
		var has [utf8.RuneSelf]bool
		over := false
		for i := 0; i+1 < len(re.Rune); i += 2 {
			lo, hi := re.Rune[i], re.Rune[i+1]
			for r := lo; r <= min(hi, utf8.RuneSelf-1); r++ {
				has[foldRune(r)] = true
			}
			over = over || hi >= utf8.RuneSelf
			for _, r := range "\u212a\u017f" { // of the others, none folds to ASCII
				if lo <= r && r <= hi {
					has[foldRune(r)] = true
				}
			}
		}
		for r, is := range has {
			if is {
				out.Rune = append(out.Rune, rune(r), rune(r))
			}
		}
		if over {
			out.Rune = append(out.Rune, utf8.RuneSelf, utf8.MaxRune)
		}
		if out.Rune == nil {
			out.Op = syntax.OpNoMatch
		}
	}
	return &out
}

// words leaves of cur the documents with a word that has the part.
func (ix narrowing) words(ctx context.Context, w *wordPart, cur *roaring.Bitmap) (*roaring.Bitmap, error) {
	cost := 0
	costs := make([]int, len(w.patterns))
	for i, p := range w.patterns {
		var err error
		if costs[i], err = ix.pages(p); err != nil {
			return nil, err
		}
		cost += costs[i]
	}
	dear := int(cur.GetCardinality())
	if string(w.patterns[0]) != everyWord {
		dear *= pagesPerDoc // of a page, few words are held against the part
	}
	if uint64(dear) <= ix.fewDocs || ix.fewDocs > 0 && cost > dear || ix.spare(cost) {
		return cur, nil
	}
	either := ix.unindexed.Clone()
	for i, p := range w.patterns {
		set, err := ix.expand(ctx, p, w, costs[i])
		if err != nil {
			return nil, err
		}
		if set == nil {
			return cur, nil
		}
		either.Or(set.Bitmap())
	}
	either.And(cur)
	return either, nil
}
