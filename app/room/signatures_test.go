package room

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/crypto/ssh"

	"vitrine/app/policy"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// TestVendorsSignaturesTold: the policy's certificates and keys reach the
// admission child, and what it found reaches the certificate.
func TestVendorsSignaturesTold(t *testing.T) {
	cfg := testConfig(t)
	repo := t.TempDir()
	run := func(stdin string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stdin = repo, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org",
			"GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	vendor, _ := practiceKey(t)
	jo, joFile := practiceKey(t)
	operator, _ := practiceKey(t)
	run("", "init", "-q", "-b", "main")
	if err := os.WriteFile(filepath.Join(repo, "a.c"), []byte("int a;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run("", "add", ".")
	run("", "commit", "-qm", "one")
	run("", "tag", "-a", "-m", "one", "v1")
	ann, err := openpgp.NewEntity("Ann", "", "ann@example.org", nil)
	if err != nil {
		t.Fatal(err)
	}
	payload := run("", "cat-file", "tag", "v1") + "\n"
	var sig bytes.Buffer
	if err := openpgp.ArmoredDetachSign(&sig, ann, strings.NewReader(payload), nil); err != nil {
		t.Fatal(err)
	}
	run("", "update-ref", "refs/tags/v1", run(payload+sig.String()+"\n", "hash-object", "-t", "tag", "-w", "--stdin"))
	run("", "-c", "gpg.format=ssh", "-c", "user.signingkey="+joFile, "commit", "-q", "--allow-empty", "-S", "-m", "two")
	run("", "tag", "v2")
	run("", "commit", "-q", "--allow-empty", "-m", "three")
	run("", "tag", "v3")
	dir := filepath.Join(t.TempDir(), "deposit")
	if _, err := deposit.Seal(t.Context(), deposit.SealOptions{
		Inputs: []deposit.Input{{Repo: repo, Releases: []string{"v1", "v2", "v3"}}}, Title: "Engine", Vendor: "Korvane",
		Sealed: time.Now(), Signer: vendor, Out: dir,
	}, func(deposit.Step) {}); err != nil {
		t.Fatal(err)
	}
	_, digest, err := deposit.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	wrong := "" // the step of the last admission that told of a problem
	admit := func(change func(*policy.Policy)) (*Admission, error) {
		t.Helper()
		p := &policy.Policy{
			Title: "Visit", AnyReviewer: true, Deposits: []deposit.Digest{digest},
			Vendors:    []policy.Party{{Name: "Korvane", Key: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(vendor.PublicKey())))}},
			Developers: []policy.Party{{Name: "Jo Reed", Key: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(jo.PublicKey())))}},
			NotBefore:  "2024-01-01T00:00:00Z", NotAfter: "2099-12-31T00:00:00Z",
			OpenPGP: []string{certificateOf(t, ann)},
		}
		change(p)
		file, sig, err := policy.Sign(p, operator)
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		path, key := filepath.Join(folder, "policy.json"), filepath.Join(folder, "operator.pub")
		for name, data := range map[string][]byte{path: file, path + ".sig": sig, key: ssh.MarshalAuthorizedKey(operator.PublicKey())} {
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cfg := cfg
		cfg.Operator = key
		wrong = ""
		return Admit(t.Context(), cfg, Request{Policy: path, Deposit: dir}, func(s Step) {
			if s.Problems > 0 {
				wrong = s.Title
			}
		})
	}
	a, err := admit(func(*policy.Policy) {})
	if err != nil {
		t.Fatal(err)
	}
	c := a.Certificate()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	for i, want := range [][2]string{
		{"tag signed by Ann <ann@example.org>", "tag: Ann"},
		{"commit signed by Jo Reed", "commit: Jo Reed"},
		{"unsigned tag", "none"},
	} {
		if r := c.Releases[i]; r.Signature != want[0] || r.Signed != want[1] {
			t.Errorf("%s: %q, %q, want %q", r.Name, r.Signature, r.Signed, want)
		}
	}
	if want := "3 commits: 1 signed and valid, 2 unsigned"; c.Commits != want {
		t.Errorf("%q, want %q", c.Commits, want)
	}
	if _, err := admit(func(p *policy.Policy) { p.Deposits = []deposit.Digest{{1}} }); err == nil || wrong != Steps()[0] {
		t.Errorf("a deposit that the policy does not name: %v, at the step %q", err, wrong)
	}
	if _, err := admit(func(p *policy.Policy) { p.Revoked = []string{seal.Fingerprint(vendor.PublicKey())} }); err == nil || !strings.Contains(err.Error(), "which is revoked") {
		t.Errorf("a revoked vendor: %v", err)
	}
	a, err = admit(func(p *policy.Policy) {
		p.Vendors, p.Revoked = nil, []string{seal.Fingerprint(vendor.PublicKey()), seal.Fingerprint(jo.PublicKey())}
		slices.Sort(p.Revoked)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	c = a.Certificate()
	said := false
	for _, w := range c.Warnings {
		said = said || strings.Contains(w.Fact+w.Detail, "which is revoked; it is accepted because its digest is pinned")
	}
	if !said || c.Releases[1].Signed != "bad: commit" {
		t.Errorf("%+v, %+v", c.Warnings, c.Releases[1])
	}
}

func practiceKey(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s, path
}

func certificateOf(t *testing.T, e *openpgp.Entity) string {
	t.Helper()
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

func TestSignatureWords(t *testing.T) {
	valid := deposit.Signature{State: deposit.SignatureValid, Kind: "ssh", Signer: "ann"}
	unknown := deposit.Signature{State: deposit.SignatureUnknown, Kind: "ssh", Signer: "SHA256:x"}
	bad := deposit.Signature{State: deposit.SignatureBad, Kind: "openpgp", Why: "it is damaged"}
	none := deposit.Signature{State: deposit.SignatureNone}
	for _, c := range []struct {
		tag, commit    deposit.Signature
		sentence, word string
	}{
		{valid, none, "tag signed by ann", "tag: ann"},
		{valid, bad, "commit with a bad signature: it is damaged", "bad: commit"},
		{bad, valid, "tag with a bad signature: it is damaged", "bad: tag"},
		{none, valid, "commit signed by ann", "commit: ann"},
		{unknown, none, "tag signed by an unknown key SHA256:x", "tag: unknown key"},
		{none, unknown, "unsigned tag, commit signed by an unknown key SHA256:x", "commit: unknown key"},
		{none, none, "unsigned tag", "none"},
		{deposit.Signature{}, deposit.Signature{}, "unsigned tag", "none"},
	} {
		if s, w := signatureWords(c.tag, c.commit); s != c.sentence || w != c.word {
			t.Errorf("%v, %v: %q, %q", c.tag, c.commit, s, w)
		}
	}
}
