// Package colour finds the tokens of a text at any place of it, in the classes
// of package code. The grammars are chroma's; what chroma gives for the whole
// text is what is right.
//
// It knows texts, names of files and where a language's comments and strings
// end. It must not know where a text comes from, or what is in view: it is
// asked for lines.
//
// # From the middle
//
// A chroma lexer is a stack of states and a position. A [Painter] keeps such
// marks, at most one in markSpacing bytes, of how chroma stood there on its way
// down from the first line; from a mark it goes on as if it had never stopped.
// For lines far below the last mark there are two answers:
//
//   - a guess, at once: chroma begins anew at the nearest line above at which
//     its stack is known to be that of a beginning (anchors.go says, for each
//     language, which lines those are, and where that is not always so);
//   - then the truth: it goes down from the last mark, as far as maxSettle, and
//     what was guessed wrong is told again. When it comes to where the guess
//     began and finds the stack it began with, the guess is the truth.
//
// So within maxSettle of what was coloured before, colours equal those of the
// whole file; beyond it they are what the table of anchors promises.
//
// # Limits
//
// A regular expression of chroma may go back and forth without end. Chroma gives
// up each match after 250 ms, a Painter a stretch of text after maxStretch and a file
// after maxFailures of those; the error says so. A panic of a lexer is such a failure.
// A line is coloured up to maxLine bytes. Nothing is kept but the marks.
package colour
