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
// # Format of the index, version 1
//
// The index is a folder, built beside its place and renamed whole:
//
//	SHA256SUMS  "vitrine search 1", then a line "<SHA-256>  <name>" with the deposit's
//	            manifest as name "manifest", one for each other file in byte order
//	            of names, and for all lines before as name "above"
//	bleve/      a bleve index as scorch.Builder writes it, one zap-17 segment: a
//	            document per distinct text blob, its digest in hex as _id; field
//	            "w" holds the distinct words, folded, without frequencies
//	words       "\n", then the words of the segment in byte order, each with "\n"
//	blobs       8 bytes, the number of documents; then the digests of the
//	            blobs, 32 bytes each: documents by number, then those that are not text
//	places      per path in byte order, unsigned varints and text:
//	            bytes shared with the path before, bytes that follow, these bytes,
//	            number of places, and per place the number of the release and 0 for a
//	            symbolic link, 1 for a submodule, 2+n for blob n of blobs
//
// A word is a maximal run of [A-Za-z0-9_] and bytes over 0x7f of the decoded text. A blob
// with a word over 1024 bytes, or with more words than fit a batch, has the one word
// " " and is a candidate for every query.
//
// Worked example: release 0 has a/x.c and a/y.c, both "int K;\n". Then words is
// "\nint\nk\n", and after blobs, whose only digest is the document's, places is
//
//	00 05 61 2f 78 2e 63 01 00 02     "a/x.c", one place: release 0, blob 0
//	02 03 79 2e 63 01 00 02           "a/" shared, "y.c", the same
//
// # Trust
//
// All files are hashed when the index is opened and each blob when it is read, so
// that a changed byte on the disk is an error, not a missing line. What changes
// in the files while they are open is beyond this: the room's store is its own.
package search
