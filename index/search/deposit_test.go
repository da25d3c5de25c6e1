package search

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// sealed makes a deposit of three releases of a small repository and admits it.
func sealed(t *testing.T) (d *deposit.Deposit, repo, workspace string) {
	t.Helper()
	dir := t.TempDir()
	repo = filepath.Join(dir, "repo")
	releases := []map[string]string{
		{"src/a.c": "int needle;\r\n", "b.txt": "needle needle\nx\n", "latin1": "caf\xe9 needle", "bin": "needle\x00"},
		{"src/a.c": "int needle;\r\nint other;\n", "new/c.go": "package c // needle\n"},
		{"b.txt": "nothing\n", "new/d.go": "package c // needle\n"},
	}
	var tags []string
	for i, files := range releases {
		for name, text := range files {
			path := filepath.Join(repo, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if i == 0 {
			git(t, repo, "init", "-q")
			if err := os.Symlink("needle", filepath.Join(repo, "link")); err != nil {
				t.Fatal(err)
			}
		}
		tags = append(tags, fmt.Sprintf("v%d", i+1))
		git(t, repo, "add", "-A")
		git(t, repo, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "release")
		git(t, repo, "tag", tags[i])
	}
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a vendor's key for tests only...")))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "deposit")
	if _, err := deposit.Seal(context.Background(), deposit.SealOptions{
		Inputs: []deposit.Input{{Repo: repo, Releases: tags}}, Title: "t", Vendor: "v", Sealed: time.Unix(1700000000, 0).UTC(), Signer: signer, Out: out,
	}, nil); err != nil {
		t.Fatal(err)
	}
	_, digest, err := deposit.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	workspace = filepath.Join(dir, "workspace")
	trust := deposit.Trust{Pinned: []deposit.Digest{digest}, At: time.Unix(1700000000, 0)}
	if _, err := deposit.Admit(context.Background(), out, workspace, trust, deposit.Limits{}, nil); err != nil {
		t.Fatal(err)
	}
	if d, err = deposit.Open(workspace, digest); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, repo, workspace
}

// TestDepositEqualsGitGrep goes through a real deposit, and compares each of
// its releases with git grep on the tag.
func TestDepositEqualsGitGrep(t *testing.T) {
	ctx := context.Background()
	d, repo, workspace := sealed(t)
	contentDir, indexDir := filepath.Join(workspace, "content"), filepath.Join(workspace, "index")
	var last, total int64
	if err := content.Build(ctx, contentDir, d, func(done, all int64) { last, total = done, all }); err != nil {
		t.Fatal(err)
	}
	if last != total || total == 0 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	store, err := content.Open(contentDir, d.Digest())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	blobs, err := d.Blobs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blobs {
		if raw, err := store.Raw(b.SHA256); err != nil || int64(len(raw)) != b.Size {
			t.Errorf("blob %s: %d bytes of %d, %v", b.SHA256, len(raw), b.Size, err)
		}
	}
	if err := Build(ctx, indexDir, d, store, nil); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(indexDir, d, store)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	for _, release := range []string{"v1", "v2", "v3"} {
		for query, args := range map[string][]string{
			"needle":   {"-F", "-e", "needle"},
			"/int.*;/": {"-E", "-e", "int.*;"},
			"c needle": {"-F", "-e", "c", "--and", "-e", "needle"},
		} {
			q, err := Parse(query + " release:" + release)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if _, err := ix.Search(ctx, q, func(h Hit) bool {
				got = append(got, fmt.Sprintf("%s:%s:%d:%d", h.Place.Release, h.Place.Path, h.Line, h.Column))
				return true
			}); err != nil {
				t.Fatal(err)
			}
			var want []string
			grep := append(append([]string{"grep", "-I", "-n", "--column"}, args...), release)
			for line := range strings.Lines(string(git(t, repo, grep...))) {
				want = append(want, strings.Join(strings.SplitN(line, ":", 5)[:4], ":"))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s in %s\n got %q\nwant %q", query, release, got, want)
			}
		}
	}
}
