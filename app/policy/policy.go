package policy

import (
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

const (
	Format    = "vitrine-policy"
	Version   = 1
	Namespace = "policy@vitrine"

	// NamespaceDeposit and NamespaceReview are what vendors' and reviewers'
	// keys are trusted for.
	NamespaceDeposit = "deposit@vitrine"
	NamespaceReview  = "review@vitrine"
	// A developer's key may sign tags and commits, and a vendor's too.
	namespaceGit = deposit.NamespaceGit
)

const (
	// MaxPolicy bounds the file in bytes: the most parties with the longest
	// usual keys, RSA with 4096 bits, take a third of it.
	MaxPolicy = 1 << 20
	// maxParties bounds each role, and maxDeposits the deposits: a visit has a
	// handful, and a person must be able to read what was signed.
	maxParties  = 200
	maxDeposits = 1000
	// maxRevoked bounds the revoked keys, and maxCertificates the blocks of
	// OpenPGP certificates; a block may hold several.
	maxRevoked      = 1000
	maxCertificates = 100
	// maxName bounds title, names and organisations in bytes: a line.
	maxName = 200
)

// stamp is the one form of a time: RFC 3339, UTC, seconds.
const stamp = "2006-01-02T15:04:05Z"

// A Party is somebody with a key.
type Party struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	Key          string `json:"key"` // "ssh-ed25519 AAAA…", without a comment
}

// A Policy is the rules of a visit.
type Policy struct {
	Format      string           `json:"format"`
	Version     int              `json:"version"`
	Title       string           `json:"title"`
	Vendors     []Party          `json:"vendors"`
	Reviewers   []Party          `json:"reviewers"`
	Operators   []Party          `json:"operators"`
	AnyReviewer bool             `json:"anyReviewer"`
	Deposits    []deposit.Digest `json:"deposits"`
	Developers  []Party          `json:"developers"`
	NotBefore   string           `json:"notBefore"` // RFC 3339, UTC, seconds
	NotAfter    string           `json:"notAfter"`
	// Limits are what a deposit may ask of the machine; 0 is the program's own
	// limit.
	Limits  deposit.Limits `json:"limits"`
	OpenPGP []string       `json:"openpgp"` // armoured certificates of those who sign tags and commits
	Revoked []string       `json:"revoked"` // fingerprints, "SHA256:…", sorted

	// Open and OpenPinned alone set these.
	verified bool
	revoked  *seal.Revoked
	keyring  *seal.Keyring
}

// A Role is what a key is named for.
type Role string

const (
	Vendor    Role = "vendor"
	Developer Role = "developer"
	Reviewer  Role = "reviewer"
	Operator  Role = "operator"
)

// Period is when the policy holds, both ends included; zero times when the
// policy has none that can be read.
func (p *Policy) Period() (notBefore, notAfter time.Time) {
	from, err := time.Parse(stamp, p.NotBefore)
	to, err2 := time.Parse(stamp, p.NotAfter)
	if err != nil || err2 != nil {
		return time.Time{}, time.Time{}
	}
	return from, to
}

// PermitsDeposit reports whether the deposit whose manifest has digest d may be
// opened. That it is signed as DepositTrust asks is for deposit to see.
func (p *Policy) PermitsDeposit(d deposit.Digest) error {
	if err := p.inForce(); err != nil {
		return err
	}
	for _, have := range p.Deposits {
		if have == d && !d.IsZero() {
			return nil
		}
	}
	return fmt.Errorf("the policy %q does not name the deposit %s", p.Title, d)
}

// DepositTrust is whose deposits are accepted at the time at: those that a
// vendor's key signed or, in a policy without vendors, those whose digests the
// operator signed. Which of them may be opened, PermitsDeposit says. It is also
// with whose keys the vendor's tags and commits are said to be signed.
func (p *Policy) DepositTrust(at time.Time) deposit.Trust {
	if p.inForce() != nil {
		return deposit.Trust{At: at}
	}
	t := deposit.Trust{At: at, Revoked: p.revoked, Keyring: p.keyring}
	if len(p.Vendors) == 0 {
		t.Pinned = append([]deposit.Digest(nil), p.Deposits...)
	}
	if len(p.Vendors)+len(p.Developers) > 0 {
		t.Signers = listOf(lines(p.Vendors, NamespaceDeposit, namespaceGit) + lines(p.Developers, namespaceGit))
	}
	return t
}

// Reviewer returns whom the policy names with this key as a reviewer. In a
// practice room a key that has no other role is a reviewer without a name.
func (p *Policy) Reviewer(key ssh.PublicKey) (Party, error) {
	if err := p.inForce(); err != nil {
		return Party{}, err
	}
	if key == nil {
		return Party{}, errors.New("no key given")
	}
	if p.revoked.Has(key) {
		return Party{}, fmt.Errorf("key %s is revoked by the policy %q", seal.Fingerprint(key), p.Title)
	}
	line := keyLine(key)
	for _, r := range p.Reviewers {
		if r.Key == line {
			return r, nil
		}
	}
	for role, parties := range map[Role][]Party{Vendor: p.Vendors, Developer: p.Developers, Operator: p.Operators} {
		for _, other := range parties {
			if other.Key == line {
				return Party{}, fmt.Errorf("key %s is a %s's (%s), it cannot sign as reviewer", seal.Fingerprint(key), role, other.Name)
			}
		}
	}
	if p.AnyReviewer {
		return Party{Key: line}, nil
	}
	return Party{}, fmt.Errorf("the policy %q names no reviewer with key %s", p.Title, seal.Fingerprint(key))
}

// ReviewSigners are the named reviewers' keys, for what leaves the room.
func (p *Policy) ReviewSigners() *seal.Signers {
	if p.inForce() != nil {
		return new(seal.Signers)
	}
	return listOf(lines(p.Reviewers, NamespaceReview)).Revoke(p.revoked)
}

func (p *Policy) inForce() error {
	if p == nil || !p.verified {
		return errors.New("no policy is in force: none has been verified")
	}
	return nil
}

// lines lists the keys of checked parties, as allowed_signers has them.
func lines(parties []Party, namespaces ...string) string {
	text := ""
	for _, q := range parties {
		if key, _, err := seal.ParseKey(q.Key); err == nil { // check has seen to it; if not, nobody
			text += seal.Line(q.Name, key, namespaces...)
		}
	}
	return text
}

func listOf(lines string) *seal.Signers {
	list, err := seal.ParseSigners([]byte(lines))
	if err != nil {
		return new(seal.Signers)
	}
	return list
}

// check holds a policy to its format.
func (p *Policy) check() error {
	if p.Format != Format || p.Version != Version {
		return fmt.Errorf("format %q version %d, want %q version %d", p.Format, p.Version, Format, Version)
	}
	if err := checkText("title", p.Title, true); err != nil {
		return err
	}
	owner := map[string]Role{}
	for _, g := range []struct {
		role    Role
		parties []Party
	}{{Vendor, p.Vendors}, {Developer, p.Developers}, {Operator, p.Operators}, {Reviewer, p.Reviewers}} {
		if g.parties == nil {
			return fmt.Errorf("no list of %ss", g.role)
		}
		if err := checkRole(g.role, g.parties, owner); err != nil {
			return err
		}
	}
	return errors.Join(p.checkDeposits(), p.checkPeriod(), p.checkRevoked(), p.checkCertificates(), p.Limits.Check())
}

func checkRole(role Role, parties []Party, owner map[string]Role) error {
	if len(parties) > maxParties {
		return fmt.Errorf("%d %ss, at most %d are taken", len(parties), role, maxParties)
	}
	names := map[string]bool{}
	for i, q := range parties {
		what := fmt.Sprintf("%s %d", role, i+1)
		if err := errors.Join(checkText(what+": name", q.Name, true), checkText(what+": organisation", q.Organisation, false)); err != nil {
			return err
		}
		if names[q.Name] {
			return fmt.Errorf("two %ss named %q", role, q.Name)
		}
		names[q.Name] = true
		key, _, err := seal.ParseKey(q.Key)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", what, q.Name, err)
		}
		if keyLine(key) != q.Key {
			return fmt.Errorf("%s, %s: give the key as type and base64 only, without a comment", what, q.Name)
		}
		other, taken := owner[q.Key]
		if taken && (other == role || role == Reviewer) {
			return fmt.Errorf("%s, %s: key %s is named as %s already", what, q.Name, seal.Fingerprint(key), other)
		}
		owner[q.Key] = role
	}
	return nil
}

func (p *Policy) checkDeposits() error {
	if p.Deposits == nil || len(p.Deposits) > maxDeposits {
		return fmt.Errorf("%d deposits named, want a list of at most %d", len(p.Deposits), maxDeposits)
	}
	seen := map[deposit.Digest]bool{}
	for _, d := range p.Deposits {
		if d.IsZero() || seen[d] {
			return fmt.Errorf("deposit %s is named twice or is no digest", d)
		}
		seen[d] = true
	}
	return nil
}

func (p *Policy) checkPeriod() error {
	for _, s := range []string{p.NotBefore, p.NotAfter} {
		if at, err := time.Parse(stamp, s); err != nil || at.Format(stamp) != s {
			return fmt.Errorf("time %q, want UTC as in 2026-05-11T08:00:00Z", s)
		}
	}
	if from, to := p.Period(); !from.Before(to) {
		return fmt.Errorf("the period ends (%s) before it begins (%s)", p.NotAfter, p.NotBefore)
	}
	return nil
}

func (p *Policy) checkRevoked() error {
	if p.Revoked == nil || len(p.Revoked) > maxRevoked {
		return fmt.Errorf("%d revoked keys, want a list of at most %d", len(p.Revoked), maxRevoked)
	}
	if _, err := seal.RevokedKeys(p.Revoked); err != nil {
		return fmt.Errorf("revoked keys: %w", err)
	}
	for i, f := range p.Revoked {
		if i > 0 && p.Revoked[i-1] >= f {
			return fmt.Errorf("revoked key %s stands twice or out of order", f)
		}
	}
	return nil
}

func (p *Policy) checkCertificates() error {
	if p.OpenPGP == nil || len(p.OpenPGP) > maxCertificates {
		return fmt.Errorf("%d blocks of OpenPGP certificates, want a list of at most %d", len(p.OpenPGP), maxCertificates)
	}
	for i, block := range p.OpenPGP {
		k, err := seal.ParseKeyring([]byte(block))
		if err != nil {
			return fmt.Errorf("OpenPGP certificates %d: %w", i+1, err)
		}
		if blocks := k.Armored(); len(blocks) != 1 || blocks[0] != block {
			return fmt.Errorf("OpenPGP certificates %d: want one armoured block and nothing around it", i+1)
		}
	}
	return nil
}

// checkText admits one line that a screen shows as it is.
func checkText(what, s string, needed bool) error {
	if needed && s == "" {
		return fmt.Errorf("%s is empty", what)
	}
	if len(s) > maxName || !utf8.ValidString(s) {
		return fmt.Errorf("%s: want at most %d bytes of UTF-8", what, maxName)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) { // control and bidi characters, line ends
			return fmt.Errorf("%s %q: the character %U cannot stand there", what, s, r)
		}
	}
	return nil
}
