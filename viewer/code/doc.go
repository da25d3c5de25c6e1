// Package code draws one file of source text for a reader who must not be
// deceived by it: line numbers, colours, marks, selection, hits, and every
// character that draws nothing of its own as a labelled box.
//
// It knows lines, byte columns, token classes and marks. It must not know
// where a file comes from (git, deposits), what a mark means to a review, or
// what may be copied: it reports lines shown (OnShown), the caret (OnCaret) and
// the wish to copy (OnCopy), and lets others decide.
//
// # Coordinates
//
// A position is a 1-based line and a 1-based byte column in the decoded line;
// the column behind the last byte is the line's end. On screen a line is a row
// of cells of equal width: a printable character takes one cell, an East Asian
// wide one takes two, a tab reaches to the next multiple of TabWidth, a box
// takes the letters of its label and one more. Every character takes at least
// one cell, so the mapping between byte column and cell is one to one:
//
//	bytes   i f \t ( U+202E )          line "if\t(\u202e)"
//	column  1 2 3  4 5      8
//	cell    0 1 2  4 5      9          box "RLO" = 4 cells
//
// Characters are drawn strictly in logical order, left to right in the order of
// their bytes: letters of right-to-left scripts are placed one by one, so that
// no renderer can reorder them, and selection is a range of bytes.
//
// # Hidden characters
//
// Package spoof lists what is drawn as a box: controls, bidirectional controls,
// zero-width characters, unusual spaces, variation selectors, tag characters and
// other default-ignorables; so are bytes that are no UTF-8.
// A printable character without a glyph becomes a box with its code point; so do
// a combining mark, since it would paint over its neighbour, and private use,
// whose glyph is whatever a font likes. A carriage return is shown unless it
// stands right before the line feed.
//
// # Cost
//
// Only visible rows are laid out, and of a long line only the visible columns:
// byte and cell positions of a line are joined by checkpoints, made once in a
// linear pass. Canvas objects are pooled; scrolling creates none.
//
// All methods of View are called on the UI thread.
package code
