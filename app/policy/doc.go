// Package policy holds the signed rules of a visit and is the only source of
// trusted keys. It knows who may seal, review and operate, which deposits may
// be opened, and when; it must not know what is done with them.
//
// # Format
//
// A policy is two files: NAME.json, in canonical JSON (RFC 8785), and
// NAME.json.sig, its SSHSIG signature for the namespace policy@vitrine by the
// key of the workstation's operator. All members are there, also the empty
// ones; shown here with spaces that the file does not have:
//
//	{"anyReviewer": false,
//	 "deposits": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
//	 "developers": [{"key": "ssh-ed25519 AAAA…", "name": "Ann Lee", "organisation": "Engine"}],
//	 "format": "vitrine-policy",
//	 "limits": {"maxDepth": 0, "maxEntries": 0, "maxFiles": 0, "maxInflated": 0, "maxLive": 0,
//	            "maxNames": 0, "maxObject": 1073741824, "maxObjects": 0, "maxPath": 0, "maxRatio": 0},
//	 "notAfter": "2026-05-15T17:00:00Z",
//	 "notBefore": "2026-05-11T08:00:00Z",
//	 "openpgp": ["-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME…-----END PGP PUBLIC KEY BLOCK-----\n"],
//	 "operators": [{"key": "ssh-ed25519 AAAA…", "name": "Escrow desk", "organisation": "Escrow Ltd"}],
//	 "reviewers": [{"key": "ssh-ed25519 AAAA…", "name": "Jo Reed", "organisation": "Lab"}],
//	 "revoked": ["SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"],
//	 "title": "Review of the 2026 engine",
//	 "vendors": [{"key": "ssh-ed25519 AAAA…", "name": "Vendor", "organisation": ""}],
//	 "version": 1}
//
// deposits are SHA-256 digests of manifests: only these may be opened. Where
// vendors are named, one of them must have signed the deposit as well; where
// none is, the operator vouches for the digests alone. The period's ends belong
// to it; times are UTC. anyReviewer makes a practice room, in which any key may
// sign as reviewer. A reviewer's key must not be a vendor's, a developer's or an
// operator's too: nobody judges their own source, or countersigns their own judgement.
//
// revoked are fingerprints of SSH keys, as ssh-keygen -l writes them, sorted,
// each once. Such a key signs nothing, whoever else names it: no deposit, no
// tag or commit, no review. A deposit whose digest is what is trusted stays so –
// named by the operator, where no vendors are, or by a later deposit that a
// vendor signed with another key – and is opened with a warning.
//
// openpgp are blocks of OpenPGP certificates, armoured, each ending in a newline
// and nothing around it: of those who sign the vendor's tags and commits.
// developers are those who do it with SSH keys; they cannot sign deposits, while a
// vendor's key is known on tags and commits too. All this is told to the reviewer
// and decides nothing.
//
// limits are what a deposit may ask of the machine that verifies it, as
// index/deposit's Limits say; 0 is the program's own limit.
//
// Anyone can verify a policy with stock tools:
//
//	ssh-keygen -Y check-novalidate -n policy@vitrine -s NAME.json.sig < NAME.json
//
// Nothing of the file is parsed before its signature has been verified. Only a
// Policy that Open or OpenPinned returned permits anything; the zero value, one
// from Parse and one put together in memory permit nothing.
package policy
