package main

import (
	"fmt"
	"io"

	"vitrine/index/deposit"
)

// printSignatures tells of the vendor's own signatures: a line for each
// release, and one that counts the commits.
func printSignatures(out io.Writer, a *deposit.Admission) {
	for _, r := range a.Releases {
		fmt.Fprintf(out, "release   %-20s tag: %s  commit: %s\n", visible(r.Name), signatureText(r.Tag), signatureText(r.CommitSignature))
	}
	c := a.Commits
	fmt.Fprintf(out, "commits   %d valid, %d unknown key, %d bad, %d none\n", c.Valid, c.Unknown, c.Bad, c.None)
}

// signatureText is like "valid (Ann <ann@example.org>, openpgp)".
func signatureText(s deposit.Signature) string {
	if s.Kind == "" {
		return s.State
	}
	text := s.Kind
	if s.Signer != "" {
		text = s.Signer + ", " + text
	}
	if s.Why != "" {
		text += ": " + s.Why
	}
	return fmt.Sprintf("%s (%s)", s.State, line(text))
}
