package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// Sign fills in format and version, checks the policy and returns its file and
// the signature of it by signer, the operator. p itself is not changed.
func Sign(p *Policy, signer ssh.Signer) (file, sig []byte, err error) {
	q := *p
	q.Format, q.Version = Format, Version
	q.Vendors, q.Reviewers, q.Operators = listed(q.Vendors), listed(q.Reviewers), listed(q.Operators)
	q.Developers = listed(q.Developers)
	q.Deposits, q.OpenPGP, q.Revoked = listed(q.Deposits), listed(q.OpenPGP), listed(q.Revoked)
	if err := q.check(); err != nil {
		return nil, nil, fmt.Errorf("policy not signed: %w", err)
	}
	if file, err = seal.Canonical(&q); err != nil {
		return nil, nil, fmt.Errorf("policy not signed: %w", err)
	}
	if len(file) > MaxPolicy {
		return nil, nil, fmt.Errorf("policy not signed: it has %d bytes, at most %d are read", len(file), MaxPolicy)
	}
	if sig, err = seal.Sign(bytes.NewReader(file), signer, Namespace); err != nil {
		return nil, nil, fmt.Errorf("policy not signed: %w", err)
	}
	return file, sig, nil
}

// listed is the list itself, and an empty one for nil: the file has [].
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Open reads the policy in file and its signature in file.sig, and returns it
// if the operator's key signed it and it holds at the time at.
func Open(file string, operator ssh.PublicKey, at time.Time) (*Policy, error) {
	if operator == nil {
		return nil, errors.New("no operator's key is set up on this workstation, so that no policy can be verified")
	}
	data, err := seal.ReadFile(file, MaxPolicy)
	if err != nil {
		return nil, fmt.Errorf("cannot read policy: %w", err)
	}
	sig, err := seal.ReadFile(file+".sig", seal.MaxSignature)
	if err != nil {
		return nil, fmt.Errorf("cannot read the policy's signature: %w", err)
	}
	s, err := seal.ParseSignature(sig)
	if err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", file, err)
	}
	if !seal.Same(s.Key, operator) {
		return nil, fmt.Errorf("policy %s refused: signed with key %s, the operator of this workstation has %s", file, seal.Fingerprint(s.Key), seal.Fingerprint(operator))
	}
	if err := s.Verify(bytes.NewReader(data), Namespace); err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", file, err)
	}
	return enforce(file, data, at)
}

// OpenPinned is Open for a policy that ships with the program: what makes it
// trusted is its digest pin, compiled in, and the signature must fit it.
func OpenPinned(file, sig []byte, pin deposit.Digest, at time.Time) (*Policy, error) {
	const name = "built in"
	if pin.IsZero() || sha256.Sum256(file) != pin {
		return nil, fmt.Errorf("policy %s refused: it is not the one with digest %s", name, pin)
	}
	s, err := seal.ParseSignature(sig)
	if err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", name, err)
	}
	if err := s.Verify(bytes.NewReader(file), Namespace); err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", name, err)
	}
	return enforce(name, file, at)
}

// enforce parses a verified policy and puts it in force if at is in its period.
func enforce(name string, data []byte, at time.Time) (*Policy, error) {
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", name, err)
	}
	switch from, to := p.Period(); {
	case at.Before(from):
		return nil, fmt.Errorf("policy %s does not hold yet: it begins %s, and it is %s", name, p.NotBefore, at.UTC().Format(stamp))
	case at.After(to):
		return nil, fmt.Errorf("policy %s holds no more: it ended %s, and it is %s", name, p.NotAfter, at.UTC().Format(stamp))
	}
	if p.revoked, err = seal.RevokedKeys(p.Revoked); err != nil {
		return nil, fmt.Errorf("policy %s refused: %w", name, err)
	}
	if len(p.OpenPGP) > 0 {
		if p.keyring, err = seal.ParseKeyring([]byte(strings.Join(p.OpenPGP, ""))); err != nil {
			return nil, fmt.Errorf("policy %s refused: %w", name, err)
		}
	}
	p.verified = true
	return p, nil
}

// Parse reads a policy's file WITHOUT its signature, to show what it says. The
// result permits nothing.
func Parse(file []byte) (*Policy, error) {
	if len(file) > MaxPolicy {
		return nil, fmt.Errorf("policy of %d bytes, at most %d are read", len(file), MaxPolicy)
	}
	// A later version may have other members; it is to be refused by name, not
	// for them.
	var v struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(file, &v); err != nil {
		return nil, fmt.Errorf("not a policy: %w", err)
	}
	if v.Format != Format {
		return nil, fmt.Errorf("not a policy: its format is %q, not %q", v.Format, Format)
	}
	if v.Version != Version {
		return nil, fmt.Errorf("policy of version %d, this program reads version %d: use the program it was made for", v.Version, Version)
	}
	p := new(Policy)
	if err := seal.Decode(file, MaxPolicy, p); err != nil {
		return nil, fmt.Errorf("policy damaged: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("policy damaged: %w", err)
	}
	return p, nil
}

// keyLine is the one form of a key in a policy.
func keyLine(key ssh.PublicKey) string {
	return strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(key)), "\n")
}
