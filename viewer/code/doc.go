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
// # Drawing
//
// The letters of a row are one canvas.Raster, cut to what has ink. An atlas holds
// each letter of a size as a mask, painted once from the outlines of the chosen
// family or of a fallback (style.CodeFont, style.Fallbacks); a row is painted by
// laying masks into their cells, which are a whole number of device pixels wide.
// No shaper sees the text, so that nothing reorders or joins it. A row that stays in view is only moved,
// and one whose letters are as they were keeps its picture: a step of the caret
// paints nothing. All rows are painted in one image, one after the other. What
// lies below the letters (fills, boxes, guides) are pooled rectangles.
//
// A row of pooled canvas.Text, one for each run of colour, was the other way.
// Beside a widget.List of plain rows that fills the same 80 × 160 cells (software
// OpenGL, one run), the processor's time of a whole frame was
//
//	                          texts    rasters
//	a scroll by three lines   1.5 ×    0.7 ×
//	a page                    0.6 ×    0.2 ×
//	allocated for a page      2.3 MB   0.05 MB
//
// and each text has a texture that Fyne keeps for a minute, where a raster has the
// one that it shows: 1,200 pages cost 14 MB. What is left is the blending of
// pixels, 15 ns each without a graphics card; that is why rows are cut to their
// ink, from the first letter to the last and, in rows of nothing but ASCII, from its
// highest to its lowest. Measured by packaging/bench view.
//
// # Rows
//
// Lines may be folded away (SetFolds) and wrapped (SetWrap), so rows and lines are
// two things: the type rows leads from one to the other. What is folded is told
// behind the line that stays, with the hits, marks and hidden characters in it,
// and opens when the caret or Reveal goes into it. The minimap shows every line,
// folded or not. Scrolling holds a row, not a number of pixels: what is in view
// stays where it is when lines are folded, wrapped anew or counted.
//
// # Cost
//
// Only visible rows are laid out, and of a long line only the visible columns:
// byte and cell positions of a line are joined by checkpoints, made once in a
// linear pass. Canvas objects are pooled; scrolling creates none.
//
// All methods of View are called on the UI thread.
package code
