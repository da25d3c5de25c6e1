package deposit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// TestVendorSignatures: a history that git signed with OpenPGP and SSH keys of
// known and unknown developers, as an admission tells of it.
func TestVendorSignatures(t *testing.T) {
	home := gnupg(t)
	repo := t.TempDir()
	dir := t.TempDir()
	git(t, repo, "init", "-q", "-b", "main")
	for _, who := range []string{"ann", "stranger"} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", filepath.Join(dir, who)).CombinedOutput()
		if err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	t.Setenv("GNUPGHOME", home)
	withSSH := func(who string, args ...string) {
		git(t, repo, append([]string{"-c", "gpg.format=ssh", "-c", "user.signingkey=" + filepath.Join(dir, who)}, args...)...)
	}
	withPGP := func(who string, args ...string) {
		git(t, repo, append([]string{"-c", "user.signingkey=" + who + "@example.org"}, args...)...)
	}
	commit := []string{"commit", "-q", "--allow-empty", "-m", "step"}
	git(t, repo, commit...)
	withPGP("rosa", append(commit, "-S")...)
	withPGP("rosa", "tag", "-s", "-m", "first", "v1")
	withSSH("ann", append(commit, "-S")...)
	withSSH("ann", "tag", "-s", "-m", "second", "v2")
	withPGP("other", append(commit, "-S")...)
	withSSH("stranger", "tag", "-s", "-m", "third", "v3")
	git(t, repo, commit...)
	git(t, repo, "tag", "-a", "-m", "fourth", "v4")
	git(t, repo, commit...)
	git(t, repo, "tag", "v5")
	// An old signed tag under a new name.
	git(t, repo, "update-ref", "refs/tags/v6", strings.TrimSpace(git(t, repo, "rev-parse", "refs/tags/v2")))
	folder := sealed(t, repo, "v1", "v2", "v3", "v4", "v5", "v6")

	pub, err := os.ReadFile(filepath.Join(dir, "ann.pub"))
	if err != nil {
		t.Fatal(err)
	}
	ann, _, err := seal.ParseKey(strings.TrimSpace(string(pub)))
	if err != nil {
		t.Fatal(err)
	}
	trust := gitTrust(t, seal.Line("Ann Lee", ann, NamespaceGit))
	export, err := exec.Command("gpg", "--homedir", home, "--armor", "--export", "rosa@example.org").Output()
	if err != nil {
		t.Fatal(err)
	}
	if trust.Keyring, err = seal.ParseKeyring(export); err != nil {
		t.Fatal(err)
	}
	a, err := Verify(t.Context(), folder, trust, Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rosa := Signature{State: SignatureValid, Kind: "openpgp", Signer: "rosa <rosa@example.org>"}
	lee := Signature{State: SignatureValid, Kind: "ssh", Signer: "Ann Lee"}
	none := Signature{State: SignatureNone}
	for i, want := range []struct{ tag, commit Signature }{
		{rosa, rosa},
		{lee, lee},
		{Signature{State: SignatureUnknown, Kind: "ssh"}, Signature{State: SignatureUnknown, Kind: "openpgp"}},
		{none, none},
		{none, none},
		{Signature{State: SignatureBad, Kind: "ssh", Signer: "Ann Lee", Why: `it signs a tag named "v2"`}, lee},
	} {
		r := a.Releases[i]
		for what, pair := range map[string][2]Signature{"tag": {r.Tag, want.tag}, "commit": {r.CommitSignature, want.commit}} {
			got, want := pair[0], pair[1]
			if want.State == SignatureUnknown {
				want.Signer = got.Signer
				if got.Signer == "" {
					t.Errorf("%s: the %s's unknown key is not named", r.Name, what)
				}
			}
			if got != want {
				t.Errorf("%s: %s %+v, want %+v", r.Name, what, got, want)
			}
		}
	}
	if want := (SignatureCounts{Valid: 2, Unknown: 1, None: 3}); a.Commits != want {
		t.Errorf("%+v, want %+v", a.Commits, want)
	}
	if len(a.Warnings) != 3 || !strings.HasPrefix(a.Warnings[0], "the signature of release v6 is bad. ") ||
		!strings.Contains(a.Warnings[1], "tag of release v3 is signed by a key that is not known") ||
		a.Warnings[2] != "the tag of 2 releases, the first of them v4, is not signed" {
		t.Errorf("warnings: %q", a.Warnings)
	}
	// Who trusts nobody learns nothing, and admits the same.
	if a, err = Verify(t.Context(), folder, vendorTrust(t), Limits{}, nil); err != nil || a.Commits != (SignatureCounts{Unknown: 3, None: 3}) {
		t.Errorf("%+v, %v", a, err)
	}
}

// gnupg is a throwaway home of gpg with two keys, rosa's and other's.
func gnupg(t testing.TB) string {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg-") // its sockets need a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("gpgconf", "--homedir", home, "--kill", "all").CombinedOutput(); err != nil {
			t.Errorf("ending gpg-agent: %v: %s", err, out)
		}
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	for who, kind := range map[string]string{"rosa": "rsa2048", "other": "ed25519"} {
		// Older than the commits, whose time is fixed.
		cmd := exec.Command("gpg", "--homedir", home, "--batch", "--quiet", "--faked-system-time", "20230101T000000",
			"--passphrase", "", "--quick-generate-key", who+" <"+who+"@example.org>", kind, "sign", "never")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("gpg: %v: %s", err, out)
		}
	}
	return home
}

// TestSignaturesOfForgedDeposit: what git itself would not write.
func TestSignaturesOfForgedDeposit(t *testing.T) {
	ann := signerOf(t, "ann")
	trust := gitTrust(t, seal.Line("ann", ann.PublicKey(), NamespaceGit))
	build := func(tagged func(commit ID) string, change func(string) string) string {
		return forge(t, func(f *forgery) {
			f.commit(f.add(kindTree, nil))
			f.pack = packBuilder{}
			f.pack.object(kindTree, nil)
			plain := unsignedCommit("m")
			data := []byte(change(withHeader(plain, "gpgsig", sshSigned(t, ann, NamespaceGit, plain))))
			f.pack.object(kindCommit, data)
			commit := idOf(kindCommit, data)
			tag := []byte(tagged(commit))
			f.pack.object(kindTag, tag)
			f.refs = []ref{{headRef, commit}, {mainRef, commit}, {tagPrefix + "v1", idOf(kindTag, tag)}}
			f.source.Releases[0].Commit = commit
		}, nil)
	}
	tagged := func(commit ID) string {
		plain := strings.Replace(unsignedTag("v1", "m"), idOf(kindCommit, []byte(unsignedCommit("m"))).String(), commit.String(), 1)
		return plain + sshSigned(t, ann, NamespaceGit, plain)
	}
	same := func(s string) string { return s }
	altered := func(s string) string { return strings.Replace(s, "\n\nm\n", "\n\nM\n", 1) }
	for name, c := range map[string]struct {
		dir         string
		tag, commit string
		warnings    int
	}{
		"good":           {build(tagged, same), SignatureValid, SignatureValid, 0},
		"altered commit": {build(tagged, altered), SignatureValid, SignatureBad, 2},
		"altered tag":    {build(func(id ID) string { return altered(tagged(id)) }, same), SignatureBad, SignatureValid, 1},
	} {
		a, err := Verify(t.Context(), c.dir, trust, Limits{}, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := a.Releases[0]; r.Tag.State != c.tag || r.CommitSignature.State != c.commit || len(a.Warnings) != c.warnings {
			t.Errorf("%s: %+v, %+v, %q", name, r.Tag, r.CommitSignature, a.Warnings)
		}
	}
}

// TestRevokedVendor: a revoked key's deposit is refused, and accepted with a
// warning where its digest is what is trusted.
func TestRevokedVendor(t *testing.T) {
	repo := product(t)
	first := sealed(t, repo, "v1")
	chain := t.TempDir()
	if err := os.CopyFS(filepath.Join(chain, "first"), os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	newKey := signerOf(t, "the vendor's next key")
	if _, err := Seal(t.Context(), SealOptions{
		Inputs: []Input{{Repo: repo, Releases: []string{"v2"}}}, Title: "Product", Vendor: "Example Ltd", Since: first,
		Sealed: sealedAt, Signer: newKey, Out: filepath.Join(chain, "second"),
	}, nil); err != nil {
		t.Fatal(err)
	}
	revoke := func(trust Trust, keys ...ssh.PublicKey) Trust {
		t.Helper()
		var list []string
		for _, k := range keys {
			list = append(list, seal.Fingerprint(k))
		}
		var err error
		if trust.Revoked, err = seal.RevokedKeys(list); err != nil {
			t.Fatal(err)
		}
		return trust
	}
	old := vendorKey(t).PublicKey()
	raw, err := os.ReadFile(filepath.Join(first, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	pinned := Trust{Pinned: []Digest{digestOf(raw)}, At: sealedAt}
	both := gitTrust(t, seal.Line("next", newKey.PublicKey(), Namespace))
	for name, c := range map[string]struct {
		dir     string
		trust   Trust
		refused string
		warned  string
	}{
		"not revoked":        {first, vendorTrust(t), "", ""},
		"another key":        {first, revoke(vendorTrust(t), newKey.PublicKey()), "", ""},
		"revoked":            {first, revoke(vendorTrust(t), old), "the deposit is signed by the key " + seal.Fingerprint(old) + ", which is revoked", ""},
		"revoked and pinned": {first, revoke(pinned, old), "", "which is revoked; it is accepted because its digest is pinned"},
		"vouched for":        {chain, revoke(both, old), "", "which is not trusted today (the key is revoked); it is accepted because the deposit that continues it names it"},
		"the last":           {chain, revoke(both, newKey.PublicKey()), "second: the deposit is signed by the key " + seal.Fingerprint(newKey.PublicKey()) + ", which is revoked", ""},
		"both":               {chain, revoke(both, old, newKey.PublicKey()), "which is revoked", ""},
	} {
		a, err := Verify(t.Context(), c.dir, c.trust, Limits{}, nil)
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s: %v, want %q", name, err, c.refused)
			}
			if _, ierr := IdentifyLinks(c.dir, c.trust); ierr == nil || ierr.Error() != err.Error() {
				t.Errorf("%s: identified: %v", name, ierr)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if said := strings.Contains(strings.Join(a.Warnings, "\n"), "revoked"); said != (c.warned != "") || !strings.Contains(strings.Join(a.Warnings, "\n"), c.warned) {
			t.Errorf("%s: %q", name, a.Warnings)
		}
	}
}
