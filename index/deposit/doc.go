// Package deposit is the verified source: it seals releases into a deposit,
// verifies and imports (admits) a deposit that somebody else sealed, and reads
// files of releases from what was admitted.
//
// It knows git repositories, bundles, packs, raw trees, archives and the
// manifest. It knows nothing of encodings, lines, searches or screens, runs no
// git program and opens no network. A *Deposit exists only for what was admitted;
// the keys that admit one come from the caller's Trust and never from a deposit.
//
// The sections from here to "What is refused" are the format, and suffice to
// implement it: testdata/verify_deposit.py is a verifier that was written from
// them, and a test compares the two.
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
// into lines, which canonical JSON does not allow; the deposit
// 3747e8b96ee390141dc4044af38400dcb457165528664b17662e1dee5c46d3b6
// that it is of lies in testdata/example:
//
//	{"artifacts":[
//	  {"build":"make package","name":"engine-1.0.deb","release":"v1.0",
//	   "sha256":"6b61dae632a9f506ab5d80e30505f86f8f40dc9fe1afc0c35242a8e7995c1e1b",
//	   "size":48213}],
//	 "documents":[
//	  {"kind":"spdx","name":"sbom-v1.0.json","release":"v1.0",
//	   "sha256":"d4f269605ffe72fbe7a3021d68284798ec364111376ee2eace17688bb52a9e1d",
//	   "size":26}],
//	 "format":"vitrine-deposit",
//	 "predecessor":"",
//	 "sealed":"2026-01-31T12:00:00Z",
//	 "sources":[
//	  {"bundle":"engine.bundle",
//	   "name":"engine",
//	   "objects":[
//	    {"git":"45a6148d8444ee98f120f8b97689448c7fff40e9","kind":"tree",
//	     "sha256":"46721425f449b61ad438cc7149a96b1df7fba658eb8db30dc06d640292834812",
//	     "size":31},
//	    {"git":"4e610c04d58371663d95ca8237eea260b08f090c","kind":"blob",
//	     "sha256":"386593f1475dc210d45a5f3d4b6bb11c065fc6fe2e08ebdd00ab4cf3a0848744",
//	     "size":7}],
//	   "prerequisites":[],
//	   "releases":[
//	    {"commit":"233163cdd09cee3313650b76c0f6733637bad739","name":"v1.0",
//	     "tree":"45a6148d8444ee98f120f8b97689448c7fff40e9"}],
//	   "sha256":"08c22e025d3faefe87bae6e5c8d2bdbee0ae40dd4aa0a0dfdd52aecb64499c28",
//	   "shallow":[],
//	   "size":456}],
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
// Git ids are 40, digests 64 lower-case hex digits; sizes are in bytes, whole
// numbers from 0 to 2^53-1. sealed is RFC 3339 in UTC and whole seconds, always
// written YYYY-MM-DDTHH:MM:SSZ, without leap seconds. title, vendor and the names
// of releases and artifacts are 1 to 200 bytes of UTF-8 without space around them,
// of U+0020 and characters that print: those of Unicode's categories L, M, N, P
// and S. Where no order is asked of a list, any will do.
//
//   - sources: 1 to 64. A name is 1 to 64 of a-z 0-9 . _ - and begins with a
//     letter or digit; it occurs once. bundle is NAME.bundle.
//   - releases of a source: at least one, in the order of sealing, oldest first.
//     A name is a tag's (git-check-ref-format(1): no space ~ ^ : ? * [ \, no "..",
//     no "@{", not "@", no empty part between slashes, no part that begins with
//     "." or ends with ".lock", no "-" in front, no "." at the end) and unique in
//     the deposit; there are at most 1000. commit is the commit that the tag leads
//     to, tree is that commit's. Two may be of one commit.
//   - objects: all blobs and trees of the bundle, no more and no fewer, sorted by
//     git id, each once. An id only names an object, since SHA-1 binds nothing;
//     the SHA-256, of the content alone, binds it. Commits and tags are bound by
//     the bundle's SHA-256.
//   - prerequisites: see below; at most 10,000, sorted, each once, and none in a
//     deposit that continues no other.
//   - shallow: commits of the bundle, at most 10,000, sorted, each once, whose
//     parents the vendor has not deposited: at least one parent is neither in this
//     bundle nor in an earlier one of the source, and those that are are commits.
//     No parent of theirs is followed.
//   - artifacts: what the vendor ships of a release of this deposit or of one that
//     it continues, at most 10,000; name is a file's, without / and \ and not "."
//     or "..", once for each release; build is text of at most 16 KiB for people,
//     of U+0020, tabs, line feeds and characters that print, and may be empty.
//   - documents: bills of materials of a release, as above, at most 1000, kind spdx
//     or cyclonedx, of 1 byte to 64 MiB, which a reader need not parse; name begins
//     with sbom-, ends with .json, occurs once, and is before .json like a
//     source's name in which letters A-Z may stand, too.
//
// # Its signature
//
// manifest.json.sig is an SSH signature (PROTOCOL.sshsig) in the very form in
// which ssh-keygen writes it: version 1, namespace deposit@vitrine, nothing
// reserved, SHA-256 or SHA-512, lines of 70 characters, a line feed after each, the
// last one, too. It has at most 64 KiB. Whoever reads it decodes it, encodes it
// again, down to the numbers in key and signature, and compares, since a decoder
// would accept other forms too. Keys are of the types ssh-ed25519,
// ecdsa-sha2-nistp256, -nistp384 and -nistp521, their hardware forms
// sk-ssh-ed25519@openssh.com and sk-ecdsa-sha2-nistp256@openssh.com, whose
// signature says that the key was touched, and ssh-rsa of at least 2048 bits. The
// signature is of the key's type, for RSA keys rsa-sha2-256 or rsa-sha2-512.
//
// The signature must fit the manifest, whosever key it is. And the key must be
// one that the reader trusts, from elsewhere, for that namespace and at the time of
// reading; or the manifest's digest is one that the reader has from elsewhere. The
// signature of a key that the reader knows to be revoked proves nothing: the
// deposit is refused, unless its digest is what is trusted, pinned or named by a
// later deposit; then that is warned of.
// This is the allowed_signers of the example, whose key is for tests:
//
//	vendor@example.org namespaces="deposit@vitrine" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF1EyV5EgUYa3jnabqBFWCrHs4twJni47O497eBZIbdF
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
// offset or by id, in any order. The sizes in an entry and in a delta have at most
// 9 bytes each, and the zlib stream of N bytes has at most N + N/8 + 65536. The
// pack holds what the refs lead to, history included, each object once and nothing
// else: every object that is reached from a ref and not held by an earlier bundle
// of the source. That may be none. A submodule's entry leads nowhere, and the
// parents of a commit that shallow lists are not followed.
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
// continues, and not of 64 zeros. What it adds to a source is a bundle of the
// source's name with what is new since, which needs nothing that only a later one
// has. Its prerequisites are all commits of earlier bundles of the source that its
// own commits name as parents which are followed, its own tags name, or its refs
// lead to through whichever tags. Each object is in one bundle of a source only;
// the names of releases are unique in all; sealed does not go back, and may stay.
// A source that is new, or whose bundle rests on nothing, has no prerequisites. All
// together have at most 1000 releases, 64 sources and 256 MiB of documents.
//
// They are read together, from a folder that has no manifest.json and holds
// nothing but one folder for each, 1 to 1000, of any name. Exactly one of them
// continues no other; each of the others continues one that is there (no gap), no
// two the same (no fork), and none is there twice. The last one's digest identifies
// the whole. A manifest counts as signed by who is trusted, too, when one that does
// so names its digest; its own signature must fit all the same.
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
//   - commits that do not begin with a tree's line, a line for each parent and
//     "author ", tags that do not begin with the lines of object and type and then
//     a line that begins with "tag ", ids in other digits than the manifest's, and
//     any object that names one of another kind;
//   - in any tree, also of the history: names that are empty, "." or "..", have
//     more than 4096 bytes, hold a slash or mean .git to a Unix, HFS+ or NTFS file
//     system (see below); a name twice, or as a file and as a directory; another
//     order than git's; modes not written 40000, 100644, 100664, 100755, 120000 or
//     160000;
//   - in the releases: paths of directories and files that are not UTF-8 or hold
//     control characters (Unicode's category Cc), U+2028, U+2029 or characters that
//     turn the direction of writing (Unicode's Bidi_Control); of more than 4096
//     bytes; directories more than 256 deep, where the root's are 1 deep. Paths are
//     shown, searched and written to JSON; a path that cannot be written as it
//     is would have two spellings. Names in the history that no release has may
//     be of any bytes, since nothing shows them without escaping.
//
// A name means .git as git's fsck says, letters of either case (of ASCII) alike: to
// HFS+, when it is .git without the characters U+200C to U+200F, U+202A to U+202E,
// U+206A to U+206F and U+FEFF, up to where it is no UTF-8; to NTFS, when it or what
// follows one of its backslashes is .git or git~1, then any spaces and dots, and
// then the end, a colon or a backslash.
//
// # A workspace
//
// Admit imports into WORKSPACE/DIGEST, where DIGEST is the manifest's:
//
//	manifest.json, manifest.json.sig   the deposit's, byte for byte
//	chain/DIGEST.json, ….json.sig      those of each deposit that it continues
//	documents/DIGEST/NAME              the documents of the deposit DIGEST
//	admission.json                     the Admission, for people and for Reopen
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
// Reopen takes an earlier admission's word for what Open does not look at: the
// history, what was counted and warned of. It does so only where no other user
// could have written anything (Private), under the same trust, and after checking
// signatures, manifests and the deposit's folders again.
//
// Admission and sealing, which meet bytes of unknown origin, read packs with
// this package's own reader, which has limits.
package deposit
