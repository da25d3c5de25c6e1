// Package bundle is what leaves the room: the signed export of a review, how it
// is made, and every check on one that comes in.
//
// It knows file formats, signatures and SARIF. It must not know search, screens
// or policy: whose keys are trusted is told to [Verify].
//
//	d, err := bundle.Prepare(in)    // every byte that will leave, to be shown
//	b, err := d.Sign(signer)        // adds the signature
//	err = b.WriteFile("review.zip") // never overwrites
//	r, err := bundle.Verify("review.zip", signers, time.Now())
//
// # The zip
//
// A bundle is one zip file with exactly these files, in this order (that of
// their bytes):
//
//	SHA256SUMS                digests of the three files below, as sha256sum prints them
//	SHA256SUMS.<slug>.sig     SSHSIG of SHA256SUMS, namespace review@vitrine
//	annotations.json          what the reviewer says
//	findings.sarif            the same for tools that read SARIF 2.1.0
//	statement.json            what is asserted, about which deposit, by whom
//
// <slug> is the reviewer's name as [Slug] writes it. Equal files give equal
// bytes: stored, dated 1980-01-01 00:00:00, mode 0644, version needed 1.0, made
// by Unix 2.0, no extra field, no flag, no comment, nothing before, between or
// behind the records. A reader takes that form alone, so that no byte of a
// bundle is without meaning. A file has at most 16 MiB, a bundle at most 49.
//
// Nothing of ours is needed to verify one; ADDRESS is the reviewer's name in
// allowed_signers, and -c does not notice files that are not listed:
//
//	unzip review.zip -d review && cd review
//	ssh-keygen -Y verify -f allowed_signers -I ADDRESS -n review@vitrine -s SHA256SUMS.ada-lovelace.sig < SHA256SUMS
//	sha256sum -c --strict SHA256SUMS
//
// # The JSON files
//
// All three are shown on a screen before they are signed, and so are indented:
// UTF-8, two spaces, fields in the order given here, no escapes but those that
// JSON demands and \u2028 and \u2029, one newline at the end. A reader encodes
// what it read again and refuses a file that comes out otherwise; a duplicate
// or misspelt field, another number form or spacing does. Optional fields
// (marked ?) are absent when empty. Times are RFC 3339, UTC, to the second;
// digests and git ids are lower-case hex. A version other than 1 is refused by
// name.
//
// # statement.json
//
//	{
//	  "format": "vitrine-statement",
//	  "version": 1,
//	  "asserts": "…",                           the sentence Asserts, verbatim
//	  "deposit": {
//	    "digest": "d000…",                      SHA-256 of the deposit's manifest
//	    "title": "Engine",
//	    "vendor": "Example AV",
//	    "releases": [                           every release of the deposit, oldest first
//	      {"name": "v1", "commit": "0100…", "tree": "0200…"}, …
//	    ]
//	  },
//	  "reviewer": {
//	    "name": "Ada Lovelace",
//	    "organisation"?: "Analytical Ltd",
//	    "fingerprint": "SHA256:18X0…"           of the key that signs; no other will do
//	  },
//	  "period": {                               from the first visit in the journal
//	    "entered": "2026-03-02T09:00:00Z", "exported": "2026-03-02T15:30:00Z"
//	  },
//	  "journal": {"n": 12, "hash": "abab…"},    newest entry when the export began
//	  "counts": {
//	    "notes": 1, "questions": 1, "concerns": 1,
//	    "locations": 5,
//	    "quotes": 0,                            locations with source text
//	    "held_back": 1                          private annotations, which stay
//	  },
//	  "tool": "vitrine 0.1"
//	}
//
// # annotations.json
//
//	{
//	  "format": "vitrine-annotations",
//	  "version": 1,
//	  "deposit": "d000…",                       the statement's
//	  "annotations": [                          by ascending id; [] when there are none
//	    {
//	      "id": "A-4",
//	      "entry": 9,                           number in the reviewer's journal
//	      "kind": "concern",                    note, question or concern
//	      "author": "Ada Lovelace",             the statement's reviewer
//	      "created": "2026-03-02T10:00:00Z",
//	      "supersedes"?: "A-3",                 which need not be in the file
//	      "text": "length unchecked",
//	      "locations": [
//	        {
//	          "span": {"blob": "0200…", "from": 412, "to": 447},
//	          "place": {"release": "v2", "path": "engine/scan.c"},
//	          "from_line": 17, "from_column": 5, "to_line": 17, "to_column": 40,
//	          "quote"?: "…"                     source text, only if it was asked for
//	        }, …
//	      ]
//	    }, …
//	  ]
//	}
//
// Ids, limits and locations are those of package review: a span is bytes of the
// blob with this SHA-256, columns count code points, all four are 0 in a
// binary, and a path that JSON cannot carry is quoted as git quotes it.
//
// # findings.sarif
//
// SARIF 2.1.0, a function of the two other files: a reader makes it anew and
// compares. There is a run for each release with an annotation, since the base
// SRCROOT can stand for one source tree only; whoever has the source sets
// SRCROOT to a checkout of the run's revision. A run says
//
//	versionControlProvenance  revisionId (commit), revisionTag (release), mappedTo SRCROOT;
//	                          repositoryUri is the deposit, ni:///sha-256;<base64url> (RFC 6920)
//	originalUriBaseIds        SRCROOT, described, without a URI
//	columnKind                unicodeCodePoints
//	artifacts                 the files with an annotation and their sha-256
//
// and a result
//
//	guid, correlationGuid     UUIDs of version 5, from deposit, key and annotation; the first
//	                          from the release too: one annotation in two releases correlates
//	ruleId                    note, question or concern
//	kind, level               informational, open or review; always none. "fail" is for
//	                          findings with a severity, which annotations have not
//	message                   the text, with { } doubled and "](" broken, as SARIF asks
//	locations                 the first location in the release; the others are relatedLocations
//	region                    lines and columns, byteOffset and byteLength, snippet if quoted
//	partialFingerprints       spans/v1: SHA-256 over "<blob> <from> <to>\n" of each span, sorted
//
// # Worked example
//
// testdata/example holds the files of one bundle: three annotations leave, a
// private one stays. Its key is the ed25519 key whose seed is SHA-256("ada").
// SHA256SUMS is
//
//	cf907c36e602b21f5c9f3e24086a13df8ea14faaf851470d00e57d24ea5d8d66  annotations.json
//	86f9f026804f85e7896ce2a647d9e689d2ba49cb116d852c42e58b887ea41107  findings.sarif
//	cee92a31e6a36247582cd84f1949ddd89889dfe167dfde06dff73b07d137e16d  statement.json
//
// and any program that writes these files into a zip as said above has a bundle
// of the SHA-256 that TestGolden names.
package bundle
