package deposit

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// signerOf makes a signer of a name's own seed.
func signerOf(t testing.TB, name string) ssh.Signer {
	t.Helper()
	seed := digestOf([]byte(name))
	s, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gitTrust trusts vendorKey for deposits, and these lines.
func gitTrust(t testing.TB, lines ...string) Trust {
	t.Helper()
	s, err := seal.ParseSigners([]byte(seal.Line("vendor@example.org", vendorKey(t).PublicKey(), Namespace) + strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	return Trust{Signers: s, At: sealedAt}
}

const committed = 1700000000 // 14 November 2023

// unsignedCommit is a commit of an empty tree.
func unsignedCommit(message string) string {
	return fmt.Sprintf("tree %s\nauthor A <a@example.org> %d +0000\ncommitter C <c@example.org> %d +0000\n\n%s\n",
		idOf(kindTree, nil), committed, committed, message)
}

func unsignedTag(name, message string) string {
	return fmt.Sprintf("object %s\ntype commit\ntag %s\ntagger C <c@example.org> %d +0000\n\n%s\n",
		idOf(kindCommit, []byte(unsignedCommit("m"))), name, committed, message)
}

func sshSigned(t testing.TB, s ssh.Signer, namespace, payload string) string {
	t.Helper()
	armored, err := seal.Sign(strings.NewReader(payload), s, namespace)
	if err != nil {
		t.Fatal(err)
	}
	return string(armored)
}

// withHeader puts an armoured signature into a commit's header as git does.
func withHeader(commit, key, armored string) string {
	head, message, _ := strings.Cut(commit, "\n\n")
	folded := strings.ReplaceAll(strings.TrimSuffix(armored, "\n"), "\n", "\n ")
	return head + "\n" + key + " " + folded + "\n\n" + message
}

// stockState is what git finds of a commit: its letter, and ours.
func stockState(t testing.TB, repo, commit, signers string) (letter string, ours Signature) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "object")
	if err := os.WriteFile(file, []byte(commit), 0o600); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "signers")
	if err := os.WriteFile(list, []byte(signers), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(git(t, repo, "hash-object", "-t", "commit", "-w", "--literally", file))
	cmd := exec.Command("git", "-c", "gpg.ssh.allowedSignersFile="+list, "show", "-s", "--format=%G?", id)
	cmd.Dir = repo
	out, err := cmd.Output()
	letter = strings.TrimSpace(string(out))
	var died *exec.ExitError
	switch {
	case errors.As(err, &died) && died.ExitCode() == 128:
		letter = "D" // it dies of what it takes for no signature
	case died != nil && died.Sys().(syscall.WaitStatus).Signal() == syscall.SIGPIPE:
		letter = "B" // ssh-keygen refused before it had read what git gives it
	case err != nil:
		t.Fatalf("git show: %v", err)
	}
	s, err := seal.ParseSigners([]byte(signers))
	if err != nil {
		t.Fatal(err)
	}
	return letter, Trust{Signers: s, At: sealedAt}.judge(takeCommit([]byte(commit)))
}

// TestCommitSignaturesAsStock holds what is found of commits, good ones and
// such as were made to deceive, against git.
func TestCommitSignaturesAsStock(t *testing.T) {
	repo := t.TempDir()
	git(t, repo, "init", "-q", "--bare")
	git(t, repo, "hash-object", "-t", "tree", "-w", "--stdin")
	ann, bob := signerOf(t, "ann"), signerOf(t, "bob")
	plain, other := unsignedCommit("one"), unsignedCommit("two")
	sig := sshSigned(t, ann, NamespaceGit, plain)
	known := seal.Line("ann", ann.PublicKey(), NamespaceGit)
	key := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(ann.PublicKey())))
	good := withHeader(plain, "gpgsig", sig)
	for name, c := range map[string]struct {
		commit, signers string
		git             string // the letters that git may give
		state, why      string
	}{
		"signed":                         {good, known, "G", SignatureValid, ""},
		"for any namespace":              {good, "ann " + key + "\n", "G", SignatureValid, ""},
		"unsigned":                       {plain, known, "N", SignatureNone, ""},
		"a stranger":                     {withHeader(plain, "gpgsig", sshSigned(t, bob, NamespaceGit, plain)), known, "U", SignatureUnknown, ""},
		"a stranger's that does not fit": {withHeader(other, "gpgsig", sshSigned(t, bob, NamespaceGit, plain)), known, "B", SignatureUnknown, ""},
		"another commit's":               {withHeader(other, "gpgsig", sig), known, "B", SignatureBad, "does not fit"},
		"a key for deposits":             {good, seal.Line("ann", ann.PublicKey(), Namespace), "BU", SignatureUnknown, ""},
		"for another namespace":          {withHeader(plain, "gpgsig", sshSigned(t, ann, Namespace, plain)), known, "B", SignatureBad, `not for "git"`},
		"valid then":                     {good, `ann valid-after="20231101Z",valid-before="20231201Z" ` + key + "\n", "G", SignatureValid, ""},
		"expired then":                   {good, `ann valid-before="20231101Z" ` + key + "\n", "U", SignatureBad, "was valid only before"},
		"not yet valid":                  {good, `ann valid-after="20231201Z" ` + key + "\n", "U", SignatureBad, "is valid only after"},
		"with the other algorithm's":     {withHeader(withHeader(plain, "gpgsig", sig), "gpgsig-sha256", sig), known, "G", SignatureValid, ""},
		"only the other algorithm's":     {withHeader(plain, "gpgsig-sha256", sig), known, "N", SignatureNone, ""},
		"twice":                          {withHeader(good, "gpgsig", sig), known, "GB", SignatureBad, "two signatures"},
		"two signers":                    {withHeader(good, "gpgsig", sshSigned(t, bob, NamespaceGit, plain)), known, "GBU", SignatureBad, "two signatures"},
		"many":                           {withHeader(withHeader(good, "gpgsig-a", sig), "gpgsig-b", sig), known, "G", SignatureBad, "too many"},
		"text after":                     {withHeader(plain, "gpgsig", sig+"and text\n"), known, "GB", SignatureBad, "text stands around"},
		"text before":                    {withHeader(plain, "gpgsig", "text\n"+sig), known, "D", SignatureBad, "no kind"},
		"NUL":                            {withHeader(plain, "gpgsig", sig[:60]+"\x00"+sig[60:]), known, "BN", SignatureBad, "armour damaged"},
		"NUL in the header":              {strings.Replace(good, "gpgsig", "x \x00\ngpgsig", 1), known, "B", SignatureBad, "does not fit"},
		"empty":                          {withHeader(plain, "gpgsig", ""), known, "D", SignatureBad, "no kind"},
		"in the message":                 {plain + sig, known, "N", SignatureNone, ""},
		"a header in the message":        {plain + "\ngpgsig " + strings.ReplaceAll(sig, "\n", "\n ") + "\n", known, "N", SignatureNone, ""},
		"a line more":                    {strings.Replace(good, "\ngpgsig", "\nx-note changed\ngpgsig", 1), known, "B", SignatureBad, "does not fit"},
		"in a merged tag":                {withHeader(plain, "mergetag", "object x\n"+sig), known, "N", SignatureNone, ""},
		"other widths":                   {withHeader(plain, "gpgsig", strings.Replace(sig, "\n", "\n \n", 2)), known, "GB", SignatureValid, ""},
		"too long":                       {withHeader(plain, "gpgsig", sig[:40]+strings.Repeat("\n", seal.MaxSignature)+sig[40:]), known, "GBN", SignatureBad, "longer"},
	} {
		letter, got := stockState(t, repo, c.commit, c.signers)
		if !strings.Contains(c.git, letter) || letter == "" {
			t.Errorf("%s: git says %q, expected one of %q", name, letter, c.git)
		}
		if got.State != c.state || !strings.Contains(got.Why, c.why) || (got.Why != "") != (c.state == SignatureBad) {
			t.Errorf("%s: %+v, want %s with %q; git says %s", name, got, c.state, c.why, letter)
		}
		if got.State == SignatureValid && (got.Signer != "ann" || got.Kind != "ssh") {
			t.Errorf("%s: %+v", name, got)
		}
		if got.State == SignatureUnknown && !strings.HasPrefix(got.Signer, "SHA256:") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	trust := gitTrust(t, known)
	var err error
	if trust.Revoked, err = seal.RevokedKeys([]string{seal.Fingerprint(ann.PublicKey())}); err != nil {
		t.Fatal(err)
	}
	if got := trust.judge(takeCommit([]byte(good))); got.State != SignatureBad || got.Why != "the key is revoked" {
		t.Errorf("a revoked key's: %+v", got)
	}
	if got := (Trust{}).judge(takeCommit([]byte(good))); got.State != SignatureUnknown {
		t.Errorf("where nobody is trusted: %+v", got)
	}
}

// TestTagSignaturesAsStock: a tag's signature is what follows the last line that
// could begin one.
func TestTagSignaturesAsStock(t *testing.T) {
	repo := t.TempDir()
	git(t, repo, "init", "-q", "--bare")
	ann := signerOf(t, "ann")
	plain := unsignedTag("v1", "first")
	sig := sshSigned(t, ann, NamespaceGit, plain)
	known := seal.Line("ann", ann.PublicKey(), NamespaceGit)
	list := filepath.Join(t.TempDir(), "signers")
	if err := os.WriteFile(list, []byte(known), 0o600); err != nil {
		t.Fatal(err)
	}
	quoting := unsignedTag("v1", "as said in\n"+sig+"we release")
	for name, c := range map[string]struct {
		tag        string
		good       bool // for git
		state, why string
	}{
		"signed":           {plain + sig, true, SignatureValid, ""},
		"unsigned":         {plain, false, SignatureNone, ""},
		"changed":          {strings.Replace(plain, "first", "worst", 1) + sig, false, SignatureBad, "does not fit"},
		"text after":       {plain + sig + "and this was never signed\n", true, SignatureBad, "text stands around"},
		"in the middle":    {quoting, false, SignatureBad, "text stands around"},
		"quoting and good": {quoting + sshSigned(t, ann, NamespaceGit, quoting), true, SignatureValid, ""},
		"twice":            {plain + sig + sig, false, SignatureBad, "does not fit"},
		"X.509":            {plain + "-----BEGIN SIGNED MESSAGE-----\nMII=\n-----END SIGNED MESSAGE-----\n", false, SignatureUnknown, ""},
		"not detached":     {plain + "-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n", false, SignatureBad, ""},
	} {
		file := filepath.Join(t.TempDir(), "object")
		if err := os.WriteFile(file, []byte(c.tag), 0o600); err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSpace(git(t, repo, "hash-object", "-t", "tag", "-w", "--literally", file))
		cmd := exec.Command("git", "-c", "gpg.ssh.allowedSignersFile="+list, "verify-tag", id)
		cmd.Dir = repo
		if out, err := cmd.CombinedOutput(); (err == nil) != c.good {
			t.Errorf("%s: git: %v: %s", name, err, out)
		}
		got := gitTrust(t, known).judge(takeTag([]byte(c.tag)))
		if got.State != c.state || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %+v, want %s with %q", name, got, c.state, c.why)
		}
	}
}

// TestSignatureTable: an endless row of strangers does not fill the memory.
func TestSignatureTable(t *testing.T) {
	var table signatureTable
	for i := range 3 * maxSignatureFacts {
		n := table.intern(Signature{State: SignatureUnknown, Kind: "ssh", Signer: fmt.Sprint(i)})
		if got := table.facts[n]; got.State != SignatureUnknown || i < maxSignatureFacts && got.Signer != fmt.Sprint(i) {
			t.Fatalf("%d is kept as %+v", i, got)
		}
	}
	if len(table.facts) != maxSignatureFacts+1 {
		t.Errorf("%d facts are kept", len(table.facts))
	}
}

func FuzzSigned(f *testing.F) {
	ann := signerOf(f, "ann")
	plain, tag := unsignedCommit("one"), unsignedTag("v1", "first")
	f.Add([]byte(withHeader(plain, "gpgsig", sshSigned(f, ann, NamespaceGit, plain))))
	f.Add([]byte(tag + sshSigned(f, ann, NamespaceGit, tag)))
	trust := gitTrust(f, seal.Line("ann", ann.PublicKey(), NamespaceGit))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range []signedObject{takeCommit(data), takeTag(data)} {
			if len(o.block) > seal.MaxSignature {
				t.Errorf("a signature of %d bytes", len(o.block))
			}
			payload := bytes.Join(o.payload, nil)
			if o.damage == "" && o.block == nil && !bytes.Contains(data, []byte("gpgsig")) && !bytes.Equal(payload, data) {
				t.Errorf("%q is unsigned, and %q would be signed", data, payload)
			}
			s := trust.judge(o)
			if s.State == SignatureValid && !bytes.Equal(payload, []byte(plain)) && !bytes.Equal(payload, []byte(tag)) {
				t.Errorf("%q is said to be signed", payload)
			}
			if len(s.Why) > maxSignatureText || len(s.Signer) > maxSignatureText || s.State == "" {
				t.Errorf("%+v", s)
			}
		}
		tagName(data)
	})
}
