// Package content holds every distinct blob of a deposit's releases, by
// SHA-256: the one set of bytes that screen, search, symbols and diff read.
//
// It knows encodings, lines and how to translate between a position on the
// screen and a byte of the blob. It must not know git, bleve, or who is
// asking. Nothing is handed out that was not hashed again on this read.
//
// # Text
//
// A blob is shown as one of five encodings, decided by [Decode] from its bytes
// alone:
//
//	UTF-16LE, UTF-16BE  begins with the byte order mark FF FE or FE FF
//	binary              a NUL in the first 8000 bytes (git's rule)
//	UTF-8               valid UTF-8
//	Latin-1             everything else: each byte is the code point of its value
//
// Decoding loses nothing: a byte order mark stays visible as U+FEFF, an unpaired
// surrogate or a last odd byte of UTF-16 becomes U+FFFD but keeps its place.
// Lines end at "\n" and nowhere else, as git counts them; a "\r" before it is
// part of the line; text after the last "\n" is a line, nothing after it is not.
//
// Columns are 1-based byte columns of the decoded line. Offsets are bytes of
// the blob as it was deposited; [Text.Offset] and [Text.Position] are exact
// inverses of each other at every character boundary.
//
// # Format of the store, version 1
//
// A store is a folder with two files; all integers are big-endian.
//
//	content.dat  the blobs, each an s2 block (github.com/klauspost/compress/s2,
//	             block format), one after the other, without header
//	content.idx  "vitrine content 1\n"
//	             32 bytes  digest of the deposit's manifest
//	              8 bytes  number of records
//	             57 bytes  per blob, ascending by digest:
//	                32  SHA-256 of the blob
//	                 8  offset of its block in content.dat
//	                 8  length of its block
//	                 8  length of the blob
//	                 1  encoding, 0 UTF-8, 1 UTF-16LE, 2 UTF-16BE, 3 Latin-1, 4 binary
//	             32 bytes  SHA-256 of everything before
//
// Worked example: the store of one blob, "hello\n", in a deposit whose manifest
// digest is 32 times 0xaa. content.dat is the s2 block
//
//	06 14 68 65 6c 6c 6f 0a                    length 6, literal of 6 bytes
//
// and content.idx is
//
//	76697472696e6520636f6e74656e7420310a       "vitrine content 1\n"
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa           the manifest
//	0000000000000001                           one record
//	5891b5b522d5df086d0ff0b110fbd9d2
//	1bb4fc7163af34d08286a2e846f6be03           SHA-256 of "hello\n"
//	0000000000000000 0000000000000008          block: offset 0, 8 bytes
//	0000000000000006 00                        6 bytes, UTF-8
//	SHA-256 of these 115 bytes
//
// A store is built in a folder beside its final one and renamed whole
// ([Stage]); a build that is killed leaves nothing that [Open] would take.
package content
