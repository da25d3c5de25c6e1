package deposit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDamagedTree damages what Open does not read. Who asks for the release is
// told, and so is who admits the deposit again.
func TestDamagedTree(t *testing.T) {
	dir, workspace := sealed(t, product(t), productReleases...), t.TempDir()
	a, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	packs, err := filepath.Glob(filepath.Join(workspace, a.Digest.String(), filepath.FromSlash(packDir("product")), "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	pack, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	// Somewhere among these is a tree.
	for i := range pack {
		changed := slices.Clone(pack)
		changed[i] ^= 0x10
		if err := os.WriteFile(packs[0], changed, 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := Open(workspace, a.Digest)
		if err != nil {
			continue
		}
		_, unlisted := d.Files(t.Context(), "v1")
		_, uncounted := d.Blobs(t.Context())
		_, again := d.Files(t.Context(), "v1")
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if unlisted == nil || !errors.Is(unlisted, errOtherBytes) {
			continue
		}
		if !strings.Contains(unlisted.Error(), "release v1: ") || !strings.Contains(unlisted.Error(), "admit the deposit again into an empty workspace") {
			t.Errorf("the release is not listed: %v", unlisted)
		}
		if uncounted == nil || again == nil {
			t.Errorf("after %v: the blobs are told with %v, the files with %v", unlisted, uncounted, again)
		}
		if _, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil); err == nil || !strings.Contains(err.Error(), "an earlier import is damaged") {
			t.Errorf("admitted again: %v", err)
		}
		return
	}
	t.Error("no change to the pack was noticed by listing")
}

// TestListedLast: the lists of the releases asked for last are kept, up to a
// number of files, and what is listed anew is the same.
func TestListedLast(t *testing.T) {
	workspace, digest := admitted(t)
	d, err := Open(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	l := <-d.lists
	l.most = 14 // two releases; they have 6 to 7 files
	d.lists <- l
	first := map[string][]File{}
	for range 2 {
		for _, r := range []string{"v1", "v2", "v1", "rel/3"} {
			files, err := d.Files(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if first[r] == nil {
				first[r] = files
			}
			if !slices.Equal(files, first[r]) {
				t.Errorf("%s is %v, and was %v", r, files, first[r])
			}
		}
		var kept []string
		for _, known := range l.recent {
			kept = append(kept, known.release)
		}
		if !slices.Equal(kept, []string{"v1", "rel/3"}) {
			t.Errorf("the lists of %v are kept", kept)
		}
	}
	l.most = 1
	if _, err := d.Files(t.Context(), "v2"); err != nil || len(l.recent) != 1 {
		t.Errorf("of a release larger than may be kept %d are, %v", len(l.recent), err)
	}
}

// TestListingCancelled: who waits for another's listing can give up, and so can
// the one who lists.
func TestListingCancelled(t *testing.T) {
	workspace, digest := admitted(t)
	d, err := Open(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	l := <-d.lists // as another goroutine has it
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := d.Files(ctx, "v1")
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("while another lists: %v", err)
	}
	if _, err := l.list(ctx, d.releases[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("while it lists: %v", err)
	}
	d.lists <- l
	if files, err := d.Files(t.Context(), "v1"); err != nil || len(files) == 0 {
		t.Errorf("afterwards: %v, %v", files, err)
	}
}

// TestChanged compares the counts of changed paths with git's.
func TestChanged(t *testing.T) {
	repo := product(t)
	git(t, repo, "checkout", "-q", "-b", "odd", "v1")
	releases := append([]string{}, productReleases...)
	step := func(name string, change func()) {
		t.Helper()
		change()
		git(t, repo, "add", "-A")
		git(t, repo, "commit", "-q", "--allow-empty", "-m", name)
		git(t, repo, "tag", name)
		releases = append(releases, name)
	}
	step("file-to-folder", func() {
		git(t, repo, "rm", "-q", "-r", "docs", "empty")
		write(t, repo, "empty/a", "a")
		write(t, repo, "empty/b", "b")
		write(t, repo, "docs", "no folder now")
	})
	step("nothing", func() {})
	step("mode", func() {
		if err := os.Chmod(filepath.Join(repo, "engine", "scan.h"), 0o755); err != nil {
			t.Fatal(err)
		}
	})
	step("link", func() {
		if err := os.Remove(filepath.Join(repo, "build.sh")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("engine", filepath.Join(repo, "build.sh")); err != nil {
			t.Fatal(err)
		}
	})
	step("beside", func() {
		write(t, repo, "engine.c", "sorts between the file engine and the folder")
		write(t, repo, "engine-2/deep/er/x", "x")
	})
	a, err := Verify(t.Context(), sealed(t, repo, releases...), vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range a.Releases {
		want := int64(-1)
		if i > 0 {
			want = int64(strings.Count(git(t, repo, "diff-tree", "-r", "--no-renames", "--name-only", a.Releases[i-1].Name, r.Name), "\n"))
		}
		if r.Changed != want {
			t.Errorf("%s changes %d paths, git says %d", r.Name, r.Changed, want)
		}
	}
}
