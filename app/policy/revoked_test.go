package policy

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// certificate is an armoured OpenPGP certificate.
func certificate(t testing.TB, name string) string {
	t.Helper()
	e, err := openpgp.NewEntity(name, "", name+"@example.org", nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := armor.Encode(&b, openpgp.PublicKeyType, nil)
	if err == nil {
		err = errors.Join(e.Serialize(w), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}

func sorted(keys ...ssh.Signer) []string {
	var list []string
	for _, k := range keys {
		list = append(list, seal.Fingerprint(k.PublicKey()))
	}
	slices.Sort(list)
	return list
}

// TestRevoked: a revoked key has no role left, whatever the policy names it for.
func TestRevoked(t *testing.T) {
	for _, practice := range []bool{false, true} {
		r, p := newRoom(t)
		guest := newKey(t)
		p.AnyReviewer = practice
		p.OpenPGP = []string{certificate(t, "ann"), certificate(t, "bob")}
		p.Revoked = sorted(r.vendor, r.reviewer, guest)
		got, err := Open(store(t, p, r.operator), r.operator.PublicKey(), during)
		if err != nil {
			t.Fatal(err)
		}
		for who, key := range map[string]ssh.Signer{"reviewer": r.reviewer, "guest": guest} {
			if _, err := got.Reviewer(key.PublicKey()); err == nil || !strings.Contains(err.Error(), "is revoked by the policy") {
				t.Errorf("%s: %v", who, err)
			}
		}
		if _, err := got.ReviewSigners().Find(r.reviewer.PublicKey(), NamespaceReview, during); !errors.Is(err, seal.ErrRevoked) {
			t.Errorf("review signer: %v", err)
		}
		trust := got.DepositTrust(during)
		if !trust.Revoked.Has(r.vendor.PublicKey()) || trust.Revoked.Has(r.operator.PublicKey()) {
			t.Error("the trust in deposits does not know who is revoked")
		}
		if names := trust.Keyring.Names(); len(names) != 2 || !strings.HasPrefix(names[0], "ann <ann@example.org>") {
			t.Errorf("keyring: %q", names)
		}
		if who, err := trust.Signers.Find(r.vendor.PublicKey(), "git", during); err != nil || who != "Vendor" {
			t.Errorf("a vendor's key does not sign commits: %q, %v", who, err)
		}
	}
}

func TestRevokedRefused(t *testing.T) {
	r, p := newRoom(t)
	two := sorted(r.vendor, r.reviewer)
	ann := certificate(t, "ann")
	for name, c := range map[string]struct {
		change func(*Policy)
		want   string
	}{
		"twice":           {func(p *Policy) { p.Revoked = []string{two[0], two[0]} }, "twice or out of order"},
		"out of order":    {func(p *Policy) { p.Revoked = []string{two[1], two[0]} }, "twice or out of order"},
		"no fingerprint":  {func(p *Policy) { p.Revoked = []string{"MD5:aa"} }, "not a key's fingerprint"},
		"a key":           {func(p *Policy) { p.Revoked = []string{p.Vendors[0].Key} }, "not a key's fingerprint"},
		"too many":        {func(p *Policy) { p.Revoked = make([]string, maxRevoked+1) }, "at most 1000"},
		"no certificate":  {func(p *Policy) { p.OpenPGP = []string{"ann"} }, "not OpenPGP"},
		"two blocks":      {func(p *Policy) { p.OpenPGP = []string{ann + ann} }, "one armoured block"},
		"text around":     {func(p *Policy) { p.OpenPGP = []string{"ann\n" + ann} }, "one armoured block"},
		"private":         {func(p *Policy) { p.OpenPGP = []string{"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"} }, "private key"},
		"too many blocks": {func(p *Policy) { p.OpenPGP = make([]string, maxCertificates+1) }, "at most 100"},
	} {
		q := *p
		c.change(&q)
		if _, _, err := Sign(&q, r.operator); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

// TestDevelopers: they sign commits and no deposits, and do not judge their own
// source.
func TestDevelopers(t *testing.T) {
	for _, vendors := range []bool{true, false} {
		r, p := newRoom(t)
		dev := newKey(t)
		p.AnyReviewer = true
		p.Developers = []Party{{Name: "Jo", Key: keyLine(dev.PublicKey())}}
		if !vendors {
			p.Vendors = nil
		}
		got, err := Open(store(t, p, r.operator), r.operator.PublicKey(), during)
		if err != nil {
			t.Fatal(err)
		}
		trust := got.DepositTrust(during)
		if who, err := trust.Signers.Find(dev.PublicKey(), "git", during); err != nil || who != "Jo" {
			t.Errorf("commits: %q, %v", who, err)
		}
		if _, err := trust.Signers.Find(dev.PublicKey(), NamespaceDeposit, during); err == nil {
			t.Error("a developer may sign deposits")
		}
		if (len(trust.Pinned) == 0) != vendors {
			t.Errorf("pinned: %v", trust.Pinned)
		}
		if _, err := got.Reviewer(dev.PublicKey()); err == nil || !strings.Contains(err.Error(), "is a developer's (Jo)") {
			t.Errorf("as reviewer: %v", err)
		}
		p.Reviewers = []Party{{Name: "Jo", Key: keyLine(dev.PublicKey())}}
		if _, _, err := Sign(p, r.operator); err == nil || !strings.Contains(err.Error(), "named as developer already") {
			t.Errorf("named twice: %v", err)
		}
	}
}
