// Package journal keeps the record of a visit: entries that follow each other
// in a chain of hashes, each on the disk before it is acknowledged. It knows
// entries, hashes and files; it must not know what an entry means.
//
// # Format
//
// A journal is a file of lines. Each is one JSON object in the one form given
// here – these members, in this order, without spaces – and ends in a newline:
//
//	body        any JSON value, on one line: what was recorded
//	commitment  SHA-256(salt ‖ body), over the body's bytes as they stand
//	hash        SHA-256(header)
//	kind        lower-case letters, digits, "-" and ".", at most 64
//	n           1, 2, 3, …
//	prev        hash of the entry before; 64 zeros in entry 1
//	salt        32 random bytes
//	time        UTC, as 2006-01-02T15:04:05.000000Z
//	v           1, the version of this format
//
// Digests and salt are lower-case hex. The header is the object of the members
// commitment, kind, n, prev, time and v alone, in the same form. A line has at
// most MaxLine bytes.
//
// The hash is over the commitment and not over the body, so that a body can be
// withheld later: the line without body and salt (always both) still belongs
// to the chain. The salt keeps anybody from guessing what a withheld body said.
//
// An example, broken here for reading; testdata/example.jsonl has this line and
// two that follow it:
//
//	{"body":{"text":"first remark"},"commitment":"e8c0356a7a95de89086642226c934aee7eaa8eda4450eb7ddf18dba260434bc2",
//	"hash":"d42609e7fb94184236bcd961f8316272944a21eaa4f59f769ce718af47f89f2b",
//	"kind":"note","n":1,
//	"prev":"0000000000000000000000000000000000000000000000000000000000000000",
//	"salt":"0101010101010101010101010101010101010101010101010101010101010101",
//	"time":"2026-05-01T09:00:01.000000Z","v":1}
//
// Its hash is the SHA-256 of these bytes, again broken here:
//
//	{"commitment":"e8c0356a7a95de89086642226c934aee7eaa8eda4450eb7ddf18dba260434bc2",
//	"kind":"note","n":1,
//	"prev":"0000000000000000000000000000000000000000000000000000000000000000",
//	"time":"2026-05-01T09:00:01.000000Z","v":1}
//
// # Writing and opening
//
// Append returns when the line has been written and fsynced. After a write or
// an fsync that failed nobody knows what the disk holds, and the journal takes
// no more until it is opened again.
//
// What stands behind the last newline was never acknowledged. Open moves it to
// a file beside the journal, NAME.tail- and the first digits of its SHA-256,
// says so, and records it in an entry of kind "journal-tail". A line that has
// its newline was acknowledged, or may have been: if anything in it fails, the
// journal is refused, and the line's number is named. Nothing is ever deleted.
//
// The chain shows every change but one: entries missing at its end. Heads that
// left the room, on slips and in bundles, show that (see Verify).
package journal
