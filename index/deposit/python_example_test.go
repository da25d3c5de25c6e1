package deposit

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// exampleDir is the deposit that the package comment shows.
const exampleDir = "testdata/example"

// stored is a zlib stream of one block that is not compressed, whose bytes are
// the same with every zlib.
func stored(data []byte) []byte {
	z := binary.LittleEndian.AppendUint16([]byte{0x78, 0x01, 0x01}, uint16(len(data)))
	z = append(binary.LittleEndian.AppendUint16(z, ^uint16(len(data))), data...)
	return binary.BigEndian.AppendUint32(z, adler32.Checksum(data))
}

// example forges it.
func example(t *testing.T) string {
	sbom := []byte(`{"spdxVersion":"SPDX-2.3"}`)
	return forge(t, func(f *forgery) {
		add := func(k kind, data []byte) ID {
			f.pack.raw(header{kind: k, size: int64(len(data))}, stored(data))
			return f.name(k, data)
		}
		tree := add(kindTree, treeLine("100644", "a.c", add(kindBlob, []byte("int a;\n"))))
		who := "Example Ltd <code@example.org> 1769860800 +0000\n"
		commit := add(kindCommit, []byte("tree "+tree.String()+"\nauthor "+who+"committer "+who+"\nRelease 1.0\n"))
		f.refs = []ref{{headRef, commit}, {mainRef, commit}, {tagPrefix + "v1.0", commit}}
		f.source.Releases = []Release{{"v1.0", commit, tree}}
	}, func(f *forgery) {
		f.manifest.Title, f.manifest.Vendor = "Scan engine", "Example Ltd"
		f.source.Name, f.source.Bundle = "engine", "engine.bundle"
		f.manifest.Artifacts = []Artifact{{Name: "engine-1.0.deb", Release: "v1.0", SHA256: digestOf([]byte("engine-1.0.deb")), Size: 48213, Build: "make package"}}
		f.manifest.Documents = []Document{{Name: "sbom-v1.0.json", Kind: KindSPDX, Release: "v1.0", SHA256: digestOf(sbom), Size: int64(len(sbom))}}
		f.after = func(dir string) {
			if err := os.Rename(filepath.Join(dir, "s.bundle"), filepath.Join(dir, "engine.bundle")); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "sbom-v1.0.json", string(sbom))
		}
	})
}

// TestExample holds the example in the package comment, and the deposit in
// testdata/example, which others can try their verifier on, against each other
// and against what is forged here.
func TestExample(t *testing.T) {
	want := contents(t, example(t))
	got := contents(t, exampleDir)
	if len(got) != len(want) {
		t.Errorf("%s has %d files, want %d", exampleDir, len(got), len(want))
	}
	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			t.Errorf("%s/%s is not what is forged", exampleDir, name)
		}
	}
	a, err := Verify(t.Context(), exampleDir, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	inside := false
	for line := range strings.Lines(string(source)) {
		text, indented := strings.CutPrefix(line, "//\t")
		inside = indented && (inside || strings.HasPrefix(text, `{"artifacts"`))
		if inside {
			shown.WriteString(strings.TrimSpace(text))
		}
	}
	if shown.String() != string(want[ManifestFile]) {
		t.Errorf("the package comment shows\n%s\nbut the manifest is\n%s", shown.String(), want[ManifestFile])
	}
	for _, want := range []string{a.Digest.String(), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(vendorKey(t).PublicKey())))} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the package comment does not say that of the example: %s", want)
		}
	}
	clone := filepath.Join(t.TempDir(), "clone")
	bundle, err := filepath.Abs(filepath.Join(exampleDir, "engine.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	git(t, t.TempDir(), "clone", "-q", bundle, clone)
	git(t, clone, "fsck", "--full", "--strict")
}
