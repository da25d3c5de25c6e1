package symbol

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// A corpus is a deposit as a table: release, path, text.
type corpus struct {
	name  string // of the manifest
	names []string
	files map[string]map[string]string

	listed map[string][]deposit.File
}

func (c *corpus) Digest() deposit.Digest { return sha256.Sum256([]byte("manifest" + c.name)) }

func (c *corpus) Releases() (out []deposit.Release) {
	for _, n := range c.names {
		out = append(out, deposit.Release{Name: n})
	}
	return out
}

// list makes what Files and Places give.
func (c *corpus) list() *corpus {
	c.listed = map[string][]deposit.File{}
	for release, files := range c.files {
		var out []deposit.File
		for path, text := range files {
			out = append(out, deposit.File{Path: path, Blob: sha256.Sum256([]byte(text)), Size: int64(len(text)), Mode: 0o100644})
		}
		slices.SortFunc(out, func(a, b deposit.File) int { return strings.Compare(a.Path, b.Path) })
		c.listed[release] = out
	}
	return c
}

func (c *corpus) Files(_ context.Context, release string) ([]deposit.File, error) {
	files, ok := c.listed[release]
	if !ok {
		return nil, fmt.Errorf("no release %q", release)
	}
	return files, nil
}

func (c *corpus) Places(blob deposit.Digest) (out []deposit.Place) {
	for _, r := range c.names {
		for _, f := range c.listed[r] {
			if f.Blob == blob {
				out = append(out, deposit.Place{Release: r, Path: f.Path})
			}
		}
	}
	return out
}

func one(files map[string]string) *corpus {
	return (&corpus{names: []string{"1.0"}, files: map[string]map[string]string{"1.0": files}}).list()
}

type built struct {
	*Index
	c       *corpus
	dir     string
	content *content.Store
}

func build(t testing.TB, c *corpus) built {
	t.Helper()
	dir := t.TempDir()
	store := storeOf(t, filepath.Join(dir, "content"), c)
	ixDir := filepath.Join(dir, "symbols")
	if err := Build(t.Context(), ixDir, "", c, store, nil); err != nil {
		t.Fatal(err)
	}
	return opened(t, ixDir, c, store)
}

func opened(t testing.TB, dir string, c *corpus, store *content.Store) built {
	t.Helper()
	ix, err := Open(context.Background(), dir, c, store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return built{ix, c, dir, store}
}

func storeOf(t testing.TB, dir string, c *corpus) *content.Store {
	t.Helper()
	w, err := content.Create(dir, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range c.files {
		for _, text := range files {
			if err := w.Add([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	store, err := content.Open(dir, c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// words are candidates as a reading of all files gives them.
func (b built) words(_ context.Context, release, name string, yield func(deposit.Place, deposit.Digest) bool) error {
	for _, f := range b.c.listed[release] {
		text := b.c.files[release][f.Path]
		if nameIn(text, name) >= 0 && !yield(deposit.Place{Release: release, Path: f.Path}, f.Blob) {
			return nil
		}
	}
	return nil
}

// words of a text by the scanner, as Uses would give them without classes.
func wordsIn(l *lex.Lang, text []byte, name string) (out []Use) {
	s := lex.NewScanner(l, text)
	for t := s.Next(); t.Kind != lex.EOF; t = s.Next() {
		if t.Kind == lex.Ident && bytes.Equal(s.Bytes(t), []byte(name)) {
			out = append(out, Use{Name: name, Start: int(t.Start), End: int(t.End), Line: int(t.Line)})
		}
	}
	return out
}

// folder reads a folder as a release.
func folder(t testing.TB, dir string, accept func(path string) bool) *corpus {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || !accept(filepath.ToSlash(name)) {
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return one(files)
}
