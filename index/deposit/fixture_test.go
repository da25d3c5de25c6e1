package deposit

import (
	"crypto/ed25519"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// sealedAt is when the deposits of these tests are sealed.
var sealedAt = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// vendorKey is a key made of a fixed seed.
func vendorKey(t testing.TB) ssh.Signer {
	t.Helper()
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a vendor's key for tests only...")))
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// vendorTrust trusts vendorKey for deposits.
func vendorTrust(t testing.TB) Trust {
	t.Helper()
	signers, err := seal.ParseSigners([]byte(seal.Line("vendor@example.org", vendorKey(t).PublicKey(), Namespace) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return Trust{Signers: signers, At: sealedAt}
}

// git runs git, cut off from the machine's configuration.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "HOME="+dir, "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org", "GIT_COMMITTER_DATE=1700000000 +0000")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// write writes a file of a working tree, making its folders.
func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// product makes a repository of three releases: two annotated tags and a
// lightweight one, with changes, an executable, a symbolic link, an empty file
// and a name beyond ASCII.
func product(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "product")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "init", "-q", "-b", "trunk")
	long := strings.Repeat("int scan(const char *p, int n);\n", 400)
	write(t, dir, "engine/scan.c", long)
	write(t, dir, "engine/scan.h", "int scan(const char *, int);\n")
	write(t, dir, "docs/größe.md", "# Size\n")
	write(t, dir, "empty", "")
	if err := os.Symlink("docs/größe.md", filepath.Join(dir, "README")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "build.sh", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(dir, "build.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "one")
	git(t, dir, "tag", "-a", "-m", "first", "v1")
	write(t, dir, "engine/scan.c", long+"int later;\n")
	write(t, dir, "engine-x/a.c", "x\n")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "two")
	git(t, dir, "tag", "v2")
	write(t, dir, "engine/scan.c", "int early;\n"+long+"int later;\n")
	git(t, dir, "rm", "-q", "empty")
	git(t, dir, "commit", "-qam", "three")
	git(t, dir, "tag", "-a", "-m", "third", "rel/3")
	write(t, dir, "unreleased", "not part of any release\n")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "four")
	return dir
}

var productReleases = []string{"v1", "v2", "rel/3"}

// sealed seals releases of a repository into a new folder.
func sealed(t testing.TB, repo string, releases ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "deposit")
	_, err := Seal(t.Context(), SealOptions{
		Inputs: []Input{{Repo: repo, Releases: releases}}, Title: "Product", Vendor: "Example Ltd",
		Sealed: sealedAt, Signer: vendorKey(t), Out: out,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
