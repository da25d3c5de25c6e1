package deposit

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// into copies deposits into one folder, as folders of the names a, b, c …
func into(t testing.TB, deposits ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, d := range deposits {
		if err := os.CopyFS(filepath.Join(dir, string(rune('a'+i))), os.DirFS(d)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// continued seals releases that continue a deposit.
func continued(t testing.TB, repo, since string, change func(*SealOptions), releases ...string) string {
	t.Helper()
	o := SealOptions{
		Inputs: []Input{{Repo: repo, Releases: releases}}, Since: since, Title: "Product", Vendor: "Example Ltd",
		Sealed: sealedAt, Signer: vendorKey(t), Out: filepath.Join(t.TempDir(), "update"),
	}
	if change != nil {
		change(&o)
	}
	if _, err := Seal(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	return o.Out
}

// admittedFrom admits and opens a deposit.
func admittedFrom(t testing.TB, dir string) (*Admission, *Deposit) {
	t.Helper()
	workspace := t.TempDir()
	a, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(workspace, a.Digest)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, d
}

// three seals each release of the product as a deposit that continues the one
// before.
func three(t testing.TB) (repo string, deposits []string) {
	repo = product(t)
	one := sealed(t, repo, "v1")
	two := continued(t, repo, one, nil, "v2")
	return repo, []string{one, two, continued(t, repo, into(t, one, two), nil, "rel/3")}
}

// TestUpdates: deposits that continue each other give what one deposit of all
// their releases gives, and git reads them one after the other.
func TestUpdates(t *testing.T) {
	repo, deposits := three(t)
	whole := sealed(t, repo, productReleases...)

	a, d := admittedFrom(t, into(t, deposits[2], deposits[0], deposits[1]))
	_, want := admittedFrom(t, whole)
	_, last, err := ReadManifest(deposits[2])
	if err != nil || a.Digest != last || d.Digest() != last || len(a.Links) != 3 || len(d.Links()) != 3 {
		t.Errorf("the chain is %s of %d links, want %s (%v)", a.Digest, len(a.Links), last, err)
	}
	if got := d.Releases(); !slices.Equal(got, want.Releases()) {
		t.Errorf("the releases are %v, want %v", got, want.Releases())
	}
	r, err := d.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, name := range productReleases {
		got, err := d.Files(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		files, err := want.Files(t.Context(), name)
		if err != nil || !slices.Equal(got, files) {
			t.Errorf("release %s has %v, want %v (%v)", name, got, files, err)
		}
		for _, f := range got {
			if data, err := r.Blob(f.Blob); err != nil || int64(len(data)) != f.Size {
				t.Errorf("%s of %s: %v", f.Path, name, err)
			}
		}
	}
	var objects int64
	for i, dir := range deposits {
		m, _, err := ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		objects += int64(len(m.Sources[0].Objects))
		if i > 0 && len(m.Sources[0].Prerequisites) != 1 {
			t.Errorf("deposit %d rests on %v, want one commit", i+1, m.Sources[0].Prerequisites)
		}
	}
	if m := want.Manifest(); objects != int64(len(m.Sources[0].Objects)) {
		t.Errorf("the updates have %d blobs and trees together, the whole %d", objects, len(m.Sources[0].Objects))
	}

	clone := filepath.Join(t.TempDir(), "clone.git")
	git(t, t.TempDir(), "clone", "-q", "--bare", filepath.Join(deposits[0], "product.bundle"), clone)
	for _, dir := range deposits[1:] {
		bundle := filepath.Join(dir, "product.bundle")
		git(t, clone, "bundle", "verify", "-q", bundle)
		git(t, clone, "fetch", "-q", bundle, "+refs/*:refs/*")
	}
	git(t, clone, "fsck", "--full", "--strict")
	for _, name := range productReleases {
		if got, want := git(t, clone, "ls-tree", "-r", name), git(t, repo, "ls-tree", "-r", name); got != want {
			t.Errorf("git reads release %s as\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestUpdateOfTheSameCommit seals a release that has nothing but a name.
func TestUpdateOfTheSameCommit(t *testing.T) {
	repo := product(t)
	one := sealed(t, repo, "v1", "v2")
	git(t, repo, "tag", "v2-again", "v2")
	two := continued(t, repo, one, nil, "v2-again")
	_, d := admittedFrom(t, into(t, one, two))
	files, err := d.Files(t.Context(), "v2-again")
	same, _ := d.Files(t.Context(), "v2")
	if err != nil || !slices.Equal(files, same) {
		t.Errorf("v2-again has %v, want %v (%v)", files, same, err)
	}
	clone := filepath.Join(t.TempDir(), "clone.git")
	git(t, t.TempDir(), "clone", "-q", "--bare", filepath.Join(one, "product.bundle"), clone)
	git(t, clone, "fetch", "-q", filepath.Join(two, "product.bundle"), "+refs/*:refs/*")
	if a, b := git(t, clone, "rev-parse", "v2-again"), git(t, repo, "rev-parse", "v2"); a != b {
		t.Errorf("git reads v2-again as %s, want %s", a, b)
	}
}

// taggedAgain seals releases whose tags lead through those of earlier deposits: a
// tag of a tag, the same tag under another name, and a tag of the first of these.
func taggedAgain(t testing.TB) []string {
	repo := product(t)
	one := sealed(t, repo, "v1")
	git(t, repo, "tag", "-a", "-m", "approved", "v1-approved", "v1")
	git(t, repo, "tag", "v1-again", "v1")
	two := continued(t, repo, one, nil, "v1-approved", "v1-again")
	git(t, repo, "tag", "-a", "-m", "shipped", "v1-shipped", "v1-approved")
	return []string{one, two, continued(t, repo, into(t, one, two), nil, "v1-shipped")}
}

// TestUpdateOfATag: what a tag of an earlier deposit is tagged with is sealed
// without that tag, and git reads it onto what it has.
func TestUpdateOfATag(t *testing.T) {
	deposits := taggedAgain(t)
	a, err := Verify(t.Context(), into(t, deposits...), vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Counts.Tags != 3 || len(a.Releases) != 4 || a.Releases[3].Commit != a.Releases[0].Commit {
		t.Errorf("%d tags of the releases %v", a.Counts.Tags, a.Releases)
	}
	clone := filepath.Join(t.TempDir(), "clone.git")
	git(t, t.TempDir(), "clone", "-q", "--bare", filepath.Join(deposits[0], "product.bundle"), clone)
	for _, dir := range deposits[1:] {
		git(t, clone, "fetch", "-q", filepath.Join(dir, "product.bundle"), "+refs/*:refs/*")
	}
	git(t, clone, "fsck", "--full", "--strict")
	if a, b := git(t, clone, "rev-parse", "v1-shipped^{commit}"), git(t, clone, "rev-parse", "v1^{commit}"); a != b {
		t.Errorf("git reads v1-shipped as %s, v1 as %s", a, b)
	}
}

// TestUpdateOfATagInABundle seals the tag of a tag from a bundle that git made.
func TestUpdateOfATagInABundle(t *testing.T) {
	repo := product(t)
	one := sealed(t, repo, "v1")
	git(t, repo, "tag", "-a", "-m", "approved", "v1-approved", "v1")
	bundle := filepath.Join(t.TempDir(), "product.bundle")
	git(t, repo, "bundle", "create", "-q", bundle, "v1-approved")
	two := continued(t, "", one, func(o *SealOptions) {
		o.Inputs = []Input{{Name: "product", Bundle: bundle, Releases: []string{"v1-approved"}}}
	})
	if _, err := Verify(t.Context(), into(t, one, two), vendorTrust(t), Limits{}, nil); err != nil {
		t.Error(err)
	}
}

// TestUpdateOfAnotherSource adds a repository that the first deposit lacks.
func TestUpdateOfAnotherSource(t *testing.T) {
	repo := product(t)
	rules := filepath.Join(t.TempDir(), "rules")
	if err := os.Mkdir(rules, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, rules, "init", "-q")
	write(t, rules, "base.rules", "rule one\n")
	git(t, rules, "add", ".")
	git(t, rules, "commit", "-qm", "rules")
	git(t, rules, "tag", "rules-1")
	one := sealed(t, repo, "v1")
	two := continued(t, repo, one, func(o *SealOptions) {
		o.Inputs = append(o.Inputs, Input{Repo: rules, Releases: []string{"rules-1"}})
	}, "v2")
	write(t, rules, "base.rules", "rule one\nrule two\n")
	git(t, rules, "commit", "-qam", "more rules")
	git(t, rules, "tag", "rules-2")
	chain := into(t, one, two)
	three := continued(t, rules, chain, nil, "rules-2")
	_, d := admittedFrom(t, into(t, one, two, three))
	var names []string
	for _, r := range d.Releases() {
		names = append(names, r.Name)
	}
	if want := []string{"v1", "v2", "rules-1", "rules-2"}; !slices.Equal(names, want) {
		t.Errorf("the releases are %v, want %v", names, want)
	}
	m, _, err := ReadManifest(three)
	if err != nil || len(m.Sources[0].Objects) != 2 {
		t.Errorf("an update of one file has the objects %v (%v), want a blob and a tree", m.Sources[0].Objects, err)
	}
}

// TestNoChain opens folders of deposits that do not continue each other.
func TestNoChain(t *testing.T) {
	for name, test := range noChains(t) {
		t.Run(name, func(t *testing.T) { refused(t, test.dir, Limits{}, test.want) })
	}
}

type noChain struct{ dir, want string }

func noChains(t *testing.T) map[string]noChain {
	repo, d := three(t)
	fork := continued(t, repo, d[0], func(o *SealOptions) { o.Title = "Product, otherwise" }, "v2")
	stranger := sealed(t, repo, "v2")
	return map[string]noChain{
		"gap":         {into(t, d[0], d[2]), "b: it continues the deposit with the manifest"},
		"no first":    {into(t, d[1], d[2]), "a: it continues the deposit with the manifest"},
		"alone":       {d[1], "which is not here; put that deposit and this one"},
		"fork":        {into(t, d[0], d[1], fork), "the chain forks"},
		"replay":      {into(t, d[0], d[1], d[0]), "are the same deposit"},
		"two firsts":  {into(t, d[0], stranger), "they are not one chain"},
		"nothing":     {t.TempDir(), "the folder is no deposit"},
		"file beside": {func() string { dir := into(t, d[0], d[1]); write(t, dir, "notes", "x"); return dir }(), `holds "notes", which is not the folder of a deposit`},
		"no deposit":  {func() string { dir := into(t, d[0]); write(t, dir, "b/x", "x"); return dir }(), "b: manifest.json: no such file"},
		"link": {func() string {
			dir := into(t, d[0])
			if err := os.Symlink("a", filepath.Join(dir, "b")); err != nil {
				t.Fatal(err)
			}
			return dir
		}(), `holds "b", which is not the folder of a deposit`},
	}
}

// TestUpdateRefused seals updates that would be none.
func TestUpdateRefused(t *testing.T) {
	repo := product(t)
	one := sealed(t, repo, "v1", "v2")
	for name, test := range map[string]struct {
		change func(*SealOptions)
		want   string
	}{
		"release again": {func(o *SealOptions) { o.Inputs[0].Releases = []string{"v2"} }, `release "v2" is in`},
		"back in time":  {func(o *SealOptions) { o.Sealed = sealedAt.Add(-time.Hour) }, "before the deposit that it continues"},
		"no deposit":    {func(o *SealOptions) { o.Since = t.TempDir() }, "the folder is no deposit"},
		"no repository": {func(o *SealOptions) { o.Since = repo }, "is not the folder of a deposit"},
		"other history": {func(o *SealOptions) {
			o.Inputs[0] = Input{Name: "product", Repo: rewritten(t), Releases: []string{"v9"}}
		}, "has no longer the commit"},
		"the same artifact": {func(o *SealOptions) { o.Artifacts = []Artifact{{Name: "a", Release: "v9"}} }, `of the release "v9", which is not deposited`},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, repo, "rel/3")
			o.Since = one
			test.change(&o)
			if _, err := Seal(t.Context(), o, nil); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
			if left, err := os.ReadDir(filepath.Dir(o.Out)); err != nil || len(left) > 0 {
				t.Errorf("sealing left %v behind (%v)", left, err)
			}
		})
	}
}

// rewritten is a repository in which the releases have other commits.
func rewritten(t *testing.T) string {
	repo := product(t)
	other := filepath.Join(t.TempDir(), "other")
	git(t, t.TempDir(), "init", "-q", other)
	git(t, other, "pull", "-q", repo, "v2")
	git(t, other, "checkout", "-q", "--orphan", "new")
	git(t, other, "commit", "-qm", "all over again")
	git(t, other, "tag", "v9")
	git(t, other, "branch", "-q", "-D", "master")
	git(t, other, "-c", "gc.pruneExpire=now", "-c", "gc.reflogExpireUnreachable=now", "-c", "gc.reflogExpire=now", "gc", "-q")
	return other
}

// TestKeyOfBefore: the deposit that is continued counts by the manifest that
// names it, but never stands on its own.
func TestKeyOfBefore(t *testing.T) {
	old, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("the key of the vendor last year.")))
	if err != nil {
		t.Fatal(err)
	}
	repo := product(t)
	o := options(t, repo, "v1")
	o.Signer = old
	if _, err := Seal(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	refused(t, o.Out, Limits{}, "which is not trusted")
	two := continued(t, repo, o.Out, nil, "v2")
	a, _ := admittedFrom(t, into(t, o.Out, two))
	if a.Signer == "" || a.Links[0].Signer != "" || !slices.ContainsFunc(a.Warnings, func(w string) bool {
		return strings.Contains(w, "is accepted because the deposit that continues it names it")
	}) {
		t.Errorf("signed by %q and %q, warnings %q", a.Signer, a.Links[0].Signer, a.Warnings)
	}
	three := continued(t, repo, into(t, o.Out, two), func(o *SealOptions) { o.Signer = old }, "rel/3")
	refused(t, into(t, o.Out, two, three), Limits{}, "c: the deposit is signed by "+ssh.FingerprintSHA256(old.PublicKey()))
}
