// Package evidence is signed build evidence: somebody built what a vendor ships
// from what the vendor deposited, and says whether the same bytes came out.
//
// It knows the document, its signature and what of a deposit it speaks of. It
// must not know whose keys count – the caller says so – nor how anything is
// built: nothing is ever run.
//
// # Format
//
// Evidence is two files: NAME.json, in canonical JSON (RFC 8785), and
// NAME.json.sig, its SSHSIG signature for the namespace build@vitrine, by whoever
// built. All members are there, also the empty ones; shown here with spaces that
// the file does not have:
//
//		{"artifact":{"name":"engine-1.0.deb","sha256":"7d1a…","size":48213},
//		 "at":"2026-02-03T09:30:00Z",
//		 "by":{"name":"Ann Lee","organisation":"Lab"},
//		 "deposit":"c0f3…",
//		 "differences":"",
//		 "environment":"Debian 12, SOURCE_DATE_EPOCH=1769860800; make package",
//		 "format":"vitrine-build-evidence",
//		 "identical":true,
//		 "rebuilt":{"name":"engine-1.0.deb","sha256":"7d1a…","size":48213},
//		 "release":"v1.0",
//		 "toolchain":"gcc 12.2.0, binutils 2.40",
//		 "version":1}
//
//	  - deposit is the digest of the manifest that lists the artifact, release the
//	    release it is of, artifact what that manifest says of it.
//	  - rebuilt is the file that came out. identical is true if and only if its
//	    digest and size are the artifact's: evidence that says otherwise is refused,
//	    whoever signed it.
//	  - by is who built; the name is needed. toolchain is needed, environment (of
//	    what machine, by which commands) may be empty, and so may differences, which
//	    explains bytes that differ and is empty where none do. Each of these texts
//	    has at most 16 KiB of UTF-8; newline and tab are the only control characters.
//	  - at is when it was signed: RFC 3339 in UTC, whole seconds.
//
// A reader refuses a newer version by its number. Anyone checks evidence with
// stock tools:
//
//	ssh-keygen -Y verify -n build@vitrine -f allowed_signers -I ann -s NAME.json.sig < NAME.json
//
// Nothing of the file is parsed before its signature was verified and its key
// accepted. What remains is a claim by whoever holds the key; a vendor's own is
// the vendor's claim.
package evidence
