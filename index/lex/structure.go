package lex

import (
	"slices"
	"sort"
)

// A Structure is the blocks and the conditions of a text. It refers to the text.
type Structure struct {
	text      []byte
	blocks    []blk // by offset of the opening
	branches  []branch
	truncated bool
}

// NewStructure scans a text.
func NewStructure(l *Lang, text []byte) *Structure {
	s := NewScanner(l, text)
	n := NewNesting(s)
	for t := s.Next(); t.Kind != EOF; t = s.Next() {
		n.Add(t)
	}
	return n.Structure()
}

// Truncated reports whether something was left out: the text is longer than
// MaxText, or has more blocks or conditions than any written by people.
func (st *Structure) Truncated() bool { return st.truncated }

// Len is the number of blocks.
func (st *Structure) Len() int { return len(st.blocks) }

// Block is block i, in order of the opening. A block's parent comes before it.
func (st *Structure) Block(i int) Block {
	b := st.blocks[i]
	return Block{b.kind, int(b.head), int(b.open), int(b.close), int(b.headLine), int(b.openLine), int(b.closeLine), int(b.parent)}
}

// Enclosing are the blocks that a line stands in, outermost first: those that
// open on or before it and close on or after it. Of "} else {" it is the block
// that opens. In a branch of an #if the blocks of its other branches do not count.
func (st *Structure) Enclosing(line int) []Block {
	i := sort.Search(len(st.blocks), func(i int) bool { return int(st.blocks[i].openLine) > line }) - 1
	chain := st.chainAt(line)
	var bs []Block
	for i >= 0 {
		b := &st.blocks[i]
		within := int(b.closeLine) >= line
		if within && !st.elsewhere(chain, int(b.openLine)) {
			bs = append(bs, st.Block(i))
		}
		if b.uncounted && !within {
			i-- // what a branch that counts has left open may be next
		} else {
			i = int(b.parent)
		}
	}
	slices.Reverse(bs)
	return bs
}

// chainAt is the innermost branch that the line stands in, -1 if there is none.
func (st *Structure) chainAt(line int) int {
	i := sort.Search(len(st.branches), func(i int) bool { return int(st.branches[i].line) > line }) - 1
	for i >= 0 && int(st.branches[i].endLine) < line {
		i = int(st.branches[i].parent) // those before it in its chain ended earlier still
	}
	return i
}

// elsewhere reports whether the opening line stands in an earlier branch of a
// chain around branch i.
func (st *Structure) elsewhere(i, openLine int) bool {
	for ; i >= 0; i = int(st.branches[i].parent) {
		first := i
		for k := 0; k < maxElifs && st.branches[first].prev >= 0; k++ {
			first = int(st.branches[first].prev)
		}
		if openLine >= int(st.branches[first].line) && openLine < int(st.branches[i].line) {
			return true
		}
	}
	return false
}

// A Fold is a range of lines of which the first stays when it is folded.
type Fold struct {
	First, Last int // lines, 1-based, First < Last
	Kind        FoldKind
}

// A FoldKind says what is folded.
type FoldKind uint8

const (
	FoldBlock FoldKind = iota
	FoldComment
	FoldCondition // a branch of an #if: up to the line before the directive that ends it
)

// Folds are the ranges that can be folded, by first line, the longest first;
// of those from the same line to the same line one.
func (st *Structure) Folds() []Fold {
	var fs []Fold
	for _, b := range st.blocks {
		k := FoldBlock
		if b.kind == CommentBlock {
			k = FoldComment
		}
		fs = append(fs, Fold{int(b.headLine), int(b.closeLine), k})
	}
	for _, b := range st.branches {
		fs = append(fs, Fold{int(b.line), int(b.endLine), FoldCondition})
	}
	sort.SliceStable(fs, func(i, j int) bool {
		if fs[i].First != fs[j].First {
			return fs[i].First < fs[j].First
		}
		return fs[i].Last > fs[j].Last
	})
	kept := fs[:0]
	for _, f := range fs {
		if f.Last <= f.First || len(kept) > 0 && kept[len(kept)-1].First == f.First && kept[len(kept)-1].Last == f.Last {
			continue
		}
		kept = append(kept, f)
	}
	return kept
}
