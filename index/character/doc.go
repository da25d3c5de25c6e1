// Package character tells which texts of a deposit have characters that are not what
// they seem, and where. What these are is told by package spoof; this one knows blobs,
// the languages of files and lines. It must not know who asks, or what is drawn.
//
// A [Survey] goes through every text once and counts; its result can be asked while it
// goes on. [Survey.Write] makes an [Index] of it, which the next visit opens. Where
// exactly something stands is found anew in the text ([In]), since few texts have any.
//
// A text is read as the language of the first path at which its blob stands; see
// [lex.Detect]. Where the language is known, only code is held to the rules for code,
// and a text of no known language has none.
//
// # Format, version 1
//
// An index is a folder with a list of its files (see package block), whose head names the
// version, that of spoof's rules and of Unicode's tables, and one file, "counts": of each
// text in which there is anything, ascending by digest, 32 bytes SHA-256 of the blob, and
// in 4 bytes each, big-endian, how often each class of [spoof.Classes] was found, in that
// order, and on how many lines.
package character
