package deposit

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPlainUpdates continues a deposit of plain files with plain files, and a
// deposit of a repository with an archive: only what is new is sealed, and git
// reads one history.
func TestPlainUpdates(t *testing.T) {
	one, two := plainFiles(t, "1"), plainFiles(t, "2")
	write(t, two, "rules/new.rules", "rule\n")
	plain := func(release, dir string) func(*SealOptions) {
		return func(o *SealOptions) {
			o.Inputs = []Input{{Name: "product", Snapshots: []Snapshot{{Release: release, Folder: dir}}}}
			o.Sealed = sealedAt.Add(time.Hour)
		}
	}
	repo := product(t)
	for name, test := range map[string]struct {
		first   string
		commits int
	}{
		"folder after folder":     {sealedAs(t, Input{Name: "product", Snapshots: []Snapshot{{Release: "p1", Folder: one}}}, nil), 2},
		"folder after repository": {sealed(t, repo, "v1"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			update := continued(t, "", test.first, plain("p2", two))
			again := continued(t, "", into(t, test.first, update), plain("p3", two))
			m, _, err := ReadManifest(update)
			if err != nil || len(m.Sources[0].Prerequisites) != 1 {
				t.Errorf("the update rests on %v, want one commit (%v)", m.Sources[0].Prerequisites, err)
			}
			if m, _, err := ReadManifest(again); err != nil || len(m.Sources[0].Objects) != 0 {
				t.Errorf("an update of the same files has %d objects (%v)", len(m.Sources[0].Objects), err)
			}
			_, d := admittedFrom(t, into(t, test.first, update, again))
			clone := filepath.Join(t.TempDir(), "clone.git")
			git(t, t.TempDir(), "clone", "-q", "--bare", filepath.Join(test.first, "product.bundle"), clone)
			git(t, clone, "fetch", "-q", filepath.Join(update, "product.bundle"), "+refs/*:refs/*")
			git(t, clone, "fetch", "-q", filepath.Join(again, "product.bundle"), "+refs/*:refs/*")
			git(t, clone, "fsck", "--full", "--strict")
			for _, release := range []string{"p2", "p3"} {
				if got, want := lsTree(t, clone, release), ourTree(t, d, release); !slices.Equal(got, want) || len(got) != 9 {
					t.Errorf("git reads %s as\n%s\nwant\n%s", release, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
			if got := strings.Fields(git(t, clone, "rev-list", "p2")); len(got) != test.commits {
				t.Errorf("the history of p2 is %v", got)
			}
		})
	}
}

// TestBundleUpdate continues a deposit with a bundle of the whole history.
func TestBundleUpdate(t *testing.T) {
	repo := product(t)
	one := sealed(t, repo, "v1")
	bundle := filepath.Join(t.TempDir(), "later.bundle")
	git(t, repo, "bundle", "create", "-q", bundle, "--all")
	two := continued(t, repo, one, func(o *SealOptions) {
		o.Inputs = []Input{{Name: "product", Bundle: bundle, Releases: []string{"v2", "second"}, Tags: map[string]string{"second": "rel/3"}}}
	})
	_, d := admittedFrom(t, into(t, one, two))
	for release, tag := range map[string]string{"v1": "v1", "v2": "v2", "second": "rel/3"} {
		if got, want := ourTree(t, d, release), lsTree(t, repo, tag); !slices.Equal(got, want) {
			t.Errorf("release %s has %v, want %v", release, got, want)
		}
	}
	if m, _, err := ReadManifest(two); err != nil || len(m.Sources[0].Prerequisites) != 1 {
		t.Errorf("the update rests on %v (%v)", m.Sources[0].Prerequisites, err)
	}
}

// TestRulesOnly seals an update that brings nothing but rule and data files. It
// is a release like any other, and small.
func TestRulesOnly(t *testing.T) {
	repo := product(t)
	one := sealed(t, repo, "v1", "v2", "rel/3")
	git(t, repo, "checkout", "-q", "rel/3")
	write(t, repo, "rules/2026-02.rules", "block ^example\n")
	write(t, repo, "data/hashes.bin", "\x00\x01\x02")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "-qm", "rules of February")
	git(t, repo, "tag", "rules-2026-02")
	two := continued(t, repo, one, nil, "rules-2026-02")
	m, _, err := ReadManifest(two)
	if err != nil || len(m.Sources[0].Objects) != 5 { // two blobs, two folders, the root
		t.Errorf("the update has %d objects (%v), want 5", len(m.Sources[0].Objects), err)
	}
	a, d := admittedFrom(t, into(t, one, two))
	if r := a.Releases[3]; r.Name != "rules-2026-02" || r.Files != 8 {
		t.Errorf("the release is %s of %d files", r.Name, r.Files)
	}
	if got, want := ourTree(t, d, "rules-2026-02"), lsTree(t, repo, "rules-2026-02"); !slices.Equal(got, want) {
		t.Errorf("the release has %v, want %v", got, want)
	}
	files, err := d.Files(t.Context(), "rules-2026-02")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		places, err := d.Places(t.Context(), f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		if f.Path == "rules/2026-02.rules" && (len(places) != 1 || places[0].Release != "rules-2026-02") {
			t.Errorf("the new rules are at %v", places)
		}
	}
}
