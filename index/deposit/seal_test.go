package deposit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func options(t *testing.T, repo string, releases ...string) SealOptions {
	return SealOptions{
		Inputs: []Input{{Repo: repo, Releases: releases}}, Title: "Product", Vendor: "Example Ltd",
		Sealed: sealedAt, Signer: vendorKey(t), Out: filepath.Join(t.TempDir(), "out"),
	}
}

// TestSealRefuses seals what cannot be sealed whole: a sentence, and nothing
// left behind, neither in the repository nor where the deposit was to be.
func TestSealRefuses(t *testing.T) {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	clone := func(t *testing.T, repo string, args ...string) string {
		to := filepath.Join(t.TempDir(), "clone")
		git(t, repo, append(append([]string{"clone", "-q"}, args...), "file://"+repo, to)...)
		return to
	}
	for name, test := range map[string]struct {
		prepare func(t *testing.T, repo string) string
		change  func(o *SealOptions)
		want    string
	}{
		"no such tag":      {nil, func(o *SealOptions) { o.Inputs[0].Releases = []string{"v7"} }, `has no tag "v7"`},
		"a branch":         {nil, func(o *SealOptions) { o.Inputs[0].Releases = []string{"trunk"} }, `has no tag "trunk"`},
		"tag leading away": {nil, func(o *SealOptions) { o.Inputs[0].Releases = []string{"../heads/trunk"} }, "not a name git allows"},
		"release twice":    {nil, func(o *SealOptions) { o.Inputs[0].Releases = []string{"v1", "v1"} }, "twice"},
		"no releases":      {nil, func(o *SealOptions) { o.Inputs[0].Releases = nil }, "no releases"},
		"no title":         {nil, func(o *SealOptions) { o.Title = "" }, "title"},
		"no key":           {nil, func(o *SealOptions) { o.Signer = nil }, "no key"},
		"no time":          {nil, func(o *SealOptions) { o.Sealed = time.Time{} }, "no time"},
		"not a repository": {func(t *testing.T, repo string) string { return filepath.Join(repo, "docs") }, nil, "is not a git repository"},
		"a file":           {func(t *testing.T, repo string) string { return filepath.Join(repo, "build.sh") }, nil, "is a file and no repository"},
		"out exists":       {func(t *testing.T, repo string) string { return repo }, func(o *SealOptions) { o.Out = o.Inputs[0].Repo }, "exists; choose another folder"},
		"tag of a tree":    {func(t *testing.T, repo string) string { git(t, repo, "tag", "-f", "v1", "v1^{tree}"); return repo }, nil, "leads to the tree"},
		"symbolic tag": {func(t *testing.T, repo string) string {
			git(t, repo, "symbolic-ref", "refs/tags/v1", "refs/heads/trunk")
			return repo
		}, nil, "symbolic reference"},
		"worktree": {func(t *testing.T, repo string) string {
			to := filepath.Join(t.TempDir(), "tree")
			git(t, repo, "worktree", "add", "-q", to, "v1")
			return to
		}, nil, "leads to one elsewhere"},
		".git elsewhere": {func(t *testing.T, repo string) string {
			away := filepath.Join(t.TempDir(), "away")
			must(t, os.Rename(filepath.Join(repo, ".git"), away))
			must(t, os.Symlink(away, filepath.Join(repo, ".git")))
			return repo
		}, nil, "leads to one elsewhere"},
		"cut off at nonsense": {func(t *testing.T, repo string) string {
			write(t, filepath.Join(repo, ".git"), "shallow", "here\n")
			return repo
		}, nil, "its list of commits at which the history is cut off: git object id of 4 characters"},
		"partial": {func(t *testing.T, repo string) string {
			git(t, repo, "config", "uploadpack.allowFilter", "true")
			return clone(t, repo, "--filter=blob:none", "--no-checkout")
		}, nil, "6 objects are missing: README blob "},
		"alternates": {func(t *testing.T, repo string) string {
			to := filepath.Join(t.TempDir(), "c")
			git(t, repo, "clone", "-q", "--shared", repo, to)
			return to
		}, nil, "borrows objects"},
		"SHA-256": {func(t *testing.T, repo string) string {
			to := filepath.Join(t.TempDir(), "c")
			git(t, repo, "init", "-q", "--object-format=sha256", to)
			return to
		}, nil, `"sha256"`},
		"a lost object": {func(t *testing.T, repo string) string {
			id := strings.TrimSpace(git(t, repo, "rev-parse", "v1:engine/scan.h"))
			must(t, os.Remove(filepath.Join(repo, ".git/objects", id[:2], id[2:])))
			return repo
		}, nil, "engine/scan.h: tree"},
		"a damaged object": {func(t *testing.T, repo string) string {
			id := strings.TrimSpace(git(t, repo, "rev-parse", "v1:engine/scan.h"))
			other := strings.TrimSpace(git(t, repo, "rev-parse", "v1:build.sh"))
			data, err := os.ReadFile(filepath.Join(repo, ".git/objects", other[:2], other[2:]))
			must(t, err)
			path := filepath.Join(repo, ".git/objects", id[:2], id[2:])
			must(t, os.Remove(path))
			must(t, os.WriteFile(path, data, 0o444))
			return repo
		}, nil, "its content has the id"},
		"a damaged pack": {func(t *testing.T, repo string) string {
			git(t, repo, "gc", "-q")
			packs, err := filepath.Glob(filepath.Join(repo, ".git/objects/pack/*.pack"))
			must(t, err)
			data, err := os.ReadFile(packs[0])
			must(t, err)
			data[len(data)/2] ^= 4
			must(t, os.Chmod(packs[0], 0o644))
			must(t, os.WriteFile(packs[0], data, 0o444))
			return repo
		}, nil, ".pack: "},
		"a path that cannot be shown": {func(t *testing.T, repo string) string {
			write(t, repo, "line\nbreak", "x")
			git(t, repo, "add", ".")
			git(t, repo, "commit", "-qm", "x")
			git(t, repo, "tag", "-f", "v1")
			return repo
		}, nil, "would not be admitted"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := product(t)
			if test.prepare != nil {
				repo = test.prepare(t, repo)
			}
			o := options(t, repo, "v1")
			parent := filepath.Dir(o.Out)
			if test.change != nil {
				test.change(&o)
			}
			if info, err := os.Stat(repo); err == nil && !info.IsDir() {
				repo = filepath.Dir(repo)
			}
			before := snapshot(t, repo)
			_, err := Seal(t.Context(), o, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
				t.Errorf("sealing left %v behind (%v)", left, err)
			}
			if !reflect.DeepEqual(before, snapshot(t, repo)) {
				t.Error("sealing changed the repository")
			}
		})
	}
}

// TestPartialButWhole seals a clone that git calls partial and that lacks
// nothing of the release.
func TestPartialButWhole(t *testing.T) {
	repo := product(t)
	git(t, repo, "gc", "-q")
	git(t, repo, "config", "remote.origin.promisor", "true")
	git(t, repo, "config", "extensions.partialClone", "origin")
	if _, err := Seal(t.Context(), options(t, repo, "v1"), nil); err != nil {
		t.Error(err)
	}
}

// TestSealCarriesOnlyReleases checks that what no release has stays behind, and
// that deltas which rest on it are made whole.
func TestSealCarriesOnlyReleases(t *testing.T) {
	repo := product(t)
	// The newest version, which deltas rest on, is not released.
	git(t, repo, "gc", "-q", "--aggressive")
	hidden := strings.TrimSpace(git(t, repo, "rev-parse", "trunk:unreleased"))
	dir := sealed(t, repo, "v1")
	m, digest, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range m.Sources[0].Objects {
		if o.Git.String() == hidden {
			t.Error("the bundle holds what no release has")
		}
	}
	if same, err := IdentifyLinks(dir, vendorTrust(t)); err != nil || len(same) != 1 || same[0].Digest != digest {
		t.Errorf("IdentifyLinks says %v, %v", same, err)
	}
}

// TestCancel ends sealing and admission at every report of progress.
func TestCancel(t *testing.T) {
	repo := product(t)
	dir := sealed(t, repo, "v1")
	for stop := range 8 {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		count := func(Step) {
			if n == stop {
				cancel()
			}
			n++
		}
		o := options(t, repo, "v1")
		if _, err := Seal(ctx, o, count); err == nil || !errors.Is(err, context.Canceled) {
			t.Errorf("sealing, stopped at report %d: %v", stop, err)
		}
		if left, err := os.ReadDir(filepath.Dir(o.Out)); err != nil || len(left) > 0 {
			t.Errorf("sealing, stopped at report %d, left %v (%v)", stop, left, err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		n = 0
		workspace := t.TempDir()
		if _, err := Admit(ctx, dir, workspace, vendorTrust(t), Limits{}, count); err == nil || !errors.Is(err, context.Canceled) {
			t.Errorf("admission, stopped at report %d: %v", stop, err)
		}
		if left, err := os.ReadDir(workspace); err != nil || len(left) > 0 {
			t.Errorf("admission, stopped at report %d, left %v (%v)", stop, left, err)
		}
		cancel()
	}
}
