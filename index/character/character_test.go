package character

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/spoof"
)

// A corpus is a deposit of one release as a table of path and text.
type corpus struct {
	files []deposit.File
	raw   map[deposit.Digest]string
}

func newCorpus(files map[string]string) *corpus {
	c := &corpus{raw: map[deposit.Digest]string{}}
	for path, text := range files {
		blob := deposit.Digest(sha256.Sum256([]byte(text)))
		c.raw[blob] = text
		c.files = append(c.files, deposit.File{Path: path, Blob: blob, Size: int64(len(text)), Mode: 0o100644})
	}
	slices.SortFunc(c.files, func(a, b deposit.File) int { return strings.Compare(a.Path, b.Path) })
	return c
}

func (c *corpus) Digest() deposit.Digest                                { return sha256.Sum256([]byte("manifest")) }
func (c *corpus) Releases() []deposit.Release                           { return []deposit.Release{{Name: "1.0"}} }
func (c *corpus) Files(context.Context, string) ([]deposit.File, error) { return c.files, nil }

var files = map[string]string{
	"a/early.py":    "def f():\n    \"\"\"x \u2067;return\n    \"\"\"\n",
	"a/hello.go":    "package a\nfunc sayHello() {}\nfunc sayНello() {}\n\nvar x = \"привет\"\n",
	"b/plain.c":     "int main(void) { return 0; }\r\n",
	"b/german.c":    "/* größe */ int a;\n",
	"b/russian.md":  "Привет, а он и она.\n",
	"bin":           "\x7fELF\x00\x00\x00",
	"copy/hello.go": "package a\nfunc sayHello() {}\nfunc sayНello() {}\n\nvar x = \"привет\"\n",
	"esc.sh":        "echo \x1b[0m \x1b[1m\nx\ny \u00a0\n",
}

func TestIn(t *testing.T) {
	for name, want := range map[string][]string{
		"a/early.py": {"2:10 bidi RLI RIGHT-TO-LEFT ISOLATE U+2067"},
		"a/hello.go": {"3:6 look-alike sayНello Mixes Latin and Cyrillic; reads as sayHello."},
		"b/german.c": nil,
		"esc.sh":     {"1:6 control ESC ESC U+001B", "1:11 control ESC ESC U+001B", "3:3 space NBSP NO-BREAK SPACE U+00A0"},
	} {
		text := content.Decode(deposit.Digest{}, []byte(files[name]))
		list, counts, err := In(t.Context(), name, text)
		var got []string
		for _, f := range list {
			got = append(got, fmt.Sprintf("%d:%d %s %s %s", f.Line, f.Col, f.Class, f.Label(), f.Explain()))
		}
		if err != nil || !slices.Equal(got, want) || counts.Total() != len(want) {
			t.Errorf("%s: %q, %+v, %v; want %q", name, got, counts, err, want)
		}
		quick, err := count(t.Context(), name, text.Bytes())
		if err != nil || quick != counts {
			t.Errorf("%s: counted %+v, listed %+v, %v", name, quick, counts, err)
		}
	}
	f := Finding{Line: 1, Col: 5, Text: "сору", Class: spoof.LookAlike}
	var tags []string
	for _, s := range f.Suspects() {
		tags = append(tags, fmt.Sprint(s.Col, s.Size, s.Tag))
	}
	if got := strings.Join(tags, ","); got != "5 2,7 2,9 2,11 2Cyr" {
		t.Errorf("suspects are %s", got)
	}
	if got := Describe("\u200bx"); got != "ZERO WIDTH SPACE U+200B" || Describe("x") != "" {
		t.Errorf("described as %q", got)
	}
}

// TestInIsBounded: of a text with too many, all are counted.
func TestInIsBounded(t *testing.T) {
	text := content.Decode(deposit.Digest{}, []byte(strings.Repeat("\x1b\n", MaxFindings+5)))
	if text.Encoding() == content.Binary {
		text = content.Decode(deposit.Digest{}, []byte(strings.Repeat("abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz0123456789 \x1b\n", MaxFindings+5)))
	}
	list, counts, err := In(t.Context(), "x", text)
	if err != nil || len(list) != MaxFindings || counts.Total() != MaxFindings+5 || int(counts.Lines) != MaxFindings+5 {
		t.Errorf("%d of %+v, %v", len(list), counts, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := In(ctx, "x", text); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

type store struct {
	*content.Store
	dir string
}

func storeOf(t *testing.T, c *corpus) store {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "content")
	w, err := content.Create(path, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range c.raw {
		if err := w.Add([]byte(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	s, err := content.Open(path, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return store{s, dir}
}

func surveyed(t *testing.T, c *corpus) (*Survey, store) {
	s := storeOf(t, c)
	v := NewSurvey(c, s.Store)
	var done, total int64
	if err := v.Run(t.Context(), func(d, all int64) { done, total = d, all }); err != nil || done != total {
		t.Fatalf("%d of %d bytes, %v", done, total, err)
	}
	return v, s
}

func TestRelease(t *testing.T) {
	c := newCorpus(files)
	v, s := surveyed(t, c)
	dir := filepath.Join(s.dir, "characters")
	if err := v.Write(dir); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(dir, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []Counter{v, ix} {
		r, err := Of(t.Context(), c, s.Store, known, "1.0")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Files {
			got = append(got, fmt.Sprint(f.Place.Path, " ", f.Counts.Total(), " ", f.Counts.Lines, " ", f.Counts.Deceives()))
		}
		want := "a/early.py 1 1 true,a/hello.go 1 1 true,copy/hello.go 1 1 true,esc.sh 3 2 false"
		if s := strings.Join(got, ","); s != want {
			t.Errorf("found %s, want %s", s, want)
		}
		if r.Texts != 7 || r.Pending != 0 || len(r.Skipped) != 1 || r.Skipped[0] != (Skipped{"bin", "binary"}) {
			t.Errorf("looked at %d texts, not at %v and %d", r.Texts, r.Skipped, r.Pending)
		}
	}
}

// TestPartial: what was looked at before the survey was ended is known, is said to be a part,
// and is not looked at again.
func TestPartial(t *testing.T) {
	c := newCorpus(files)
	s := storeOf(t, c)
	v := NewSurvey(c, s.Store)
	ctx, cancel := context.WithCancel(t.Context())
	if err := v.Run(ctx, func(done, total int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("ended with %v", err)
	}
	if err := v.Write(filepath.Join(s.dir, "characters")); err == nil {
		t.Error("a part was written as if it were all")
	}
	r, err := Of(t.Context(), c, s.Store, v, "1.0")
	if err != nil || r.Pending == 0 || r.Texts+r.Pending != 7 {
		t.Errorf("%d looked at, %d to be, %v", r.Texts, r.Pending, err)
	}
	before := len(v.done)
	if err := v.Run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if before == 0 || len(v.done) != 6 {
		t.Errorf("%d texts before, %d at the end", before, len(v.done))
	}
}

// TestOpenRefuses: another deposit's, another version's, and a damaged index.
func TestOpenRefuses(t *testing.T) {
	c := newCorpus(files)
	v, s := surveyed(t, c)
	dir := filepath.Join(s.dir, "characters")
	if err := v.Write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, deposit.Digest{1}); err == nil || !strings.Contains(err.Error(), "belongs to the deposit") {
		t.Errorf("another deposit's: %v", err)
	}
	name := filepath.Join(dir, countsName)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] ^= 0x10
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		data[i] ^= 0x10
		if _, err := Open(dir, c.Digest()); !errors.Is(err, block.ErrDamaged) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	sums := filepath.Join(dir, block.SumsName)
	list, err := os.ReadFile(sums)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sums, []byte(strings.Replace(string(list), "rules 1", "rules 0", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, c.Digest()); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("of other rules: %v", err)
	}
}
