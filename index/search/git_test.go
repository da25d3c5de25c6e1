package search

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func git(t testing.TB, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "core.autocrlf=false", "-c", "core.quotepath=off"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok && args[0] == "grep" && exit.ExitCode() == 1 {
		return nil // nothing found
	}
	if err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, stderr.Bytes())
	}
	return out
}

// goSource is part of the Go toolchain's source and some files that it lacks,
// as a corpus and as a git repository.
func goSource(t testing.TB) (*corpus, string) {
	t.Helper()
	files := map[string]string{
		"odd/crlf.txt":       "int x;\r\nfunc Dial()\r\n",
		"odd/no-newline.txt": "first\nfunc Dial(",
		"odd/empty.txt":      "",
		"odd/binary.bin":     "func Dial\x00",
		"odd/minified.js":    strings.Repeat("var a=1;", 1<<17) + "func Dial(",
		"odd/utf8 näme.txt":  "x := \"é\" // func Dial(é\n",
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	for _, dir := range []string{"net", "go/types", "go/parser", "encoding/json"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			files[filepath.ToSlash(name)] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "init", "-q")
	git(t, dir, "add", "-A", "-f")
	return one(files), dir
}

// TestSearchEqualsGitGrep compares paths, lines, columns and text.
func TestSearchEqualsGitGrep(t *testing.T) {
	c, repo := goSource(t)
	b := build(t, c)
	total := 0
	for _, x := range []struct {
		query string
		git   []string
	}{
		{`Dial`, []string{"-F", "-e", "Dial"}},
		{`dial`, []string{"-F", "-i", "-e", "dial"}},
		{`"func Dial("`, []string{"-F", "-e", "func Dial("}},
		{`func dial case:yes`, []string{"-F", "-e", "func", "--and", "-e", "dial"}},
		{`err return nil`, []string{"-F", "-i", "-e", "err", "--and", "-e", "return", "--and", "-e", "nil"}},
		{`"if err != nil {"`, []string{"-F", "-i", "-e", "if err != nil {"}},
		{`->`, []string{"-F", "-e", "->"}},
		{`"\"tcp\""`, []string{"-F", "-i", "-e", `"tcp"`}},
		{`\n`, []string{"-F", "-i", "-e", `\n`}},
		{`http://`, []string{"-F", "-i", "-e", "http://"}},
		{`é`, []string{"-F", "-i", "-e", "é"}},
		{`世界`, []string{"-F", "-e", "世界"}},
		{`e`, []string{"-F", "-i", "-e", "e"}},
		{`_`, []string{"-F", "-e", "_"}},
		{`notthereatall`, []string{"-F", "-e", "notthereatall"}},
		{`/func \(.*\*Conn\) [A-Z]/`, []string{"-E", "-e", `func \(.*\*Conn\) [A-Z]`}},
		{`/^type [A-Z]\w+ (struct|interface)/ case:yes`, []string{"-E", "-e", `^type [A-Z]\w+ (struct|interface)`}},
		{`/err(or)?s?\.(New|Is)\(/`, []string{"-E", "-e", `err(or)?s?\.(New|Is)\(`}},
		{`/time\.(second|minute)/`, []string{"-E", "-i", "-e", `time\.(second|minute)`}},
		{`/0x[0-9a-f]{4,}/`, []string{"-E", "-i", "-e", `0x[0-9a-f]{4,}`}},
		{`/\bread\b/ case:yes`, []string{"-E", "-e", `\bread\b`}},
		{`/^}$/`, []string{"-E", "-e", `^}$`}},
		{`/TODO|FIXME|XXX/`, []string{"-E", "-e", `TODO|FIXME|XXX`}},
		{`/[^ -~\t]/`, []string{"-P", "-e", `[^ -~\t]`}},
		{`/\t\t\t\t\t\t\S/`, []string{"-E", "-e", "\t\t\t\t\t\t[^[:space:]]"}},
		{`/Dial\(.?$/`, []string{"-E", "-e", `Dial\(.?$`}},
		{`/x;$/`, []string{"-E", "-i", "-e", `x;$`}},
		{`/a+=1;f/`, []string{"-E", "-i", "-e", `a+=1;f`}},
		{`Dial AND Listen`, []string{"-F", "--all-match", "-e", "Dial", "-e", "Listen"}},
		{`Dial OR Listen`, []string{"-F", "-e", "Dial", "-e", "Listen"}},
		{`/[Tt]imeout/ AND /deadline$/ case:yes`, []string{"-E", "--all-match", "-e", "[Tt]imeout", "-e", "deadline$"}},
		{`dial word:yes case:yes`, []string{"-F", "-w", "-e", "dial"}},
		{`err.Error word:yes case:yes`, []string{"-F", "-w", "-e", "err.Error"}},
		{`/[a-z]+Conn/ word:yes case:yes`, []string{"-E", "-w", "-e", "[a-z]+Conn"}},
		{`/\.(go|s)\b/ multi:yes`, []string{"-E", "-i", "-e", `\.(go|s)\b`}},
		{`/^func / path:/_test\.go$/ multi:yes`, []string{"-E", "-i", "-e", "^func ", "--", "*_test.go"}},
		{`func path:*_test.go`, []string{"-F", "-i", "-e", "func", "--", "*_test.go"}},
		{`Dial path:net/http/ -path:**/testdata/**`, []string{"-F", "-e", "Dial", "--", "net/http/", ":!**/testdata/**"}},
		{`json path:net/*.go path:encoding/**`, []string{"-F", "-i", "-e", "json", "--", ":(glob)net/*.go", ":(glob)encoding/**"}},
	} {
		q, err := Parse(x.query)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := b.Search(context.Background(), q, func(h Hit) bool {
			fmt.Fprintf(&got, "%s\x00%d\x00%d\x00%s\n", h.Place.Path, h.Line, h.Column, h.Text)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		want := git(t, repo, append([]string{"grep", "-n", "--column", "-I", "-z", "--no-color"}, x.git...)...)
		g, w := bytes.SplitAfter(got.Bytes(), []byte("\n")), bytes.SplitAfter(want, []byte("\n"))
		total += len(w) - 1
		if i := firstDifference(g, w); i >= 0 {
			t.Errorf("%s: %d lines, git grep has %d; first difference:\n got %.200q\nwant %.200q", x.query, len(g)-1, len(w)-1, at(g, i), at(w, i))
		}
	}
	if total < 50000 {
		t.Errorf("only %d lines compared", total)
	}
}

func firstDifference(a, b [][]byte) int {
	if slices.EqualFunc(a, b, bytes.Equal) {
		return -1
	}
	i := 0
	for i < min(len(a), len(b)) && bytes.Equal(a[i], b[i]) {
		i++
	}
	return i
}

func at(s [][]byte, i int) []byte {
	if i < len(s) {
		return s[i]
	}
	return nil
}
