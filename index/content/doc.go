// Package content holds every distinct blob of a deposit's releases, by
// SHA-256: the one set of bytes that screen, search, symbols and diff read.
//
// It knows encodings, lines and how to translate between a position on the
// screen and a byte of the blob. It must not know git, bleve, or who is
// asking. What the screen shows is hashed again on each read; a [Reader], for who goes
// through many texts, hashes each when it is first read since the store was opened, or
// not at all if it was built just before. What changes on the disk while it is open is
// beyond that: the room's store is its own.
//
// # Text
//
// A blob is shown in the encoding that a person chose for it ([Choices]), else
// in the one that [Decode] recognises from its bytes alone, so that all see the
// same text. The first rule that applies decides:
//
//	UTF-16LE, UTF-16BE  begins with the byte order mark FF FE or FE FF
//	binary              begins with FF FE 00 00, the mark of UTF-32LE
//	UTF-16LE, UTF-16BE  has a NUL in the first 8000 bytes, an even number of
//	                    them, eight at least; and read so, those 8000 bytes are
//	                    shown characters and white space only, one in 200 of
//	                    them ASCII, less than half two ASCII bytes together;
//	                    of fewer than 64 three in four below U+0530
//	binary              has a NUL in the first 8000 bytes (git's rule)
//	UTF-8               is valid UTF-8
//	binary              more than one in fifty of the first 8000 bytes are
//	                    controls that no text has
//	UTF-8 with invalid  for each byte that is not UTF-8 there are two characters
//	  bytes             over U+007F or more that are
//	what it costs least windows-1252, windows-1251, KOI8-R, GB18030, Shift_JIS
//	                    or EUC-JP
//	Latin-1             instead of windows-1252, without bytes from 80 to 9F
//
// The cost is that of the first 1024 bytes over 7F: the number of bits in which
// a model of the texts that are written in an encoding would say them. The
// models know how frequent letters are, that Cyrillic words are wholly Cyrillic,
// accented letters mostly alone among ASCII ones, and which ideographs are common;
// what an encoding does not have costs 40 bits. Windows-1252 costs 8 bits a byte
// at most and a few less to begin with: another must explain the text better than
// chance. A word or two may be mistaken, a line hardly; what is written in
// an encoding that is not here is shown in another. UTF-32 is not shown as text:
// no source in it was seen, and reading it as UTF-16 would be wrong.
//
// Decoding loses nothing: a byte order mark stays visible as U+FEFF. A byte that
// begins no character is one U+FFFD, the byte after it is looked at anew; an
// unpaired surrogate or a last odd byte of UTF-16 is one too. So no line end is
// ever hidden in a character, but in GB18030 and Shift_JIS the second byte
// of a character may be an ASCII letter, a brace or a backslash, which a compiler
// that does not know the encoding takes for itself.
//
// Lines end at "\n" and nowhere else, as git counts them; a "\r" before it is
// part of the line; text after the last "\n" is a line, nothing after it is not.
//
// Columns are 1-based byte columns of the decoded line. Offsets are bytes of
// the blob as it was deposited; [Text.Offset] and [Text.Position] are exact
// inverses of each other at every character boundary.
//
// # Format of the store, version 2
//
// A store is a folder; all integers are big-endian. Its chunks, NNNN.dat with
// four decimal digits, hold the blobs and never change:
//
//	"vitrine chunk 2\n"
//	the blobs, each an s2 block (github.com/klauspost/compress/s2, block format),
//	             one after the other
//	57 bytes     per blob, in the same order:
//	   32        SHA-256 of the blob
//	    8        offset of its block in the file
//	    8        length of its block
//	    8        length of the blob
//	    1        encoding, 0 UTF-8, 1 UTF-16LE, 2 UTF-16BE, 3 Latin-1, 4 binary,
//	             5 UTF-8 with invalid bytes, 6 windows-1252, 7 windows-1251,
//	             8 KOI8-R, 9 GB18030, 10 Shift_JIS, 11 EUC-JP
//	 8 bytes     number of blobs
//	32 bytes     SHA-256 of the blobs' table and their number
//
// content.idx names what of the chunks belongs to the store:
//
//	"vitrine content 2\n"
//	32 bytes     digest of the deposit's manifest
//	 4 bytes     number of chunks
//	12 bytes     per chunk, ascending: 4 its number, 8 the length of the file
//	 8 bytes     number of blobs
//	61 bytes     per blob, ascending by digest: 4 the chunk, counted from 0 in
//	             this list, 57 as in the chunk
//	32 bytes     SHA-256 of everything before
//
// Worked example: the store of one blob, "hello\n", in a deposit whose manifest
// digest is 32 times 0xaa. 0000.dat is
//
//	76697472696e65206368756e6b20320a           "vitrine chunk 2\n"
//	06 14 68 65 6c 6c 6f 0a                    length 6, literal of 6 bytes
//	5891b5b522d5df086d0ff0b110fbd9d2
//	1bb4fc7163af34d08286a2e846f6be03           SHA-256 of "hello\n"
//	0000000000000010 0000000000000008          block: offset 16, 8 bytes
//	0000000000000006 00                        6 bytes, UTF-8
//	0000000000000001                           one blob
//	SHA-256 of the last 65 bytes
//
// and content.idx is
//
//	76697472696e6520636f6e74656e7420320a       "vitrine content 2\n"
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa           the manifest
//	00000001                                   one chunk
//	00000000 0000000000000079                  number 0, 121 bytes
//	0000000000000001                           one blob
//	00000000                                   in the first chunk
//	the 57 bytes as above
//	SHA-256 of these 135 bytes
//
// # Building
//
// A store is built in a folder beside its final one and renamed whole
// ([Staged]); a build that is killed leaves nothing that [Open] would take. But
// it leaves its complete chunks, each on the disk before it has its name. The
// next build takes them over, as it does those of an older store of the same
// folder or of a deposit that is continued: after reading them through, since
// a chunk's own digest is no proof of where it comes from. A chunk is linked,
// not copied, so that deposits that continue each other share the disk's space.
//
// What the format changes for a version before: version 1 had one file of
// blocks and five encodings, and was built anew from nothing each time.
package content
