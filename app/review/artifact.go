package review

import (
	"errors"
	"fmt"
	"time"

	"vitrine/app/evidence"
	"vitrine/app/journal"
	"vitrine/index/deposit"
)

// The journal kinds that speak of shipped artifacts, with the bodies [Check]
// and [Built].
const (
	EntryChecked = "artifact-checked"
	EntryBuilt   = "build-evidence"
)

// MaxChecks bounds the files checked and the evidence taken in one journal: a
// reviewer does some dozens.
const MaxChecks = 10_000

// A Check is the body of an entry of kind EntryChecked: a file from a medium was
// hashed and compared with what the deposit lists.
type Check struct {
	File     string           `json:"file"` // its name, without folders
	SHA256   deposit.Digest   `json:"sha256"`
	Size     int64            `json:"size"`
	Release  string           `json:"release"`  // of the artifact it was compared with
	Artifact string           `json:"artifact"` // its name
	Standing deposit.Standing `json:"standing"`
}

// Built is the body of an entry of kind EntryBuilt: build evidence, with its
// signature, and whom the policy knew the key as. Statement is the very text
// that was signed.
type Built struct {
	Statement   string `json:"statement"`
	Signature   string `json:"signature"`
	Signer      string `json:"signer"` // "" for a key without a name, in a practice room
	Role        string `json:"role"`
	Fingerprint string `json:"fingerprint"`
}

// A Checked is a check as the fold leaves it.
type Checked struct {
	Check
	Entry int64
	At    time.Time
}

// An Evidence is build evidence as the fold leaves it.
type Evidence struct {
	Statement   evidence.Statement
	Signer      string
	Role        string
	Fingerprint string
	Entry       int64
	At          time.Time
}

// Validate says what keeps c from being recorded.
func (c Check) Validate() error {
	for _, n := range []struct{ what, text string }{{"file", c.File}, {"release", c.Release}, {"artifact", c.Artifact}} {
		if err := checkName(n.what, n.text); err != nil {
			return err
		}
	}
	switch c.Standing {
	case deposit.IsArtifact, deposit.IsRenamed, deposit.HasOtherBytes, deposit.IsNoneOfListed:
	default:
		return fmt.Errorf("a file cannot be %q", c.Standing)
	}
	if c.SHA256.IsZero() || c.Size < 0 {
		return errors.New("check of a file without a digest")
	}
	return nil
}

// Same reports whether the file was the artifact, byte for byte.
func (c Check) Same() bool {
	return c.Standing == deposit.IsArtifact || c.Standing == deposit.IsRenamed
}

// checked folds an entry of kind EntryChecked. A withheld one says nothing.
func (s *State) checked(e journal.Entry) error {
	if e.Body == nil {
		return nil
	}
	if len(s.checks) >= MaxChecks {
		return fmt.Errorf("more than %d checked files in one journal", MaxChecks)
	}
	var c Check
	if err := decode(e.Body, &c); err != nil {
		return err
	}
	if err := c.Validate(); err != nil {
		return err
	}
	s.checks = append(s.checks, Checked{c, e.N, e.Time.UTC()})
	return nil
}

// built folds an entry of kind EntryBuilt.
func (s *State) built(e journal.Entry) error {
	if e.Body == nil {
		return nil
	}
	var b Built
	if err := decode(e.Body, &b); err != nil {
		return err
	}
	st, err := s.CheckBuilt(b)
	if err != nil {
		return err
	}
	s.evidence = append(s.evidence, Evidence{*st, b.Signer, b.Role, b.Fingerprint, e.N, e.Time.UTC()})
	return nil
}

// CheckBuilt says what keeps b from being recorded next: it is no evidence, or
// it was taken before.
func (s *State) CheckBuilt(b Built) (*evidence.Statement, error) {
	if len(s.evidence) >= MaxChecks {
		return nil, fmt.Errorf("more than %d pieces of build evidence in one journal", MaxChecks)
	}
	st, err := evidence.Parse([]byte(b.Statement))
	if err != nil {
		return nil, err
	}
	if b.Fingerprint == "" || b.Role == "" || b.Signature == "" {
		return nil, errors.New("build evidence without its signature, its key or the key's role")
	}
	for i := range s.evidence {
		if s.evidence[i].Statement == *st && s.evidence[i].Fingerprint == b.Fingerprint {
			return nil, fmt.Errorf("this build evidence was taken already (journal entry %d)", s.evidence[i].Entry)
		}
	}
	return st, nil
}

// Checks are the files that were compared with artifacts, in journal order.
func (s *State) Checks() []Checked { return append([]Checked(nil), s.checks...) }

// Evidence is the build evidence that was taken, in journal order.
func (s *State) Evidence() []Evidence { return append([]Evidence(nil), s.evidence...) }
