package room

import (
	"errors"
	"fmt"
	"strings"

	"vitrine/index/deposit"
)

// A Refusal is a deposit that was not admitted, for a person to read and to
// pass on.
type Refusal struct {
	Sentence string   // what is wrong, in one sentence
	Advice   string   // what to do about it here
	Problems []string // a sentence each, as far as they are listed
	More     int      // problems that are not listed
	Digest   string   // of the manifest, "" when it could not be read
	Checked  string   // how far the checks came, "" when not far
	Letter   string   // what to tell the vendor; "" when there is nothing to tell
}

// advice is what helps, by cause.
var advice = map[deposit.Cause]string{
	deposit.CauseUntrusted: "Ask the room's operator whether the policy should name this key. If nobody knows it, the deposit is not the vendor's.",
	deposit.CauseRevoked:   "A signature by a revoked key proves nothing. Ask the vendor for a deposit that is signed with a key in force.",
	deposit.CauseCopy:      "These are not the files that the vendor signed: the copy or the medium is damaged, or somebody changed it. Ask for another copy.",
	deposit.CauseContent:   "The vendor signed it like this, so another copy will not help: the vendor has to seal it again.",
	deposit.CauseLimit:     "If the deposit is meant to be so large, ask the room's operator whether the policy can raise this limit.",
	deposit.CauseReading:   "Look whether the medium is still in its drive and can be read, then try again.",
}

// RefusalOf explains the error of Admit; ok is false when it is no judgement of
// the deposit.
func RefusalOf(err error) (r Refusal, ok bool) {
	var d *deposit.Refusal
	if !errors.As(err, &d) {
		return Refusal{}, false
	}
	r = Refusal{Sentence: d.Error(), Advice: advice[d.Cause], More: d.More}
	for _, p := range d.Problems {
		r.Problems = append(r.Problems, p.String())
	}
	if !d.Digest.IsZero() {
		r.Digest = d.Digest.String()
	}
	if n := d.Counts.Objects(); n > 0 {
		r.Checked = fmt.Sprintf("%s objects, %s", grouped(n), megabytes(d.Counts.Inflated))
	}
	if d.Cause != deposit.CauseReading && d.Cause != deposit.CauseUntrusted {
		r.Letter = letter(d, r)
	}
	return r, true
}

// letter is what the vendor needs to know to mend a deposit.
func letter(d *deposit.Refusal, r Refusal) string {
	var b strings.Builder
	b.WriteString("Your deposit was refused")
	if d.Title != "" {
		fmt.Fprintf(&b, ": %s, %s", d.Title, d.Vendor)
	}
	b.WriteString(".\n")
	if r.Digest != "" {
		fmt.Fprintf(&b, "Manifest (SHA-256): %s\n", r.Digest)
	}
	if d.Fingerprint != "" {
		fmt.Fprintf(&b, "Signed with: %s\n", d.Fingerprint)
	}
	fmt.Fprintf(&b, "Checked with: %s\n\n", Version)
	for i, p := range r.Problems {
		fmt.Fprintf(&b, "%d. %s\n", i+1, p)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "… and %s more.\n", grouped(int64(r.More)))
	}
	switch d.Cause {
	case deposit.CauseCopy:
		b.WriteString("\nPlease hand over another copy of the same deposit; its manifest must have the digest above.\n")
	case deposit.CauseLimit:
		b.WriteString("\nPlease say whether the deposit is meant to be so large.\n")
	default:
		b.WriteString("\nPlease mend this and seal the deposit again; `vitrinectl deposit verify` lists the same before it leaves you.\n")
	}
	return b.String()
}
