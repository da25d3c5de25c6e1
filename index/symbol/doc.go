// Package symbol knows definitions, and uses of names, in the releases of a
// deposit: what a text defines, where a name is defined and used, what calls
// what. It must not know screens or bleve.
//
// # What is resolved
//
// A definition is resolved for a use of its name when nothing else can be meant
// by what this package sees; else it is a match of the name, and shown as one.
// It sees text, not types: macros are not expanded, overloads not chosen. The rule,
// of all definitions of the name in the release:
//
//  1. In sight is what stands in the same file, in a file that the using one
//     imports (in C, C++, Objective-C and assembler also what those include in
//     turn), in Go and Java in the same folder; and a function with its body, if a
//     prototype of it is in sight and it is not static. The language must be of the same
//     family. A static function or variable of C is in sight in its own file alone.
//  2. Of those, what does not fit the way the use is written is left out: with
//     arguments, a function that takes another number; behind a package's name, what is
//     not in that package; behind "." "->" "::", what is no member.
//  3. If some are members of the type whose name stands before the use, the others
//     are left out; likewise, without that, for the nearest scope around it, then
//     for what is static in the same file.
//  4. What is left is resolved if it is one thing: of one kind and scope, with its
//     prototypes and its variants under #if, and one body that is under none.
//
// An inclusion means the file that its path leads to from the including file's
// folder (not with <…>), else one whose path ends with what is written: of several,
// the one that shares most folders with the including file, then the one with the
// shortest path, then the first; then it is not sure. A Go import means the folder
// whose path ends the import's, the longest, or that ends with it. A dotted import means
// the file, then the folder, whose path ends with its names, without the last one or
// two if need be. A JavaScript import means the file at its path with the usual endings.
//
// # Format of the index, version 1
//
// The index is a folder as package block lists and verifies it, with the head
// "vitrine symbols 1, rules N". N counts the changes of what is extracted and of how it
// is laid out: an index by other rules is built again. Integers are big-endian, "number" is an unsigned varint,
// "signed" a zigzag varint (encoding/binary), "text" a number of bytes and these.
//
//	blobs    per text blob of a release, ascending by digest: 32 bytes digest, 8 and
//	         4 offset and length of its record, 4 number of symbols, 15 language
//	         (package lex's id, NULs behind; none if it is not known), 1 flags:
//	         1 a limit left something out, 2 the text was too large to be read
//	records  the records, one after the other
//	names    a table of the symbols' names
//	scopes   a table of the last names of scopes; a posting per blob
//	edges    what the imports of each file of each release mean
//
// A record is the text of the lower-case file name by which the language was told; the
// number of imports and, if there are any, the length of their zstd frame and it; a
// number of symbols and the length of its frame for each chunk, then 0; the frames.
// A chunk of at most 256 symbols is written by columns, each with a value per symbol:
//
//	kind                      a byte
//	name, scope               each by what it shares with the one before: a number of
//	                          bytes shared, and the text that follows
//	signature before the      likewise; if the name is not in it, the whole with a NUL
//	name, behind it
//	start of the name         signed, from the start before
//	end of the name           signed, from where it would end by its length
//	line                      signed, from the line before
//	body's start, its end     signed: start less body's start; body's end less name's end
//	comment's length, gap     signed; gap: body's start less comment's end, 0 without one
//	conditions                0 for those of the symbol before, else a number of them
//	                          and one, and their texts
//
// Imports are written one by one: path as a name is, start as that is, length
// signed, and line from the one before, doubled, plus one with <…>.
//
// A table has groups of 32 keys, in the order of their lower-case bytes, then of
// their bytes: per key the number of bytes shared
// with the one before and the text that follows; per key its postings. Then, per
// group, a row: 8 bytes signature of all keys, 4 where the group begins, 2 number of
// keys, 2 a bit per kind; a row of zeros with the last group's end; 8 bytes
// where the rows begin, 8 the number of keys.
//
// Postings are, per blob, the difference of its number to the one before (of the first, to
// the first of the key before in the group), zigzag, doubled, plus one if more blobs
// follow; and per symbol the difference of its number, zigzag, times 32, plus the kind
// doubled, plus one if more follow. Numbers count from 0 in another blob.
//
// Edges are written for all files of the first release in path order, then of the next:
// for each import that means something the difference of its number to the one before,
// four times, plus two if a folder is meant, plus one if it is sure; and signed, the
// number of the file in the release less the one before (the first: less the importing
// file's). A folder is meant by the first file in it. Then, per file, 4 bytes where its
// edges begin, and 4 where the last end; 8 bytes where these rows begin.
//
// The signature has bits 0 to 25 for letters of either case, 26 to 35 for digits, 36
// for "_", 37 for any other byte, 38 to 63 for letters that a key has twice.
//
// Worked example: release 1.0 has a/x.c, "int f(void) { return 0; }\nint K;\n". The entry in
// blobs, without its record's length, which is zstd's matter, is
//
//	42c541dbbb501fdb7041c42c61d7d0c75557c25ac20f1f34928b17e7577fa07e
//	0000000000000000 00000002            record at 0, two symbols
//	630000000000000000000000000000 00    "c"
//
// the chunk of its record before it is packed
//
//	01 0e                          function, variable
//	00 01 66  00 01 4b             "f", "K"
//	00 00  00 00                   no scopes
//	00 04 696e7420  04 00          "int ", the same
//	00 06 28766f696429  00 00      "(void)", ""
//	08 34  00 00  02 02            starts 4 and 30, ends by length, lines 1 and 2
//	08 08  28 02                   bodies from 4 before on, to 20 and 1 behind
//	00 00  00 00  00 00            no comments, no conditions
//
// and names is
//
//	00 01 66  00 01 4b             "f", "K"
//	00 02  00 5c                   blob 0, symbols 0, a function, and 1, a variable
//	0000000000000420 00000000      letters f and k; the group begins at 0
//	0002 4002                      two keys, kinds 1 and 14
//	0000000000000000 0000000a
//	0000 0000                      the end
//	000000000000000a
//	0000000000000002               rows at 10, two keys
//
// and edges, where nothing is imported,
//
//	00000000 00000000              the file's begin, and end
//	0000000000000000               rows at 0
//
// # Trust and memory
//
// Every block of a file is compared with its digest when it is first read, so that a
// changed byte is an error and not a missing symbol. A build reads texts in shares and
// leaves a folder of this format for each beside the index, in NAME.parts; at the
// end they are joined, with the index of an earlier deposit if there is one, by reading
// all side by side. A build that was killed goes on from its parts. What is in memory of an
// open index is where the blobs of all releases stand, 12 bytes a place and the paths; the
// files of up to four releases; and of each name 20 bytes, of eight million at most, by
// which searches pass over nearly all of them.
package symbol
