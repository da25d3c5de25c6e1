package deposit

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// lsTree is what git says of a release's files: a line of mode, kind, id and
// path each.
func lsTree(t testing.TB, repo, release string) []string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(git(t, repo, "ls-tree", "-r", "-z", release), "\x00"), "\x00")
	slices.Sort(lines)
	return lines
}

// ourTree is the same of an admitted deposit, from the bytes that it gives.
func ourTree(t testing.TB, d *Deposit, release string) []string {
	t.Helper()
	r, err := d.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	files, err := d.Files(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range files {
		data, err := r.Blob(f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%06o blob %s\t%s", f.Mode, idOf(kindBlob, data), f.Path))
	}
	slices.Sort(lines)
	return lines
}

// sealedAs seals an input twice, with the same bytes.
func sealedAs(t testing.TB, in Input, change func(*SealOptions)) string {
	t.Helper()
	var dirs []string
	for range 2 {
		o := SealOptions{
			Inputs: []Input{in}, Title: "Product", Vendor: "Example Ltd",
			Sealed: sealedAt, Signer: vendorKey(t), Out: filepath.Join(t.TempDir(), "deposit"),
		}
		if change != nil {
			change(&o)
		}
		if _, err := Seal(t.Context(), o, nil); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, o.Out)
	}
	a, b := contents(t, dirs[0]), contents(t, dirs[1])
	if len(a) != len(b) {
		t.Errorf("sealing twice gives %d and %d files", len(a), len(b))
	}
	for name, data := range a {
		if !bytes.Equal(data, b[name]) {
			t.Errorf("sealing twice gives two %s", name)
		}
	}
	return dirs[0]
}

func contents(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestGitForms seals the forms that git keeps history in. Each gives what git
// itself reads from the repository, also from a stock clone of the bundle.
func TestGitForms(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, repo string) Input{
		"working tree, loose objects": func(t *testing.T, repo string) Input { return Input{Repo: repo} },
		"one pack": func(t *testing.T, repo string) Input {
			git(t, repo, "gc", "-q", "--aggressive")
			return Input{Repo: repo}
		},
		"bare": func(t *testing.T, repo string) Input {
			to := filepath.Join(t.TempDir(), "product.git")
			git(t, repo, "clone", "-q", "--bare", "file://"+repo, to)
			return Input{Repo: to}
		},
		"many packs and loose objects": func(t *testing.T, repo string) Input {
			to := filepath.Join(t.TempDir(), "product")
			git(t, repo, "init", "-q", to)
			for _, release := range productReleases {
				git(t, to, "-c", "fetch.unpackLimit=1", "-c", "gc.auto=0", "fetch", "-q", "file://"+repo, "tag", release)
			}
			packs, err := filepath.Glob(filepath.Join(to, ".git/objects/pack/*.pack"))
			if err != nil || len(packs) != 3 {
				t.Fatalf("git made the packs %v (%v), want three", packs, err)
			}
			git(t, to, "-c", "gc.auto=0", "fetch", "-q", "file://"+repo, "trunk")
			return Input{Repo: to}
		},
		"repacked several times": func(t *testing.T, repo string) Input {
			for _, release := range productReleases {
				git(t, repo, "checkout", "-q", release)
				write(t, repo, "notes", "on "+release)
				git(t, repo, "add", ".")
				git(t, repo, "commit", "-qm", "notes")
				git(t, repo, "repack", "-q") // what is loose, and nothing of what is packed
			}
			return Input{Repo: repo}
		},
		"bundle of all": func(t *testing.T, repo string) Input {
			to := filepath.Join(t.TempDir(), "product.bundle")
			git(t, repo, "bundle", "create", "-q", to, "--all")
			return Input{Bundle: to}
		},
		"bundle of tags": func(t *testing.T, repo string) Input {
			to := filepath.Join(t.TempDir(), "product.bundle")
			git(t, repo, "bundle", "create", "-q", to, "v1", "v2", "rel/3")
			return Input{Bundle: to}
		},
	} {
		t.Run(name, func(t *testing.T) {
			repo := product(t)
			in := prepare(t, repo)
			in.Releases = productReleases
			dir := sealedAs(t, in, nil)
			_, d := admittedFrom(t, dir)
			clone := filepath.Join(t.TempDir(), "clone")
			git(t, t.TempDir(), "clone", "-q", filepath.Join(dir, "product.bundle"), clone)
			git(t, clone, "fsck", "--full", "--strict")
			for _, release := range productReleases {
				want := lsTree(t, repo, release)
				if got := ourTree(t, d, release); !slices.Equal(got, want) {
					t.Errorf("release %s has\n%s\nwant\n%s", release, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				if got := lsTree(t, clone, release); !slices.Equal(got, want) {
					t.Errorf("git clones release %s as\n%s\nwant\n%s", release, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

// TestBundleRefused seals bundles that are not whole.
func TestBundleRefused(t *testing.T) {
	repo := product(t)
	dir := t.TempDir()
	bundle := func(name string, args ...string) string {
		git(t, repo, append([]string{"bundle", "create", "-q", filepath.Join(dir, name)}, args...)...)
		return filepath.Join(dir, name)
	}
	whole := bundle("whole.bundle", "--all")
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-30] ^= 1
	write(t, dir, "damaged.bundle", string(data))
	write(t, dir, "v3.bundle", "# v3 git bundle\n@object-format=sha1\n\nPACK")
	write(t, dir, "nothing.bundle", "nothing")
	for name, test := range map[string]struct{ path, release, want string }{
		"update":   {bundle("update.bundle", "rel/3", "^v1"), "rel/3", "make a bundle of the whole history"},
		"no tag":   {bundle("branch.bundle", "trunk"), "v1", `the bundle has no tag "v1"`},
		"damaged":  {filepath.Join(dir, "damaged.bundle"), "v1", "pack"},
		"v3":       {filepath.Join(dir, "v3.bundle"), "v1", `begins with "# v3 git bundle"`},
		"nothing":  {filepath.Join(dir, "nothing.bundle"), "v1", "header does not end"},
		"no file":  {filepath.Join(dir, "none.bundle"), "v1", "no such file"},
		"a folder": {repo, "v1", "not an ordinary file"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, "", test.release)
			o.Inputs = []Input{{Name: "s", Bundle: test.path, Releases: []string{test.release}}}
			refusedSeal(t, o, test.want)
		})
	}
}

// refusedSeal seals what is refused with a sentence, and nothing is left.
func refusedSeal(t *testing.T, o SealOptions, want string) {
	t.Helper()
	if _, err := Seal(t.Context(), o, nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a sentence with %q", err, want)
	}
	if left, err := os.ReadDir(filepath.Dir(o.Out)); err != nil || len(left) > 0 {
		t.Errorf("sealing left %v behind (%v)", left, err)
	}
}

// plainFiles is a release as a vendor without git has it.
func plainFiles(t testing.TB, version string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "engine-"+version)
	write(t, dir, "src/scan.c", "int version = "+version+";\n")
	write(t, dir, "src-gen/table.h", "/* the same in all */\n")
	write(t, dir, "src.txt", "git sorts this between the two folders\n")
	write(t, dir, "docs/größe.md", "# Size\n")
	write(t, dir, "run.sh", "#!/bin/sh\n")
	write(t, dir, "empty", "")
	for _, err := range []error{
		os.Chmod(filepath.Join(dir, "run.sh"), 0o755),
		os.Symlink("docs/größe.md", filepath.Join(dir, "README")),
		os.Symlink("/etc/passwd", filepath.Join(dir, "outside")),
		os.Mkdir(filepath.Join(dir, "hollow"), 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asTar writes a folder as a tar file, its paths below a folder.
func asTar(t testing.TB, dir, below string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		target := ""
		if info.Mode()&fs.ModeSymlink != 0 {
			target, _ = os.Readlink(path)
		}
		h, err := tar.FileInfoHeader(info, target)
		if err != nil {
			return err
		}
		h.Name = below + strings.TrimPrefix(path, dir+"/")
		if err := w.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asZip is the same as a zip file.
func asZip(t testing.TB, dir, below string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	r := tar.NewReader(bytes.NewReader(asTar(t, dir, below)))
	for h, err := r.Next(); err == nil; h, err = r.Next() {
		z, err := zip.FileInfoHeader(h.FileInfo())
		if err != nil {
			t.Fatal(err)
		}
		z.Name, z.Method = h.Name, zip.Deflate
		if h.Typeflag == tar.TypeDir {
			z.Name = strings.TrimSuffix(h.Name, "/") + "/"
		}
		out, err := w.CreateHeader(z)
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		content.WriteString(h.Linkname)
		if _, err := content.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeDir {
			out.Write(content.Bytes())
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func zstded(t testing.TB, data []byte) []byte {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(data, nil)
}

// TestPlainForms seals folders and archives: each gives the trees that git makes
// of the same files, and what stock git clones and checks.
func TestPlainForms(t *testing.T) {
	one, two := plainFiles(t, "1"), plainFiles(t, "2")
	ref := filepath.Join(t.TempDir(), "ref")
	git(t, t.TempDir(), "init", "-q", ref)
	for _, dir := range []string{one, two} {
		git(t, ref, "--work-tree="+dir, "add", "-A", "-f", ".")
		git(t, ref, "commit", "-qm", "x")
		git(t, ref, "tag", filepath.Base(dir))
	}
	dir := t.TempDir()
	archive := func(name string, data []byte) string {
		write(t, dir, name, string(data))
		return filepath.Join(dir, name)
	}
	command := func(name string, args ...string) string {
		git(t, ref, append([]string{"archive", "-o", filepath.Join(dir, name)}, args...)...)
		return filepath.Join(dir, name)
	}
	tests := map[string][]Snapshot{
		"folders": {{Folder: one}, {Folder: two}},
		"tar":     {{Archive: archive("1.tar", asTar(t, one, "./"))}, {Archive: archive("2.tar", asTar(t, two, "top/")), Strip: 1}},
		"tar.gz and tar.zst, by content": {
			{Archive: archive("1.bin", gzipped(asTar(t, one, "")))},
			{Archive: archive("2.zip", zstded(t, asTar(t, two, "")))}},
		"zip":            {{Archive: archive("1.zip", asZip(t, one, ""))}, {Archive: archive("2.x", asZip(t, two, "engine-2/")), Strip: 1}},
		"folder and zip": {{Folder: one}, {Archive: archive("3.zip", asZip(t, two, ""))}},
		"git archive": {
			{Archive: command("a.tar.gz", "--prefix=engine/", "engine-1"), Strip: 1},
			{Archive: command("b.zip", "engine-2")}},
	}
	for name, snaps := range tests {
		t.Run(name, func(t *testing.T) {
			snaps[0].Release, snaps[1].Release = "engine-1", "engine-2"
			sealed := sealedAs(t, Input{Name: "engine", Snapshots: snaps}, nil)
			a, d := admittedFrom(t, sealed)
			clone := filepath.Join(t.TempDir(), "clone")
			git(t, t.TempDir(), "clone", "-q", filepath.Join(sealed, "engine.bundle"), clone)
			git(t, clone, "fsck", "--full", "--strict")
			for i, release := range []string{"engine-1", "engine-2"} {
				want := lsTree(t, ref, release)
				if got := ourTree(t, d, release); !slices.Equal(got, want) {
					t.Errorf("release %s has\n%s\nwant\n%s", release, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				if got := lsTree(t, clone, release); !slices.Equal(got, want) {
					t.Errorf("git clones release %s as\n%s\nwant\n%s", release, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				if tree := strings.TrimSpace(git(t, ref, "rev-parse", release+"^{tree}")); tree != a.Releases[i].Tree.String() {
					t.Errorf("release %s has the tree %s, want %s", release, a.Releases[i].Tree, tree)
				}
			}
			if got := git(t, clone, "log", "--format=%an <%ae> %aI|%s", "engine-2"); got != "vitrinectl deposit seal <> 2026-01-31T12:00:00+00:00|Release engine-2, sealed from plain files without a history\nvitrinectl deposit seal <> 2026-01-31T12:00:00+00:00|Release engine-1, sealed from plain files without a history\n" {
				t.Errorf("the history is\n%s", got)
			}
		})
	}
}
