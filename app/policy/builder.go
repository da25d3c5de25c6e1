package policy

import (
	"errors"
	"fmt"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// Builder returns whom the policy names with this key, and as what: anybody it
// names may say what came out of a build. A vendor's word is the vendor's, which
// is why the role comes with it. In a practice room a key that has no role is a
// reviewer without a name.
func (p *Policy) Builder(key ssh.PublicKey) (Party, Role, error) {
	if err := p.inForce(); err != nil {
		return Party{}, "", err
	}
	if key == nil {
		return Party{}, "", errors.New("no key given")
	}
	if p.revoked.Has(key) {
		return Party{}, "", fmt.Errorf("key %s is revoked by the policy %q", seal.Fingerprint(key), p.Title)
	}
	line := keyLine(key)
	for _, g := range []struct {
		role    Role
		parties []Party
	}{{Reviewer, p.Reviewers}, {Vendor, p.Vendors}, {Developer, p.Developers}, {Operator, p.Operators}} { // a vendor who operates stays the vendor
		for _, q := range g.parties {
			if q.Key == line {
				return q, g.role, nil
			}
		}
	}
	if p.AnyReviewer {
		return Party{Key: line}, Reviewer, nil
	}
	return Party{}, "", fmt.Errorf("the policy %q names nobody with key %s", p.Title, seal.Fingerprint(key))
}
