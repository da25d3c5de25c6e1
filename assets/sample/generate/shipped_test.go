package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/evidence"
	"vitrine/index/bom"
	"vitrine/index/deposit"
)

// admitted opens the tree's deposit.
func admitted(t *testing.T) *deposit.Deposit {
	t.Helper()
	_, digest, err := deposit.ReadManifest("../deposit")
	if err != nil {
		t.Fatal(err)
	}
	workspace := t.TempDir()
	if _, err := deposit.Admit(t.Context(), "../deposit", workspace, deposit.Trust{Pinned: []deposit.Digest{digest}, At: sealed}, deposit.Limits{}, nil); err != nil {
		t.Fatal(err)
	}
	d, err := deposit.Open(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestMedium: what lies on the medium is what ANSWERS.md says of it.
func TestMedium(t *testing.T) {
	d := admitted(t)
	for name, want := range map[string]deposit.Standing{"marlin-rules-4.2.1.tar": deposit.IsArtifact, "marlin-install-4.2.1.sh": deposit.HasOtherBytes} {
		a, err := deposit.ReadArtifact(t.Context(), "", filepath.Join("../medium", name), nil)
		if err != nil {
			t.Fatal(err)
		}
		if m := deposit.MatchArtifact(deposit.Artifacts(d.Links()), "4.2.1", a); m.Standing != want {
			t.Errorf("%s: %s", m.Standing, m)
		}
	}
	data, err := os.ReadFile("../medium/marlin-rules-4.2.1.tar.build.json")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := evidence.Parse(data); err != nil || !s.Identical || s.Fits(d.Links()) != nil {
		t.Errorf("the vendor's evidence: %+v, %v", s, err)
	}
}

// TestBill: the bill leaves out what ANSWERS.md says, and nothing else.
func TestBill(t *testing.T) {
	d := admitted(t)
	data, err := d.Document(d.Digest(), "sbom-4.2.1.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := bom.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	files, err := d.Files(t.Context(), shippedRelease)
	if err != nil {
		t.Fatal(err)
	}
	c := bom.Compare(b, files)
	got := ""
	for _, f := range c.Found {
		got += f.Name + " " + f.Grade.String() + ", "
	}
	if want := "lzw by digest, rulec by path, marlind by name, zlib not found, "; got != want {
		t.Errorf("components: %s, want %s", got, want)
	}
	if len(c.NeverMentioned) != 1 || c.NeverMentioned[0] != unmentioned {
		t.Errorf("never mentioned: %v", c.NeverMentioned)
	}
}

// TestBuildInstructions does what they say, and gets the bytes that are listed.
func TestBuildInstructions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sources, "build-4.2.1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e\n"
	for line := range strings.Lines(string(text)) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			script += command
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../deposit")); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	a, err := deposit.ReadArtifact(t.Context(), "", filepath.Join(dir, "marlin", "marlin-rules-4.2.1.tar"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m := deposit.MatchArtifact(deposit.Artifacts(admitted(t).Links()), "4.2.1", a); m.Standing != deposit.IsArtifact {
		t.Error(m)
	}
}
