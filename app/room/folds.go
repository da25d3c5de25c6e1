package room

import (
	"bytes"
	"context"

	"vitrine/index/lex"
)

// A Fold is a range of lines that belong together: First says what they are and
// stays in view when the others, up to and including Last, are folded away.
type Fold struct{ First, Last int }

// Folds lists the blocks, comments and branches of a document as it is shown, in
// the order of their first lines; known is false where the language is not. A line
// that closes a block does not belong to it: another may begin there.
func (d *Document) Folds() (folds []Fold, known bool) {
	if d.Binary {
		return nil, false
	}
	_, structure, err := d.Lexical(context.Background())
	if err != nil || structure == nil {
		return nil, false
	}
	for _, f := range structure.Folds() {
		if f.Kind == lex.FoldBlock && closes(d.Text.Line(f.First), d.Text.Line(f.Last)) {
			f.Last--
		}
		if f.Last > f.First {
			folds = append(folds, Fold{f.First, f.Last})
		}
	}
	return folds, true
}

// closes reports whether a block's last line is not indented deeper than its first,
// like a brace and unlike the last statement of a Python function.
func closes(first, last []byte) bool {
	depth := func(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }
	return depth(last) <= depth(first)
}
