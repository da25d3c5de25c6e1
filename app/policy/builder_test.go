package policy

import (
	"testing"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

func TestBuilder(t *testing.T) {
	r, p := newRoom(t)
	open := func() *Policy {
		t.Helper()
		got, err := Open(store(t, p, r.operator), r.operator.PublicKey(), during)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got, stranger := open(), newKey(t)
	for role, c := range map[Role]struct {
		name string
		key  ssh.Signer
	}{Vendor: {"Vendor", r.vendor}, Reviewer: {"Ann Lee", r.reviewer}, Operator: {"Escrow desk", r.operator}} {
		if who, as, err := got.Builder(c.key.PublicKey()); err != nil || as != role || who.Name != c.name {
			t.Errorf("%s: %q as %s, %v", role, who.Name, as, err)
		}
	}
	if _, _, err := got.Builder(stranger.PublicKey()); err == nil {
		t.Error("a stranger may say what was built")
	}
	if _, _, err := p.Builder(r.reviewer.PublicKey()); err == nil {
		t.Error("a policy that nobody verified names builders")
	}
	p.Revoked = []string{seal.Fingerprint(r.reviewer.PublicKey())}
	if _, _, err := open().Builder(r.reviewer.PublicKey()); err == nil {
		t.Error("a revoked key says what was built")
	}
	p.Revoked = nil
	developer := newKey(t)
	p.Developers = []Party{{Name: "Dev", Key: keyLine(developer.PublicKey())}}
	p.AnyReviewer = true
	p.Operators = append(p.Operators, Party{Name: "Vendor's operator", Key: p.Vendors[0].Key})
	got = open()
	if who, as, err := got.Builder(developer.PublicKey()); err != nil || as != Developer || who.Name != "Dev" {
		t.Errorf("a developer in a practice room: %q as %s, %v", who.Name, as, err)
	}
	if who, as, err := got.Builder(stranger.PublicKey()); err != nil || as != Reviewer || who.Name != "" {
		t.Errorf("in a practice room: %q as %s, %v", who.Name, as, err)
	}
	if _, as, err := got.Builder(r.vendor.PublicKey()); err != nil || as != Vendor {
		t.Errorf("a vendor who operates: %s, %v", as, err)
	}
}
