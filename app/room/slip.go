package room

import (
	"fmt"
	"path/filepath"
	"strings"
)

// A slip is the paper that leaves with a bundle: which deposit was judged by
// whom, the bundle's digest and the journal's head, by which a record that was
// shortened or rewritten later is found out. It is plain text, to be printed, and
// holds nothing that is not in the bundle or its receipt.
func (v *Visit) slip(r *Receipt) string {
	var b strings.Builder
	row := func(caption, value string) {
		fmt.Fprintf(&b, "%-14s%s\n", caption, value)
	}
	b.WriteString("VITRINE  SLIP OF A REVIEW\n\n")
	row("Deposit", v.cert.Title)
	row("Vendor", v.cert.Vendor)
	row("Manifest", r.Deposit)
	row("Policy", v.cert.PolicyTitle)
	row("Reviewer", v.reviewer.Name)
	row("Key", r.Fingerprint)
	row("Entered", v.entered.Format("2006-01-02 15:04 UTC"))
	row("Signed", now().Format("2006-01-02 15:04 UTC"))
	row("Bundle", filepath.Base(r.Path))
	row("SHA-256", r.SHA256)
	row("Journal head", fmt.Sprintf("entry %d", r.Head.N))
	row("", r.Head.Hash)
	b.WriteString("\nAnybody verifies the bundle with stock tools, beside a file allowed_signers that\nholds the reviewer's public key, had from elsewhere:\n\n")
	for _, c := range r.Commands {
		b.WriteString("  " + c + "\n")
	}
	b.WriteString("\nSignature, reviewer: ______________________  room: ______________________\n")
	return b.String()
}

// slipPath is where the slip of a bundle lies.
func slipPath(bundle string) string { return strings.TrimSuffix(bundle, ".zip") + ".slip.txt" }
