// Package deposit is the verified source: it seals releases of a git
// repository into a deposit, verifies and imports (admits) a deposit that
// somebody else sealed, and reads files of releases from what was admitted.
//
// It knows git bundles, packs, raw trees and the manifest. It knows nothing of
// encodings, lines, searches or screens, runs no git program and opens no
// network. A *Deposit exists only for what was admitted; the keys that admit
// one come from the caller's Trust and never from a deposit.
//
// # A deposit
//
// A deposit is a folder of exactly these files, all of them ordinary files:
//
//	manifest.json       what the deposit holds, canonical JSON (RFC 8785)
//	manifest.json.sig   SSHSIG of those bytes, namespace deposit@vitrine
//	NAME.bundle         for each source: a git bundle, version 2
//
// The SHA-256 of manifest.json identifies the deposit. A manifest, here broken
// into lines, which canonical JSON does not allow:
//
//	{"format":"vitrine-deposit",
//	 "predecessor":"",
//	 "sealed":"2026-01-31T12:00:00Z",
//	 "sources":[
//	  {"bundle":"engine.bundle",
//	   "name":"engine",
//	   "objects":[
//	    {"git":"3f5d…","kind":"tree","sha256":"9a02…","size":35},
//	    {"git":"e69d…","kind":"blob","sha256":"e3b0…","size":0}],
//	   "releases":[
//	    {"commit":"71c4…","name":"v1.0","tree":"3f5d…"}],
//	   "sha256":"5be1…",
//	   "size":472}],
//	 "title":"Scan engine",
//	 "vendor":"Example Ltd",
//	 "version":1}
//
// Git ids are 40, digests 64 lower-case hex digits. sealed is RFC 3339 in UTC
// and whole seconds. predecessor is reserved for incremental deposits and
// empty in version 1. A source's name is 1 to 64 of a-z 0-9 . _ - and begins
// with a letter or digit; its bundle is NAME.bundle. Release names are tags,
// unique in the deposit, in the order of sealing, oldest first. objects are all
// blobs and trees of the bundle, no more and no fewer, sorted by git id: an id
// only names an object, since SHA-1 binds nothing; the SHA-256 binds it.
// Commits and tags are bound by the bundle's SHA-256. A reader refuses a newer
// version by its number, unknown or repeated keys, and any other byte form.
//
// The bundle's refs are, in this order, HEAD and refs/heads/main, both at the
// last release's commit, so that git clone checks something out, and
// refs/tags/NAME for each release, which may lead through annotated tags. It
// has no prerequisites. Its pack is of version 2 and holds what the releases
// lead to, history included, each object once and nothing else; deltas may be
// by offset or by id, in any order. It need not be written by this package:
// git bundle create would do, if its refs were these.
//
// # What is refused
//
// Beyond what the format asks, by Verify and Admit alike and so by Seal, which
// verifies what it wrote:
//
//   - objects, chains, sums and counts beyond Limits, before they cost memory;
//   - bytes made for a SHA-1 collision;
//   - in any tree, also of the history: names that are empty, "." or "..", hold
//     a slash or mean .git to a Unix, HFS+ or NTFS file system; a name twice;
//     another order than git's; modes that git does not use;
//   - in the releases: paths that are not UTF-8 or hold control characters, line
//     separators or characters that turn the direction of writing. Paths are
//     shown, searched and written to JSON; a path that cannot be written as it
//     is would have two spellings. Names in the history that no release has may
//     be of any bytes, since nothing shows them without escaping.
//
// # A workspace
//
// Admit imports into WORKSPACE/DIGEST, where DIGEST is the manifest's:
//
//	manifest.json, manifest.json.sig   the deposit's, byte for byte
//	admission.json                     the Admission, for people
//	git/NAME.git/                      a bare repository that git can read: the
//	                                   source's pack, named after its trailer,
//	                                   an index of it, refs; nothing else
//
// It is prepared in WORKSPACE/.admit-*, fsynced and renamed. go-git reads it
// from there: refs, tags and commits on opening, trees and blobs since then.
// It does not look whether an object is the one that was asked for, so every
// tree and blob is hashed again and compared with the manifest's SHA-256, every
// commit and tag with its id. What a workspace that somebody changed gives is
// therefore what was admitted, or an error; go-git has no limits, so a change
// made for the purpose may end the process too.
//
// Admission and sealing, which meet bytes of unknown origin, read packs with
// this package's own reader, which has limits.
package deposit
