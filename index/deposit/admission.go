package deposit

import (
	"fmt"
	"time"

	"vitrine/index/seal"
)

// Trust says which deposits are accepted: those signed by one of Signers for
// the namespace deposit@vitrine and valid at At, and those whose manifest has
// one of the Pinned digests. It never comes from a deposit. The zero value
// accepts nothing.
type Trust struct {
	Signers *seal.Signers
	Pinned  []Digest
	At      time.Time
	// Revoked are keys whose signatures prove nothing, whoever lists them. A
	// deposit of theirs is accepted only where its digest is what is trusted:
	// pinned, or named by a later deposit that is; with a warning.
	Revoked *seal.Revoked
	// Keyring are the OpenPGP certificates that the vendor's tags and commits may
	// be signed with. With SSH they may be by those of Signers that may sign for
	// the namespace git. Neither makes a deposit accepted.
	Keyring *seal.Keyring
}

// identity stands for what an admission's facts depend on. Who signed the
// deposit itself, and whether that holds today, is looked at each time.
func (t Trust) identity(l Limits) Digest {
	return digestOf(fmt.Appendf(nil, "%+v %q %v %q %q", l, t.Signers.String(), t.Pinned, t.Revoked.String(), t.Keyring.Armored()))
}

// The steps of an admission, in order. Sealing uses the first four too.
const (
	StepSignature = "signature"
	StepBundle    = "bundle"
	StepObjects   = "objects"
	StepTrees     = "trees"
	StepImport    = "import"
)

// A Step is progress: how much of a named step is done (bytes, objects or
// releases, as Note says). A step ends with Finished.
type Step struct {
	Name     string        `json:"name"`
	Note     string        `json:"note"`
	Done     int64         `json:"done"`
	Total    int64         `json:"total"`
	Problems int           `json:"problems"` // found by it
	Finished bool          `json:"finished"`
	Elapsed  time.Duration `json:"elapsed"` // nanoseconds
}

// An Admission is what was found out about a deposit that passed every check.
// It is encoded as JSON to cross from the process that verifies.
type Admission struct {
	Digest Digest `json:"digest"`
	Title  string `json:"title"`
	Vendor string `json:"vendor"`
	Sealed string `json:"sealed"`
	// Signer is the principal whose key signed, "" when only the manifest's
	// digest is trusted.
	Signer      string `json:"signer"`
	Fingerprint string `json:"fingerprint"`
	Pinned      bool   `json:"pinned"`

	// Links are the deposits that continue each other, oldest first; the last
	// is the one that Digest names.
	Links    []AdmittedLink    `json:"links"`
	Sources  []AdmittedSource  `json:"sources"`
	Releases []AdmittedRelease `json:"releases"`
	// Counts are what was checked, when everything was.
	Counts Counts `json:"counts"`
	// Commits counts all commits by the signatures that the vendor gave them.
	Commits SignatureCounts `json:"commits"`
	// Warnings are sentences about what is allowed but should be known.
	Warnings []string `json:"warnings"`
	unsaid   int      // warnings that are not among them
	// Already says that the workspace held this deposit before.
	Already bool `json:"already"`
	// Verified is when everything was checked, RFC 3339 in UTC. An Admission
	// that Reopen gives says with Reopened that this was not now.
	Verified string `json:"verified"`
	Reopened bool   `json:"reopened"`
	// Verifier is the version of the checks, and Trusted stands for the Trust
	// and the Limits that they were made with: Reopen takes no others.
	Verifier int    `json:"verifier"`
	Trusted  Digest `json:"trusted"`
}

// verifier counts the changes to what is checked and to what an Admission
// holds. What an older one admitted is verified again.
const verifier = 2

// An AdmittedLink is one deposit of a chain and who signed it. Signer is ""
// when its key is not trusted itself, but the deposit that continues it names
// its digest, or that is pinned.
type AdmittedLink struct {
	Digest      Digest `json:"digest"`
	Sealed      string `json:"sealed"`
	Signer      string `json:"signer"`
	Fingerprint string `json:"fingerprint"`
	Pinned      bool   `json:"pinned"`
}

// An AdmittedSource is a Source without its objects: one bundle of one deposit.
type AdmittedSource struct {
	Name   string `json:"name"`
	Bundle string `json:"bundle"`
	SHA256 Digest `json:"sha256"`
	Size   int64  `json:"size"`
	// Deposit is the digest of the manifest that names the bundle.
	Deposit Digest `json:"deposit"`
}

// An AdmittedRelease is a Release with what its tree holds.
type AdmittedRelease struct {
	Release
	Source string `json:"source"`
	Files  int64  `json:"files"`
	Bytes  int64  `json:"bytes"`
	// Changed counts the paths that were added, removed or changed since the
	// release before it of its source; -1 for the first.
	Changed int64 `json:"changed"`
	// Tag and CommitSignature are the vendor's signatures of the release's
	// annotated tag and of its commit.
	Tag             Signature `json:"tag"`
	CommitSignature Signature `json:"commitSignature"`
	// NotDeposited are the paths whose content is elsewhere, and Documents those
	// of PDF and office files, in byte order of paths. Very many are not listed;
	// the numbers of the rest are.
	NotDeposited     []Absent `json:"notDeposited,omitempty"`
	NotDepositedMore int64    `json:"notDepositedMore,omitempty"`
	Documents        []File   `json:"documents,omitempty"`
	DocumentsMore    int64    `json:"documentsMore,omitempty"`
}
