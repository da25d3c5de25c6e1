package deposit

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestReadArtifact(t *testing.T) {
	dir := t.TempDir()
	data := bytes.Repeat([]byte("engine"), copyChunk/4)
	file := filepath.Join(dir, "engine-1.0.deb")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(dir, "current.deb")); err != nil {
		t.Fatal(err)
	}
	var done, total int64
	a, err := ReadArtifact(t.Context(), "v1", file, func(d, n int64) { done, total = d, n })
	if err != nil {
		t.Fatal(err)
	}
	if want := (Artifact{Name: "engine-1.0.deb", Release: "v1", SHA256: digestOf(data), Size: int64(len(data))}); a != want {
		t.Errorf("got %+v", a)
	}
	if done != a.Size || total != a.Size {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	if a, err := ReadArtifact(t.Context(), "v1", filepath.Join(dir, "current.deb"), nil); err != nil || a.Name != "current.deb" || a.SHA256 != digestOf(data) {
		t.Errorf("through a link: %+v, %v", a, err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{pipe, "/dev/zero", dir} {
		if _, err := ReadArtifact(t.Context(), "v1", bad, nil); err == nil || !strings.Contains(err.Error(), "not an ordinary file") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = ReadArtifact(ctx, "v1", file, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReadBuild(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"make\r\nmake install\n\n":      "make\nmake install",
		"\x1b[31mmake":                  "control characters",
		strings.Repeat("x", maxBuild+1): "more than",
		"\xff":                          "UTF-8",
		strings.Repeat("y", maxBuild):   strings.Repeat("y", maxBuild),
	} {
		write(t, dir, "build.txt", text)
		got, err := ReadBuild(filepath.Join(dir, "build.txt"))
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && got != want {
			t.Errorf("%.40q: got %.40q, %v, want %.40q", text, got, err, want)
		}
	}
}

func TestMatchArtifact(t *testing.T) {
	one := func(name, release, text string) Artifact {
		return Artifact{Name: name, Release: release, SHA256: digestOf([]byte(text)), Size: int64(len(text))}
	}
	listed := []Artifact{one("m.deb", "1", "old"), one("m.deb", "2", "new"), one("m.rpm", "2", "rpm"), one("m.rpm", "3", "rpm")}
	for _, c := range []struct {
		name, text, release string
		want                Standing
		says                string
	}{
		{"m.deb", "new", "", IsArtifact, "m.deb is what release 2 lists (SHA-256 "},
		{"m.rpm", "rpm", "", IsArtifact, "m.rpm is what releases 2, 3 list (SHA-256 "},
		{"m.deb", "old", "2", HasOtherBytes, "; it is what release 1 lists as m.deb"},
		{"m.deb", "bad", "", HasOtherBytes, "m.deb has the name of the artifact of releases 1, 2 but other bytes: it has SHA-256 "},
		{"m.deb", "bad", "1", HasOtherBytes, "m.deb has the name of the artifact of release 1 but other bytes"},
		{"setup.deb", "new", "", IsRenamed, "setup.deb is what release 2 lists under the name m.deb (SHA-256 "},
		{"other", "other", "", IsNoneOfListed, "other is not what any release lists: it has SHA-256 "},
		{"m.rpm", "rpm", "1", IsNoneOfListed, "m.rpm is not what release 1 lists: it has SHA-256 " + digestOf([]byte("rpm")).String() + "; it is what release 2 lists as m.rpm"},
	} {
		m := MatchArtifact(listed, c.release, one(c.name, "", c.text))
		if m.Standing != c.want || !strings.Contains(m.String(), c.says) {
			t.Errorf("%s %s %s: %s: %s", c.name, c.text, c.release, m.Standing, m)
		}
		if m.Same() != (c.want == IsArtifact || c.want == IsRenamed) {
			t.Errorf("%s: same is %v", m, m.Same())
		}
	}
}

func TestIdentifyLinks(t *testing.T) {
	repo := product(t)
	dir := continued(t, repo, "", func(o *SealOptions) {
		o.Artifacts = []Artifact{{Name: "a.deb", Release: "v1", Size: 3}}
	}, "v1")
	links, err := IdentifyLinks(dir, vendorTrust(t))
	if err != nil {
		t.Fatal(err)
	}
	if all := Artifacts(links); len(all) != 1 || all[0].Name != "a.deb" {
		t.Errorf("got %+v", all)
	}
	if _, err := IdentifyLinks(dir, Trust{At: sealedAt}); err == nil {
		t.Error("nobody is trusted, and yet it says what is listed")
	}
}
