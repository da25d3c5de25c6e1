package symbol

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// everything is all that an index says of a small deposit, or an error.
func everything(dir string, c *corpus, store *content.Store) (string, error) {
	ix, err := Open(context.Background(), dir, c, store)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	ask := func() error {
		for _, r := range c.names {
			for _, f := range c.listed[r] {
				o, lang, err := ix.Outline(f.Blob)
				if err != nil {
					return err
				}
				fmt.Fprintf(&out, "%s %s %+v\n", f.Path, lang, o)
				for _, s := range o.Symbols {
					list, all, err := ix.Definitions(context.Background(), Question{Name: s.Name, Release: r, Offset: -1})
					if err != nil {
						return err
					}
					fmt.Fprintln(&out, s.Name, all, len(list))
				}
			}
		}
		f, err := ix.Filter(context.Background(), "", nil, nil)
		if err != nil {
			return err
		}
		hits, err := ix.Search(context.Background(), "a", f, 1000)
		fmt.Fprintf(&out, "%+v\n", hits)
		return err
	}
	err = ask()
	return out.String(), errors.Join(err, ix.Close())
}

// TestFlippedByte changes bytes of every file of the index in turn. Opening or
// asking must fail, or every answer be right.
func TestFlippedByte(t *testing.T) {
	c := generated(rand.New(rand.NewPCG(11, 12)))
	b := build(t, c)
	want, err := everything(b.dir, c, b.content)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(b.dir)
	if err != nil || len(entries) != 11 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		path := filepath.Join(b.dir, e.Name())
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(good); i += max(1, len(good)/25) {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 8)
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := everything(b.dir, c, b.content); err == nil && got != want {
				t.Errorf("%s, byte %d flipped: another answer", e.Name(), i)
			}
		}
		for _, other := range [][]byte{nil, good[:len(good)/2], append(bytes.Clone(good), 0)} {
			if err := os.WriteFile(path, other, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := everything(b.dir, c, b.content); err == nil {
				t.Errorf("%s cut or extended: accepted", e.Name())
			}
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := *c
	other.name = "other"
	if _, err := everything(b.dir, &other, b.content); err == nil {
		t.Error("the index of another deposit was accepted")
	}
}

// TestDamagedBefore: of an index that is damaged nothing is taken over.
func TestDamagedBefore(t *testing.T) {
	c := generated(rand.New(rand.NewPCG(13, 14)))
	b := build(t, c)
	want, err := everything(b.dir, c, b.content)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{recordsName, namesName, blobsName} {
		path := filepath.Join(b.dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(good)
		bad[len(bad)/2] ^= 1
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "symbols")
		if err := Build(t.Context(), dir, b.dir, c, b.content, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := everything(dir, c, b.content); err != nil || got != want {
			t.Errorf("%s: %v, the same %v", name, err, got == want)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCancelledBuildGoesOn(t *testing.T) {
	c := killCorpus()
	dir := t.TempDir()
	store := storeOf(t, filepath.Join(dir, "content"), c)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	home := filepath.Join(dir, "symbols")
	b := &builder{content: store, extract: Extract, minShare: 1, maxShare: 2000}
	b.progress = func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}
	if err := b.build(ctx, home, "", c); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(home); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is an index: %v", err)
	}
	first := int64(-1)
	err := Build(t.Context(), home, "", c, store, func(done, total int64) {
		if first < 0 {
			first = done
		}
	})
	if err != nil || first == 0 {
		t.Errorf("it went on from %d bytes, %v", first, err)
	}
	if _, err := os.Stat(home + ".parts"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("parts are left: %v", err)
	}
	if _, err := everything(home, c, store); err != nil {
		t.Error(err)
	}
}

const buildHere = "VITRINE_TEST_BUILD_SYMBOLS"

func killCorpus() *corpus {
	files := map[string]string{}
	for i := range 1200 {
		files[fmt.Sprintf("f%04d.c", i)] = fmt.Sprintf("#include \"f%04d.h\"\nint function%d(void) { return %d; }\n", i, i, i)
	}
	return one(files)
}

// TestBuildToBeKilled is the process that TestKill9 kills.
func TestBuildToBeKilled(t *testing.T) {
	dir := os.Getenv(buildHere)
	if dir == "" {
		return // run by itself there is nothing to do
	}
	c := killCorpus()
	store, err := content.Open(filepath.Join(dir, "content"), c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	b := &builder{content: store, extract: Extract, minShare: 1, maxShare: 2000}
	if err := b.build(t.Context(), filepath.Join(dir, "symbols"), "", c); err != nil {
		t.Fatal(err)
	}
}

// TestKill9 kills a build at many moments: there is no index afterwards or a
// whole one, and the last build leaves no remains.
func TestKill9(t *testing.T) {
	c := killCorpus()
	home := t.TempDir()
	store := storeOf(t, filepath.Join(home, "content"), c)
	dir := filepath.Join(home, "symbols")
	killed := 0
	for delay := 5 * time.Millisecond; delay < 20*time.Second; delay = delay * 5 / 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestBuildToBeKilled$")
		cmd.Env = append(os.Environ(), buildHere+"="+home)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(delay, func() {
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Error(err)
			}
		})
		err := cmd.Wait()
		timer.Stop()
		if ix, openErr := Open(context.Background(), dir, c, store); openErr == nil {
			if n, err := ix.Count(); err != nil || n != 1200 {
				t.Errorf("after %v: %d symbols, %v", delay, n, err)
			}
			if err := ix.Close(); err != nil {
				t.Error(err)
			}
		} else if !errors.Is(openErr, fs.ErrNotExist) {
			t.Errorf("after %v: half an index: %v", delay, openErr)
		}
		if err == nil {
			break // it was not killed in time any more
		}
		killed++
	}
	if killed < 3 {
		t.Errorf("only %d builds were killed", killed)
	}
	if err := Build(t.Context(), dir, "", c, store, nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 4 { // content, symbols, and their locks
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		t.Errorf("left %v, %v", names, err)
	}
}

// TestCancelledResumeKeepsParts: parts that a cancelled build had no time to look at are
// there for the next one.
func TestCancelledResumeKeepsParts(t *testing.T) {
	c := killCorpus()
	dir := t.TempDir()
	store := storeOf(t, filepath.Join(dir, "content"), c)
	home := filepath.Join(dir, "symbols")
	ctx, cancel := context.WithCancel(t.Context())
	b := &builder{content: store, extract: Extract, minShare: 1, maxShare: 2000, progress: func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}}
	if err := b.build(ctx, home, "", c); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	before, err := os.ReadDir(home + ".parts")
	if err != nil {
		t.Fatal(err)
	}
	again := &builder{content: store, extract: Extract, minShare: 1, maxShare: 2000, parts: home + ".parts"}
	blobs, err := again.wanted(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	m := &merger{take: map[deposit.Digest]source{}}
	if err := again.resume(ctx, m, blobs); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := m.close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadDir(home + ".parts")
	whole := slices.DeleteFunc(before, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "tmp-") })
	if err != nil || len(whole) == 0 || len(after) < len(whole) {
		t.Errorf("%d parts are left of %d, %v", len(after), len(whole), err)
	}
}
