// Package search finds lines in every release of a deposit: exactly the lines
// that a reading of all blobs would find, and an account of what it did not read.
//
// It knows bleve, the planner and the query language. It must not know git or
// screens; bytes and lines come from package content.
//
// # Queries
//
// A query is a list of terms and filters between blanks. A line matches when
// every term is somewhere on it, in any order; terms may overlap.
//
//	word          that text, also inside a longer word: get finds target
//	"a b("        that text, with blanks; \" inside stands for a quote,
//	              any other backslash for itself
//	/regexp/      RE2 syntax, as package regexp; \/ inside stands for a slash
//	case:yes|no   whether "A" and "a" differ; without it they differ when
//	              any literal has an upper-case letter (in a regexp, a letter that
//	              stands for itself, not one of a class, an escape or a group's name),
//	              and in a query without any letter
//	path:GLOB     only these paths; several are alternatives
//	-path:GLOB    not these paths
//	release:NAME  only this release
//
// Only these four names are filters: std::vector and http://x are words. A value
// with blanks stands in quotes, path:"a b/*". A quote or a slash is special only
// at the beginning of a term.
//
// In a GLOB, "*" is any text within a segment, "**" across segments ("**/" also
// none), "?" one character, "[a-z]" or "[!a-z]" one of some, and a backslash takes
// the next character for itself. Without a slash it is held against the last segment,
// with one against the whole path; with one at the end it means all that is below.
//
// A line ends at "\n" and a "\r" before it belongs to the line, as in git grep:
// in a file with CRLF, /x$/ finds nothing and /x\r$/ does. A regexp sees one line;
// "^" and "$" are its ends. Case is Unicode simple folding, in words and regexps
// alike: k finds the Kelvin sign, s the long s, but ss does not find ß.
//
// Of each line at most 1000 matches of a term are listed, and of a regexp on a
// line over 64 KiB the first one only; that the line matches is found always.
// A regexp that matches the empty text finds every line, as in git grep, but not
// the empty one that git grep sees behind the last "\n".
//
// # Format of the index, version 2
//
// The index is a folder, built beside its place and renamed whole:
//
//	SHA256SUMS  "vitrine search 2", then a line "<SHA-256>  <name>" with the deposit's
//	            manifest as name "manifest", one for each other file in byte order
//	            of names, and for all lines before as name "above". A file NAME with a
//	            file NAME.blocks beside it has no line: it is verified by that one
//	bleve/      a bleve index, if there is any text, with the segments 1, 2, … in
//	            bleve/store as package segment writes them: a document per distinct
//	            text blob, its digest in hex as _id. Field "w" holds the distinct
//	            words, folded, field "b" what stands between two words
//	blobs       the digests of the blobs that are no documents, 32 bytes each
//	places      per path in byte order, unsigned varints and text:
//	            bytes shared with the path before, bytes that follow, these bytes,
//	            number of places, and per place the number of the release and 0 for a
//	            symbolic link, 1 for a submodule, 2+n for blob n: documents segment by
//	            segment, then those of blobs
//
// A word is a maximal run of [A-Za-z0-9_] and bytes over 0x7f of the decoded text. What
// stands between two words of a line, if it is 1 to 6 bytes, is kept with the last byte
// of the word before and the first of the one behind: "int (*f)" has "t (*f". A blob
// with a word over 1024 bytes, or with more than 1,048,576 different words, has the one
// word " " and is a candidate for every query.
//
// A segment has the blobs that no segment before it has, in the order of their first
// path. The index of a deposit that continues another one takes the segments of that
// one's index over, up to eight, if half of their blobs are in it, and adds one; its
// segments may thus hold blobs that are at no place.
//
// While an index is built, a folder beside it with ".parts" at the end of its name
// keeps the sorted runs of package segment, from which the next build goes on after
// this one was ended. They are for a list of blobs, which their second line stands
// for: the SHA-256 of "vitrine search 2" and the limit of words, a blank, the number of
// blobs, "\n", and their digests.
//
// Worked example: release 0 has a/x.c and a/y.c, both "int K;\n". Then the words are int
// and k, there is the boundary "t k", and places is
//
//	00 05 61 2f 78 2e 63 01 00 02     "a/x.c", one place: release 0, blob 0
//	02 03 79 2e 63 01 00 02           "a/" shared, "y.c", the same
//
// # Trust
//
// All that is read when the index is opened is hashed then, each block of a segment
// when it is first read, and each blob whenever it is, so that a changed byte on the
// disk is an error, not a missing line. One digest, [Index.Digest], stands for every
// byte. What changes in the files while they are open is beyond this: the room's store
// is its own.
package search
