package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Three successive releases of a real code base, had through the Go proxy.
var toolsReleases = []string{"v0.24.0", "v0.28.0", "v0.33.0"}

// A query and the git grep that must find the same lines and columns.
// git grep's arguments come after `git grep -nI --column`; paths after "--".
var toolsQueries = []struct {
	query string
	grep  []string
	paths []string
}{
	{query: `filepath`, grep: []string{"-iF", "-e", "filepath"}},
	{query: `FileSet`, grep: []string{"-F", "-e", "FileSet"}},
	{query: `fileset case:yes`, grep: []string{"-F", "-e", "fileset"}},
	{query: `FILESET case:no`, grep: []string{"-iF", "-e", "FILESET"}},
	{query: `"func (p *"`, grep: []string{"-iF", "-e", "func (p *"}},
	{query: `"func (p *Package"`, grep: []string{"-F", "-e", "func (p *Package"}},
	{query: `go/token`, grep: []string{"-iF", "-e", "go/token"}},
	{query: `std::vector`, grep: []string{"-iF", "-e", "std::vector"}},
	{query: `err nil return`, grep: []string{"-iF", "-e", "err", "--and", "-e", "nil", "--and", "-e", "return"}},
	{query: `"!= nil" Errorf`, grep: []string{"-F", "-e", "!= nil", "--and", "-e", "Errorf"}},
	{query: `"say \"hello"`, grep: []string{"-iF", "-e", `say "hello`}},
	{query: `"fmt.Sprintf(\"%s"`, grep: []string{"-F", "-e", `fmt.Sprintf("%s`}},
	{query: `/func \w+\(t \*testing\.T\)/`, grep: []string{"-E", "-e", `func \w+\(t \*testing\.T\)`}},
	{query: `/^package [a-z]+_test$/`, grep: []string{"-iE", "-e", `^package [a-z]+_test$`}},
	{query: `/^(import|const|var) \(/`, grep: []string{"-iE", "-e", `^(import|const|var) \(`}},
	{query: `/0x[0-9a-f]{6,}/`, grep: []string{"-iE", "-e", `0x[0-9a-f]{6,}`}},
	{query: `/[a-z]+error\b/`, grep: []string{"-iE", "-e", `[a-z]+error\b`}},
	{query: `/[A-Z][a-z]+Error\b/ case:yes`, grep: []string{"-E", "-e", `[A-Z][a-z]+Error\b`}},
	{query: `/\s+$/`, grep: []string{"-E", "-e", `\s+$`}},
	// -P: with -E, git grep finds an empty line after the last "\n", where there is none.
	{query: `/^$/ path:go.mod`, grep: []string{"-P", "-e", `^$`}, paths: []string{":(glob)**/go.mod"}},
	{query: `/x.*y.*z/`, grep: []string{"-iE", "-e", `x.*y.*z`}},
	{query: `package path:**/*_test.go`, grep: []string{"-iF", "-e", "package"}, paths: []string{":(glob)**/*_test.go"}},
	{query: `return path:go/ssa/**`, grep: []string{"-iF", "-e", "return"}, paths: []string{":(glob)go/ssa/**"}},
	{query: `interface path:go/*/*.go`, grep: []string{"-iF", "-e", "interface"}, paths: []string{":(glob)go/*/*.go"}},
	{query: `license -path:**/*.go`, grep: []string{"-iF", "-e", "license"}, paths: []string{".", ":(exclude,glob)**/*.go"}},
	{query: `µ case:yes`, grep: []string{"-F", "-e", "µ"}},
	{query: `世界`, grep: []string{"-F", "-e", "世界"}},
	{query: `nowhere_to_be_found_at_all`, grep: []string{"-iF", "-e", "nowhere_to_be_found_at_all"}},
	{query: `a`, grep: []string{"-iF", "-e", "a"}},
	{query: `"TODO(adonovan)" /[:;]/`, grep: []string{"-E", "-e", `TODO\(adonovan\)`, "--and", "-e", "[:;]"}},
}

// TestRealRepository seals three releases of golang.org/x/tools and compares
// every query on every release with git grep, line by line.
func TestRealRepository(t *testing.T) {
	dir := t.TempDir()
	repo := toolsRepository(t, dir)
	env := append(os.Environ(), "VITRINE_HOME="+filepath.Join(dir, "room"))
	must(t, dir, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "go", "-f", "key")
	pub, err := os.ReadFile(filepath.Join(dir, "key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "trusted"), append([]byte("go "), pub...), 0o600); err != nil {
		t.Fatal(err)
	}
	ctl := filepath.Join(bin, "vitrinectl")
	args := []string{"deposit", "seal", "--repo", repo, "--key", "key", "--out", "deposit"}
	for _, r := range toolsReleases {
		args = append(args, "--release", r)
	}
	must(t, dir, env, ctl, args...)
	must(t, dir, env, ctl, "index", "deposit", "--trust", "trusted")

	lines := 0
	for _, q := range toolsQueries {
		for _, release := range toolsReleases {
			ours := vitrineRows(t, dir, env, ctl, q.query+" release:"+release)
			theirs := grepRows(t, repo, release, q.grep, q.paths)
			if msg := firstDifference(ours, theirs); msg != "" {
				t.Errorf("%s in %s: %s", q.query, release, msg)
			}
			lines += len(ours)
		}
	}
	if lines < 100_000 {
		t.Errorf("the queries found %d lines in all: too few to have compared anything", lines)
	}
	t.Logf("%d runs, %d lines equal to git grep's", len(toolsQueries)*len(toolsReleases), lines)
}

// toolsRepository commits the modules' files as git would have them.
func toolsRepository(t *testing.T, dir string) string {
	t.Helper()
	repo := filepath.Join(dir, "tools")
	must(t, dir, nil, "git", "init", "-q", "-b", "main", repo)
	for _, r := range toolsReleases {
		cmd := exec.Command("go", "mod", "download", "-json", "golang.org/x/tools@"+r)
		cmd.Dir = dir // outside this module, so that go.sum is not asked
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("the Go proxy did not give golang.org/x/tools@%s: %v\n%s", r, err, out)
		}
		var mod struct{ Dir string }
		if err := json.Unmarshal(out, &mod); err != nil {
			t.Fatal(err)
		}
		must(t, repo, nil, "git", "rm", "-rq", "--ignore-unmatch", ".")
		if err := os.CopyFS(repo, os.DirFS(mod.Dir)); err != nil && !errors.Is(err, os.ErrExist) {
			t.Fatal(err)
		}
		must(t, repo, nil, "chmod", "-R", "u+w", ".")
		must(t, repo, nil, "git", "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "add", "-f", ".")
		must(t, repo, nil, "git", "-c", "user.name=Go", "-c", "user.email=go@example.org", "commit", "-q", "-m", r)
		must(t, repo, nil, "git", "tag", r)
	}
	return repo
}

func vitrineRows(t *testing.T, dir string, env []string, ctl, query string) []string {
	t.Helper()
	cmd := exec.Command(ctl, "search", "deposit", query, "--trust", "trusted")
	cmd.Dir, cmd.Env = dir, env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("vitrinectl search %q: %v\n%s", query, err, stderr.String())
	}
	// "path:line:col: text" is git's "path:line:col:text" but for the space.
	return rows(out, func(path, line, col, text string) string {
		return path + ":" + line + ":" + col + ":" + strings.TrimPrefix(text, " ")
	})
}

func grepRows(t *testing.T, repo, release string, grep, paths []string) []string {
	t.Helper()
	args := append([]string{"-c", "core.quotePath=false", "grep", "-nI", "--column"}, grep...)
	args = append(append(args, release, "--"), paths...)
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = repo, append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("git %v: %v", args, err)
	}
	return rows(bytes.ReplaceAll(append([]byte("\n"), out...), []byte("\n"+release+":"), []byte("\n")), func(path, line, col, text string) string {
		return path + ":" + line + ":" + col + ":" + text
	})
}

func rows(out []byte, join func(path, line, col, text string) string) []string {
	var all []string
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		if parts := strings.SplitN(s.Text(), ":", 4); len(parts) == 4 {
			all = append(all, join(parts[0], parts[1], parts[2], parts[3]))
		} else if s.Text() != "" {
			all = append(all, s.Text())
		}
	}
	return all
}

func firstDifference(ours, theirs []string) string {
	for i := range max(len(ours), len(theirs)) {
		a, b := "(nothing more)", "(nothing more)"
		if i < len(ours) {
			a = ours[i]
		}
		if i < len(theirs) {
			b = theirs[i]
		}
		if a != b {
			return fmt.Sprintf("%d rows against git's %d; row %d is\n  ours %.200q\n  git  %.200q", len(ours), len(theirs), i+1, a, b)
		}
	}
	return ""
}

func must(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
}
