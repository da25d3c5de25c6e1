package deposit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// refused admits a deposit that must be refused with a sentence holding want,
// leaving nothing in the workspace.
func refused(t *testing.T, dir string, limits Limits, want string) {
	t.Helper()
	workspace := t.TempDir()
	_, err := Admit(t.Context(), dir, workspace, vendorTrust(t), limits, nil)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a sentence with %q", err, want)
	}
	left, err := os.ReadDir(workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("the refusal left %s in the workspace", e.Name())
	}
}

// TestHostileVendor admits deposits that their vendor signed and that are not
// what they say.
func TestHostileVendor(t *testing.T) {
	if _, err := Verify(t.Context(), forge(t, nil, nil), vendorTrust(t), Limits{}, nil); err != nil {
		t.Fatalf("the deposit that is not changed: %v", err)
	}
	for name, test := range hostileVendor() {
		t.Run(name, func(t *testing.T) {
			refused(t, forge(t, test.build, test.change), test.limits, test.want)
		})
	}
}

// A hostile vendor forges a deposit, which is refused with a sentence.
type hostile struct {
	build, change func(*forgery)
	limits        Limits
	want          string
}

func hostileVendor() map[string]hostile {
	tree := func(build func(f *forgery) []byte) func(*forgery) {
		return func(f *forgery) { f.commit(f.add(kindTree, build(f))) }
	}
	inSrc := func(line func(f *forgery) []byte) func(*forgery) {
		return tree(func(f *forgery) []byte { return treeLine("40000", "src", f.add(kindTree, line(f))) })
	}
	blob := func(f *forgery) ID { return f.add(kindBlob, []byte("b")) }
	var absent ID
	absent[5] = 1
	return map[string]hostile{
		// The manifest against the objects.
		"another SHA-256": {nil, func(f *forgery) { o := f.file(); o.SHA256[0]++ }, Limits{}, "src/a.c in release v1: blob "},
		"another size":    {nil, func(f *forgery) { f.file().Size++ }, Limits{}, "src/a.c in release v1: blob "},
		"another kind":    {nil, func(f *forgery) { f.file().Kind = "tree" }, Limits{}, "is a blob in the bundle and a tree in the manifest"},
		"a blob not named": {nil, func(f *forgery) {
			f.source.Objects = f.source.Objects[:len(f.source.Objects)-1]
		}, Limits{}, "but the manifest does not name it"},
		"a blob that is not there": {nil, func(f *forgery) {
			var last ID
			for i := range last {
				last[i] = 0xff
			}
			f.source.Objects = append(f.source.Objects, Object{Git: last, Kind: "blob"})
		}, Limits{}, "is not in the bundle"},
		"bundle of another digest": {nil, func(f *forgery) { f.source.SHA256[3] = 9 }, Limits{}, "s.bundle: its SHA-256 is"},
		"bundle of another size":   {nil, func(f *forgery) { f.source.Size = 5 }, Limits{}, "the manifest says 5"},
		"release of another commit": {nil, func(f *forgery) {
			f.source.Releases[0].Tree[0]++
		}, Limits{}, "release v1: the bundle's tag leads to commit"},
		"HEAD elsewhere":       {nil, func(f *forgery) { f.refs[0].id = absent }, Limits{}, "HEAD and main are not the last release's commit"},
		"a ref too many":       {nil, func(f *forgery) { f.refs = append(f.refs, ref{"refs/heads/x", f.refs[0].id}) }, Limits{}, "refs/heads/x"},
		"a ref too few":        {nil, func(f *forgery) { f.refs = f.refs[:2] }, Limits{}, "ref 3 is not refs/tags/v1"},
		"tag of nothing":       {nil, func(f *forgery) { f.refs[2].id = absent }, Limits{}, "release v1: object 0000000000010000"},
		"tag of a blob":        {nil, func(f *forgery) { f.refs[2].id = f.file().Git }, Limits{}, "leads to the blob"},
		"release not in it":    {nil, func(f *forgery) { f.source.Releases[0].Name = "v9" }, Limits{}, "ref 3 is not refs/tags/v9"},
		"newer format":         {nil, func(f *forgery) { f.manifest.Version = 2 }, Limits{}, "version 2 is newer than this program"},
		"another format":       {nil, func(f *forgery) { f.manifest.Format = "x" }, Limits{}, `format is "x"`},
		"no digest":            {nil, func(f *forgery) { f.manifest.Predecessor = "00" }, Limits{}, "want the digest of a manifest"},
		"bundle elsewhere":     {nil, func(f *forgery) { f.source.Bundle = "../s.bundle" }, Limits{}, `its bundle is "../s.bundle"`},
		"source elsewhere":     {nil, func(f *forgery) { f.source.Name, f.source.Bundle = "../s", "../s.bundle" }, Limits{}, `source name "../s"`},
		"release name leads":   {nil, func(f *forgery) { f.source.Releases[0].Name = "../../x" }, Limits{}, "not a name git allows"},
		"deceiving title":      {nil, func(f *forgery) { f.manifest.Title = "a\u202eb" }, Limits{}, "invisible character U+202E"},
		"not quite a time":     {nil, func(f *forgery) { f.manifest.Sealed = "2026-01-31T12:00:00+01:00" }, Limits{}, "want a time like"},
		"objects out of order": {nil, func(f *forgery) { o := f.source.Objects; o[0], o[1] = o[1], o[0] }, Limits{}, "out of order or twice"},
		// The bundle's header.
		"prerequisite": {nil, func(f *forgery) { f.header = insertLine("-" + absent.String() + " x") }, Limits{}, "prerequisite"},
		"version 3": {nil, func(f *forgery) {
			f.header = func([]byte) []byte { return []byte("# v3 git bundle\n@object-format=sha1\n\n") }
		}, Limits{}, "bundles of version 2 with SHA-1 objects only"},
		"a line of nonsense": {nil, func(f *forgery) { f.header = insertLine("nonsense") }, Limits{}, "want an id and a ref"},
		"an id of nonsense":  {nil, func(f *forgery) { f.header = insertLine(strings.Repeat("G", 40) + " x") }, Limits{}, "want lower-case hex"},
		"header without end": {nil, func(f *forgery) { f.bundle = func([]byte) []byte { return []byte("# v2 git bundle\nx\n") } }, Limits{}, "header does not end"},
		"no pack":            {nil, func(f *forgery) { f.bundle = func(b []byte) []byte { return b[:bytes.Index(b, []byte("PACK"))] } }, Limits{}, "fewer than an empty one"},
		// What the objects say of each other.
		"a blob no release has": {func(f *forgery) {
			f.commit(f.add(kindTree, treeLine("100644", "a", blob(f))))
			f.add(kindBlob, []byte("hidden"))
		},
			nil, Limits{}, "is in the bundle, but no release leads to it"},
		"a missing blob":            {inSrc(func(*forgery) []byte { return treeLine("100644", "lost.c", absent) }), nil, Limits{}, "src/lost.c in release v1: tree"},
		"a missing tree":            {tree(func(*forgery) []byte { return treeLine("40000", "lost", absent) }), nil, Limits{}, "lost in release v1: tree"},
		"a blob as a tree":          {inSrc(func(f *forgery) []byte { return treeLine("40000", "a.c", blob(f)) }), nil, Limits{}, "src/a.c in release v1: tree"},
		"a tree as a blob":          {tree(func(f *forgery) []byte { return treeLine("100644", "src", f.add(kindTree, nil)) }), nil, Limits{}, "as a blob, but it is a tree"},
		"a blob as the commit tree": {func(f *forgery) { f.commit(blob(f)) }, nil, Limits{}, "as a tree, but it is a blob"},
		// Paths.
		"newline in a path":  {tree(func(f *forgery) []byte { return treeLine("100644", "a\nb", blob(f)) }), nil, Limits{}, "control character U+000A"},
		"escape in a path":   {inSrc(func(f *forgery) []byte { return treeLine("100644", "a\x1b[2J", blob(f)) }), nil, Limits{}, "src/: tree"},
		"path turned around": {tree(func(f *forgery) []byte { return treeLine("100644", "a\u202ec.txt", blob(f)) }), nil, Limits{}, "control character U+202E"},
		"path in Latin-1":    {tree(func(f *forgery) []byte { return treeLine("100644", "gr\xf6\xdfe", blob(f)) }), nil, Limits{}, "is not UTF-8; rename it before sealing"},
		"leads up":           {tree(func(f *forgery) []byte { return treeLine("100644", "..", blob(f)) }), nil, Limits{}, `is named ".."`},
		"too many paths":     {treeBomb, nil, Limits{MaxFiles: 100_000}, "more files and directories than the limit"},
		"too many in limits": {tree(func(f *forgery) []byte {
			b := blob(f)
			return append(treeLine("100644", "a", b), treeLine("100644", "b", b)...)
		}), nil, Limits{MaxFiles: 1}, "more files and directories than the limit"},
		"too deep":            {nested("d", maxPathDepth+1), nil, Limits{}, "directories deep"},
		"path too long":       {nested(strings.Repeat("d", 200), 30), nil, Limits{}, "a path has 4"},
		"a limit on names":    {nil, nil, Limits{MaxNames: 2}, "the objects name others more than 2 times"},
		"a limit on inflated": {nil, nil, Limits{MaxInflated: 20}, "20 in all"},
	}
}

// file is what the manifest says of the one blob.
func (f *forgery) file() *Object {
	for i := range f.source.Objects {
		if f.source.Objects[i].Kind == kindNameBlob {
			return &f.source.Objects[i]
		}
	}
	return nil
}

func insertLine(line string) func([]byte) []byte {
	return func(header []byte) []byte {
		return append([]byte(bundleSignature+line+"\n"), header[len(bundleSignature):]...)
	}
}

// treeBomb makes ten to the twelfth paths of thirteen trees.
func treeBomb(f *forgery) {
	id := f.add(kindTree, treeLine("100644", "f", f.add(kindBlob, []byte("b"))))
	for range 12 {
		var tree []byte
		for i := range 10 {
			tree = append(tree, treeLine("40000", fmt.Sprint(i), id)...)
		}
		id = f.add(kindTree, tree)
	}
	f.commit(id)
}

func nested(name string, deep int) func(*forgery) {
	return func(f *forgery) {
		id := f.add(kindTree, treeLine("100644", "f", f.add(kindBlob, []byte("b"))))
		for range deep {
			id = f.add(kindTree, treeLine("40000", name, id))
		}
		f.commit(id)
	}
}

// TestFolder puts into the folder of a good deposit what does not belong there.
func TestFolder(t *testing.T) {
	for name, test := range wrongFolders(t) {
		t.Run(name, func(t *testing.T) {
			refused(t, forge(t, nil, func(f *forgery) { f.after = test.after }), Limits{}, test.want)
		})
	}
	if _, err := Admit(t.Context(), filepath.Join(t.TempDir(), "none"), t.TempDir(), vendorTrust(t), Limits{}, nil); err == nil {
		t.Error("a deposit that is not there was admitted")
	}
}

type wrongFolder struct {
	after func(dir string)
	want  string
}

func wrongFolders(t *testing.T) map[string]wrongFolder {
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	replace := func(name string, with func(path string)) func(string) {
		return func(dir string) {
			path := filepath.Join(dir, name)
			must(os.Rename(path, filepath.Join(t.TempDir(), name)))
			with(path)
		}
	}
	link := func(name string) func(string) {
		return func(dir string) {
			away := filepath.Join(t.TempDir(), name)
			must(os.Rename(filepath.Join(dir, name), away))
			must(os.Symlink(away, filepath.Join(dir, name)))
		}
	}
	folder := func(path string) { must(os.Mkdir(path, 0o755)) }
	pipe := func(path string) { must(syscall.Mkfifo(path, 0o644)) }
	return map[string]wrongFolder{
		"a file more":       {func(dir string) { write(t, dir, "notes.txt", "x") }, `holds "notes.txt", which its manifest does not name`},
		"a hidden file":     {func(dir string) { write(t, dir, ".x", "x") }, `holds ".x"`},
		"a folder more":     {func(dir string) { folder(filepath.Join(dir, "sub")) }, `holds "sub"`},
		"linked bundle":     {link("s.bundle"), "s.bundle is not an ordinary file"},
		"linked manifest":   {link(ManifestFile), "manifest.json is not an ordinary file"},
		"linked signature":  {link(SignatureFile), "manifest.json.sig is not an ordinary file"},
		"bundle a folder":   {replace("s.bundle", folder), "s.bundle is not an ordinary file"},
		"bundle a pipe":     {replace("s.bundle", pipe), "s.bundle is not an ordinary file"},
		"manifest a pipe":   {replace(ManifestFile, pipe), "manifest.json is not an ordinary file"},
		"without bundle":    {replace("s.bundle", func(string) {}), "s.bundle: no such file"},
		"without manifest":  {replace(ManifestFile, func(string) {}), "it has no manifest.json"},
		"without signature": {replace(SignatureFile, func(string) {}), "manifest.json.sig: no such file"},
		"empty bundle":      {replace("s.bundle", func(path string) { must(os.WriteFile(path, nil, 0o644)) }), "it has 0 bytes, the manifest says"},
		"manifest of another form": {func(dir string) {
			data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
			must(err)
			signInto(t, dir, append(data, '\n'))
		}, "manifest.json: "},
	}
}

// TestFlippedByte changes each byte of each file of a small deposit in turn:
// always a refusal, never anything in the workspace.
func TestFlippedByte(t *testing.T) {
	dir := forge(t, nil, nil)
	workspace, trust := t.TempDir(), vendorTrust(t)
	for _, name := range []string{ManifestFile, SignatureFile, "s.bundle"} {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range data {
			flipped := bytes.Clone(data)
			flipped[i] ^= 1 << (i % 8)
			if err := os.WriteFile(path, flipped, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Admit(t.Context(), dir, workspace, trust, Limits{}, nil)
			if err == nil {
				t.Fatalf("%s with byte %d changed was admitted", name, i)
			}
			if !strings.Contains(err.Error(), name) && !strings.Contains(err.Error(), "not trusted") {
				t.Errorf("%s with byte %d changed: the sentence does not name the file: %v", name, i, err)
			}
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("a refusal left %s in the workspace", e.Name())
	}
	if _, err := Admit(t.Context(), dir, workspace, trust, Limits{}, nil); err != nil {
		t.Errorf("the deposit as it was: %v", err)
	}
}
