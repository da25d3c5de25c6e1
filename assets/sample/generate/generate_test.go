package main

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vitrine/app/policy"
	"vitrine/assets/sample"
	"vitrine/index/deposit"
)

const sources = "../_src"

// generated are the files of the tree that generate owns.
func generated(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range []string{"policy.json", "policy.json.sig", "pins.go"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	for _, folder := range []string{"deposit", "medium"} {
		err := fs.WalkDir(os.DirFS(dir), folder, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			all[p], err = os.ReadFile(filepath.Join(dir, p))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestTreeIsWhatGenerateMakes(t *testing.T) {
	want := generated(t, "..")
	for range 2 {
		dir := t.TempDir()
		if err := generate(context.Background(), sources, dir); err != nil {
			t.Fatal(err)
		}
		got := generated(t, dir)
		names := slices.Sorted(maps.Keys(got))
		if tree := slices.Sorted(maps.Keys(want)); !slices.Equal(names, tree) {
			t.Fatalf("generate makes %v, the tree has %v: run go generate ./assets/sample", names, tree)
		}
		for _, name := range names {
			if !bytes.Equal(got[name], want[name]) {
				t.Errorf("%s differs from the tree's: run go generate ./assets/sample", name)
			}
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) != 5 {
			t.Errorf("generate left %v behind", left)
		}
	}
}

func TestPins(t *testing.T) {
	now := time.Now()
	p, err := policy.OpenPinned(sample.Policy, sample.PolicySig, sample.PolicyDigest, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.PermitsDeposit(sample.ManifestDigest); err != nil {
		t.Error(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, sample.Deposit); err != nil {
		t.Fatal(err)
	}
	trust := deposit.Trust{Pinned: []deposit.Digest{sample.ManifestDigest}, At: now}
	a, err := deposit.Verify(context.Background(), dir, trust, deposit.DefaultLimits(), func(deposit.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	if a.Digest != sample.ManifestDigest {
		t.Errorf("admitted %s, pinned is %s", a.Digest, sample.ManifestDigest)
	}
	trust.Pinned[0][0] ^= 1
	if _, err := deposit.Verify(context.Background(), dir, trust, deposit.DefaultLimits(), func(deposit.Step) {}); err == nil {
		t.Error("the sample is admitted under another pin")
	}
}

// TestStockGitReadsTheReleases clones the bundle and compares every release
// with the readable sources laid over each other.
func TestStockGitReadsTheReleases(t *testing.T) {
	history, err := readHistory(os.DirFS(sources))
	if err != nil {
		t.Fatal(err)
	}
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, "clone", "--quiet", filepath.Join("..", "deposit", repoName+".bundle"), clone)

	want := map[string]string{}
	for _, rel := range history {
		names, err := releaseFiles(os.DirFS(sources), rel.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			want[n] = filepath.Join(sources, rel.name, n)
		}
		for _, c := range rel.commits {
			for _, n := range c.remove {
				delete(want, n)
			}
		}
		git(t, "-C", clone, "-c", "core.autocrlf=false", "checkout", "--quiet", rel.name)
		listed := strings.Split(strings.TrimSuffix(git(t, "-C", clone, "ls-files", "-z"), "\x00"), "\x00")
		if have := slices.Sorted(maps.Keys(want)); !slices.Equal(listed, have) {
			t.Fatalf("%s has %v, the sources say %v", rel.name, listed, have)
		}
		for n, file := range want {
			a, err := os.ReadFile(filepath.Join(clone, n))
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) {
				t.Errorf("%s: %s is not what %s holds", rel.name, n, file)
			}
		}
	}
}

func git(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	// A machine's own settings must not reach a test.
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestHistoryRefuses(t *testing.T) {
	const head = "release 1\ncommit 2026-01-01T00:00:00Z A <a@b.example>\n\ttext\n"
	for _, c := range []struct{ name, history, want string }{
		{"a file nobody takes", head + "\t+ a\n", "no commit takes b"},
		{"an empty commit", head + "\t+ zzz\n", "takes no file"},
		{"removing what is not there", head + "\t+\n\t- c\n", "removes c"},
		{"a commit without a release", "commit x\n", "belongs to no commit"},
		{"a date", "release 1\ncommit today A <a@b.example>\n", "line 2"},
		{"an author", "release 1\ncommit 2026-01-01T00:00:00Z A\n", "author"},
		{"text that is not indented", head + "text\n", "neither"},
		{"an unchanged file", head + "\t+\nrelease 2\ncommit 2026-01-01T00:00:00Z A <a@b.example>\n\ttext\n\t+\n", "the same as"},
	} {
		src := fstest.MapFS{
			historyFile: {Data: []byte(c.history)},
			"1/a":       {Data: []byte("a")},
			"1/b":       {Data: []byte("b")},
			"2/a":       {Data: []byte("a")},
		}
		_, err := writeRepository(src, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

// TestAnswers holds ANSWERS.md against the sources: "- RELEASE PATH `TEXT`".
func TestAnswers(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sources, "ANSWERS.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile("(?m)^- (\\S+) (\\S+) `(.+)`$").FindAllStringSubmatch(string(data), -1) {
		n++
		text, err := os.ReadFile(filepath.Join(sources, m[1], filepath.FromSlash(m[2])))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(text), m[3]) {
			t.Errorf("%s of %s has no %q", m[2], m[1], m[3])
		}
	}
	if bullets := strings.Count(string(data), "\n- "); n == 0 || n != bullets {
		t.Errorf("%d of %d answers were understood", n, bullets)
	}
}
