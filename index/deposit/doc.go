// Package deposit is the verified source: it seals releases into a deposit,
// verifies and imports (admits) a deposit that somebody else sealed, and reads
// files of releases from what was admitted.
//
// It knows git repositories, bundles, packs, raw trees, archives and the
// manifest. It knows nothing of encodings, lines, searches or screens, runs no
// git program and opens no network. A *Deposit exists only for what was admitted;
// the keys that admit one come from the caller's Trust and never from a deposit.
//
// # A deposit
//
// A deposit is a folder of exactly these files, all of them ordinary files:
//
//	manifest.json       what the deposit holds, canonical JSON (RFC 8785)
//	manifest.json.sig   SSHSIG of those bytes, namespace deposit@vitrine
//	NAME.bundle         for each source: a git bundle, version 2
//	sbom-….json         for each document: its bytes
//
// The SHA-256 of manifest.json identifies the deposit. A manifest, here broken
// into lines, which canonical JSON does not allow:
//
//	{"artifacts":[
//	  {"build":"make package","name":"engine-1.0.deb","release":"v1.0",
//	   "sha256":"7d1a…","size":48213}],
//	 "documents":[
//	  {"kind":"spdx","name":"sbom-v1.0.json","release":"v1.0",
//	   "sha256":"c0f3…","size":2817}],
//	 "format":"vitrine-deposit",
//	 "predecessor":"",
//	 "sealed":"2026-01-31T12:00:00Z",
//	 "sources":[
//	  {"bundle":"engine.bundle",
//	   "name":"engine",
//	   "objects":[
//	    {"git":"3f5d…","kind":"tree","sha256":"9a02…","size":35},
//	    {"git":"e69d…","kind":"blob","sha256":"e3b0…","size":0}],
//	   "prerequisites":[],
//	   "releases":[
//	    {"commit":"71c4…","name":"v1.0","tree":"3f5d…"}],
//	   "sha256":"5be1…",
//	   "shallow":[],
//	   "size":472}],
//	 "title":"Scan engine",
//	 "vendor":"Example Ltd",
//	 "version":1}
//
// Every member is there, and no other; a list may be empty and is never null.
// A reader refuses a newer version by its number, unknown or repeated keys, and
// any other byte form: it encodes what it read canonically (members sorted, no
// space, shortest escapes, no newline at the end) and compares the bytes.
// manifest.json has at most 256 MiB.
//
// Git ids are 40, digests 64 lower-case hex digits; sizes are in bytes. sealed
// is RFC 3339 in UTC and whole seconds. title, vendor and the names of releases
// and artifacts are 1 to 200 bytes of UTF-8 without characters that do not
// print and without space around them; the only space within is U+0020.
//
//   - sources: 1 to 64. A name is 1 to 64 of a-z 0-9 . _ - and begins with a
//     letter or digit; it occurs once. bundle is NAME.bundle.
//   - releases of a source: at least one, in the order of sealing, oldest first.
//     A name is a tag's (git-check-ref-format(1): no space ~ ^ : ? * [ \, no "..",
//     no "@{", not "@", no empty part between slashes, no part that begins with
//     "." or ends with ".lock", no "-" in front, no "." at the end) and unique in
//     the deposit; there are at most 1000. commit is the commit that the tag leads
//     to, tree is that commit's.
//   - objects: all blobs and trees of the bundle, no more and no fewer, sorted by
//     git id, each once. An id only names an object, since SHA-1 binds nothing;
//     the SHA-256, of the content alone, binds it. Commits and tags are bound by
//     the bundle's SHA-256.
//   - prerequisites: see below; sorted, and empty in a deposit that continues no
//     other.
//   - shallow: commits of the bundle, sorted, whose parents the vendor has not
//     deposited: at least one of them is neither in this bundle nor in an earlier
//     one. None of them is followed.
//   - artifacts: what the vendor ships of a release; name is a file's, without
//     folders, once for each release; build is text of at most 16 KiB for people.
//   - documents: bills of materials, kind spdx or cyclonedx, of 1 byte to 64 MiB;
//     name begins with sbom-, ends with .json and is otherwise like a source's
//     name, in which letters may be upper-case.
//
// # Its signature
//
// manifest.json.sig is an SSH signature (PROTOCOL.sshsig) in the very form in
// which ssh-keygen writes it: version 1, namespace deposit@vitrine, SHA-256 or
// SHA-512, lines of 70 characters. Whoever reads it decodes it, encodes it again
// and compares, since a decoder would accept other forms too. Of RSA keys the
// signature is rsa-sha2-256 or rsa-sha2-512. The key must be one that the reader
// trusts for that namespace and time, from elsewhere; or the manifest's digest is
// one that the reader has from elsewhere. The signature of a key that the reader
// knows to be revoked proves nothing: the deposit is refused, unless its digest
// is what is trusted, pinned or named by a later deposit; then that is warned of.
//
//	ssh-keygen -Y verify -n deposit@vitrine -f allowed_signers -I vendor -s manifest.json.sig < manifest.json
//
// # Its bundles
//
// The SHA-256 and size of NAME.bundle are those of the manifest. It is a git
// bundle, version 2 (gitformat-bundle(5)): the line "# v2 git bundle", a line
// "-ID" for each prerequisite in the manifest's order, a line "ID NAME" for each
// ref, an empty line, and a pack. The refs are, in this order, HEAD and
// refs/heads/main, both at the last release's commit, so that git clone checks
// something out, and refs/tags/NAME for each release in the manifest's order,
// which may lead through annotated tags, at most 8.
//
// The pack is of version 2 (gitformat-pack(5)): its trailer is the SHA-1 of all
// before it, its entries stand without a gap, each inflates to exactly the size
// that it declares, and every delta's base is in the same pack; deltas may be by
// offset or by id, in any order. It holds what the refs lead to, history
// included, each object once and nothing else: every object that is reached from
// a ref and not held by an earlier deposit. A submodule's entry leads nowhere,
// and the parents of a commit that shallow lists are not followed.
//
// It need not be written by this package: git bundle create would do, if its refs
// and prerequisite lines were these.
//
// git clone refuses a bundle whose history is cut off. Stock git reads it when it
// is told first where that is, with a line of each id in shallow:
//
//	git init --bare engine.git
//	vitrinectl deposit show deposit | sed -n 's/^cut off   //p' > engine.git/shallow
//	git -C engine.git fetch ../deposit/engine.bundle '+refs/*:refs/*'
//
// # What is sealed
//
// A source is made of a repository – bare or not, its objects loose or in any
// packs, shallow or not –, of a git bundle that rests on nothing, or of plain
// folders and archives. A repository that lacks objects, as partial clones do, is
// refused with a list of them.
//
// A folder or archive becomes a commit of the source: author and committer are
// "vitrinectl deposit seal <>" at the time of sealing, its parent is the release
// before it, the last deposited one when a deposit is continued. Files that their
// owner may execute have the mode 100755, others 100644; symbolic links are kept
// as links, hard links of an archive as copies; empty folders are left out, since
// git has no form for them. An archive is tar, as it is or compressed with gzip,
// bzip2 or zstd, or zip, which its content tells. Refused are, with a sentence:
// devices, pipes and sockets, folders named .git, paths that are absolute, lead up,
// stand twice or hold a backslash, hard links to what is not before them, what is
// encrypted, cut off or more than Limits allow, and what is refused below.
//
// What of a release is elsewhere is no part of a deposit, and an Admission lists
// it: submodules, and files that Git LFS keeps, of which the repository has a
// pointer. It lists documents for people (PDF, OpenDocument, Office, RTF), too.
//
// # Deposits that continue each other
//
// An update is a deposit whose predecessor is the digest of the manifest that it
// continues. What it adds to a source is a bundle of the source's name with what
// is new since, whose prerequisites are the commits of earlier bundles that its
// own commits and refs name. Each object is in one bundle of a source only; the
// names of releases are unique in all; sealed does not go back. A source that
// is new, or whose bundle rests on nothing, has no prerequisites.
//
// They are read together, from a folder that holds nothing but one folder for
// each, of any name. Exactly one of them continues no other; each of the others
// continues one that is there (no gap), no two the same (no fork), and none is
// there twice. The last one's digest identifies the whole. A manifest counts as
// signed by who is trusted, too, when one that does so names its digest.
//
// Stock git reads the first bundle with git clone, and the next ones onto it, in
// order:
//
//	git clone --bare first/engine.bundle engine.git
//	git -C engine.git fetch ../second/engine.bundle '+refs/*:refs/*'
//
// # The vendor's own signatures
//
// Tags and commits may be signed by the vendor's developers, and what is found of
// that is told of each release, and counted over all commits:
//
//   - valid: the signature fits, by a key that the reader trusts and that was
//     valid when it signed;
//   - unknown key: by a key that the reader does not know, of which no more can
//     be said, whether it fits or not;
//   - bad: damaged, made for something else, text stands around it or there are
//     two headers, it does not fit, or the key is known and was revoked or not valid then;
//     a good signature of a tag of another name too, which would make an old
//     release a new one;
//   - none.
//
// It refuses nothing: a release without signatures is no worse than the deposit,
// whose signature covers it. What is bad, unknown or missing of a release is a
// warning. Signatures are OpenPGP's, by the certificates of the reader's keyring,
// or SSH's for the namespace git, by the keys that may sign for that. S/MIME is of
// an unknown key always. Of hardware keys no touch is asked, as in stock git,
// since developers sign hundreds of commits with them. Of several OpenPGP
// signatures of one object the first by a known key counts.
//
// Signatures are taken out as stock git does: of a commit's header, gpgsig, what
// is signed being the rest without the headers that begin with gpgsig; of a tag,
// from the last line on that begins a signature. Time is the vendor's own word: an
// OpenPGP signature's, and for SSH, as in git, the commit's or tag's. So a key
// that expired still vouches for what it signed, and who has such a key can set
// the clock back: a key that got lost must be revoked. Of an OpenPGP key that was
// revoked as merely replaced or retired, what it signed before stays; a revocation
// for any other reason, or none, reaches back.
//
// # What is refused
//
// Beyond what the format asks, by Verify and Admit alike and so by Seal, which
// verifies what it wrote:
//
//   - objects, chains, sums and counts beyond Limits, before they cost memory;
//   - bytes made for a SHA-1 collision;
//   - deltas of fewer than 4 bytes, which git does not read;
//   - commits that do not begin with tree, parents and author, tags that do not
//     begin with object, type and tag, and any object that names one of another
//     kind;
//   - in any tree, also of the history: names that are empty, "." or "..", hold
//     a slash or mean .git to a Unix, HFS+ or NTFS file system (isDotGit says
//     how); a name twice, or as a file and as a directory; another order than
//     git's; modes other than 40000, 100644, 100664, 100755, 120000 and 160000;
//   - in the releases: paths that are not UTF-8 or hold control characters, line
//     separators or characters that turn the direction of writing (Unicode's
//     Bidi_Control); of more than 4096 bytes or 256 directories. Paths are
//     shown, searched and written to JSON; a path that cannot be written as it
//     is would have two spellings. Names in the history that no release has may
//     be of any bytes, since nothing shows them without escaping.
//
// # A workspace
//
// Admit imports into WORKSPACE/DIGEST, where DIGEST is the manifest's:
//
//	manifest.json, manifest.json.sig   the deposit's, byte for byte
//	chain/DIGEST.json, ….json.sig      those of each deposit that it continues
//	documents/DIGEST/NAME              the documents of the deposit DIGEST
//	admission.json                     the Admission, for people
//	git/NAME.git/                      a bare repository that git can read: the
//	                                   source's packs, named after their
//	                                   trailers, an index of each, refs,
//	                                   shallow if it is; nothing else
//
// It is prepared in WORKSPACE/.admit-*, fsynced and renamed. go-git reads it
// from there: refs, tags and commits on opening, trees and blobs since then.
// It does not look whether an object is the one that was asked for, so every
// tree and blob is hashed again and compared with the manifest's SHA-256, every
// commit and tag with its id. What a workspace that somebody changed gives is
// therefore what was admitted, or an error; go-git has no limits, so a change
// made for the purpose may end the process too: an index, say, by which a delta
// by id is the base of itself.
//
// Admission and sealing, which meet bytes of unknown origin, read packs with
// this package's own reader, which has limits.
package deposit
