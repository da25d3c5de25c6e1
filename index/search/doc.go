// Package search finds lines in every release of a deposit: exactly the lines
// that a reading of all blobs would find, and an account of what it did not read.
//
// It knows bleve, the planner and the query language ([Language]). It must not know
// git or screens; bytes and lines come from package content.
//
// # Queries
//
// A query is terms, which may be joined by operators, and filters.
//
//	word           that text, also inside a longer word: get finds target
//	"a b("         that text, with blanks; \" inside stands for a quote,
//	               any other backslash for itself
//	/regexp/       RE2 syntax, as package regexp; \/ inside stands for a slash
//	char:NAME      a character: RLO, BOM, "zero width space", any as U+202E;
//	               or one of a class: bidi, zero-width, space, control, invisible,
//	               broken, look-alike (of ASCII, as Cyrillic а)
//	code:TERM comment:TERM string:TERM
//	               a word, "text", /regexp/ or char: within code, a comment, a string
//	file:TERM      the same, within the file's path
//	sym:TERM       where a name is defined or declared: a word or "text" is the whole
//	               name, a /regexp/ or char: is looked for in it
//	hex:4d5a90     these bytes, in binary files
//
//	a b            both on one line, in any order; they may overlap
//	a AND b        both in one file
//	a OR b         one of them in the file
//	NOT a          not in the file: no line has it
//	(a OR b) AND c
//
//	case:yes|no    whether "A" and "a" differ; without it they differ when
//	               any literal has an upper-case letter (in a regexp, a letter that
//	               stands for itself, not one of a class, an escape or a group's name),
//	               and in a query without any letter
//	word:yes       text and regexps match whole words only
//	multi:yes      regexps may match across lines
//	binary:yes     binary files are searched for printable text too
//	path:GLOB      only these paths; several are alternatives; path:/regexp/
//	-path:GLOB     not these paths
//	lang:ID        only this language, or lang:c,cpp; several are alternatives
//	-lang:ID       not this language
//	release:NAME   only this release, or release:1.4.2,1.5.0
//	new-in:NAME    files of this release that the one before it has not, or has
//	               otherwise, at the same path
//	gone-in:NAME   files of the release before it that this one has not, or has otherwise
//
// Terms side by side are a group: all must be on one line. Operators join groups,
// and are held against one file of one release at a time. NOT binds closest, then
// AND, then OR. Filters hold for the whole query, wherever they stand outside of
// parentheses, and need no operator. Shown are the lines that make the query true:
// of AND those of both sides, of OR those of each side that is true, of NOT none.
// A file of which the query is true without any line to show is a hit by itself:
// one that lacks something, or with file:. In a group with others, file: narrows
// the files in which it is looked for, and sym: the lines.
//
// AND, OR, NOT and parentheses at the beginning of a term are operators; in quotes
// they are text. Between parentheses a word ends before a ")" that has no "(" in it.
// Only the names above are special, and not before two colons: std::vector,
// string::npos and http://x are words. A value with blanks stands in quotes,
// path:"a b/*". A quote or a slash is special only at the beginning of a term or value.
//
// In a GLOB, "*" is any text within a segment, "**" across segments ("**/" also
// none), "?" one character, "[a-z]" or "[!a-z]" one of some, and a backslash takes
// the next character for itself. Without a slash it is held against the last segment,
// with one against the whole path; with one at the end it means all that is below.
// A path:/regexp/ is looked for in the whole path, and its case counts. To new-in:
// and gone-in: all symbolic links at a path are the same, and all submodules.
//
// A line ends at "\n" and a "\r" before it belongs to the line, as in git grep:
// in a file with CRLF, /x$/ finds nothing and /x\r$/ does. A regexp sees one line;
// "^" and "$" are its ends. Case is Unicode simple folding, in words and regexps
// alike: k finds the Kelvin sign, s the long s, but ss does not find ß. A char: is
// that character, whatever the case.
//
// With word:yes neither "_" nor a letter, mark or digit of any script stands
// directly before or after a match; what char: and hex: find is not asked this.
// With multi:yes a regexp sees the file; "^" and "$" are the ends of lines still,
// "\A" and "\z" those of the file, "." stays on its line without (?s). A match
// belongs to the line on which it begins, and the terms beside it must be there.
//
// A term of code:, comment: or string: sees one such part of the line at a time (with
// multi:yes a regexp: of the file), from its first mark to its last, and nothing
// else: there "^" and "$" are the ends of the part. What is neither comment nor string
// is code. A file of a language whose parts are not known is not searched by such a
// query, which the report tells.
//
// A name for sym: is without the scope around it, and as symbols are listed: "operator+"
// also where the text has a blank in it; the hit is the name in the text. "^" and "$" are
// the ends of the name. A file of which not all symbols are known, or none yet, is listed
// as not searched; what is known is found all the same, but not by a query with NOT.
//
// In a binary file a line is a run of at least four printable characters (space to
// "~", and tab), as ASCII or else as UTF-16LE, like in strings(1); a regexp never sees
// more than one. Hits have an offset in bytes. hex: stands in a group alone, finds
// occurrences that do not overlap, and asks for binary files without binary:yes; in
// text it is never found.
//
// Of each line at most 1000 matches of a term are listed; that the line matches is
// found always. A regexp that matches the empty text finds every line, as in git grep,
// but not the empty one that git grep sees behind the last "\n". A query has at most
// 4096 bytes and 64 terms and filters, a regexp 10000 parts when its repetitions are
// written out.
//
// # Format of the index, version 3
//
// The index is a folder, built beside its place and renamed whole:
//
//	SHA256SUMS  the list of package block, of which the head is "vitrine search 3",
//	            and the manifest the deposit's
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
// of the word before and the first of the one behind, or the first two if it is one blank:
// "int (*f)" has "t (*f", "int foo" has "t fo". A blob
// with a word over 1024 bytes, or with more than 1,048,576 different words, has the one
// word " " and is a candidate for every query. So is a blob whose encoding a person set by
// hand: the words are of the recognised one.
//
// A segment has the blobs that no segment before it has, in the order of their first
// path. The index of a deposit that continues another one takes the segments of that
// one's index over, up to eight, if half of their blobs are in it, and adds one; its
// segments may thus hold blobs that are at no place.
//
// While an index is built, a folder beside it with ".parts" at the end of its name
// keeps the sorted runs of package segment, from which the next build goes on after
// this one was ended. They are for a list of blobs, which their second line stands
// for: the SHA-256 of "vitrine search 3" and the limit of words, a blank, the number of
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
// when it is first read, and each text too, so that a changed byte on the disk is an
// error, not a missing line. One digest, [Index.Digest], stands for every
// byte. What changes in the files while they are open is beyond this: the room's store
// is its own.
package search
