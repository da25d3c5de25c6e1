// Package segment writes and reads segments of a bleve index (scorch, zap version 17)
// from terms that were inverted beforehand: a tenth of the work that bleve's own
// builder takes, and files that stock bleve opens, searches and merges.
//
// It knows terms and documents by number; that what is read is what was written, it
// leaves to package block. It must not know what the terms are, where texts come from,
// or deposits.
//
// # From documents to a segment
//
// [Accumulator]s invert documents, each a share of them, and write what they have as
// [Run]s: sorted, durable, verified again when they are read. [Merge] makes a segment
// of the runs of adjacent documents, and of what is [Sorted] in memory, which the last
// of them may be. What is in memory is an accumulator for each worker and 64 KiB for each
// run, however large the index. A [Segment] is opened by
// mapping its files, as package block does: 4096 bytes of them are compared with their
// digest when they are first read.
//
// # Files of a segment
//
// A segment NAME, twelve digits in hex, is four files:
//
//	NAME.zap                what bleve reads
//	NAME.dictionary         the terms once more, for looking up parts of them
//	NAME.zap.blocks         the digests of the blocks of each, in package block's
//	NAME.dictionary.blocks  format
//
// Numbers of fixed length are big-endian, except in signatures and where zap and
// roaring have it otherwise; a varint is that of encoding/binary, unsigned. A term is 1
// to 1024 bytes without "\n".
//
// # NAME.zap
//
// The layout is bleve's (zapx/v17); of its freedoms these are used:
//
//   - Documents store only _id, their 32 bytes in hex. All fields are indexed without
//     frequencies, positions and values by document.
//   - A term in one document is "1-hit": the document is the value in the automaton.
//   - Any other term is a list: varints of the address of its frequencies, of 0 (no
//     locations), and of the length of a roaring bitmap, which follows.
//   - Frequencies, which bleve reads when it merges, are all zero. Lists with as many
//     chunks of them share one stream, with as many zeros in a chunk as it has documents,
//     at most 1023 when there is one chunk.
//   - Up to 512 documents under 3<<16 are a bitmap of the form with runs (cookie 12347)
//     that has none: without a table of offsets, it is the shortest. Others are as
//     RunOptimize leaves them.
//   - Automatons are built without sharing of suffixes, as bleve does.
//
// # NAME.dictionary
//
// First the groups of all fields, up to 4096 pages each but for a field's last one; then
// 32 bytes for each document; then the trailer.
//
//	page       the terms, sorted, each with "\n" behind it, one "\n" in front; of at most
//	           4096 bytes. It is recorded as
//	             varint and bytes   its first term
//	             varint             the address of the list before its first one, or 0
//	             varint and bytes   its text: the varint is twice the number of bytes, and
//	                                1 more if they are an s2 block
//	                                (github.com/klauspost/compress/s2) of it, as they may be
//	                                where that is a third of the text or less
//	             varints            a value for each term: 1 + 2 × document for a term
//	                                in one document, else 2 × (address of its list in
//	                                NAME.zap - address of the list before)
//	group      the records of its pages; 4 bytes for each page, where it begins, and 4
//	           for where the last one ends, from the group's begin; and with more than
//	           64 pages the signature
//	signature  4096 rows of one bit for each page, from the lowest bit of the first of its
//	           little-endian uint64s on: page p has bit p of row r set when three bytes
//	           a, b, c in sequence are in its text with
//	           r = ((a + b<<8 + c<<16) × 0x9E3779B1 mod 2³²) >> 20
//	trailer     1  number of fields; then for each field
//	              1  length of its name
//	                 its name
//	              4  number of groups; then for each group
//	                8  where it begins
//	                4  number of pages
//	                4  length of their records
//	            8  where the documents are
//	            4  their number
//	            4  length of the trailer up to here
//	           21  "vitrine dictionary 1\n"
//
// A text that is sought is in a page only if all its trigrams are in its signature: that
// a text is in no term of Linux is known from a few reads of 512 bytes.
//
// # Runs
//
//	"vitrine run 1\n"
//	32  what stands for the list of all documents
//	 4  the first document
//	 4  the last one and 1
//	 1  number of fields; then for each of them, in order, for each term
//	      varint            bytes shared with the term before
//	      varint and bytes  the others
//	      varint            number of documents
//	      varints           the first of them less the run's first; then those between
//	                        it and the next, and so on
//	    and two bytes 0
//	32  SHA-256 of all before
//
// # Worked example
//
// Document 0, 32 times 0xaa, has the words int and k, and document 1, 32 times 0xbb, has
// int, in the one field w.
//
// The run:
//
//	76697472696e652072756e20310a          "vitrine run 1\n"
//	0000000000000000 0000000000000000     stands for all documents
//	0000000000000000 0000000000000000
//	00000000 00000002 01                  documents 0 and 1; one field
//	00 03 696e74 02 00 00                 "int", 2 documents: 0, and none between it and 1
//	00 01 6b 01 00                        "k", 1 document: 0
//	00 00                                 the end of the field
//
// The dictionary:
//
//	03 696e74 00                          a page: begins with "int", no list before
//	0e 0a696e740a6b0a                     7 bytes of text, not compressed: "\nint\nk\n"
//	da05 01                               int: list at 0x16d; k: document 0
//	00000000 00000010                     where the page begins, and where it ends
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa      the documents
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
//	bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
//	bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
//	01 01 77 00000001                     the trailer: one field, "w", one group
//	0000000000000000 00000001 00000010    at 0, one page, 16 bytes
//	0000000000000018 00000002 00000023    documents at 0x18; 2 of them; 35 bytes up to here
//	76697472696e652064696374696f6e617279 20310a
//
// The zap segment has from 0x169 on:
//
//	01 02 0000                            frequencies: one chunk of 2 bytes
//	e902 00 0d                            the list of int: frequencies at 0x169, no locations
//	3b300000 00 0000 0100 0000 0100       the bitmap: one container, for 0, with 2 numbers
package segment
