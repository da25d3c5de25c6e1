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
	"testing"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// TestMoreOfAHostileVendor goes on where TestHostileVendor ends.
func TestMoreOfAHostileVendor(t *testing.T) {
	two := func(f *forgery) (a, b ID) {
		a, b = f.add(kindBlob, []byte("int a;\n")), f.add(kindBlob, []byte("int b;\n"))
		return a, b
	}
	header := func(line string) func(*forgery) { return func(f *forgery) { f.header = insertLine(line) } }
	for name, test := range map[string]struct {
		build, change func(*forgery)
		want          string
	}{
		"blobs exchanged under the manifest": {func(f *forgery) {
			a, b := two(f)
			good := append(treeLine("100644", "a.c", a), treeLine("100644", "b.c", b)...)
			swapped := append(treeLine("100644", "a.c", b), treeLine("100644", "b.c", a)...)
			f.pack.object(kindTree, swapped)
			f.commit(f.name(kindTree, good))
		}, nil, "of the manifest is not in the bundle"},
		"another blob of the same size": {func(f *forgery) {
			f.pack.object(kindBlob, []byte("int b;\n"))
			f.commit(f.add(kindTree, treeLine("100644", "a.c", f.name(kindBlob, []byte("int a;\n")))))
		}, nil, "of the manifest is not in the bundle"},
		"a missing commit":       {func(f *forgery) { f.commit(f.add(kindTree, nil), ID{7}) }, nil, "names commit 07000000"},
		"a commit as its parent": {func(f *forgery) { tree := f.add(kindTree, nil); f.commit(tree, tree) }, nil, "as a commit, but it is a tree"},
		"a release of a lost commit": {nil, func(f *forgery) {
			f.source.Releases[0].Commit = ID{7}
		}, "HEAD and main are not the last release's commit 07000000"},
		"version 3, SHA-256": {nil, func(f *forgery) {
			f.header = func([]byte) []byte { return []byte("# v3 git bundle\n@object-format=sha256\n\n") }
		}, "bundles of version 2 with SHA-1 objects only"},
		"a filter": {nil, func(f *forgery) {
			f.header = func([]byte) []byte { return []byte("# v3 git bundle\n@filter=blob:none\n\n") }
		}, "# v3 git bundle"},
		"version 4":            {nil, func(f *forgery) { f.header = func([]byte) []byte { return []byte("# v4 git bundle\n\n") } }, "# v4 git bundle"},
		"absent prerequisites": {nil, header("-" + ID{7}.String()), "the bundle's prerequisites are not those of the manifest"},
		"a ref that leads up":  {nil, func(f *forgery) { f.refs[2].name = "refs/tags/../../../x" }, "ref 3 is not refs/tags/v1"},
		"a ref of escapes":     {nil, func(f *forgery) { f.refs = append(f.refs, ref{"refs/tags/\x1b[2J", f.refs[0].id}) }, `"refs/tags/\x1b[2J"`},
		"a ref to a ref":       {nil, header("ref: refs/heads/main"), "git object id of 4 characters"},
		"a ref twice":          {nil, func(f *forgery) { f.refs = append(f.refs, f.refs[2]) }, "belongs to no release"},
		"an absolute name": {func(f *forgery) {
			f.commit(f.add(kindTree, treeLine("100644", "/etc/passwd", f.add(kindBlob, nil))))
		}, nil, "holds a slash"},
		"a pack of version 3": {nil, func(f *forgery) {
			f.bundle = func(b []byte) []byte {
				pack := b[bytes.Index(b, []byte("PACK")):]
				pack[7] = 3
				return append(b[:len(b)-len(pack)], withTrailer(pack[:len(pack)-packTrailer])...)
			}
		}, "version 3, want 2"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, forge(t, test.build, test.change), Limits{}, test.want) })
	}
}

// TestManifestForms signs manifests that are not written as they must be.
func TestManifestForms(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"a key twice":        {`"title":"T"`, `"title":"T","title":"T"`, `member "title" is repeated`},
		"another case":       {`"title":"T"`, `"Title":"T"`, `unknown member "Title", it is written "title"`},
		"an unknown key":     {`"title":"T"`, `"subtitle":"","title":"T"`, `unknown member "subtitle"`},
		"a missing key":      {`"title":"T",`, ``, `member "title" should stand there`},
		"space":              {`"title":"T"`, `"title": "T"`, "not in canonical form"},
		"an escape":          {`"title":"T"`, `"title":"\u0054"`, "escaped otherwise"},
		"another number":     {`"version":1`, `"version":1.0`, "not in canonical form"},
		"version 0":          {`"version":1`, `"version":0`, "format version 0 does not exist"},
		"version 9":          {`"version":1`, `"version":9`, "format version 9 is newer than this program"},
		"null for a list":    {`"artifacts":[]`, `"artifacts":null`, "a list is null"},
		"a deep nest":        {`"artifacts":[]`, `"artifacts":` + strings.Repeat("[", 1<<20), "not in canonical form"},
		"upper-case hex":     {`"commit":"`, `"commit":"F`, "not in canonical form"},
		"an artifact of air": {`"artifacts":[]`, `"artifacts":[{"build":"","name":"a","release":"v9","sha256":"` + strings.Repeat("0", 64) + `","size":1}]`, `of the release "v9", which is not deposited`},
		"no JSON":            {`{`, `x`, "want an object"},
		"two documents":      {`"version":1}`, `"version":1}{}`, "the document should end there"},
		"bidirectional text": {`"vendor":"V"`, "\"vendor\":\"V\u202e\"", "invisible character U+202E"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := forge(t, nil, nil)
			data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
			if err != nil || !strings.Contains(string(data), test.old) {
				t.Fatalf("the manifest %s has no %s (%v)", data, test.old, err)
			}
			signInto(t, dir, []byte(strings.Replace(string(data), test.old, test.new, 1)))
			refused(t, dir, Limits{}, test.want)
		})
	}
}

// TestSignatures gives a good deposit signatures that do not count.
func TestSignatures(t *testing.T) {
	stranger, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("the key of somebody else, 32 b.!")))
	if err != nil {
		t.Fatal(err)
	}
	key := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(vendorKey(t).PublicKey())))
	for name, test := range map[string]struct {
		signers   string
		signer    ssh.Signer
		namespace string
		want      string
	}{
		"good":              {`v namespaces="` + Namespace + `" ` + key, vendorKey(t), Namespace, ""},
		"unknown key":       {`v namespaces="` + Namespace + `" ` + key, stranger, Namespace, "which is not trusted"},
		"expired":           {`v namespaces="` + Namespace + `",valid-before="20250101" ` + key, vendorKey(t), Namespace, "which is not trusted"},
		"not yet valid":     {`v namespaces="` + Namespace + `",valid-after="20300101" ` + key, vendorKey(t), Namespace, "which is not trusted"},
		"for another thing": {`v namespaces="git" ` + key, vendorKey(t), Namespace, "which is not trusted"},
		"of another thing":  {`v ` + key, vendorKey(t), "file", "does not fit manifest.json"},
		"nobody is trusted": {"", vendorKey(t), Namespace, "which is not trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := forge(t, nil, nil)
			data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
			if err != nil {
				t.Fatal(err)
			}
			sig, err := seal.Sign(bytes.NewReader(data), test.signer, test.namespace)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, SignatureFile), sig, 0o644); err != nil {
				t.Fatal(err)
			}
			signers, err := seal.ParseSigners([]byte(test.signers + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Verify(t.Context(), dir, Trust{Signers: signers, At: sealedAt}, Limits{}, nil)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestShownSafely admits what looks dangerous and is not: the files of one SHA-1,
// which as blobs have two ids, links to elsewhere, and a submodule.
func TestShownSafely(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pjbgf/sha1cd").Output()
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{"link": "../../../../etc/passwd", "loop": "loop", "root": "/", "strange": "\x1b[2J\x00"}
	for _, name := range []string{"shattered-1.pdf", "shattered-2.pdf", "sha-mbles-1.bin", "sha-mbles-2.bin"} {
		data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "test", "testdata", "files", name))
		if err != nil {
			t.Fatal(err)
		}
		content[name] = string(data)
	}
	dir := forge(t, func(f *forgery) {
		var lines []line
		for name, data := range content {
			mode := "100644"
			if len(data) < 100 {
				mode = "120000"
			}
			lines = append(lines, line{mode, name, f.add(kindBlob, []byte(data))})
		}
		f.commit(f.add(kindTree, treeOf(sorted(append(lines, line{"160000", "module", ID{7}})))))
	}, nil)
	_, d := admittedFrom(t, dir)
	files, err := d.Files(t.Context(), "v1")
	if err != nil || len(files) != len(content)+1 {
		t.Fatalf("%d files, want %d (%v)", len(files), len(content)+1, err)
	}
	r, err := d.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := map[Digest]bool{}
	for _, f := range files {
		if f.Mode == modeSubmodule {
			continue
		}
		data, err := r.Blob(f.Blob)
		if err != nil || string(data) != content[f.Path] || seen[f.Blob] {
			t.Errorf("%s is read as %.40q (%v)", f.Path, data, err)
		}
		seen[f.Blob] = true
	}
}

// TestLooseLies seals repositories with loose objects that lie about their size.
func TestLooseLies(t *testing.T) {
	for name, test := range map[string]struct {
		loose string
		want  string
	}{
		"more than it says":   {"blob 3\x00int scan(const char *, int);\n", "more than it declares"},
		"less than it says":   {"blob 300\x00int scan(const char *, int);\n", "ends early"},
		"an exabyte":          {"blob 1152921504606846976\x00x", "more than the limit or than it can inflate to"},
		"less than nothing":   {"blob -1\x00x", "its header is"},
		"zeros for 3":         {"blob 3\x00" + strings.Repeat("\x00", 4<<20), "more than it declares"},
		"no end of a header":  {"blob " + strings.Repeat("9", 1<<20), "its header does not end"},
		"another kind":        {"tree 0\x00", "its content has the id"},
		"a kind git lacks":    {"blub 1\x00x", "its header is"},
		"a size with a blank": {"blob  1\x00x", "its header is"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := product(t)
			id := strings.TrimSpace(git(t, repo, "rev-parse", "v1:engine/scan.h"))
			path := filepath.Join(repo, ".git/objects", id[:2], id[2:])
			if err := errors.Join(os.Remove(path), os.WriteFile(path, deflated([]byte(test.loose)), 0o444)); err != nil {
				t.Fatal(err)
			}
			if _, err := Seal(t.Context(), options(t, repo, "v1"), nil); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), id) {
				t.Errorf("got %v, want a sentence with %q and %s", err, test.want, id)
			}
		})
	}
}

// TestPulledOut changes the medium at each report of an admission: a refusal
// that leaves nothing, or exactly what was sealed.
func TestPulledOut(t *testing.T) {
	good := everything(t)
	workspace := t.TempDir()
	a, err := Admit(t.Context(), good, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := readAll(workspace, a.Digest)
	if err != nil {
		t.Fatal(err)
	}
	for name, pull := range map[string]func(dir string) error{
		"the bundle cut":     func(dir string) error { return os.Truncate(filepath.Join(dir, "product.bundle"), 900) },
		"the bundle emptied": func(dir string) error { return os.Truncate(filepath.Join(dir, "product.bundle"), 0) },
		"the bundle longer":  func(dir string) error { return os.Truncate(filepath.Join(dir, "product.bundle"), 1<<20) },
		"the bundle zeros":   func(dir string) error { return rewrite(filepath.Join(dir, "product.bundle"), make([]byte, 4000)) },
		"the bundle removed": func(dir string) error { return os.Remove(filepath.Join(dir, "product.bundle")) },
		"the manifest cut":   func(dir string) error { return os.Truncate(filepath.Join(dir, ManifestFile), 10) },
		"the document cut":   func(dir string) error { return os.Truncate(filepath.Join(dir, "sbom-v1.json"), 3) },
		"the folder exchanged": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+".away"), os.Symlink("/", dir))
		},
		"the folder removed": os.RemoveAll,
	} {
		outcomes := [2]int{}
		for _, verify := range []bool{false, true} {
			for at := range 14 {
				dir := filepath.Join(t.TempDir(), "deposit")
				if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
					t.Fatal(err)
				}
				workspace, reports := t.TempDir(), 0
				progress := func(Step) {
					if reports == at {
						if err := pull(dir); err != nil {
							t.Error(err)
						}
					}
					reports++
				}
				var err error
				if verify {
					_, err = Verify(t.Context(), dir, vendorTrust(t), Limits{}, progress)
				} else {
					_, err = Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, progress)
				}
				how := fmt.Sprintf("%s at report %d", name, at)
				switch left, listing := os.ReadDir(workspace); {
				case err != nil:
					outcomes[0]++
					if listing != nil || len(left) > 0 || !names(err.Error(), []string{ManifestFile, SignatureFile, "product.bundle", "sbom-v1.json", "deposit"}) {
						t.Errorf("%s: %v, and the workspace has %v", how, err, left)
					}
				case !verify:
					outcomes[1]++
					if err := stillSame(t, workspace, a.Digest, how, want); err != nil {
						t.Errorf("%s: it was admitted, but %v", how, err)
					}
				}
			}
		}
		t.Logf("%s: %d refused, %d admitted as they were sealed", name, outcomes[0], outcomes[1])
	}
}
