package room

import (
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"vitrine/app/evidence"
	"vitrine/index/bom"
	"vitrine/index/deposit"
)

const (
	rules     = "marlin-rules-4.2.1.tar"
	installer = "marlin-install-4.2.1.sh"
)

func shippedAs(t *testing.T, v *Visit, name string) Shipped {
	t.Helper()
	for _, s := range v.Shipped() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("%s is not listed", name)
	return Shipped{}
}

// TestShipped: files from the sample's medium are compared, evidence is taken,
// and all of it is there again after a restart.
func TestShipped(t *testing.T) {
	cfg := testConfig(t)
	v, err := enterSampleAs(cfg, "")
	if err != nil {
		t.Fatal(err)
	}
	medium, err := v.Medium()
	if err != nil {
		t.Fatal(err)
	}
	meant := shippedAs(t, v, installer).Artifact
	for name, want := range map[string]string{
		rules:     "marlin-rules-4.2.1.tar is what release 4.2.1 lists (SHA-256 ",
		installer: "marlin-install-4.2.1.sh has the name of the artifact of release 4.2.1 but other bytes",
	} {
		c, err := v.CheckFile(t.Context(), meant, filepath.Join(medium, name), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(c.Sentence, want) || c.Same != (name == rules) || c.Meant != (name == installer) || c.Artifact.Name != name {
			t.Errorf("%s: %+v", name, c)
		}
	}
	ev, err := v.TakeEvidence(t.Context(), filepath.Join(medium, rules+".build.json.sig"))
	if err != nil {
		t.Fatal(err)
	}
	if !VendorsOwn(ev) || !ev.Statement.Identical || ev.Signer != "Korvane Labs" {
		t.Errorf("the vendor's evidence: %+v", ev)
	}
	n := v.Entries()
	if _, err := v.TakeEvidence(t.Context(), filepath.Join(medium, rules+".build.json")); err == nil || !strings.Contains(err.Error(), "taken already") {
		t.Errorf("taken twice: %v", err)
	}
	if v.Entries() != n {
		t.Error("what was refused is recorded")
	}
	bills, err := v.Bills(t.Context(), "4.2.1")
	if err != nil || len(bills) != 1 || bills[0].Comparison.Count(bom.None) != 1 {
		t.Errorf("bills: %+v, %v", bills, err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Bills(t.Context(), "4.2.1"); err == nil {
		t.Error("after leaving, bills are still shown")
	}

	again := enterSample(t, cfg, "")
	s := shippedAs(t, again, rules)
	if s.Checked == nil || !s.Checked.Same() || len(s.Evidence) != 1 || s.Evidence[0].Statement != ev.Statement {
		t.Errorf("after a restart: %+v", s)
	}
	if s := shippedAs(t, again, installer); s.Checked == nil || s.Checked.Standing != deposit.HasOtherBytes || len(s.Evidence) != 0 {
		t.Errorf("after a restart: %+v", s)
	}
}

// TestCheckIsRecordedOrNothing: a reading that is called off leaves no entry,
// and a file that is nothing listed is said of what was meant.
func TestCheckIsRecordedOrNothing(t *testing.T) {
	v := enterSample(t, testConfig(t), "")
	meant := shippedAs(t, v, rules).Artifact
	other := filepath.Join(t.TempDir(), "odd\u202ename\n.bin")
	if err := os.WriteFile(other, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := v.Entries()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := v.CheckFile(ctx, meant, other, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) || v.Entries() != n {
		t.Errorf("called off: %v, %d entries more", err, v.Entries()-n)
	}
	if _, err := v.CheckFile(t.Context(), meant, "/dev/zero", nil); err == nil || v.Entries() != n {
		t.Errorf("a device: %v", err)
	}
	c, err := v.CheckFile(t.Context(), meant, other, nil)
	if err != nil || c.Same || !c.Meant || c.Artifact != meant || !strings.HasPrefix(c.Sentence, "odd\ufffdname\ufffd.bin is not what any release lists") {
		t.Errorf("got %+v, %v", c, err)
	}
	if got := shippedAs(t, v, rules).Checked; got == nil || got.Standing != deposit.IsNoneOfListed {
		t.Errorf("recorded: %+v", got)
	}
}

// TestEvidenceRefused: other deposits, other bytes, no signature.
func TestEvidenceRefused(t *testing.T) {
	v := enterSample(t, testConfig(t), "")
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a builder's key for tests only..")))
	if err != nil {
		t.Fatal(err)
	}
	a := shippedAs(t, v, rules).Artifact
	made := func(change func(*evidence.Statement)) string {
		t.Helper()
		s := evidence.Statement{
			Deposit: SampleDigest(), Release: a.Release, Artifact: evidence.FileOf(a), Rebuilt: evidence.File{Name: "out.tar", SHA256: deposit.Digest{9}, Size: 9},
			By: evidence.Party{Name: "Ann Lee"}, Toolchain: "tar",
		}
		change(&s)
		data, sig, err := evidence.Sign(s, now(), key)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "e.json")
		for name, b := range map[string][]byte{path: data, path + ".sig": sig} {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	n := v.Entries()
	unsigned := made(func(*evidence.Statement) {})
	if err := os.Remove(unsigned + ".sig"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		made(func(s *evidence.Statement) { s.Deposit = deposit.Digest{1} }): "not this one",
		made(func(s *evidence.Statement) { s.Artifact.Name = "gone" }):      "does not list",
		unsigned: "signature, which lies beside it",
	} {
		if _, err := v.TakeEvidence(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if v.Entries() != n {
		t.Error("what was refused is recorded")
	}
	e, err := v.TakeEvidence(t.Context(), made(func(*evidence.Statement) {})) // in a practice room any key may
	if err != nil || e.Statement.Identical || e.Role != "reviewer" || e.Signer != "" {
		t.Errorf("got %+v, %v", e, err)
	}
}
