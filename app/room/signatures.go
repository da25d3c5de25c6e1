package room

import (
	"strings"

	"vitrine/index/deposit"
)

// signatureWords tells first what is worst, and else what says most: a tag's
// signature speaks of the release, a commit's of one of its steps.
func signatureWords(tag, commit deposit.Signature) (sentence, short string) {
	for _, s := range []struct {
		what string
		deposit.Signature
	}{{"tag", tag}, {"commit", commit}} {
		if s.State == deposit.SignatureBad {
			return s.what + " with a bad signature: " + s.Why, "bad: " + s.what
		}
	}
	for _, s := range []struct {
		what string
		deposit.Signature
	}{{"tag", tag}, {"commit", commit}} {
		if s.State == deposit.SignatureValid {
			return s.what + " signed by " + s.Signer, s.what + ": " + shortSigner(s.Signer)
		}
	}
	switch {
	case tag.State == deposit.SignatureUnknown:
		return strings.TrimSpace("tag signed by an unknown key " + tag.Signer), "tag: unknown key"
	case commit.State == deposit.SignatureUnknown:
		return strings.TrimSpace("unsigned tag, commit signed by an unknown key " + commit.Signer), "commit: unknown key"
	}
	return "unsigned tag", "none"
}

// shortSigner is an OpenPGP user id without its address.
func shortSigner(signer string) string {
	if name, _, ok := strings.Cut(signer, " <"); ok && name != "" {
		return name
	}
	return signer
}
